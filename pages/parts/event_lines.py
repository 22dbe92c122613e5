"""Dated events beside the charts of a screen: which to mark, and the line that explains their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from charts.event_marks import events_legend
from indicators.dated_events import DatedEvent, concerning
from indicators.windows import Window
from language import _
from pages.parts import trend_data
from pages.parts.plain import plain
from pages.parts.screen import Screen


def events_near(screen: Screen, shown: Window, *, communes: Sequence[str], grain: str) -> list[DatedEvent]:
    """The events that touch the days shown and concern the dossiers looked at."""
    near = concerning(
        trend_data.events(screen.snapshot, screen.snapshot.id),
        shown,
        communes=communes,
        procedures=screen.view.procedures,
    )
    # Days off stand on a ground of their own where they are wide enough to see.
    return [event for event in near if grain == "month" or event.kind != "holiday"]


def events_caption(near: Sequence[DatedEvent]) -> str:
    """`Sự kiện: (1) 01/07/2025: …`, or nothing."""
    return plain(_("Sự kiện: {events}.").format(events=events_legend(near))) if near else ""
