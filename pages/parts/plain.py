"""Texts that come from files and addresses, made safe to stand in Markdown: they are words, never links or pictures."""

from __future__ import annotations

import re

from language import _

_MOST_VALUES, _MOST_CHARACTERS = 5, 40


def plain(text: str) -> str:
    """The text with every sign that Markdown, or Streamlit's own additions to it, would read as a command, escaped."""
    escaped = re.sub(r"([\\`*_\[\]<#!|$~:])", r"\\\1", " ".join(text.split()))
    # Even so addresses become links, unless something stands in between,
    # and `:name:` an icon, in labels of links even behind a backslash.
    return re.sub(r"(//|@|[wW]{3}(?=\.)|:(?=[a-zA-Z+-]))", "\\1\N{WORD JOINER}", escaped)


def sentence(text: str) -> str:
    """`plain`, with each per cent sign kept on the line of its number."""
    return plain(text).replace(" %", "\N{NO-BREAK SPACE}%")


def few(values: list[str]) -> str:
    """The first of several values that a visitor gave, each cut short, and how many more there are."""
    shown = [value if len(value) <= _MOST_CHARACTERS else f"{value[:_MOST_CHARACTERS]}…" for value in values]
    text = ", ".join(plain(value) for value in shown[:_MOST_VALUES])
    if len(values) <= _MOST_VALUES:
        return text
    return _("{values} và {count} giá trị khác").format(values=text, count=len(values) - _MOST_VALUES)
