"""Units far out at sea, drawn in a frame beside the province: the mainland fills the map, and no island is left out.

The two archipelagos bear the names that maps of the country give them, and stand in the map even where a boundary file
has no polygon for them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.affinity import affine_transform
from shapely.geometry import mapping, shape

from charts.deck import Bounds, bounds, rounded

Shape = dict[str, Any]

# Code of the đặc khu: its name, the same in every language of the screens, and where it lies.
ARCHIPELAGOS = {
    "20333": ("quần đảo Hoàng Sa\n(thành phố Đà Nẵng)", (112.0, 16.5)),
    "22736": ("quần đảo Trường Sa\n(tỉnh Khánh Hòa)", (114.3, 9.9)),
}

# A gap to all others of this part of their longer side is far.
_FAR = 0.4
# The frame's side as a part of the province's mean side; islands smaller than this part of it are drawn as a disc.
_SIDE, _LEAST = 0.36, 0.07
_MOST_ENLARGED = 4


@dataclass(frozen=True, kw_only=True)
class Inset:
    """A frame, and the name under it at `lon`, `lat`."""

    code: str
    frame: Shape
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Shapes and points as they are drawn, the frames, and the area that holds all of it."""

    shapes: dict[str, Shape]
    points: dict[str, tuple[float, float, float]]
    insets: tuple[Inset, ...]
    area: Bounds | None


def place(
    shapes: Mapping[str, Shape], points: Mapping[str, tuple[float, float, float]], names: Mapping[str, str]
) -> Placed:
    """Move units far from all others into frames; `points` are longitude, latitude and km² by code."""
    shapes, points = dict(shapes), dict(points)
    if not shapes:
        return Placed(shapes=shapes, points=points, insets=(), area=None)
    for code, (_name, middle) in ARCHIPELAGOS.items():
        if code in names and code not in shapes:
            shapes[code] = rounded(mapping(shapely.Point(middle).buffer(0.1)))
            points[code] = (*middle, 0.0)
    far = far_units(shapes)
    near = bounds(one for code, one in shapes.items() if code not in far)
    insets = []
    for order, code in enumerate(far):
        inset, drawn = _inset(code, shapes[code], near, names.get(code, code), taken=order)
        insets.append(inset)
        shapes[code] = drawn
        inside = shape(inset.frame).centroid
        points[code] = (inside.x, inside.y, points[code][2])
    area = near
    for inset in insets:
        west, south, east, north = bounds([inset.frame])
        room = 0.15 * (east - west)
        area = (
            min(area[0], west - room),
            min(area[1], south - 3 * room),
            max(area[2], east + room),
            max(area[3], north),
        )
    return Placed(shapes=shapes, points=points, insets=tuple(insets), area=area)


def far_units(shapes: Mapping[str, Shape]) -> list[str]:
    """The codes of units that lie far from the box around all others, the farthest first."""
    boxes = {code: bounds([one]) for code, one in shapes.items()}
    far: list[str] = []
    while len(boxes) > 2:
        gaps = {}
        for code, box in boxes.items():
            others = _around([other for key, other in boxes.items() if key != code])
            side = max(others[2] - others[0], others[3] - others[1])
            gaps[code] = _gap(box, others) / max(side, 1e-6)
        farthest = max(gaps, key=gaps.__getitem__)
        if gaps[farthest] < _FAR:
            break
        far.append(farthest)
        del boxes[farthest]
    return far


def _around(boxes: list[Bounds]) -> Bounds:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _gap(one: Bounds, other: Bounds) -> float:
    across = max(0.0, one[0] - other[2], other[0] - one[2])
    along = max(0.0, one[1] - other[3], other[1] - one[3])
    return math.hypot(across, along)


def _inset(code: str, unit: Shape, near: Bounds, name: str, *, taken: int) -> tuple[Inset, Shape]:
    """The frame on the side where the unit lies, as near to its own latitude as the province reaches."""
    geometry = shape(unit)
    west, south, east, north = geometry.bounds
    side = _SIDE * math.sqrt((near[2] - near[0]) * (near[3] - near[1]))
    scale = min(0.7 * side / max(east - west, north - south), _MOST_ENLARGED)
    is_east = (west + east) / 2 >= (near[0] + near[2]) / 2
    lon = near[2] + 0.75 * side if is_east else near[0] - 0.75 * side
    lowest, highest = near[1] + side, max(near[1] + side, near[3] - side / 2)
    lat = min(max((south + north) / 2, lowest), highest) - taken * 1.7 * side
    moved = affine_transform(
        geometry, [scale, 0, 0, scale, lon - scale * (west + east) / 2, lat - scale * (south + north) / 2]
    )
    parts = [
        part
        if max(part.bounds[2] - part.bounds[0], part.bounds[3] - part.bounds[1]) > _LEAST * side
        # A reef of a few pixels is seen by nobody.
        else part.centroid.buffer(_LEAST * side / 2)
        for part in shapely.get_parts(moved)
    ]
    half = side / 2
    label = ARCHIPELAGOS[code][0] if code in ARCHIPELAGOS else name
    inset = Inset(
        code=code,
        frame=rounded(mapping(shapely.box(lon - half, lat - half, lon + half, lat + half))),
        name=label,
        lon=round(lon, 4),
        lat=round(lat - half, 4),
    )
    return inset, rounded(mapping(shapely.union_all(parts)))
