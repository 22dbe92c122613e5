"""The Chromium that the browser tests drive: `python -m tests.browser.chromium` prints its path, or exits with 1."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_ARGUMENTS = [
    "--no-sandbox",
    # WebGL in software, so that the map is drawn on machines without a graphics card.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    # Not a word of the browser's own to the outside, and none of the page's.
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def find_chromium() -> str | None:
    """Path of the browser named in $CHROMIUM, else of one on the PATH, else of Playwright's own download."""
    if named := os.environ.get("CHROMIUM"):
        return named if Path(named).is_file() else None
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    with sync_playwright() as playwright:
        downloaded = playwright.chromium.executable_path
    return downloaded if Path(downloaded).is_file() else None


def launch_chromium(playwright: Playwright) -> Browser:
    """Start it without a window; the caller closes it."""
    executable = find_chromium()
    assert executable, "no Chromium: `make test` installs one, or name yours in CHROMIUM="
    return playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)


def new_profile(browser: Browser) -> BrowserContext:
    """A person's browser that has never been anywhere."""
    return browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")


if __name__ == "__main__":
    found = find_chromium()
    if found is None:
        sys.exit(1)
    sys.stdout.write(f"{found}\n")
