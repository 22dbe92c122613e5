"""Which days of a question are read from the tables by year, month or ten days, and which day by day."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from indicators.windows import Window

Level = Literal["year", "month", "ten_days", "day"]
_LAST_TEN_DAYS = 21
_ONE_DAY = dt.timedelta(days=1)


class Span(NamedTuple):
    """Neighbouring days that are read at one level, both ends included."""

    level: Level
    first: dt.date
    last: dt.date


class BoundDays(dict[str, dt.date]):
    """The days that a statement binds."""

    def between(self, span: Span) -> str:
        """SQL for the days of a span."""
        number = len(self)
        self |= {f"from_{number}": span.first, f"to_{number}": span.last}
        return f"between $from_{number} and $to_{number}"


def spans(windows: Iterable[Window], levels: Sequence[Level] = ("month", "day")) -> list[Span]:
    """The fewest rows that make up the windows: years, months, … that lie whole in one window, and the days left.

    `levels` from the longest to the day. The windows come in order; what touches is read in one go.
    """
    found: list[Span] = []
    for window in windows:
        day = window.starts
        while day <= window.ends:
            level, last = next(
                (level, last) for level in levels if (last := _last_of(level, day)) and last <= window.ends
            )
            if found and found[-1].level == level and found[-1].last + _ONE_DAY == day:
                day = found.pop().first
            found.append(Span(level, day, last))
            day = last + _ONE_DAY
    return found


def _last_of(level: Level, day: dt.date) -> dt.date | None:
    """The last day of the year, month or ten days (at its end up to eleven) that begin on a day; the day itself."""
    if level == "day":
        return day
    if level == "ten_days" and day.day < _LAST_TEN_DAYS:
        return day + 9 * _ONE_DAY if day.day in (1, 11) else None
    if level == "ten_days":
        return _last_of("month", day.replace(day=1)) if day.day == _LAST_TEN_DAYS else None
    if day.day > 1 or (level == "year" and day.month > 1):
        return None
    month = 12 if level == "year" else day.month
    return day.replace(month=month, day=calendar.monthrange(day.year, month)[1])
