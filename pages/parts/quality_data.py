"""What the data-quality screen reads, each computed once for a snapshot (and for a window, where it has one)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st
from xlsxwriter import Workbook

from indicators import Filters, Window
from indicators import quality as figures
from indicators.questions import due_differences, due_differences_by, question_counts, questions
from language import _
from language.formats import date_time
from warehouse import Snapshot, SnapshotInfo, SnapshotMissing, open_snapshot
from warehouse.rejects import in_own_columns, refused_rows, write_workbook

_PARTS = {
    "sources": figures.sources,
    "silent": figures.silent_communes,
    "missing": figures.missing_fields,
    "rules": figures.rule_counts,
    "log": figures.log_coverage,
    "months": figures.warnings_by_month,
    "warnings": figures.warnings_by_commune,
    "refused": refused_rows,
    "corrections": figures.corrections,
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
    _snapshot: Snapshot, snapshot_id: str, window: Window, dimension: str, filters: Filters
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Promised against computed days: the distribution, and by procedure or by commune."""
    return due_differences(_snapshot, window, filters), due_differences_by(_snapshot, window, dimension, filters)


@st.cache_data(max_entries=50, show_spinner=False)
def warned(_snapshot: Snapshot, snapshot_id: str, rule: str, communes: tuple[str, ...]) -> pl.DataFrame:
    """What one rule marks, of all communes or of some."""
    return figures.warned(_snapshot, rule, communes)


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
    write_workbook(in_own_columns(rows), target)
    return target.getvalue()


def warned_workbook(rows: list[dict[str, Any]], rule: str, info: SnapshotInfo) -> bytes:
    """Marked dossiers as an XLSX under a line that says which mark and the state of the data."""
    target = BytesIO()
    # What a source cell holds is text to show, never a formula to run.
    with Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet(_("Cảnh báo"))
        said = [rule, _("số liệu đến {as_of}").format(as_of=date_time(info.as_of))]
        said += [_("dữ liệu mô phỏng")] if info.simulated else []
        sheet.write(0, 0, " · ".join(said))
        pl.DataFrame(rows, infer_schema_length=None).write_excel(
            workbook,
            sheet,
            position=(2, 0),
            autofit=True,
            freeze_panes=(3, 1),
            dtype_formats={pl.Datetime: "dd/mm/yyyy hh:mm"},
        )
    return target.getvalue()
