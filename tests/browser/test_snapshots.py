"""What a visitor sees when there is no snapshot yet, and when a new one is published meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import expect

from tests.browser.server import running_app
from tests.browser.visitor import Visitor
from warehouse import current_id, publish, snapshot_path

Visit = Callable[..., Visitor]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return tmp_path / "warehouse"


@pytest.fixture
def app_of_empty(empty: Path, tmp_path: Path) -> Iterator[str]:
    with running_app(empty, tmp_path / "app.log") as address:
        yield address


def publish_copy(source: Path, target: Path, *, snapshot_id: str) -> None:
    """Publish a copy of the other warehouse's snapshot under an ID of its own."""
    published = current_id(source)
    assert published is not None
    path = snapshot_path(target, snapshot_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(snapshot_path(source, published), path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update snapshot set snapshot_id = $1", [snapshot_id])
    publish(target, snapshot_id)


def test_an_open_page_explains_the_missing_snapshot_and_shows_each_new_one_at_the_next_click(
    visit: Visit, app_of_empty: str, empty: Path, warehouse: Path
) -> None:
    visitor = visit(address=app_of_empty)
    visitor.open("/")
    assert "Chưa có dữ liệu để xem." in visitor.said()
    assert "make demo" in visitor.said()

    publish_copy(warehouse, empty, snapshot_id="first")
    visitor.follow("Bản đồ")
    assert "bản dữ liệu first" in visitor.said()

    publish_copy(warehouse, empty, snapshot_id="second")
    visitor.follow("Tổng quan")
    assert "bản dữ liệu second" in visitor.said()


def test_a_link_pinned_to_an_earlier_snapshot_keeps_showing_it(
    visit: Visit, app_of_empty: str, empty: Path, warehouse: Path
) -> None:
    publish_copy(warehouse, empty, snapshot_id="first")
    publish_copy(warehouse, empty, snapshot_id="second")
    visitor = visit(address=app_of_empty)
    visitor.open("/", {"snapshot": "first"})
    assert "bản dữ liệu first" in visitor.said()
    visitor.open("/", {"snapshot": "gone"})
    assert "gone" in visitor.said()
    visitor.page.get_by_role("button", name="Xem bản dữ liệu mới nhất").click()
    expect(visitor.page.get_by_text("bản dữ liệu second")).to_be_visible()
