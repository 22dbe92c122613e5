"""Change points of a series: where its level moved, proposed as events, with how sure that is.

The largest of all weighted differences between before and after is set against what chance gives: the same values in
random order, many times (a permutation test, so that neither a distribution nor the spread need be known). Values that
follow their neighbours are allowed for by the autocorrelation left around the two levels. Found points split the series
and each side is searched again (binary segmentation; Vostrikova 1981), at half the level.

The range in which the change lies is that of the likelihood ratio (Hansen, "Sample splitting and threshold estimation",
Econometrica 68 (2000): -2 log(1 - sqrt(0.95)) = 7.35).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from indicators.statistics import Floats

# Weeks on each side of a change: fewer do not make a level.
LEAST_SIDE = 5
# Chance of proposing a change in a series without one: measured 4 % where values do not follow one another, 9 and 10 %
# where each week keeps three or five tenths of the last one's deviation (600 series of 60 weeks each).
ALARM = 0.04
_ORDERS = 999
_SEED = 20250701
_RANGE = 7.35


@dataclass(frozen=True, kw_only=True)
class Break:
    """The level changed before value `index`, and most surely before one of `earliest` to `latest`."""

    index: int
    earliest: int
    latest: int
    before: float
    after: float
    p_value: float


def breaks(values: Floats, weights: Floats, *, alarm: float = ALARM) -> list[Break]:
    """The change points in order; `weights` say how much each value is worth (cases; above 0). Deterministic."""
    values, weights = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if len(values) != len(weights) or (weights <= 0).any() or not np.isfinite(values).all():
        raise ValueError("every value needs a weight above 0")
    return _search(values, weights, 0, alarm, np.random.default_rng(_SEED))


def _search(values: Floats, weights: Floats, offset: int, alarm: float, generator: np.random.Generator) -> list[Break]:
    if len(values) < 2 * LEAST_SIDE or np.ptp(values) == 0:
        return []
    split = _splits(values[None, :], weights[None, :])[0]
    place = int(np.argmax(split))
    index = place + LEAST_SIDE
    order = generator.permuted(np.tile(np.arange(len(values)), (_ORDERS, 1)), axis=1)
    by_chance = _splits(values[order], weights[order]).max(axis=1)
    left, right = slice(None, index), slice(index, None)
    levels = [float(np.average(values[side], weights=weights[side])) for side in (left, right)]
    residuals = np.concatenate([values[left] - levels[0], values[right] - levels[1]])
    found = split[place] / _following(values, weights, index)
    p_value = (1 + int((by_chance >= found).sum())) / (_ORDERS + 1)
    if p_value > alarm:
        return []
    spread = float((weights * residuals**2).sum() / (len(values) - 2))
    total = float((weights * (values - np.average(values, weights=weights)) ** 2).sum() / (len(values) - 1))
    gain = split * total / max(spread, 1e-300)
    near = np.flatnonzero(gain >= gain[place] - _RANGE) + LEAST_SIDE
    here = Break(
        index=offset + index,
        earliest=offset + int(near[0]),
        latest=offset + int(near[-1]),
        before=levels[0],
        after=levels[1],
        p_value=p_value,
    )
    before = _search(values[left], weights[left], offset, alarm / 2, generator)
    after = _search(values[right], weights[right], offset + index, alarm / 2, generator)
    return [*before, here, *after]


def _splits(values: Floats, weights: Floats) -> Floats:
    """Each row's weighted sum of squares between the two sides of each split, over the row's variance."""
    whole = weights.sum(axis=1, keepdims=True)
    centred = values - (weights * values).sum(axis=1, keepdims=True) / whole
    variance = (weights * centred**2).sum(axis=1, keepdims=True) / (values.shape[1] - 1)
    inside = slice(LEAST_SIDE - 1, values.shape[1] - LEAST_SIDE)
    left = np.cumsum(weights, axis=1)[:, inside]
    sums = np.cumsum(weights * centred, axis=1)[:, inside]
    return np.asarray(sums**2 * whole / (left * (whole - left)) / np.maximum(variance, 1e-300))


def _following(values: Floats, weights: Floats, index: int) -> float:
    """How many times as large the variance of a mean is where values follow their neighbours (an AR(1) process).

    Measured around up to four levels, so that a second change is not taken for values that follow one another.
    """
    edges = [0, index, len(values)]
    for starts, ends in ((0, index), (index, len(values))):
        if ends - starts >= 2 * LEAST_SIDE:
            part = slice(starts, ends)
            edges.append(starts + LEAST_SIDE + int(np.argmax(_splits(values[None, part], weights[None, part])[0])))
    edges.sort()
    sides = [slice(starts, ends) for starts, ends in pairwise(edges)]
    residuals = np.concatenate([values[side] - np.average(values[side], weights=weights[side]) for side in sides])
    scaled = residuals * np.sqrt(weights)
    near = float((scaled[1:] * scaled[:-1]).sum() / max(float((scaled**2).sum()), 1e-300))
    # The estimate is too low by about (1 + 3 rho) / n (Kendall 1954), and by 1 / n for each level taken off more.
    near = min(max(near + (len(sides) + 3 * max(near, 0)) / len(values), 0.0), 0.8)
    return (1 + near) / (1 - near)
