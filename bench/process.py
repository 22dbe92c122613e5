"""`python -m bench.process [--dossiers N] [--copies N] [--runs N]`: questions about steps, from what a build prepares.

Prints what share of a build goes into preparing them, how long the answers take for many filters and windows, and how
long pm4py takes for the same questions about the same log in the same run (pm4py: a development tool only).
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from bench.building import SQL, build, simulate
from bench.process_peer import pm4py_seconds
from bench.process_raw import RAW, answer_from_rows
from indicators import Filters, Snapshot, open_snapshot, resolve_window
from indicators.conformance import conformance
from indicators.process import (
    Side,
    ageing_by_step,
    compare_two,
    handovers,
    handovers_between_units,
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
    *("monthly_hour", "monthly_actor", "monthly_handover", "monthly_order", "step_late", "monthly_late"),
    *("monthly_declared", "key_group", "log_unit"),
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
    "handovers between units": handovers_between_units,
    "hours of the week": hours_by_weekday,
    "load by unit": load_by_unit,
    "ageing by step": ageing_by_step,
    "stalled dossiers": lambda *args, **options: stalled_dossiers(*args, limit=20, **options),
    "compare two": _compare,
    "conformance": conformance,
}


@dataclass(frozen=True)
class Answers:
    """Seconds of each view of a question; of the same from the raw tables, of all views that were asked there too; and
    for the whole log of ours and pm4py's, where it answers it."""

    ours: list[float]
    raw: list[float]
    ours_beside_raw: list[float]
    whole: float
    peer: float | None


@dataclass(frozen=True)
class Process:
    """Seconds of a build, what of it goes into preparing steps, and the answers by question."""

    build_seconds: float
    preparing_seconds: float
    answers: dict[str, Answers]


def measure_process(warehouse: Path, *, build_seconds: float, runs: int, raw_views: int = 6) -> Process:
    """The published snapshot's questions about steps, beside the raw tables and pm4py in the same run."""
    preparing = preparing_seconds(warehouse)
    snapshot = open_snapshot(warehouse)
    peers = pm4py_seconds(snapshot)
    asked = list(views(snapshot, whole_only=False))
    # Few, since each takes long: from all dossiers to narrow ones.
    beside = asked[:: max(1, len(asked) // raw_views)]
    answers = {}
    for name, question in QUESTIONS.items():
        ours = [_best(question, snapshot, view, runs) for view in asked]
        raw: list[float] = []
        if name in RAW:
            raw = [_best(partial(_from_rows, name), snapshot, view, runs) for view in beside]
        answers[name] = Answers(
            ours=ours,
            raw=raw,
            ours_beside_raw=[ours[asked.index(view)] for view in beside] if raw else [],
            whole=_best(question, snapshot, (Filters(), resolve_window(snapshot)), runs),
            peer=peers.get(name),
        )
    snapshot.close()
    return Process(build_seconds=build_seconds, preparing_seconds=preparing, answers=answers)


def _from_rows(name: str, snapshot: Snapshot, window: Window, *, filters: Filters) -> Any:
    return answer_from_rows(snapshot, name, window, filters=filters)


def _best(question: Question, snapshot: Snapshot, view: tuple[Filters, Window], runs: int) -> float:
    """The best of some runs, in seconds: what the machine does beside is not ours."""
    filters, window = view
    taken = []
    for _run in range(runs):
        started = time.perf_counter()
        question(snapshot, window, filters=filters)
        taken.append(time.perf_counter() - started)
    return min(taken)


def process_table(found: Process) -> Table:
    """A row a question: how long, and how many times as long the raw tables and pm4py take."""
    share = found.preparing_seconds / found.build_seconds
    title = (
        f"questions about steps (ms); preparing them takes {found.preparing_seconds:.1f} s, {share:.0%} of the build"
    )
    table = Table(title=title)
    table.add_column("question")
    for head in ("p50", "p95", "raw tables: times as long", "all: ours", "pm4py", "times as long"):
        table.add_column(head, justify="right")
    for name, answer in found.answers.items():
        ratios = [raw / ours for raw, ours in zip(answer.raw, answer.ours_beside_raw, strict=True)]
        table.add_row(
            name,
            f"{1000 * statistics.median(answer.ours):.0f}",
            f"{1000 * statistics.quantiles(answer.ours, n=20, method='inclusive')[-1]:.0f}",
            f"{min(ratios):.1f} to {max(ratios):.0f}" if ratios else "",
            f"{1000 * answer.whole:.0f}",
            "" if answer.peer is None else f"{1000 * answer.peer:.0f}",
            "" if answer.peer is None else f"{answer.peer / answer.whole:.0f}",
        )
    return table


def process_results(found: Process) -> dict[str, object]:
    """The same for `bench/results.json`."""
    return {
        "preparing_seconds": found.preparing_seconds,
        "share_of_build": found.preparing_seconds / found.build_seconds,
        "questions": {
            name: {
                "p50_ms": 1000 * statistics.median(answer.ours),
                "p95_ms": 1000 * statistics.quantiles(answer.ours, n=20, method="inclusive")[-1],
                "least_ratio_to_raw": min(
                    (raw / ours for raw, ours in zip(answer.raw, answer.ours_beside_raw, strict=True)), default=None
                ),
                "whole_ms": 1000 * answer.whole,
                "pm4py_ms": None if answer.peer is None else 1000 * answer.peer,
            }
            for name, answer in found.answers.items()
        },
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
        seconds, peak = build(province, folder / "warehouse")
        console = Console()
        console.print(f"build {seconds:.1f} s, {peak:.0f} MiB")
        console.print(process_table(measure_process(folder / "warehouse", build_seconds=seconds, runs=options.runs)))
        if options.copies > 1:
            preparing = prepare_again(folder / "warehouse", copies=options.copies)
            console.print(f"{options.copies} copies: preparing steps {preparing:.1f} s")
            snapshot = open_snapshot(folder / "warehouse")
            asked = list(views(snapshot, whole_only=False))
            for name, question in QUESTIONS.items():
                taken = [1000 * _best(question, snapshot, view, options.runs) for view in asked]
                p95 = statistics.quantiles(taken, n=20, method="inclusive")[-1]
                console.print(f"{name}: p50 {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms")
            snapshot.close()


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


def preparing_seconds(warehouse: Path) -> float:
    """Seconds to prepare the steps afresh, in a copy of the published snapshot."""
    copy = warehouse.with_name(f"{warehouse.name}-copy")
    shutil.copytree(warehouse, copy)
    seconds = prepare_again(copy, copies=1)
    shutil.rmtree(copy)
    return seconds


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


if __name__ == "__main__":
    main()
