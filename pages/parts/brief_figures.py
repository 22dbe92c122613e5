"""The table of figures of a brief, each with its verdict, and whether the commune has a word on it."""

from __future__ import annotations

import streamlit as st

from language import _
from pages.parts.brief_table import Head, Part, brief_table
from pages.parts.brief_words import heading
from pages.parts.plain import sentence
from pages.parts.screen import Screen
from reports.content import Brief, FigureLine, Standing


def draw_figures(screen: Screen, brief: Brief) -> None:
    """One row a figure; tones only where a verdict claims a difference."""
    heading(_("Số liệu chính"), "")
    name, *others, verdict = brief.figure_headings
    heads = [Head(label=name), *(Head(label=one, number=True) for one in others), Head(label=verdict, wide=True)]
    noted = {note.indicator for note in brief.notes if note.indicator}
    rows = [_row(line, is_noted=line.label in noted) for line in brief.figures]
    brief_table(_("Số liệu chính"), heads, rows, palette=screen.palette)
    clear = _(
        "“Rõ rệt” chỉ dùng khi khoảng tin cậy 95 % của chênh lệch không chứa số không, sau khi hiệu chỉnh cho việc xem "
        "nhiều chỉ tiêu cùng lúc. Bấm vào tên để xem ý nghĩa."
    )
    st.caption(sentence(f"{brief.peers_text} {clear}"))


def _row(line: FigureLine, *, is_noted: bool) -> list[Part]:
    note = " · ".join(part for part in (line.note, _("đơn vị có ý kiến") if is_noted else "") if part)
    changed = line.change and line.change_standing != "like"
    return [
        Part(text=line.label, note=note, meaning=line.meaning),
        Part(text=line.since_merger),
        Part(text=line.last_30_days, note=line.change if changed else "", note_tone=_tone(line.change_standing)),
        Part(text=line.before),
        Part(text=line.peers),
        Part(text=line.province),
        Part(text=line.verdict, tone=_tone(line.standing)),
    ]


def _tone(standing: Standing) -> str:
    return standing if standing in ("better", "worse") else ""
