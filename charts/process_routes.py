"""The ways between the steps of a process map, as rounded lines in pixels: beside the side roads, over the main one.

The main road runs straight. A side road is entered from a lane on the left of its column and left by one on the right;
what skips steps of the main road, or turns back on it, arches above. Pixels grow to the right and upward.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from charts.process_layout import Layout, Pair

Point = tuple[float, float]

BOX_HEIGHT = 86.0
ROW_GAP = 26.0
# Under the main road lines change columns.
FIRST_GAP = 44.0
# Side roads stand this far to the right, to leave room for lanes.
_SHIFT = 18.0
_RADIUS = 10.0
_ARCH = 34.0
# For the marks of beginning and end.
MARGIN = 26.0


@dataclass(frozen=True, kw_only=True)
class Box:
    """A step's box: its left, middle height, width and height in pixels."""

    left: float
    middle: float
    width: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def centre(self) -> float:
        return self.left + self.width / 2

    @property
    def top(self) -> float:
        return self.middle + BOX_HEIGHT / 2

    @property
    def bottom(self) -> float:
        return self.middle - BOX_HEIGHT / 2


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Boxes and ways of a map of `width` × `height` pixels; a way is the corners of its line, to be rounded."""

    width: float
    height: float
    boxes: dict[str, Box]
    ways: dict[Pair, list[Point]]
    # The ways that run by themselves: words on them are about them and no other.
    alone: frozenset[Pair]


def plan(layout: Layout, pairs: Mapping[Pair, int], *, width: float) -> Plan:
    """Where everything stands on a map of this width. `pairs`: how many take each way."""
    pitch = (width - 2 * MARGIN) / max(layout.columns, 1)
    gap = min(max(pitch * 0.24, 30.0), 64.0)
    box_width = min(pitch - gap, 190.0)
    arches = _arches(layout, pairs)
    road = (
        BOX_HEIGHT / 2
        + MARGIN / 2
        + (FIRST_GAP - ROW_GAP if layout.rows > 1 else 0)
        + (layout.rows - 1) * (BOX_HEIGHT + ROW_GAP)
    )
    height = road + BOX_HEIGHT / 2 + 18 + _ARCH * max(arches.values(), default=0)
    boxes = {}
    for name, (column, row) in layout.places.items():
        left = MARGIN + column * pitch + (pitch - box_width - _SHIFT) / 2 + (_SHIFT if row else 0)
        middle = road - (row * (BOX_HEIGHT + ROW_GAP) + (FIRST_GAP - ROW_GAP) if row else 0)
        boxes[name] = Box(left=left, middle=middle, width=box_width)
    ways = {}
    lanes = {name: 3.0 + 5.0 * (number % 3) for number, name in enumerate(layout.places)}
    for pair in pairs:
        one, other = boxes[pair[0]], boxes[pair[1]]
        level = arches.get(pair)
        # Ways from one step share a lane down, ways to one step a lane up.
        lane = lanes[pair[1] if layout.places[pair[1]][1] == 0 else pair[0]]
        if pair[0] == pair[1]:
            ways[pair] = _loop(one)
        elif level is not None:
            ways[pair] = _arch(one, other, level, forward=pair not in layout.backward)
        else:
            ways[pair] = _around(
                one, other, layout.places[pair[0]], layout.places[pair[1]], lane=lane, road=road, gap=pitch - box_width
            )
    alone = frozenset(pair for pair in pairs if pair in arches or len(ways[pair]) == 2)
    return Plan(width=width, height=height, boxes=boxes, ways=ways, alone=alone)


def _arches(layout: Layout, pairs: Mapping[Pair, int]) -> dict[Pair, int]:
    """The level (1 is the lowest) of each way that arches over the main road; no two of one level overlap."""
    levels: dict[Pair, int] = {}
    spans: dict[int, list[tuple[int, int]]] = {}
    wanted = []
    for one, other in pairs:
        (start, row), (end, other_row) = layout.places[one], layout.places[other]
        if row == other_row == 0 and one != other and end != start + 1:
            wanted.append((abs(end - start), min(start, end), max(start, end), (one, other)))
    for _length, low, high, pair in sorted(wanted):
        level = 1
        while any(low < end and start < high for start, end in spans.get(level, ())):
            level += 1
        spans.setdefault(level, []).append((low, high))
        levels[pair] = level
    return levels


def _loop(box: Box) -> list[Point]:
    return [
        (box.right - 26, box.bottom),
        (box.right - 26, box.bottom - 13),
        (box.right - 8, box.bottom - 13),
        (box.right - 8, box.bottom),
    ]


def _arch(one: Box, other: Box, level: int, *, forward: bool) -> list[Point]:
    height = max(one.top, other.top) + _ARCH * level
    # What leaves to the right starts right of the middle, what arrives from there ends right of it: lines keep apart.
    leave, arrive = (0.72, 0.28) if forward else (0.42, 0.58)
    return [
        (one.left + one.width * leave, one.top),
        (one.left + one.width * leave, height),
        (other.left + other.width * arrive, height),
        (other.left + other.width * arrive, other.top),
    ]


def _around(
    one: Box,
    other: Box,
    place: tuple[int, int],
    other_place: tuple[int, int],
    *,
    lane: float,
    road: float,
    gap: float,
) -> list[Point]:
    (column, row), (other_column, other_row) = place, other_place
    if row == other_row and other_column == column + 1:
        return [(one.right, one.middle), (other.left, other.middle)]
    under_road = road - BOX_HEIGHT / 2 - FIRST_GAP / 2 + lane - 8
    down = other.left - min(_SHIFT, gap / 2) + lane - 4
    up = one.right + max(gap - _SHIFT - 6.0, 4.0) / 2 - 4 + lane / 2
    enter = [(down, other.middle), (other.left, other.middle)]
    leave = [(one.right, one.middle), (up, one.middle)]
    if row == 0:
        start = min(down, one.right - 6)
        if start == down:
            return [(start, one.bottom), *enter]
        return [(start, one.bottom), (start, under_road), (down, under_road), *enter]
    if other_row == 0:
        if column == other_column and row == 1:
            return [(one.centre, one.top), (one.centre, other.bottom)]
        end = other.right - 8 - lane if column >= other_column else other.left + other.width * 0.3 + lane
        return [*leave, (up, under_road), (end, under_road), (end, other.bottom)]
    if column == other_column and abs(row - other_row) == 1 and column == other_column:
        edge, other_edge = (one.bottom, other.top) if other_row > row else (one.top, other.bottom)
        return [(one.centre, edge), (other.centre, other_edge)]
    level = under_road if other_row != row else one.bottom - ROW_GAP / 2
    return [*leave, (up, level), (down, level), *enter]


def rounded_path(points: list[Point]) -> str:
    """The line through the corners as an SVG path with rounded turns."""
    parts = [f"M{points[0][0]:.1f},{points[0][1]:.1f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _toward(corner, before), _toward(corner, after)
        parts.append(f"L{near[0]:.1f},{near[1]:.1f}Q{corner[0]:.1f},{corner[1]:.1f} {far[0]:.1f},{far[1]:.1f}")
    parts.append(f"L{points[-1][0]:.1f},{points[-1][1]:.1f}")
    return "".join(parts)


def _toward(corner: Point, other: Point) -> Point:
    across, up = other[0] - corner[0], other[1] - corner[1]
    length = (across**2 + up**2) ** 0.5
    share = min(_RADIUS, length / 2) / length if length else 0.0
    return corner[0] + across * share, corner[1] + up * share


def longest_stretch(points: list[Point]) -> tuple[Point, Point]:
    """The longest straight part of a way: where words about it have most room."""
    pairs = list(pairwise(points))
    return max(pairs, key=lambda pair: abs(pair[0][0] - pair[1][0]) + abs(pair[0][1] - pair[1][1]))
