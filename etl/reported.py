"""Figures that a unit, a portal or a news item reported, kept as they were printed beside what they mean.

A figure is laid down with the bounds that its digits and its word ("khoảng", "trên") leave open, so that nobody later
finds a difference where there is only rounding.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence

import polars as pl

from etl import values
from etl.config import ProvinceConfig
from etl.names import Names
from etl.tables import ORIGIN, read_table
from etl.units import LOAD_SCHEMA, REJECT_SCHEMA, SmallTable, account
from language.text import fold

COLUMNS = (
    *("unit_name", "commune_code", "province", "starts_at", "ends_at", "measure", "value", "precision", "share"),
    *("share_of", "group_id", "group_role", "source", "source_date", "note"),
)
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "row_id": pl.Int32,
    "unit_name": pl.String,
    "province": pl.String,
    "commune_code": pl.String,
    "scope": pl.String,
    "starts_at": pl.Datetime("us"),
    "ends_at": pl.Datetime("us"),
    "measure": pl.String,
    "measure_name": pl.String,
    "value": pl.Float64,
    "value_low": pl.Float64,
    "value_high": pl.Float64,
    "value_text": pl.String,
    "share": pl.Float64,
    "share_low": pl.Float64,
    "share_high": pl.Float64,
    "share_text": pl.String,
    "share_of": pl.String,
    "group_id": pl.String,
    "group_role": pl.String,
    "source": pl.String,
    "source_date": pl.Date,
    "note": pl.String,
    "source_file": pl.String,
    "row_number": pl.Int64,
}
OTHER = "other"
# "Gần" (nearly) comes before "khoảng": the first that the text starts with decides.
_PRECISION_WORDS = {
    "about": ("khoang", "uoc", "xap xi", "tren duoi", "about", "~", "≈"),
    "over": ("tren", "hon", "qua", "it nhat", "over", ">", "≥"),
    "under": ("gan", "duoi", "chua den", "nhieu nhat", "under", "<", "≤"),
    "exact": ("dung", "chinh xac", "exact"),
}
_WHOLE = ("whole", "tong", "tong so", "tong cong", "toan the", "chung")
_PROVINCE_WORDS = re.compile(r"^(tinh|thanh pho|tp\.?)\s+")
_LEADING_NUMBER = re.compile(r"[-+]?\d[\d.,\s]*")
_ONE_DAY = dt.timedelta(days=1)


def load_reported(config: ProvinceConfig, names: Names, commune_codes: Sequence[str]) -> SmallTable:
    """The `reported` table, one row a figure in the order of the file.

    Refuses rows without a unit, a source or a figure, with a date that cannot be read, with a window that ends before
    it starts, and with a name that fits several units. A unit outside the province is kept and marked so.
    """
    if config.reported is None:
        return SmallTable(
            pl.DataFrame(schema=SCHEMA), pl.DataFrame(schema=REJECT_SCHEMA), pl.DataFrame(schema=LOAD_SCHEMA)
        )
    text = read_table(config, config.reported, "reported", columns=COLUMNS, required=("measure", "value", "source"))
    timezone = config.province.timezone
    moments = {name: values.parse_timestamp(pl.col(name), timezone=timezone) for name in ("starts_at", "ends_at")}
    day = values.parse_timestamp(pl.col("source_date"), timezone=timezone).struct.field("value").dt.date()
    typed = text.select(values.clean_text(pl.col(COLUMNS)), *ORIGIN).with_columns(
        *(parsed.alias(f"{name}_read") for name, parsed in moments.items()),
        source_day=day,
        commune_code=values.commune_code(pl.col("commune_code")),
        measure_read=values.parse_measure(pl.col("measure")),
        share_of_read=values.parse_measure(pl.col("share_of")),
        number=values.parse_number(_number_in(pl.col("value"))),
        share_number=values.parse_number(_number_in(pl.col("share"))),
    )
    read = [_row(row, config, names, frozenset(commune_codes)) for row in typed.iter_rows(named=True)]
    frame = typed.with_columns(rule=pl.Series([rule for rule, _row in read], dtype=pl.String))
    kept = [row for rule, row in read if rule is None]
    rows = pl.DataFrame(kept, schema={name: SCHEMA[name] for name in SCHEMA if name != "row_id"})
    rows = rows.with_columns(row_id=pl.int_range(1, pl.len() + 1, dtype=pl.Int32)).select(list(SCHEMA))
    return account(frame, rows, "reported", ("unit_name", "measure", "value", "source"))


def bounds(text: str, number: float, precision: str | None = None) -> tuple[float, float]:
    """What a printed number may stand for: `27,25` 27.245 to 27.255, `khoảng 93.000` 92.500 to 93.500, `trên 500`
    500 to 600, a whole number without a word itself alone.

    `precision` is the word where it stands in a column of its own.
    """
    word = precision_of(precision or "") or precision_of(text)
    digits = _digits(text)
    if word in (None, "exact"):
        decimals = _decimals(digits, number)
        half = 0.0 if decimals == 0 else 0.5 * 10.0**-decimals
        return number - half, number + half
    step = _step(digits, number)
    if word == "about":
        return number - step / 2, number + step / 2
    return (number, number + step) if word == "over" else (number - step, number)


def precision_of(text: str) -> str | None:
    """`about`, `over`, `under` or `exact` by the word that a text starts with; None without one."""
    folded = fold(text)
    for precision, words in _PRECISION_WORDS.items():
        for word in words:
            if folded == word or re.match(rf"{re.escape(word)}(?![a-z])", folded):
                return precision
    return None


def _row(
    row: dict[str, object], config: ProvinceConfig, names: Names, codes: frozenset[str]
) -> tuple[str | None, dict[str, object]]:
    """The rule that a row breaks, or the row as the table holds it."""
    starts, ends = (row[f"{name}_read"] for name in ("starts_at", "ends_at"))
    assert isinstance(starts, dict) and isinstance(ends, dict)
    unread = [
        name
        for name, value in (
            ("starts_at", starts["value"]),
            ("ends_at", ends["value"]),
            ("source_date", row["source_day"]),
        )
        if row[name] is not None and value is None
    ]
    starts_at, ends_at = starts["value"], ends["value"]
    if ends_at is not None and ends["date_only"]:
        ends_at += _ONE_DAY
    scope, code, rule = _unit(row, config, names, codes, day=starts_at)
    if rule is None and unread:
        rule = "unreadable_date"
    has_figure = row["value"] or row["share_number"] is not None
    is_told = row["measure"] and row["source"] and has_figure and not (row["share"] and row["share_number"] is None)
    if rule is None and not (is_told and _is_window(starts_at, ends_at)):
        rule = "wrong_value"
    if rule is not None:
        return rule, {}
    number, share_number = row["number"], row["share_number"]
    low, high = _bounds_of(row, "value", number)
    factor = _share_factor(str(row["share"] or ""), share_number)
    share_low, share_high = _bounds_of(row, "share", share_number)
    return None, {
        "unit_name": row["unit_name"] or row["commune_code"],
        "province": row["province"] or (None if scope == "outside" else config.province.name),
        "commune_code": code,
        "scope": scope,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "measure": row["measure_read"] or OTHER,
        "measure_name": row["measure"],
        "value": number,
        "value_low": low,
        "value_high": high,
        "value_text": _printed(row),
        "share": _times(share_number, factor),
        "share_low": _times(share_low, factor),
        "share_high": _times(share_high, factor),
        "share_text": row["share"],
        "share_of": row["share_of_read"] or row["share_of"],
        "group_id": row["group_id"],
        "group_role": _role(row),
        "source": row["source"],
        "source_date": row["source_day"],
        "note": row["note"],
        "source_file": row["source_file"],
        "row_number": row["row_number"],
    }


def _is_window(starts_at: dt.datetime | None, ends_at: dt.datetime | None) -> bool:
    """Both ends in their order, or none."""
    if starts_at is None or ends_at is None:
        return starts_at is ends_at
    return starts_at < ends_at


def _unit(
    row: dict[str, object], config: ProvinceConfig, names: Names, codes: frozenset[str], *, day: object
) -> tuple[str, str | None, str | None]:
    """(scope, commune code, broken rule). Scopes: `commune, province, old_unit, outside`."""
    name, code, province = (str(row[key]) if row[key] else None for key in ("unit_name", "commune_code", "province"))
    if not name and not code:
        return "outside", None, "missing_code"
    own = _bare_province(config.province.name)
    if province and _bare_province(province) != own:
        return "outside", code, None
    if name and not code and (fold(name) == "toan tinh" or (_is_province(name) and _bare_province(name) == own)):
        return "province", None, None
    if name and not code and not province and _is_province(name):
        return "outside", None, None
    found = names.resolve(code=code, name=name, agency=None, day=day.date() if isinstance(day, dt.datetime) else None)
    if found.rule == "ambiguous_commune" and not code:
        return "outside", None, found.rule
    if found.old_code:
        return "old_unit", found.commune_code, None
    if found.commune_code in codes:
        return "commune", found.commune_code, None
    return "outside", code, None


def _is_province(name: str) -> bool:
    return _PROVINCE_WORDS.match(fold(name)) is not None


def _bare_province(name: str) -> str:
    return _PROVINCE_WORDS.sub("", fold(name))


def _role(row: dict[str, object]) -> str | None:
    if not row["group_id"]:
        return None
    return "whole" if fold(str(row["group_role"] or "")) in _WHOLE else "part"


def _printed(row: dict[str, object]) -> str | None:
    """The figure with its word, as the source printed it."""
    value, word = row["value"], row["precision"]
    return f"{word} {value}" if value and word and precision_of(str(word)) not in (None, "exact") else value  # type: ignore[return-value]


def _number_in(column: pl.Expr) -> pl.Expr:
    """The first number of a text, without words before it and units after it; null where there is none."""
    return values.clean_text(column.str.extract(r"([-+]?\d[\d.,]*)", 1).str.strip_chars_end(".,"))


def _bounds_of(row: dict[str, object], column: str, number: object) -> tuple[float | None, float | None]:
    if not isinstance(number, float):
        return None, None
    # The column of words belongs to the value; a share brings its own.
    if column == "value":
        return bounds(str(row[column]), number, str(row["precision"]) if row["precision"] else None)
    text = str(row[column])
    low, high = bounds(text, number)
    # A share is always rounded: `15 %` is 14.5 to 15.5; none of a part is more than all of it.
    half = 0.5 if low == high and _decimals(_digits(text), number) == 0 else 0.0
    return low - half, min(high + half, 100.0) if number <= 100 else high + half


def _share_factor(text: str, number: object) -> float:
    """`15 %` and `15` are percentages, `0,15` is a fraction."""
    is_fraction = "%" not in text and isinstance(number, float) and abs(number) <= 1
    return 1.0 if is_fraction else 0.01


def _times(number: object, factor: float) -> float | None:
    return number * factor if isinstance(number, float) else None


def _digits(text: str) -> str:
    found = _LEADING_NUMBER.search(text)
    return found[0].strip(" .,") if found else ""


def _decimals(digits: str, number: float) -> int:
    """How many decimals were printed: as many of the last digits as the number needs to be what it is."""
    tail = re.search(r"[.,](\d+)$", digits)
    if tail is None:
        return 0
    plain = re.sub(r"\D", "", digits)
    return len(tail[1]) if math.isclose(int(plain) / 10 ** len(tail[1]), abs(number)) else 0


def _step(digits: str, number: float) -> float:
    """One unit of the last digit that is not a zero of a round number: 1.000 for 93.000, 0.1 for 6,4."""
    decimals = _decimals(digits, number)
    if decimals:
        return 10.0**-decimals
    whole = str(int(abs(number)))
    zeros = len(whole) - len(whole.rstrip("0"))
    return 10.0 ** (zeros if whole.strip("0") else 0)
