"""Bản đồ: any indicator by commune, who differs, clusters, two at once, through the weeks; a click opens a commune."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from charts.classes import scheme_name
from language import _
from pages.parts import compare_data, data
from pages.parts.address import SCHEMES
from pages.parts.communes import commune_table, side_by_side
from pages.parts.compare_group import rule_names
from pages.parts.controls import choose_commune, commune_search, pick_indicator, pick_one, pick_second_indicator
from pages.parts.filters import commune_options
from pages.parts.map_layers import (
    bivariate_layer,
    cluster_layer,
    narrowed_to_places,
    needs_interval,
    pick_laid_over,
    pick_layer,
    significance_layer,
)
from pages.parts.map_print import draw_downloads
from pages.parts.map_weeks import draw_weeks
from pages.parts.maps import Drawn, by_commune, draw_map, has_outlines, is_tall, map_title, useful_height, value_layer
from pages.parts.plots import draw_title
from pages.parts.screen import Screen, close_screen, open_screen
from pages.parts.stage import presenting, stage_room
from pages.parts.state import change_view
from pages.parts.viewport import Room, room

# What stands above the map and below it on the screen, in pixels.
OTHERS, ON_STAGE = 275, 165

PANEL = (
    "received",
    "on_time_rate_ii06",
    "on_time_rate_766",
    "pending_late",
    "processing_days_p50",
    "online_rate",
)

screen = open_screen(_("Bản đồ"))
layer = screen.view.layer
takes_two = layer in ("value", "bivariate")
columns = st.columns([3, 4, 4, 2] if takes_two else [3, 8, 2], vertical_alignment="bottom", gap="small")
with columns[0]:
    pick_layer(screen.view)
with columns[1]:
    indicator = pick_indicator(screen.view)
other = None
if takes_two:
    with columns[2]:
        other = pick_second_indicator(screen.view) if layer == "value" else pick_laid_over(screen.view)
subject = screen.view.communes[0] if len(screen.view.communes) == 1 else None
found = None
if subject is not None and screen.view.peers != "all":
    found = compare_data.peers(screen.snapshot, screen.snapshot.id, subject, screen.view.peers, screen.period.window)
peers = found.codes if found else ()
with columns[-1], st.popover(_("Cách vẽ"), icon=":material/palette:", width="stretch"):
    schemes = {scheme: scheme_name(scheme) for scheme in SCHEMES}
    if layer in ("value", "weeks"):
        pick_one(_("Cách chia lớp màu"), schemes, screen.view.scheme, attribute="scheme")
    st.session_state["map_peers"] = screen.view.peers
    st.selectbox(
        _("Nhóm so sánh của đơn vị đang chọn"),
        list(rule_names()),
        format_func=rule_names().__getitem__,
        key="map_peers",
        on_change=lambda: change_view(peers=st.session_state["map_peers"]),
        help=_("Nhóm được viền đậm trên bản đồ khi đang chọn một đơn vị."),
    )
    if data.outlines(screen.snapshot, screen.snapshot.id).old_units:
        st.session_state["old_outlines"] = screen.view.old_outlines
        st.toggle(
            _("Ranh giới trước sáp nhập"),
            key="old_outlines",
            on_change=lambda: change_view(old_outlines=st.session_state["old_outlines"]),
        )


def half(given: Room | None) -> Room | None:
    """The room of one of two maps in a meeting."""
    return Room(given.width // 2 - 12, given.height) if given else None


def map_height(given: Room, *, others: int) -> int:
    """The rest of the window, but no taller than a map of this width can use."""
    return max(320, min(given.height - others, useful_height(screen, given.width)))


def drawer() -> Callable[[Screen], Drawn]:
    """What draws the chosen layer, for the screen or for paper."""
    if layer == "significance":
        return lambda shown: significance_layer(shown, indicator, found if peers else None)
    if layer == "clusters":
        return lambda shown: cluster_layer(shown, indicator)
    if layer == "bivariate" and other is not None:
        return lambda shown: bivariate_layer(shown, indicator, other)
    return lambda shown: value_layer(shown, indicator)


if layer == "value" and other is not None:
    shown_maps = (indicator, other)
    # The titles in a row of their own, so that the maps stand at one height.
    for column, shown in zip(st.columns(2, gap="medium", vertical_alignment="bottom"), shown_maps, strict=True):
        with column:
            draw_title(map_title(screen, shown), indicator=shown, key=f"map_title_{shown.id}")
    for order, (column, shown) in enumerate(zip(st.columns(2, gap="medium"), shown_maps, strict=True)):
        with column:
            if not order:
                given = half(stage_room()) or room(key="maps_room", width=460)
                height = map_height(given, others=OTHERS + 60)
            draw_map(
                screen,
                value_layer(screen, shown),
                key=f"map_{shown.id}",
                width=given.width,
                height=height,
                on_pick=choose_commune,
                peers=peers,
            )
    right = st.container()
else:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        given = stage_room() or room(key="map_room")
        beside = is_tall(screen) and given.width >= 500 and layer != "weeks"
        others = ON_STAGE if presenting() else OTHERS
        height = map_height(given, others=others if beside else others + 60)
        reason = needs_interval(layer, indicator)
        if reason:
            draw_title(indicator.name, indicator=indicator, key="map_title")
            st.info(reason, icon=":material/info:")
        elif layer == "weeks":
            title = _("{name} qua thời gian").format(name=indicator.name)
            draw_title(title, indicator=indicator, key="map_title")
            draw_weeks(screen, indicator, key="weeks", width=given.width, height=height, on_pick=choose_commune)
        elif has_outlines(screen):
            drawn = drawer()(screen)
            draw_title(drawn.title, indicator=indicator, key="map_title")
            draw_map(
                screen,
                drawn,
                key="map",
                width=given.width,
                height=height,
                on_pick=choose_commune,
                peers=peers,
                legend_beside=beside,
            )
            if layer in ("significance", "clusters") and narrowed_to_places(screen):
                st.caption(_("Lớp này xét mọi đơn vị, không theo bộ lọc tỉnh cũ, huyện cũ, cụm."))
with right:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        commune_search(commune_options(screen.lists), screen.view.communes)
        is_printable = layer != "weeks" and not needs_interval(layer, indicator)
        if is_printable and data.outlines(screen.snapshot, screen.snapshot.id).area is not None:
            draw_downloads(screen, drawer(), peers)
    if screen.view.communes:
        side_by_side(screen, screen.view.communes[:3], key="panel", figures=PANEL)
    frame, province = by_commune(screen, indicator)
    height = max(410, height - 20)
    commune_table(screen, indicator, frame, province, key="communes", height=height, on_pick=choose_commune)
close_screen(screen)
