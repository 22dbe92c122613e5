"""The map of a trip: the round from the seat, and the names of the stops beside their pins."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts.deck import Bounds, bounds
from charts.province_map import MapUnit, province_map
from charts.route_map import RouteLabels, RouteStop, route_labels, route_layers
from language import _
from pages.parts import data
from pages.parts.maps import boundary_notes, ground_of, has_outlines
from pages.parts.screen import Screen
from pages.parts.trips_data import commune_places, trip_seat

# The column of a projector; a wider one shows more ground.
_MAP_WIDTH, _MAP_HEIGHT = 490, 460
_LEAST_DEGREES = 0.25


def draw_route_map(screen: Screen, codes: Sequence[str]) -> None:
    """The stops with their numbers and names on the province's communes; nothing without outlines."""
    outlines = data.outlines(screen.snapshot, screen.snapshot.id)
    start = trip_seat(screen.snapshot, screen.snapshot.id, screen.view.language)
    if not has_outlines(screen) or outlines.area is None or start is None:
        return
    known = commune_places(screen.snapshot, screen.snapshot.id)
    stops = [
        RouteStop(number=place, name=known[code][0], point=known[code][1])
        for place, code in enumerate(codes, start=1)
        if code in known
    ]
    area = _area(outlines, [*codes, start.commune_code])
    labels = route_labels(start.point, stops, area, width=_MAP_WIDTH, height=_MAP_HEIGHT)
    deck = province_map(
        _units(screen, codes, labels),
        area=area,
        palette=screen.palette,
        outline=outlines.province,
        insets=outlines.insets,
        selected=codes,
        width=_MAP_WIDTH,
        height=_MAP_HEIGHT,
    )
    deck.layers = [*deck.layers, *route_layers(start.point, stops, labels, screen.palette)]
    names = ", ".join(f"{stop.number}. {stop.name}" for stop in stops) or _("chưa chọn điểm đến")
    words = _("Bản đồ chuyến đi từ {start}: {stops}").format(start=start.name, stops=names)
    st.pydeck_chart(deck, key="trip_map", height=_MAP_HEIGHT, alt=words)
    st.caption(" · ".join([_("★ nơi xuất phát; đường nối là đường chim bay"), *boundary_notes(screen)]))


def _area(outlines: data.Outlines, codes: Sequence[str]) -> Bounds:
    """The stops and the seat with some ground around them, never less than a quarter of a degree."""
    shapes = [outlines.communes[code] for code in codes if code in outlines.communes]
    if len(codes) < 2 or not shapes:
        assert outlines.area is not None
        return outlines.area
    west, south, east, north = bounds(shapes)
    wide, high = (max(_LEAST_DEGREES, end - start) * 0.6 for start, end in ((west, east), (south, north)))
    middle = (west + east) / 2, (south + north) / 2
    return middle[0] - wide, middle[1] - high, middle[0] + wide, middle[1] + high


def _units(screen: Screen, codes: Sequence[str], labels: RouteLabels) -> list[MapUnit]:
    """The communes as a quiet ground; stops have their names beside their pins, and no other name lies there."""
    ground = ground_of(screen)
    units = []
    for code, geometry in ground.shapes.items():
        name, full_name = ground.names.get(code, (code, code))
        lon, lat, area = ground.points[code]
        if codes and (code in codes or labels.hides(name, (lon, lat))):
            name = ""
        units.append(
            MapUnit(
                code=code,
                name=name,
                full_name=full_name,
                geometry=geometry,
                lon=lon,
                lat=lat,
                area_km2=area,
                fill=screen.palette.sequential[2 if code in codes else 0],
                hatched=False,
                dotted=False,
                value=_("Điểm đến số {number}").format(number=codes.index(code) + 1) if code in codes else "",
                detail="",
            )
        )
    return units
