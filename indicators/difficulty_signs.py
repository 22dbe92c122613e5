"""Which difficulties coincide with what the log measures: a commune that complains, set against all others.

Like is set against like: the others' figure is theirs at the commune's own mix of procedures and channels. That the
two coincide does not say that one caused the other; that they do not, is no proof that the complaint is wrong.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from indicators.catalogue import indicator
from indicators.compute import compute
from indicators.filters import Filters
from indicators.mix import decompose, mix_cells
from indicators.process.scoping import SECONDS_PER_HOUR, activity_names, scope_of
from indicators.process.times import closed_sums, step_sums
from indicators.statistics import Z, difference_interval, mean_interval, wilson
from indicators.windows import Window
from language import N_, _
from language.formats import number, percent
from warehouse import Snapshot

Verdict = Literal["shown", "not_shown", "not_measurable"]
# What the log would show of a category: rates by their indicator, else working hours that a mean dossier spends.
PAYMENT_WAIT, SIGNING_WAIT = "payment_wait", "signing_wait"
# Of the whole province in the weeks of asking: what happens everywhere at once no commune has more of than another.
SLOW_WEEKS = "slow_reception_weeks"
SIGNS: dict[str, tuple[str, ...]] = {
    "online_payment": ("paid_online_rate", PAYMENT_WAIT),
    "digital_signature": (SIGNING_WAIT,),
    "software": ("slow_reception_rate",),
    "network": ("slow_reception_rate",),
    "staff_missing": ("slow_reception_rate",),
}
_NAMES = {
    PAYMENT_WAIT: N_("Giờ làm việc chờ nộp phí, mỗi hồ sơ"),
    SIGNING_WAIT: N_("Giờ làm việc chờ ký, mỗi hồ sơ"),
}
_SLOW_WEEKS_NAME = N_("Tỷ lệ chậm tiếp nhận trực tuyến của cả tỉnh trong tuần nêu")
_EVERYWHERE = ("software", "network")
# More of it is worse; of paying online less is.
_HIGHER_IS_WORSE = {"paid_online_rate": False}
# "Ký" as a word of its own: the step that signs, not the one that registers or sends up.
_SIGNS = re.compile(r"(?<!\w)ký(?!\w)", re.IGNORECASE)
_SIGNS_NOTHING = re.compile(r"(đăng|trình|dự thảo)\s+ký", re.IGNORECASE)
_LEAST = 20
_STRATUM = ["procedure", "channel"]
_ALL = Filters()


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One commune and one measured sign of a category that it complains of.

    `value` is the commune's, `others` that of all others at its mix; `low` and `high` enclose `difference` (95 %).
    Rates are fractions, waits working hours a dossier.
    """

    commune_code: str
    category: str
    measure: str
    verdict: Verdict
    n: int = 0
    value: float | None = None
    others: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def measure_name(self) -> str:
        return measure_name(self.measure)

    @property
    def sentence(self) -> str:
        """The verdict with its figures, as a reader would say it."""
        return _sentence(self)


def measure_name(measure: str) -> str:
    """A measured sign in words; empty where the log has none."""
    if measure in _NAMES or measure == SLOW_WEEKS:
        return _(_NAMES.get(measure, _SLOW_WEEKS_NAME))
    return indicator(measure).name if measure else ""


def signs(
    snapshot: Snapshot,
    asked: Collection[tuple[str, str]],
    window: Window,
    *,
    filters: Filters = _ALL,
    days: Mapping[tuple[str, str], Collection[dt.date]] | None = None,
) -> list[Sign]:
    """For each commune and category asked about (`(commune_code, category)`): what the log shows in the window.

    A category that the log has no sign of gives one `Sign` without a measure, `not_measurable`; so does one with fewer
    than twenty dossiers. By commune and category. `days`: on which days each asked; what breaks down everywhere at once
    (software, lines) is then also looked for in the whole province in the weeks of those days, beside its other weeks.
    """
    wanted = sorted(set(asked))
    measures = sorted({measure for _commune, category in wanted for measure in SIGNS.get(category, ())})
    found = {measure: _measured(snapshot, measure, window, filters) for measure in measures}
    signs_found: list[Sign] = []
    weeks: pl.DataFrame | None = None
    for commune, category in wanted:
        names = SIGNS.get(category, ())
        if not names:
            signs_found.append(Sign(commune_code=commune, category=category, measure="", verdict="not_measurable"))
        signs_found += [_sign(commune, category, name, found[name]) for name in names]
        if category in _EVERYWHERE and days and days.get((commune, category)):
            weeks = _by_week(snapshot, window, filters) if weeks is None else weeks
            beside = _in_weeks(weeks, {_week(day) for day in days[commune, category]})
            signs_found.append(_sign(commune, category, SLOW_WEEKS, beside.with_columns(commune=pl.lit(commune))))
    return signs_found


def categories_with_signs() -> frozenset[str]:
    """The categories of which the log has a sign."""
    return frozenset(SIGNS)


def strongest(found: Sequence[Sign]) -> Verdict:
    """The verdict on a difficulty with several signs: shown where one of them shows it."""
    verdicts = {one.verdict for one in found}
    order: tuple[Verdict, ...] = ("shown", "not_shown")
    return next((verdict for verdict in order if verdict in verdicts), "not_measurable")


def verdict_name(verdict: Verdict) -> str:
    """`nhật ký cho thấy`, `không cho thấy`, `không đo được`."""
    return {
        "shown": _("Nhật ký cho thấy"),
        "not_shown": _("Nhật ký không cho thấy"),
        "not_measurable": _("Không đo được"),
    }[verdict]


def _sign(commune: str, category: str, measure: str, found: pl.DataFrame) -> Sign:
    rows = found.filter(pl.col("commune") == commune)
    row = rows.row(0, named=True) if rows.height else {}
    n, low, high = int(row.get("n") or 0), row.get("low"), row.get("high")
    unknown = Sign(commune_code=commune, category=category, measure=measure, verdict="not_measurable", n=n)
    if n < _LEAST or low is None or high is None:
        return unknown
    worse = low > 0 if _HIGHER_IS_WORSE.get(measure, True) else high < 0
    return replace(
        unknown,
        verdict="shown" if worse else "not_shown",
        value=row["value"],
        others=row["others"],
        difference=row["difference"],
        low=low,
        high=high,
    )


def _measured(snapshot: Snapshot, measure: str, window: Window, filters: Filters) -> pl.DataFrame:
    """`commune, n, value, others, difference, low, high` of every commune with a case."""
    if measure in _NAMES:
        return _waits(_wait_cells(snapshot, measure, window, filters))
    found = decompose(mix_cells(snapshot, measure, window, filters))
    return found.select("commune", "n", "value", others="expected", difference="own", low="own_low", high="own_high")


def _by_week(snapshot: Snapshot, window: Window, filters: Filters) -> pl.DataFrame:
    """`week, n, slow` of the whole province's online filings."""
    frame = compute(
        snapshot,
        "slow_reception_rate",
        "week",
        filters=filters.of_whole_province(),
        date_from=window.starts,
        date_to=window.ends,
    )
    n = pl.col("slow_reception_rate_n").fill_null(0).cast(pl.Float64)
    return frame.select("week", n=n, slow=(pl.col("slow_reception_rate").fill_null(0.0) * n).round())


def _week(day: dt.date) -> str:
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"


def _in_weeks(by_week: pl.DataFrame, weeks: Collection[str]) -> pl.DataFrame:
    """`n, value, others, difference, low, high`: these weeks beside all others."""
    chosen = pl.col("week").is_in(list(weeks))
    sums = [by_week.filter(part).select(pl.col("slow", "n").sum()).row(0) for part in (chosen, ~chosen)]
    (slow, n), (slow_then, n_then) = (tuple(np.array([float(one)]) for one in pair) for pair in sums)
    if not n[0] or not n_then[0]:
        return pl.DataFrame(schema={"n": pl.Float64})
    own, others = (slow / n, *wilson(slow, n)), (slow_then / n_then, *wilson(slow_then, n_then))
    difference, low, high = difference_interval(own, others)
    figures = {"n": n, "value": own[0], "others": others[0], "difference": difference, "low": low, "high": high}
    return pl.DataFrame(figures)


def _wait_cells(snapshot: Snapshot, measure: str, window: Window, filters: Filters) -> pl.DataFrame:
    """`commune, procedure, channel, n, total, squares`: working hours of the dossiers closed in the window."""
    scope = scope_of(snapshot, window, filters=filters.of_whole_province(), as_of=None, by=("commune", *_STRATUM))
    names = activity_names(snapshot)
    signing = [number for number, name in names.items() if _signs(name or "")]
    is_part = (
        pl.col("stop") == "payment"
        if measure == PAYMENT_WAIT
        else (pl.col("stop").is_null() & pl.col("activity_id").is_in(signing))
    )
    parts = (
        step_sums(scope, squares=True)
        .filter(is_part)
        .group_by("group_id")
        .agg(total=pl.col("seconds").sum() / SECONDS_PER_HOUR, squares=pl.col("seconds_sq").sum() / SECONDS_PER_HOUR**2)
    )
    return (
        closed_sums(scope)
        .select("group_id", n="dossiers")
        .join(parts, on="group_id", how="left", validate="1:1")
        .join(scope.groups, on="group_id", how="left", validate="1:1")
        .filter(pl.col("commune").is_not_null() & (pl.col("n") > 0))
        .select(
            "commune",
            pl.col(_STRATUM).fill_null(""),
            pl.col("n").cast(pl.Float64),
            pl.col("total", "squares").fill_null(0.0),
        )
    )


def _signs(activity: str) -> bool:
    return bool(_SIGNS.search(_SIGNS_NOTHING.sub("", activity)))


def _waits(cells: pl.DataFrame) -> pl.DataFrame:
    """Means of every commune beside those of all others at its own mix; what nobody else handles is left out."""
    stratum = cells.group_by(_STRATUM).agg(pl.col("n", "total", "squares").sum().name.suffix("_all"))
    rest = {name: pl.col(f"{name}_all") - pl.col(name) for name in ("n", "total", "squares")}
    beside = (
        cells.join(stratum, on=_STRATUM, how="left", validate="m:1")
        .with_columns(**{f"{name}_rest": value for name, value in rest.items()})
        .filter(pl.col("n_rest") > 1)
        .with_columns(mean=pl.col("total_rest") / pl.col("n_rest"))
        .with_columns(
            variance=((pl.col("squares_rest") - pl.col("n_rest") * pl.col("mean") ** 2) / (pl.col("n_rest") - 1)).clip(
                0
            )
            / pl.col("n_rest")
        )
        .sort("commune", *_STRATUM)
        .group_by("commune", maintain_order=True)
        .agg(
            pl.col("n", "total", "squares").sum(),
            expected=(pl.col("n") * pl.col("mean")).sum(),
            variance=(pl.col("n") ** 2 * pl.col("variance")).sum(),
        )
    )
    n, total, squares, expected, variance = (
        beside[name].to_numpy().astype(np.float64) for name in ("n", "total", "squares", "expected", "variance")
    )
    own = mean_interval(n, total, squares)
    others, half = expected / n, Z * np.sqrt(variance) / n
    difference, low, high = difference_interval(own, (others, others - half, others + half))
    columns = {"value": own[0], "others": others, "difference": difference, "low": low, "high": high}
    return beside.select("commune", "n", *(pl.Series(name, values).fill_nan(None) for name, values in columns.items()))


def _sentence(sign: Sign) -> str:
    if not sign.measure:
        return _("Nhật ký không ghi điều này.")
    if sign.value is None or sign.others is None or sign.low is None or sign.high is None:
        return _("Mới có {n} hồ sơ, chưa đủ để so ({least} hồ sơ).").format(n=number(sign.n), least=_LEAST)
    is_rate = sign.measure not in _NAMES
    if sign.measure == SLOW_WEEKS:
        return _("{value}; các tuần khác {others} (chênh lệch từ {low} đến {high} điểm %).").format(
            value=percent(sign.value),
            others=percent(sign.others),
            low=number(sign.low * 100, 1),
            high=number(sign.high * 100, 1),
        )
    value, others = ((percent(one) if is_rate else number(one, 1)) for one in (sign.value, sign.others))
    scale, unit = (100.0, _("điểm %")) if is_rate else (1.0, _("giờ"))
    low, high = (number(bound * scale, 1) for bound in (sign.low, sign.high))
    return _(
        "{value}; các xã, phường khác với cùng cơ cấu hồ sơ {others} (chênh lệch từ {low} đến {high} {unit})."
    ).format(value=value, others=others, low=low, high=high, unit=unit)
