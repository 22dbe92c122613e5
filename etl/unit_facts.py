"""What is known of a unit besides its dossiers: area, people, posts, its centre; every source's word kept as printed.

Sources may differ, and a figure may be rounded: nothing is merged and nothing averaged here. A screen puts them side
by side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from etl import values
from etl.config import ProvinceConfig
from etl.masking import masked
from etl.names import Names
from etl.reported import bounds, precision_of
from etl.tables import ORIGIN, read_table
from etl.units import SmallTable, account, no_table, with_columns_named
from language.text import fold

COLUMNS = ("unit_name", "commune_code", "fact", "value", "precision", "measured_in", "source", "stated_on")
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "commune_code": pl.String,
    "fact": pl.String,
    "fact_name": pl.String,
    "value": pl.Float64,
    "value_low": pl.Float64,
    "value_high": pl.Float64,
    "value_text": pl.String,
    "precision": pl.String,
    "source": pl.String,
    "stated_on": pl.Date,
    "source_file": pl.String,
    "row_number": pl.Int64,
}
OTHER = "other"
_TABLE = "unit_fact"
_SHOWN = ("unit_name", "commune_code", "fact", "value", "source", "stated_on")
# What a person can be told apart by; the origin of a row is not.
_SAME = tuple(name for name in SCHEMA if name not in ("source_file", "row_number"))
_SQUARE_KM = {"": 1.0, "km2": 1.0, "kilomet vuong": 1.0, "ha": 0.01, "hecta": 0.01, "m2": 1e-6, "met vuong": 1e-6}
_SQUARE_M = {"": 1.0, "m2": 1.0, "met vuong": 1.0, "ha": 1e4, "km2": 1e6}
_MULTIPLES = {"nghin": 1e3, "ngan": 1e3, "trieu": 1e6}
_NUMBER = re.compile(r"([-+]?\d[\d.,]*)(.*)", re.DOTALL)
_NOT_COUNTED_IN = re.compile(r"(km2|m2|ha|met vuong|hecta|%)(?![a-z0-9])")


@dataclass(frozen=True)
class _Kind:
    """How a fact is written: in whole numbers or in an area, and between which bounds it can be at all."""

    highest: float
    lowest: float = 0.0
    units: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_count(self) -> bool:
        return not self.units


# Bounds that no commune of the country comes near: beyond them a mark or a unit was misread.
_NUMERIC = {
    "area_km2": _Kind(5_000, 0.001, _SQUARE_KM),
    "centre_area_m2": _Kind(100_000, 1, _SQUARE_M),
    "population": _Kind(1_000_000),
    "households": _Kind(500_000),
    **dict.fromkeys(("posts", "party_posts", "government_posts"), _Kind(2_000)),
    **dict.fromkeys(("centre_staff", "centre_leaders", "centre_it_staff", "reception_staff"), _Kind(500)),
    **dict.fromkeys(("villages", "industrial_zones", "industrial_clusters"), _Kind(1_000)),
}


def load_unit_facts(config: ProvinceConfig, names: Names, commune_codes: Sequence[str]) -> SmallTable:
    """The `unit_fact` table, one row a unit, fact and source, by unit in the order of the file.

    Refuses rows of a unit that cannot be found, without a fact, a value or a source, with a day that cannot be read, a
    unit of measure that the fact cannot have, and a number that no commune can have. What is no number (`hàng trăm`)
    stays text. A row that says the same once more counts as repeated.
    """
    if config.unit_facts is None:
        return no_table(SCHEMA)
    text = read_table(config, config.unit_facts, _TABLE, columns=COLUMNS, required=("fact", "value", "source"))
    day = values.parse_timestamp(pl.col("stated_on"), timezone=config.province.timezone).struct.field("value")
    typed = text.select(values.clean_text(pl.col(COLUMNS)), *ORIGIN).with_columns(
        code=values.commune_code(pl.col("commune_code")),
        fact_read=values.parse_unit_fact(pl.col("fact")),
        stated_day=day.dt.date(),
    )
    numbers = _numbers(typed)
    read = [_row(row, names, frozenset(commune_codes), numbers) for row in typed.iter_rows(named=True)]
    frame = typed.with_columns(rule=pl.Series([rule for rule, _row in read], dtype=pl.String))
    kept = pl.DataFrame([row for rule, row in read if rule is None], schema=SCHEMA)
    kept = kept.with_columns(masked(pl.col("fact_name", "value_text", "source"))).with_row_index("place")
    rows = kept.unique(_SAME, keep="first", maintain_order=True)
    repeated = kept.join(rows, on="place", how="anti")
    rows = rows.sort("commune_code", "place").drop("place")
    return with_columns_named(account(frame, rows, _TABLE, _SHOWN, repeated=repeated))


def _numbers(typed: pl.DataFrame) -> dict[tuple[str, str], float]:
    """The number that the digits of a cell mean, by fact and digits.

    `93.000` people and `27.25` km² may share a column, so each fact decides for itself what a point is.
    """
    found: dict[tuple[str, str], float] = {}
    for (fact,), rows in typed.partition_by("fact_read", as_dict=True).items():
        if fact not in _NUMERIC:
            continue
        digits = sorted({digits for value in rows["value"].drop_nulls() if (digits := _digits(value))})
        parsed = pl.DataFrame({"digits": digits}, schema={"digits": pl.String}).select(
            values.parse_number(pl.col("digits"))
        )
        pairs = zip(digits, parsed["digits"], strict=True)
        found |= {(str(fact), text): number for text, number in pairs if number is not None}
    return found


def _digits(value: str) -> str | None:
    found = _NUMBER.search(value)
    return found[1].rstrip(".,") if found else None


def _row(
    row: dict[str, object], names: Names, codes: frozenset[str], numbers: Mapping[tuple[str, str], float]
) -> tuple[str | None, dict[str, object]]:
    """The rule that a row breaks, or the row as the table holds it."""
    if not row["unit_name"] and not row["code"]:
        return "missing_code", {}
    stated_on = row["stated_day"]
    if row["stated_on"] is not None and stated_on is None:
        return "unreadable_date", {}
    own_code, name = (str(row[key]) if row[key] else None for key in ("code", "unit_name"))
    # The unit of today, whatever the day: resolutions of before the merger state the new units' area and people.
    found = names.resolve(code=own_code, name=name, agency=None, day=None)
    if found.commune_code not in codes:
        return found.rule or "unknown_commune", {}
    if not row["fact"] or not row["value"]:
        return "fact_without_value", {}
    if not row["source"]:
        return "fact_without_source", {}
    value, precision = str(row["value"]), str(row["precision"] or "")
    fact = str(row["fact_read"] or OTHER)
    printed, factor, rule = _number(fact, value, str(row["measured_in"] or ""), numbers)
    if rule is not None:
        return rule, {}
    low, high = bounds(value, printed, precision) if printed is not None else (None, None)
    return None, {
        "commune_code": found.commune_code,
        "fact": fact,
        "fact_name": row["fact"],
        "value": _times(printed, factor),
        "value_low": _times(low, factor),
        "value_high": _times(high, factor),
        "value_text": _as_printed(value, precision, str(row["measured_in"] or "")),
        "precision": precision_of(precision) or precision_of(value),
        "source": row["source"],
        "stated_on": stated_on,
        "source_file": row["source_file"],
        "row_number": row["row_number"],
    }


def _number(
    fact: str, value: str, measured_in: str, numbers: Mapping[tuple[str, str], float]
) -> tuple[float | None, float, str | None]:
    """(number as printed or None where the cell has none, what makes it one of the fact's own unit, broken rule)."""
    kind, parts = _NUMERIC.get(fact), _NUMBER.search(value)
    if kind is None or parts is None:
        return None, 1.0, None
    rest = fold(parts[2]).strip()
    if re.match(r"(-|–|den|/)\s*\d", rest):
        return None, 1.0, None  # from one number to another, or one out of another: no single one
    number = numbers.get((fact, parts[1].rstrip(".,")))
    if number is None:
        return None, 1.0, "wrong_value"
    factor = 1.0
    for word, multiple in _MULTIPLES.items():
        if re.match(rf"{word}(?![a-z])", rest):
            factor, rest = multiple, rest[len(word) :].strip()
    unit = rest or fold(measured_in)
    if kind.is_count:
        if _NOT_COUNTED_IN.match(unit):
            return None, 1.0, "wrong_fact_unit"
    else:
        unit = re.split(r"[;,.(]", unit)[0].strip()
        if unit not in kind.units:
            return None, 1.0, "wrong_fact_unit"
        factor *= kind.units[unit]
    whole = number * factor
    is_broken = kind.is_count and abs(whole - round(whole)) > 1e-6
    if is_broken or not kind.lowest <= whole <= kind.highest:
        return None, 1.0, "impossible_fact"
    return number, factor, None


def _times(number: float | None, factor: float) -> float | None:
    # Rounded, so that 24,7 thousand is 24.700 and not a hair less.
    return None if number is None else round(number * factor, 9)


def _as_printed(value: str, word: str, measured_in: str) -> str:
    """The figure with its word and its unit, as the source has them in one cell or in three."""
    before = f"{word} " if word and precision_of(word) not in (None, "exact") else ""
    after = f" {measured_in}" if measured_in and not fold(value).endswith(fold(measured_in)) else ""
    return f"{before}{value}{after}"
