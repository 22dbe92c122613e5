"""Vietnamese first, English by a switch: the translated strings of the product.

The source language is Vietnamese: `_("Tổng quan")` returns its argument unless English is chosen. English lies in
`en.po`.
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

LANGUAGES = ("vi", "en")
_language: ContextVar[str] = ContextVar("language", default="vi")


@cache
def _translations(language: str) -> gettext.NullTranslations:
    source = Path(__file__).with_name(f"{language}.po")
    if not source.exists():
        return gettext.NullTranslations()
    # Compiled in memory, so that no build step stands between a clone and a running dashboard.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def set_language(language: str) -> None:
    """Choose the language of this session's strings: `vi` or `en`; anything else means Vietnamese."""
    _language.set(language if language in LANGUAGES else "vi")


def current_language() -> str:
    return _language.get()


def _(message: str) -> str:
    """The message in the session's language."""
    if _language.get() == "vi":
        return message
    return _translations(_language.get()).gettext(message)


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark a message that is translated later, where it is shown."""
    return message
