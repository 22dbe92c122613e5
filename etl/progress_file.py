"""`--progress-file`: the progress of a build for another program, which started it and may be gone when it ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import Timeout

from etl.errors import DataError, UsageError
from etl.inputs import Progress
from language import _
from language.reasons import reason
from warehouse import SettingError, SnapshotMissing, loading

# What a build names while it works, in its order.
STEPS_OF_A_BUILD = ("register", "log", "pauses", "dossiers", "counts", "writing")


@dataclass
class ProgressFile:
    """The file to tell, or none; `step_name` says how a step is called."""

    path: Path | None
    step_names: dict[str, str] = field(default_factory=dict)
    files_done: int = 0
    bytes_done: int = 0

    def tell(self, **facts: Any) -> None:
        if self.path is not None:
            # A build does not fail because nobody can be told of it.
            with suppress(OSError):
                loading.tell(self.path, **facts)

    def told(self, progress: Progress) -> Progress:
        """The same progress, told to the file too."""
        if self.path is None:
            return progress

        def start(files: list[Path]) -> None:
            progress.on_files(files)
            size = sum(file.stat().st_size for file in files)
            self.tell(step=_("Đọc tệp"), files=len(files), bytes=size, steps=len(STEPS_OF_A_BUILD))

        def advance(file: Path) -> None:
            progress.on_file_done(file)
            self.files_done += 1
            self.bytes_done += file.stat().st_size if file.exists() else 0
            self.tell(file=file.name, files_done=self.files_done, bytes_done=self.bytes_done)

        def name(step: str) -> None:
            progress.on_step(step)
            done = STEPS_OF_A_BUILD.index(step) if step in STEPS_OF_A_BUILD else 0
            self.tell(step=self.step_names.get(step, step), steps_done=done)

        return Progress(on_files=start, on_file_done=advance, on_step=name)


@contextmanager
def progress_file(path: Path | None, *, step_names: dict[str, str]) -> Iterator[ProgressFile]:
    """Hold the run's lock while working, and note how it ended; whoever asks us to stop is heard."""
    told = ProgressFile(path, step_names)
    if path is None:
        yield told
        return
    # A polite kill stops like Ctrl+C does, so that what is half done is cleared away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    lock = loading.lock_of(path)
    try:
        lock.acquire(timeout=10)
        loading.tell(path, pid=os.getpid())
    except (OSError, Timeout) as error:
        why = _("một lần nạp khác đang ghi vào đó") if isinstance(error, Timeout) else reason(error)
        raise UsageError(
            _("--progress-file {path}: không ghi được ({reason}).").format(path=path, reason=why)
        ) from None
    try:
        yield told
        told.tell(outcome="done", finished_at=loading.now())
    except (DataError, UsageError, SettingError, SnapshotMissing) as error:
        told.tell(outcome="failed", message=str(error), finished_at=loading.now())
        raise
    except KeyboardInterrupt:
        told.tell(outcome="stopped", finished_at=loading.now())
        raise
    finally:
        lock.release()
