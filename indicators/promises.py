"""What became of a promise: did the figure that should move do so, as far as was promised, and how sure is that?

Judged once, when the promised time is over; the window is then closed and the verdict stays. With a 95 % interval
[low, high] of the change from the window before to the window after (`before_after`) and a promised change `e` (signed;
the same for falls with the signs turned):

* `kept`: the change that was seen reaches the promised one (change ≥ e) **and** more than half of it is certain
  (low > e/2). Where half or less was delivered that happens in at most 2.5 of 100 cases, whatever the number of cases;
* `not_kept`: the interval excludes the promised change (high < e): at most 2.5 of 100 promises that were kept;
* `not_measurable`: neither, or too few cases.

Open dossiers are counted, not sampled: `not_kept` is change < e, and `kept` asks that the fall exceeds what such counts
vary by (low > 0). Until the promised time is over the state is `too_early`, which is no verdict: `leaning` describes
what is seen so far, and looking again and again cannot make a failure or a success of it. A promise kept to the letter
reaches its own threshold in about half of the cases, else it is `not_measurable`, hardly ever `not_kept`. Measured in
`tests/indicators/promise_worlds.py`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from indicators.before_after import BeforeAfter, before_after, is_stock
from indicators.catalogue import CATALOGUE, Indicator, indicators
from indicators.compare import compare
from indicators.errors import CallError, UnknownIndicator
from indicators.figures import Count, IndexPoints, Ratio
from indicators.filters import Filters
from indicators.promise_baseline import CERTAIN_PART, is_possible
from indicators.promise_words import change_words, part_words, promise_sentence
from indicators.windows import Window, last_year
from language import _
from warehouse import Snapshot

Verdict = Literal["kept", "not_kept", "not_measurable", "too_early"]
Leaning = Literal["towards", "not_seen", ""]
# Before this part of the promised time a figure says little of the promise.
LEAST_SHARE = 0.5
# How long a promise without a due date is given.
DAYS_WITHOUT_DUE_DATE = 90
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A promise and what the figure did: everything in the indicator's own unit, counts of events per working day.

    `change` with `low` and `high` (95 %) is at an equal mix of procedures and channels where `is_adjusted`; then
    `mix` is the part of the plain difference that the mix explains. `n` is the cases of the window after. `is_final`:
    the promised time is over; before that `leaning` says whether the figure has surely moved the promised way.
    `last_year`: the figure in the same days of the year before, where there are enough cases. `reason` says why there
    is no verdict, `part_text` how much of what was promised is seen. All texts are for people.
    """

    verdict: Verdict
    verdict_name: str
    sentence: str
    reason: str
    indicator: str | None
    expected_change: float | None
    before_window: Window | None = None
    after_window: Window | None = None
    before: float | None = None
    after: float | None = None
    before_n: int | None = None
    n: int | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    mix: float = 0.0
    is_adjusted: bool = False
    is_final: bool = False
    last_year: float | None = None
    last_year_n: int | None = None
    change_text: str = ""
    leaning: Leaning = ""
    part_text: str = ""

    @property
    def standing(self) -> str:
        """The verdict, and while it is too early for one what is seen so far: `đang theo dõi: hướng tới`."""
        return verdict_name(self.verdict) + (f": {leaning_name(self.leaning)}" if self.leaning else "")


def verdict_name(verdict: Verdict) -> str:
    """`giữ được`, `chưa giữ được`, `không đo được`, `đang theo dõi`."""
    return {
        "kept": _("giữ được"),
        "not_kept": _("chưa giữ được"),
        "not_measurable": _("không đo được"),
        "too_early": _("đang theo dõi"),
    }[verdict]


def leaning_name(leaning: Leaning) -> str:
    """`hướng tới mức cam kết`, `chưa thấy thay đổi rõ`; nothing where too little is known."""
    return {"towards": _("hướng tới mức cam kết"), "not_seen": _("chưa thấy thay đổi rõ"), "": ""}[leaning]


def measurable() -> tuple[Indicator, ...]:
    """The indicators that a promise can be watched by: counts and whatever has an interval in each window."""
    return tuple(one for one in CATALOGUE if not isinstance(one.figure, Ratio | IndexPoints))


def judge(change: float, low: float, high: float, expected: float, *, is_counted: bool = False) -> Verdict:
    """The rule of this module, for a promised change other than 0; `is_counted`: of open dossiers."""
    if expected < 0:
        return judge(-change, -high, -low, -expected, is_counted=is_counted)
    if (change if is_counted else high) < expected:
        return "not_kept"
    certain = 0.0 if is_counted else CERTAIN_PART * expected
    return "kept" if change >= expected and low > certain else "not_measurable"


def judge_direction(low: float, high: float, sign: int) -> Verdict:
    """The rule where no size was promised: moved the good way (`sign`), the other way, or neither for sure."""
    worst, best = (low, high) if sign > 0 else (-high, -low)
    if worst > 0:
        return "kept"
    return "not_kept" if best < 0 else "not_measurable"


def watch(
    snapshot: Snapshot,
    *,
    commune_code: str | None,
    indicator: str | None,
    promised_on: dt.date,
    due_on: dt.date | None,
    expected_change: float | None,
    field: str | None = None,
    procedure_code: str | None = None,
    as_of: dt.date | None = None,
) -> Watched:
    """Compare the days from `promised_on` to `due_on` (or as far as the data reach) with as many days before.

    Nothing that came after the promised time plays a part: without a due date that is 90 days. Without a commune the
    whole province is looked at. Without `expected_change` (or 0) the promise is that the figure moves the good way.
    Raises CallError for a due date before the promise.
    """
    if due_on is not None and due_on < promised_on:
        raise CallError(_("Hạn của cam kết nằm trước ngày cam kết."))
    stated = _Stated(indicator, promised_on, due_on, expected_change or None)
    if indicator is None:
        return _open(stated, "not_measurable", _("cam kết chưa gắn với chỉ tiêu nào"))
    try:
        declared = indicators([indicator])[0]
    except UnknownIndicator:
        return _open(stated, "not_measurable", _("phần mềm không có chỉ tiêu này"))
    if declared not in measurable():
        return _open(stated, "not_measurable", _("chỉ tiêu này chưa có khoảng tin cậy"))
    if stated.expected is None and declared.direction == "neutral":
        return _open(stated, "not_measurable", _("cam kết chưa ghi chỉ tiêu phải tăng hay giảm bao nhiêu"))
    known_until = min(as_of or dt.date.max, snapshot.info.as_of.date())
    if promised_on > known_until:
        return _open(stated, "too_early", _("số liệu chưa đến ngày cam kết"))
    after = Window(promised_on, min(stated.ends, known_until))
    known_until = after.ends
    before = Window(promised_on - after.days * _ONE_DAY, promised_on - _ONE_DAY)
    filters = Filters(
        commune=(commune_code,) if commune_code else (),
        field=(field,) if field else (),
        procedure=(procedure_code,) if procedure_code else (),
    )
    found = before_after(snapshot, indicator, before, after, filters, as_of=known_until)
    is_final = after.ends >= stated.ends
    verdict, reason = _verdict(declared, stated, found, after)
    leaning = "" if is_final or reason else _leaning(declared, stated, found)
    value_last_year, n_last_year = _last_year(snapshot, declared, after, filters, known_until)
    shown = Watched(
        verdict=verdict,
        verdict_name=verdict_name(verdict),
        sentence="",
        reason=reason,
        indicator=indicator,
        expected_change=stated.expected,
        before_window=before,
        after_window=after,
        before=found.before,
        after=found.after,
        before_n=found.before_n,
        n=found.after_n,
        change=found.change,
        low=found.low,
        high=found.high,
        mix=found.mix,
        is_adjusted=found.is_adjusted,
        is_final=is_final,
        last_year=value_last_year,
        last_year_n=n_last_year,
        leaning=leaning,
    )
    minutes = snapshot.info.minutes_per_day
    shown = replace(
        shown,
        change_text=change_words(found.change, declared, minutes),
        part_text=part_words(found.change, stated.expected, declared, minutes)
        if leaning or (is_final and found.low is not None)
        else "",
    )
    return replace(shown, sentence=promise_sentence(shown, declared, minutes))


@dataclass(frozen=True)
class _Stated:
    indicator: str | None
    promised_on: dt.date
    due_on: dt.date | None
    expected: float | None

    @property
    def ends(self) -> dt.date:
        """The last day of the promised time."""
        return self.due_on or self.promised_on + (DAYS_WITHOUT_DUE_DATE - 1) * _ONE_DAY


def _verdict(declared: Indicator, stated: _Stated, found: BeforeAfter, after: Window) -> tuple[Verdict, str]:
    """The verdict, and where there is none the reason in words; none while the promise runs and can be described."""
    planned = (stated.ends - stated.promised_on).days + 1
    is_running = after.ends < stated.ends
    if is_running and after.days < LEAST_SHARE * planned:
        words = _("mới qua {days} trong {planned} ngày của cam kết")
        return "too_early", words.format(days=after.days, planned=planned)
    if declared.has_interval and (found.after_n or 0) < declared.min_n:
        words = _("từ ngày cam kết mới có {n} hồ sơ, cần ít nhất {least}")
        return "too_early" if is_running else "not_measurable", words.format(n=found.after_n or 0, least=declared.min_n)
    if found.before is None or (declared.has_interval and (found.before_n or 0) < declared.min_n):
        if found.before_n is None:
            return "not_measurable", _("số liệu không có đủ thời gian trước ngày cam kết để so")
        words = _("trước ngày cam kết chỉ có {n} hồ sơ, cần ít nhất {least}")
        return "not_measurable", words.format(n=found.before_n, least=declared.min_n)
    if found.change is None or found.low is None or found.high is None:
        return "not_measurable", _("số liệu chưa cho khoảng tin cậy của thay đổi")
    direction = judge_direction(found.low, found.high, _sign(declared, stated))
    if direction != "not_kept" and not is_possible(declared, stated.expected, found.before):
        return "not_measurable", _("trước ngày cam kết chỉ tiêu không còn chỗ để thay đổi nhiều như đã cam kết")
    if is_running:
        return "too_early", ""
    if stated.expected is None:
        verdict = direction
    else:
        verdict = judge(found.change, found.low, found.high, stated.expected, is_counted=is_stock(declared))
    if verdict != "not_measurable":
        return verdict, ""
    if stated.expected is None:
        return verdict, _("thay đổi nằm trong mức dao động ngẫu nhiên")
    if abs(found.change) >= abs(stated.expected) and found.change * stated.expected > 0:
        return verdict, _("mức thấy được đã đạt, nhưng số liệu chưa loại trừ được rằng phần lớn là ngẫu nhiên")
    return verdict, _("mức thấy được chưa đạt, nhưng số liệu chưa loại trừ được rằng đã giữ đúng cam kết")


def _sign(declared: Indicator, stated: _Stated) -> int:
    """The way that the figure should move: 1 up, -1 down."""
    if stated.expected is not None:
        return 1 if stated.expected > 0 else -1
    return 1 if declared.direction == "higher_is_better" else -1


def _leaning(declared: Indicator, stated: _Stated, found: BeforeAfter) -> Leaning:
    """While the promise runs: moved the promised way beyond chance, or not."""
    assert found.low is not None and found.high is not None
    return "towards" if judge_direction(found.low, found.high, _sign(declared, stated)) == "kept" else "not_seen"


def _last_year(
    snapshot: Snapshot, declared: Indicator, after: Window, filters: Filters, known_until: dt.date
) -> tuple[float | None, int | None]:
    """The figure in the same days of the year before, null where the data do not have it or too few cases."""
    year_before = last_year(after.starts, after.ends)
    if isinstance(declared.figure, Count):
        found = before_after(snapshot, declared.id, year_before, after, filters, as_of=known_until)
        return found.before, found.before_n
    row = compare(snapshot, [declared.id], after, year_before, filters, as_of=known_until).row(0, named=True)
    if (row["reference_n"] or 0) < declared.min_n:
        return None, None
    return row["reference"], row["reference_n"]


def _open(stated: _Stated, verdict: Verdict, reason: str) -> Watched:
    name = verdict_name(verdict)
    return Watched(
        verdict=verdict,
        verdict_name=name,
        sentence=_("{verdict}: {reason}.").format(verdict=name[:1].upper() + name[1:], reason=reason),
        reason=reason,
        indicator=stated.indicator,
        expected_change=stated.expected,
    )
