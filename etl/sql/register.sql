-- One row a dossier out of all the register rows that speak of it: the later state wins, then the closed one,
-- then the later file name and row. What an export said differently from the one before is kept in `dossier_change`.

create temp table repeated_id as
select dossier_id from staged_dossier group by dossier_id having count(*) > 1;

create temp table ranked_repeat as
select
    staged_dossier.*,
    staged_dossier.rowid as row_id,
    row_number() over (
        partition by dossier_id
        order by
            state_at desc,
            coalesce(finished_at, returned_at) is not null or coalesce(status in (7, 8, 9, 10), false) desc,
            source_file desc,
            row_number desc
    ) as rank
from staged_dossier
semi join repeated_id using (dossier_id);

-- The first state in which a dossier was said to be closed, for those that never carry a date.
create temp table first_said_closed as
select dossier_id, min(state_at) as said_at
from staged_dossier
where status in (7, 8, 9, 10)
group by dossier_id;

-- What each export said of the dossier, for the times that nothing else tells.
create temp table said as
select dossier_id, state_at, status, supplement_requests from ranked_repeat;

delete from staged_dossier
where rowid in (select row_id from ranked_repeat where rank > 1);

alter table staged_dossier rename to register;

insert into dossier_change
with
said as (
    select
        dossier_id,
        state_at,
        unnest([
            {'column_name': 'due_at', 'value': due_at::varchar},
            {'column_name': 'received_at', 'value': received_at::varchar},
            {'column_name': 'finished_at', 'value': finished_at::varchar},
            {'column_name': 'returned_at', 'value': returned_at::varchar},
            {'column_name': 'status', 'value': status::varchar},
            {'column_name': 'commune_code', 'value': commune_code}
        ], recursive := true),
        rank
    from ranked_repeat
),

compared as (
    select
        *,
        lag(value) over each as old_value,
        lag(state_at) over each as old_state_at
    from said
    window each as (partition by dossier_id, column_name order by rank desc)
),

final as (
    select dossier_id, column_name, old_value, value as new_value, state_at
    from compared
    where old_state_at < state_at and old_value is distinct from value
)

select * from final order by dossier_id, column_name, state_at;
