"""What the screen of Decision 766 reads: the assessment of a window, of all communes and of the dossiers as one."""

from __future__ import annotations

import polars as pl
import streamlit as st

from indicators.filters import Filters
from indicators.index_766 import Assessment, Component, Ranking, assess_communes, assess_whole, rank, weights_on
from indicators.windows import Window
from pages.parts.screen import Screen
from warehouse import Snapshot

# Points between a published score and our own computation for the same period that are worth a question.
LARGE_DIFFERENCE = 0.5


@st.cache_resource(max_entries=200, show_spinner=False)
def of_communes(_snapshot: Snapshot, snapshot_id: str, window: Window, filters: Filters) -> Assessment:
    """Every commune that the filters keep; shared, must not be changed."""
    return assess_communes(_snapshot, window, filters)


@st.cache_resource(max_entries=200, show_spinner=False)
def of_whole(_snapshot: Snapshot, snapshot_id: str, window: Window, filters: Filters) -> Assessment:
    """All dossiers of the filters as one unit; shared, must not be changed."""
    return assess_whole(_snapshot, window, filters)


@st.cache_resource(max_entries=200, show_spinner=False)
def ranking(_snapshot: Snapshot, snapshot_id: str, window: Window, filters: Filters, least_n: int) -> Ranking:
    """Which communes can be told apart; shared, must not be changed."""
    return rank(of_communes(_snapshot, snapshot_id, window, filters), least_n=least_n)


@st.cache_resource(max_entries=50, show_spinner=False)
def components(_snapshot: Snapshot, snapshot_id: str, window: Window) -> tuple[Component, ...]:
    """The weights that stand on the window's last day."""
    return weights_on(_snapshot, window.ends)


@st.cache_resource(max_entries=4, show_spinner=False)
def has_scores(_snapshot: Snapshot, snapshot_id: str) -> bool:
    """Whether any score was published to the snapshot."""
    return not _snapshot.query("select 1 from index_score limit 1").is_empty()


def recomputed(screen: Screen, assessment: Assessment, filters: Filters) -> pl.DataFrame:
    """Our own points for the very periods of the published scores: what the two sources differ by.

    Takes an assessment by commune or of the whole; columns `component, published, own` (and `commune`), only of periods
    that the data reach back to.
    """
    wanted = assessment.components.filter(pl.col("published_score").is_not_null() & pl.col("formula").is_not_null())
    by_commune = "commune" in wanted.columns
    read = of_communes if by_commune else of_whole
    on = ["component", *(["commune"] if by_commune else [])]
    found = [pl.DataFrame(schema={**dict.fromkeys(on, pl.String), "published": pl.Float64, "own": pl.Float64})]
    for (starts, ends), rows in wanted.group_by(["published_starts_on", "published_ends_on"]):
        if starts >= screen.lists.first_day:
            then = read(screen.snapshot, screen.snapshot.id, Window(starts, ends), filters).components
            own = then.drop_nulls("own").select(*on, "own")
            found.append(rows.select(*on, published="published_score").join(own, on=on, how="inner"))
    return pl.concat(found)


def of_unit(assessment: Assessment, commune: str | None) -> Assessment:
    """The rows of one commune, or of the whole."""
    if commune is None:
        return assessment
    kept = pl.col("commune") == commune
    return Assessment(
        assessment.components.filter(kept), assessment.groups.filter(kept), assessment.totals.filter(kept)
    )
