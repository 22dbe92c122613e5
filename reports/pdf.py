"""Briefs and packs as PDF: A4 in the look of an annex, letters embedded; the engine is Typst.

The same data give the same bytes on the same machine. Letters shrink from 12,5 to 10 points before anything is left
out; then go the ends of lists, long texts, and questions last, never the closing one. What is left out is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.content import Brief
from reports.pack import Pack
from reports.plain import as_data, headings, pack_data, plain
from reports.typesetting import pdf


def write_pdf(brief: Brief) -> bytes:
    """The brief on exactly two pages."""
    return _compiled([brief], title=brief.title)


def write_pack_pdf(pack: Pack) -> bytes:
    """The overview on one page, two pages a commune, one page a department."""
    return _compiled(pack.briefs, title=pack.title, pack=pack_data(pack))


def _compiled(briefs: Sequence[Brief], *, title: str, **further: Any) -> bytes:
    data = {
        "title": plain(title),
        "author": "Thông Suốt",
        "briefs": [as_data(brief) for brief in briefs],
        "words": headings(),
    }
    return pdf("main.typ", data | further, made_on=briefs[0].as_of)
