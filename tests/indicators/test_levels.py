"""Which days are read by year, by month and day by day."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indicators.levels import Level, Span, spans
from indicators.windows import Window

DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31))


@st.composite
def windows(draw: st.DrawFn) -> list[Window]:
    """Neighbouring windows, as the buckets of a time dimension are."""
    starts = sorted(draw(st.sets(days, min_size=2, max_size=6)))
    return [Window(first, after - DAY) for first, after in pairwise(starts)]


@given(windows(), st.sampled_from([("month", "day"), ("year", "month", "day"), ("month", "ten_days", "day")]))
def test_the_spans_make_up_the_windows_day_for_day(asked: list[Window], levels: tuple[Level, ...]) -> None:
    found = spans(asked, levels)
    read = [day for span in found for day in Window(span.first, span.last)]
    assert read == [day for window in asked for day in window]
    for window in asked:
        for day in window:
            level = next(span.level for span in found if span.first <= day <= span.last)
            month = dt.date(day.year, day.month, 1), (day.replace(day=1) + 31 * DAY).replace(day=1) - DAY
            year = dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)
            tenth = day.replace(day=min((day.day - 1) // 10, 2) * 10 + 1)
            ten_days = tenth, month[1] if tenth.day == 21 else tenth + 9 * DAY
            whole = {
                "ten_days": window.starts <= ten_days[0] and ten_days[1] <= window.ends,
                "year": window.starts <= year[0] and year[1] <= window.ends,
                "month": window.starts <= month[0] and month[1] <= window.ends,
                "day": True,
            }
            assert level == next(name for name in levels if whole[name])


def test_days_at_both_ends_of_whole_months_are_read_one_by_one() -> None:
    assert spans([Window(dt.date(2025, 6, 15), dt.date(2025, 9, 14))]) == [
        Span("day", dt.date(2025, 6, 15), dt.date(2025, 6, 30)),
        Span("month", dt.date(2025, 7, 1), dt.date(2025, 8, 31)),
        Span("day", dt.date(2025, 9, 1), dt.date(2025, 9, 14)),
    ]
