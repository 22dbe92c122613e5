"""Dated events of a snapshot: what a break in a series may answer to, and where limits may begin anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from indicators.windows import Window
from language import N_, _
from warehouse import Snapshot

KINDS = {
    "merger": N_("sắp xếp đơn vị"),
    "software": N_("phần mềm"),
    "delegation": N_("ủy quyền, phân cấp"),
    "holiday": N_("ngày nghỉ"),
    "outage": N_("sự cố"),
    "staffing": N_("nhân sự"),
    "rule": N_("quy định"),
    "other": N_("khác"),
}
# What comes and goes is no new way of working: limits do not begin anew at it.
_PASSING = frozenset({"holiday", "outage"})


@dataclass(frozen=True, kw_only=True)
class DatedEvent:
    """One event; `commune_code` and `procedure_code` say whom it concerns, both None: everybody."""

    event_id: int
    window: Window
    scope: str
    commune_code: str | None
    procedure_code: str | None
    kind: str
    text: str
    source: str | None

    @property
    def starts(self) -> dt.date:
        return self.window.starts

    @property
    def kind_name(self) -> str:
        return _(KINDS.get(self.kind, KINDS["other"]))

    @property
    def is_passing(self) -> bool:
        """Whether it is over after its days, so that what was before holds again."""
        return self.kind in _PASSING

    @property
    def key(self) -> str:
        """What an address calls it: stays the same when a later load knows more events."""
        return f"{self.starts.isoformat()}~{self.commune_code or self.procedure_code or self.kind}"


def dated_events(snapshot: Snapshot) -> list[DatedEvent]:
    """All events of a snapshot by day; none where the snapshot was built before there were any."""
    tables = snapshot.query("select table_name from duckdb_tables() where table_name = 'dated_event'")
    if tables.is_empty():
        return []
    rows = snapshot.query("select * from dated_event order by starts_on, event_id")
    return [_event(row) for row in rows.iter_rows(named=True)]


def concerning(
    events: Sequence[DatedEvent],
    window: Window,
    *,
    communes: Collection[str] = (),
    procedures: Collection[str] = (),
) -> list[DatedEvent]:
    """The events that touch a window and concern the dossiers looked at.

    Those of single communes only where these are chosen, those of procedures where all or these are looked at.
    """
    return [
        event
        for event in events
        if event.window.starts <= window.ends
        and event.window.ends >= window.starts
        and (event.commune_code is None or event.commune_code in communes)
        and (event.procedure_code is None or not procedures or event.procedure_code in procedures)
    ]


def _event(row: dict[str, object]) -> DatedEvent:
    starts, ends = row["starts_on"], row["ends_on"]
    assert isinstance(starts, dt.date) and isinstance(ends, dt.date)
    names = ("event_id", "scope", "commune_code", "procedure_code", "kind", "text", "source")
    return DatedEvent(window=Window(starts, ends), **{name: row[name] for name in names})  # type: ignore[arg-type]


def working_days(snapshot: Snapshot, windows: Sequence[Window]) -> list[int]:
    """How many working days lie in each window."""
    frame = pl.DataFrame(
        {"starts": [one.starts for one in windows], "ends": [one.ends for one in windows]},
        schema={"starts": pl.Date, "ends": pl.Date},
    ).with_row_index("place")
    counted = snapshot.query(
        """
        select place, count(*) filter (is_working) as n
        from asked left join calendar on calendar.day between asked.starts and asked.ends
        group by place order by place
        """,
        tables={"asked": frame},
    )
    return [int(n) for n in counted["n"]]
