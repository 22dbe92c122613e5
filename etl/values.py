"""Text cells as values: numbers, flags, codes and the closed lists of words (statuses, channels, kinds, extents).

Every function takes and gives a polars expression; times are in `etl.timestamps`. The words are data
(`data/reference/value_words.csv`) and are compared without case, marks, spaces and punctuation. What is not
understood becomes null: a caller that must refuse it compares with the text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from etl.errors import DataError
from etl.timestamps import TIMESTAMP, parse_timestamp
from language import _
from language.text import fold

__all__ = [
    "TIMESTAMP", "clean_text", "commune_code", "dossier_code_shape", "parse_channel", "parse_extent", "parse_flag",
    "parse_integer", "parse_kind", "parse_number", "parse_status", "parse_timestamp", "procedure_code",
]  # fmt: skip

_WORDS_FILE = Path(__file__).parents[1] / "data" / "reference" / "value_words.csv"
_STATUSES = range(1, 11)

_UNIT_OF_A_NUMBER = re.compile(r"(vnđ|vnd|đồng|đ|₫|km2|km²|m2|m²|ha|%|người|ngày|lần)\.?$", re.IGNORECASE)
_POINT_IS_DECIMAL = re.compile(r"[+-]?(\d*\.(\d{1,2}|\d{4,})|0\d*\.\d+|\d{4,}\.\d+|[\d,]+,\d{3}\.\d+)")
_POINT_GROUPS = re.compile(r"[+-]?(\d{1,3}(\.\d{3}){2,}|\d{1,3}(\.\d{3})+,\d+)")
_COMMA_IS_DECIMAL = re.compile(r"[+-]?(\d*,(\d{1,2}|\d{4,})|0\d*,\d+|\d{4,},\d+|[\d.]+\.\d{3},\d+)")
_COMMA_GROUPS = re.compile(r"[+-]?(\d{1,3}(,\d{3}){2,}|\d{1,3}(,\d{3})+\.\d+|\d{1,3},000)")
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = {mark: re.compile(rf"[+-]?\d{{1,3}}(\{mark}\d{{3}})+") for mark in ".,"}

_DOSSIER_CODE = (
    r"^(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Y]\d{2}(?:\.[0-9A-Z]+)*"
    r"-(?:20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\d{4,}$"
)


def clean_text(column: pl.Expr) -> pl.Expr:
    """The text in NFC with single spaces and none outside; null where nothing is left."""
    return column.str.normalize("NFC").str.replace_all(r"\s+", " ").str.strip_chars().replace("", None)


def parse_number(column: pl.Expr) -> pl.Expr:
    """Float64 from `1.234,5`, `1234.5`, `12.000 đ`.

    A single point or comma before exactly three digits is ambiguous: the rest of the column decides; where that is
    silent too, the point groups thousands and the comma is decimal, as the Vietnamese write.
    """
    return column.map_batches(_numbers, return_dtype=pl.Float64)


def parse_integer(column: pl.Expr) -> pl.Expr:
    """Int64 from what `parse_number` reads as a whole number; null for a fraction."""
    number = parse_number(column)
    return pl.when(number == number.round()).then(number).cast(pl.Int64, strict=False)


def parse_flag(column: pl.Expr) -> pl.Expr:
    """Boolean from `có`, `không`, `x`, `1`, `đã`, `chưa`, …"""
    return _by_word(column, {word: value == "true" for word, value in _words("flag").items()}, pl.Boolean)


def parse_status(column: pl.Expr, mapping: Mapping[str, int] | None = None) -> pl.Expr:
    """Int8 from 1 to 10 (the national exchange's statuses) from digits or words; the configured words come first."""
    for word, value in (mapping or {}).items():
        if value not in _STATUSES:
            raise DataError(
                _("Tệp cấu hình, values.status: {word!r} = {value!r} không phải trạng thái từ 1 đến 10.").format(
                    word=word, value=value
                )
            )
    digits = {text: value for value in _STATUSES for text in (str(value), f"{value:02}")}
    words = {word: int(value) for word, value in _words("status").items()}
    return _by_word(column, {**digits, **words, **_keyed(mapping)}, pl.Int8)


def parse_channel(column: pl.Expr, mapping: Mapping[str, str] | None = None) -> pl.Expr:
    """`online`, `in_person` or `postal`, from words or the exchange's digits; the configured words come first."""
    words = _words("channel")
    for word, value in (mapping or {}).items():
        if value not in set(words.values()):
            raise DataError(
                _("Tệp cấu hình, values.channel: {word!r} = {value!r} phải là online, in_person hoặc postal.").format(
                    word=word, value=value
                )
            )
    return _by_word(column, {**words, **_keyed(mapping)}, pl.String)


def parse_kind(column: pl.Expr) -> pl.Expr:
    """`ward`, `commune`, `special_zone`, or `township` for an old thị trấn."""
    return _by_word(column, _words("kind"), pl.String)


def parse_extent(column: pl.Expr) -> pl.Expr:
    """How much of an old unit went into a new one, from our words or the notes of the official conversion table."""
    return _by_word(column, _words("extent"), pl.String)


def parse_event_kind(column: pl.Expr) -> pl.Expr:
    """What kind of dated event: `merger, software, delegation, holiday, outage, staffing, rule, other`."""
    return _by_word(column, _words("event_kind"), pl.String)


def parse_measure(column: pl.Expr) -> pl.Expr:
    """What a reported figure counts (`received`, `resolved_late`, `visits`, …); null for what we have no name for."""
    return _by_word(column, _words("measure"), pl.String)


def parse_unit_fact(column: pl.Expr) -> pl.Expr:
    """What is told of a unit (`area_km2`, `population`, `posts`, …); null for what we have no name for."""
    return _by_word(column, _words("unit_fact"), pl.String)


def parse_difficulty_category(column: pl.Expr) -> pl.Expr:
    """What a difficulty is about (`software`, `online_payment`, …, `other`); null for what we have no name for."""
    return _by_word(column, _words("difficulty_category"), pl.String)


def parse_difficulty_state(column: pl.Expr) -> pl.Expr:
    """`open`, `in_progress`, `answered` or `rejected`."""
    return _by_word(column, _words("difficulty_state"), pl.String)


def department(column: pl.Expr) -> pl.Expr:
    """A department of the province under its full name (`Sở KH&CN` → `Sở Khoa học và Công nghệ`); other text as it
    is."""
    text = clean_text(column)
    return pl.coalesce(_by_word(text, _words("department"), pl.String), text)


def commune_code(column: pl.Expr) -> pl.Expr:
    """Five digits, zeros that a spreadsheet ate put back (`8740`, `8740.0` → `08740`); other text as it is."""
    text = clean_text(column)
    return (
        pl.when(text.str.contains(r"^\d{1,5}(\.0+)?$"))
        .then(text.str.replace(r"\.0+$", "").str.zfill(5))
        .otherwise(text)
    )


def procedure_code(column: pl.Expr) -> pl.Expr:
    """The code without its agency suffix (`2.000815.000.00.00.H61` → `2.000815`); other text as it is.

    A code that a spreadsheet took for a number gets its last zeros back (`1.00077` → `1.000770`).
    """
    text = clean_text(column)
    as_number = text.str.replace(",", ".", literal=True)
    return (
        pl.when(text.str.contains(r"^\d\.\d{6}(\D|$)"))
        .then(text.str.slice(0, 8))
        .when(as_number.str.contains(r"^\d\.\d{3,6}$"))
        .then(as_number.str.pad_end(8, "0"))
        .when(text.str.contains(r"^\d\.\d{3}\.\d{3}$"))
        .then(text.str.slice(0, 5) + text.str.slice(6))
        .otherwise(text)
    )


def dossier_code_shape(column: pl.Expr) -> pl.Expr:
    """Whether the dossier code has one of the known shapes: agency, date in six or eight digits, sequence."""
    return column.str.contains(_DOSSIER_CODE)


def _numbers(column: pl.Series) -> pl.Series:
    texts = [text for text in column.unique().to_list() if text is not None]
    bare = {text: _UNIT_OF_A_NUMBER.sub("", re.sub(r"[\s'_]", "", text)) for text in texts}
    point_is_decimal = _decided(bare.values(), _POINT_IS_DECIMAL, _POINT_GROUPS, otherwise=False)
    comma_is_decimal = _decided(bare.values(), _COMMA_IS_DECIMAL, _COMMA_GROUPS, otherwise=True)
    values = {
        text: _number(number, point_is_decimal=point_is_decimal, comma_is_decimal=comma_is_decimal)
        for text, number in bare.items()
    }
    return _replaced(column, values, pl.Float64)


def _decided(texts: Iterable[str], decimal: re.Pattern[str], groups: re.Pattern[str], *, otherwise: bool) -> bool:
    """What a column's unambiguous numbers say of its ambiguous ones."""
    is_decimal = any(decimal.fullmatch(text) for text in texts)
    is_grouping = any(groups.fullmatch(text) for text in texts)
    return otherwise if is_decimal == is_grouping else is_decimal


def _number(text: str, *, point_is_decimal: bool, comma_is_decimal: bool) -> float | None:
    point, comma = text.rfind("."), text.rfind(",")
    if point >= 0 and comma >= 0:
        mark = "." if point > comma else ","
    elif point >= 0:
        mark = _decimal_mark(text, ".", when_ambiguous=point_is_decimal)
    elif comma >= 0:
        mark = _decimal_mark(text, ",", when_ambiguous=comma_is_decimal)
    else:
        mark = "."
    whole, _mark, fraction = text.partition(mark) if text.count(mark) == 1 else (text, "", "")
    other = "," if mark == "." else "."
    if other in whole and _GROUPED[other].fullmatch(whole) is None:
        return None
    plain = f"{whole.replace(other, '')}.{fraction}" if _mark else whole.replace(other, "")
    return float(plain) if _PLAIN_NUMBER.fullmatch(plain) else None


def _decimal_mark(text: str, mark: str, *, when_ambiguous: bool) -> str:
    """The decimal mark of a number that has only `mark` in it: that one, or the other where this one groups."""
    other = "," if mark == "." else "."
    if _GROUPED[mark].fullmatch(text) is None or text.lstrip("+-").startswith("0"):
        return mark
    if text.count(mark) > 1:
        return other
    return mark if when_ambiguous else other


def _by_word(column: pl.Expr, words: Mapping[str, Any], dtype: Any) -> pl.Expr:
    """Look each distinct text up once."""

    def look_up(texts: pl.Series) -> pl.Series:
        distinct = [text for text in texts.unique().to_list() if text is not None]
        return _replaced(texts, {text: words.get(_key(text)) for text in distinct}, dtype)

    return column.map_batches(look_up, return_dtype=dtype, is_elementwise=True)


def _replaced(column: pl.Series, values: Mapping[str, Any], dtype: Any) -> pl.Series:
    known = {text: value for text, value in values.items() if value is not None}
    if not known:
        return pl.Series(column.name, [None], dtype=dtype).new_from_index(0, len(column))
    return column.replace_strict(list(known), list(known.values()), default=None, return_dtype=dtype)


def _key(word: str) -> str:
    """What of a word counts: letters without marks and digits; a bare sign (✓) counts as itself; `10.0` is 10."""
    text = fold(word)
    return re.sub(r"[^0-9a-z]", "", re.sub(r"^(\d+)\.0+$", r"\1", text)) or text


def _keyed(mapping: Mapping[str, Any] | None) -> dict[str, Any]:
    return {_key(word): value for word, value in (mapping or {}).items()}


@cache
def _words(value_kind: str) -> dict[str, str]:
    with _WORDS_FILE.open(encoding="utf-8", newline="") as file:
        return {_key(row["word"]): row["value"] for row in csv.DictReader(file) if row["value_kind"] == value_kind}
