"""Writing trips and what belongs to them: every change told, conflicts kept for their writer, deletions undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from language import _
from language.personal import masked_words, personal_in
from notebook import EditConflict, Note, NotebookError, Promise, Record, Stop, Trip
from notebook.fields import OWN_WORDS
from notebook.words import value_name
from pages.parts.edit_conflict import draw_conflict, keep_conflict
from pages.parts.notebook_data import book
from pages.parts.plain import plain
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.writer import writer, writer_name

_PROBLEM, _REMOVED, _MASKED = "trips_problem", "trips_removed", "trips_masked"


def attempt(act: Callable[[], object], *, key: str = "") -> bool:
    """Do something with the notebook from a callback; what goes wrong is told on the next run. Whether it was done.

    A conflict waits for its writer's choice under `key`; without one it is only told.
    """
    st.session_state.pop(_PROBLEM, None)
    try:
        act()
    except EditConflict as conflict:
        if key:
            keep_conflict(key, conflict)
        else:
            st.session_state[_PROBLEM] = str(conflict)
    except NotebookError as error:
        st.session_state[_PROBLEM] = str(error)
    else:
        return True
    return False


def refuse(words: str) -> None:
    """Tell on the next run why nothing was written."""
    st.session_state[_PROBLEM] = words


def add(record: Record) -> bool:
    """Keep a new record, and tell what was masked in it."""
    done = attempt(lambda: book().add(record, by=writer_name()))
    if done:
        tell_masked(vars(record))
    return done


def edit(record: Record, **values: Any) -> bool:
    """Change the record as it was shown."""
    kind, number = type(record), record.id
    assert number is not None
    done = attempt(
        lambda: book().edit(kind, number, version=record.version, by=writer_name(), **values), key=key_of(record)
    )
    if done:
        tell_masked(values)
    return done


def tell_masked(values: Mapping[str, Any]) -> None:
    """Tell on the next run what of typed fields the notebook masked."""
    if words := masked_words(personal_in(texts_in(values))):
        st.session_state[_MASKED] = words


def texts_in(values: Mapping[str, Any]) -> list[str]:
    """The texts of fields that people write in their own words."""
    own = [value for name, value in values.items() if name in OWN_WORDS]
    parts = [part for value in own for part in (value if isinstance(value, tuple) else (value,))]
    return [part for part in parts if isinstance(part, str)]


def mark_done(trip: Trip) -> None:
    """The trip has been made."""
    edit(trip, state="done")


def remove(record: Record, label: str) -> None:
    """Take a record away, with the way back on the next run; a trip that goes is no longer looked at."""
    kind, number = type(record), record.id
    assert number is not None
    if attempt(lambda: book().remove(kind, number, version=record.version, by=writer_name()), key=key_of(record)):
        st.session_state[_REMOVED] = (kind, number, label)
        if isinstance(record, Trip):
            change_view(trip=0)


def restore(kind: type[Record], number: int) -> None:
    if attempt(lambda: book().restore(kind, number, by=writer_name())):
        st.session_state.pop(_REMOVED, None)
        if kind is Trip:
            change_view(trip=number)


def key_of(record: Record) -> str:
    return f"{type(record).__name__}_{record.id}"


def draw_told() -> None:
    """What went wrong on the run before, and the way back from a deletion."""
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(plain(problem), icon=":material/error:")
    if masked := st.session_state.pop(_MASKED, None):
        st.info(plain(masked), icon=":material/visibility_off:")
    if removed := st.session_state.get(_REMOVED):
        kind, number, label = removed
        names = {Trip: _("chuyến đi"), Promise: _("cam kết"), Note: _("ghi chép"), Stop: _("điểm đến")}
        with st.container(horizontal=True, vertical_alignment="center", key="trips-undo"):
            words = _("Đã xóa {what} “{label}”.").format(what=names.get(kind, ""), label=plain(label))
            st.markdown(f":material/delete: {words}", width="content")
            st.button(_("Hoàn tác"), icon=":material/undo:", key="trips_undo", on_click=restore, args=(kind, number))


def draw_conflict_of(record: Record, *, spoken: Callable[[str, Any], str] = value_name) -> None:
    """Where somebody else changed the record meanwhile: both texts, and a choice."""
    draw_conflict(key_of(record), by=writer_name(), spoken=spoken)


def ask_writer(screen: Screen) -> None:
    """Who writes, above the first form of the screen."""
    if not screen.view.presenting:
        with st.columns([2, 3])[0]:
            writer(screen)


def draw_removed(
    label: str, removed: Sequence[Note | Promise], *, spoken: Callable[[str, Any], str] = value_name
) -> None:
    """What was taken away, folded up, each with the way back; open what was typed while somebody else took it away."""
    if not removed:
        return
    for one in removed:
        draw_conflict_of(one, spoken=spoken)
    with st.expander(label, icon=":material/delete:"):
        for one in removed:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(one.text), width="content")
                st.button(
                    _("Khôi phục"),
                    key=f"restore_{key_of(one)}",
                    icon=":material/undo:",
                    on_click=restore,
                    args=(type(one), one.id),
                )
