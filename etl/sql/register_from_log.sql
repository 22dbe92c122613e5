-- Where there is only a log: its dossiers. Columns that the block maps (`*_mapped`) come from a dossier's first row and
-- replace the derived ones; there, blank means open.

create temp table register as
with
ordered as (
    select *, row_number() over (partition by dossier_id order by "at", staged_event.rowid) as step
    from staged_event
),

ends as (
    select
        dossier_id,
        min("at") as first_at,
        max("at") filter (is_closing or not has_closing) as last_closing_at
    from ordered
    group by dossier_id
),

final as (
    select
        ordered.* exclude (step, "at", activity, unit, actor_key, received_at, finished_at, status),
        if(received_mapped, ordered.received_at, ends.first_at) as received_at,
        if(finished_mapped, ordered.finished_at, ends.last_closing_at) as finished_at,
        null::tinyint as status
    from ordered
    inner join ends using (dossier_id)
    where step = 1
)

select * from final;

create temp table refused_dossier as
select
    source_file,
    row_number,
    dossier_id,
    case
        when commune_rule is not null then commune_rule
        when received_at is null then 'missing_received_at'
        when
            coalesce(finished_at, returned_at)
            < if(coalesce(closed_date_only, false), date_trunc('day', received_at), received_at)
            then 'closed_before_received'
    end as rule,
    commune_message,
    commune_code,
    received_at,
    finished_at,
    file_order
from register
where rule is not null;

delete from register where dossier_id in (select dossier_id from refused_dossier);

create temp table first_said_closed as select null::varchar as dossier_id, null::timestamp as said_at limit 0;

create temp table said as select dossier_id, state_at, status, supplement_requests from register limit 0;
