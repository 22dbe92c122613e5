"""Checking and loading from the screen: the ETL's own command, in a process of its own that outlives a reload."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from language import _
from language.reasons import reason
from warehouse.loading import Run, forget_old_runs, latest_run, loading_folder, now, tell

ENVIRONMENT_VARIABLE = "THONGSUOT_CONFIG"
DEMO = Path("data/demo/province.toml")
ROOT = Path(__file__).resolve().parents[2]
Command = Literal["check", "build"]


class Refused(Exception):
    """The load was not started; the message says why."""


def configuration() -> Path | None:
    """The `PROVINCE.toml` to load: `$THONGSUOT_CONFIG`, else the demo's where there is one."""
    given = os.environ.get(ENVIRONMENT_VARIABLE)
    if given:
        return Path(given)
    return DEMO if DEMO.is_file() else None


def is_demo() -> bool:
    """Nothing was configured, so the demo would be loaded."""
    return not os.environ.get(ENVIRONMENT_VARIABLE)


def start(directory: Path, config: Path, command: Command, *, accept_loss: bool = False) -> None:
    """Begin a check or a build; Refused where one is running already or the folder cannot be written."""
    folder = loading_folder(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "start.lock", timeout=2):
            running = latest_run(directory)
            if running is not None and running.is_running:
                raise Refused(_("Một lần kiểm tra hoặc nạp khác đang chạy. Hãy chờ xong rồi thử lại."))
            _launch(directory, folder, config, command, accept_loss=accept_loss)
            forget_old_runs(directory)
    except Timeout:
        raise Refused(_("Một lần kiểm tra hoặc nạp khác đang chạy. Hãy chờ xong rồi thử lại.")) from None
    except OSError as error:
        raise Refused(_("Không ghi được vào {folder}: {reason}.").format(folder=folder, reason=reason(error))) from None


def _launch(directory: Path, folder: Path, config: Path, command: Command, *, accept_loss: bool) -> None:
    path = folder / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}.jsonl"
    call = [sys.executable, "-m", "etl", command, str(config.resolve()), "--progress-file", str(path.resolve())]
    if command == "build":
        call += ["--warehouse", str(directory.resolve())]
        call += ["--accept-loss"] if accept_loss else []
    # The log is read on a screen: plain text, in lines that its table fits into.
    environment = os.environ | {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "COLUMNS": "132", "NO_COLOR": "1"}
    tell(path, command=command, config=str(config), started_at=now())
    with path.with_suffix(".log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            call,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # Somebody has to take the exit code, or the ended process stays in the system's table.
    threading.Thread(target=process.wait, daemon=True).start()


def cancel(run: Run) -> None:
    """Ask the loader of a run to stop; it holds the run's lock, so the process of that number is the loader itself."""
    if run.is_running and run.pid is not None:
        try:
            os.kill(run.pid, signal.SIGTERM)
        except ProcessLookupError:
            return  # it has just ended
