"""Rates pulled toward the rate of all units, by as much as small numbers make them unsure (empirical Bayes)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from indicators.statistics import CONFIDENCE

Floats = NDArray[np.float64]

# Between nearly no difference between units, and units that say nothing of one another.
_PRIOR_SIZES = (0.5, 1e6)


@dataclass(frozen=True, kw_only=True)
class Shrunk:
    """The rates of units with what all units are like: `value, low, high` one a unit, nan where n is 0.

    A unit of n dossiers keeps n / (n + `prior_size`) of its distance to `centre`.
    """

    value: Floats
    low: Floats
    high: Floats
    centre: float
    prior_size: float


def shrink(successes: Floats, n: Floats) -> Shrunk:
    """Posterior means and 95 % intervals where units' true rates follow a beta distribution, fitted by likelihood.

    Source: Casella, "An introduction to empirical Bayes data analysis", The American Statistician 39 (1985), with the
    beta-binomial likelihood in place of the normal one.
    """
    known = n > 0
    hits, tries = successes[known], n[known]
    if not len(tries):
        nothing = np.full(len(n), np.nan)
        return Shrunk(value=nothing, low=nothing, high=nothing, centre=np.nan, prior_size=np.inf)
    centre, size = _fit(hits, tries)
    alpha, beta = centre * size + successes, (1 - centre) * size + n - successes
    tail = (1 - CONFIDENCE) / 2
    with np.errstate(invalid="ignore"):
        value = np.where(known, alpha / (alpha + beta), np.nan)
        low = np.where(known, special.betaincinv(alpha, beta, tail), np.nan)
        high = np.where(known, special.betaincinv(alpha, beta, 1 - tail), np.nan)
    return Shrunk(value=value, low=low, high=high, centre=centre, prior_size=size)


def _fit(hits: Floats, tries: Floats) -> tuple[float, float]:
    """The centre and the size of the beta distribution most likely to have given the counts."""
    # Half a case on either side: a rate of exactly 0 or 1 leaves the likelihood without a maximum.
    start = (hits.sum() + 0.5) / (tries.sum() + 1)
    sizes = np.log(_PRIOR_SIZES)

    def cost(parameters: Floats) -> tuple[float, Floats]:
        """Minus the log-likelihood, and its slope."""
        centre, size = special.expit(parameters[0]), np.exp(parameters[1])
        alpha, beta = centre * size, (1 - centre) * size
        likelihood = np.sum(special.betaln(hits + alpha, tries - hits + beta) - special.betaln(alpha, beta))
        both = special.digamma(size) - special.digamma(tries + size)
        by_alpha = np.sum(special.digamma(hits + alpha) - special.digamma(alpha) + both)
        by_beta = np.sum(special.digamma(tries - hits + beta) - special.digamma(beta) + both)
        by_centre = centre * (1 - centre) * size * (by_alpha - by_beta)
        return -float(likelihood), -np.array([by_centre, alpha * by_alpha + beta * by_beta])

    around = special.logit(start)
    # The likelihood may have a hill at either end, so the search starts from three places.
    found = [
        optimize.minimize(
            cost, (around, size), jac=True, method="L-BFGS-B", bounds=[(around - 4, around + 4), tuple(sizes)]
        )
        for size in (sizes[0] + 1, sizes.mean(), sizes[1] - 1)
    ]
    best = min(found, key=lambda result: float(result.fun))
    return float(special.expit(best.x[0])), float(np.exp(best.x[1]))
