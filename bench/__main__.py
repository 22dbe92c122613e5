"""`python -m bench [--dossiers N] [--runs N] [--views N]`: prints a table, writes bench/results.json.

`--warehouse DIR` measures the screens of a snapshot that is there already, and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.building import Building, measure_building, simulate
from bench.process import Process, measure_process, process_results, process_table
from bench.screens import Timing, measure_screens

RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--views", type=int, default=6, help="views with random filters, besides the fixed ones")
    parser.add_argument("--warehouse", type=Path)
    options = parser.parse_args()
    # Streamlit says at length that it runs without a server here.
    logging.disable(logging.WARNING)
    console = Console()
    if options.warehouse:
        console.print(screens_table(measure_screens(options.warehouse, runs=options.runs, random_views=options.views)))
        return
    with tempfile.TemporaryDirectory() as directory:
        console.print(f"simulating {options.dossiers:,} dossiers …")
        province = simulate(Path(directory) / "province", dossiers=options.dossiers)
        warehouse = Path(directory) / "warehouse"
        building = measure_building(province, warehouse, runs=options.runs)
        console.print(building_table(building))
        screens = measure_screens(warehouse, runs=options.runs, random_views=options.views)
        console.print(screens_table(screens))
        process = measure_process(warehouse, build_seconds=building.build_seconds, runs=options.runs)
        console.print(process_table(process))
    RESULTS.write_text(json.dumps(results(building, screens, process), indent=2), encoding="utf-8")


def building_table(building: Building) -> Table:
    size = f"{building.dossiers:,} dossiers, {building.events:,} steps, {building.source_mib:.0f} MiB of CSV"
    table = Table(title=f"etl build: {size}")
    for head in ("etl build", "DuckDB typed read", "ratio", "peak memory", "of it counting durations"):
        table.add_column(head, justify="right")
    table.add_row(
        f"{building.build_seconds:.2f} s",
        f"{building.duckdb_seconds:.2f} s",
        f"{building.ratio:.2f}",
        f"{building.peak_mib:.0f} MiB",
        f"{building.counting_seconds:.2f} s",
    )
    return table


def screens_table(screens: dict[str, Timing]) -> Table:
    table = Table(title="a screen's data, uncached, against raw dossiers (ms)")
    table.add_column("screen")
    for head in ("p50", "p95", "raw p50", "raw p95", "ratio"):
        table.add_column(head, justify="right")
    table.add_column("not counted on the raw side")
    for screen, timing in screens.items():
        figures = [quantile(side, share) for side in (timing.ours, timing.raw) for share in (0.5, 0.95)]
        cells = [f"{figure:.0f}" for figure in figures]
        table.add_row(screen, *cells, f"{timing.ratio:.2f}", ", ".join(sorted(timing.left_out)))
    return table


def results(building: Building, screens: dict[str, Timing], process: Process) -> dict[str, object]:
    return {
        "building": {**vars(building), "ratio": building.ratio},
        "process": process_results(process),
        "screens": {
            screen: {
                "p50_ms": quantile(timing.ours, 0.5),
                "p95_ms": quantile(timing.ours, 0.95),
                "raw_p50_ms": quantile(timing.raw, 0.5),
                "raw_p95_ms": quantile(timing.raw, 0.95),
                "ratio": timing.ratio,
            }
            for screen, timing in screens.items()
        },
    }


def quantile(values: list[float], share: float) -> float:
    """The value below which a share of the runs lies."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(100 * share) - 1]


if __name__ == "__main__":
    main()
