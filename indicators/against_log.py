"""One reported figure against what the snapshot holds of the same unit and window."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from indicators.claims import DOSSIER_MEASURES, STOCKS, Claim, Interval, overlap, wilson_of
from indicators.compute import compute
from indicators.filters import Filters
from language import _, formats
from warehouse import Snapshot

Outcome = Literal["matches", "differs", "no_window", "no_dates", "outside", "visits", "vague", "not_logged"]
_ONE_DAY = dt.timedelta(days=1)
# The indicators that a measure is the sum of.
_INDICATORS = {
    "received": ("received",),
    "resolved": ("resolved",),
    "resolved_early": ("resolved_early",),
    "resolved_on_time": ("resolved_on_time",),
    "resolved_in_time": ("resolved_early", "resolved_on_time"),
    "resolved_late": ("resolved_late",),
    "pending": ("pending",),
    "pending_late": ("pending_late",),
}
RECORDS = ("staff", "reception_staff", "population", "area_km2", "centre_area_m2", "old_units")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One figure against what the snapshot holds; `computed` is an interval where a window ends within a day."""

    outcome: Outcome
    sentence: str
    computed: Interval | None = None
    difference: float | None = None


def comparisons(snapshot: Snapshot, claims: Iterable[Claim], place: Mapping[str, object]) -> dict[int, Comparison]:
    """By `row_id` the comparison of each figure of a unit; `place` has `scope` and `commune_code`."""
    counted: dict[tuple[dt.datetime, dt.datetime], dict[str, Interval]] = {}
    answers = {}
    for claim in claims:
        early = _not_comparable(snapshot, claim, place)
        if early is not None:
            answers[claim.row_id] = early
        elif claim.measure in RECORDS:
            answers[claim.row_id] = _against_record(snapshot, claim, str(place["commune_code"]))
        else:
            assert claim.window is not None
            if claim.window not in counted:
                counted[claim.window] = log_counts(snapshot, claim.window, _code(place))
            answers[claim.row_id] = _against_log(claim, counted[claim.window])
    return answers


def _code(place: Mapping[str, object]) -> str | None:
    return str(place["commune_code"]) if place["scope"] == "commune" else None


def _not_comparable(snapshot: Snapshot, claim: Claim, place: Mapping[str, object]) -> Comparison | None:
    """Why a figure has nothing in the snapshot to be set against; None where it has."""
    info = snapshot.info
    if claim.measure == "visits":
        return Comparison(outcome="visits", sentence=_("Lượt công dân không phải là hồ sơ, không so với nhật ký."))
    if place["scope"] == "outside":
        return Comparison(
            outcome="outside",
            sentence=_("Đơn vị ngoài tỉnh {province}: nhật ký không có hồ sơ của đơn vị này.").format(
                province=info.province_name
            ),
        )
    if place["scope"] == "old_unit":
        return Comparison(
            outcome="outside", sentence=_("Đơn vị cũ, trước sáp nhập: không so với số của đơn vị hiện nay.")
        )
    if claim.measure not in (*DOSSIER_MEASURES, *RECORDS) or (claim.measure in RECORDS and place["scope"] != "commune"):
        return Comparison(outcome="not_logged", sentence=_("Bản dữ liệu không ghi loại số này."))
    if claim.value is None:
        return Comparison(
            outcome="vague", sentence=_("Nguồn chỉ nêu “{text}”, không phải con số.").format(text=claim.value_text)
        )
    if claim.measure in RECORDS:
        return None
    if claim.window is None:
        return Comparison(outcome="no_dates", sentence=_("Nguồn không nêu kỳ nên chưa so được với nhật ký."))
    first, last = snapshot.first_receipt, info.as_of.date()
    if first is None or claim.window[0].date() < first or last_day(claim.window[1]) > last:
        return Comparison(
            outcome="no_window",
            sentence=_("Nhật ký không có kỳ này (có từ {first} đến {last}).").format(
                first=formats.date(first), last=formats.date(last)
            ),
        )
    return None


def log_counts(
    snapshot: Snapshot, window: tuple[dt.datetime, dt.datetime], commune_code: str | None
) -> dict[str, Interval]:
    """What the log counts in a window, by measure, for one commune or (None) the province.

    The indicators count whole days: where a window begins or ends within a day, the interval runs from what is counted
    without that day to what is counted with it.
    """
    starts_at, ends_at = window
    first, last = starts_at.date(), last_day(ends_at)
    inner_first = first if starts_at.time() == dt.time() else first + _ONE_DAY
    inner_last = last if ends_at.time() == dt.time() else last - _ONE_DAY
    outer = _counts(snapshot, first, last, commune_code)
    if (inner_first, inner_last) == (first, last):
        return {measure: (value, value) for measure, value in outer.items()}
    if inner_last < inner_first:
        inner = dict.fromkeys(outer, 0.0)
        inner |= {measure: outer[measure] for measure in STOCKS}
    else:
        inner = _counts(snapshot, inner_first, inner_last, commune_code)
    return {measure: (min(inner[measure], value), max(inner[measure], value)) for measure, value in outer.items()}


def _counts(snapshot: Snapshot, first: dt.date, last: dt.date, commune_code: str | None) -> dict[str, float]:
    filters = Filters(commune=(commune_code,)) if commune_code else Filters()
    ids = sorted({name for names in _INDICATORS.values() for name in names} | {"online_rate"})
    row = compute(snapshot, ids, filters=filters, date_from=first, date_to=last).row(0, named=True)
    counts = {measure: float(sum(row[name] or 0 for name in names)) for measure, names in _INDICATORS.items()}
    return counts | {"received_online": float(round((row["online_rate"] or 0) * (row["online_rate_n"] or 0)))}


def _against_log(claim: Claim, counts: Mapping[str, Interval]) -> Comparison:
    computed = counts[claim.measure]
    comparison = _compared(claim, computed, _("nhật ký có"), unit=_("hồ sơ"))
    whole = counts.get(claim.share_of or "")
    if claim.share is None or whole is None or whole[1] == 0 or computed[0] != computed[1]:
        return comparison
    low, high = wilson_of(computed[1], whole[1])
    rate = _("Tỷ lệ theo nhật ký: {rate} ({low} đến {high}, n = {n}); nguồn nêu {share}.").format(
        rate=formats.percent(computed[1] / whole[1]),
        low=formats.percent(low),
        high=formats.percent(high),
        n=formats.number(whole[1]),
        share=claim.share_text,
    )
    return Comparison(
        outcome=comparison.outcome,
        sentence=f"{comparison.sentence} {rate}",
        computed=computed,
        difference=comparison.difference,
    )


def _against_record(snapshot: Snapshot, claim: Claim, commune_code: str) -> Comparison:
    if claim.measure == "old_units":
        query = "select count(distinct old_code)::double as value from lineage where new_code = $1"
    else:
        query = f"select {claim.measure}::double as value from commune where commune_code = $1"
    value = snapshot.query(query, [commune_code])["value"][0]
    if value is None or (claim.measure == "old_units" and value == 0):
        return Comparison(outcome="not_logged", sentence=_("Danh mục đơn vị chưa có số này."))
    unit = {"area_km2": "km²", "centre_area_m2": "m²", "old_units": _("đơn vị")}.get(claim.measure, _("người"))
    # The directory rounds too: an area is given to one hundredth.
    half = 0.0 if float(value).is_integer() else 0.005
    return _compared(claim, (value - half, value + half), _("danh mục đơn vị ghi"), unit=unit, shown=value)


def _compared(claim: Claim, computed: Interval, holder: str, *, unit: str, shown: float | None = None) -> Comparison:
    """`Khớp` or `Lệch n hồ sơ`, with both figures; nothing is called wrong."""
    assert claim.interval is not None and claim.value is not None
    low, high = computed
    decimals = 0 if (shown if shown is not None else low).is_integer() and claim.is_whole_number else 2
    text = formats.number(shown if shown is not None else high, decimals)
    if shown is None and low != high:
        text = _("{low} đến {high}").format(low=formats.number(low), high=formats.number(high))
    stated = claim.value_text or claim.number
    if overlap(claim.interval, computed):
        sentence = _("Khớp: nguồn nêu {stated}, {holder} {text} {unit}.")
        difference = 0.0
    else:
        sentence = _("Lệch {difference} {unit}: nguồn nêu {stated}, {holder} {text}.")
        nearest = high if claim.value > high else low
        difference = claim.value - (shown if shown is not None else nearest)
    return Comparison(
        outcome="matches" if difference == 0 else "differs",
        sentence=sentence.format(
            stated=stated, holder=holder, text=text, unit=unit, difference=formats.number(abs(difference), decimals)
        ),
        computed=computed,
        difference=difference,
    )


def working_days(snapshot: Snapshot, starts_at: dt.datetime, ends_at: dt.datetime) -> float | None:
    """Working time between two moments in days of the snapshot's calendar and office hours: a morning is half a day.

    None where the calendar does not cover the window.
    """
    found = snapshot.query(
        """
        with spans as (
            select day, is_working, day + to_minutes(starts) as opens, day + to_minutes(ends) as closes
            from calendar cross join office_hours
            where day between $starts::timestamp::date and $last::date
        )
        select
            count(distinct day) as days,
            coalesce(sum(greatest(0, date_diff('minute', greatest(opens, $starts::timestamp),
                least(closes, $ends::timestamp)))) filter (is_working), 0) as minutes
        from spans
        """,
        {"starts": starts_at, "ends": ends_at, "last": last_day(ends_at)},
    ).row(0, named=True)
    if found["days"] != (last_day(ends_at) - starts_at.date()).days + 1:
        return None
    return float(found["minutes"]) / snapshot.info.minutes_per_day


def last_day(ends_at: dt.datetime) -> dt.date:
    """The last day that a window touches; `ends_at` is its first moment no more."""
    return (ends_at - dt.timedelta(microseconds=1)).date()
