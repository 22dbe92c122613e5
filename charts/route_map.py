"""A trip on the map: the round from the seat, its stops with their numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pydeck as pdk

from charts.deck import Bounds, fitting_zoom, place_in_pixels
from charts.labels import PLATE, SIZE, text_width
from charts.palettes import Palette, rgb

Point = tuple[float, float]
# The radius of a pin, in pixels.
_PIN = 11


@dataclass(frozen=True, kw_only=True)
class RouteStop:
    """A stop as drawn: its number on the trip, its name and its point (longitude, latitude)."""

    number: int
    name: str
    point: Point


@dataclass(frozen=True, kw_only=True)
class Box:
    """A piece of the map that is taken, in pixels from its middle: centre, and half of its width and height."""

    x: float
    y: float
    half_width: float
    half_height: float

    def meets(self, other: Box, *, gap: float = 2) -> bool:
        return (
            abs(self.x - other.x) < self.half_width + other.half_width + gap
            and abs(self.y - other.y) < self.half_height + other.half_height + gap
        )


@dataclass(frozen=True, kw_only=True)
class RouteLabels:
    """Where the names of the stops stand, as pixels from their points, and what pins, names and lines together take."""

    offsets: tuple[tuple[float, float], ...]
    taken: tuple[Box, ...]
    along: tuple[Point, ...]
    middle: Point
    zoom: float

    def hides(self, name: str, point: Point) -> bool:
        """Whether a name with its middle at a point would lie under a pin, a stop's name or the line of the route."""
        here = _box(name, *_place(point, self.middle, self.zoom))
        return any(here.meets(box) for box in self.taken) or any(
            abs(here.x - x) < here.half_width and abs(here.y - y) < here.half_height for x, y in self.along
        )


def route_labels(seat: Point, stops: Sequence[RouteStop], area: Bounds, *, width: int, height: int) -> RouteLabels:
    """A place for each stop's name beside its pin, on the side where nothing lies yet and the map has not ended."""
    zoom = fitting_zoom(area, width=width, height=height)
    corners = [place_in_pixels(area[0], area[1], zoom), place_in_pixels(area[2], area[3], zoom)]
    middle = (sum(corner[0] for corner in corners) / 2, sum(corner[1] for corner in corners) / 2)
    places = [_place(stop.point, middle, zoom) for stop in stops]
    taken = [Box(x=x, y=y, half_width=_PIN, half_height=_PIN) for x, y in [_place(seat, middle, zoom), *places]]
    offsets = []
    for stop, (x, y) in zip(stops, places, strict=True):
        half = text_width(stop.name) / 2
        beside, over = _PIN + half + 3, _PIN + PLATE / 2 + 2
        sides = [(beside, 0.0), (-beside, 0.0), (0.0, -over), (0.0, over), (beside, over), (-beside, over)]
        free = [
            side
            for side in sides
            if abs(x + side[0]) + half <= width / 2
            and abs(y + side[1]) + PLATE / 2 <= height / 2
            and not any(_box(stop.name, x + side[0], y + side[1]).meets(box) for box in taken)
        ]
        offsets.append((free or sides)[0])
        taken.append(_box(stop.name, x + offsets[-1][0], y + offsets[-1][1]))
    round_trip = [_place(seat, middle, zoom), *places, _place(seat, middle, zoom)] if places else []
    along = tuple(point for one, other in itertools.pairwise(round_trip) for point in _dotted(one, other))
    return RouteLabels(offsets=tuple(offsets), taken=tuple(taken), along=along, middle=middle, zoom=zoom)


def _dotted(one: Point, other: Point) -> list[Point]:
    """Points on a straight line, nearer to each other than a name is high."""
    steps = max(1, math.ceil(math.dist(one, other) / (PLATE / 3)))
    return [
        (one[0] + (other[0] - one[0]) * step / steps, one[1] + (other[1] - one[1]) * step / steps)
        for step in range(steps + 1)
    ]


def _place(point: Point, middle: Point, zoom: float) -> Point:
    x, y = place_in_pixels(*point, zoom)
    return x - middle[0], y - middle[1]


def _box(name: str, x: float, y: float) -> Box:
    return Box(x=x, y=y, half_width=text_width(name) / 2, half_height=PLATE / 2)


def route_layers(
    seat: Point, stops: Sequence[RouteStop], labels: RouteLabels, palette: Palette, *, scale: float = 1.0
) -> list[pdk.Layer]:
    """The layers of a trip, to lie over the communes: a straight line from stop to stop, a numbered pin on each and its
    name beside it. `scale` enlarges them for a projector; the labels are then laid out for a map smaller by as much."""
    if not stops:
        return []
    path = [list(point) for point in (seat, *(stop.point for stop in stops), seat)]
    marks: list[dict[str, Any]] = [{"p": list(seat), "t": "★"}] if seat not in {stop.point for stop in stops} else []
    marks += [{"p": list(stop.point), "t": str(stop.number)} for stop in stops]
    names = [
        {"p": list(stop.point), "t": stop.name, "o": [round(x * scale), round(y * scale)]}
        for stop, (x, y) in zip(stops, labels.offsets, strict=True)
    ]
    shared: dict[str, Any] = {"get_position": "p", "pickable": False}
    letters: dict[str, Any] = {
        "get_text": "t",
        "font_settings": {"fontSize": 64, "buffer": 8},
        "font_family": pdk.types.String("'Source Sans', sans-serif"),
        "character_set": pdk.types.String("auto"),
    }
    pixels = pdk.types.String("pixels")
    return [
        pdk.Layer(
            "PathLayer",
            [{"d": path}],
            id=name,
            get_path="d",
            get_color=[*rgb(colour), 255],
            width_units=pixels,
            get_width=width * scale,
        )
        for name, colour, width in (("route-ground", palette.page, 6), ("route", palette.text, 3))
    ] + [
        pdk.Layer(
            "ScatterplotLayer",
            marks,
            id="route-stops",
            **shared,
            radius_units=pixels,
            get_radius=_PIN * scale,
            get_fill_color=[*rgb(palette.text), 255],
            get_line_color=[*rgb(palette.page), 255],
            stroked=True,
            line_width_units=pixels,
            get_line_width=2,
        ),
        pdk.Layer(
            "TextLayer",
            marks,
            id="route-numbers",
            **shared,
            **letters,
            get_color=[*rgb(palette.page), 255],
            get_size=15 * scale,
            font_weight=700,
        ),
        pdk.Layer(
            "TextLayer",
            names,
            id="route-names",
            **shared,
            **letters,
            get_color=[*rgb(palette.text), 255],
            get_size=SIZE * scale,
            get_pixel_offset="o",
            background=True,
            get_background_color=[*rgb(palette.page), 235],
            background_padding=[3, 0],
            background_border_radius=4,
            font_weight=700,
        ),
    ]
