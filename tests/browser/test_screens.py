"""Every screen in a real browser: it opens, stays at home, follows its filters, and can be sent as a link."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

SCREENS = {"/": "tong-quan", "/ban-do": "ban-do", "/xu-huong": "xu-huong", "/so-sanh": "so-sanh"}
TITLES = {"/": "Tổng quan", "/ban-do": "Bản đồ", "/xu-huong": "Xu hướng", "/so-sanh": "So sánh"}
Visit = Callable[..., Visitor]


@pytest.mark.parametrize(("width", "height"), [(1600, 900), (1280, 720)])
@pytest.mark.parametrize("path", SCREENS)
def test_a_screen_opens_without_errors_or_foreign_requests(visit: Visit, path: str, width: int, height: int) -> None:
    visitor = visit(width=width, height=height)
    visitor.open(path)
    expect(visitor.page.get_by_role("heading", name=TITLES[path]).first).to_be_visible()
    assert "Dữ liệu mô phỏng" in visitor.said()
    visitor.screenshot(f"{SCREENS[path]}-{width}x{height}")


def test_the_overview_fits_a_phone(visit: Visit) -> None:
    visitor = visit(width=390, height=844)
    visitor.open("/")
    visitor.screenshot("tong-quan-390x844")
    assert visitor.overflow() <= 0


def test_a_search_without_marks_finds_the_commune_and_changes_figures_and_address(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/")
    before = visitor.figures()
    visitor.pick("Xã, phường", "phu tho", "Phường Phú Thọ")
    expect(visitor.page).to_have_url(visitor.address + "/?xa=07942")
    assert before
    assert visitor.figures() != before


def test_a_copied_link_opens_the_same_view_for_someone_else(visit: Visit) -> None:
    sender = visit()
    sender.open("/xu-huong")
    sender.pick("Xã, phường", "phu tho", "Phường Phú Thọ")
    sender.pick("Thời gian", "quy 3", "Quý 3 năm 2026")
    receiver = visit()
    receiver.page.goto(sender.page.url)
    receiver.settle()
    assert receiver.page.url == sender.page.url
    assert receiver.said() == sender.said()


@pytest.mark.parametrize("path", ["/ban-do", "/xu-huong", "/so-sanh"])
def test_the_sidebar_switches_screens_and_keeps_the_filters(visit: Visit, path: str) -> None:
    visitor = visit()
    visitor.open("/", {"xa": "07942"})
    visitor.follow(TITLES[path])
    assert visitor.page.url == f"{visitor.address}{path}?xa=07942"


def test_a_click_on_the_map_shows_the_panel_of_that_commune(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/ban-do")
    chosen = visitor.click_the_map()
    expect(visitor.page.get_by_role("region", name="so với toàn tỉnh")).to_be_visible()
    assert visitor.page.url == f"{visitor.address}/ban-do?xa={chosen}"
    visitor.screenshot("ban-do-mot-xa-1600x900")
