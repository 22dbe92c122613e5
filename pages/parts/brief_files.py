"""The brief as files: made when a button is pressed, and kept for the next who asks for the same."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from language import _, set_language
from language.text import fold
from notebook import Notebook
from pages.parts.brief_data import Stamp, stamp
from pages.parts.screen import Screen
from reports.content import Brief
from warehouse import SnapshotInfo

_MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "html": "text/html",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def draw_files(screen: Screen, brief: Brief, book: Notebook | None) -> None:
    """One button a kind of file, in a row; on a phone several rows."""
    if screen.view.presenting:
        return
    language, held = screen.view.language, stamp(brief.commune_code, book)
    names = {
        "pdf": _("PDF để in"),
        "docx": _("Word để sửa"),
        "pptx": _("Trang chiếu"),
        "html": _("Trang mang theo"),
        "png": _("Ảnh để gửi"),
        "xlsx": _("Bảng tính"),
    }
    with st.container(horizontal=True, gap="small"):
        for kind, name in names.items():
            st.download_button(
                name,
                data=maker(kind, brief, screen.snapshot.info, language, held),
                file_name=file_name(brief, kind),
                mime=_MIMES[kind],
                icon=":material/download:",
                key=f"brief_{kind}",
                on_click="ignore",
                help=_("Tệp {kind}").format(kind=kind.upper()),
            )


def file_name(brief: Brief, ending: str) -> str:
    """`phieu-kiem-tra-phuong-phu-tho-2026-11-22-mo-phong.pdf`: what, whose, as of when, and whether it is simulated."""
    commune = "".join(sign if sign.isalnum() else "-" for sign in fold(brief.commune_name))
    parts = ["phieu-kiem-tra", commune, brief.as_of.isoformat(), *(["mo-phong"] if brief.simulated else [])]
    return "-".join(parts) + f".{ending}"


def maker(kind: str, brief: Brief, info: SnapshotInfo, language: str, held: Stamp) -> Callable[[], bytes]:
    """What a button's click makes."""

    def made() -> bytes:
        # The file is made in a thread that knows nothing of the session.
        set_language(language)
        return _bytes(kind, brief.snapshot_id, brief.commune_code, language, held, brief, info)

    return made


@st.cache_data(max_entries=60, show_spinner=False)
def _bytes(
    kind: str, snapshot_id: str, code: str, language: str, held: Stamp, _brief: Brief, _info: SnapshotInfo
) -> bytes:
    # The writers bring libraries that the screen itself does without.
    from reports.files import brief_file

    return brief_file(_brief, f".{kind}", _info)
