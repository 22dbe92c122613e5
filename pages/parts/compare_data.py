"""What the comparisons are drawn from, kept for everyone who asks the same."""

from __future__ import annotations

import polars as pl
import streamlit as st

from indicators import compare as changes
from indicators import heat, mix
from indicators import peers as peer_groups
from indicators.filters import Filters
from indicators.notable import Notable, notable
from indicators.statistics import false_discovery
from indicators.windows import Window, previous_window
from warehouse import Snapshot

Codes = tuple[str, ...] | None


@st.cache_data(max_entries=100, show_spinner=False)
def peers(
    _snapshot: Snapshot, snapshot_id: str, subject: str, rule: peer_groups.Rule, window: Window
) -> peer_groups.Peers:
    return peer_groups.peers(_snapshot, subject, rule, window)


@st.cache_data(max_entries=60, show_spinner=False)
def mix_cells(
    _snapshot: Snapshot, snapshot_id: str, indicator_id: str, window: Window, filters: Filters
) -> mix.MixCells:
    return mix.mix_cells(_snapshot, indicator_id, window, filters)


@st.cache_data(max_entries=100, show_spinner=False)
def field_table(
    _snapshot: Snapshot, snapshot_id: str, indicator_id: str, window: Window, filters: Filters, among: Codes
) -> pl.DataFrame:
    return heat.field_table(_snapshot, indicator_id, window, filters, among=among)


@st.cache_data(max_entries=60, show_spinner=False)
def periods(
    _snapshot: Snapshot,
    snapshot_id: str,
    indicator_id: str,
    window: Window,
    reference: Window,
    filters: Filters,
    among: Codes,
) -> pl.DataFrame:
    """`indicators.compare` by commune, its p-values adjusted for the number of communes looked at."""
    found = changes.compare(_snapshot, [indicator_id], window, reference, filters, by="commune")
    found = found.filter(
        pl.col("commune").is_not_null() & pl.col("value").is_not_null() & pl.col("reference").is_not_null()
    )
    if among is not None:
        found = found.filter(pl.col("commune").is_in(list(among)))
    tested = found.filter(pl.col("p_value").is_not_null())
    adjusted = tested.select("commune", adjusted=pl.Series(false_discovery(tested["p_value"].to_numpy())))
    return (
        found.join(adjusted, on="commune", how="left", validate="1:1")
        .with_columns(p_value=pl.col("adjusted"))
        .with_columns(significant=(pl.col("p_value") < changes.SIGNIFICANCE_LEVEL).fill_null(False))
        .drop("adjusted")
    )


@st.cache_data(max_entries=60, show_spinner=False)
def notables(
    _snapshot: Snapshot, snapshot_id: str, window: Window, filters: Filters, among: tuple[str, ...]
) -> list[Notable]:
    """The findings within a group of communes, each against the others of the group and against the window before."""
    before = previous_window(window.starts, window.ends)
    return notable(_snapshot, window, before, filters, among=among, limit=1_000)
