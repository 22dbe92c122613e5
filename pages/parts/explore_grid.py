"""A wide table of ready-made texts: grouped headings, the first column in sight, sorted here or by the server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages.parts import view_slides
from pages.parts.components import component
from pages.parts.table import Cell, Column, Row

_grid = component("grid")


@dataclass(frozen=True, kw_only=True)
class Head:
    """A heading; `code` is what the server sorts by, `edge` draws a line before the column."""

    label: str
    number: bool = False
    help: str = ""
    code: str = ""
    edge: bool = False


@dataclass(frozen=True)
class Sorting:
    """The column that the rows of a page were sorted by."""

    code: str
    descending: bool


def grid(
    caption: str,
    columns: Sequence[Head],
    rows: Sequence[Row],
    *,
    key: str,
    groups: Sequence[tuple[str, int]] = (),
    height: int | None = None,
    sorting: Sorting | None = None,
    on_sort: Callable[[Sorting], None] | None = None,
    on_pick: Callable[[str], None] | None = None,
) -> None:
    """Draw the table. `groups` are the upper headings over all columns but the first: label and number of columns.

    A cell's tone may also be `muted`. With `on_sort` a click on a heading with a code hands over the new order.
    """

    above = ["", *(label for label, span in groups for _place in range(span))] if groups else [""] * len(columns)
    labels = [f"{group}: {head.label}" if group else head.label for group, head in zip(above, columns, strict=True)]
    kept = [Column(label=label, number=head.number) for label, head in zip(labels, columns, strict=True)]
    view_slides.keep_table(caption, kept, rows)

    def picked() -> None:
        code = st.session_state[key].picked
        if on_pick is not None and code in {row.code for row in rows}:
            on_pick(code)

    def sorted_anew() -> None:
        asked = st.session_state[key].sorted
        if on_sort is not None and asked and asked.get("code") in {column.code for column in columns if column.code}:
            on_sort(Sorting(asked["code"], bool(asked.get("descending"))))

    _grid(
        key=key,
        data={
            "caption": caption,
            "height": height,
            "pickable": on_pick is not None,
            "sorted_by_server": on_sort is not None,
            "sorted": asdict(sorting) if sorting else None,
            "groups": [{"label": label, "span": span} for label, span in groups],
            "columns": [asdict(column) for column in columns],
            "rows": [
                {
                    "cells": list(row.cells),
                    "sort": list(row.sort),
                    "code": row.code,
                    "strong": row.strong,
                    "chosen": row.chosen,
                }
                for row in rows
            ],
        },
        on_picked_change=picked,
        on_sorted_change=sorted_anew,
    )


__all__ = ["Cell", "Head", "Row", "Sorting", "grid"]
