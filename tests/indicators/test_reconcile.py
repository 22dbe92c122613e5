"""Reported figures against themselves and against the log: the arithmetic holds, and nothing is called wrong."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.claim_checks import checks
from indicators.claims import Check, Claim, overlap, ratio, wilson_of
from indicators.reconcile import Statement, statements, working_days
from language import set_language
from tests.builders import Row, calendar, dossier
from tests.indicators.conftest import Open
from warehouse import Snapshot

_serial = itertools.count(1)
JULY = {"starts_at": dt.datetime(2025, 7, 1), "ends_at": dt.datetime(2025, 7, 4)}


def claim(measure: str, value: float | None, **overrides: Any) -> Claim:
    """An exact figure of 1 to 3 July 2025."""
    exact = {} if value is None else {"value": float(value), "value_low": value, "value_high": value}
    return Claim(**{"row_id": next(_serial), "measure": measure, "measure_name": measure, **exact, **JULY} | overrides)


def of_kind(claims: list[Claim], kind: str) -> Check:
    (found,) = [check for check in checks(claims) if check.kind == kind]
    return found


def reported(measure: str, value: float, **overrides: Any) -> Row:
    """A row of the table `reported`, of Phường Phú Thọ."""
    return {
        "unit_name": "Phường Phú Thọ",
        "province": "Phú Thọ",
        "commune_code": "08740",
        "scope": "commune",
        "measure": measure,
        "measure_name": measure,
        "value": float(value),
        "value_low": float(value),
        "value_high": float(value),
        "source": "Báo cáo",
        "source_file": "reported.csv",
        "row_number": 2,
        **JULY,
    } | overrides


def one_statement(snapshot: Snapshot) -> Statement:
    (only,) = statements(snapshot)
    return only


# ---- the claim of the source story -----------------------------------------------------------------------------------

EARLY = {"share": 0.15, "share_low": 0.145, "share_high": 0.155, "share_text": "15 %", "share_of": "resolved"}


def thuong_thanh() -> list[Claim]:
    return [
        claim("received", 13_530),
        claim("received_online", 1_025),
        claim("resolved", 13_530),
        claim("resolved_early", 865, **EARLY),
    ]


def test_a_share_that_its_parts_do_not_give_is_asked_about_with_the_arithmetic() -> None:
    check = of_kind(thuong_thanh(), "share")
    assert check.verdict == "ask"
    assert check.arithmetic == "865 / 13.530 = 6,39 %"
    assert "15 %" in check.question


def test_the_readings_under_which_the_share_could_be_right_are_listed() -> None:
    readings = {reading.kind: reading for reading in of_kind(thuong_thanh(), "share").readings}
    assert "865 / 1.025 = 84,39 %" in readings["other_denominator"].sentence
    assert readings["other_denominator"].status == "excluded"
    assert "752" in readings["growth"].sentence and readings["growth"].status == "open"
    assert "−8,61 %" in readings["points_up"].sentence and readings["points_up"].status == "excluded"
    assert "21,39 %" in readings["points_down"].sentence and readings["points_down"].status == "open"
    assert "2.029,5" in readings["numerator"].sentence
    assert "5.767" in readings["denominator"].sentence


def test_a_share_of_another_reported_figure_is_recognised() -> None:
    given = [*thuong_thanh()[:3], claim("received_online", 5_700), claim("resolved_early", 865, **EARLY)]
    readings = of_kind([given[0], given[2], given[3], given[4]], "share").readings
    assert readings[0].status == "agrees"
    assert "865 / 5.700 = 15,18 %" in readings[0].sentence


def test_a_share_that_its_digits_allow_agrees() -> None:
    given = [claim("resolved", 13_530), claim("resolved_early", 2_050, **EARLY)]
    assert of_kind(given, "share").verdict == "agrees"


def test_a_share_without_a_figure_says_what_it_would_be() -> None:
    degree = {"share": 1.0, "share_low": 0.995, "share_high": 1.0, "share_text": "100 %", "share_of": "staff"}
    check = of_kind([claim("staff", 58), claim("other", None, **degree)], "share")
    assert (check.verdict, check.arithmetic) == ("note", "100 % × 58 = 58")


# ---- parts, progress, few of many ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole", "parts", "verdict", "arithmetic"),
    [
        (166, [58, 108], "agrees", "58 + 108 = 166"),
        (12, [1, 1, 1, 9], "agrees", "1 + 1 + 1 + 9 = 12"),
        (166, [58, 98], "ask", "58 + 98 = 156"),
    ],
)
def test_parts_are_added_up(whole: float, parts: list[float], verdict: str, arithmetic: str) -> None:
    given = [claim("staff", whole, group_id="g", group_role="whole")]
    given += [claim("other", part, group_id="g", group_role="part") for part in parts]
    check = of_kind(given, "parts")
    assert check.verdict == verdict
    assert check.arithmetic.startswith(arithmetic)


def test_rounded_parts_may_miss_the_whole_by_their_rounding() -> None:
    about = {"value_low": 55.0, "value_high": 65.0, "group_id": "g", "group_role": "part"}
    given = [claim("staff", 166, group_id="g", group_role="whole"), claim("other", 60, **about)]
    given.append(claim("other", 108, group_id="g", group_role="part"))
    assert of_kind(given, "parts").verdict == "agrees"


def test_what_is_not_resolved_yet_is_in_progress_and_not_late() -> None:
    check = of_kind([claim("received", 90), claim("resolved", 68)], "progress")
    assert check.verdict == "agrees"
    assert check.sentence == "Còn 22 hồ sơ đang giải quyết, không phải trễ."
    assert check.arithmetic == "90 − 68 = 22; đã giải quyết 75,6 % (65,8 % đến 83,3 %)"


def test_more_resolved_than_received_is_asked_about_unless_rounding_explains_it() -> None:
    assert of_kind([claim("received", 68), claim("resolved", 90)], "progress").verdict == "ask"
    about = claim("received", 90, value_low=85.0, value_high=95.0)
    assert of_kind([about, claim("resolved", 93)], "progress").verdict == "agrees"


def test_figures_of_different_windows_are_not_subtracted() -> None:
    other = {"starts_at": dt.datetime(2025, 7, 1), "ends_at": dt.datetime(2025, 7, 5)}
    assert checks([claim("received", 90), claim("resolved", 68, **other)]) == []


def test_none_late_of_few_may_still_be_some() -> None:
    check = of_kind([claim("received", 146), claim("resolved", 146), claim("resolved_late", 0)], "late")
    assert check.sentence == "Không hồ sơ nào quá hạn trên 146 đã giải quyết; tỷ lệ quá hạn vẫn có thể tới 2,6 %."


def test_a_part_larger_than_its_whole_is_asked_about() -> None:
    assert of_kind([claim("received", 100), claim("received_online", 120)], "within").verdict == "ask"
    assert of_kind([claim("received", 13_530), claim("received_online", 1_025)], "within").arithmetic.endswith("7,58 %")


def test_early_on_time_and_late_add_up_to_the_resolved() -> None:
    given = [claim("resolved", 10), claim("resolved_early", 4), claim("resolved_on_time", 5), claim("resolved_late", 2)]
    assert of_kind(given, "parts").verdict == "ask"


def test_visits_are_said_not_to_be_dossiers_and_enter_no_arithmetic() -> None:
    found = checks([claim("visits", 188), claim("resolved", 300)])
    assert [check.kind for check in found] == ["visits"]
    assert "không phải là hồ sơ" in found[0].sentence


def test_two_figures_give_a_third() -> None:
    given = [claim("population", 93_000), claim("area_km2", 23), claim("staff_government", 108)]
    given += [claim("centre_area_m2", 160), claim("staff_centre", 7)]
    found = {check.arithmetic for check in checks(given)}
    assert found == {"93.000 / 23 = 4.043", "93.000 / 108 = 861", "160 / 7 = 22,9"}


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 3))
def test_a_share_printed_from_its_parts_always_agrees(part: int, rest: int, decimals: int) -> None:
    whole = part + rest
    printed = round(100 * part / whole, decimals)
    half = 0.5 * 10**-decimals
    stated = ((printed - half) / 100, (printed + half) / 100)
    assert overlap(ratio((part, part), (whole, whole)), stated)


@given(st.integers(0, 300), st.integers(1, 300))
def test_an_interval_holds_its_rate(successes: int, failures: int) -> None:
    n = successes + failures
    low, high = wilson_of(successes, n)
    assert 0 <= low <= successes / n <= high <= 1


# ---- against the log -------------------------------------------------------------------------------------------------


def ten_dossiers() -> list[Row]:
    """Ten received on 1 to 4 July, one of them at 10:00 and one at 14:00 on the fourth; six resolved the day after."""
    rows = [
        dossier(
            received_at=f"2025-07-0{1 + number // 3} 08:00",
            due_at="2025-07-20",
            finished_at=f"2025-07-0{2 + number // 3} 09:00" if number < 6 else None,
            channel="online" if number < 3 else "in_person",
        )
        for number in range(8)
    ]
    return [*rows, dossier(received_at="2025-07-04 10:00"), dossier(received_at="2025-07-04 14:00")]


@pytest.mark.parametrize(
    ("measure", "computed"),
    [
        ("received", 8),
        ("resolved", 6),
        ("resolved_early", 6),
        ("resolved_late", 0),
        ("received_online", 3),
        ("pending", 2),
    ],
)
def test_a_figure_equal_to_the_log_matches_and_another_differs_by_so_many(
    measure: str, computed: int, snapshot_of: Open
) -> None:
    rows = [reported(measure, computed), reported(measure, computed + 3)]
    statement = one_statement(snapshot_of(ten_dossiers(), reported=rows))
    same, more = statement.comparisons.values()
    assert (same.outcome, same.difference) == ("matches", 0)
    assert (more.outcome, more.difference) == ("differs", 3)
    assert more.sentence == f"Lệch 3 hồ sơ: nguồn nêu {computed + 3}, nhật ký có {computed}."


def test_a_window_that_ends_at_noon_is_bracketed_by_the_days_around_it(snapshot_of: Open) -> None:
    noon = {"ends_at": dt.datetime(2025, 7, 4, 11, 30)}
    rows = [reported("received", value, **noon) for value in (7, 8, 9, 10, 12)]
    statement = one_statement(snapshot_of(ten_dossiers(), reported=rows))
    outcomes = [one.outcome for one in statement.comparisons.values()]
    assert outcomes == ["differs", "matches", "matches", "matches", "differs"]
    assert [one.difference for one in statement.comparisons.values()] == [-1, 0, 0, 0, 2]


def test_a_rough_figure_matches_within_what_its_word_leaves_open(snapshot_of: Open) -> None:
    rows = [reported("received", 10, value_low=5.0, value_high=15.0, value_text="khoảng 10")]
    comparison = one_statement(snapshot_of(ten_dossiers(), reported=rows)).comparisons[1]
    assert comparison.outcome == "matches"
    assert comparison.sentence == "Khớp: nguồn nêu khoảng 10, nhật ký có 8 hồ sơ."


def test_a_figure_of_the_province_is_set_against_all_communes(snapshot_of: Open) -> None:
    elsewhere = dossier(commune_code="08521", received_at="2025-07-02 08:00")
    row = reported("received", 9, unit_name="Toàn tỉnh", commune_code=None, scope="province")
    statement = one_statement(snapshot_of([*ten_dossiers(), elsewhere], reported=[row]))
    assert statement.comparisons[1].outcome == "matches"


def test_a_reported_share_stands_beside_the_rate_of_the_log_with_its_interval(snapshot_of: Open) -> None:
    rows = [reported("resolved", 6), reported("resolved_early", 6, **EARLY)]
    sentence = one_statement(snapshot_of(ten_dossiers(), reported=rows)).comparisons[2].sentence
    assert "Tỷ lệ theo nhật ký: 100,0 % (61,0 % đến 100,0 %, n = 6); nguồn nêu 15 %." in sentence


@pytest.mark.parametrize(
    ("overrides", "outcome"),
    [
        ({"starts_at": dt.datetime(2021, 7, 1), "ends_at": dt.datetime(2022, 6, 21)}, "no_window"),
        ({"ends_at": dt.datetime(2026, 1, 1)}, "no_window"),
        ({"starts_at": None, "ends_at": None}, "no_dates"),
        ({"scope": "outside", "province": "Hà Nội", "commune_code": "00115"}, "outside"),
        ({"scope": "old_unit"}, "outside"),
        ({"measure": "visits"}, "visits"),
        ({"measure": "other"}, "not_logged"),
        ({"value": None, "value_low": None, "value_high": None, "value_text": "hàng trăm"}, "vague"),
    ],
)
def test_what_the_log_cannot_answer_is_said_and_not_compared(
    overrides: dict[str, object], outcome: str, snapshot_of: Open
) -> None:
    statement = one_statement(snapshot_of(ten_dossiers(), reported=[reported("received", 8) | overrides]))
    assert statement.comparisons[1].outcome == outcome
    assert statement.comparisons[1].difference is None


def test_facts_of_a_unit_are_set_against_the_list_of_units(snapshot_of: Open) -> None:
    facts = {"starts_at": None, "ends_at": None}
    rows = [
        reported("population", 30_000, **facts),
        reported("staff", 58, **facts),
        reported("area_km2", 20, value_low=20.0, value_high=21.0, value_text="trên 20", **facts),
        reported("old_units", 2, **facts),
    ]
    lineage = [{"new_code": "08740", "old_code": code} for code in ("07942", "07950")]
    statement = one_statement(snapshot_of(ten_dossiers(), reported=rows, lineage=lineage))
    assert [one.outcome for one in statement.comparisons.values()] == ["matches", "differs", "matches", "matches"]
    assert statement.comparisons[2].sentence == "Lệch 2 người: nguồn nêu 58, danh mục đơn vị ghi 60."


# ---- verdicts, days --------------------------------------------------------------------------------------------------


def test_the_most_pressing_verdict_comes_first_and_brings_a_question(snapshot_of: Open) -> None:
    rows = [reported("received", 9), reported("resolved", 12)]
    statement = one_statement(snapshot_of(ten_dossiers(), reported=rows))
    assert statement.verdicts == ("ask", "differs")
    assert statement.headline == "Giải quyết 12, nhiều hơn tiếp nhận 9 trong cùng kỳ."
    assert len(statement.questions) == 2


def test_figures_are_put_together_by_unit_and_source(snapshot_of: Open) -> None:
    rows = [reported("received", 8), reported("received", 9, source="Cổng"), reported("resolved", 6)]
    found = statements(snapshot_of(ten_dossiers(), reported=rows))
    assert [(one.source, len(one.claims)) for one in found] == [("Báo cáo", 2), ("Cổng", 1)]


def test_no_sentence_calls_a_figure_wrong(snapshot_of: Open) -> None:
    rows = [reported("received", 9), reported("resolved", 12), reported("resolved_early", 3, **EARLY)]
    statement = one_statement(snapshot_of(ten_dossiers(), reported=rows))
    said = [one.sentence for one in statement.comparisons.values()]
    said += [text for check in statement.checks for text in (check.sentence, check.question)]
    said += [reading.sentence for check in statement.checks for reading in check.readings]
    assert not any("sai" in text.lower().split() for text in [*said, statement.headline, *statement.questions])


def test_windows_of_different_length_are_divided_by_their_working_days(snapshot_of: Open) -> None:
    rows = [
        reported("received", 146),
        reported("visits", 188, ends_at=dt.datetime(2025, 7, 4, 11, 30)),
        reported("staff_centre", 7, starts_at=None, ends_at=None),
    ]
    received, visits = one_statement(snapshot_of(ten_dossiers(), reported=rows)).paces
    assert (received.working_days, visits.working_days) == (3, 3.5)
    assert received.per_working_day == pytest.approx(48.67, abs=0.01)
    assert received.per_head == pytest.approx(6.95, abs=0.01)
    assert visits.per_working_day == pytest.approx(53.71, abs=0.01)


def test_working_days_follow_the_calendar_and_are_unknown_outside_it(snapshot_of: Open) -> None:
    days = calendar(days_off=[dt.date(2025, 7, 2)], workdays=[dt.date(2025, 7, 5)])
    snapshot = snapshot_of(ten_dossiers(), calendar_rows=days)
    assert working_days(snapshot, dt.datetime(2025, 7, 1), dt.datetime(2025, 7, 7)) == 4
    assert working_days(snapshot, dt.datetime(2025, 7, 6), dt.datetime(2025, 7, 7)) == 0
    assert working_days(snapshot, dt.datetime(2021, 7, 1), dt.datetime(2022, 6, 21)) is None


def test_working_days_of_two_stretches_add_up(snapshot_of: Open) -> None:
    snapshot = snapshot_of(ten_dossiers())
    starts, ends = dt.datetime(2025, 7, 1), dt.datetime(2025, 7, 12)
    for cut in (dt.datetime(2025, 7, 3, 9, 12), dt.datetime(2025, 7, 4, 12), dt.datetime(2025, 7, 6, 23)):
        parts = [working_days(snapshot, starts, cut), working_days(snapshot, cut, ends)]
        assert sum(part or 0 for part in parts) == pytest.approx(working_days(snapshot, starts, ends))


def test_nothing_reported_gives_no_statement(snapshot_of: Open) -> None:
    assert statements(snapshot_of(ten_dossiers())) == []


def test_names_follow_the_readers_language_where_we_have_one() -> None:
    own = claim("received", 8, measure_name="Tổng số tiếp nhận")
    assert own.name == "Tổng số tiếp nhận"
    set_language("en")
    assert own.name != "Tổng số tiếp nhận"
    assert claim("other", 20, measure_name="Thôn").name == "Thôn"
