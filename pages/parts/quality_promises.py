"""Promised days against the terms of the procedures: how far apart, and where to ask why."""

from __future__ import annotations

import streamlit as st

from charts.due_difference import days_in_words, due_difference_figure
from indicators.questions import EARLIEST, LATEST, LEAST_N
from language import _
from language.formats import number, percent
from pages.parts.controls import pick_one
from pages.parts.plots import plot
from pages.parts.quality_common import TALL
from pages.parts.quality_data import promises
from pages.parts.screen import Screen
from pages.parts.table import Column, Row, table

_MOST_ROWS = 30


def draw_promises(screen: Screen) -> None:
    """How many promises follow the term, how far the others lie from it, and by procedure or by commune."""
    by = screen.view.promised_by
    spread, groups = promises(screen.snapshot, screen.snapshot.id, screen.period.window, by, screen.filters)
    counts = dict(spread.iter_rows())
    n = sum(counts.values())
    if not n:
        st.markdown("##### " + _("Trong kỳ không có hồ sơ nào có cả ngày hẹn và thời hạn để so."))
        return
    later = sum(count for days, count in counts.items() if days > 0)
    earlier = sum(count for days, count in counts.items() if days < 0)
    title = _("{share} ngày hẹn đúng như thời hạn của thủ tục; vì sao {later} hồ sơ hẹn dài hơn, {earlier} ngắn hơn?")
    if not later + earlier:
        title = _("{share} ngày hẹn đúng như thời hạn của thủ tục.")
    title = title.format(share=percent(counts.get(0, 0) / n), later=number(later), earlier=number(earlier))
    st.markdown("##### " + title.replace(" %", "\N{NO-BREAK SPACE}%"))
    st.caption(
        _(
            "Ngày hẹn trừ ngày tính lại theo thời hạn của thủ tục, lịch làm việc và thời gian dừng, theo ngày làm "
            "việc. n = {n} hồ sơ tiếp nhận trong kỳ có cả hai ngày; ngày hẹn vẫn là ngày chính thức."
        ).format(n=number(n))
    )
    if not later + earlier:
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        figure = due_difference_figure(counts, first=EARLIEST, last=LATEST, palette=screen.palette, height=TALL - 20)
        in_words = "; ".join(f"{days_in_words(days)}: {number(count)}" for days, count in counts.items())
        plot(
            figure,
            title="",
            heading=title,
            key="promises_spread",
            alt=in_words,
            note=_("Số hồ sơ theo số ngày làm việc chênh lệch."),
        )
    with right:
        names = {"procedure": _("Thủ tục"), "commune": _("Xã, phường")}
        pick_one(_("Xem theo"), names, by, attribute="promised_by")
        columns = [
            Column(label=names[by]),
            Column(label=_("Dài hơn"), number=True, help=_("Hồ sơ hẹn dài hơn thời hạn của thủ tục")),
            Column(label=_("Ngắn hơn"), number=True, help=_("Hồ sơ hẹn ngắn hơn thời hạn của thủ tục")),
            Column(label=_("Lệch thường gặp"), number=True, help=_("Trung vị của những hồ sơ bị lệch, ngày làm việc")),
            Column(label=_("n"), number=True),
        ]
        rows = [
            Row(
                cells=[
                    _name(screen, by, row[by]),
                    _count(row["longer"], row["n"]),
                    _count(row["shorter"], row["n"]),
                    _("{n} ngày").format(n=_median(row["typical_days"])),
                    number(row["n"]),
                ],
                sort=[rank, row["longer"], row["shorter"], row["typical_days"], row["n"]],
                muted=row["n"] < LEAST_N,
            )
            for rank, row in enumerate(groups.head(_MOST_ROWS).iter_rows(named=True))
        ]
        table(_("Ngày hẹn so với thời hạn"), columns, rows, key="promises", height=TALL - 50)
        if groups.height > _MOST_ROWS:
            st.caption(_("{n} dòng lệch nhiều nhất.").format(n=number(_MOST_ROWS)))


def _name(screen: Screen, by: str, code: str | None) -> str:
    if by == "procedure":
        return screen.lists.procedures.get(code or "", code or "–")
    return screen.commune_name(code) if code in screen.lists.communes else _("Đơn vị cũ bị chia tách")


def _count(count: int, n: int) -> str | tuple[str, str]:
    return (number(count), percent(count / n).replace(" %", "\N{NO-BREAK SPACE}%")) if count else number(0)


def _median(days: float) -> str:
    return number(days, 0 if float(days).is_integer() else 1, signed=True)
