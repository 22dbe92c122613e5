"""Typst, the engine of PDF files and pictures: templates from `reports/templates`, texts as data, never as markup."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def _fonts() -> typst.Fonts:
    """The engine's own fonts and the machine's, found once: Times New Roman is one of the machine's where it has it."""
    return typst.Fonts()


def pdf(template: str, data: Mapping[str, Any], *, made_on: dt.date) -> bytes:
    """A PDF file; the same data give the same bytes, because the day of the data stands for the day of making."""
    return _compile(template, data, made_on, format="pdf")


def png(template: str, data: Mapping[str, Any], *, made_on: dt.date, dots_per_inch: int = 144) -> bytes:
    """The one page of the template as a picture."""
    return _compile(template, data, made_on, format="png", ppi=float(dots_per_inch))


def picture_of(svg: str, *, dots_per_inch: int = 220) -> bytes:
    """An SVG drawing as PNG, for the programs that know no SVG."""
    return png("drawing.typ", {"svg": svg}, made_on=dt.date(2025, 7, 1), dots_per_inch=dots_per_inch)


def _compile(template: str, data: Mapping[str, Any], made_on: dt.date, **options: Any) -> bytes:
    content = typst.compile(
        _TEMPLATES / template,
        root=_TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=dt.datetime.combine(made_on, dt.time(), dt.UTC),
        **options,
    )
    assert isinstance(content, bytes)  # a list comes only from pictures of several pages
    return content
