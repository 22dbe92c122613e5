"""Cards: one figure each with its meaning, its interval, and what it is beside the previous period and last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from charts.change import Figure, change
from charts.values import interval_text, short_value_text
from indicators.catalogue import Indicator
from language import _
from language.formats import number
from pages.parts.components import component
from pages.parts.definitions import definition

_cards = component("cards")


def cards(contents: Sequence[dict[str, Any]], *, key: str) -> None:
    """Draw cards made by `card`, four in a row where there is room."""
    _cards(key=key, data={"cards": list(contents), "words": {"meaning": _("Ý nghĩa của chỉ tiêu")}})


def card(
    indicator: Indicator, now: Figure, changes: Mapping[str, Mapping[str, Any]], *, minutes_per_day: int
) -> dict[str, Any]:
    """What a card says, in ready-made texts; `changes` are rows of `indicators.compare` by the name of their period."""
    return {
        "name": indicator.name,
        "meaning": definition(indicator),
        "value": short_value_text(indicator, now.value, minutes_per_day),
        "certainty": certainty(indicator, now, minutes_per_day),
        "comparisons": [comparison(indicator, period, row, minutes_per_day) for period, row in changes.items()],
    }


def certainty(indicator: Indicator, figure: Figure, minutes_per_day: int) -> str:
    """`96,8–98,3 % · n = 4.819`, and a warning where n is too small to judge by."""
    parts = []
    if interval := interval_text(indicator, figure.low, figure.high, minutes_per_day):
        parts.append(interval)
    if figure.n is not None:
        parts.append(_("n = {n}").format(n=number(figure.n)))
        if figure.n < indicator.min_n:
            parts.append(_("chưa đủ số liệu"))
    return " · ".join(parts)


def comparison(indicator: Indicator, period: str, row: Mapping[str, Any], minutes_per_day: int) -> dict[str, Any]:
    """A change in words; its tone is set only where it is clear and one side is the good one."""
    found = change(indicator, row, minutes_per_day)
    if found is None:
        return {"period": period, "text": _("không có số liệu"), "verdict": "", "clear": False, "tone": ""}
    arrow = ("▲" if found.rises else "▼") if found.is_clear else ""
    return {
        "period": period,
        "text": arrow + found.text,
        "verdict": found.verdict,
        "clear": found.is_clear,
        "tone": {True: "better", False: "worse", None: ""}[found.is_better],
    }
