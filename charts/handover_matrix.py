"""A matrix of units: how often each hands to each, darker where dossiers wait longer; what comes back is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from charts.layout import base_figure
from charts.palettes import Palette
from charts.process_map import hours_text, ink_on, wait_class, wrapped
from language import _
from language.formats import number, percent

_ROW = 58
_HEAD = 96
_LABEL = 130


@dataclass(frozen=True, kw_only=True)
class Handover:
    """How often one unit handed to the other; `returns` of them straight back; mean elapsed wait in hours."""

    giver: str
    taker: str
    n: int
    returns: int
    wait_hours: float


def handover_matrix_figure(handovers: Sequence[Handover], *, units: Sequence[str], palette: Palette) -> go.Figure:
    """Rows hand over, columns take; `units` in the order of both."""
    cells = {(one.giver, one.taker): one for one in handovers}
    places = range(len(units))
    figure = base_figure(palette, height=_ROW * len(units) + _HEAD, font_size=14)
    given = [[cells.get((giver, taker)) for taker in units] for giver in units]
    steps = len(palette.sequential)
    figure.add_heatmap(
        x=list(places),
        y=list(places),
        z=[[None if one is None else wait_class(one.wait_hours) for one in row] for row in given],
        zmin=-0.5,
        zmax=steps - 0.5,
        xgap=3,
        ygap=3,
        colorscale=[
            [edge / steps, colour] for place, colour in enumerate(palette.sequential) for edge in (place, place + 1)
        ],
        showscale=False,
        customdata=[["" if one is None else _words(one) for one in row] for row in given],
        hovertemplate="%{customdata}<extra></extra>",
        hoverongaps=False,
    )
    for row, taken in enumerate(given):
        for column, one in enumerate(taken):
            if one is None:
                continue
            colour = ink_on(palette.sequential[wait_class(one.wait_hours)], palette)
            back = f"<br>↩ {percent(one.returns / one.n)}" if one.returns else ""
            figure.add_annotation(
                x=column,
                y=row,
                text=f"<b>{number(one.n)}</b> · {hours_text(one.wait_hours)}{back}",
                showarrow=False,
                font={"size": 13, "color": colour},
            )
    labels = ["<br>".join(wrapped(unit, _LABEL, lines=2, size=13)) for unit in units]
    figure.update_xaxes(tickvals=list(places), ticktext=labels, side="top", showgrid=False, zeroline=False)
    figure.update_yaxes(
        tickvals=list(places),
        ticktext=labels,
        range=[len(units) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )
    return figure


def _words(one: Handover) -> str:
    words = _("<b>{giver} → {taker}</b><br>{n} lượt, chờ bình quân {wait}").format(
        giver=one.giver, taker=one.taker, n=number(one.n), wait=hours_text(one.wait_hours)
    )
    if one.returns:
        words += "<br>" + _("{n} lượt trả ngược ngay về nơi vừa chuyển đến").format(n=number(one.returns))
    return words
