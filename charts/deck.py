"""A pydeck map that asks no other server for anything and travels as compact JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

import pydeck as pdk
from pydeck.bindings.json_tools import default_serialize

# Tiles of deck.gl are 512 pixels wide at zoom 0.
_TILE = 512

Bounds = tuple[float, float, float, float]


class Deck(pdk.Deck):
    """pydeck's Deck without the indented JSON, which quadruples what a map sends to the browser."""

    def to_json(self) -> str:
        return json.dumps(self, default=default_serialize, ensure_ascii=False, separators=(",", ":"))


def deck(layers: Sequence[pdk.Layer], view_state: pdk.ViewState, tooltip: dict[str, Any] | None) -> Deck:
    """The layers on an empty ground: no provider and no style, so that no base map is ever fetched."""
    return Deck(
        layers=list(layers),
        initial_view_state=view_state,
        views=[pdk.View(type="MapView", controller={"scrollZoom": {"speed": 0.01}, "dragRotate": False})],
        map_provider=None,
        tooltip=tooltip if tooltip is not None else False,
    )


def positions(geometry: dict[str, Any]) -> Iterable[Sequence[float]]:
    """All vertices of a GeoJSON geometry."""
    nested = geometry["coordinates"]
    stack = [nested]
    while stack:
        part = stack.pop()
        if part and isinstance(part[0], int | float):
            yield part
        else:
            stack.extend(part)


def rounded(geometry: dict[str, Any], decimals: int = 4) -> dict[str, Any]:
    """The geometry with coordinates of `decimals` places (4 is about ten metres); equal vertices stay equal."""

    def shorten(part: Any) -> Any:
        if part and isinstance(part[0], int | float):
            return [round(part[0], decimals), round(part[1], decimals)]
        points = [shorten(inner) for inner in part]
        if points and isinstance(points[0][0], int | float):
            # Neighbouring vertices that became the same point say nothing.
            kept = [point for index, point in enumerate(points) if index == 0 or point != points[index - 1]]
            return kept if len(kept) >= 4 else points
        return points

    return {"type": geometry["type"], "coordinates": shorten(geometry["coordinates"])}


def bounds(geometries: Iterable[dict[str, Any]]) -> Bounds:
    """West, south, east, north of at least one geometry."""
    points = [point for geometry in geometries for point in positions(geometry)]
    return (
        min(point[0] for point in points),
        min(point[1] for point in points),
        max(point[0] for point in points),
        max(point[1] for point in points),
    )


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def fitting_height(area: Bounds, *, width: int, padding: int = 12) -> int:
    """The height in pixels of a map of this width that the area just fills."""
    west, south, east, north = area
    ratio = (_mercator(north) - _mercator(south)) / max(math.radians(east - west), 1e-6)
    return round((width - 2 * padding) * ratio) + 2 * padding


def fitting_zoom(area: Bounds, *, width: int, height: int, padding: int = 12) -> float:
    """The zoom of `fitting_view`."""
    west, south, east, north = area
    zoom_x = math.log2((width - 2 * padding) * 360 / (_TILE * max(east - west, 1e-6)))
    span = max(_mercator(north) - _mercator(south), 1e-9)
    zoom_y = math.log2((height - 2 * padding) * 2 * math.pi / (_TILE * span))
    return round(min(zoom_x, zoom_y), 2)


def degrees_per_pixel(area: Bounds, *, width: int, height: int) -> float:
    """The degrees of latitude of a pixel at the zoom of `fitting_view`."""
    latitude = math.radians((area[1] + area[3]) / 2)
    return 360 * math.cos(latitude) / (_TILE * 2 ** fitting_zoom(area, width=width, height=height))


def place_in_pixels(longitude: float, latitude: float, zoom: float) -> tuple[float, float]:
    """Where a place lies at a zoom, to the east and north of longitude and latitude 0."""
    pixels_per_radian = _TILE * 2**zoom / (2 * math.pi)
    return math.radians(longitude) * pixels_per_radian, _mercator(latitude) * pixels_per_radian


def fitting_view(area: Bounds, *, width: int, height: int, padding: int = 12) -> pdk.ViewState:
    """The view in which the area just fits a map of `width` × `height` pixels."""
    west, south, east, north = area
    middle = (_mercator(north) + _mercator(south)) / 2
    latitude = math.degrees(2 * math.atan(math.exp(middle)) - math.pi / 2)
    return pdk.ViewState(
        longitude=round((west + east) / 2, 5),
        latitude=round(latitude, 5),
        zoom=fitting_zoom(area, width=width, height=height, padding=padding),
        min_zoom=5,
        max_zoom=14,
        bearing=0,
        pitch=0,
    )
