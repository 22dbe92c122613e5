"""The real app as its own process on a free port of the loopback address."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_START_SECONDS = 60


def run_etl(*arguments: str | Path) -> None:
    """Run `python -m etl …` as a user does; a failure shows what it printed."""
    command = [sys.executable, "-m", "etl", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(), capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"


@contextmanager
def running_app(warehouse: Path, log: Path, **variables: str) -> Iterator[str]:
    """Serve `warehouse` until the block ends; gives the address. Fails where the app logged a traceback.

    `variables` of the environment are the app's own.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment() | {"THONGSUOT_WAREHOUSE": str(warehouse)} | variables,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_healthy(address, process, log)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said, said


def _environment() -> dict[str, str]:
    return dict(os.environ) | {"PYTHONUTF8": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the app did not start:\n{log.read_text(encoding='utf-8')}")
