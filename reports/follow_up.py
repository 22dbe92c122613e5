"""What people wrote of a commune: promises against the figures since, difficulties and their state, its own notes."""

from __future__ import annotations

from typing import Any

import polars as pl

from indicators.catalogue import indicator
from indicators.difficulties import SETTLED, categories, difficulties, states
from indicators.errors import CallError
from indicators.promise_words import amount, change_words, interval_words
from indicators.promises import Verdict, Watched, verdict_name, watch
from language import _
from language.formats import date, number
from notebook import Difficulty, Note, Notebook, Promise, Stop, Trip
from notebook.records import NoteKind
from reports.content import DifficultyLine, NoteLine, PromiseLine
from reports.shared import BriefContext

# Difficulties on paper: the open ones, then as many answered ones as fit.
MOST_DIFFICULTIES = 8


def promise_lines(context: BriefContext, code: str, book: Notebook | None) -> tuple[PromiseLine, ...]:
    """Promises to or by the commune that were not withdrawn, those not kept first."""
    if book is None:
        return ()
    found = [one for one in book.find(Promise, commune_code=code) if one.state != "withdrawn"]
    lines = [_promise_line(context, one) for one in sorted(found, key=lambda one: (one.promised_on, one.id or 0))]
    order = ("not_kept", "not_measurable", "too_early", "kept")
    return tuple(sorted(lines, key=lambda line: order.index(line.verdict)))


def _evidence(context: BriefContext, seen: Watched) -> str:
    """What the figure did, with n and interval, beside what was promised; else why nobody can tell."""
    if seen.indicator is None or seen.change is None or (seen.verdict == "too_early" and seen.reason):
        return _("{reason}.").format(reason=seen.reason[:1].upper() + seen.reason[1:])
    declared, minutes = indicator(seen.indicator), context.snapshot.info.minutes_per_day
    text = _("{name}: {before} → {after}").format(
        name=declared.name,
        before=amount(seen.before, declared, minutes),
        after=amount(seen.after, declared, minutes),
    )
    if declared.has_interval:
        text += " " + _("(n = {before}; {after})").format(before=number(seen.before_n), after=number(seen.n))
    text += "; " + _("{change} (95 %: {interval})").format(
        change=change_words(seen.change, declared, minutes),
        interval=interval_words(seen.low, seen.high, declared, minutes),
    )
    if seen.is_adjusted:
        text += " " + _("với cùng cơ cấu")
    if seen.part_text:
        text += "; " + seen.part_text
    elif seen.expected_change is not None:
        text += "; " + _("cam kết {change}").format(change=change_words(seen.expected_change, declared, minutes))
    return text + "."


def difficulty_lines(context: BriefContext, code: str, book: Notebook | None) -> tuple[DifficultyLine, ...]:
    """Difficulties of the lists and of the notebook: the overdue ones first, then the open, then the settled."""
    typed = book.find(Difficulty, commune_code=code) if book is not None else []
    found = difficulties(context.snapshot, typed=typed, as_of=context.as_of)
    own = found.filter(pl.col("commune_code") == code).sort(
        pl.col("overdue_days").fill_null(-1),
        pl.col("state").is_in(SETTLED),
        "asked_on",
        "key",
        descending=[True, False, True, False],
    )
    return tuple(_difficulty_line(row) for row in own.head(MOST_DIFFICULTIES).iter_rows(named=True))


def _difficulty_line(row: dict[str, Any]) -> DifficultyLine:
    is_settled = row["state"] in SETTLED
    return DifficultyLine(
        text=row["text"],
        category=categories().get(row["category"], row["category"]),
        department=row["department"] or _("chưa giao cơ quan nào"),
        asked_on=date(row["asked_on"]),
        due_text=date(row["due_on"]) if row["due_on"] else _("không có hạn"),
        state=states().get(row["state"], row["state"]).lower(),
        # An answer that came after the last day was not known on it.
        answer=(row["answer"] or "") if is_settled else "",
        is_overdue=row["overdue_days"] is not None,
    )


def note_lines(code: str, book: Notebook | None) -> tuple[NoteLine, ...]:
    return tuple(note_line(note) for note in notes_of(code, book))


def notes_of(code: str, book: Notebook | None) -> list[Note]:
    """The commune's own words on figures, then ours, the latest first."""
    if book is None:
        return []
    own = ("objection", "commune_note")
    found = sorted(book.find(Note, commune_code=code), key=lambda note: note.noted_on, reverse=True)
    found.sort(key=lambda note: note.kind not in own)
    return found


def note_line(note: Note) -> NoteLine:
    return NoteLine(
        indicator=figure_name(note.indicator),
        text=note.text,
        who=note.updated_by or note.created_by,
        when=date(note.noted_on),
        kind=note_kinds()[note.kind],
    )


def figure_name(indicator_id: str | None) -> str:
    """A note may name a figure that the catalogue no longer has."""
    try:
        return indicator(indicator_id).name if indicator_id else ""
    except CallError:
        return indicator_id or ""


def note_kinds() -> dict[NoteKind, str]:
    return {
        "objection": _("Đơn vị không đồng ý"),
        "commune_note": _("Đơn vị giải thích"),
        "order": _("Chỉ đạo"),
        "observation": _("Ghi nhận"),
        "note": _("Ghi chú"),
    }


def last_visit_text(context: BriefContext, code: str, book: Notebook | None) -> str:
    """When a leader was last there, and on which trip."""
    visits = _visits(context, code, book)
    if not visits:
        return _("Chưa ghi chuyến đi nào đến đơn vị này.")
    last = visits[-1]
    return _("Lần gần nhất: {date}, {leader} ({title}).").format(
        date=date(last.starts_on), leader=last.leader, title=last.title
    )


def _visits(context: BriefContext, code: str, book: Notebook | None) -> list[Trip]:
    if book is None:
        return []
    ids = {stop.trip_id for stop in book.find(Stop, commune_code=code)}
    trips = [trip for one in ids if (trip := book.get(Trip, one)) is not None]
    done = [trip for trip in trips if trip.state == "done" and trip.deleted_at is None]
    return sorted(done, key=lambda trip: (trip.starts_on, trip.id or 0))


def _promise_line(context: BriefContext, promise: Promise) -> PromiseLine:
    verdict: Verdict
    try:
        seen = watch(
            context.snapshot,
            commune_code=promise.commune_code,
            indicator=promise.indicator,
            promised_on=promise.promised_on,
            due_on=promise.due_on,
            expected_change=promise.expected_change,
            field=promise.field,
            procedure_code=promise.procedure_code,
            as_of=context.as_of,
        )
        verdict, standing, evidence = seen.verdict, seen.standing, _evidence(context, seen)
    except CallError as error:
        # A record that contradicts itself must not cost the whole brief.
        verdict, standing, evidence = "not_measurable", verdict_name("not_measurable"), str(error)
    return PromiseLine(
        text=promise.text,
        department=promise.department,
        due_text=date(promise.due_on) if promise.due_on else _("không có hạn"),
        verdict=verdict,
        verdict_text=standing,
        evidence=" ".join(part for part in (evidence, promise.outcome) if part),
        promised_text=date(promise.promised_on),
    )
