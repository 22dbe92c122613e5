"""The words of the screen of bottlenecks: steps, causes, hours, and the sentence that says where dossiers wait."""

from __future__ import annotations

import polars as pl

from indicators.words import stop_words
from language import _
from language.formats import date, duration, number, percent
from pages.parts.screen import Screen


def part_name(activity: str | None, kind: str) -> str:
    """A part of the time or of a difference: a step waited for, a cause for which the clock stands, what the log leaves
    open; the mix of procedures."""
    if kind == "mix":
        return _("do cơ cấu thủ tục")
    if kind == "stop":
        # This cause already says that it is a stop.
        cause = stop_words(activity or "")
        return cause if activity == "on_request" else _("dừng: {cause}").format(cause=cause)
    return activity or _("sau bước cuối cùng trong nhật ký")


def office_hours(hours: float, minutes_per_day: int) -> str:
    """`42 phút`, `5,1 giờ`, `3,2 ngày làm việc`."""
    return duration(hours * 60, minutes_per_day)


def signed_hours(hours: float, minutes_per_day: int) -> str:
    text = office_hours(abs(hours), minutes_per_day)
    is_nothing = all(character in "0,. " for character in text.split(" ")[0])
    return text if is_nothing or hours > 0 else f"−{text}"


def longest_step(parts: pl.DataFrame) -> str | None:
    """The step that most working time goes by before, of `time_by_step` for all; none where there is none."""
    steps = parts.filter((pl.col("kind") == "step") & (pl.col("office_hours_mean") > 0))
    ordered = steps.sort("office_hours_mean", "activity", descending=[True, False], nulls_last=True)
    return None if ordered.is_empty() else ordered["activity"][0]


def headline(screen: Screen, parts: pl.DataFrame, whole: pl.DataFrame) -> str:
    """Stuck where: the part that takes most of the working time of the dossiers closed in the period."""
    if whole.is_empty() or parts.is_empty():
        return _("Không có hồ sơ nào có nhật ký kết thúc trong kỳ ({dates}) với bộ lọc này.").format(
            dates=screen.period.dates
        )
    total = whole.row(0, named=True)
    largest = parts.sort("office_hours_mean", "activity", descending=[True, False], nulls_last=True).row(0, named=True)
    hours = office_hours(largest["office_hours_mean"], screen.minutes_per_day)
    if not largest["office_hours_mean"]:
        return _("{n} hồ sơ kết thúc trong kỳ ({dates}) không phải chờ giờ làm việc nào.").format(
            n=number(total["dossiers"]), dates=screen.period.dates
        )
    if largest["kind"] == "stop":
        words = _(
            "Thời gian mất nhiều nhất vào lúc dừng tính giờ ({cause}): bình quân {hours} một hồ sơ, {share} "
            "của {whole} từ "
            "tiếp nhận đến kết thúc"
        ).format(
            cause=stop_words(largest["activity"]),
            hours=hours,
            share=percent(largest["share"]),
            whole=office_hours(total["hours"], screen.minutes_per_day),
        )
    else:
        words = _(
            "Mất nhiều giờ làm việc nhất trước bước “{step}”: bình quân {hours} một hồ sơ, {share} của {whole} từ "
            "tiếp nhận đến kết thúc"
        ).format(
            step=part_name(largest["activity"], "step"),
            hours=hours,
            share=percent(largest["share"]),
            whole=office_hours(total["hours"], screen.minutes_per_day),
        )
    return (
        words
        + " "
        + _("({n} hồ sơ kết thúc từ {starts} đến {ends}).").format(
            n=number(total["dossiers"]),
            starts=date(screen.period.window.starts),
            ends=date(screen.period.window.ends),
        )
    )
