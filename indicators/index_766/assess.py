"""Each component of the index for each unit: own computation, published score, and which of them counts."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from indicators.filters import Filters
from indicators.index_766.counts import BLOCKS, component_counts
from indicators.index_766.published import WHOLE_PROVINCE, of_windows, published_scores
from indicators.index_766.weights import weights_of_buckets
from indicators.scope import Scope
from indicators.windows import Window
from warehouse import Snapshot
from warehouse.index_items import INDEX_POINTS, INDEX_TOTAL

_CELL = ["group_id", "bucket"]
_ALL = Filters()
_HALF_A_THOUSANDTH = 0.0005


@dataclass(frozen=True)
class Assessment:
    """Three frames by `group_id, bucket` (and `commune` where split by it).

    `components`: a row a component with `component, index_group, max, good, n, rate, own, own_low, own_high` (from the
    dossiers), `published_score, published_starts_on, published_ends_on, published_source`, and what counts: `points,
    low, high, basis`. `basis`: `own`; `published`; `group` (the group's published score counts for all its components);
    `no_case` (nothing that the component is a share of); `not_recorded` (the source is silent); `no_source`.

    `groups`: `index_group, max, points, known, low, high, n, basis, published_*`. `totals`: `points, known, low, high,
    n, published_*, is_complete`. `known`: the maximum of the parts that `points` adds up, never scaled to 100; `points`
    null where nothing is known; `is_estimated`: some part is computed from dossiers; `n`: dossiers, the largest
    denominator.
    """

    components: pl.DataFrame
    groups: pl.DataFrame
    totals: pl.DataFrame


def assess_communes(snapshot: Snapshot, window: Window, filters: Filters = _ALL) -> Assessment:
    """Every commune in force that the filters keep, for one window; frames have the column `commune`."""
    return assess(Scope(snapshot, ("commune",), filters, window))


def assess_whole(snapshot: Snapshot, window: Window, filters: Filters = _ALL) -> Assessment:
    """All dossiers that the filters keep as one unit, for one window."""
    return assess(Scope(snapshot, (), filters, window))


def assess(scope: Scope) -> Assessment:
    """The index for every group and bucket of a question.

    Published scores take part only where a group is whole communes or the province: not split or filtered by field,
    procedure or channel, nor by time (a score of a year says nothing of one week). A score of the province's own row
    counts for every such group where the province decides the component, else for the whole province only.
    """
    cells = _cells(scope)
    counts = component_counts(scope)
    components = cells.join(weights_of_buckets(scope.snapshot, scope.buckets), on="bucket", how="inner")
    components = components.join(counts, on=[*_CELL, "formula"], how="left", validate="m:1")
    scores = published_scores(scope.snapshot)
    components = _with_published(components.with_columns(item="component"), scores)
    components = _with_own_points(components)
    groups = (
        components.group_by([*_CELL, "index_group"], maintain_order=True)
        .agg(
            pl.col("unit", "ends").first(),
            pl.col("max").sum(),
            pl.col("is_of_province").all(),
            all_known=(pl.col("own").is_not_null() | pl.col("published_score").is_not_null()).all(),
        )
        .with_columns(item="index_group")
    )
    groups = _with_published(groups, scores)
    is_covered = ~pl.col("all_known") & pl.col("published_score").is_not_null()
    covered = groups.select(*_CELL, "index_group", is_covered=is_covered)
    components = components.join(covered, on=[*_CELL, "index_group"], how="left", validate="m:1")
    components = _with_basis(components)
    groups = _added_up(components, groups.select(*_CELL, "index_group", "max", "^published_.*$"), ["index_group"])
    totals = cells.with_columns(item=pl.lit(INDEX_TOTAL), is_of_province=pl.lit(False))
    totals = _with_published(totals, scores).select(*_CELL, "^published_.*$")
    totals = _totals(groups, _added_up(components, totals, []))
    names = cells.select("group_id", *(["commune"] if "commune" in cells.columns else [])).unique()
    frames = (frame.join(names, on="group_id", how="left") for frame in (components, groups, totals))
    return Assessment(*frames)


def _cells(scope: Scope) -> pl.DataFrame:
    """`group_id, bucket, ends, unit` (`commune`): the unit whose published scores apply, null for none."""
    by_commune = scope.unit_dimensions == ["commune"]
    is_split = scope.key_dimensions or scope.time_dimensions
    is_whole = not is_split and not (scope.filters.field or scope.filters.procedure or scope.filters.channel)
    if by_commune and not scope.key_dimensions:
        # Also the units without a dossier: they may have published scores. No group of dossiers has their number.
        absent = scope.units.select("commune").join(scope.groups, on="commune", how="anti")
        absent = absent.with_columns(group_id=-1 - pl.int_range(pl.len(), dtype=pl.Int32))
        groups = pl.concat([scope.groups.select("group_id", "commune"), absent.select("group_id", "commune")])
    elif scope.unit_dimensions or scope.key_dimensions:
        groups = scope.groups
    else:
        groups = pl.DataFrame({"group_id": [1]}, schema={"group_id": pl.Int32})
    unit = pl.lit(None, pl.String)
    if is_whole:
        given = scope.filters.given()
        if "commune" in scope.unit_dimensions:
            unit = pl.col("commune")
        elif not scope.unit_dimensions and not given:
            unit = pl.lit(WHOLE_PROVINCE)
        elif not scope.unit_dimensions and list(given) == ["commune"] and len(given["commune"]) == 1:
            unit = pl.lit(given["commune"][0])
        else:
            unit = pl.lit("")
    kept = ["group_id", *(["commune"] if "commune" in groups.columns else [])]
    return groups.select(*kept, unit=unit).join(scope.buckets.select("bucket", "ends"), how="cross")


def _with_published(frame: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """Adds the published score of `item` for `unit`; of what the province decides, the province's own row stands in."""
    own = of_windows(scores, frame)
    if own["unit"].null_count() == len(own):
        return own
    stands_in = pl.col("is_of_province") & pl.col("unit").is_not_null() & pl.col("published_score").is_null()
    province = of_windows(
        scores, own.select("group_id", "bucket", "item", "ends", unit=pl.lit(WHOLE_PROVINCE)).unique()
    )
    names = [name for name in province.columns if name.startswith("published_")]
    joined = own.join(
        province.select(*_CELL, "item", *(pl.col(name).alias(f"province_{name}") for name in names)),
        on=[*_CELL, "item"],
        how="left",
        validate="m:1",
    )
    return joined.with_columns(
        pl.when(stands_in).then(pl.col(f"province_{name}")).otherwise(pl.col(name)).alias(name) for name in names
    ).drop(f"province_{name}" for name in names)


def _with_own_points(components: pl.DataFrame) -> pl.DataFrame:
    def points(rate: str) -> pl.Expr:
        # A clip keeps nulls, a horizontal minimum would pass over them.
        return pl.col("max") * (pl.col(rate) / pl.col("full_at")).clip(upper_bound=1)

    return components.with_columns(own=points("rate"), own_low=points("rate_low"), own_high=points("rate_high"))


def _with_basis(components: pl.DataFrame) -> pl.DataFrame:
    basis = (
        pl.when("is_covered")
        .then(pl.lit("group"))
        .when(pl.col("own").is_not_null())
        .then(pl.lit("own"))
        .when(pl.col("published_score").is_not_null())
        .then(pl.lit("published"))
        .when(pl.col("formula").is_null())
        .then(pl.lit("no_source"))
        .when(pl.col("possible").fill_null(0) > 0)
        .then(pl.lit("not_recorded"))
        .otherwise(pl.lit("no_case"))
    )
    is_own, is_published = pl.col("basis") == "own", pl.col("basis") == "published"
    score = pl.when(is_published).then(pl.col("published_score"))
    return components.with_columns(basis=basis).with_columns(
        points=pl.when(is_own).then(pl.col("own")).otherwise(score),
        low=pl.when(is_own).then(pl.col("own_low")).otherwise(score),
        high=pl.when(is_own).then(pl.col("own_high")).otherwise(score),
    )


def _added_up(components: pl.DataFrame, frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The sums of the components over `keys`, joined to `frame`: points, what is known, interval, n.

    The distances to the bounds are added within a block of the same dossiers and combined as if they were standard
    errors between blocks (MOVER, as in `statistics.difference_interval`).
    """
    known = components.filter(pl.col("points").is_not_null())
    block = pl.col("formula").replace_strict(BLOCKS, default=None, return_dtype=pl.String)
    spread = (
        known.filter(pl.col("basis") == "own")
        .with_columns(block=block)
        # In one order, so that the same question has the same last digit every time.
        .group_by([*_CELL, *keys, "block"], maintain_order=True)
        .agg(below=(pl.col("points") - pl.col("low")).sum(), above=(pl.col("high") - pl.col("points")).sum())
        .group_by([*_CELL, *keys])
        .agg((pl.col("below", "above") ** 2).sum().sqrt())
    )
    dossiers = (
        components.filter(
            pl.col("formula").is_not_null() & (pl.col("formula") != "procedures_paid") & (pl.col("n") > 0)
        )
        .group_by([*_CELL, *keys])
        .agg(n=pl.col("n").max())
    )
    window_n = components.filter(pl.col("formula") == "on_time").select(*_CELL, window_n="n")
    sums = known.group_by([*_CELL, *keys]).agg(pl.col("points").sum(), known=pl.col("max").sum())
    on = [*_CELL, *keys]
    found = frame.join(sums, on=on, how="left", validate="1:1").join(spread, on=on, how="left", validate="1:1")
    found = found.join(dossiers, on=on, how="left", validate="1:1").join(window_n, on=_CELL, how="left", validate="m:1")
    has_group_score = components.group_by(on).agg(is_covered=pl.col("is_covered").any())
    found = found.join(has_group_score, on=on, how="left", validate="1:1")
    if keys:
        score = pl.when("is_covered").then(pl.col("published_score"))
        found = found.with_columns(
            points=pl.coalesce(score, "points"),
            known=pl.when("is_covered").then(pl.col("max")).otherwise("known"),
            below=pl.when("is_covered").then(None).otherwise("below"),
            above=pl.when("is_covered").then(None).otherwise("above"),
            basis=pl.when("is_covered").then(pl.lit("group")),
        )
    return found.with_columns(
        is_estimated=pl.col("below").is_not_null(),
        low=(pl.col("points") - pl.col("below").fill_null(0)).clip(lower_bound=0),
        high=(pl.col("points") + pl.col("above").fill_null(0)).clip(upper_bound=pl.col("known")),
        n=pl.coalesce("n", "window_n").fill_null(0),
    ).drop("below", "above", "window_n", "is_covered")


def _totals(groups: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Adds to the components' sums the groups whose published score counts for all their components."""
    covered = (
        groups.filter(pl.col("basis") == "group").group_by(_CELL).agg(pl.col("points", "max").sum().name.prefix("g_"))
    )
    found = added.join(covered, on=_CELL, how="left", validate="1:1")
    more, more_known = pl.col("g_points").fill_null(0), pl.col("g_max").fill_null(0)
    something = pl.col("points").is_not_null() | pl.col("g_points").is_not_null()
    return (
        found.with_columns(
            pl.when(something).then(pl.col(name).fill_null(0) + more).alias(name) for name in ("points", "low", "high")
        )
        .with_columns(known=pl.when(something).then(pl.col("known").fill_null(0) + more_known))
        .with_columns(is_complete=(pl.col("known") > INDEX_POINTS - _HALF_A_THOUSANDTH).fill_null(False))
        .drop("g_points", "g_max")
    )
