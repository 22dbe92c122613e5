"""What people write down, as plain values: frozen, keyword-only, and known to no database.

Dates are days in Vietnam, times are Vietnam's clock without a zone, as everywhere in the product. Codes are text with
leading zeros. `leader`, `created_by` and the like are roles or names as their writers give them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

TripState = Literal["planned", "done", "cancelled"]
NoteKind = Literal["note", "order", "observation", "objection", "commune_note"]
PromiseState = Literal["open", "withdrawn", "settled"]
DifficultyState = Literal["open", "in_progress", "answered", "rejected"]
DifficultyCategory = Literal[
    "software",
    "online_payment",
    "digital_signature",
    "e_certification",
    "network",
    "premises",
    "equipment",
    "staff_missing",
    "staff_skills",
    "training",
    "posts",
    "new_tasks",
    "funding",
    "roads",
    "housing",
    "heritage",
    "identity_data",
    "boundary_data",
    "other",
]
Action = Literal["add", "edit", "remove", "restore", "import"]


@dataclass(frozen=True, kw_only=True)
class Record:
    """What the notebook itself fills in when a record is added, edited, removed or restored.

    `version` counts from 1 and grows with every change; `deleted_at` stands where the record was removed, by
    `updated_by`.
    """

    id: int | None = None
    version: int = 0
    created_at: dt.datetime | None = None
    created_by: str = ""
    updated_at: dt.datetime | None = None
    updated_by: str = ""
    deleted_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Trip(Record):
    """A leader's day among communes; `snapshot_id` names the data that it was planned on."""

    province_code: str
    title: str
    leader: str
    starts_on: dt.date
    ends_on: dt.date | None = None
    state: TripState = "planned"
    snapshot_id: str | None = None
    departments: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class Stop(Record):
    """A commune on a trip; `arrives` is a time of day as text, `focus` what to look at there."""

    trip_id: int
    commune_code: str
    position: int
    arrives: str | None = None
    focus: str = ""


@dataclass(frozen=True, kw_only=True)
class Note(Record):
    """A remark; an `objection` or a `commune_note` is the commune's own word on the figure `indicator`."""

    trip_id: int | None = None
    commune_code: str | None = None
    kind: NoteKind = "note"
    indicator: str | None = None
    text: str
    noted_on: dt.date


@dataclass(frozen=True, kw_only=True)
class Promise(Record):
    """What a department or a commune promised, on a trip or at a meeting, and the figure that should move by it.

    `expected_change` is signed and in the indicator's own unit: a fraction for rates, days for durations.
    """

    trip_id: int | None = None
    meeting_id: int | None = None
    commune_code: str | None = None
    department: str
    text: str
    promised_on: dt.date
    due_on: dt.date | None = None
    indicator: str | None = None
    field: str | None = None
    procedure_code: str | None = None
    expected_change: float | None = None
    state: PromiseState = "open"
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class Difficulty(Record):
    """A difficulty or a petition that a commune raised; `count` is how many cases it speaks of."""

    commune_code: str
    category: DifficultyCategory
    department: str | None = None
    text: str
    asked_on: dt.date
    due_on: dt.date | None = None
    state: DifficultyState = "open"
    answer: str = ""
    answered_on: dt.date | None = None
    source: str = ""
    count: int | None = None
    trip_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Deck(Record):
    """A running order of screens for a meeting."""

    name: str
    province_code: str


@dataclass(frozen=True, kw_only=True)
class DeckPage(Record):
    """A screen of a deck: `address` is its path and query."""

    deck_id: int
    position: int
    address: str
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class View(Record):
    """A screen with its filters under a name."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Meeting(Record):
    """A meeting that was held on one snapshot."""

    deck_id: int | None = None
    trip_id: int | None = None
    title: str
    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    snapshot_id: str


@dataclass(frozen=True, kw_only=True)
class MeetingPage(Record):
    """What was on the screen of a meeting, and since when."""

    meeting_id: int
    shown_at: dt.datetime
    address: str
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of the history: the whole record before and after, as its class would take them.

    `table` and `row_id` name the record; an import into a store in use has table `notebook`, row 0, action `import`.
    """

    id: int | None = None
    table: str
    row_id: int
    at: dt.datetime
    by: str
    action: Action
    before: dict[str, Any] | None
    after: dict[str, Any] | None
