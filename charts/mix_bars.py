"""A difference taken apart: what the mix of dossiers did, and what is the commune's own, with its interval."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.layout import base_figure, value_ticks
from charts.palettes import Palette
from charts.rows import name_rows, standing_colour, standing_symbol
from charts.values import Axis
from indicators.catalogue import Indicator
from language import _
from language.formats import number, percentage_points

_ROW_HEIGHT = 34


def mix_figure(
    rows: pl.DataFrame,
    indicator: Indicator,
    *,
    names: Mapping[str, str],
    selected: Collection[str] = (),
    palette: Palette,
) -> go.Figure:
    """Rows of `indicators.mix.decompose`, first on top: a bar of the mix, a sign of its own part with its interval."""
    figure = base_figure(palette, height=110 + _ROW_HEIGHT * rows.height)
    listed, places = list(rows.iter_rows(named=True)), list(range(rows.height))
    standings = [_standing(row) for row in listed]
    colours = [standing_colour(where, indicator, palette) for where in standings]
    figure.add_bar(
        x=[row["mix"] for row in listed],
        y=places,
        orientation="h",
        width=0.62,
        marker={"color": palette.too_few, "line": {"color": palette.quiet, "width": 1}},
        hoverinfo="skip",
    )
    for place, row, colour in zip(places, listed, colours, strict=True):
        figure.add_scatter(
            x=[row["own_low"], row["own_high"]],
            y=[place, place],
            mode="lines",
            line={"color": colour, "width": 3},
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[row["own"] for row in listed],
        y=places,
        mode="markers",
        marker={
            "color": colours,
            "symbol": [standing_symbol(where) for where in standings],
            "size": 14,
            "opacity": 1,
            "line": {"color": palette.text, "width": [2 if row["commune"] in selected else 0 for row in listed]},
        },
        customdata=[_hover(row, names) for row in listed],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_vline(x=0, line={"color": palette.province, "width": 2})
    values = [row[name] for row in listed for name in ("mix", "own_low", "own_high")]
    low, high = min([0.0, *values]), max([0.0, *values])
    # Points of per cent: the unit without the sign, which would read as a rate.
    scale = Axis(100, "", 0 if high - low > 0.05 else 1)
    figure.update_xaxes(**value_ticks(scale, low, high), side="top", zeroline=False)
    name_rows(figure, rows["commune"].to_list(), names=names, selected=selected, palette=palette)
    figure.add_annotation(
        x=0,
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=26,
        showarrow=False,
        text=_("như các đơn vị khác (chênh lệch theo điểm %)"),
    )
    figure.update_layout(margin={"t": 64})
    return figure


def is_clear(row: Mapping[str, Any]) -> bool:
    """Whether the interval of the own part leaves out 0."""
    return bool(row["own_low"] > 0 or row["own_high"] < 0)


def _standing(row: Mapping[str, Any]) -> str:
    if not is_clear(row):
        return "unclear"
    return "higher" if row["own"] > 0 else "lower"


def _hover(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return "<br>".join(
        [
            f"<b>{names[row['commune']]}</b> · {_('n = {n} hồ sơ').format(n=number(row['n']))}",
            _("chênh lệch: {value}").format(value=percentage_points(row["difference"])),
            _("do cơ cấu hồ sơ: {value}").format(value=percentage_points(row["mix"])),
            _("của chính đơn vị: {value} (khoảng tin cậy 95 %: {low} đến {high})").format(
                value=percentage_points(row["own"]),
                low=percentage_points(row["own_low"]),
                high=percentage_points(row["own_high"]),
            ),
        ]
    )
