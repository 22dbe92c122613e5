"""Staged files → the tables of a snapshot: one row a dossier, its steps, pauses, due dates and daily counts.

The steps are SQL files in `etl/sql/`, run in the order that `merge` lists; what they share are temporary tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import polars as pl

from etl.calendar import SAME_DAY_CUTOFF_MINUTE, Calendar
from etl.schemas import DOSSIER_FLAGS, DOSSIER_TIMES, RULES, STATUS_REFUSED_AT_RECEPTION, rule_message
from etl.staging import Staged
from etl.values import parse_status
from language.text import fold

SQL = Path(__file__).with_name("sql")
PAUSE_WORDS = Path(__file__).resolve().parents[1] / "data" / "reference" / "pause_words.csv"

_TYPES = {
    **dict.fromkeys(
        (
            *("dossier_id", "commune_code", "old_code", "received_by", "helped_by", "procedure_code", "field"),
            *("channel", "applicant_key", "source_file", "commune_rule", "commune_message"),
        ),
        "varchar",
    ),
    **dict.fromkeys(DOSSIER_TIMES, "timestamp"),
    **dict.fromkeys((*DOSSIER_FLAGS, "closed_date_only", "known_shape"), "boolean"),
    "status": "tinyint",
    "supplement_requests": "integer",
    "fee": "bigint",
    "row_number": "bigint",
    "state_at": "timestamp",
    "file_order": "integer",
}
_EVENT_TYPES = {
    **_TYPES,
    **dict.fromkeys(("activity", "unit", "actor_key"), "varchar"),
    **dict.fromkeys(("received_mapped", "finished_mapped", "has_closing", "is_closing"), "boolean"),
    '"at"': "timestamp",
    "step_hash": "ubigint",
}


def merge(
    connection: duckdb.DuckDBPyConnection,
    *,
    registers: Sequence[Staged],
    logs: Sequence[tuple[Staged, tuple[str, ...]]],
    calendar: Calendar,
    as_of: dt.datetime,
    correct: Callable[[], None],
    on_step: Callable[[str], None] = lambda step: None,
) -> None:
    """Fill the tables that come from registers, logs and the calendar, and their `reject`, `warning` and `load` rows.

    The order of the files given does not matter: what follows from it follows the files' names.
    `logs` carries each log with its closing activities. `procedure` and `commune` must be filled. The connection's
    transaction is the caller's.
    """
    registers = sorted(registers, key=lambda staged: staged.account.source_file)
    logs = sorted(logs, key=lambda log: log[0].account.source_file)
    _lay_out_calendar(connection, calendar)
    on_step("register")
    _take_in(connection, "staged_dossier", _TYPES, [(staged, ()) for staged in registers], as_of)
    on_step("log")
    _take_in(connection, "staged_event", _EVENT_TYPES, [(staged, words) for staged, words in logs], as_of)
    _run(connection, "log")
    _run(connection, "register" if registers else "register_from_log")
    correct()
    on_step("pauses")
    _name_activities(connection)
    _run(connection, "pauses")
    on_step("dossiers")
    _name_procedures(connection)
    _run(
        connection,
        "dossier",
        minutes_per_day=calendar.minutes_per_day,
        cutoff_minute=SAME_DAY_CUTOFF_MINUTE,
        last_minute=calendar.office_hours[-1][1],
    )
    _run(connection, "warnings")
    on_step("counts")
    _run(connection, "daily_flow")
    _run(connection, "histogram")
    _run(connection, "submissions")
    _run(connection, "steps")
    _account(connection, registers, [staged for staged, _words in logs], as_of)


def _run(connection: duckdb.DuckDBPyConnection, name: str, **parameters: int) -> None:
    for statement in connection.extract_statements((SQL / f"{name}.sql").read_text(encoding="utf-8")):
        wanted = {key: value for key, value in parameters.items() if key in statement.named_parameters}
        connection.execute(statement, wanted or None)


def _take_in(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    types: dict[str, str],
    staged: Sequence[tuple[Staged, tuple[str, ...]]],
    as_of: dt.datetime,
) -> None:
    """Bring staged files into one temporary table, each with its state and its place in the order of files."""
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    connection.execute(f"create temp table {table} ({columns})")
    for order, (file, closing) in enumerate(staged):
        parts = sorted(file.folder.glob("rows-*.parquet"))
        if not parts:
            continue
        given: dict[str, object] = {"state_at": file.state_at or as_of, "file_order": order}
        if table == "staged_event":
            given["received_mapped"] = "received_at" in file.account.columns
            given["finished_mapped"] = "finished_at" in file.account.columns
            given["has_closing"] = bool(closing)
            given["closing"] = list(closing)
            extra = (
                ", $received_mapped::boolean as received_mapped, $finished_mapped::boolean as finished_mapped"
                ", $has_closing::boolean as has_closing, list_contains($closing::varchar[], activity) as is_closing"
                ', hash(dossier_id, "at", activity, status, unit, actor_key) as step_hash'
            )
        else:
            extra = ""
        wanted = ", ".join(types)
        connection.execute(
            f"insert into {table} select {wanted} from ("
            f"select *, $state_at::timestamp as state_at, $file_order::integer as file_order{extra} "
            "from read_parquet($parts))",
            {**given, "parts": [str(part) for part in parts]},
        )


def _lay_out_calendar(connection: duckdb.DuckDBPyConnection, calendar: Calendar) -> None:
    calendar_frame = calendar.days  # noqa: F841 - read by name from the next statement
    connection.execute("create temp table calendar_frame as select * from calendar_frame")
    connection.execute(
        "insert into calendar by name select day, minutes, minutes_before, is_working, note from calendar_frame"
    )
    connection.executemany("insert into office_hours values (?, ?)", [list(span) for span in calendar.office_hours])
    # The working days numbered from 0, so that a term is added by one join.
    connection.execute(
        "create temp table working_day as "
        "select working_days_before as position, day from calendar_frame where is_working"
    )
    passed = " + ".join(
        f"greatest(least(date_diff('minute', date_trunc('day', moment), moment), {ends}) - {starts}, 0)"
        for starts, ends in calendar.office_hours
    )
    connection.execute(f"create temp macro minutes_within(moment) as ({passed})")


def _name_activities(connection: duckdb.DuckDBPyConnection) -> None:
    """Which activities stop the clock and why, and which end that: by the first word of a reviewed table that they
    contain; and which refuse a filing, by the words of the statuses."""
    words = [(cause, fold(word)) for cause, word in pl.read_csv(PAUSE_WORDS).select("cause", "word").rows()]
    activities = connection.sql("select distinct activity from event where activity is not null order by all").pl()
    found = [
        (activity, next((cause for cause, word in words if word in fold(activity)), None))
        for activity in activities["activity"]
    ]
    activity_cause = pl.DataFrame(found, schema={"activity": pl.String, "cause": pl.String}, orient="row").drop_nulls()
    named = pl.DataFrame(found, schema={"name": pl.String, "cause": pl.String}, orient="row").with_row_index("id", 1)
    connection.register("incoming", named.to_arrow())
    connection.execute("insert into activity select id, name, cause from incoming")
    connection.unregister("incoming")
    refusing_activity = activities.filter(parse_status(pl.col("activity")) == STATUS_REFUSED_AT_RECEPTION)
    for name, frame in (("activity_cause", activity_cause), ("refusing_activity", refusing_activity)):
        connection.register("incoming", frame.to_arrow())
        connection.execute(f"create temp table {name} as select * from incoming")
        connection.unregister("incoming")


def _name_procedures(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create temp table procedure_version as "
        "select * replace (coalesce(valid_from, date '1900-01-01') as valid_from) from procedure"
    )
    connection.execute(
        "create temp table known_procedure as "
        "select procedure_code, bool_or(is_online) as is_online from procedure group by procedure_code"
    )


def _account(
    connection: duckdb.DuckDBPyConnection, registers: Sequence[Staged], logs: Sequence[Staged], as_of: dt.datetime
) -> None:
    """What became of every row: rows read = loaded + refused + repeated."""
    for staged in (*registers, *logs):
        parts = [str(part) for part in sorted(staged.folder.glob("reject-*.parquet"))]
        if parts:
            _take_in_refused(connection, parts)
    _refuse_derived(connection, derived=not registers)
    dropped = _counts(connection, "dropped_row")
    for table_name, winners, files in (("dossier", "register", registers), ("event", "staged_event", logs)):
        loaded = _counts(connection, winners)
        left_out = dropped if table_name == "dossier" else {}
        for order, staged in enumerate(files):
            account = staged.account
            kept = loaded.get(order, 0)
            refused = account.rows_refused + left_out.get(order, 0)
            _load_row(connection, staged, table_name, as_of, account.rows_read, kept, refused)
    if not registers:
        loaded, refused_derived = _counts(connection, "register"), _counts(connection, "refused_dossier")
        for order, staged in enumerate(logs):
            refused = refused_derived.get(order, 0) + dropped.get(order, 0)
            read = loaded.get(order, 0) + refused
            _load_row(connection, staged, "dossier", as_of, read, loaded.get(order, 0), refused)


def _take_in_refused(connection: duckdb.DuckDBPyConnection, parts: list[str]) -> None:
    """`reject` rows of a staged file. A row that names no unit (a step, mostly) is its dossier's unit's, where that
    dossier was loaded; one that names a unit wrongly or not clearly is nobody's."""
    connection.execute(
        "insert into reject by name "
        "select part.* exclude (dossier_id) "
        "replace (coalesce(part.commune_code, register.commune_code) as commune_code) "
        "from read_parquet($parts) as part left join register on part.dossier_id = register.dossier_id "
        "and part.rule not in ('unknown_commune', 'ambiguous_commune') order by part.row_number",
        {"parts": parts},
    )


def _counts(connection: duckdb.DuckDBPyConnection, table: str) -> dict[int, int]:
    """Rows by the file that they come from."""
    return dict(connection.execute(f"select file_order, count(*) from {table} group by all").fetchall())


def _load_row(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    table_name: str,
    as_of: dt.datetime,
    read: int,
    loaded: int,
    refused: int,
) -> None:
    repeated = read - loaded - refused
    assert repeated >= 0, f"{staged.account.source_file}: more rows loaded than read"
    connection.execute(
        "insert into load by name select $1 as source_file, $2 as sha256, $3 as table_name, $4::timestamp as state_at, "
        "$5::bigint as rows_read, $6::bigint as rows_loaded, $7::bigint as rows_refused, $8::bigint as rows_repeated",
        [
            staged.account.source_file,
            staged.account.sha256,
            table_name,
            staged.state_at or as_of,
            read,
            loaded,
            refused,
            repeated,
        ],
    )


def _refuse_derived(connection: duckdb.DuckDBPyConnection, *, derived: bool) -> None:
    """`reject` rows of dossiers that a log alone describes wrongly; their steps stay in the log."""
    if not derived:
        return
    for rule, about in RULES.items():
        connection.execute(
            "insert into reject by name select source_file, row_number, 'dossier' as table_name, rule, "
            "$column as column_name, coalesce(commune_message, $message) as message, "
            "json_object('dossier_id', dossier_id, 'received_at', received_at, 'finished_at', finished_at)::varchar "
            "as source_row, commune_code from refused_dossier where rule = $rule order by source_file, row_number",
            {"column": about[0], "message": rule_message(rule), "rule": rule},
        )
