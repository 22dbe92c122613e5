"""What is done with a whole screen: present it, put it into a deck, take it along as slides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from language import _
from notebook import NotebookError
from pages.parts import data, view_slides
from pages.parts.address import View
from pages.parts.deck_data import (
    add_page,
    communes_of_trip,
    decks,
    end_meeting,
    keep_page,
    make_deck,
    running_meeting,
    saved_pages,
)
from pages.parts.meeting_promise import ask_promise
from pages.parts.navigation import DECKS
from pages.parts.period import resolve
from pages.parts.picker import picker
from pages.parts.plain import plain
from pages.parts.stage import NEWS, draw_stage, here, leave, point_at, running_order, start

if TYPE_CHECKING:
    from pages.parts.screen import Screen
    from reports.view_slides import Shown

_MOST_POINTED_AT = 6
_NEW = 0
# The deck of the address that has no pages, told once.
_MISSED = "stage_missed_deck"


def draw_mode(screen: Screen) -> None:
    """The keys of the mode, and the record of the meeting."""
    view = screen.view
    saved = saved_pages(view)
    if view.deck and not saved and st.session_state.get(_MISSED) != view.deck:
        st.session_state[_MISSED] = view.deck
        st.session_state[NEWS] = _("Bài trình chiếu này không còn hoặc chưa có trang nào; đang chiếu mọi màn hình.")
    pages = running_order(view, saved)
    try:
        meeting = running_meeting(view)
        if meeting is not None and here().address != DECKS:
            place = min(max(view.deck_page, 1), len(saved)) - 1
            keep_page(meeting, view, saved[place][0] if saved else here().title)
    except NotebookError as error:
        st.warning(str(error), icon=":material/edit_off:")
        meeting = None

    def candidates() -> Sequence[str]:
        return view.communes or communes_of_trip(meeting) or _worth_a_look(screen)

    name = screen.lists.communes[view.highlight].full_name if view.highlight else ""
    draw_stage(view, pages, candidates=candidates, pointed_at=name, on_leave=partial(_leave, view))


def _leave(view: View) -> None:
    try:
        end_meeting(view)
    except NotebookError as error:
        st.session_state[NEWS] = str(error)
    else:
        if view.meeting:
            st.session_state[NEWS] = _("Đã kết thúc cuộc họp; biên bản ở màn hình Bài trình chiếu.")
    leave()


def _worth_a_look(screen: Screen) -> tuple[str, ...]:
    """The communes of the largest findings, the worse ones first."""
    found = data.notables(screen.snapshot, screen.snapshot.id, screen.period.window, screen.filters)
    if not found:
        # As under "Xem gì trước": a month of few dossiers tells nobody apart.
        longer = resolve(
            screen.view.with_changes(period="last_12_months"), as_of=screen.as_of, first=screen.lists.first_day
        )
        found = data.notables(screen.snapshot, screen.snapshot.id, longer.window, screen.filters)
    ordered = sorted(found, key=lambda finding: finding.direction != "worse")
    return tuple(dict.fromkeys(finding.commune_code for finding in ordered))[:_MOST_POINTED_AT]


def draw_tools(screen: Screen) -> None:
    """The buttons beside the heading; in a meeting at the lower edge, while the mouse moves."""
    drawn = view_slides.finish()
    if news := st.session_state.pop(NEWS, ""):
        st.toast(plain(news), icon=":material/slideshow:")
    if screen.tools is None:
        return
    if screen.view.presenting:
        with st.container(key="stage-tools", horizontal=True, vertical_alignment="center", gap="small"):
            _draw_speaker_tools(screen, drawn)
        return
    if here().address == DECKS:
        return
    with screen.tools:
        _slides_button(screen, drawn, key="slides")
        box = st.popover(_("Trình chiếu"), icon=":material/slideshow:", key="present", on_change="rerun")
        if box.open:
            with box:
                _draw_start(screen)


def _slides_button(screen: Screen, drawn: tuple[Shown, ...], *, key: str) -> None:
    # Above they would be imported in a circle: the downloads are of a screen.
    from pages.parts.explore_downloads import file_name

    st.download_button(
        _("PPTX"),
        data=lambda: view_slides.slides_of(screen, drawn),
        file_name=file_name(screen, here().address or "tong-quan", "pptx"),
        mime=view_slides.PPTX,
        icon=":material/download:",
        help=_("Tải màn hình đang xem thành trang trình chiếu, biểu đồ sửa được")
        if drawn
        else _("Màn hình này chưa có biểu đồ hay bảng nào để mang theo"),
        key=key,
        on_click="ignore",
        disabled=not drawn,
    )


def _draw_speaker_tools(screen: Screen, drawn: tuple[Shown, ...]) -> None:
    # Above it would be imported in a circle.
    from pages.parts.filters import commune_options

    picker(
        _("Làm nổi"),
        commune_options(screen.lists),
        [screen.view.highlight] if screen.view.highlight else [],
        key="stage_point",
        on_pick=lambda values: point_at(values[0] if values else ""),
        on_stage=True,
    )
    if st.button(_("Ghi cam kết"), key="stage_promise", icon=":material/edit_note:"):
        ask_promise(screen)
    _slides_button(screen, drawn, key="stage_slides")
    st.button(_("Thôi trình chiếu"), key="stage_leave", icon=":material/close:", on_click=_leave, args=(screen.view,))


def _draw_start(screen: Screen) -> None:
    st.button(
        _("Trình chiếu màn hình này"),
        key="present_now",
        type="primary",
        icon=":material/play_arrow:",
        on_click=start,
        args=(screen.snapshot.id,),
        width="stretch",
        help=_("Chữ lớn, không thanh công cụ; phím mũi tên sang màn hình khác, Esc để thôi"),
    )
    st.divider()
    try:
        known = decks(screen.snapshot.info.province_code)
    except NotebookError as error:
        st.caption(plain(str(error)))
        return
    names = {deck.id or 0: deck.name for deck in known} | {_NEW: _("Bài trình chiếu mới…")}
    chosen = st.selectbox(_("Bài trình chiếu"), list(names), format_func=names.__getitem__, key="deck_to_add_to")
    if chosen == _NEW:
        st.text_input(
            _("Tên bài"), key="deck_name", max_chars=80, placeholder=_("Ví dụ: Giao ban tháng, ba xã cần quan tâm")
        )
    st.text_input(_("Tên trang"), key="deck_page_title", max_chars=120, placeholder=page_title(screen))

    def add() -> None:
        # Read here and not above: a tap can leave a box and press the button in one go.
        chosen = st.session_state["deck_to_add_to"]
        name, title = st.session_state.get("deck_name", ""), st.session_state["deck_page_title"]
        try:
            deck_id = chosen if chosen != _NEW else make_deck(name, screen.snapshot.info.province_code).id
            assert deck_id is not None
            add_page(deck_id, screen.view, " ".join(title.split()) or page_title(screen))
        except NotebookError as error:
            st.session_state[NEWS] = str(error)
        else:
            st.session_state["deck_to_add_to"] = deck_id
            st.session_state["deck_page_title"] = ""
            st.session_state[NEWS] = _("Đã thêm màn hình này vào bài trình chiếu.")

    st.button(
        _("Thêm màn hình này vào bài trình chiếu"),
        key="deck_add",
        icon=":material/add_to_queue:",
        on_click=add,
        width="stretch",
    )
    st.page_link("pages/decks.py", label=_("Các bài trình chiếu và biên bản"), icon=":material/list:")


def page_title(screen: Screen) -> str:
    """`So sánh: 30 ngày qua, toàn tỉnh`: what a page is called until somebody names it."""
    from pages.parts.screen import scope_in_words

    named = " ".join(screen.view.title.split())[:120]
    scope = scope_in_words(screen).replace("\\", "").replace("\N{WORD JOINER}", "")
    return named or f"{screen.title}: {screen.period.name}, {scope}"[:120]
