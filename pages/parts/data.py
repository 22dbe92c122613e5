"""What the screens read: the snapshot of the view, its lists and outlines, and figures, each computed once.

Figures are kept by snapshot, so a new one is never mixed with an old one; lists and outlines are shared and must not be
changed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import shapely
import streamlit as st
from shapely.geometry import mapping, shape

from charts.deck import Bounds, bounds, rounded
from charts.insets import Inset, place
from indicators import Filters, Window, compute, previous_window
from indicators.compare import compare
from indicators.notable import Notable, notable
from indicators.reconcile import Statement, statements
from language.text import sort_key
from warehouse import Snapshot, current_snapshot, warehouse_directory


def snapshot_of(snapshot_id: str) -> Snapshot:
    """The published snapshot, or the one that the address pins; SnapshotMissing where there is none to read."""
    return current_snapshot(warehouse_directory(), snapshot_id or None)


@dataclass(frozen=True, kw_only=True)
class Commune:
    """A unit in force, as lists and maps need it; `old_names` are the units it came from."""

    code: str
    name: str
    full_name: str
    kind: str
    old_province: str
    old_district: str
    cluster: str
    old_names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lists:
    """What the filters offer, in the order of the Vietnamese alphabet."""

    communes: dict[str, Commune]
    procedures: dict[str, str]
    fields: tuple[str, ...]
    channels: tuple[str, ...]
    first_day: dt.date
    loaded_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Outlines:
    """GeoJSON geometries for the province view, by commune; empty where the warehouse has no boundaries."""

    communes: dict[str, dict[str, Any]]
    points: dict[str, tuple[float, float, float]]
    province: dict[str, Any] | None
    old_units: tuple[dict[str, Any], ...]
    insets: tuple[Inset, ...]
    area: Bounds | None
    approximate: bool
    sources: tuple[str, ...]


@st.cache_resource(max_entries=4, show_spinner=False)
def lists(_snapshot: Snapshot, snapshot_id: str) -> Lists:
    communes = _snapshot.query(
        """
        select commune_code, name, full_name, kind, old_province, old_district, cluster,
            (select list(distinct old_name order by old_name) from lineage where new_code = commune_code) as old_names
        from commune
        order by sort_order
        """
    )
    keys = _snapshot.query("select distinct procedure_code, field, channel from dossier_key")
    named = dict(_snapshot.query("select procedure_code, any_value(name) from procedure group by all").iter_rows())
    codes = keys["procedure_code"].drop_nulls().unique().to_list()
    procedures = {code: named.get(code) or code for code in codes}
    days = _snapshot.query(
        """
        select (select min(day) from daily_flow) as first_day, (select as_of::date from snapshot) as as_of,
               (select max(loaded_at) from load) as loaded_at, (select built_at from snapshot) as built_at
        """
    ).row(0, named=True)
    return Lists(
        communes={
            row["commune_code"]: Commune(
                code=row["commune_code"],
                name=row["name"],
                full_name=row["full_name"],
                kind=row["kind"] or "",
                old_province=row["old_province"] or "",
                old_district=row["old_district"] or "",
                cluster=row["cluster"] or "",
                old_names=tuple(name for name in row["old_names"] or () if name),
            )
            for row in communes.iter_rows(named=True)
        },
        procedures=dict(sorted(procedures.items(), key=lambda item: sort_key(item[1]))),
        fields=tuple(sorted(keys["field"].drop_nulls().unique().to_list(), key=sort_key)),
        channels=tuple(sorted(keys["channel"].drop_nulls().unique().to_list(), key=_CHANNEL_ORDER.index)),
        first_day=days["first_day"] or days["as_of"],
        loaded_at=days["loaded_at"] or days["built_at"],
    )


_CHANNEL_ORDER = ["online", "in_person", "postal"]


@st.cache_resource(max_entries=4, show_spinner=False)
def outlines(_snapshot: Snapshot, snapshot_id: str) -> Outlines:
    rows = _snapshot.query(
        """
        select commune_code, map_geojson, lon, lat, area_km2, boundary_source, boundary_approximate
        from commune where map_geojson is not null
        """
    ).to_dicts()
    old = _snapshot.query("select map_geojson from old_unit where map_geojson is not null")
    shapes = {row["commune_code"]: rounded(json.loads(row["map_geojson"])) for row in rows}
    points = {}
    for row in rows:
        point = (row["lon"], row["lat"])
        if None in point:
            inside = shapely.point_on_surface(shape(shapes[row["commune_code"]]))
            point = (inside.x, inside.y)
        points[row["commune_code"]] = (*point, row["area_km2"] or 0.0)
    names = dict(_snapshot.query("select commune_code, full_name from commune").iter_rows())
    placed = place(shapes, points, names)
    old_shapes = [rounded(json.loads(text), 3) for text in old["map_geojson"]]
    return Outlines(
        communes=placed.shapes,
        points=placed.points,
        province=_province_outline(placed.shapes),
        # Old units of the islands would stand where those are no longer drawn.
        old_units=tuple(one for one in old_shapes if placed.area and _lies_in(one, placed.area)),
        insets=placed.insets,
        area=placed.area,
        approximate=any(row["boundary_approximate"] for row in rows),
        sources=tuple(sorted({row["boundary_source"] for row in rows if row["boundary_source"]})),
    )


def _lies_in(geometry: dict[str, Any], area: Bounds) -> bool:
    west, south, east, north = bounds([geometry])
    return west < area[2] and east > area[0] and south < area[3] and north > area[1]


def _province_outline(shapes: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    if not shapes:
        return None
    whole = shapely.union_all([shapely.make_valid(shape(one)) for one in shapes.values()])
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    # Slivers between neighbours that rounding opened are no holes of the province.
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors) if shapely.Polygon(ring).area > 1e-4]
    return rounded(mapping(shapely.MultiLineString(rings)))


@st.cache_resource(max_entries=4, show_spinner=False)
def days_off(_snapshot: Snapshot, snapshot_id: str) -> list[tuple[dt.date, str]]:
    """Named days on which nobody worked, in order."""
    rows = _snapshot.query("select day, note from calendar where not is_working and note is not null order by day")
    return list(rows.iter_rows())


@st.cache_data(max_entries=1_000, show_spinner=False)
def figures(
    _snapshot: Snapshot,
    snapshot_id: str,
    ids: tuple[str, ...],
    by: tuple[str, ...],
    filters: Filters,
    window: Window,
) -> pl.DataFrame:
    """`indicators.compute` for a window: the dimensions, then for each ID its value, n and interval."""
    return compute(_snapshot, list(ids), by=list(by), filters=filters, date_from=window.starts, date_to=window.ends)


@st.cache_data(max_entries=300, show_spinner=False)
def changes(
    _snapshot: Snapshot, snapshot_id: str, ids: tuple[str, ...], window: Window, reference: Window, filters: Filters
) -> pl.DataFrame:
    """`indicators.compare.compare`: what changed since another window, and whether it is more than chance."""

    def kept(ids: Sequence[str], by: Sequence[str], window: Window) -> pl.DataFrame:
        # The cards and the other reference ask for the same window.
        return figures(_snapshot, snapshot_id, tuple(ids), tuple(by), filters, window)

    return compare(_snapshot, ids, window, reference, filters, answer=kept)


@st.cache_data(max_entries=100, show_spinner=False)
def notables(_snapshot: Snapshot, snapshot_id: str, window: Window, filters: Filters) -> list[Notable]:
    """All findings of `indicators.notable`, against the rest of the province and against the window before."""
    return notable(_snapshot, window, previous_window(window.starts, window.ends), filters, limit=1_000)


@st.cache_resource(max_entries=8, show_spinner=False)
def reported(_snapshot: Snapshot, snapshot_id: str, language: str) -> list[Statement]:
    """Every reported figure by unit and source, checked and compared; the sentences are in the session's language."""
    del language
    return statements(_snapshot)
