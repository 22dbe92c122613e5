"""The data's own figures: who is silent, what is missing, what stands out against the rest of the province."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import Filters, Window
from indicators.quality import (
    accounts,
    chance_of_silence,
    corrections,
    log_coverage,
    missing_fields,
    rule_counts,
    silent_communes,
    sources,
    states,
    warned,
    warnings_by_commune,
    warnings_by_month,
)
from indicators.questions import QUESTIONS, due_differences, due_differences_by, question_counts, questions
from tests.builders import COMMUNES, Row, commune, dossier
from tests.indicators.conftest import Open

SEPTEMBER = Window(dt.date(2025, 9, 1), dt.date(2025, 9, 30))
TUESDAY = dt.datetime(2025, 9, 2, 9, 0)


def daily(commune_code: str, *, each: int, until: dt.date, since: dt.date = dt.date(2025, 7, 1)) -> list[Row]:
    """So many dossiers every working day."""
    days = [since + dt.timedelta(days=number) for number in range((until - since).days + 1)]
    return [
        dossier(commune_code=commune_code, received_at=dt.datetime.combine(day, dt.time(9)))
        for day in days
        if day.weekday() < 5
        for _number in range(each)
    ]


def closed(number: int, *, at: dt.datetime = TUESDAY + dt.timedelta(hours=5), **overrides: object) -> list[Row]:
    """So many dossiers received at nine and finished at two, a minute apart."""
    return [
        dossier(
            **{"received_at": TUESDAY, "due_at": at.replace(hour=17, minute=0) + dt.timedelta(days=9)}
            | overrides
            | {"finished_at": at + dt.timedelta(minutes=one % 60)}
        )
        for one in range(number)
    ]


# ---- who is silent ---------------------------------------------------------------------------------------------------


def test_a_busy_commune_that_stops_is_unusual_and_a_tiny_one_is_not(snapshot_of: Open) -> None:
    busy = daily("08740", each=3, until=dt.date(2025, 9, 19))
    tiny = [dossier(commune_code="08230", received_at=f"2025-{month}-05 09:00") for month in ("08", "09")]
    active = daily("08521", each=1, until=dt.date(2025, 9, 30))
    found = {row["commune"]: row for row in silent_communes(snapshot_of([*busy, *tiny, *active])).to_dicts()}
    assert set(found) == {"08740", "08230", "08674"}
    assert found["08740"]["silent_days"] == 7  # 22 to 30 September
    assert found["08740"]["usual_per_day"] == pytest.approx(3.0)
    assert found["08740"]["adjusted"] < 0.001
    assert found["08230"]["adjusted"] > 0.05
    assert found["08674"]["last_day"] is None


def test_four_working_days_and_a_weekend_are_no_silence(snapshot_of: Open) -> None:
    # Wednesday 24 September; Thursday, Friday, Monday and Tuesday without a dossier.
    assert "08740" not in silent_communes(snapshot_of(daily("08740", each=3, until=dt.date(2025, 9, 24))))["commune"]


def test_a_day_whose_office_has_not_closed_yet_is_not_held_against_anyone(snapshot_of: Open) -> None:
    rows = [*daily("08740", each=3, until=dt.date(2025, 9, 23)), *daily("08521", each=1, until=dt.date(2025, 9, 29))]
    morning = silent_communes(snapshot_of(rows, as_of="2025-09-30 10:00"))
    evening = silent_communes(snapshot_of(rows, as_of="2025-09-30 18:00"))
    assert "08740" not in morning["commune"].to_list()
    assert "08740" in evening["commune"].to_list()


@given(expected=st.floats(0, 50), spread=st.floats(1, 20))
def test_silence_is_never_rarer_than_pure_chance_allows(expected: float, spread: float) -> None:
    chance = chance_of_silence(expected, spread)
    assert math.exp(-expected) * (1 - 1e-6) <= chance <= 1


# ---- what is there ---------------------------------------------------------------------------------------------------


def test_files_are_accounted_for_and_their_age_is_held_against_the_newest_of_their_kind(snapshot_of: Open) -> None:
    def load(file: str, table: str, day: int, read: int, loaded: int) -> Row:
        return {
            "source_file": file,
            "table_name": table,
            "state_at": dt.datetime(2025, 9, day, 18),
            "rows_read": read,
            "rows_loaded": loaded,
            "rows_refused": 1,
            "rows_repeated": read - loaded - 1,
        }

    snapshot = snapshot_of(
        [dossier(received_at="2025-09-01 08:00", source_file="a.xlsx")],
        loads=[
            load("a.xlsx", "dossier", 30, 10, 8),
            load("b.xlsx", "dossier", 25, 20, 15),
            load("c", "event", 20, 5, 4),
        ],
    )
    loaded = sources(snapshot)
    assert loaded["source_file"].to_list() == ["a.xlsx", "b.xlsx", "c"]
    assert loaded["behind_days"].to_list() == [0, 5, 0]
    assert loaded["last_received_at"].to_list() == [dt.datetime(2025, 9, 1, 8), None, None]
    totals = accounts(loaded).row(0, named=True)
    assert (totals["files"], totals["rows_read"], totals["rows_loaded"], totals["rows_repeated"]) == (2, 30, 23, 5)


def test_missing_fields_are_counted_over_received_dossiers_with_the_worst_commune(snapshot_of: Open) -> None:
    due = dt.datetime(2025, 9, 9)
    rows = [dossier(received_at="2025-09-01 08:00", due_at=due) for _number in range(3)]
    rows += [dossier(received_at="2025-09-01 08:00", commune_code="08521", channel=None) for _number in range(2)]
    rows += [dossier(received_at="2025-09-01 08:00", status=3)]
    missing = {row["field"]: row for row in missing_fields(snapshot_of(rows)).to_dicts()}
    assert (missing["due_at"]["missing"], missing["due_at"]["n"], missing["due_at"]["worst"]) == (2, 5, "08521")
    assert (missing["channel"]["missing"], missing["channel"]["worst_n"]) == (2, 2)
    assert (missing["procedure_code"]["missing"], missing["procedure_code"]["worst"]) == (0, None)


def test_warnings_stand_in_the_month_of_receipt(snapshot_of: Open) -> None:
    rows = [dossier(received_at=f"2025-0{month}-15 08:00") for month in (7, 8, 8)]
    warnings = [
        {"source_file": "a", "table_name": "dossier", "rule": "no_due_time", "dossier_id": row["dossier_id"]}
        for row in rows
    ]
    snapshot = snapshot_of(rows, warnings=warnings)
    assert warnings_by_month(snapshot).rows() == [
        ("no_due_time", dt.date(2025, 7, 1), 1, 1),
        ("no_due_time", dt.date(2025, 8, 1), 2, 2),
    ]
    assert rule_counts(snapshot).rows() == [("warning", "dossier", "no_due_time", 3)]


def test_register_and_log_cover_each_other_as_far_as_they_do(snapshot_of: Open) -> None:
    rows = [dossier(received_at="2025-09-01 08:00") for _number in range(3)]
    steps = [{"dossier_id": rows[0]["dossier_id"], "step": one, "at": "2025-09-01 08:00"} for one in (1, 2)]
    assert log_coverage(snapshot_of(rows, events=steps)).rows() == [(3, 1, 2)]


# ---- refused rows ----------------------------------------------------------------------------------------------------


# ---- questions -------------------------------------------------------------------------------------------------------


def hits(snapshot_rows: list[Row], snapshot_of: Open, **options: object) -> dict[str, tuple[int, int]]:
    counts = question_counts(snapshot_of(snapshot_rows, **options), SEPTEMBER)
    totals = counts.group_by("question").agg(pl.col("hits", "n").sum())
    return {name: (found, n) for name, found, n in totals.rows()}


def test_every_pattern_counts_its_own_case_and_no_other(snapshot_of: Open) -> None:
    def one(received: str, finished: str, due: str = "2025-09-12 17:00", difference: int = 0, **more: object) -> Row:
        times = {name: dt.datetime.fromisoformat(f"2025-{time}") for name, time in more.items()}
        return dossier(
            received_at=f"2025-{received}",
            finished_at=f"2025-{finished}",
            due_at=dt.datetime.fromisoformat(due),
            due_difference_days=difference,
            **times,
        )

    quiet = hits([one("09-02 09:00", "09-03 10:00")], snapshot_of)
    assert {name: found for name, (found, _n) in quiet.items()} == dict.fromkeys(QUESTIONS, 0)
    cases = {
        "promise_longer": one("09-02 09:00", "09-03 10:00", difference=1),
        "promise_shorter": one("09-02 09:00", "09-03 10:00", difference=-1),
        "closed_end_of_day": one("09-02 09:00", "09-03 16:45"),
        "closed_just_before_due": one("09-02 09:00", "09-12 16:20", "2025-09-12 16:30"),
        "closed_within_a_minute": one("09-02 09:00:00", "09-02 09:00:40"),
        "supplement_on_last_day": one("09-02 09:00", "09-18 10:00", supplement_requested_at="09-12 08:00"),
        "closed_off_hours": one("09-02 09:00", "09-06 10:00"),
        "received_off_hours": one("09-02 20:00", "09-04 10:00"),
    }
    for name, row in cases.items():
        found = hits([row], snapshot_of)
        assert {each for each, (count, _n) in found.items() if count} == {name}
        assert found[name] == (1, 1)


def test_five_in_one_minute_are_in_bulk_and_four_are_not(snapshot_of: Open) -> None:
    at = dt.datetime(2025, 9, 3, 10)
    five = [dossier(received_at=TUESDAY, finished_at=at + dt.timedelta(seconds=one)) for one in range(5)]
    assert hits(five, snapshot_of)["closed_in_bulk"] == (5, 5)
    assert hits(five[:4], snapshot_of)["closed_in_bulk"] == (0, 4)


def test_a_time_that_is_only_a_date_says_nothing_of_hours(snapshot_of: Open) -> None:
    found = hits([dossier(received_at="2025-09-02", finished_at="2025-09-03")], snapshot_of)
    assert {name for name, (_hits, n) in found.items() if n} == set()


@pytest.mark.parametrize(
    ("new", "state", "paused", "expected"),
    [
        ("2025-09-20", "2025-09-15", 0, 1),
        ("2025-09-20", "2025-09-08", 0, 0),
        ("2025-09-05", "2025-09-15", 0, 0),
        ("2025-09-20", "2025-09-15", 960, 0),
    ],
    ids=["after it had passed", "before it had passed", "to an earlier day", "the clock had stood"],
)
def test_a_promise_moved_after_it_had_passed(
    new: str, state: str, paused: int, expected: int, snapshot_of: Open
) -> None:
    row = dossier(received_at="2025-09-02 08:00", due_at=f"{new} 17:00", paused_minutes=paused)
    change = {
        "dossier_id": row["dossier_id"],
        "column_name": "due_at",
        "old_value": "2025-09-10 17:00:00",
        "new_value": f"{new} 17:00:00",
        "state_at": dt.datetime.fromisoformat(f"{state} 18:00"),
    }
    assert hits([row], snapshot_of, changes=[change])["promise_moved"] == (expected, 1)


def test_only_what_stands_out_against_the_same_procedures_elsewhere_is_asked(snapshot_of: Open) -> None:
    evening, noon = dt.datetime(2025, 9, 3, 16, 31), dt.datetime(2025, 9, 3, 10, 0)
    others = [f"{code:05d}" for code in range(9000, 9012)]
    # Everybody finishes births in the evening; only Phú Thọ finishes certifications then.
    rows = closed(60, at=evening, commune_code="08740")
    for code in others:
        rows += closed(40, at=evening, commune_code=code, procedure_code="1.001193")
        rows += closed(40, at=noon, commune_code=code)
    # Too few to ask about.
    rows += closed(10, at=evening, commune_code="08674")
    province = [*COMMUNES, *(commune(code, f"Xã {code}") for code in others)]
    found = questions(question_counts(snapshot_of(rows, communes=province), SEPTEMBER))
    assert "08674" not in found["commune"].to_list()
    asked = found.filter("stands_out")
    assert set(asked["commune"]) == {"08740"}
    row = asked.filter(pl.col("question") == "closed_end_of_day").row(0, named=True)
    assert (row["hits"], row["n"]) == (29 + 31, 60)
    assert row["expected"] < 0.1 < row["low"] < row["rate"] <= row["high"]


def test_equal_communes_are_asked_nothing(snapshot_of: Open) -> None:
    rows = [row for code in ("08740", "08230", "08521") for row in closed(40, commune_code=code)]
    assert not questions(question_counts(snapshot_of(rows), SEPTEMBER))["stands_out"].any()


def test_without_dossiers_there_are_no_questions(snapshot_of: Open) -> None:
    assert questions(question_counts(snapshot_of([]), SEPTEMBER)).is_empty()


def test_promises_are_compared_in_working_days_by_procedure_and_by_commune(snapshot_of: Open) -> None:
    def one(days: int | None, procedure: str, commune_code: str = "08740") -> Row:
        return dossier(
            received_at="2025-09-02 08:00",
            due_difference_days=days,
            procedure_code=procedure,
            commune_code=commune_code,
        )

    rows = [one(0, "A"), one(0, "B"), one(2, "A"), one(-1, "A"), one(30, "A"), one(-9, "C", "08521"), one(None, "A")]
    snapshot = snapshot_of(rows)
    assert due_differences(snapshot, SEPTEMBER).rows() == [(-5, 1), (-1, 1), (0, 2), (2, 1), (5, 1)]
    by_procedure = due_differences_by(snapshot, SEPTEMBER, "procedure")
    assert by_procedure.rows() == [("A", 4, 2, 1, 2.0), ("C", 1, 0, 1, -9.0)]
    by_commune = due_differences_by(snapshot, SEPTEMBER, "commune")
    assert by_commune.rows() == [("08740", 5, 2, 1, 2.0), ("08521", 1, 0, 1, -9.0)]
    only_online = Filters(channel=("online",))
    assert due_differences(snapshot, SEPTEMBER, only_online).is_empty()


def test_both_ways_of_counting_promises_agree(snapshot_of: Open) -> None:
    days = [0, 0, 1, 3, -2, -7, 12, None]
    rows = [dossier(received_at="2025-09-02 08:00", due_difference_days=one) for one in days]
    snapshot = snapshot_of(rows)
    spread = due_differences(snapshot, SEPTEMBER)
    group = due_differences_by(snapshot, SEPTEMBER, "commune").row(0, named=True)
    asked = hits(rows, snapshot_of)
    assert group["longer"] == spread.filter(pl.col("days") > 0)["n"].sum() == asked["promise_longer"][0] == 3
    assert group["shorter"] == spread.filter(pl.col("days") < 0)["n"].sum() == asked["promise_shorter"][0] == 2
    assert group["n"] == spread["n"].sum() == asked["promise_longer"][1] == asked["promise_shorter"][1] == 7


# ---- corrections and warnings ----------------------------------------------------------------------------------------


def test_corrections_are_listed_with_the_commune_that_answers_now(snapshot_of: Open) -> None:
    kept = dossier(received_at=TUESDAY, commune_code="08521")
    lines = [("gone", "expired"), (kept["dossier_id"], "applied"), ("lost", "not_found")]
    rows = [
        {"dossier_id": one, "action": "override", "outcome": outcome, "source_file": "sua.csv", "row_number": number}
        for number, (one, outcome) in enumerate(lines, start=2)
    ]
    found = corrections(snapshot_of([kept], corrections=rows))
    assert found.select("outcome", "commune").rows() == [
        ("applied", "08521"), ("not_found", None), ("expired", None)
    ]  # fmt: skip


def test_the_dossiers_of_a_warning_are_those_counted_by_commune(snapshot_of: Open) -> None:
    rows = [dossier(received_at=TUESDAY, commune_code=code) for code in ("08740", "08740", "08521")]
    marks = [
        {
            "source_file": "a.csv",
            "row_number": number,
            "table_name": "dossier",
            "rule": "no_due_time",
            "dossier_id": row["dossier_id"],
        }
        for number, row in enumerate(rows)
    ]
    of_no_dossier = {"source_file": "b", "table_name": "event", "rule": "step_without_dossier", "dossier_id": "x"}
    snapshot = snapshot_of(rows, warnings=[*marks, {**of_no_dossier, "row_number": 1}])
    for commune_code, rule, n in warnings_by_commune(snapshot).iter_rows():
        assert warned(snapshot, rule, [commune_code]).height == n
    assert warned(snapshot, "no_due_time").height == 3
    assert warned(snapshot, "step_without_dossier")["commune"].to_list() == [None]
    assert warned(snapshot, "unheard_of").is_empty()


def test_the_state_of_a_table_is_that_of_its_newest_file(snapshot_of: Open) -> None:
    def load(table: str, day: int | None) -> Row:
        counts = dict.fromkeys(("rows_read", "rows_loaded", "rows_refused", "rows_repeated"), 0)
        state = None if day is None else dt.datetime(2025, 9, day)
        return {"source_file": f"{table}{day}", "table_name": table, "state_at": state, **counts}

    loads = [load("dossier", 30), load("dossier", 1), load("event", 20), load("commune", None)]
    assert states(snapshot_of([], loads=loads)) == {
        "dossier": dt.datetime(2025, 9, 30),
        "event": dt.datetime(2025, 9, 20),
    }
