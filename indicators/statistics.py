"""Intervals and tests, on whole columns at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
Z = float(special.ndtri(0.5 + CONFIDENCE / 2))
# With fewer values the interval of a mean is so wide that it says nothing.
LEAST_FOR_A_MEAN = 5


def wilson(successes: Floats, n: Floats, *, z: float = Z) -> tuple[Floats, Floats]:
    """Wilson's score interval of a proportion; nan where n is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = successes / n
        centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    # At 0 and at n the bound is exactly 0 and 1, which rounding would miss by a hair.
    low = np.where(successes == 0, 0.0, np.clip(centre - half, 0, 1))
    high = np.where(successes == n, 1.0, np.clip(centre + half, 0, 1))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def mean_interval(n: Floats, total: Floats, squares: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean of durations with its interval, from sums; no interval for fewer than five values.

    Student's t on the logarithm of the mean (delta method): durations have a long right tail, so that the mean of a few
    lies below the true one more often than above, and the interval reaches further up than down.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        variance = np.maximum(squares - n * mean**2, 0) / (n - 1)
        width = special.stdtrit(n - 1, 0.5 + CONFIDENCE / 2) * np.sqrt(variance / n) / mean
    mean = np.where(n > 0, mean, np.nan)
    # Durations that are all 0 have a mean of 0 for certain.
    width = np.where(mean > 0, width, 0.0)
    width = np.where(n >= LEAST_FOR_A_MEAN, width, np.nan)
    return mean, mean * np.exp(-width), mean * np.exp(width)


def quantile_ranks(n: NDArray[np.int64], probability: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ranks (from 1) of the two order statistics that enclose a quantile: binomial, not assuming any distribution.

    With fewer than 6 values (of a median) or 36 (of a 90th percentile) the ends are the smallest and the largest, and
    enclose it less surely than stated: the quantiles' `min_n` lies above.
    """
    tail = (1 - CONFIDENCE) / 2
    low = _binomial_quantile(tail, n, probability)
    high = _binomial_quantile(1 - tail, n, probability) + 1
    return np.clip(low, 1, n).astype(np.int64), np.clip(high, 1, n).astype(np.int64)


def _binomial_quantile(level: float, n: NDArray[np.int64], probability: float) -> Floats:
    """The smallest count that a binomial variable stays within at least so often (`scipy.stats` is slow to import)."""
    near = np.ceil(special.bdtrik(level, n, probability))
    below = np.maximum(near - 1, 0)
    found: Floats = np.where(special.bdtr(below, n, probability) >= level, below, near)
    return found


def difference_interval(
    first: tuple[Floats, Floats, Floats], second: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats, Floats]:
    """The difference of two estimates, each given as (value, low, high), with its interval.

    The distances to the bounds are combined as if they were standard errors (MOVER): with Wilson's bounds this is
    Newcombe's interval for two proportions, and it serves means and quantiles as well.
    """
    (value, low, high), (reference, reference_low, reference_high) = first, second
    difference = value - reference
    below = np.hypot(value - low, reference_high - reference)
    above = np.hypot(high - value, reference - reference_low)
    return difference, difference - below, difference + above


def two_sided_p(difference: Floats, low: Floats, high: Floats, *, z: float = Z) -> Floats:
    """The p-value that belongs to an interval: below 0.05 exactly where the interval leaves out 0."""
    half = np.where(difference > 0, difference - low, high - difference)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(half > 0, np.abs(difference) / half * z, np.where(difference == 0, 0.0, np.inf))
    return np.where(np.isnan(half), np.nan, 2 * special.ndtr(-score))


def rate_ratio_p(
    count: float,
    exposure: float,
    reference: float,
    reference_exposure: float,
    dispersion: float,
    freedom: float = np.inf,
) -> float:
    """Do two counts come at one rate? Quasi-Poisson: `dispersion`, from 1 up, widens what chance alone allows.

    A dispersion that was itself estimated, with `freedom` degrees of freedom, asks for Student's t in place of the
    normal distribution.
    """
    from scipy import stats

    if count + reference == 0 or exposure <= 0 or reference_exposure <= 0:
        return float("nan")
    if count == 0 or reference == 0 or dispersion <= 1:
        # Few or purely random: exact, given the sum of both.
        share = exposure / (exposure + reference_exposure)
        exact = stats.binomtest(round(count), round(count + reference), share).pvalue
        return float(exact) if dispersion <= 1 else float(min(1.0, exact ** (1 / dispersion)))
    log_ratio = np.log(count / exposure) - np.log(reference / reference_exposure)
    score = abs(log_ratio) / np.sqrt(dispersion * (1 / count + 1 / reference))
    return float(2 * special.ndtr(-score) if np.isinf(freedom) else 2 * special.stdtr(freedom, -score))


def dispersion(counts: list[Floats], exposures: list[Floats]) -> float:
    """How much more counts vary within their series than by chance alone: Pearson's statistic per degree of freedom.

    Series without a count, and steps without exposure, say nothing; 1 where nothing can be said.
    """
    statistic, freedom = 0.0, 0
    for count, exposure in _telling(counts, exposures):
        expected = count.sum() * exposure / exposure.sum()
        statistic += float(((count - expected) ** 2 / expected).sum())
        freedom += len(count) - 1
    return max(1.0, statistic / freedom) if freedom else 1.0


def dispersion_freedom(counts: list[Floats], exposures: list[Floats]) -> float:
    """The degrees of freedom of `dispersion`; infinite where nothing was estimated."""
    return float(sum(len(count) - 1 for count, _exposure in _telling(counts, exposures))) or np.inf


def _telling(counts: list[Floats], exposures: list[Floats]) -> Iterator[tuple[Floats, Floats]]:
    """The series that say something of how counts vary, without the steps that have no exposure."""
    for count, exposure in zip(counts, exposures, strict=True):
        is_open = exposure > 0
        if count[is_open].sum() > 0 and is_open.sum() > 1:
            yield count[is_open], exposure[is_open]


def between_variance(scores: Floats, standard_errors: Floats, *, winsorised: float = 0.1) -> float:
    """The variance between units beyond chance, from z-scores with their tails pulled in.

    Without it every large unit would be an outlier; the tails are pulled in so that true outliers do not hide
    themselves (Spiegelhalter 2005). Paule and Mandel's estimate: with it the scores vary as much as normal ones. That
    of DerSimonian and Laird comes out too small where sizes differ much, since the tails are then the large units.
    """
    units = len(scores)
    if units < 2:
        return 0.0
    from scipy import optimize

    # What pulling in the tails takes from the variance of normal scores, given back.
    end = special.ndtri(1 - winsorised)
    density = np.exp(-(end**2) / 2) / np.sqrt(2 * np.pi)
    kept = 1 - 2 * winsorised - 2 * end * density + 2 * winsorised * end**2
    difference = scores * standard_errors

    def excess(between: float) -> float:
        scaled = difference / np.sqrt(standard_errors**2 + between)
        pulled_in = np.clip(scaled, *np.quantile(scaled, [winsorised, 1 - winsorised]))
        return float(np.mean(pulled_in**2) / kept - (units - 1) / units)

    if excess(0.0) <= 0:
        return 0.0
    # Where the variance is that of the largest difference no score is above 1.
    return float(optimize.brentq(excess, 0.0, 4 * units * float(np.max(difference**2)), xtol=1e-12))


def false_discovery(p_values: Floats) -> Floats:
    """Benjamini and Hochberg's adjusted p-values."""
    from scipy import stats

    return np.asarray(stats.false_discovery_control(p_values)) if len(p_values) else p_values


@dataclass(frozen=True)
class Survival:
    """A Kaplan–Meier curve: at each moment with an event the share that is still waiting, with its 95 % bounds."""

    moments: Floats
    share: Floats
    low: Floats
    high: Floats

    def quantile(self, probability: float) -> tuple[float, float, float]:
        """When this part has had the event, with its interval (Brookmeyer and Crowley); nan where it is not reached."""
        return (
            self._first_at_or_below(self.share, 1 - probability),
            self._first_at_or_below(self.low, 1 - probability),
            self._first_at_or_below(self.high, 1 - probability),
        )

    def _first_at_or_below(self, curve: Floats, level: float) -> float:
        reached = np.flatnonzero(curve <= level + 1e-12)
        return float(self.moments[reached[0]]) if len(reached) else float("nan")


def kaplan_meier(times: Floats, events: Floats, censored: Floats) -> Survival:
    """The curve from counts: at each of the rising `times` so many had the event, and so many were last seen without.

    The bounds are Greenwood's variance on the scale log(-log S).
    """
    at_risk = np.cumsum((events + censored)[::-1])[::-1]
    happened = events > 0
    moments, events, at_risk = times[happened], events[happened], at_risk[happened]
    share = np.asarray(np.cumprod(1 - events / at_risk), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        spread = Z * greenwood / np.log(share)
        # log S < 0, so the spread is negative: the first power is the larger curve.
        high, low = share ** np.exp(spread), share ** np.exp(-spread)
    # Where everything has happened the variance is undefined and the curve is known to be at 0.
    return Survival(moments, share, np.nan_to_num(low, nan=0.0), np.nan_to_num(high, nan=0.0))
