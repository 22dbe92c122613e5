"""What a reported figure is, what its digits leave open, and what a check of it says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np

from indicators.statistics import wilson
from language import _, current_language, formats

Verdict = Literal["agrees", "ask", "note"]
Status = Literal["agrees", "excluded", "open"]
Interval = tuple[float, float]

# Counts of dossiers; what people did at the counter and what a unit has is counted in other units.
DOSSIER_MEASURES = (
    *("received", "received_online", "resolved", "resolved_early", "resolved_on_time", "resolved_in_time"),
    *("resolved_late", "pending", "pending_late"),
)
STOCKS = ("pending", "pending_late")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One reported figure: a row of the table `reported`. Shares are fractions; `ends_at` is exclusive."""

    row_id: int
    measure: str
    measure_name: str
    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    value_text: str | None = None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    share_text: str | None = None
    share_of: str | None = None
    group_id: str | None = None
    group_role: str | None = None
    note: str | None = None

    @property
    def name(self) -> str:
        """What is counted, in the source's words; in a reader's other language in ours, where we have a name."""
        ours = measure_name(self.measure)
        in_source_words = current_language() == "vi" and self.measure_name != self.measure
        return self.measure_name if in_source_words or not ours else ours

    @property
    def name_within(self) -> str:
        """The name inside a sentence."""
        return self.name[:1].lower() + self.name[1:]

    @property
    def stated_share(self) -> Interval | None:
        if self.share is None or self.share_low is None or self.share_high is None:
            return None
        return self.share_low, self.share_high

    @property
    def is_whole_number(self) -> bool:
        return self.value is not None and self.value.is_integer()

    @property
    def number(self) -> str:
        """The figure as it was printed."""
        if self.value is None:
            return self.value_text or formats.NOTHING
        return formats.number(self.value, 0 if self.is_whole_number else 2)

    @property
    def interval(self) -> Interval | None:
        if self.value is None or self.value_low is None or self.value_high is None:
            return None
        return self.value_low, self.value_high

    @property
    def window(self) -> tuple[dt.datetime, dt.datetime] | None:
        return None if self.starts_at is None or self.ends_at is None else (self.starts_at, self.ends_at)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way in which a stated share could have been meant, and whether the reported figures allow it."""

    kind: str
    status: Status
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """One comparison of reported figures with each other: the verdict, the arithmetic, what to ask."""

    kind: str
    verdict: Verdict
    sentence: str
    arithmetic: str = ""
    readings: tuple[Reading, ...] = ()
    question: str = ""


def measure_name(measure: str) -> str:
    """The name of a measure; empty where we have none."""
    return {
        "received": _("Tiếp nhận"),
        "received_online": _("Tiếp nhận trực tuyến"),
        "resolved": _("Đã giải quyết"),
        "resolved_early": _("Giải quyết trước hạn"),
        "resolved_on_time": _("Giải quyết đúng hạn"),
        "resolved_in_time": _("Giải quyết trước và đúng hạn"),
        "resolved_late": _("Giải quyết quá hạn"),
        "pending": _("Đang giải quyết"),
        "pending_late": _("Đang giải quyết quá hạn"),
        "visits": _("Lượt công dân"),
        "staff": _("Biên chế"),
        "staff_party": _("Biên chế khối Đảng"),
        "staff_government": _("Biên chế khối chính quyền"),
        "staff_centre": _("Nhân sự trung tâm"),
        "staff_director": _("Giám đốc trung tâm"),
        "staff_deputy": _("Phó giám đốc trung tâm"),
        "staff_it": _("Cán bộ công nghệ thông tin"),
        "reception_staff": _("Cán bộ tiếp nhận"),
        "population": _("Dân số"),
        "area_km2": _("Diện tích (km²)"),
        "centre_area_m2": _("Diện tích trung tâm (m²)"),
        "old_units": _("Đơn vị cũ hợp thành"),
    }.get(measure, "")


def overlap(one: Interval, other: Interval, *, slack: float = 1e-9) -> bool:
    """Whether two closed intervals share a value."""
    return one[0] <= other[1] + slack and other[0] <= one[1] + slack


def ratio(numerator: Interval, denominator: Interval) -> Interval:
    """The quotients that two intervals of positive numbers allow."""
    return numerator[0] / denominator[1], numerator[1] / denominator[0] if denominator[0] > 0 else float("inf")


def wilson_of(successes: float, n: float) -> Interval:
    """Wilson's 95 % interval of one proportion."""
    low, high = wilson(np.array([successes]), np.array([n]))
    return float(low[0]), float(high[0])


def times(interval: Interval, number: float) -> Interval:
    """The products of an interval and a positive number."""
    return interval[0] * number, interval[1] * number


def span(interval: Interval) -> str:
    """An interval of counts as text; one number where both ends print the same."""
    low, high = (formats.number(bound) for bound in interval)
    return low if low == high else _("{low} đến {high}").format(low=low, high=high)
