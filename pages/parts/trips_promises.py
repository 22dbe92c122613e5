"""What was promised on a trip, and what became of it: each promise beside the figure that should move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from indicators.promise_words import change_words, interval_words
from indicators.promises import Watched
from language import _
from language.formats import date
from notebook import Promise, Trip
from pages.parts.plain import plain, sentence
from pages.parts.screen import Screen
from pages.parts.table import Column, Row, table
from pages.parts.trips_data import Log, declared, watched
from pages.parts.trips_promise_form import draw_edit, draw_new, spoken, whose
from pages.parts.trips_write import draw_conflict_of, draw_removed

_TONES = {"kept": "better", "not_kept": "worse", "not_measurable": "", "too_early": ""}
_ICONS = {"kept": "✓", "not_kept": "✗", "not_measurable": "?", "too_early": "…"}


def draw_promises(screen: Screen, log: Log, trip: Trip) -> None:
    """The promises with their verdicts, a form for a new one, and those that were removed."""
    heading = _("Cam kết và số liệu từ đó đến nay")
    st.subheader(heading, anchor=False)
    every = log.book.find(Promise, trip_id=trip.id, include_deleted=True)
    promises = _draw_kept(screen, every, heading=heading)
    if not promises:
        st.caption(_("Chưa ghi cam kết nào của chuyến đi này."))
    if screen.view.presenting:
        return
    with st.expander(_("Ghi cam kết mới"), icon=":material/handshake:", expanded=False):
        draw_new(screen, log, trip)
    _draw_tools(screen, every, log.codes(trip))


def draw_loose(screen: Screen, log: Log) -> None:
    """What was promised outside every trip, at a meeting or over a screen, with the same tools; nothing where none."""
    every = [
        one
        for one in log.book.find(Promise, trip_id=None, include_deleted=True)
        # Another province's notes stand on its own snapshot.
        if one.commune_code is None or one.commune_code in screen.lists.communes
    ]
    if not every:
        return
    heading = _("Cam kết không thuộc chuyến đi nào")
    st.subheader(heading, anchor=False)
    _draw_kept(screen, every, heading=heading)
    if not screen.view.presenting:
        _draw_tools(screen, every, ())


def _draw_kept(screen: Screen, every: Sequence[Promise], *, heading: str) -> list[Promise]:
    """The table of those that were not removed, and the conflicts that wait; returns them."""
    promises = [one for one in every if one.deleted_at is None]
    if promises:
        _draw_table(screen, promises, heading=heading)
    for promise in promises:
        draw_conflict_of(promise, spoken=spoken(screen))
    return promises


def _draw_tools(screen: Screen, every: Sequence[Promise], codes: Sequence[str]) -> None:
    promises = [one for one in every if one.deleted_at is None]
    if promises:
        with st.expander(_("Sửa, rút hoặc xóa cam kết"), icon=":material/edit:"):
            draw_edit(screen, promises, codes)
    removed = [one for one in every if one.deleted_at is not None]
    draw_removed(_("Cam kết đã xóa ({count})").format(count=len(removed)), removed, spoken=spoken(screen))


# ---- the table -------------------------------------------------------------------------------------------------------


def _draw_table(screen: Screen, promises: list[Promise], *, heading: str) -> None:
    """The verdicts at a glance, and under them the figures that each rests on: sentences need the whole width."""
    found = [(promise, watched(screen, promise)) for promise in promises]
    table(
        _(
            "Chỉ kết luận một lần, khi đến hạn. Giữ được: mức thấy được đạt mức đã cam kết và chắc chắn được quá nửa. "
            "Chưa giữ được: chắc chắn chưa đạt mức ấy."
        ),
        [Column(label=_("Cam kết")), Column(label=_("Hạn")), Column(label=_("Kết luận"))],
        [_row(screen, promise, seen) for promise, seen in found],
        key="promises",
        heading=heading,
    )
    st.markdown(f"**{_('Căn cứ')}**")
    for promise, seen in found:
        asked = _asked(promise, seen, screen.minutes_per_day)
        if asked:
            asked = f" {_('Theo dõi bằng: {asked}.').format(asked=asked)}"
        outcome = f" {_('Cơ quan báo lại: {text}').format(text=promise.outcome)}" if promise.outcome else ""
        st.markdown(f"- {plain(promise.text)}. {sentence(seen.sentence + asked + outcome)}")


def _asked(promise: Promise, found: Watched, minutes: int) -> str:
    """`Tỷ lệ …, đã cam kết tăng 5,0 điểm %` where the verdict's own sentence does not say which figure is watched."""
    figure = declared(promise.indicator)
    if figure is None or (found.change is not None and (found.is_final or not found.reason)):
        return ""
    if promise.expected_change:
        change = change_words(promise.expected_change, figure, minutes)
        return _("{indicator}, đã cam kết {change}").format(indicator=figure.name, change=change)
    return figure.name


def _row(screen: Screen, promise: Promise, found: Watched) -> Row:
    figure, minutes = declared(promise.indicator), screen.minutes_per_day
    name, tone = f"{_ICONS[found.verdict]} {found.standing}", _TONES[found.verdict]
    change = _asked(promise, found, minutes)
    if promise.state == "withdrawn":
        name, tone, change = _("đã rút"), "", ""
    elif figure is not None and found.change is not None and not (found.verdict == "too_early" and found.reason):
        change = found.part_text or change_words(found.change, figure, minutes)
        if not found.part_text and found.expected_change is not None:
            change += _("; đã cam kết {change}").format(change=change_words(found.expected_change, figure, minutes))
        if found.low is not None and found.high is not None:
            interval = interval_words(found.low, found.high, figure, minutes)
            change = _("{change} (khoảng {interval})").format(change=change, interval=interval)
    commune = whose(screen, promise.commune_code)
    return Row(
        cells=[
            (promise.text, f"{promise.department} · {commune}"),
            date(promise.due_on) if promise.due_on else _("không ghi hạn"),
            (name, change, tone),
        ],
        sort=[promise.text, (promise.due_on or dt.date.max).isoformat(), found.verdict],
        muted=promise.state == "withdrawn",
    )
