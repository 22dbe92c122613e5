"""Promised against computed days: how many dossiers were promised how much earlier or later."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from charts.layout import base_figure
from charts.palettes import Palette
from charts.values import ticks
from language import _
from language.formats import number, percent


def due_difference_figure(
    counts: Mapping[int, int], *, first: int, last: int, palette: Palette, height: int = 230
) -> go.Figure:
    """Bars of the dossiers that differ, by working days from `first` (and less) to `last` (and more).

    Those promised as computed have no bar: they would dwarf the others, and the title says how many they are.
    """
    figure = base_figure(palette, height=height)
    total = sum(counts.values())
    shown = [day for day in range(first, last + 1) if day]
    highest = max((counts.get(day, 0) for day in shown), default=0)
    figure.add_bar(
        x=[str(day) for day in shown],
        y=[counts.get(day, 0) for day in shown],
        marker={"color": palette.series[0]},
        width=0.75,
        customdata=[_hover(day, counts.get(day, 0), total, first=first, last=last) for day in shown],
        hovertemplate="%{customdata}<extra></extra>",
    )
    ends = {first: f"≤ {number(first)}", last: f"≥ {number(last, signed=True)}"}
    figure.update_xaxes(
        type="category",
        tickvals=[str(day) for day in shown],
        ticktext=[ends.get(day) or number(day, signed=True) for day in shown],
        showgrid=False,
    )
    marks = [mark for mark in ticks(0, highest or 1, steps=3) if mark == int(mark)]
    figure.update_yaxes(tickvals=marks, ticktext=[number(mark) for mark in marks], range=[0, (highest or 1) * 1.08])
    return figure


def days_in_words(days: int) -> str:
    """`sớm hơn 2 ngày làm việc`, `đúng như thời hạn`, `muộn hơn 5 ngày làm việc`."""
    if days == 0:
        return _("đúng như thời hạn")
    words = _("muộn hơn {n} ngày làm việc") if days > 0 else _("sớm hơn {n} ngày làm việc")
    return words.format(n=number(abs(days)))


def _hover(day: int, count: int, total: int, *, first: int, last: int) -> str:
    words = days_in_words(day)
    if day in (first, last):
        words = _("{words} trở lên").format(words=words)
    share = percent(count / total, 2) if total else ""
    return f"<b>{words}</b><br>" + _("{n} hồ sơ, {share}").format(n=number(count), share=share)
