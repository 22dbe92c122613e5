"""The index of Decision 766 as figures: points by group with what is not known, all communes with their intervals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from charts.layout import base_figure
from charts.palettes import Palette, rgba
from language import _
from language.formats import number

_ROW = 46
# How much of the width beside the names a sign of a bar's text takes on a projector.
_SIGN = 0.021


@dataclass(frozen=True, kw_only=True)
class GroupBar:
    """One bar: points of those known, of the maximum; `low` and `high` where some of it is computed from dossiers."""

    name: str
    points: float | None
    known: float
    maximum: float
    low: float | None = None
    high: float | None = None
    is_of_province: bool = False


def points_text(points: float | None, decimals: int = 1) -> str:
    """`31,2`; an en dash where nothing is known."""
    return number(points, decimals)


def of_known_text(points: float | None, known: float, decimals: int = 1) -> str:
    """`31,2 / 42`: never scaled to what is not known."""
    whole = abs(known - round(known)) < 0.005
    return f"{points_text(points, decimals)} / {number(known, 0 if whole else 2)}"


def groups_figure(bars: Sequence[GroupBar], *, palette: Palette) -> go.Figure:
    """One row a group: reached, not reached (pale), not known (hatched); what the province decides has a colour."""
    figure = base_figure(palette, height=24 + _ROW * len(bars))
    places = list(range(len(bars)))
    colours = [palette.series[3] if bar.is_of_province else palette.better for bar in bars]
    reached = [bar.points or 0.0 for bar in bars]
    missed = [bar.known - value for bar, value in zip(bars, reached, strict=True)]
    unknown = [max(bar.maximum - bar.known, 0.0) for bar in bars]
    common = {"orientation": "h", "y": places, "hoverinfo": "skip", "showlegend": False, "width": 0.56}
    figure.add_bar(x=reached, marker={"color": colours}, **common)
    figure.add_bar(x=missed, marker={"color": [rgba(colour, 0.22) for colour in colours]}, **common)
    hatching = {"shape": "/", "fgcolor": palette.unclear, "bgcolor": palette.none, "size": 7, "solidity": 0.25}
    figure.add_bar(
        x=unknown,
        marker={"color": palette.none, "pattern": hatching, "line": {"color": palette.too_few, "width": 1}},
        **common,
    )
    for place, bar in enumerate(bars):
        if bar.points is not None and bar.low is not None and bar.high is not None:
            figure.add_scatter(
                x=[bar.low, bar.high],
                y=[place, place],
                mode="lines+markers",
                line={"color": palette.text, "width": 2},
                marker={"symbol": "line-ns", "size": 9, "line": {"color": palette.text, "width": 2}},
                hoverinfo="skip",
                showlegend=False,
            )
        figure.add_annotation(
            x=bar.maximum,
            y=place,
            xanchor="left",
            xshift=8,
            showarrow=False,
            text=_bar_text(bar),
            font={"color": palette.text},
        )
    # The narrowest place for the figure is a projector's; wider ones have more room beside the bars.
    longest = max((bar.maximum / (1 - _SIGN * _signs(_bar_text(bar))) for bar in bars), default=1)
    figure.update_layout(barmode="stack", margin={"t": 4, "b": 4, "r": 8})
    figure.update_xaxes(visible=False, range=[0, longest])
    figure.update_yaxes(
        tickvals=places,
        ticktext=[bar.name for bar in bars],
        range=[len(bars) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        tickfont={"color": palette.text, "size": 15},
    )
    return figure


def _bar_text(bar: GroupBar) -> str:
    if bar.points is None:
        return _("không có nguồn ({points} điểm)").format(points=number(bar.maximum))
    text = f"<b>{of_known_text(bar.points, bar.known)}</b>"
    if bar.known < bar.maximum - 0.005:
        missing = bar.maximum - bar.known
        text += " " + _("(chưa biết {points})").format(points=number(missing, 0 if missing == round(missing) else 2))
    return text


def _signs(text: str) -> int:
    return len(text.replace("<b>", "").replace("</b>", ""))


def units_figure(
    units: pl.DataFrame, *, names: Mapping[str, str], selected: Collection[str], palette: Palette
) -> go.Figure:
    """Every commune of a `Ranking`, most points on the left, with its interval; bands hold those not to be told apart.

    No name stands on the axis: within a band the order says nothing.
    """
    figure = base_figure(palette, height=340)
    rows = list(units.iter_rows(named=True))
    low = min((row["low"] for row in rows), default=0.0)
    high = max((row["high"] for row in rows), default=1.0)
    room = (high - low) * 0.06 or 1.0
    tiers = units.group_by("tier", maintain_order=True).agg(size=pl.len())
    start = 0
    for tier, size in tiers.iter_rows():
        figure.add_vrect(
            x0=start - 0.5,
            x1=start + size - 0.5,
            fillcolor=rgba(palette.province, 0.07 if tier % 2 else 0.0),
            line_width=0,
            layer="below",
        )
        if size >= max(1, len(rows) / 40):
            figure.add_annotation(
                x=start + (size - 1) / 2,
                y=1,
                yref="paper",
                yanchor="bottom",
                showarrow=False,
                text=_("Nhóm {tier}").format(tier=tier) if size >= len(rows) / 10 else str(tier),
                font={"color": palette.quiet, "size": 14},
            )
        start += size
    chosen = [row["commune"] in selected for row in rows]
    colours = [palette.worse if is_chosen else palette.better for is_chosen in chosen]
    figure.add_scatter(
        x=list(range(len(rows))),
        y=[row["points"] for row in rows],
        mode="markers",
        marker={"color": colours, "size": [12 if is_chosen else 7 for is_chosen in chosen]},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [row["high"] - row["points"] for row in rows],
            "arrayminus": [row["points"] - row["low"] for row in rows],
            "color": palette.unclear,
            "thickness": 1.2,
            "width": 0,
        },
        customdata=[_hover(row, names) for row in rows],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )
    for place, row in enumerate(rows):
        if row["commune"] in selected:
            figure.add_annotation(
                x=place, y=row["high"], yshift=10, showarrow=False, text=f"<b>{names[row['commune']]}</b>"
            )
    figure.update_layout(margin={"t": 28})
    figure.update_xaxes(visible=False, range=[-0.8, len(rows) - 0.2])
    figure.update_yaxes(
        range=[low - room, high + room * 1.6], title={"text": _("điểm"), "font": {"color": palette.quiet}}
    )
    return figure


def _hover(row: Mapping[str, object], names: Mapping[str, str]) -> str:
    def value(name: str) -> float:
        return float(row[name])  # type: ignore[arg-type]

    lines = [
        f"<b>{names[str(row['commune'])]}</b>",
        _("{points} điểm ({low}–{high})").format(
            points=of_known_text(value("points"), value("known")),
            low=points_text(value("low")),
            high=points_text(value("high")),
        ),
        _("thứ hạng có thể từ {low} đến {high}").format(low=row["rank_low"], high=row["rank_high"]),
        _("n = {n} hồ sơ").format(n=number(value("n"))),
    ]
    return "<br>".join(lines)
