"""Questions to ask, each with the observation that it rests on and the minutes to give it; never a verdict.

The order is CitiStat's: what was promised last time, the standing items, then what is new. A rule is a function from
what the brief holds to questions; `RULES` is the table of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indicators.notable import Notable
from indicators.sentences import notable_question
from indicators.words import stop_words
from language import _
from language.formats import duration, number
from reports.content import (
    DifficultyLine,
    DossierLine,
    FigureLine,
    NoteLine,
    Part,
    PromiseLine,
    Question,
)
from reports.words import finding_words

# What fits an hour and two pages; the first of each part are never crowded out by another's.
MOST = 8
_SURE: dict[Part, int] = {"follow_up": 3, "standing": 2, "new": 2}
_MOST_OF_A_RULE = 2

# Of the general level: nobody is asked why a step takes as long as everywhere.
_CLEARLY_LONGER = 1.25


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a brief holds that a question can rest on; `longest_part` is the step or stop that takes most time."""

    commune_name: str
    minutes_per_day: int
    notables: Sequence[Notable] = ()
    figures: Sequence[FigureLine] = ()
    dossiers: Sequence[DossierLine] = ()
    promises: Sequence[PromiseLine] = ()
    difficulties: Sequence[DifficultyLine] = ()
    notes: Sequence[NoteLine] = ()
    longest_part: dict[str, object] | None = None
    late: int = 0
    late_stopped: int = 0
    without_letter: int = 0
    apology: str = ""
    due_soon: int = 0
    due_soon_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A name, the part of the talk, the minutes of each question, and what makes pairs of question and evidence."""

    name: str
    part: Part
    minutes: int
    ask: Callable[[Evidence], list[tuple[str, str]]]
    most: int = _MOST_OF_A_RULE


def questions(evidence: Evidence) -> tuple[Question, ...]:
    """At most `MOST` questions in the order of the table; the last one, what the commune needs, is always kept."""
    asked = [
        Question(text=text, evidence=observed, minutes=rule.minutes, part=rule.part, kind=rule.name)
        for rule in RULES
        for text, observed in rule.ask(evidence)[: rule.most]
    ]
    seen: set[str] = set()
    different = [one for one in asked if not (one.text in seen or seen.add(one.text))]  # type: ignore[func-returns-value]
    *others, last = different
    sure = [one for part, most in _SURE.items() for one in [each for each in others if each.part == part][:most]]
    room = MOST - 1 - len(sure[: MOST - 1])
    filled = [one for one in others if one not in sure][:room]
    kept = [*sure[: MOST - 1], *filled]
    return (*(one for one in others if one in kept), last)


def _promises_not_kept(evidence: Evidence) -> list[tuple[str, str]]:
    return [
        (
            _("“{text}” ({department}): đã làm gì, vướng ở đâu, bao giờ xong?").format(
                text=one.text, department=one.department
            ),
            _promised(one),
        )
        for one in evidence.promises
        if one.verdict in ("not_kept", "not_measurable")
    ]


def _promises_running(evidence: Evidence) -> list[tuple[str, str]]:
    return [
        (
            _("“{text}” ({department}): đang làm đến đâu, có kịp hạn {due} không?").format(
                text=one.text, department=one.department, due=one.due_text
            ),
            _promised(one),
        )
        for one in evidence.promises
        if one.verdict == "too_early"
    ]


def _promises_kept(evidence: Evidence) -> list[tuple[str, str]]:
    return [
        (
            _("“{text}”: cách làm nào có tác dụng, nơi khác học được gì?").format(text=one.text),
            _promised(one),
        )
        for one in evidence.promises
        if one.verdict == "kept"
    ]


def _promised(one: PromiseLine) -> str:
    """The numbers stand with the promise itself."""
    words = _("Cam kết ngày {promised}, hạn {due}; số liệu: {verdict}.")
    return words.format(promised=one.promised_text, due=one.due_text, verdict=one.verdict_text)


def _answers_overdue(evidence: Evidence) -> list[tuple[str, str]]:
    return [
        (
            _("{department}: đã trả lời đơn vị về “{text}” chưa, còn cần ai quyết?").format(
                department=one.department, text=one.text
            ),
            _("Nêu ngày {asked}, hạn trả lời {due}, {state} ({category}).").format(
                asked=one.asked_on, due=one.due_text, state=one.state, category=one.category
            ),
        )
        for one in evidence.difficulties
        if one.is_overdue
    ]


def _objections(evidence: Evidence) -> list[tuple[str, str]]:
    return [
        (
            _("Đơn vị có ý kiến về số liệu “{indicator}”: hai bên đối chiếu ở hồ sơ nào?").format(
                indicator=one.indicator
            ),
            _("{who}, {when}: “{text}”").format(who=one.who, when=one.when, text=one.text),
        )
        for one in evidence.notes
        if one.indicator
    ]


def _late_dossiers(evidence: Evidence) -> list[tuple[str, str]]:
    late = [one for one in evidence.dossiers if one.is_late]
    if not late:
        return []
    first = late[0]
    return [
        (
            _("Hồ sơ quá hạn đang chờ ai, và ngày nào người dân nhận được kết quả?"),
            _("{late} hồ sơ đang quá hạn{stopped}; nên mở trước {code}: {days}.").format(
                late=number(evidence.late),
                stopped=_(" ({n} đang dừng đồng hồ)").format(n=number(evidence.late_stopped))
                if evidence.late_stopped
                else "",
                code=first.dossier_id,
                days=first.days_text,
            ),
        )
    ]


def _letters(evidence: Evidence) -> list[tuple[str, str]]:
    if not evidence.without_letter:
        return []
    return [(_("Ai ký thư xin lỗi, và vì sao có hồ sơ quá hạn chưa thấy ghi thư?"), evidence.apology)]


def _still_dossiers(evidence: Evidence) -> list[tuple[str, str]]:
    still = [one for one in evidence.dossiers if not one.is_late]
    if not still:
        return []
    first = still[0]
    return [
        (
            _("Hồ sơ còn hạn nhưng lâu không có bước nào: đang làm thật, hay đã xong mà chưa cập nhật?"),
            _("Lâu nhất {code}: {days}, {step}.").format(code=first.dossier_id, days=first.days_text, step=first.step),
        )
    ]


def _due_soon(evidence: Evidence) -> list[tuple[str, str]]:
    if not evidence.due_soon:
        return []
    return [
        (_("Hồ sơ đến hẹn trong ba ngày tới: hồ sơ nào có thể lỡ hẹn, cần ai giúp hôm nay?"), evidence.due_soon_text)
    ]


def _findings_worse(evidence: Evidence) -> list[tuple[str, str]]:
    return [(notable_question(one), finding_words(one)) for one in evidence.notables if one.direction == "worse"]


def _figures_worse(evidence: Evidence) -> list[tuple[str, str]]:
    """Figures that lie worse than the peers', where no finding has asked about them already."""
    asked = {one.indicator for one in evidence.notables if one.direction == "worse"}
    by_figure = {
        "on_time_rate_ii06": _("Thủ tục nào làm tỷ lệ đúng hạn thấp hơn nhóm, và chậm ở khâu nào?"),
        "on_time_rate_766": _(
            "Hồ sơ nào kéo tỷ lệ theo Quyết định 766 xuống: quá hạn đang treo, hay yêu cầu bổ sung hai lần?"
        ),
        "pending_late": _("Vì sao phần quá hạn trong số đang giải quyết cao hơn nhóm?"),
        "stalled": _("Vì sao nhiều hồ sơ không có bước nào trong hơn 10 ngày làm việc: thiếu người, hay phần mềm?"),
        "processing_days_p50": _("Việc thường ngày mất nhiều thời gian hơn nhóm ở khâu nào?"),
        "processing_days_p90": _("Những hồ sơ lâu nhất thuộc thủ tục nào, chờ ai?"),
        "online_rate": _("Người dân vướng gì khi nộp trực tuyến: tài khoản, thanh toán hay hướng dẫn?"),
        "supplement_rate": _("Giấy tờ nào hay thiếu, có kiểm tra được ngay khi tiếp nhận không?"),
        "slow_reception_rate": _("Ai nhận hồ sơ trực tuyến khi người phụ trách vắng?"),
    }
    return [
        (
            by_figure[line.indicator],
            _("{label}: {value}, nhóm so sánh {peers}. {verdict}.").format(
                label=line.label, value=line.since_merger, peers=line.peers, verdict=line.verdict.rstrip(".")
            ),
        )
        for line in evidence.figures
        if line.standing == "worse" and line.indicator in by_figure and line.indicator not in asked
    ]


def _changes_worse(evidence: Evidence) -> list[tuple[str, str]]:
    asked = {one.indicator for one in evidence.notables if one.kind == "change"}
    return [
        (
            _("30 ngày qua có gì thay đổi: người, quy trình, phần mềm hay loại hồ sơ?"),
            _("{label}: {now}, 30 ngày trước đó {before}; {change}.").format(
                label=line.label, now=line.last_30_days, before=line.before, change=line.change
            ),
        )
        for line in evidence.figures
        if line.change_standing == "worse" and line.indicator not in asked
    ]


def _longest_part(evidence: Evidence) -> list[tuple[str, str]]:
    part = evidence.longest_part
    if part is None:
        return []
    hours, whole = float(part["office_hours_mean"]), part["whole_hours_mean"]  # type: ignore[arg-type]
    if whole is not None and hours < _CLEARLY_LONGER * float(whole):  # type: ignore[arg-type]
        return []
    beside = duration(60 * float(whole), evidence.minutes_per_day) if whole is not None else ""  # type: ignore[arg-type]
    if part["kind"] == "stop":
        text = _("Đồng hồ dừng nhiều nhất vì {cause}: làm gì để người dân không phải chờ như vậy?")
        text = text.format(cause=stop_words(str(part["activity"])))
        observed = _("Bình quân mỗi hồ sơ dừng {time}; mức chung {whole}.")
    else:
        text = _("Hồ sơ chờ lâu nhất trước bước “{step}”: vì sao, giao việc hoặc ủy quyền thế nào thì nhanh hơn?")
        text = text.format(step=part["activity"])
        observed = _("Bình quân mỗi hồ sơ mất {time} trước bước này; mức chung {whole}.")
    return [(text, observed.format(time=duration(60 * hours, evidence.minutes_per_day), whole=beside or "–"))]


def _findings_better(evidence: Evidence) -> list[tuple[str, str]]:
    return [
        (_("Đơn vị làm thế nào mà được như vậy, nơi khác học được gì?"), finding_words(one))
        for one in evidence.notables
        if one.direction == "better"
    ]


def _needs(evidence: Evidence) -> list[tuple[str, str]]:
    """What only the commune can say; asked everywhere, and last."""
    waiting = [one for one in evidence.difficulties if not one.answer]
    observed = _("Chưa có vướng mắc nào được ghi cho đơn vị.")
    if waiting:
        names = ", ".join(dict.fromkeys(one.category.lower() for one in waiting))
        observed = _("{n} vướng mắc đã nêu chưa có trả lời: {names}.").format(n=number(len(waiting)), names=names)
    elif len(evidence.difficulties) == 1:
        observed = _("Vướng mắc đã nêu đã có trả lời.")
    elif evidence.difficulties:
        observed = _("{n} vướng mắc đã nêu, đều đã có trả lời.").format(n=number(len(evidence.difficulties)))
    return [(_("Điều gì đơn vị cần cấp trên gỡ nhất trong tháng tới, cơ quan nào làm, bao giờ xong?"), observed)]


RULES: tuple[Rule, ...] = (
    Rule(name="promise_not_kept", part="follow_up", minutes=5, ask=_promises_not_kept, most=3),
    Rule(name="promise_running", part="follow_up", minutes=3, ask=_promises_running),
    Rule(name="promise_kept", part="follow_up", minutes=2, ask=_promises_kept, most=1),
    Rule(name="answer_overdue", part="follow_up", minutes=3, ask=_answers_overdue),
    Rule(name="objection", part="follow_up", minutes=5, ask=_objections),
    Rule(name="late", part="standing", minutes=5, ask=_late_dossiers),
    Rule(name="apology", part="standing", minutes=2, ask=_letters),
    Rule(name="due_soon", part="standing", minutes=2, ask=_due_soon),
    Rule(name="finding", part="new", minutes=5, ask=_findings_worse, most=3),
    Rule(name="change", part="new", minutes=5, ask=_changes_worse, most=1),
    Rule(name="figure", part="new", minutes=3, ask=_figures_worse),
    Rule(name="step", part="new", minutes=5, ask=_longest_part),
    Rule(name="standing_still", part="new", minutes=3, ask=_still_dossiers),
    Rule(name="finding_better", part="new", minutes=2, ask=_findings_better, most=1),
    Rule(name="needs", part="new", minutes=5, ask=_needs),
)
