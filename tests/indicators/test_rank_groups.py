"""Ranks with their uncertainty: what is said of an order holds as often as it is claimed, in worlds of known truth."""

from __future__ import annotations

import numpy as np
import pytest

from indicators.rank_groups import APART, rank_rates, rank_values


def true_ranks(truth: np.ndarray) -> np.ndarray:
    return np.asarray(1 + np.argsort(np.argsort(-truth)))


@pytest.mark.parametrize("size", [30.0, 150.0, 2_000.0])
def test_rank_intervals_of_rates_hold_the_true_rank_in_95_of_100_cases(size: float) -> None:
    random = np.random.default_rng(1)
    held, claims, true_claims = [], 0, 0
    for _world in range(8):
        truth = random.beta(0.93 * size, 0.07 * size, 100)
        n = random.integers(30, 1_500, 100).astype(float)
        found = rank_rates(random.binomial(n.astype(int), truth).astype(float), n, draws=500)
        rank = true_ranks(truth)
        held.append(np.mean((found.rank_low <= rank) & (rank <= found.rank_high)))
        for number, head in enumerate(found.heads, start=1):
            below = truth[found.group > number]
            claims, true_claims = claims + len(below), true_claims + int((below < truth[head]).sum())
    assert 0.93 <= np.mean(held) <= 0.985
    # Every unit of a later group is said to lie below the heads of all groups before; measured 99 % and more.
    assert true_claims >= APART * claims


def test_units_that_differ_much_come_out_in_their_order_each_in_a_group_of_its_own() -> None:
    n = np.full(4, 20_000.0)
    found = rank_rates(n * np.array([0.7, 0.95, 0.8, 0.6]), n)
    assert found.rank_low.tolist() == found.rank_high.tolist() == found.group.tolist() == [3, 1, 2, 4]
    assert found.heads == (1, 2, 0, 3)


def test_where_less_is_better_the_lowest_comes_first() -> None:
    n = np.full(3, 20_000.0)
    found = rank_rates(n * np.array([0.3, 0.1, 0.2]), n, higher_is_better=False)
    assert found.group.tolist() == [3, 1, 2]


def test_units_of_one_process_are_one_group() -> None:
    random = np.random.default_rng(2)
    n = random.integers(50, 400, 100).astype(float)
    found = rank_rates(random.binomial(n.astype(int), 0.9).astype(float), n)
    assert set(found.group) == {1}
    assert np.mean(found.rank_high - found.rank_low) > 80


def test_a_small_unit_has_the_benefit_of_the_doubt() -> None:
    """Five of eight is low, but may be chance: it is not said to lie below the first."""
    hits, n = np.array([970.0, 960.0, 850.0, 840.0, 5.0]), np.array([1_000.0, 1_000.0, 1_000.0, 1_000.0, 6.0])
    found = rank_rates(hits, n)
    assert found.group.tolist()[:4] == [1, 1, 2, 2]
    assert found.group[4] == 1


def test_values_with_intervals_are_ranked_in_the_same_way() -> None:
    random = np.random.default_rng(3)
    held = []
    for _world in range(12):
        truth = 5 + 2 * random.standard_normal(80)
        error = random.uniform(0.3, 1.5, 80)
        seen = truth + error * random.standard_normal(80)
        found = rank_values(seen, seen - 1.96 * error, seen + 1.96 * error, higher_is_better=False, draws=800)
        rank = true_ranks(-truth)
        held.append(np.mean((found.rank_low <= rank) & (rank <= found.rank_high)))
    assert 0.92 <= np.mean(held) <= 0.985


def test_no_units_have_no_ranks() -> None:
    nothing = np.array([])
    assert rank_rates(nothing, nothing).heads == ()
    assert rank_values(nothing, nothing, nothing).group.tolist() == []
