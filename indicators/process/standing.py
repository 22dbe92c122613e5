"""The open dossiers by the step they stand at, and since when."""

from __future__ import annotations

import datetime as dt

import polars as pl

from indicators.filters import Filters
from indicators.process.scoping import ALL, scope_of
from indicators.scope import Scope
from indicators.windows import Window
from indicators.worktime import position_of_end
from warehouse import Snapshot

# Working days since the last step: the last day of each class, and what the class is called.
AGE_CLASSES = ((2, "0-2"), (5, "3-5"), (10, "6-10"), (20, "11-20"))
OLDEST = "21+"
_STANDING = f"""
    end_of_window as (from calendar where day = $ends),
    standing as (
        select
            path_span.dossier_row,
            step_span.activity_id,
            greatest(
                step_span.day + to_minutes(step_span.minute), received_on + to_minutes(received_minute)
            ) as since
        from step_span
        join scoped_key using (key_id)
        join path_span using (path_id)
        where
            step_span.day <= $ends
            and (step_span.next_on is null or step_span.next_on > $ends)
            and step_span.closed_on > $ends
            and path_span.closed_on > $ends
            and path_span.received_on <= $ends
    ),
    aged as (
        select
            dossier_row,
            since,
            activity.name as activity,
            if(activity.cause = 'answer', null, activity.cause) as cause,
            greatest({position_of_end("end_of_window")} - working_position(since, since_day, since_minute), 0)
                / (60 * $minutes_per_day) as office_days
        from standing
        cross join end_of_window
        join activity using (activity_id)
        left join calendar as since_day on since_day.day = since::date
        left join office_minute as since_minute on since_minute.minute = hour(since) * 60 + minute(since)
    )
"""


def ageing_by_step(
    snapshot: Snapshot, window: Window, *, filters: Filters = ALL, as_of: dt.date | None = None
) -> pl.DataFrame:
    """The dossiers open on the window's last day by their last step and the working days since then.

    Columns: `activity, age_class` (`0-2`, `3-5`, `6-10`, `11-20`, `21+`; a class reaches to the end of its last day),
    `dossiers`; the steps with most dossiers first. Dossiers without a log are not known here.
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of)
    classes = " ".join(f"when office_days <= {last} then {number}" for number, (last, _name) in enumerate(AGE_CLASSES))
    found = _aged(
        scope,
        f"""
            select activity, case {classes} else {len(AGE_CLASSES)} end as age, count(*) as dossiers
            from aged
            group by activity, age
            order by sum(count(*)) over (partition by activity) desc, activity, age
        """,
    )
    names = [name for _last, name in AGE_CLASSES] + [OLDEST]
    ages = pl.Series("age_class", [names[age] for age in found["age"]], dtype=pl.String)
    return found.select("activity", ages, "dossiers")


def stalled_dossiers(
    snapshot: Snapshot, window: Window, *, limit: int, filters: Filters = ALL, as_of: dt.date | None = None
) -> pl.DataFrame:
    """The dossiers open on the window's last day that have stood still longest, `limit` of them.

    Columns: `dossier_id, commune, procedure` (codes), `activity` (the last step), `since` (its moment, of receipt where
    that came later), `office_days` (working days since), `cause` (why the clock stands since then; null where it runs).
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of)
    longest = _aged(scope, "from aged order by office_days desc, since, dossier_row limit $limit", limit=limit)
    # Only then the dossiers themselves, by their places: the table is wide.
    rows = ", ".join(str(row) for row in longest["dossier_row"])
    found = snapshot.query(
        "select rowid as dossier_row, dossier_id, commune_code as commune, procedure_code as procedure "
        f"from dossier where rowid in ({rows or -1})"
    )
    return longest.join(found, on="dossier_row", how="left", maintain_order="left").select(
        "dossier_id", "commune", "procedure", "activity", "since", "office_days", "cause"
    )


def _aged(scope: Scope, select: str, **params: int) -> pl.DataFrame:
    return scope.query(f", {_STANDING} {select}", minutes_per_day=scope.snapshot.info.minutes_per_day, **params)
