"""What to look at first: communes that differ from the others, or from their own past, by more than chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl
from scipy import special

from indicators.catalogue import Indicator, indicator, indicators
from indicators.compare import SIGNIFICANCE_LEVEL, compare
from indicators.compute import compute
from indicators.filters import Filters
from indicators.funnel import LEAST_VARIANCE, mid_p_scores
from indicators.mix import MixCells, decompose, mix_cells
from indicators.scope import Scope
from indicators.standing_still import last_day_requests, long_stops, stalled
from indicators.statistics import between_variance, false_discovery, wilson
from indicators.windows import Window
from warehouse import Snapshot

# Rates that a commune's own work decides; these are judged at the commune's own mix of procedures and channels.
_ADJUSTED_IDS = ("on_time_rate_ii06", "supplement_rate")
LEVEL_IDS = (*_ADJUSTED_IDS, "slow_reception_rate")
CHANGE_IDS = ("on_time_rate_ii06", "on_time_rate_766", "supplement_rate", "slow_reception_rate", "online_rate")
_ALL = Filters()
_LEAST_N = 20
Kind = Literal["level", "change", "backlog", "stalled", "last_day", "pauses"]


@dataclass(frozen=True, kw_only=True)
class Notable:
    """One finding, by `kind`:

    * `level`: a rate against the other communes; `is_adjusted`: at the commune's own mix of procedures and channels;
    * `change`: a rate against the reference window;
    * `backlog`: of the open dossiers those past their date; `stalled`: of the open ones whose clock runs those without
      a step for more than ten working days; `last_day`: of the requests for supplements those made on the last day of
      the term or later; each against the other communes;
    * `pauses`: of the resolved dossiers those whose clock stood for the citizen longer than they were worked on,
      against the other communes at the commune's own mix.

    `indicator` is what it is about, `reference` the rate expected, `dossiers` the difference in dossiers, `p_value`
    adjusted for all communes and indicators looked at.
    """

    commune_code: str
    commune_name: str
    indicator: str
    kind: Kind
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
    among: Collection[str] | None = None,
    kinds: Collection[Kind] = get_args(Kind),
    limit: int = 10,
) -> list[Notable]:
    """The findings that stand after Benjamini and Hochberg over communes × indicators, worse first, largest first.

    Only the filters by field, procedure and channel narrow the comparison; those of communes narrow what is returned.
    `among`: the communes that are looked at and compared with one another, all where it is not given. `kinds`: what is
    looked at, and adjusted for.
    """
    known = window.clipped(min(as_of or dt.date.max, snapshot.info.as_of.date()))
    everywhere = filters.of_whole_province()
    parts = []
    if "level" in kinds:
        parts += _levels(snapshot, known, everywhere, among)
    if not {"backlog", "stalled", "last_day"}.isdisjoint(kinds):
        parts += _backlogs(snapshot, known, everywhere, among)
    if "pauses" in kinds:
        parts += _pauses(snapshot, known, everywhere, among)
    if reference is not None and "change" in kinds:
        parts += _changes(snapshot, window, reference, everywhere, as_of, among)
    found = _significant(snapshot, [part for part in parts if part.is_empty() or part["kind"][0] in kinds])
    if filters != everywhere:
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
    exact = mid_p_scores(np.rint(rate * n), n, expected) / np.sqrt(1 + n / n_rest)
    error = np.sqrt(1 / (4 * n) + 1 / (4 * n_rest))
    difference = np.arcsin(np.sqrt(rate)) - np.arcsin(np.sqrt(expected))
    is_large = n * expected * (1 - expected) >= LEAST_VARIANCE
    between = between_variance(difference[is_large] / error[is_large], error[is_large])
    return np.asarray(exact * error / np.sqrt(error**2 + between))


def _levels(snapshot: Snapshot, window: Window, filters: Filters, among: Collection[str] | None) -> list[pl.DataFrame]:
    parts = []
    for name in _ADJUSTED_IDS:
        split = decompose(mix_cells(snapshot, name, window, filters), among=among)
        parts.append(
            _tested(
                split.select("commune", "hits", "n", "expected", n_rest="others_n"), name, "level", is_adjusted=True
            )
        )
    for declared in indicators(set(LEVEL_IDS) - set(_ADJUSTED_IDS)):
        name = declared.id
        answer = compute(
            snapshot, [name], ["commune"], filters=filters, date_from=window.starts, date_to=window.ends
        ).filter(pl.col("commune").is_not_null() & (pl.col(f"{name}_n") > 0))
        parts.append(
            _against_others(
                answer.select("commune", hits=pl.col(name) * pl.col(f"{name}_n"), n=f"{name}_n"), name, "level", among
            )
        )
    return parts


def _backlogs(
    snapshot: Snapshot, window: Window, filters: Filters, among: Collection[str] | None
) -> list[pl.DataFrame]:
    """Open dossiers past their date, those that stand still, and requests for supplements made on the last day."""
    scope = Scope(snapshot, ("commune",), filters, window)
    open_ones = compute(
        snapshot,
        ["pending", "pending_late"],
        ["commune"],
        filters=filters,
        date_from=window.starts,
        date_to=window.ends,
    )
    return [
        _against_others(
            open_ones.select("commune", hits="pending_late", n="pending"), "pending_late", "backlog", among
        ),
        _against_others(stalled(scope), "pending", "stalled", among),
        _against_others(last_day_requests(scope), "supplement_rate", "last_day", among),
    ]


def _pauses(snapshot: Snapshot, window: Window, filters: Filters, among: Collection[str] | None) -> list[pl.DataFrame]:
    """Clocks that stand longer than they run; nobody is asked where no clock ever does."""
    counted = long_stops(Scope(snapshot, ("commune", "field", "procedure", "channel"), filters, window))
    known = counted.filter(pl.col("commune").is_not_null()).with_columns(pl.col(pl.String).fill_null(""))
    split = decompose(MixCells(cells=known), among=among)
    if not split["hits"].sum():
        return []
    rows = split.select("commune", "hits", "n", "expected", n_rest="others_n")
    tested = _tested(rows, "supplement_rate", "pauses", is_adjusted=True)
    # A clock that never stands is nobody's merit.
    return [tested if tested.is_empty() else tested.filter(pl.col("value") > pl.col("reference"))]


def _against_others(
    counted: pl.DataFrame, indicator_id: str, kind: Kind, among: Collection[str] | None
) -> pl.DataFrame:
    """Counts `commune, hits, n` tested against the rate of all other communes together."""
    frame = counted.filter(pl.col("commune").is_not_null() & (pl.col("n") > 0))
    if among is not None:
        frame = frame.filter(pl.col("commune").is_in(list(among)))
    n_rest = pl.col("n").sum() - pl.col("n")
    expected = (pl.col("hits").sum() - pl.col("hits")) / n_rest
    return _tested(frame.with_columns(n_rest=n_rest, expected=expected), indicator_id, kind)


def _tested(frame: pl.DataFrame, indicator_id: str, kind: Kind, *, is_adjusted: bool = False) -> pl.DataFrame:
    """Counts with what is expected (`commune, hits, n, expected, n_rest`) as rows of findings, those with enough."""
    enough = frame.filter((pl.col("n") >= max(_LEAST_N, indicator(indicator_id).min_n)) & (pl.col("n_rest") > 0))
    hits, n, expected, n_rest = (
        enough[name].cast(pl.Float64).to_numpy() for name in ("hits", "n", "expected", "n_rest")
    )
    if not len(n):
        return pl.DataFrame()
    low, high = wilson(np.rint(hits), n)
    return enough.select(
        "commune",
        pl.col("n").cast(pl.Int64),
        value=pl.Series(hits / n),
        low=pl.Series(low),
        high=pl.Series(high),
        indicator=pl.lit(indicator_id),
        kind=pl.lit(kind),
        reference=pl.Series(expected),
        p_value=pl.Series(2 * special.ndtr(-np.abs(funnel_scores(hits / n, n, expected, n_rest)))),
        is_adjusted=pl.lit(is_adjusted),
    )


def _changes(
    snapshot: Snapshot,
    window: Window,
    reference: Window,
    filters: Filters,
    as_of: dt.date | None,
    among: Collection[str] | None,
) -> list[pl.DataFrame]:
    changes = compare(snapshot, CHANGE_IDS, window, reference, filters, by="commune", as_of=as_of)
    tested = changes.filter(pl.col("commune").is_not_null() & pl.col("p_value").is_not_null())
    if among is not None:
        tested = tested.filter(pl.col("commune").is_in(list(among)))
    columns = ("commune", "value", "n", "indicator", "reference", "p_value")
    return [
        tested.select(
            *columns, low="value_low", high="value_high", kind=pl.lit("change"), is_adjusted=pl.lit(value=False)
        )
    ]


def _significant(snapshot: Snapshot, parts: list[pl.DataFrame]) -> list[Notable]:
    parts = [part for part in parts if not part.is_empty()]
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
            kind=row["kind"],
            direction=_direction(row["kind"], indicator(row["indicator"]), row["value"] - row["reference"]),
            value=row["value"],
            n=row["n"],
            low=row["low"],
            high=row["high"],
            reference=row["reference"],
            dossiers=abs(row["value"] - row["reference"]) * row["n"],
            p_value=row["adjusted"],
            is_adjusted=row["is_adjusted"],
        )
        for row in tested.with_columns(adjusted=pl.Series(adjusted, dtype=pl.Float64)).iter_rows(named=True)
        if row["adjusted"] < SIGNIFICANCE_LEVEL
    ]


def _direction(kind: Kind, declared: Indicator, difference: float) -> Literal["better", "worse", "neutral"]:
    if difference == 0:
        return "neutral"
    if kind in ("backlog", "stalled", "last_day", "pauses"):
        return "worse" if difference > 0 else "better"
    if declared.direction == "neutral":
        return "neutral"
    return "better" if (difference > 0) == (declared.direction == "higher_is_better") else "worse"
