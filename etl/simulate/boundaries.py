"""Approximate boundaries of a province ("ranh giới xấp xỉ") from the facts of the reference tables alone.

No registry has polygons. Every old unit of the country has a point and, mostly, a bounding box, and every new unit an
official area. The country is laid out as a Voronoi diagram in which each old unit measures distance by its own box (1
on the box's edge, so large units reach farther) and each new unit has a weight, adjusted until its cells add up to its
official area. Sea and foreign country is what no box reaches. The cells are computed on a fine grid (`layout`),
dissolved into old and new units, and simplified as one coverage. Nothing is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from etl import reference
from etl.simulate.layout import Floats, Ints, Pieces, lay_out

KM_PER_DEGREE = 110.6
# Boxes nearer than this belong to one land mass; a grid is laid over each.
GAP = 1.5
# A commune fills this share of its bounding box (median of old communes of known outline).
BOX_FILL = 0.535
# The least share of the mean of a new unit's parts that a rural commune's box is believed to cover.
SMALLEST = 0.7
# How far the middle of an old unit lies from its box's centre towards its given point.
TOWARDS_POINT = 0.6


@dataclass(frozen=True)
class Plane:
    """Degrees to kilometres around a province, and back."""

    lon: float
    lat: float
    scale_x: float

    def x(self, lon: Floats) -> Floats:
        return (lon - self.lon) * self.scale_x

    def y(self, lat: Floats) -> Floats:
        return (lat - self.lat) * KM_PER_DEGREE

    def degrees(self, points: Floats) -> Floats:
        lon, lat = self.lon + points[:, 0] / self.scale_x, self.lat + points[:, 1] / KM_PER_DEGREE
        return np.column_stack([lon, lat]).round(6)


def approximate_boundaries(province_code: str) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The province's communes (`commune_code, geometry`) and its old units (`old_code, geometry`), WGS 84.

    Each is one valid coverage; divided old units are cut between their new units. Raises KeyError for an unknown code.
    """
    if reference.units(province_code).is_empty():
        raise KeyError(province_code)
    pieces, plane = _pieces(province_code)
    parts: list[tuple[int, Any]] = []
    for cluster in _land_masses(pieces):
        parts += lay_out(pieces, cluster)
    index = np.array([part[0] for part in parts])
    shapes = shapely.transform(np.array([part[1] for part in parts], dtype=object), plane.degrees)
    communes = _dissolve(shapes, pieces.new[index], pieces.new_codes)
    old_units = _dissolve(shapes, pieces.old[index], pieces.old_codes)
    return (
        gpd.GeoDataFrame({"commune_code": list(communes)}, geometry=list(communes.values()), crs="EPSG:4326"),
        gpd.GeoDataFrame({"old_code": list(old_units)}, geometry=list(old_units.values()), crs="EPSG:4326"),
    )


def _dissolve(shapes: NDArray[Any], groups: Ints, codes: list[str]) -> dict[str, Any]:
    # Sorted by code, so that the files written from it are the same on every run.
    order = sorted(set(groups.tolist()), key=lambda group: codes[group])
    return {codes[group]: shapely.coverage_union_all(shapes[groups == group]) for group in order}


def _pieces(province_code: str) -> tuple[Pieces, Plane]:
    """The pieces of the province and of all units within reach of it."""
    new = reference.units().select(
        new_code="commune_code", province="province_code", new_area="area_km2", new_lon="lon", new_lat="lat"
    )
    old_units = reference.old_units().select(
        "old_code", "lon", "lat", *reference.BOX, rural=pl.col("kind") == "commune"
    )
    frame = (
        reference.lineage()
        .select("new_code", "old_code")
        .join(old_units, on="old_code")
        .join(new, on="new_code")
        .with_columns(own=pl.col("province") == province_code, parts=pl.len().over("old_code"))
        .sort("old_code", "new_code")
    )
    own = frame.filter("own")
    lon, lat = (float(np.median(own[column].to_numpy())) for column in ("lon", "lat"))
    plane = Plane(lon, lat, 111.32 * float(np.cos(np.radians(lat))))
    # A degree is farther than any box reaches.
    near = pl.any_horizontal(
        ((pl.col("lon") - lon).abs() < 0.7) & ((pl.col("lat") - lat).abs() < 0.7)
        for lon, lat in own.group_by((pl.col("lon") * 2).round(), (pl.col("lat") * 2).round())
        .agg(x=pl.col("lon").mean(), y=pl.col("lat").mean()).sort("x", "y").select("x", "y").iter_rows()
    )  # fmt: skip
    frame = frame.filter(near)
    old_codes, new_codes = (frame[column].unique().sort().to_list() for column in ("old_code", "new_code"))
    old, group = (
        frame[column].replace_strict({code: i for i, code in enumerate(codes)}).to_numpy().astype(np.int64)
        for column, codes in (("old_code", old_codes), ("new_code", new_codes))
    )
    value = {column: frame[column].cast(pl.Float64).to_numpy() for column in ("lon", "lat", *reference.BOX, "parts")}
    px, py = plane.x(value["lon"]), plane.y(value["lat"])
    west, east = plane.x(value["west"]), plane.x(value["east"])
    south, north = plane.y(value["south"]), plane.y(value["north"])
    area = frame["new_area"].to_numpy()
    boxed = np.isfinite(west)
    measured = np.where(boxed, BOX_FILL * (east - west) * (north - south) / value["parts"], 0.0)
    # A rural commune's box that is too small by far is a village's: it keeps its centre and shape only.
    mean = area / np.bincount(group, 1 / value["parts"])[group] / value["parts"]
    small = boxed & frame["rural"].to_numpy() & (measured < SMALLEST * mean)
    grow = np.where(small, np.sqrt(SMALLEST * mean / np.maximum(measured, 1e-9)), 1.0)
    west, east = (west + east) / 2 - grow * (east - west) / 2, (west + east) / 2 + grow * (east - west) / 2
    south, north = (south + north) / 2 - grow * (north - south) / 2, (south + north) / 2 + grow * (north - south) / 2
    measured = measured * grow**2
    # A unit without a box gets what the others of its new unit leave, within reason.
    left = area - np.bincount(group, measured)[group]
    share = np.clip(left / np.maximum(1, np.bincount(group, ~boxed)[group]), 0.3 * mean, 1.5 * mean)
    half = np.sqrt(share / BOX_FILL) / 2
    west, east = np.where(boxed, west, px - half), np.where(boxed, east, px + half)
    south, north = np.where(boxed, south, py - half), np.where(boxed, north, py + half)
    expected = np.where(boxed, measured, share)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    inner_x, inner_y = (east - west) / 4, (north - south) / 4
    return Pieces(
        old=old,
        new=group,
        x=middle_x + TOWARDS_POINT * np.clip(px - middle_x, -inner_x, inner_x),
        y=middle_y + TOWARDS_POINT * np.clip(py - middle_y, -inner_y, inner_y),
        west=west, east=east, south=south, north=north,
        power=np.where(boxed, 3.0, 2.0),
        divided=value["parts"] > 1,
        pull_x=plane.x(frame["new_lon"].to_numpy()), pull_y=plane.y(frame["new_lat"].to_numpy()),
        pull_radius=np.sqrt(area / np.pi),
        area=expected * area / np.bincount(group, expected)[group],
        own=frame["own"].to_numpy(),
        old_codes=old_codes, new_codes=new_codes,
    ), plane  # fmt: skip


def _land_masses(pieces: Pieces) -> list[NDArray[Any]]:
    """The rows of the pieces of each land mass that the province has a part in."""
    boxes = shapely.box(pieces.west - GAP, pieces.south - GAP, pieces.east + GAP, pieces.north + GAP)
    masses = shapely.get_parts(shapely.union_all(boxes))
    row, mass = shapely.STRtree(masses).query(boxes, predicate="intersects")
    rows = (row[mass == number] for number in range(len(masses)))
    return [np.sort(members) for members in rows if pieces.own[members].any()]
