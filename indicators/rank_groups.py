"""What can be said of an order of units: the ranks that chance allows each, and groups that cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.shrinkage import shrink
from indicators.statistics import CONFIDENCE, Floats, Z

DRAWS = 2_000
# How sure it must be that a unit lies below the head of a group to stand in a later one.
APART = 0.5 + CONFIDENCE / 2
_SEED = 766
# Less than this is no difference.
LEAST_VARIANCE = 1e-5


@dataclass(frozen=True, kw_only=True)
class RankGroups:
    """One entry a unit: the `value` with its bounds, the ranks (1: best) and the group (1: first).

    Of rates the value is the shrunken one. `rank_low` and `rank_high` enclose the true rank in 95 of 100 cases. A unit
    stands in the first group whose head it cannot be told apart from: it lies below the heads of all groups before with
    a probability of at least `APART`, and doubt is in its favour. `heads` are the places of the heads.
    """

    value: Floats
    low: Floats
    high: Floats
    rank_low: NDArray[np.int64]
    rank_high: NDArray[np.int64]
    group: NDArray[np.int64]
    heads: tuple[int, ...]


def rank_rates(hits: Floats, n: Floats, *, higher_is_better: bool = True, draws: int = DRAWS) -> RankGroups:
    """Ranks and groups of rates of n > 0 dossiers each, from the posterior of the beta-binomial model (`shrink`)."""
    found = shrink(hits, n)
    generator = np.random.default_rng(_SEED)
    alpha = found.centre * found.prior_size + hits
    beta = (1 - found.centre) * found.prior_size + n - hits
    drawn = generator.beta(alpha[:, None], beta[:, None], (len(n), draws)) if len(n) else np.empty((0, draws))
    return _grouped(drawn, found.value, found.low, found.high, higher_is_better)


def rank_values(
    values: Floats, low: Floats, high: Floats, *, higher_is_better: bool = True, draws: int = DRAWS
) -> RankGroups:
    """The same of values with 95 % intervals on a scale on which they are about normal; values are not shrunken.

    Only the draws are pulled to the mean of all: a few units far off would not fit a normal curve.
    """
    error = (high - low) / (2 * Z)
    noise = np.random.default_rng(_SEED).standard_normal((len(values), draws)) * error[:, None]
    drawn = shrunken_draws(values, values[:, None] + noise, least_variance=1e-12)
    return _grouped(drawn, values, low, high, higher_is_better)


def shrunken_draws(points: Floats, samples: Floats, *, least_variance: float = LEAST_VARIANCE) -> Floats:
    """Draws (units × draws) of what repeats might give, pulled to the units' mean (empirical Bayes, normal).

    Raw draws would spread the units twice, once by chance in the data and once in the drawing.
    """
    units = len(points)
    if not units:
        return samples
    deviations = samples - samples.mean(axis=1, keepdims=True)
    variance = np.maximum(deviations.var(axis=1), least_variance)
    between = max(0.0, float(np.var(points, ddof=1) - variance.mean())) if units > 1 else 0.0
    mean = float(np.average(points, weights=1 / (variance + between)))
    kept = (between / (between + variance))[:, None]
    drawn = mean + kept * (points[:, None] - mean) + np.sqrt(kept) * deviations
    # Without a difference between units every order is as likely.
    noise = np.random.default_rng(_SEED).standard_normal(drawn.shape) * np.sqrt(least_variance)
    return np.asarray(drawn + noise)


def rank_bounds(drawn: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ranks (1: highest) that enclose those of 95 of 100 draws (units × draws)."""
    units, draws = drawn.shape
    if units == 0:
        return np.array([], np.int64), np.array([], np.int64)
    ranks = np.empty((units, draws), np.int64)
    order = np.argsort(-drawn, axis=0, kind="stable")
    np.put_along_axis(ranks, order, np.arange(1, units + 1)[:, None], axis=0)
    tail = (1 - CONFIDENCE) / 2
    low = np.quantile(ranks, tail, axis=1, method="lower")
    high = np.quantile(ranks, 1 - tail, axis=1, method="higher")
    return low.astype(np.int64), high.astype(np.int64)


def _grouped(drawn: Floats, value: Floats, low: Floats, high: Floats, higher_is_better: bool) -> RankGroups:
    signed = drawn if higher_is_better else -drawn
    rank_low, rank_high = rank_bounds(signed)
    best_first = np.argsort(-signed.mean(axis=1), kind="stable")
    group, heads = np.zeros(len(value), np.int64), []
    left = best_first
    while len(left):
        head = left[0]
        heads.append(int(head))
        is_below = (signed[left] < signed[head]).mean(axis=1) >= APART
        group[left[~is_below]] = len(heads)
        left = left[is_below]
    return RankGroups(
        value=value,
        low=low,
        high=high,
        rank_low=rank_low,
        rank_high=rank_high,
        group=group,
        heads=tuple(heads),
    )
