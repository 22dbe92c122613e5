"""Dossiers on which nothing moves, and clocks stopped late or for long: counts by commune, from the rows."""

from __future__ import annotations

import polars as pl

from indicators.scope import Scope

# Working days without a step after which a dossier is asked about.
STALLED_AFTER = 10
# With a term of a day or two every request falls on one of its last days.
LEAST_TERM = 3


def stalled(scope: Scope) -> pl.DataFrame:
    """`commune, hits, n`: of the open dossiers whose clock runs, those without a step for more than ten working days.

    The last step is the log's, on the window's last day; without a log nothing is known (no rows). The scope must be
    split by commune and nothing else.
    """
    found = scope.query(
        """,
            worked as (
                select day, sum(is_working::integer) over (order by day) as days_worked from calendar
            ),
            open_dossier as (
                select dossier_id, commune, received_at
                from dossier
                join scoped_key using (key_id)
                where
                    received_at::date <= $ends
                    and coalesce(status, 0) not in (1, 3)
                    and (closed_at is null or closed_at::date > $ends)
                    -- The status says what waits today, the dates what waited on a day before.
                    and not (closed_at is null and coalesce(status, 0) in (5, 6))
                    and not (
                        coalesce(supplement_requested_at::date <= $ends, false)
                        and coalesce(supplement_answered_at::date > $ends, true)
                    )
            ),
            last_step as (
                select dossier_id, max("at") as stepped_at
                from event
                semi join open_dossier using (dossier_id)
                where "at" < $ends::date + 1
                group by all
            )

            select
                commune,
                count(*) filter (now.days_worked - seen.days_worked > $stalled_after) as hits,
                count(*) as n
            from open_dossier
            join last_step using (dossier_id)
            join worked as now on now.day = $ends
            join worked as seen on seen.day = greatest(stepped_at, received_at)::date
            group by all
            order by commune
        """,
        stalled_after=STALLED_AFTER,
    )
    return found.cast({"hits": pl.Int64, "n": pl.Int64})


def last_day_requests(scope: Scope) -> pl.DataFrame:
    """`commune, hits, n`: of the first requests for supplements in the window, those made on the term's last day or
    later; of procedures with a term of at least three working days. The scope must be split by commune and nothing
    else.
    """
    found = scope.query(
        """,
            worked as (
                select day, sum(is_working::integer) over (order by day) as days_worked from calendar
            ),
            asked as (
                select
                    commune,
                    received_at::date as received_on,
                    supplement_requested_at::date as asked_on,
                    (
                        select max(deadline_working_days)
                        from procedure
                        where
                            procedure.procedure_code = dossier.procedure_code
                            and coalesce(valid_from <= received_at::date, true)
                            and coalesce(valid_to >= received_at::date, true)
                    ) as term
                from dossier
                join scoped_key using (key_id)
                where supplement_requested_at::date between $starts and $ends and received_at is not null
            )

            select
                commune,
                count(*) filter (then_on.days_worked - from_on.days_worked >= term) as hits,
                count(*) as n
            from asked
            join worked as from_on on from_on.day = received_on
            join worked as then_on on then_on.day = asked_on
            where term >= $least_term
            group by all
            order by commune
        """,
        least_term=LEAST_TERM,
    )
    return found.cast({"hits": pl.Int64, "n": pl.Int64})


def long_stops(scope: Scope) -> pl.DataFrame:
    """`commune, field, procedure, channel, hits, n`: of the dossiers resolved in the window, those whose clock stood
    for the citizen's papers, or on request, longer than the dossier was worked on.

    Working time on both sides (`dossier_pause`, `processing_minutes`). The scope must be split by these four.
    """
    found = scope.query(
        """,
            stopped as (
                select dossier_id, sum(paused_minutes) as minutes
                from dossier_pause
                where cause in ('supplement', 'on_request')
                group by all
            )

            select
                scoped_key.commune,
                scoped_key.field,
                scoped_key.procedure,
                scoped_key.channel,
                count(*) filter (stopped.minutes > processing_minutes) as hits,
                count(*) as n
            from dossier
            join scoped_key using (key_id)
            left join stopped using (dossier_id)
            where
                closed_at >= $starts
                and closed_at < $ends::date + 1
                and coalesce(status, 0) not in (1, 3, 7, 8)
                and processing_minutes is not null
            group by all
            order by all
        """
    )
    return found.cast({"hits": pl.Float64, "n": pl.Float64})
