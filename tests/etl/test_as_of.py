"""A past day asked of today's snapshot gives what the snapshot of that day gave, for all that its files could know."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from etl.build import build
from indicators import catalogue, compute
from tests.etl.province import code, row, write_province
from warehouse.reading import open_snapshot

EARLY, LATE = dt.date(2026, 3, 10), dt.date(2026, 3, 31)
COUNTS = [
    *("received", "carried_over", "resolved", "resolved_early", "resolved_on_time", "resolved_late", "pending"),
    *("pending_in_term", "pending_late", "closed_neutral", "due_soon", "on_time_rate_ii06", "on_time_rate_766"),
]
BLOCK = """
[[dossiers]]
path = "exports/{day}.csv"
state_at = "{day}T18:00:00"
columns = {{ commune_code = "Mã xã" }}
"""
OPEN = {"finished": "", "status": "Đang xử lý"}


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


EARLY_ROWS = [
    row(code(1), due="04/03/2026", **OPEN),  # late on 10 March; promised anew afterwards
    row(code(2), due="12/03/2026", **OPEN),  # due soon on 10 March; put off afterwards
    row(code(3), due="04/03/2026", finished="03/03/2026 09:00"),
    row(code(4), due="", **OPEN),  # a promise is added afterwards
    row(code(5), due="20/03/2026", commune="10645", **OPEN),
    row(code(6), due="04/03/2026", finished="06/03/2026 09:00"),
]
LATE_ROWS = [
    row(code(1), due="25/03/2026", finished="24/03/2026 09:00"),
    row(code(2), due="30/03/2026", **OPEN),
    row(code(3), due="04/03/2026", finished="03/03/2026 09:00"),
    row(code(4), due="05/03/2026", finished="20/03/2026 09:00"),
    row(code(5), due="20/03/2026", commune="10645", finished="18/03/2026 09:00"),
    row(code(6), due="04/03/2026", finished="06/03/2026 09:00"),
    row(code(7), received="16/03/2026 08:00", due="20/03/2026", **OPEN),
]


def answers(directory: Path, exports: dict[dt.date, list[tuple[str, ...]]]) -> object:
    toml = "".join(BLOCK.format(day=day) for day in exports)
    for day, rows in exports.items():
        province = write_province(directory, rows, toml=toml, register=f"{day}.csv")
    build(province, directory / "warehouse")
    snapshot = open_snapshot(directory / "warehouse")
    try:
        return {
            by: compute(snapshot, COUNTS, by, date_from=dt.date(2026, 3, 1), as_of=EARLY).to_dicts()
            for by in ((), ("commune",), ("day",))
        }
    finally:
        snapshot.close()


def test_changed_promises_do_not_rewrite_the_past(tmp_path: Path) -> None:
    then = answers(tmp_path / "then", {EARLY: EARLY_ROWS})
    now = answers(tmp_path / "now", {EARLY: EARLY_ROWS, LATE: LATE_ROWS})
    assert now == then
    assert then[()][0]["pending_late"] == 1  # type: ignore[index]


def test_every_count_of_the_catalogue_that_stands_on_promises_is_compared() -> None:
    promised = {each.id for each in catalogue.CATALOGUE if "pending" in each.id or "on_time" in each.id}
    assert promised - {"on_time_ratio_adjusted", "pending_no_due"} <= set(COUNTS)
