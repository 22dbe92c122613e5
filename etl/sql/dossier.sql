-- The dossier table: register, log and calendar brought together.

insert into dossier by name
with
refusals as (
    select dossier_id, min("at") as refused_at
    from staged_event
    left join refusing_activity using (activity)
    where coalesce(status = 3, refusing_activity.activity is not null)
    group by dossier_id
),

paused as (
    select dossier_id, sum(paused_minutes)::integer as paused_minutes
    from dossier_pause
    group by dossier_id
),

-- Where an export tells of a second request and an earlier one did not, it came by then.
first_said_repeated as (
    select dossier_id, min(state_at) filter (supplement_requests > 1) as said_at
    from said
    group by dossier_id
    having said_at > min(state_at) filter (coalesce(supplement_requests, 0) <= 1)
),

closed as (
    select
        register.*,
        coalesce(paused.paused_minutes, 0) as paused_minutes,
        closing.closed_at,
        -- A filing that was refused has been answered then; some registers write it down as the end.
        if(
            register.status = 3,
            coalesce(register.refused_at, refusals.refused_at, register.finished_at, register.returned_at),
            null
        ) as answered_by_refusal_at,
        coalesce(
            register.supplement_requests,
            supplement.requests,
            if(register.supplement_requested_at is not null, 1, 0)
        )::integer as all_requests,
        coalesce(register.supplement_requested_at, supplement.requested_at) as first_requested_at,
        coalesce(register.supplement_answered_at, supplement.answered_at) as first_answered_at,
        if(all_requests > 1, coalesce(supplement.repeated_at, first_said_repeated.said_at), null) as repeated_at,
        supplement.dossier_id is not null as log_knows_the_wait
    from register
    left join closing using (dossier_id)
    left join refusals using (dossier_id)
    left join paused using (dossier_id)
    left join supplement using (dossier_id)
    left join first_said_repeated using (dossier_id)
),

-- The first export after the request that no longer says status 5.
first_said_answered as (
    select closed.dossier_id, min(every.state_at) as said_at
    from closed
    inner join (
        select dossier_id, state_at, status from said
        union all
        select dossier_id, state_at, status from register
    ) as every using (dossier_id)
    where closed.first_requested_at <= every.state_at and every.status != 5 and not closed.log_knows_the_wait
    group by closed.dossier_id
),

-- The procedure as it stood on the day of receipt.
with_procedure as (
    select
        closed.*,
        procedure.field as procedure_field,
        if(procedure.valid_to < received_at::date, null, procedure.same_day) as same_day,
        if(procedure.valid_to < received_at::date, null, procedure.deadline_working_days) as deadline_working_days
    from closed
    asof left join procedure_version as procedure
        on closed.procedure_code = procedure.procedure_code and closed.received_at >= procedure.valid_from
),

-- The day of receipt does not count; same-day procedures follow the 15:00 rule; a stopped clock adds its days. On a day
-- off no term can end: what is due the same day is due on the next working day, and a stop adds its days from there.
terms as (
    select
        with_procedure.*,
        received.is_working as received_on_working_day,
        received.working_days_before,
        received.minutes_before + if(received.is_working, minutes_within(received_at), 0) as minutes_at_receipt,
        ending.minutes_before + if(ending.is_working, minutes_within(closed_at), 0) as minutes_at_closing,
        ceil(paused_minutes / $minutes_per_day)::integer
        + case
            when same_day and received.is_working and hour(received_at) * 60 + minute(received_at) < $cutoff_minute
                then 0
            when same_day then 1
            else deadline_working_days + if(deadline_working_days = 0 and not received.is_working, 1, 0)
        end as term
    from with_procedure
    left join calendar_frame as received on received.day = received_at::date
    left join calendar_frame as ending on ending.day = closed_at::date
),

-- Working days up to the end of the computed and of the promised day.
due_days as (
    select
        terms.*,
        working_day.day as computed_due_on,
        working_day.position + 1 as days_to_computed_due,
        promised.working_days_before + if(promised.is_working, 1, 0) as days_to_promised_due
    from terms
    left join working_day
        on working_day.position
        = terms.working_days_before + terms.term - if(terms.received_on_working_day, 0, 1)
    left join calendar_frame as promised on promised.day = terms.due_at::date
),

final as (
    select
        terms.dossier_id,
        terms.commune_code,
        terms.received_by,
        terms.helped_by,
        terms.old_code,
        terms.procedure_code,
        coalesce(terms.field, terms.procedure_field) as field,
        terms.channel,
        terms.submitted_at,
        terms.received_at,
        terms.due_at,
        terms.computed_due_on + to_minutes($last_minute) as computed_due_at,
        if(
            standing.dossier_id is null, terms.days_to_promised_due - terms.days_to_computed_due, null
        )::integer as due_difference_days,
        terms.finished_at,
        terms.returned_at,
        terms.answered_by_refusal_at as refused_at,
        terms.closed_at,
        terms.status,
        terms.all_requests as supplement_requests,
        terms.first_requested_at as supplement_requested_at,
        -- No longer waiting, though nothing says since when: answered by the state of that file at the latest.
        coalesce(
            terms.first_answered_at,
            if(
                first_said_answered.said_at < coalesce(terms.closed_at, timestamp 'infinity'),
                first_said_answered.said_at,
                null
            )
        ) as supplement_answered_at,
        terms.repeated_at as repeat_supplement_requested_at,
        terms.apology_sent_at,
        terms.paused_minutes,
        -- `greatest` passes over nulls: an open dossier has no processing time, not one of 0.
        if(
            terms.closed_at is not null,
            greatest(terms.minutes_at_closing - terms.minutes_at_receipt - terms.paused_minutes, 0),
            null
        )::integer as processing_minutes,
        terms.fee,
        terms.paid_online,
        terms.digitised,
        terms.e_result,
        terms.applicant_key,
        terms.source_file
    from due_days as terms
    left join first_said_answered using (dossier_id)
    left join standing using (dossier_id)
)

select * from final order by commune_code, received_at, dossier_id;
