"""The office clock: wall seconds to working seconds and back, over the working calendar.

Wall times are whole seconds since the first simulated midnight, working times seconds of office time since then. A time
that never comes is `NEVER`, which is later than every other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from etl.calendar import SAME_DAY_CUTOFF_MINUTE, load_calendar

Seconds = NDArray[np.int64]

FIRST_DAY = dt.date(2025, 7, 1)
DAY = 86_400
NEVER = np.int64(2**40)
# Room after the last day for promised dates and for what has not happened yet on it.
_MARGIN_DAYS = 400


@dataclass(frozen=True)
class Clock:
    """Working days from FIRST_DAY on. `is_working`: one flag a day; `working_days`: positions of the working ones."""

    is_working: NDArray[np.bool_]
    working_days: Seconds
    working_before: Seconds
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, days: int) -> Clock:
        """The clock for a simulation of so many days."""
        calendar = load_calendar()
        last = FIRST_DAY + dt.timedelta(days=days + _MARGIN_DAYS)
        is_working = calendar.days.filter(pl.col("day").is_between(FIRST_DAY, last))["is_working"].to_numpy()
        count = is_working.astype(np.int64)
        spans = tuple((starts * 60, ends * 60) for starts, ends in calendar.office_hours)
        return cls(is_working, np.flatnonzero(is_working).astype(np.int64), np.cumsum(count) - count, spans)

    @property
    def seconds_per_day(self) -> int:
        """Working seconds of one working day."""
        return sum(ends - starts for starts, ends in self.spans)

    @property
    def day_end(self) -> int:
        """Seconds after midnight at which the office closes."""
        return self.spans[-1][1]

    def to_working(self, wall: Seconds) -> Seconds:
        """Working seconds passed at each wall time; NEVER stays NEVER."""
        day, within = np.divmod(np.minimum(wall, self._horizon), DAY)
        worked = sum(np.clip(within, starts, ends) - starts for starts, ends in self.spans)
        result = self.working_before[day] * self.seconds_per_day + np.where(self.is_working[day], worked, 0)
        return np.where(wall >= NEVER, NEVER, result)

    def to_wall(self, working: Seconds) -> Seconds:
        """The wall time at which so many working seconds have passed (a closing time is the next opening)."""
        ordinal, rest = np.divmod(
            np.minimum(working, (len(self.working_days) - 1) * self.seconds_per_day), self.seconds_per_day
        )
        wall = self.working_days[ordinal] * DAY
        for starts, ends in self.spans:
            inside = (rest >= 0) & (rest < ends - starts)
            wall = np.where(inside, wall + starts + rest, wall)
            rest = np.where(inside, -1, rest - (ends - starts))
        return np.where(working >= NEVER, NEVER, wall)

    def due(self, received: Seconds, terms: Seconds, same_day: NDArray[np.bool_]) -> Seconds:
        """The promised time: the end of office hours on the day on which the term ends (received day not counted)."""
        day, within = np.divmod(np.minimum(received, self._horizon), DAY)
        late = within >= SAME_DAY_CUTOFF_MINUTE * 60
        term = np.where(same_day, late & self.is_working[day], terms)
        through = self.working_before[day] + np.where(term > 0, self.is_working[day], 0)
        return np.where(received >= NEVER, NEVER, self._end_of(through + np.maximum(term, 1) - 1))

    def later(self, due: Seconds, working_days: Seconds | int) -> Seconds:
        """The promised time moved on by so many working days."""
        ordinal = self.working_before[np.minimum(due, self._horizon) // DAY] + working_days
        return np.where(due >= NEVER, NEVER, self._end_of(ordinal))

    def _end_of(self, ordinal: Seconds) -> Seconds:
        """The closing time of working days given by position."""
        return self.working_days[np.minimum(ordinal, len(self.working_days) - 1)] * DAY + self.day_end

    @property
    def _horizon(self) -> int:
        return (len(self.is_working) - 1) * DAY


def moment(seconds: int) -> dt.datetime:
    """The date and time of a wall second."""
    return dt.datetime.combine(FIRST_DAY, dt.time()) + dt.timedelta(seconds=seconds)
