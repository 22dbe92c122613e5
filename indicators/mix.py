"""A commune's rate beside that of the others, on an equal mix of dossiers: what the mix did, and what it did itself.

Kitagawa, "Components of a difference between two rates", JASA 50 (1955): with w the commune's mix of procedures and
channels, r its rates and R those of the others,  r - R = (Σ w R_k - R) + Σ w (r_k - R_k) = mix + own,  for every mix.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from indicators.compute import compute
from indicators.filters import Filters
from indicators.statistics import Floats, Z, wilson
from indicators.windows import Window
from warehouse import Snapshot

_STRATUM = ["field", "procedure", "channel"]
# The part of the others' dossiers that direct standardisation must reach, and the cases a stratum needs for it.
LEAST_COVERED = 0.8
_LEAST_CASES = 5
_ALL = Filters()


@dataclass(frozen=True, kw_only=True)
class MixCells:
    """`cells`: `commune, field, procedure, channel, hits, n` with n > 0, of one rate in one window."""

    cells: pl.DataFrame


def mix_cells(snapshot: Snapshot, indicator_id: str, window: Window, filters: Filters = _ALL) -> MixCells:
    """The cases of a rate by commune, procedure and channel; dossiers of split old units belong to no commune."""
    frame = compute(
        snapshot,
        indicator_id,
        ["commune", *_STRATUM],
        filters=filters.of_whole_province(),
        date_from=window.starts,
        date_to=window.ends,
    )
    known = frame.filter(pl.col("commune").is_not_null() & (pl.col(f"{indicator_id}_n") > 0))
    n = pl.col(f"{indicator_id}_n").cast(pl.Float64)
    # Texts that are missing are a stratum like any other.
    return MixCells(
        cells=known.select("commune", pl.col(_STRATUM).fill_null(""), hits=(pl.col(indicator_id) * n).round(), n=n)
    )


def decompose(given: MixCells, *, among: Collection[str] | None = None) -> pl.DataFrame:
    """One row a commune (of `among`, where that is given), set against all others of them.

    Columns: `commune, n, hits, value, low, high` (Wilson); `others` (their rate) and `others_n`; `difference = mix +
    own` exactly; `expected` (the others' rate at this commune's mix); `own_low, own_high` (95 %); `alone` (the part of
    its dossiers of a procedure and channel that no other handles: these are set against the field, else against all);
    `direct, direct_others, direct_low, direct_high, covered`: the rate at the others' mix where the commune handles
    enough of it, else null.
    """
    cells = given.cells if among is None else given.cells.filter(pl.col("commune").is_in(list(among)))
    if cells.is_empty():
        return _SCHEMA.clear()
    stratum = cells.group_by(_STRATUM).agg(all_hits=pl.col("hits").sum(), all_n=pl.col("n").sum())
    field = cells.group_by("field").agg(field_hits=pl.col("hits").sum(), field_n=pl.col("n").sum())
    own_field = cells.group_by("commune", "field").agg(
        own_field_hits=pl.col("hits").sum(), own_field_n=pl.col("n").sum()
    )
    total_hits, total_n = cells["hits"].sum(), cells["n"].sum()
    whole = cells.group_by("commune").agg(own_hits=pl.col("hits").sum(), own_n=pl.col("n").sum())
    # The others of the stratum, of the field where there are none, of everything where there are none either.
    others_n, field_n = pl.col("all_n") - pl.col("n"), pl.col("field_n") - pl.col("own_field_n")
    rest_n = total_n - pl.col("own_n")
    rated = (
        cells.join(stratum, on=_STRATUM, how="left", validate="m:1")
        .join(field, on="field", how="left", validate="m:1")
        .join(own_field, on=["commune", "field"], how="left", validate="m:1")
        .join(whole, on="commune", how="left", validate="m:1")
        .filter(rest_n > 0)
        .with_columns(
            is_alone=others_n <= 0,
            base=pl.when(others_n > 0).then(others_n).when(field_n > 0).then(field_n).otherwise(rest_n),
            rate=pl.when(others_n > 0)
            .then((pl.col("all_hits") - pl.col("hits")) / others_n)
            .when(field_n > 0)
            .then((pl.col("field_hits") - pl.col("own_field_hits")) / field_n)
            .otherwise((total_hits - pl.col("own_hits")) / rest_n),
        )
    )
    share = pl.col("n") / pl.col("own_n")
    weight = pl.when(others_n > 0).then(others_n).otherwise(0.0) / rest_n
    is_covered = (pl.col("n") >= _LEAST_CASES) & (others_n > 0)
    direct = weight.filter(is_covered)
    # Agresti and Coull's two added cases: a stratum without a miss is not known for certain.
    shrunk = (pl.col("hits") + 1) / (pl.col("n") + 2)
    found = rated.group_by("commune", maintain_order=True).agg(
        n=pl.col("own_n").first(),
        hits=pl.col("own_hits").first(),
        others=((total_hits - pl.col("own_hits")) / rest_n).first(),
        others_n=rest_n.first(),
        expected=(share * pl.col("rate")).sum(),
        expected_variance=(share**2 * pl.col("rate") * (1 - pl.col("rate")) / pl.col("base")).sum(),
        alone=share.filter("is_alone").sum(),
        covered=direct.sum(),
        direct=(weight * pl.col("hits") / pl.col("n")).filter(is_covered).sum() / direct.sum(),
        direct_others=(weight * pl.col("rate")).filter(is_covered).sum() / direct.sum(),
        direct_variance=(weight**2 * shrunk * (1 - shrunk) / pl.col("n")).filter(is_covered).sum() / direct.sum() ** 2,
    )
    return _finished(found)


def _finished(found: pl.DataFrame) -> pl.DataFrame:
    hits, n, expected = (found[name].to_numpy() for name in ("hits", "n", "expected"))
    value = hits / n
    low, high = wilson(hits, n)
    # What is expected was itself counted from so many dossiers (the distances to the bounds combined: MOVER).
    spread: Floats = Z * np.sqrt(found["expected_variance"].to_numpy())
    own = value - expected
    own_low, own_high = own - np.hypot(value - low, spread), own + np.hypot(high - value, spread)
    has_direct = pl.col("covered") >= LEAST_COVERED
    half = Z * pl.col("direct_variance").sqrt()
    return (
        found.with_columns(
            value=pl.Series(value),
            low=pl.Series(low),
            high=pl.Series(high),
            own=pl.Series(own),
            own_low=pl.Series(own_low),
            own_high=pl.Series(own_high),
        )
        .with_columns(
            difference=pl.col("value") - pl.col("others"),
            mix=pl.col("expected") - pl.col("others"),
            direct_low=pl.when(has_direct).then((pl.col("direct") - half).clip(0, 1)),
            direct_high=pl.when(has_direct).then((pl.col("direct") + half).clip(0, 1)),
            direct=pl.when(has_direct).then("direct"),
            direct_others=pl.when(has_direct).then("direct_others"),
            n=pl.col("n").cast(pl.Int64),
            others_n=pl.col("others_n").cast(pl.Int64),
        )
        .select(_SCHEMA.columns)
        .sort("commune")
    )


_SCHEMA = pl.DataFrame(
    schema={
        "commune": pl.String,
        "n": pl.Int64,
        "hits": pl.Float64,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "others": pl.Float64,
        "others_n": pl.Int64,
        "difference": pl.Float64,
        "mix": pl.Float64,
        "own": pl.Float64,
        "own_low": pl.Float64,
        "own_high": pl.Float64,
        "expected": pl.Float64,
        "alone": pl.Float64,
        "direct": pl.Float64,
        "direct_others": pl.Float64,
        "direct_low": pl.Float64,
        "direct_high": pl.Float64,
        "covered": pl.Float64,
    }
)
