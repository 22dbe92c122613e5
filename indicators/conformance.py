"""What happened set beside the internal process that is declared: steps left out, taken again, out of turn, over time.

Which steps a dossier took, and in which order, is the same for all dossiers of one order of steps (`variant`): only the
few orders that occur are judged, and counted by the dossiers that took them. Departures are questions: a log that names
a step otherwise, or a step done on paper, looks the same as one left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from indicators.filters import Filters
from indicators.process.scoping import Levels, activity_names, named, prepared_rows
from indicators.scope import Scope
from indicators.statistics import wilson
from indicators.windows import Window
from warehouse import Snapshot

KINDS = ("skipped", "repeated", "out_of_order", "late")
_ALL = Filters()
_BY_KEY: Levels = {"key": ("month",)}


@dataclass(frozen=True, kw_only=True)
class Conformance:
    """Departures of the dossiers closed in a window whose procedure has a declared process.

    `steps`: `procedure, position, activity, hours, kind, hits, n, value, low, high` (of the dossiers, 95 %; the late of
    those with a time for the step); `communes`: `commune, kind, hits, n, value, low, high, expected`, a dossier once a
    kind (`expected`: the share that all communes' rates give for this one's mix of procedures);
    `unseen`: `procedure, activity` of declared steps that the log of the window never names: they are not judged.
    `is_illustrative`: whether the declared processes are our examples and not the province's.
    """

    steps: pl.DataFrame
    communes: pl.DataFrame
    unseen: pl.DataFrame
    dossiers: int
    is_illustrative: bool


def conformance(
    snapshot: Snapshot, window: Window, *, filters: Filters = _ALL, as_of: dt.date | None = None
) -> Conformance:
    """Set the dossiers closed in the window, withdrawn and stopped ones left out, beside the declared processes."""
    known = window.clipped(min(as_of or dt.date.max, snapshot.info.as_of.date()))
    scope = Scope(snapshot, ("commune", "procedure"), filters, known)
    declared = snapshot.query(
        "select procedure_code as procedure, position, activity, hours, is_optional, is_illustrative from process_step"
    )
    paths = _paths(scope).join(declared.select("procedure").unique(), on="procedure", how="semi")
    orders = _orders(snapshot, paths["variant_id"].unique().to_list())
    judged, unseen = _judge(declared, paths, orders)
    late = _late(scope)
    return Conformance(
        steps=_by_step(declared, unseen, paths, judged, late),
        communes=_by_commune(paths, judged, late),
        unseen=unseen,
        dossiers=int(paths["n"].sum()),
        is_illustrative=bool(declared["is_illustrative"].any()),
    )


def departures(steps: Sequence[str], process: Sequence[tuple[str, bool]]) -> dict[str, set[str]]:
    """`skipped, repeated, out_of_order`: the declared steps concerned. `process`: activities in order, and if optional.

    A step is out of turn where it is first taken before one that is declared before it; steps that are not declared
    are passed over.
    """
    first: dict[str, int] = {}
    repeated = set()
    names = {activity for activity, _optional in process}
    for place, activity in enumerate(steps):
        if activity in first:
            repeated.add(activity)
        elif activity in names:
            first[activity] = place
    skipped = {activity for activity, optional in process if not optional and activity not in first}
    taken = [activity for activity, _optional in process if activity in first]
    early = {
        activity
        for number, activity in enumerate(taken)
        if any(first[before] > first[activity] for before in taken[:number])
    }
    return {"skipped": skipped, "repeated": repeated, "out_of_order": early}


def _paths(scope: Scope) -> pl.DataFrame:
    """`commune, procedure, variant_id, n` of the dossiers resolved in the window."""
    rows, days = prepared_rows(
        scope,
        table="monthly_declared",
        columns="variant_id, n",
        levels=_BY_KEY,
        daily="""
            select group_id, variant_id, count(*) as n
            from path_span
            {scoped}
            where closed_on {days} and not is_neutral {narrowed}
            group by all
        """,
    )
    found = scope.query(
        f", part as ({rows}) select group_id, variant_id, sum(n)::bigint as n from part group by all", **days
    )
    return found.join(scope.groups, on="group_id", how="left").select("commune", "procedure", "variant_id", "n")


def _orders(snapshot: Snapshot, wanted: list[int]) -> dict[int, list[str | None]]:
    names = dict(snapshot.query("select activity_id, name from activity").iter_rows())
    rows = snapshot.query(
        "select variant_id, activity_ids from variant where list_contains($wanted, variant_id)", {"wanted": wanted}
    )
    return {variant: [names[one] for one in activities] for variant, activities in rows.iter_rows()}


def _judge(
    declared: pl.DataFrame, paths: pl.DataFrame, orders: dict[int, list[str | None]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`procedure, variant_id, kind, activity` of every departure, and the declared steps that no dossier ever took."""
    processes = {
        str(procedure): list(rows.sort("position").select("activity", "is_optional").iter_rows())
        for (procedure,), rows in declared.group_by("procedure")
    }
    seen: dict[str, set[str | None]] = {}
    pairs = list(paths.select("procedure", "variant_id").unique(maintain_order=True).iter_rows())
    for procedure, variant in pairs:
        seen.setdefault(procedure, set()).update(orders[variant])
    unseen = [
        (procedure, activity)
        for procedure, known in seen.items()
        for activity, _optional in processes[procedure]
        if activity not in known
    ]
    rows = []
    for procedure, variant in pairs:
        process = [step for step in processes[procedure] if step[0] in seen[procedure]]
        found = departures([one or "" for one in orders[variant]], process)
        rows += [(procedure, variant, kind, one) for kind, names in found.items() for one in sorted(names)]
    schema = {"procedure": pl.String, "variant_id": pl.Int32, "kind": pl.String, "activity": pl.String}
    return (
        pl.DataFrame(rows, schema=schema, orient="row"),
        pl.DataFrame(unseen, schema={"procedure": pl.String, "activity": pl.String}, orient="row").sort(pl.all()),
    )


def _late(scope: Scope) -> pl.DataFrame:
    """`commune, procedure, activity, hits, n` of the steps with a declared time; without an activity: of the dossiers.

    The time of a step is the working time since the declared step before it, without that in which the clock stood;
    taken again, the longest counts. The first step of a dossier has no time.
    """
    rows, days = prepared_rows(
        scope,
        table="monthly_late",
        columns="activity_id, hits, n",
        levels=_BY_KEY,
        daily="""
            select group_id, activity_id, count(*) filter (is_late) as hits, count(*) as n
            from step_late
            {scoped}
            where closed_on {days} {narrowed}
            group by all
        """,
    )
    late = scope.query(
        f""",
            part as ({rows})

            select group_id, activity_id, sum(hits)::bigint as hits, sum(n)::bigint as n from part group by all
        """,
        **days,
    ).join(scope.groups, on="group_id", how="left")
    found = named(late.filter(pl.col("n") > 0), activity_names(scope.snapshot), "activity_id", "activity")
    return found.select(pl.col(name).cast(kind) for name, kind in _LATE_SCHEMA.items())


_LATE_SCHEMA: dict[str, type[pl.DataType]] = {
    "commune": pl.String,
    "procedure": pl.String,
    "activity": pl.String,
    "hits": pl.Int64,
    "n": pl.Int64,
}


def _by_step(
    declared: pl.DataFrame, unseen: pl.DataFrame, paths: pl.DataFrame, judged: pl.DataFrame, late: pl.DataFrame
) -> pl.DataFrame:
    closed = paths.group_by("procedure").agg(n=pl.col("n").sum())
    counted = (
        judged.join(
            paths.group_by("procedure", "variant_id").agg(pl.col("n").sum()), on=["procedure", "variant_id"], how="left"
        )
        .group_by("procedure", "activity", "kind")
        .agg(hits=pl.col("n").sum())
    )
    steps = declared.join(unseen, on=["procedure", "activity"], how="anti").select(
        "procedure", "position", "activity", "hours"
    )
    orders = (
        steps.join(closed, on="procedure", how="inner")
        .join(pl.DataFrame({"kind": KINDS[:3]}), how="cross")
        .join(counted, on=["procedure", "activity", "kind"], how="left")
    )
    times = steps.join(
        late.drop_nulls("activity").group_by("procedure", "activity").agg(pl.col("hits", "n").sum()),
        on=["procedure", "activity"],
        how="inner",
    ).with_columns(kind=pl.lit("late"))
    columns = ["procedure", "position", "activity", "hours", "kind", "hits", "n"]
    together = pl.concat(
        [each.select(columns).with_columns(pl.col("hits", "n").cast(pl.Int64)) for each in (orders, times)]
    )
    return _with_interval(together).sort("procedure", "position", "kind")


def _by_commune(paths: pl.DataFrame, judged: pl.DataFrame, late: pl.DataFrame) -> pl.DataFrame:
    cell = ["commune", "procedure"]
    kinds = judged.select("procedure", "variant_id", "kind").unique()
    closed = paths.group_by(cell).agg(n=pl.col("n").sum())
    counted = (
        paths.join(kinds, on=["procedure", "variant_id"], how="inner")
        .group_by(*cell, "kind")
        .agg(hits=pl.col("n").sum())
    )
    orders = closed.join(pl.DataFrame({"kind": KINDS[:3]}), how="cross").join(
        counted, on=[*cell, "kind"], how="left", nulls_equal=True
    )
    times = late.filter(pl.col("activity").is_null()).with_columns(kind=pl.lit("late"))
    columns = [*cell, "kind", "hits", "n"]
    parts = pl.concat(
        [each.select(columns).with_columns(pl.col("hits", "n").cast(pl.Int64).fill_null(0)) for each in (orders, times)]
    )
    # Indirect standardisation: a commune that mostly handles what is late everywhere is not asked about that.
    rate = pl.col("hits").sum().over("procedure", "kind") / pl.col("n").sum().over("procedure", "kind")
    together = (
        parts.with_columns(expected=rate * pl.col("n"))
        .group_by("commune", "kind")
        .agg(pl.col("hits", "n").sum(), expected=pl.col("expected").sum() / pl.col("n").sum())
    )
    return (
        _with_interval(together)
        .select("commune", "kind", "hits", "n", "value", "low", "high", "expected")
        .sort("kind", "commune")
    )


def _with_interval(counted: pl.DataFrame) -> pl.DataFrame:
    filled = counted.with_columns(pl.col("hits").fill_null(0)).filter(pl.col("n") > 0)
    low, high = wilson(filled["hits"].to_numpy().astype(float), filled["n"].to_numpy().astype(float))
    return filled.with_columns(
        value=pl.col("hits") / pl.col("n"), low=pl.Series(low, dtype=pl.Float64), high=pl.Series(high, dtype=pl.Float64)
    )
