"""Dossiers to open, letters of apology, and what is due within three days: from the lists that the screens show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from indicators.standing_still import STALLED_AFTER
from language import _
from language.formats import NOTHING, date, number, percent
from reports.content import DossierLine
from reports.shared import BriefContext
from reports.words import stop_words

MOST = 10
_LATE = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Register:
    """A commune's dossiers as they stood on the brief's last day, out of the lists that all briefs share."""

    context: BriefContext
    code: str

    @cached_property
    def late(self) -> pl.DataFrame:
        """Resolved late in the window."""
        return self._own(self.context.late_dossiers)

    @cached_property
    def open(self) -> pl.DataFrame:
        return self._own(self.context.open_dossiers)

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
        own = self.context.last_steps.filter(pl.col("commune") == self.code)
        return {row["dossier_id"]: row for row in own.iter_rows(named=True)}

    @cached_property
    def late_stopped(self) -> int:
        """Open late dossiers whose clock stands: they wait for the people or for another agency."""
        return sum(_is_stopped(self.steps_by_dossier.get(one)) for one in self.open_late["dossier_id"])

    @cached_property
    def passed(self) -> pl.DataFrame:
        """`due_on, sent_on` of the dossiers that passed their promised date, resolved or still open."""
        due = pl.coalesce("due_at", "computed_due_at").dt.date()
        return pl.concat([self.late, self.open_late]).select(due_on=due, sent_on=pl.col("apology_sent_at").dt.date())

    def _own(self, listed: pl.DataFrame) -> pl.DataFrame:
        return listed.filter(pl.col("commune_code") == self.code)


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
    if passed.is_empty():
        return _("Không có hồ sơ quá hạn nào trong kỳ, nên không có thư xin lỗi nào phải gửi.")
    if not register.context.knows_apologies:
        return _(
            "{n} hồ sơ quá hạn trong kỳ (đã giải quyết và đang giải quyết). Nguồn không ghi ngày gửi thư xin lỗi, nên "
            "không biết đã gửi hay chưa."
        ).format(n=number(passed.height))
    sent = passed.filter(pl.col("sent_on").is_not_null())
    return _(
        "{n} hồ sơ quá hạn trong kỳ (đã giải quyết và đang giải quyết): {sent} có thư xin lỗi ({share}), trong đó "
        "{in_time} "
        "gửi chậm nhất một ngày trước ngày hẹn trả; {none} chưa thấy ghi thư."
    ).format(
        n=number(passed.height),
        sent=number(sent.height),
        share=percent(sent.height / passed.height),
        in_time=number(sent.filter(pl.col("sent_on") < pl.col("due_on")).height),
        none=number(passed.height - sent.height),
    )


def without_letter(register: Register) -> int:
    """Dossiers that passed their date without a letter, where the source knows of letters at all."""
    return register.passed["sent_on"].null_count() if register.context.knows_apologies else 0


def due_soon_text(register: Register) -> str:
    """How many are due within three days, on which days, and of which procedures most."""
    soon = register.due_soon
    if soon.is_empty():
        return _("Không có hồ sơ nào đến hẹn trả từ {date} đến hết ba ngày sau.").format(
            date=date(register.context.as_of)
        )
    days = soon.group_by(pl.col("due_at").dt.date().alias("day")).len().sort("day")
    waiting = int(soon["is_waiting"].sum())
    text = _("{n} hồ sơ đến hẹn trả trong ba ngày tới ({days})").format(
        n=number(soon.height),
        days=", ".join(_("{date}: {n}").format(date=date(day)[:5], n=number(n)) for day, n in days.iter_rows()),
    )
    if waiting:
        text += "; " + _("{n} đang chờ người dân bổ sung").format(n=number(waiting))
    most = soon.group_by("procedure").len().sort(["len", "procedure"], descending=[True, False]).head(2)
    names = [_("{name} ({n})").format(name=name or _("không rõ thủ tục"), n=number(n)) for name, n in most.iter_rows()]
    return text + ". " + _("Nhiều nhất: {names}.").format(names="; ".join(names))


def _late_line(context: BriefContext, row: dict[str, Any], standing: dict[str, Any] | None) -> DossierLine:
    due = row["due_at"].date()
    return DossierLine(
        dossier_id=row["dossier_id"],
        procedure=row["procedure"] or row["procedure_code"] or _("không rõ thủ tục"),
        days_text=_("quá hẹn {days} ngày làm việc").format(days=number(context.working_days_after(due, context.as_of))),
        step=_step(standing),
        due_text=date(due),
        why=_("quá hạn, đồng hồ đang dừng") if _is_stopped(standing) else _("quá hạn"),
        is_late=True,
    )


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
