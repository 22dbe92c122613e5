-- Builds `dossier_key`, `daily_flow`, `monthly_flow` and `monthly_stock` from `dossier`, and numbers the dossiers' keys.
--
-- Grain: one row for each day and key on which anything happened. Events are summed over the days of a window; stocks are
-- the day's change, so that their sum over all days up to E is the stock on day E (docs/architecture.md says what each means).
-- A dossier without a part in the flows (status 1 or 3, never received) has a key but no row.

insert into dossier_key
with
combinations as (
    select distinct commune_code, old_code, procedure_code, field, channel
    from dossier
),

final as (
    select
        -- Keys of one commune are neighbours, so that a commune's rows lie together.
        row_number() over (order by commune_code, old_code, field, procedure_code, channel) as key_id,
        commune_code,
        old_code,
        procedure_code,
        field,
        channel
    from combinations
)

select * from final;

update dossier
set key_id = dossier_key.key_id
from dossier_key
where
    dossier.commune_code is not distinct from dossier_key.commune_code
    and dossier.old_code is not distinct from dossier_key.old_code
    and dossier.procedure_code is not distinct from dossier_key.procedure_code
    and dossier.field is not distinct from dossier_key.field
    and dossier.channel is not distinct from dossier_key.channel;

insert into daily_flow by name
with
-- What the rules need of each dossier that counts, in dates: the law compares days, not hours.
counted as (
    select
        key_id,
        dossier_id,
        channel = 'online' as is_online,
        received_by is not null and commune_code is not null as has_receiver,
        received_by != commune_code as is_out_of_area,
        fee > 0 as has_fee,
        paid_online as is_paid_online,
        digitised,
        e_result,
        received_at::date as received_on,
        closed_at::date as closed_on,
        -- Later than any day where still open, so that comparisons need no case for it.
        coalesce(closed_at::date, date '9999-12-31') as open_until,
        coalesce(status, 0) in (7, 8) as is_neutral,
        due_at::date as due_on,
        coalesce(due_at, computed_due_at)::date as judged_on,
        coalesce(supplement_requests, 0) as requests,
        supplement_requested_at::date as requested_on,
        coalesce(supplement_answered_at::date, date '9999-12-31') as answered_on,
        -- The day of the second request, from which on the dossier is late; from its receipt where nobody knows the day.
        if(
            supplement_requests > 1, coalesce(repeat_supplement_requested_at::date, received_at::date), date '9999-12-31'
        ) as asked_again_on,
        processing_minutes::bigint as processing_minutes,
        epoch(closed_at)::bigint - epoch(received_at)::bigint as elapsed_seconds
    from dossier
    where received_at is not null and coalesce(status, 0) not in (1, 3)
),

-- What was promised before an export said otherwise: known until the day of that export. For those days the stocks below
-- are counted by the earlier promise (`weight` 1) instead of the one that stands now (`weight` -1).
earlier_promises as (
    select
        dossier_id,
        old_value::timestamp::date as promised_on,
        coalesce(lag(state_at::date) over (partition by dossier_id order by state_at), date '0001-01-01') as known_from,
        state_at::date as known_until
    from dossier_change
    where column_name = 'due_at'
),

readings as (
    select *, 1 as weight, date '0001-01-01' as known_from, date '9999-12-31' as known_until
    from counted
    union all by name
    select counted.* replace (promised_on as due_on), 1 as weight, known_from, known_until
    from counted
    inner join earlier_promises using (dossier_id)
    where due_on is distinct from promised_on
    union all by name
    select counted.*, -1 as weight, known_from, known_until
    from counted
    inner join earlier_promises using (dossier_id)
    where due_on is distinct from promised_on
),

-- Each stock holds a dossier for one stretch of days: from the first day named to the day before the second.
stretches as (
    select
        *,
        -- Not without a promised date: `greatest` and `least` pass over nulls.
        if(due_on is not null, greatest(received_on, due_on + 1), null) as late_from,
        if(due_on is not null, greatest(received_on, due_on - 3), null) as due_soon_from,
        if(due_on is not null, least(open_until, due_on + 1), null) as due_soon_until,
        least(
            open_until,
            asked_again_on,
            case
                when due_on is null then open_until
                -- Waiting for the answer to the first request, made in time, counts as ended in time. The wait follows
                -- the days in term without a gap, since the request came on the due date at the latest.
                when requests >= 1 and requested_on <= due_on then greatest(due_on + 1, answered_on)
                else due_on + 1
            end
        ) as good_until
    from readings
),

receipts as (
    select
        key_id,
        received_on as day,
        count(*) as received,
        count(*) filter (is_online) as received_online,
        count(*) filter (has_receiver) as received_with_receiver,
        count(*) filter (is_out_of_area) as received_out_of_area,
        count(*) filter (has_fee) as received_with_fee,
        count(*) filter (has_fee and is_paid_online) as received_paid_online,
        count(digitised) as received_digitised_known,
        count(*) filter (digitised) as received_digitised
    from counted
    group by all
),

closings as (
    select
        key_id,
        closed_on as day,
        count(*) as closed,
        count(*) filter (not is_neutral and closed_on < judged_on) as resolved_early,
        count(*) filter (not is_neutral and (closed_on = judged_on or judged_on is null)) as resolved_on_time,
        count(*) filter (not is_neutral and closed_on > judged_on) as resolved_late,
        count(*) filter (not is_neutral and judged_on is null) as resolved_no_due,
        count(e_result) filter (not is_neutral) as resolved_e_result_known,
        count(*) filter (not is_neutral and e_result) as resolved_e_result,
        count(*) filter (is_neutral) as closed_neutral,
        count(*) filter (requests >= 1) as closed_supplement,
        count(*) filter (requests > 1) as closed_repeat_supplement,
        count(*) filter (requests <= 1 and (closed_on <= judged_on or judged_on is null)) as closed_766,
        count(processing_minutes) filter (not is_neutral) as processing_n,
        sum(processing_minutes) filter (not is_neutral) as processing_minutes,
        sum(processing_minutes ** 2) filter (not is_neutral) as processing_minutes_sq,
        sum(elapsed_seconds) filter (not is_neutral) as elapsed_seconds,
        sum((elapsed_seconds / 60) ** 2) filter (not is_neutral) as elapsed_minutes_sq
    from counted
    where closed_on is not null
    group by all
),

-- The stretch of each stock, cut to the days on which its reading was the known one.
spans as (
    select
        key_id,
        weight,
        unnest([
            {'stock': 'late', 'starts': late_from, 'ends': open_until},
            {'stock': 'due_soon', 'starts': due_soon_from, 'ends': due_soon_until},
            {'stock': 'good', 'starts': received_on, 'ends': good_until},
            {'stock': 'no_due', 'starts': if(due_on is null, received_on, null), 'ends': open_until}
        ], recursive := true),
        known_from,
        known_until
    from stretches
),

cut_spans as (
    select key_id, weight, stock, greatest(starts, known_from) as starts, least(ends, known_until) as ends
    from spans
    where starts is not null and greatest(starts, known_from) < least(ends, known_until)
),

turns as (
    select key_id, starts as day, stock, weight as change
    from cut_spans
    union all
    select key_id, ends, stock, -weight
    from cut_spans
    where ends < date '9999-12-31'
),

turns_of_day as (
    select
        key_id,
        day,
        sum(change) filter (stock = 'late') as late_change,
        sum(change) filter (stock = 'due_soon') as due_soon_change,
        sum(change) filter (stock = 'good') as good_change,
        sum(change) filter (stock = 'no_due') as no_due_change
    from turns
    group by all
),

-- Sorted before the wide columns come in, so that little has to be moved; by day, so that a window reads only its days.
spine as (
    select key_id, day from receipts
    union
    select key_id, day from closings
    union
    select key_id, day from turns_of_day
    order by day, key_id
),

final as (
    select
        key_id,
        day,
        coalesce(columns(receipts.* exclude (key_id, day)), 0),
        coalesce(columns(closings.* exclude (key_id, day, closed)), 0),
        coalesce(received, 0) - coalesce(closed, 0) as open,
        coalesce(late_change, 0) as open_late,
        coalesce(no_due_change, 0) as open_no_due,
        coalesce(good_change, 0) as open_766,
        coalesce(due_soon_change, 0) as open_due_soon
    from spine
    left join receipts using (key_id, day)
    left join closings using (key_id, day)
    left join turns_of_day using (key_id, day)
)

select * from final;

insert into monthly_flow by name
select
    date_trunc('month', day)::date as day,
    key_id,
    sum(columns(* exclude (day, key_id)))
from daily_flow
group by all
order by key_id, day;

-- The stocks with which each month begins, so that a question about a day adds up its own month only.
insert into monthly_stock by name
with
month as (
    select unnest(
        range(
            (select min(day) from monthly_flow)::timestamp,
            -- The month after the last change too: the stocks that stay.
            (select max(day) from monthly_flow)::timestamp + interval 2 month,
            interval 1 month
        )
    )::date as day
),

running as (
    select
        month.day,
        dossier_key.key_id,
        sum(monthly_flow.open) over before as open,
        sum(monthly_flow.open_late) over before as open_late,
        sum(monthly_flow.open_no_due) over before as open_no_due,
        sum(monthly_flow.open_766) over before as open_766,
        sum(monthly_flow.open_due_soon) over before as open_due_soon
    from month
    cross join dossier_key
    left join monthly_flow on month.day = monthly_flow.day and dossier_key.key_id = monthly_flow.key_id
    window before as (
        partition by dossier_key.key_id order by month.day rows between unbounded preceding and 1 preceding
    )
)

-- The other stocks are parts of the open ones.
select * from running
where open != 0
order by day, key_id;
