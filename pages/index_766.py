"""Chỉ số 766: points by group of what can be known, what the next point would take, and who can be told apart."""

from __future__ import annotations

import streamlit as st

from language import _
from pages.parts import index_data
from pages.parts.index_components import draw_components, draw_next_points
from pages.parts.index_summary import draw_summary
from pages.parts.index_units import draw_units
from pages.parts.plain import plain
from pages.parts.screen import close_screen, open_screen
from pages.parts.whole import in_text

screen = open_screen(_("Chỉ số 766"))
window = screen.period.window
commune = screen.view.communes[0] if len(screen.view.communes) == 1 else None
weights = index_data.components(screen.snapshot, screen.snapshot.id, window)
has_scores = index_data.has_scores(screen.snapshot, screen.snapshot.id)

st.caption(
    _(
        "Phần mềm tính từ hồ sơ của hệ thống một cửa và từ điểm công bố nếu có; không phải điểm chính thức của Cổng "
        "Dịch vụ công quốc gia. Phần không có nguồn không tham gia và không được quy đổi."
    )
)
if not weights:
    st.warning(_("Bảng điểm 766 không có dòng nào hiệu lực vào ngày cuối kỳ."), icon=":material/event_busy:")
    close_screen(screen)
    st.stop()
if not has_scores:
    st.info(
        _(
            "Chưa nạp điểm công bố, nên các phần công khai, minh bạch, mức độ hài lòng và một phần số hóa, dịch vụ "
            "công trực tuyến không có nguồn. Người phân tích nạp thêm tệp điểm công bố thì các phần này có số liệu."
        ),
        icon=":material/info:",
    )

if commune is None:
    found = index_data.of_whole(screen.snapshot, screen.snapshot.id, window, screen.filters)
    name = screen.whole
else:
    everyone = index_data.of_communes(screen.snapshot, screen.snapshot.id, window, screen.filters)
    found = index_data.of_unit(everyone, commune)
    name = screen.commune_name(commune)
known = not found.totals.is_empty() and found.totals["points"][0] is not None

left, right = st.columns([3, 2], gap="medium")
with left:
    draw_summary(screen, found, weights, commune=commune)
with right:
    if known:
        draw_next_points(found, weights)
if commune is None:
    draw_units(screen)
if known:
    then = index_data.recomputed(screen, found, screen.filters)
    own_of_then = dict(then.select("component", "own").iter_rows())
    place = in_text(name) if commune is None else name
    st.markdown("##### " + _("Từng chỉ số thành phần, {name}").format(name=plain(place)))
    draw_components(found, weights, own_of_then, name=name)
if commune is not None:
    draw_units(screen)
close_screen(screen)
