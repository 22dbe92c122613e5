"""Vietnam's clock, whatever zone the server runs in."""

from __future__ import annotations

import datetime as dt

# One zone, no summer time since 1975: needs no time-zone database.
VIETNAM = dt.timezone(dt.timedelta(hours=7))


def now() -> dt.datetime:
    """The time in Vietnam, without its zone."""
    return dt.datetime.now(VIETNAM).replace(tzinfo=None)


def in_vietnam(moment: dt.datetime) -> dt.datetime:
    """A time with a zone on Vietnam's clock; a time without one is on it already."""
    return moment if moment.tzinfo is None else moment.astimezone(VIETNAM).replace(tzinfo=None)
