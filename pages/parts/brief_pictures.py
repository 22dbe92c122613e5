"""The small pictures of the brief, the same as on paper, and the profile of the commune."""

from __future__ import annotations

import streamlit as st

from language import _
from pages.parts.brief_table import Head, Part, brief_table
from pages.parts.brief_words import heading
from pages.parts.plain import plain, sentence
from pages.parts.screen import Screen
from reports import drawings
from reports.content import Brief, Fact

_MOST_WIDE = 520


def draw_pictures(brief: Brief) -> None:
    """Where the time goes, and how the share on time ran."""
    left, right = st.columns(2, gap="medium")
    with left:
        heading(_("Thời gian nằm ở đâu"), "")
        _draw(drawings.time_bars(brief.time_shares), brief.empty["time_shares"])
        st.markdown(sentence(brief.time_text))
    with right:
        heading(brief.trend.label, "")
        _draw(drawings.trend_line(brief.trend), brief.empty["trend"])
        reference = brief.trend.reference_label
        st.markdown(
            sentence(f"{brief.trend.sentence} {reference[:1].upper()}{reference[1:]}{'.' if reference else ''}")
        )


def draw_profile(screen: Screen, brief: Brief) -> None:
    """What the commune is, each fact with its source, and what it was merged from, beside a small map."""
    facts, side = st.columns([3, 2], gap="medium")
    with facts:
        heading(_("Đơn vị"), "")
        heads = [Head(label=_("Thông tin")), Head(label=_("Giá trị")), Head(label=_("Nguồn, ngày"))]
        brief_table(_("Đơn vị"), heads, [_cells(one) for one in brief.profile], palette=screen.palette)
    with side:
        picture = drawings.outline_map(brief)
        if picture:
            st.image(picture, width=300)
            st.caption(sentence(" ".join(part for part in (brief.commune_name, brief.map.note) if part)))
        st.markdown(f"**{_('Hợp thành từ')}**")
        if not brief.pieces:
            st.markdown(sentence(brief.empty["pieces"]))
        lines = []
        for piece in brief.pieces:
            note = f" ({plain(piece.note)})" if piece.note else ""
            lines.append(f"- {plain(piece.name)}{note}: {plain(piece.extent_text)}")
        st.markdown("\n".join(lines))


def _cells(fact: Fact) -> list[Part]:
    return [
        Part(text=fact.label),
        Part(text=fact.value, note=_("nguồn nêu khác nhau") if fact.differs else ""),
        Part(text=", ".join(part for part in (fact.source, fact.stated_on_text) if part)),
    ]


def _draw(picture: str, nothing: str) -> None:
    if picture:
        st.image(picture, width=_MOST_WIDE)
    else:
        st.markdown(sentence(nothing))
