"""A trip on the map: the round from the seat, its stops with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pydeck as pdk

from charts.palettes import Palette, rgb

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class RouteStop:
    """A stop as drawn: its number on the trip, its name and its point (longitude, latitude)."""

    number: int
    name: str
    point: Point


def route_layers(seat: Point, stops: Sequence[RouteStop], palette: Palette, *, scale: float = 1.0) -> list[pdk.Layer]:
    """The layers of a trip, to lie over the communes: a straight line from stop to stop, and a number on each."""
    if not stops:
        return []
    path = [list(point) for point in (seat, *(stop.point for stop in stops), seat)]
    marks: list[dict[str, Any]] = [{"p": list(stop.point), "t": str(stop.number)} for stop in stops]
    marks.append({"p": list(seat), "t": "★"})
    shared: dict[str, Any] = {"get_position": "p", "pickable": False}
    return [
        pdk.Layer(
            "PathLayer",
            [{"d": path}],
            id="route-ground",
            get_path="d",
            get_color=[*rgb(palette.page), 255],
            width_units=pdk.types.String("pixels"),
            get_width=6 * scale,
        ),
        pdk.Layer(
            "PathLayer",
            [{"d": path}],
            id="route",
            get_path="d",
            get_color=[*rgb(palette.text), 255],
            width_units=pdk.types.String("pixels"),
            get_width=3 * scale,
        ),
        pdk.Layer(
            "ScatterplotLayer",
            marks,
            id="route-stops",
            **shared,
            radius_units=pdk.types.String("pixels"),
            get_radius=4 * scale,
            get_fill_color=[*rgb(palette.text), 255],
            get_line_color=[*rgb(palette.page), 255],
            stroked=True,
            line_width_units=pdk.types.String("pixels"),
            get_line_width=2,
        ),
        pdk.Layer(
            "TextLayer",
            marks,
            id="route-numbers",
            **shared,
            get_text="t",
            get_color=[*rgb(palette.page), 255],
            get_size=15 * scale,
            # Above the point, where the commune's name stands.
            get_pixel_offset=[0, -24 * scale],
            background=True,
            get_background_color=[*rgb(palette.text), 255],
            background_padding=[7, 2],
            background_border_radius=10,
            font_settings={"fontSize": 64, "buffer": 8},
            font_family=pdk.types.String("'Source Sans', sans-serif"),
            font_weight=700,
            character_set=pdk.types.String("auto"),
        ),
    ]
