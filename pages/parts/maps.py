"""The map on the page: drawn for one indicator, with its legend; a click hands over a commune."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape

import polars as pl
import streamlit as st

from charts.choropleth import LegendEntry, choropleth
from charts.province_map import province_map
from charts.sentences import standing_sentence
from charts.standing import with_standing
from indicators.catalogue import Indicator
from language import _
from language.formats import number
from pages.parts import data
from pages.parts.screen import Screen


def by_commune(screen: Screen, indicator: Indicator) -> tuple[pl.DataFrame, float | None]:
    """Every commune that the filters keep, the chosen ones or not, against the same dossiers of the whole province.

    Dossiers of split old units belong to no commune of today and have no row here.
    """
    filters = replace(screen.filters, commune=())
    frame = screen.figures([indicator.id], by=["commune"], filters=filters).drop_nulls("commune")
    whole = screen.figures([indicator.id], filters=screen.filters.of_whole_province())
    province = whole[indicator.id][0]
    return with_standing(frame, indicator, province), province


def draw_map(
    screen: Screen, indicator: Indicator, *, key: str, width: int, height: int, on_pick: Callable[[str], None]
) -> None:
    """The title, the map and its legend; without boundaries a sentence instead."""
    frame, province = by_commune(screen, indicator)
    title = standing_sentence(frame, indicator, province, minutes_per_day=screen.minutes_per_day)
    st.markdown(f"##### {title}")
    outlines = data.outlines(screen.snapshot, screen.snapshot.id)
    if outlines.area is None:
        st.info(_("Bản dữ liệu này không có ranh giới xã, phường; hãy dùng bảng bên cạnh."), icon=":material/map:")
        return
    units, legend = choropleth(
        frame,
        indicator,
        names={code: (commune.name, commune.full_name) for code, commune in screen.lists.communes.items()},
        shapes=outlines.communes,
        points=outlines.points,
        scheme=screen.view.scheme,
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
    )
    deck = province_map(
        units,
        area=outlines.area,
        palette=screen.palette,
        outline=outlines.province,
        old_outlines=outlines.old_units if screen.view.old_outlines else (),
        selected=screen.view.communes,
        width=width,
        height=height,
    )

    def clicked() -> None:
        # An empty selection is Streamlit forgetting the click before; the picker's cross is the way to unselect.
        for objects in st.session_state[key].selection.objects.values():
            on_pick(objects[0]["properties"]["ma"])

    st.pydeck_chart(deck, key=key, height=height, on_select=clicked, alt=_("Bản đồ: {title}").format(title=title))
    st.html(legend_html(legend, screen))
    notes = []
    if outlines.approximate:
        notes.append(_("**ranh giới xấp xỉ**, không dùng để xác định địa giới"))
    named = [source for source in outlines.sources if source != _("ranh giới xấp xỉ")]
    if named:
        notes.append(_("nguồn ranh giới: {sources}").format(sources=", ".join(named)))
    if notes:
        st.caption(" · ".join(notes))


def legend_html(entries: Sequence[LegendEntry], screen: Screen) -> str:
    """The legend as one line of swatches that wraps where there is no room."""
    palette = screen.palette
    items = []
    for entry in entries:
        ground = entry.colour
        if entry.hatched:
            ground = f"repeating-linear-gradient(135deg, {entry.colour} 0 4px, {palette.unclear} 4px 6px)"
        words = escape(f"{entry.text} · " + _("{count} đơn vị").format(count=number(entry.count)))
        items.append(
            '<span style="display:inline-flex;align-items:center;gap:.4rem;white-space:nowrap">'
            f'<span style="width:1.5rem;height:1rem;border:1px solid {palette.quiet};background:{ground}"></span>'
            f"{words}</span>"
        )
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;font-size:.95rem;font-variant-numeric:tabular-nums">'
        f"{''.join(items)}</div>"
    )
