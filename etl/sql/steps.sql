-- Builds `variant`, `path_span`, `step_span` and the counts by period from `event`, `dossier` (with its keys), `commune`,
-- `activity`, `process_step` and the calendar.
--
-- Grain: one row for each order of steps that occurs, for each dossier with a log, and for each of its steps.
-- Each step is put beside the one before it after the one great sort, by a window over the rows as they lie. Time is
-- counted in working seconds; what the clock stood for is what the step before began (etl/sql/pauses.sql).

-- A step that names no activity is one all the same.
insert into activity
select coalesce(max(activity_id), 0) + 1, null, null
from activity
having exists(from event where activity is null);

insert into log_unit
select row_number() over (order by unit) as unit_id, unit
from (select distinct unit from event where unit is not null);

insert into key_group
select
    key_id,
    min(key_id) over (partition by kind, channel) as kind_key,
    min(key_id) over (partition by commune_code, old_code) as commune_key,
    min(key_id) over (partition by procedure_code, field, channel) as procedure_key
from dossier_key
left join commune using (commune_code)
order by key_id;

create temp table log_actor as
select row_number() over (order by actor_key)::integer as actor_id, actor_key
from (select distinct actor_key from event where actor_key is not null);

-- Status 1 and 3 were never received; whatever else is known of them, nothing closed them.
create temp table log_dossier as
select
    dossier.rowid::integer as dossier_row,
    dossier_id,
    key_id,
    procedure_code,
    coalesce(status, 0) in (7, 8) as is_neutral,
    if(coalesce(status, 0) in (1, 3), null, received_at::date) as received_on,
    if(coalesce(status, 0) in (1, 3), null, closed_at::date) as closed_on,
    (hour(received_at) * 60 + minute(received_at))::smallint as received_minute,
    working_position(received_at, received_day, receipt_minute) as received_position,
    working_position(closed_at, closed_day, closed_minute) as closed_position
from dossier
left join calendar as received_day on received_day.day = received_at::date
left join office_minute as receipt_minute on receipt_minute.minute = hour(received_at) * 60 + minute(received_at)
left join calendar as closed_day on closed_day.day = closed_at::date
left join office_minute as closed_minute on closed_minute.minute = hour(closed_at) * 60 + minute(closed_at);

create temp table log_step as
select
    log_dossier.dossier_row,
    step,
    event."at",
    working_position(event."at", at_day, at_minute) as position,
    activity.activity_id,
    -- Numbers, since texts of millions of steps would take the memory.
    list_position(
        ['supplement', 'payment', 'other_agency', 'on_request', 'public_notice'],
        case
            when activity.cause = 'answer' then null
            when activity.cause is not null then activity.cause
            when event.status = 5 then 'supplement'
            when event.status = 6 then 'payment'
        end
    )::utinyint as cause,
    coalesce(event."at"::date <= log_dossier.closed_on, true) as is_by_closing,
    log_unit.unit_id,
    log_actor.actor_id
from event
inner join log_dossier using (dossier_id)
inner join activity on activity.name is not distinct from event.activity
left join log_unit using (unit)
left join log_actor using (actor_key)
left join calendar as at_day on at_day.day = event."at"::date
left join office_minute as at_minute on at_minute.minute = hour(event."at") * 60 + minute(event."at");

-- An order of steps by its hash, which adds up in whatever order; at 64 bits two orders share one by no chance. One number
-- goes into each hash: of two, the hashes would add up to the same in either order.
create temp table log_path as
select
    dossier_row,
    min("at") as first_at,
    max("at") as last_at,
    bit_xor(hash(65536 * step::bigint + activity_id)) as variant_hash,
    count(*) as steps,
    -- By the day of closing: what follows is not known then.
    coalesce(bit_xor(hash(65536 * step::bigint + activity_id)) filter (is_by_closing), 0) as closing_hash,
    count(*) filter (is_by_closing) as closing_steps,
    max(position) filter (is_by_closing) as last_position,
    -- The cause that the last of those steps began.
    max(8 * step + coalesce(cause, 0)) filter (is_by_closing) % 8 as closing_cause
from log_step
group by dossier_row;

create temp table log_variant as
with orders as (
    select variant_hash, steps, dossier_row, 1 as n
    from log_path
    union all
    select closing_hash, closing_steps, dossier_row, 0
    from log_path
    where closing_steps < steps
)

select
    row_number() over (order by sum(n) desc, min(dossier_row))::integer as variant_id,
    variant_hash,
    steps,
    min(dossier_row) as example
from orders
group by variant_hash, steps;

insert into variant
select
    variant_id,
    coalesce(list(activity_id order by step) filter (step <= steps), []) as activity_ids
from log_step
inner join log_variant on log_variant.example = log_step.dossier_row
group by variant_id
order by variant_id;

create temp table log_place as
with ordered as (
    select
        log_dossier.dossier_row,
        log_dossier.key_id,
        key_group.procedure_key,
        log_dossier.procedure_code,
        log_dossier.is_neutral,
        log_dossier.received_on,
        log_dossier.received_minute,
        coalesce(log_dossier.closed_on, date '9999-12-31') as closed_on,
        log_dossier.received_position,
        if(log_dossier.closed_on is null, null, log_dossier.closed_position) as closed_position,
        log_path.last_position,
        log_path.last_at::date as last_on,
        round(epoch(last_at) - epoch(first_at))::integer as log_seconds,
        log_variant.variant_id,
        closing_variant.variant_id as closing_variant_id,
        ['supplement', 'payment', 'other_agency', 'on_request', 'public_notice'][closing_cause] as stop_at_closing
    from log_path
    inner join log_variant using (variant_hash, steps)
    inner join log_variant as closing_variant
        on log_path.closing_hash = closing_variant.variant_hash and log_path.closing_steps = closing_variant.steps
    inner join log_dossier using (dossier_row)
    left join key_group on log_dossier.key_id = key_group.key_id
    order by
        date_trunc('month', closed_on), key_group.procedure_key, log_dossier.key_id, closed_on, log_dossier.dossier_row
)

select row_number() over ()::integer as path_id, ordered.* from ordered;

-- Where a step is taken again by the same dossier: the day on which it was taken before.
create temp table taken_before as
with repeating as (
    select dossier_row
    from log_place
    inner join variant using (variant_id)
    where len(list_distinct(activity_ids)) < len(activity_ids)
)

select
    dossier_row,
    step,
    lag("at"::date) over (partition by dossier_row, activity_id order by step) as before_on
from log_step
semi join repeating using (dossier_row)
qualify before_on is not null;

insert into step_span by name
with ordered as (
    select
        log_place.path_id,
        log_place.closed_on,
        log_place.key_id,
        log_place.procedure_key,
        log_place.received_position,
        log_place.closed_position,
        log_step.*,
        taken_before.before_on
    from log_step
    inner join log_place using (dossier_row)
    left join taken_before using (dossier_row, step)
    order by path_id, step
),

beside as (
    select
        *,
        path_id is not distinct from lag(path_id) over () as is_continued,
        path_id is not distinct from lead(path_id) over () as goes_on,
        lag("at") over () as at_before,
        lag(position) over () as position_before,
        lag(activity_id) over () as activity_before,
        lag(cause) over () as cause_before,
        lag(unit_id) over () as unit_before,
        path_id is not distinct from lag(path_id, 2) over () and unit_id = lag(unit_id, 2) over () as is_back,
        lag(actor_id) over () as actor_before,
        lead("at") over () as at_after
    from ordered
),

named as (
    select
        *,
        -- The clock stood between the two steps, where the first of them stopped it.
        if(is_continued, cause_before, null) as stop_number
    from beside
)

select
    path_id,
    closed_on,
    procedure_key,
    key_id,
    "at"::date as day,
    (hour("at") * 60 + minute("at"))::smallint as minute,
    activity_id,
    if(is_continued, activity_before, 0)::smallint as from_id,
    ['supplement', 'payment', 'other_agency', 'on_request', 'public_notice'][stop_number] as stop,
    if(
        cause is distinct from stop_number,
        ['supplement', 'payment', 'other_agency', 'on_request', 'public_notice'][cause],
        null
    ) as begins,
    if(is_continued, round(epoch("at") - epoch(at_before)), null)::integer as wait_seconds,
    -- Up to the closing, and of the step that follows it only on the same day: what a later day brings is not known yet.
    if(
        is_by_closing,
        greatest(
            least(position, coalesce(closed_position, position))
            - greatest(if(is_continued, position_before, received_position), received_position),
            0
        ),
        0
    )::integer as counted_seconds,
    if(goes_on, at_after::date, null) as next_on,
    before_on,
    not is_continued or unit_id is distinct from unit_before as is_arrival,
    coalesce(
        is_continued
        and if(actor_id is not null and actor_before is not null, actor_id != actor_before, unit_id != unit_before),
        false
    ) as is_handover,
    unit_id,
    if(is_continued and unit_id != unit_before, unit_before, null) as from_unit,
    coalesce(is_continued and unit_id != unit_before and is_back, false) as is_return,
    actor_id
from named;

insert into path_span by name
with handed as (
    select path_id, count(*) as handovers
    from step_span
    where is_handover and day <= closed_on
    group by path_id
)

select
    path_id,
    closed_on,
    procedure_key,
    received_on,
    received_minute,
    last_on,
    key_id,
    variant_id,
    closing_variant_id,
    log_seconds,
    greatest(closed_position - received_position, 0)::integer as office_seconds,
    greatest(least(closed_position, coalesce(last_position, 0)) - received_position, 0)::integer as counted_seconds,
    stop_at_closing,
    coalesce(handovers, 0) as handovers,
    is_neutral,
    dossier_row
from log_place
left join handed using (path_id)
order by path_id;

-- A declared step is late where the working time since the declared step before it, without that in which the clock stood, is
-- more than declared; taken again, the longest counts. The first has no time.
insert into step_late by name
with declared as (
    select procedure_code, activity_id, round(hours * 3600) as most_seconds
    from process_step
    inner join activity on activity.name = process_step.activity
),

running as (
    select
        step_span.rowid as place,
        path_id,
        activity_id,
        procedure_code,
        sum(if(stop is null and from_id > 0, step_span.counted_seconds, 0)) over (
            partition by path_id
            order by step_span.rowid
        ) as clock
    from step_span
    inner join log_place using (path_id)
    where
        step_span.closed_on < date '9999-12-31'
        and not is_neutral
        and procedure_code in (select procedure_code from declared)
),

timed as (
    select
        path_id,
        activity_id,
        most_seconds,
        clock - lag(clock) over (partition by path_id order by place) as seconds
    from running
    inner join declared using (procedure_code, activity_id)
),

judged as (
    select path_id, activity_id, bool_or(seconds > most_seconds) as is_late
    from timed
    where seconds is not null and most_seconds is not null
    group by grouping sets ((path_id, activity_id), (path_id))
)

select closed_on, procedure_key, key_id, activity_id, is_late
from judged
inner join log_place using (path_id)
order by path_id, activity_id;

insert into monthly_late by name
select
    'key' as level,
    'month' as period,
    date_trunc('month', closed_on)::date as day,
    key_id,
    activity_id,
    count(*) filter (is_late) as hits,
    count(*) as n
from step_late
where key_id is not null
group by all
order by day, key_id, activity_id;

insert into monthly_declared by name
select
    'key' as level,
    'month' as period,
    date_trunc('month', closed_on)::date as day,
    key_id,
    variant_id,
    count(*) as n
from path_span
inner join dossier_key using (key_id)
where closed_on < date '9999-12-31' and not is_neutral and procedure_code in (select procedure_code from process_step)
group by all
order by day, key_id, variant_id;

-- The level of a row of grouping sets, of whose groups it has one.
create temp macro group_level(kind_key, commune_key) as
    case when kind_key is not null then 'kind' when commune_key is not null then 'commune' else 'procedure' end;

-- Which group each key belongs to at each level.
create temp table key_level as
select level, key_id, group_key
from key_group
unpivot (group_key for level in (kind_key as 'kind', commune_key as 'commune', procedure_key as 'procedure'));

-- Sums of the steps by their days, of working time and of dossiers by the day of closing: by month for each key, and from
-- these for each group of keys; by day for the few groups of kind and channel, and of working time and dossiers for those
-- of procedure and channel.
create temp table step_count as
select
    date_trunc('month', day)::date as month,
    day,
    key_id,
    kind_key,
    from_id,
    activity_id,
    count(*) as n,
    sum(wait_seconds) as wait_seconds,
    count(before_on) as repeats,
    count(*) filter (next_on is null) as lasts,
    count(*) filter (next_on is null and closed_on < date '9999-12-31') as ends
from step_span
inner join key_group using (key_id)
group by grouping sets ((month, key_id, from_id, activity_id), (day, kind_key, from_id, activity_id));

insert into monthly_step by name
select 'key' as level, 'month' as period, * exclude (month, kind_key) replace (month as day)
from step_count
where month is not null
order by day, key_id, from_id, activity_id;

insert into monthly_step by name
select 'kind' as level, 'day' as period, * exclude (month, key_id, kind_key), kind_key as key_id
from step_count
where month is null
order by day, key_id, from_id, activity_id;

insert into monthly_step by name
select
    key_level.level,
    'month' as period,
    day,
    group_key as key_id,
    from_id,
    activity_id,
    sum(columns(['n', 'wait_seconds', 'repeats', 'lasts', 'ends']))
from monthly_step
inner join key_level using (key_id)
where monthly_step.level = 'key'
group by all
order by key_level.level, group_key, day, from_id, activity_id;

create temp table step_time_count as
select
    date_trunc('month', closed_on)::date as month,
    closed_on as day,
    key_id,
    kind_key,
    procedure_key,
    activity_id,
    stop,
    count(*) as dossiers,
    sum(stops) as stops,
    sum(seconds) as seconds,
    sum(seconds::double ** 2) as seconds_sq
from step_time
inner join key_group using (key_id)
group by grouping sets (
    (month, key_id, activity_id, stop),
    (closed_on, kind_key, activity_id, stop),
    (closed_on, procedure_key, activity_id, stop)
);

insert into monthly_step_time by name
select 'key' as level, 'month' as period, * exclude (month, kind_key, procedure_key) replace (month as day)
from step_time_count
where month is not null
order by day, key_id, activity_id, stop;

insert into monthly_step_time by name
select
    group_level(kind_key, null) as level,
    'day' as period,
    * exclude (month, key_id, kind_key, procedure_key),
    coalesce(kind_key, procedure_key) as key_id
from step_time_count
where month is null
order by level, day, key_id, activity_id, stop;

insert into monthly_step_time by name
select
    key_level.level,
    'month' as period,
    day,
    group_key as key_id,
    activity_id,
    stop,
    sum(columns(['dossiers', 'stops', 'seconds', 'seconds_sq']))
from monthly_step_time
inner join key_level using (key_id)
where monthly_step_time.level = 'key'
group by all
order by key_level.level, group_key, day, activity_id, stop;

create temp table path_count as
select
    date_trunc('month', closed_on)::date as month,
    closed_on as day,
    key_id,
    kind_key,
    procedure_key,
    closing_variant_id as variant_id,
    handovers,
    count(*) as dossiers,
    sum(office_seconds) as office_seconds,
    sum(office_seconds::double ** 2) as office_seconds_sq
from (select * exclude (procedure_key) from path_span)
inner join key_group using (key_id)
where closed_on < date '9999-12-31'
group by grouping sets (
    (month, key_id, closing_variant_id, handovers),
    (closed_on, kind_key, closing_variant_id, handovers),
    (closed_on, procedure_key, closing_variant_id, handovers)
);

insert into monthly_path by name
select 'key' as level, 'month' as period, * exclude (month, kind_key, procedure_key) replace (month as day)
from path_count
where month is not null
order by day, key_id, variant_id;

insert into monthly_path by name
select
    group_level(kind_key, null) as level,
    'day' as period,
    * exclude (month, key_id, kind_key, procedure_key),
    coalesce(kind_key, procedure_key) as key_id
from path_count
where month is null
order by level, day, key_id, variant_id;

insert into monthly_path by name
select
    key_level.level,
    'month' as period,
    day,
    group_key as key_id,
    variant_id,
    handovers,
    sum(columns(['dossiers', 'office_seconds', 'office_seconds_sq']))
from monthly_path
inner join key_level using (key_id)
where monthly_path.level = 'key'
group by all
order by key_level.level, group_key, day, variant_id;

-- Counts that are nearly as many as the rows for each key: by month for the groups of keys; by ten days (the last of a month
-- are eight to eleven) for those of kind and channel, and for all.
create temp table wait_count as
select
    date_trunc('month', day)::date as month,
    ten_days(day) as day,
    kind_key,
    commune_key,
    procedure_key,
    from_id,
    activity_id,
    duration_step(round(wait_seconds / 60)::integer, 1440)::integer as minutes,
    count(*)::integer as n
from (select * exclude (procedure_key) from step_span)
inner join key_group using (key_id)
where from_id > 0
group by grouping sets (
    (month, commune_key, from_id, activity_id, minutes),
    (month, procedure_key, from_id, activity_id, minutes),
    (ten_days(day), kind_key, from_id, activity_id, minutes)
);

insert into monthly_wait by name
select 'commune' as level, 'month' as period, month as day, commune_key as key_id, from_id, activity_id, minutes, n
from wait_count
where commune_key is not null
order by key_id, day, from_id, activity_id, minutes;

insert into monthly_wait by name
select 'procedure' as level, 'month' as period, month as day, procedure_key as key_id, from_id, activity_id, minutes, n
from wait_count
where procedure_key is not null
order by key_id, day, from_id, activity_id, minutes;

insert into monthly_wait by name
select 'kind' as level, 'ten_days' as period, day, kind_key as key_id, from_id, activity_id, minutes, n
from wait_count
where kind_key is not null
order by day, key_id, from_id, activity_id, minutes;

insert into monthly_wait by name
select level, 'month' as period, date_trunc('month', day)::date as day, key_id, from_id, activity_id, minutes, sum(n) as n
from monthly_wait
where level = 'kind'
group by all
order by all;

insert into monthly_wait by name
select 'all' as level, period, day, 0 as key_id, from_id, activity_id, minutes, sum(n) as n
from monthly_wait
where level = 'kind'
group by all
order by all;

insert into monthly_order by name
select
    'kind' as level,
    'ten_days' as period,
    ten_days(closed_on) as day,
    kind_key as key_id,
    variant_id,
    duration_step(round(log_seconds / 60)::integer, 1440)::integer as minutes,
    count(*) as n
from path_span
inner join key_group using (key_id)
where closed_on < date '9999-12-31'
group by all
order by all;

insert into monthly_order by name
select level, 'month' as period, date_trunc('month', day)::date as day, key_id, variant_id, minutes, sum(n) as n
from monthly_order
group by all
order by all;

insert into monthly_order by name
select 'all' as level, period, day, 0 as key_id, variant_id, minutes, sum(n) as n
from monthly_order
group by all
order by all;

-- The hour of the week of receipts and of steps.
create temp table hour_count as
with moments as (
    select key_id, received_at::date as day, hour(received_at) as hour, count(*) as received, 0 as steps
    from dossier
    where received_at is not null and coalesce(status, 0) not in (1, 3)
    group by all
    union all
    select key_id, day, minute // 60, 0, count(*)
    from step_span
    group by all
)

select
    date_trunc('month', day)::date as month,
    day,
    kind_key,
    commune_key,
    procedure_key,
    isodow(day)::tinyint as weekday,
    hour::tinyint as hour,
    sum(received)::integer as received,
    sum(steps)::integer as steps
from moments
inner join key_group using (key_id)
group by grouping sets (
    (month, commune_key, weekday, hour), (month, procedure_key, weekday, hour), (day, kind_key, weekday, hour)
);

insert into monthly_hour by name
select
    group_level(kind_key, commune_key) as level,
    if(kind_key is null, 'month', 'day') as period,
    coalesce(month, day) as day,
    coalesce(kind_key, commune_key, procedure_key) as key_id,
    weekday,
    hour,
    received,
    steps
from hour_count
order by level, key_id, day;

insert into monthly_hour by name
select level, 'month' as period, date_trunc('month', day)::date as day, key_id, weekday, hour, sum(received) as received,
    sum(steps) as steps
from monthly_hour
where level = 'kind'
group by all
order by all;

-- Who did how much for each unit.
create temp table actor_count as
select
    date_trunc('month', day)::date as month,
    ten_days(day) as day,
    kind_key,
    commune_key,
    procedure_key,
    unit_id,
    actor_id,
    count(*)::integer as steps,
    count(*) filter (is_arrival)::integer as arrivals
from (select * exclude (procedure_key) from step_span)
inner join key_group using (key_id)
group by grouping sets (
    (month, commune_key, unit_id, actor_id),
    (month, procedure_key, unit_id, actor_id),
    (ten_days(day), kind_key, unit_id, actor_id)
);

insert into monthly_actor by name
select
    group_level(kind_key, commune_key) as level,
    if(kind_key is null, 'month', 'ten_days') as period,
    coalesce(month, day) as day,
    coalesce(kind_key, commune_key, procedure_key) as key_id,
    unit_id,
    actor_id,
    steps,
    arrivals
from actor_count
order by level, key_id, day, unit_id, actor_id;

insert into monthly_actor by name
select
    level,
    'month' as period,
    date_trunc('month', day)::date as day,
    key_id,
    unit_id,
    actor_id,
    sum(steps) as steps,
    sum(arrivals) as arrivals
from monthly_actor
where level = 'kind'
group by all
order by all;

-- From unit to unit.
create temp table unit_count as
select
    date_trunc('month', day)::date as month,
    day,
    kind_key,
    commune_key,
    procedure_key,
    from_unit,
    unit_id,
    count(*)::integer as n,
    count(*) filter (is_return)::integer as turns,
    sum(wait_seconds) as wait_seconds
from (select * exclude (procedure_key) from step_span)
inner join key_group using (key_id)
where from_unit is not null
group by grouping sets (
    (month, commune_key, from_unit, unit_id), (month, procedure_key, from_unit, unit_id), (day, kind_key, from_unit, unit_id)
);

insert into monthly_handover by name
select
    group_level(kind_key, commune_key) as level,
    if(kind_key is null, 'month', 'day') as period,
    coalesce(month, day) as day,
    coalesce(kind_key, commune_key, procedure_key) as key_id,
    from_unit,
    unit_id,
    n,
    turns,
    wait_seconds
from unit_count
order by level, key_id, day, from_unit, unit_id;

insert into monthly_handover by name
select
    level,
    'month' as period,
    date_trunc('month', day)::date as day,
    key_id,
    from_unit,
    unit_id,
    sum(columns(['n', 'turns', 'wait_seconds']))
from monthly_handover
where level = 'kind'
group by all
order by all;

drop macro group_level;
drop table unit_count;
drop table actor_count;
drop table hour_count;
drop table wait_count;
drop table path_count;
drop table step_time_count;
drop table step_count;
drop table key_level;
drop table taken_before;
drop table log_place;
drop table log_variant;
drop table log_path;
drop table log_step;
drop table log_dossier;
drop table log_actor;
