"""The mode of presenting (`?trinh-chieu=1`): pages turned by keys, type for a room, one commune in front of the others.

Everything stands in the address, so that a reload goes on where it was: the page of the deck, the meeting whose record
is kept, the commune pointed at, and the snapshot, the same on every page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import plotly.graph_objects as go
import streamlit as st

from charts.palettes import palette
from charts.projector import FACTOR, enlarge, recede
from language import _
from pages.parts.address import OF_PRESENTING, View, read, write
from pages.parts.components import component
from pages.parts.navigation import DECKS, Entry, entries
from pages.parts.state import change_view, current_view
from pages.parts.viewport import Room, room

_stage = component("stage")
_CSS = Path(__file__).with_name("stage.css").read_text(encoding="utf-8")
# What is said once, at the next run.
NEWS = "stage_news"
_HERE, _NEXT, _SINCE, _UNPINNED = "stage_here", "stage_next", "stage_since", "stage_unpinned"
_ROOM, _POINTED_AT = "stage_room", "stage_pointed_at"
_TRIES = 3
# Above a figure, in pixels of a projector of 1280 × 720: the heading, and each line of the figure's title.
_FURNITURE, _LINE, _LETTERS_A_LINE = 90, 34, 92
# More rows than this cannot be read from the back of a room.
MOST_ROWS_EACH = 6


@dataclass(frozen=True, kw_only=True)
class ShownPage:
    """A page of the running order: a screen, and what stands in its address."""

    title: str
    entry: Entry
    parameters: dict[str, list[str]]


def presenting() -> bool:
    return current_view().presenting


def most_rows(usual: int) -> int:
    """How many rows at each end of a ranking: `usual`, fewer in a meeting room."""
    return min(usual, MOST_ROWS_EACH) if presenting() else usual


def turn_page(address: str) -> None:
    """Called before a screen is drawn, with its address: go where a key, pressed on the run before, wants to go."""
    st.session_state[_HERE] = address
    if (target := st.session_state.get(_NEXT)) is None:
        return
    page, tries = target
    # A press during the change can end the run that goes there, so the aim is kept until it is reached.
    if page.entry.address == address or not tries:
        del st.session_state[_NEXT]
        return
    st.session_state[_NEXT] = (page, tries - 1)
    st.switch_page(page.entry.file, query_params=page.parameters)


def here() -> Entry:
    """The screen of this run."""
    address = st.session_state.get(_HERE, "")
    return next((entry for entry in entries() if entry.address == address), entries()[0])


def plain_view(view: View) -> View:
    """The view without the mode: what a saved page or a copied link holds."""
    return view.with_changes(**{name: getattr(View(), name) for name in OF_PRESENTING})


def address_of(entry: Entry, view: View, *, pinned: bool = False) -> str:
    """`/ban-do?chi-tieu=…`: the screen and its view without the mode; of the newest data unless pinned."""
    kept = plain_view(view) if pinned else plain_view(view).with_changes(snapshot="", language="vi")
    query = urlencode(write(kept), doseq=True)
    return f"/{entry.address}?{query}" if query else f"/{entry.address}"


def read_address(address: str) -> tuple[Entry, View] | None:
    """The screen and the view of such an address; nothing where it names no screen of ours."""
    parts = urlsplit(address)
    path = parts.path.strip("/")
    entry = next((one for one in entries() if one.address == path), None)
    return (entry, read(parse_qs(parts.query))) if entry is not None else None


def running_order(view: View, saved: Sequence[tuple[str, str]]) -> list[ShownPage]:
    """The pages of a deck, from the titles and addresses saved; without any the screens in their order.

    The meeting's snapshot, its language and the commune pointed at go along.
    """
    if not saved:
        parameters = write(view)
        return [
            ShownPage(title=entry.title, entry=entry, parameters=parameters)
            for entry in entries()
            if entry.address != DECKS
        ]
    pages: list[ShownPage] = []
    for title, address in saved:
        found = read_address(address)
        if found is None:
            continue
        entry, kept = found
        kept = kept.with_changes(
            presenting=True,
            highlight=view.highlight,
            deck=view.deck,
            deck_page=len(pages) + 1,
            meeting=view.meeting,
            snapshot=view.snapshot,
            language=view.language,
        )
        pages.append(ShownPage(title=title or entry.title, entry=entry, parameters=write(kept)))
    return pages


def show(page: ShownPage) -> None:
    """Show a page; to be called from callbacks. The session stays: only the address changes."""
    if page.entry.address == st.session_state.get(_HERE):
        st.session_state.pop(_NEXT, None)
        st.query_params.from_dict(page.parameters)
    else:
        st.session_state[_NEXT] = (page, _TRIES)


def start(snapshot_id: str) -> None:
    """Present the screen in view, pinned to its snapshot."""
    view = current_view()
    st.session_state[_UNPINNED] = not view.snapshot
    st.session_state.pop(_SINCE, None)
    change_view(presenting=True, snapshot=snapshot_id)


def start_pages(pages: Sequence[ShownPage]) -> None:
    """Present a deck from its first page."""
    st.session_state[_UNPINNED] = True
    st.session_state.pop(_SINCE, None)
    if pages:
        show(pages[0])


def leave() -> None:
    """Back to the screen with its tools; the filters stay, the snapshot is the newest again if it was so before."""
    unpinned = st.session_state.pop(_UNPINNED, True)
    changes: dict[str, object] = {name: getattr(View(), name) for name in OF_PRESENTING}
    change_view(**changes, **({"snapshot": ""} if unpinned else {}))


def draw_stage(
    view: View,
    pages: Sequence[ShownPage],
    *,
    candidates: Callable[[], Sequence[str]],
    pointed_at: str,
    on_leave: Callable[[], None],
) -> None:
    """The keys, the page's number and the clock.

    `candidates` gives the communes that H points at one after the other, once it is pressed; `pointed_at` is the full
    name of the one in front.
    """
    st.html(f"<style>{_CSS}</style>")
    st.session_state[_POINTED_AT] = pointed_at
    now = dt.datetime.now(dt.UTC)
    began = st.session_state.setdefault(_SINCE, now)
    position = _position(view, pages)

    def turned() -> None:
        page = _sent("turned")
        if isinstance(page, int) and 0 <= page < len(pages) and page != position:
            show(pages[page])

    def pointed() -> None:
        if _sent("pointed") != "next":
            return change_view(highlight="")
        offered = candidates()
        if not offered and not view.highlight:
            st.session_state[NEWS] = _("Không có đơn vị nào nổi bật: di chuột xuống góc trái để chọn.")
        return change_view(highlight=following(offered, view.highlight))

    _stage(
        key="stage",
        data={
            "key": f"{view.deck}/{view.meeting}",
            "position": position,
            "titles": [page.title for page in pages],
            "elapsed": max(0, round((now - began).total_seconds())),
            "words": {
                "hint": _("? để xem các phím"),
                "end": _("Đã đến trang cuối"),
                "start": _("Đây là trang đầu"),
            },
            "help": _keys(),
        },
        on_turned_change=turned,
        on_pointed_change=pointed,
        on_left_change=on_leave,
    )
    room(key=_ROOM, width=1220)


def _sent(trigger: str) -> object:
    """What the keys sent; nothing where a press came while the screens changed (the browser asks again)."""
    return getattr(st.session_state.get("stage"), trigger, None)


def _position(view: View, pages: Sequence[ShownPage]) -> int:
    """The page on screen, from 0; −1 where it is none of them."""
    if view.deck and pages:
        return min(max(view.deck_page, 1), len(pages)) - 1
    address = here().address
    return next((place for place, page in enumerate(pages) if page.entry.address == address), -1)


def following(candidates: Sequence[str], highlight: str) -> str:
    """The commune after the one pointed at; after the last one none."""
    if highlight not in candidates:
        return candidates[0] if candidates else ""
    place = list(candidates).index(highlight) + 1
    return candidates[place] if place < len(candidates) else ""


def point_at(code: str) -> None:
    """Set one commune in front of the others; a second time lets go of it."""
    change_view(highlight="" if current_view().highlight == code else code)


def _keys() -> list[tuple[str, str]]:
    return [
        ("→  ←", _("trang sau, trang trước (cũng như phím cách và bút trình chiếu)")),
        ("↓  ↑", _("xem tiếp phần dưới, trở lên")),
        ("1 … 9, Home, End", _("đến thẳng một trang")),
        ("H", _("làm nổi lần lượt từng đơn vị; Shift+H: thôi")),
        (_("B hoặc ."), _("tắt màn hình; phím bất kỳ để trở lại")),
        ("T", _("hiện hoặc ẩn đồng hồ")),
        ("G", _("ghi một cam kết")),
        ("P", _("tải màn hình này thành tệp PPTX")),
        ("F", _("toàn màn hình")),
        ("Esc", _("thôi trình chiếu, giữ bộ lọc")),
    ]


def stage_room() -> Room | None:
    """The room of the meeting's screen; nothing where nobody presents."""
    if not presenting():
        return None
    size = st.session_state.get(f"{_ROOM}_size")
    return Room(*(max(240, min(4000, int(length))) for length in size)) if size else Room(1220, 720)


def for_the_room(figure: go.Figure, *, title: str) -> go.Figure:
    """The figure as it is, or in a meeting enlarged, with the commune pointed at in front of the others.

    `title` stands above it and takes its lines.
    """
    given = stage_room()
    if given is None:
        return figure
    factor = FACTOR * max(1.0, given.width / 1220)
    lines = -(-len(title) // _LETTERS_A_LINE)
    height = max(320, given.height - round((_FURNITURE + _LINE * lines) * factor / FACTOR))
    enlarge(figure, factor=factor, height=height)
    name = st.session_state.get(_POINTED_AT, "")
    return recede(figure, {name}, palette(dark=st.context.theme.type == "dark")) if name else figure
