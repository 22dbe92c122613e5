"""One visitor: a browser page that remembers every request and every complaint of the console."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, TimeoutError, expect

SCREENSHOTS = Path(__file__).parent.parent / "screenshots"
# Streamlit asks for its own health under the address of the page before it asks at the root: two 404s a page.
_OWN_LOOKUPS = re.compile(r"/_stcore/(health|host-config)$")
_NUMBER = re.compile(r"\d[\d.,]*")
_SETTLE_SECONDS = 90
# Charts and maps are drawn by code that is fetched when the first of them is met: one calm look is not enough.
_CALM_LOOKS = 3
_LOOK = """() => ({
    run: document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState,
    unfinished: document.querySelectorAll('[data-stale="true"], [data-testid="stSkeletonElement"]').length,
    elements: document.querySelectorAll("*").length,
    text: document.body.innerText.length,
})"""
_CHOSEN = re.compile(r"[?&]xa=")
_LOCAL_SCHEMES = ("data", "blob", "about")


class Visitor:
    """A page of a browser's profile; `assert_clean` says whether it stayed at home and raised no error."""

    def __init__(self, profile: BrowserContext, address: str, *, width: int = 1600, height: int = 900) -> None:
        self.address = address
        self.requests: list[str] = []
        self.errors: list[str] = []
        profile.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        self.page: Page = profile.new_page()
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.set_default_timeout(20_000)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        self.page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _OWN_LOOKUPS.search(urlsplit(message.location["url"]).path):
            self.errors.append(f"{message.text} ({message.location['url']})")

    def open(self, path: str = "/", parameters: Mapping[str, str] | None = None) -> None:
        """Go to a screen and wait until it is drawn."""
        query = "&".join(f"{name}={value}" for name, value in (parameters or {}).items())
        self.page.goto(f"{self.address}{path}{'?' if query else ''}{query}")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run, nothing is stale or loading, and the page has stopped growing."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        last, since = None, 0
        while since < _CALM_LOOKS:
            assert time.monotonic() < deadline, f"the page did not come to rest: {last}"
            self.page.wait_for_timeout(150)
            now = self.page.evaluate(_LOOK)
            since = since + 1 if now == last and now["run"] == "notRunning" and not now["unfinished"] else 0
            last = now
        expect(self.page.get_by_test_id("stException")).to_have_count(0)

    def pick(self, label: str, typed: str, option: str) -> None:
        """Search in a picker as typed and choose the option of that name; the address follows."""
        before = self.page.url
        self.page.get_by_role("combobox", name=label, exact=True).click()
        self.page.keyboard.type(typed)
        self.page.get_by_role("option", name=option).first.click()
        expect(self.page).not_to_have_url(before)
        self.page.keyboard.press("Escape")
        self.settle()

    def follow(self, title: str) -> None:
        """Switch to another screen by the sidebar."""
        before = self.page.url
        self.page.get_by_test_id("stSidebar").get_by_role("link", name=title, exact=True).click()
        expect(self.page).not_to_have_url(before)
        # The link's tooltip would stay in the way of its neighbours.
        self.page.mouse.move(0, 0)
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(title)
        self.settle()

    def click_the_map(self) -> str:
        """Click about the middle of the map until a commune is chosen; its code. Software WebGL misses some clicks."""
        chart = self.page.get_by_test_id("stDeckGlJsonChart").first
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        assert box is not None
        for share in (0.5, 0.45, 0.55, 0.4, 0.6):
            self.page.mouse.move(box["x"] + share * box["width"], box["y"] + share * box["height"], steps=5)
            self.page.mouse.click(box["x"] + share * box["width"], box["y"] + share * box["height"])
            try:
                self.page.wait_for_url(_CHOSEN, timeout=3_000)
            except TimeoutError:
                continue
            self.settle()
            return parse_qs(urlsplit(self.page.url).query)["xa"][0]
        raise AssertionError("no click on the map chose a commune")

    def said(self) -> str:
        """All that the screen says to a screen reader, our own components included, the sidebar not."""
        return self.page.get_by_test_id("stMain").aria_snapshot()

    def figures(self) -> list[str]:
        """The numbers on the screen, in their order."""
        return _NUMBER.findall(self.said())

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return int(
            self.page.evaluate(
                """() => {
                    const page = document.documentElement
                    const main = document.querySelector('[data-testid="stMain"]')
                    return Math.max(page.scrollWidth - window.innerWidth, main.scrollWidth - main.clientWidth)
                }"""
            )
        )

    def screenshot(self, name: str) -> Path:
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def strangers(self) -> list[str]:
        """Requests to anywhere but the app itself."""
        host = urlsplit(self.address).netloc
        return [
            url for url in self.requests if urlsplit(url).scheme not in _LOCAL_SCHEMES and urlsplit(url).netloc != host
        ]

    def assert_clean(self) -> None:
        assert self.requests, "nothing was recorded"
        assert self.strangers() == []
        assert self.errors == []

    def close(self) -> None:
        self.page.close()
