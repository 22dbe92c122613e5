"""An analyst's SQL reads the snapshot's tables and nothing else, whatever it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from indicators import sandbox
from indicators.sandbox import SqlFault, run_sql
from indicators.sandbox_tables import TABLES, columns_of_views, described, examples
from tests.builders import build_snapshot, dossier

SECRET = "applicant-0123456789abcdef"
OFFICER = "officer-fedcba9876543210"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = [
        dossier(dossier_id="A", applicant_key=SECRET, received_at="2025-07-01 08:00", finished_at="2025-07-02 09:00"),
        dossier(dossier_id="B", applicant_key=SECRET, received_at="2025-07-03 08:00"),
    ]
    step = {"dossier_id": "A", "step": 1, "at": "2025-07-01 08:00", "activity": "Tiếp nhận", "actor_key": OFFICER}
    directory = build_snapshot(tmp_path_factory.mktemp("sandbox"), dossiers=given, events=[step])
    return next(directory.glob("snapshots/*.duckdb"))


def everything(frame: pl.DataFrame) -> str:
    return str(frame.columns) + frame.write_csv()


def test_a_question_is_answered_with_its_columns_and_types(file: Path) -> None:
    answer = run_sql(file, "select dossier_id, received_at, status, fee is null as free from dossier order by 1")
    assert answer.frame.to_dicts() == [
        {"dossier_id": "A", "received_at": dt.datetime(2025, 7, 1, 8), "status": 10, "free": True},
        {"dossier_id": "B", "received_at": dt.datetime(2025, 7, 3, 8), "status": 4, "free": True},
    ]
    assert not answer.is_cut


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("select sum(range)::hugeint from range(5)", 10),
        ("select 1.50", 1.5),
        ("select 170141183460469231731687303715884105727::hugeint", "170141183460469231731687303715884105727"),
        ("select [1, 2]", "[1, 2]"),
        ("select {'a': 1}", "{'a': 1}"),
        ("select interval 1 day", "1 day"),
        ("select time '08:30'", "08:30:00"),
        ("select date '2025-07-01'", dt.date(2025, 7, 1)),
        ("select date '0001-01-01'", dt.date.min),
        ("select timestamp '9999-12-31 23:59:59'", dt.datetime(9999, 12, 31, 23, 59, 59)),
        # Days that Python does not know come as text, and so does their whole column.
        ("select date 'infinity'", "infinity"),
        ("select timestamp '-infinity'", "-infinity"),
        ("select date '10000-01-01'", "10000-01-01"),
        ("select date '0001-12-31 (BC)'", "0001-12-31 (BC)"),
        ("select null", None),
        ("with recursive t(n) as (select 1 union all select n + 1 from t where n < 9) select max(n) from t", 9),
        ("from dossier select count(*)", 2),
        ("select count(*) from dossier; -- remark", 2),
        ("/* remark */ select count(*) from DOSSIER", 2),
        ("with mine as (select * from dossier) select count(*) from mine", 2),
        ("select count(*) from (select unnest(range(4)))", 4),
    ],
)
def test_every_type_arrives(file: Path, sql: str, value: object) -> None:
    assert run_sql(file, sql).frame.item() == value


def test_two_columns_of_one_name_are_told_apart(file: Path) -> None:
    assert run_sql(file, "select 1 as a, 2 as a, 3 as a").frame.columns == ["a", "a (2)", "a (3)"]


@pytest.mark.parametrize(
    "sql", ["describe dossier", "show dossier", "summarize dossier", "show tables", "from commune"]
)
def test_the_tables_describe_themselves(file: Path, sql: str) -> None:
    assert run_sql(file, sql).frame.height > 0


def test_the_tables_shown_are_those_explained_and_no_others(file: Path) -> None:
    assert set(run_sql(file, "show tables").frame["name"]) == set(TABLES)


# What an attacker, or a careless paste, could send. None may answer; none may change or show anything.
ATTACKS = [
    # writing
    "insert into dossier (dossier_id) values ('X')",
    "update dossier set status = 1",
    "delete from dossier",
    "drop table dossier",
    "drop view dossier",
    "create table stolen as select 1",
    "create or replace view dossier as select 1",
    "create macro f() as 1",
    "alter table dossier rename to gone",
    "truncate dossier",
    "begin transaction",
    "checkpoint",
    "vacuum",
    "copy dossier to '{folder}/out.csv'",
    "copy (select 1) to '{folder}/out.parquet' (format parquet)",
    "copy dossier from '{folder}/in.csv'",
    "export database '{folder}/out'",
    "import database '{folder}/out'",
    # leaving the snapshot
    "attach '{folder}/other.duckdb'",
    "attach ':memory:' as other",
    "detach snapshot_file",
    "use snapshot_file",
    "select * from snapshot_file.dossier",
    "select * from snapshot_file.main.dossier",
    'select * from "snapshot_file"."main"."dossier"',
    "select * from main.dossier",
    "select * from memory.main.dossier",
    "describe snapshot_file.main.dossier",
    "select * from (describe snapshot_file.main.dossier)",
    "select (select max(applicant_key) from snapshot_file.main.dossier)",
    "with dossier as (select * from snapshot_file.main.dossier) select * from dossier",
    "select * from dossier where exists (from snapshot_file.main.event)",
    "select * from reject",
    "summarize snapshot_file.main.dossier",
    "show snapshot_file.main.dossier",
    "describe select applicant_key from snapshot_file.main.dossier",
    "table snapshot_file.main.dossier",
    "select * from dossier join snapshot_file.main.dossier using (dossier_id)",
    "select * from dossier semi join snapshot_file.main.dossier using (dossier_id)",
    "select * from dossier where dossier_id in (select applicant_key from snapshot_file.main.dossier)",
    "select * from dossier order by (select max(applicant_key) from snapshot_file.main.dossier)",
    "select * from dossier limit (select count(applicant_key) from snapshot_file.main.dossier)",
    "select * from (pivot snapshot_file.main.dossier on channel in ('online') using count(*) group by applicant_key)",
    "unpivot snapshot_file.main.dossier on applicant_key",
    "select * from dossier, lateral (select applicant_key from snapshot_file.main.dossier)",
    "with x as materialized (from snapshot_file.main.dossier) from x",
    "with recursive x as (from snapshot_file.main.event union all from x) from x",
    "select 1 union all select applicant_key from snapshot_file.main.dossier",
    "select array(select applicant_key from snapshot_file.main.dossier)",
    "select case when exists (from snapshot_file.main.dossier) then 1 end",
    "select list_transform([1], lambda x: (select max(applicant_key) from snapshot_file.main.dossier))",
    "values ((select max(applicant_key) from snapshot_file.main.dossier))",
    "select count(*) filter (where (select true from snapshot_file.main.dossier limit 1)) from dossier",
    "select sum(1) over (order by (select max(applicant_key) from snapshot_file.main.dossier)) from dossier",
    # files
    "select * from '{file}'",
    "select * from '/etc/passwd'",
    "from 'data.csv'",
    "from read_csv('/etc/passwd')",
    "from read_csv_auto('/etc/passwd')",
    "from read_text('/etc/passwd')",
    "from read_blob('/etc/passwd')",
    "from read_json('/etc/passwd')",
    "from read_parquet('{file}')",
    "from parquet_metadata('{file}')",
    "from read_duckdb('{file}')",
    "from sniff_csv('/etc/passwd')",
    "from glob('/*')",
    "select * from dossier, lateral read_text('/etc/passwd')",
    # the network, extensions
    "from 'https://example.org/x.csv'",
    "from read_csv('https://example.org/x.csv')",
    "from 's3://bucket/x.parquet'",
    "install httpfs",
    "load httpfs",
    "force install spatial from 'http://example.org'",
    # settings, environment, server
    "set memory_limit = '100GB'",
    "set global threads = 64",
    "reset memory_limit",
    "set enable_external_access = true",
    "set variable x = 1",
    "pragma database_list",
    "pragma show_tables",
    "call duckdb_settings()",
    "from duckdb_settings()",
    "from duckdb_tables()",
    "from duckdb_columns()",
    "from duckdb_databases()",
    "from duckdb_secrets()",
    "from duckdb_views",
    "from sqlite_master",
    "from information_schema.columns",
    "from pg_catalog.pg_class",
    "from pragma_table_info('dossier')",
    "from pragma_database_size()",
    "from pragma_storage_info('dossier')",
    "show all tables",
    "show databases",
    "with sqlite_master as (select 1) select * from sqlite_master",
    "select * from (with duckdb_databases as (select 1) from duckdb_databases), duckdb_databases",
    "select getenv('HOME')",
    "select \"getenv\"('HOME')",
    "select GETENV('HOME')",
    "select 'HOME'.getenv()",
    "select list_transform(['HOME'], lambda x: getenv(x))",
    "select system.main.current_setting('memory_limit')",
    "select main.current_setting('memory_limit')",
    "select 'memory_limit'.current_setting()",
    "from system.main.read_text('/etc/passwd')",
    "from main.duckdb_settings()",
    "from system.information_schema.tables",
    "from system.main.duckdb_settings",
    "from temp.main.duckdb_settings",
    "select current_setting('memory_limit')",
    "select getvariable('x')",
    "select current_query()",
    "select write_log('x')",
    "select sleep_ms(60000)",
    "select pg_get_viewdef(0)",
    "create secret s (type s3)",
    # queries hidden in texts
    "from query('select * from snapshot_file.main.dossier')",
    "from query_table('snapshot_file.main.dossier')",
    "from query_table(['dossier'])",
    "from histogram('snapshot_file.main.dossier', applicant_key)",
    "from json_execute_serialized_sql(json_serialize_sql('select 1'))",
    "prepare p as select 1",
    "execute p",
    "from seq_scan('dossier')",
    "from arrow_scan(1, 2, 3)",
    "from pandas_scan(1)",
    "from python_map_function(1)",
    # more than one, or none
    "select 1; select 2",
    "select 1; drop view dossier",
    "explain analyze select 1",
    "select 1) ; drop view dossier ; (select 1",
    "select $1",
    "select ?",
    ";",
    "--",
    "select 'unfinished",
    "select /* unfinished",
    "\x00",
]


@pytest.fixture(scope="module")
def connection(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """What the child opens, without its process: so that a hundred attempts take seconds."""
    from indicators.sandbox_child import connect

    request = {"file": str(file), "views": columns_of_views(), "memory": "1GB", "threads": 1}
    with connect(request) as opened:
        yield opened


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_before_it_runs_or_fails_in_the_lock(
    file: Path, connection: duckdb.DuckDBPyConnection, attack: str, tmp_path: Path
) -> None:
    from indicators.sandbox_child import Refused, answer, check

    sql = attack.format(folder=tmp_path, file=file)
    with pytest.raises((Refused, duckdb.Error)):
        check(connection, sql, set(TABLES))
        answer(connection, sql, rows=10, most_bytes=1 << 20)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "attack",
    [
        "copy (select 1) to '{folder}/out.csv'",
        "from read_text('/etc/passwd')",
        "from read_csv('https://example.org/x.csv')",
        "attach '{folder}/other.duckdb' as other",
        "install httpfs",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "delete from snapshot_file.main.dossier",
        "create table snapshot_file.main.stolen as select 1",
    ],
)
def test_the_lock_alone_holds_where_the_reading_of_the_statement_would_fail(
    connection: duckdb.DuckDBPyConnection, attack: str, tmp_path: Path
) -> None:
    with pytest.raises(duckdb.Error):
        connection.execute(attack.format(folder=tmp_path)).fetchall()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "attack", ["drop view dossier", "from read_text('/etc/passwd')", "select 1; select 2", "select"]
)
def test_the_real_process_refuses_with_a_sentence_in_vietnamese(file: Path, attack: str) -> None:
    with pytest.raises(SqlFault, match=r"[ăâđêôơư]"):
        run_sql(file, attack)


@pytest.mark.parametrize("table", TABLES)
def test_no_table_shows_who_applied_or_who_worked(file: Path, table: str) -> None:
    shown = everything(run_sql(file, f'from "{table}"').frame)
    assert SECRET not in shown
    assert OFFICER not in shown
    assert "applicant_key" not in shown
    assert "actor_key" not in shown


@pytest.mark.parametrize(
    "sql",
    [
        "select applicant_key from dossier",
        "select d.applicant_key from dossier d",
        "select actor_key from event",
        "select * exclude (dossier_id), applicant_key from dossier",
        "select columns('applicant.*') from dossier",
        "select dossier_id from dossier order by applicant_key",
        "select dossier_id from dossier where applicant_key is not null",
        "select snapshot_file.main.dossier.applicant_key from dossier",
    ],
)
def test_a_hidden_column_cannot_be_named(file: Path, sql: str) -> None:
    with pytest.raises(SqlFault):
        run_sql(file, sql)


def test_the_process_knows_nothing_of_the_environment_and_opens_nothing_more(file: Path) -> None:
    """Run in the child itself: what a hole in DuckDB would find there."""
    import subprocess
    import sys

    pytest.importorskip("resource")
    child = Path(sandbox.__file__).with_name("sandbox_child.py")
    code = (
        f"import runpy, os; m = runpy.run_path({str(child)!r}); m['close_the_doors'](4 << 30)\n"
        "print(sorted(set(os.environ) - {'LC_CTYPE'}))\n"
        "import socket\n"
        "for attempt in (lambda: open('/etc/passwd'), socket.socket, lambda: os.open('/tmp', os.O_RDONLY)):\n"
        "    try:\n        attempt(); print('open')\n"
        "    except OSError as error:\n        print(error.errno)\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], env={}, capture_output=True, text=True, check=False)
    assert done.stdout.split("\n")[:4] == ["[]", "24", "24", "24"], done.stderr


def test_a_long_question_is_stopped(file: Path) -> None:
    endless = "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t"
    with pytest.raises(SqlFault, match="quá 1 giây"):
        run_sql(file, endless, seconds=1)


@pytest.mark.parametrize(
    "sql",
    [
        "select repeat('x', 1000000) from range(10000)",
        "select md5(string_agg(a::varchar, '')) from range(1000000000) t(a)",
        "select list(a) from range(1000000000) t(a)",
    ],
)
def test_a_question_that_needs_too_much_memory_says_so(file: Path, sql: str) -> None:
    with pytest.raises(SqlFault, match=r"bộ nhớ|quá \d+ giây|giới hạn"):
        run_sql(file, sql, memory="200MB")


def test_more_rows_than_the_limit_are_cut_and_it_is_said(file: Path) -> None:
    answer = run_sql(file, "from range(100000)", rows=3_000)
    assert answer.frame.height == 3_000
    assert answer.is_cut
    whole = run_sql(file, "from range(3000)", rows=3_000)
    assert (whole.frame.height, whole.is_cut) == (3_000, False)


def test_the_order_asked_for_is_kept(file: Path) -> None:
    frame = run_sql(file, "from range(5000) order by range desc").frame
    assert frame["range"].to_list() == list(range(4_999, -1, -1))


@pytest.mark.parametrize("sql", ["", "   \n", "x" * 20_000])
def test_nothing_and_too_much_are_answered_calmly(file: Path, sql: str) -> None:
    with pytest.raises(SqlFault):
        run_sql(file, sql)


def test_the_engine_s_words_stand_behind_the_sentence(file: Path) -> None:
    with pytest.raises(SqlFault) as fault:
        run_sql(file, "select nothing_such from dossier")
    assert "nothing_such" in fault.value.detail
    assert "nothing_such" not in str(fault.value)


def test_every_example_runs(file: Path) -> None:
    for example in examples():
        assert run_sql(file, example.sql).frame.width > 1, example.name


def test_every_column_that_can_be_read_is_in_the_snapshot(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as opened:
        for table, columns in columns_of_views().items():
            known = {row[0] for row in opened.execute(f'describe "{table}"').fetchall()}
            assert set(columns) <= known, table
    assert all(meaning and all(words for _name, words in columns) for _table, meaning, columns in described())
