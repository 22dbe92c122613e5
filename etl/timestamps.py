"""Times as exports write them: `05/07/2025 07:30`, `7h30 ngày 5/7/2025`, ISO with offset, Excel serials, …

A column of a large export is nearly always of one shape. So the shapes are tried on the whole column in the order of a
sample, each only on what is left, by polars' own parser; what remains goes value by value (each distinct text once).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

import polars as pl

from etl.errors import DataError
from language import _

TIMESTAMP = pl.Struct({"value": pl.Datetime("us"), "date_only": pl.Boolean})

_SHAPES = (
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y",
    "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%H:%M:%S %d/%m/%Y", "%H:%M %d/%m/%Y", "%Hh%M %d/%m/%Y", "%d/%m/%Y %Hh%M",
    "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y",
)  # fmt: skip
# The halves of the day as a Vietnamese Windows writes them: SA (sáng) and CH (chiều).
_SHAPES_OF_HALVES = ("%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p")
_FIRST, _LAST = dt.datetime(1900, 1, 1), dt.datetime(2199, 12, 31, 23, 59, 59, 999_999)
_SAMPLE = 200
# From so many unread values on, trying a shape that the sample did not show costs less than reading one by one.
_MANY = 1000

_DATE = (
    r"(?:ngày\s*)?(\d{1,2})\s*"
    r"(?:/\s*(\d{1,2})\s*/|-\s*(\d{1,2})\s*-|\.\s*(\d{1,2})\s*\.|tháng\s*(\d{1,2})\s*năm)\s*(\d{4})"
)
_TIME = (
    r"(\d{1,2})\s*(?::|h|giờ)\s*(?:(\d{1,2})\s*(?:(?::|phút|p|')\s*(?:(\d{1,2})(?:[.,](\d{1,9}))?\s*(?:giây|s|\")?)?)?)?"
    r"\s*(sa|ch)?"
)
_DATE_FIRST = re.compile(rf"{_DATE}(?:[\s,;-]*(?:vào\s*)?(?:lúc|hồi)?\s*{_TIME})?")
_TIME_FIRST = re.compile(rf"(?:vào\s*)?(?:lúc|hồi)?\s*{_TIME}[\s,;-]*{_DATE}")
_WEEKDAY = re.compile(r"^(?:thứ\s*(?:hai|ba|tư|năm|sáu|bảy|[2-7])|t[2-7]|chủ\s*nhật|cn)[\s,.]+")
_ISO = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
    r"(?:[t\s]\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?)?\s*(z|[+-]\d{2}(?::?\d{2})?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[t\s]?(\d{2})(\d{2})(\d{2})?)?(z)?(?:\.0+)?")
_EPOCH_MILLISECONDS = re.compile(r"1\d{12}")
_SERIALS = (30_000, 80_000)
_SERIAL_OF_1970 = 25_569
_DAY_MILLISECONDS = 86_400_000

Moment = tuple[dt.datetime, bool]
_Found = tuple[pl.Series, pl.Series]


def parse_timestamp(column: pl.Expr, *, formats: Sequence[str] = (), timezone: str) -> pl.Expr:
    """A struct of the local time (`value`, microseconds, no zone) and whether the text gave a date only (`date_only`).

    The day comes before the month. A time with an offset is converted to `timezone`; one without is taken to be in it.
    `formats` (as strftime) are tried first. Both fields are null for empty text and for what is no time or leaves
    something open: a year of two digits, AM/PM (which go with the month before the day), a year outside 1900 to 2199.
    Raises DataError for a format that is none.
    """
    read = partial(_read, formats=tuple(map(_checked, formats)), timezone=timezone)
    return column.map_batches(read, return_dtype=TIMESTAMP, is_elementwise=True)


def _read(texts: pl.Series, *, formats: tuple[str, ...], timezone: str) -> pl.Series:
    """Let each way of reading have what the ones before it could not read."""
    likely = _shapes_in_sample(texts)
    unlikely = [shape for shape in _SHAPES if shape not in likely]
    attempts: list[tuple[Callable[[pl.Series], _Found], int]] = [
        *((partial(_read_shape, shape=shape, timezone=timezone), 1) for shape in [*formats, *likely]),
        *((partial(_read_shape, shape=shape, timezone=timezone), _MANY) for shape in unlikely),
        *((partial(_read_halves, shape=shape), _MANY) for shape in _SHAPES_OF_HALVES),
        (_read_serials, 1),
        (partial(_read_one_by_one, timezone=timezone), 1),
    ]
    values = dates_only = left = places = None
    for attempt, worthwhile_from in attempts:
        remaining = texts if left is None else left
        if len(remaining) - remaining.null_count() < worthwhile_from:
            continue
        found, is_date = attempt(remaining)
        if values is None or dates_only is None or places is None:
            values, dates_only = found, is_date
        else:
            good = found.is_not_null()
            values = values.scatter(places.filter(good), found.filter(good))
            dates_only = dates_only.scatter(places.filter(good), is_date.filter(good))
        places = (values.is_null() & texts.is_not_null()).arg_true()
        left = texts.gather(places)
    if values is None or dates_only is None:
        values, dates_only = _nulls(pl.Datetime("us"), len(texts)), _nulls(pl.Boolean(), len(texts))
    return pl.DataFrame({"value": values, "date_only": dates_only}).to_struct(texts.name)


def _shapes_in_sample(texts: pl.Series) -> list[str]:
    """The shapes that occur in a sample of the column, the commonest first."""
    present = texts.drop_nulls()
    sample = present.sample(_SAMPLE, seed=0) if len(present) > _SAMPLE else present
    counts = {shape: len(sample) - _parse(sample, shape).null_count() for shape in _SHAPES}
    return sorted((shape for shape in _SHAPES if counts[shape]), key=lambda shape: -counts[shape])


def _read_shape(texts: pl.Series, *, shape: str, timezone: str) -> _Found:
    return _within_years(_parse(texts, shape), shape=shape, timezone=timezone)


def _read_halves(texts: pl.Series, *, shape: str) -> _Found:
    # AM and PM themselves are not read: they go with the month before the day.
    halves = texts.set(~texts.str.contains(r"(?i)\d\s*(sa|ch)\s*$"), None)
    english = halves.str.replace(r"(?i)\s*sa\s*$", " AM").str.replace(r"(?i)\s*ch\s*$", " PM")
    return _within_years(_parse(english, shape), shape=shape, timezone="UTC")


def _within_years(found: pl.Series, *, shape: str, timezone: str) -> _Found:
    if found.dtype == pl.Datetime("us", "UTC"):
        found = found.dt.convert_time_zone(timezone).dt.replace_time_zone(None)
    # A year of two digits comes out as the year 25.
    within = found.is_between(_FIRST, _LAST)
    if not within.all():
        found = found.set(~within, None)
    return found, _marks(found, re.search(r"%[-_0]?[HIklTRXcsrM+]", shape) is None)


def _parse(texts: pl.Series, shape: str) -> pl.Series:
    return texts.str.to_datetime(shape, strict=False, time_unit="us", cache=False)


def _checked(shape: str) -> str:
    """The format as the parser wants it: it differs from Python's in fractions of a second and in offsets."""
    # Checked here, since an error inside a polars query would lose its kind.
    try:
        pl.Series([dt.datetime(2025, 7, 5, tzinfo=dt.UTC)]).dt.to_string(shape)
    except pl.exceptions.PolarsError as error:
        raise DataError(
            _("Tệp cấu hình, datetime_formats: {format!r} không phải một mẫu ngày giờ đúng.").format(format=shape)
        ) from error
    return shape.replace(".%f", "%.f").replace("%z", "%#z")


def _read_serials(texts: pl.Series) -> _Found:
    """Days since 1899-12-30, as a spreadsheet counts them."""
    numbers = texts.str.strip_chars().str.replace(",", ".", literal=True)
    days = numbers.set(~numbers.str.contains(r"^\d{5}(\.\d+)?$"), None).cast(pl.Float64)
    days = days.set(~days.is_between(*_SERIALS), None)
    # A serial holds a time to some hundred-thousandths of a second; what people wrote was whole milliseconds.
    milliseconds = (days * _DAY_MILLISECONDS).round().cast(pl.Int64) - _SERIAL_OF_1970 * _DAY_MILLISECONDS
    return milliseconds.cast(pl.Datetime("ms")).cast(pl.Datetime("us")), days == days.floor()


def _read_one_by_one(texts: pl.Series, *, timezone: str) -> _Found:
    zone = ZoneInfo(timezone)
    distinct = texts.drop_nulls().unique().to_list()
    moments = {text: moment for text in distinct if (moment := read_one(text, zone=zone))}
    if not moments:
        return _nulls(pl.Datetime("us"), len(texts)), _nulls(pl.Boolean(), len(texts))
    known = list(moments)
    values, dates_only = zip(*moments.values(), strict=True)
    return (
        texts.replace_strict(
            known, pl.Series(values, dtype=pl.Datetime("us")), default=None, return_dtype=pl.Datetime("us")
        ),
        texts.replace_strict(known, dates_only, default=None, return_dtype=pl.Boolean),
    )


def _nulls(dtype: pl.DataType, length: int) -> pl.Series:
    return pl.Series([None], dtype=dtype).new_from_index(0, length)


def _marks(found: pl.Series, is_date: bool) -> pl.Series:
    marks = pl.Series([is_date]).new_from_index(0, len(found))
    return marks.set(found.is_null(), None) if found.null_count() else marks


def read_one(text: str, *, zone: ZoneInfo) -> Moment | None:
    """The time that one text tells, and whether it is a date only; None where it tells none."""
    folded = _WEEKDAY.sub("", " ".join(text.lower().split()))
    try:
        moment = _read_words(folded) or _read_iso(folded, zone) or _read_digits(folded, zone)
    except (ValueError, OverflowError):
        return None
    return moment if moment and _FIRST <= moment[0] <= _LAST else None


def _read_words(text: str) -> Moment | None:
    if match := _DATE_FIRST.fullmatch(text):
        date, time = match.groups()[:6], match.groups()[6:]
    elif match := _TIME_FIRST.fullmatch(text):
        time, date = match.groups()[:5], match.groups()[5:]
    else:
        return None
    day, *months, year = date
    month = next(month for month in months if month)
    hour, minute, second, fraction, half = time
    if hour is None:
        return dt.datetime(int(year), int(month), int(day)), True
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half == "ch" else 0)
    moment = dt.datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))
    return moment + _fraction(fraction), False


def _read_iso(text: str, zone: ZoneInfo) -> Moment | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, _mark, month, day, hour, minute, second, fraction, offset = match.groups()
    date = dt.datetime(int(year), int(month), int(day))
    if hour is None:
        return date, True
    moment = date.replace(hour=int(hour), minute=int(minute), second=int(second or 0)) + _fraction(fraction)
    return _to_zone(moment, offset, zone), False


def _read_digits(text: str, zone: ZoneInfo) -> Moment | None:
    if _EPOCH_MILLISECONDS.fullmatch(text):
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=int(text))
        return _to_zone(moment, "z", zone), False
    if match := _COMPACT.fullmatch(text):
        *numbers, utc = match.groups()
        year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
        moment = dt.datetime(year, month, day, hour, minute, second)
        return (_to_zone(moment, utc, zone), False) if numbers[3] else (moment, True)
    return None


def _fraction(digits: str | None) -> dt.timedelta:
    return dt.timedelta(microseconds=int((digits or "0").ljust(6, "0")[:6]))


def _to_zone(moment: dt.datetime, offset: str | None, zone: ZoneInfo) -> dt.datetime:
    if offset is None:
        return moment
    if offset == "z":
        hours = minutes = 0
    else:
        hours, minutes = int(offset[:3]), int(offset[0] + (offset[3:].lstrip(":") or "0"))
    aware = moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=hours, minutes=minutes)))
    return aware.astimezone(zone).replace(tzinfo=None)
