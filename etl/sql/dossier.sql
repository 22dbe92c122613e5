-- The dossier table: register, log and calendar brought together.
-- Status 7 and 8 close neutrally, 1 and 3 were never received, 5 and 6 are open with the clock stopped; otherwise dates beat
-- status. A closing known by its date only cannot lie before its own receipt.

insert into dossier by name
with
closing_steps as (
    select dossier_id, max("at") as closing_at
    from staged_event
    where is_closing or status in (7, 8, 9, 10)
    group by dossier_id
),

paused as (
    select dossier_id, sum(paused_minutes)::integer as paused_minutes
    from dossier_pause
    group by dossier_id
),

closed as (
    select
        register.*,
        coalesce(paused.paused_minutes, 0) as paused_minutes,
        case
            when register.status in (1, 3, 5, 6) then null
            else
                greatest(
                    coalesce(
                        register.finished_at,
                        register.returned_at,
                        closing_steps.closing_at,
                        if(register.status in (7, 8, 9, 10), first_said_closed.said_at, null)
                    ),
                    if(register.closed_date_only, register.received_at, null)
                )
        end as closed_at,
        coalesce(
            register.supplement_requests,
            supplement.requests,
            if(register.supplement_requested_at is not null, 1, 0)
        )::integer as all_requests,
        coalesce(register.supplement_requested_at, supplement.requested_at) as first_requested_at,
        coalesce(register.supplement_answered_at, supplement.answered_at) as first_answered_at
    from register
    left join closing_steps using (dossier_id)
    left join paused using (dossier_id)
    left join supplement using (dossier_id)
    left join first_said_closed using (dossier_id)
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

-- The day of receipt does not count; same-day procedures follow the 15:00 rule; a stopped clock adds its days.
terms as (
    select
        with_procedure.*,
        received.is_working as received_on_working_day,
        received.working_days_before,
        received.minutes_before + if(received.is_working, minutes_within(received_at), 0) as minutes_at_receipt,
        ending.minutes_before + if(ending.is_working, minutes_within(closed_at), 0) as minutes_at_closing,
        ceil(paused_minutes / $minutes_per_day)::integer
        + if(
            same_day,
            if(received.is_working and hour(received_at) * 60 + minute(received_at) >= $cutoff_minute, 1, 0),
            deadline_working_days
        ) as term
    from with_procedure
    left join calendar_frame as received on received.day = received_at::date
    left join calendar_frame as ending on ending.day = closed_at::date
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
        working_day.day + to_minutes($last_minute) as computed_due_at,
        terms.finished_at,
        terms.returned_at,
        terms.closed_at,
        terms.status,
        terms.all_requests as supplement_requests,
        terms.first_requested_at as supplement_requested_at,
        -- No longer waiting, though nothing says since when: answered by the state of the file at the latest.
        case
            when terms.first_answered_at is not null then terms.first_answered_at
            when terms.all_requests > 0 and terms.closed_at is null and terms.status != 5 then terms.state_at
        end as supplement_answered_at,
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
    from terms
    left join working_day
        on terms.term is not null
        and working_day.position
        = terms.working_days_before
        + if(terms.term > 0 and terms.received_on_working_day, 1, 0)
        + greatest(terms.term, 1)
        - 1
)

select * from final order by commune_code, received_at, dossier_id;
