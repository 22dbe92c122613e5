"""A funnel plot: the rate of every commune by its number of dossiers, with the limits of chance and usual variation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from charts.labels import text_width
from charts.layout import base_figure, value_ticks
from charts.palettes import Palette, rgba
from charts.rows import standing_colour, standing_symbol
from charts.values import axis, value_text
from indicators.catalogue import Indicator
from indicators.funnel import ALARM, WARNING, Funnel
from language import _
from language.formats import number

HEIGHT = 440
_POINTS = 160
_LINE = 18


@dataclass(frozen=True, kw_only=True)
class FunnelPoint:
    """A commune: `score` is how many standard deviations its rate lies from the common one."""

    code: str
    name: str
    n: float
    value: float
    score: float

    @property
    def standing(self) -> str:
        """`higher` or `lower` beyond the limits of 95 %."""
        return "higher" if self.score > WARNING else "lower" if self.score < -WARNING else "unclear"

    @property
    def is_beyond_alarm(self) -> bool:
        return abs(self.score) > ALARM


def funnel_figure(
    points: Sequence[FunnelPoint],
    drawn: Funnel,
    indicator: Indicator,
    *,
    selected: Collection[str] = (),
    whole: str,
    palette: Palette,
    minutes_per_day: int,
    width: int = 860,
) -> go.Figure:
    """Points coloured and shaped by the side on which they lie beyond the limits; those and the selected are named."""
    figure = base_figure(palette, height=HEIGHT)
    sizes = np.array([point.n for point in points])
    first, last = max(1.0, float(sizes.min()) * 0.85), float(sizes.max()) * 1.08
    grid = np.unique(np.ceil(np.geomspace(first, last, _POINTS)))
    values = [point.value for point in points]
    low, high = _range(values, drawn)
    limits = {z: drawn.limits(grid, z) for z in (WARNING, ALARM)}
    for z, alpha in ((ALARM, 0.05), (WARNING, 0.08)):
        below, above = (np.clip(bound, 0, 1) for bound in limits[z])
        figure.add_scatter(x=grid, y=above, mode="lines", line={"width": 0}, hoverinfo="skip")
        figure.add_scatter(
            x=grid,
            y=below,
            mode="lines",
            line={"width": 0},
            fill="tonexty",
            fillcolor=rgba(palette.province, alpha),
            hoverinfo="skip",
        )
    for z, dash in ((WARNING, "dash"), (ALARM, "solid")):
        for bound in limits[z]:
            inside = np.where((bound >= 0) & (bound <= 1), bound, np.nan)
            figure.add_scatter(
                x=grid,
                y=inside,
                mode="lines",
                line={"color": palette.quiet, "width": 1.5, "dash": dash},
                hoverinfo="skip",
            )
    figure.add_hline(y=drawn.centre, line={"color": palette.province, "width": 2})
    for is_marked in (False, True):
        some = [point for point in points if (point.code in selected or point.standing != "unclear") == is_marked]
        _add_points(figure, some, indicator, selected, palette, minutes_per_day)
    x_range = (float(np.log10(first)), float(np.log10(last)))
    marked = [point for point in points if point.code in selected or point.standing != "unclear"]
    marked.sort(key=lambda point: (point.code not in selected, -abs(point.score), point.code))
    for annotation in _labels(marked, points, x_range, (low, high), width, selected, palette):
        figure.add_annotation(**annotation)
    scale = axis(indicator, [low, high], minutes_per_day)
    figure.update_yaxes(**value_ticks(scale, low, high) | {"range": [low, high]}, zeroline=False)
    marks = [mark for mark in _nice_sizes(last) if mark >= first]
    figure.update_xaxes(
        type="log",
        range=list(x_range),
        tickvals=marks,
        ticktext=[number(mark) for mark in marks],
        title={"text": _("Số hồ sơ của đơn vị trong kỳ (n)"), "font": {"size": 14}},
        showgrid=False,
    )
    figure.add_annotation(
        x=0,
        xref="paper",
        xanchor="left",
        xshift=4,
        y=drawn.centre,
        yanchor="bottom",
        showarrow=False,
        font={"color": palette.province, "size": 14},
        text=f"{whole}: {value_text(indicator, drawn.centre, minutes_per_day)}",
    )
    return figure


def _range(values: Sequence[float], drawn: Funnel) -> tuple[float, float]:
    low, high = min([*values, drawn.centre]), max([*values, drawn.centre])
    room = max((high - low) * 0.08, 0.01)
    # A little beyond 0 and 100 %, so that points there are seen whole.
    return max(low - room, -0.02), min(high + room, 1.02)


def _add_points(
    figure: go.Figure,
    points: Sequence[FunnelPoint],
    indicator: Indicator,
    selected: Collection[str],
    palette: Palette,
    minutes_per_day: int,
) -> None:
    figure.add_scatter(
        x=[point.n for point in points],
        y=[point.value for point in points],
        mode="markers",
        marker={
            "color": [standing_colour(point.standing, indicator, palette) for point in points],
            "symbol": [standing_symbol(point.standing) for point in points],
            "size": [
                17
                if point.code in selected
                else 14
                if point.is_beyond_alarm
                else 12
                if point.standing != "unclear"
                else 9
                for point in points
            ],
            "opacity": [1 if point.standing != "unclear" or point.code in selected else 0.65 for point in points],
            "line": {"color": palette.text, "width": [2 if point.code in selected else 0 for point in points]},
        },
        customdata=[_hover(point, indicator, minutes_per_day) for point in points],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _hover(point: FunnelPoint, indicator: Indicator, minutes_per_day: int) -> str:
    where = (
        _("ngoài giới hạn 99,8 %")
        if point.is_beyond_alarm
        else _("ngoài giới hạn 95 %")
        if point.standing != "unclear"
        else _("trong giới hạn: chưa đủ cơ sở nói là khác")
    )
    value = value_text(indicator, point.value, minutes_per_day)
    return f"<b>{point.name}</b><br>{value} · {_('n = {n} hồ sơ').format(n=number(point.n))}<br>{where}"


def _labels(
    marked: Sequence[FunnelPoint],
    points: Sequence[FunnelPoint],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    width: int,
    selected: Collection[str],
    palette: Palette,
) -> list[dict[str, object]]:
    """Names beside their points, each where it covers no other name, no marked point and no edge; else left out."""

    def place(point: FunnelPoint) -> tuple[float, float]:
        x = (np.log10(point.n) - x_range[0]) / (x_range[1] - x_range[0]) * (width - 70)
        return float(x), (1 - (point.value - y_range[0]) / (y_range[1] - y_range[0])) * (HEIGHT - 80)

    taken = [(x - 8, y - 8, x + 8, y + 8) for x, y in map(place, marked)]
    found: list[dict[str, object]] = []
    for point in marked:
        x, y = place(point)
        long = text_width(point.name) + 4
        own = (x - 8, y - 8, x + 8, y + 8)
        for left, top, anchor, shift_x, shift_y in (
            (x + 10, y - _LINE / 2, "left", 10, 0),
            (x - 10 - long, y - _LINE / 2, "right", -10, 0),
            (x - long / 2, y - 10 - _LINE, "center", 0, 18),
            (x - long / 2, y + 10, "center", 0, -18),
        ):
            box = (left, top, left + long, top + _LINE)
            is_inside = box[0] >= 0 and box[2] <= width - 70 and box[1] >= 0 and box[3] <= HEIGHT - 80
            if is_inside and not any(_overlap(box, other) for other in taken if other != own):
                taken.append(box)
                found.append(
                    {
                        "x": float(np.log10(point.n)),
                        "y": point.value,
                        "text": f"<b>{point.name}</b>" if point.code in selected else point.name,
                        "showarrow": False,
                        "xanchor": anchor,
                        "xshift": shift_x,
                        "yshift": shift_y,
                        "font": {"size": 14, "color": palette.text},
                        "bgcolor": rgba(palette.page, 0.75),
                        "borderpad": 0,
                    }
                )
                break
    return found


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _nice_sizes(last: float) -> list[float]:
    return [factor * 10.0**power for power in range(int(np.log10(max(last, 1))) + 1) for factor in (1, 2, 5)]
