"""A load in the background: what the loader writes while it works, and what anyone reads of it.

A run is `DIR/loading/RUN.jsonl`, one JSON object a line, each adding to what is known (the keys are the attributes of
`Run`), and `RUN.log`, what the command printed. The loader holds a lock on `RUN.lock` for as long as it lives, so a run
that was killed is told from one that works.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

RUNS_KEPT = 10
# From the press of the button to the loader's first word.
START_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Run:
    """One check or build. `outcome` is empty while it runs, else `done, failed, stopped` or, without a word, `died`."""

    path: Path
    is_running: bool
    command: str = ""
    config: str = ""
    started_at: str = ""
    finished_at: str = ""
    pid: int | None = None
    files: int = 0
    files_done: int = 0
    bytes: int = 0
    bytes_done: int = 0
    file: str = ""
    step: str = ""
    steps_done: int = 0
    steps: int = 0
    outcome: str = ""
    message: str = ""
    snapshot: str = ""
    dossiers: int | None = None

    @property
    def log(self) -> str:
        """What the command printed so far."""
        try:
            return self.path.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    @property
    def share(self) -> float:
        """How far it has come, 0 to 1: half for reading the files, half for the steps after."""
        read = self.bytes_done / self.bytes if self.bytes else 0.0
        return min(1.0, (read + (self.steps_done / self.steps if self.steps else 0.0)) / 2)


def loading_folder(directory: Path) -> Path:
    """The folder of the runs of a warehouse."""
    return directory / "loading"


def tell(path: Path, **facts: Any) -> None:
    """Add facts to a run's file; each line is written whole."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(facts, ensure_ascii=False) + "\n")


def lock_of(path: Path) -> FileLock:
    """The lock that the loader of this run holds while it lives."""
    return FileLock(path.with_suffix(".lock"))


def latest_run(directory: Path) -> Run | None:
    """The run begun last; nothing where there has been none."""
    files = sorted(loading_folder(directory).glob("*.jsonl"))
    return read_run(files[-1]) if files else None


def read_run(path: Path) -> Run:
    """What is known of a run."""
    # Before the facts are read: a loader that ends in between has said so in them.
    alive = _is_held(path)
    facts: dict[str, Any] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            facts |= json.loads(line)
        except ValueError:
            continue  # cut short by a full disk or a kill
    known = {field.name for field in fields(Run)} - {"path", "is_running"}
    facts = {name: value for name, value in facts.items() if name in known}
    starting = "pid" not in facts and seconds_since(facts.get("started_at", "")) < START_SECONDS
    is_running = not facts.get("outcome") and (alive or starting)
    if not is_running and not facts.get("outcome"):
        facts["outcome"] = "died"
    return Run(path=path, is_running=is_running, **facts)


def forget_old_runs(directory: Path) -> None:
    """Keep the last runs only."""
    for path in sorted(loading_folder(directory).glob("*.jsonl"))[:-RUNS_KEPT]:
        for suffix in (".jsonl", ".log", ".lock"):
            path.with_suffix(suffix).unlink(missing_ok=True)


def now() -> str:
    """The time as runs note it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _is_held(path: Path) -> bool:
    lock = lock_of(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:
        return False  # a folder that cannot be written: nobody loads into it
    lock.release()
    return False


def seconds_since(moment: str) -> float:
    """Seconds since a time that a run noted; endless where it noted none."""
    try:
        return (dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(moment)).total_seconds()
    except (ValueError, TypeError):
        return float("inf")
