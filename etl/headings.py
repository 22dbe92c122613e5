"""Which column of a file is which: the headings of exports against the canonical columns.

The synonyms are data (`data/reference/headings.csv`, in order of preference). Headings are compared without case,
marks, spaces and punctuation. What matches nothing is listed, never guessed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz, process

from etl.errors import DataError
from language import _
from language.text import fold

PERSONAL = "personal"
ANY_TABLE = "*"
_HEADINGS_FILE = Path(__file__).parents[1] / "data" / "reference" / "headings.csv"

# Columns that carry a person's name and become keyed hashes: a second heading of that meaning is dropped as personal.
_PERSONS = frozenset({"applicant", "actor"})
_LEAST_LIKENESS = 60
# A running number says nothing that the row number does not.
_ORDINALS = frozenset({"stt", "tt", "sott", "sothutu", "ordinal"})


@dataclass(frozen=True)
class HeadingMatch:
    """The heading of each canonical column; the headings not to be kept; the headings that mean nothing to us."""

    columns: dict[str, str] = field(default_factory=dict)
    personal: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class _Synonyms(NamedTuple):
    by_key: dict[str, tuple[int, str]]
    personal_keys: frozenset[str]
    personal_words: tuple[tuple[str, ...], ...]


def canonical_columns(table: str) -> frozenset[str]:
    """The columns that a file of the table may carry; the log may carry those of the register too."""
    own = frozenset(column for _table, column, _synonym in _entries() if _table == table)
    return own | canonical_columns("dossier") if table == "event" else own


def match_headings(
    headings: Sequence[str], *, table: str, configured: Mapping[str, str], source_file: str
) -> HeadingMatch:
    """Assign the headings to canonical columns: configured ones first, then by synonym, then by our own column names.

    Of two headings for one column the better synonym wins and the other is unknown. Raises DataError for a configured
    heading that the file does not have.
    """
    synonyms = _synonyms(table)
    _check_configured_columns(configured, table=table, source_file=source_file)
    columns = {
        column: _find_configured(heading, headings, column=column, source_file=source_file)
        for column, heading in configured.items()
    }
    taken = set(columns.values())

    claims: dict[str, list[tuple[int, str]]] = {}
    for heading in headings:
        found = None if heading in taken else _lookup(heading, synonyms)
        if found is not None and found[1] not in columns:
            claims.setdefault(found[1], []).append((found[0], heading))
    for column, claimants in claims.items():
        columns[column] = min(claimants, key=lambda claim: claim[0])[1]
    taken = set(columns.values())

    personal: list[str] = []
    unknown: list[str] = []
    for heading in headings:
        if heading not in taken and heading_key(heading) not in _ORDINALS:
            (personal if _is_personal(heading, synonyms) else unknown).append(heading)
    return HeadingMatch(columns=columns, personal=personal, unknown=unknown)


def recognise(table: str, configured: Mapping[str, str]) -> Callable[[list[str]], int]:
    """A function that counts the known headings among the cells of a row: canonical, configured or personal ones."""
    synonyms = _synonyms(table)
    configured_keys = {heading_key(heading): column for column, heading in configured.items()}

    def count(cells: list[str]) -> int:
        known = set()
        for cell in cells:
            key = heading_key(cell)
            if not key:
                continue
            if key in configured_keys:
                known.add(configured_keys[key])
            elif (found := _lookup(cell, synonyms)) is not None:
                known.add(found[1])
            elif key in synonyms.personal_keys:
                known.add(f"{PERSONAL} {key}")
        return len(known)

    return count


def heading_key(heading: str) -> str:
    """What of a heading counts in a comparison: letters without marks and digits (`Mã hồ sơ`, `MaHoSo` → `mahoso`)."""
    return re.sub(r"[^0-9a-z]", "", fold(heading))


def _lookup(heading: str, synonyms: _Synonyms) -> tuple[int, str] | None:
    """The rank and the canonical column of a heading; a remark in brackets is passed over when it has to be."""
    without_remark = re.sub(r"\(.*?\)|\[.*?\]", " ", heading)
    return synonyms.by_key.get(heading_key(heading)) or synonyms.by_key.get(heading_key(without_remark))


def _is_personal(heading: str, synonyms: _Synonyms) -> bool:
    """Whether a heading speaks of a person: as a whole, or by words in it ("Số điện thoại người nộp")."""
    if heading_key(heading) in synonyms.personal_keys:
        return True
    found = _lookup(heading, synonyms)
    if found is not None:
        return found[1] in _PERSONS
    words = _words(heading)
    return any(
        words[start : start + len(phrase)] == phrase
        for phrase in synonyms.personal_words
        for start in range(len(words) - len(phrase) + 1)
    )


def _words(heading: str) -> tuple[str, ...]:
    apart = [
        f" {letter}" if letter.isupper() and not before.isupper() else letter
        for before, letter in pairwise(f" {heading}")
    ]
    return tuple(re.findall(r"[0-9a-z]+", fold("".join(apart))))


def _find_configured(heading: str, headings: Sequence[str], *, column: str, source_file: str) -> str:
    if heading in headings:
        return heading
    key = heading_key(heading)
    for present in headings:
        if key and heading_key(present) == key:
            return present
    near = process.extractOne(heading, headings, scorer=fuzz.WRatio, processor=fold, score_cutoff=_LEAST_LIKENESS)
    hint = _(" Có phải là {near!r}?").format(near=near[0]) if near else ""
    raise DataError(
        _(
            "{file}: không có cột {heading!r} (khai báo cho {column} trong tệp cấu hình).{hint} "
            "Các cột có trong tệp: {present}."
        ).format(file=source_file, heading=heading, column=column, hint=hint, present="; ".join(headings))
    )


def _check_configured_columns(configured: Mapping[str, str], *, table: str, source_file: str) -> None:
    allowed = canonical_columns(table)
    for column in configured:
        if column not in allowed:
            near = process.extractOne(column, sorted(allowed), scorer=fuzz.WRatio, score_cutoff=_LEAST_LIKENESS)
            hint = _(" Có phải là {near!r}?").format(near=near[0]) if near else ""
            raise DataError(
                _("{file}: mục columns của tệp cấu hình có tên {column!r} không dùng được cho bảng này.{hint}").format(
                    file=source_file, column=column, hint=hint
                )
            )


@cache
def _entries() -> tuple[tuple[str, str, str], ...]:
    with _HEADINGS_FILE.open(encoding="utf-8", newline="") as file:
        return tuple((row["table"], row["column"], row["synonym"]) for row in csv.DictReader(file))


@cache
def _synonyms(table: str) -> _Synonyms:
    # Our own column names come before all synonyms.
    by_key = {heading_key(column): (-1, column) for column in sorted(canonical_columns(table))}
    for rank, (of_table, column, synonym) in enumerate(_entries()):
        if of_table == table:
            by_key.setdefault(heading_key(synonym), (rank, column))
    personal = [synonym for of_table, column, synonym in _entries() if of_table == ANY_TABLE and column == PERSONAL]
    return _Synonyms(
        by_key=by_key,
        personal_keys=frozenset(map(heading_key, personal)),
        personal_words=tuple(_words(synonym) for synonym in personal),
    )
