"""A table of ready-made texts: sorted by a click on a heading, its rows a way of picking a commune."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from language import _
from pages.parts import view_slides
from pages.parts.components import component
from pages.parts.stage import presenting

_table = component("table")

# A text; or a text, a small note under it and a tone (`better`, `worse` or none).
Cell = str | tuple[str, str] | tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A heading; numbers stand to the right and are sorted from the highest first.

    `meaning` is what stands behind the heading's "i": a title, then paragraphs.
    """

    label: str
    number: bool = False
    help: str = ""
    meaning: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """The cells, what each column is sorted by (None: unknown, at the end), and what the first cell's "i" says."""

    cells: Sequence[Cell]
    sort: Sequence[float | str | None]
    code: str = ""
    muted: bool = False
    strong: bool = False
    chosen: bool = False
    meaning: Sequence[str] = ()


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    key: str,
    height: int | None = None,
    on_pick: Callable[[str], None] | None = None,
    heading: str = "",
) -> None:
    """Draw the table; with `on_pick` a click on a row hands over its code before the next run.

    `heading`: what the page itself has written over the table, for a slide, where the caption explains its signs.
    """

    def picked() -> None:
        code = st.session_state[key].picked
        if on_pick is not None and code in {row.code for row in rows}:
            on_pick(code)

    view_slides.keep_table(heading or caption, columns, rows, note=caption if heading else "")
    if height is not None and presenting():
        # A list to scroll in is a tool, nothing to read from a distance.
        return
    _table(
        key=key,
        data={
            "caption": caption,
            "height": height,
            "pickable": on_pick is not None,
            "meaning": _("Ý nghĩa của chỉ tiêu"),
            "columns": [
                {"label": one.label, "number": one.number, "help": one.help, "meaning": list(one.meaning)}
                for one in columns
            ],
            "rows": [
                {
                    "cells": list(row.cells),
                    "sort": list(row.sort),
                    "code": row.code,
                    "muted": row.muted,
                    "strong": row.strong,
                    "chosen": row.chosen,
                    "meaning": list(row.meaning),
                }
                for row in rows
            ],
        },
        on_picked_change=picked,
    )
