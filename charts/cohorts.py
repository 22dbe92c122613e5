"""Time to result by cohort of receipt: quantiles with their intervals, and the curve of one cohort.

Beside each stands what the finished dossiers alone would say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go

from charts.cohort_words import QUANTILES, cohort_name, share_name
from charts.layout import base_figure, date_ticks, value_ticks
from charts.palettes import Palette, rgba
from charts.values import axis, interval_text, value_text
from indicators.catalogue import indicator
from indicators.cohorts import Cohort
from indicators.statistics import Floats, Survival
from language import _
from language.formats import number, percent

# The curve is drawn until nearly all have a result, but no further than this many working days.
_NEARLY_ALL, _LONGEST_CURVE = 0.97, 30.0
_STEPS = 240


def cohorts_figure(
    found: Sequence[Cohort],
    probability: float,
    *,
    grain: str,
    palette: Palette,
    minutes_per_day: int,
    height: int,
    chosen: Cohort | None = None,
) -> go.Figure:
    """One point a cohort with its interval, hollow while provisional; dashed what the finished dossiers alone say."""
    figure = base_figure(palette, height=height)
    declared = indicator(f"throughput_days_p{round(100 * probability)}")
    quantiles = [one.quantile(probability) for one in found]
    days = [one.window.starts for one in found]
    is_enough = [one.has_enough(probability) for one in found]
    values = [
        value
        for one, enough in zip(quantiles, is_enough, strict=True)
        for value in (one.value, *((one.naive, one.low, one.high) if enough else ()))
        if value is not None
    ]
    scale = axis(declared, values, minutes_per_day)
    low, high = 0.0, max(values, default=1.0)
    if chosen is not None and chosen in found:
        _mark(figure, chosen, found, palette)
    figure.add_scatter(
        x=days,
        y=[one.naive if enough else None for one, enough in zip(quantiles, is_enough, strict=True)],
        mode="lines+markers",
        line={"color": palette.worse, "width": 2, "dash": "dash"},
        marker={"color": palette.worse, "size": 5, "symbol": "diamond"},
        name=_("chỉ tính hồ sơ đã xong"),
        customdata=[value_text(declared, one.naive, minutes_per_day) for one in quantiles],
        hovertemplate=_("chỉ tính hồ sơ đã xong: {value}").format(value="%{customdata}") + "<extra></extra>",
    )
    for day, one, enough in zip(days, quantiles, is_enough, strict=True):
        if enough and one.value is not None and one.low is not None:
            # Where the upper end is not known yet, the line leaves the chart.
            top = one.high if one.high is not None else high * 1.2
            figure.add_scatter(
                x=[day, day],
                y=[one.low, top],
                mode="lines",
                line={"color": rgba(palette.better, 0.35), "width": 5},
                hoverinfo="skip",
                showlegend=False,
            )
    figure.add_scatter(
        x=days,
        y=[one.value if enough else None for one, enough in zip(quantiles, is_enough, strict=True)],
        mode="lines",
        line={"color": palette.better, "width": 2.5},
        hoverinfo="skip",
        name=_("tính cả hồ sơ chưa xong"),
        connectgaps=False,
    )
    colours = [palette.better if enough else palette.unclear for enough in is_enough]
    figure.add_scatter(
        x=days,
        y=[one.value for one in quantiles],
        mode="markers",
        marker={
            "color": [
                palette.page if one.is_provisional else colour for one, colour in zip(quantiles, colours, strict=True)
            ],
            "line": {"color": colours, "width": 2},
            "size": [9 if enough else 6 for enough in is_enough],
            "opacity": 1,
        },
        customdata=[_hover(one, probability, grain, minutes_per_day) for one in found],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
        name=declared.name,
    )
    figure.update_xaxes(**date_ticks(days, grain=grain, most=5), showgrid=False)
    figure.update_yaxes(**value_ticks(scale, low, high, steps=4))
    figure.update_yaxes(title={"text": scale.unit, "font": {"color": palette.quiet, "size": 15}, "standoff": 14})
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 15}}
    )
    return figure


def _mark(figure: go.Figure, chosen: Cohort, found: Sequence[Cohort], palette: Palette) -> None:
    days = [one.window.starts for one in found]
    half = min((later - earlier for earlier, later in pairwise(days)), default=None)
    if half is not None:
        starts = chosen.window.starts
        figure.add_vrect(
            x0=starts - half / 2,
            x1=starts + half / 2,
            fillcolor=rgba(palette.better, 0.10),
            line_width=0,
            layer="below",
        )


def _hover(cohort: Cohort, probability: float, grain: str, minutes_per_day: int) -> str:
    declared = indicator(f"throughput_days_p{round(100 * probability)}")
    one = cohort.quantile(probability)
    lines = [
        f"<b>{_('tiếp nhận {bucket}').format(bucket=cohort_name(cohort, grain))}</b>",
        _("{share} có kết quả trong {value}").format(
            share=share_name(probability), value=value_text(declared, one.value, minutes_per_day)
        ),
    ]
    if interval := interval_text(declared, one.low, one.high, minutes_per_day):
        lines.append(_("khoảng tin cậy 95 %: {interval}").format(interval=interval))
    lines.append(
        _("{received} hồ sơ, {open} chưa có kết quả").format(received=number(cohort.received), open=number(cohort.open))
    )
    if not cohort.has_enough(probability):
        lines.append(_("chưa đủ số liệu để đánh giá"))
    if one.is_provisional:
        lines.append(_("tạm tính: hồ sơ chưa xong còn có thể làm đổi con số"))
    return "<br>".join(lines)


def curve_figure(cohort: Cohort, *, palette: Palette, minutes_per_day: int, height: int) -> go.Figure:
    """The share with a result after so many working days, with its band; dashed the finished dossiers alone."""
    figure = base_figure(palette, height=height)
    longest = curve_length(cohort)
    days = np.linspace(0, longest, _STEPS + 1)
    share, low, high = shares_at(cohort.curve, days)
    naive, _low, _high = shares_at(cohort.naive_curve, days)
    figure.add_scatter(
        x=[*days, *days[::-1]],
        y=[*high, *low[::-1]],
        mode="lines",
        fill="toself",
        fillcolor=rgba(palette.better, 0.18),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
        name=_("khoảng tin cậy 95 %"),
    )
    declared = indicator("throughput_days_p50")
    times = [value_text(declared, float(day), minutes_per_day) for day in days]
    for name, values, line in (
        (_("chỉ tính hồ sơ đã xong"), naive, {"color": palette.worse, "width": 2, "dash": "dash"}),
        (_("tính cả hồ sơ chưa xong"), share, {"color": palette.better, "width": 3}),
    ):
        texts = [
            _("sau {time}: {share} đã có kết quả").format(time=time, share=percent(float(value)))
            for time, value in zip(times, values, strict=True)
        ]
        figure.add_scatter(
            x=days,
            y=values,
            mode="lines",
            line=line,
            name=name,
            customdata=texts,
            hovertemplate="%{customdata}<extra>" + name + "</extra>",
        )
    for probability in QUANTILES.values():
        figure.add_hline(y=probability, line={"color": palette.quiet, "width": 1, "dash": "dot"}, layer="below")
    scale = axis(declared, [longest], minutes_per_day)
    width = longest * scale.factor
    marks = np.arange(0, width + 0.5, 1 if width <= 8 else 2 if width <= 16 else 5)
    figure.update_xaxes(
        tickvals=marks / scale.factor,
        ticktext=[number(float(mark)) for mark in marks],
        range=[0, longest],
        title={"text": scale.unit, "font": {"color": palette.quiet, "size": 15}},
    )
    figure.update_yaxes(
        tickvals=[0, 0.25, 0.5, 0.75, 0.9, 1],
        ticktext=[percent(tick, 0) for tick in (0, 0.25, 0.5, 0.75, 0.9, 1)],
        range=[0, 1.02],
    )
    return figure


def curve_length(cohort: Cohort) -> float:
    """How many working days the curve is drawn for."""
    curve = cohort.curve
    done = curve.moments[curve.share <= 1 - _NEARLY_ALL]
    last = float(done[0]) if len(done) else float(cohort.days.max(initial=0.0))
    return float(min(_LONGEST_CURVE, max(math.ceil(last), 1)))


def shares_at(curve: Survival, days: Floats) -> tuple[Floats, Floats, Floats]:
    """The share with a result after so many days, and its lower and upper bound."""
    places = np.searchsorted(curve.moments, days, side="right")
    share, low, high = (1 - np.concatenate([[1.0], values])[places] for values in (curve.share, curve.high, curve.low))
    return share, low, high
