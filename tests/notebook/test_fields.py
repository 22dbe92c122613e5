"""What a field takes, and what is said of what it does not take."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from notebook import Difficulty, Meeting, Note, NotebookError, Promise, Record, Stop, Trip
from notebook.clock import now
from notebook.fields import check_order, checked
from notebook.tables import PROSE


@pytest.mark.parametrize(
    ("kind", "field", "value", "words"),
    [
        (Trip, "title", "", "«tiêu đề» không được để trống"),
        (Trip, "title", " \t ", "không được để trống"),
        (Trip, "title", None, "không được để trống"),
        (Trip, "title", "x" * 201, "201 ký tự, nhiều nhất được 200"),
        (Trip, "title", "hai\ndòng", "một dòng"),
        (Trip, "title", 5, "phải là chữ"),
        (Trip, "state", "lost", "chỉ nhận planned, done, cancelled"),
        (Trip, "starts_on", "2026-01-01", "«ngày đi» phải là một ngày"),
        (Trip, "starts_on", dt.datetime(2026, 1, 1), "phải là một ngày"),
        (Trip, "departments", "Sở Y tế", "phải là danh sách"),
        (Trip, "departments", ["Sở Y tế", "\x07"], "ký tự điều khiển"),
        (Trip, "departments", ["Sở Y tế", ""], None),
        (Trip, "departments", ["Sở"] * 101, "nhiều nhất 100"),
        (Trip, "id", 3, "không có mục: id"),
        (Trip, "version", 3, "không có mục: version"),
        (Trip, "colour", "red", "không có mục: colour"),
        (Note, "text", "x" * (PROSE + 1), "10.001 ký tự"),
        (Note, "text", "nul\x00", r"U\+0000"),
        (Note, "text", "escape\x1b[31m", r"U\+001B"),
        (Note, "text", "turned\u202egnp", r"U\+202E"),
        (Note, "text", "half a pair \ud800", r"U\+D800"),
        (Stop, "position", 1.5, "số nguyên"),
        (Stop, "position", True, "số nguyên"),
        (Stop, "position", 2**31, "quá lớn"),
        (Promise, "expected_change", float("nan"), "phải là số"),
        (Promise, "expected_change", float("inf"), "phải là số"),
        (Promise, "expected_change", "5", "phải là số"),
        (Promise, "expected_change", True, "phải là số"),
        (Difficulty, "category", "weather", "không nhận giá trị «weather»"),
        (Meeting, "started_at", dt.date(2026, 1, 1), "phải là ngày giờ"),
    ],
)
def test_what_a_field_does_not_take_is_refused_in_words(
    kind: type[Record], field: str, value: Any, words: str | None
) -> None:
    if words is None:
        assert checked(kind, {field: value}) == {field: tuple(value)}
        return
    with pytest.raises(NotebookError, match=words):
        checked(kind, {field: value})


@pytest.mark.parametrize(
    ("kind", "field", "value", "kept"),
    [
        (Note, "text", "Viê\u0323t", "Việt"),
        (Note, "text", "một\r\nhai\tba", "một\nhai\tba"),
        (Note, "text", "x" * PROSE, "x" * PROSE),
        (Note, "trip_id", None, None),
        (Trip, "departments", ["Sở Y tế"], ("Sở Y tế",)),
        (Stop, "position", np.int64(4), 4),
        (Promise, "expected_change", 3, 3.0),
        (Promise, "expected_change", np.float64(-0.25), -0.25),
        (
            Meeting,
            "started_at",
            dt.datetime(2026, 1, 1, 20, tzinfo=dt.UTC),
            dt.datetime(2026, 1, 2, 3),
        ),
    ],
)
def test_a_value_is_kept_in_one_form(kind: type[Record], field: str, value: Any, kept: Any) -> None:
    found = checked(kind, {field: value})[field]
    assert found == kept
    assert type(found) is type(kept)


def test_the_clock_is_that_of_vietnam_wherever_the_server_stands() -> None:
    abroad = dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(hours=7)
    assert abs(now() - abroad) < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("starts_on", "ends_on"),
        ("promised_on", "due_on"),
        ("asked_on", "due_on"),
        ("asked_on", "answered_on"),
        ("started_at", "ended_at"),
    ],
)
def test_nothing_ends_before_it_begins(earlier: str, later: str) -> None:
    first, last = dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 2)
    check_order({earlier: first, later: last})
    check_order({earlier: first, later: first})
    check_order({earlier: first, later: None})
    with pytest.raises(NotebookError, match="không thể trước"):
        check_order({earlier: last, later: first})


def test_a_refused_order_of_days_names_the_fields_as_the_forms_do() -> None:
    first, last = dt.date(2026, 1, 1), dt.date(2026, 1, 2)
    with pytest.raises(NotebookError, match="«hạn» không thể trước «ngày cam kết»"):
        check_order({"promised_on": last, "due_on": first})
    with pytest.raises(NotebookError, match="«ngày về» không thể trước «ngày đi»"):
        check_order({"starts_on": last, "ends_on": first})
