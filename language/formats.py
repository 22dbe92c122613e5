"""Numbers, dates and durations as a Vietnamese paper prints them: 1.234,5 · 97,6 % · dd/mm/yyyy."""

from __future__ import annotations

import datetime as dt
import math

from language import _, current_language

NOTHING = "–"


def _missing(value: float | None) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def number(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """`1234.5` as `1.234,5` (in English `1,234.5`); nothing as an en dash."""
    if _missing(value):
        return NOTHING
    assert value is not None
    text = f"{value:{'+' if signed else ''},.{decimals}f}"
    if signed and float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")
    elif float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    text = text.replace("-", "−")
    return text if current_language() == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(rate: float | None, decimals: int = 1) -> str:
    """The fraction `0.976` as `97,6 %`."""
    if _missing(rate):
        return NOTHING
    assert rate is not None
    return f"{number(100 * rate, decimals)} %"


def percentage_points(difference: float | None, decimals: int = 1) -> str:
    """The difference of two fractions, `0.031` as `+3,1 điểm %`."""
    if _missing(difference):
        return NOTHING
    assert difference is not None
    return _("{number} điểm %").format(number=number(100 * difference, decimals, signed=True))


def date(value: dt.date | None) -> str:
    return NOTHING if value is None else value.strftime("%d/%m/%Y")


def date_time(value: dt.datetime | None) -> str:
    return NOTHING if value is None else value.strftime("%d/%m/%Y %H:%M")


def duration(minutes: float | None, minutes_per_day: int) -> str:
    """Working time: `3,2 ngày làm việc`, below one day `5,1 giờ`, below one hour `12 phút`."""
    if _missing(minutes):
        return NOTHING
    assert minutes is not None
    size = abs(minutes)
    if size < 60:
        return _("{number} phút").format(number=number(minutes))
    if size < minutes_per_day:
        return _("{number} giờ").format(number=number(minutes / 60, 1))
    return _("{number} ngày làm việc").format(number=number(minutes / minutes_per_day, 1))


def days(value: float | None) -> str:
    """Elapsed days of 24 hours: `3,2 ngày`, below one day in hours, below one hour in minutes."""
    if _missing(value):
        return NOTHING
    assert value is not None
    size = abs(value)
    if size < 1 / 24:
        return _("{number} phút").format(number=number(value * 1440))
    if size < 1:
        return _("{number} giờ").format(number=number(value * 24, 1))
    return _("{number} ngày").format(number=number(value, 1))
