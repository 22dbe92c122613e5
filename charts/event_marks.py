"""Dated events on a time axis: a thin line and a number for each, explained under the chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import plotly.graph_objects as go

from charts.palettes import Palette, rgba
from indicators.dated_events import DatedEvent
from language.formats import date as written_date


def mark_events(figure: go.Figure, events: Sequence[DatedEvent], palette: Palette, *, small: bool = False) -> None:
    """Draw each event at its first day, numbered from 1; numbers of events close together stand side by side.

    `small`: on a small chart, which has no legend to stand clear of.
    """
    if not events:
        return
    # The numbers stand over the chart, and a legend over the numbers.
    figure.update_layout(margin={"t": 24 if small else 40}, legend={"y": 1.1})
    before: list[dt.date] = []
    for number, event in enumerate(events, start=1):
        day = dt.datetime.combine(event.starts, dt.time())
        if event.window.days > 1:
            end = dt.datetime.combine(event.window.ends, dt.time(23))
            figure.add_vrect(x0=day, x1=end, fillcolor=rgba(palette.quiet, 0.1), line_width=0, layer="below")
        figure.add_vline(x=day, line={"color": palette.quiet, "width": 1.2, "dash": "dot"}, layer="below", opacity=0.8)
        level = sum((event.starts - other).days < (60 if small else 21) for other in before[-3:]) % 4
        before.append(event.starts)
        figure.add_annotation(
            x=day,
            y=1,
            yref="paper",
            xshift=(16 if small else 20) * level,
            yshift=3,
            text=f"<b>{number}</b>",
            showarrow=False,
            yanchor="bottom",
            font={"size": 11 if small else 13, "color": palette.text},
            bgcolor=palette.page,
            bordercolor=palette.quiet,
            borderwidth=1,
            borderpad=2,
            hovertext=event_text(event),
        )


def event_text(event: DatedEvent) -> str:
    """`16/03/2026–20/03/2026: Sự cố phần mềm một cửa`."""
    days = written_date(event.starts)
    if event.window.days > 1:
        days = f"{days}–{written_date(event.window.ends)}"
    return f"{days}: {event.text}"


def events_legend(events: Sequence[DatedEvent]) -> str:
    """What the numbers stand for, in one line."""
    return " · ".join(f"({number}) {event_text(event)}" for number, event in enumerate(events, start=1))
