"""Vì sao trễ: one commune's lateness taken apart."""

from __future__ import annotations

import streamlit as st

from charts.lateness import cause_meaning, cause_name, lateness_figure, lateness_sentence
from indicators.lateness import CAUSES
from language import _
from language.formats import date, number
from pages.parts import trend_data
from pages.parts.plain import plain
from pages.parts.plots import plot
from pages.parts.screen import Screen
from pages.parts.series import with_context
from pages.parts.trend_choice import one_commune
from pages.parts.viewport import room

_WEEKS = 26


def draw_causes(screen: Screen) -> None:
    """The waterfall of the chosen commune over the view's period, and how to read it."""
    code = one_commune(screen)
    if code is None:
        return
    name = screen.commune_name(code)
    filters = screen.filters.of_whole_province()
    # Causes need more weeks than most periods have; the heading says which days.
    window = with_context(screen.period.window, "week", first=screen.lists.first_day, buckets=_WEEKS)
    found = trend_data.lateness_of(screen.snapshot, screen.snapshot.id, code, window, filters)
    if found is None:
        st.info(_("{name} chưa giải quyết hồ sơ nào trong kỳ này.").format(name=plain(name)), icon=":material/inbox:")
        return
    title = lateness_sentence(found, name=name)
    if not found.has_enough:
        st.info(f"{plain(title)}. " + _("Hãy chọn kỳ dài hơn."), icon=":material/hourglass_empty:")
        return
    if window != screen.period.window:
        words = _("Kỳ đang xem ngắn, nên tính từ {starts} đến {ends}.")
        st.caption(words.format(starts=date(window.starts), ends=date(window.ends)))
    height = max(360, room(key="causes_room").height - 380)
    figure = lateness_figure(found, name=name, palette=screen.palette, height=height)
    note = _(
        "{n} hồ sơ của đơn vị, {others} hồ sơ của các đơn vị khác, đã giải quyết từ {starts} đến {ends}. Các phần cộng "
        "lại đúng bằng chênh lệch, tách theo thứ tự từ trái sang phải. Vạch đứng: khoảng tin cậy 95 % (lấy mẫu lại "
        "theo tuần). Cột xám: khoảng chứa số không, chưa đủ cơ sở."
    ).format(n=number(found.n), others=number(found.others_n), starts=date(window.starts), ends=date(window.ends))
    plot(figure, title=title, key="causes", note=note)
    with st.expander(_("Mỗi phần nghĩa là gì"), key="causes_meaning"):
        lines = [f"- **{cause_name(cause)}**: {cause_meaning(cause)}." for cause in CAUSES]
        lines.append(
            _(
                "Đây là câu hỏi để trao đổi với đơn vị, không phải kết luận: số liệu chỉ thấy điều đã ghi trong hệ "
                "thống."
            )
        )
        st.markdown("\n".join(lines[:-1]) + "\n\n" + lines[-1])
