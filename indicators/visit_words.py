"""Why a visit is worth making, in a sentence with its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indicators.windows import NEW_COMMUNES_FROM
from language import _, formats

# From this probability on an excess is called sure.
SURE = 0.975


def visit_reason(row: Mapping[str, Any]) -> str:
    """A row of `visit_values` in words: the excess with its interval, the last visit, the nearest stop."""
    parts = [_excess(row)]
    if (row.get("stalled") or 0) > 0:
        words = _("{n} hồ sơ đang giải quyết không có bước nào quá 10 ngày làm việc")
        parts.append(words.format(n=formats.number(row["stalled"])))
    if row["last_visit"] is None:
        parts.append(_("chưa đến lần nào từ {day}").format(day=formats.date(NEW_COMMUNES_FROM)))
    else:
        parts.append(_("lần gần nhất đến ngày {day}").format(day=formats.date(row["last_visit"])))
    if row["kilometres"] is not None:
        words = _("cách {name} {km} km theo đường chim bay")
        parts.append(words.format(name=row["nearest"], km=formats.number(row["kilometres"])))
    return ", ".join(parts) + "."


def _excess(row: Mapping[str, Any]) -> str:
    late, low, high = (round(row[name]) for name in ("late", "late_low", "late_high"))
    if late <= 0:
        return _("Không hơn mức kỳ vọng của các đơn vị khác")
    words = _("Hơn mức kỳ vọng {late} hồ sơ trễ (khoảng {low} đến {high})")
    if row["sure"] < SURE:
        words = _("Có thể hơn mức kỳ vọng {late} hồ sơ trễ, chưa đủ cơ sở khẳng định (khoảng {low} đến {high})")
    return words.format(late=formats.number(late), low=formats.number(low), high=formats.number(high))
