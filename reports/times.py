"""Where the working time goes, and how the share on time ran."""

from __future__ import annotations

import polars as pl

from indicators.catalogue import indicator
from indicators.windows import bucket_window
from indicators.words import stop_words
from language import _
from language.formats import date, duration, number, percent
from reports.content import Point, Series, Share, ShareKind
from reports.dossiers import Register
from reports.shared import BriefContext

# Parts that are drawn by name; the rest stand together, so that what is drawn adds up.
_MOST = 5
# Of the working time, what is too little to name.
_LEAST_SHARE = 0.01
TREND = "on_time_rate_ii06"
_KIND_OF_STOP: dict[str, ShareKind] = {
    "supplement": "people",
    "payment": "people",
    "on_request": "people",
    "other_agency": "agency",
    "public_notice": "agency",
}


def time_shares(context: BriefContext, code: str) -> tuple[Share, ...]:
    """The parts of the mean working time from receipt to closing, the longest first; they add up to the whole."""
    parts = context.step_times.filter((pl.col("by") == code) & (pl.col("office_hours_mean") > 0))
    total = float(parts["office_hours_mean"].sum())
    if not total:
        return ()
    shares = [_share(context, row, total) for row in parts.iter_rows(named=True)]
    shares.sort(key=lambda one: (-one.minutes, one.label))
    named = [one for one in shares[:_MOST] if one.share >= _LEAST_SHARE]
    rest = shares[len(named) :]
    minutes = sum(one.minutes for one in rest)
    if minutes:
        named.append(
            Share(
                label=_("Các phần còn lại"),
                minutes=minutes,
                share=minutes / 60 / total,
                text=_text(context, minutes, minutes / 60 / total),
                kind="other",
            )
        )
    return tuple(named)


def time_text(register: Register) -> str:
    """The office's own steps against stopped clocks, beside the province's, and the stops by cause."""
    context, code = register.context, register.code
    parts = context.step_times.filter(pl.col("by") == code)
    n = context.closed_with_log.get(code, 0)
    total = float(parts["office_hours_mean"].fill_null(0).sum())
    if not n or not total:
        return _("Không có hồ sơ nào có nhật ký kết thúc trong kỳ.")
    minutes = context.snapshot.info.minutes_per_day
    text = _(
        "Bình quân {whole} một hồ sơ (n = {n}): {office} trong các bước của cơ quan (mức chung {office_whole}), còn "
        "lại "
        "đồng hồ dừng."
    ).format(
        whole=duration(60 * total, minutes),
        n=number(n),
        office=percent(_office_share(parts)),
        office_whole=percent(_office_share(context.whole_step_times)),
    )
    causes = [
        _("{cause}: {n} hồ sơ, mỗi hồ sơ {time}").format(
            cause=stop_words(cause), n=number(dossiers), time=duration(60 * hours, minutes)
        )
        for cause, dossiers, hours in register.stops.select("cause", "dossiers", "office_hours_mean").iter_rows()
    ]
    if causes:
        text += " " + _("Dừng vì {causes}.").format(causes="; ".join(causes))
    return text + " " + _("Nhật ký không tách được chờ đến lượt và thời gian làm.")


def longest_part(context: BriefContext, code: str) -> dict[str, object] | None:
    """The step or stop that takes most of the mean working time, with the province's hours for it."""
    parts = context.step_times.filter((pl.col("by") == code) & pl.col("activity").is_not_null())
    if parts.is_empty():
        return None
    row = parts.sort("office_hours_mean", "activity", descending=[True, False]).row(0, named=True)
    same = context.whole_step_times.filter((pl.col("activity") == row["activity"]) & (pl.col("kind") == row["kind"]))
    whole = same["office_hours_mean"][0] if same.height else None
    return row | {"whole_hours_mean": whole} if row["office_hours_mean"] else None


def trend(context: BriefContext, code: str) -> Series:
    """The share on time (form II.06) by month, in a short window by week, beside the province's over the window."""
    declared = indicator(TREND)
    step = context.trend_step
    rows = context.trend.filter(pl.col("commune") == code).sort(step)
    points = tuple(
        Point(
            bucket_window(step, row[step]).starts,
            row[TREND],
            row[f"{TREND}_low"],
            row[f"{TREND}_high"],
        )
        for row in rows.iter_rows(named=True)
    )
    reference = context.whole[TREND]
    return Series(
        label=_("{name}, theo tháng").format(name=declared.name)
        if step == "month"
        else _("{name}, theo tuần").format(name=declared.name),
        unit="percent",
        points=points,
        reference=reference,
        reference_label=_("mức chung cả kỳ: {value}").format(value=percent(reference)),
        sentence=_trend_sentence(context, rows, step),
    )


def _trend_sentence(context: BriefContext, rows: pl.DataFrame, step: str) -> str:
    """The last bucket with enough dossiers, against all before it that had enough."""
    declared = indicator(TREND)
    known = [row for row in rows.iter_rows(named=True) if row[f"{TREND}_n"] >= declared.min_n]
    if not known:
        return _("Mỗi tháng dưới {count} hồ sơ giải quyết, chưa đủ để nhận xét.").format(count=declared.min_n)
    last, before = known[-1], [row[TREND] for row in known[:-1]]
    starts = bucket_window(step, last[step]).starts
    when = (
        _("Tháng {month}").format(month=starts.strftime("%m/%Y"))
        if step == "month"
        else _("Tuần từ {date}").format(date=date(starts))
    )
    if bucket_window(step, last[step]).ends > context.as_of:
        when = _("{period} (chưa hết)").format(period=when)
    text = _("{when}: {value} (n = {n})").format(when=when, value=percent(last[TREND]), n=number(last[f"{TREND}_n"]))
    if len(before) >= 4:
        text += "; " + _("các kỳ trước đủ số liệu từ {low} đến {high}").format(
            low=percent(min(before)), high=percent(max(before))
        )
    if known[-1][step] != rows[step].max():
        text = _("Gần nhất đủ số liệu: {text}").format(text=text[:1].lower() + text[1:])
    return text + "."


def _share(context: BriefContext, row: dict[str, object], total: float) -> Share:
    hours = float(row["office_hours_mean"])  # type: ignore[arg-type]
    activity = row["activity"]
    if row["kind"] == "stop":
        kind: ShareKind = _KIND_OF_STOP.get(str(activity), "other")
        label = _("dừng: {cause}").format(cause=stop_words(str(activity)))
        label = stop_words("on_request") if activity == "on_request" else label
        label = label[:1].upper() + label[1:]
    else:
        kind, label = "office", str(activity) if activity else _("Sau bước cuối cùng trong nhật ký")
    return Share(
        label=label, minutes=60 * hours, share=hours / total, text=_text(context, 60 * hours, hours / total), kind=kind
    )


def _text(context: BriefContext, minutes: float, share: float) -> str:
    return f"{duration(minutes, context.snapshot.info.minutes_per_day)} ({percent(share, 0)})"


def _office_share(parts: pl.DataFrame) -> float | None:
    total = float(parts["office_hours_mean"].fill_null(0).sum())
    steps = float(parts.filter(pl.col("kind") == "step")["office_hours_mean"].fill_null(0).sum())
    return steps / total if total else None
