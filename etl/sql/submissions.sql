-- Builds `daily_submission` and `monthly_submission` from `dossier` (with its keys) and the calendar.
--
-- Grain: one row for each day, key and day from which on the filings count as slow. An answer is the receipt or the
-- refusal (status 3), whichever came first; refusals without any date say nothing about the wait and are left out.

insert into daily_submission by name
with
filed as (
    select
        key_id,
        submitted_at,
        case status when 1 then null when 3 then least(received_at, refused_at) else received_at end as answered_at
    from dossier
    where channel = 'online' and submitted_at is not null and (status is distinct from 3 or answered_at is not null)
),

placed as (
    select
        filed.key_id,
        filed.submitted_at::date as day,
        working_position(filed.submitted_at, submitted_day, submitted_minute) as submitted_position,
        working_position(filed.answered_at, answered_day, answered_minute) as answered_position
    from filed
    inner join calendar as submitted_day on submitted_day.day = filed.submitted_at::date
    inner join office_minute as submitted_minute
        on submitted_minute.minute = hour(filed.submitted_at) * 60 + minute(filed.submitted_at)
    left join calendar as answered_day on answered_day.day = filed.answered_at::date
    left join office_minute as answered_minute
        on answered_minute.minute = hour(filed.answered_at) * 60 + minute(filed.answered_at)
),

working_day as (
    select day, 60 * (minutes_before + minutes) as end_position
    from calendar
    where minutes > 0
),

-- More than eight working hours without an answer, seen from the end of a day: of the first such day and all after.
final as (
    select
        placed.day,
        placed.key_id,
        case
            when placed.answered_position - placed.submitted_position <= 8 * 3600 then date '9999-12-31'
            else coalesce(working_day.day, date '9999-12-31')
        end as slow_on,
        count(*) as n
    from placed
    asof left join working_day on placed.submitted_position + 8 * 3600 < working_day.end_position
    group by all
)

select * from final order by day, key_id;

-- What was slow at the end of its month was slow for every window that holds the month whole.
insert into monthly_submission by name
select
    date_trunc('month', day)::date as day,
    key_id,
    greatest(slow_on, last_day(day)) as slow_on,
    sum(n) as n
from daily_submission
group by all
order by day, key_id;
