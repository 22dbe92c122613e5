"""A form keeps the version that its writer began on: nothing newer slides under what is being typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from language.personal import masked_text
from notebook import Record
from notebook.fields import fields_of

R = TypeVar("R", bound=Record)


def held(record: R, prefix: Callable[[R], str]) -> R:
    """The version to fill a form from and to save against: the newest, unless something was typed over an earlier one.

    `prefix` names the widgets of a version's form: the field `text` is in the widget `prefix(record)_text`. What was
    typed then stays where it is, and saving it raises EditConflict as it should.
    """
    kept: R | None = st.session_state.get(_place(record))
    if kept is None or kept.version == record.version or not _is_typed_over(kept, record, prefix(kept)):
        kept = record
    st.session_state[_place(record)] = kept
    return kept


def let_go(record: Record) -> None:
    """Fill the form from the newest version again: its writer chose to leave it as others have it."""
    st.session_state.pop(_place(record), None)


def _is_typed_over(kept: Record, newest: Record, prefix: str) -> bool:
    """Whether a widget holds what neither version says; what equals the newest has just been saved."""
    return any(
        _plain(st.session_state[f"{prefix}_{name}"]) not in (_plain(getattr(kept, name)), _plain(getattr(newest, name)))
        for name in fields_of(type(kept))
        if f"{prefix}_{name}" in st.session_state
    )


def _plain(value: Any) -> Any:
    """Texts are saved without the blanks around them and with personal numbers masked, and no text is nothing."""
    if isinstance(value, str):
        return " ".join(masked_text(value).split())
    return tuple(value) if isinstance(value, list) else "" if value is None else value


def _place(record: Record) -> str:
    return f"held_{type(record).__name__}_{record.id}"
