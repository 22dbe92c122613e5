"""What all Plotly figures share: type, ground, Vietnamese numbers and dates, no tools of the library's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from charts.palettes import Palette
from charts.values import Axis, ticks
from language import current_language

# No tool bar (its words are English and it is small), no logo, and no zooming by a stray drag on a projector.
CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}


def base_figure(palette: Palette, *, height: int, font_size: int = 15) -> go.Figure:
    """An empty figure in the page's colours; figures print their own numbers."""
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 12, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": font_size, "color": palette.text, "family": "Source Sans, sans-serif"},
        hoverlabel={
            "font": {"size": font_size, "color": palette.text},
            "bgcolor": palette.page,
            "bordercolor": palette.quiet,
            "align": "left",
        },
        separators=".," if current_language() == "en" else ",.",
        dragmode=False,
        showlegend=False,
    )
    axis = {
        "gridcolor": palette.grid,
        "linecolor": palette.grid,
        "zerolinecolor": palette.grid,
        "automargin": True,
        "fixedrange": True,
        "tickfont": {"color": palette.quiet},
        "hoverformat": "%d/%m/%Y",
        "tickangle": 0,
    }
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    return figure


def value_ticks(scale: Axis, low: float, high: float, *, steps: int = 5) -> dict[str, Any]:
    """Axis settings that print the values by `scale`; the range reaches just past the values."""
    marks = ticks(low * scale.factor, high * scale.factor, steps=steps)
    if scale.unit == "%":
        marks = [mark for mark in marks if 0 <= mark <= 100]
    decimals = scale.decimals
    # Steps of 2.5 need a decimal more than the values: 92,5 % is not 92 %.
    while decimals < 3 and any(abs(round(mark, decimals) - mark) > 1e-9 for mark in marks):
        decimals += 1
    printed = Axis(scale.factor, scale.unit, decimals)
    room = (high - low) * 0.06 or abs(high) * 0.06 or 0.5
    return {
        "tickvals": [mark / scale.factor for mark in marks],
        "ticktext": [printed.text(mark / scale.factor) for mark in marks],
        "range": [min(low, marks[0] / scale.factor) - room, max(high, marks[-1] / scale.factor) + room],
    }


def date_ticks(days: Sequence[dt.date], *, grain: str, most: int = 10) -> dict[str, Any]:
    """Axis settings for dates: `T7/2025` for months, `30/06` within a year, `30/06/25` across years."""
    if not days:
        return {}
    step = max(1, -(-len(days) // most))
    # Counted from the last one back, so that the latest date is always printed.
    shown = [day for index, day in enumerate(reversed(days)) if index % step == 0][::-1]
    one_year = days[0].year == days[-1].year
    return {"tickvals": shown, "ticktext": [date_label(day, grain=grain, with_year=not one_year) for day in shown]}


def date_label(day: dt.date, *, grain: str, with_year: bool) -> str:
    if grain == "month":
        return f"T{day.month}/{day.year}" if current_language() != "en" else f"{day.month:02d}/{day.year}"
    return f"{day:%d/%m/%y}" if with_year else f"{day:%d/%m}"
