-- The tables of a snapshot, declared once: the ETL and the tests' builders run this file on an empty database.
-- Codes are text with leading zeros, times are local without zone, counts are whole numbers.

create table snapshot (
    snapshot_id varchar not null,
    built_at timestamp not null,
    as_of timestamp not null,
    simulated boolean not null,
    config_sha256 varchar,
    software_version varchar,
    province_code varchar not null,
    province_name varchar not null,
    timezone varchar not null,
    minutes_per_day integer not null
);

create table commune (
    commune_code varchar not null,
    name varchar not null,
    full_name varchar not null,
    kind varchar,
    province_code varchar,
    area_km2 double,
    population integer,
    staff integer,
    reception_staff integer,
    centre_area_m2 double,
    agency_code varchar,
    cluster varchar,
    old_province varchar,
    old_district varchar,
    sort_order integer,
    search_key varchar,
    lon double,
    lat double,
    geometry geometry,
    map_geojson varchar,
    boundary_source varchar,
    boundary_approximate boolean
);

create table old_unit (
    old_code varchar not null,
    name varchar,
    kind varchar,
    district varchar,
    province varchar,
    geometry geometry,
    map_geojson varchar,
    boundary_source varchar
);

create table lineage (
    new_code varchar not null,
    old_code varchar,
    old_name varchar,
    old_kind varchar,
    old_district varchar,
    old_province varchar,
    extent varchar,
    resolution varchar,
    effective_date date
);

create table procedure (
    procedure_code varchar not null,
    name varchar,
    field varchar,
    deadline_working_days integer,
    same_day boolean,
    is_online boolean,
    has_fee boolean,
    valid_from date,
    valid_to date
);

create table dossier (
    dossier_id varchar not null,
    commune_code varchar,
    received_by varchar,
    helped_by varchar,
    old_code varchar,
    procedure_code varchar,
    field varchar,
    channel varchar,
    submitted_at timestamp,
    received_at timestamp,
    due_at timestamp,
    computed_due_at timestamp,
    due_difference_days integer,
    finished_at timestamp,
    returned_at timestamp,
    refused_at timestamp,
    closed_at timestamp,
    status integer,
    supplement_requests integer,
    supplement_requested_at timestamp,
    apology_sent_at timestamp,
    paused_minutes integer,
    processing_minutes integer,
    fee bigint,
    paid_online boolean,
    digitised boolean,
    e_result boolean,
    applicant_key varchar,
    source_file varchar,
    key_id integer,
    supplement_answered_at timestamp,
    repeat_supplement_requested_at timestamp
);

create table dossier_key (
    key_id integer not null,
    commune_code varchar,
    old_code varchar,
    procedure_code varchar,
    field varchar,
    channel varchar
);

create table dossier_pause (
    dossier_id varchar not null,
    cause varchar not null,
    paused_minutes integer not null
);

create table event (
    dossier_id varchar not null,
    step integer not null,
    "at" timestamp not null,
    activity varchar,
    status integer,
    unit varchar,
    actor_key varchar
);

-- Filled by etl/sql/daily_flow.sql, which says what each column counts.
create table daily_flow (
    day date not null,
    key_id integer not null,
    -- events of the day
    received integer not null,
    received_online integer not null,
    received_with_receiver integer not null,
    received_out_of_area integer not null,
    received_with_fee integer not null,
    received_paid_online integer not null,
    received_digitised_known integer not null,
    received_digitised integer not null,
    resolved_early integer not null,
    resolved_on_time integer not null,
    resolved_late integer not null,
    resolved_no_due integer not null,
    resolved_e_result_known integer not null,
    resolved_e_result integer not null,
    closed_neutral integer not null,
    closed_supplement integer not null,
    closed_repeat_supplement integer not null,
    closed_766 integer not null,
    processing_n integer not null,
    processing_minutes bigint not null,
    processing_minutes_sq double not null,
    elapsed_seconds bigint not null,
    elapsed_minutes_sq double not null,
    -- stocks, as the day's change
    open integer not null,
    open_late integer not null,
    open_no_due integer not null,
    open_766 integer not null,
    open_due_soon integer not null
);

-- The same counts by month, for the months that a window holds whole: a twelfth of the rows.
-- `day` is the first day of the month.
create table monthly_flow as from daily_flow limit 0;

-- The stocks with which each month begins (`day` is its first day), up to the month after the last change; no row for none.
create table monthly_stock as select day, key_id, columns('^open') from daily_flow limit 0;

-- The grid that durations are counted on: whole minutes up to one hour, three minutes up to one day, a twentieth of a day
-- above. Half of the last digit that is printed, so that a quantile of the counts prints as that of the rows would.
create macro duration_width(minutes, minutes_per_day) as
    case
        when minutes < 60 then 1
        when minutes < minutes_per_day then 3
        else greatest(minutes_per_day // 20, 1)
    end;

-- The lower end of the step of the grid that a duration lies in; the step ends before this plus its width.
create macro duration_step(minutes, minutes_per_day) as
    minutes - case
        when minutes < 60 then 0
        when minutes < minutes_per_day then (minutes - 60) % 3
        else (minutes - greatest(minutes_per_day, 60)) % greatest(minutes_per_day // 20, 1)
    end;

-- How long each received dossier took, in order of closing, narrow: for the days of a window that make no whole month, and
-- for what a day in the past did not know yet. Filled by etl/sql/histogram.sql.
create table dossier_span (
    -- 9999-12-31 while open
    closed_on date not null,
    received_on date not null,
    key_id integer not null,
    is_neutral boolean not null,
    -- as in `dossier`
    processing_minutes integer,
    -- rounded to whole minutes: of the clock, and of the office hours without taking stops off
    elapsed_minutes integer,
    waited_minutes integer,
    -- the moment of receipt, in working seconds since the calendar begins
    received_position bigint
);

-- How many dossiers took how long: `minutes` is the lower end of a step of the grid. By month of closing of the resolved
-- ones `processing` and `elapsed`; by month of receipt `resolved` and `neutral`, the office hours until closed so.
-- `day` is the first day of the month.
create table monthly_duration (
    measure varchar not null,
    day date not null,
    key_id integer not null,
    minutes integer not null,
    n integer not null
);

-- The same by year.
create table yearly_duration as from monthly_duration limit 0;

-- The activities that the log names, in order of name. cause: why the clock stands from such a step on (as in
-- `dossier_pause`), `answer` where it resumes, null where the name says neither.
create table activity (
    activity_id smallint not null,
    name varchar,
    cause varchar
);

create table log_unit (
    unit_id integer not null,
    unit varchar not null
);

-- The orders of steps that dossiers go through, the commonest first; filled, as the next two, by etl/sql/steps.sql.
create table variant (
    variant_id integer not null,
    activity_ids smallint[] not null
);

-- One row a dossier with a log, in order of the month of closing, the procedure with its channel, and the key.
create table path_span (
    path_id integer not null,
    -- 9999-12-31 while open
    closed_on date not null,
    -- as in `key_group`
    procedure_key integer,
    -- null where it was never received
    received_on date,
    -- of the day of receipt
    received_minute smallint,
    last_on date not null,
    key_id integer,
    variant_id integer not null,
    -- the steps up to the day of closing
    closing_variant_id integer not null,
    -- from the first step to the last
    log_seconds integer not null,
    -- working seconds: from receipt to closing (null while open), and what of it lies before a step of the log
    office_seconds integer,
    counted_seconds integer,
    -- why the clock stood at the closing
    stop_at_closing varchar,
    -- up to the day of closing
    handovers integer not null,
    -- withdrawn or stopped: not set beside the declared process
    is_neutral boolean not null,
    -- its row in `dossier`
    dossier_row bigint not null
);

-- One row a step, in order of `path_span` and time: narrow, for what is asked by day.
create table step_span (
    path_id integer not null,
    closed_on date not null,
    procedure_key integer,
    key_id integer,
    day date not null,
    -- of the day
    minute smallint not null,
    activity_id smallint not null,
    -- the step before; 0 where it is the first
    from_id smallint not null,
    -- why the clock stood since the step before
    stop varchar,
    -- why the clock stands from this step on, where it did not before
    begins varchar,
    -- since the step before: of the clock, and of the office hours between receipt and closing (from receipt where first)
    wait_seconds integer,
    counted_seconds integer,
    -- the day of the dossier's next step, and of the one before of the same activity; null where there is none
    next_on date,
    before_on date,
    -- first step of the dossier's, or of another unit than the step before
    is_arrival boolean not null,
    -- done by another person than the step before (where persons are not known, by another unit)
    is_handover boolean not null,
    unit_id integer,
    -- of the step before, where it is another; and whether the unit is the one before that
    from_unit integer,
    is_return boolean not null,
    actor_id integer
);

-- One row a closed dossier and step with a declared time (activity_id null: of any of them), in order of `path_span`: whether
-- it took longer. Neutral dossiers are left out.
create table step_late (
    closed_on date not null,
    procedure_key integer,
    key_id integer,
    activity_id smallint,
    is_late boolean not null
);

-- What closed dossiers spent their working time on, from receipt to closing: before each step they took, and for each cause
-- that their clocks stood for (activity_id 0). Activity 0 without a cause: after the last step. stops: how many began.
create view step_part as
select
    path_id,
    closed_on,
    procedure_key,
    key_id,
    if(stop is null, activity_id, 0)::smallint as activity_id,
    stop,
    counted_seconds as seconds,
    0 as stops
from step_span
where closed_on < date '9999-12-31' and day <= closed_on and (counted_seconds > 0 or stop is not null)
union all
select path_id, closed_on, procedure_key, key_id, 0, begins, 0, 1
from step_span
where closed_on < date '9999-12-31' and day <= closed_on and begins is not null
union all
select path_id, closed_on, procedure_key, key_id, 0, stop_at_closing, office_seconds - counted_seconds, 0
from path_span
where office_seconds > counted_seconds;

-- The same by dossier.
create view step_time as
select path_id, closed_on, key_id, activity_id, stop, sum(seconds)::bigint as seconds, sum(stops)::integer as stops
from step_part
group by all;

-- The first of the ten days of a month (or of the eight to eleven last) that a day belongs to.
create macro ten_days("day") as
    date_trunc('month', "day")::date + 10 * least((dayofmonth("day") - 1) // 10, 2)::integer;

-- Sums and counts of the two, for the parts of a window that lie whole in it. period: `month`, `ten_days` or `day`, `day` its
-- first; level: what the keys tell apart (`all`: nothing, key 0; `kind`, `commune` and `procedure` as in `key_group`; `key`).
-- Every level has months; the shorter periods are there for `kind` and `all`, and days of closing for `procedure`.

-- Steps, by their days: each way from a step to the next.
create table monthly_step (
    level varchar not null,
    period varchar not null,
    day date not null,
    key_id integer not null,
    from_id smallint not null,
    activity_id smallint not null,
    n integer not null,
    wait_seconds bigint,
    -- that the same dossier took before; that are its last; the last of closed dossiers
    repeats integer not null,
    lasts integer not null,
    ends integer not null
);

-- `step_time`, by the day of closing: how many dossiers had a part in it, and how much; seconds_sq sums the squares of
-- what each dossier spent.
create table monthly_step_time (
    level varchar not null,
    period varchar not null,
    day date not null,
    key_id integer not null,
    activity_id smallint not null,
    stop varchar,
    dossiers integer not null,
    stops integer not null,
    seconds bigint not null,
    seconds_sq double not null
);

-- Closed dossiers by the day of closing; `variant_id` is the closing one.
create table monthly_path (
    level varchar not null,
    period varchar not null,
    day date not null,
    key_id integer not null,
    variant_id integer not null,
    handovers integer not null,
    dossiers integer not null,
    office_seconds bigint,
    office_seconds_sq double
);

-- Keys by the smallest of those that a question cannot tell apart: by kind of commune and channel; by commune (or old unit);
-- by procedure and channel.
create table key_group (
    key_id integer not null,
    kind_key integer not null,
    commune_key integer not null,
    procedure_key integer not null
);

-- How many waits between two steps were how long, by the day of the second; `minutes` as in `monthly_duration`, on the
-- grid of 24 hours.
create table monthly_wait (
    level varchar not null,
    period varchar not null,
    day date not null,
    key_id integer not null,
    from_id smallint not null,
    activity_id smallint not null,
    minutes integer not null,
    n integer not null
);

-- How many closed dossiers took how long from the first step to the last, by the day of closing and by `variant_id` (of all
-- their steps); `minutes` as in `monthly_wait`. Only for `kind` and `all`: other questions read `path_span`.
create table monthly_order (
    level varchar not null,
    period varchar not null,
    day date not null,
    key_id integer not null,
    variant_id integer not null,
    minutes integer not null,
    n integer not null
);

-- When dossiers were received and steps taken: weekday 1 (Monday) to 7, and hour.
create table monthly_hour (
    level varchar not null,
    period varchar not null,
    day date not null,
    key_id integer not null,
    weekday tinyint not null,
    hour tinyint not null,
    received integer not null,
    steps integer not null
);

-- How many steps each person took for a unit, and at how many a dossier came to it from elsewhere. Persons are numbers
-- here, and nothing shows one: only how many there are.
create table monthly_actor (
    level varchar not null,
    period varchar not null,
    day date not null,
    key_id integer not null,
    unit_id integer,
    actor_id integer,
    steps integer not null,
    arrivals integer not null
);

-- `step_late`, by month of closing and key.
create table monthly_late (
    level varchar not null,
    period varchar not null,
    day date not null,
    key_id integer not null,
    activity_id smallint,
    hits integer not null,
    n integer not null
);

-- Dossiers closed that are no neutral ones, of procedures with a declared process; `variant_id` is that of all their steps.
create table monthly_declared (
    level varchar not null,
    period varchar not null,
    day date not null,
    key_id integer not null,
    variant_id integer not null,
    n integer not null
);

-- Who hands to whom: how often a step of a unit follows one of another, by the day of the second. turns: of them those that
-- bring the dossier straight back to the unit that it came from.
create table monthly_handover (
    level varchar not null,
    period varchar not null,
    day date not null,
    key_id integer not null,
    from_unit integer not null,
    unit_id integer not null,
    n integer not null,
    turns integer not null,
    wait_seconds bigint not null
);

-- Online filings by day of submission; filled by etl/sql/submissions.sql. From the end of `slow_on` on they count as not
-- received in time, 9999-12-31 where they never do.
create table daily_submission (
    day date not null,
    key_id integer not null,
    slow_on date not null,
    n integer not null
);

-- The same by month, for the months that a window holds whole; `slow_on` is never before the month's end.
create table monthly_submission as from daily_submission limit 0;

create table calendar (
    day date not null,
    minutes integer not null,
    minutes_before bigint not null,
    is_working boolean not null,
    note varchar
);

create table office_hours (
    starts integer not null,
    ends integer not null
);

-- For each minute of the day: the seconds of a full working day before it, and whether the office is open in it (1 or 0).
create view office_minute as
select
    minute,
    60 * sum(greatest(0, least(minute, ends) - starts))::integer as seconds_before,
    bool_or(minute >= starts and minute < ends)::integer as is_open
from range(1440) as day_minutes(minute)
cross join office_hours
group by minute;

-- A moment's place on the scale of all working seconds, from its row of `calendar` and its row of `office_minute`. The
-- difference of two places is the working time between them.
create macro working_position(moment, calendar_day, minute_of_day) as
    60 * calendar_day.minutes_before
    + least(
        minute_of_day.seconds_before + minute_of_day.is_open * second(moment), 60 * calendar_day.minutes
    );

create table reject (
    source_file varchar not null,
    row_number bigint,
    table_name varchar not null,
    rule varchar not null,
    column_name varchar,
    message varchar,
    source_row varchar,
    -- null where the row does not say it, or not clearly
    commune_code varchar
);

create table warning (
    source_file varchar not null,
    row_number bigint,
    table_name varchar not null,
    rule varchar not null,
    dossier_id varchar
);

-- Reviewed corrections of source errors and what became of each: applied, expired, not_found, source_mended.
create table correction (
    dossier_id varchar not null,
    action varchar not null,
    column_name varchar,
    old_value varchar,
    new_value varchar,
    reason varchar,
    author varchar,
    until date,
    outcome varchar not null,
    source_file varchar not null,
    row_number bigint not null
);

create table dossier_change (
    dossier_id varchar not null,
    column_name varchar not null,
    old_value varchar,
    new_value varchar,
    state_at timestamp
);

create table load (
    source_file varchar not null,
    sha256 varchar,
    table_name varchar not null,
    state_at timestamp,
    rows_read bigint not null,
    rows_loaded bigint not null,
    rows_refused bigint not null,
    rows_repeated bigint not null,
    loaded_at timestamp
);

-- Figures that a unit, a portal or a news item reported, for setting against the log and against themselves.
-- scope: commune, province, old_unit, outside. ends_at is the first moment after the window. *_low and *_high are what
-- the printed digits leave open; shares are fractions.
create table reported (
    row_id integer not null,
    unit_name varchar not null,
    province varchar,
    commune_code varchar,
    scope varchar not null,
    starts_at timestamp,
    ends_at timestamp,
    measure varchar not null,
    measure_name varchar not null,
    value double,
    value_low double,
    value_high double,
    value_text varchar,
    share double,
    share_low double,
    share_high double,
    share_text varchar,
    share_of varchar,
    group_id varchar,
    group_role varchar,
    source varchar not null,
    source_date date,
    note varchar,
    source_file varchar not null,
    row_number bigint not null
);

-- The points of Decision 766 that stand on a day: one row a component (data/reference/index_766_weights.csv or the
-- province's own). Its share of the group's points is full from the rate `full_at` on and linear below. `formula` names
-- what is computed from the dossiers, null where only published scores can tell. decided_by: commune, province.
create table index_weight (
    valid_from date not null,
    valid_to date,
    index_group varchar not null,
    group_points decimal(7, 3) not null,
    component varchar not null,
    name varchar not null,
    name_en varchar,
    max_points decimal(7, 3) not null,
    formula varchar,
    full_at decimal(5, 3),
    decided_by varchar not null,
    is_assumed boolean not null,
    source varchar not null
);

-- Published scores of Decision 766: one row a unit, period and item (a component, a group, or `total`). commune_code is
-- null for the province's own row.
create table index_score (
    row_id integer not null,
    commune_code varchar,
    starts_on date not null,
    ends_on date not null,
    item varchar not null,
    score decimal(7, 3) not null,
    max_score decimal(7, 3) not null,
    source varchar not null,
    source_date date,
    source_file varchar not null,
    row_number bigint not null
);

-- What happened on a day that figures may answer to (data/reference/dated_events.csv and the province's own), by day.
-- scope: national, province, commune, procedure. kind: merger, software, delegation, holiday, outage, staffing, rule,
-- other. Both days belong to it.
create table dated_event (
    event_id integer not null,
    starts_on date not null,
    ends_on date not null,
    scope varchar not null,
    commune_code varchar,
    procedure_code varchar,
    kind varchar not null,
    "text" varchar not null,
    source varchar,
    source_file varchar not null,
    row_number bigint not null
);

-- The internal processes that are declared (data/reference/processes.toml or the province's own), by procedure and place.
-- hours: working hours from the step before, null where none are declared.
create table process_step (
    procedure_code varchar not null,
    position integer not null,
    activity varchar not null,
    hours double,
    is_optional boolean not null,
    is_illustrative boolean not null,
    source varchar
);

-- What sources say of a unit besides its dossiers, one row a unit, fact and source; sources may differ. value is in the
-- fact's own unit, null where the source gives no number; value_low and value_high are what the printed digits leave open;
-- precision: about, over, under, exact, null without a word.
-- fact is `other` for what we have no name for; fact_name is the source's own.
create table unit_fact (
    commune_code varchar not null,
    fact varchar not null,
    fact_name varchar not null,
    "value" double,
    value_low double,
    value_high double,
    value_text varchar not null,
    "precision" varchar,
    source varchar not null,
    stated_on date,
    source_file varchar not null,
    row_number bigint not null
);

-- Difficulties and petitions of the communes, each once, as its latest sheet has it. state: open, in_progress, answered,
-- rejected. category_by: stated (the sheet says it), words (data/reference/difficulty_words.csv), none (then `other`).
create table difficulty (
    difficulty_id varchar not null,
    commune_code varchar not null,
    category varchar not null,
    category_by varchar not null,
    category_name varchar,
    department varchar,
    "text" varchar not null,
    asked_on date not null,
    due_on date,
    state varchar not null,
    answer varchar,
    answered_on date,
    "count" integer,
    source varchar,
    source_file varchar not null,
    row_number bigint not null
);
