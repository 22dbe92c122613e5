"""Everything that goes along on a trip: one overview page, the briefs in the order of the stops, a page a department.

pack = compose_pack(snapshot, ["07945", "07999"], book=book)
Path("chuyen-di.pdf").write_bytes(write_pack_pdf(pack))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from indicators.errors import CallError
from indicators.windows import Window
from language import _, formats
from language.text import fold, sort_key
from notebook import Notebook
from reports.brief import compose_brief
from reports.content import Brief, Question
from reports.shared import brief_context
from warehouse import Snapshot

# What a reader of one page takes in about one commune.
_MOST_LINES, _MOST_ASKS = 3, 3
_ASKED_EVERYWHERE = ("needs", "step")


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A question and whom to put it to: the commune itself, or a department that comes along."""

    whom: str
    text: str


@dataclass(frozen=True, kw_only=True)
class StopLine:
    """One commune on the overview: two or three lines to know, and what to ask whom."""

    name: str
    lines: tuple[str, ...]
    asks: tuple[Ask, ...]


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something that a department promised, or was asked for; `kind` in words."""

    commune_name: str
    kind: str
    text: str
    due_text: str
    state: str
    is_pressing: bool = False


@dataclass(frozen=True, kw_only=True)
class DepartmentPage:
    """What concerns one department in the communes of the trip; no task where the notebook knows none."""

    department: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A trip on paper: `stops` and `briefs` in the order of travel, printed texts only."""

    title: str
    subtitle: str
    route_text: str
    province_name: str
    as_of: dt.date
    as_of_text: str
    snapshot_id: str
    source_text: str
    simulated: bool
    stops: tuple[StopLine, ...]
    departments: tuple[DepartmentPage, ...]
    briefs: tuple[Brief, ...]


def compose_pack(
    snapshot: Snapshot,
    commune_codes: Sequence[str],
    *,
    window: Window | None = None,
    as_of: dt.date | None = None,
    book: Notebook | None = None,
    title: str = "",
    subtitle: str = "",
    route_text: str = "",
    departments: Sequence[str] = (),
) -> Pack:
    """The pack of the communes, each once, in the order given.

    `departments`: those that come along; they get a page even where nothing is noted. Raises CallError without a
    commune, and what `compose_brief` raises.
    """
    codes = list(dict.fromkeys(commune_codes))
    if not codes:
        raise CallError(_("Hãy nêu ít nhất một xã, phường."))
    context = brief_context(snapshot, window=window, as_of=as_of)
    briefs = [compose_brief(snapshot, code, book=book, context=context) for code in codes]
    return pack_of(briefs, title=title, subtitle=subtitle, route_text=route_text, departments=departments)


def pack_of(
    briefs: Sequence[Brief],
    *,
    title: str = "",
    subtitle: str = "",
    route_text: str = "",
    departments: Sequence[str] = (),
) -> Pack:
    """The pack of briefs already composed from one snapshot."""
    first = briefs[0]
    return Pack(
        title=title.strip() or _("HỒ SƠ CHUYẾN ĐI"),
        subtitle=subtitle
        or _("{province}, {n} xã, phường").format(province=first.province_name, n=formats.number(len(briefs))),
        route_text=route_text,
        province_name=first.province_name,
        as_of=first.as_of,
        as_of_text=first.as_of_text,
        snapshot_id=first.snapshot_id,
        source_text=first.source_text,
        simulated=any(one.simulated for one in briefs),
        stops=tuple(_stop(one) for one in briefs),
        departments=_department_pages(briefs, departments),
        briefs=tuple(briefs),
    )


def _stop(brief: Brief) -> StopLine:
    asks = [Ask(whom=brief.commune_name, text=f"{one.text} {one.evidence}") for one in _telling(brief.questions)[:1]]
    for promise in brief.promises:
        if promise.verdict == "not_kept" and promise.department and not _is_commune(promise.department, brief):
            asks.append(Ask(whom=promise.department, text=promise.text))
    for difficulty in brief.difficulties:
        if difficulty.is_overdue and difficulty.department:
            asks.append(Ask(whom=difficulty.department, text=difficulty.text))
    findings = sorted(brief.findings, key=lambda one: one.standing != "worse")
    lines = [_kept(brief), _weak_figures(brief), *(one.sentence for one in findings), brief.due_soon]
    return StopLine(
        name=brief.commune_name,
        lines=tuple(line for line in lines if line)[:_MOST_LINES],
        asks=tuple(asks[:_MOST_ASKS]),
    )


def _kept(brief: Brief) -> str:
    """What became of the promises."""
    verdicts = [one.verdict for one in brief.promises]
    if not verdicts:
        return ""
    return _("Cam kết: {n}; giữ được {kept}, chưa giữ {not_kept}.").format(
        n=formats.number(len(verdicts)),
        kept=formats.number(verdicts.count("kept")),
        not_kept=formats.number(verdicts.count("not_kept")),
    )


def _weak_figures(brief: Brief) -> str:
    """The figures in which the commune is clearly worse than its peers, with both values."""
    weak = [f"{one.label} {one.since_merger} ({one.peers})" for one in brief.figures if one.standing == "worse"]
    if not weak:
        return _("Không chỉ tiêu nào kém hơn nhóm rõ rệt.") if brief.figures else ""
    return _("Kém hơn nhóm rõ rệt (trong ngoặc là nhóm): {figures}.").format(figures="; ".join(weak))


def _telling(questions: Sequence[Question]) -> list[Question]:
    """What was promised first, then what is particular to the commune; what is asked everywhere comes last."""
    return sorted(
        questions, key=lambda one: (one.part != "follow_up", one.kind in _ASKED_EVERYWHERE, one.part != "new")
    )


def _is_commune(department: str, brief: Brief) -> bool:
    """Whether the one who promised is the commune itself, whose page is its brief."""
    return fold(brief.commune_name) in fold(department)


def _department_pages(briefs: Sequence[Brief], attending: Sequence[str]) -> tuple[DepartmentPage, ...]:
    names = {fold(name): name for name in attending if name.strip()}
    tasks: dict[str, list[Task]] = {folded: [] for folded in names}
    for brief in briefs:
        for promise in brief.promises:
            if not promise.department or _is_commune(promise.department, brief):
                continue
            folded = fold(promise.department)
            names.setdefault(folded, promise.department)
            tasks.setdefault(folded, []).append(
                Task(
                    commune_name=brief.commune_name,
                    kind=_("cam kết"),
                    text=promise.text,
                    due_text=promise.due_text,
                    state=promise.verdict_text,
                    is_pressing=promise.verdict == "not_kept",
                )
            )
        for difficulty in brief.difficulties:
            if not difficulty.department or _is_commune(difficulty.department, brief):
                continue
            folded = fold(difficulty.department)
            names.setdefault(folded, difficulty.department)
            state = difficulty.state + (f": {difficulty.answer}" if difficulty.answer else "")
            tasks.setdefault(folded, []).append(
                Task(
                    commune_name=brief.commune_name,
                    kind=_("vướng mắc"),
                    text=difficulty.text,
                    due_text=difficulty.due_text,
                    state=state,
                    is_pressing=difficulty.is_overdue,
                )
            )
    ordered = sorted(names, key=lambda folded: sort_key(names[folded]))
    return tuple(DepartmentPage(department=names[folded], tasks=tuple(tasks[folded])) for folded in ordered)
