"""The rules of an answer: which rows it has, what is 0 and what is empty, which day puts a dossier where."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from indicators import CallError, Filters, compute
from tests.builders import COMMUNES, dossier
from tests.indicators.conftest import Open

JULY = {"date_from": dt.date(2025, 7, 1), "date_to": dt.date(2025, 7, 31)}


def test_every_commune_in_force_has_a_row_and_a_count_without_a_case_is_0_but_a_rate_is_empty(
    snapshot_of: Open,
) -> None:
    snapshot = snapshot_of([dossier(commune_code="08740", finished_at="2025-07-02 09:00", due_at="2025-07-02")])
    frame = compute(snapshot, ["resolved", "on_time_rate_ii06"], ["commune"], **JULY)
    assert frame.columns == [
        "commune",
        "resolved",
        "on_time_rate_ii06",
        "on_time_rate_ii06_n",
        "on_time_rate_ii06_low",
        "on_time_rate_ii06_high",
    ]
    assert frame["commune"].to_list() == ["08230", "08521", "08674", "08740"]
    assert frame["resolved"].to_list() == [0, 0, 0, 1]
    assert frame["on_time_rate_ii06"].to_list() == [None, None, None, 1.0]
    assert frame["on_time_rate_ii06_n"].to_list() == [0, 0, 0, 1]


def test_dossiers_of_split_old_units_count_for_the_province_and_in_a_row_of_their_own(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(), dossier(commune_code=None, old_code="08732")])
    assert compute(snapshot, ["received"], **JULY).item() == 2
    by_commune = dict(compute(snapshot, ["received"], ["commune"], **JULY).iter_rows())
    assert by_commune == {"08230": 0, "08521": 0, "08674": 0, "08740": 1, None: 1}


def test_without_such_dossiers_there_is_no_such_row(snapshot_of: Open) -> None:
    frame = compute(snapshot_of([dossier()]), ["received"], ["kind"], **JULY)
    assert dict(frame.iter_rows()) == {"ward": 1, "commune": 0}


def test_two_dimensions_print_every_commune_with_every_value_present(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(field="Chứng thực"), dossier(field="Hộ tịch", commune_code="08521")])
    frame = compute(snapshot, ["received"], ["field", "commune"], **JULY)
    assert len(frame) == 2 * len(COMMUNES)
    assert frame.filter(field="Hộ tịch", commune="08521")["received"].item() == 1
    assert frame["received"].sum() == 2


@pytest.mark.parametrize(
    ("dimension", "labels"),
    [
        ("week", ["2025-W27", "2025-W28", "2025-W29"]),
        ("month", ["2025-07"]),
        ("quarter", ["2025-Q3"]),
        ("report_month", ["2025-07", "2025-08"]),
    ],
)
def test_buckets_are_windows_of_their_own_and_none_begins_after_the_as_of_date(
    snapshot_of: Open, dimension: str, labels: list[str]
) -> None:
    snapshot = snapshot_of([dossier(received_at="2025-07-14 08:00"), dossier(received_at="2025-07-15 08:00")])
    dates = {"date_from": dt.date(2025, 7, 1), "date_to": dt.date(2025, 9, 30), "as_of": dt.date(2025, 7, 15)}
    frame = compute(snapshot, ["received", "carried_over", "pending"], [dimension], **dates)
    assert frame[dimension].to_list() == labels
    assert frame["received"].sum() == 2
    assert frame["pending"].to_list()[-1] == 2
    assert frame["carried_over"].to_list()[1:] == frame["pending"].to_list()[:-1]


def test_the_reporting_month_runs_from_the_15th_to_the_14th(snapshot_of: Open) -> None:
    days = ["2025-06-14", "2025-06-15", "2025-07-14", "2025-07-15"]
    snapshot = snapshot_of([dossier(received_at=f"{day} 08:00") for day in days])
    frame = compute(snapshot, ["received"], ["report_month"], date_to=dt.date(2025, 7, 31))
    assert dict(frame.iter_rows()) == {"2025-06": 1, "2025-07": 2, "2025-08": 1}


def test_what_happened_after_the_as_of_date_is_unknown(snapshot_of: Open) -> None:
    late = dossier(received_at="2025-07-01 08:00", due_at="2025-07-03", finished_at="2025-07-10 08:00")
    snapshot = snapshot_of([late])
    ids = ["resolved_late", "pending_in_term", "pending_late"]
    seen = {day: compute(snapshot, ids, **JULY, as_of=dt.date(2025, 7, day)).row(0) for day in (3, 4, 9, 10)}
    assert seen == {3: (0, 1, 0), 4: (0, 0, 1), 9: (0, 0, 1), 10: (1, 0, 0)}


def test_an_as_of_date_after_the_snapshots_own_adds_nothing(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(due_at="2025-10-05 17:00")], as_of="2025-09-30 18:00")
    assert compute(snapshot, ["pending_late"], as_of=dt.date(2025, 12, 31)).item() == 0


def test_early_on_time_and_late_compare_days_not_hours(snapshot_of: Open) -> None:
    snapshot = snapshot_of(
        [
            dossier(due_at="2025-07-03 11:30", finished_at="2025-07-03 17:00"),
            dossier(due_at="2025-07-03 17:00", finished_at="2025-07-02 17:00"),
            dossier(due_at="2025-07-03 17:00", finished_at="2025-07-04 07:30"),
            dossier(due_at=None, computed_due_at="2025-07-01", finished_at="2025-07-02 17:00"),
            dossier(due_at=None, computed_due_at=None, finished_at="2025-07-02 17:00"),
        ]
    )
    ids = ["resolved_early", "resolved_on_time", "resolved_late", "resolved_no_due"]
    assert compute(snapshot, ids, **JULY).row(0) == (1, 2, 2, 1)


def test_withdrawn_and_stopped_dossiers_close_without_being_resolved(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(status=status, finished_at="2025-07-02 09:00") for status in (7, 8, 10)])
    assert compute(snapshot, ["resolved", "closed_neutral", "pending"], **JULY).row(0) == (1, 2, 0)


def test_dossiers_not_yet_received_or_refused_count_nowhere(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(status=1, received_at=None), dossier(status=3)])
    assert compute(snapshot, ["received", "pending", "carried_over"], **JULY).row(0) == (0, 0, 0)


@pytest.mark.parametrize(
    ("requests", "requested_at", "answered_at", "good"),
    [
        (0, None, None, 0),  # late, plainly
        (1, "2025-07-03", None, 1),  # asked on the due date and still waiting: ended in time
        (1, "2025-07-04", None, 0),  # asked when it was late already
        (1, "2025-07-02", "2025-07-20", 1),  # the answer came only after the window
        (1, "2025-07-02", "2025-07-05", 0),  # answered, and late since
        (2, "2025-07-02", None, 0),  # asked more than once
    ],
)
def test_decision_766_lets_one_timely_supplement_request_stop_the_clock(
    snapshot_of: Open, requests: int, requested_at: str | None, answered_at: str | None, good: int
) -> None:
    waiting = dossier(
        received_at="2025-07-01 08:00",
        due_at="2025-07-03",
        status=5,
        supplement_requests=requests,
        supplement_requested_at=requested_at,
        supplement_answered_at=answered_at,
    )
    frame = compute(snapshot_of([waiting]), ["on_time_rate_766", "pending_late"], **JULY, as_of=dt.date(2025, 7, 10))
    assert frame["on_time_rate_766"].item() == good
    assert frame["pending_late"].item() == 1


@pytest.mark.parametrize(
    ("due_at", "answered_at", "again_at", "good"),
    [
        ("2025-07-03", None, None, 0),  # nobody knows when the second request was made
        ("2025-07-20", "2025-07-04", "2025-07-10", 0),  # asked again on the day itself
        ("2025-07-20", "2025-07-04", "2025-07-11", 1),  # not yet asked again, and in term
        ("2025-07-03", "2025-07-09", "2025-07-12", 0),  # not yet asked again, answered and late
        ("2025-07-03", "2025-07-11", "2025-07-12", 1),  # not yet asked again, waiting for the first answer
        ("2025-07-03", "2025-07-15", "2025-07-08", 0),  # asked again before the first answer
        ("2025-07-03", "2025-07-15", "2025-07-12", 1),  # will be asked again before the first answer
        (None, "2025-07-04", "2025-07-11", 1),  # nothing was promised, and not yet asked again
        (None, "2025-07-04", "2025-07-10", 0),
    ],
)
def test_decision_766_reads_a_dossier_by_its_first_request_until_the_second(
    snapshot_of: Open, due_at: str | None, answered_at: str | None, again_at: str | None, good: int
) -> None:
    asked_twice = dossier(
        received_at="2025-07-01 08:00",
        due_at=due_at,
        supplement_requests=2,
        supplement_requested_at="2025-07-02",
        supplement_answered_at=answered_at,
        repeat_supplement_requested_at=again_at,
    )
    rate = compute(snapshot_of([asked_twice]), "on_time_rate_766", **JULY, as_of=dt.date(2025, 7, 10))
    assert rate["on_time_rate_766"].item() == good


def test_decision_766_counts_a_dossier_asked_twice_as_late_once_it_is_closed(snapshot_of: Open) -> None:
    closed = dossier(
        due_at="2025-07-20",
        finished_at="2025-07-10 09:00",
        supplement_requests=2,
        supplement_requested_at="2025-07-02",
        supplement_answered_at="2025-07-03",
        repeat_supplement_requested_at="2025-07-08",
    )
    frame = compute(snapshot_of([closed]), "on_time_rate_766", "day", **JULY).filter(pl.col("on_time_rate_766_n") > 0)
    # In term from its receipt on 1 July to the day before the second request, not from then to its closing on the 10th.
    assert frame["on_time_rate_766"].to_list() == [1] * 7 + [0] * 3


def test_a_refused_online_filing_was_answered_by_the_refusal_and_counts(snapshot_of: Open) -> None:
    filings = [
        dossier(status=3, channel="online", submitted_at="2025-07-01 08:00", received_at=None, refused_at=refused_at)
        for refused_at in ("2025-07-01 16:00", "2025-07-03 09:00", None)
    ]
    frame = compute(snapshot_of(filings), "slow_reception_rate", **JULY)
    # A day and a half is slow, six and a half hours are not, and of the third nothing is known.
    assert frame.row(0)[:2] == (0.5, 2)


def test_a_window_without_a_working_day_says_nothing_about_the_days_of_backlog(snapshot_of: Open) -> None:
    weekend = {"date_from": dt.date(2025, 7, 5), "date_to": dt.date(2025, 7, 6)}
    snapshot = snapshot_of([dossier(), dossier(finished_at="2025-07-05 09:00")])
    assert compute(snapshot, "backlog_days", **weekend)["backlog_days"].item() is None
    assert compute(snapshot, "backlog_days", **JULY)["backlog_days"].item() == 23


def test_dossiers_of_split_old_units_count_for_the_people_of_the_whole_province(snapshot_of: Open) -> None:
    split = dossier(commune_code=None, old_code="00001")
    dossiers = [dossier(commune_code="08740"), dossier(commune_code="08521"), split]
    everyone = COMMUNES[:3]
    snapshot = snapshot_of(dossiers, communes=everyone)
    assert compute(snapshot, "per_1000_people", **JULY).item() == pytest.approx(1000 * 3 / 90_000)
    by_commune = dict(compute(snapshot, "per_1000_people", "commune", **JULY).iter_rows())
    assert by_commune == {"08740": pytest.approx(1 / 30), "08230": 0, "08521": pytest.approx(1 / 30), None: None}
    wards = compute(snapshot, "per_1000_people", filters=Filters(kind=("ward",)), **JULY)
    assert wards.item() == pytest.approx(1000 * 1 / 60_000)
    # A commune without a population: neither its dossiers nor those of which it may have a part.
    unknown = snapshot_of([*dossiers, dossier(commune_code="08674")], communes=COMMUNES)
    assert compute(unknown, "per_1000_people", **JULY).item() == pytest.approx(1000 * 2 / 90_000)


def test_processing_days_are_working_days_and_quantiles_interpolate(snapshot_of: Open) -> None:
    minutes = [480, 960, 1440, 2400]
    snapshot = snapshot_of([dossier(finished_at="2025-07-04 09:00", processing_minutes=value) for value in minutes])
    ids = ["processing_days_p50", "processing_days_p90", "processing_days_mean"]
    frame = compute(snapshot, ids, **JULY, exact=True)
    assert frame["processing_days_p50"].item() == pytest.approx(2.5)
    assert frame["processing_days_p90"].item() == pytest.approx(3 + 0.7 * 2)
    assert frame["processing_days_mean"].item() == pytest.approx(2.75)
    assert frame["processing_days_p50_n"].item() == 4


def test_elapsed_days_count_nights_and_days_off(snapshot_of: Open) -> None:
    weekend = dossier(received_at="2025-07-04 17:00", finished_at="2025-07-07 05:00")
    frame = compute(snapshot_of([weekend]), ["calendar_days_p50"], **JULY, exact=True)
    assert frame["calendar_days_p50"].item() == 2.5


def test_filters_narrow_both_the_dossiers_and_the_communes_printed(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(), dossier(commune_code="08521", channel="online")])
    frame = compute(
        snapshot, ["received"], ["commune"], filters=Filters(kind=("commune",), channel=("online",)), **JULY
    )
    assert dict(frame.iter_rows()) == {"08521": 1, "08674": 0}


def test_a_window_without_dates_starts_at_the_first_receipt(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(received_at="2025-08-05 08:00"), dossier(received_at="2025-09-01 08:00")])
    assert compute(snapshot, ["received"], ["month"])["month"].to_list() == ["2025-08", "2025-09"]


def test_an_empty_snapshot_answers_with_zeros(snapshot_of: Open) -> None:
    frame = compute(snapshot_of([]), ["received", "on_time_rate_766", "processing_days_p50", "throughput_days_p50"])
    assert frame["received"].item() == 0
    assert frame["on_time_rate_766"].item() is None
    assert frame["processing_days_p50"].item() is None
    assert frame["throughput_days_p50"].item() is None


@pytest.mark.parametrize(
    ("ids", "by", "dates", "message"),
    [
        (["recieved"], [], {}, "received"),
        (["xyz"], [], {}, "--list"),
        (["received"], ["shoe"], {}, "commune"),
        (["received"], ["field", "field"], {}, "một lần"),
        (["received"], [], {"date_from": dt.date(2025, 8, 1), "date_to": dt.date(2025, 7, 1)}, "01/08/2025"),
        (["received"], [], {"date_from": dt.date(2025, 10, 1)}, "30/09/2025"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(
    snapshot_of: Open, ids: list[str], by: list[str], dates: dict[str, dt.date], message: str
) -> None:
    with pytest.raises(CallError, match=message):
        compute(snapshot_of([dossier()]), ids, by, **dates)


def test_names_stand_in_the_order_of_the_vietnamese_alphabet(snapshot_of: Open) -> None:
    fields = ["Đất đai", "Nông nghiệp", "Chứng thực", "Hộ tịch", None]
    rows = [dossier(field=field, received_at="2025-07-01 08:00") for field in fields]
    answer = compute(snapshot_of(rows), ["received"], by=["field"])
    assert answer["field"].to_list() == ["Chứng thực", "Đất đai", "Hộ tịch", "Nông nghiệp", None]
