-- Builds `variant`, `path_span`, `step_span` and the counts by month from `event`, `dossier` (with its keys), `activity` and
-- the calendar.
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

create temp table log_actor as
select row_number() over (order by actor_key)::integer as actor_id, actor_key
from (select distinct actor_key from event where actor_key is not null);

-- Status 1 and 3 were never received; whatever else is known of them, nothing closed them.
create temp table log_dossier as
select
    dossier.rowid::integer as dossier_row,
    dossier_id,
    key_id,
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
    order by date_trunc('month', closed_on), log_dossier.key_id, closed_on, log_dossier.dossier_row
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
    dossier_row
from log_place
left join handed using (path_id)
order by path_id;

-- Sums over keys, of the steps by month of the step, of working time and of dossiers by month of closing.
insert into monthly_step by name
select
    date_trunc('month', day)::date as day,
    key_id,
    from_id,
    activity_id,
    count(*) as n,
    sum(wait_seconds) as wait_seconds,
    count(before_on) as repeats,
    count(*) filter (next_on is null) as lasts,
    count(*) filter (next_on is null and closed_on < date '9999-12-31') as ends
from step_span
group by all
order by day, key_id, from_id, activity_id;

insert into monthly_step_time by name
select
    date_trunc('month', closed_on)::date as day,
    key_id,
    activity_id,
    stop,
    count(*) as dossiers,
    sum(stops) as stops,
    sum(seconds) as seconds,
    sum(seconds::double ** 2) as seconds_sq
from step_time
group by all
order by day, key_id, activity_id, stop;

insert into monthly_path by name
select
    date_trunc('month', closed_on)::date as day,
    key_id,
    closing_variant_id as variant_id,
    count(*) as dossiers,
    sum(office_seconds) as office_seconds,
    sum(office_seconds::double ** 2) as office_seconds_sq,
    sum(handovers) as handovers,
    sum(handovers ** 2) as handovers_sq
from path_span
where closed_on < date '9999-12-31'
group by all
order by day, key_id, variant_id;

insert into key_group
select
    key_id,
    min(key_id) over (partition by commune_code, old_code) as commune_key,
    min(key_id) over (partition by procedure_code, field, channel) as procedure_key
from dossier_key
order by key_id;

-- How many waits were how long, for each choice of what a question narrows down: communes, procedures and channels, nothing.
create temp table wait_count as
select
    date_trunc('month', day)::date as day,
    commune_key,
    procedure_key,
    from_id,
    activity_id,
    duration_step(round(wait_seconds / 60)::integer, 1440)::integer as minutes,
    count(*)::integer as n
from step_span
inner join key_group using (key_id)
where from_id > 0
group by all;

insert into monthly_wait by name
select 'commune' as level, day, commune_key as key_id, from_id, activity_id, minutes, sum(n) as n
from wait_count
group by all
order by day, key_id, from_id, activity_id, minutes;

insert into monthly_wait by name
select 'procedure' as level, day, procedure_key as key_id, from_id, activity_id, minutes, sum(n) as n
from wait_count
group by all
order by day, key_id, from_id, activity_id, minutes;

insert into monthly_wait by name
select 'all' as level, day, 0 as key_id, from_id, activity_id, minutes, sum(n) as n
from wait_count
group by all
order by day, from_id, activity_id, minutes;

-- The hour of the week of receipts and of steps.
create temp table hour_count as
with moments as (
    select key_id, received_at as moment, 1 as received, 0 as steps
    from dossier
    where received_at is not null and coalesce(status, 0) not in (1, 3)
    union all
    select key_id, day + to_minutes(minute), 0, 1
    from step_span
)

select
    date_trunc('month', moment)::date as day,
    commune_key,
    procedure_key,
    isodow(moment)::tinyint as weekday,
    hour(moment)::tinyint as hour,
    sum(received)::integer as received,
    sum(steps)::integer as steps
from moments
inner join key_group using (key_id)
group by all;

insert into monthly_hour by name
select 'commune' as level, day, commune_key as key_id, weekday, hour, sum(received) as received, sum(steps) as steps
from hour_count
group by all
order by day, key_id, weekday, hour;

insert into monthly_hour by name
select 'procedure' as level, day, procedure_key as key_id, weekday, hour, sum(received) as received, sum(steps) as steps
from hour_count
group by all
order by day, key_id, weekday, hour;

-- Who did how much for each unit.
create temp table actor_count as
select
    date_trunc('month', day)::date as day,
    commune_key,
    procedure_key,
    unit_id,
    actor_id,
    count(*)::integer as steps,
    count(*) filter (is_arrival)::integer as arrivals
from step_span
inner join key_group using (key_id)
group by all;

insert into monthly_actor by name
select
    'commune' as level,
    day,
    commune_key as key_id,
    unit_id,
    actor_id,
    sum(steps) as steps,
    sum(arrivals) as arrivals
from actor_count
group by all
order by day, key_id, unit_id, actor_id;

insert into monthly_actor by name
select
    'procedure' as level,
    day,
    procedure_key as key_id,
    unit_id,
    actor_id,
    sum(steps) as steps,
    sum(arrivals) as arrivals
from actor_count
group by all
order by day, key_id, unit_id, actor_id;

drop table actor_count;
drop table hour_count;
drop table wait_count;
drop table taken_before;
drop table log_place;
drop table log_variant;
drop table log_path;
drop table log_step;
drop table log_dossier;
drop table log_actor;
