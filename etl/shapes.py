"""Polygons that share their edges: cleaned, simplified and written as one coverage, so that neighbours stay neighbours.

All arrays hold WGS 84 polygons or multipolygons (degrees); none of the functions changes its argument.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import shapely
import shapely.geometry
from numpy.typing import NDArray

Shapes = NDArray[Any]

# Five decimals of a degree are about a metre.
DECIMALS = 5
# Gaps and overlaps narrower than this (degrees, about 100 m) are taken for slips of the pen and closed.
SLIP = 0.001
# Of all maps of a province: what a browser is sent again and again.
MAP_BYTES = 230_000
# Tolerances in degrees, finest first: triangles smaller than their square are cut off.
TOLERANCES = (0.0003, 0.0005, 0.0007, 0.001, 0.0014, 0.002, 0.0028, 0.004, 0.006, 0.01)


def polygons_only(shape: Any) -> Any:
    """The valid polygonal part of a geometry, or None where it has none."""
    if shape is None or shape.is_empty:
        return None
    if not shape.is_valid:
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [part for part in _flat(shape) if part.geom_type == "Polygon" and part.area > 0]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _flat(shape: Any) -> list[Any]:
    parts = list(shapely.get_parts(shape))
    return [piece for part in parts for piece in _flat(part)] if len(parts) > 1 else parts


def as_coverage(shapes: Shapes) -> tuple[Shapes, list[int]]:
    """The shapes with common edges made equal, and the places of those that were changed.

    Gaps and overlaps up to `SLIP` wide are closed. A shape that the cleaning would change by more than a twentieth
    overlaps for real: then all stay as they are, and those at fault are named.
    """
    if len(shapes) < 2 or shapely.coverage_is_valid(shapes):
        return shapes, []
    at_fault = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes))).tolist()
    cleaned = shapely.coverage_clean(shapes, gap_width=SLIP)
    change = np.abs(shapely.area(cleaned) - shapely.area(shapes)) / shapely.area(shapes)
    sound = shapely.is_valid(cleaned) & ~shapely.is_empty(cleaned)
    return (cleaned if sound.all() and change.max() < 0.05 else shapes), at_fault


def rounded(shapes: Shapes) -> Shapes:
    """The shapes with coordinates of five decimals; of more where five would break a shape or part neighbours.

    Rounded unit by unit on a precision grid neighbours would part. Here every corner moves by itself, so equal ones
    stay equal; what can still go wrong is a sliver that folds over, or a corner pushed over a neighbour's edge.
    """
    shared = shapely.coverage_is_valid(shapes)
    for decimals in (DECIMALS, DECIMALS + 1, DECIMALS + 2):
        moved: Shapes = shapely.transform(shapes, lambda corners, decimals=decimals: np.round(corners, decimals))
        if shapely.is_valid(moved).all() and (not shared or shapely.coverage_is_valid(moved)):
            return moved
    return shapes


def geojson(shape: Any) -> str:
    """The geometry as GeoJSON text; each number in as few digits as it has (GEOS's own writer often adds a dozen)."""
    return orjson.dumps(shapely.geometry.mapping(shape)).decode()


def for_map(shapes: Shapes, *, limit: int = MAP_BYTES) -> list[str]:
    """Each shape as GeoJSON text (5 decimals), simplified as one coverage to fit together into `limit` bytes.

    The finest tolerance that fits is taken, the roughest where none does.
    """
    texts: list[str] = []
    for tolerance in TOLERANCES:
        texts = [geojson(shape) for shape in _simplified(shapes, tolerance)]
        if sum(map(len, texts)) <= limit:
            break
    return texts


def _simplified(shapes: Shapes, tolerance: float) -> Shapes:
    """The shapes with fewer corners, rounded; none vanishes and a coverage stays one."""
    if not shapely.coverage_is_valid(shapes):
        return rounded(shapely.simplify(shapes, tolerance))
    simple = shapely.coverage_simplify(shapes, tolerance)
    # Shared edges need one tolerance; an island far out may be tiny and keeps its form by one of its own.
    alone = _standing_alone(shapes)
    own = np.minimum(tolerance, 0.03 * np.sqrt(shapely.area(shapes[alone])))
    simple[alone] = shapely.simplify(shapes[alone], own)
    return rounded(simple)


def _standing_alone(shapes: Shapes) -> Shapes:
    """The places of the shapes that touch no other."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return np.setdiff1d(np.arange(len(shapes)), first[first != second])


def inner_points(shapes: Shapes) -> NDArray[np.float64]:
    """A point well inside each shape, as an array of (lon, lat)."""
    largest = np.array([max(shapely.get_parts(shape), key=lambda part: part.area) for shape in shapes], dtype=object)
    tolerance = 0.01 * np.sqrt(shapely.area(largest))
    middles = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=tolerance), 0)
    inside = shapely.contains(shapes, middles)
    points = np.where(inside, middles, shapely.point_on_surface(shapes))
    coordinates: NDArray[np.float64] = np.round(shapely.get_coordinates(points), DECIMALS)
    return coordinates


def square_kilometres(shapes: Shapes) -> NDArray[np.float64]:
    """The areas on the ground."""
    equal_area = gpd.GeoSeries(shapes, crs="EPSG:4326").to_crs("EPSG:6933")
    areas: NDArray[np.float64] = equal_area.area.to_numpy() / 1e6
    return areas
