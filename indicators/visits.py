"""What a visit is worth: avoidable lateness × how sure it is × how long nobody came × how near it lies.

Avoidable are the dossiers resolved late, and those open past their date, beyond what the other communes would have at
this commune's own mix of procedures and channels (`mix`). What chance and ordinary variation explain is taken off by
pulling every commune to the level of all (empirical Bayes, normal; the variance between communes by Paule and Mandel).
A commune whose excess is only chance is therefore worth next to nothing, however far up a plain list it would stand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from scipy import special

from indicators.compute import compute
from indicators.filters import Filters
from indicators.mix import MixCells, decompose, mix_cells
from indicators.rank_groups import APART, DRAWS
from indicators.route import Point, distance_km, places
from indicators.scope import Scope
from indicators.standing_still import stalled
from indicators.statistics import Floats, Z, between_variance
from indicators.visit_words import visit_reason
from indicators.windows import Window
from warehouse import Snapshot

_STRATUM = ["field", "procedure", "channel"]
# So many days after a visit half of its weight is back.
HALF_BACK_AFTER = 90
# So many kilometres from the nearest chosen stop the weight is a half.
HALF_AT_KM = 40.0
# Communes with fewer dossiers of a kind say too little of it.
LEAST_N = 20
_TAILS = 0.005
_SEED = 766
_ALL = Filters()


def visit_values(
    snapshot: Snapshot,
    window: Window,
    *,
    visits: Sequence[tuple[str, dt.date]] = (),
    chosen: Sequence[str] = (),
    on: dt.date | None = None,
    filters: Filters = _ALL,
) -> pl.DataFrame:
    """One row a commune with enough dossiers that is not among `chosen`, in groups that cannot be told apart.

    `visits`: commune and day of every trip made; `chosen`: stops decided on already; `on`: the day of the trip (else
    the window's last day). Columns: those of `avoidable`, `name, stalled` (open dossiers without a step for more than
    ten working days; null without a log), `last_visit, since_weight, nearest, kilometres, near_weight, value, group,
    reason`. Sorted by group (1: most worth a visit), within it by the
    Vietnamese alphabet: the order inside a group says nothing.
    """
    known = window.clipped(snapshot.info.as_of.date())
    everywhere = filters.of_whole_province()
    closed = mix_cells(snapshot, "on_time_rate_ii06", known, everywhere)
    excess = avoidable([decompose(closed), decompose(_open_cells(snapshot, known, everywhere))])
    names = snapshot.query("select commune_code as commune, full_name as name, sort_order from commune")
    still = stalled(Scope(snapshot, ("commune",), everywhere, known)).select("commune", stalled="hits")
    frame = (
        excess.filter(~pl.col("commune").is_in(list(chosen)))
        .join(names, on="commune", how="inner", validate="1:1")
        .join(still, on="commune", how="left", validate="1:1")
    )
    frame = weighed(
        frame,
        visits={code: max(day for one, day in visits if one == code) for code, _day in visits},
        on=on or known.ends,
        chosen={code: places(snapshot)[code] for code in chosen if code in places(snapshot)},
        points={code: point for code, (_name, point) in places(snapshot).items()},
    )
    reasons = [visit_reason(row) for row in frame.iter_rows(named=True)]
    return frame.with_columns(reason=pl.Series(reasons, dtype=pl.String)).sort("group", "sort_order").drop("sort_order")


def avoidable(splits: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Late dossiers beyond expectation by commune, from the parts that `decompose` gives of shares in time.

    Columns: `commune, late, late_low, late_high` (as counted, with the 95 % interval by MOVER), `resolved_late,
    open_late` (the first and the second part), `mean, spread, sure` (posterior mean and standard deviation, and the
    probability of an excess).
    """
    first, second = (
        _part(split).select("commune", pl.exclude("commune").name.suffix(f"_{place}"))
        for place, split in enumerate(splits)
    )
    both = first.join(second, on="commune", how="full", coalesce=True, validate="1:1").fill_null(0.0).sort("commune")

    def of(name: str) -> tuple[Floats, Floats]:
        return both[f"{name}_0"].to_numpy(), both[f"{name}_1"].to_numpy()

    late, mean = np.add(*of("late")), np.add(*of("mean"))
    spread = np.sqrt(np.add(*of("variance")))
    # No variation between communes at all: nothing is above anything.
    sure = special.ndtr(np.divide(mean, spread, out=np.zeros_like(spread), where=spread > 0))
    return both.select(
        "commune",
        late=pl.Series(late),
        late_low=pl.Series(late - np.hypot(*of("below"))),
        late_high=pl.Series(late + np.hypot(*of("above"))),
        resolved_late="late_0",
        open_late="late_1",
        mean=pl.Series(mean),
        spread=pl.Series(spread),
        sure=pl.Series(sure),
    )


def _part(split: pl.DataFrame) -> pl.DataFrame:
    """`commune, late, below, above, mean, variance` of communes with enough dossiers, all in dossiers."""
    enough = split.filter(pl.col("n") >= LEAST_N)
    n = enough["n"].cast(pl.Float64).to_numpy()
    late, low, high = (-enough[name].to_numpy() for name in ("own", "own_high", "own_low"))
    error = (high - low) / (2 * Z)
    # Communes far off are what is looked for here: their part of the variance is kept.
    between = between_variance(late / error, error, winsorised=_TAILS)
    kept = between / (between + error**2)
    columns = {
        "late": n * late,
        "below": n * (late - low),
        "above": n * (high - late),
        "mean": n * kept * late,
        "variance": n**2 * kept * error**2,
    }
    return enough.select("commune", *(pl.Series(name, values, dtype=pl.Float64) for name, values in columns.items()))


def weighed(
    frame: pl.DataFrame,
    *,
    visits: Mapping[str, dt.date],
    on: dt.date,
    chosen: Mapping[str, tuple[str, Point]],
    points: Mapping[str, Point],
) -> pl.DataFrame:
    """The answer of `avoidable` with weights for time and nearness, the value and the group of each commune."""
    codes = frame["commune"].to_list()
    last = [visits.get(code) for code in codes]
    since = np.array([since_weight(day, on) for day in last])
    near = [_nearest(points.get(code), chosen) for code in codes]
    near_weight = np.array([1.0 if found is None else 2 ** (-found[1] / HALF_AT_KM) for found in near])
    mean, spread, sure = (frame[name].to_numpy() for name in ("mean", "spread", "sure"))
    weight = since * near_weight
    value = np.maximum(mean, 0) * sure * weight
    drawn = np.random.default_rng(_SEED).standard_normal((len(frame), DRAWS))
    drawn = np.maximum(mean[:, None] + drawn * spread[:, None], 0) * weight[:, None]
    return frame.with_columns(
        last_visit=pl.Series(last, dtype=pl.Date),
        since_weight=pl.Series(since, dtype=pl.Float64),
        nearest=pl.Series([found and found[0] for found in near], dtype=pl.String),
        kilometres=pl.Series([found and found[1] for found in near], dtype=pl.Float64),
        near_weight=pl.Series(near_weight, dtype=pl.Float64),
        value=pl.Series(value, dtype=pl.Float64),
        group=pl.Series(_groups(value, drawn), dtype=pl.Int64),
    )


def since_weight(last_visit: dt.date | None, on: dt.date) -> float:
    """0 on the day of a visit, a half after 90 days, near 1 after a year; 1 where nobody came yet."""
    if last_visit is None:
        return 1.0
    return float(1.0 - 2.0 ** (-max((on - last_visit).days, 0) / HALF_BACK_AFTER))


def _groups(value: Floats, drawn: Floats) -> np.ndarray:
    """The first group whose head a commune cannot be told apart from; those worth nothing for sure come last."""
    group, number = np.zeros(len(value), np.int64), 0
    left = np.argsort(-value, kind="stable")
    while len(left):
        number += 1
        is_below = (drawn[left] < drawn[left[0]]).mean(axis=1) >= APART
        group[left[~is_below]] = number
        left = left[is_below]
    return group


def _nearest(point: Point | None, chosen: Mapping[str, tuple[str, Point]]) -> tuple[str, float] | None:
    """The name of the nearest chosen stop and the kilometres to it."""
    if point is None or not chosen:
        return None
    return min(((name, distance_km(point, there)) for name, there in chosen.values()), key=lambda found: found[1])


def _open_cells(snapshot: Snapshot, window: Window, filters: Filters) -> MixCells:
    """Open dossiers by commune, procedure and channel, those not past their date as hits."""
    frame = compute(
        snapshot,
        ["pending", "pending_late"],
        ["commune", *_STRATUM],
        filters=filters,
        date_from=window.starts,
        date_to=window.ends,
    )
    n, late = (pl.col(name).cast(pl.Float64) for name in ("pending", "pending_late"))
    return MixCells(
        cells=frame.filter(pl.col("commune").is_not_null() & (n > 0)).select(
            "commune", pl.col(_STRATUM).fill_null(""), hits=n - late, n=n
        )
    )
