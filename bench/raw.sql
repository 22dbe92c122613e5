-- The same answers from raw dossiers: each indicator counted afresh, over the days of each bucket.
-- Words with a dollar sign are filled in by bench/screens.py.
with
bucket as ($buckets),

asked as (
    select
        dossier.*,
        commune.kind,
        commune.cluster,
        commune.old_province,
        commune.old_district,
        received_at::date as received_on,
        coalesce(closed_at::date, date '9999-12-31') as closed_on,
        coalesce(status, 0) in (7, 8) as is_neutral,
        due_at::date as due_on,
        coalesce(due_at, computed_due_at)::date as judged_on
    from dossier
    left join commune using (commune_code)
    where received_at is not null and coalesce(status, 0) not in (1, 3)
),

final as (
    select $select
    from bucket
    -- In play during the bucket: here when it ends, and not gone before it starts.
    inner join asked on received_on <= ends and closed_on >= starts
    where $where
    group by $group
)

select * from final
