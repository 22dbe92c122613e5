"""Empirical-Bayes rates: a published example, its limits, and the truth of simulated units."""

from __future__ import annotations

import numpy as np
import pytest

from indicators.shrinkage import shrink

# Efron and Morris, "Stein's paradox in statistics" (Scientific American, 1977): hits of 18 batters in their first 45
# times at bat of 1970, their average over the rest of the season, and James and Stein's estimates from the 45.
HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
REST = [346, 298, 276, 222, 273, 270, 263, 210, 269, 230, 264, 256, 303, 264, 226, 286, 316, 200]
JAMES_STEIN = [290, 286, 281, 277, 273, 273, 268, 264, 259, 259, 254, 254, 254, 254, 254, 249, 244, 239]


def test_the_batters_of_efron_and_morris_come_out_as_published() -> None:
    hits, tries = np.array(HITS, dtype=float), np.full(18, 45.0)
    found = shrink(hits, tries)
    assert found.centre == pytest.approx(0.265, abs=0.001)
    # Another estimator of the same thing: with as few as 18 units the likelihood pulls a little harder.
    assert found.value == pytest.approx(np.array(JAMES_STEIN) / 1000, abs=0.021)
    assert np.corrcoef(found.value, JAMES_STEIN)[0, 1] > 0.999
    truth = np.array(REST) / 1000
    assert np.sum((found.value - truth) ** 2) < np.sum((hits / tries - truth) ** 2) / 2


def test_a_small_unit_moves_further_than_a_large_one_at_the_same_rate() -> None:
    hits = np.array([900.0, 880.0, 950.0, 8.0, 800.0])
    tries = np.array([1_000.0, 1_000.0, 1_000.0, 10.0, 1_000.0])
    found = shrink(hits, tries)
    assert abs(found.value[4] - 0.8) < 0.01
    assert found.value[3] > 0.84
    assert (found.low < found.value).all()
    assert (found.value < found.high).all()


def test_units_without_dossiers_have_no_rate_and_do_not_matter() -> None:
    found = shrink(np.array([9.0, 0.0, 8.0]), np.array([10.0, 0.0, 10.0]))
    without = shrink(np.array([9.0, 8.0]), np.array([10.0, 10.0]))
    assert np.isnan([found.value[1], found.low[1], found.high[1]]).all()
    assert found.value[[0, 2]] == pytest.approx(without.value)
    assert np.isnan(shrink(np.zeros(2), np.zeros(2)).value).all()


def test_equal_units_are_told_to_be_equal() -> None:
    random = np.random.default_rng(2)
    tries = random.integers(30, 400, size=120).astype(float)
    found = shrink(random.binomial(tries.astype(int), 0.93).astype(float), tries)
    assert found.value.std() < 0.006


def test_perfect_units_give_finite_bounds() -> None:
    found = shrink(np.full(5, 50.0), np.full(5, 50.0))
    assert np.isfinite([found.value, found.low, found.high]).all()
    assert (found.value > 0.97).all()


def test_intervals_hold_the_true_rates_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(3)
    held, error_raw, error_shrunk = [], 0.0, 0.0
    for _province in range(20):
        truth = random.beta(0.92 * 60, 0.08 * 60, size=120)
        tries = random.integers(10, 600, size=120).astype(float)
        hits = random.binomial(tries.astype(int), truth).astype(float)
        found = shrink(hits, tries)
        held.append(np.mean((found.low <= truth) & (truth <= found.high)))
        error_raw += float(np.sum((hits / tries - truth) ** 2))
        error_shrunk += float(np.sum((found.value - truth) ** 2))
    # Measured 0.949; and about half of the raw rates' squared error.
    assert 0.93 < np.mean(held) < 0.97
    assert error_shrunk < 0.75 * error_raw
