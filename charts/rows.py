"""Figures of one row a commune: their names on the left, the dashed line that they are set against, their signs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import plotly.graph_objects as go

from charts.palettes import Palette
from charts.standing import is_better
from indicators.catalogue import Indicator

ROW_HEIGHT = 30


def name_rows(
    figure: go.Figure,
    communes: Iterable[str],
    *,
    names: Mapping[str, str],
    selected: Collection[str],
    palette: Palette,
) -> None:
    """Rows 0, 1, … from the top, each named; the selected ones in bold."""
    labels = [f"<b>{names[code]}</b>" if code in selected else names[code] for code in communes]
    figure.update_yaxes(
        tickvals=list(range(len(labels))),
        ticktext=labels,
        range=[len(labels) - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
        tickfont={"color": palette.text, "size": 14},
    )


def add_reference(figure: go.Figure, value: float, *, text: str, shown: tuple[float, float], palette: Palette) -> None:
    """The dashed line that the rows are set against, named above the axis and within the `shown` range."""
    low, high = shown
    place = (value - low) / (high - low) if high > low else 0.5
    figure.add_vline(x=value, line={"color": palette.province, "width": 2, "dash": "dash"})
    figure.add_annotation(
        x=value,
        y=1,
        yref="paper",
        xanchor="right" if place > 0.7 else "left" if place < 0.3 else "center",
        yanchor="bottom",
        yshift=26,
        showarrow=False,
        font={"size": 15},
        text=text,
    )


def standing_colour(where: str, indicator: Indicator, palette: Palette) -> str:
    """Better blue, worse orange; without a good side, higher and lower in two neutral colours; the rest grey."""
    if where == "too_few":
        return palette.too_few
    if where not in ("higher", "lower"):
        return palette.unclear
    better = is_better(indicator, where)
    if better is None:
        return palette.series[3] if where == "higher" else palette.series[5]
    return palette.better if better else palette.worse


def standing_symbol(where: str) -> str:
    """A form for each standing too, for those who do not see the colours."""
    return {"higher": "triangle-right", "lower": "triangle-left", "too_few": "circle-open"}.get(where, "circle")
