"""What the screen of bottlenecks reads from the dossier log, each answer computed once."""

from __future__ import annotations

from typing import Literal

import polars as pl
import streamlit as st

from indicators import process, what_if
from indicators.conformance import Conformance, conformance
from indicators.filters import Filters
from indicators.process import Comparison, ProcessMap, Side
from indicators.process.scoping import scope_of
from indicators.process.times import closed_sums
from indicators.reception_desk import one_more_officer
from indicators.windows import Window
from pages.parts.screen import Screen
from warehouse import Snapshot


@st.cache_resource(max_entries=8, show_spinner=False)
def _has_log(_snapshot: Snapshot, snapshot_id: str) -> bool:
    return not _snapshot.query("select 1 from step_span limit 1").is_empty()


def has_log(screen: Screen) -> bool:
    """Whether any dossier of the snapshot has a log."""
    return _has_log(screen.snapshot, screen.snapshot.id)


@st.cache_resource(max_entries=100, show_spinner=False)
def _map(_snapshot: Snapshot, snapshot_id: str, filters: Filters, window: Window) -> ProcessMap:
    return process.process_map(_snapshot, window, filters=filters)


def process_map(screen: Screen) -> ProcessMap:
    return _map(screen.snapshot, screen.snapshot.id, screen.filters, screen.period.window)


_FRAMES = {
    "variants": process.variants,
    "rework": process.rework,
    "handovers": process.handovers,
    "between_units": process.handovers_between_units,
    "hours": process.hours_by_weekday,
    "stops": process.stops_by_cause,
    "units": process.load_by_unit,
    "ageing": process.ageing_by_step,
}


@st.cache_data(max_entries=300, show_spinner=False)
def _frame(_snapshot: Snapshot, snapshot_id: str, name: str, filters: Filters, window: Window) -> pl.DataFrame:
    return _FRAMES[name](_snapshot, window, filters=filters)


def frame(screen: Screen, name: str) -> pl.DataFrame:
    """One of the frames of `indicators.process` for the view's period and filters."""
    return _frame(screen.snapshot, screen.snapshot.id, name, screen.filters, screen.period.window)


@st.cache_data(max_entries=100, show_spinner=False)
def _stalled(_snapshot: Snapshot, snapshot_id: str, filters: Filters, window: Window, limit: int) -> pl.DataFrame:
    return process.stalled_dossiers(_snapshot, window, filters=filters, limit=limit)


def stalled(screen: Screen, limit: int) -> pl.DataFrame:
    return _stalled(screen.snapshot, screen.snapshot.id, screen.filters, screen.period.window, limit)


Split = Literal["procedure", "commune"] | None


@st.cache_data(max_entries=100, show_spinner=False)
def _times(
    _snapshot: Snapshot, snapshot_id: str, filters: Filters, window: Window, by: Split
) -> tuple[pl.DataFrame, pl.DataFrame]:
    parts = process.time_by_step(_snapshot, window, by=by, filters=filters)
    scope = scope_of(_snapshot, window, filters=filters, as_of=None, by=(by,) if by else ())
    closed = closed_sums(scope).join(scope.groups, on="group_id", how="left")
    whole = closed.select(
        by=pl.col(by) if by else pl.lit(None, pl.String),
        dossiers=pl.col("dossiers"),
        hours=pl.col("office_seconds") / 3600 / pl.col("dossiers"),
    )
    return parts, whole.filter(pl.col("dossiers") > 0)


def times(screen: Screen, by: Split = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`time_by_step`, and of each group `by, dossiers` (closed with a log), `hours` (mean from receipt to closing)."""
    return _times(screen.snapshot, screen.snapshot.id, screen.filters, screen.period.window, by)


@st.cache_resource(max_entries=100, show_spinner=False)
def _compared(_snapshot: Snapshot, snapshot_id: str, a: Side, b: Side) -> Comparison:
    return process.compare_two(_snapshot, a, b)


def compared(screen: Screen, a: Side, b: Side) -> Comparison:
    return _compared(screen.snapshot, screen.snapshot.id, a, b)


@st.cache_resource(max_entries=100, show_spinner=False)
def _conformance(_snapshot: Snapshot, snapshot_id: str, filters: Filters, window: Window) -> Conformance:
    return conformance(_snapshot, window, filters=filters)


def conforming(screen: Screen) -> Conformance:
    return _conformance(screen.snapshot, screen.snapshot.id, screen.filters, screen.period.window)


@st.cache_data(max_entries=100, show_spinner=False)
def _officers(_snapshot: Snapshot, snapshot_id: str, filters: Filters, window: Window) -> pl.DataFrame:
    return one_more_officer(_snapshot, window, filters=filters)


def officers(screen: Screen) -> pl.DataFrame:
    return _officers(screen.snapshot, screen.snapshot.id, screen.filters, screen.period.window)


@st.cache_resource(max_entries=100, show_spinner=False)
def _delegated(
    _snapshot: Snapshot, snapshot_id: str, filters: Filters, window: Window, activity: str
) -> what_if.Delegation | None:
    return what_if.step_delegated(_snapshot, window, activity, filters=filters)


def delegated(screen: Screen, activity: str) -> what_if.Delegation | None:
    return _delegated(screen.snapshot, screen.snapshot.id, screen.filters, screen.period.window, activity)


@st.cache_resource(max_entries=100, show_spinner=False)
def _online(
    _snapshot: Snapshot, snapshot_id: str, filters: Filters, window: Window, target: float, indicator_id: str
) -> what_if.OnlineShift | None:
    return what_if.online_shift(_snapshot, window, target, indicator_id=indicator_id, filters=filters)


def online(screen: Screen, target: float, indicator_id: str) -> what_if.OnlineShift | None:
    return _online(screen.snapshot, screen.snapshot.id, screen.filters, screen.period.window, target, indicator_id)
