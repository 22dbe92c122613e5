"""Whatever people do, in whatever order: the history undoes it, and a file carries it."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notebook import EditConflict, Notebook, NotebookError, Promise, open_notebook
from notebook.fields import KEPT
from tests.notebook.conftest import promise

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf")), min_size=1, max_size=20).filter(
    str.strip
)
days = st.none() | st.dates(dt.date(2026, 3, 2), dt.date(2027, 1, 1))
changes = st.fixed_dictionaries(
    {},
    optional={
        "text": texts,
        "due_on": days,
        "commune_code": st.none() | st.sampled_from(["08230", "08521"]),
        "expected_change": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "state": st.sampled_from(["open", "withdrawn", "settled"]),
    },
)
# What is done, to which of the records (counted round), with a version that is right or one too old.
steps = st.tuples(
    st.sampled_from(["add", "edit", "edit", "remove", "restore"]),
    st.integers(0, 3),
    changes,
    st.sampled_from([0, 0, 0, 1]),
)


def own(record: Any) -> dict[str, Any]:
    values = record if isinstance(record, dict) else {each.name: getattr(record, each.name) for each in fields(record)}
    return {name: value for name, value in values.items() if name not in KEPT}


def act(book: Notebook, known: list[Promise], step: tuple[str, int, dict[str, Any], int]) -> None:
    """Do one step, and hold what the store returns beside what was expected of it: `known` is a model of the store."""
    what, which, values, behind = step
    if what == "add" or not known:
        known.append(book.add(promise(**values), by="An"))
        return
    place = which % len(known)
    before = known[place]
    number, version = before.id or 0, before.version - behind
    try:
        if what == "restore":
            known[place] = book.restore(Promise, number, by="Chi")
            assert known[place].deleted_at is None
        elif what == "remove":
            known[place] = book.remove(Promise, number, version=version, by="Bình")
            assert behind == 0 and known[place].deleted_at is not None
        else:
            known[place] = book.edit(Promise, number, version=version, by="Bình", **values)
            assert behind == 0 and before.deleted_at is None
            assert own(known[place]) == own(before) | {name: known_value(value) for name, value in values.items()}
    except EditConflict as conflict:
        assert behind == 1 and conflict.theirs == before
    except NotebookError:
        assert what == "edit" and before.deleted_at is not None
    assert known[place].version in (before.version, before.version + 1)


def known_value(value: Any) -> Any:
    import unicodedata

    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def undo(book: Notebook, record: Promise) -> Promise:
    """Take back every change of a record but the first, the last one first, by what its history says."""
    for change in reversed(book.history(Promise, record.id or 0)[1:]):
        now = book.get(Promise, record.id or 0, include_deleted=True)
        assert now is not None
        if change.action == "remove":
            book.restore(Promise, record.id or 0, by="Dũng")
        elif change.action == "restore":
            book.remove(Promise, record.id or 0, version=now.version, by="Dũng")
        else:
            book.edit(Promise, record.id or 0, version=now.version, by="Dũng", **own(change.before))
    first = book.get(Promise, record.id or 0)
    assert first is not None
    return first


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(sequence=st.lists(steps, min_size=1, max_size=12))
def test_any_sequence_is_remembered_carried_by_a_file_and_undone(
    book: Notebook, sequence: list[tuple[str, int, dict[str, Any], int]]
) -> None:
    known: list[Promise] = []
    for step in sequence:
        act(book, known, step)
    numbers = [each.id for each in known]
    assert book.find(Promise, include_deleted=True, id=numbers) == known
    assert book.find(Promise, id=numbers) == [each for each in known if each.deleted_at is None]
    with tempfile.TemporaryDirectory() as folder:
        book.export(Path(folder) / "file.json")
        carried = open_notebook(str(Path(folder) / "carried.sqlite"))
        carried.import_(Path(folder) / "file.json", by="Em")
        assert carried.find(Promise, include_deleted=True) == book.find(Promise, include_deleted=True)
        for record in known:
            history = book.history(Promise, record.id or 0)
            assert carried.history(Promise, record.id or 0) == history
            assert history[0].before is None and Promise(**history[-1].after or {}) == record
            assert all(earlier.after == later.before for earlier, later in pairwise(history))
            assert len(history) == record.version
            assert own(undo(book, record)) == own(history[0].after)
        carried.close()
