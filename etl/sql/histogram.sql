-- Builds `dossier_span`, `monthly_duration` and `yearly_duration` from `dossier` (with its keys) and the calendar.
--
-- Grain: one row a received dossier; then one row for each measure, month or year, key and step of the grid on which a
-- dossier lies. Status 1 and 3 were never received.

insert into dossier_span by name
select
    coalesce(closed_at::date, date '9999-12-31') as closed_on,
    received_at::date as received_on,
    key_id,
    coalesce(status, 0) in (7, 8) as is_neutral,
    processing_minutes,
    round((epoch(closed_at) - epoch(received_at)) / 60)::integer as elapsed_minutes,
    round(
        greatest(
            working_position(closed_at, closed_day, closed_minute)
            - working_position(received_at, received_day, received_minute),
            0
        ) / 60
    )::integer as waited_minutes,
    working_position(received_at, received_day, received_minute) as received_position
from dossier
left join calendar as received_day on received_day.day = received_at::date
left join office_minute as received_minute on received_minute.minute = hour(received_at) * 60 + minute(received_at)
left join calendar as closed_day on closed_day.day = closed_at::date
left join office_minute as closed_minute on closed_minute.minute = hour(closed_at) * 60 + minute(closed_at)
where received_at is not null and coalesce(status, 0) not in (1, 3)
-- In order of closing, so that a window reads only what ended in it or later.
order by closed_on, key_id;

-- One measure after the other, so that only one is sorted at a time.
insert into monthly_duration by name
select
    'elapsed' as measure,
    date_trunc('month', closed_on)::date as day,
    key_id,
    duration_step(elapsed_minutes, 1440) as minutes,
    count(*) as n
from dossier_span
where not is_neutral and closed_on < date '9999-12-31'
group by all
order by day, key_id, minutes;

insert into monthly_duration by name
select
    'neutral' as measure,
    date_trunc('month', received_on)::date as day,
    key_id,
    duration_step(waited_minutes, (select sum(ends - starts) from office_hours)) as minutes,
    count(*) as n
from dossier_span
where is_neutral and waited_minutes is not null
group by all
order by day, key_id, minutes;

insert into monthly_duration by name
select
    'processing' as measure,
    date_trunc('month', closed_on)::date as day,
    key_id,
    duration_step(processing_minutes, (select sum(ends - starts) from office_hours)) as minutes,
    count(*) as n
from dossier_span
where not is_neutral and closed_on < date '9999-12-31' and processing_minutes is not null
group by all
order by day, key_id, minutes;

insert into monthly_duration by name
select
    'resolved' as measure,
    date_trunc('month', received_on)::date as day,
    key_id,
    duration_step(waited_minutes, (select sum(ends - starts) from office_hours)) as minutes,
    count(*) as n
from dossier_span
where not is_neutral and waited_minutes is not null
group by all
order by day, key_id, minutes;

insert into yearly_duration by name
select measure, date_trunc('year', day)::date as day, key_id, minutes, sum(n) as n
from monthly_duration
group by all
order by measure, day, key_id, minutes;
