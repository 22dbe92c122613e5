"""The map played through the weeks in a real browser: outlines stay, colours change, nothing travels."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import WebSocket, expect

from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]
# What a repaint may send.
_MOST_BYTES = 300_000


def test_playing_changes_colours_and_sends_nothing(visit: Visit) -> None:
    visitor = visit()
    received: list[int] = []

    def hear(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: received.append(len(frame)))

    visitor.page.on("websocket", hear)
    visitor.open("/ban-do", {"ky": "from_2025_07_01", "lop": "weeks", "chi-tieu": "received"})
    page = visitor.page
    slider, play = page.get_by_role("slider", name="Thời điểm đang xem"), page.get_by_role("button", name="Chạy")
    expect(slider).to_be_visible()
    areas = page.locator("svg.map path.unit")
    count = areas.count()
    assert count > 100
    areas.first.evaluate("area => { area.isTheSame = true }")
    slider.fill("0")
    before = areas.evaluate_all("all => all.map(one => one.getAttribute('fill'))")
    first = slider.get_attribute("aria-valuetext")
    so_far = sum(received)
    play.click()
    expect(slider).not_to_have_attribute("aria-valuetext", str(first))
    expect(slider).not_to_have_value("1")
    page.get_by_role("button", name="Dừng").click()
    after = areas.evaluate_all("all => all.map(one => one.getAttribute('fill'))")
    assert after != before
    assert areas.first.evaluate("area => area.isTheSame")
    # A heartbeat may pass; a repaint would be tens of thousands.
    assert sum(received) - so_far < 1_000
    assert max(received) < _MOST_BYTES
    visitor.screenshot("ban-do-qua-tung-tuan-1600x900")
    visitor.assert_clean()
