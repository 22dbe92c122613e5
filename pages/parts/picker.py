"""The one picker of all screens: type without marks, choose one or several, by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from language import _
from pages.parts.components import component
from pages.parts.state import current_view

_picker = component("picker")


@dataclass(frozen=True, kw_only=True)
class Option:
    """A choice: `bare` is its name without a prefix, `also` other names it is found by, `hint` a line under it."""

    value: str
    label: str
    bare: str = ""
    also: str = ""
    hint: str = ""


def picker(
    label: str,
    options: Sequence[Option],
    selected: Sequence[str],
    *,
    key: str,
    on_pick: Callable[[tuple[str, ...]], None],
    multiple: bool = False,
    placeholder: str = "",
    clearable: bool = True,
    on_stage: bool = False,
) -> None:
    """Show the options with those selected; `on_pick` gets the whole new selection before the next run.

    In a meeting only what is there for the speaker (`on_stage`) is shown.
    """
    if current_view().presenting and not on_stage:
        return

    def picked() -> None:
        values = st.session_state[key].picked
        if values is not None:
            known = {option.value for option in options}
            on_pick(tuple(value for value in values if value in known))

    _picker(
        key=key,
        data={
            "label": label,
            "options": [asdict(option) for option in options],
            "selected": list(selected),
            "multiple": multiple,
            "clearable": clearable,
            "placeholder": placeholder or _("Gõ để tìm, không cần dấu"),
            "nothing": _("Không tìm thấy"),
            "clear": _("Bỏ chọn"),
            "remove": _("Bỏ"),
        },
        on_picked_change=picked,
    )
