"""Briefs and packs as one HTML file to take along: asks no network for anything, needs no script, prints well."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from language import current_language
from reports.content import Brief
from reports.pack import Pack
from reports.plain import as_data, headings, pack_data, plain

_TEMPLATES = Path(__file__).parent / "templates"


def write_html(brief: Brief) -> str:
    """One commune, whole: a screen has room for what two pages leave out."""
    return _page([brief], title=brief.title, pack=None)


def write_pack_html(pack: Pack) -> str:
    """The overview with links, every brief, a part for each department."""
    return _page(pack.briefs, title=pack.title, pack=pack_data(pack))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,  # every text is a text, whatever signs it holds
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _page(briefs: Sequence[Brief], *, title: str, pack: dict[str, Any] | None) -> str:
    return (
        _environment()
        .get_template("page.html")
        .render(
            title=plain(title),
            language=current_language(),
            style=(_TEMPLATES / "page.css").read_text(encoding="utf-8"),
            words=headings(),
            pack=pack,
            briefs=[_with_parts(as_data(brief)) for brief in briefs],
        )
    )


def _with_parts(data: dict[str, Any]) -> dict[str, Any]:
    """The questions numbered, and together by the part of the talk that they belong to."""
    numbered = [question | {"number": number} for number, question in enumerate(data["questions"], start=1)]
    parts = [(part, list(asked)) for part, asked in groupby(numbered, key=lambda one: one["part"])]
    return data | {"questions_by_part": parts}
