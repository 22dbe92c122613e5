"""The order of a trip's stops: the shortest round from the provincial seat, by distances in a straight line."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, permutations
from pathlib import Path

import networkx as nx
import polars as pl
from pyproj import Geod

from language import _, formats
from warehouse import Snapshot

SEATS = Path(__file__).parents[1] / "data" / "reference" / "provincial_seats.csv"
# Up to so many stops every order is tried.
MOST_TRIED = 7
_SEED = 766
_EARTH = Geod(ellps="WGS84")

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Where trips start: a commune and its point; `is_declared`: the provincial seat of our reference, else the most
    central commune."""

    commune_code: str
    name: str
    point: Point
    is_declared: bool

    @property
    def words(self) -> str:
        """What the start is, in words."""
        if self.is_declared:
            return _("Xuất phát từ {name} (nơi đặt trung tâm hành chính của tỉnh)").format(name=self.name)
        return _("Chưa rõ nơi đặt trung tâm hành chính; tính từ {name}, đơn vị nằm giữa tỉnh nhất").format(
            name=self.name
        )


@dataclass(frozen=True, kw_only=True)
class Route:
    """The stops in order, the kilometres to each from the one before and back to the seat, and their sum.

    `is_shortest`: no other order is shorter; else the best that was found. `unplaced`: stops without a point.
    """

    order: tuple[str, ...]
    legs: tuple[float, ...]
    is_shortest: bool
    unplaced: tuple[str, ...] = ()

    @property
    def kilometres(self) -> float:
        return sum(self.legs)

    @property
    def words(self) -> str:
        """The length and what it means."""
        words = _("Cả vòng khoảng {km} km theo đường chim bay; đường bộ dài hơn.")
        return words.format(km=formats.number(self.kilometres))


def distance_km(one: Point, other: Point) -> float:
    """Kilometres in a straight line over the ellipsoid between two points (longitude, latitude)."""
    return float(_EARTH.inv(*one, *other)[2]) / 1000


def places(snapshot: Snapshot) -> dict[str, tuple[str, Point]]:
    """The full name and the point (longitude, latitude) of every commune that has one."""
    rows = snapshot.query("select commune_code, full_name, lon, lat from commune where lon is not null").rows()
    return {code: (name, (lon, lat)) for code, name, lon, lat in rows}


def seat(snapshot: Snapshot) -> Seat | None:
    """The declared seat of the snapshot's province, else the commune nearest to the middle of all; None without any."""
    known = places(snapshot)
    code = _seats().get(snapshot.info.province_code)
    if code in known:
        assert code is not None
        return Seat(commune_code=code, name=known[code][0], point=known[code][1], is_declared=True)
    if not known:
        return None
    frame = pl.DataFrame([point for _name, point in known.values()], schema=["lon", "lat"], orient="row")
    middle = frame["lon"].median(), frame["lat"].median()
    central = min(known, key=lambda one: (distance_km(known[one][1], middle), one))  # type: ignore[arg-type]
    return Seat(commune_code=central, name=known[central][0], point=known[central][1], is_declared=False)


def route(points: Mapping[str, Point | None], start: Point) -> Route:
    """The shortest round from `start` over all points and back, begun on its shorter end.

    Up to seven stops by trying every order, beyond by the nearest next one and simulated annealing from there.
    """
    placed = {code: point for code, point in points.items() if point is not None}
    unplaced = tuple(code for code in points if code not in placed)
    if not placed:
        return Route(order=unplaced, legs=(), is_shortest=True, unplaced=unplaced)
    codes = list(placed)
    graph = nx.Graph()
    everything: list[Point] = [start, *placed.values()]
    for one in range(len(everything)):
        for other in range(one):
            graph.add_edge(one, other, weight=distance_km(everything[one], everything[other]))
    is_shortest = len(codes) <= MOST_TRIED
    found = _by_trying(graph) if is_shortest else _by_annealing(graph)
    legs = [float(graph[one][other]["weight"]) for one, other in pairwise([*found, 0])]
    if legs[-1] < legs[0]:
        found, legs = [0, *reversed(found[1:])], legs[::-1]
    return Route(
        order=(*(codes[place - 1] for place in found[1:]), *unplaced),
        legs=tuple(legs),
        is_shortest=is_shortest,
        unplaced=unplaced,
    )


def _by_trying(graph: nx.Graph) -> list[int]:
    stops = [node for node in graph if node]
    # A round and the same backwards are as long: one of the two is enough.
    orders = ([0, *order] for order in permutations(sorted(stops)) if order[0] <= order[-1])
    return min(orders, key=lambda order: nx.path_weight(graph, [*order, 0], "weight"))


def _by_annealing(graph: nx.Graph) -> list[int]:
    begun = nx.approximation.greedy_tsp(graph, weight="weight", source=0)
    found = [
        begun,
        nx.approximation.simulated_annealing_tsp(graph, list(begun), weight="weight", source=0, seed=_SEED),
        nx.approximation.simulated_annealing_tsp(
            graph, list(begun), weight="weight", source=0, seed=_SEED, move="1-0", N_inner=500
        ),
    ]
    shortest: list[int] = min(found, key=lambda order: nx.path_weight(graph, order, "weight"))
    return shortest[:-1]


@cache
def _seats() -> dict[str, str]:
    with SEATS.open(encoding="utf-8", newline="") as file:
        return {row["province_code"]: row["commune_code"] for row in csv.DictReader(file)}
