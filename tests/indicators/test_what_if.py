"""Estimates of what might be: small cases by hand, the planted delegation of the simulator, a mix that only moves."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable

import pytest

from etl.build import build
from etl.simulate import simulate
from indicators import resolve_window
from indicators.filters import Filters
from indicators.queueing import mean_wait
from indicators.reception_desk import LEAST_FILINGS, one_more_officer
from indicators.what_if import LEAST_CASES, online_shift, step_delegated
from indicators.windows import Window
from tests.builders import Row, dossier
from warehouse import Snapshot, open_snapshot

WINDOW = Window(dt.date(2025, 7, 1), dt.date(2025, 9, 30))
Open = Callable[..., Snapshot]


def log(row: Row, *steps: tuple[str, str]) -> list[Row]:
    return [
        {
            "dossier_id": row["dossier_id"],
            "step": number,
            "at": f"2025-07-{at}",
            "activity": activity,
            "status": None,
            "unit": None,
            "actor_key": None,
        }
        for number, (activity, at) in enumerate(steps, start=1)
    ]


# ---- a step handed down ----------------------------------------------------------------------------------------------


def test_without_a_step_its_wait_is_gone_and_a_dossier_that_waited_only_for_it_is_in_time(snapshot_of: Open) -> None:
    waits = dossier(received_at="2025-07-01 08:00", finished_at="2025-07-02 09:00", due_at="2025-07-01 17:00")
    never = dossier(received_at="2025-07-01 08:00", finished_at="2025-07-01 10:00", due_at="2025-07-01 17:00")
    hopeless = dossier(received_at="2025-07-01 08:00", finished_at="2025-07-08 08:00", due_at="2025-07-01 17:00")
    events = [
        # 08:30 to 08:00 the next day: seven and a half working hours.
        *log(waits, ("Nhận", "01 08:00"), ("Trình", "01 08:30"), ("Ký", "02 08:00"), ("Trả", "02 09:00")),
        *log(never, ("Nhận", "01 08:00"), ("Trả", "01 10:00")),
        *log(hopeless, ("Nhận", "01 08:00"), ("Ký", "01 09:00"), ("Trả", "08 08:00")),
    ]
    found = step_delegated(snapshot_of([waits, never, hopeless], events=events), WINDOW, "Ký")
    assert found is not None
    assert (found.n, found.with_step, found.late, found.late_then) == (3, 2, 2, 1)
    assert found.hours == pytest.approx((9.0 + 2.0 + 40.0) / 3)
    assert found.saved == pytest.approx((7.5 + 0.0 + 1.0) / 3)
    assert found.saved_low <= found.saved <= found.saved_high


def test_a_step_that_nobody_took_cannot_be_handed_down(snapshot_of: Open) -> None:
    row = dossier(finished_at="2025-07-01 16:00")
    snapshot = snapshot_of([row], events=log(row, ("Nhận", "01 08:00")))
    assert step_delegated(snapshot, WINDOW, "Ký") is None
    assert step_delegated(snapshot, WINDOW, "Nhận") is None


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, dict[str, str]]:
    """A simulated province in which signing certifications was handed down in one commune, and when that was."""
    folder = tmp_path_factory.mktemp("simulated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THONGSUOT_KEY_FILE", str(folder / "hash.key"))
        simulate(folder / "files", dossiers=20_000, clean=True)
        build(folder / "files" / "province.toml", folder / "warehouse")
    planted = json.loads((folder / "files" / "planted.json").read_text(encoding="utf-8"))["changes"]
    (handed_down,) = (change for change in planted if change["cause"].startswith("Ủy quyền ký chứng thực"))
    return open_snapshot(folder / "warehouse"), handed_down


def test_handing_down_the_signature_saves_about_what_was_estimated_before_it_was_done(
    simulated: tuple[Snapshot, dict[str, str]],
) -> None:
    snapshot, change = simulated
    filters = Filters(commune=(change["commune_code"],), field=("Chứng thực",))
    handed_down, whole = dt.date.fromisoformat(change["date"]), resolve_window(snapshot)
    before, after = (
        step_delegated(snapshot, Window(starts, ends), "Ký duyệt", filters=filters)
        for starts, ends in (
            (whole.starts, handed_down - dt.timedelta(1)),
            (handed_down + dt.timedelta(7), whole.ends),
        )
    )
    assert before is not None
    assert after is not None
    gained = before.hours - after.hours
    # The most that handing down can save; signing more often still leaves a short wait.
    assert 0.5 * before.saved < gained < before.saved_high + 0.5


# ---- one more officer ------------------------------------------------------------------------------------------------


def filings(count: int, *, waited: int) -> list[Row]:
    """One filing each working half-hour from 1 July 2025 on, received so many minutes later."""
    rows = []
    at = dt.datetime(2025, 7, 1, 8)
    for _number in range(count):
        rows.append(
            dossier(
                channel="online", submitted_at=at, received_at=at + dt.timedelta(minutes=waited), commune_code="08521"
            )
        )
        at += dt.timedelta(minutes=30)
        if at.hour >= 11:
            at = dt.datetime.combine(at.date() + dt.timedelta(days=1 if at.weekday() < 4 else 3), dt.time(8))
    return rows


def test_the_measured_desk_is_what_the_register_says(snapshot_of: Open) -> None:
    found = one_more_officer(snapshot_of(filings(60, waited=20)), WINDOW, service_hours=1.0)
    row = found.row(0, named=True)
    assert found.height == 1
    assert (row["commune"], row["officers"], row["n"]) == ("08521", 3, 60)
    assert row["wait"] == pytest.approx(1 / 3)
    working_hours = 66 * 8
    assert row["arrivals_per_hour"] == pytest.approx(60 / working_hours, rel=0.05)
    expected = [
        mean_wait(
            arrivals=row["arrivals_per_hour"],
            service=1.0,
            servers=servers,
            arrival_cv2=row["arrival_cv2"],
            service_cv2=row["service_cv2"],
        )
        for servers in (3, 4)
    ]
    assert [row["queue"], row["queue_then"]] == pytest.approx(expected)
    # With so few filings only impossibly slow work would explain the wait.
    assert row["service"] > 2
    assert row["then"] is None


def test_filings_that_meet_nobody_are_told_from_those_that_wait_behind_others(snapshot_of: Open) -> None:
    def filed(day: int, *waits: tuple[str, str]) -> list[Row]:
        return [
            dossier(
                commune_code="08521",
                channel="online",
                submitted_at=f"2025-07-{day:02} {submitted}",
                received_at=f"2025-07-{day:02} {received}",
            )
            for submitted, received in waits
        ]

    days = [day for day in range(1, 32) if dt.date(2025, 7, day).weekday() < 5]
    # Each day one before opening, one behind it, and two that meet nobody, for half an hour and for one and a half.
    rows = [
        row
        for day in days
        for row in filed(day, ("06:00", "08:30"), ("08:00", "09:30"), ("10:00", "10:30"), ("13:30", "15:00"))
    ]
    row = one_more_officer(snapshot_of(rows), WINDOW).row(0, named=True)
    assert row["alone_n"] == 2 * len(days)
    assert row["alone"] == pytest.approx(1.0)
    n = 2 * len(days)
    assert row["service_cv2"] == pytest.approx(0.25 * n / (n - 1))


def test_filings_that_meet_nobody_wait_as_long_as_the_simulator_lets_an_inbox_lie(
    simulated: tuple[Snapshot, dict[str, str]],
) -> None:
    found = one_more_officer(simulated[0], resolve_window(simulated[0])).drop_nulls("alone")
    # etl/simulate/process.py: lognormal about an hour, and six in a thousand for 8 to 30 hours.
    sigma = 0.95
    expected = math.exp(sigma**2 / 2) + 0.006 * 19
    measured = float((found["alone"] * found["alone_n"]).sum()) / float(found["alone_n"].sum())
    assert measured == pytest.approx(expected, rel=0.15)
    # No line of people makes this wait, so the formula with the measured variability finds none.
    assert (found["queue"] < 0.05 * found["wait"]).all()


def test_few_filings_or_no_known_officers_give_no_estimate(snapshot_of: Open) -> None:
    assert one_more_officer(snapshot_of(filings(LEAST_FILINGS - 1, waited=20)), WINDOW).is_empty()
    unknown = [row | {"commune_code": "08674"} for row in filings(LEAST_FILINGS, waited=20)]
    assert one_more_officer(snapshot_of(unknown), WINDOW).is_empty()


# ---- more filed online -----------------------------------------------------------------------------------------------


def handled(count: int, *, channel: str, late: int, procedure: str = "2.000815") -> list[Row]:
    return [
        dossier(
            channel=channel,
            procedure_code=procedure,
            due_at="2025-07-03",
            finished_at="2025-07-04 08:00" if number < late else "2025-07-02 08:00",
        )
        for number in range(count)
    ]


def test_those_who_move_fare_like_those_who_already_file_online(snapshot_of: Open) -> None:
    rows = handled(40, channel="online", late=0) + handled(60, channel="in_person", late=30)
    found = online_shift(snapshot_of(rows), WINDOW, 0.7)
    assert found is not None
    assert (found.n, found.share, found.movable) == (100, 0.4, 1.0)
    assert found.share_then == pytest.approx(0.7)
    assert found.value == pytest.approx(0.7)
    # Thirty move: fifteen of them were late at the counter, none is online.
    assert found.then == pytest.approx(0.85)
    assert found.low < found.then < found.high


def test_only_procedures_with_both_ways_move_and_the_share_stays_below_what_was_asked(snapshot_of: Open) -> None:
    rows = handled(30, channel="online", late=0) + handled(30, channel="in_person", late=0)
    rows += handled(40, channel="in_person", late=40, procedure="1.001193")
    found = online_shift(snapshot_of(rows), WINDOW, 1.0)
    assert found is not None
    assert found.share_then == pytest.approx(0.6)
    assert found.movable == pytest.approx(0.6)
    assert found.difference == pytest.approx(0)


def test_too_few_cases_of_a_way_give_no_estimate(snapshot_of: Open) -> None:
    rows = handled(LEAST_CASES - 1, channel="online", late=0) + handled(50, channel="in_person", late=3)
    assert online_shift(snapshot_of(rows), WINDOW, 0.7) is None
    assert online_shift(snapshot_of([]), WINDOW, 0.7) is None
