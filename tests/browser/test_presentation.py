"""A meeting in a real browser: a deck walked by keys, type for a room, one snapshot from the first page to the last."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from notebook import Deck, DeckPage, Meeting, MeetingPage, Notebook, open_notebook
from tests.browser.server import running_app
from tests.browser.test_app import publish_copy
from tests.browser.visitor import Visitor
from warehouse import current_id

Visit = Callable[..., Visitor]
PAGES = {
    "/?ky=last_12_months": "Tổng quan",
    "/xu-huong?buoc=month&ky=last_12_months": "Xu hướng",
    "/so-sanh?ky=last_12_months": "So sánh",
    "/so-sanh?ky=last_12_months&cach-so=funnel": "So sánh",
    "/chi-so-766?ky=last_12_months": "Chỉ số 766",
}
LEAST_FONT = 18
# Every text that is seen, in our own components too, with its size in pixels.
SMALLEST = """() => {
    const found = []
    const look = (root) => {
        for (const node of root.querySelectorAll("*")) {
            if (node.shadowRoot) look(node.shadowRoot)
            const text = [...node.childNodes].filter((one) => one.nodeType === 3 && one.textContent.trim())
            const box = node.getBoundingClientRect()
            const style = getComputedStyle(node)
            const isSeen = box.width > 2 && box.height > 2 && style.visibility === "visible" && style.opacity !== "0"
            if (text.length && isSeen && !node.closest("style, script, .st-key-stage-tools")) {
                found.push([parseFloat(style.fontSize), text[0].textContent.trim().slice(0, 60)])
            }
        }
    }
    look(document.querySelector('[data-testid="stMain"]'))
    return found.sort((one, other) => one[0] - other[0])[0]
}"""


@pytest.fixture(scope="module")
def own_warehouse(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which the tests may publish."""
    directory = tmp_path_factory.mktemp("meeting") / "warehouse"
    shutil.copytree(warehouse, directory)
    return directory


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, own_warehouse: Path) -> Notebook:
    """The notebook of the running app, with a deck of five pages."""
    made = open_notebook(str(tmp_path_factory.mktemp("notebook") / "notebook.sqlite"))
    deck = made.add(Deck(name="Giao ban tháng", province_code="25"), by="Văn phòng")
    for position, (address, title) in enumerate(PAGES.items(), start=1):
        made.add(DeckPage(deck_id=deck.id or 0, position=position, address=address, title=title), by="Văn phòng")
    return made


@pytest.fixture(scope="module")
def app(own_warehouse: Path, book: Notebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("log") / "app.log"
    with running_app(own_warehouse, log, THONGSUOT_NOTEBOOK=book.place) as address:
        yield address


def parameter(page: Page, name: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


def press(visitor: Visitor, key: str, *, to_page: int) -> None:
    """Press a key and wait for a page of the deck."""
    visitor.page.keyboard.press(key)
    visitor.page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("trang-bai") == [str(to_page)])
    visitor.settle()


def test_a_deck_is_walked_by_keys_on_one_snapshot_and_kept_as_a_record(
    visit: Visit, own_warehouse: Path, book: Notebook
) -> None:
    pinned = current_id(own_warehouse)
    visitor = visit(width=1280, height=720)
    page = visitor.page
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    visitor.open("/trinh-chieu")
    page.get_by_role("button", name="Bắt đầu trình chiếu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tổng quan")
    visitor.settle()
    for place, title in enumerate(PAGES.values(), start=1):
        if place > 1:
            press(visitor, "ArrowRight" if place % 2 else "PageDown", to_page=place)
        if place == 3:
            publish_copy(own_warehouse, own_warehouse, snapshot_id="published-in-between")
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        assert parameter(page, "snapshot") == pinned
        assert f"bản dữ liệu {pinned}" in visitor.said() and "Dữ liệu mô phỏng" in visitor.said()
        size, text = page.evaluate(SMALLEST)
        assert size >= LEAST_FONT, text
        assert visitor.overflow() <= 0
        expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    # The last page stays; back, to a number, to the ends.
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Đã đến trang cuối")).to_be_visible()
    press(visitor, "ArrowLeft", to_page=4)
    press(visitor, "2", to_page=2)
    press(visitor, "End", to_page=5)
    press(visitor, "Home", to_page=1)
    # Three presses at once are three pages on.
    for _press in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**trang-bai=4**")
    visitor.settle()
    assert len(sockets) == 1, "the session was lost on the way"

    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "trinh-chieu=1" not in url)
    visitor.settle()
    assert parameter(page, "ky") == "last_12_months" and parameter(page, "cach-so") == "funnel"
    assert "bản dữ liệu published-in-between" in visitor.said()
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    (meeting,) = book.find(Meeting)
    assert meeting.snapshot_id == pinned and meeting.ended_at is not None
    shown = [kept.address for kept in book.find(MeetingPage, meeting_id=meeting.id)]
    assert len(shown) >= len(PAGES) and all(f"snapshot={pinned}" in address for address in shown)


def test_blanking_the_clock_and_pointing_need_one_key_and_no_typed_letter_is_one(visit: Visit) -> None:
    visitor = visit(width=1280, height=720)
    page = visitor.page
    visitor.open("/so-sanh", {"trinh-chieu": "1", "ky": "last_12_months"})
    before = page.url
    blank, clock = page.locator(".blank"), page.locator(".clock")
    page.keyboard.press("b")
    expect(blank).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(blank).to_be_hidden()
    assert page.url == before
    page.keyboard.press(".")
    expect(blank).to_be_visible()
    page.keyboard.press("Escape")
    expect(blank).to_be_hidden()
    expect(clock).to_be_hidden()
    page.keyboard.press("t")
    expect(clock).to_contain_text(":")
    page.keyboard.press("?")
    expect(page.locator(".help")).to_contain_text("thôi trình chiếu")
    page.keyboard.press("?")
    expect(page.locator(".help")).to_be_hidden()
    # The speaker's own search: its letters are letters.
    page.mouse.move(200, 200)
    page.mouse.move(260, 700)
    page.get_by_role("combobox", name="Làm nổi").click()
    page.keyboard.type("b")
    expect(blank).to_be_hidden()
    page.get_by_role("option").first.click()
    page.wait_for_url("**noi-bat=**")
    visitor.settle()
    visitor.screenshot("trinh-chieu-noi-bat-1280x720")


def test_the_screen_comes_along_as_slides_with_one_click(visit: Visit, tmp_path: Path) -> None:
    from pptx import Presentation

    visitor = visit(width=1280, height=720)
    visitor.open("/xu-huong", {"ky": "last_12_months"})
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="PPTX").click()
    target = tmp_path / "xu-huong.pptx"
    download.value.save_as(target)
    slides = Presentation(str(target)).slides
    assert any(shape.has_chart for slide in slides for shape in slide.shapes)
