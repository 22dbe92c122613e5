"""GeoJSON as SVG: places and outlines on a sheet of so many units, in Mercator's projection as the screen's map."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from charts.deck import Bounds, fitting_zoom, place_in_pixels

# The Earth's radius in kilometres, as web maps take it.
_EARTH = 6378.137


@dataclass(frozen=True)
class Sheet:
    """A drawing of `width` × `height` units into which the area just fits."""

    area: Bounds
    width: float
    height: float

    @property
    def _zoom(self) -> float:
        return fitting_zoom(self.area, width=round(self.width), height=round(self.height), padding=6)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """From the upper left corner to the right and down."""
        west, south, east, north = self.area
        left, bottom = place_in_pixels(west, south, self._zoom)
        right, top = place_in_pixels(east, north, self._zoom)
        x, y = place_in_pixels(lon, lat, self._zoom)
        return self.width / 2 + x - (left + right) / 2, self.height / 2 - (y - (bottom + top) / 2)

    @property
    def units_per_km(self) -> float:
        """At the middle of the area."""
        middle = (self.area[1] + self.area[3]) / 2
        pixels_per_radian = 512 * 2**self._zoom / (2 * math.pi)
        return pixels_per_radian / (_EARTH * math.cos(math.radians(middle)))


def path(geometry: Mapping[str, Any], sheet: Sheet, *, scale: int = 10) -> str:
    """The `d` of an SVG path in whole units of 1/`scale`: relative steps, so that thousands of vertices stay small."""
    texts = []
    for ring, is_closed in _rings(geometry):
        places = [tuple(round(scale * one) for one in sheet.place(*point[:2])) for point in ring]
        x, y = places[0]
        steps = [f"M{x} {y}l"]
        for to_x, to_y in places[1:]:
            if (to_x, to_y) != (x, y):
                steps.append(f"{to_x - x} {to_y - y} ")
                x, y = to_x, to_y
        if len(steps) > 1:
            texts.append("".join(steps).rstrip() + ("z" if is_closed else ""))
    return "".join(texts)


def _rings(geometry: Mapping[str, Any]) -> list[tuple[list[list[float]], bool]]:
    parts = geometry["coordinates"]
    match geometry["type"]:
        case "Polygon":
            return [(ring, True) for ring in parts]
        case "MultiPolygon":
            return [(ring, True) for polygon in parts for ring in polygon]
        case "LineString":
            return [(parts, False)]
        case "MultiLineString":
            return [(line, False) for line in parts]
        case _:
            return []
