"""docs/images/tong-quan.png, taken from the running demo: `make screenshot`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch_chromium, new_profile
from tests.browser.server import running_app
from tests.browser.visitor import Visitor
from warehouse import warehouse_directory

TARGET = Path(__file__).parent.parent / "docs" / "images" / "tong-quan.png"
LARGEST_BYTES = 400_000


def main() -> None:
    scratch = Path(tempfile.mkdtemp())
    with running_app(warehouse_directory().resolve(), scratch / "app.log") as address, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        visitor = Visitor(new_profile(browser), address, width=1440, height=900)
        visitor.open("/")
        visitor.page.screenshot(path=scratch / "screen.png")
        browser.close()
    # 256 colours are enough for a page of flat colours, and a third of the bytes.
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    Image.open(scratch / "screen.png").convert("RGB").quantize(256).save(TARGET, optimize=True)
    size = TARGET.stat().st_size
    print(f"{TARGET.name}: {size // 1000} kB")
    assert size < LARGEST_BYTES, f"{TARGET} has {size} bytes"


if __name__ == "__main__":
    main()
