"""Hours of the day by weekday: when dossiers come in and when work is done, darker where there is more."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from charts.layout import base_figure
from charts.palettes import Palette
from language import _
from language.formats import number, percent

_ROW = 38


def weekday_names() -> list[str]:
    """Monday to Sunday."""
    return [
        _("Thứ Hai"),
        _("Thứ Ba"),
        _("Thứ Tư"),
        _("Thứ Năm"),
        _("Thứ Sáu"),
        _("Thứ Bảy"),
        _("Chủ nhật"),
    ]


def heat_hours_figure(counts: Mapping[tuple[int, int], int], *, palette: Palette, first: int, last: int) -> go.Figure:
    """`counts`: by weekday (1 is Monday) and hour; drawn from the hour `first` to `last`."""
    figure = base_figure(palette, height=_ROW * 7 + 60, font_size=14)
    names = weekday_names()
    hours = list(range(first, last + 1))
    total = sum(counts.values())
    values = [[counts.get((day, hour), 0) for hour in hours] for day in range(1, 8)]
    steps = len(palette.sequential) - 1
    # Few enough to stand beside each other in half a page.
    marks = [hour for hour in [*hours, last + 1] if hour % (1 if len(hours) <= 12 else 3) == 0]
    words = [
        [
            _("<b>{weekday}, {hour}–{next} giờ</b>").format(weekday=names[day - 1], hour=hour, next=hour + 1)
            + "<br>"
            + _("{n} lượt, {share}").format(
                n=number(counts.get((day, hour), 0)),
                share=percent(counts.get((day, hour), 0) / total if total else None),
            )
            for hour in hours
        ]
        for day in range(1, 8)
    ]
    figure.add_heatmap(
        x=hours,
        y=list(range(7)),
        z=values,
        zmin=0,
        zmax=max((max(row) for row in values), default=0) or 1,
        xgap=2,
        ygap=2,
        colorscale=[
            [0.0, palette.none],
            *([(step + 1) / (steps + 1), palette.sequential[step]] for step in range(steps + 1)),
        ],
        showscale=False,
        customdata=words,
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.update_xaxes(
        tickvals=[hour - 0.5 for hour in marks],
        ticktext=[f"{hour}h" for hour in marks],
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(tickvals=list(range(7)), ticktext=names, range=[6.5, -0.5], showgrid=False, zeroline=False)
    return figure
