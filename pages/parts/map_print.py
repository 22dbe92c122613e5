"""The layer as a file for paper: SVG, PNG and PDF, made on the server when the button is pressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import streamlit as st

from charts.palettes import palette
from charts.print_map import Paper, PrintedMap, map_file
from language import _, set_language
from language.formats import date_time
from pages.parts import data
from pages.parts.explore_downloads import file_name
from pages.parts.maps import Drawn, boundary_notes
from pages.parts.screen import Screen, scope_in_words

_MIME = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
Form = Literal["svg", "png", "pdf"]


def draw_downloads(screen: Screen, layer: Callable[[Screen], Drawn], peers: Sequence[str]) -> None:
    """The buttons; nothing is drawn before one of them is pressed."""
    names: list[tuple[str, Form, Paper]] = [
        (_("Ảnh PNG, khổ A4"), "png", "a4"),
        (_("Tệp PDF, khổ A4"), "pdf", "a4"),
        (_("Tệp PDF, khổ A3"), "pdf", "a3"),
        (_("Hình vẽ SVG"), "svg", "a4"),
    ]

    def make(form: Form, paper: Paper) -> Callable[[], bytes]:
        def made() -> bytes:
            # The file is made in a thread that knows nothing of the session.
            set_language(screen.view.language)
            return map_file(printed(screen, layer, peers), form=form, paper=paper)

        return made

    with st.popover(_("Tải bản đồ"), icon=":material/print:"):
        for label, form, paper in names:
            st.download_button(
                label,
                data=make(form, paper),
                file_name=file_name(screen, f"ban-do-{paper}", form),
                mime=_MIME[form],
                key=f"print_{form}_{paper}",
                on_click="ignore",
                width="stretch",
            )
        st.caption(_("Vẽ trên máy chủ khi bấm; ảnh 300 điểm một inch, đủ nét để in."))


def printed(screen: Screen, layer: Callable[[Screen], Drawn], peers: Sequence[str]) -> PrintedMap:
    """The sheet of a layer; paper is white whatever the page is."""
    drawn = layer(replace(screen, palette=palette(dark=False)))
    outlines = data.outlines(screen.snapshot, screen.snapshot.id)
    assert outlines.area is not None
    info = screen.snapshot.info
    source = _("nguồn: hệ thống một cửa {province}").format(province=info.province_name)
    if info.simulated:
        source = _("nguồn: dữ liệu mô phỏng, không phải số liệu thật")
    as_of = _("Số liệu đến {as_of}").format(as_of=date_time(info.as_of))
    notes = [note.replace("**", "") for note in boundary_notes(screen)]
    foot = [f"{as_of} · {_('bản dữ liệu {id}').format(id=info.snapshot_id)} · {source}"]
    if drawn.note:
        foot.append(drawn.note[:1].upper() + drawn.note[1:])
    if peers:
        notes.append(_("viền đậm: nhóm so sánh"))
    if notes:
        joined = " · ".join(notes)
        foot.append(joined[:1].upper() + joined[1:])
    period = f"{screen.period.name} ({screen.period.dates})"
    return PrintedMap(
        title=drawn.title,
        subtitle=f"{info.province_name} · {period} · {_unescaped(scope_in_words(screen))}",
        units=drawn.units,
        legend=drawn.legend,
        square=drawn.square,
        area=outlines.area,
        outline=outlines.province,
        insets=outlines.insets,
        old_outlines=outlines.old_units if screen.view.old_outlines else (),
        selected=screen.view.marked,
        peers=peers,
        accent=drawn.accent,
        foot=foot,
        simulated=info.simulated,
    )


def _unescaped(words: str) -> str:
    return words.replace("\\", "")
