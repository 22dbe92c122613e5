"""A watched promise in Vietnamese: the figures, their n and interval, and what was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicators.before_after import is_stock
from indicators.figures import Count
from indicators.indicator import Indicator
from language import _, formats

if TYPE_CHECKING:
    from indicators.promises import Watched


def amount(value: float | None, declared: Indicator, minutes_per_day: int) -> str:
    """A value of a watched figure: `97,6 %`, `3,2 hồ sơ mỗi ngày làm việc`, `41 hồ sơ`, `5,1 giờ`."""
    if value is None:
        return formats.NOTHING
    match declared.unit:
        case "rate":
            return formats.percent(value)
        case "count" if is_stock(declared):
            return _("{number} hồ sơ").format(number=formats.number(value))
        case "count":
            number = formats.number(value, 1 if abs(value) >= 1 else 2)
            return _("{number} hồ sơ mỗi ngày làm việc").format(number=number)
        case "working_days":
            return formats.duration(value * minutes_per_day, minutes_per_day)
        case "days":
            return formats.days(value)
        case _:
            return formats.number(value, 2)


def signed_amount(value: float | None, declared: Indicator, minutes_per_day: int) -> str:
    """A change of it: `+3,1 điểm %`, `−2,0 ngày làm việc`."""
    if value is None:
        return formats.NOTHING
    if declared.unit == "rate":
        return formats.percentage_points(value)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + amount(abs(value), declared, minutes_per_day)


def change_words(change: float | None, declared: Indicator, minutes_per_day: int) -> str:
    """`tăng 3,1 điểm %`, `giảm 2,0 ngày làm việc`, `không đổi`."""
    if change is None:
        return formats.NOTHING
    if change == 0:
        return _("không đổi")
    size = signed_amount(abs(change), declared, minutes_per_day).lstrip("+")
    return (_("tăng {size}") if change > 0 else _("giảm {size}")).format(size=size)


def interval_words(low: float | None, high: float | None, declared: Indicator, minutes_per_day: int) -> str:
    """`từ −1,2 đến +5,0 điểm %`, `từ −14 phút đến +1,6 ngày làm việc`; nothing as an en dash."""
    if low is None or high is None:
        return formats.NOTHING
    first, last = (signed_amount(end, declared, minutes_per_day) for end in (low, high))
    # One unit is said once.
    if first.partition(" ")[2] == last.partition(" ")[2]:
        first = first.partition(" ")[0]
    return _("từ {low} đến {high}").format(low=first, high=last)


def part_words(change: float | None, expected: float | None, declared: Indicator, minutes_per_day: int) -> str:
    """How much of a promise is seen: `mới tăng 4,0 trong 8,0 điểm % đã cam kết`; nothing where it is reached, has no
    size, or the figure moved the other way."""
    if change is None or not expected or change * expected <= 0 or abs(change) >= abs(expected):
        return ""
    asked = signed_amount(abs(expected), declared, minutes_per_day).lstrip("+")
    seen = signed_amount(abs(change), declared, minutes_per_day).lstrip("+")
    # One unit is said once.
    if seen.partition(" ")[2] == asked.partition(" ")[2]:
        seen = seen.partition(" ")[0]
    words = (
        _("mới tăng {seen} trong {asked} đã cam kết") if change > 0 else _("mới giảm {seen} trong {asked} đã cam kết")
    )
    return words.format(seen=seen, asked=asked)


def promise_sentence(watched: Watched, declared: Indicator, minutes_per_day: int) -> str:
    """One sentence: the verdict, what the figure did with n and interval, what was promised, and why not more."""
    head = watched.standing[:1].upper() + watched.standing[1:]
    window = watched.after_window
    if watched.change is None or window is None or (watched.reason and not watched.is_final):
        return _("{verdict}: {reason}.").format(verdict=head, reason=watched.reason)
    if not watched.is_final:
        head = _("{verdict} (đến {day}, chưa hết hạn)").format(verdict=head, day=formats.date(window.ends))
    words = _(
        "{verdict}: {name} từ {before} trước ngày cam kết{before_n} thành {after} từ {starts} đến {ends}{after_n}, "
        "{change}{interval}"
    )
    if watched.is_adjusted:
        words = _(
            "{verdict}: {name} từ {before} trước ngày cam kết{before_n} thành {after} từ {starts} đến {ends}{after_n}, "
            "với cùng cơ cấu hồ sơ {change}{interval}"
        )
    text = words.format(
        verdict=head,
        name=declared.name[:1].lower() + declared.name[1:],
        before=amount(watched.before, declared, minutes_per_day),
        before_n=_n(watched.before_n, declared),
        after=amount(watched.after, declared, minutes_per_day),
        after_n=_n(watched.n, declared),
        starts=formats.date(window.starts),
        ends=formats.date(window.ends),
        change=change_words(watched.change, declared, minutes_per_day),
        interval=_(" (khoảng tin cậy 95 %: {interval})").format(
            interval=interval_words(watched.low, watched.high, declared, minutes_per_day)
        )
        if watched.low is not None or watched.high is not None
        else "",
    )
    if watched.part_text:
        text += f"; {watched.part_text}"
    elif watched.expected_change is not None:
        expected = change_words(watched.expected_change, declared, minutes_per_day)
        text += _("; đã cam kết {change}").format(change=expected)
    if watched.reason:
        text += f"; {watched.reason}"
    return text + "."


def _n(cases: int | None, declared: Indicator) -> str:
    """The cases beside a value; of open dossiers the value is the cases."""
    if cases is None or (isinstance(declared.figure, Count) and is_stock(declared)):
        return ""
    return " " + _("(n = {n})").format(n=formats.number(cases))
