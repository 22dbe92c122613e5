"""Funnel plots: how far the rate of a unit of any size may lie from the common rate by chance and usual variation.

Source: Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24 (2005), for
the limits, the interpolation between whole dossiers and the additive variance between units. The mid-p value stands in
place of the exact one, which with few dossiers is stricter than it says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from indicators.statistics import Floats, between_variance

# 95 % and 99.8 %: about two and three standard deviations.
WARNING = float(special.ndtri(0.975))
ALARM = float(special.ndtri(0.999))
# Hits times misses over n from which the normal approximation serves.
LEAST_VARIANCE = 5


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """The rate of all units together (`centre`, of `total` dossiers) and the `between` variance on the arcsine scale.

    Units are part of the whole that they are set against, so that one with all dossiers cannot differ from it.
    """

    centre: float
    total: float
    between: float

    def limits(self, n: Floats, z: float) -> tuple[Floats, Floats]:
        """The rates below and above which `scores` leaves -z to z, for whole n; beyond 0 or 1 where no rate does."""
        needed = z * self._widening(n)
        low = _count_at(special.ndtr(-needed), n, self.centre) / n
        # The limit above is the one below of the misses.
        return low, 1 - _count_at(special.ndtr(-needed), n, 1 - self.centre) / n

    def scores(self, hits: Floats, n: Floats) -> Floats:
        """z-scores of units that are part of the whole."""
        return mid_p_scores(hits, n, np.full(len(n), self.centre)) / self._widening(n)

    def _widening(self, n: Floats) -> Floats:
        """What a score of the exact binomial is divided by: usual variation widens, a large share of all narrows."""
        part = np.clip(n / self.total, 0, 1 - 1e-9)
        return np.asarray(np.sqrt((1 - part) * (1 + self.between / _error(n, self.total) ** 2)))


def funnel(hits: Floats, n: Floats) -> Funnel:
    """The funnel of units with so many hits among n > 0 dossiers."""
    total = float(n.sum())
    centre = float(hits.sum() / total) if total else float("nan")
    # Without a hit or without a miss there is nothing that limits could be drawn from.
    centre = float(np.clip(centre, 0.5 / max(total, 1), 1 - 0.5 / max(total, 1)))
    is_large = (n * centre * (1 - centre) >= LEAST_VARIANCE) & (n < total)
    some, error = n[is_large], _error(n[is_large], total)
    difference = np.arcsin(np.sqrt(hits[is_large] / some)) - np.arcsin(np.sqrt(centre))
    return Funnel(centre=centre, total=total, between=between_variance(difference / error, error))


def mid_p_scores(hits: Floats, n: Floats, expected: Floats) -> Floats:
    """The normal score of the mid-p value of a binomial count."""
    half = stats.binom.pmf(hits, n, expected) / 2
    below, above = stats.binom.cdf(hits - 1, n, expected) + half, stats.binom.sf(hits, n, expected) + half
    # From the smaller tail: the larger one rounds to 1 where a score is beyond 8.
    score = special.ndtri(np.maximum(np.minimum(below, above), 1e-300))
    return np.asarray(np.where(below < above, score, -score))


def _error(n: Floats, total: float) -> Floats:
    """The standard error of the arcsine difference between a unit and the whole that it is part of."""
    return np.asarray(np.sqrt(1 / (4 * n) - 1 / (4 * max(total, float(np.max(n, initial=0)) + 1))))


def _count_at(probability: Floats, n: Floats, rate: float) -> Floats:
    """The count at which the mid-p value reaches a probability: between whole dossiers on a straight line."""
    # The mid-p value lies between the distribution function of the dossier before and of this one.
    upper = np.maximum(stats.binom.ppf(probability, n, rate), 0)
    upper = np.where(_mid_p(upper, n, rate) < probability, upper + 1, upper)
    lower = upper - 1
    at_lower, at_upper = _mid_p(lower, n, rate), _mid_p(upper, n, rate)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(at_upper > at_lower, (probability - at_lower) / (at_upper - at_lower), 1.0)
    return np.asarray(lower + share)


def _mid_p(hits: Floats, n: Floats, rate: float) -> Floats:
    return np.asarray(stats.binom.cdf(hits - 1, n, rate) + stats.binom.pmf(hits, n, rate) / 2)
