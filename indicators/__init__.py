"""What every figure means and how it is computed; knows no Streamlit.

As a library (docs/thu-vien.md):

    from indicators import Filters, compute, open_snapshot

    snapshot = open_snapshot()
    frame = compute(snapshot, ["received", "on_time_rate_ii06"], by=["commune"], filters=Filters(channel=("online",)))
"""

from __future__ import annotations

from pathlib import Path

import warehouse
from indicators import catalogue
from indicators.catalogue import CATALOGUE, Indicator, indicator
from indicators.compute import columns_of, compute, resolve_window
from indicators.errors import CallError
from indicators.filters import Filters
from indicators.form_ii06 import Form, form_ii06
from indicators.form_sheet import write_form
from indicators.readings import Bridge, bridge, difference_dossiers
from indicators.scope import DIMENSIONS
from indicators.windows import Preset, Window, last_year, presets, previous_window
from indicators.workbook import about, figures_sheet, write_workbook
from warehouse import Snapshot


def open_snapshot(directory: Path | str | None = None, snapshot_id: str | None = None) -> Snapshot:
    """The published snapshot of a warehouse, or an earlier one by its ID, open for reading.

    Without a folder: `$THONGSUOT_WAREHOUSE`, else `data/warehouse`. Raises SnapshotMissing, which says how to get one.
    """
    return warehouse.open_snapshot(warehouse.warehouse_directory(directory), snapshot_id)


__all__ = [
    "CATALOGUE",
    "DIMENSIONS",
    "Bridge",
    "CallError",
    "Filters",
    "Form",
    "Indicator",
    "Preset",
    "Snapshot",
    "Window",
    "about",
    "bridge",
    "catalogue",
    "columns_of",
    "compute",
    "difference_dossiers",
    "figures_sheet",
    "form_ii06",
    "indicator",
    "last_year",
    "open_snapshot",
    "presets",
    "previous_window",
    "resolve_window",
    "write_form",
    "write_workbook",
]
