"""From which step to which dossiers go, and how long they wait in between, from the dossier log."""

from __future__ import annotations

import polars as pl

from indicators.filters import Filters
from indicators.scope import Scope
from indicators.windows import Window
from warehouse import Snapshot

_SQL = """,
    chosen as (
        select dossier_id
        from dossier
        join scoped_key using (key_id)
    ),
    pair as (
        select
            lag(activity) over dossier_steps as from_activity,
            activity as to_activity,
            epoch("at") - epoch(lag("at") over dossier_steps) as wait_seconds,
            "at" as arrived_at,
            step > min(step) over (partition by dossier_id) as has_step_before
        from event
        semi join chosen using (dossier_id)
        -- The step carries the order of the file, also where two times are equal.
        window dossier_steps as (partition by dossier_id order by step)
    )

    select
        from_activity,
        to_activity,
        count(*) as count,
        avg(wait_seconds) / 3600 as wait_hours_mean,
        quantile_cont(wait_seconds::double, 0.5) / 3600 as wait_hours_p50,
        quantile_cont(wait_seconds::double, 0.9) / 3600 as wait_hours_p90
    from pair
    where has_step_before and arrived_at >= $starts and arrived_at < $ends::date + 1
    group by all
    order by count desc, from_activity, to_activity
    limit $top
"""


def transitions(snapshot: Snapshot, window: Window, *, filters: Filters, top: int) -> pl.DataFrame:
    """The commonest pairs of neighbouring steps whose second lies in the window, with the elapsed hours between them.

    Columns: `from_activity, to_activity, count, wait_hours_mean, wait_hours_p50, wait_hours_p90`.
    """
    scope = Scope(snapshot, (), filters, window)
    return scope.query(_SQL, top=top)
