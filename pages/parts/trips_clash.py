"""Several leaders on one day: communes that two trips share, questions that both would ask, and how to split them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from indicators.route import Point, distance_km
from language import _
from language.formats import number
from notebook import Note, Promise, Stop, Trip
from pages.parts.plain import plain
from pages.parts.screen import Screen
from pages.parts.trips_data import Log, commune_places, declared, last_day
from pages.parts.trips_write import remove

# A question: what is asked of a commune about an indicator.
Asked = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Split:
    """A commune on both trips: which of the two it lies nearer to, by the kilometres to the nearest other stop."""

    commune_code: str
    keep_here: bool
    here_km: float | None
    there_km: float | None


def split(
    shared: Sequence[str], here: Collection[str], there: Collection[str], points: Mapping[str, Point]
) -> list[Split]:
    """Leave each shared commune to the trip that has another stop nearer to it; a trip keeps its only stop."""
    found = []
    for code in shared:
        distances = [_nearest(code, [one for one in codes if one not in shared], points) for codes in (here, there)]
        own, other = distances
        if own is None or other is None:
            # A trip that has no other stop would lose its only one.
            keep = own is None if (own is None) != (other is None) else len(here) <= len(there)
        else:
            keep = own <= other
        found.append(Split(commune_code=code, keep_here=keep, here_km=own, there_km=other))
    return found


def _nearest(code: str, others: Sequence[str], points: Mapping[str, Point]) -> float | None:
    known = [points[other] for other in others if other in points]
    return min((distance_km(points[code], point) for point in known), default=None) if code in points else None


def same_day(trip: Trip, trips: Sequence[Trip]) -> list[Trip]:
    """The other trips whose days overlap, those cancelled left out."""
    return [
        other
        for other in trips
        if other.id != trip.id
        and other.state != "cancelled"
        and trip.state != "cancelled"
        and other.starts_on <= last_day(trip)
        and trip.starts_on <= last_day(other)
    ]


def asked(log: Log, trip: Trip) -> set[Asked]:
    """Commune and indicator of the notes and promises that were written for the trip."""
    written: list[Note | Promise] = [*log.book.find(Note, trip_id=trip.id), *log.book.find(Promise, trip_id=trip.id)]
    return {(one.commune_code, one.indicator) for one in written if one.commune_code and one.indicator}


def draw_clashes(screen: Screen, log: Log, trip: Trip) -> None:
    """A warning for each trip of the same day that goes to the same commune or asks the same of it."""
    own = log.codes(trip)
    points = {code: point for code, (_name, point) in commune_places(screen.snapshot, screen.snapshot.id).items()}
    for other in same_day(trip, log.trips):
        shared = [code for code in own if code in log.codes(other)]
        twice = sorted(asked(log, trip) & asked(log, other))
        if not shared and not twice:
            continue
        with st.container(border=True, key=f"clash-{other.id}"):
            words = _("Cùng ngày có chuyến “{title}” của {leader}.")
            head = words.format(title=plain(other.title), leader=plain(other.leader))
            st.markdown(f":material/group: **{head}**")
            for one in split(shared, own, log.codes(other), points):
                _draw_split(screen, log, trip, other, one)
            for code, indicator_id in twice:
                figure = declared(indicator_id)
                words = _(
                    "Hai đoàn cùng hỏi {commune} về “{indicator}”: nên để một đoàn hỏi, đoàn kia nhận lại kết quả."
                ).format(commune=plain(_name(screen, code)), indicator=plain(figure.name if figure else indicator_id))
                st.markdown(f"- {words}")


def _draw_split(screen: Screen, log: Log, trip: Trip, other: Trip, one: Split) -> None:
    name = plain(_name(screen, one.commune_code))
    kept_by = plain((trip if one.keep_here else other).leader)
    words = _("Cả hai đoàn cùng đến {commune}. Đề nghị để đoàn của {leader} đến").format(commune=name, leader=kept_by)
    if one.here_km is not None and one.there_km is not None:
        near, far = sorted((one.here_km, one.there_km))
        words += _(": các điểm còn lại của đoàn ấy gần hơn ({near} km so với {far} km)").format(
            near=number(near), far=number(far)
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"- {words}.", width="stretch")
        loser = other if one.keep_here else trip
        stop = next((each for each in log.stops.get(loser.id or 0, ()) if each.commune_code == one.commune_code), None)
        if stop is not None and not screen.view.presenting:
            label = _("Bỏ khỏi chuyến này") if loser is trip else _("Bỏ khỏi chuyến kia")
            st.button(label, key=f"split_{stop.id}", icon=":material/call_split:", on_click=_leave, args=(stop, name))


def _leave(stop: Stop, name: str) -> None:
    remove(stop, name)


def _name(screen: Screen, code: str) -> str:
    commune = screen.lists.communes.get(code)
    return commune.full_name if commune else code
