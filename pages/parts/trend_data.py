"""What the segments of Xu hướng read beyond the figures of all screens, each computed once."""

from __future__ import annotations

import datetime as dt

import polars as pl
import streamlit as st

from indicators import Filters, Window
from indicators.backlog import weekly_backlog
from indicators.dated_events import DatedEvent, dated_events, working_days
from indicators.due_soon import due_soon
from indicators.interrupted import Measure, weekly
from indicators.lateness import Lateness, lateness
from indicators.merger import Continuity, continuity
from warehouse import Snapshot


@st.cache_resource(max_entries=4, show_spinner=False)
def events(_snapshot: Snapshot, snapshot_id: str) -> list[DatedEvent]:
    return dated_events(_snapshot)


@st.cache_data(max_entries=100, show_spinner=False)
def days_of_work(_snapshot: Snapshot, snapshot_id: str, windows: tuple[Window, ...]) -> list[int]:
    return working_days(_snapshot, windows)


@st.cache_data(max_entries=100, show_spinner=False)
def lateness_of(
    _snapshot: Snapshot, snapshot_id: str, commune: str, window: Window, filters: Filters
) -> Lateness | None:
    return lateness(_snapshot, commune, window, filters)


@st.cache_data(max_entries=50, show_spinner=False)
def due_dossiers(_snapshot: Snapshot, snapshot_id: str, on: dt.date, filters: Filters) -> pl.DataFrame:
    return due_soon(_snapshot, on, filters)


@st.cache_data(max_entries=100, show_spinner=False)
def weeks(_snapshot: Snapshot, snapshot_id: str, window: Window, filters: Filters, measure: Measure) -> pl.DataFrame:
    return weekly(_snapshot, window, filters, measure)


@st.cache_data(max_entries=100, show_spinner=False)
def backlog(_snapshot: Snapshot, snapshot_id: str, on: dt.date, filters: Filters, first: dt.date) -> pl.DataFrame:
    return weekly_backlog(_snapshot, on, filters, first=first)


@st.cache_data(max_entries=200, show_spinner=False)
def continuity_of(_snapshot: Snapshot, snapshot_id: str, commune: str) -> Continuity:
    return continuity(_snapshot, commune)
