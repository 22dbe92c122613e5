"""The two readings of "on time": the bridge adds up, and the list holds exactly the dossiers read differently."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import CallError, Filters, Window, compute
from indicators.readings import REASONS, bridge, difference_dossiers, reason
from indicators.readings_sheet import bridge_frame
from tests.builders import Row, build_snapshot, dossier
from tests.indicators import oracle
from tests.indicators.conftest import Open
from tests.indicators.strategies import AS_OF, FIRST, LAST, provinces, windows
from tests.indicators.test_against_oracle import snapshot_of as opened
from tests.indicators.test_against_oracle import unhurried

JULY = Window(dt.date(2025, 7, 1), dt.date(2025, 7, 31))
KEPT = [{}, {"commune": ("08740",)}, {"channel": ("online",)}, {"field": ("Hộ tịch",), "commune": ("08740", "08230")}]


def readings_of(d: Row, starts: dt.date, ends: dt.date) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """What one dossier adds to numerator and denominator of each rate; nothing where it has no part in the window."""
    if not oracle.counts(d) or d["received_at"].date() > ends or oracle.closed_before(d, starts):
        return None
    if oracle.open_on(d, ends):
        return (0, 0), (int(oracle.good_on(d, ends)), 1)
    in_time = oracle.verdict(d) != "late"
    by_form = (0, 0) if oracle.neutral(d) else (int(in_time), 1)
    return by_form, (int(in_time and d["supplement_requests"] <= 1), 1)


def kept(d: Row, filters: dict[str, tuple[str, ...]]) -> bool:
    return all(d["commune_code" if name == "commune" else name] in values for name, values in filters.items())


@given(provinces, windows, st.dates(FIRST, LAST), st.sampled_from(KEPT))
@unhurried
def test_the_bridge_leads_from_one_published_rate_to_the_other_dossier_by_dossier(
    rows: list[Row], days: list[dt.date], as_of: dt.date, filters: dict[str, tuple[str, ...]]
) -> None:
    window, as_of = Window(*days), max(as_of, days[0])
    asked: dict[str, Any] = {"filters": Filters(**filters), "as_of": as_of}
    with opened(rows) as snapshot:
        found = bridge(snapshot, window=window, **asked)
        listed = difference_dossiers(snapshot, window=window, **asked)
        rates = compute(
            snapshot,
            ["on_time_rate_ii06", "on_time_rate_766"],
            date_from=window.starts,
            date_to=window.ends,
            **asked,
        ).row(0, named=True)
    for name, (good, judged) in {"on_time_rate_ii06": found.ii06, "on_time_rate_766": found.decision_766}.items():
        assert rates[f"{name}_n"] == judged
        assert rates[name] == (pytest.approx(good / judged) if judged else None)

    ends = min(window.ends, as_of, AS_OF.date())
    parts = {d["dossier_id"]: readings_of(d, window.starts, ends) for d in rows if kept(d, filters)}
    taking_part = {code: part for code, part in parts.items() if part is not None}
    assert found.frame["dossiers"].sum() == len(taking_part)
    assert set(listed["dossier_id"]) == {code for code, (ii06, decision) in taking_part.items() if ii06 != decision}
    for code, reason_id in listed.select("dossier_id", "reason").iter_rows():
        assert (reason(reason_id).ii06, reason(reason_id).decision_766) == taking_part[code]


def every_reason() -> list[Row]:
    """One dossier for each reason, as of 31/07/2025."""
    late = {"due_at": "2025-07-03"}
    in_time = {"due_at": "2025-08-20"}
    twice = {
        "supplement_requests": 2,
        "supplement_requested_at": "2025-07-02",
        "supplement_answered_at": "2025-07-02",
        "repeat_supplement_requested_at": "2025-07-03",
    }
    waiting = {"supplement_requests": 1, "supplement_requested_at": "2025-07-02"}
    closed, withdrawn = {"finished_at": "2025-07-10 08:00"}, {"closed_at": "2025-07-10 08:00", "status": 7}
    cases: dict[str, dict[str, Any]] = {
        "resolved_in_time": in_time | closed,
        "resolved_late": late | closed,
        "resolved_repeat": in_time | closed | twice,
        "open_in_term": in_time,
        "open_no_due": {},
        "open_waiting": late | waiting,
        "open_late": late,
        "open_repeat": in_time | twice,
        "neutral_in_time": in_time | withdrawn,
        "neutral_late": late | withdrawn,
        "neutral_repeat": in_time | withdrawn | twice,
    }
    return [dossier(dossier_id=name, **values) for name, values in cases.items()]


def test_every_reason_is_found_by_its_name(snapshot_of: Open) -> None:
    snapshot = snapshot_of(every_reason())
    found = bridge(snapshot, window=JULY)
    assert found.frame.rows() == [(one.id, 1) for one in REASONS]
    listed = difference_dossiers(snapshot, window=JULY)
    assert listed["dossier_id"].to_list() == listed["reason"].to_list()
    assert listed["reason"].to_list() == [one.id for one in REASONS if one.differs]
    assert [one.id for one, _count in found.differences] == listed["reason"].to_list()


def test_a_page_of_one_reason_is_cut_out_of_the_list(snapshot_of: Open) -> None:
    rows = [dossier(dossier_id=f"{day:02d}", received_at=f"2025-07-{day:02d} 08:00") for day in range(1, 8)]
    snapshot = snapshot_of(rows)
    page = difference_dossiers(snapshot, window=JULY, reasons=["open_no_due"], size=3, before=3)
    assert page["dossier_id"].to_list() == ["04", "05", "06"]
    assert difference_dossiers(snapshot, window=JULY, reasons=["open_late"]).is_empty()


def test_an_unknown_reason_is_a_call_error(snapshot_of: Open) -> None:
    with pytest.raises(CallError, match="open_late"):
        difference_dossiers(snapshot_of([dossier()]), window=JULY, reasons=["late"])


def test_a_promise_changed_later_is_judged_as_it_stood(snapshot_of: Open) -> None:
    change = {"dossier_id": "A", "column_name": "due_at", "old_value": "2025-07-05 17:00:00", "new_value": "2025-08-20"}
    snapshot = snapshot_of(
        [dossier(dossier_id="A", due_at="2025-08-20 17:00")],
        changes=[change | {"state_at": dt.datetime(2025, 7, 15, 18)}],
    )
    before = difference_dossiers(snapshot, window=Window(JULY.starts, dt.date(2025, 7, 14)))
    after = difference_dossiers(snapshot, window=Window(JULY.starts, dt.date(2025, 7, 15)))
    assert before.row(0, named=True)["reason"] == "open_late"
    assert before.row(0, named=True)["due_at"] == dt.datetime(2025, 7, 5, 17)
    assert after.row(0, named=True)["reason"] == "open_in_term"


def test_the_second_request_counts_from_its_own_day(snapshot_of: Open) -> None:
    row = dossier(
        due_at="2025-08-20",
        supplement_requests=2,
        supplement_requested_at="2025-07-02",
        supplement_answered_at="2025-07-04",
        repeat_supplement_requested_at="2025-07-10",
    )
    snapshot = snapshot_of([row])

    def reason_on(day: int) -> str:
        listed = difference_dossiers(snapshot, window=Window(JULY.starts, dt.date(2025, 7, day)))
        return str(listed["reason"][0])

    assert [reason_on(9), reason_on(10)] == ["open_in_term", "open_repeat"]


def test_the_bridge_as_a_table_sums_to_both_rates(snapshot_of: Open) -> None:
    found = bridge(snapshot_of(every_reason()), window=JULY)
    *parts, total = bridge_frame(found).rows()
    assert total[2:] == (*found.ii06, *found.decision_766) == (2, 3, 5, 11)
    assert [sum(column) for column in zip(*(part[1:] for part in parts), strict=True)] == list(total[1:])


# ---- the command --------------------------------------------------------------------------------------------------- #

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `python -m indicators readings` on one dossier for each reason: exit code, output, errors."""
    from indicators.__main__ import main

    directory = build_snapshot(tmp_path / "warehouse", dossiers=every_reason())

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("THONGSUOT_WAREHOUSE", str(directory))
        monkeypatch.setattr("sys.argv", ["indicators", "readings", "--to", "2025-07-31", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


def test_the_command_prints_both_rates_with_every_reason_between_them(run: Run) -> None:
    code, out, _err = run()
    assert code == 0
    assert all(one.name in out for one in REASONS)
    assert "2 / 3" in out
    assert "5 / 11" in out
    assert "DỮ LIỆU MÔ PHỎNG" in out


def test_the_command_lists_the_dossiers_of_a_reason(run: Run) -> None:
    code, out, _err = run("--dossiers", "--reason", "open_late", "--format", "csv")
    assert code == 0
    assert [row["dossier_id"] for row in csv.DictReader(io.StringIO(out))] == ["open_late"]


def test_the_workbook_holds_the_bridge_the_dossiers_and_the_sources(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "chenh_lech.xlsx"
    assert run("--out", str(out))[0] == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Hai cách tính đúng hạn", "Hồ sơ tạo chênh lệch", "Nguồn và bộ lọc"]
    listed = [row[0].value for row in book.worksheets[1].iter_rows(min_row=5)]
    assert listed == [one.id for one in REASONS if one.differs]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--reason", "open_late"], "--dossiers"),
        (["--dossiers"], "--out"),
        (["--dossiers", "--format", "csv", "--reason", "late"], "open_late"),
        (["--out", "f.xlsx", "--format", "csv"], ".xlsx"),
    ],
)
def test_a_wrong_call_ends_with_2_and_a_sentence(run: Run, arguments: list[str], message: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err
