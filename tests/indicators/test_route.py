"""The order of stops: the shortest of all, from the right place, and said how far."""

from __future__ import annotations

import csv
import math
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.route import SEATS, distance_km, route, seat
from tests.builders import commune
from tests.indicators.conftest import Open

HANOI, HAIPHONG = (105.8342, 21.0278), (106.6881, 20.8449)
VIET_TRI = "07900"

points = st.tuples(st.floats(104.5, 106.5), st.floats(20.5, 22.0))


def length(start: tuple[float, float], stops: list[tuple[float, float]]) -> float:
    """The second way: leg by leg, without a graph."""
    total, here = 0.0, start
    for stop in [*stops, start]:
        total += distance_km(here, stop)
        here = stop
    return total


def test_a_known_distance() -> None:
    """One degree of latitude at 21° N is 110.7 km; Hà Nội lies about 91 km from Hải Phòng."""
    assert distance_km((105, 20.5), (105, 21.5)) == pytest.approx(110.7, abs=0.1)
    assert distance_km(HANOI, HAIPHONG) == pytest.approx(91, abs=1.5)


@given(start=points, stops=st.lists(points, min_size=1, max_size=6, unique=True))
def test_no_order_is_shorter(start: tuple[float, float], stops: list[tuple[float, float]]) -> None:
    found = route({str(number): stop for number, stop in enumerate(stops)}, start)
    assert sorted(found.order) == sorted(str(number) for number in range(len(stops)))
    shortest = min(length(start, list(order)) for order in permutations(stops))
    assert found.kilometres == pytest.approx(shortest, abs=1e-6)
    assert found.kilometres == pytest.approx(length(start, [stops[int(code)] for code in found.order]), abs=1e-6)
    assert found.legs[0] <= found.legs[-1] + 1e-9
    assert found.is_shortest


def test_seven_stops_are_tried_in_every_order() -> None:
    stops = {str(n): (105 + 0.13 * (n * 5 % 7), 21 + 0.11 * (n * 3 % 7)) for n in range(7)}
    found = route(stops, (105.4, 21.4))
    shortest = min(length((105.4, 21.4), list(order)) for order in permutations(stops.values()))
    assert found.kilometres == pytest.approx(shortest)


def test_more_stops_are_ordered_nearly_as_well_and_the_same_every_time() -> None:
    """Twelve stops on a circle about the seat: the shortest round goes along the circle."""
    ring = [(105 + 0.4 * math.cos(n * math.tau / 12), 21 + 0.4 * math.sin(n * math.tau / 12)) for n in range(12)]
    stops = {str(n * 5 % 12): ring[n * 5 % 12] for n in range(12)}
    found = route(stops, (105.0, 21.0))
    best = min(length((105.0, 21.0), ring[n:] + ring[:n]) for n in range(12))
    assert found.kilometres <= 1.02 * best
    assert not found.is_shortest
    assert found == route(stops, (105.0, 21.0))


def test_stops_without_a_point_come_last_and_are_named() -> None:
    found = route({"a": None, "b": HAIPHONG}, HANOI)
    assert (found.order, found.unplaced) == (("b", "a"), ("a",))
    assert route({"a": None}, HANOI).kilometres == 0


def test_trips_start_from_the_declared_seat_or_say_that_they_do_not(snapshot_of: Open) -> None:
    west, middle, east = (
        commune(code, name) for code, name in (("08740", "Phường A"), ("08230", "Xã B"), ("08521", "Xã C"))
    )
    west, middle, east = (
        row | {"lon": lon, "lat": 21.0} for row, lon in ((west, 105.0), (middle, 105.2), (east, 105.9))
    )
    without = seat(snapshot_of([], communes=[west, middle, east]))
    assert without is not None
    assert (without.commune_code, without.is_declared) == ("08230", False)
    assert "nằm giữa tỉnh" in without.words
    declared = seat(snapshot_of([], communes=[west, middle, east, commune(VIET_TRI, "Phường Việt Trì")]))
    assert declared is not None
    assert (declared.commune_code, declared.is_declared) == (VIET_TRI, True)
    nowhere = [row | {"lon": None, "lat": None} for row in (west, middle)]
    assert seat(snapshot_of([], communes=nowhere)) is None


def test_every_province_has_a_seat_that_is_one_of_its_units_by_code_and_name() -> None:
    with (SEATS.parent / "units_2025.csv").open(encoding="utf-8", newline="") as file:
        units = {row["commune_code"]: row for row in csv.DictReader(file)}
    with SEATS.open(encoding="utf-8", newline="") as file:
        seats = list(csv.DictReader(file))
    with Path(SEATS.parent / "provinces_2025.csv").open(encoding="utf-8", newline="") as file:
        provinces = {row["province_code"] for row in csv.DictReader(file)}
    assert {row["province_code"] for row in seats} == provinces
    for row in seats:
        unit = units[row["commune_code"]]
        assert (unit["province_code"], unit["full_name"]) == (row["province_code"], row["seat"])
        assert row["source"]
