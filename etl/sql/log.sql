-- The steps of each dossier in order of time; ties keep the file's order. A row equal to another is a repetition.

create temp table repeated_step as
select step_hash from staged_event group by step_hash having count(*) > 1;

create temp table log_row as
select * exclude (copy)
from (
    select
        staged_event.*,
        row_number() over (
            partition by dossier_id, "at", activity, status, unit, actor_key order by file_order, row_number
        ) as copy
    from staged_event
    semi join repeated_step using (step_hash)
)
where copy = 1
union all by name
select * from staged_event anti join repeated_step using (step_hash);

insert into event
select
    dossier_id,
    row_number() over (partition by dossier_id order by "at", file_order, row_number) as step,
    "at",
    activity,
    status,
    unit,
    actor_key
from log_row
order by dossier_id, step;
