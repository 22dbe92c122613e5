"""Titles of charts: one sentence with the figure, true by construction of what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from charts.standing import is_better, standing
from charts.trend import Point, Series, bucket_name, grain_of, has_too_few, is_judged
from charts.values import is_missing, value_text
from indicators.catalogue import Indicator
from indicators.windows import Window
from language import _


def trend_sentence(
    series: Sequence[Series], indicator: Indicator, *, minutes_per_day: int, within: Window | None = None
) -> str:
    """The latest finished bucket of the first series that has enough cases, of those that touch `within`.

    A commune is set against the province's same bucket, the province against all its buckets before.
    """
    if not series:
        return indicator.name
    first = series[0]
    place = first.name[:1].lower() + first.name[1:] if first.is_province else first.name
    finished = [
        point
        for point in first.points
        if point.finished and not is_missing(point.value) and (within is None or _touch(point.window, within))
    ]
    known = [point for point in finished if not has_too_few(point, indicator)]
    if not known:
        template = _("{name}, {place}: chưa có kỳ nào trọn ngày")
        if finished:
            template = _("{name}, {place}: mỗi điểm dưới {count} hồ sơ, chưa đủ số liệu để đánh giá")
        return template.format(name=indicator.name, place=place, count=indicator.min_n)
    last = known[-1]
    text = _("{name}, {place}, {bucket}: {value}").format(
        name=indicator.name,
        place=place,
        bucket=bucket_name(last.window, grain_of(last.window)),
        value=value_text(indicator, last.value, minutes_per_day),
    )
    province = next((line for line in series if line.is_province and line is not first), None)
    if province is not None:
        same = next((point for point in province.points if point.window == last.window), None)
        words = _against_province(last, same, indicator, minutes_per_day)
    else:
        words = _against_past(last, first.points, indicator, minutes_per_day)
    return f"{text}, {words}" if words else text


def _against_province(point: Point, province: Point | None, indicator: Indicator, minutes_per_day: int) -> str:
    if province is None or is_missing(province.value) or not indicator.has_interval:
        return ""
    where = standing(indicator, point.value, point.n, point.low, point.high, province.value)
    words = {
        "higher": _("cao hơn rõ mức chung {value}"),
        "lower": _("thấp hơn rõ mức chung {value}"),
        "unclear": _("chưa đủ cơ sở phân biệt với mức chung {value}"),
    }
    return words.get(where, "").format(value=value_text(indicator, province.value, minutes_per_day))


def _touch(one: Window, other: Window) -> bool:
    return one.starts <= other.ends and one.ends >= other.starts


def _against_past(last: Point, points: Sequence[Point], indicator: Indicator, minutes_per_day: int) -> str:
    """Against the lowest and the highest of at least four judged buckets before."""
    earlier = [point for point in points if point.window < last.window]
    before = [
        point.value for point in earlier if point.finished and point.value is not None and is_judged(point, indicator)
    ]
    value = last.value
    if len(before) < 4 or value is None:
        return ""
    units = {"day": _("{count} ngày"), "week": _("{count} tuần"), "month": _("{count} tháng")}
    if len(before) < len(earlier):
        # Days off and buckets with too few cases do not count.
        units = {
            "day": _("{count} ngày đủ số liệu"),
            "week": _("{count} tuần đủ số liệu"),
            "month": _("{count} tháng đủ số liệu"),
        }
    count = units[grain_of(last.window)].format(count=len(before))
    low, high = min(before), max(before)
    if value > high:
        return _("cao hơn cả {count} trước đó").format(count=count)
    if value < low:
        return _("thấp hơn cả {count} trước đó").format(count=count)
    return _("trong khoảng của {count} trước đó ({low} đến {high})").format(
        count=count,
        low=value_text(indicator, low, minutes_per_day),
        high=value_text(indicator, high, minutes_per_day),
    )


def standing_sentence(
    frame: pl.DataFrame, indicator: Indicator, province: float | None, *, whole: str, minutes_per_day: int
) -> str:
    """How many communes differ from the province: a frame of `with_standing` in, a title out.

    `whole` is what the province is called: "Toàn tỉnh", "Toàn thành phố".
    """
    counts = dict(frame.group_by("standing").len().iter_rows())
    judged = frame.height - counts.get("none", 0) - counts.get("too_few", 0)
    value = value_text(indicator, province, minutes_per_day)
    head = f"{indicator.name}: {whole[:1].lower()}{whole[1:]} {value}"
    if not indicator.has_interval:
        known = frame.filter(~pl.col("standing").is_in(["none", "too_few"]))["value"].drop_nulls()
        if known.is_empty():
            return head
        return _("{head}; mỗi đơn vị từ {low} đến {high}").format(
            head=head,
            low=value_text(indicator, known.min(), minutes_per_day),  # type: ignore[arg-type]
            high=value_text(indicator, known.max(), minutes_per_day),  # type: ignore[arg-type]
        )
    if not judged:
        return _("{head}; chưa đơn vị nào đủ số liệu để so sánh").format(head=head)
    words = {"higher": _("{count} đơn vị cao hơn rõ"), "lower": _("{count} đơn vị thấp hơn rõ")}
    if indicator.direction != "neutral":
        words = {
            where: _("{count} đơn vị tốt hơn rõ") if is_better(indicator, where) else _("{count} đơn vị kém hơn rõ")
            for where in words
        }
    order = sorted(words, key=lambda where: is_better(indicator, where) is True)
    parts = [words[where].format(count=counts.get(where, 0)) for where in order]
    rest = counts.get("unclear", 0)
    parts.append(_("{count} đơn vị chưa đủ cơ sở phân biệt").format(count=rest))
    return f"{head}; {', '.join(parts)}"
