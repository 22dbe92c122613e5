"""Bản đồ: any indicator by commune; a click on the map, the search or the table opens a commune."""

from __future__ import annotations

import streamlit as st

from charts.classes import scheme_name
from language import _
from pages.parts import data
from pages.parts.address import SCHEMES
from pages.parts.communes import commune_table, side_by_side
from pages.parts.controls import choose_commune, commune_search, pick_indicator, pick_one, pick_second_indicator
from pages.parts.filters import commune_options
from pages.parts.maps import by_commune, draw_map, is_tall, map_title, useful_height
from pages.parts.plots import draw_title
from pages.parts.screen import close_screen, open_screen
from pages.parts.state import change_view
from pages.parts.viewport import Room, room

# What stands above the map and below it on the screen, in pixels.
OTHERS = 275

PANEL = (
    "received",
    "on_time_rate_ii06",
    "on_time_rate_766",
    "pending_late",
    "processing_days_p50",
    "online_rate",
)

screen = open_screen(_("Bản đồ"))
first, second, more = st.columns([4, 4, 2], vertical_alignment="bottom", gap="small")
with first:
    indicator = pick_indicator(screen.view)
with second:
    other = pick_second_indicator(screen.view)
with more, st.popover(_("Cách vẽ"), icon=":material/palette:", width="stretch"):
    schemes = {scheme: scheme_name(scheme) for scheme in SCHEMES}
    pick_one(_("Cách chia lớp màu"), schemes, screen.view.scheme, attribute="scheme")
    if data.outlines(screen.snapshot, screen.snapshot.id).old_units:
        st.session_state["old_outlines"] = screen.view.old_outlines
        st.toggle(
            _("Ranh giới trước sáp nhập"),
            key="old_outlines",
            on_change=lambda: change_view(old_outlines=st.session_state["old_outlines"]),
        )


def map_height(given: Room, *, others: int) -> int:
    """The rest of the window, but no taller than a map of this width can use."""
    return max(320, min(given.height - others, useful_height(screen, given.width)))


if other is None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        given = room(key="map_room")
        draw_title(map_title(screen, indicator), indicator=indicator, key="map_title")
        beside = is_tall(screen) and given.width >= 500
        height = map_height(given, others=OTHERS if beside else OTHERS + 60)
        draw_map(
            screen,
            indicator,
            key="map",
            width=given.width,
            height=height,
            on_pick=choose_commune,
            legend_beside=beside,
        )
else:
    shown_maps = (indicator, other)
    # The titles in a row of their own, so that the maps stand at one height.
    for column, shown in zip(st.columns(2, gap="medium", vertical_alignment="bottom"), shown_maps, strict=True):
        with column:
            draw_title(map_title(screen, shown), indicator=shown, key=f"map_title_{shown.id}")
    for order, (column, shown) in enumerate(zip(st.columns(2, gap="medium"), shown_maps, strict=True)):
        with column:
            if not order:
                given = room(key="maps_room", width=460)
                height = map_height(given, others=OTHERS + 60)
            draw_map(screen, shown, key=f"map_{shown.id}", width=given.width, height=height, on_pick=choose_commune)
    right = st.container()
with right:
    commune_search(commune_options(screen.lists), screen.view.communes)
    if screen.view.communes:
        side_by_side(screen, screen.view.communes[:3], key="panel", figures=PANEL)
    frame, province = by_commune(screen, indicator)
    height = max(410, height - 20)
    commune_table(screen, indicator, frame, province, key="communes", height=height, on_pick=choose_commune)
close_screen(screen)
