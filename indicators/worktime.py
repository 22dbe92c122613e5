"""Working time in SQL: a moment's place on the scale of all working seconds, from `calendar` and `office_hours`."""

from __future__ import annotations

# For each minute of the day: the seconds of a full working day before it, and whether the office is open in it.
OFFICE_MINUTE = """office_minute as (
    select
        minute,
        60 * sum(greatest(0, least(minute, ends) - starts))::integer as seconds_before,
        bool_or(minute >= starts and minute < ends)::integer as is_open
    from range(1440) as day_minutes(minute)
    cross join office_hours
    group by minute
)"""


def position(name: str, moment: str) -> tuple[str, str]:
    """The SQL of a moment's place, in working seconds, and the joins that it needs; `name` keeps several apart.

    The difference of two places is the working time between them. Needs the CTE `office_minute`.
    """
    joins = f"""
        left join calendar as {name}_day on {name}_day.day = ({moment})::date
        left join office_minute as {name}_minute on {name}_minute.minute = hour({moment}) * 60 + minute({moment})
    """
    within_day = f"{name}_minute.seconds_before + {name}_minute.is_open * second({moment})"
    return f"(60 * {name}_day.minutes_before + least({within_day}, 60 * {name}_day.minutes))", joins


def position_of_end(day: str) -> str:
    """The SQL of a day's end on the same scale; `day` is the name of the day's row of `calendar`."""
    return f"(60 * ({day}.minutes_before + {day}.minutes))"
