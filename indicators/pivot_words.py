"""Values of the dimensions of a cross table as a reader says and orders them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl

from indicators.windows import TIME_DIMENSIONS
from indicators.words import value_in_words
from language import _, formats
from language.text import sort_key
from warehouse import Snapshot


def in_order(snapshot: Snapshot, dimension: str, values: Sequence[Any]) -> dict[Any, str]:
    """Each value with its name: time in its order, all else by the alphabet, what is not known at the end."""
    if dimension in TIME_DIMENSIONS:
        return {value: time_name(dimension, value) for value in sorted(values)}
    names = _procedures(snapshot, values) if dimension == "procedure" else _names(snapshot, dimension, values)
    ranks: dict[Any, int] = {}
    if dimension == "commune":
        # As everywhere: by the name without "xã" or "phường".
        ranks = dict(snapshot.query("select commune_code, sort_order from commune").iter_rows())
    return dict(sorted(names.items(), key=lambda pair: (pair[0] is None, ranks.get(pair[0], 0), _natural(pair[1]))))


def _natural(name: str) -> tuple[object, ...]:
    """A key by which `Cụm 2` comes before `Cụm 10`."""
    return sort_key(re.sub(r"\d+", lambda digits: digits[0].zfill(9), name))


def time_name(dimension: str, value: Any) -> str:
    """`Tuần 27/2025` of `2025-W27`; a day as `01/07/2025`."""
    if dimension == "day":
        return formats.date(value)
    year, part = value.split("-")
    words = {
        "week": _("Tuần {number}/{year}"),
        "month": _("Tháng {number}/{year}"),
        "quarter": _("Quý {number}/{year}"),
        "report_month": _("Kỳ báo cáo {number}/{year}"),
    }
    return words[dimension].format(number=int(part.lstrip("WQ")), year=year)


def _names(snapshot: Snapshot, dimension: str, values: Sequence[Any]) -> dict[Any, str]:
    words = value_in_words(snapshot, dimension, pl.Series(values, dtype=pl.String)).to_list()
    # Two communes of one name keep their codes.
    common = Counter(words)
    return {
        value: f"{word} ({value})" if common[word] > 1 and value else word
        for value, word in zip(values, words, strict=True)
    }


def _procedures(snapshot: Snapshot, values: Sequence[Any]) -> dict[Any, str]:
    sql = "select procedure_code, any_value(name order by valid_from desc) from procedure group by all"
    known = dict(snapshot.query(sql).iter_rows())
    common = Counter(known.values())
    names = {}
    for value in values:
        name = known.get(value) or value
        names[value] = _("(không xác định)") if value is None else f"{name} ({value})" if common[name] > 1 else name
    return names
