"""Communes in groups that cannot be told apart: each with its rate, the shrunken one, its interval and its ranks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.layout import base_figure, value_ticks
from charts.palettes import Palette, rgba
from charts.rows import ROW_HEIGHT, add_reference, name_rows, standing_colour, standing_symbol
from charts.values import axis, interval_text, value_text
from indicators.catalogue import Indicator
from language import _
from language.formats import number


def rank_figure(
    rows: pl.DataFrame,
    indicator: Indicator,
    *,
    province: float,
    whole: str,
    names: Mapping[str, str],
    selected: Collection[str] = (),
    palette: Palette,
    minutes_per_day: int,
) -> go.Figure:
    """Rows `commune, value, n, standing, shrunken, shrunken_low, shrunken_high, rank_low, rank_high, group` in order.

    The filled sign with its line is the shrunken value and its interval, the ring the value as counted.
    """
    figure = base_figure(palette, height=100 + ROW_HEIGHT * rows.height)
    listed = list(rows.iter_rows(named=True))
    values = [row[name] for row in listed for name in ("value", "shrunken_low", "shrunken_high")]
    scale = axis(indicator, values, minutes_per_day)
    places = list(range(len(listed)))
    _add_bands(figure, listed, palette)
    colours = [standing_colour(row["standing"], indicator, palette) for row in listed]
    for place, row, colour in zip(places, listed, colours, strict=True):
        figure.add_scatter(
            x=[row["shrunken_low"], row["shrunken_high"]],
            y=[place, place],
            mode="lines",
            line={"color": colour, "width": 3},
            hoverinfo="skip",
        )
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=8,
            y=place,
            showarrow=False,
            font={"size": 13, "color": palette.quiet},
            text=rank_text(row),
        )
    ring = {"color": palette.page, "size": 9, "symbol": "circle", "line": {"color": palette.quiet, "width": 2}}
    apart = [(row["value"], place) for place, row in enumerate(listed) if row["value"] != row["shrunken"]]
    if apart:
        counted, at = zip(*apart, strict=True)
        figure.add_scatter(x=counted, y=at, mode="markers", marker=ring, hoverinfo="skip")
    figure.add_scatter(
        x=[row["shrunken"] for row in listed],
        y=places,
        mode="markers",
        marker={
            "color": colours,
            "size": [16 if row["commune"] in selected else 13 for row in listed],
            "symbol": [standing_symbol(row["standing"]) for row in listed],
            "opacity": 1,
            "line": {"color": palette.text, "width": [2 if row["commune"] in selected else 0 for row in listed]},
        },
        customdata=[_hover(row, indicator, names, minutes_per_day) for row in listed],
        hovertemplate="%{customdata}<extra></extra>",
    )
    low, high = min([*values, province]), max([*values, province])
    text = f"{whole}: {value_text(indicator, province, minutes_per_day)}"
    add_reference(figure, province, text=text, shown=(low, high), palette=palette)
    name_rows(figure, rows["commune"].to_list(), names=names, selected=selected, palette=palette)
    figure.update_xaxes(**value_ticks(scale, low, high), side="top", zeroline=False)
    figure.update_layout(margin={"t": 64, "r": 156})
    return figure


def rank_text(row: Mapping[str, Any]) -> str:
    """`nhóm 2 · hạng 12–87`: where a commune may stand, never one bare place."""
    ranks = number(row["rank_low"])
    if row["rank_high"] > row["rank_low"]:
        ranks = f"{ranks}–{number(row['rank_high'])}"
    return _("nhóm {group} · hạng {ranks}").format(group=row["group"], ranks=ranks)


def _add_bands(figure: go.Figure, listed: list[dict[str, Any]], palette: Palette) -> None:
    starts = [place for place, row in enumerate(listed) if not place or listed[place - 1]["group"] != row["group"]]
    for number_of, (start, end) in enumerate(zip(starts, [*starts[1:], len(listed)], strict=True)):
        if number_of % 2 == 0:
            figure.add_hrect(
                y0=start - 0.5, y1=end - 0.5, fillcolor=rgba(palette.province, 0.06), line_width=0, layer="below"
            )


def _hover(row: Mapping[str, Any], indicator: Indicator, names: Mapping[str, str], minutes_per_day: int) -> str:
    shrunken = value_text(indicator, row["shrunken"], minutes_per_day)
    interval = interval_text(indicator, row["shrunken_low"], row["shrunken_high"], minutes_per_day)
    return "<br>".join(
        [
            f"<b>{names[row['commune']]}</b>",
            _("đếm được: {value} (n = {n})").format(
                value=value_text(indicator, row["value"], minutes_per_day), n=number(row["n"])
            ),
            _("ước lượng, khoảng 95 %: {value} ({interval})").format(value=shrunken, interval=interval),
            rank_text(row),
        ]
    )
