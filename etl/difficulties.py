"""Difficulties and petitions of the communes: the lists that they send up at the end of a day, each difficulty once.

A list carries what is still unsettled over from the day before, so the same difficulty comes again and again; what the
latest list says of it holds.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import polars as pl

from etl import values
from etl.config import LAST_SIMULATED_STATE, ProvinceConfig
from etl.masking import is_personal_code, masked, masked_code
from etl.names import Names
from etl.tables import ORIGIN, read_table
from etl.units import SmallTable, account, no_table, with_columns_named
from language.text import fold

WORDS = Path(__file__).resolve().parents[1] / "data" / "reference" / "difficulty_words.csv"
COLUMNS = (
    *("difficulty_id", "unit_name", "commune_code", "category", "department", "text", "asked_on", "due_on", "state"),
    *("answer", "answered_on", "count", "source", "updated_on"),
)
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "difficulty_id": pl.String,
    "commune_code": pl.String,
    "category": pl.String,
    "category_by": pl.String,
    "category_name": pl.String,
    "department": pl.String,
    "text": pl.String,
    "asked_on": pl.Date,
    "due_on": pl.Date,
    "state": pl.String,
    "answer": pl.String,
    "answered_on": pl.Date,
    "count": pl.Int32,
    "source": pl.String,
    "source_file": pl.String,
    "row_number": pl.Int64,
}
OTHER = "other"
CLOSED_STATES = ("answered", "rejected")
_TABLE = "difficulty"
_DAYS = ("asked_on", "due_on", "answered_on", "updated_on")
_TEXTS = ("category", "department", "text", "answer", "source")
_SHOWN = (*("difficulty_id", "unit_name", "commune_code", "category", "text"), *_DAYS, "state", "count")
_MOST = 1_000_000

Row = dict[str, object]


def load_difficulties(
    config: ProvinceConfig, names: Names, commune_codes: Sequence[str], *, as_of: dt.datetime
) -> SmallTable:
    """The `difficulty` table by day of asking and unit.

    The same difficulty is the one of the same number, else of the same unit and text, as long as it was not settled
    before it came up again; the list with the latest day in it wins, then the later file and row. Earlier rows count as
    repeated, and the day of asking is the first. Refuses rows of a unit that cannot be found, without a text or a day,
    due or answered before they were asked, of days to come, and of a state that is none of ours.
    """
    if config.difficulties is None:
        return no_table(SCHEMA)
    text = read_table(config, config.difficulties, _TABLE, columns=COLUMNS, required=("text", "asked_on"))
    timezone = config.province.timezone
    typed = text.select(values.clean_text(pl.col(COLUMNS)), *ORIGIN).with_columns(
        *(
            values.parse_timestamp(pl.col(name), timezone=timezone).struct.field("value").dt.date().alias(f"{name}_day")
            for name in _DAYS
        ),
        code=values.commune_code(pl.col("commune_code")),
        department=values.department(pl.col("department")),
        category_read=values.parse_difficulty_category(pl.col("category")),
        state_read=values.parse_difficulty_state(pl.col("state")),
        number=values.parse_integer(pl.col("count")),
    )
    # Masked last, so that a clerk finds the row by what it says.
    hidden = typed.select(
        masked(pl.col(_TEXTS)).name.prefix("masked_"),
        # A number that is somebody's telephone is none.
        own_number=pl.when(~is_personal_code(pl.col("difficulty_id"))).then(masked_code(pl.col("difficulty_id"))),
    )
    codes, latest = frozenset(commune_codes), _latest_day(config, as_of)
    read = [_row(row, names, codes, latest) for row in typed.hstack(hidden.get_columns()).iter_rows(named=True)]
    frame = typed.with_columns(rule=pl.Series([rule for rule, _row in read], dtype=pl.String))
    loaded, repeated = _each_once([row for rule, row in read if rule is None])
    rows = pl.DataFrame([{name: row[name] for name in SCHEMA} for row in loaded], schema=SCHEMA)
    again = pl.DataFrame({"source_file": [row["source_file"] for row in repeated]}, schema={"source_file": pl.String})
    return with_columns_named(account(frame, rows, _TABLE, _SHOWN, repeated=again))


def category_of(text: str) -> str | None:
    """The category whose words a text has (the reference table from top to bottom); None where it has none of them."""
    folded = fold(text)
    return next((category for category, pattern in _patterns() if pattern.search(folded)), None)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    with WORDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        (row["category"], re.compile(rf"(?<![a-z0-9]){re.escape(fold(row['word']))}(?![a-z0-9])")) for row in rows
    )


def _latest_day(config: ProvinceConfig, as_of: dt.datetime) -> dt.date:
    """The last day on which something can have been said; a simulation may run ahead of the calendar."""
    today = dt.datetime.now().date()
    return max(today, as_of.date(), *([LAST_SIMULATED_STATE.date()] if config.province.simulated else []))


def _row(row: Row, names: Names, codes: frozenset[str], latest: dt.date) -> tuple[str | None, Row]:
    """The rule that a row breaks, or the row as the table holds it with `updated_on`."""
    if not row["text"]:
        return "difficulty_without_text", {}
    asked, due, answered, updated = (row[f"{name}_day"] for name in _DAYS)
    if not isinstance(asked, dt.date):
        return "difficulty_without_day", {}
    if any(row[name] is not None and row[f"{name}_day"] is None for name in _DAYS):
        return "unreadable_date", {}
    if isinstance(due, dt.date) and due < asked:
        return "due_before_asked", {}
    if isinstance(answered, dt.date) and answered < asked:
        return "answered_before_asked", {}
    if any(isinstance(day, dt.date) and day > latest for day in (asked, answered, updated)):
        return "difficulty_after_state", {}
    if row["state"] is not None and row["state_read"] is None:
        return "unknown_difficulty_state", {}
    number = row["number"]
    if row["count"] is not None and not (isinstance(number, int) and 1 <= number <= _MOST):
        return "wrong_difficulty_count", {}
    if not row["unit_name"] and not row["code"]:
        return "missing_code", {}
    code, name = (str(row[key]) if row[key] else None for key in ("code", "unit_name"))
    found = names.resolve(code=code, name=name, agency=None, day=None)
    if found.commune_code not in codes:
        return found.rule or "unknown_commune", {}
    category, category_by = _category(row)
    return None, {
        "difficulty_id": row["own_number"],
        "commune_code": found.commune_code,
        "category": category,
        "category_by": category_by,
        "category_name": row["masked_category"],
        "department": row["masked_department"],
        "text": row["masked_text"],
        "asked_on": asked,
        "due_on": due,
        "state": row["state_read"] or ("answered" if answered or row["answer"] else "open"),
        "answer": row["masked_answer"],
        "answered_on": answered,
        "count": number,
        "source": row["masked_source"],
        "source_file": row["source_file"],
        "row_number": row["row_number"],
        "updated_on": updated,
    }


def _category(row: Row) -> tuple[str, str]:
    """(category, how it is known): `stated` by the list, found by `words`, or `none`."""
    if row["category_read"]:
        return str(row["category_read"]), "stated"
    by_words = category_of(str(row["category"] or "")) or category_of(str(row["text"]))
    return (by_words, "words") if by_words else (OTHER, "none")


# ---- each once -------------------------------------------------------------------------------------------------------


def _each_once(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """(the difficulties as their latest row has them, the rows that said the same before)."""
    states = _states(rows)
    order = sorted(range(len(rows)), key=lambda place: (states[place], str(rows[place]["source_file"]), place))
    known: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    repeated: list[Row] = []
    for place in order:
        row = rows[place] | {"stated": states[place]}
        same = known[_key(row)]
        if same and not _is_after(same[-1], row):
            earlier = same.pop()
            repeated.append(earlier)
            # An old day in a new list belongs to what was settled since, not to what is asked now.
            is_its_own = not same or _is_after(same[-1], row)
            row["asked_on"] = min(_day(earlier), _day(row)) if is_its_own else _day(earlier)
        same.append(row)
    once = [row for same in known.values() for row in same]
    return _numbered(once), repeated


def _states(rows: Sequence[Row]) -> list[dt.date]:
    """Of which day each row is: its own, else the latest day in its file."""
    by_file: dict[object, dt.date] = {}
    for row in rows:
        days = [day for name in ("asked_on", "answered_on", "updated_on") if isinstance(day := row[name], dt.date)]
        by_file[row["source_file"]] = max([*days, by_file.get(row["source_file"], dt.date.min)])
    return [day if isinstance(day := row["updated_on"], dt.date) else by_file[row["source_file"]] for row in rows]


def _key(row: Mapping[str, object]) -> tuple[object, ...]:
    if row["difficulty_id"]:
        return row["commune_code"], "number", row["difficulty_id"]
    return row["commune_code"], "text", re.sub(r"[^a-z0-9]+", " ", fold(str(row["text"]))).strip()


def _is_after(earlier: Row, row: Row) -> bool:
    """Whether a row asks for what was settled by then; a number of its own always means the same difficulty."""
    if row["difficulty_id"] or earlier["state"] not in CLOSED_STATES:
        return False
    settled = earlier["answered_on"] or earlier["stated"]
    return isinstance(settled, dt.date) and _day(row) > max(settled, _day(earlier))


def _day(row: Row) -> dt.date:
    asked_on = row["asked_on"]
    assert isinstance(asked_on, dt.date)
    return asked_on


def _numbered(rows: Sequence[Row]) -> list[Row]:
    """With a number for those that have none, the same at every load; a number that several units use gets theirs."""
    users: dict[object, set[object]] = defaultdict(set)
    for row in rows:
        users[row["difficulty_id"]].add(row["commune_code"])
    numbered = []
    for row in rows:
        number = row["difficulty_id"]
        if number is None:
            digest = hashlib.sha256(str(_key(row)).encode()).hexdigest()[:6]
            number = f"{row['commune_code']}-{_day(row):%y%m%d}-{digest}"
        elif len(users[number]) > 1:
            number = f"{row['commune_code']}-{number}"
        numbered.append(row | {"difficulty_id": number})
    return sorted(numbered, key=lambda row: (_day(row), str(row["commune_code"]), str(row["difficulty_id"])))
