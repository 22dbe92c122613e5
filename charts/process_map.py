"""The map of a process as it really runs: steps from left to right, ways by how many take them, colour by the wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.labels import text_width
from charts.layout import base_figure
from charts.palettes import Palette, rgb
from charts.process_layout import Layout, Pair, lay_out
from charts.process_routes import MARGIN, Box, Plan, Point, longest_stretch, plan, rounded_path
from language import _
from language.formats import NOTHING, number, percent

# Upper ends of the classes of waiting, in hours.
WAIT_CLASSES = (1.0, 4.0, 24.0, 72.0)
_TYPE = 13
_WIDEST = 11.0


def hours_text(hours: float | None) -> str:
    """`42 phút`, `5,1 giờ`, `3,2 ngày` (of 24 hours); an en dash where there is none."""
    if hours is None:
        return NOTHING
    if round(hours * 60) < 60:
        return _("{n} phút").format(n=number(hours * 60))
    if hours < 48:
        return _("{n} giờ").format(n=number(hours, 1))
    return _("{n} ngày").format(n=number(hours / 24, 1))


def wait_class(hours: float | None) -> int:
    """0 (short, or no wait known) to 4 (long)."""
    return 0 if hours is None else sum(hours >= end for end in WAIT_CLASSES)


def wait_class_names() -> list[str]:
    """The classes of waiting, as a legend names them."""
    return [_("dưới 1 giờ"), _("1–4 giờ"), _("4–24 giờ"), _("1–3 ngày"), _("từ 3 ngày")]


def wait_colour(hours: float | None, palette: Palette) -> str:
    return palette.sequential[wait_class(hours)]


def process_map_figure(
    nodes: pl.DataFrame, edges: pl.DataFrame, *, width: int, palette: Palette, marked: str | None = None
) -> go.Figure:
    """The map. `nodes`: `activity, dossiers, visits, is_start, is_end, wait_hours_p50`; `edges`: `from_activity,
    to_activity, n, share, wait_hours_p50, wait_hours_p90`. `width`: in pixels; `marked`: the step to point out."""
    layout = map_layout(nodes, edges)
    counts = {(one, other): n for one, other, n in edges.select("from_activity", "to_activity", "n").iter_rows()}
    planned = plan(layout, counts, width=float(width))
    figure = base_figure(palette, height=round(planned.height), font_size=_TYPE)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, autosize=True)
    figure.update_xaxes(visible=False, range=[0, planned.width])
    figure.update_yaxes(visible=False, range=[0, planned.height])
    drawing = _Drawing()
    facts = {(row["from_activity"], row["to_activity"]): row for row in edges.iter_rows(named=True)}
    most = max(counts.values(), default=1)
    for pair in sorted(counts, key=lambda pair: counts[pair]):
        _draw_way(drawing, planned.ways[pair], facts[pair], most, palette, backward=pair in layout.backward)
    rows = {row["activity"]: row for row in nodes.iter_rows(named=True)}
    for name, box in planned.boxes.items():
        _draw_box(drawing, box, rows[name], palette, is_marked=name == marked)
    for pair, (x, y) in label_places(planned, counts).items():
        drawing.words(
            x=x,
            y=y,
            text=hours_text(facts[pair]["wait_hours_p50"]),
            showarrow=False,
            font={"size": 12, "color": palette.text},
            bgcolor=palette.page,
            borderpad=1,
        )
    figure.update_layout(shapes=drawing.shapes, annotations=drawing.annotations)
    figure.add_scatter(
        x=drawing.x,
        y=drawing.y,
        mode="markers",
        marker={"size": 16, "opacity": 0},
        customdata=drawing.said,
        hovertemplate="%{customdata}<extra></extra>",
    )
    return figure


@dataclass
class _Drawing:
    """What a map is drawn with, handed over at once: Plotly checks all shapes anew for each one that is added."""

    shapes: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def shape(self, **properties: Any) -> None:
        self.shapes.append(properties)

    def words(self, **properties: Any) -> None:
        self.annotations.append(properties)

    def hover(self, x: list[float], y: list[float], text: str) -> None:
        self.x += x
        self.y += y
        self.said += [text] * len(x)


def map_layout(nodes: pl.DataFrame, edges: pl.DataFrame) -> Layout:
    """The places of all steps of `nodes`."""
    dossiers = dict(nodes.select("activity", "dossiers").iter_rows())
    return lay_out(edges, dossiers=dossiers, starts=nodes.filter("is_start")["activity"].to_list())


def label_places(planned: Plan, counts: dict[Pair, int]) -> dict[Pair, Point]:
    """Where the wait of a way is written: the commonest first, where nothing is covered; elsewhere it is not."""
    taken = [(box.left, box.bottom, box.right, box.top) for box in planned.boxes.values()]
    found: dict[Pair, Point] = {}
    half_width, half_height = 30.0, 9.0
    for pair in sorted(planned.alone, key=lambda pair: (-counts[pair], pair)):
        (x1, y1), (x2, y2) = longest_stretch(planned.ways[pair])
        for share in (0.5, 0.35, 0.65, 0.2, 0.8):
            x, y = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
            area = (x - half_width, y - half_height, x + half_width, y + half_height)
            inside = area[0] >= 0 and area[2] <= planned.width and area[1] >= 0 and area[3] <= planned.height
            if inside and not any(_overlap(area, other) for other in taken):
                found[pair] = (x, y)
                taken.append(area)
                break
    return found


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _draw_way(
    drawing: _Drawing, points: list[Point], row: dict[str, object], most: int, palette: Palette, *, backward: bool
) -> None:
    n, wait = int(row["n"]), row["wait_hours_p50"]  # type: ignore[call-overload]
    width = 1.2 + (_WIDEST - 1.2) * (n / most) ** 0.5 if most else 1.2
    classes = wait_class(wait)  # type: ignore[arg-type]
    # The two lightest classes would be lost on the page.
    colour = palette.unclear if classes < 1 else palette.sequential[max(classes, 2)]
    colour = palette.series[1] if backward else colour
    drawing.shape(
        type="path",
        path=rounded_path(points),
        line={"color": colour, "width": round(width, 1), "dash": "dash" if backward else "solid"},
        layer="below",
    )
    drawing.shape(type="path", path=_arrow_head(points, width), fillcolor=colour, line={"width": 0}, layer="between")
    (x1, y1), (x2, y2) = longest_stretch(points)
    words = _("{n} lượt ({share} số hồ sơ)").format(n=number(n), share=percent(float(row["share"])))  # type: ignore[arg-type]
    waits = _("chờ: một nửa không quá {p50}, chín phần mười không quá {p90}").format(
        p50=hours_text(wait),  # type: ignore[arg-type]
        p90=hours_text(row["wait_hours_p90"]),  # type: ignore[arg-type]
    )
    title = f"<b>{row['from_activity']} → {row['to_activity']}</b>"
    title += "<br>" + _("quay lại bước trước") if backward else ""
    steps = max(2, int((abs(x1 - x2) + abs(y1 - y2)) / 14))
    shares = [step / steps for step in range(steps + 1)]
    drawing.hover(
        [x1 + (x2 - x1) * share for share in shares],
        [y1 + (y2 - y1) * share for share in shares],
        f"{title}<br>{words}<br>{waits}",
    )


def _arrow_head(points: list[Point], width: float) -> str:
    (x1, y1), (x2, y2) = points[-2:]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    along, across = ((x2 - x1) / length, (y2 - y1) / length), (-(y2 - y1) / length, (x2 - x1) / length)
    long, half = 8 + width * 0.5, 4 + width * 0.5
    back = (x2 - along[0] * long, y2 - along[1] * long)
    corners = [
        (x2, y2),
        (back[0] + across[0] * half, back[1] + across[1] * half),
        (back[0] - across[0] * half, back[1] - across[1] * half),
    ]
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in corners) + "Z"


def _draw_box(
    drawing: _Drawing, box: Box, row: dict[str, object], palette: Palette, *, is_marked: bool = False
) -> None:
    wait = row["wait_hours_p50"]
    fill = wait_colour(wait, palette)  # type: ignore[arg-type]
    ink = ink_on(fill, palette)
    drawing.shape(
        type="rect",
        x0=box.left,
        x1=box.right,
        y0=box.bottom,
        y1=box.top,
        fillcolor=fill,
        line={"color": palette.worse, "width": 4} if is_marked else {"color": palette.quiet, "width": 1},
        layer="between",
    )
    size = 12 if box.width >= 92 else 11
    # A pixel more than is drawn: in a meeting room type grows a little faster than the box.
    lines = wrapped(str(row["activity"]), box.width - 4, lines=3, size=size + 1)
    lines.append("</b>" + _("{n} lượt").format(n=number(int(row["visits"]))))  # type: ignore[call-overload]
    if wait is not None:
        lines.append(_("chờ {wait}").format(wait=hours_text(float(wait))))  # type: ignore[arg-type]
    drawing.words(
        x=box.centre,
        y=box.middle,
        text=f"<b>{'<br>'.join(lines)}",
        showarrow=False,
        font={"size": size, "color": ink},
    )
    for is_there, x, symbol in ((row["is_start"], box.left, "start"), (row["is_end"], box.right, "end")):
        if is_there:
            _draw_mark(drawing, box, x, symbol, palette)
    text = f"<b>{row['activity']}</b><br>" + _("{dossiers} hồ sơ, {visits} lượt").format(
        dossiers=number(int(row["dossiers"])),  # type: ignore[call-overload]
        visits=number(int(row["visits"])),  # type: ignore[call-overload]
    )
    if wait is not None:
        text += "<br>" + _("một nửa số lượt chờ bước này không quá {p50}").format(p50=hours_text(float(wait)))  # type: ignore[arg-type]
    drawing.hover([box.left + box.width * share for share in (0.1, 0.3, 0.5, 0.7, 0.9)], [box.middle] * 5, text)


def _draw_mark(drawing: _Drawing, box: Box, x: float, kind: str, palette: Palette) -> None:
    """A full dot at the corner where dossiers begin, a ring where they end."""
    size = MARGIN / 4
    y = box.top - 2 if kind == "start" else box.bottom + 2
    drawing.shape(
        type="circle",
        x0=x - size,
        x1=x + size,
        y0=y - size,
        y1=y + size,
        fillcolor=palette.better if kind == "start" else palette.page,
        line={"color": palette.better, "width": 3},
    )


def wrapped(text: str, width: float, *, lines: int, size: float = 12) -> list[str]:
    """The words in at most so many lines of at most this many pixels; what does not fit ends in an ellipsis."""

    def pixels(words: str) -> float:
        # Bold is a little wider.
        return (text_width(words) - 8) * size / 14 * 1.06

    done: list[str] = [""]
    for word in text.split():
        longer = f"{done[-1]} {word}".strip()
        if pixels(longer) <= width or not done[-1]:
            done[-1] = longer
        else:
            done.append(word)
    if len(done) > lines:
        done = [*done[: lines - 1], " ".join(done[lines - 1 :])]
    shown = []
    for line in done:
        cut = line
        while pixels(cut) > width and len(cut) > 2:
            cut = cut[:-2].rstrip() + "…"
        shown.append(cut)
    return shown


def ink_on(fill: str, palette: Palette) -> str:
    """The colour of words on a ground: that of the page's text or of the page."""
    return palette.text if _is_light(fill) == _is_light(palette.page) else palette.page


def _is_light(colour: str) -> bool:
    red, green, blue = rgb(colour)
    return 0.3 * red + 0.59 * green + 0.11 * blue > 140
