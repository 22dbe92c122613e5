"""What this run has drawn, kept until its end so that it can be taken along as slides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import streamlit as st

from language import _, set_language
from language.formats import date_time
from reports.view_slides import (
    Shown,
    ShownCard,
    ShownCards,
    ShownFigure,
    ShownMap,
    ShownTable,
    ShownView,
    ShownWords,
    write_slides,
)

if TYPE_CHECKING:
    from pages.parts.maps import Drawn
    from pages.parts.screen import Screen
    from pages.parts.table import Column, Row

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_KEPT = "drawn_in_this_run"


def begin() -> None:
    """Forget what an earlier run drew."""
    st.session_state[_KEPT] = []


def finish() -> tuple[Shown, ...]:
    """What was drawn since `begin`, in its order; the session keeps it no longer."""
    return tuple(st.session_state.pop(_KEPT, ()))


def _keep(shown: Shown) -> None:
    # Outside a run of a whole screen (a fragment) nothing is collected.
    if _KEPT in st.session_state:
        st.session_state[_KEPT].append(shown)


def keep_figure(title: str, figure: go.Figure, note: str) -> None:
    """Keep a chart with the sentence over it, and the note under it."""
    # A figure is enlarged in place for a projector: the slide wants it as it was drawn.
    _keep(ShownFigure(title=title, figure=go.Figure(figure), note=_unmarked(note)))


def keep_words(title: str, lines: Sequence[str] = ()) -> None:
    """Keep a sentence of the screen, and what stands under it."""
    _keep(ShownWords(title=_unmarked(title), lines=tuple(_unmarked(line) for line in lines)))


def keep_cards(cards: Sequence[Mapping[str, Any]]) -> None:
    shown = []
    for card in cards:
        first = next(iter(card.get("comparisons", ())), None)
        words = ""
        if first:
            words = ", ".join(part for part in (f"{first['period']}: {first['text']}", first["verdict"]) if part)
        shown.append(
            ShownCard(name=card["name"], value=card["value"], certainty=card.get("certainty", ""), comparison=words)
        )
    _keep(ShownCards(cards=tuple(shown)))


def keep_table(
    caption: str, columns: Sequence[Column], rows: Sequence[Row], *, note: str = "", dense: bool = False
) -> None:
    """Keep a table with the note under it; `dense` for many columns of short numbers."""
    cells = tuple(tuple(_one_line(cell) for cell in row.cells) for row in rows)
    _keep(
        ShownTable(
            title=caption,
            columns=tuple(column.label for column in columns),
            rows=cells,
            numbers=tuple(column.number for column in columns),
            note=note,
            dense=dense,
        )
    )


def keep_map(screen: Screen, drawn: Drawn, peers: Sequence[str], notes: Sequence[str]) -> None:
    """The map as the picture that is printed, its values, and what stands under it."""

    def picture() -> bytes:
        # Above they would be imported in a circle: what prints a map also draws one.
        from charts.print_map import map_file
        from pages.parts.map_print import printed

        return map_file(printed(screen, lambda _screen: drawn, peers), form="png", paper="slide")

    rows = tuple((unit.full_name, unit.value, unit.detail) for unit in drawn.units)
    columns = (_("Xã, phường"), _("Số liệu"), _("Độ chắc chắn"))
    note = _unmarked(" · ".join(notes))
    _keep(ShownMap(title=drawn.title, picture=picture, columns=columns, rows=rows, note=note))


def slides_of(screen: Screen, items: tuple[Shown, ...]) -> bytes:
    """The file; made when the button is pressed, in a thread that knows nothing of the session."""
    from pages.parts.screen import scope_in_words

    set_language(screen.view.language)
    info = screen.snapshot.info
    source = (
        _("nguồn: dữ liệu mô phỏng, không phải số liệu thật")
        if info.simulated
        else _("nguồn: hệ thống một cửa {province}").format(province=info.province_name)
    )
    foot = [
        _("Số liệu đến {as_of}").format(as_of=date_time(info.as_of)),
        _("bản dữ liệu {id}").format(id=info.snapshot_id),
        source,
    ]
    return write_slides(
        ShownView(
            title=f"{screen.title} · {info.province_name}",
            scope=f"{screen.period.name} ({screen.period.dates}) · {_unmarked(scope_in_words(screen))}",
            foot=" · ".join(foot),
            simulated=info.simulated,
            made_on=info.as_of.date(),
            palette=screen.palette,
            items=items,
        )
    )


def _one_line(cell: Any) -> str:
    """The text of a cell, with its small note in brackets."""
    if isinstance(cell, str):
        return cell
    text, note = cell[0], cell[1]
    return f"{text} ({note})" if note else text


def _unmarked(text: str) -> str:
    """A text without the signs that keep it from being read as Markdown."""
    return text.replace("\\", "").replace("**", "").replace("\N{WORD JOINER}", "")
