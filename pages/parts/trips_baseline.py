"""Beside the form of a promise: where its figure stands, and whether what is being promised can be measured."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from indicators.catalogue import Indicator
from indicators.promise_baseline import is_possible
from indicators.promise_words import amount, signed_amount
from indicators.promises import DAYS_WITHOUT_DUE_DATE
from language import _
from language.formats import date, number
from pages.parts.screen import Screen
from pages.parts.trips_data import baseline_of


def draw_baseline(
    screen: Screen,
    figure: Indicator,
    *,
    commune_code: str | None,
    promised_on: dt.date | None,
    due_on: dt.date | None,
    expected: float | None,
    way: int,
) -> None:
    """Where the figure stands, and whether what is being promised can be measured at all; `way` is 1 up, -1 down."""
    minutes = screen.minutes_per_day
    if promised_on is None or (due_on is not None and due_on < promised_on):
        return
    days = DAYS_WITHOUT_DUE_DATE if due_on is None else (due_on - promised_on).days + 1
    found = baseline_of(screen.snapshot, screen.snapshot.id, commune_code, figure.id, promised_on, days)
    if found.value is None or (figure.has_interval and (found.n or 0) < figure.min_n):
        words = _("Trong {days} ngày trước cam kết chỉ có {n} hồ sơ: cam kết theo chỉ tiêu này sẽ không đo được.")
        st.warning(words.format(days=days, n=number(found.n or 0)), icon=":material/rule:")
        return
    words = _("Từ {starts} đến {ends}: {value}{cases}.").format(
        starts=date(found.window.starts),
        ends=date(found.window.ends),
        value=amount(found.value, figure, minutes),
        cases=" " + _("(n = {n})").format(n=number(found.n)) if figure.has_interval else "",
    )
    if found.least is not None and not is_possible(figure, way * found.least, found.value):
        words += " " + _("Số hồ sơ ít và dao động nhiều: dù đạt hết mức có thể cũng khó kết luận là giữ được.")
    elif found.least is not None:
        size = signed_amount(found.least, figure, minutes).lstrip("+")
        words += " " + _("Với số hồ sơ ấy, thay đổi dưới khoảng {size} khó kết luận là giữ được.").format(size=size)
    st.caption(words)
    if not is_possible(figure, expected, found.value):
        told = _("Chỉ tiêu không còn chỗ để thay đổi nhiều như vậy: cam kết này sẽ không đo được.")
        st.warning(told, icon=":material/rule:")
