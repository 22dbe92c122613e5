"""Tổng quan: how the province is, what changed, where to look first."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from charts.change import Figure
from charts.event_marks import mark_events
from charts.sentences import trend_sentence
from charts.trend import trend_figure
from indicators import Window, indicator, last_year, previous_window
from language import _
from pages.parts import data
from pages.parts.cards import card, cards
from pages.parts.event_lines import events_caption, events_near
from pages.parts.notables import draw_notables
from pages.parts.plots import plot
from pages.parts.readings import draw_link
from pages.parts.screen import close_screen, open_screen
from pages.parts.series import series

CARDS = (
    "received",
    "resolved",
    "on_time_rate_ii06",
    "on_time_rate_766",
    "pending",
    "pending_late",
    "processing_days_p50",
    "online_rate",
)
TRENDS = ("received", "on_time_rate_ii06")

screen = open_screen(_("Tổng quan"))
window = screen.period.window
now = screen.figures(CARDS).row(0, named=True)
changes = {
    period: {row["indicator"]: row for row in screen.changes(CARDS, reference).iter_rows(named=True)}
    for period, reference in (
        (_("Kỳ trước"), previous_window(window.starts, window.ends)),
        (_("Cùng kỳ {year}").format(year=window.ends.year - 1), last_year(window.starts, window.ends)),
    )
}
cards(
    [
        card(
            declared,
            Figure.from_row(now, declared),
            {period: rows[declared.id] for period, rows in changes.items()},
            minutes_per_day=screen.minutes_per_day,
        )
        for declared in map(indicator, CARDS)
    ],
    key="cards",
)
draw_link(screen, now)
draw_notables(screen)

recent = Window(max(window.ends - dt.timedelta(weeks=25), screen.lists.first_day), window.ends)
for column, declared in zip(st.columns(2, gap="medium"), map(indicator, TRENDS), strict=True):
    lines = series(screen, declared, grain="week", window=recent, communes=screen.view.marked[:1])
    figure = trend_figure(
        lines,
        declared,
        grain="week",
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
        days_off=data.days_off(screen.snapshot, screen.snapshot.id),
        height=280,
        size="half",
    )
    near = events_near(screen, recent, communes=screen.view.marked[:1], grain="week")
    mark_events(figure, near, screen.palette)
    with column:
        title = trend_sentence(lines, declared, minutes_per_day=screen.minutes_per_day)
        plot(figure, title=title, key=f"trend_{declared.id}", indicator=declared)
if near:
    st.caption(events_caption(near))
close_screen(screen)
