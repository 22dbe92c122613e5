"""Several communes as if they were one, from what is known of each: equal to asking `compute` for them together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from indicators.catalogue import Indicator
from indicators.durations import Durations, quantile
from indicators.figures import Quantile
from indicators.filters import Filters
from indicators.histograms import duration_counts
from indicators.scope import Scope
from indicators.statistics import wilson
from indicators.windows import Window
from warehouse import Snapshot


@dataclass(frozen=True, kw_only=True, eq=False)
class Pool:
    """The working times of each commune's dossiers, counted on their grid; `cells` are the communes' in the counts."""

    scope: Scope
    counts: Durations
    cells: dict[str, int]

    def quantile(self, codes: Iterable[str], probability: float) -> dict[str, Any]:
        """`value, n, low, high` of the communes' dossiers together; nulls without any."""
        chosen = np.isin(self.counts.cell, [self.cells[code] for code in codes if code in self.cells])
        counts = pl.DataFrame(
            {"value": self.counts.value[chosen], "width": self.counts.width[chosen], "n": self.counts.n[chosen]}
        )
        if counts.is_empty():
            return {"value": None, "n": 0, "low": None, "high": None}
        together = counts.group_by("value", "width").agg(pl.col("n").sum()).sort("value")
        value, width, n = (together[name].cast(pl.Int64).to_numpy() for name in ("value", "width", "n"))
        # One group, one bucket.
        cell = np.ones_like(value)
        found = quantile(self.scope, Durations(cell, value, width, n, self.counts.day), probability)
        return found.row(0, named=True)


def processing_times(snapshot: Snapshot, window: Window) -> Pool:
    """The working times of the dossiers resolved in the window, by commune."""
    by_commune = Scope(snapshot, ("commune",), Filters(), window)
    counts = duration_counts(by_commune, "processing_minutes")
    # Each cell is a group of the only bucket.
    cells = dict(by_commune.groups.select("commune", "group_id").drop_nulls().iter_rows())
    return Pool(scope=Scope(snapshot, (), Filters(), window), counts=counts, cells=cells)


def pooled(
    declared: Sequence[Indicator], rows: Sequence[dict[str, Any]], codes: Sequence[str], times: Pool
) -> dict[str, Any]:
    """The columns of `compute` for the communes together, from their own rows."""
    found: dict[str, Any] = {}
    for one in declared:
        if not one.has_interval:
            found[one.id] = sum(row[one.id] or 0 for row in rows)
            continue
        columns = (one.id, f"{one.id}_n", f"{one.id}_low", f"{one.id}_high")
        if isinstance(one.figure, Quantile):
            quantiles = times.quantile(codes, one.figure.probability)
            values = [quantiles[name] for name in ("value", "n", "low", "high")]
        else:
            n = sum(row[columns[1]] for row in rows)
            hits = sum(round(row[one.id] * row[columns[1]]) for row in rows if row[columns[1]])
            low, high = wilson(np.array([float(hits)]), np.array([float(n)]))
            values = [hits / n, n, float(low[0]), float(high[0])] if n else [None, 0, None, None]
        found |= dict(zip(columns, values, strict=True))
    return found
