"""Resolved dossiers for the decomposition of lateness: late or not, laid to what, and how busy the centre was."""

from __future__ import annotations

import polars as pl

from indicators.filters import Filters
from indicators.scope import Scope
from indicators.windows import Window
from indicators.worktime import position, position_of_end
from warehouse import Snapshot

# How busy a centre is, in classes of equal numbers of dossiers.
LOAD_CLASSES = 5
_LOAD_DAYS = 10


def lateness_cells(snapshot: Snapshot, commune: str, window: Window, filters: Filters) -> pl.DataFrame:
    """Resolved dossiers: `is_mine, week, procedure_code, channel, load, n, late, citizen, agency, own`, as sums.

    `load` is the class of how busy the commune was on the day of receipt: receipts of the ten working days up to it,
    per reception officer, or against its own mean where the staff is not known.
    """
    closed, closed_joins = position("closed", "closed_at")
    sql = f""",
        daily as (
            select day, commune_code, sum(received) as received
            from daily_flow join dossier_key using (key_id)
            where commune_code is not null
            group by all
        ),
        work_day as (
            select day, row_number() over (order by day) as place from calendar where is_working
        ),
        -- Filings of days off are taken up on the next working day.
        arriving as (
            select commune_code, place, sum(received) as received
            from daily asof join work_day on work_day.day >= daily.day
            group by all
        ),
        grid as (
            select commune_code, place, coalesce(received, 0) as received
            from (select distinct commune_code from arriving)
            cross join (
                select place from work_day where place between (select min(place) from arriving) and
                (select max(place) from arriving)
            )
            left join arriving using (commune_code, place)
        ),
        busy as (
            select
                commune_code,
                place,
                avg(received) over (
                    partition by commune_code order by place rows between {_LOAD_DAYS - 1} preceding and current row
                ) as pace,
                avg(received) over (partition by commune_code) as usual_pace
            from grid
        ),
        staffed as (
            select commune_code, nullif(reception_staff, 0) as reception_staff from commune
        ),
        resolved as (
            select
                dossier_id,
                commune_code,
                dossier.procedure_code,
                dossier.channel,
                received_at,
                closed_at,
                coalesce(due_at, computed_due_at)::date as due_on,
                coalesce(closed_at::date > due_on, false) as is_late,
                due_difference_days
            from dossier
            join scoped_key using (key_id)
            where
                closed_at >= $starts
                and closed_at < $ends::date + 1
                and received_at is not null
                and coalesce(status, 0) not in (1, 3, 7, 8)
                and dossier.commune_code is not null
        ),
        waited as (
            select
                dossier_id,
                sum(paused_minutes) filter (cause in ('supplement', 'payment', 'on_request')) as citizen_minutes,
                sum(paused_minutes) filter (cause in ('other_agency', 'public_notice')) as agency_minutes
            from dossier_pause
            where dossier_id in (select dossier_id from resolved where is_late)
            group by all
        ),
        late as (
            select
                dossier_id,
                greatest({closed} - {position_of_end("due_day")}, 0) / 60 as over_minutes,
                coalesce(citizen_minutes, 0) as citizen_all,
                coalesce(agency_minutes, 0) as agency_all,
                citizen_all + agency_all as waited_all,
                -- What the promise was put off for is no excuse twice.
                case
                    when waited_all = 0 then 0
                    when due_difference_days is null then 1
                    else least(greatest(-due_difference_days, 0) * $minutes_per_day / waited_all, 1)
                end as not_credited,
                citizen_all * not_credited as citizen_waited,
                agency_all * not_credited as agency_waited,
                (citizen_waited > 0 and over_minutes <= citizen_waited)::integer as cured_by_citizen,
                (agency_waited > 0 and over_minutes <= agency_waited)::integer as cured_by_agency,
                (citizen_waited + agency_waited > 0 and over_minutes <= citizen_waited + agency_waited)::integer
                    as cured_by_both
            from resolved
            join waited using (dossier_id)
            left join calendar as due_day on due_day.day = due_on
            {closed_joins}
            where is_late
        ),
        judged as (
            select
                resolved.commune_code = $commune as is_mine,
                date_trunc('week', closed_at)::date as week,
                resolved.procedure_code,
                resolved.channel,
                coalesce(pace / reception_staff, pace / nullif(usual_pace, 0)) as busyness,
                is_late::double as late,
                coalesce(cured_by_citizen + cured_by_both - cured_by_agency, 0) / 2 as citizen,
                coalesce(cured_by_agency + cured_by_both - cured_by_citizen, 0) / 2 as agency,
                is_late::double - coalesce(cured_by_both, 0) as own
            from resolved
            left join late using (dossier_id)
            left join staffed using (commune_code)
            asof left join work_day on work_day.day <= resolved.received_at::date
            left join busy on busy.commune_code = resolved.commune_code and busy.place = work_day.place
        ),
        edges as (
            select quantile_cont(busyness, [{", ".join(str(step / LOAD_CLASSES) for step in range(1, LOAD_CLASSES))}])
                as edges
            from judged
        )

        select
            is_mine,
            week,
            procedure_code,
            channel,
            len(list_filter(edges, lambda edge: edge < busyness)) as load,
            count(*) as n,
            sum(late) as late,
            sum(citizen) as citizen,
            sum(agency) as agency,
            sum(own) as own
        from judged cross join edges
        group by all
        order by all
    """
    return Scope(snapshot, (), filters, window).query(
        sql, commune=commune, minutes_per_day=snapshot.info.minutes_per_day
    )
