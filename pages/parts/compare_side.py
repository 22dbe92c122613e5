"""Two to six communes head to head: the key figures, which of them really differ, and their course in parallel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from charts.contrast_words import pair_sentence
from indicators.catalogue import Indicator, indicators
from indicators.pairs import pairwise
from language import _
from pages.parts.communes import KEY_FIGURES, side_by_side
from pages.parts.compare_group import Group
from pages.parts.compare_rates import names_of
from pages.parts.filters import MOST_COMMUNES
from pages.parts.multiples import draw_multiples
from pages.parts.plain import sentence
from pages.parts.screen import Screen


def draw_side(screen: Screen, indicator: Indicator, communes: Sequence[str], group: Group) -> None:
    """Head to head for the chosen communes; with fewer than two a word on how to choose them."""
    if len(communes) < 2:
        st.info(
            _("Chọn hai đến {most} đơn vị (ở ô “Xã, phường” hoặc trong bảng) để đặt cạnh nhau.").format(
                most=MOST_COMMUNES
            )
        )
        return
    st.markdown("##### " + _("{count} đơn vị cạnh nhau").format(count=len(communes)))
    _draw_pairs(screen, indicator, communes)
    side_by_side(screen, communes, key="side_by_side", among=group.among or (), whole=group.whole)
    draw_multiples(screen, indicator, communes, among=group.among, whole=group.whole)
    if len(screen.view.communes) > MOST_COMMUNES:
        st.caption(
            _("Đặt cạnh nhau {shown} đơn vị đầu tiên trong {all} đơn vị đã chọn.").format(
                shown=MOST_COMMUNES, all=len(screen.view.communes)
            )
        )


def _draw_pairs(screen: Screen, indicator: Indicator, communes: Sequence[str]) -> None:
    """What differs between them, figure by figure; what does not, in one line."""
    ids = [one.id for one in indicators([indicator.id, *KEY_FIGURES]) if one.has_interval]
    chosen = replace(screen.filters.of_whole_province(), commune=tuple(communes))
    pairs = pairwise(screen.figures(ids, by=["commune"], filters=chosen), ids, communes)
    names = names_of(screen)
    said = {one.name: pair_sentence(pairs, one, names) for one in indicators(ids)}
    lines = [line for line in said.values() if line]
    alike = [name for name, line in said.items() if not line]
    if alike:
        lines.append(_("Chưa đủ cơ sở phân biệt ở: {names}").format(names=", ".join(alike)))
    st.markdown("\n".join(f"- {sentence(line)}" for line in lines))
    st.caption(_("{period}; mỗi chỉ tiêu đã hiệu chỉnh cho số cặp được so.").format(period=screen.period.dates))
