"""Our few lines of statistics against packages that others wrote."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import test_poisson_2indep as poisson_2indep

from indicators.statistics import (
    between_variance,
    difference_interval,
    dispersion,
    false_discovery,
    mean_interval,
    quantile_ranks,
    rate_ratio_p,
    two_sided_p,
    wilson,
)
from indicators.throughput import Waits, survival_quantiles

shares = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares)
def test_wilson_agrees_with_statsmodels(share: tuple[int, int]) -> None:
    good, n = share
    low, high = wilson(np.array([float(good)]), np.array([float(n)]))
    assert (low[0], high[0]) == pytest.approx(proportion_confint(good, n, method="wilson"), abs=1e-12)


def test_wilson_of_the_three_communes_in_the_sources() -> None:
    low, high = wilson(np.array([285.353, 0.0]), np.array([294.0, 146.0]))
    assert (low[0], high[0]) == pytest.approx((0.943, 0.984), abs=0.002)
    assert high[1] == pytest.approx(0.026, abs=0.0005)


@given(shares, shares)
def test_the_difference_of_two_rates_has_newcombes_interval(one: tuple[int, int], two: tuple[int, int]) -> None:
    estimates = []
    for good, n in (one, two):
        low, high = wilson(np.array([float(good)]), np.array([float(n)]))
        estimates.append((np.array([good / n]), low, high))
    difference, low, high = difference_interval(*estimates)
    assert difference[0] == pytest.approx(one[0] / one[1] - two[0] / two[1])
    expected = confint_proportions_2indep(one[0], one[1], two[0], two[1], method="newcomb")
    assert (low[0], high[0]) == pytest.approx(expected, abs=1e-9)


@given(st.floats(-1, 1), st.floats(0.001, 1), st.floats(0.001, 1))
def test_the_p_value_is_below_5_percent_exactly_where_the_interval_leaves_out_0(
    value: float, below: float, above: float
) -> None:
    low, high = np.array([value - below]), np.array([value + above])
    p_value = two_sided_p(np.array([value]), low, high)[0]
    assert (p_value < 0.05) == (low[0] > 0 or high[0] < 0)


@given(st.lists(st.integers(0, 10_000), min_size=5, max_size=50))
def test_the_interval_of_a_mean_is_students_on_the_logarithm(minutes: list[int]) -> None:
    values = np.array(minutes, dtype=float)
    sums = (np.array([float(len(values))]), np.array([values.sum()]), np.array([(values**2).sum()]))
    mean, low, high = (part[0] for part in mean_interval(*sums))
    assert mean == pytest.approx(values.mean())
    if mean > 0:
        error = stats.sem(values) / values.mean()
        expected = np.exp(stats.t.interval(0.95, len(values) - 1, loc=np.log(values.mean()), scale=max(error, 1e-12)))
        assert (low, high) == pytest.approx(tuple(expected), rel=1e-4)
    assert 0 <= low <= mean <= high


def test_a_mean_of_nothing_is_unknown_of_four_without_interval_and_of_zeros_certain() -> None:
    mean, low, high = mean_interval(np.array([0.0, 4.0, 6.0]), np.array([0.0, 8.0, 0.0]), np.array([0.0, 16.0, 0.0]))
    np.testing.assert_array_equal(mean, [np.nan, 2.0, 0.0])
    np.testing.assert_array_equal(low, [np.nan, np.nan, 0.0])
    np.testing.assert_array_equal(high, [np.nan, np.nan, 0.0])


@pytest.mark.parametrize("probability", [0.5, 0.9])
def test_the_order_statistics_enclose_the_quantile_at_least_95_times_in_100(probability: float) -> None:
    n = np.arange(60, 400)
    low, high = quantile_ranks(n, probability)
    enclosed = stats.binom.cdf(high - 1, n, probability) - stats.binom.cdf(low - 1, n, probability)
    assert enclosed.min() >= 0.95


lifetimes = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60)


@given(lifetimes, st.sampled_from([0.5, 0.9]))
@settings(max_examples=200)
def test_times_to_result_agree_with_statsmodels(lives: list[tuple[int, bool]], probability: float) -> None:
    lives = sorted(lives)
    times, is_event = np.array([float(time) for time, _event in lives]), np.array([event for _time, event in lives])
    value, low, high = survival_quantile(times, is_event, probability)
    peer = SurvfuncRight(times, is_event.astype(int))
    assert value == pytest.approx(_peer_quantile(peer, probability), nan_ok=True)
    assert not low > value
    assert not high < value


def survival_quantile(times: np.ndarray, is_event: np.ndarray, probability: float) -> tuple[float, float, float]:
    """Of one cell between two others, in order of time; times are whole numbers."""
    cell = np.concatenate([[0], np.ones(len(times), dtype=int), [2, 2]])
    values, events = (
        np.concatenate([[3], times, [1, 2]]).astype(int),
        np.concatenate([[1], is_event, [1, 0]]).astype(int),
    )
    waits = Waits(cell, values, np.ones_like(values), events, 1 - events, 1)
    found = survival_quantiles(waits, np.array([0, 1, 1 + len(times)]), probability)
    value, low, high = (float(part[1]) for part in found)
    return value, low, high


def _peer_quantile(peer: SurvfuncRight, probability: float) -> float:
    # statsmodels takes the first time with a curve strictly below; with a tie the curve is flat on the quantile.
    reached = np.flatnonzero(peer.surv_prob <= 1 - probability + 1e-12)
    return float(peer.surv_times[reached[0]]) if len(reached) else float("nan")


def test_the_interval_of_a_median_time_agrees_with_statsmodels() -> None:
    random = np.random.default_rng(7)
    times = np.sort(np.round(random.exponential(500, 400)))
    is_event = random.random(400) < 0.7
    _value, low, high = survival_quantile(times, is_event, 0.5)
    expected = SurvfuncRight(times, is_event.astype(int)).quantile_ci(0.5, method="cloglog")
    assert (low, high) == pytest.approx(expected)


@given(st.integers(0, 200), st.integers(1, 200), st.integers(1, 60), st.integers(1, 60))
def test_two_counts_are_compared_exactly_where_nothing_but_chance_varies(
    count: int, reference: int, days: int, reference_days: int
) -> None:
    expected = poisson_2indep(count, days, reference, reference_days, method="exact-cond").pvalue
    assert rate_ratio_p(count, days, reference, reference_days, 1.0) == pytest.approx(expected, abs=1e-9)


def test_counts_that_vary_by_themselves_need_a_larger_difference() -> None:
    steady, restless = rate_ratio_p(1100, 20, 1000, 20, 1.0), rate_ratio_p(1100, 20, 1000, 20, 9.0)
    assert steady < 0.05 < restless


def test_dispersion_is_1_by_chance_and_grows_with_the_spread() -> None:
    days = np.ones(4)
    assert dispersion([np.array([10.0, 10.0, 10.0, 10.0])], [days]) == 1.0
    # Pearson: (5² + 5² + 5² + 5²) / 10 over three degrees of freedom.
    assert dispersion([np.array([5.0, 15.0, 5.0, 15.0])], [days]) == pytest.approx(10 / 3)
    assert dispersion([np.array([5.0, 15.0])], [np.array([1.0, 3.0])]) == 1.0


def test_variation_between_units_is_found_where_it_is_and_not_where_it_is_not() -> None:
    random = np.random.default_rng(3)
    errors = np.full(200, 0.02)
    assert between_variance(random.normal(0, 0.9, 200), errors) == 0
    spread = np.sqrt(errors**2 + 0.05**2)
    scores = random.normal(0, 1, 200) * spread / errors
    assert np.sqrt(between_variance(scores, errors)) == pytest.approx(0.05, rel=0.25)


def test_adjusted_p_values_are_benjamini_and_hochbergs() -> None:
    assert false_discovery(np.array([0.01, 0.02, 0.03, 0.8])) == pytest.approx([0.04, 0.04, 0.04, 0.8])
