"""The whole store as a file: there and back exactly, added to another, refused where it is damaged; copies in use."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from notebook import Deck, DeckPage, Notebook, NotebookError, Promise, Stop, Trip, open_notebook
from notebook.tables import KINDS
from tests.notebook.conftest import BY, promise, trip
from tests.notebook.test_book import every_kind

Tables = dict[str, list[dict[str, Any]]]


def tables_of(path: Path) -> Tables:
    tables: Tables = json.loads(path.read_text(encoding="utf-8"))["tables"]
    return tables


def forged(path: Path, change: Callable[[Tables], object]) -> Path:
    """The file with its tables changed, and a checksum that agrees with them."""
    document = orjson.loads(path.read_bytes())
    change(document["tables"])
    document["sha256"] = hashlib.sha256(orjson.dumps(document["tables"])).hexdigest()
    forgery = path.with_name("forged.json")
    forgery.write_bytes(orjson.dumps(document))
    return forgery


def lived_in(book: Notebook) -> None:
    """Every kind of record, edited, removed and restored."""
    for record in every_kind(book):
        assert record.id is not None
        book.remove(type(record), record.id, version=1, by="An")
    book.restore(Trip, 1, by="Bình")
    book.edit(Trip, 1, version=3, by="Bình", title="Chuyến 1, sửa")


def test_an_empty_store_takes_an_export_exactly_as_it_was(new_book: Callable[[], Notebook], tmp_path: Path) -> None:
    book, second = new_book(), new_book()
    lived_in(book)
    rows = book.export(tmp_path / "one.json")
    assert second.import_(tmp_path / "one.json", by="người khác") == rows
    second.export(tmp_path / "two.json")
    assert tables_of(tmp_path / "one.json") == tables_of(tmp_path / "two.json")
    assert {name: len(each) for name, each in tables_of(tmp_path / "one.json").items()} == rows
    for name, kind in KINDS.items():
        assert rows[name] == 1
        assert second.find(kind, include_deleted=True) == book.find(kind, include_deleted=True)
        assert second.history(kind, 1) == book.history(kind, 1)
    # The numbers go on where they had stopped.
    assert second.add(trip(), by=BY).id == 2
    assert second.find(Trip)[0].version == 4


def test_what_sqlite_exported_postgresql_takes_and_the_other_way_round(
    new_book: Callable[[], Notebook], tmp_path: Path
) -> None:
    here, there = new_book(), open_notebook(str(tmp_path / "other.sqlite"))
    lived_in(here)
    here.export(tmp_path / "here.json")
    there.import_(tmp_path / "here.json", by=BY)
    there.export(tmp_path / "there.json")
    back = new_book()
    back.import_(tmp_path / "there.json", by=BY)
    back.export(tmp_path / "back.json")
    assert tables_of(tmp_path / "here.json") == tables_of(tmp_path / "there.json") == tables_of(tmp_path / "back.json")


def test_a_store_in_use_is_added_to_only_when_asked_and_nothing_of_it_changes(
    new_book: Callable[[], Notebook], tmp_path: Path
) -> None:
    source, book = new_book(), new_book()
    for title in ("A", "B"):
        source.add(trip(title=title), by=BY)
    source.add(Stop(trip_id=2, commune_code="08230", position=1), by=BY)
    source.edit(Stop, 1, version=1, by="An", trip_id=1)
    source.remove(Trip, 2, version=1, by="An")
    source.export(tmp_path / "source.json")
    own = book.add(trip(title="có sẵn"), by="Chi")
    with pytest.raises(NotebookError, match="đã có nội dung"):
        book.import_(tmp_path / "source.json", by="Dũng")
    assert book.find(Trip) == [own]
    book.import_(tmp_path / "source.json", by="Dũng", add=True)
    assert [(each.id, each.title) for each in book.find(Trip, include_deleted=True)] == [
        (1, "có sẵn"),
        (2, "A"),
        (3, "B"),
    ]
    assert book.get(Trip, 1) == own
    (stop,) = book.find(Stop)
    assert (stop.trip_id, stop.version, stop.created_by, stop.updated_by) == (2, 2, BY, "An")
    added, edited = book.history(Stop, 1)
    assert edited.before is not None and edited.after is not None and added.after is not None
    assert (added.after["trip_id"], edited.before["trip_id"], edited.after["trip_id"]) == (3, 3, 2)
    assert [each.action for each in book.history(Trip, 3)] == ["add", "remove"]
    assert book.history(Trip, 3)[0].after == {**(source.history(Trip, 2)[0].after or {}), "id": 3}
    book.export(tmp_path / "both.json")
    last = tables_of(tmp_path / "both.json")["change"][-1]
    assert (last["author"], last["action"], last["after"]["file"]) == ("Dũng", "import", "source.json")
    # And what was added to goes on its way as any other.
    third = new_book()
    third.import_(tmp_path / "both.json", by=BY)
    third.import_(tmp_path / "both.json", by=BY, add=True)
    assert len(third.find(Trip, include_deleted=True)) == 6


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "not JSON": lambda content: b"<html>",
    "a letter changed": lambda content: content.replace("nội dung".encode(), "nội dunG".encode()),
    "not text": lambda content: b"\xff\xfe" + content,
    "another file": lambda content: b'{"format": "something else"}',
    "a list": lambda content: b"[]",
    "no tables": lambda content: b'{"format": "thong-suot-notebook", "version": "0001", "tables": 5, "sha256": "x"}',
    "no version": lambda content: b'{"format": "thong-suot-notebook", "tables": {}, "sha256": "x"}',
}


def test_a_damaged_file_is_refused_in_a_sentence_and_changes_nothing(
    new_book: Callable[[], Notebook], tmp_path: Path
) -> None:
    source, book = new_book(), new_book()
    source.add(promise(text="nội dung"), by=BY)
    source.export(tmp_path / "sound.json")
    for name, damage in DAMAGED.items():
        damaged = tmp_path / "damaged.json"
        damaged.write_bytes(damage((tmp_path / "sound.json").read_bytes()))
        with pytest.raises(NotebookError, match=r"Hãy (chép lại|chọn tệp)") as told:
            book.import_(damaged, by=BY)
        assert "damaged.json" in str(told.value), name
    with pytest.raises(NotebookError, match="không có tệp"):
        book.import_(tmp_path / "missing.json", by=BY)
    assert book.find(Promise) == []
    book.import_(tmp_path / "sound.json", by=BY)
    assert book.find(Promise) == source.find(Promise)


FORGERIES: dict[str, tuple[Callable[[Tables], object], str]] = {
    "a table missing": (lambda tables: tables.pop("note"), "bảng"),
    "a table more": (lambda tables: tables.update(users=[]), "bảng"),
    "a table that is none": (lambda tables: tables.update(trip=5), "bảng chuyến đi"),  # type: ignore[arg-type]
    "a column missing": (lambda tables: tables["trip"][0].pop("title"), "chuyến đi, dòng 1"),
    "a column more": (lambda tables: tables["trip"][0].update(colour=1), "chuyến đi, dòng 1"),
    "a state unknown": (lambda tables: tables["trip"][0].update(state="lost"), "chuyến đi, dòng 1.*lost"),
    "a day unknown": (lambda tables: tables["trip"][1].update(starts_on="30/2/2026"), "chuyến đi, dòng 2"),
    "a time unknown": (lambda tables: tables["trip"][1].update(created_at=None), "chuyến đi, dòng 2"),
    "no writer": (lambda tables: tables["trip"][1].update(updated_by=""), "người ghi"),
    "a number twice": (lambda tables: tables["trip"][1].update(id=1), "trùng số"),
    "a number that is none": (lambda tables: tables["trip"][1].update(id=True), "chuyến đi, dòng 2"),
    "a version that is none": (lambda tables: tables["trip"][1].update(version=0), "chuyến đi, dòng 2"),
    "a trip that is not there": (lambda tables: tables["stop"][0].update(trip_id=9), "điểm đến, dòng 1"),
    "a change of nothing": (lambda tables: tables["change"][0].update(row_id=9), "thay đổi, dòng 1"),
    "a change of no table": (lambda tables: tables["change"][0].update(table_name=[]), "thay đổi, dòng 1"),
    "a change that is none": (lambda tables: tables["change"][0].update(action="burn"), "thay đổi, dòng 1"),
    "a change without a time": (lambda tables: tables["change"][0].update(at=5), "thay đổi, dòng 1"),
    "a history of text": (lambda tables: tables["change"][0].update(after="x"), "thay đổi, dòng 1"),
    "a text too long": (lambda tables: tables["stop"][0].update(focus="x" * 10_001), "10.001"),
}


def test_a_file_that_contradicts_itself_is_refused_whole(new_book: Callable[[], Notebook], tmp_path: Path) -> None:
    source, book = new_book(), new_book()
    source.add(trip(), by=BY)
    source.add(trip(), by=BY)
    source.add(Stop(trip_id=2, commune_code="08230", position=1), by=BY)
    source.export(tmp_path / "sound.json")
    kept = book.add(Deck(name="Giao ban", province_code="25"), by=BY)
    for name, (change, words) in FORGERIES.items():
        forgery = forged(tmp_path / "sound.json", change)
        with pytest.raises(NotebookError, match=words) as told:
            book.import_(forgery, by=BY, add=True)
        assert "chưa nhập gì" in str(told.value), name
    assert book.find(Trip, include_deleted=True) == []
    assert book.find(Deck) == [kept]
    book.import_(forged(tmp_path / "sound.json", lambda tables: None), by=BY, add=True)
    assert len(book.find(Trip)) == 2


def test_an_import_that_breaks_off_leaves_nothing(
    new_book: Callable[[], Notebook], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, book = new_book(), new_book()
    lived_in(source)
    source.export(tmp_path / "source.json")
    book.add(trip(), by=BY)

    def no_disk() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("notebook.transfer.now", no_disk)
    with pytest.raises(NotebookError, match="đĩa hết chỗ"):
        book.import_(tmp_path / "source.json", by=BY, add=True)
    monkeypatch.undo()
    assert len(book.find(Trip, include_deleted=True)) == 1
    assert book.find(DeckPage, include_deleted=True) == []


def test_no_file_is_written_over_unasked_and_none_is_left_half_written(book: Notebook, tmp_path: Path) -> None:
    book.add(trip(), by=BY)
    target = tmp_path / "kept.json"
    target.write_text("của người khác", encoding="utf-8")
    for write in (book.export, book.backup):
        with pytest.raises(NotebookError, match="Đã có"):
            write(target)
        with pytest.raises(NotebookError, match="không có tệp hoặc thư mục"):
            write(tmp_path / "missing" / "file")
        with pytest.raises(NotebookError, match="Đã có"):
            write(tmp_path, overwrite=True)
    assert target.read_text(encoding="utf-8") == "của người khác"
    book.export(target, overwrite=True)
    assert len(tables_of(target)["trip"]) == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_backup_taken_while_others_write_is_whole(new_book: Callable[[], Notebook], tmp_path: Path) -> None:
    book = new_book()
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            book.add(promise(), by=BY)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            book.backup(tmp_path / f"backup-{number}")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        copy = tmp_path / f"backup-{number}"
        if copy.read_bytes().startswith(b"SQLite"):
            with sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True) as connection:
                assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
            # Not in write-ahead mode: its readers need not write beside it.
            assert copy.read_bytes()[18:20] == b"\x01\x01"
            opened = open_notebook(str(copy))
        else:
            opened = open_notebook(str(tmp_path / f"from-{number}.sqlite"))
            opened.import_(copy, by=BY)
        kept = opened.find(Promise)
        assert kept == book.find(Promise)[: len(kept)]
        assert all(len(opened.history(Promise, each.id or 0)) == 1 for each in kept)


def test_a_store_is_never_its_own_backup(tmp_path: Path) -> None:
    book = open_notebook(str(tmp_path / "book.sqlite"))
    other = open_notebook(str(tmp_path / "other.sqlite"))
    other._engine.connect().close()
    book.add(trip(), by=BY)
    with pytest.raises(NotebookError, match="chính là sổ tay đang dùng"):
        book.backup(tmp_path / "book.sqlite", overwrite=True)
    with sqlite3.connect(tmp_path / "other.sqlite") as reader:
        reader.execute("select * from trip").fetchall()
        with pytest.raises(NotebookError, match="chương trình khác"):
            book.backup(tmp_path / "other.sqlite", overwrite=True)
    assert len(book.find(Trip)) == 1
