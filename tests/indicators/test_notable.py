"""What to look at first: real differences are found, chance and procedure mix are not taken for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from indicators import Filters, Window
from indicators.notable import Kind, Notable, funnel_scores, notable
from indicators.scope import Scope
from indicators.sentences import change_sentence, notable_question, notable_sentence
from indicators.standing_still import last_day_requests, stalled
from tests.builders import Row, commune, dossier
from tests.indicators.conftest import Open
from warehouse import Snapshot

Asked = tuple[list[Row], list[Row]]
AUGUST = Window(dt.date(2025, 8, 1), dt.date(2025, 8, 31))
JULY = Window(dt.date(2025, 7, 1), dt.date(2025, 7, 31))
CODES = [f"{number:05d}" for number in range(8000, 8012)]
COMMUNES = [commune(code, f"Xã Số {code}") for code in CODES]


def resolved(code: str, *, late: int, n: int, month: int = 8, procedure: str = "2.000815") -> list[Row]:
    """So many dossiers of a commune, the first `late` of them late."""
    rows = []
    for number in range(n):
        day = dt.datetime(2025, month, 1 + number % 28, 8)
        due = day - dt.timedelta(days=1) if number < late else day
        rows.append(dossier(commune_code=code, procedure_code=procedure, received_at=day, due_at=due, finished_at=day))
    return rows


def test_one_bad_commune_among_equals_is_named_and_no_other(snapshot_of: Open) -> None:
    rows = [row for code in CODES[1:] for row in resolved(code, late=4 + int(code) % 3, n=100)]
    snapshot = snapshot_of(rows + resolved(CODES[0], late=40, n=100), communes=COMMUNES)
    found = [finding for finding in notable(snapshot, AUGUST) if finding.indicator == "on_time_rate_ii06"]
    assert [(finding.commune_code, finding.kind, finding.direction) for finding in found] == [
        (CODES[0], "level", "worse")
    ]
    assert found[0].value == pytest.approx(0.6)
    assert found[0].dossiers == pytest.approx((found[0].reference - 0.6) * 100)


def test_a_commune_that_is_never_in_time_is_named(snapshot_of: Open) -> None:
    rows = [row for code in CODES[1:] for row in resolved(code, late=4 + int(code) % 3, n=100)]
    snapshot = snapshot_of(rows + resolved(CODES[0], late=50, n=50), communes=COMMUNES)
    found = [finding for finding in notable(snapshot, AUGUST) if finding.indicator == "on_time_rate_ii06"]
    assert [(finding.commune_code, finding.value) for finding in found] == [(CODES[0], 0.0)]
    assert found[0].reference > 0.8


def test_communes_that_differ_by_chance_only_are_not_named(snapshot_of: Open) -> None:
    random = np.random.default_rng(1)
    rows = [row for code in CODES for row in resolved(code, late=int(random.binomial(100, 0.1)), n=100)]
    assert notable(snapshot_of(rows, communes=COMMUNES), AUGUST) == []


def test_a_commune_with_harder_procedures_is_not_blamed_for_them(snapshot_of: Open) -> None:
    """Everyone is late with half of the hard ones; one commune has nothing else."""
    rows = [row for code in CODES[1:] for row in resolved(code, late=0, n=100)]
    rows += [row for code in CODES[1:] for row in resolved(code, late=10, n=20, procedure="1.012796")]
    rows += resolved(CODES[0], late=50, n=100, procedure="1.012796")
    found = notable(snapshot_of(rows, communes=COMMUNES), AUGUST)
    assert [finding for finding in found if finding.indicator == "on_time_rate_ii06"] == []


def test_a_commune_that_got_worse_is_named_against_its_own_past(snapshot_of: Open) -> None:
    rows = [row for code in CODES for month in (7, 8) for row in resolved(code, late=5, n=60, month=month)][:-60]
    rows += resolved(CODES[-1], late=30, n=60)
    changes = [
        finding for finding in notable(snapshot_of(rows, communes=COMMUNES), AUGUST, JULY) if finding.kind == "change"
    ]
    assert {finding.commune_code for finding in changes} == {CODES[-1]}
    assert {finding.direction for finding in changes} == {"worse"}


def test_filters_by_commune_narrow_what_is_named_not_what_it_is_compared_with(snapshot_of: Open) -> None:
    rows = [row for code in CODES[1:] for row in resolved(code, late=5, n=100)] + resolved(CODES[0], late=40, n=100)
    snapshot = snapshot_of(rows, communes=COMMUNES)
    assert notable(snapshot, AUGUST, filters=Filters(commune=(CODES[0],)))
    assert notable(snapshot, AUGUST, filters=Filters(commune=(CODES[1],))) == []


def test_an_empty_province_has_nothing_to_name(snapshot_of: Open) -> None:
    assert notable(snapshot_of([], communes=COMMUNES), AUGUST, JULY) == []


def test_large_units_are_no_outliers_where_all_units_vary() -> None:
    random = np.random.default_rng(2)
    n = np.full(300, 5000.0)
    scores = funnel_scores(random.normal(0.5, 0.03, 300), n, np.full(300, 0.5), n * 299)
    assert (np.abs(scores) > 3).sum() <= 3


def test_chance_alone_gives_standard_normal_scores_also_near_one_hundred_percent() -> None:
    random = np.random.default_rng(3)
    n = random.integers(20, 120, 4000).astype(float)
    expected = np.full(4000, 0.98)
    scores = funnel_scores(random.binomial(n.astype(int), 0.98) / n, n, expected, np.full(4000, 5_000.0))
    assert (scores < -1.96).mean() == pytest.approx(0.025, abs=0.012)
    assert scores.std() < 1.05


def test_small_units_without_a_late_dossier_do_not_hide_a_bad_one() -> None:
    random = np.random.default_rng(4)
    n = random.integers(20, 80, 147).astype(float)
    rate = random.binomial(n.astype(int), 0.98) / n
    n, rate = np.append(n, 85.0), np.append(rate, 67 / 85)
    scores = funnel_scores(rate, n, np.full(148, 0.98), n.sum() - n)
    assert scores[-1] < -5


FINDING = Notable(
    commune_code="08740",
    commune_name="Phường Phú Thọ",
    indicator="on_time_rate_ii06",
    kind="level",
    direction="worse",
    value=0.876,
    n=1234,
    low=0.85,
    high=0.89,
    reference=0.952,
    dossiers=93.8,
    p_value=0.001,
    is_adjusted=True,
)


def test_a_finding_is_one_sentence_with_its_figures_interval_and_n() -> None:
    assert notable_sentence(FINDING) == (
        "Phường Phú Thọ: tỷ lệ đúng hạn (biểu II.06) 87,6 % (khoảng tin cậy 95 %: 85,0–89,0 %; n = 1.234), thấp hơn "
        "mức "
        "95,2 % mà các đơn vị khác đạt với cùng cơ cấu hồ sơ; chênh 94 hồ sơ."
    )


@pytest.mark.parametrize("kind", ["level", "change", "backlog", "stalled", "last_day", "pauses"])
def test_what_wants_attention_ends_in_a_question_and_what_is_good_in_none(kind: Kind) -> None:
    assert notable_question(replace(FINDING, kind=kind)).endswith("?")
    assert notable_question(replace(FINDING, kind=kind, direction="better")) == ""
    assert notable_sentence(replace(FINDING, kind=kind, is_adjusted=False)).count("n = 1.234") == 1


def stuck(code: str, *, late: int, n: int) -> list[Row]:
    """Open dossiers of a commune, the first `late` of them past their date on the last day of August."""
    due = [dt.datetime(2025, 8, 20)] * late + [dt.datetime(2025, 9, 20)] * (n - late)
    return [dossier(commune_code=code, received_at="2025-08-01 08:00", due_at=one) for one in due]


def test_a_backlog_past_its_date_is_named(snapshot_of: Open) -> None:
    rows = [row for code in CODES[1:] for row in stuck(code, late=3, n=40)] + stuck(CODES[0], late=30, n=40)
    found = notable(snapshot_of(rows, communes=COMMUNES), AUGUST)
    backlog = [finding for finding in found if finding.kind == "backlog"]
    assert [(finding.commune_code, finding.value, finding.n) for finding in backlog] == [(CODES[0], 0.75, 40)]
    assert backlog[0].reference == pytest.approx(3 / 40)


def test_dossiers_without_a_step_for_long_are_named_and_those_that_wait_for_papers_are_not(snapshot_of: Open) -> None:
    rows, events = [], []
    for code in CODES:
        for number in range(40):
            waits = code == CODES[1]
            row = dossier(
                commune_code=code,
                received_at="2025-08-01 08:00",
                due_at="2025-12-01",
                status=5 if waits else 4,
                supplement_requested_at="2025-08-02 08:00" if waits else None,
            )
            rows.append(row)
            # The first commune did nothing after the receipt, the second waits; the others worked on the 28th.
            day = 1 if code in CODES[:2] or number < 2 else 28
            at = dt.datetime(2025, 8, day, 9)
            events.append({"dossier_id": row["dossier_id"], "step": 1, "at": at, "activity": "Thẩm định"})
    found = notable(snapshot_of(rows, communes=COMMUNES, events=events), AUGUST)
    still = [finding for finding in found if finding.kind == "stalled"]
    assert [(finding.commune_code, finding.value, finding.direction) for finding in still] == [(CODES[0], 1.0, "worse")]


def test_without_a_log_nothing_is_said_to_stand_still(snapshot_of: Open) -> None:
    rows = [row for code in CODES for row in stuck(code, late=0, n=40)]
    scope = Scope(snapshot_of(rows, communes=COMMUNES), ("commune",), Filters(), AUGUST)
    assert stalled(scope).is_empty()


def test_requests_made_on_the_last_day_are_counted_from_the_term(snapshot_of: Open) -> None:
    terms = [("2.000815", 5), ("1.001193", 1)]
    procedures = [{"procedure_code": code, "deadline_working_days": days} for code, days in terms]

    def asked(procedure: str, day: int) -> Row:
        """Received on Friday 1 August; a term of five working days ends on Friday the 8th."""
        at = dt.datetime(2025, 8, day, 10)
        return dossier(procedure_code=procedure, received_at="2025-08-01 08:00", supplement_requested_at=at)

    rows = [asked("2.000815", day) for day in (1, 4, 7, 8, 11)] + [asked("1.001193", 4)]
    scope = Scope(snapshot_of(rows, procedures=procedures), ("commune",), Filters(), AUGUST)
    assert last_day_requests(scope).rows() == [("08740", 2, 5)]


def stopping(code: str, *, stopped: int, n: int, cause: str = "supplement", procedure: str = "2.000815") -> Asked:
    """Dossiers resolved after four working hours; the clock of the first `stopped` stood for two days more."""
    rows, pauses = [], []
    for number in range(n):
        day = dt.datetime(2025, 8, 4 + number % 5, 8)
        row = dossier(
            commune_code=code,
            procedure_code=procedure,
            received_at=day,
            due_at=day + dt.timedelta(days=10),
            finished_at=day + dt.timedelta(days=7),
            processing_minutes=240,
        )
        rows.append(row)
        if number < stopped:
            pauses.append({"dossier_id": row["dossier_id"], "cause": cause, "paused_minutes": 960})
    return rows, pauses


def all_of(*parts: Asked) -> dict[str, list[Row]]:
    return {
        "dossiers": [row for rows, _ in parts for row in rows],
        "pauses": [row for _, rows in parts for row in rows],
    }


def pauses_of(snapshot: Snapshot) -> list[Notable]:
    return [finding for finding in notable(snapshot, AUGUST, limit=100) if finding.kind == "pauses"]


def test_clocks_that_stand_longer_than_they_run_are_named(snapshot_of: Open) -> None:
    parts = [stopping(code, stopped=6, n=100) for code in CODES[1:]] + [stopping(CODES[0], stopped=45, n=100)]
    (found,) = pauses_of(snapshot_of(communes=COMMUNES, **all_of(*parts)))
    assert (found.commune_code, found.value, found.n, found.direction) == (CODES[0], 0.45, 100, "worse")
    assert found.reference == pytest.approx(0.06)
    assert "đồng hồ dừng chờ người dân lâu hơn thời gian xử lý 45,0 %" in notable_sentence(found)
    assert "cùng cơ cấu hồ sơ" in notable_sentence(found)


@pytest.mark.parametrize("cause", ["other_agency", "public_notice", "payment"])
def test_waiting_for_others_is_no_stop_for_the_citizen(cause: str, snapshot_of: Open) -> None:
    parts = [stopping(code, stopped=6, n=100) for code in CODES[1:]]
    parts.append(stopping(CODES[0], stopped=45, n=100, cause=cause))
    assert pauses_of(snapshot_of(communes=COMMUNES, **all_of(*parts))) == []


def test_stops_are_judged_at_the_communes_own_procedures(snapshot_of: Open) -> None:
    """Half of the hard procedure's clocks stand everywhere; one commune handles nothing else."""
    hard = {"procedure": "1.012796"}
    parts = [stopping(code, stopped=0, n=60) for code in CODES[1:]]
    parts += [stopping(code, stopped=20, n=40, **hard) for code in CODES[1:]]
    parts.append(stopping(CODES[0], stopped=50, n=100, **hard))
    assert pauses_of(snapshot_of(communes=COMMUNES, **all_of(*parts))) == []


@pytest.mark.parametrize("elsewhere", [0, 15])
def test_nobody_is_praised_for_a_clock_that_never_stands(elsewhere: int, snapshot_of: Open) -> None:
    parts = [stopping(code, stopped=elsewhere, n=60) for code in CODES[1:]] + [stopping(CODES[0], stopped=0, n=60)]
    assert pauses_of(snapshot_of(communes=COMMUNES, **all_of(*parts))) == []


def test_communes_whose_clocks_stand_alike_are_rarely_named(snapshot_of: Open) -> None:
    random = np.random.default_rng(8)
    parts = [stopping(code, stopped=int(random.binomial(100, 0.2)), n=100) for code in CODES]
    assert pauses_of(snapshot_of(communes=COMMUNES, **all_of(*parts))) == []


def test_a_group_of_communes_is_looked_at_by_itself(snapshot_of: Open) -> None:
    rows = [row for code in CODES[1:] for row in resolved(code, late=4, n=100)]
    snapshot = snapshot_of(rows + resolved(CODES[0], late=40, n=100), communes=COMMUNES)
    assert [finding.commune_code for finding in notable(snapshot, AUGUST, among=CODES[:6])] == [CODES[0]]
    assert notable(snapshot, AUGUST, among=CODES[1:]) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"difference": 0.0312, "significant": True}, "Tăng 3,1 điểm % so với kỳ trước"),
        ({"difference": -0.0312, "significant": True}, "Giảm 3,1 điểm % so với kỳ trước"),
        ({"difference": 0.0312, "significant": False}, "Không khác kỳ trước một cách rõ rệt"),
        ({"difference": None, "reference": None, "significant": False}, "Chưa có kỳ trước để so sánh"),
    ],
)
def test_a_change_is_claimed_only_where_it_is_significant(change: Row, sentence: str) -> None:
    assert change_sentence({"indicator": "online_rate", "reference": 0.5} | change) == sentence
