"""What the screen of trips reads: the notebook's trips and promises, and what the figures say of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from indicators import Window
from indicators.catalogue import CATALOGUE, Indicator
from indicators.promise_baseline import Baseline, baseline
from indicators.promises import Watched, watch
from indicators.route import Point, Route, Seat, distance_km, places, route, seat
from indicators.visits import visit_values
from language import _
from language.formats import number
from notebook import Notebook, NotebookError, Promise, Stop, Trip
from pages.parts.notebook_data import book
from pages.parts.plain import plain
from pages.parts.screen import Screen
from warehouse import Snapshot

# The days before the state of the data that proposals look at.
LOOKING_BACK = dt.timedelta(days=90)
_BY_ID = {one.id: one for one in CATALOGUE}


@dataclass(frozen=True, kw_only=True)
class Log:
    """Everything of one province's trips that the screen shows, read once a run."""

    book: Notebook
    trips: tuple[Trip, ...]
    removed: tuple[Trip, ...]
    stops: dict[int, tuple[Stop, ...]]

    def trip(self, number: int) -> Trip | None:
        return next((one for one in self.trips if one.id == number), None)

    def codes(self, trip: Trip) -> tuple[str, ...]:
        """The communes of a trip in their order."""
        return tuple(one.commune_code for one in self.stops.get(trip.id or 0, ()))

    def visits(self, *, but: int) -> tuple[tuple[str, dt.date], ...]:
        """Commune and day of every trip that was not cancelled, but one."""
        made = [one for one in self.trips if one.state != "cancelled" and one.id != but]
        return tuple((code, one.starts_on) for one in made for code in self.codes(one))


def read_log(screen: Screen) -> Log | None:
    """The trips of the snapshot's province, the latest first; None where the notebook cannot be read, said with why."""
    try:
        notebook = book()
        found = notebook.find(Trip, province_code=screen.snapshot.info.province_code, include_deleted=True)
        stops: dict[int, list[Stop]] = {}
        for stop in notebook.find(Stop, trip_id=[one.id for one in found]) if found else []:
            stops.setdefault(stop.trip_id, []).append(stop)
    except NotebookError as error:
        st.error(plain(str(error)), icon=":material/edit_off:")
        return None
    found.sort(key=lambda one: (one.starts_on, one.id or 0), reverse=True)
    return Log(
        book=notebook,
        trips=tuple(one for one in found if one.deleted_at is None),
        removed=tuple(one for one in found if one.deleted_at is not None),
        stops={
            number: tuple(sorted(some, key=lambda one: (one.position, one.id or 0))) for number, some in stops.items()
        },
    )


def last_day(trip: Trip) -> dt.date:
    return trip.ends_on or trip.starts_on


def declared(indicator_id: str | None) -> Indicator | None:
    """The indicator of a note; None for one that the catalogue does not have."""
    return _BY_ID.get(indicator_id or "")


@st.cache_resource(max_entries=4, show_spinner=False)
def commune_places(_snapshot: Snapshot, snapshot_id: str) -> dict[str, tuple[str, Point]]:
    return places(_snapshot)


@st.cache_resource(max_entries=8, show_spinner=False)
def trip_seat(_snapshot: Snapshot, snapshot_id: str, language: str) -> Seat | None:
    del language
    return seat(_snapshot)


def best_route(screen: Screen, codes: tuple[str, ...]) -> Route | None:
    """The shortest round over the communes; None where no place is known."""
    start = trip_seat(screen.snapshot, screen.snapshot.id, screen.view.language)
    known = commune_places(screen.snapshot, screen.snapshot.id)
    if start is None or not codes:
        return None
    return route({code: known[code][1] if code in known else None for code in codes}, start.point)


def legs(screen: Screen, codes: Sequence[str]) -> list[float | None]:
    """Kilometres to each stop from the one before (the first from the seat), and last back to the seat."""
    start = trip_seat(screen.snapshot, screen.snapshot.id, screen.view.language)
    known = commune_places(screen.snapshot, screen.snapshot.id)
    points = [known[code][1] if code in known else None for code in codes]
    found: list[float | None] = []
    here = start.point if start else None
    for point in points:
        found.append(None if here is None or point is None else distance_km(here, point))
        here = point or here
    back = None if start is None or here is None else distance_km(here, start.point)
    return [*found, back]


def round_words(screen: Screen, codes: Sequence[str]) -> str:
    """Where the trip starts and how long it is in the order of its stops; nothing where no place is known."""
    start = trip_seat(screen.snapshot, screen.snapshot.id, screen.view.language)
    if start is None or not codes:
        return ""
    kilometres = sum(leg for leg in legs(screen, codes) if leg is not None)
    words = _("{start}. Cả vòng khoảng {km} km theo đường chim bay; đường bộ dài hơn.")
    return words.format(start=start.words, km=number(kilometres))


@st.cache_data(max_entries=40, show_spinner=False)
def proposals(
    _snapshot: Snapshot,
    snapshot_id: str,
    language: str,
    visits: tuple[tuple[str, dt.date], ...],
    chosen: tuple[str, ...],
    on: dt.date,
) -> pl.DataFrame:
    """`indicators.visits.visit_values` of the last 90 days of the data."""
    del language
    as_of = _snapshot.info.as_of.date()
    starts = max(as_of - LOOKING_BACK, min(_snapshot.first_receipt or as_of, as_of))
    return visit_values(_snapshot, Window(starts, as_of), visits=visits, chosen=chosen, on=on)


@st.cache_data(max_entries=500, show_spinner=False)
def baseline_of(
    _snapshot: Snapshot, snapshot_id: str, commune_code: str | None, indicator: str, promised_on: dt.date, days: int
) -> Baseline:
    """`indicators.promises.baseline`, once for a snapshot."""
    return baseline(_snapshot, commune_code=commune_code, indicator=indicator, promised_on=promised_on, days=days)


def watched(screen: Screen, promise: Promise) -> Watched:
    """What the figures did since a promise; computed once for a snapshot and the promise's own words."""
    return _watched(
        screen.snapshot,
        screen.snapshot.id,
        screen.view.language,
        promise.commune_code,
        promise.indicator,
        promise.promised_on,
        promise.due_on,
        promise.expected_change,
        promise.field,
        promise.procedure_code,
    )


@st.cache_data(max_entries=500, show_spinner=False)
def _watched(
    _snapshot: Snapshot,
    snapshot_id: str,
    language: str,
    commune_code: str | None,
    indicator: str | None,
    promised_on: dt.date,
    due_on: dt.date | None,
    expected_change: float | None,
    field: str | None,
    procedure_code: str | None,
) -> Watched:
    del language
    return watch(
        _snapshot,
        commune_code=commune_code,
        indicator=indicator,
        promised_on=promised_on,
        due_on=due_on,
        expected_change=expected_change,
        field=field,
        procedure_code=procedure_code,
    )
