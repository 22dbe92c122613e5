"""Local clusters: communes that lie above or below the others together with those around them, by more than chance.

Source: Anselin, "Local indicators of spatial association – LISA", Geographical Analysis 27 (1995), as in esda: with z
the standardised figures and W the shares of the neighbours,  I_i = (n - 1) z_i Σ_j w_ij z_j / Σ_j z_j². Its p-value is
the share of permutations of all other communes around commune i that give a value as far out. Neighbours share a
border; they share courts, land offices and roads too.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from indicators.compare import SIGNIFICANCE_LEVEL
from indicators.statistics import Floats, between_variance, false_discovery
from warehouse import Snapshot

Kind = Literal["high", "low", "high_among_low", "low_among_high", "unclear", "alone"]
KINDS: tuple[Kind, ...] = ("high", "low", "high_among_low", "low_among_high", "unclear", "alone")
PERMUTATIONS = 9_999
# Fewer communes with neighbours than this have no pattern to speak of.
LEAST_COMMUNES = 12
_SEED = 20250701
# esda's quadrants: 1 high among high, 2 low among high, 3 low among low, 4 high among low.
_QUADRANTS: dict[int, Kind] = {1: "high", 2: "low_among_high", 3: "low", 4: "high_among_low"}
_COLUMNS = ("commune", "smoothed", "around", "neighbours", "local", "p_value", "kind")


@dataclass(frozen=True, kw_only=True)
class Clusters:
    """`frame`: `commune, smoothed, around, neighbours, local, p_value, kind`, one row a commune that was judged.

    `smoothed` is the difference from the others, pulled toward 0 by as much as chance explains; `around` the mean of
    the neighbours' values; `local` is I_i, `p_value` two-sided, adjusted for all communes (Benjamini and Hochberg).
    `alone` are communes none of whose neighbours was judged; they take no part. `moran` is the global I, `moran_p` its
    two-sided p-value; both None where `is_known` is false: too few communes, or no difference between them beyond
    chance.
    """

    frame: pl.DataFrame
    moran: float | None
    moran_p: float | None

    @property
    def is_known(self) -> bool:
        return self.moran is not None


def neighbours(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    """The communes that share a stretch of border with each, by code; a corner alone is no border (rook contiguity)."""
    rows = snapshot.query("select commune_code, map_geojson from commune where map_geojson is not null order by all")
    return touching({code: json.loads(text) for code, text in rows.iter_rows()})


def touching(shapes: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """`neighbours` of GeoJSON geometries that were simplified as one coverage, so that borders share their vertices."""
    if not shapes:
        return {}
    import geopandas
    from libpysal.graph import Graph
    from shapely.geometry import shape

    frame = geopandas.GeoSeries([shape(one) for one in shapes.values()], index=list(shapes))
    graph = Graph.build_contiguity(frame, rook=True)
    pairs = graph.adjacency[graph.adjacency > 0].index
    found: dict[str, list[str]] = {code: [] for code in shapes}
    for focal, neighbour in pairs:
        found[focal].append(neighbour)
    return {code: tuple(sorted(others)) for code, others in found.items()}


def clusters(deviations: pl.DataFrame, borders: Mapping[str, Sequence[str]], *, seed: int = _SEED) -> Clusters:
    """The clusters of `deviations.deviations` (`commune, difference, error`); the same seed gives the same answer."""
    known = deviations.filter(pl.col("commune").is_in(list(borders))).sort("commune")
    codes = known["commune"].to_list()
    smoothed = smooth(known["difference"].to_numpy(), known["error"].to_numpy())
    judged = set(codes)
    around = {code: [other for other in borders[code] if other in judged] for code in codes}
    joined = [place for place, code in enumerate(codes) if around[code]]
    base = known.select("commune").with_columns(
        smoothed=pl.Series(smoothed, dtype=pl.Float64),
        neighbours=pl.Series([len(around[code]) for code in codes], dtype=pl.Int64),
    )
    part = smoothed[joined]
    if len(joined) < LEAST_COMMUNES or np.ptp(part) == 0:
        kinds = ["unclear" if around[code] else "alone" for code in codes]
        empty = {name: pl.lit(None, pl.Float64) for name in ("around", "local", "p_value")}
        frame = base.with_columns(**empty, kind=pl.Series(kinds, dtype=pl.String))
        return Clusters(frame=frame.select(_COLUMNS), moran=None, moran_p=None)
    local, p_raw, quadrants, moran, moran_p = _moran(
        part, {codes[place]: around[codes[place]] for place in joined}, seed=seed
    )
    p_values = false_discovery(p_raw)
    means = {codes[place]: smoothed[[codes.index(other) for other in around[codes[place]]]].mean() for place in joined}
    found = pl.DataFrame(
        {
            "commune": [codes[place] for place in joined],
            "local": local,
            "p_value": p_values,
            "kind": [
                _QUADRANTS[int(quadrant)] if p < SIGNIFICANCE_LEVEL else "unclear"
                for quadrant, p in zip(quadrants, p_values, strict=True)
            ],
            "around": list(means.values()),
        }
    )
    frame = base.join(found, on="commune", how="left", validate="1:1").with_columns(pl.col("kind").fill_null("alone"))
    return Clusters(frame=frame.select(_COLUMNS), moran=moran, moran_p=moran_p)


def smooth(difference: Floats, error: Floats) -> Floats:
    """Differences pulled toward 0, the unsure ones most (empirical Bayes): small communes make no clusters.

    All are 0 where chance alone explains how the communes differ.
    """
    if not len(difference):
        return difference
    between = between_variance(difference / error, error)
    return np.asarray(difference * between / (between + error**2))


def _moran(
    values: Floats, around: Mapping[str, Sequence[str]], *, seed: int
) -> tuple[Floats, Floats, np.ndarray, float, float]:
    """Local values, their two-sided p-values, quadrants, the global I and its p-value."""
    # esda and libpysal take seconds to import.
    from esda import Moran_Local
    from libpysal.weights import W

    with warnings.catch_warnings():
        # Communes apart from the rest, a faster compiler that is not there, and a default that will change.
        warnings.simplefilter("ignore")
        weights = W({code: list(others) for code, others in around.items()}, id_order=list(around))
        local = Moran_Local(values, weights, permutations=PERMUTATIONS, keep_simulations=False, seed=seed)
        shares = weights.sparse
    # esda gives the smaller tail.
    p_values = np.minimum(1.0, 2 * np.asarray(local.p_sim, dtype=np.float64))
    moran, moran_p = _global(values, shares, np.random.default_rng(seed))
    return np.asarray(local.Is), p_values, np.asarray(local.q), moran, moran_p


def _global(values: Floats, shares: Any, generator: np.random.Generator) -> tuple[float, float]:
    """Moran's I with rows of weights adding up to 1, and its two-sided p-value over permutations of all communes."""
    z = values - values.mean()

    def index(columns: Floats) -> Floats:
        return np.asarray((columns * (shares @ columns)).sum(axis=0) / (z @ z))

    observed = float(index(z[:, None])[0])
    drawn = index(generator.permuted(np.tile(z, (PERMUTATIONS, 1)), axis=1).T)
    above = int((drawn >= observed).sum())
    return observed, min(1.0, 2 * (min(above, PERMUTATIONS - above) + 1) / (PERMUTATIONS + 1))
