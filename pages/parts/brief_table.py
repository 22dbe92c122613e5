"""Tables of the brief: plain rows on a wide screen, one block a row on a phone; every text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from charts.palettes import Palette
from pages.parts import view_slides
from pages.parts.table import Column, Row

_STYLE = """
<style>
.brief-table { width: 100%; border-collapse: collapse; line-height: 1.35; }
.brief-table caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.brief-table th, .brief-table td {
  text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #9aa7b366; }
.brief-table thead th { font-weight: 600; }
.brief-table .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.brief-table td:first-child { font-weight: 600; }
.brief-table small { display: block; font-size: .85em; font-weight: 400; white-space: normal; }
.brief-table details { font-weight: 400; }
.brief-table summary { font-weight: 600; cursor: pointer; }
.brief-table .wide { min-width: 11rem; }
@media (max-width: 640px) {
  .brief-table thead { display: none; }
  .brief-table, .brief-table tbody { display: block; }
  .brief-table tr {
    display: grid; grid-template-columns: repeat(3, 1fr); gap: .2rem .6rem;
    padding: .6rem 0; border-bottom: 1px solid #9aa7b3; }
  .brief-table td { border: 0; padding: 0; }
  .brief-table td:first-child, .brief-table td.wide { grid-column: 1 / -1; min-width: 0; }
  .brief-table td[data-label]::before { content: attr(data-label); display: block; font-size: .8em; opacity: .75; }
  .brief-table td.wide::before { content: none; }
  .brief-table td:empty { display: none; }
  .brief-table .number { text-align: left; white-space: normal; }
}
</style>
"""


@dataclass(frozen=True, kw_only=True)
class Head:
    """A heading; `wide` columns take a line of their own on a phone, without their heading."""

    label: str
    number: bool = False
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """A cell: its text, a small note under it, a tone (`better`, `worse` or none), and what opens at a click."""

    text: str
    note: str = ""
    tone: str = ""
    note_tone: str = ""
    meaning: str = ""


def brief_table(caption: str, heads: Sequence[Head], rows: Sequence[Sequence[Part]], *, palette: Palette) -> None:
    """Draw the rows in the order given."""
    columns = [Column(label=head.label, number=head.number) for head in heads]
    kept = [Row(cells=[(part.text, part.note, part.tone) for part in row], sort=[0] * len(row)) for row in rows]
    view_slides.keep_table(caption, columns, kept)
    titles = "".join(f'<th scope="col"{_kind(head)}>{escape(head.label)}</th>' for head in heads)
    body = "".join(
        "<tr>" + "".join(_cell(part, head, place, palette) for place, (part, head) in enumerate(pairs)) + "</tr>"
        for pairs in (list(zip(row, heads, strict=True)) for row in rows)
    )
    table = f'<table class="brief-table"><caption>{escape(caption)}</caption>'
    st.html(f"{_STYLE}{table}<thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>")


def _cell(part: Part, head: Head, place: int, palette: Palette) -> str:
    text = _toned(part.text, part.tone, palette)
    if part.meaning:
        text = f"<details><summary>{text}</summary>{escape(part.meaning)}</details>"
    note = f"<small>{_toned(part.note, part.note_tone, palette)}</small>" if part.note else ""
    label = f' data-label="{escape(head.label)}"' if place else ""
    return f"<td{_kind(head)}{label}>{text}{note}</td>"


def _kind(head: Head) -> str:
    kinds = [name for name, holds in (("number", head.number), ("wide", head.wide)) if holds]
    return f' class="{" ".join(kinds)}"' if kinds else ""


def _toned(text: str, tone: str, palette: Palette) -> str:
    colour = {"better": palette.better, "worse": palette.worse}.get(tone)
    shown = escape(text).replace(" %", "\N{NO-BREAK SPACE}%")
    return f'<span style="color: {colour}; font-weight: 600">{shown}</span>' if colour else shown
