"""Where the store lies, how its tables come to be and grow, and what is said where it cannot be opened."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pg8000.dbapi
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from notebook import Notebook, NotebookError, Promise, Trip, migrate, open_notebook
from notebook.engine import AddressError, make_engine, notebook_url, prepare_write_ahead, reading, shown
from notebook.faults import explain
from notebook.migrate import MIGRATIONS, VERSION_TABLE, newest, upgrade
from notebook.tables import metadata
from tests.conftest import ROOT
from tests.notebook.conftest import BY, promise, trip
from tests.notebook.postgresql import Server

NEXT_STEP = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"
branch_labels = depends_on = None


def upgrade():
    with op.batch_alter_table("trip") as batch:
        batch.add_column(sa.Column("colour", sa.String(20), nullable=False, server_default="red"))
        batch.alter_column("summary", type_=sa.Text())
"""


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """`next_version(True)` makes this software one step of migration newer, `next_version(False)` as it is."""
    newer = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, newer, ignore=shutil.ignore_patterns("__pycache__"))
    (newer / "versions" / "v0003_colour.py").write_text(NEXT_STEP, encoding="utf-8")
    return lambda wanted: monkeypatch.setattr(migrate, "MIGRATIONS", newer if wanted else MIGRATIONS)


@pytest.fixture
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        return server.create_database()
    return f"sqlite:///{tmp_path}/bare.sqlite"


on_both = pytest.mark.parametrize("bare_url", ["sqlite", "postgresql"], indirect=True)


@on_both
def test_the_migrations_make_the_tables_that_the_software_reads(bare_url: str) -> None:
    open_notebook(bare_url).close()
    url = notebook_url(bare_url)
    with make_engine(url).connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        found = inspect(connection)
        for table in metadata.sorted_tables:
            assert found.get_pk_constraint(table.name)["constrained_columns"] == ["id"]


@on_both
def test_an_older_store_grows_when_opened_and_a_newer_one_is_left_alone(
    bare_url: str, next_version: Callable[[bool], None]
) -> None:
    book = open_notebook(bare_url)
    visit = book.add(trip(summary="nội dung"), by=BY)
    given = book.add(promise(trip_id=visit.id), by=BY)
    book.close()
    next_version(True)
    book = open_notebook(bare_url)
    url = notebook_url(bare_url)
    with reading(make_engine(url), url) as connection:
        assert connection.execute(text("select summary, colour from trip")).all() == [("nội dung", "red")]
    assert book.find(Promise) == [given]
    book.close()
    next_version(False)
    with pytest.raises(NotebookError, match="mức 0003, bản này biết đến 0002"):
        open_notebook(bare_url)


def test_a_file_of_an_older_version_is_brought_up_to_date_as_it_is_read(
    tmp_path: Path, next_version: Callable[[bool], None]
) -> None:
    book = open_notebook(str(tmp_path / "old.sqlite"))
    visit = book.add(trip(departments=("Sở Y tế",)), by=BY)
    book.edit(Trip, visit.id or 0, version=1, by=BY, title="Mới")
    book.add(promise(trip_id=visit.id, expected_change=0.1), by=BY)
    book.export(tmp_path / "old.json")
    next_version(True)
    newer = open_notebook(str(tmp_path / "new.sqlite"))
    newer.import_(tmp_path / "old.json", by=BY)
    assert newer.find(Trip) == book.find(Trip)
    assert newer.find(Promise) == book.find(Promise)
    assert newer.history(Trip, 1) == book.history(Trip, 1)
    newer.export(tmp_path / "new.json")
    next_version(False)
    with pytest.raises(NotebookError, match="mới hơn xuất"):
        open_notebook(str(tmp_path / "third.sqlite")).import_(tmp_path / "new.json", by=BY)


@on_both
def test_several_servers_may_open_a_new_store_at_once(bare_url: str) -> None:
    url, start = notebook_url(bare_url), threading.Barrier(6)
    faults: list[Exception] = []

    def open_as_another_server() -> None:
        engine = make_engine(url)
        start.wait()
        try:
            upgrade(engine, url)
        except NotebookError as error:
            faults.append(error)
        engine.dispose()

    servers = [threading.Thread(target=open_as_another_server) for _ in range(start.parties)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    assert faults == []
    assert open_notebook(bare_url).find(Trip) == []


def test_a_file_that_another_is_changing_to_write_ahead_mode_is_waited_for() -> None:
    """SQLite fails at once here, in a few of a thousand times in which several open a new file."""
    answers: list[Exception | None] = [sqlite3.OperationalError("database is locked")] * 2 + [None]

    class Connection:
        def execute(self, statement: str) -> None:
            answer = answers.pop(0)
            if answer is not None:
                raise answer

    prepare_write_ahead(Connection())  # type: ignore[arg-type]
    assert answers == []
    answers.append(sqlite3.OperationalError("disk I/O error"))
    with pytest.raises(sqlite3.OperationalError, match="disk"):
        prepare_write_ahead(Connection())  # type: ignore[arg-type]


def test_one_store_is_opened_once_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THONGSUOT_NOTEBOOK", "sqlite:///deep/down/book.sqlite")
    book = open_notebook()
    assert (
        open_notebook("deep/down/book.sqlite") is book is open_notebook(f"sqlite:///{tmp_path}/deep/down/book.sqlite")
    )
    assert book.place == str(tmp_path / "deep" / "down" / "book.sqlite")
    assert Path(book.place).is_file()


def test_a_plain_address_of_postgresql_means_the_driver_that_is_here() -> None:
    for name in ("postgresql", "postgres", "postgresql+pg8000"):
        url = notebook_url(f"{name}://u:p@host/db?sslmode=require")
        assert url.drivername == "postgresql+pg8000"
        assert make_engine(url).dialect.driver == "pg8000"


@pytest.mark.parametrize(
    "address",
    [
        "mysql://writer:s3cret@host/db",
        "postgresql+psycopg://writer:s3cret@host/db",
        "postgresql://writer:s3cret@host",
        "postgresql://writer:s3cret@host:port/db",
        "postgresql://writer:s3cret@host/db?sslmode=maybe",
        "postgresql://writer:s3cret@host/db?colour=red",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///book.sqlite?mode=ro",
    ],
)
def test_an_address_that_names_no_store_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(AddressError) as told:
        open_notebook(address)
    assert "s3cret" not in str(told.value)
    assert "ổ tay" in str(told.value)


def test_a_server_that_refuses_says_why_and_keeps_the_password_to_itself(server: Server) -> None:
    right = server.url("postgres")
    cases = {
        right.replace(server.password, "s3cret"): "mật khẩu",
        server.url("nowhere"): "không có cơ sở dữ liệu này|ngắt kết nối",
        f"{right}-missing": "ngắt kết nối",
        "postgresql://writer:s3cret@127.0.0.1:1/db": "không nối được",
    }
    for address, words in cases.items():
        with pytest.raises(NotebookError, match=words) as told:
            open_notebook(address)
        assert "s3cret" not in str(told.value) and server.password not in str(told.value)
        assert told.value.__cause__ is None and told.value.__suppress_context__
    assert server.password not in shown(notebook_url(right))


def test_what_a_database_complains_of_is_told_without_its_own_words() -> None:
    cases = {
        ssl.SSLCertVerificationError(1, "certificate verify failed: s3cret"): "chứng thư",
        ConnectionResetError(errno.ECONNRESET, "s3cret"): "ngắt kết nối",
        PermissionError(errno.EACCES, "s3cret"): "không có quyền",
        sqlite3.OperationalError("database or disk is full"): "đĩa hết chỗ",
        sqlite3.OperationalError("attempt to write a readonly database"): "quyền ghi",
        sqlite3.DatabaseError("database disk image is malformed"): "sao lưu",
        sqlite3.OperationalError("s3cret"): "cơ sở dữ liệu báo lỗi OperationalError",
        pg8000.dbapi.ProgrammingError({"C": "42501", "M": "s3cret"}): "quyền",
        pg8000.dbapi.ProgrammingError({"C": "XX000", "M": "s3cret"}): "mã XX000",
    }
    for error, words in cases.items():
        sentence = explain(error, place="data/notebook.sqlite")
        assert words in sentence and sentence.startswith("Không dùng được sổ tay ở data/notebook.sqlite: ")
        assert "s3cret" not in sentence


def test_a_file_that_is_no_store_is_left_as_it_is(tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Kính gửi" * 1000, encoding="utf-8")
    with pytest.raises(NotebookError, match="không phải là sổ tay"):
        open_notebook(str(other))
    assert other.read_text(encoding="utf-8") == "Kính gửi" * 1000
    with pytest.raises(NotebookError, match="không mở được tệp"):
        open_notebook(str(tmp_path))
    with pytest.raises(NotebookError, match="cùng tên"):
        open_notebook(str(other / "book.sqlite"))


def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    url = notebook_url(str(tmp_path / "other.sqlite"))
    with make_engine(url).connect() as connection:
        connection.exec_driver_sql("create table trip (price integer)")
        connection.commit()
    with pytest.raises(NotebookError, match="chương trình khác"):
        open_notebook(str(tmp_path / "other.sqlite"))
    with make_engine(url).connect() as connection:
        assert inspect(connection).get_table_names() == ["trip"]


def test_readers_are_not_held_up_by_a_writer_and_references_are_watched(tmp_path: Path) -> None:
    book = open_notebook(str(tmp_path / "book.sqlite"))
    with reading(book._engine, book._url) as connection:
        pragmas = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        found = {name: connection.exec_driver_sql(f"pragma {name}").scalar() for name in pragmas}
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 15_000, "synchronous": 2}


KILLED = """
import os, signal, sys
from notebook import open_notebook, book, Promise
import datetime as dt

opened = open_notebook(sys.argv[1])
def written():
    return opened.add(Promise(department="Sở", text="x", promised_on=dt.date(2026, 1, 1)), by="An")
print(written().id, written().id, flush=True)
def die(*args, **values):
    os.kill(os.getpid(), signal.SIGKILL)
book._note_change = die  # the row is written, its change and the end of the transaction are not
opened.edit(Promise, 1, version=1, by="An", text="half") if sys.argv[2] == "edit" else written()
"""


@pytest.mark.parametrize("act", ["add", "edit"])
def test_a_process_killed_in_mid_write_leaves_the_store_whole(new_url: Callable[[], str], act: str) -> None:
    url = new_url()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, url, act], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (killed.returncode, killed.stdout) == (-9, "1 2\n"), killed.stderr
    book = open_notebook(url)
    assert [(each.id, each.version, each.text) for each in book.find(Promise)] == [(1, 1, "x"), (2, 1, "x")]
    assert [len(book.history(Promise, number)) for number in (1, 2, 3)] == [1, 1, 0]
    assert book.edit(Promise, 1, version=1, by="Bình", text="whole").version == 2
    book.close()


def test_no_object_of_the_database_leaves_the_notebook(book: Notebook) -> None:
    kept = book.add(trip(departments=("Sở Y tế",)), by=BY)
    for value in vars(kept).values():
        assert type(value).__module__ in ("builtins", "datetime"), value


def test_the_version_of_the_tables_is_the_last_migration() -> None:
    assert newest() == max(path.stem[1:5] for path in (MIGRATIONS / "versions").glob("v*.py"))
