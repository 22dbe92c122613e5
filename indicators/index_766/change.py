"""The points of one unit against those of another window: of the parts computed from dossiers in both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from indicators.index_766.counts import BLOCKS
from indicators.statistics import difference_interval


@dataclass(frozen=True)
class Change:
    """`points` with its 95 % interval, over components of together `known` points; the published take no part."""

    points: float
    low: float
    high: float
    known: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def change(now: pl.DataFrame, before: pl.DataFrame) -> Change | None:
    """What changed between two windows, from the rows of one unit in `Assessment.components`; None without a common
    part, or where a maximum changed in between."""
    mine, theirs = (frame.filter(pl.col("own").is_not_null()) for frame in (now, before))
    mine = mine.join(theirs, on=["component", "max", "full_at"], how="semi").sort("component")
    theirs = theirs.join(mine, on=["component", "max", "full_at"], how="semi").sort("component")
    if mine.is_empty():
        return None
    difference, low, high = difference_interval(_estimate(mine), _estimate(theirs))
    return Change(float(difference[0]), float(low[0]), float(high[0]), float(mine["max"].sum()))


def _estimate(components: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The sum with its bounds, as in `assess`: added within a block, squared between blocks."""
    block = pl.col("formula").replace_strict(BLOCKS, return_dtype=pl.String)
    spread = components.group_by(block).agg(
        below=(pl.col("own") - pl.col("own_low")).sum(), above=(pl.col("own_high") - pl.col("own")).sum()
    )
    points = float(components["own"].sum())
    below, above = (float(np.linalg.norm(spread[name].to_numpy())) for name in ("below", "above"))
    return np.array([points]), np.array([points - below]), np.array([points + above])
