"""Letters of apology: counted as the list of dossiers finished late (`indicators.dossiers`), without reading it."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.windows import Window
from warehouse import Snapshot

_LETTERS = """
    select
        commune_code,
        count(*) as late,
        count(*) filter (apology_sent_at::date <= $ends) as sent,
        count(*) filter (
            apology_sent_at::date <= $ends and apology_sent_at::date < coalesce(due_at, computed_due_at)::date
        ) as in_time
    from dossier
    where
        closed_at >= $starts
        and closed_at < $ends::date + 1
        and received_at is not null
        and coalesce(status, 0) not in (1, 3, 7, 8)
        and closed_at::date > coalesce(due_at, computed_due_at)::date
        and commune_code is not null
    group by all
"""


@dataclass(frozen=True, kw_only=True)
class Letters:
    """Dossiers past their promised date: how many had a letter of apology, and how many on a day before that date."""

    late: int = 0
    sent: int = 0
    in_time: int = 0


def letters(snapshot: Snapshot, window: Window) -> dict[str, Letters]:
    """By commune: the dossiers resolved late in the window, and their letters."""
    rows = snapshot.query(_LETTERS, {"starts": window.starts, "ends": window.ends})
    return {code: Letters(late=late, sent=sent, in_time=in_time) for code, late, sent, in_time in rows.iter_rows()}
