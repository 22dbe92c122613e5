"""The two official readings of "on time", and the dossiers that make them differ.

Form II.06 judges the dossiers resolved in the window; Decision 766 (indicator 2.1) judges every dossier that had a part
in it, the open and the withdrawn too. Each dossier falls under one reason, so the counts by reason lead from one rate's
numerator and denominator to the other's without a remainder.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from indicators.compute import compute, resolve_window
from indicators.errors import CallError
from indicators.filters import Filters
from indicators.promised import EARLIER_PROMISE
from indicators.scope import Scope
from indicators.windows import Window
from language import N_, _
from warehouse import Snapshot


@dataclass(frozen=True)
class Reason:
    """What such a dossier adds to each rate: numerator and denominator of form II.06, then of Decision 766."""

    id: str
    words: str
    ii06: tuple[int, int]
    decision_766: tuple[int, int]

    @property
    def name(self) -> str:
        return _(self.words)

    @property
    def differs(self) -> bool:
        return self.ii06 != self.decision_766

    @property
    def effect(self) -> str:
        """How the two readings treat it, in words."""
        treated = {
            (0, 0): N_("không tính"),
            (1, 1): N_("tính là đúng hạn"),
            (0, 1): N_("tính là quá hạn"),
        }
        return _("II.06 {ii06}; QĐ 766 {decision}").format(
            ii06=_(treated[self.ii06]), decision=_(treated[self.decision_766])
        )


REASONS = (
    Reason("resolved_in_time", N_("Đã giải quyết trước hoặc đúng hạn"), (1, 1), (1, 1)),
    Reason("resolved_late", N_("Đã giải quyết quá hạn"), (0, 1), (0, 1)),
    Reason("resolved_repeat", N_("Đã giải quyết đúng hạn, yêu cầu bổ sung hơn một lần"), (1, 1), (0, 1)),
    Reason("open_in_term", N_("Đang giải quyết, còn trong hạn"), (0, 0), (1, 1)),
    Reason("open_no_due", N_("Đang giải quyết, không có ngày hẹn trả"), (0, 0), (1, 1)),
    Reason("open_waiting", N_("Quá ngày hẹn nhưng đang chờ bổ sung lần đầu, yêu cầu khi còn hạn"), (0, 0), (1, 1)),
    Reason("open_late", N_("Đang giải quyết, đã quá hạn"), (0, 0), (0, 1)),
    Reason("open_repeat", N_("Đang giải quyết, còn trong hạn, yêu cầu bổ sung hơn một lần"), (0, 0), (0, 1)),
    Reason("neutral_in_time", N_("Rút hoặc dừng khi còn trong hạn"), (0, 0), (1, 1)),
    Reason("neutral_late", N_("Rút hoặc dừng khi đã quá hạn"), (0, 0), (0, 1)),
    Reason("neutral_repeat", N_("Rút hoặc dừng khi còn trong hạn, yêu cầu bổ sung hơn một lần"), (0, 0), (0, 1)),
)
_BY_ID = {reason.id: reason for reason in REASONS}

# The rules are those of the counts (etl/sql/daily_flow.sql), for the dossiers of one window as known on its last day.
# Those resolved without a second supplement request are read alike: they are passed over here, and are nearly all.
_JUDGED = f""",{EARLIER_PROMISE},
    dated as (
        select
            dossier.*,
            closed_at::date <= $ends as is_closed,
            if(earlier_promise.dossier_id is null, due_at, promised_at) as known_due_at,
            known_due_at::date as due_on,
            coalesce(due_at, computed_due_at)::date as judged_on,
            coalesce(supplement_requests, 0) > 1 as is_repeat,
            -- The days from which an open dossier no longer counts as on time: by its date or its first supplement
            -- request, and by its second one (from receipt where nobody knows the day).
            case
                when due_on is null then date '9999-12-31'
                when supplement_requests >= 1 and supplement_requested_at::date <= due_on
                    then greatest(due_on + 1, coalesce(supplement_answered_at::date, date '9999-12-31'))
                else due_on + 1
            end as good_until,
            if(
                is_repeat, coalesce(repeat_supplement_requested_at::date, received_at::date), date '9999-12-31'
            ) as asked_again_on
        from dossier
        semi join scoped_key using (key_id)
        left join earlier_promise using (dossier_id)
        where
            received_at < $ends::date + 1
            and (closed_at is null or closed_at >= $starts)
            and coalesce(status, 0) not in (1, 3)
            and (closed_at is null or closed_at >= $ends::date + 1 or supplement_requests > 1 or status in (7, 8))
    ),
    judged as (
        select
            *,
            coalesce(closed_at::date <= judged_on, true) as is_in_time,
            case
                when is_closed and status in (7, 8) then
                    case when not is_in_time then 'neutral_late'
                        when is_repeat then 'neutral_repeat' else 'neutral_in_time' end
                when is_closed then
                    case when not is_in_time then 'resolved_late'
                        when is_repeat then 'resolved_repeat' else 'resolved_in_time' end
                when good_until <= $ends then 'open_late'
                when asked_again_on <= $ends then 'open_repeat'
                when due_on is null then 'open_no_due'
                when due_on < $ends then 'open_waiting'
                else 'open_in_term'
            end as reason
        from dated
    )
"""
_SHOWN = """
    select
        dossier_id,
        commune_code,
        full_name as commune,
        procedure_code,
        field,
        channel,
        reason,
        received_at,
        known_due_at as due_at,
        if(is_closed, closed_at, null) as closed_at,
        if(supplement_requested_at < $ends::date + 1, supplement_requested_at, null) as supplement_requested_at,
        if(asked_again_on <= $ends, repeat_supplement_requested_at, null) as repeat_supplement_requested_at
    from judged
    left join commune using (commune_code)
    where list_contains($reasons, reason)
    order by list_position($reasons, reason), received_at, dossier_id
    limit $size offset $before
"""
_ALL = Filters()
_EVERYTHING = 1 << 40
_RESOLVED = ("resolved_early", "resolved_on_time", "resolved_late")


@dataclass(frozen=True, kw_only=True)
class Bridge:
    """From one rate to the other: `frame` has a row a reason with `reason, dossiers`, in the order of `REASONS`."""

    window: Window
    frame: pl.DataFrame

    @property
    def ii06(self) -> tuple[int, int]:
        """Numerator and denominator of `on_time_rate_ii06`."""
        return self._sum("ii06")

    @property
    def decision_766(self) -> tuple[int, int]:
        """Numerator and denominator of `on_time_rate_766`."""
        return self._sum("decision_766")

    @property
    def differences(self) -> list[tuple[Reason, int]]:
        """The reasons that make the rates differ, with how many dossiers each."""
        return [(_BY_ID[id_], count) for id_, count in self.frame.iter_rows() if _BY_ID[id_].differs and count]

    def _sum(self, reading: str) -> tuple[int, int]:
        parts = [(*getattr(_BY_ID[id_], reading), count) for id_, count in self.frame.iter_rows()]
        return sum(good * count for good, _one, count in parts), sum(one * count for _good, one, count in parts)


def bridge(snapshot: Snapshot, *, filters: Filters = _ALL, window: Window, as_of: dt.date | None = None) -> Bridge:
    """The dossiers of the window by reason: those read differently from the register, the others from the counts."""
    known = resolve_window(snapshot, date_from=window.starts, date_to=window.ends, as_of=as_of)
    counted = dict(_ask(snapshot, filters, known, "select reason, count(*) from judged group by all").iter_rows())
    in_counts = compute(snapshot, _RESOLVED, filters=filters, date_from=known.starts, date_to=known.ends)
    early, on_time, late = in_counts.row(0)
    counted["resolved_in_time"] = early + on_time - counted.get("resolved_repeat", 0)
    counted["resolved_late"] = late
    rows = [(reason.id, counted.get(reason.id, 0)) for reason in REASONS]
    return Bridge(
        window=known, frame=pl.DataFrame(rows, schema={"reason": pl.String, "dossiers": pl.Int64}, orient="row")
    )


def difference_dossiers(
    snapshot: Snapshot,
    *,
    filters: Filters = _ALL,
    window: Window,
    as_of: dt.date | None = None,
    reasons: Sequence[str] = (),
    size: int | None = None,
    before: int = 0,
) -> pl.DataFrame:
    """The dossiers that make the two rates differ (or those of some reasons), by reason and time of receipt.

    Columns: `dossier_id, commune_code, commune, procedure_code, field, channel, reason, received_at, due_at, closed_at,
    supplement_requested_at, repeat_supplement_requested_at`, as known on the window's last day; no personal data.
    `size` rows after `before` others, all where no size is given.
    """
    known = resolve_window(snapshot, date_from=window.starts, date_to=window.ends, as_of=as_of)
    differing = [one.id for one in REASONS if one.differs]
    if unknown := [name for name in reasons if name not in differing]:
        raise CallError(
            _("Không có lý do “{reason}”. Các lý do: {reasons}.").format(
                reason=unknown[0], reasons=", ".join(differing)
            )
        )
    wanted = list(reasons) or differing
    return _ask(snapshot, filters, known, _SHOWN, reasons=wanted, size=size or _EVERYTHING, before=before)


def reason(reason_id: str) -> Reason:
    return _BY_ID[reason_id]


def _ask(snapshot: Snapshot, filters: Filters, window: Window, sql: str, **params: Any) -> pl.DataFrame:
    return Scope(snapshot, (), filters, window).query(f"{_JUDGED}\n{sql}", **params)
