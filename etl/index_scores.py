"""Published scores of Decision 766, one row a unit, period and item: for what no dossier tells, and to set against."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

import polars as pl

from etl import values
from etl.config import ProvinceConfig
from etl.names import Names
from etl.tables import ORIGIN, read_table
from etl.units import LOAD_SCHEMA, REJECT_SCHEMA, SmallTable, account
from language.text import fold
from warehouse.index_items import INDEX_POINTS, INDEX_TOTAL

COLUMNS = ("unit_name", "commune_code", "starts_at", "ends_at", "item", "score", "max_score", "source", "source_date")
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "row_id": pl.Int32,
    "commune_code": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "item": pl.String,
    "score": pl.Decimal(7, 3),
    "max_score": pl.Decimal(7, 3),
    "source": pl.String,
    "source_date": pl.Date,
    "source_file": pl.String,
    "row_number": pl.Int64,
}
# What the portal, its codes and people call the groups.
_GROUP_WORDS = {
    "transparency": ("ckmb", "cong khai minh bach", "cong khai"),
    "progress": ("tdgq", "tien do ket qua giai quyet", "tien do giai quyet", "tien do"),
    "online": ("online", "dvctt", "dich vu cong truc tuyen", "cung cap dich vu cong truc tuyen"),
    "payment": ("tttt", "thanh toan truc tuyen"),
    "digitisation": ("mdsh", "so hoa ho so", "muc do so hoa", "so hoa"),
    "satisfaction": ("mdhl", "muc do hai long", "hai long"),
    INDEX_TOTAL: ("total", "tong diem", "tong", "tong cong"),
}
_ITEMS = {word: item for item, words in _GROUP_WORDS.items() for word in (item, *words)}
_COMPONENT = re.compile(r"^(?:chi so\s+)?(\d+)[.,](\d+)\.?\s*([a-z]?)$")
_WHOLE_PROVINCE = ("toan tinh", "toan thanh pho", "ca tinh")
_PROVINCE_WORDS = re.compile(r"^(tinh|thanh pho|tp\.?)\s+")


def load_index_scores(
    config: ProvinceConfig, names: Names, commune_codes: Sequence[str], weights: pl.DataFrame
) -> SmallTable:
    """The `index_score` table in the order of the file.

    Refuses rows of a unit outside the province, with dates that cannot be read, of an item that the weights of the
    period's last day do not know, and with another maximum than theirs: such points would be of another index.
    """
    if config.index_scores is None:
        return SmallTable(
            pl.DataFrame(schema=SCHEMA), pl.DataFrame(schema=REJECT_SCHEMA), pl.DataFrame(schema=LOAD_SCHEMA)
        )
    required = ("starts_at", "ends_at", "item", "score", "source")
    text = read_table(config, config.index_scores, "index_score", columns=COLUMNS, required=required)
    timezone = config.province.timezone
    days = {
        f"{name}_day": values.parse_timestamp(pl.col(name), timezone=timezone).struct.field("value").dt.date()
        for name in ("starts_at", "ends_at", "source_date")
    }
    numbers = {f"{name}_number": values.parse_number(pl.col(name)) for name in ("score", "max_score")}
    typed = text.select(values.clean_text(pl.col(COLUMNS)), *ORIGIN).with_columns(
        **days, **numbers, code=values.commune_code(pl.col("commune_code"))
    )
    maxima = _Maxima(weights)
    province = fold(config.province.name)
    read = [_row(row, province, names, frozenset(commune_codes), maxima) for row in typed.iter_rows(named=True)]
    frame = typed.with_columns(rule=pl.Series([rule for rule, _row in read], dtype=pl.String))
    kept = [row for rule, row in read if rule is None]
    rows = pl.DataFrame(kept, schema={name: SCHEMA[name] for name in SCHEMA if name != "row_id"})
    rows = rows.with_columns(row_id=pl.int_range(1, pl.len() + 1, dtype=pl.Int32)).select(list(SCHEMA))
    return account(frame, rows, "index_score", ("unit_name", "commune_code", "item", "score"))


def item_of(text: str) -> str | None:
    """`2.1` of `2,1` or `Chỉ số 2.1`, `progress` of `TDGQ` or `Tiến độ giải quyết`, `total` of `Tổng điểm`."""
    folded = re.sub(r"\s+", " ", re.sub(r"[;:,–-]+(?=\s)", " ", fold(text))).strip()
    if match := _COMPONENT.match(folded):
        return f"{match[1]}.{match[2]}{match[3]}"
    return _ITEMS.get(folded)


class _Maxima:
    """The maximum of every item on a day, from the dated weights."""

    def __init__(self, weights: pl.DataFrame) -> None:
        self._rows = list(
            weights.select(
                "valid_from", "valid_to", "component", "index_group", "max_points", "group_points"
            ).iter_rows()
        )
        self._by_day: dict[dt.date, dict[str, Decimal]] = {}

    def on(self, day: dt.date) -> dict[str, Decimal]:
        if day not in self._by_day:
            found: dict[str, Decimal] = {}
            for starts, ends, component, group, points, group_points in self._rows:
                if starts <= day and (ends is None or day <= ends):
                    found |= {component: points, group: group_points, INDEX_TOTAL: Decimal(INDEX_POINTS)}
            self._by_day[day] = found
        return self._by_day[day]


def _row(
    row: dict[str, object], province: str, names: Names, codes: frozenset[str], maxima: _Maxima
) -> tuple[str | None, dict[str, object]]:
    """The rule that a row breaks, or the row as the table holds it."""
    starts, ends, source_day = (row[f"{name}_day"] for name in ("starts_at", "ends_at", "source_date"))
    if not isinstance(starts, dt.date) or not isinstance(ends, dt.date):
        return "unreadable_date", {}
    if row["source_date"] is not None and source_day is None:
        return "unreadable_date", {}
    code, rule = _unit(row, province, names, codes, ends)
    if rule is not None:
        return rule, {}
    item = item_of(str(row["item"] or ""))
    maximum = maxima.on(ends).get(item or "")
    if item is None or maximum is None:
        return "unknown_index_item", {}
    declared, score = _decimal(row["max_score_number"]), _decimal(row["score_number"])
    if row["max_score"] is not None and declared != maximum:
        return "other_maximum", {}
    if score is None or not 0 <= score <= maximum or starts > ends or not row["source"]:
        return "wrong_value", {}
    return None, {
        "commune_code": code,
        "starts_on": starts,
        "ends_on": ends,
        "item": item,
        "score": score,
        "max_score": maximum,
        "source": row["source"],
        "source_date": source_day,
        "source_file": row["source_file"],
        "row_number": row["row_number"],
    }


def _unit(
    row: dict[str, object], province: str, names: Names, codes: frozenset[str], day: dt.date
) -> tuple[str | None, str | None]:
    """(commune code, broken rule); no code for the province's own row."""
    name, code = (str(row[key]) if row[key] else None for key in ("unit_name", "code"))
    if not name and not code:
        return None, "missing_code"
    if name and not code:
        folded = fold(name)
        if folded in _WHOLE_PROVINCE or (_PROVINCE_WORDS.match(folded) and _PROVINCE_WORDS.sub("", folded) == province):
            return None, None
    found = names.resolve(code=code, name=name, agency=None, day=day)
    if found.commune_code in codes:
        return found.commune_code, None
    return None, found.rule or "unknown_commune"


def _decimal(number: object) -> Decimal | None:
    return Decimal(str(number)).quantize(Decimal("0.001")) if isinstance(number, float) else None
