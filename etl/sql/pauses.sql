-- How long the clock stood, by cause. A pause begins with a step that says so and ends with the dossier's next step,
-- at the latest when the dossier was closed, for an open one with the state of the data.

create temp table pause as
with
steps as (
    select
        event.dossier_id,
        event."at" as starts_at,
        lead(event."at") over (partition by event.dossier_id order by event.step) as next_at,
        coalesce(
            activity_cause.cause,
            case event.status when 5 then 'supplement' when 6 then 'payment' end
        ) as cause
    from event
    left join activity_cause on event.activity = activity_cause.activity
),

-- The same closing that the dossier gets: what is logged after it stops no clock.
closing_steps as (
    select dossier_id, max("at") as closing_at
    from staged_event
    where is_closing or status in (7, 8, 9, 10)
    group by dossier_id
),

closings as (
    select dossier_id, coalesce(finished_at, returned_at, closing_at) as closed_at, state_at
    from register
    left join closing_steps using (dossier_id)
),

final as (
    select
        steps.dossier_id,
        steps.cause,
        steps.starts_at,
        steps.next_at as answered_at,
        least(coalesce(steps.next_at, closings.state_at), coalesce(closings.closed_at, closings.state_at)) as ends_at
    from steps
    inner join closings using (dossier_id)
    where steps.cause is not null and steps.starts_at < coalesce(closings.closed_at, closings.state_at)
)

select * from final;

-- Registers without a log may carry the request and the answer themselves.
insert into pause
select dossier_id, 'supplement', supplement_requested_at, supplement_answered_at, supplement_answered_at
from register
where
    supplement_answered_at > supplement_requested_at
    and dossier_id not in (select dossier_id from pause where cause = 'supplement');

create temp table pause_minutes as
select
    pause.dossier_id,
    pause.cause,
    (
        closing.minutes_before + if(closing.is_working, minutes_within(pause.ends_at), 0)
        - opening.minutes_before - if(opening.is_working, minutes_within(pause.starts_at), 0)
    )::integer as minutes
from pause
inner join calendar_frame as opening on opening.day = pause.starts_at::date
inner join calendar_frame as closing on closing.day = pause.ends_at::date;

insert into dossier_pause
select dossier_id, cause, sum(minutes)
from pause_minutes
group by dossier_id, cause
having sum(minutes) > 0
order by dossier_id, cause;

create temp table supplement as
select
    dossier_id,
    count(*) as requests,
    min(starts_at) as requested_at,
    arg_min(answered_at, starts_at) as answered_at
from pause
where cause = 'supplement'
group by dossier_id;
