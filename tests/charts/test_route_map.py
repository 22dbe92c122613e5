"""A trip on the map: names stand beside their pins, and nothing lies over anything."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from charts.palettes import LIGHT
from charts.route_map import Box, RouteStop, route_labels, route_layers

AREA = (105.0, 21.0, 105.6, 21.5)
SEAT = (105.3, 21.25)


def stops(*points: tuple[float, float]) -> list[RouteStop]:
    return [RouteStop(number=place, name=f"Xã số {place}", point=point) for place, point in enumerate(points, start=1)]


def test_the_name_of_a_stop_keeps_clear_of_every_pin_and_of_the_other_names() -> None:
    made = stops((105.2, 21.2), (105.24, 21.2), (105.2, 21.24), (105.45, 21.4))
    found = route_labels(SEAT, made, AREA, width=490, height=460)
    assert len(found.taken) == 1 + 2 * len(made)
    for one, other in itertools.combinations(found.taken, 2):
        assert not one.meets(other, gap=0)


@given(st.floats(105.02, 105.58), st.floats(21.02, 21.48))
def test_a_name_is_inside_the_map(lon: float, lat: float) -> None:
    found = route_labels(SEAT, stops((lon, lat)), AREA, width=490, height=460)
    name = found.taken[-1]
    assert abs(name.x) + name.half_width <= 245 and abs(name.y) + name.half_height <= 230


def test_a_commune_whose_name_would_lie_under_a_pin_is_known() -> None:
    found = route_labels(SEAT, stops((105.2, 21.2)), AREA, width=490, height=460)
    assert found.hides("Âu Cơ", (105.2, 21.2))
    assert found.hides("Âu Cơ", SEAT)
    # On the line between both.
    assert found.hides("Âu Cơ", (105.25, 21.225))
    assert not found.hides("Âu Cơ", (105.5, 21.45))


def test_a_stop_at_the_seat_hides_the_star_and_a_trip_without_stops_draws_nothing() -> None:
    made = stops(SEAT, (105.5, 21.4))
    layers = route_layers(SEAT, made, route_labels(SEAT, made, AREA, width=490, height=460), LIGHT)
    marks = next(layer for layer in layers if layer.id == "route-numbers")
    assert [mark["t"] for mark in marks.data] == ["1", "2"]
    assert route_layers(SEAT, [], route_labels(SEAT, [], AREA, width=490, height=460), LIGHT) == []


def test_boxes_meet_where_they_overlap() -> None:
    one = Box(x=0, y=0, half_width=10, half_height=10)
    assert one.meets(Box(x=19, y=0, half_width=10, half_height=10), gap=0)
    assert not one.meets(Box(x=0, y=21, half_width=50, half_height=10), gap=0)
