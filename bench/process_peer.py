"""pm4py's time for questions about steps: a development tool only, its licence keeps it out of the product."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from indicators import Snapshot


@contextmanager
def clock(into: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    into[name] = time.perf_counter() - started


def pm4py_seconds(snapshot: Snapshot) -> dict[str, float]:
    """How long pm4py takes for the questions that it answers too, from a log that is formatted already."""
    warnings.simplefilter("ignore")
    try:
        import pm4py  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        return {}

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
