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
    finished_at timestamp,
    returned_at timestamp,
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
    supplement_answered_at timestamp
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

create table reject (
    source_file varchar not null,
    row_number bigint,
    table_name varchar not null,
    rule varchar not null,
    column_name varchar,
    message varchar,
    source_row varchar
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
