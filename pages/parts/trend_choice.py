"""What the segments of Xu hướng have in common: their switch, and the one commune that some of them are about."""

from __future__ import annotations

import streamlit as st

from language import _
from pages.parts.controls import commune_search, pick_one
from pages.parts.filters import commune_options
from pages.parts.screen import Screen


def pick_segment(screen: Screen) -> str:
    names = {
        "series": _("Diễn biến"),
        "variation": _("Biến động"),
        "events": _("Quanh một sự kiện"),
        "causes": _("Vì sao trễ"),
        "due": _("Sắp đến hạn"),
        "merger": _("Trước và sau sáp nhập"),
    }
    pick_one(_("Xem"), names, screen.view.segment, attribute="segment")
    return screen.view.segment


def one_commune(screen: Screen) -> str | None:
    """The first commune of the view; without one, ask for it."""
    if screen.view.communes:
        if len(screen.view.communes) > 1:
            st.caption(_("Phần này xem từng đơn vị: đang xem đơn vị đầu tiên đã chọn."))
        return screen.view.communes[0]
    st.info(_("Phần này xem từng đơn vị. Hãy chọn một xã, phường."), icon=":material/location_on:")
    with st.columns([2, 3])[0]:
        commune_search(commune_options(screen.lists), ())
    return None
