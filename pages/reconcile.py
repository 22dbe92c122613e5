"""Đối chiếu: figures that units, portals and news items reported, against themselves and against the log."""

from __future__ import annotations

import duckdb
import streamlit as st

from language import _
from pages.parts import data
from pages.parts.controls import pick_one
from pages.parts.missing import explain_unreadable
from pages.parts.screen import close_screen, open_screen
from pages.parts.state import change_view
from pages.parts.statements import (
    choices,
    draw_statement,
    explain_nothing_reported,
    shown_statements,
    statement_table,
)

screen = open_screen(_("Đối chiếu"), of_period=False)
try:
    found = data.reported(screen.snapshot, screen.snapshot.id, screen.view.language)
except duckdb.CatalogException:
    explain_unreadable()
    st.stop()
if not found:
    explain_nothing_reported()
    close_screen(screen)
    st.stop()

st.caption(
    _(
        "Số liệu mà đơn vị, cổng hay báo chí nêu, đặt cạnh nhau và cạnh nhật ký, mỗi số trong chính kỳ mà nguồn nêu. "
        "Trong các bộ lọc chỉ ô “Xã, phường” có tác dụng ở màn hình này."
    )
)
offered = choices(found)
verdict = screen.view.verdict if screen.view.verdict in offered else "all"
pick_one(_("Kết luận"), offered, verdict, attribute="verdict")
shown = shown_statements(found, verdict=verdict, communes=screen.view.communes)
if not shown:
    st.info(_("Không có số liệu nào như vậy. Hãy bỏ bớt bộ lọc."), icon=":material/filter_alt_off:")
    close_screen(screen)
    st.stop()

chosen = next((one for one in shown if one.key == screen.view.statement), shown[0])
listing, details = st.columns([2, 3], gap="medium")
with listing:
    statement_table(
        shown, chosen=chosen.key, key="statements", height=640, on_pick=lambda key: change_view(statement=key)
    )
with details:
    draw_statement(
        chosen, [one for one in found if one.source == chosen.source], simulated=screen.snapshot.info.simulated
    )
close_screen(screen)
