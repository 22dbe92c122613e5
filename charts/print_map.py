"""A map for paper or a slide: one SVG text on a sheet, and the same as PNG (300 dpi) or PDF, made without a browser."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import typst

from charts.bivariate import COLOURS, Square
from charts.choropleth import LegendEntry
from charts.deck import Bounds
from charts.insets import Inset
from charts.labels import SIZE, fitting_labels
from charts.map_paths import Sheet, path
from charts.palettes import LIGHT
from charts.province_map import MapUnit, Shape
from language import _
from language.formats import number

# A slide has its title and foot outside the picture, and is read from further away.
PAPERS = {"a4": (842, 595), "a3": (1191, 842), "slide": (888, 367)}
Paper = Literal["a4", "a3", "slide"]
_GROW = {"a4": 1.0, "a3": 1.35, "slide": 1.5}
# The face that typst carries with it has all Vietnamese letters; elsewhere that of Vietnamese papers is as wide.
FONT = "'Libertinus Serif', 'Times New Roman', serif"
_MARGIN, _TITLE, _FOOT, _LEGEND = 28, 15, 8, 9
# The width of a letter of the face, as a part of its size; rather too much than too little.
_LETTER = 0.5
_TEXT = LIGHT.text


@dataclass(frozen=True, kw_only=True)
class PrintedMap:
    """What stands on the sheet; `foot` are its lines of source and date, `simulated` marks it as no real figures."""

    title: str
    subtitle: str
    units: Sequence[MapUnit]
    legend: Sequence[LegendEntry]
    square: Square | None
    area: Bounds
    outline: Shape | None
    insets: Sequence[Inset]
    old_outlines: Sequence[Shape]
    selected: Collection[str]
    peers: Collection[str]
    accent: str | None
    foot: Sequence[str]
    simulated: bool


def map_svg(drawn: PrintedMap, *, paper: Paper = "a4") -> str:
    """The sheet as an SVG text: landscape where the province is wide, else upright; its unit is a point."""
    if paper == "slide":
        return _picture(drawn)
    (width, height), tall, grow = _size(drawn, paper), _is_tall(drawn.area), _GROW[paper]
    title = wrapped(drawn.title, width=width - 2 * _MARGIN, size=_TITLE * grow)
    head = _MARGIN + len(title) * _TITLE * grow * 1.25 + 14 * grow
    foot_lines = [line for text in drawn.foot for line in wrapped(text, width=width - 2 * _MARGIN, size=_FOOT * grow)]
    foot = len(foot_lines) * _FOOT * grow * 1.35 + _MARGIN
    legend_width = 172 * grow
    map_width, map_height = width - 2 * _MARGIN - legend_width - 10, height - head - foot - 8
    if tall:
        # Below the map there is more room than beside it.
        legend_height = _legend_height(drawn, grow)
        map_width, map_height = width - 2 * _MARGIN, map_height - legend_height
    sheet = Sheet(drawn.area, map_width, map_height)
    parts = [_head(drawn, title, grow, width)]
    parts.append(f'<g transform="translate({_MARGIN} {head:.1f})">{_map(drawn, sheet, grow)}</g>')
    place = (width - _MARGIN - legend_width, head + 6)
    if tall:
        place = (_MARGIN, head + map_height + 10)
    parts.append(
        f'<g transform="translate({place[0]:.1f} {place[1]:.1f})">{_legend(drawn, sheet, grow, tall=tall)}</g>'
    )
    for at, line in enumerate(foot_lines):
        y = height - foot + 10 * grow + at * _FOOT * grow * 1.35
        parts.append(_text(_MARGIN, y, line, size=_FOOT * grow, colour=LIGHT.quiet))
    return _svg(drawn, parts, width, height)


def _picture(drawn: PrintedMap) -> str:
    """The map with its legend beside it and nothing else."""
    (width, height), grow = PAPERS["slide"], _GROW["slide"]
    legend_width = 230.0
    sheet = Sheet(drawn.area, width - legend_width - _MARGIN, height)
    parts = [
        f"<g>{_map(drawn, sheet, grow)}</g>",
        f'<g transform="translate({width - legend_width:.1f} 4)">{_legend(drawn, sheet, grow, tall=False)}</g>',
    ]
    return _svg(drawn, parts, width, height)


def _size(drawn: PrintedMap, paper: Paper) -> tuple[int, int]:
    width, height = PAPERS[paper]
    return (height, width) if paper != "slide" and _is_tall(drawn.area) else (width, height)


def _svg(drawn: PrintedMap, parts: Sequence[str], width: float, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
        f'viewBox="0 0 {width} {height}" font-family="{FONT}">'
        f"<title>{escape(drawn.title)}</title><desc>{escape(' · '.join(drawn.foot))}</desc>{_PATTERNS}"
        f'<rect width="{width}" height="{height}" fill="#FFFFFF"/>{"".join(parts)}</svg>'
    )


def map_file(drawn: PrintedMap, *, form: Literal["svg", "png", "pdf"], paper: Paper = "a4") -> bytes:
    """The sheet as a file; PNG has 300 dots an inch, the fonts of a PDF are embedded."""
    svg = map_svg(drawn, paper=paper)
    if form == "svg":
        return svg.encode()
    width, height = _size(drawn, paper)
    source = (
        f"#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n"
        '#set document(title: sys.inputs.at("title"))\n'
        '#image(bytes(sys.inputs.at("svg")), format: "svg", width: 100%, height: 100%, alt: sys.inputs.at("title"))\n'
    )
    made = typst.compile(
        source.encode(),
        format=form,
        ppi=300.0,
        ignore_system_fonts=True,
        sys_inputs={"svg": svg, "title": drawn.title},
    )
    assert isinstance(made, bytes)
    return made


def wrapped(text: str, *, width: float, size: float) -> list[str]:
    """The text in lines that fit."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and len(longer) * size * _LETTER > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line] if line else lines


def scale_bar(units_per_km: float, most: float) -> tuple[int, float]:
    """A round number of kilometres whose bar is at most so long, and its length."""
    fitting = [km for km in (1, 2, 5, 10, 20, 50, 100, 200) if km * units_per_km <= most]
    km = fitting[-1] if fitting else 1
    return km, km * units_per_km


_PATTERNS = (
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="1.1" height="5" fill="{LIGHT.unclear}"/></pattern>'
    '<pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse">'
    f'<circle cx="2.5" cy="2.5" r="1" fill="{LIGHT.unclear}"/></pattern></defs>'
)


def _is_tall(area: Bounds) -> bool:
    return (area[2] - area[0]) < 0.95 * (area[3] - area[1])


def _text(
    x: float, y: float, words: str, *, size: float, colour: str = _TEXT, bold: bool = False, anchor: str = "start"
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.1f}" fill="{colour}" text-anchor="{anchor}"{weight}>'
        f"{escape(words)}</text>"
    )


def _head(drawn: PrintedMap, title: Sequence[str], grow: float, width: float) -> str:
    size = _TITLE * grow
    parts = [
        _text(_MARGIN, _MARGIN + size * (0.8 + 1.25 * at), line, size=size, bold=True) for at, line in enumerate(title)
    ]
    y = _MARGIN + len(title) * size * 1.25 + 8 * grow
    parts.append(_text(_MARGIN, y, drawn.subtitle, size=10 * grow, colour=LIGHT.quiet))
    if drawn.simulated:
        words = _("DỮ LIỆU MÔ PHỎNG")
        parts.append(_text(width - _MARGIN, y, words, size=10 * grow, colour=LIGHT.worse, bold=True, anchor="end"))
    return "".join(parts)


def _shape(geometry: Shape, sheet: Sheet, *, fill: str, stroke: str, width: float) -> str:
    drawn = path(geometry, sheet)
    return (
        f'<path d="{drawn}" fill="{fill}" fill-rule="evenodd" stroke="{stroke}" stroke-width="{10 * width:.1f}" '
        'stroke-linejoin="round"/>'
    )


def _map(drawn: PrintedMap, sheet: Sheet, grow: float) -> str:
    shapes = [_shape(unit.geometry, sheet, fill=unit.fill, stroke="#FFFFFF", width=0.6 * grow) for unit in drawn.units]
    # Patterns are drawn in points, not in the tenths of the outlines.
    marked = [
        f'<path d="{path(unit.geometry, sheet, scale=1)}" fill="url(#{"hatch" if unit.hatched else "dots"})"/>'
        for unit in drawn.units
        if unit.hatched or unit.dotted
    ]
    lines = [_shape(one, sheet, fill="none", stroke=LIGHT.quiet, width=0.5) for one in drawn.old_outlines]
    if drawn.outline is not None:
        lines.append(_shape(drawn.outline, sheet, fill="none", stroke=LIGHT.province, width=1.2 * grow))
    for codes, colour, width in ((drawn.peers, _TEXT, 1.6), (drawn.selected, drawn.accent or LIGHT.worse, 2.6)):
        chosen = [unit.geometry for unit in drawn.units if unit.code in codes]
        lines += [_shape(one, sheet, fill="none", stroke="#FFFFFF", width=(width + 1.6) * grow) for one in chosen]
        lines += [_shape(one, sheet, fill="none", stroke=colour, width=width * grow) for one in chosen]
    lines += [_shape(one.frame, sheet, fill="none", stroke=LIGHT.quiet, width=1) for one in drawn.insets]
    ground, above = (f'<g transform="scale(0.1)">{"".join(one)}</g>' for one in (shapes, lines))
    return f"{ground}{''.join(marked)}{above}{_names(drawn, sheet, grow)}"


def _names(drawn: PrintedMap, sheet: Sheet, grow: float) -> str:
    """The names that fit, the largest first, none over another; those of the frames always."""
    size = 6.6 * grow
    framed = {inset.code for inset in drawn.insets}
    named = [unit for unit in drawn.units if unit.code not in framed]
    named.sort(
        key=lambda unit: (unit.code not in drawn.selected, unit.code not in drawn.peers, -unit.area_km2, unit.code)
    )
    # The room of the screen's type, for a type this much smaller.
    zoom = SIZE / size
    places = [(unit.name, unit.lon, unit.lat) for unit in named]
    fitting = fitting_labels(places, drawn.area, width=round(sheet.width * zoom), height=round(sheet.height * zoom))
    halo = 'stroke="#FFFFFF" stroke-width="2" stroke-linejoin="round" paint-order="stroke"'
    texts = []
    for at in fitting:
        x, y = sheet.place(named[at].lon, named[at].lat)
        texts.append(
            f'<text class="name" x="{x:.1f}" y="{y + size / 3:.1f}" font-size="{size:.1f}" fill="{_TEXT}" '
            f'text-anchor="middle" {halo}>{escape(named[at].name)}</text>'
        )
    for inset in drawn.insets:
        x, y = sheet.place(inset.lon, inset.lat)
        for line, words in enumerate(inset.name.split("\n")):
            texts.append(_text(x, y + (line + 1) * 9 * grow, words, size=8 * grow, anchor="middle"))
    return "".join(texts)


def _legend_height(drawn: PrintedMap, grow: float) -> float:
    rows = (len(drawn.legend) + 1) // 2
    return (rows * _LEGEND * 1.6 + 40) * grow + (160 * grow if drawn.square else 0)


def _legend(drawn: PrintedMap, sheet: Sheet, grow: float, *, tall: bool) -> str:
    size, y = _LEGEND * grow, 0.0
    parts = []
    if drawn.square is not None:
        square, y = _square(drawn.square, grow)
        parts.append(square)
    column = (sheet.width / 2) if tall else 0.0
    step = 1.6 * size
    for at, entry in enumerate(drawn.legend):
        x, top = (column * (at % 2), y + (at // 2) * step) if tall else (0.0, y)
        box = f'x="{x:.1f}" y="{top:.1f}" width="{1.8 * size:.1f}" height="{size:.1f}"'
        parts.append(f'<rect {box} fill="{entry.colour}" stroke="{LIGHT.quiet}" stroke-width="0.5"/>')
        if entry.hatched or entry.dotted:
            parts.append(f'<rect {box} fill="url(#{"hatch" if entry.hatched else "dots"})"/>')
        words = f"{entry.text} ({number(entry.count)})"
        room = (column if tall else 172 * grow) - 2.4 * size
        lines = wrapped(words, width=room, size=size)
        for line, text in enumerate(lines):
            parts.append(_text(x + 2.3 * size, top + size * (0.85 + 1.15 * line), text, size=size))
        if not tall:
            y += step + (len(lines) - 1) * 1.15 * size
    if tall:
        y += (len(drawn.legend) + 1) // 2 * step
    km, length = scale_bar(sheet.units_per_km, 90 * grow)
    y += 10 * grow
    bar = f"M0 {y:.1f}v{4 * grow:.1f}h{length:.1f}v{-4 * grow:.1f}"
    parts.append(f'<path d="{bar}" fill="none" stroke="{_TEXT}" stroke-width="1"/>')
    parts.append(_text(length + 5, y + 4 * grow, f"{number(km)} km", size=8 * grow))
    return "".join(parts)


def _square(square: Square, grow: float) -> tuple[str, float]:
    """The nine colours with their ranges, and how high it is."""
    side, left, size = 26 * grow, 62 * grow, 7.5 * grow
    parts = []
    y = 0.0
    for line in wrapped(f"↑ {square.rows.name}", width=172 * grow, size=size):
        y += size * 1.2
        parts.append(_text(0, y, line, size=size, bold=True))
    y += 4
    for at, row in enumerate((2, 1, 0)):
        middle = y + side * (at + 0.5)
        parts.append(_text(left - 4, middle + size / 3, square.rows.ranges[row], size=size, anchor="end"))
        for column in range(3):
            place = f'x="{left + side * column:.1f}" y="{y + side * at:.1f}" width="{side:.1f}" height="{side:.1f}"'
            parts.append(f'<rect {place} fill="{COLOURS[row][column]}" stroke="#FFFFFF"/>')
            dark = row + column > 2 or (row, column) == (0, 2)
            count = number(square.counts[row][column])
            x = left + side * (column + 0.5)
            colour = "#FFFFFF" if dark else _TEXT
            parts.append(_text(x, middle + size / 3, count, size=size, colour=colour, anchor="middle"))
    y += 3 * side
    for column, words in enumerate(square.columns.ranges):
        # One under another: ranges are wider than their column.
        down = y + size * (1.3 + 1.15 * column)
        parts.append(_text(left + side * column, down, f"↑ {words}", size=size))
    y += size * 4.9
    for line in wrapped(f"→ {square.columns.name}", width=172 * grow, size=size):
        parts.append(_text(0, y, line, size=size, bold=True))
        y += size * 1.2
    return "".join(parts), y + 6 * grow
