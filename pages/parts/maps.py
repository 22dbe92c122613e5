"""The map on the page: drawn for one indicator, with its legend; a click hands over a commune."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape

import polars as pl
import streamlit as st

from charts.bivariate import COLOURS, Square
from charts.choropleth import Ground, LegendEntry, choropleth
from charts.deck import fitting_height
from charts.projector import FACTOR
from charts.province_map import MapUnit, province_map, receded
from charts.sentences import standing_sentence
from charts.standing import with_standing
from indicators.catalogue import Indicator
from indicators.deviations import is_at_equal_mix
from language import _
from language.formats import number
from pages.parts import data, view_slides
from pages.parts.plain import plain
from pages.parts.screen import Screen

# What `python -m etl simulate` calls the source of its boundaries: a note of its own says it in every language.
APPROXIMATE = "ranh giới xấp xỉ"


def by_commune(screen: Screen, indicator: Indicator) -> tuple[pl.DataFrame, float | None]:
    """Every commune that the filters keep, the chosen ones or not, against the same dossiers of the whole province.

    Dossiers of split old units belong to no commune of today and have no row here.
    """
    filters = replace(screen.filters, commune=())
    frame = screen.figures([indicator.id], by=["commune"], filters=filters).drop_nulls("commune")
    whole = screen.figures([indicator.id], filters=screen.filters.of_whole_province())
    province = whole[indicator.id][0]
    return with_standing(frame, indicator, province), province


def map_title(screen: Screen, indicator: Indicator) -> str:
    """What the map shows, in one sentence."""
    frame, province = by_commune(screen, indicator)
    minutes = screen.minutes_per_day
    return standing_sentence(frame, indicator, province, whole=screen.whole, minutes_per_day=minutes)


def is_tall(screen: Screen) -> bool:
    """Whether the map leaves room beside it for its legend."""
    area = data.outlines(screen.snapshot, screen.snapshot.id).area
    return area is not None and (area[2] - area[0]) < 1.15 * (area[3] - area[1])


def useful_height(screen: Screen, width: int) -> int:
    """The height in pixels that a map of this width fills."""
    area = data.outlines(screen.snapshot, screen.snapshot.id).area
    return fitting_height(area, width=width) if area else width


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A layer ready to be drawn, on the screen or on paper: its sentence, its units, and what explains them."""

    title: str
    units: Sequence[MapUnit]
    legend: Sequence[LegendEntry]
    square: Square | None = None
    note: str = ""
    # The outline of the chosen commune, where the usual one is the colour of a class.
    accent: str | None = None


def ground_of(screen: Screen) -> Ground:
    """The outlines, places and names of the communes."""
    outlines = data.outlines(screen.snapshot, screen.snapshot.id)
    names = {code: (commune.name, commune.full_name) for code, commune in screen.lists.communes.items()}
    return Ground(shapes=outlines.communes, points=outlines.points, names=names)


def value_layer(screen: Screen, indicator: Indicator) -> Drawn:
    """One indicator in classes of colour."""
    frame, _province = by_commune(screen, indicator)
    units, legend = choropleth(
        frame,
        indicator,
        ground=ground_of(screen),
        scheme=screen.view.scheme,
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
    )
    note = _("so nguyên con số, chưa xét cơ cấu hồ sơ") if is_at_equal_mix(indicator) else ""
    return Drawn(title=map_title(screen, indicator), units=units, legend=legend, note=note)


def has_outlines(screen: Screen) -> bool:
    """Whether there is a map to draw; where there is none the screen says so."""
    if data.outlines(screen.snapshot, screen.snapshot.id).area is not None:
        return True
    st.info(_("Bản dữ liệu này không có ranh giới xã, phường; hãy dùng bảng bên cạnh."), icon=":material/map:")
    return False


def draw_map(
    screen: Screen,
    drawn: Drawn,
    *,
    key: str,
    width: int,
    height: int,
    on_pick: Callable[[str], None],
    peers: Sequence[str] = (),
    legend_beside: bool = False,
) -> None:
    """The map, its legend at the side or below, and notes; without boundaries a sentence instead."""
    outlines = data.outlines(screen.snapshot, screen.snapshot.id)
    if not has_outlines(screen) or outlines.area is None:
        return
    notes = [drawn.note] if drawn.note else []
    if peers:
        notes.append(_("viền đậm: nhóm so sánh"))
    notes += boundary_notes(screen)
    view_slides.keep_map(screen, drawn, peers, notes)
    pointed_at = screen.view.highlight
    deck = province_map(
        receded(drawn.units, pointed_at, screen.palette) if pointed_at else drawn.units,
        area=outlines.area,
        palette=screen.palette,
        outline=outlines.province,
        old_outlines=outlines.old_units if screen.view.old_outlines else (),
        insets=outlines.insets,
        selected=screen.view.marked,
        peers=peers,
        accent=drawn.accent,
        width=round(width * 0.74) if legend_beside else width,
        height=height,
        scale=FACTOR if screen.view.presenting else 1.0,
    )

    def clicked() -> None:
        # An empty selection is Streamlit forgetting the click before; the picker's cross is the way to unselect.
        for objects in st.session_state[key].selection.objects.values():
            on_pick(objects[0]["properties"]["ma"])

    with st.container(key=f"beside-{key}"):
        beside, below = st.columns([74, 26], gap="small") if legend_beside else (st.container(), st.container())
    with beside:
        words = _("Bản đồ: {title}").format(title=drawn.title)
        st.pydeck_chart(deck, key=key, height=height, on_select=clicked, alt=words)
    with below:
        legend = list(drawn.legend)
        if drawn.square is not None:
            st.html(square_html(drawn.square, screen))
        st.html(legend_html(legend, screen, upright=legend_beside))
    st.caption(" · ".join(notes))


def boundary_notes(screen: Screen) -> list[str]:
    """Where the boundaries are from, and what about them is not to scale."""
    outlines = data.outlines(screen.snapshot, screen.snapshot.id)
    notes = []
    if outlines.approximate:
        notes.append(_("**ranh giới xấp xỉ**, không dùng để xác định địa giới"))
    named = [source for source in outlines.sources if source != APPROXIMATE]
    if named:
        notes.append(_("nguồn ranh giới: {sources}").format(sources=plain(", ".join(named))))
    if outlines.insets:
        notes.append(_("trong khung: đảo xa, vẽ dời về gần, không theo vị trí và tỷ lệ thật"))
    return notes


def square_html(square: Square, screen: Screen) -> str:
    """The square of nine colours: the first indicator upwards, the second to the right, with the ranges of each."""
    cell = "width:1.65rem;height:1.6rem;padding:0;text-align:center;vertical-align:middle;font-size:.8rem"
    rows = []
    for row in (2, 1, 0):
        cells = []
        for column in range(3):
            colour = COLOURS[row][column]
            text = "#FFFFFF" if row + column > 2 or (row, column) == (0, 2) else "#10202F"
            cells.append(
                f'<td style="{cell};background:{colour};color:{text};border:1px solid {screen.palette.page}">'
                f"{number(square.counts[row][column])}</td>"
            )
        rows.append(
            f'<tr><td style="padding:0 .25rem 0 0;text-align:right;white-space:nowrap;font-size:.72rem;border:0">'
            f"{escape(square.rows.ranges[row])}</td>{''.join(cells)}</tr>"
        )
    across = "".join(
        f'<td style="text-align:center;vertical-align:top;border:0;padding:.1rem;font-size:.72rem">{escape(one)}</td>'
        for one in square.columns.ranges
    )
    return (
        f'<div style="font-size:.8rem;line-height:1.2;font-variant-numeric:tabular-nums;color:{screen.palette.text}">'
        f"<div>↑ {escape(square.rows.name)}</div>"
        f'<table style="border-collapse:collapse;border:0">{"".join(rows)}<tr><td style="border:0"></td>{across}</tr>'
        f"</table><div>→ {escape(square.columns.name)}</div>"
        f"<small>{escape(_('Số trong ô: số đơn vị.'))}</small></div>"
    )


def legend_html(entries: Sequence[LegendEntry], screen: Screen, *, upright: bool, counted: bool = True) -> str:
    """The legend as a column of swatches, or as one line that wraps where there is no room."""
    palette = screen.palette
    items = []
    for entry in entries:
        ground = entry.colour
        if entry.hatched:
            ground = f"repeating-linear-gradient(135deg, {entry.colour} 0 4px, {palette.unclear} 4px 6px)"
        if entry.dotted:
            ground = f"radial-gradient({palette.unclear} 1.5px, {entry.colour} 2px) 0 0 / 6px 6px"
        count = escape(_("{count} đơn vị").format(count=number(entry.count)))
        words = f"{escape(entry.text)}<br><small>{count}</small>" if upright else f"{escape(entry.text)} · {count}"
        if not counted:
            words = escape(entry.text)
        items.append(
            f'<span style="display:inline-flex;align-items:center;gap:.4rem;{"" if upright else "white-space:nowrap"}">'
            f'<span style="flex:none;width:1.5rem;height:1rem;border:1px solid {palette.quiet};background:{ground}">'
            f"</span><span>{words}</span></span>"
        )
    flow = "flex-direction:column;gap:.6rem" if upright else "flex-wrap:wrap;gap:.3rem 1.1rem"
    return (
        f'<div style="display:flex;{flow};line-height:1.25;font-size:.95rem;font-variant-numeric:tabular-nums">'
        f"{''.join(items)}</div>"
    )
