"""Before and after, a row a commune: a ring for the period before, a filled sign for this one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.layout import base_figure, value_ticks
from charts.palettes import Palette
from charts.rows import ROW_HEIGHT, name_rows, standing_colour, standing_symbol
from charts.values import axis, difference_text, interval_text, value_text
from indicators.catalogue import Indicator
from language import _
from language.formats import number


def dumbbell_figure(
    rows: pl.DataFrame,
    indicator: Indicator,
    *,
    names: Mapping[str, str],
    selected: Collection[str] = (),
    palette: Palette,
    minutes_per_day: int,
) -> go.Figure:
    """Rows of `indicators.compare` by commune, first on top; only what is significant is coloured."""
    figure = base_figure(palette, height=90 + ROW_HEIGHT * rows.height)
    values = [value for name in ("value", "reference") for value in rows[name].to_list() if value is not None]
    scale = axis(indicator, values, minutes_per_day)
    listed = list(rows.iter_rows(named=True))
    standings = [_standing(row) for row in listed]
    colours = [standing_colour(where, indicator, palette) for where in standings]
    for place, (row, colour) in enumerate(zip(listed, colours, strict=True)):
        figure.add_scatter(
            x=[row["reference"], row["value"]],
            y=[place, place],
            mode="lines",
            line={"color": colour, "width": 4 if row["significant"] else 2},
            hoverinfo="skip",
        )
    marker = {"color": palette.page, "size": 12, "line": {"color": palette.quiet, "width": 2}, "opacity": 1}
    places = list(range(rows.height))
    figure.add_scatter(x=rows["reference"].to_list(), y=places, mode="markers", marker=marker, hoverinfo="skip")
    figure.add_scatter(
        x=rows["value"].to_list(),
        y=places,
        mode="markers",
        marker={
            "color": colours,
            "size": 14,
            "opacity": 1,
            "symbol": [standing_symbol(where) for where in standings],
            "line": {"color": palette.text, "width": [2 if row["commune"] in selected else 0 for row in listed]},
        },
        customdata=[_hover(row, indicator, names, minutes_per_day) for row in listed],
        hovertemplate="%{customdata}<extra></extra>",
    )
    for place, (row, colour) in enumerate(zip(listed, colours, strict=True)):
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=8,
            y=place,
            showarrow=False,
            text=difference_text(indicator, row["value"], row["reference"], minutes_per_day)
            if row["significant"]
            else _("chưa rõ"),
            font={"size": 14, "color": colour if row["significant"] else palette.quiet},
        )
    name_rows(figure, rows["commune"].to_list(), names=names, selected=selected, palette=palette)
    figure.update_xaxes(
        **value_ticks(scale, min(values, default=0), max(values, default=1)), side="top", zeroline=False
    )
    figure.update_layout(margin={"t": 40, "r": 120})
    return figure


def _standing(row: Mapping[str, Any]) -> str:
    if not row["significant"]:
        return "unclear"
    return "higher" if row["difference"] > 0 else "lower"


def _hover(row: Mapping[str, Any], indicator: Indicator, names: Mapping[str, str], minutes_per_day: int) -> str:
    lines = [f"<b>{names[row['commune']]}</b>"]
    for words, value, n in (
        (_("Kỳ trước: {value} (n = {n})"), row["reference"], row["reference_n"]),
        (_("Kỳ này: {value} (n = {n})"), row["value"], row["n"]),
    ):
        lines.append(words.format(value=value_text(indicator, value, minutes_per_day), n=number(n)))
    if interval := interval_text(indicator, row["value_low"], row["value_high"], minutes_per_day):
        lines.append(_("khoảng tin cậy 95 %: {interval}").format(interval=interval))
    return "<br>".join(lines)
