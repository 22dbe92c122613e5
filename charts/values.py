"""A value of an indicator as text: for cards, tables, tooltips and axes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from indicators.catalogue import Indicator
from language import _
from language.formats import NOTHING, days, duration, number, percent, percentage_points

_DECIMALS = {"count": 0, "per_1000_people": 1, "per_staff_day": 1, "ratio": 2, "points": 2}


def is_missing(value: float | None) -> bool:
    return value is None or not math.isfinite(value)


def value_text(indicator: Indicator, value: float | None, minutes_per_day: int) -> str:
    """`97,6 %`, `1.234`, `5,1 giờ`, `3,2 ngày làm việc`; an en dash where there is no value."""
    if value is None or is_missing(value):
        return NOTHING
    if indicator.unit == "rate":
        return percent(value)
    if indicator.unit == "working_days":
        return duration(value * minutes_per_day, minutes_per_day)
    if indicator.unit == "days":
        return days(value)
    return number(value, _DECIMALS[indicator.unit])


def short_value_text(indicator: Indicator, value: float | None, minutes_per_day: int) -> str:
    """`value_text` for big type: working days are called days, the definition says which."""
    if value is not None and not is_missing(value) and indicator.unit == "working_days" and abs(value) >= 1:
        return _("{number} ngày").format(number=number(value, 1))
    return value_text(indicator, value, minutes_per_day)


def unit_text(indicator: Indicator) -> str:
    """What a bare number of the indicator counts."""
    return {
        "count": _("hồ sơ"),
        "rate": "%",
        "working_days": _("ngày làm việc"),
        "days": _("ngày"),
        "per_1000_people": _("hồ sơ trên 1.000 dân"),
        "per_staff_day": _("hồ sơ một cán bộ một ngày"),
        "ratio": _("lần"),
        "points": _("điểm"),
    }[indicator.unit]


def interval_text(indicator: Indicator, low: float | None, high: float | None, minutes_per_day: int) -> str:
    """`96,8–98,3 %`, or nothing where the interval is not known."""
    if is_missing(low) or is_missing(high):
        return ""
    texts = [value_text(indicator, bound, minutes_per_day) for bound in (low, high)]
    first_words, last_words = (text.split(" ", 1) for text in texts)
    if first_words[1:] == last_words[1:]:
        # The unit once is enough.
        return "–".join([first_words[0], texts[1]])
    return f"{texts[0]} – {texts[1]}"


def difference_text(indicator: Indicator, value: float, before: float, minutes_per_day: int) -> str:
    """The change as people say it: `+12,3 %` of a count, `−1,2 điểm %` of a rate, `+1,1 giờ` of a duration."""
    if indicator.unit == "rate":
        return percentage_points(value - before)
    if indicator.unit == "count":
        if before == 0:
            return number(value - before, signed=True)
        return f"{number(100 * (value - before) / before, 1, signed=True)} %"
    text = value_text(indicator, abs(value - before), minutes_per_day)
    sign = "" if all(character in "0,." for character in text.split(" ")[0]) else "+" if value > before else "−"
    return f"{sign}{text}"


def rounded_value(indicator: Indicator, value: float, minutes_per_day: int) -> float:
    """The value to the precision that `value_text` prints, so that equal texts are equal values."""
    if indicator.unit == "rate":
        return round(value, 3)
    if indicator.unit in ("working_days", "days"):
        day = minutes_per_day if indicator.unit == "working_days" else 1440
        minutes = value * day
        if abs(minutes) < 60:
            return round(minutes) / day
        if abs(minutes) < day:
            return round(minutes / 60, 1) * 60 / day
        return round(value, 1)
    return round(value, _DECIMALS[indicator.unit])


@dataclass(frozen=True)
class Axis:
    """How an axis prints an indicator: values times `factor`, with `decimals`, under the title `unit`."""

    factor: float
    unit: str
    decimals: int

    def text(self, value: float) -> str:
        text = number(value * self.factor, self.decimals)
        return f"{text} %" if self.unit == "%" else text


def axis(indicator: Indicator, values: Iterable[float | None], minutes_per_day: int) -> Axis:
    """One unit for the whole axis: percent, and hours or minutes where all durations are short."""
    finite = [abs(value) for value in values if value is not None and math.isfinite(value)]
    largest = max(finite, default=0)
    spread = largest - min(finite, default=0)
    if indicator.unit == "rate":
        return Axis(100, "%", 0 if spread > 0.04 else 1)
    if indicator.unit in ("working_days", "days"):
        day = minutes_per_day if indicator.unit == "working_days" else 1440
        if largest * day < 90:
            return Axis(day, _("phút"), 0)
        if largest < 1.5:
            unit = _("giờ làm việc") if indicator.unit == "working_days" else _("giờ")
            return Axis(day / 60, unit, 0 if spread * day / 60 > 4 else 1)
        return Axis(1, unit_text(indicator), 0 if spread > 4 else 1)
    decimals = 0 if indicator.unit == "count" or spread > 5 else _DECIMALS[indicator.unit]
    return Axis(1, unit_text(indicator), decimals)


def ticks(low: float, high: float, *, steps: int = 5) -> list[float]:
    """Round values from at most `low` to at least `high`, about `steps` of them."""
    span = high - low
    if span <= 0:
        span = abs(high) or 1.0
    raw = span / steps
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= raw * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]
