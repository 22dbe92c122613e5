"""The table of figures: the window, the last thirty days, itself before, its peers and the province, with a verdict.

A verdict claims a difference only where the 95 % interval of the difference leaves out nought after Holm's adjustment
for all figures of the table; against itself counts are tested as `indicators.compare` does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from charts.values import difference_text, is_missing, short_value_text, unit_text
from indicators.catalogue import Indicator, indicator, indicators
from indicators.compare import SIGNIFICANCE_LEVEL, compare
from indicators.figures import Count
from indicators.filters import Filters
from indicators.pairs import holm
from indicators.province import whole_name
from indicators.windows import Window
from language import _
from language.formats import NOTHING, date, number, percent
from reports.content import FigureLine, Standing
from reports.estimates import Difference, Estimate, as_number, difference
from reports.shared import FIGURES, BriefContext

# Counts that are the state of a day and no sum over days.
_STATES = ("pending", "pending_late")
_LATE_SHARE = "pending_late"
STALLED = "stalled"


def figure_lines(context: BriefContext, code: str) -> tuple[FigureLine, ...]:
    """The lines of the table, in the order of `shared.FIGURES`, and how many dossiers stand still."""
    rows = [context.by_commune[window].get(code) for window in context.windows]
    now, lately, before = rows[0], rows[1], rows[2] if len(rows) > 2 else None
    codes = context.peers_of(code).codes
    beside = context.figures_of(codes) if codes else None
    changes = _changes(context, code)
    lines = []
    for declared, against, since in zip(
        indicators(FIGURES), _against_peers(context, code, now, beside, codes), changes, strict=True
    ):
        peers_value, province_value = _others(context, declared, beside, codes)
        minutes = context.snapshot.info.minutes_per_day
        verdict, standing = _verdict(declared, against, now)
        change, change_standing = _change(declared, since, lately, before, minutes)
        lines.append(
            FigureLine(
                indicator=declared.id,
                label=_label(context, declared),
                unit=unit_text(declared),
                since_merger=_printed(declared, now, minutes),
                last_30_days=_printed(declared, lately, minutes),
                before=_printed(declared, before, minutes),
                peers=short_value_text(declared, peers_value, minutes),
                province=short_value_text(declared, province_value, minutes),
                verdict=verdict,
                standing=standing,
                change=change,
                change_standing=change_standing,
                note=_note(declared, now, beside),
                meaning=declared.definition,
            )
        )
    return (*lines, *_stalled_line(context, code))


def figure_headings(context: BriefContext) -> tuple[str, ...]:
    """Over the columns: name, window, last thirty days, thirty before, peers, province, verdict."""
    return (
        _("Chỉ tiêu"),
        _("Từ {date}").format(date=date(context.window.starts)),
        _("30 ngày qua"),
        _("30 ngày trước đó"),
        _("Nhóm so sánh"),
        whole_name(context.snapshot.info.province_code, context.as_of),
        _("Nhận định"),
    )


def peers_text(context: BriefContext, code: str) -> str:
    """Who the peers are, and how a count is set beside them."""
    found = context.peers_of(code)
    if not found.codes:
        return _("Không có đơn vị nào để so.")
    words = _("Nhóm so sánh: {count} đơn vị cùng loại; số đếm của nhóm và của toàn địa bàn là trung vị.")
    if found.rule == "mix":
        words = _(
            "Nhóm so sánh: {count} đơn vị có cơ cấu hồ sơ giống nhất, chọn không theo kết quả; số đếm của nhóm và của "
            "toàn địa bàn là trung vị."
        )
    return words.format(count=number(len(found.codes)))


def _against_peers(
    context: BriefContext,
    code: str,
    now: dict[str, Any] | None,
    beside: dict[str, Any] | None,
    codes: tuple[str, ...],
) -> list[Difference]:
    """Each figure less the peers', the p-values adjusted for all of them; of the late open dossiers their share."""
    found = []
    for declared in indicators(FIGURES):
        if declared.id == _LATE_SHARE:
            own, other = (
                Estimate.of_share(row["pending_late"], row["pending"]) if row else _UNKNOWN for row in (now, beside)
            )
        elif isinstance(declared.figure, Count):
            own = other = _UNKNOWN
        else:
            own, other = Estimate.of(now, declared), Estimate.of(beside, declared)
        found.append(difference(own, other, declared.min_n))
    adjusted = holm([one.p_value for one in found])
    return [Difference(value=one.value, p_value=p) for one, p in zip(found, adjusted, strict=True)]


def _verdict(declared: Indicator, against: Difference, now: dict[str, Any] | None) -> tuple[str, Standing]:
    """Nothing of counts, which are neither good nor bad; of the late open dossiers their share is judged."""
    if declared.id == _LATE_SHARE:
        return _in_words(declared, against, n=as_number(now["pending"]) if now else 0)
    if isinstance(declared.figure, Count):
        return "", "unknown"
    return _in_words(declared, against, n=Estimate.of(now, declared).n)


def _in_words(declared: Indicator, against: Difference, *, n: float) -> tuple[str, Standing]:
    if math.isnan(n) or n == 0:
        return _("Không phát sinh"), "unknown"
    if n < declared.min_n:
        return _("Dưới {count} hồ sơ, chưa đủ để so").format(count=declared.min_n), "unknown"
    if math.isnan(against.p_value):
        return _("Chưa so được với nhóm"), "unknown"
    if against.p_value >= SIGNIFICANCE_LEVEL:
        return _("Chưa đủ cơ sở phân biệt với nhóm"), "like"
    is_higher = against.value > 0
    if declared.direction == "neutral":
        return (_("Cao hơn nhóm rõ rệt") if is_higher else _("Thấp hơn nhóm rõ rệt")), "unknown"
    if is_higher == (declared.direction == "higher_is_better"):
        return _("Tốt hơn nhóm rõ rệt"), "better"
    return _("Kém hơn nhóm rõ rệt"), "worse"


def _changes(context: BriefContext, code: str) -> list[Difference]:
    """Each figure of the last thirty days less the thirty before, the p-values adjusted for all of them."""
    if context.before is None:
        return [Difference(value=math.nan, p_value=math.nan)] * len(FIGURES)
    rows = [context.by_commune[window].get(code) for window in (context.recent, context.before)]
    counts = [declared.id for declared in indicators(FIGURES) if isinstance(declared.figure, Count)]

    def kept(ids: Sequence[str], by: Sequence[str], window: Window) -> pl.DataFrame:
        """What `compare` asks for, from the frames that all briefs share."""
        if by:
            return context.counts_by_week[window].filter(pl.col("commune") == code).select(*by, *ids)
        row = context.by_commune[window].get(code)
        return pl.DataFrame({one: [row[one] if row else None] for one in ids}, schema=dict.fromkeys(ids, pl.Int64))

    one = Filters(commune=(code,))
    compared = compare(context.snapshot, counts, context.recent, context.before, one, answer=kept)
    of_counts = {row["indicator"]: row for row in compared.iter_rows(named=True)}
    found = []
    for declared in indicators(FIGURES):
        if declared.id in of_counts:
            row = of_counts[declared.id]
            found.append(Difference(value=as_number(row["difference"]), p_value=as_number(row["p_value"])))
        else:
            now, before = (Estimate.of(row, declared) for row in rows)
            found.append(difference(now, before, declared.min_n))
    adjusted = holm([one.p_value for one in found])
    return [Difference(value=one.value, p_value=p) for one, p in zip(found, adjusted, strict=True)]


def _change(
    declared: Indicator,
    since: Difference,
    lately: dict[str, Any] | None,
    before: dict[str, Any] | None,
    minutes_per_day: int,
) -> tuple[str, Standing]:
    if lately is None or before is None:
        return "", "unknown"
    now, then = lately[declared.id], before[declared.id]
    if is_missing(now) or is_missing(then) or math.isnan(since.p_value):
        return "", "unknown"
    if since.p_value >= SIGNIFICANCE_LEVEL:
        return _("không khác kỳ trước rõ rệt"), "like"
    size = difference_text(declared, now, then, minutes_per_day)
    words = _("tăng rõ so với kỳ trước ({size})") if since.value > 0 else _("giảm rõ so với kỳ trước ({size})")
    standing: Standing = "unknown"
    if declared.direction != "neutral":
        standing = "better" if (since.value > 0) == (declared.direction == "higher_is_better") else "worse"
    return words.format(size=size), standing


def _others(
    context: BriefContext, declared: Indicator, beside: dict[str, Any] | None, codes: tuple[str, ...]
) -> tuple[float | None, float | None]:
    """The peers' and the province's value: pooled, of counts the median commune's."""
    if isinstance(declared.figure, Count):
        rows = context.by_commune[context.window]
        every = [rows[code][declared.id] for code in context.communes if code in rows]
        among = [rows[code][declared.id] for code in codes if code in rows]
        return _median(among), _median(every)
    return (beside[declared.id] if beside else None), context.whole[declared.id]


def _stalled_line(context: BriefContext, code: str) -> list[FigureLine]:
    """Open dossiers without a step for more than ten working days; no line where no log knows of any."""
    counted = context.standing_still
    if not counted:
        return []
    hits, n = counted.get(code, (0, 0))
    codes = context.peers_of(code).codes
    beside = [sum(counted.get(one, (0, 0))[place] for one in codes) for place in (0, 1)]
    own, other = Estimate.of_share(hits, n), Estimate.of_share(*beside)
    against = difference(own, other, indicator("pending").min_n)
    verdict, standing = _in_words(indicator("pending_late"), against, n=n)
    return [
        FigureLine(
            indicator=STALLED,
            label=_("Không có bước nào quá 10 ngày làm việc (đến {date})").format(date=date(context.as_of)),
            unit=unit_text(indicator("pending")),
            since_merger=number(hits),
            last_30_days=number(hits),
            before=NOTHING,
            peers=number(_median([counted.get(one, (0, 0))[0] for one in codes])),
            province=number(_median([counted.get(one, (0, 0))[0] for one in context.communes])),
            verdict=verdict,
            standing=standing,
            note=_share_note(hits, n, (beside[0], beside[1])),
            meaning=_(
                "Số hồ sơ đang giải quyết, đồng hồ đang chạy, mà bước cuối cùng trong nhật ký đã cách hơn 10 ngày làm "
                "việc."
            ),
        )
    ]


def _label(context: BriefContext, declared: Indicator) -> str:
    if declared.id in _STATES:
        return _("{name} (đến {date})").format(name=declared.name, date=date(context.as_of))
    return declared.name


def _printed(declared: Indicator, row: dict[str, Any] | None, minutes_per_day: int) -> str:
    return short_value_text(declared, row[declared.id] if row else None, minutes_per_day)


def _note(declared: Indicator, row: dict[str, Any] | None, beside: dict[str, Any] | None) -> str:
    """How many dossiers it rests on; of the late open ones the share that the verdict is about."""
    if row is None:
        return ""
    if declared.id == _LATE_SHARE:
        others = (beside["pending_late"], beside["pending"]) if beside else None
        return _share_note(row["pending_late"], row["pending"], others)
    n = row.get(f"{declared.id}_n")
    return _("n = {n}").format(n=number(n)) if n else ""


def _share_note(hits: int, n: int, beside: tuple[int, int] | None) -> str:
    if not n:
        return ""
    others = beside[0] / beside[1] if beside and beside[1] else None
    return _("{share} của {n}; nhóm {peers}").format(share=percent(hits / n), n=number(n), peers=percent(others))


def _median(values: list[float]) -> float | None:
    return float(np.median(values)) if values else None


_UNKNOWN = Estimate(value=math.nan, n=math.nan, low=math.nan, high=math.nan)
