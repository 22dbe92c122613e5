"""Communes side by side: a dot with its interval for each, sorted, against the province's line."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import plotly.graph_objects as go
import polars as pl

from charts.layout import base_figure, value_ticks
from charts.palettes import Palette
from charts.rows import ROW_HEIGHT, add_reference, name_rows, standing_colour, standing_symbol
from charts.standing import standing_name
from charts.values import axis, interval_text, is_missing, value_text
from indicators.catalogue import Indicator
from language import _
from language.formats import number

_LONGEST_UNIT = 14


def dots_figure(
    frame: pl.DataFrame,
    indicator: Indicator,
    *,
    province: float | None,
    whole: str,
    names: Mapping[str, str],
    selected: Collection[str] = (),
    palette: Palette,
    minutes_per_day: int,
) -> go.Figure:
    """One row a commune, from a frame of `with_standing` in the order to draw (first row on top).

    `province` is what the communes are compared with: of a count the mean of the communes, not the province's total.
    `whole` is what the province is called.

    Colour says whether the whole interval lies beyond the province's value, not how high the value is.
    """
    rows = [row for row in frame.iter_rows(named=True) if not is_missing(row["value"])]
    figure = base_figure(palette, height=100 + ROW_HEIGHT * len(rows))
    values = [row[name] for row in rows for name in ("value", "low", "high") if not is_missing(row[name])]
    if province is not None and not is_missing(province):
        values.append(province)
    scale = axis(indicator, values, minutes_per_day)
    positions = list(range(len(rows)))
    colours = [standing_colour(row["standing"], indicator, palette) for row in rows]
    for position, row, colour in zip(positions, rows, colours, strict=True):
        if not is_missing(row["low"]) and not is_missing(row["high"]):
            figure.add_scatter(
                x=[row["low"], row["high"]],
                y=[position, position],
                mode="lines",
                line={"color": colour, "width": 3},
                hoverinfo="skip",
                showlegend=False,
            )
    figure.add_scatter(
        x=[row["value"] for row in rows],
        y=positions,
        mode="markers",
        marker={
            "color": colours,
            "size": [17 if row["commune"] in selected else 13 for row in rows],
            "opacity": 1,
            "symbol": [standing_symbol(row["standing"]) for row in rows],
            "line": {"color": palette.text, "width": [2 if row["commune"] in selected else 0 for row in rows]},
        },
        customdata=[_hover(row, indicator, names, minutes_per_day) for row in rows],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )
    low, high = min(values, default=0), max(values, default=1)
    if province is not None and not is_missing(province):
        name = _("Trung bình một đơn vị") if indicator.unit == "count" else whole
        text = f"{name}: {value_text(indicator, province, minutes_per_day)}"
        add_reference(figure, province, text=text, shown=(low, high), palette=palette)
    name_rows(figure, [row["commune"] for row in rows], names=names, selected=selected, palette=palette)
    figure.update_xaxes(**value_ticks(scale, 0 if indicator.unit == "count" else low, high))
    # On top, where a projector shows them before anyone scrolls.
    figure.update_xaxes(side="top", zeroline=False)
    figure.update_layout(margin={"t": 64})
    # A longer unit would be cut off at the side; it stands in the name of the indicator, above the figure.
    if scale.unit != "%" and len(scale.unit) <= _LONGEST_UNIT:
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="right",
            xshift=-6,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=2,
            showarrow=False,
            text=scale.unit,
            font={"color": palette.quiet},
        )
    return figure


def _hover(row: dict[str, object], indicator: Indicator, names: Mapping[str, str], minutes_per_day: int) -> str:
    lines = [f"<b>{names[str(row['commune'])]}</b>", value_text(indicator, row["value"], minutes_per_day)]  # type: ignore[arg-type]
    if interval := interval_text(indicator, row["low"], row["high"], minutes_per_day):  # type: ignore[arg-type]
        lines.append(_("khoảng tin cậy 95 %: {interval}").format(interval=interval))
    if row["n"] is not None:
        lines.append(_("n = {n} hồ sơ").format(n=number(row["n"])))  # type: ignore[arg-type]
    if indicator.has_interval:
        lines.append(standing_name(str(row["standing"])))
    return "<br>".join(lines)
