"""The brief that a screen shows, composed once for a snapshot, a commune, a language and what the notebook holds."""

from __future__ import annotations

import streamlit as st

from notebook import Difficulty, Note, Notebook, NotebookError, Promise, Stop, Trip
from pages.parts import notebook_data
from pages.parts.screen import Screen
from reports.brief import compose_brief
from reports.content import Brief
from reports.shared import BriefContext, brief_context
from warehouse import Snapshot

# What the notebook holds of a commune: kind, id and version of each record.
Stamp = tuple[tuple[str, int, int], ...]


def notebook() -> Notebook | None:
    """What people wrote; a brief does without where it cannot be opened, or is lost or broken since then."""
    try:
        book = notebook_data.book()
        book.find(Note, commune_code="")
        return book
    except NotebookError:
        return None


def brief_of(screen: Screen, code: str, book: Notebook | None) -> Brief:
    """The brief of one commune, since the new communes began."""
    snapshot = screen.snapshot
    return _brief(snapshot, snapshot.id, code, screen.view.language, stamp(code, book), book)


def stamp(code: str, book: Notebook | None) -> Stamp:
    """Changes with whatever a brief of the commune reads from the notebook."""
    if book is None:
        return ()
    found = [one for kind in (Promise, Difficulty, Note, Stop) for one in book.find(kind, commune_code=code)]
    trips = {one.trip_id for one in found if isinstance(one, Stop)}
    records = [*found, *(trip for one in sorted(trips) if (trip := book.get(Trip, one)))]
    return tuple((type(one).__name__, one.id or 0, one.version) for one in records)


@st.cache_resource(max_entries=2, show_spinner=False)
def shared(_snapshot: Snapshot, snapshot_id: str) -> BriefContext:
    """What all briefs of a snapshot have in common; must not be changed."""
    return brief_context(_snapshot)


@st.cache_resource(max_entries=200, show_spinner=False)
def _brief(
    _snapshot: Snapshot, snapshot_id: str, code: str, language: str, stamp: Stamp, _book: Notebook | None
) -> Brief:
    return compose_brief(_snapshot, code, book=_book, context=shared(_snapshot, snapshot_id))
