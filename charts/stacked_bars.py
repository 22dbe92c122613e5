"""Stacked bars from left to right: what a total is made of, one bar a group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from charts.layout import base_figure
from charts.palettes import Palette
from charts.process_map import wrapped
from charts.values import ticks
from language.formats import number

_BAR = 42
_FURNITURE = 120
_NAME_WIDTH = 240.0


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A part of every bar: its key, name and colour; `hatched` sets apart what is of another kind."""

    key: str
    name: str
    colour: str
    hatched: bool = False


@dataclass(frozen=True, kw_only=True)
class StackedBar:
    """One bar: its name, the value of each segment by key, and a note under the name."""

    name: str
    values: Mapping[str, float]
    note: str = ""


def stacked_bars_figure(
    bars: Sequence[StackedBar],
    segments: Sequence[Segment],
    *,
    palette: Palette,
    text: Callable[[float], str],
    axis_title: str,
) -> go.Figure:
    """The bars from top to bottom in the order given; `text` prints a value."""
    figure = base_figure(palette, height=_FURNITURE + _BAR * len(bars) + 22 * (len(segments) // 4), font_size=14)
    names = [_name(bar) for bar in bars]
    places = list(range(len(bars)))
    longest = max((sum(bar.values.values()) for bar in bars), default=0.0)
    for segment in segments:
        values = [bar.values.get(segment.key, 0.0) for bar in bars]
        figure.add_bar(
            orientation="h",
            y=places,
            x=values,
            name=segment.name,
            marker={
                "color": segment.colour,
                "line": {"color": palette.page, "width": 1},
                "pattern": {
                    "shape": "/" if segment.hatched else "",
                    "bgcolor": segment.colour,
                    "fgcolor": palette.page,
                    "size": 7,
                    "solidity": 0.25,
                },
            },
            width=0.72,
            customdata=[
                f"<b>{bar.name}</b><br>{segment.name}: {text(value)}" for bar, value in zip(bars, values, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    for place, bar in enumerate(bars):
        total = sum(bar.values.values())
        figure.add_annotation(
            x=total, y=place, text=f" {text(total)}", showarrow=False, xanchor="left", font={"color": palette.text}
        )
    marks = ticks(0, longest or 1, steps=5)
    if all(float(value).is_integer() for bar in bars for value in bar.values.values()):
        # There is no half of a dossier.
        marks = [mark for mark in marks if float(mark).is_integer()]
    decimals = 0 if all(mark == int(mark) for mark in marks) else 1
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal", "itemclick": False,
                "itemdoubleclick": False, "font": {"size": 14}},
    )  # fmt: skip
    figure.update_xaxes(
        tickvals=marks,
        ticktext=[number(mark, decimals) for mark in marks],
        range=[0, (longest or 1) * 1.2],
        title={"text": axis_title, "font": {"size": 14, "color": palette.quiet}},
    )
    figure.update_yaxes(
        tickvals=places,
        ticktext=names,
        range=[len(bars) - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
        tickfont={"color": palette.text, "size": 14},
    )
    return figure


def _name(bar: StackedBar) -> str:
    lines = wrapped(bar.name, _NAME_WIDTH, lines=1 if bar.note else 2, size=14)
    return "<br>".join([*lines, *([bar.note] if bar.note else [])])
