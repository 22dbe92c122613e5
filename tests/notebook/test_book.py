"""Adding, reading, changing, removing and restoring records, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import pytest

from notebook import (
    Deck,
    DeckPage,
    Difficulty,
    EditConflict,
    Meeting,
    MeetingPage,
    Note,
    Notebook,
    NotebookError,
    Promise,
    Record,
    Stop,
    Trip,
    View,
)
from notebook.clock import now
from notebook.fields import KEPT
from tests.notebook.conftest import BY, promise, trip


def every_kind(book: Notebook) -> list[Record]:
    """One record of each kind, every field filled in."""
    day, moment = dt.date(2026, 3, 2), dt.datetime(2026, 3, 2, 8, 15, 30, 123456)
    visit = book.add(
        trip(ends_on=day, state="done", snapshot_id="S1", departments=("Sở Tư pháp", "Sở Y tế"), summary="Tốt\n\tlắm"),
        by=BY,
    )
    deck = book.add(Deck(name="Giao ban", province_code="25"), by=BY)
    meeting = book.add(
        Meeting(
            deck_id=deck.id,
            trip_id=visit.id,
            title="Họp",
            started_at=moment,
            ended_at=moment + dt.timedelta(hours=1),
            snapshot_id="S1",
        ),
        by=BY,
    )
    assert visit.id and deck.id and meeting.id
    return [
        visit,
        deck,
        meeting,
        book.add(Stop(trip_id=visit.id, commune_code="08230", position=1, arrives="08:30", focus="Quầy"), by=BY),
        book.add(
            Note(
                trip_id=visit.id,
                commune_code="08230",
                kind="objection",
                indicator="pending",
                text="Không “quá hạn”: chờ Sở 💧",
                noted_on=day,
            ),
            by=BY,
        ),
        book.add(
            promise(
                meeting_id=meeting.id,
                trip_id=visit.id,
                commune_code="08230",
                due_on=day,
                indicator="on_time_rate_ii06",
                field="Hộ tịch",
                procedure_code="1.001193",
                expected_change=0.1 + 0.2,
                state="settled",
                outcome="Đạt",
            ),
            by=BY,
        ),
        book.add(
            Difficulty(
                commune_code="08230",
                category="online_payment",
                department="Sở KHCN",
                text="Thanh toán lỗi",
                asked_on=day,
                due_on=day,
                state="answered",
                answer="Đã sửa",
                answered_on=day,
                source="Báo cáo cuối ngày",
                count=12,
                trip_id=visit.id,
            ),
            by=BY,
        ),
        book.add(DeckPage(deck_id=deck.id, position=1, address="/ban-do?xa=08230", title="Bản đồ"), by=BY),
        book.add(View(name="Của tôi", address="/?ky=report-2026-02"), by=BY),
        book.add(MeetingPage(meeting_id=meeting.id, shown_at=moment, address="/", title="Tổng quan"), by=BY),
    ]


def own(record: Record) -> dict[str, object]:
    return {each.name: getattr(record, each.name) for each in fields(record) if each.name not in KEPT}


def test_every_kind_of_record_is_read_as_it_was_written(book: Notebook) -> None:
    records = every_kind(book)
    assert len({type(record) for record in records}) == len(Record.__subclasses__())
    for record in records:
        assert record.id is not None
        assert book.get(type(record), record.id) == record
        assert book.find(type(record)) == [record]
        assert (record.version, record.created_by, record.updated_by, record.deleted_at) == (1, BY, BY, None)
        assert record.created_at == record.updated_at
        assert all(value not in (None, "", ()) for value in own(record).values()), "the example leaves a field empty"


def test_a_record_with_nothing_but_what_it_must_have_is_read_as_it_was_written(book: Notebook) -> None:
    for record in (trip(), promise(), Note(text="x", noted_on=dt.date(2026, 1, 1))):
        kept = book.add(record, by=BY)
        assert own(kept) == own(record)
        assert kept.id is not None
        assert book.get(type(kept), kept.id) == kept


def test_an_edit_makes_a_new_version_and_names_its_writer(book: Notebook) -> None:
    first = book.add(promise(), by=BY)
    assert first.id is not None
    second = book.edit(Promise, first.id, version=1, by="Sở Tư pháp", due_on=dt.date(2026, 4, 1))
    assert second == book.get(Promise, first.id)
    assert (second.version, second.due_on, second.updated_by) == (2, dt.date(2026, 4, 1), "Sở Tư pháp")
    assert (second.created_by, second.created_at, second.text) == (BY, first.created_at, first.text)
    assert second.updated_at is not None and first.updated_at is not None and second.updated_at >= first.updated_at


def test_an_edit_that_changes_nothing_makes_no_version(book: Notebook) -> None:
    first = book.add(promise(), by=BY)
    assert first.id is not None
    assert book.edit(Promise, first.id, version=1, by="B", text=first.text) == first
    assert len(book.history(Promise, first.id)) == 1


def test_the_second_of_two_editors_is_told_and_nothing_is_lost(book: Notebook) -> None:
    first = book.add(promise(text="cũ"), by=BY)
    assert first.id is not None
    book.edit(Promise, first.id, version=1, by="An", text="của An", outcome="An ghi")
    with pytest.raises(EditConflict) as told:
        book.edit(Promise, first.id, version=1, by="Bình", text="của Bình", due_on=dt.date(2026, 5, 1))
    conflict = told.value
    mine, theirs = conflict.mine, conflict.theirs
    assert isinstance(mine, Promise) and isinstance(theirs, Promise)
    assert (mine.text, mine.due_on, mine.outcome) == ("của Bình", dt.date(2026, 5, 1), "")
    assert (theirs.text, theirs.due_on, theirs.outcome) == ("của An", None, "An ghi")
    assert (conflict.by, conflict.at, conflict.changed) == ("An", theirs.updated_at, ("text", "due_on"))
    assert "An" in str(conflict)
    assert book.get(Promise, first.id) == theirs
    again = book.edit(Promise, first.id, version=theirs.version, by="Bình", text=mine.text)
    assert (again.text, again.outcome) == ("của Bình", "An ghi")


def test_whoever_edits_or_removes_what_another_removed_is_told(book: Notebook) -> None:
    first = book.add(promise(), by=BY)
    assert first.id is not None
    gone = book.remove(Promise, first.id, version=1, by="An")
    for act in (
        lambda: book.edit(Promise, 1, version=1, by="Bình", text="khác"),
        lambda: book.remove(Promise, 1, version=1, by="Bình"),
    ):
        with pytest.raises(EditConflict, match="đã xóa") as told:
            act()
        assert told.value.theirs == gone
    with pytest.raises(NotebookError, match="khôi phục"):
        book.edit(Promise, first.id, version=gone.version, by="Bình", text="khác")


def test_what_was_removed_is_out_of_sight_and_comes_back_as_it_was(book: Notebook) -> None:
    first = book.add(promise(), by=BY)
    assert first.id is not None
    gone = book.remove(Promise, first.id, version=1, by="An")
    assert gone.deleted_at is not None
    assert book.find(Promise) == []
    assert book.get(Promise, first.id) is None
    assert book.find(Promise, include_deleted=True) == [gone] == [book.get(Promise, first.id, include_deleted=True)]
    assert book.remove(Promise, first.id, version=gone.version, by="An") == gone
    back = book.restore(Promise, first.id, by="Bình")
    assert own(back) == own(first)
    assert (back.version, back.deleted_at, book.get(Promise, first.id)) == (3, None, back)
    assert book.restore(Promise, first.id, by="Bình") == back


def test_the_history_says_who_changed_what_and_when(book: Notebook) -> None:
    first = book.add(promise(), by=BY)
    assert first.id is not None
    second = book.edit(Promise, first.id, version=1, by="An", text="mới", expected_change=-0.5)
    book.remove(Promise, first.id, version=2, by="Bình")
    back = book.restore(Promise, first.id, by="Chi")
    book.add(promise(), by="người khác")
    history = book.history(Promise, first.id)
    assert [(each.action, each.by) for each in history] == [
        ("add", BY),
        ("edit", "An"),
        ("remove", "Bình"),
        ("restore", "Chi"),
    ]
    assert history[0].before is None
    assert all(earlier.after == later.before for earlier, later in pairwise(history))
    assert [Promise(**each.after or {}) for each in history[:2]] == [first, second]
    assert Promise(**history[-1].after or {}) == back
    assert [each.at for each in history] == sorted(each.at for each in history)
    assert {each.table for each in history} == {"promise"}
    assert now() - history[-1].at < dt.timedelta(minutes=5)


def test_filters_take_a_value_or_several_and_nothing_is_a_value(book: Notebook) -> None:
    visit = book.add(trip(), by=BY)
    codes = ["08230", "08521", None, "08740"]
    for code in codes:
        book.add(promise(commune_code=code, trip_id=visit.id if code else None), by="An" if code else "Bình")

    def found(**filters: object) -> list[str | None]:
        return [each.commune_code for each in book.find(Promise, **filters)]

    assert found() == codes
    assert found(commune_code="08521") == ["08521"]
    assert found(commune_code=None) == [None]
    assert found(commune_code=("08740", "08230")) == ["08230", "08740"]
    assert found(commune_code=[None, "08230"]) == ["08230", None]
    assert found(commune_code=[]) == []
    assert found(trip_id=visit.id, commune_code=["08230", None]) == ["08230"]
    assert found(promised_on=dt.date(2026, 3, 2), created_by="Bình") == [None]
    assert found(id=2) == ["08521"]


def test_a_filter_that_cannot_be_meant_is_refused_in_words(book: Notebook) -> None:
    meant: list[dict[str, object]] = [{"nothing": 1}, {"departments": "Sở Y tế"}, {"title": 7}, {"starts_on": "2026"}]
    for filters in meant:
        with pytest.raises(NotebookError):
            book.find(Trip, **filters)


def test_a_number_that_no_record_has_finds_nothing_and_changes_nothing(book: Notebook) -> None:
    book.add(trip(), by=BY)
    numbers: list[Any] = [0, -1, 99, 2**40, "1", None, True]
    for number in numbers:
        assert book.get(Trip, number) is None
        assert book.history(Trip, number) == []
        with pytest.raises(NotebookError, match="không có chuyến đi"):
            book.edit(Trip, number, version=1, by=BY, title="x")
        with pytest.raises(NotebookError, match="không có chuyến đi"):
            book.remove(Trip, number, version=1, by=BY)
        with pytest.raises(NotebookError, match="không có chuyến đi"):
            book.restore(Trip, number, by=BY)
    assert [each.version for each in book.find(Trip)] == [1]


def test_nothing_is_written_for_a_trip_that_is_not_there(book: Notebook) -> None:
    stop = Stop(trip_id=7, commune_code="08230", position=1)
    with pytest.raises(NotebookError, match="chuyến đi số 7"):
        book.add(stop, by=BY)
    visit = book.add(trip(), by=BY)
    assert visit.id is not None
    kept = book.add(replace(stop, trip_id=visit.id), by=BY)
    book.remove(Trip, visit.id, version=1, by=BY)
    with pytest.raises(NotebookError, match="khôi phục"):
        book.add(replace(stop, trip_id=visit.id), by=BY)
    # What belongs to a removed trip stays, and may still be put right.
    assert kept.id is not None
    assert book.edit(Stop, kept.id, version=1, by=BY, focus="x").focus == "x"
    book.restore(Trip, visit.id, by=BY)
    book.add(replace(stop, trip_id=visit.id), by=BY)
    assert len(book.find(Stop, trip_id=visit.id)) == 2


def test_nobody_writes_without_a_name(book: Notebook) -> None:
    nobody: list[Any] = ["", "  ", "x" * 201, "a\nb", "a\x00", None]
    for by in nobody:
        with pytest.raises(NotebookError, match="người ghi"):
            book.add(trip(), by=by)
    assert book.find(Trip) == []


def test_a_refused_write_leaves_no_trace(book: Notebook) -> None:
    first = book.add(promise(), by=BY)
    assert first.id is not None
    for values in (
        {"text": " "},
        {"state": "lost"},
        {"due_on": dt.date(2020, 1, 1)},
        {"trip_id": 9},
        {"colour": "red"},
    ):
        with pytest.raises(NotebookError):
            book.edit(Promise, first.id, version=1, by=BY, **values)
    assert book.get(Promise, first.id) == first
    assert len(book.history(Promise, first.id)) == 1


def test_of_two_who_edit_at_once_exactly_one_wins(new_book: Callable[[], Notebook]) -> None:
    book = new_book()
    first = book.add(promise(), by=BY)
    number = first.id
    assert number is not None
    for version in range(1, 6):
        start = threading.Barrier(2)
        won: list[Promise] = []
        lost: list[EditConflict] = []

        def edit(
            name: str,
            start: threading.Barrier = start,
            version: int = version,
            won: list[Promise] = won,
            lost: list[EditConflict] = lost,
        ) -> None:
            start.wait()
            try:
                won.append(book.edit(Promise, number, version=version, by=name, text=f"{name} {version}"))
            except EditConflict as conflict:
                lost.append(conflict)

        threads = [threading.Thread(target=edit, args=(name,)) for name in ("An", "Bình")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == len(lost) == 1
        assert lost[0].theirs == won[0] == book.get(Promise, number)
        assert lost[0].mine != lost[0].theirs
    assert [each.action for each in book.history(Promise, number)] == ["add"] + ["edit"] * 5


def test_many_write_at_once_and_every_line_is_kept(book: Notebook) -> None:
    def write(name: str) -> None:
        for _ in range(5):
            book.add(promise(), by=name)

    threads = [threading.Thread(target=write, args=(f"Người {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = [each.created_by for each in book.find(Promise)]
    assert sorted(written) == sorted(f"Người {number}" for number in range(4) for _ in range(5))


# ---- several writes as one -------------------------------------------------------------------------------------------


def plan(book: Notebook, *communes: str) -> Trip:
    """A trip and its stops, all or nothing."""
    with book.together() as one:
        made = one.add(trip(), by=BY)
        for position, code in enumerate(communes, start=1):
            one.add(Stop(trip_id=made.id or 0, commune_code=code, position=position), by=BY)
    return made


def test_what_is_written_together_is_kept_together_and_seen_inside(book: Notebook) -> None:
    made = plan(book, "08230", "08521")
    assert [one.commune_code for one in book.find(Stop, trip_id=made.id)] == ["08230", "08521"]
    with book.together() as one:
        first, second = one.find(Stop)
        one.edit(Stop, first.id or 0, version=1, by=BY, position=2)
        one.edit(Stop, second.id or 0, version=1, by=BY, position=1)
        assert [each.position for each in one.find(Stop)] == [2, 1]
        assert one.history(Stop, first.id or 0)[-1].action == "edit"
    assert [each.position for each in book.find(Stop)] == [2, 1]


def test_a_fault_in_the_middle_leaves_nothing_of_what_was_written_together(
    book: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    import notebook.book as module

    real, written = module._note_change, []

    def broken(*args: Any, **values: Any) -> None:
        written.append(values["after"])
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        real(*args, **values)

    monkeypatch.setattr(module, "_note_change", broken)
    with pytest.raises(NotebookError):
        plan(book, "08230", "08521", "08740")
    monkeypatch.undo()
    assert len(written) == 3
    assert book.find(Trip, include_deleted=True) == []
    assert book.find(Stop, include_deleted=True) == []
    assert plan(book, "08230").version == 1


def test_a_conflict_in_the_middle_takes_back_what_came_before_it(book: Notebook) -> None:
    plan(book, "08230", "08521")
    first, second = book.find(Stop)
    theirs = book.edit(Stop, second.id or 0, version=1, by="Người khác", focus="Quầy số 2")
    with pytest.raises(EditConflict) as told, book.together() as one:
        one.edit(Stop, first.id or 0, version=1, by=BY, position=2)
        one.edit(Stop, second.id or 0, version=1, by=BY, position=1)
    assert told.value.theirs == theirs
    assert book.find(Stop) == [first, theirs]


# ---- personal numbers ------------------------------------------------------------------------------------------------


def test_a_persons_number_is_not_kept_in_anybodys_words(book: Notebook) -> None:
    kept = book.add(promise(text="Gọi ông A, 0912 345 678", outcome="a@b.vn"), by=BY)
    assert (kept.text, kept.outcome) == ("Gọi ông A, ••••", "••••")
    changed = book.edit(
        Promise, kept.id or 0, version=1, by=BY, text="CCCD 025199001234, hồ sơ H44.5-260101-000123, 02/2026/QĐ-UBND"
    )
    assert changed.text == "CCCD ••••, hồ sơ H44.5-260101-000123, 02/2026/QĐ-UBND"
    visit = book.add(trip(departments=("Sở Tư pháp 02103846647",)), by=BY)
    assert visit.departments == ("Sở Tư pháp ••••",)
    assert "0912" not in repr(book.history(Promise, kept.id or 0))
