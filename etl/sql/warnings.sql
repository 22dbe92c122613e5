-- What was loaded all the same and should be looked at. Grain: a dossier and a rule.

insert into warning
with
-- Handing the result over may come days later, and says so itself (status 10) where the register does not.
late_steps as (
    select distinct event.dossier_id
    from event
    inner join dossier using (dossier_id)
    where
        event."at" > greatest(dossier.finished_at, dossier.returned_at) + interval 1 day
        and (dossier.returned_at is not null or event.status is distinct from 10)
),

judged as (
    select
        register.source_file,
        register.row_number,
        register.state_at,
        register.known_shape,
        dossier.*,
        known.procedure_code is not null as procedure_known,
        known.is_online as procedure_online,
        late_steps.dossier_id is not null as log_goes_on,
        standing.dossier_id is not null as clock_stands
    from dossier
    inner join register using (dossier_id)
    left join known_procedure as known on dossier.procedure_code = known.procedure_code
    left join late_steps on dossier.dossier_id = late_steps.dossier_id
    left join standing on dossier.dossier_id = standing.dossier_id
),

-- The rules of a dossier are gathered before they are spread out, since most dossiers break none.
marked as (
    select
        source_file,
        row_number,
        dossier_id,
        list_filter(
            [
                if(not known_shape, 'unknown_dossier_code_shape', null),
                if(closed_at > state_at, 'closed_after_state', null),
                if(
                    closed_at is not null and finished_at is null and returned_at is null and status in (7, 8, 9, 10),
                    'closed_without_time',
                    null
                ),
                if(status in (5, 6) and coalesce(finished_at, returned_at) is not null, 'closed_while_waiting', null),
                if(due_at is null and coalesce(status, 0) not in (1, 3), 'no_due_time', null),
                if(due_at::date != computed_due_at::date and not clock_stands, 'due_differs', null),
                if(channel = 'online' and procedure_online = false, 'online_not_offered', null),
                if(procedure_code is null or not procedure_known, 'unknown_procedure', null),
                if(supplement_requests > 1, 'repeated_supplement', null),
                if(channel is null, 'unknown_channel', null),
                if(submitted_at > received_at, 'submitted_after_received', null),
                if(log_goes_on, 'log_after_finish', null)
            ],
            lambda rule: rule is not null
        ) as rules
    from judged
),

found as (
    select source_file, row_number, 'dossier' as table_name, unnest(rules) as rule, dossier_id
    from marked
    where len(rules) > 0
),

steps_without_dossier as (
    select source_file, min(row_number) as row_number, 'event' as table_name, 'step_without_dossier' as rule, dossier_id
    from staged_event
    anti join register using (dossier_id)
    group by source_file, dossier_id
),

dossiers_without_step as (
    select source_file, row_number, 'dossier' as table_name, 'dossier_without_step' as rule, dossier_id
    from register
    anti join staged_event using (dossier_id)
    where (select count(*) from staged_event) > 0
)

select * from found
union all
select * from steps_without_dossier
union all
select * from dossiers_without_step
order by all;
