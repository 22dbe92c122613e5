"""The decks: made, named, put into order, and begun; what was taken out comes back by one click."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from language import _
from language.formats import date
from notebook import Deck, DeckPage, NotebookError, Trip
from pages.parts.address import write
from pages.parts.deck_data import author, deck_pages, decks, make_deck, open_meeting
from pages.parts.notebook_data import book
from pages.parts.plain import plain
from pages.parts.screen import Screen
from pages.parts.stage import NEWS, read_address, running_order, start_pages

_CHOSEN, _UNDO, _NEW_NAME = "deck_chosen", "deck_undo", "new_deck_name"


def draw_decks(screen: Screen) -> None:
    """Choose a deck and work on it, or make one."""
    province = screen.snapshot.info.province_code
    known = decks(province)
    _draw_undo()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if known:
            names = {deck.id: deck.name for deck in known}
            if st.session_state.get(_CHOSEN) not in names:
                st.session_state[_CHOSEN] = known[-1].id
            st.selectbox(_("Bài trình chiếu"), list(names), format_func=names.__getitem__, key=_CHOSEN)
        with st.popover(_("Tạo bài mới"), icon=":material/add:"):
            st.text_input(_("Tên bài"), key=_NEW_NAME, max_chars=80)
            st.button(_("Tạo"), key="new_deck", type="primary", on_click=_safely, args=(partial(_make, province),))
    if not known:
        st.info(
            _(
                "Chưa có bài nào. Mở một màn hình, đặt bộ lọc, rồi bấm “Trình chiếu” ở góc trên và “Thêm màn hình này "
                "vào bài trình chiếu”."
            ),
            icon=":material/slideshow:",
        )
        return
    deck = next(one for one in known if one.id == st.session_state[_CHOSEN])
    _draw_deck(screen, deck)


def _draw_deck(screen: Screen, deck: Deck) -> None:
    assert deck.id is not None
    pages = deck_pages(deck.id)
    _draw_start(screen, deck, pages)
    for place, page in enumerate(pages):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"deck-page-{page.id}"):
            _draw_page(screen, pages, place, page)
    if not pages:
        st.caption(_("Bài chưa có trang nào. Thêm từ nút “Trình chiếu” của từng màn hình."))
    with st.container(horizontal=True, gap="small"):
        with st.popover(_("Đổi tên bài"), icon=":material/edit:"):
            key = f"rename_{deck.id}_{deck.version}"
            st.text_input(_("Tên bài"), value=deck.name, key=key, max_chars=80)
            st.button(_("Đổi tên"), key="rename_deck", on_click=_safely, args=(partial(_rename, deck, key),))
        st.button(
            _("Xóa bài này"),
            key="remove_deck",
            icon=":material/delete:",
            on_click=_safely,
            args=(partial(_remove, Deck, deck),),
        )


def _draw_start(screen: Screen, deck: Deck, pages: list[DeckPage]) -> None:
    trips = {None: _("Không gắn chuyến đi")} | {
        trip.id: f"{trip.title} ({date(trip.starts_on)})"
        for trip in book().find(Trip, province_code=deck.province_code)
        if trip.state != "cancelled"
    }
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.button(
            _("Bắt đầu trình chiếu"),
            key="start_deck",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not pages,
            on_click=_safely,
            args=(partial(_start, screen, deck),),
            help=_("Mọi trang dùng chung bản dữ liệu đang xem; những gì đã chiếu được ghi vào biên bản."),
        )
        if len(trips) > 1:
            st.selectbox(_("Thuộc chuyến đi"), list(trips), format_func=trips.__getitem__, key="deck_trip")
        st.caption(_("Ghim vào bản dữ liệu {id}").format(id=screen.snapshot.id), width="content")


def _draw_page(screen: Screen, pages: list[DeckPage], place: int, page: DeckPage) -> None:
    st.markdown(f"**{place + 1}.**", width=36)
    key = f"page_title_{page.id}_{page.version}"
    st.text_input(
        _("Tên trang {place}").format(place=place + 1),
        value=page.title,
        key=key,
        max_chars=120,
        label_visibility="collapsed",
        on_change=lambda: _safely(partial(_retitle, page, key)),
        width="stretch",
    )
    found = read_address(page.address)
    if found is None:
        st.caption(_("màn hình không còn"), width="content")
    else:
        entry, view = found
        parameters = write(view.with_changes(language=screen.view.language))
        st.page_link(entry.file, label=entry.title, icon=entry.icon, query_params=parameters, width="content")
    for icon, words, is_off, action in (
        (":material/arrow_upward:", _("Lên"), place == 0, partial(_move, page, -1)),
        (":material/arrow_downward:", _("Xuống"), place == len(pages) - 1, partial(_move, page, 1)),
        (":material/delete:", _("Bỏ khỏi bài"), False, partial(_remove, DeckPage, page)),
    ):
        st.button(
            "",
            icon=icon,
            help=words,
            key=f"{icon}_{page.id}",
            disabled=is_off,
            on_click=_safely,
            args=(action,),
        )


def _draw_undo() -> None:
    removed = st.session_state.get(_UNDO)
    if removed is None:
        return
    kind, number, name = removed
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_("Đã xóa “{name}”.").format(name=plain(name)), width="content")
        st.button(
            _("Hoàn tác"),
            key="deck_undo_button",
            icon=":material/undo:",
            on_click=_safely,
            args=(partial(_restore, kind, number),),
        )


def _safely(action: Callable[[], None]) -> None:
    """Do it; what the notebook refuses is said in its words, after the next run."""
    try:
        action()
    except NotebookError as error:
        st.session_state[NEWS] = str(error)


# What was typed is read when the button acts: a tap can leave the box and press the button in one go.
def _make(province_code: str) -> None:
    st.session_state[_CHOSEN] = make_deck(st.session_state[_NEW_NAME], province_code).id
    st.session_state[_NEW_NAME] = ""


def _rename(deck: Deck, key: str) -> None:
    assert deck.id is not None
    if name := st.session_state[key].strip():
        book().edit(Deck, deck.id, version=deck.version, by=author(), name=" ".join(name.split()))


def _retitle(page: DeckPage, key: str) -> None:
    assert page.id is not None
    title = " ".join(st.session_state[key].split())
    book().edit(DeckPage, page.id, version=page.version, by=author(), title=title)


def _move(page: DeckPage, step: int) -> None:
    """Change places with a neighbour, in the order of now: a second quick press comes before the screen has changed."""
    order = deck_pages(page.deck_id)
    place = next((number for number, one in enumerate(order) if one.id == page.id), None)
    if place is None or not 0 <= place + step < len(order):
        return
    order[place], order[place + step] = order[place + step], order[place]
    for position, one in enumerate(order, start=1):
        assert one.id is not None
        if one.position != position:
            book().edit(DeckPage, one.id, version=one.version, by=author(), position=position)


def _remove(kind: type[Any], record: Any) -> None:
    book().remove(kind, record.id, version=record.version, by=author())
    st.session_state[_UNDO] = (kind, record.id, record.name if kind is Deck else record.title)


def _restore(kind: type[Any], number: int) -> None:
    book().restore(kind, number, by=author())
    st.session_state.pop(_UNDO, None)
    if kind is Deck:
        st.session_state[_CHOSEN] = number


def _start(screen: Screen, deck: Deck) -> None:
    assert deck.id is not None
    trip_id = st.session_state.get("deck_trip")
    meeting = open_meeting(deck, snapshot_id=screen.snapshot.id, trip_id=trip_id)
    view = screen.view.with_changes(
        presenting=True, deck=deck.id, deck_page=1, meeting=meeting.id, snapshot=screen.snapshot.id, highlight=""
    )
    saved = [(page.title, page.address) for page in deck_pages(deck.id)]
    start_pages(running_order(view, saved))
