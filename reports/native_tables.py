"""Figures of cells as tables: what has no native chart goes along as its values."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from charts.projector import row_names
from language.formats import number
from reports.native_values import is_number, listed, words_of


def heat_table(figure: go.Figure) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
    """The headings and rows of a figure of cells, where it is one."""
    rows = row_names(figure)
    axis = figure.layout.xaxis
    if figure.data and figure.data[0].type == "heatmap":
        trace = figure.data[0]
        names = dict(zip(listed(axis.tickvals), listed(axis.ticktext), strict=False))
        sides = dict(zip(listed(figure.layout.yaxis.tickvals), listed(figure.layout.yaxis.ticktext), strict=False))
        counts = [[number(value) if is_number(value) else "" for value in line] for line in trace.z]
        written = _written(figure)
        if written:
            # The colours are classes: the figures stand written in the cells.
            across, down = listed(trace.x), listed(trace.y)
            head = ["", *(words_of(names.get(x, x)) for x in across)]
            return head, [[words_of(sides.get(y, y)), *(written.get((x, y), "") for x in across)] for y in down]
        head = ["", *(words_of(names.get(x, x)) for x in listed(trace.x))]
        body = [[words_of(sides.get(y, y)), *line] for y, line in zip(listed(trace.y), counts, strict=True)]
        # Hours downwards, days across: a slide is not 25 columns wide.
        turned = [list(line) for line in zip(head, *body, strict=True)]
        return turned[0], [line for line in turned[1:] if any(cell not in ("", "0") for cell in line[1:])]
    if not rows or axis.tickvals is None or len(figure.layout.annotations) < len(rows):
        return None
    cells = _written(figure)
    head = ["", *(words_of(text) for text in axis.ticktext)]
    body = [[name, *(cells.get((x, place), "") for x in axis.tickvals)] for place, name in rows.items()]
    return head, body


def _written(figure: go.Figure) -> dict[tuple[object, object], str]:
    """The texts written into the cells, by their place."""
    return {
        (annotation.x, annotation.y): words_of(annotation.text)
        for annotation in figure.layout.annotations
        if annotation.xref != "paper" and annotation.yref != "paper"
    }
