"""Dossiers to open, letters of apology, and what is due within three days: from the lists that the screens show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import polars as pl

from indicators.filters import Filters
from indicators.process import stops_by_cause
from indicators.standing_still import STALLED_AFTER
from indicators.words import stop_words
from language import _
from language.formats import NOTHING, date, number, percent
from reports.content import DossierLine
from reports.letters import Letters
from reports.shared import BriefContext

MOST = 10
_LATE = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Register:
    """A commune's dossiers as they stood on the brief's last day, out of the lists that the screens show."""

    context: BriefContext
    code: str

    @cached_property
    def open(self) -> pl.DataFrame:
        return self.context.open_dossiers(self.code)

    @cached_property
    def open_late(self) -> pl.DataFrame:
        """The longest late ones first."""
        late = self.open.filter(pl.col("state") == "open_late")
        return late.sort(["days_over", "dossier_id"], descending=[True, False])

    @cached_property
    def due_soon(self) -> pl.DataFrame:
        return self.open.filter(pl.col("state") == "due_soon")

    @cached_property
    def steps_by_dossier(self) -> dict[str, dict[str, Any]]:
        """The last step of each open dossier with a log, the longest standing first."""
        return {row["dossier_id"]: row for row in self.context.last_steps(self.code).iter_rows(named=True)}

    @cached_property
    def stops(self) -> pl.DataFrame:
        """Why the clocks of the dossiers closed in the window stood (`process.stops_by_cause`)."""
        return stops_by_cause(self.context.snapshot, self.context.window, filters=Filters(commune=(self.code,)))

    @property
    def questions(self) -> list[Callable[[], object]]:
        """What the lists of the commune ask of the snapshot, for `ask_at_once`."""
        return [partial(getattr, self, name) for name in ("open", "steps_by_dossier", "stops")]

    @cached_property
    def late_stopped(self) -> int:
        """Open late dossiers whose clock stands: they wait for the people or for another agency."""
        return sum(_is_stopped(self.steps_by_dossier.get(one)) for one in self.open_late["dossier_id"])

    @cached_property
    def passed(self) -> Letters:
        """The dossiers that passed their promised date, resolved or still open."""
        resolved = self.context.letters.get(self.code, Letters())
        sent = self.open_late.filter(pl.col("apology_sent_at").is_not_null())
        in_time = sent.filter(pl.col("apology_sent_at").dt.date() < pl.col("due_at").dt.date())
        return Letters(
            late=resolved.late + self.open_late.height,
            sent=resolved.sent + sent.height,
            in_time=resolved.in_time + in_time.height,
        )


def dossier_lines(register: Register) -> tuple[DossierLine, ...]:
    """Late ones whose clock runs first, the longest first, then those that wait for others, then those in term on which
    nothing has moved for long; no word of a person."""
    steps = register.steps_by_dossier
    late = [(row, steps.get(row["dossier_id"])) for row in register.open_late.iter_rows(named=True)]
    late.sort(key=lambda pair: _is_stopped(pair[1]))
    late_ids = set(register.open_late["dossier_id"])
    still = [
        step
        for dossier_id, step in steps.items()
        if dossier_id not in late_ids and not _is_stopped(step) and step["office_days"] > STALLED_AFTER
    ]
    lines = [_late_line(register.context, row, step) for row, step in late[: max(_LATE, MOST - len(still))]]
    return (*lines, *(_still_line(register, step) for step in still[: MOST - len(lines)]))


def _is_stopped(step: dict[str, Any] | None) -> bool:
    return step is not None and step["cause"] is not None


def apology_text(register: Register) -> str:
    """Of the dossiers that passed their promised date, how many had the letter, and how many in time: at the latest on
    the day before that date."""
    passed = register.passed
    if not passed.late:
        return _("Không có hồ sơ quá hạn nào trong kỳ, nên không có thư xin lỗi nào phải gửi.")
    if not register.context.knows_apologies:
        return _(
            "{n} hồ sơ quá hạn trong kỳ. Nguồn không ghi ngày gửi thư xin lỗi, nên không biết đã gửi hay chưa."
        ).format(n=number(passed.late))
    if not passed.sent:
        return _("{n} hồ sơ quá hạn trong kỳ, chưa thấy ghi thư xin lỗi nào.").format(n=number(passed.late))
    return _(
        "{n} hồ sơ quá hạn trong kỳ: {sent} có thư xin lỗi ({share}), {in_time} gửi trước ngày hẹn trả ít nhất một "
        "ngày; "
        "{none} chưa thấy ghi thư."
    ).format(
        n=number(passed.late),
        sent=number(passed.sent),
        share=percent(passed.sent / passed.late),
        in_time=number(passed.in_time),
        none=number(passed.late - passed.sent),
    )


def without_letter(register: Register) -> int:
    """Dossiers that passed their date without a letter, where the source knows of letters at all."""
    return register.passed.late - register.passed.sent if register.context.knows_apologies else 0


def due_soon_text(register: Register) -> str:
    """How many are due within three days, on which days, and how many of them wait for the people."""
    soon = register.due_soon
    if soon.is_empty():
        return _("Không có hồ sơ nào đến hẹn trả từ {date} đến hết ba ngày sau.").format(
            date=date(register.context.as_of)
        )
    days = soon.group_by(pl.col("due_at").dt.date().alias("day")).len().sort("day")
    waiting = int(soon["is_waiting"].sum())
    counted = [_("{date}: {n}").format(date=date(day)[:5], n=number(n)) for day, n in days.iter_rows()]
    text = _("{n} hồ sơ đến hẹn trả trong ba ngày tới ({days})").format(
        n=number(soon.height), days=", ".join(counted) if days.height > 1 else date(days["day"][0])[:5]
    )
    if waiting:
        text += "; " + _("{n} đang chờ người dân bổ sung").format(n=number(waiting))
    return text + "."


def _late_line(context: BriefContext, row: dict[str, Any], standing: dict[str, Any] | None) -> DossierLine:
    due = row["due_at"].date()
    return DossierLine(
        dossier_id=row["dossier_id"],
        procedure=row["procedure"] or row["procedure_code"] or _("không rõ thủ tục"),
        days_text=_late_text(context.working_days_after(due, context.as_of)),
        step=_step(standing),
        due_text=date(due),
        why=_("quá hạn, đồng hồ đang dừng") if _is_stopped(standing) else _("quá hạn"),
        is_late=True,
    )


def _late_text(days: int) -> str:
    """Of a date on the day before days off nothing has passed yet."""
    return _("quá hẹn {days} ngày làm việc").format(days=number(days)) if days else _("vừa quá hẹn, qua ngày nghỉ")


def _still_line(register: Register, row: dict[str, Any]) -> DossierLine:
    procedure = register.context.procedures.get(row["procedure"]) or row["procedure"] or _("không rõ thủ tục")
    due = register.open.filter(pl.col("dossier_id") == row["dossier_id"])["due_at"].first()
    return DossierLine(
        dossier_id=row["dossier_id"],
        procedure=procedure,
        days_text=_("đứng yên {days} ngày làm việc").format(days=number(row["office_days"])),
        step=_step(row),
        due_text=date(due.date()) if isinstance(due, dt.datetime) else _("không có ngày hẹn"),
        why=_("còn hạn, lâu không có bước nào"),
    )


def _step(standing: dict[str, Any] | None) -> str:
    """The last step of the log, since when, and what the clock stands for."""
    if standing is None:
        return _("không có nhật ký")
    text = _("{step} (từ {date})").format(step=standing["activity"] or NOTHING, date=date(standing["since"].date()))
    return f"{text}; {stop_words(standing['cause'])}" if standing["cause"] else text
