-- When each dossier was closed, and how long its clock stood, by cause.
--
-- A dossier waits for one thing at a time, as on the national exchange, where it has one status. So a wait begins with a
-- step that names its cause and ends with the next step that is not of the same cause: that one really resumes, or begins
-- a wait of its own. A step of the same cause (a reminder, status 5 once more) carries the wait on. It is therefore no
-- second request either: Decision 766 makes a dossier late for asking people twice, not for reminding them of one request.
-- Asked, answered and asked again is two. A wait lasts at the latest until the closing, of an open dossier until the state
-- of the data. Time in which two sources make a dossier wait is taken off once, for the wait that began first.

-- Status 7 and 8 close neutrally, 1 and 3 were never received, 5 and 6 are open with the clock stopped; otherwise dates
-- beat status. A closing known by its date only cannot lie before its own receipt.
create temp table closing as
with closing_steps as (
    select dossier_id, max("at") as closing_at
    from staged_event
    where is_closing or status in (7, 8, 9, 10)
    group by dossier_id
)

select
    register.dossier_id,
    greatest(
        coalesce(
            register.finished_at,
            register.returned_at,
            closing_steps.closing_at,
            if(register.status in (7, 8, 9, 10), first_said_closed.said_at, null)
        ),
        if(register.closed_date_only, register.received_at, null)
    ) as closed_at
from register
left join closing_steps using (dossier_id)
left join first_said_closed using (dossier_id)
where register.status is null or register.status not in (1, 3, 5, 6);

create temp table pause as
with
named as (
    select
        event.dossier_id,
        event.step,
        event."at",
        case
            -- The answer ends a wait, whatever the status still says.
            when activity_cause.cause = 'answer' then null
            when activity_cause.cause is not null then activity_cause.cause
            when event.status = 5 then 'supplement'
            when event.status = 6 then 'payment'
        end as cause
    from event
    left join activity_cause on event.activity = activity_cause.activity
),

waiting_at_all as (
    select distinct dossier_id
    from named
    where cause is not null
),

-- The steps at which the cause changes: where a wait begins, where it ends.
turns as (
    select *
    from named
    semi join waiting_at_all using (dossier_id)
    qualify cause is distinct from lag(cause) over (partition by dossier_id order by step)
),

stretches as (
    select
        dossier_id,
        step,
        cause,
        "at" as starts_at,
        lead("at") over (partition by dossier_id order by step) as answered_at
    from turns
),

-- Registers without such steps may carry the request and the answer themselves.
registered as (
    select
        dossier_id,
        0 as step,
        'supplement' as cause,
        supplement_requested_at as starts_at,
        supplement_answered_at as answered_at
    from register
    where
        supplement_answered_at > supplement_requested_at
        and dossier_id not in (select dossier_id from stretches where cause = 'supplement')
),

waits as (
    select * from stretches where cause is not null
    union all by name
    select * from registered
),

ended as (
    select
        waits.*,
        register.received_at,
        least(
            coalesce(waits.answered_at, register.state_at), coalesce(closing.closed_at, register.state_at)
        ) as ends_at
    from waits
    inner join register using (dossier_id)
    left join closing using (dossier_id)
    where waits.starts_at < coalesce(closing.closed_at, register.state_at)
),

final as (
    select
        *,
        -- What an earlier wait has covered already is not taken off again, nor what lies before the receipt.
        greatest(
            starts_at,
            received_at,
            max(ends_at) over (
                partition by dossier_id
                order by starts_at, step
                rows between unbounded preceding and 1 preceding
            )
        ) as counts_from
    from ended
)

select * from final;

insert into dossier_pause
with counted as (
    select
        pause.dossier_id,
        pause.cause,
        (
            last_day.minutes_before + if(last_day.is_working, minutes_within(pause.ends_at), 0)
            - first_day.minutes_before - if(first_day.is_working, minutes_within(pause.counts_from), 0)
        )::integer as minutes
    from pause
    inner join calendar_frame as first_day on first_day.day = pause.counts_from::date
    inner join calendar_frame as last_day on last_day.day = pause.ends_at::date
    where pause.counts_from < pause.ends_at
)

select dossier_id, cause, sum(minutes)
from counted
group by dossier_id, cause
having sum(minutes) > 0
order by dossier_id, cause;

-- Open dossiers whose clock stands now: their term grows with every day, the promised date cannot.
create temp table standing as
select register.dossier_id
from register
left join closing using (dossier_id)
where
    closing.closed_at is null
    and (
        register.status in (5, 6)
        or register.dossier_id in (select dossier_id from pause where answered_at is null)
    );

create temp table supplement as
with numbered as (
    select *, row_number() over (partition by dossier_id order by starts_at, step) as number
    from pause
    where cause = 'supplement'
)

select
    dossier_id,
    count(*) as requests,
    min(starts_at) as requested_at,
    max(answered_at) filter (number = 1) as answered_at,
    max(starts_at) filter (number = 2) as repeated_at
from numbered
group by dossier_id;
