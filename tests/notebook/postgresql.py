"""A PostgreSQL for the tests: `python -m tests.notebook.postgresql` prints where its programs lie, or exits with 1."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pg8000.dbapi

_USER, _PATIENCE = "thongsuot", 30
# Nothing here needs to survive a power cut.
_CAREFREE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=40")


def find_postgresql() -> Path | None:
    """The folder of `initdb` and `postgres`: by the PATH, else Debian's newest."""
    named = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = [*debian, *([Path(named)] if named else [])]
    return found[-1].resolve().parent if found else None


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server that listens on a socket in a folder of its own."""

    socket: Path
    password: str

    def url(self, database: str) -> str:
        return f"postgresql://{_USER}:{self.password}@/{database}?unix_sock={self.socket}"

    def create_database(self) -> str:
        """The address of a new, empty database."""
        name = f"notebook_{secrets.token_hex(6)}"
        connection = pg8000.dbapi.connect(
            user=_USER, password=self.password, database="postgres", unix_sock=str(self.socket)
        )
        connection.autocommit = True
        connection.cursor().execute(f"create database {name}")
        connection.close()
        return self.url(name)


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """Start a server in a temporary folder, and stop it with all it wrote."""
    # PostgreSQL refuses to run as root.
    user = _unprivileged() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="thongsuot-pg-"))
    password = secrets.token_hex(8)
    try:
        (folder / "password").write_text(password, encoding="utf-8")
        if user is not None:
            shutil.chown(folder, user)
            shutil.chown(folder / "password", user)
        data = folder / "data"
        made = subprocess.run(
            [programs / "initdb", "-D", data, "-U", _USER, f"--pwfile={folder / 'password'}", "--auth=scram-sha-256"]
            + ["--encoding=UTF8", "--locale=C", "--no-sync"],
            user=user,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        settings = [part for setting in _CAREFREE for part in ("-c", setting)]
        with (folder / "log").open("w", encoding="utf-8") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, *settings],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_until_it_answers(server, folder, password)
            yield Server(socket=folder / ".s.PGSQL.5432", password=password)
        finally:
            # At once: nothing of it is kept.
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=_PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_answers(server: subprocess.Popen[bytes], folder: Path, password: str) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            pg8000.dbapi.connect(
                user=_USER, password=password, database="postgres", unix_sock=str(folder / ".s.PGSQL.5432")
            ).close()
            return
        except (pg8000.dbapi.Error, OSError):
            assert server.poll() is None, (folder / "log").read_text(encoding="utf-8")
            assert time.monotonic() < until, "PostgreSQL does not answer"
            time.sleep(0.05)


def _unprivileged() -> str:
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


if __name__ == "__main__":
    where = find_postgresql()
    if where is None:
        sys.exit(1)
    sys.stdout.write(f"{where}\n")
