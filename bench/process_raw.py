"""Questions about steps answered from `event` and `dossier` themselves, as one would without what a build prepares."""

from __future__ import annotations

from typing import Any

from indicators import Filters, Snapshot
from indicators.scope import Scope
from indicators.windows import Window

_STEPS = """,
    chosen as (select dossier_id, closed_at from dossier join scoped_key using (key_id)),
    step_before as (
        select
            dossier_id,
            closed_at,
            step,
            activity,
            unit,
            "at",
            actor_key,
            lag(activity) over dossier_steps as from_activity,
            lag(unit) over dossier_steps as from_unit,
            lag(actor_key) over dossier_steps as from_actor,
            epoch("at") - epoch(lag("at") over dossier_steps) as wait_seconds
        from event
        join chosen using (dossier_id)
        window dossier_steps as (partition by dossier_id order by step)
    )
"""
_INSIDE = '"at" >= $starts and "at" < $ends::date + 1'
_CLOSED = "closed_at >= $starts and closed_at < $ends::date + 1"
RAW = {
    "process map": f"""{_STEPS}
        select from_activity, activity, count(*) as n, count(distinct dossier_id) as dossiers,
            avg(wait_seconds) as mean, quantile_cont(wait_seconds::double, [0.5, 0.9]) as quantiles
        from step_before
        where {_INSIDE}
        group by all
    """,
    "variants": f"""{_STEPS},
        path as (
            select list(activity order by step) as activities, max("at") - min("at") as length
            from step_before
            where {_CLOSED} and "at" < $ends::date + 1
            group by dossier_id
        )

        select activities, count(*) as n, quantile_cont(epoch(length)::double, [0.5, 0.9]) as quantiles
        from path
        group by all
        order by n desc
        limit 20
    """,
    "handovers": f"""{_STEPS},
        path as (
            select count(*) filter (actor_key != from_actor) as handovers from step_before where {_CLOSED}
            group by dossier_id
        )

        select handovers, count(*) as dossiers from path group by all
    """,
    "handovers between units": f"""{_STEPS}
        select from_unit, unit, count(*) as n, avg(wait_seconds) as mean
        from step_before
        where {_INSIDE} and from_unit != unit
        group by all
    """,
    "hours of the week": f"""{_STEPS}
        select isodow("at") as weekday, hour("at") as hour, 0 as received, count(*) as steps
        from step_before
        where {_INSIDE}
        group by all
        union all
        select isodow(received_at), hour(received_at), count(*), 0
        from dossier
        join scoped_key using (key_id)
        where received_at >= $starts and received_at < $ends::date + 1 and coalesce(status, 0) not in (1, 3)
        group by all
    """,
    "load by unit": f"""{_STEPS}
        select unit, count(*) as steps, count(distinct actor_key) as people, count(*) filter (unit != from_unit) as came
        from step_before
        where {_INSIDE}
        group by all
    """,
}


def answer_from_rows(snapshot: Snapshot, name: str, window: Window, *, filters: Filters) -> Any:
    """The frame that one of `RAW` gives."""
    return Scope(snapshot, (), filters, window).query(RAW[name])
