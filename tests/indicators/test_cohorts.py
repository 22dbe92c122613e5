"""Time to result by cohort: against statsmodels, against the catalogue's figures, and what may still change."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from indicators import Filters, compute
from indicators.cohorts import Cohort, cohorts, merged
from indicators.statistics import kaplan_meier
from indicators.windows import Window
from tests.builders import Row, dossier
from tests.indicators.conftest import Open

AS_OF = dt.date(2025, 9, 30)
AUGUST = Window(dt.date(2025, 8, 1), dt.date(2025, 8, 31))
SEPTEMBER = Window(dt.date(2025, 9, 1), AS_OF)


def cohort(lives: list[tuple[int, str]], *, window: Window = AUGUST) -> Cohort:
    """From pairs of whole days and what was seen last: `resolved`, `waiting` or `left`."""
    days = sorted({day for day, _seen in lives})
    counts = {
        name: np.array([sum((day, name) == life for life in lives) for day in days], dtype=float)
        for name in ("resolved", "waiting", "left")
    }
    return Cohort(window=window, as_of=AS_OF, days=np.array(days, dtype=float), **counts)


def received(day: int, *, finished: int | None = None, status: int | None = None, hour: int = 8) -> Row:
    """A dossier of September, received and finished at the same hour of the day."""
    ends = {} if finished is None else {"finished_at": f"2025-09-{finished:02d} {hour:02d}:00"}
    given_status = {} if status is None else {"status": status}
    return dossier(received_at=f"2025-09-{day:02d} {hour:02d}:00", **ends, **given_status)


waits = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["resolved", "waiting", "left"])), min_size=1, max_size=60
)


@given(waits)
def test_the_curve_and_its_band_agree_with_statsmodels(lives: list[tuple[int, str]]) -> None:
    found = cohort(lives)
    times = np.array([float(day) for day, _seen in lives])
    is_event = np.array([seen == "resolved" for _day, seen in lives])
    if not is_event.any():
        assert len(found.curve.moments) == 0
        return
    peer = SurvfuncRight(times, is_event.astype(int))
    np.testing.assert_allclose(found.curve.moments, peer.surv_times)
    np.testing.assert_allclose(found.curve.share, peer.surv_prob, atol=1e-12)
    inside = peer.surv_prob > 1e-9
    log_survival = np.log(peer.surv_prob[inside])
    spread = 1.959964 * peer.surv_prob_se[inside] / (peer.surv_prob[inside] * log_survival)
    np.testing.assert_allclose(found.curve.high[inside], peer.surv_prob[inside] ** np.exp(spread), rtol=1e-6)
    np.testing.assert_allclose(found.curve.low[inside], peer.surv_prob[inside] ** np.exp(-spread), rtol=1e-6)


def test_quantiles_and_their_intervals_agree_with_statsmodels() -> None:
    random = np.random.default_rng(7)
    times = np.sort(np.round(random.exponential(5, 400), 2))
    is_event = random.random(400) < 0.7
    days, places = np.unique(times, return_inverse=True)
    events, censored = (np.bincount(places, weights=mask).astype(np.float64) for mask in (is_event, ~is_event))
    curve = kaplan_meier(days, events, censored)
    peer = SurvfuncRight(times, is_event.astype(int))
    for probability in (0.25, 0.5, 0.8):
        value, low, high = curve.quantile(probability)
        assert value == pytest.approx(peer.quantile(probability))
        assert (low, high) == pytest.approx(peer.quantile_ci(probability, method="cloglog"))


@given(waits)
def test_finished_dossiers_alone_never_seem_slower(lives: list[tuple[int, str]]) -> None:
    for probability in (0.5, 0.9):
        found = cohort(lives).quantile(probability)
        if found.value is not None:
            assert found.naive is not None
            assert found.naive <= found.value


futures = st.lists(st.tuples(st.sampled_from(["resolved", "left", "waiting"]), st.integers(0, 40)), max_size=60)


@settings(max_examples=300)
@given(waits, futures, st.sampled_from([0.5, 0.9]))
def test_what_is_not_provisional_never_changes_whatever_becomes_of_the_open_dossiers(
    lives: list[tuple[int, str]], futures: list[tuple[str, int]], probability: float
) -> None:
    now = cohort(lives).quantile(probability)
    coming = iter(futures)
    later = []
    for day, seen in lives:
        becomes, further = next(coming, ("waiting", 0)) if seen == "waiting" else (seen, 0)
        later.append((day + further, becomes))
    if not now.is_provisional:
        assert cohort(later).quantile(probability).value == now.value


@pytest.mark.parametrize(
    ("lives", "is_provisional"),
    [
        ([(1, "resolved"), (2, "resolved"), (3, "resolved")], False),
        # It has waited longer than the median already.
        ([(1, "resolved"), (2, "resolved"), (9, "waiting")], False),
        # A result tomorrow would come before the median.
        ([(0, "waiting"), (2, "resolved"), (3, "resolved")], True),
        ([(1, "resolved"), (5, "waiting"), (5, "waiting")], True),
        # Nothing is open: never reached, and that is final.
        ([(1, "resolved"), (1, "left"), (5, "left"), (5, "left")], False),
    ],
    ids=["all finished", "open for long", "open for less", "not reached, open", "not reached, closed"],
)
def test_a_median_is_provisional_as_long_as_open_dossiers_can_move_it(
    lives: list[tuple[int, str]], is_provisional: bool
) -> None:
    assert cohort(lives).quantile(0.5).is_provisional == is_provisional


def test_a_cohort_whose_days_are_not_over_is_provisional() -> None:
    october = Window(dt.date(2025, 9, 29), dt.date(2025, 10, 5))
    assert cohort([(0, "resolved")] * 9, window=october).quantile(0.5).is_provisional


def test_the_last_cohort_says_the_same_as_the_catalogues_figures(snapshot_of: Open) -> None:
    """Both end on the as-of date there, so both know the same; times differ by less than a minute."""
    rows = [received(1 + number % 26, finished=min(30, 2 + number)) for number in range(24)]
    rows += [received(day) for day in (3, 10, 22, 29)] + [received(4, finished=9, status=7)]
    snapshot = snapshot_of(rows)
    (month,) = cohorts(snapshot, grain="month", window=SEPTEMBER)
    ids = ["throughput_days_p50", "throughput_days_p90"]
    frame = compute(snapshot, ids, date_from=SEPTEMBER.starts, date_to=SEPTEMBER.ends, exact=True)
    assert month.received == frame["throughput_days_p50_n"][0] == 29
    for probability, name in ((0.5, ids[0]), (0.9, ids[1])):
        found = month.quantile(probability)
        for value, column in ((found.value, name), (found.low, f"{name}_low"), (found.high, f"{name}_high")):
            expected = frame[column][0]
            assert (value is None) == (expected is None)
            if value is not None:
                assert value == pytest.approx(expected, abs=2 / 480)


def test_a_cohort_is_followed_past_its_own_days_and_only_to_the_as_of(snapshot_of: Open) -> None:
    snapshot = snapshot_of([received(1, finished=22), received(2, finished=3), received(3)])
    window = Window(dt.date(2025, 9, 1), dt.date(2025, 9, 7))
    (now,) = cohorts(snapshot, grain="week", window=window)
    (then,) = cohorts(snapshot, grain="week", window=window, as_of=dt.date(2025, 9, 21))
    assert (now.finished, now.open) == (2, 1)
    assert (then.finished, then.open) == (1, 2)
    # From Monday 01/09 to Monday 22/09: fifteen weekdays.
    assert now.days[now.resolved > 0].max() == pytest.approx(15)
    assert cohorts(snapshot, grain="week", window=SEPTEMBER, as_of=dt.date(2025, 8, 1)) == []


def test_status_1_and_3_are_in_no_cohort_and_filters_hold(snapshot_of: Open) -> None:
    rows = [received(1, finished=2), received(1, finished=2) | {"commune_code": "08521"}]
    rows += [received(1, status=1), received(1, status=3)]
    snapshot = snapshot_of(rows)
    assert [one.received for one in cohorts(snapshot, grain="month", window=SEPTEMBER)] == [2]
    kept = cohorts(snapshot, grain="month", window=SEPTEMBER, filters=Filters(commune=("08521",)))
    assert [one.received for one in kept] == [1]


def test_weeks_together_are_their_month(snapshot_of: Open) -> None:
    rows = [received(1 + number % 28, finished=min(30, 1 + number)) for number in range(28)] + [received(29)]
    snapshot = snapshot_of(rows)
    weeks = merged(cohorts(snapshot, grain="week", window=SEPTEMBER))
    (month,) = cohorts(snapshot, grain="month", window=SEPTEMBER)
    assert weeks.received == month.received == 29
    assert weeks.quantile(0.5).value == month.quantile(0.5).value
    frame = pl.DataFrame({"days": weeks.days, "resolved": weeks.resolved})
    assert frame.equals(pl.DataFrame({"days": month.days, "resolved": month.resolved}))


def test_a_province_without_dossiers_has_no_cohorts(snapshot_of: Open, tmp_path: Path) -> None:
    assert cohorts(snapshot_of([]), grain="month", window=SEPTEMBER) == []
