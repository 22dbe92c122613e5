"""Lists of dossiers hold exactly those that the counts count, as they stood on the day asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import CallError, Filters, Window, compute
from indicators import dossiers as lists
from indicators.dossier_details import dossier_details
from indicators.dossiers import SORTS, STATES, Selection, count_dossiers, dossier_page, dossier_pieces
from tests.builders import Row, dossier
from tests.indicators import oracle
from tests.indicators.strategies import provinces, windows
from tests.indicators.test_against_oracle import snapshot_of as province_of
from tests.indicators.test_against_oracle import unhurried
from warehouse import Snapshot

Open = Callable[..., Snapshot]
AUGUST = Window(dt.date(2025, 8, 1), dt.date(2025, 8, 31))


def codes(snapshot: Snapshot, selection: Selection) -> list[str]:
    return dossier_page(snapshot, selection, size=1_000)["dossier_id"].to_list()


def closed_as(*verdicts: str) -> Callable[[Row, Window], bool]:
    return lambda d, w: (
        oracle.counts(d)
        and oracle.in_window(d["closed_at"], w.starts, w.ends)
        and not oracle.neutral(d)
        and d["received_at"].date() <= w.ends
        and oracle.verdict(d) in verdicts
    )


def is_due_soon(d: Row, w: Window) -> bool:
    return (
        oracle.open_on(d, w.ends)
        and d["due_at"] is not None
        and w.ends <= d["due_at"].date() <= w.ends + dt.timedelta(3)
    )


# Each state once more, from the oracle's words.
EXPECTED: dict[str, Callable[[Row, Window], bool]] = {
    "received": lambda d, w: oracle.counts(d) and oracle.in_window(d["received_at"], w.starts, w.ends),
    "open": lambda d, w: oracle.open_on(d, w.ends),
    "open_late": lambda d, w: oracle.open_on(d, w.ends) and oracle.late_on(d, w.ends),
    "due_soon": is_due_soon,
    "early": closed_as("early"),
    "on_time": closed_as("on_time"),
    "late": closed_as("late"),
    "neutral": lambda d, w: (
        oracle.counts(d) and oracle.in_window(d["closed_at"], w.starts, w.ends) and oracle.neutral(d)
    ),
    "all": lambda d, w: (
        oracle.counts(d) and d["received_at"].date() <= w.ends and not oracle.closed_before(d, w.starts)
    ),
}


@given(provinces, st.lists(windows, min_size=2, max_size=2), st.sampled_from([{}, {"channel": ("online",)}]))
@settings(unhurried, max_examples=12)
def test_a_list_holds_the_dossiers_that_plain_python_finds_and_its_indicator_counts(
    dossiers: list[Row], asked: list[tuple[dt.date, dt.date]], kept: dict[str, tuple[str, ...]]
) -> None:
    with province_of(dossiers) as snapshot:
        for starts, ends in asked:
            window = Window(starts, ends).clipped(max(starts, snapshot.info.as_of.date()))
            for state, belongs in EXPECTED.items():
                chosen = Selection(window=window, filters=Filters(**kept), state=state)
                expected = {
                    d["dossier_id"]
                    for d in dossiers
                    if belongs(d, window) and all(d[name] in values for name, values in kept.items())
                }
                found = codes(snapshot, chosen)
                assert set(found) == expected, (state, window)
                assert len(found) == len(expected) == count_dossiers(snapshot, chosen), (state, window)


def test_every_state_that_an_indicator_counts_is_compared_with_plain_python() -> None:
    assert {name for name, state in STATES.items() if state.indicator} <= EXPECTED.keys()


def some(snapshot_of: Open) -> Snapshot:
    rows = []
    for number in range(23):
        received = dt.datetime(2025, 7, 25, 8) + dt.timedelta(days=number, minutes=number)
        rows.append(
            dossier(
                dossier_id=f"H44.{number % 3}-{number:03d}",
                commune_code=("08740", "08521", None)[number % 3],
                procedure_code=("1.001193", "2.000815", None)[number % 3],
                channel=("online", "in_person", None)[number % 3],
                field=("Ấp", "Đất đai", "Chứng thực")[number % 3],
                received_at=received,
                due_at=received + dt.timedelta(days=3) if number % 4 else None,
                finished_at=received + dt.timedelta(days=number % 7) if number % 5 else None,
            )
        )
    procedures = [
        {"procedure_code": "1.001193", "name": "Đăng ký khai sinh"},
        {"procedure_code": "2.000815", "name": "Chứng thực"},
    ]
    return snapshot_of(rows, procedures=procedures)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [True, False])
def test_pages_follow_each_other_without_gap_or_repeat(snapshot_of: Open, sort: str, descending: bool) -> None:
    snapshot = some(snapshot_of)
    chosen = Selection(window=AUGUST, state="all", sort=sort, descending=descending)
    whole = codes(snapshot, chosen)
    pages = [dossier_page(snapshot, chosen, number, size=5)["dossier_id"].to_list() for number in range(1, 7)]
    assert [code for page in pages for code in page] == whole
    assert len(whole) == len(set(whole)) == count_dossiers(snapshot, chosen)


def test_unknown_values_stand_at_the_end_in_either_direction(snapshot_of: Open) -> None:
    snapshot = some(snapshot_of)
    for descending in (True, False):
        chosen = Selection(window=AUGUST, state="all", sort="due_at", descending=descending)
        dates = dossier_page(snapshot, chosen, size=100)["due_at"].to_list()
        known = [date for date in dates if date is not None]
        assert dates == sorted(known, reverse=descending) + [None] * (len(dates) - len(known))
        assert None in dates


def test_names_are_sorted_by_the_vietnamese_alphabet(snapshot_of: Open) -> None:
    chosen = Selection(window=AUGUST, state="all", sort="field", descending=False)
    fields = dossier_page(some(snapshot_of), chosen, size=100)["field"].to_list()
    assert list(dict.fromkeys(fields)) == ["Ấp", "Chứng thực", "Đất đai"]


def test_pieces_for_a_file_hold_what_the_pages_hold(snapshot_of: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = some(snapshot_of)
    monkeypatch.setattr(lists, "_PIECE", 4)
    for state in STATES:
        chosen = Selection(window=AUGUST, state=state)
        pieces = list(dossier_pieces(snapshot, chosen))
        assert all(piece.schema == dossier_page(snapshot, chosen).schema for piece in pieces)
        assert sorted(code for piece in pieces for code in piece["dossier_id"]) == sorted(codes(snapshot, chosen))


def test_a_province_without_dossiers_has_empty_lists(snapshot_of: Open) -> None:
    snapshot = snapshot_of([])
    for state in STATES:
        chosen = Selection(window=AUGUST, state=state)
        assert count_dossiers(snapshot, chosen) == 0
        assert codes(snapshot, chosen) == []
        assert list(dossier_pieces(snapshot, chosen)) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("H44.1-001", ["H44.1-001"]),
        ("h44.1-00", ["H44.1-001", "H44.1-004", "H44.1-007"]),
        (" H44.1-001 ", ["H44.1-001"]),
        ("H44.1-001x", []),
        ("%", []),
        ("_", []),
        ("' or 1=1 --", []),
        ("H44.1-00%", []),
    ],
)
def test_a_code_or_its_beginning_is_found_whatever_the_period_and_filters(
    snapshot_of: Open, typed: str, found: list[str]
) -> None:
    window = Window(dt.date(2025, 9, 1), dt.date(2025, 9, 30))
    chosen = Selection(
        window=window, filters=Filters(commune=("08230",)), search=typed, sort="dossier_id", descending=False
    )
    snapshot = some(snapshot_of)
    assert codes(snapshot, chosen) == found
    assert count_dossiers(snapshot, chosen) == len(found)


def test_a_dossier_is_not_found_before_the_day_on_which_it_came(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(dossier_id="A", received_at="2025-08-10 08:00")])
    for day, found in ((9, []), (10, ["A"])):
        window = Window(dt.date(2025, 8, 1), dt.date(2025, 8, day))
        assert codes(snapshot, Selection(window=window, search="A")) == found


def only(snapshot: Snapshot, day: dt.date, **options: Any) -> dict[str, Any]:
    return dossier_page(snapshot, Selection(window=Window(day, day), **options)).row(0, named=True)


def test_what_happened_after_the_day_is_not_shown(snapshot_of: Open) -> None:
    snapshot = snapshot_of(
        [
            dossier(
                received_at="2025-08-01 08:00",
                due_at="2025-08-05 17:00",
                finished_at="2025-08-20 09:00",
                supplement_requests=2,
                supplement_requested_at="2025-08-11 08:00",
                repeat_supplement_requested_at="2025-08-15 08:00",
                supplement_answered_at="2025-08-13 08:00",
                apology_sent_at="2025-08-04 08:00",
                paused_minutes=60,
            )
        ]
    )
    before = only(snapshot, dt.date(2025, 8, 3))
    assert (before["state"], before["days_over"]) == ("due_soon", -2)
    hidden = ("closed_at", "processing_minutes", "paused_minutes", "apology_sent_at")
    assert [before[name] for name in hidden] == [None] * 4
    assert before["supplement_requests"] == 0
    late = only(snapshot, dt.date(2025, 8, 12))
    assert (late["state"], late["days_over"], late["is_waiting"]) == ("open_late", 7, True)
    assert not only(snapshot, dt.date(2025, 8, 13))["is_waiting"]
    assert late["supplement_requests"] == 1
    after = only(snapshot, dt.date(2025, 8, 20))
    assert (after["state"], after["days_over"]) == ("late", 15)
    assert None not in [after[name] for name in hidden]
    assert after["supplement_requests"] == 2


def test_the_promise_of_the_day_judges_an_open_dossier(snapshot_of: Open) -> None:
    changed = {
        "dossier_id": "A",
        "column_name": "due_at",
        "old_value": "2025-08-05 17:00:00",
        "new_value": "2025-08-25 17:00:00",
        "state_at": dt.datetime(2025, 8, 12, 18),
    }
    given = dossier(dossier_id="A", received_at="2025-08-01 08:00", due_at="2025-08-25 17:00")
    snapshot = snapshot_of([given], changes=[changed])
    for day, state in ((11, "open_late"), (12, "open"), (26, "open_late")):
        until = dt.date(2025, 8, day)
        assert only(snapshot, until)["state"] == state
        late = compute(snapshot, "pending_late", date_from=until, date_to=until)["pending_late"][0]
        assert count_dossiers(snapshot, Selection(window=Window(until, until), state="open_late")) == late
        assert len(codes(snapshot, Selection(window=Window(until, until), state="open_late"))) == late
    assert dossier_details(snapshot, "A", dt.date(2025, 8, 11)).changes.is_empty()  # type: ignore[union-attr]
    assert dossier_details(snapshot, "A", dt.date(2025, 8, 12)).changes.height == 1  # type: ignore[union-attr]


def test_who_waits_today_is_said_by_the_status(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(dossier_id="A", received_at="2025-08-01 08:00", status=5), dossier(status=4)])
    today = snapshot.info.as_of.date()
    assert codes(snapshot, Selection(window=Window(today, today), state="waiting")) == ["A"]


def test_refused_filings_have_a_list_of_their_own_and_stand_in_no_other(snapshot_of: Open) -> None:
    refused = dossier(
        dossier_id="A", received_at=None, submitted_at="2025-08-10 08:00", refused_at="2025-08-11 08:00", status=3
    )
    snapshot = snapshot_of([refused, dossier(dossier_id="B", received_at="2025-08-10 08:00")])
    for state in STATES:
        assert ("A" in codes(snapshot, Selection(window=AUGUST, state=state))) == (state == "refused")


def test_the_details_of_a_dossier_stop_at_the_day(snapshot_of: Open) -> None:
    given = dossier(dossier_id="A", received_at="2025-08-01 08:00", finished_at="2025-08-05 08:00")
    steps = [
        {"dossier_id": "A", "step": 1, "at": "2025-08-01 08:00", "activity": "Tiếp nhận", "actor_key": "x"},
        {"dossier_id": "A", "step": 2, "at": "2025-08-02 10:00", "activity": "Thẩm định", "unit": "Phòng Kinh tế"},
        {"dossier_id": "A", "step": 3, "at": "2025-08-05 08:00", "activity": "Trả kết quả"},
    ]
    pauses = [{"dossier_id": "A", "cause": "payment", "paused_minutes": 90}]
    snapshot = snapshot_of([given], events=steps, pauses=pauses)
    details = dossier_details(snapshot, "A", dt.date(2025, 8, 3))
    assert details is not None
    assert details.steps["activity"].to_list() == ["Tiếp nhận", "Thẩm định"]
    assert details.steps["waited_seconds"].to_list() == [None, 26 * 3600]
    assert details.later_steps == 1
    assert "actor_key" not in details.steps.columns
    assert details.pauses.rows() == [("payment", 90)]
    assert dossier_details(snapshot, "A", dt.date(2025, 7, 31)) is None
    assert dossier_details(snapshot, "nobody's", dt.date(2025, 8, 3)) is None


def test_no_column_tells_of_a_person(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(received_at="2025-08-10 08:00", applicant_key="secret")])
    frame = dossier_page(snapshot, Selection(window=AUGUST, state="received"))
    assert frame.height == 1
    assert "secret" not in frame.write_csv()
    assert not {"applicant_key", "actor_key"} & set(frame.columns)


@pytest.mark.parametrize("wrong", [{"state": "x"}, {"sort": "applicant_key"}, {"sort": "1; drop table dossier"}])
def test_a_list_that_does_not_exist_is_refused_in_words(wrong: dict[str, str]) -> None:
    with pytest.raises(CallError):
        Selection(window=AUGUST, **wrong)
