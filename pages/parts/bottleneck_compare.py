"""So hai bên: which step makes the difference between two times, two communes, or a commune and those like it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import streamlit as st

from charts.waterfall import Change, waterfall_figure
from indicators.peers import peers
from indicators.process import Comparison, Side
from indicators.windows import Window
from language import _
from language.formats import date, number
from pages.parts import bottleneck_data as data
from pages.parts.bottleneck_words import office_hours, part_name, signed_hours
from pages.parts.controls import pick_one
from pages.parts.period import read_date, written_window
from pages.parts.plots import plot
from pages.parts.screen import Screen
from pages.parts.state import change_view

# A smaller number of days on a side says little.
_LEAST_DAYS = 7
_MOST_DAYS = 180
_MOST_CHANGES = 8
# Hours below this are rounding.
_NOTHING = 1e-9


@dataclass(frozen=True, kw_only=True)
class _Pair:
    name_a: str
    a: Side
    name_b: str
    b: Side


def draw_comparison(screen: Screen) -> None:
    """The choice of sides, the difference step by step, and what it does not say."""
    names = {
        "communes": _("hai xã, phường"),
        "rest": _("một xã, phường và các nơi tương tự"),
        "date": _("trước và sau một ngày"),
    }
    pick_one(_("Đặt cạnh nhau"), names, screen.view.against, attribute="against")
    pair = {"communes": _two_communes, "rest": _against_peers, "date": _around_a_day}[screen.view.against](screen)
    if pair is not None:
        _draw(screen, pair, data.compared(screen, pair.a, pair.b))


def _two_communes(screen: Screen) -> _Pair | None:
    if len(screen.view.communes) < 2:
        st.info(_("Hãy chọn hai đơn vị ở ô “Xã, phường”."), icon=":material/compare_arrows:")
        return None
    one, other = screen.view.communes[:2]
    window = screen.period.window
    return _Pair(
        name_a=screen.commune_name(one),
        a=Side(window=window, filters=replace(screen.filters, commune=(one,))),
        name_b=screen.commune_name(other),
        b=Side(window=window, filters=replace(screen.filters, commune=(other,))),
    )


def _against_peers(screen: Screen) -> _Pair | None:
    if not screen.view.communes:
        st.info(_("Hãy chọn một đơn vị ở ô “Xã, phường”."), icon=":material/compare_arrows:")
        return None
    code = screen.view.communes[0]
    window = screen.period.window
    found = peers(screen.snapshot, code, "mix", window)
    if not found.codes:
        st.info(
            _("Không tìm được đơn vị có cơ cấu hồ sơ tương tự {name}.").format(name=screen.commune_name(code)),
            icon=":material/compare_arrows:",
        )
        return None
    names = _("{n} nơi có cơ cấu thủ tục gần nhất").format(n=len(found.codes))
    return _Pair(
        name_a=names,
        a=Side(window=window, filters=replace(screen.filters, commune=tuple(sorted(found.codes)))),
        name_b=screen.commune_name(code),
        b=Side(window=window, filters=replace(screen.filters, commune=(code,))),
    )


def _around_a_day(screen: Screen) -> _Pair | None:
    first, last = screen.lists.first_day, screen.as_of
    day = screen.view.turning_day or last - dt.timedelta(days=89)
    key = "turning_day"
    if key not in st.session_state or st.session_state.get(f"{key}_shown") != day:
        st.session_state[key] = date(day)
        st.session_state[f"{key}_shown"] = day

    def typed() -> None:
        read = read_date(st.session_state[key])
        if read is not None:
            change_view(turning_day=read)

    st.text_input(_("Ngày mốc"), key=key, placeholder=_("ngày/tháng/năm"), on_change=typed, width=240)
    if read_date(st.session_state[key]) is None:
        st.error(_("{label}: hãy gõ ngày/tháng/năm, ví dụ {example}.").format(label=_("Ngày mốc"), example=date(last)))
    sides = windows_around(day, first=first, last=last)
    if sides is None:
        st.info(
            _("Cần ít nhất {days} ngày có số liệu ở mỗi bên của ngày mốc ({first} – {last}).").format(
                days=_LEAST_DAYS, first=date(first), last=date(last)
            ),
            icon=":material/event_busy:",
        )
        return None
    before, after = sides
    return _Pair(
        name_a=_("trước {day}").format(day=date(day)),
        a=Side(window=before, filters=screen.filters),
        name_b=_("Từ {day}").format(day=date(day)),
        b=Side(window=after, filters=screen.filters),
    )


def windows_around(day: dt.date, *, first: dt.date, last: dt.date) -> tuple[Window, Window] | None:
    """As many days before a day as from it on, at most half a year; None where a side would be too short."""
    length = min((day - first).days, (last - day).days + 1, _MOST_DAYS)
    if length < _LEAST_DAYS:
        return None
    one = dt.timedelta(days=1)
    return Window(day - one * length, day - one), Window(day, day + one * (length - 1))


def _draw(screen: Screen, pair: _Pair, found: Comparison) -> None:
    total = found.total
    if total.hours_a is None or total.hours_b is None or total.difference is None:
        name = pair.name_a if total.hours_a is None else pair.name_b
        st.info(
            _("{name}: không có hồ sơ nào có nhật ký kết thúc.").format(name=name), icon=":material/filter_alt_off:"
        )
        return
    minutes = screen.minutes_per_day
    changes = [
        Change(
            name=part_name(row["activity"], row["kind"]),
            difference=row["difference"],
            low=row["low"],
            high=row["high"],
            text=_change_text(row, minutes),
        )
        for row in found.alike.filter(pl.col("difference").abs() > _NOTHING).iter_rows(named=True)
    ]
    shown, rest = changes[:_MOST_CHANGES], changes[_MOST_CHANGES:]
    if rest:
        left = sum(one.difference for one in rest)
        shown.append(
            Change(name=_("các bước khác"), difference=left, low=None, high=None, text=signed_hours(left, minutes))
        )
    figure = waterfall_figure(
        (_("{name} ({n} hồ sơ)").format(name=pair.name_a, n=number(total.dossiers_a)), total.hours_a),
        shown,
        (_("{name} ({n} hồ sơ)").format(name=pair.name_b, n=number(total.dossiers_b)), total.hours_b),
        palette=screen.palette,
        text=lambda hours: signed_hours(hours, minutes),
        axis_title=_("giờ làm việc bình quân một hồ sơ, từ tiếp nhận đến kết thúc"),
    )
    note = _(
        "Xanh: nhanh hơn rõ; cam: chậm hơn rõ; xám: có thể do ngẫu nhiên. Vạch đen: khoảng tin cậy 95 % "
        "của từng bước. "
        "Từng bước so giữa hồ sơ cùng thủ tục; “do cơ cấu thủ tục”: phần do một bên có nhiều thủ tục lâu hơn. Các "
        "phần cộng lại đúng bằng chênh lệch chung."
    )
    if pair.a.window != pair.b.window:
        dates = _("Hồ sơ kết thúc {before} so với {after}.")
        note = dates.format(before=written_window(pair.a.window), after=written_window(pair.b.window)) + " " + note
    plot(figure, title=comparison_sentence(pair.name_a, pair.name_b, found, minutes), key="waterfall", note=note)


def _change_text(row: dict[str, Any], minutes_per_day: int) -> str:
    difference = signed_hours(row["difference"], minutes_per_day)
    interval = _interval(row["low"], row["high"], minutes_per_day)
    if row["kind"] == "mix":
        return _("hai bên giải quyết các thủ tục với tỷ trọng khác nhau: chênh {difference}{interval}").format(
            difference=difference, interval=interval
        )
    return _("cùng thủ tục chênh {difference}{interval}; bình quân mọi thủ tục {a} → {b}").format(
        difference=difference,
        interval=interval,
        a=office_hours(row["hours_a"], minutes_per_day),
        b=office_hours(row["hours_b"], minutes_per_day),
    )


def comparison_sentence(name_a: str, name_b: str, found: Comparison, minutes_per_day: int) -> str:
    """By how much side b takes longer, whether that is clear, and the step that makes most of it."""
    total = found.total
    assert total.difference is not None
    difference = office_hours(abs(total.difference), minutes_per_day)
    is_clear = total.low is not None and total.high is not None and (total.low > 0 or total.high < 0)
    if not is_clear:
        return _("{b} so với {a}: chưa đủ cơ sở nói bên nào nhanh hơn (chênh {difference}{interval}).").format(
            a=name_a,
            b=name_b,
            difference=signed_hours(total.difference, minutes_per_day),
            interval=_interval(total.low, total.high, minutes_per_day),
        )
    words = (
        _("{b}: một hồ sơ lâu hơn {difference} so với {a}{interval}")
        if total.difference > 0
        else _("{b}: một hồ sơ nhanh hơn {difference} so với {a}{interval}")
    ).format(a=name_a, b=name_b, difference=difference, interval=_interval(total.low, total.high, minutes_per_day))
    same = found.alike.filter((found.alike["difference"] > 0) == (total.difference > 0))
    if same.is_empty():
        return words + "."
    most = same.row(0, named=True)
    if most["kind"] == "mix":
        return words + _("; phần lớn nhất do cơ cấu thủ tục ({difference}), không do bước nào.").format(
            difference=signed_hours(most["difference"], minutes_per_day)
        )
    return words + _("; phần lớn nhất ở “{step}” ({difference}).").format(
        step=part_name(most["activity"], most["kind"]), difference=signed_hours(most["difference"], minutes_per_day)
    )


def _interval(low: float | None, high: float | None, minutes_per_day: int) -> str:
    if low is None or high is None:
        return ""
    return _(", khoảng tin cậy {low} đến {high}").format(
        low=signed_hours(low, minutes_per_day), high=signed_hours(high, minutes_per_day)
    )
