"""The stretch of days on screen: presets, months, quarters, reporting periods, or two typed dates."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from indicators.errors import CallError
from indicators.windows import Window, bucket_label, bucket_window, presets
from language import _
from language.formats import date as written_date
from pages.parts.address import DEFAULT_PERIOD, View

CUSTOM = "custom"
# A reporting period has the label of a month; in addresses this mark tells them apart.
_REPORT_MARK = "report-"


@dataclass(frozen=True)
class Period:
    """A window with the key that stands in the address and the name that people call it by."""

    key: str
    name: str
    window: Window

    @property
    def dates(self) -> str:
        return written_window(self.window)

    def answers(self, view: View) -> bool:
        """Whether this is the period that the view asks for, and not one taken in its stead."""
        return self.key == view.period


def written_window(window: Window) -> str:
    """`01/07/2025 – 31/07/2025`, or one date."""
    if window.starts == window.ends:
        return written_date(window.starts)
    return f"{written_date(window.starts)} – {written_date(window.ends)}"


@lru_cache(maxsize=64)
def choices(as_of: dt.date, first: dt.date, language: str) -> tuple[Period, ...]:
    """The periods to choose from, none without data: presets first, then quarters, months and reporting periods.

    `language` only keeps apart what is kept for each language.
    """
    del language
    found = [
        Period(preset.key, preset.name, Window(max(preset.window.starts, first), preset.window.ends))
        for preset in presets(as_of)
        if preset.window.ends >= first
    ]
    for dimension in ("quarter", "month", "report_month"):
        found += [_bucket(dimension, label) for label in _labels(dimension, as_of, first)]
    return tuple(found)


def resolve(view: View, *, as_of: dt.date, first: dt.date) -> Period:
    """The period of a view, clipped to the days of the data; one without such a day, or no period, is the default."""
    if view.period == CUSTOM and view.date_from and view.date_to:
        starts, ends = max(view.date_from, first), min(view.date_to, as_of)
        if view.date_from <= view.date_to and starts <= ends:
            return Period(CUSTOM, _("Khoảng tự chọn"), Window(starts, ends))
    offered = {period.key: period for period in choices(as_of, first, view.language)}
    if view.period in offered:
        return _clipped(offered[view.period], as_of)
    try:
        asked = _clipped(_from_key(view.period), as_of)
    except CallError:
        asked = None
    # A period offered for the data's whole time may have been cut off from the list, never one before the data.
    if asked is not None and asked.window.ends >= first:
        return asked
    return offered.get(DEFAULT_PERIOD) or next(iter(offered.values()))


def read_date(text: str) -> dt.date | None:
    """A typed date: 1/7/2025, 01-07-2025, 1.7.2025 or 2025-07-01; nothing where it is none."""
    numbers = re.split(r"[/.\-\s]+", text.strip())
    if len(numbers) != 3 or not all(number.isdecimal() for number in numbers):
        return None
    day, month, year = numbers[::-1] if len(numbers[0]) == 4 else numbers
    try:
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def _clipped(period: Period, as_of: dt.date) -> Period:
    return Period(period.key, period.name, period.window.clipped(as_of))


def _labels(dimension: str, as_of: dt.date, first: dt.date) -> list[str]:
    """The buckets from the last day of the data back to the first, at most five years of them."""
    labels: list[str] = []
    day = as_of
    while day >= first and len(labels) < 60:
        label = bucket_label(dimension, day)
        labels.append(label)
        day = bucket_window(dimension, label).starts - dt.timedelta(days=1)
    return labels


def _from_key(key: str) -> Period:
    if key.startswith(_REPORT_MARK):
        return _bucket("report_month", key.removeprefix(_REPORT_MARK))
    return _bucket("quarter" if "Q" in key else "month", key)


def _bucket(dimension: str, label: str) -> Period:
    window = bucket_window(dimension, label)
    year, rest = label.split("-")
    if dimension == "quarter":
        return Period(label, _("Quý {quarter} năm {year}").format(quarter=rest[1:], year=year), window)
    month = f"{int(rest)}/{year}"
    if dimension == "month":
        return Period(label, _("Tháng {month}").format(month=month), window)
    return Period(f"{_REPORT_MARK}{label}", _("Kỳ báo cáo {month}").format(month=month), window)
