"""Two to six communes head to head: in which figures one really lies above another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import polars as pl

from indicators.catalogue import indicators
from indicators.compare import SIGNIFICANCE_LEVEL
from indicators.statistics import difference_interval, two_sided_p


def pairwise(frame: pl.DataFrame, ids: Sequence[str], communes: Sequence[str]) -> pl.DataFrame:
    """Every pair of communes in every indicator that has an interval, from an answer of `compute` by commune.

    Columns: `indicator, first, second, difference, low, high, p_value, significant`. The p-values are adjusted within
    each indicator (Holm): of five in a hundred tables at most one holds a difference that is only chance. Pairs with
    fewer cases than the indicator asks for are not tested (`p_value` null).
    """
    rows = {row["commune"]: row for row in frame.iter_rows(named=True) if row["commune"] in communes}
    found = []
    for declared in indicators(ids):
        if not declared.has_interval:
            continue
        name, pairs = declared.id, []
        for first, second in combinations([code for code in communes if code in rows], 2):
            one, other = (_estimate(rows[code], name, declared.min_n) for code in (first, second))
            difference, low, high = (float(part[0]) for part in difference_interval(one, other))
            p_value = float(two_sided_p(np.array([difference]), np.array([low]), np.array([high]))[0])
            pairs.append((name, first, second, difference, low, high, p_value))
        found += [(*pair, p) for pair, p in zip(pairs, holm([pair[-1] for pair in pairs]), strict=True)]
    schema = ["indicator", "first", "second", "difference", "low", "high", "raw", "p_value"]
    types = dict.fromkeys(schema[:3], pl.String) | dict.fromkeys(schema[3:], pl.Float64)
    answer = (
        pl.DataFrame(found, schema=types, orient="row")
        .drop("raw")
        .with_columns(pl.col("difference", "low", "high", "p_value").fill_nan(None))
    )
    return answer.with_columns(significant=(pl.col("p_value") < SIGNIFICANCE_LEVEL).fill_null(False))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values; nan where nothing was tested, which counts as no test."""
    tested = sorted((p, place) for place, p in enumerate(p_values) if not np.isnan(p))
    adjusted, largest = [float("nan")] * len(p_values), 0.0
    for rank, (p, place) in enumerate(tested):
        largest = max(largest, min(1.0, p * (len(tested) - rank)))
        adjusted[place] = largest
    return adjusted


def _estimate(row: dict[str, float | None], name: str, min_n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    enough = (row[f"{name}_n"] or 0) >= min_n
    values = [row[name], row[f"{name}_low"], row[f"{name}_high"]]
    return tuple(np.array([v if enough and v is not None else np.nan], float) for v in values)  # type: ignore[return-value]
