"""`python -m bench.process [--dossiers N] [--copies N] [--runs N]`: questions about steps, from what a build prepares.

Prints what share of a build goes into preparing them, how long the answers take for many filters and windows, and how
long pm4py takes for the same questions about the same log in the same run (pm4py: a development tool only).
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from bench.building import SQL, build, simulate
from indicators import Filters, Snapshot, open_snapshot, resolve_window
from indicators.process import (
    Side,
    ageing_by_step,
    compare_two,
    handovers,
    hours_by_weekday,
    load_by_unit,
    process_map,
    rework,
    stalled_dossiers,
    stops_by_cause,
    time_by_step,
    variants,
)
from indicators.windows import Window

STEP_TABLES = (
    *("variant", "path_span", "step_span", "monthly_step", "monthly_step_time", "monthly_path", "monthly_wait"),
    *("monthly_hour", "monthly_actor", "key_group", "log_unit"),
)
# Copies lie this many weeks apart, so that weekdays stay.
_WEEKS_APART = 2
Question = Callable[..., Any]


def _compare(snapshot: Snapshot, window: Window, *, filters: Filters) -> Any:
    return compare_two(snapshot, Side(window=window, filters=filters), Side(window=window))


QUESTIONS: dict[str, Question] = {
    "process map": process_map,
    "variants": lambda *args, **options: variants(*args, top=20, **options),
    "rework": rework,
    "time by step": time_by_step,
    "time by step and procedure": lambda *args, **options: time_by_step(*args, by="procedure", **options),
    "stops by cause": stops_by_cause,
    "handovers": handovers,
    "hours of the week": hours_by_weekday,
    "load by unit": load_by_unit,
    "ageing by step": ageing_by_step,
    "stalled dossiers": lambda *args, **options: stalled_dossiers(*args, limit=20, **options),
    "compare two": _compare,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.process", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--copies", type=int, default=1, help="times that the log is laid down again, weeks later")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        province = simulate(folder / "province", dossiers=options.dossiers)
        seconds, _peak = build(province, folder / "warehouse")
        preparing = prepare_again(folder / "warehouse", copies=1)
        print(f"build {seconds:.1f} s, of it preparing steps {preparing:.1f} s ({preparing / seconds:.0%})")
        snapshot = open_snapshot(folder / "warehouse")
        ours = {name: min(timings(snapshot, name, runs=options.runs, whole_only=True)) for name in QUESTIONS}
        theirs = pm4py_seconds(snapshot)
        snapshot.close()
        for name, peer in theirs.items():
            print(f"{name}: {ours[name] * 1000:.0f} ms, pm4py {peer * 1000:.0f} ms: {peer / ours[name]:.0f} x")
        if options.copies > 1:
            preparing = prepare_again(folder / "warehouse", copies=options.copies)
            print(f"{options.copies} copies: preparing steps {preparing:.1f} s")
        snapshot = open_snapshot(folder / "warehouse")
        for name in QUESTIONS:
            taken = [1000 * one for one in timings(snapshot, name, runs=options.runs)]
            p95 = statistics.quantiles(taken, n=20, method="inclusive")[-1]
            print(f"{name}: p50 {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms")
        snapshot.close()


def timings(snapshot: Snapshot, name: str, *, runs: int, whole_only: bool = False) -> list[float]:
    """Seconds of each view, the best of some runs: what the machine does beside is not ours."""
    found = []
    for filters, window in views(snapshot, whole_only=whole_only):
        taken = []
        for _run in range(runs):
            started = time.perf_counter()
            QUESTIONS[name](snapshot, window, filters=filters)
            taken.append(time.perf_counter() - started)
        found.append(min(taken))
    return found


def views(snapshot: Snapshot, *, whole_only: bool) -> Iterator[tuple[Filters, Window]]:
    """Every filter that people use with windows of whole and of broken months."""
    whole = resolve_window(snapshot)
    if whole_only:
        yield Filters(), whole
        return
    keys = snapshot.query("select commune_code, procedure_code from dossier_key where commune_code is not null")
    commune = keys["commune_code"].value_counts(sort=True)["commune_code"].to_list()
    procedure = keys["procedure_code"].value_counts(sort=True)["procedure_code"].to_list()
    end = whole.ends
    windows = (
        whole,
        Window(dt.date(end.year, 1, 1), end),
        Window(end - dt.timedelta(days=30), end),
        Window(end - dt.timedelta(days=300), end - dt.timedelta(days=40)),
    )
    for filters in (
        Filters(),
        Filters(commune=(commune[0],)),
        Filters(commune=tuple(commune[3:9])),
        Filters(kind=("ward",)),
        Filters(procedure=(procedure[0],)),
        Filters(channel=("online",)),
        Filters(commune=(commune[1],), channel=("online",)),
        Filters(kind=("commune",), procedure=(procedure[1],)),
    ):
        for window in windows:
            yield filters, window


def prepare_again(warehouse: Path, *, copies: int) -> float:
    """Seconds to prepare the steps afresh in the published snapshot, after laying its log down so many times."""
    current = (warehouse / "CURRENT").read_text(encoding="utf-8").strip()
    path = warehouse / "snapshots" / f"{current}.duckdb"
    with duckdb.connect(str(path), config={"memory_limit": "3GB"}) as connection:
        if copies > 1:
            lay_down(connection, copies)
        for table in STEP_TABLES:
            connection.execute(f"truncate {table}")
        started = time.perf_counter()
        connection.execute((SQL / "steps.sql").read_text(encoding="utf-8"))
        return time.perf_counter() - started


def lay_down(connection: duckdb.DuckDBPyConnection, copies: int) -> None:
    """Repeat dossiers and steps, each copy some weeks later; in the order of the build."""
    for table, moments, order in (
        ("dossier", ("received_at", "closed_at", "submitted_at"), "commune_code, received_at, dossier_id"),
        ("event", ('"at"',), "dossier_id, step"),
    ):
        later = ", ".join(f"{one} + to_days(copy % 26 * 7 * {_WEEKS_APART}) as {one}" for one in moments)
        connection.execute(f"""
            create temp table laid as
            select * exclude (copy) replace (dossier_id || '-' || copy as dossier_id, {later})
            from {table}, (select unnest(range({copies})) as copy)
            order by {order};
            truncate {table};
            insert into {table} select * from laid;
            drop table laid;
        """)
    connection.execute(f"update snapshot set as_of = as_of + to_days({26 * 7 * _WEEKS_APART})")


@contextmanager
def clock(into: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    into[name] = time.perf_counter() - started


def pm4py_seconds(snapshot: Snapshot) -> dict[str, float]:
    """How long pm4py takes for the questions that it answers too, from a log that is formatted already."""
    warnings.simplefilter("ignore")
    import pm4py  # type: ignore[import-untyped, unused-ignore]

    frame = snapshot.query(
        'select dossier_id, activity, "at" from event semi join dossier using (dossier_id) order by dossier_id, step'
    ).to_pandas()
    log = pm4py.format_dataframe(frame, case_id="dossier_id", activity_key="activity", timestamp_key="at")
    taken: dict[str, float] = {}
    with clock(taken, "process map"):
        pm4py.discover_dfg(log)
        pm4py.discover_performance_dfg(log)
    with clock(taken, "variants"):
        pm4py.get_variants(log)
        pm4py.get_all_case_durations(log)
    with clock(taken, "rework"):
        pm4py.get_rework_cases_per_activity(log)
    return taken


if __name__ == "__main__":
    main()
