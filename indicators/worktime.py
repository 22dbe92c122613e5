"""Working time in SQL: a moment's place on the scale of all working seconds, from `calendar` and `office_minute`."""

from __future__ import annotations


def position(name: str, moment: str) -> tuple[str, str]:
    """The SQL of a moment's place, in working seconds, and the joins that it needs; `name` keeps several apart.

    The difference of two places is the working time between them.
    """
    joins = f"""
        left join calendar as {name}_day on {name}_day.day = ({moment})::date
        left join office_minute as {name}_minute on {name}_minute.minute = hour({moment}) * 60 + minute({moment})
    """
    return f"working_position({moment}, {name}_day, {name}_minute)", joins


def position_of_end(day: str) -> str:
    """The SQL of a day's end on the same scale; `day` is the name of the day's row of `calendar`."""
    return f"(60 * ({day}.minutes_before + {day}.minutes))"
