"""Which units can be told apart, and what ranks chance alone would allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from indicators.index_766.assess import Assessment
from indicators.index_766.counts import BLOCKS
from indicators.rank_groups import rank_bounds, shrunken_draws
from indicators.statistics import Floats

DRAWS = 1_000
_SEED = 766


@dataclass(frozen=True)
class Ranking:
    """`units`: `commune, points, known, low, high, n, tier, rank_low, rank_high`, best first.

    A tier holds the units whose interval overlaps that of its first unit: not to be told apart from it. `rank_low` and
    `rank_high` enclose the rank in 95 of 100 simulated repeats. `apart`: communes of which other parts are known than
    of most, so that their points are not comparable.
    """

    units: pl.DataFrame
    apart: list[str]


def rank(assessment: Assessment, *, least_n: int = 20, draws: int = DRAWS) -> Ranking:
    """Compare the communes of an assessment (one window) of which the same parts are known.

    Units with fewer than `least_n` dossiers or without points are left out of both.
    """
    totals = assessment.totals.filter(pl.col("points").is_not_null() & (pl.col("n") >= least_n))
    totals = totals.filter(pl.col("commune").is_not_null())
    parts = _known_parts(assessment).join(totals.select("commune"), on="commune", how="semi")
    usual = parts.group_by("parts").len().sort("len", "parts", descending=[True, False])
    alike = parts.filter(pl.col("parts") == usual["parts"][0]) if len(usual) else parts
    apart = parts.join(alike, on="commune", how="anti")["commune"].sort().to_list()
    units = (
        totals.join(alike.select("commune"), on="commune", how="semi")
        .select("commune", "points", "known", "low", "high", "n")
        .sort("points", "commune", descending=[True, False])
    )
    samples = simulated_points(assessment.components, units["commune"].to_list(), draws=draws)
    low, high = rank_intervals(units["points"].to_numpy(), samples)
    return Ranking(
        units.with_columns(
            tier=pl.Series(tiers(units["low"].to_list(), units["high"].to_list()), dtype=pl.Int64),
            rank_low=pl.Series(low, dtype=pl.Int64),
            rank_high=pl.Series(high, dtype=pl.Int64),
        ),
        apart,
    )


def tiers(low: list[float], high: list[float]) -> list[int]:
    """Numbers from 1 for intervals sorted by their point, best first: a new tier begins with the first unit whose whole
    interval lies below that of the first of its tier."""
    numbers: list[int] = []
    head = 0
    for place, upper in enumerate(high):
        if not numbers:
            numbers.append(1)
        elif upper < low[head]:
            head = place
            numbers.append(numbers[-1] + 1)
        else:
            numbers.append(numbers[-1])
    return numbers


def simulated_points(components: pl.DataFrame, communes: list[str], *, draws: int) -> Floats:
    """Points of the parts computed from dossiers, units × draws: what repeats of the same window might have given.

    Shares are drawn from their Jeffreys posterior; online and other electronic results of the same dossiers together.
    Published points do not vary and are left out.
    """
    generator = np.random.default_rng(_SEED)
    own = components.filter((pl.col("basis") == "own") & pl.col("commune").is_in(communes))
    units = pl.DataFrame({"commune": communes}, schema={"commune": pl.String})
    samples = np.zeros((len(communes), draws))
    online: tuple[Floats, Floats] | None = None
    for formula in BLOCKS:
        of_units = units.join(own.filter(pl.col("formula") == formula), on="commune", how="left", maintain_order="left")
        names = ("good", "n", "spread", "max", "full_at")
        good, n, spread, maximum, full_at = (of_units[name].cast(pl.Float64).to_numpy()[:, None] for name in names)
        if formula == "procedures_paid":
            share = np.clip(good + np.nan_to_num(spread) * generator.standard_normal((len(communes), draws)), 0, n) / n
        elif formula == "e_result" and online is not None:
            # The electronic results that were filed online are the same dossiers as in the share before.
            online_good, online_share = online
            share = online_share + (1 - online_share) * _beta(generator, good - online_good, n - good, draws)
            share = np.where(np.isnan(share), _beta(generator, good, n - good, draws), share)
        else:
            share = _beta(generator, good, n - good, draws)
        if formula == "online_with_e_result":
            online = good, share
        samples += np.nan_to_num(maximum * np.minimum(1, share / full_at))
    return samples


def rank_intervals(points: Floats, samples: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ranks (1: most points) that enclose each unit's true rank in 95 of 100 cases."""
    return rank_bounds(shrunken_draws(points, samples))


def _beta(generator: np.random.Generator, good: Floats, bad: Floats, draws: int) -> Floats:
    """Draws from Jeffreys' posterior of a share, nan where there is nothing."""
    known = ~np.isnan(good + bad)
    shape = (len(good), draws)
    found = generator.beta(np.where(known, good, 0) + 0.5, np.where(known, bad, 0) + 0.5, shape)
    return np.where(known, found, np.nan)


def _known_parts(assessment: Assessment) -> pl.DataFrame:
    """`commune, parts`: which components and groups a unit's points add up, as text."""
    components = assessment.components.filter(pl.col("points").is_not_null()).select("commune", part="component")
    groups = assessment.groups.filter(pl.col("basis") == "group").select("commune", part="index_group")
    return (
        pl.concat([components, groups])
        .filter(pl.col("commune").is_not_null())
        .group_by("commune")
        .agg(parts=pl.col("part").sort().str.join(" "))
    )
