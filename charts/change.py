"""One answer of an indicator, and what changed since another window, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from charts.values import difference_text, is_missing
from indicators.catalogue import Indicator
from language import _


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The value with its n and interval, where it has them."""

    value: float | None
    n: float | None = None
    low: float | None = None
    high: float | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any], indicator: Indicator) -> Figure:
        """The figure in a row of `indicators.compute`."""
        name = indicator.id
        return cls(value=row[name], n=row.get(f"{name}_n"), low=row.get(f"{name}_low"), high=row.get(f"{name}_high"))


@dataclass(frozen=True, kw_only=True)
class Change:
    """A difference in words; `is_better` only where it is clear and the indicator has a good side."""

    text: str
    verdict: str
    is_clear: bool
    is_better: bool | None
    rises: bool


def change(indicator: Indicator, row: Mapping[str, Any], minutes_per_day: int) -> Change | None:
    """A row of `indicators.compare` in words; nothing where there is nothing to compare with."""
    value, reference = row["value"], row["reference"]
    if is_missing(value) or is_missing(reference):
        return None
    rises = value > reference
    if row["p_value"] is None:
        verdict = _("chưa đủ số liệu") if indicator.has_interval else ""
    elif row["significant"]:
        verdict = _("tăng rõ") if rises else _("giảm rõ")
    else:
        verdict = _("chưa đủ cơ sở kết luận")
    return Change(
        text=difference_text(indicator, value, reference, minutes_per_day),
        verdict=verdict,
        is_clear=row["significant"],
        is_better=row["direction"] == "better" if row["significant"] and row["direction"] != "neutral" else None,
        rises=rises,
    )
