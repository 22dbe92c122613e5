"""A small simulated province, the real app that serves it, and a Chromium to visit it with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.chromium import launch_chromium, new_profile
from tests.browser.server import run_etl, running_app
from tests.browser.visitor import Visitor

DOSSIERS = 3_000
# Two cores may be busy with the other half of the tests.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`province.toml` of a simulated province; whoever changes its files works on a copy."""
    return (
        _made_once(
            tmp_path_factory,
            "province",
            lambda directory: run_etl("simulate", directory, "--dossiers", str(DOSSIERS), "--seed", "7"),
        )
        / "province.toml"
    )


@pytest.fixture(scope="session")
def warehouse(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with one published snapshot of that province; nobody publishes another there."""
    return _made_once(
        tmp_path_factory, "warehouse", lambda directory: run_etl("build", province, "--warehouse", directory)
    )


def _made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A directory that the first of the workers makes and all of them use."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"shared-{name}"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            making = shared.with_name(f"{shared.name}.partial")
            make(making)
            making.rename(shared)
    return shared


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


@pytest.fixture(scope="module")
def profile(chromium: Browser) -> BrowserContext:
    """One person's browser, which keeps what it has fetched: most of a first visit is Streamlit's own code."""
    return new_profile(chromium)


@pytest.fixture
def visit(profile: BrowserContext, app: str) -> Iterator[Callable[..., Visitor]]:
    """`visit(width=…, height=…)` opens a page; all are checked and closed when the test ends.

    `somebody_else=True` opens it in a browser that has never been here.
    """
    visitors: list[Visitor] = []
    others: list[BrowserContext] = []

    def make(*, address: str = app, width: int = 1600, height: int = 900, somebody_else: bool = False) -> Visitor:
        if somebody_else:
            assert profile.browser is not None
            others.append(new_profile(profile.browser))
        visitors.append(Visitor(others[-1] if somebody_else else profile, address, width=width, height=height))
        return visitors[-1]

    yield make
    try:
        for visitor in visitors:
            visitor.assert_clean()
    finally:
        for visitor in visitors:
            visitor.close()
        for other in others:
            other.close()
