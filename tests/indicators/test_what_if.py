"""Estimates of what might be: small cases by hand, the planted delegation of the simulator, a mix that only moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from etl.build import build
from etl.simulate import simulate
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
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A simulated province in which signing certifications was handed down in one commune on a known day."""
    folder = tmp_path_factory.mktemp("simulated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THONGSUOT_KEY_FILE", str(folder / "hash.key"))
        simulate(folder / "files", dossiers=20_000, clean=True)
        build(folder / "files" / "province.toml", folder / "warehouse")
    return open_snapshot(folder / "warehouse")


def test_handing_down_the_signature_saves_about_what_was_estimated_before_it_was_done(simulated: Snapshot) -> None:
    filters = Filters(commune=("08782",), field=("Chứng thực",))
    handed_down = dt.date(2026, 4, 20)
    before = step_delegated(
        simulated, Window(dt.date(2025, 7, 1), handed_down - dt.timedelta(1)), "Ký duyệt", filters=filters
    )
    after = step_delegated(
        simulated, Window(handed_down + dt.timedelta(7), dt.date(2026, 11, 19)), "Ký duyệt", filters=filters
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
        mean_wait(arrivals=row["arrivals_per_hour"], service=1.0, servers=servers, arrival_cv2=row["arrival_cv2"])
        for servers in (3, 4)
    ]
    assert [row["queue"], row["queue_then"]] == pytest.approx(expected)
    # With so few filings only impossibly slow work would explain the wait.
    assert row["service"] > 2
    assert row["then"] is None


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
