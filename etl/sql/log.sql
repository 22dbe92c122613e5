-- The steps of each dossier in order of time; ties keep the file's order, which is that of `rowid`.
-- A row equal to another is a repetition: the first stays.

create temp table repeated_step as
select step_hash from staged_event group by step_hash having count(*) > 1;

delete from staged_event
where rowid in (
    select row_id
    from (
        select
            staged_event.rowid as row_id,
            row_number() over (
                partition by dossier_id, "at", activity, status, unit, actor_key order by staged_event.rowid
            ) as copy
        from staged_event
        semi join repeated_step using (step_hash)
    )
    where copy > 1
);

insert into event
select
    dossier_id,
    row_number() over (partition by dossier_id order by "at", rowid) as step,
    "at",
    activity,
    status,
    unit,
    actor_key
from staged_event
order by dossier_id, step;
