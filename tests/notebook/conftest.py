"""An empty store of each kind: every test that takes `book` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from notebook import Notebook, Promise, Trip, open_notebook
from notebook.engine import make_engine, notebook_url
from notebook.tables import metadata
from tests.notebook.postgresql import Server, find_postgresql, running

BY = "Văn phòng UBND tỉnh"


def trip(**values: object) -> Trip:
    given = {"province_code": "25", "title": "Chuyến 1", "leader": "Phó Chủ tịch", "starts_on": dt.date(2026, 3, 2)}
    return Trip(**given | values)  # type: ignore[arg-type]


def promise(**values: object) -> Promise:
    given = {"department": "Sở Tư pháp", "text": "Rút ngắn khâu thẩm định", "promised_on": dt.date(2026, 3, 2)}
    return Promise(**given | values)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL for the session; skips where there is none (fails when CI=true)."""
    programs = find_postgresql()
    if programs is None:
        reason = "no PostgreSQL: scripts/install_postgresql.sh installs one"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with running(programs) as server:
        yield server


@pytest.fixture(scope="session")
def emptied() -> list[str]:
    """Addresses on the server with the notebook's tables and nothing in them: emptying is quicker than making."""
    return []


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path, emptied: list[str]) -> Iterator[Callable[[], str]]:
    """`new_url()` is the address of another empty store."""
    given: list[str] = []

    def in_a_file() -> str:
        given.append(f"sqlite:///{tmp_path}/notebook-{len(given)}.sqlite")
        return given[-1]

    def on_the_server() -> str:
        server: Server = request.getfixturevalue("server")
        given.append(emptied.pop() if emptied else server.create_database())
        return given[-1]

    if request.param == "sqlite":
        yield in_a_file
        return
    yield on_the_server
    for url in given:
        open_notebook(url).close()
        engine = make_engine(notebook_url(url))
        with engine.begin() as connection:
            names = ", ".join(table.name for table in metadata.sorted_tables)
            connection.execute(text(f"truncate {names} restart identity"))
        engine.dispose()
        emptied.append(url)


@pytest.fixture
def new_book(new_url: Callable[[], str]) -> Iterator[Callable[[], Notebook]]:
    """`new_book()` opens another empty store."""
    opened: list[Notebook] = []

    def another() -> Notebook:
        opened.append(open_notebook(new_url()))
        return opened[-1]

    yield another
    for each in opened:
        each.close()


@pytest.fixture
def book(new_book: Callable[[], Notebook]) -> Notebook:
    return new_book()
