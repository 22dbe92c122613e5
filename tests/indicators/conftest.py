"""One small province for the tests that look at single figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Row, build_snapshot
from warehouse import Snapshot, open_snapshot

Open = Callable[..., Snapshot]


@pytest.fixture
def snapshot_of(tmp_path: Path) -> Iterator[Open]:
    """Builds and opens a snapshot of the dossiers given; closed after the test."""
    opened: list[Snapshot] = []

    def build(dossiers: list[Row], **options: Any) -> Snapshot:
        directory = build_snapshot(tmp_path / str(len(opened)), dossiers=dossiers, **options)
        opened.append(open_snapshot(directory))
        return opened[-1]

    yield build
    for snapshot in opened:
        snapshot.close()
