"""`etl build` against DuckDB's own typed read of the same files into tables."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import duckdb

SQL = Path(__file__).parents[1] / "etl" / "sql"


@dataclass(frozen=True)
class Building:
    """Medians of the runs, in seconds; the build's largest resident memory, in MiB; what of it goes into durations."""

    dossiers: int
    events: int
    source_mib: float
    build_seconds: float
    peak_mib: float
    duckdb_seconds: float
    counting_seconds: float

    @property
    def ratio(self) -> float:
        return self.build_seconds / self.duckdb_seconds


def simulate(directory: Path, *, dossiers: int) -> Path:
    """Clean CSV files of a simulated province; its `province.toml`."""
    arguments = ["simulate", str(directory), "--dossiers", str(dossiers), "--clean"]
    subprocess.run([sys.executable, "-m", "etl", *arguments], check=True, stdout=subprocess.DEVNULL)
    return directory / "province.toml"


def measure_building(province: Path, warehouse: Path, *, runs: int) -> Building:
    """Both sides in turn, so that a busy minute of the machine hits both; the last build stays published."""
    sources = row_files(province)
    types = {path: column_types(path) for path in sources}
    builds, reads, peaks = [], [], []
    for _run in range(runs):
        reads.append(read_typed(types, warehouse.with_suffix(".duckdb")))
        # Parsed files are kept by content: without this the second run would read none.
        shutil.rmtree(warehouse, ignore_errors=True)
        seconds, peak = build(province, warehouse)
        builds.append(seconds)
        peaks.append(peak)
    dossiers, events = count_rows(warehouse)
    return Building(
        dossiers=dossiers,
        events=events,
        source_mib=sum(path.stat().st_size for path in sources) / 2**20,
        build_seconds=statistics.median(builds),
        peak_mib=max(peaks),
        duckdb_seconds=statistics.median(reads),
        counting_seconds=counting(warehouse),
    )


def row_files(province: Path) -> list[Path]:
    """The files of registers and logs that a `province.toml` names."""
    config = tomllib.loads(province.read_text(encoding="utf-8"))
    blocks = [*config.get("dossiers", []), *config.get("events", [])]
    return sorted({path for block in blocks for path in province.parent.glob(block["path"])})


def column_types(path: Path) -> dict[str, str]:
    """What DuckDB itself takes the columns for; asked outside the clock."""
    with duckdb.connect() as connection:
        found = connection.execute("select columns from sniff_csv($1, sample_size = -1)", [str(path)]).fetchone()
    assert found is not None
    return {column["name"]: column["type"] for column in found[0]}


def read_typed(types: dict[Path, dict[str, str]], database: Path) -> float:
    """Seconds that DuckDB takes to read the files into tables of these types."""
    database.unlink(missing_ok=True)
    started = time.perf_counter()
    with duckdb.connect(str(database)) as connection:
        for number, (path, columns) in enumerate(types.items()):
            connection.execute(
                f"create table source_{number} as select * from read_csv($1, columns = $2, header = true)",
                [str(path), columns],
            )
    seconds = time.perf_counter() - started
    database.unlink()
    return seconds


def build(province: Path, warehouse: Path) -> tuple[float, float]:
    """Seconds and peak MiB of `python -m etl build` as a process of its own, its start included."""
    command = [sys.executable, "-m", "etl", "build", str(province), "--warehouse", str(warehouse)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    # The resources of this one child, not the largest of all children so far.
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: {process.returncode}")
    return seconds, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def counting(warehouse: Path) -> float:
    """Seconds to count durations and online filings afresh, in a copy of the published snapshot."""
    current = (warehouse / "CURRENT").read_text(encoding="utf-8").strip()
    copy = warehouse / "copy.duckdb"
    shutil.copy(warehouse / "snapshots" / f"{current}.duckdb", copy)
    with duckdb.connect(str(copy)) as connection:
        for table in ("dossier_span", "monthly_duration", "yearly_duration", "daily_submission", "monthly_submission"):
            connection.execute(f"truncate {table}")
        started = time.perf_counter()
        for name in ("histogram", "submissions"):
            connection.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))
        seconds = time.perf_counter() - started
    copy.unlink()
    return seconds


def count_rows(warehouse: Path) -> tuple[int, int]:
    """Dossiers and log steps of the published snapshot."""
    current = (warehouse / "CURRENT").read_text(encoding="utf-8").strip()
    with duckdb.connect(str(warehouse / "snapshots" / f"{current}.duckdb"), read_only=True) as connection:
        counts = connection.execute("select (select count(*) from dossier), (select count(*) from event)").fetchone()
    assert counts is not None
    return int(counts[0]), int(counts[1])
