"""What people write: trips, notes, promises, difficulties, decks; apart from the snapshots, and kept when those go."""

from __future__ import annotations

from notebook.book import Notebook, open_notebook
from notebook.errors import EditConflict, NotebookError
from notebook.records import (
    Change,
    Deck,
    DeckPage,
    Difficulty,
    Meeting,
    MeetingPage,
    Note,
    Promise,
    Record,
    Stop,
    Trip,
    View,
)

__all__ = [
    "Change",
    "Deck",
    "DeckPage",
    "Difficulty",
    "EditConflict",
    "Meeting",
    "MeetingPage",
    "Note",
    "Notebook",
    "NotebookError",
    "Promise",
    "Record",
    "Stop",
    "Trip",
    "View",
    "open_notebook",
]
