"""Who hands to whom: from which unit to which the dossiers go, how long they wait, and what comes straight back."""

from __future__ import annotations

import datetime as dt

import polars as pl

from indicators.filters import Filters
from indicators.process.scoping import ALL, SECONDS_PER_HOUR, SUMS, Levels, prepared_rows, scope_of
from indicators.windows import Window
from warehouse import Snapshot

_UNITS: Levels = {level: periods for level, periods in SUMS.items() if level != "key"}


def handovers_between_units(
    snapshot: Snapshot, window: Window, *, filters: Filters = ALL, as_of: dt.date | None = None
) -> pl.DataFrame:
    """The steps of the window that another unit took than the step before, the commonest way first.

    Columns: `from_unit, to_unit, n, returns` (of them straight back to the unit that the dossier had just come from),
    `wait_hours_mean` (elapsed, since the step before). A unit that bears the name of its commune goes by its name
    without it: the reception centres of all communes are one. Steps whose unit is not named hand nothing over.
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of)
    rows, days = prepared_rows(
        scope,
        table="monthly_handover",
        columns="from_unit, unit_id, n, turns, wait_seconds",
        levels=_UNITS,
        daily="""
            select
                from_unit,
                unit_id,
                count(*) as n,
                count(*) filter (is_return) as turns,
                sum(wait_seconds) as wait_seconds
            from step_span
            {scoped}
            where day {days} and from_unit is not null {narrowed}
            group by all
        """,
    )
    found = scope.query(
        f""",
            part as ({rows})

            select
                from_unit,
                unit_id,
                sum(n)::bigint as n,
                sum(turns)::bigint as returns,
                sum(wait_seconds)::bigint as wait_seconds
            from part
            group by all
        """,
        **days,
    )
    names = _unit_names(snapshot)
    return (
        found.select(
            pl.col("from_unit").replace_strict(names, return_dtype=pl.String),
            pl.col("unit_id").replace_strict(names, return_dtype=pl.String).alias("to_unit"),
            "n",
            "returns",
            "wait_seconds",
        )
        .group_by("from_unit", "to_unit")
        .agg(pl.col("n", "returns", "wait_seconds").sum())
        .with_columns(wait_hours_mean=pl.col("wait_seconds") / pl.col("n") / SECONDS_PER_HOUR)
        .sort(["n", "from_unit", "to_unit"], descending=[True, False, False])
        .drop("wait_seconds")
    )


def _unit_names(snapshot: Snapshot) -> dict[int, str]:
    """The names of the units by their numbers, without that of a commune at the end."""
    communes = snapshot.query("select full_name from commune")["full_name"].drop_nulls()
    ends = tuple(f" {name.casefold()}" for name in communes)

    def shortened(unit: str) -> str:
        end = next((end for end in ends if unit.casefold().endswith(end)), "")
        return unit[: len(unit) - len(end)] or unit

    return {
        number: shortened(unit) for number, unit in snapshot.query("select unit_id, unit from log_unit").iter_rows()
    }
