"""Lists of dossiers as they stood on the last day of a window: one state or all, sorted, page by page.

A dossier's state on that day follows the definitions of the counts (docs/architecture.md), so that a list is as long as
its indicator says. What happened later is not shown. No column holds personal data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from indicators.compute import compute
from indicators.errors import CallError
from indicators.filters import Filters
from indicators.promised import EARLIER_PROMISE
from indicators.scope import Scope
from indicators.windows import Window
from language import _
from warehouse import Snapshot

PAGE = 50
# Rows of the register read at a time for a file: what bounds the memory of a download.
_PIECE = 500_000

_ALL = Filters()


class State(NamedTuple):
    """A state: a condition over `judged`, the indicator that counts the same dossiers, and what to read at all.

    `rows` is a condition over the columns of `dossier` that every dossier in the state meets: cheap, and checked before
    anything is joined or computed.
    """

    condition: str
    indicator: str | None
    rows: str


_KNOWN = "is_counted and received_on <= $ends"
_OPEN = f"{_KNOWN} and (closed_on is null or closed_on > $ends)"
_CLOSED = f"{_KNOWN} and closed_on between $starts and $ends"
_READ_OPEN = "received_at < $ends::date + 1 and (closed_at is null or closed_at >= $ends::date + 1)"
_READ_CLOSED = "closed_at >= $starts and closed_at < $ends::date + 1"
_READ_ALL = "received_at < $ends::date + 1 and (closed_at is null or closed_at >= $starts)"
_READ_RECEIVED = "received_at >= $starts and received_at < $ends::date + 1"
STATES: dict[str, State] = {
    "all": State(f"{_KNOWN} and (closed_on is null or closed_on >= $starts)", None, _READ_ALL),
    "received": State(f"{_KNOWN} and received_on >= $starts", "received", _READ_RECEIVED),
    "open": State(_OPEN, "pending", _READ_OPEN),
    "open_late": State(f"{_OPEN} and state = 'open_late'", "pending_late", _READ_OPEN),
    "due_soon": State(f"{_OPEN} and state = 'due_soon'", "due_soon", _READ_OPEN),
    "waiting": State(f"{_OPEN} and is_waiting", None, _READ_OPEN),
    "early": State(f"{_CLOSED} and state = 'early'", "resolved_early", _READ_CLOSED),
    "on_time": State(f"{_CLOSED} and state = 'on_time'", "resolved_on_time", _READ_CLOSED),
    "late": State(f"{_CLOSED} and state = 'late'", "resolved_late", _READ_CLOSED),
    "neutral": State(f"{_CLOSED} and state = 'neutral'", "closed_neutral", _READ_CLOSED),
    "refused": State("state = 'refused' and refused_on between $starts and $ends", None, "status = 3"),
}
# A code that is searched for is found whatever the period, unless nobody knew of it on the last day.
_SEARCHED = State(
    "coalesce(received_on, submitted_on, refused_on) <= $ends", None, "starts_with(upper(dossier_id), upper($search))"
)

# What a list can be sorted by; equal values follow the code.
SORTS: dict[str, str] = {
    "dossier_id": "dossier_id",
    "commune": "commune_rank",
    "procedure": "procedure_rank",
    "field": "field_rank",
    "channel": "channel",
    "received_at": "received_at",
    "due_at": "known_due_at",
    "closed_at": "seen_closed_at",
    "days_over": "days_over",
    "processing_minutes": "seen_processing_minutes",
}

_JUDGED = (
    EARLIER_PROMISE
    + """,
    dated as (
        select
            dossier.*,
            received_at::date as received_on,
            submitted_at::date as submitted_on,
            closed_at::date as closed_on,
            if(earlier_promise.dossier_id is null, dossier.due_at, promised_at) as known_due_at,
            known_due_at::date as due_on,
            coalesce(dossier.due_at, computed_due_at)::date as judged_on,
            received_at is not null and coalesce(status, 0) not in (1, 3) as is_counted,
            coalesce(closed_on <= $ends, false) as is_closed,
            coalesce(refused_at, received_at, finished_at, returned_at, submitted_at)::date as refused_on
        from (select rowid as row_id, * from dossier where {rows}) as dossier
        left join earlier_promise using (dossier_id)
    ),
    judged as (
        select
            *,
            case
                when status = 3 then 'refused'
                when status = 1 or received_at is null then 'submitted'
                when is_closed and status in (7, 8) then 'neutral'
                when is_closed and closed_on < judged_on then 'early'
                when is_closed and closed_on > judged_on then 'late'
                when is_closed then 'on_time'
                when due_on < $ends then 'open_late'
                when due_on <= $ends::date + 3 then 'due_soon'
                else 'open'
            end as state,
            case
                when is_closed then
                    if(state = 'neutral', null, closed_on - judged_on)
                when is_counted then $ends::date - due_on
            end as days_over,
            if(is_closed, closed_at, null) as seen_closed_at,
            if(is_closed, processing_minutes, null) as seen_processing_minutes,
            -- The status says what waits today; of a day before only the dates can tell.
            not is_closed and if(
                $ends >= $as_of,
                coalesce(status = 5, false),
                coalesce(supplement_requested_at::date <= $ends and
                    (supplement_answered_at is null or supplement_answered_at::date > $ends), false)
            ) as is_waiting
        from dated
    ),
    field_order as (
        select field, row_number() over (order by field collate vi) as field_rank
        from (select distinct field from dossier_key)
    ),
    procedure_order as (
        select procedure_code, any_value(name order by valid_from desc) as procedure_name,
            row_number() over (order by procedure_name collate vi) as procedure_rank
        from procedure
        group by procedure_code
    )
"""
)
_SHOWN = """
    dossier_id,
    commune_code,
    full_name as commune,
    procedure_code,
    procedure_name as procedure,
    field,
    channel,
    state,
    is_waiting,
    submitted_at,
    received_at,
    known_due_at as due_at,
    computed_due_at,
    seen_closed_at as closed_at,
    days_over,
    seen_processing_minutes as processing_minutes,
    if(is_closed, paused_minutes, null) as paused_minutes,
    case
        when supplement_requested_at::date > $ends then 0
        when repeat_supplement_requested_at::date > $ends then least(supplement_requests, 1)
        else supplement_requests
    end as supplement_requests,
    if(apology_sent_at::date <= $ends, apology_sent_at, null) as apology_sent_at
"""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which dossiers, in which order. With `search` (a code or its beginning) state and filters do not count."""

    window: Window
    filters: Filters = _ALL
    state: str = "all"
    search: str = ""
    sort: str = "received_at"
    descending: bool = True

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise CallError(_("Không có tình trạng hồ sơ “{state}”.").format(state=self.state))
        if self.sort not in SORTS:
            raise CallError(_("Không xếp được danh sách theo “{column}”.").format(column=self.sort))


def count_dossiers(snapshot: Snapshot, selection: Selection) -> int:
    """How many there are: from the counts where an indicator says it, else from the register."""
    indicator = STATES[selection.state].indicator
    if indicator is not None and not selection.search:
        window = selection.window
        frame = compute(snapshot, indicator, filters=selection.filters, date_from=window.starts, date_to=window.ends)
        return int(frame[indicator][0])
    return int(_ask(snapshot, selection, "select count(*) as n from chosen")["n"][0])


def dossier_page(snapshot: Snapshot, selection: Selection, number: int = 1, *, size: int = PAGE) -> pl.DataFrame:
    """One page, counted from 1.

    Columns: `dossier_id, commune_code, commune, procedure_code, procedure, field, channel, state, is_waiting,
    submitted_at, received_at, due_at, computed_due_at, closed_at, days_over` (days after the promised date, negative
    before it), `processing_minutes, paused_minutes, supplement_requests, apology_sent_at`.
    """
    direction = "desc" if selection.descending else "asc"
    order = f"{SORTS[selection.sort]} {direction} nulls last, dossier_id"
    sql = f"select {_SHOWN} from chosen order by {order} limit $size offset $before"
    return _ask(snapshot, selection, sql, size=size, before=size * (max(number, 1) - 1))


def dossier_pieces(snapshot: Snapshot, selection: Selection) -> Iterator[pl.DataFrame]:
    """All of them in pieces that fit the memory, with the columns of a page, in the order of the register."""
    rows = snapshot.query("select max(rowid) as last from dossier")["last"][0]
    for first in range(0, 0 if rows is None else rows + 1, _PIECE):
        piece = _ask(
            snapshot,
            selection,
            f"select {_SHOWN} from chosen order by row_id",
            rows="rowid between $first and $last",
            first=first,
            last=first + _PIECE - 1,
        )
        if not piece.is_empty():
            yield piece


def _ask(snapshot: Snapshot, selection: Selection, sql: str, *, rows: str = "true", **params: Any) -> pl.DataFrame:
    """The rows of a `select` from `chosen`."""
    filters = _ALL if selection.search else selection.filters
    state = _SEARCHED if selection.search else STATES[selection.state]
    chosen = f""",
        {_JUDGED.format(rows=f"{state.rows} and {rows}")},
        chosen as (
            select *
            from judged
            join scoped_key using (key_id)
            left join (select commune_code, full_name, sort_order as commune_rank from commune) using (commune_code)
            left join procedure_order using (procedure_code)
            left join field_order on field_order.field is not distinct from judged.field
            where {state.condition}
        )
        {sql}
    """
    params |= {"as_of": snapshot.info.as_of.date()} | ({"search": selection.search.strip()} if selection.search else {})
    return Scope(snapshot, (), filters, selection.window).query(chosen, **params)
