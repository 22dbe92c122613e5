"""What to look at first: communes that differ from the rest, or from their own past, by more than chance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from scipy import special, stats

from indicators.catalogue import Indicator, indicator, indicators
from indicators.compare import SIGNIFICANCE_LEVEL, compare
from indicators.compute import compute
from indicators.filters import Filters
from indicators.statistics import between_variance, false_discovery
from indicators.windows import Window
from warehouse import Snapshot

# Rates that a commune's own work decides; the first is judged at the commune's own mix of procedures and channels.
_ADJUSTED_ID = "on_time_rate_ii06"
LEVEL_IDS = (_ADJUSTED_ID, "supplement_rate", "slow_reception_rate")
CHANGE_IDS = (_ADJUSTED_ID, "on_time_rate_766", "supplement_rate", "slow_reception_rate", "online_rate")
_ALL = Filters()
# Hits times misses over n from which the normal approximation serves.
_LEAST_VARIANCE = 5


@dataclass(frozen=True, kw_only=True)
class Notable:
    """One finding. `level`: against the rest of the province; `change`: against the reference window.

    `reference` is the rate expected: of the other communes, of the province at the commune's own mix of procedures, or
    of the commune before. `dossiers` is what the difference amounts to, in dossiers.
    """

    commune_code: str
    commune_name: str
    indicator: str
    kind: Literal["level", "change"]
    direction: Literal["better", "worse", "neutral"]
    value: float
    n: int
    low: float
    high: float
    reference: float
    dossiers: float
    p_value: float
    is_adjusted: bool = False


def notable(
    snapshot: Snapshot,
    window: Window,
    reference: Window | None = None,
    filters: Filters = _ALL,
    *,
    as_of: dt.date | None = None,
    limit: int = 10,
) -> list[Notable]:
    """The findings that stand after Benjamini and Hochberg over communes × indicators, worse first, largest first.

    Only the filters by field, procedure and channel narrow the comparison; those of communes narrow what is returned.
    """
    found = _levels(snapshot, window, filters.of_whole_province(), as_of)
    if reference is not None:
        found += _changes(snapshot, window, reference, filters.of_whole_province(), as_of)
    if filters != filters.of_whole_province():
        kept = set(compute(snapshot, ["received"], ["commune"], filters=filters, as_of=as_of)["commune"])
        found = [finding for finding in found if finding.commune_code in kept]
    order = {"worse": 0, "better": 1, "neutral": 2}
    return sorted(found, key=lambda f: (order[f.direction], -f.dossiers, f.commune_code, f.indicator, f.kind))[:limit]


def funnel_scores(rate: np.ndarray, n: np.ndarray, expected: np.ndarray, n_rest: np.ndarray) -> np.ndarray:
    """z-scores of rates against what is expected (exact binomial, mid-p), allowing for variation between units.

    The variation is estimated on the arcsine scale (Spiegelhalter 2005), from units large enough for it: near 0 and 1
    the scale spreads small units far apart, and what is only discreteness would hide the true outliers.
    """
    expected = np.clip(expected, 0.5 / n_rest, 1 - 0.5 / n_rest)
    hits = np.rint(rate * n)
    mid_p = stats.binom.cdf(hits - 1, n, expected) + stats.binom.pmf(hits, n, expected) / 2
    exact = special.ndtri(np.clip(mid_p, 1e-300, 1 - 1e-16)) / np.sqrt(1 + n / n_rest)
    error = np.sqrt(1 / (4 * n) + 1 / (4 * n_rest))
    difference = np.arcsin(np.sqrt(rate)) - np.arcsin(np.sqrt(expected))
    is_large = n * expected * (1 - expected) >= _LEAST_VARIANCE
    between = between_variance(difference[is_large] / error[is_large], error[is_large])
    return np.asarray(exact * error / np.sqrt(error**2 + between))


def _levels(snapshot: Snapshot, window: Window, filters: Filters, as_of: dt.date | None) -> list[Notable]:
    dates = {"date_from": window.starts, "date_to": window.ends, "as_of": as_of}
    ids = [*LEVEL_IDS, "on_time_ratio_adjusted"]
    answer = compute(snapshot, ids, ["commune"], filters=filters, **dates)
    answer = answer.filter(pl.col("commune").is_not_null())
    parts = []
    for declared in indicators(LEVEL_IDS):
        name = declared.id
        known = answer.filter(pl.col(f"{name}_n") >= declared.min_n)
        total_n, total = answer[f"{name}_n"].sum(), (answer[name] * answer[f"{name}_n"]).sum()
        n, rate = known[f"{name}_n"].cast(pl.Float64).to_numpy(), known[name].to_numpy()
        rest_n = total_n - n
        if len(known) < 2 or (rest_n <= 0).any():
            continue
        expected = (total - rate * n) / rest_n
        if name == _ADJUSTED_ID:
            # Both upper bounds are one number, divided by n and by what is expected; unlike the rate it is never 0.
            expected = (known[f"{name}_high"] / known["on_time_ratio_adjusted_high"]).fill_null(0).to_numpy()
        scores = funnel_scores(rate, n, expected, rest_n)
        parts.append(
            known.select(
                "commune", value=name, n=f"{name}_n", low=f"{name}_low", high=f"{name}_high", indicator=pl.lit(name)
            ).with_columns(reference=pl.Series(expected), p_value=pl.Series(2 * special.ndtr(-np.abs(scores))))
        )
    return _significant(snapshot, parts, "level")


def _changes(
    snapshot: Snapshot, window: Window, reference: Window, filters: Filters, as_of: dt.date | None
) -> list[Notable]:
    changes = compare(snapshot, CHANGE_IDS, window, reference, filters, by="commune", as_of=as_of)
    tested = changes.filter(pl.col("commune").is_not_null() & pl.col("p_value").is_not_null())
    columns = ("commune", "value", "n", "indicator", "reference", "p_value")
    return _significant(snapshot, [tested.select(*columns, low="value_low", high="value_high")], "change")


def _significant(snapshot: Snapshot, parts: list[pl.DataFrame], kind: Literal["level", "change"]) -> list[Notable]:
    if not parts:
        return []
    tested = pl.concat(parts, how="diagonal")
    adjusted = false_discovery(tested["p_value"].to_numpy())
    names = dict(snapshot.query("select commune_code, full_name from commune").rows())
    return [
        Notable(
            commune_code=row["commune"],
            commune_name=names.get(row["commune"], row["commune"]),
            indicator=row["indicator"],
            kind=kind,
            direction=_direction(indicator(row["indicator"]), row["value"] - row["reference"]),
            value=row["value"],
            n=row["n"],
            low=row["low"],
            high=row["high"],
            reference=row["reference"],
            dossiers=abs(row["value"] - row["reference"]) * row["n"],
            p_value=row["adjusted"],
            is_adjusted=kind == "level" and row["indicator"] == _ADJUSTED_ID,
        )
        for row in tested.with_columns(adjusted=pl.Series(adjusted, dtype=pl.Float64)).iter_rows(named=True)
        if row["adjusted"] < SIGNIFICANCE_LEVEL
    ]


def _direction(declared: Indicator, difference: float) -> Literal["better", "worse", "neutral"]:
    if declared.direction == "neutral" or difference == 0:
        return "neutral"
    return "better" if (difference > 0) == (declared.direction == "higher_is_better") else "worse"
