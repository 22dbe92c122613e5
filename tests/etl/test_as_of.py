"""A past day asked of today's snapshot gives what the snapshot of that day gave, for all that its files could know."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from etl.build import build
from indicators import catalogue, compute
from tests.etl.province import REGISTER_HEADINGS, code, csv_text, row, write_province
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

[[events]]
path = "logs/{day}.csv"
state_at = "{day}T18:00:00"
"""
OPEN = {"finished": "", "status": "Đang xử lý"}
WAITING = {"finished": "", "status": "Yêu cầu bổ sung giấy tờ"}


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
    row(code(8), due="04/03/2026", **WAITING),
    row(code(9), due="20/03/2026", **OPEN),
    row(code(10), due="20/03/2026", **WAITING),
    row(code(11), due="04/03/2026", **OPEN),
    (*row(code(12), due="04/03/2026", **WAITING), "1", "04/03/2026"),  # known by the register alone; waits on 10 March
    (*row(code(13), due="20/03/2026", **OPEN), "1", "03/03/2026"),  # asked again afterwards
    (*row(code(14), due="04/03/2026", **OPEN), "1", "03/03/2026"),  # no longer waits on 10 March, and is late
]
LATE_ROWS = [
    row(code(1), due="25/03/2026", finished="24/03/2026 09:00"),
    row(code(2), due="30/03/2026", **OPEN),
    row(code(3), due="04/03/2026", finished="03/03/2026 09:00"),
    row(code(4), due="05/03/2026", finished="20/03/2026 09:00"),
    row(code(5), due="20/03/2026", commune="10645", finished="18/03/2026 09:00"),
    row(code(6), due="04/03/2026", finished="06/03/2026 09:00"),
    row(code(7), received="16/03/2026 08:00", due="20/03/2026", **OPEN),
    row(code(8), due="04/03/2026", **WAITING),
    row(code(9), due="20/03/2026", finished="30/03/2026 09:00"),
    row(code(10), due="20/03/2026", **WAITING),
    row(code(11), due="04/03/2026", finished="25/03/2026 09:00"),
    (*row(code(12), due="04/03/2026", **OPEN), "1", "04/03/2026"),
    (*row(code(13), due="20/03/2026", **OPEN), "2", "03/03/2026"),
    (*row(code(14), due="04/03/2026", finished="25/03/2026 09:00"), "1", "03/03/2026"),
]
HEADINGS = (*REGISTER_HEADINGS, "Số lần yêu cầu bổ sung", "Ngày yêu cầu bổ sung")
ASKED, ANSWERED = "Yêu cầu bổ sung hồ sơ", "Tiếp nhận giấy tờ bổ sung"
STEPS = [
    (code(8), "2026-03-04 09:00", ASKED),  # waits on 10 March for what was asked in time; asked again afterwards
    (code(8), "2026-03-12 09:00", ANSWERED),
    (code(8), "2026-03-16 09:00", ASKED),
    (code(9), "2026-03-03 09:00", ASKED),  # answered and in term on 10 March; asked again afterwards
    (code(9), "2026-03-05 09:00", ANSWERED),
    (code(9), "2026-03-11 09:00", ASKED),
    (code(9), "2026-03-13 09:00", ANSWERED),
    (code(10), "2026-03-03 09:00", ASKED),  # asked twice by 10 March, a reminder in between
    (code(10), "2026-03-04 09:00", ASKED),
    (code(10), "2026-03-05 09:00", ANSWERED),
    (code(10), "2026-03-09 09:00", ASKED),
    (code(11), "2026-03-03 09:00", ASKED),  # answered and late on 10 March; asked again afterwards
    (code(11), "2026-03-06 09:00", ANSWERED),
    (code(11), "2026-03-18 09:00", ASKED),
]


def answers(directory: Path, exports: dict[dt.date, list[tuple[str, ...]]]) -> object:
    toml = "".join(BLOCK.format(day=day) for day in exports)
    for day, rows in exports.items():
        province = write_province(directory, toml=toml)
        whole = [(*cells, *[""] * (len(HEADINGS) - len(cells))) for cells in rows]
        (directory / "exports" / f"{day}.csv").write_text(csv_text(whole, HEADINGS), encoding="utf-8")
        known = [step for step in STEPS if step[1] <= f"{day} 18:00"]
        (directory / "logs").mkdir(exist_ok=True)
        text = csv_text(known, ("Mã hồ sơ", "Thời điểm", "Bước xử lý"))
        (directory / "logs" / f"{day}.csv").write_text(text, encoding="utf-8")
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
    (whole,) = then[()]  # type: ignore[index]
    assert whole["pending_late"] == 5
    # Of 13, in time: 3 was closed, 2, 4 and 5 are in term, 9 and 13 were asked once and are in term, 8 and 12 wait for
    # their first answer. Not in time: 1, 11 and 14 are late, 6 was closed late, 10 was asked twice.
    assert (whole["on_time_rate_766"], whole["on_time_rate_766_n"]) == (8 / 13, 13)


def test_every_count_of_the_catalogue_that_stands_on_promises_is_compared() -> None:
    promised = {each.id for each in catalogue.CATALOGUE if "pending" in each.id or "on_time" in each.id}
    assert promised - {"on_time_ratio_adjusted", "pending_no_due"} <= set(COUNTS)
