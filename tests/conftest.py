"""What all tests share."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from language import set_language

ROOT = Path(__file__).parent.parent

# No deadline for one example: a busy machine is slow, not wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The browser's tests last; with several workers first, since one of them is busy with these to the end."""
    in_parallel = hasattr(config, "workerinput")
    for item in items:
        if "browser" in item.path.relative_to(ROOT).parts:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: (item.get_closest_marker("browser") is None) == in_parallel)


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """Every test starts in Vietnamese, whatever the one before it chose."""
    set_language("vi")
    yield
    set_language("vi")


@pytest.fixture(scope="session", autouse=True)
def _notebooks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test, and no server that one starts, writes in the notebook of this machine."""
    directory = tmp_path_factory.mktemp("notebooks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THONGSUOT_NOTEBOOK", str(directory / "session.sqlite"))
        yield directory


@pytest.fixture(autouse=True)
def notebook_path(_notebooks: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty notebook for each test, in the SQLite file of this path; made when it is first opened."""
    path = _notebooks / f"{uuid.uuid4().hex}.sqlite"
    monkeypatch.setenv("THONGSUOT_NOTEBOOK", str(path))
    return path


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real boundaries and logs that lie beside the repository; skips where they are absent (fails when CI=true)."""
    directory = ROOT.parent / "shared" / "data"
    if not directory.is_dir():
        reason = "real data not found: they lie beside the repository in ../shared/data"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return directory
