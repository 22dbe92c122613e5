"""One dossier as it stood on a day: its steps, its stops, and how its promise moved. No personal data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl

from indicators.dossiers import Selection, dossier_page
from indicators.windows import Window
from warehouse import Snapshot

_STEPS = """
    select
        step, "at", activity, status, unit,
        -- The step carries the order of the file, also where two times are equal.
        (epoch("at") - epoch(lag("at") over (order by step)))::double as waited_seconds,
        "at"::date > $until as is_later
    from event
    where dossier_id = $dossier_id
    order by step
"""
_CHANGES = """
    select state_at, old_value::timestamp as old_due_at, new_value::timestamp as new_due_at
    from dossier_change
    where dossier_id = $dossier_id and column_name = 'due_at' and state_at::date <= $until
    order by state_at
"""
_PAUSES = """
    select cause, sum(paused_minutes)::bigint as paused_minutes
    from dossier_pause
    where dossier_id = $dossier_id
    group by all
    order by paused_minutes desc, cause
"""


@dataclass(frozen=True, kw_only=True)
class DossierDetails:
    """`facts` has the columns of a list's page; `later_steps` came after the day and are not in `steps`.

    `steps`: `step, at, activity, status, unit, waited_seconds` (elapsed, since the step before). `changes`: `state_at,
    old_due_at, new_due_at`. `pauses`: `cause, paused_minutes` (working minutes, as known today; empty while open then).
    """

    facts: dict[str, Any]
    steps: pl.DataFrame
    later_steps: int
    changes: pl.DataFrame
    pauses: pl.DataFrame


def dossier_details(snapshot: Snapshot, dossier_id: str, until: dt.date) -> DossierDetails | None:
    """What was known of a dossier at the end of a day; nothing where it was not known at all."""
    selection = Selection(window=Window(until, until), search=dossier_id, sort="dossier_id", descending=False)
    facts = dossier_page(snapshot, selection, size=20).filter(pl.col("dossier_id") == dossier_id)
    if facts.is_empty():
        return None
    params = {"dossier_id": dossier_id, "until": until}
    steps = snapshot.query(_STEPS, params)
    seen = steps.filter(~pl.col("is_later")).drop("is_later")
    return DossierDetails(
        facts=facts.row(0, named=True),
        steps=seen,
        later_steps=steps.height - seen.height,
        changes=snapshot.query(_CHANGES, params),
        pauses=snapshot.query(_PAUSES, {"dossier_id": dossier_id}),
    )
