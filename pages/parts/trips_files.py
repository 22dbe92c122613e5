"""What is taken along: all briefs, the overview and the pages of the departments as one file."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from language import _, set_language
from language.formats import date, number
from language.text import fold
from notebook import Notebook, Trip
from pages.parts.brief_data import Stamp, brief_of, notebook, stamp
from pages.parts.screen import Screen
from pages.parts.trips_data import Log, last_day, round_words
from reports.content import Brief
from reports.files import pack_file
from reports.pack import Pack, pack_of

_MIMES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "html": "text/html",
}


def draw_files(screen: Screen, log: Log, trip: Trip) -> None:
    """One button a kind of file; made when pressed, and kept for the next who asks for the same."""
    codes = tuple(code for code in log.codes(trip) if code in screen.lists.communes)
    if not codes or screen.view.presenting:
        return
    book = notebook()
    held = tuple(part for code in codes for part in stamp(code, book)), trip.version
    names = {"pdf": _("PDF để in"), "pptx": _("Trang chiếu"), "html": _("Mang theo")}
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"**{_('Tài liệu cả chuyến')}**", width="content")
        for kind, name in names.items():
            st.download_button(
                name,
                data=_maker(kind, screen, trip, codes, book, held),
                file_name=file_name(screen, trip, kind),
                mime=_MIMES[kind],
                icon=":material/download:",
                key=f"pack_{kind}",
                on_click="ignore",
                help=_("Trang tổng quan, phiếu của {count} đơn vị và trang cho từng sở, ngành, tệp {kind}").format(
                    count=number(len(codes)), kind=kind.upper()
                ),
            )


def file_name(screen: Screen, trip: Trip, ending: str) -> str:
    """`chuyen-di-2026-11-25-mo-phong.pdf`."""
    title = "-".join("".join(sign if sign.isalnum() else " " for sign in fold(trip.title)).split())[:60]
    simulated = ["mo-phong"] if screen.snapshot.info.simulated else []
    return "-".join(part for part in (title or "chuyen-di", trip.starts_on.isoformat(), *simulated)) + f".{ending}"


def _maker(
    kind: str,
    screen: Screen,
    trip: Trip,
    codes: tuple[str, ...],
    book: Notebook | None,
    held: tuple[Stamp, int],
) -> Callable[[], bytes]:
    language = screen.view.language
    route_text = round_words(screen, codes)

    def made() -> bytes:
        # The file is made in a thread that knows nothing of the session.
        set_language(language)
        return _bytes(kind, screen.snapshot.id, language, trip, codes, route_text, held, screen, book)

    return made


@st.cache_data(max_entries=12, show_spinner=False)
def _bytes(
    kind: str,
    snapshot_id: str,
    language: str,
    trip: Trip,
    codes: tuple[str, ...],
    route_text: str,
    held: tuple[Stamp, int],
    _screen: Screen,
    _book: Notebook | None,
) -> bytes:
    return pack_file(_pack([brief_of(_screen, code, _book) for code in codes], trip, route_text), f".{kind}")


def _pack(briefs: list[Brief], trip: Trip, route_text: str) -> Pack:
    days = date(trip.starts_on)
    if last_day(trip) != trip.starts_on:
        days = _("{first} đến {last}").format(first=days, last=date(last_day(trip)))
    return pack_of(
        briefs,
        title=trip.title,
        subtitle=_("{leader}, {days}").format(leader=trip.leader, days=days),
        route_text=route_text,
        departments=trip.departments,
    )
