"""The choices that belong to one screen rather than to all: which indicator, which step of time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from indicators.catalogue import CATALOGUE, Indicator
from language import _
from pages.parts.address import DEFAULT_INDICATOR, View
from pages.parts.definitions import indicator_options
from pages.parts.picker import Option, picker
from pages.parts.plots import meaning_button
from pages.parts.state import change_view, current_view

_BY_ID = {one.id: one for one in CATALOGUE}


def chosen_indicator(view: View) -> Indicator:
    """The indicator of the view; an unknown one becomes the default."""
    return _BY_ID.get(view.indicator) or _BY_ID[DEFAULT_INDICATOR]


def second_indicator(view: View) -> Indicator | None:
    """The one set beside it; the same one twice says nothing more."""
    second = _BY_ID.get(view.second_indicator)
    return None if second is chosen_indicator(view) else second


def pick_indicator(view: View) -> Indicator:
    """The picker of the screen's indicator, with its meaning behind a button."""
    indicator = chosen_indicator(view)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picker(
            _("Chỉ tiêu"),
            indicator_options(),
            [indicator.id],
            key="indicator",
            on_pick=lambda values: change_view(indicator=values[0] if values else DEFAULT_INDICATOR),
            clearable=False,
        )
        meaning_button(indicator, key="meaning")
    return indicator


def pick_second_indicator(view: View) -> Indicator | None:
    """The picker of an indicator to set beside the first."""
    indicator = second_indicator(view)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picker(
            _("Đặt cạnh chỉ tiêu khác"),
            indicator_options(),
            [indicator.id] if indicator else [],
            key="second_indicator",
            on_pick=lambda values: change_view(second_indicator=values[0] if values else ""),
            placeholder=_("Không"),
        )
        if indicator:
            meaning_button(indicator, key="second_meaning")
    return indicator


def pick_one(label: str, options: dict[str, str], chosen: str, *, attribute: str) -> None:
    """A row of buttons for a few options; the choice goes into the address."""
    if current_view().presenting:
        return
    key = f"choice_{attribute}"
    st.session_state[key] = chosen
    st.segmented_control(
        label, list(options), format_func=options.__getitem__, key=key, on_change=_picked, args=(attribute, key, chosen)
    )


def _picked(attribute: str, key: str, chosen: str) -> None:
    # A click on the button that is already pressed empties the control; the choice stays.
    change_view(**{attribute: st.session_state[key] or chosen})


def choose_commune(code: str) -> None:
    """A click on the map or in a table: this commune and no other; a second click lets go of it."""
    view = current_view()
    if view.presenting:
        # In a meeting one points; the figures stay those of everybody.
        change_view(highlight="" if view.highlight == code else code)
    else:
        change_view(communes=() if view.communes == (code,) else (code,))


def toggle_commune(code: str, *, most: int) -> None:
    """A click in a table that several communes are picked from."""
    current = current_view().communes
    if code in current:
        change_view(communes=tuple(other for other in current if other != code))
    elif len(current) < most:
        change_view(communes=(*current, code))


def commune_search(options: Sequence[Option], selected: Sequence[str]) -> None:
    """The same picker as in the sidebar, for one commune."""
    picker(
        _("Tìm xã, phường"),
        options,
        selected[:1],
        key="commune_search",
        on_pick=lambda values: change_view(communes=values),
    )
