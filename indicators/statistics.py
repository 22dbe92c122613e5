"""Intervals and tests, on whole columns at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
Z = float(special.ndtri(0.5 + CONFIDENCE / 2))


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


def mean_interval(n: Floats, total: Floats, squares: Floats, *, z: float = Z) -> tuple[Floats, Floats, Floats]:
    """Mean of durations with its normal-approximation interval, from sums; no interval for fewer than two values."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        variance = np.maximum(squares - n * mean**2, 0) / (n - 1)
        half = z * np.sqrt(variance / n)
    mean = np.where(n > 0, mean, np.nan)
    half = np.where(n > 1, half, np.nan)
    return mean, np.maximum(mean - half, 0), mean + half


def quantile_ranks(n: NDArray[np.int64], probability: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ranks (from 1) of the two order statistics that enclose a quantile: binomial, not assuming any distribution.

    With few values the ends are the smallest and the largest, and enclose it less surely than stated.
    """
    from scipy import stats  # takes longer to import than most answers to compute

    tail = (1 - CONFIDENCE) / 2
    low = stats.binom.ppf(tail, n, probability)
    high = stats.binom.ppf(1 - tail, n, probability) + 1
    return np.clip(low, 1, n).astype(np.int64), np.clip(high, 1, n).astype(np.int64)


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
    count: float, exposure: float, reference: float, reference_exposure: float, dispersion: float
) -> float:
    """Do two counts come at one rate? Quasi-Poisson: `dispersion`, from 1 up, widens what chance alone allows."""
    from scipy import stats

    if count + reference == 0 or exposure <= 0 or reference_exposure <= 0:
        return float("nan")
    if count == 0 or reference == 0 or dispersion <= 1:
        # Few or purely random: exact, given the sum of both.
        share = exposure / (exposure + reference_exposure)
        exact = stats.binomtest(round(count), round(count + reference), share).pvalue
        return float(exact) if dispersion <= 1 else float(min(1.0, exact ** (1 / dispersion)))
    log_ratio = np.log(count / exposure) - np.log(reference / reference_exposure)
    return float(2 * special.ndtr(-abs(log_ratio) / np.sqrt(dispersion * (1 / count + 1 / reference))))


def dispersion(counts: list[Floats], exposures: list[Floats]) -> float:
    """How much more counts vary within their series than by chance alone: Pearson's statistic per degree of freedom.

    Series without a count, and steps without exposure, say nothing; 1 where nothing can be said.
    """
    statistic, freedom = 0.0, 0
    for count, exposure in zip(counts, exposures, strict=True):
        open_steps = exposure > 0
        count, exposure = count[open_steps], exposure[open_steps]
        if count.sum() > 0 and len(count) > 1:
            expected = count.sum() * exposure / exposure.sum()
            statistic += float(((count - expected) ** 2 / expected).sum())
            freedom += len(count) - 1
    return max(1.0, statistic / freedom) if freedom else 1.0


def between_variance(scores: Floats, standard_errors: Floats, *, winsorised: float = 0.1) -> float:
    """The variance between units beyond chance (DerSimonian and Laird), from z-scores with their tails pulled in.

    Without it every large unit would be an outlier; the tails are pulled in so that true outliers do not hide
    themselves (Spiegelhalter 2005).
    """
    if len(scores) < 2:
        return 0.0
    low, high = np.quantile(scores, [winsorised, 1 - winsorised])
    # What pulling in the tails takes from the variance of normal scores, given back.
    end = special.ndtri(1 - winsorised)
    density = np.exp(-(end**2) / 2) / np.sqrt(2 * np.pi)
    kept = 1 - 2 * winsorised - 2 * end * density + 2 * winsorised * end**2
    phi = float(np.mean(np.clip(scores, low, high) ** 2) / kept)
    weights = 1 / standard_errors**2
    units = len(scores)
    denominator = weights.sum() - (weights**2).sum() / weights.sum()
    return max(0.0, float((units * phi - (units - 1)) / denominator)) if denominator > 0 else 0.0


def false_discovery(p_values: Floats) -> Floats:
    """Benjamini and Hochberg's adjusted p-values."""
    from scipy import stats

    return np.asarray(stats.false_discovery_control(p_values)) if len(p_values) else p_values
