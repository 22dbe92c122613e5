"""The working calendar: which days and minutes count, so that a term can be added and a duration measured.

A calendar is a table with one row a day and running totals; every question is a look-up in it. Exceptions to Monday to
Friday (holidays, make-up days) come from the reviewed `data/reference/calendar.csv` and the province's own
`[calendar]`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from etl.errors import DataError
from language import _

REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference" / "calendar.csv"
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2039, 12, 31)
DEFAULT_HOURS = ("07:30-11:30", "13:00-17:00")
# Same-day procedures received from this hour on are due on the next working day (Luật Hộ tịch, certification rules).
SAME_DAY_CUTOFF_MINUTE = 15 * 60

Dates = NDArray[np.datetime64]


@dataclass(frozen=True)
class Calendar:
    """Working days and office hours.

    `days`: one row a day from FIRST_DAY to LAST_DAY with `day, is_working, minutes, minutes_before,
    working_days_before, note`. `office_hours`: pairs of minutes after midnight. `years`: the years that the reviewed
    file covers.
    """

    days: pl.DataFrame
    office_hours: tuple[tuple[int, int], ...]
    years: frozenset[int]

    @property
    def minutes_per_day(self) -> int:
        """Working minutes of one working day."""
        return sum(ends - starts for starts, ends in self.office_hours)

    def is_working(self, day: dt.date) -> bool:
        return bool(self._working[self._position(np.array([day], "datetime64[D]"))][0])

    def add_working_days(self, days: Dates | Sequence[dt.date], terms: NDArray[np.int64] | int) -> Dates:
        """The day on which a term of `terms` working days ends; the day of receipt does not count.

        A term of 0 ends on the first working day from the given one.
        """
        position = self._position(np.asarray(days, "datetime64[D]"))
        through = self._working_days_before[position] + np.where(np.asarray(terms) > 0, self._working[position], 0)
        target = through + np.maximum(np.asarray(terms), 1) - 1
        return np.asarray(self._working_days[target])

    def count_working_days(self, start: Dates | Sequence[dt.date], end: Dates | Sequence[dt.date]) -> NDArray[np.int64]:
        """Working days after `start` up to and including `end`; the inverse of adding."""
        first, last = (self._position(np.asarray(side, "datetime64[D]")) for side in (start, end))
        through = self._working_days_before + self._working
        return np.asarray(through[last] - through[first])

    def due_days(
        self, received: NDArray[np.datetime64], terms: NDArray[np.int64], same_day: NDArray[np.bool_]
    ) -> Dates:
        """The due day of dossiers received at the given moments: same-day procedures by the 15:00 rule, others after
        `terms` working days."""
        day = received.astype("datetime64[D]")
        minute = (received.astype("datetime64[m]") - day).astype(np.int64)
        next_day = np.where(minute >= SAME_DAY_CUTOFF_MINUTE, self._working[self._position(day)], 0)
        return self.add_working_days(day, np.where(same_day, next_day, terms))

    def working_minutes(self, start: NDArray[np.datetime64], end: NDArray[np.datetime64]) -> NDArray[np.int64]:
        """Working minutes from `start` to `end`; negative where the end lies before the start."""
        return self._minutes_until(end) - self._minutes_until(start)

    def _minutes_until(self, moments: NDArray[np.datetime64]) -> NDArray[np.int64]:
        """Working minutes from FIRST_DAY up to each moment (whole minutes)."""
        day = moments.astype("datetime64[D]")
        position = self._position(day)
        minute = (moments.astype("datetime64[m]") - day).astype(np.int64)
        within = sum(np.clip(minute, starts, ends) - starts for starts, ends in self.office_hours)
        return np.asarray(self._minutes_before[position] + self._working[position] * within)

    def _position(self, days: Dates) -> NDArray[np.int64]:
        return np.asarray((days - np.datetime64(FIRST_DAY)).astype(np.int64))

    @property
    def _working(self) -> NDArray[np.int64]:
        return self.days["is_working"].cast(pl.Int64).to_numpy()

    @property
    def _working_days_before(self) -> NDArray[np.int64]:
        return self.days["working_days_before"].to_numpy()

    @property
    def _minutes_before(self) -> NDArray[np.int64]:
        return self.days["minutes_before"].to_numpy()

    @property
    def _working_days(self) -> Dates:
        return self.days.filter("is_working")["day"].to_numpy().astype("datetime64[D]")


def load_calendar(
    *,
    days_off: Iterable[dt.date] = (),
    workdays: Iterable[dt.date] = (),
    hours: Sequence[str] = DEFAULT_HOURS,
    reference: Path = REFERENCE,
) -> Calendar:
    """The reviewed calendar with a province's own days off, make-up days and office hours added."""
    exceptions = pl.read_csv(reference, schema_overrides={"day": pl.Date, "is_working": pl.Int8})
    own = [(day, 0, _("Ngày nghỉ của tỉnh")) for day in days_off] + [
        (day, 1, _("Ngày làm bù của tỉnh")) for day in workdays
    ]
    added = pl.DataFrame(own, schema={"day": pl.Date, "is_working": pl.Int8, "note": pl.String}, orient="row")
    office_hours = parse_hours(hours)
    minutes = sum(ends - starts for starts, ends in office_hours)
    rules = pl.concat([exceptions.select(added.columns), added]).unique("day", keep="last", maintain_order=True)
    days = (
        pl.select(day=pl.date_range(FIRST_DAY, LAST_DAY))
        .join(rules, on="day", how="left", validate="1:1", maintain_order="left")
        .with_columns(is_working=pl.coalesce(pl.col("is_working") == 1, pl.col("day").dt.weekday() <= 5))
        .with_columns(minutes=pl.col("is_working").cast(pl.Int64) * minutes)
        .with_columns(
            minutes_before=pl.col("minutes").cum_sum() - pl.col("minutes"),
            working_days_before=pl.col("is_working").cast(pl.Int64).cum_sum() - pl.col("is_working").cast(pl.Int64),
        )
        .select("day", "is_working", "minutes", "minutes_before", "working_days_before", "note")
    )
    return Calendar(days, office_hours, frozenset(exceptions["day"].dt.year().unique().to_list()))


def parse_hours(hours: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Office hours such as `["07:30-11:30", "13:00-17:00"]` as minutes after midnight, in order and without overlap."""
    spans = []
    for text in hours:
        try:
            starts, ends = (_minute_of_day(side) for side in text.split("-"))
        except ValueError:
            raise DataError(
                _('[calendar] hours: «{text}» không phải khung giờ. Hãy ghi như "07:30-11:30".').format(text=text)
            ) from None
        spans.append((starts, ends))
    spans.sort()
    edges = [edge for span in spans for edge in span]
    if not spans or edges != sorted(set(edges)):
        raise DataError(
            _("[calendar] hours: các khung giờ trống, ngược hoặc chồng nhau: {hours}.").format(hours=", ".join(hours))
        )
    return tuple(spans)


def _minute_of_day(text: str) -> int:
    hour, minute = (int(part) for part in text.strip().split(":"))
    if not (0 <= hour <= 24 and 0 <= minute < 60 and hour * 60 + minute <= 1440):
        raise ValueError(text)
    return hour * 60 + minute
