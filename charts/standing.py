"""Where a commune stands against the province: better, worse, or not to be told apart from it."""

from __future__ import annotations

from typing import Literal

import polars as pl

from charts.values import is_missing
from indicators.catalogue import Indicator
from language import _

Standing = Literal["higher", "lower", "unclear", "too_few", "none"]


def standing(
    indicator: Indicator,
    value: float | None,
    n: float | None,
    low: float | None,
    high: float | None,
    province: float | None,
) -> Standing:
    """`higher` or `lower` only where the whole interval lies on one side of the province's value.

    `none`: no case at all; `too_few`: fewer cases than the indicator may be judged by.
    """
    if value is None or is_missing(value) or (n is not None and n == 0):
        return "none"
    if n is not None and n < indicator.min_n:
        return "too_few"
    if province is None or is_missing(province) or low is None or high is None or is_missing(low) or is_missing(high):
        return "unclear"
    if low > province:
        return "higher"
    return "lower" if high < province else "unclear"


def with_standing(frame: pl.DataFrame, indicator: Indicator, province: float | None) -> pl.DataFrame:
    """The frame of one indicator by commune with plain columns `value, n, low, high` and `standing`."""
    names = {
        "value": indicator.id,
        "n": f"{indicator.id}_n",
        "low": f"{indicator.id}_low",
        "high": f"{indicator.id}_high",
    }
    plain = frame.select(
        "commune",
        *(
            (pl.col(column).cast(pl.Float64) if column in frame.columns else pl.lit(None, pl.Float64)).alias(name)
            for name, column in names.items()
        ),
    )
    standings = [
        standing(indicator, value, n, low, high, province)
        for value, n, low, high in plain.select("value", "n", "low", "high").iter_rows()
    ]
    return plain.with_columns(standing=pl.Series(standings, dtype=pl.String))


def is_better(indicator: Indicator, where: str) -> bool | None:
    """Whether a standing is the good side; nothing where there are no sides."""
    if where not in ("higher", "lower") or indicator.direction == "neutral":
        return None
    return (where == "higher") == (indicator.direction == "higher_is_better")


def standing_name(where: str) -> str:
    return {
        "higher": _("cao hơn rõ mức chung"),
        "lower": _("thấp hơn rõ mức chung"),
        "unclear": _("chưa đủ cơ sở phân biệt với mức chung"),
        "too_few": _("chưa đủ số liệu"),
        "none": _("không phát sinh"),
    }[where]
