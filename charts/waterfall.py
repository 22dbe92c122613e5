"""From one mean to another, part by part: bars that begin where the one before ended, with the interval of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from charts.layout import base_figure
from charts.palettes import Palette
from charts.process_map import wrapped
from charts.values import ticks
from language.formats import number

_BAR = 36


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one part adds (or takes away), with the bounds of its interval where they are known."""

    name: str
    difference: float
    low: float | None
    high: float | None
    text: str


def waterfall_figure(
    first: tuple[str, float],
    changes: Sequence[Change],
    last: tuple[str, float],
    *,
    palette: Palette,
    text: Callable[[float], str],
    axis_title: str,
) -> go.Figure:
    """From `first` to `last` (name, value) downward; a clear change is coloured, one that may be chance is grey."""
    rows = len(changes) + 2
    figure = base_figure(palette, height=_BAR * rows + 70, font_size=14)
    names = [
        "<br>".join(wrapped(name, 250, lines=2, size=14))
        for name in (first[0], *(one.name for one in changes), last[0])
    ]
    reach = [0.0, first[1], last[1]]
    for place, (name, value) in ((0, first), (rows - 1, last)):
        _bar(figure, place, 0.0, value, palette.province, f"<b>{name}</b><br>{text(value)}")
        _label(figure, place, value, text(value), palette)
    at = first[1]
    for place, one in enumerate(changes, start=1):
        is_clear = one.low is not None and one.high is not None and (one.low > 0 or one.high < 0)
        colour = (palette.worse if one.difference > 0 else palette.better) if is_clear else palette.unclear
        _bar(figure, place, at, one.difference, colour, f"<b>{one.name}</b><br>{one.text}")
        ends = [at, at + one.difference]
        if one.low is not None and one.high is not None:
            figure.add_scatter(
                x=[at + one.low, at + one.high],
                y=[place, place],
                mode="lines",
                line={"color": palette.text, "width": 1.5},
                hoverinfo="skip",
            )
            ends += [at + one.low, at + one.high]
        _label(
            figure,
            place,
            max(ends),
            text(one.difference) if one.difference <= 0 else f"+{text(one.difference)}",
            palette,
        )
        reach += ends
        at += one.difference
    low, high = min(reach), max(reach)
    marks = ticks(low, high or 1, steps=5)
    decimals = 0 if all(mark == int(mark) for mark in marks) else 1
    figure.update_xaxes(
        tickvals=marks,
        ticktext=[number(mark, decimals) for mark in marks],
        range=[low - (high - low) * 0.03, high + (high - low or 1) * 0.16],
        title={"text": axis_title, "font": {"size": 13, "color": palette.quiet}},
    )
    figure.update_yaxes(
        tickvals=list(range(rows)),
        ticktext=names,
        range=[rows - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
        tickfont={"color": palette.text, "size": 14},
    )
    return figure


def _bar(figure: go.Figure, place: int, base: float, value: float, colour: str, words: str) -> None:
    figure.add_bar(
        orientation="h",
        x=[value],
        y=[place],
        base=[base],
        width=0.62,
        marker={"color": colour},
        customdata=[words],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _label(figure: go.Figure, place: int, x: float, words: str, palette: Palette) -> None:
    figure.add_annotation(
        x=x, y=place, text=f" {words}", showarrow=False, xanchor="left", font={"color": palette.text, "size": 14}
    )
