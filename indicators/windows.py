"""Windows of days: the presets of the screens, the windows to compare with, and the buckets of a time dimension."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from indicators.errors import CallError, WrongDates
from language import _
from language.formats import date as written_date

# The administrative reporting period runs from this day of a month to the day before it in the next.
REPORT_MONTH_STARTS_ON = 15
# The first day of the two-level local government: what everyone counts from.
NEW_COMMUNES_FROM = dt.date(2025, 7, 1)
TIME_DIMENSIONS = ("day", "week", "month", "quarter", "report_month")

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, order=True)
class Window:
    """A stretch of days, both ends included."""

    starts: dt.date
    ends: dt.date

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise WrongDates(
                _("Khoảng thời gian kết thúc ({ends}) trước khi bắt đầu ({starts}).").format(
                    starts=written_date(self.starts), ends=written_date(self.ends)
                )
            )

    def __iter__(self) -> Iterator[dt.date]:
        return (self.starts + _ONE_DAY * offset for offset in range(self.days))

    @property
    def days(self) -> int:
        return (self.ends - self.starts).days + 1

    def clipped(self, as_of: dt.date) -> Window:
        """The part that is known on `as_of`; WrongDates where nothing is."""
        if self.starts > as_of:
            raise WrongDates(
                _("Khoảng thời gian bắt đầu ngày {starts}, sau ngày chốt số liệu {as_of}.").format(
                    starts=written_date(self.starts), as_of=written_date(as_of)
                )
            )
        return Window(self.starts, min(self.ends, as_of))


def previous_window(starts: dt.date, ends: dt.date) -> Window:
    """As many days just before; whole months and reporting periods are compared with as many of their own."""
    if starts.day in (1, REPORT_MONTH_STARTS_ON) and (ends + _ONE_DAY).day == starts.day:
        months = (ends.year - starts.year) * 12 + (ends + _ONE_DAY).month - starts.month
        months += 12 * ((ends + _ONE_DAY).year - ends.year)
        return Window(_add_months(starts, -months), starts - _ONE_DAY)
    length = (ends - starts).days
    return Window(starts - _ONE_DAY * (length + 1), starts - _ONE_DAY)


def last_year(starts: dt.date, ends: dt.date) -> Window:
    """The same days of the year before; 29 February becomes 28 February, the end of a month stays its end."""
    before = _add_months(ends, -12)
    if (ends + _ONE_DAY).day == 1:
        before = _last_of_month(before)
    return Window(_add_months(starts, -12), before)


@dataclass(frozen=True)
class Preset:
    """A window that people ask for by name; `key` stands in addresses."""

    key: str
    name: str
    window: Window


def presets(as_of: dt.date) -> tuple[Preset, ...]:
    """The windows to choose from on a day, none of them reaching past it."""
    this_month = as_of.replace(day=1)
    quarter = as_of.replace(month=as_of.month - (as_of.month - 1) % 3, day=1)
    report = bucket_window("report_month", bucket_label("report_month", as_of))
    report_before = previous_window(report.starts, report.ends)
    chosen = [
        ("from_2025_07_01", _("Từ 01/7/2025"), NEW_COMMUNES_FROM, as_of),
        ("this_month", _("Tháng này"), this_month, as_of),
        ("last_month", _("Tháng trước"), _add_months(this_month, -1), this_month - _ONE_DAY),
        ("last_30_days", _("30 ngày qua"), as_of - 29 * _ONE_DAY, as_of),
        ("this_quarter", _("Quý này"), quarter, as_of),
        ("this_year", _("Năm nay"), as_of.replace(month=1, day=1), as_of),
        ("last_12_months", _("12 tháng qua"), _add_months(as_of + _ONE_DAY, -12), as_of),
        ("report_month", _("Kỳ báo cáo này"), report.starts, as_of),
        ("last_report_month", _("Kỳ báo cáo trước"), report_before.starts, report_before.ends),
    ]
    return tuple(Preset(key, name, Window(starts, ends)) for key, name, starts, ends in chosen if starts <= ends)


def bucket_label(dimension: str, day: dt.date) -> str:
    """The bucket of a time dimension that a day lies in, as printed: `2025-W27`, `2025-07`, `2025-Q3`.

    A reporting period is named by the month in which it ends: `2025-07` runs from 15/06 to 14/07/2025.
    """
    if dimension == "day":
        return day.isoformat()
    if dimension == "week":
        year, week, _weekday = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if dimension == "quarter":
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    if dimension == "report_month" and day.day >= REPORT_MONTH_STARTS_ON:
        day = _add_months(day.replace(day=1), 1)
    return f"{day.year:04d}-{day.month:02d}"


def bucket_window(dimension: str, label: str) -> Window:
    """The days of a bucket, from its label; the inverse of `bucket_label`."""
    try:
        if dimension == "day":
            day = dt.date.fromisoformat(label)
            return Window(day, day)
        if dimension == "week" and (match := re.fullmatch(r"(\d{4})-W(\d{2})", label)):
            monday = dt.date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return Window(monday, monday + 6 * _ONE_DAY)
        if dimension == "quarter" and (match := re.fullmatch(r"(\d{4})-Q([1-4])", label)):
            first = dt.date(int(match[1]), 3 * int(match[2]) - 2, 1)
            return Window(first, _add_months(first, 3) - _ONE_DAY)
        if match := re.fullmatch(r"(\d{4})-(\d{2})", label):
            first = dt.date(int(match[1]), int(match[2]), 1)
            if dimension == "month":
                return Window(first, _last_of_month(first))
            if dimension == "report_month":
                starts = _add_months(first, -1).replace(day=REPORT_MONTH_STARTS_ON)
                return Window(starts, first.replace(day=REPORT_MONTH_STARTS_ON) - _ONE_DAY)
    except ValueError:
        pass
    raise CallError(_("“{label}” không phải là một kỳ của chiều {dimension}.").format(label=label, dimension=dimension))


def _add_months(day: dt.date, months: int) -> dt.date:
    """The same day some months on, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _last_of_month(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
