"""What might be if one thing were otherwise: a step handed down, more filed online.

Estimates, not forecasts: each result carries an interval for chance and leaves the assumptions to be told beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from indicators.compute import compute
from indicators.filters import Filters
from indicators.scope import Scope
from indicators.statistics import Z
from indicators.windows import Window
from indicators.worktime import position, position_of_end
from warehouse import Snapshot

# Fewer cases say too little about a step or a channel.
LEAST_CASES = 30
_SECONDS_PER_HOUR = 3600
_ALL = Filters()
_NEUTRAL_FILTER = "coalesce(status, 0) not in (7, 8)"


# ---- a step handed down ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """Working hours from receipt to closing, as they were and without the wait before one step.

    `saved` with its 95 % interval is the mean over all `n` dossiers, also those that never took the step; `late` of
    them were closed after the promised day, `late_then` would have been.
    """

    n: int
    with_step: int
    hours: float
    saved: float
    saved_low: float
    saved_high: float
    late: int
    late_then: int


def step_delegated(snapshot: Snapshot, window: Window, activity: str, *, filters: Filters = _ALL) -> Delegation | None:
    """Take the wait before one step away from every dossier closed in the window; None where nobody took it."""
    scope = Scope(snapshot, (), filters, window)
    closed, closed_joins = position("closed", "dossier.closed_at")
    rows = scope.query(
        f""",
            saved as (
                select path_id, sum(counted_seconds) filter (stop is null) as seconds
                from step_span
                join scoped_key using (key_id)
                where
                    closed_on between $starts and $ends
                    and activity_id = (select activity_id from activity where name = $activity)
                    and from_id > 0
                group by path_id
            ),
            closed_dossier as (
                select
                    path_span.path_id,
                    office_seconds,
                    least(coalesce(saved.seconds, 0), office_seconds) as saved_seconds,
                    saved.path_id is not null as has_step,
                    {closed} - {position_of_end("due_day")} as seconds_over
                from path_span
                join scoped_key using (key_id)
                join dossier on dossier.rowid = path_span.dossier_row
                left join saved on saved.path_id = path_span.path_id
                left join calendar as due_day on due_day.day = coalesce(dossier.due_at, dossier.computed_due_at)::date
                {closed_joins}
                where
                    path_span.closed_on between $starts and $ends
                    and office_seconds is not null
                    and {_NEUTRAL_FILTER}
            )

            select
                count(*) as n,
                count(*) filter (has_step) as with_step,
                avg(office_seconds) as hours,
                avg(saved_seconds) as saved,
                stddev_samp(saved_seconds) as spread,
                count(*) filter (seconds_over > 0) as late,
                count(*) filter (seconds_over - saved_seconds > 0) as late_then
            from closed_dossier
        """,
        activity=activity,
    )
    row = rows.row(0, named=True)
    if not row["with_step"]:
        return None
    half = Z * (row["spread"] or 0.0) / math.sqrt(row["n"])
    saved = row["saved"]
    return Delegation(
        n=row["n"],
        with_step=row["with_step"],
        hours=row["hours"] / _SECONDS_PER_HOUR,
        saved=saved / _SECONDS_PER_HOUR,
        saved_low=max(saved - half, 0.0) / _SECONDS_PER_HOUR,
        saved_high=(saved + half) / _SECONDS_PER_HOUR,
        late=row["late"],
        late_then=row["late_then"],
    )


# ---- more filed online -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OnlineShift:
    """A figure as it is and at another online share, with the 95 % interval of the difference.

    `movable`: the part of the dossiers whose procedure has enough cases online and at the counter; only these move.
    `share`, `share_then`: of all dossiers filed online; `share_then` may stay below what was asked.
    """

    n: int
    share: float
    share_then: float
    movable: float
    value: float
    then: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        return self.then - self.value


def online_shift(
    snapshot: Snapshot,
    window: Window,
    target: float,
    *,
    indicator_id: str = "on_time_rate_ii06",
    filters: Filters = _ALL,
) -> OnlineShift | None:
    """What a rate or mean would be if `target` of the dossiers were filed online, those who move faring like those who
    already do with the same procedure. None without enough cases in both ways of any procedure."""
    frame = compute(
        snapshot,
        indicator_id,
        ["procedure", "channel"],
        filters=filters,
        date_from=window.starts,
        date_to=window.ends,
    )
    n = pl.col(f"{indicator_id}_n").cast(pl.Float64)
    known = frame.filter(n > 0).with_columns(
        n=n,
        value=pl.col(indicator_id),
        is_online=pl.col("channel") == "online",
        # From the interval back to the standard error.
        error=(pl.col(f"{indicator_id}_high") - pl.col(f"{indicator_id}_low")) / (2 * Z),
    )
    weighted = (pl.col("n") * pl.col("value")).sum() / pl.col("n").sum()
    variance = ((pl.col("n") * pl.col("error")) ** 2).sum() / pl.col("n").sum() ** 2
    sides = known.group_by("procedure", "is_online").agg(n=pl.col("n").sum(), value=weighted, variance=variance)
    online, offline = (sides.filter(pl.col("is_online") == flag).drop("is_online") for flag in (True, False))
    both = online.join(offline, on="procedure", suffix="_off").filter(
        (pl.col("n") >= LEAST_CASES) & (pl.col("n_off") >= LEAST_CASES)
    )
    if both.is_empty():
        return None
    total, at_counter = float(known["n"].sum()), float(both["n_off"].sum())
    filed_online = float(online["n"].sum())
    # All procedures that can move do so in proportion; back to the counter where the target lies below today's share.
    wanted = target * total - filed_online
    source = at_counter if wanted >= 0 else float(both["n"].sum())
    part = max(-1.0, min(1.0, wanted / source))
    moved = pl.col("n_off") * part if part >= 0 else pl.col("n") * part
    change = both.select(
        difference=(moved * (pl.col("value") - pl.col("value_off"))).sum() / total,
        variance=(moved**2 * (pl.col("variance") + pl.col("variance_off"))).sum() / total**2,
        moved=moved.sum(),
    ).row(0, named=True)
    value = float((known["n"] * known["value"]).sum()) / total
    half = Z * math.sqrt(change["variance"])
    then = value + change["difference"]
    return OnlineShift(
        n=int(total),
        share=filed_online / total,
        share_then=(filed_online + change["moved"]) / total,
        movable=float((both["n"] + both["n_off"]).sum()) / total,
        value=value,
        then=then,
        low=then - half,
        high=then + half,
    )
