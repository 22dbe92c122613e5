"""What the data-quality screen reads, each computed once for a snapshot (and for a window, where it has one)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl
import streamlit as st

from indicators import Filters, Window
from indicators import quality as figures
from indicators.questions import due_differences, due_differences_by_procedure, question_counts, questions
from indicators.refusals import refused_by_commune
from warehouse import Snapshot, SnapshotMissing, open_snapshot
from warehouse.rejects import in_own_columns, write_workbook

_PARTS = {
    "sources": figures.sources,
    "silent": figures.silent_communes,
    "missing": figures.missing_fields,
    "rules": figures.rule_counts,
    "log": figures.log_coverage,
    "months": figures.warnings_by_month,
    "warnings": figures.warnings_by_commune,
    "refused": refused_by_commune,
}


@st.cache_data(max_entries=40, show_spinner=False)
def part(_snapshot: Snapshot, snapshot_id: str, name: str) -> pl.DataFrame:
    """One of the frames that speak of the whole snapshot."""
    return _PARTS[name](_snapshot)


@st.cache_data(max_entries=50, show_spinner=False)
def asked(_snapshot: Snapshot, snapshot_id: str, window: Window, filters: Filters) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The questions: the province's `hits, n` for each, and what each commune has against the rest."""
    counts = question_counts(_snapshot, window, filters)
    totals = counts.group_by("question").agg(pl.col("hits", "n").sum())
    return totals, questions(counts)


@st.cache_data(max_entries=50, show_spinner=False)
def promises(
    _snapshot: Snapshot, snapshot_id: str, window: Window, filters: Filters
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Promised against computed days: the distribution, and by procedure."""
    return due_differences(_snapshot, window, filters), due_differences_by_procedure(_snapshot, window, filters)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A snapshot of the warehouse: when it was built, its state and its dossiers."""

    built_at: dt.datetime
    as_of: dt.datetime
    dossiers: int


@st.cache_data(max_entries=20, show_spinner=False)
def earlier_snapshot(directory: str, snapshot_id: str) -> Kept | None:
    """What a list of snapshots says of one; nothing where it cannot be read."""
    try:
        snapshot = open_snapshot(Path(directory), snapshot_id)
    except SnapshotMissing:
        return None
    dossiers = int(snapshot.query("select count(*) as n from dossier")["n"][0])
    info = snapshot.info
    snapshot.close()
    return Kept(built_at=info.built_at, as_of=info.as_of, dossiers=dossiers)


def workbook(rows: pl.DataFrame) -> bytes:
    """Refused rows as an XLSX in the source's own columns, a sheet a file."""
    target = BytesIO()
    write_workbook(in_own_columns(rows.drop("commune")), target)
    return target.getvalue()
