"""Where a trip goes: its stops in order with the distances, the map, and communes proposed with the reason."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from language import _
from language.formats import number
from notebook import NotebookError, Stop, Trip
from notebook.tables import LINE
from pages.parts.address import write
from pages.parts.filters import commune_options
from pages.parts.held import held
from pages.parts.notebook_data import book
from pages.parts.picker import picker
from pages.parts.plain import plain
from pages.parts.screen import Screen
from pages.parts.trips_data import Log, best_route, legs, proposals, round_words
from pages.parts.trips_map import draw_route_map
from pages.parts.trips_write import attempt, draw_conflict_of, edit
from pages.parts.writer import writer_name

# Proposals shown of each group, and groups shown.
_MOST_EACH, _MOST_GROUPS = 8, 2


def draw_plan(screen: Screen, log: Log, trip: Trip) -> None:
    """The stops beside the map, then the proposals."""
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _draw_stops(screen, log, trip)
    with right:
        draw_route_map(screen, log.codes(trip))
    if not screen.view.presenting and trip.state == "planned":
        with st.expander(
            _("Đề xuất nơi nên đến, kèm lý do"), icon=":material/lightbulb:", expanded=not log.codes(trip)
        ):
            _draw_proposals(screen, log, trip)


# ---- the stops -------------------------------------------------------------------------------------------------------


def _draw_stops(screen: Screen, log: Log, trip: Trip) -> None:
    stops = log.stops.get(trip.id or 0, ())
    picker(
        _("Điểm đến"),
        commune_options(screen.lists),
        [stop.commune_code for stop in stops],
        key=f"trip_stops_{trip.id}",
        on_pick=lambda codes: _pick(trip, stops, codes),
        multiple=True,
        placeholder=_("Thêm xã, phường"),
    )
    if not stops:
        st.caption(_("Chọn đơn vị ở ô trên, hoặc lấy từ đề xuất bên dưới."))
        return
    codes = tuple(stop.commune_code for stop in stops)
    ways = legs(screen, codes)
    for place, stop in enumerate(stops):
        _draw_stop(screen, stops, place, ways[place])
        draw_conflict_of(stop)
    shortest = best_route(screen, codes)
    if shortest is None:
        return
    st.caption(plain(round_words(screen, codes)))
    now = sum(way for way in ways if way is not None)
    if now > shortest.kilometres + 0.5 and not screen.view.presenting:
        st.button(
            _("Xếp theo vòng ngắn nhất ({km} km)").format(km=number(shortest.kilometres)),
            icon=":material/route:",
            key="trip_shortest",
            on_click=_reorder,
            args=(stops, shortest.order),
        )


def _draw_stop(screen: Screen, stops: Sequence[Stop], place: int, leg: float | None) -> None:
    stop = stops[place]
    commune = screen.lists.communes.get(stop.commune_code)
    # A commune of another snapshot keeps its code.
    name = commune.full_name if commune else stop.commune_code
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"stop-{stop.id}"):
        st.page_link(
            "pages/brief.py",
            label=f"{place + 1}. {plain(name)}",
            query_params=write(screen.view.with_changes(communes=(stop.commune_code,), trip=0)),
            help=_("Mở phiếu kiểm tra"),
        )
        if not screen.view.presenting:
            _draw_stop_tools(stops, place)
        far = "" if leg is None else _("{km} km").format(km=number(leg))
        st.caption(" · ".join(part for part in (far, stop.arrives or "", plain(stop.focus)) if part), width="content")


def _draw_stop_tools(stops: Sequence[Stop], place: int) -> None:
    stop = held(stops[place], _key)
    with st.popover("", icon=":material/edit:", help=_("Giờ đến, nội dung cần xem")):
        key = _key(stop)
        st.text_input(_("Giờ đến"), value=stop.arrives or "", max_chars=20, key=f"{key}_arrives", placeholder="8:30")
        st.text_area(_("Nội dung cần xem"), value=stop.focus, max_chars=LINE * 5, key=f"{key}_focus")
        st.button(_("Ghi lại"), key=f"{key}_save", icon=":material/save:", on_click=_save_stop, args=(stop, key))
    if place:
        st.button(
            "",
            icon=":material/arrow_upward:",
            key=f"stop_up_{stop.id}",
            help=_("Đến sớm hơn"),
            on_click=_reorder,
            args=(stops, _moved_up([one.commune_code for one in stops], place)),
        )


def _key(stop: Stop) -> str:
    return f"stop_{stop.id}_{stop.version}"


def _moved_up(codes: list[str], place: int) -> tuple[str, ...]:
    codes[place - 1], codes[place] = codes[place], codes[place - 1]
    return tuple(codes)


def _pick(trip: Trip, stops: Sequence[Stop], codes: Sequence[str]) -> None:
    """What the picker holds now becomes the stops: new ones at the end, those let go removed; all of it or nothing."""

    def act() -> None:
        by = writer_name()
        with book().together() as notebook:
            for stop in stops:
                if stop.commune_code not in codes and stop.id is not None:
                    notebook.remove(Stop, stop.id, version=stop.version, by=by)
            # Others may have added stops since these were drawn.
            there = notebook.find(Stop, trip_id=trip.id)
            last = max((stop.position for stop in there), default=0)
            new = [code for code in codes if code not in {stop.commune_code for stop in there}]
            drawn = {stop.commune_code for stop in stops}
            for position, code in enumerate([code for code in new if code not in drawn], start=last + 1):
                notebook.add(Stop(trip_id=trip.id or 0, commune_code=code, position=position), by=by)

    attempt(act)


def _reorder(stops: Sequence[Stop], order: Sequence[str]) -> None:
    """Another order of the stops as they were drawn; where somebody changed them since, nothing is written."""

    def act() -> None:
        by = writer_name()
        with book().together() as notebook:
            there = notebook.find(Stop, trip_id=stops[0].trip_id)
            if {stop.id for stop in there} != {stop.id for stop in stops}:
                words = _("Người khác vừa thêm hoặc bỏ điểm đến của chuyến đi này, nên chưa đổi thứ tự. Hãy xem lại.")
                raise NotebookError(words)
            for stop in stops:
                position = list(order).index(stop.commune_code) + 1
                notebook.edit(Stop, stop.id or 0, version=stop.version, by=by, position=position)

    attempt(act)


def _save_stop(stop: Stop, key: str) -> None:
    arrives = str(st.session_state[f"{key}_arrives"]).strip()
    edit(stop, arrives=arrives or None, focus=" ".join(str(st.session_state[f"{key}_focus"]).split()))


# ---- proposals -------------------------------------------------------------------------------------------------------


def _draw_proposals(screen: Screen, log: Log, trip: Trip) -> None:
    stops = log.stops.get(trip.id or 0, ())
    visits = tuple(sorted(log.visits(but=trip.id or 0)))
    codes = log.codes(trip)
    offered = proposals(
        screen.snapshot, screen.snapshot.id, screen.view.language, visits, codes, trip.starts_on
    ).filter(pl.col("value") > 0)
    st.caption(
        _(
            "Theo 90 ngày gần nhất: số hồ sơ trễ vượt mức mà các đơn vị khác có với cùng cơ cấu hồ sơ, nhân với mức "
            "chắc chắn, thời gian từ lần đến trước và độ gần các điểm đã chọn. Trong một nhóm, chưa đủ cơ sở nói nơi "
            "nào đáng đến hơn; xếp theo vần."
        )
    )
    if offered.is_empty():
        words = _("Không đơn vị nào vượt mức kỳ vọng; chuyến đi có thể chọn theo việc khác.")
        if codes:
            words = _("Ngoài các điểm đã chọn, không đơn vị nào vượt mức kỳ vọng; có thể chọn thêm theo việc khác.")
        st.info(words, icon=":material/info:")
        return
    groups = offered["group"].unique().sort().to_list()[:_MOST_GROUPS]
    for shown, group in enumerate(groups, start=1):
        rows = offered.filter(pl.col("group") == group)
        best = rows.sort("value", "commune", descending=[True, False])["commune"].head(_MOST_EACH).to_list()
        if len(groups) > 1:
            st.markdown(f"**{_('Nhóm {number}').format(number=shown)}**")
        for row in rows.filter(pl.col("commune").is_in(best)).iter_rows(named=True):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button(
                    _("Thêm"),
                    key=f"propose_{row['commune']}",
                    icon=":material/add:",
                    on_click=_pick,
                    args=(trip, stops, (*codes, row["commune"])),
                    help=_("Thêm {commune} vào chuyến đi").format(commune=plain(row["name"])),
                )
                st.markdown(f"**{plain(row['name'])}**: {plain(row['reason'])}", width="stretch")
        if rows.height > len(best):
            st.caption(_("Nhóm này còn {count} đơn vị khác.").format(count=number(rows.height - len(best))))
