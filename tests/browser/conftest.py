"""A small simulated province, the real app that serves it, and a Chromium to visit it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import launch_chromium
from tests.browser.server import run_etl, running_app
from tests.browser.visitor import Visitor

DOSSIERS = 3_000
# Two cores may be busy with the other half of the tests.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`province.toml` of a simulated province."""
    directory = tmp_path_factory.mktemp("province")
    run_etl("simulate", directory, "--dossiers", str(DOSSIERS), "--seed", "7")
    return directory / "province.toml"


@pytest.fixture(scope="module")
def warehouse(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with one published snapshot of that province."""
    directory = tmp_path_factory.mktemp("warehouse")
    run_etl("build", province, "--warehouse", directory)
    return directory


@pytest.fixture(scope="module")
def app(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the running app."""
    with running_app(warehouse, tmp_path_factory.mktemp("log") / "app.log") as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ends with the module: Playwright's event loop would stand in the way of later tests' own."""
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, app: str) -> Iterator[Callable[..., Visitor]]:
    """`visit(width=…, height=…)` opens a page in a fresh context; all are checked and closed when the test ends."""
    visitors: list[Visitor] = []

    def make(*, address: str = app, width: int = 1600, height: int = 900) -> Visitor:
        visitors.append(Visitor(chromium, address, width=width, height=height))
        return visitors[-1]

    yield make
    try:
        for visitor in visitors:
            visitor.assert_clean()
    finally:
        for visitor in visitors:
            visitor.close()
