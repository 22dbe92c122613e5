"""The three small drawings of a brief as SVG texts: where the commune lies, how its figure ran, where the time goes.

They are drawn to be read in black and white: dark on light, dashes and outlines, never colour alone. No foreign map
lies under the outlines, and no drawing asks for anything from outside itself.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence

import shapely
from shapely.geometry import mapping, shape

from charts.insets import ARCHIPELAGOS, Placed, place
from charts.palettes import LIGHT
from language import formats
from language.text import fold
from reports.content import Brief, Point, Series, Share

Ring = Sequence[tuple[float, float]]

_FONT = "'Times New Roman', 'Libertinus Serif', serif"
# Width of a drawing in points, as wide as half an A4 page between its margins.
WIDTH = 230
_MAP_WIDTH, _MOST_MAP_HEIGHT = 150, 150
# The ring around a commune that is hard to find, and an edge wide enough for it.
_RING, _EDGE = 9, 6
_TREND_HEIGHT = 104
_ROW, _BAR = 21, 5
_MOST_SHARES, _MOST_LABEL = 6, 53
# The provinces that hold the archipelagos, as `fold` writes their names, and the seas in which their outlines lie.
_PROVINCES = {"20333": "da nang", "22736": "khanh hoa"}
_SEAS = {"20333": (110.5, 15.0, 113.5, 17.6), "22736": (110.8, 6.0, 118.0, 12.3)}
_FILLS = {
    "office": LIGHT.series[0],
    "people": LIGHT.sequential[1],
    "agency": LIGHT.sequential[3],
    "other": LIGHT.grid,
}
# Farther than this from the next outline (degrees) is another group of islands.
_APART = 0.25


def outline_map(brief: Brief) -> str:
    """The commune dark among the outlines of its province, "" where neither is known.

    Units far out at sea stand in a frame; Hoàng Sa and Trường Sa are in the map of their province even where the
    boundary file has no polygon for them.
    """
    placed = _placed(brief)
    if not placed.shapes or placed.area is None:
        return ""
    west, south, east, north = placed.area
    stretch = math.cos(math.radians((south + north) / 2))
    scale = min(_MAP_WIDTH / max((east - west) * stretch, 1e-6), _MOST_MAP_HEIGHT / max(north - south, 1e-6))
    width = (east - west) * stretch * scale + 2 * _EDGE
    height = (north - south) * scale + 2 * _EDGE

    def at(lon: float, lat: float) -> tuple[float, float]:
        return round(_EDGE + (lon - west) * stretch * scale, 1), round(_EDGE + (north - lat) * scale, 1)

    parts = []
    own = placed.shapes.get(brief.commune_code)
    for code, one in placed.shapes.items():
        if code != brief.commune_code:
            paths = "".join(_path(at(*point[:2]) for point in ring) for ring in _outer(one))
            parts.append(f'<path d="{paths}" fill="{LIGHT.none}" stroke="{LIGHT.unclear}" stroke-width="0.4"/>')
    if own is not None:
        paths = "".join(_path(at(*point[:2]) for point in ring) for ring in _outer(own))
        parts.append(f'<path d="{paths}" fill="{LIGHT.series[0]}" stroke="{LIGHT.text}" stroke-width="0.6"/>')
        box = shape(own).bounds
        (left, top), (right, bottom) = at(box[0], box[3]), at(box[2], box[1])
        if max(right - left, bottom - top) < 0.1 * max(width, height):
            # Too small to be found at a glance.
            x, y = (left + right) / 2, (top + bottom) / 2
            x, y = min(max(x, _RING + 1), width - _RING - 1), min(max(y, _RING + 1), height - _RING - 1)
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_RING}" fill="none" stroke="{LIGHT.text}" stroke-width="0.9"/>'
            )
    for inset in placed.insets:
        frame = "".join(_path(at(*point[:2]) for point in ring) for ring in _outer(inset.frame))
        parts.append(f'<path d="{frame}" fill="none" stroke="{LIGHT.quiet}" stroke-width="0.6"/>')
        x, y = at(inset.lon, inset.lat)
        for line, text in enumerate(inset.name.split("\n")):
            parts.append(_text(min(max(x, 30), width - 30), y + 7 + 6 * line, text, size=5.5, anchor="middle"))
    return _svg(width, height, parts, label=brief.commune_name)


def trend_line(series: Series) -> str:
    """The figure's course with the band of its interval and, dashed, the province's value; "" without two points.

    A point without a value breaks the line: nothing happened there, which is not 0.
    """
    known = [point for point in series.points if point.value is not None]
    if len(known) < 2:
        return ""
    lowest, highest = axis_range(series)
    first, last = series.points[0].on.toordinal(), series.points[-1].on.toordinal()
    left, right, top, bottom = 34, WIDTH - 8, 14, _TREND_HEIGHT - 16

    def x(point: Point) -> float:
        return left + (right - left) * (point.on.toordinal() - first) / max(last - first, 1)

    def y(value: float) -> float:
        return bottom - (bottom - top) * (min(max(value, lowest), highest) - lowest) / (highest - lowest)

    parts = []
    for value in (lowest, (lowest + highest) / 2, highest):
        parts.append(f'<path d="M{left} {y(value):.1f}H{right}" stroke="{LIGHT.grid}" stroke-width="0.5"/>')
        parts.append(_text(left - 4, y(value) + 2.8, _printed(value, series.unit), size=8, anchor="end"))
    for run in _runs(series.points):
        band = [point for point in run if point.low is not None and point.high is not None]
        if len(band) > 1:
            edge = [(x(point), y(point.high or 0)) for point in band]
            edge += [(x(point), y(point.low or 0)) for point in reversed(band)]
            parts.append(
                f'<path d="{_path(edge)}" fill="{LIGHT.sequential[0]}" '
                f'stroke="{LIGHT.sequential[1]}" stroke-width="0.5"/>'
            )
    if series.reference is not None:
        level = y(series.reference)
        parts.append(
            f'<path d="M{left} {level:.1f}H{right}" stroke="{LIGHT.text}" stroke-width="0.8" stroke-dasharray="3 2"/>'
        )
    for run in _runs(series.points):
        line = [(x(point), y(point.value or 0)) for point in run]
        parts.append(
            f'<path d="{_path(line, closed=False)}" fill="none" stroke="{LIGHT.series[0]}" stroke-width="1.4" '
            'stroke-linejoin="round"/>'
        )
        if len(line) == 1:
            parts.append(_dot(*line[0], 1.4))
    latest = known[-1]
    parts.append(_dot(x(latest), y(latest.value or 0), 2.4))
    says = _printed(latest.value or 0, series.unit, exactly=True)
    parts.append(_text(right, top - 5, f"{latest.on:%m/%Y}: {says}", size=8.5, anchor="end", bold=True))
    if series.reference is not None and series.reference_label:
        parts.append(_text(left, top - 5, "- - " + _cut(series.reference_label, 28), size=8))
    for point, anchor in ((series.points[0], "start"), (series.points[-1], "end")):
        parts.append(_text(x(point), _TREND_HEIGHT - 4, f"{point.on:%m/%Y}", size=8, anchor=anchor))
    return _svg(WIDTH, _TREND_HEIGHT, parts, label=series.label)


def time_bars(shares: Sequence[Share]) -> str:
    """The parts of the working time as bars under their names, at most six; "" where nothing is known."""
    shown = shares[:_MOST_SHARES]
    if not shown:
        return ""
    longest = max(*(share.share for share in shown), 1e-6)
    parts = []
    for row, share in enumerate(shown):
        y = _ROW * row
        length = (WIDTH - 2) * max(min(share.share / longest, 1), 0)
        room = _MOST_LABEL - len(share.text)
        parts.append(_text(1, y + 10, _cut(share.label, max(room, 12)), size=9))
        parts.append(_text(WIDTH - 1, y + 10, _cut(share.text, 30), size=9, anchor="end", bold=True))
        parts.append(
            f'<rect x="1" y="{y + 13}" width="{length:.1f}" height="{_BAR}" fill="{_FILLS[share.kind]}" '
            f'stroke="{LIGHT.quiet}" stroke-width="0.5"/>'
        )
    return _svg(WIDTH, _ROW * len(shown), parts, label="")


def _placed(brief: Brief) -> Placed:
    """The rings as shapes by code, far groups moved into frames."""
    held = {code: ARCHIPELAGOS[code][0] for code, name in _PROVINCES.items() if name in fold(brief.province_name)}
    shapes = {}
    if brief.map.commune:
        shapes[brief.commune_code] = _as_shape(brief.map.commune)
    others = [ring for ring in brief.map.others if len(ring) > 3]
    for code in held:
        west, south, east, north = _SEAS[code]
        far = [ring for ring in others if west < ring[0][0] < east and south < ring[0][1] < north]
        others = [ring for ring in others if ring not in far]
        if far and code not in shapes:
            shapes[code] = _as_shape(far)
    if not others and not brief.map.commune:
        return Placed(shapes={}, points={}, insets=(), area=None)
    groups = _groups(others)
    if groups and len(groups[0]) > 2:
        # What is far is far from two others at least.
        groups.append([groups[0].pop()])
    for number, group in enumerate(groups):
        shapes[f"other-{number}"] = _as_shape(group)
    points = dict.fromkeys(shapes, (0.0, 0.0, 0.0))
    names = dict.fromkeys(shapes, "") | {brief.commune_code: brief.commune_name} | held
    return place(shapes, points, names)


def _groups(rings: Sequence[Ring]) -> list[list[Ring]]:
    """Rings that lie near each other, together: the mainland, and each group of islands."""
    if not rings:
        return []
    boxes = [shapely.box(*shapely.LineString(ring).bounds).buffer(_APART / 2) for ring in rings]
    areas = list(shapely.get_parts(shapely.union_all(boxes)))
    tree = shapely.STRtree(areas)
    groups: dict[int, list[Ring]] = {}
    for ring, box in zip(rings, boxes, strict=True):
        groups.setdefault(int(tree.query(box, predicate="intersects")[0]), []).append(ring)
    return list(groups.values())


def _as_shape(rings: Iterable[Ring]) -> dict[str, object]:
    return dict(mapping(shapely.MultiPolygon([shapely.Polygon(ring) for ring in rings if len(ring) > 3])))


def _outer(one: dict[str, object]) -> Iterable[Ring]:
    for part in shapely.get_parts(shape(one)):
        if part.geom_type == "Polygon":
            yield list(part.exterior.coords)


def axis_range(series: Series) -> tuple[float, float]:
    """The values that the axis of a series with a value runs between, round enough to be printed short."""
    values = [value for point in series.points for value in (point.value, point.low, point.high) if value is not None]
    values += [] if series.reference is None else [series.reference]
    low, high = min(values), max(values)
    step = 0.05 if series.unit == "percent" else 10 ** math.floor(math.log10(max(high, 1e-9)))
    lowest, highest = math.floor(low / step) * step, math.ceil(high / step) * step
    if series.unit == "percent":
        highest = min(highest, 1.0) if high <= 1 else highest
    if highest - lowest < step:
        lowest = max(lowest - step, 0.0)
        highest = lowest + 2 * step
    return lowest, highest


def _printed(value: float, unit: str, *, exactly: bool = False) -> str:
    if unit == "percent":
        return formats.percent(value, 1 if exactly or round(1000 * value) % 10 else 0)
    return formats.number(value, 1 if unit == "days" or value % 1 else 0)


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """The stretches without a gap."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _path(points: Iterable[tuple[float, float]], *, closed: bool = True) -> str:
    """SVG path data with a tenth of a point; neighbours that fall together are drawn once."""
    written: list[str] = []
    for x, y in points:
        place_ = f"{x:.1f} {y:.1f}"
        if not written or written[-1] != place_:
            written.append(place_)
    return "M" + "L".join(written) + ("Z" if closed else "")


def _dot(x: float, y: float, radius: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{LIGHT.series[0]}"/>'


def _text(x: float, y: float, text: str, *, size: float, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{weight} fill="{LIGHT.text}">'
        f"{html.escape(text)}</text>"
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _svg(width: float, height: float, parts: Sequence[str], *, label: str) -> str:
    """The drawing, which names itself to whoever hears the page read."""
    named = f' role="img" aria-label="{html.escape(label)}"' if label else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" font-family="{_FONT}"{named}>' + "".join(parts) + "</svg>"
    )
