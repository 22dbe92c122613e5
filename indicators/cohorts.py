"""Time to result by day of receipt: each cohort followed to the as-of date, its open dossiers not forgotten."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import polars as pl

from indicators.catalogue import indicator
from indicators.filters import Filters
from indicators.scope import Scope
from indicators.statistics import Floats, Survival, kaplan_meier
from indicators.windows import Window, bucket_window
from indicators.worktime import position_of_end
from warehouse import Snapshot

Grain = Literal["week", "month"]
_ALL = Filters()


@dataclass(frozen=True, kw_only=True)
class Quantile:
    """When this part of a cohort had a result, in working days from receipt; None where the curve stays above.

    `naive` is the same quantile of the finished dossiers alone. `is_provisional`: what is still open can yet move the
    value. `n` is the whole cohort.
    """

    value: float | None
    low: float | None
    high: float | None
    naive: float | None
    n: int
    is_provisional: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Cohort:
    """The dossiers received in one week or month, as known at the end of the day `as_of`.

    `days` rises; beside it, the numbers of dossiers that after so many working days had a result (`resolved`), are open
    and have waited so long (`waiting`), or were withdrawn or stopped (`left`).
    """

    window: Window
    as_of: dt.date
    days: Floats
    resolved: Floats
    waiting: Floats
    left: Floats

    @property
    def received(self) -> int:
        return int(self.resolved.sum() + self.waiting.sum() + self.left.sum())

    @property
    def finished(self) -> int:
        return int(self.resolved.sum())

    @property
    def open(self) -> int:
        return int(self.waiting.sum())

    @cached_property
    def curve(self) -> Survival:
        """The share still without a result, by Kaplan and Meier."""
        return kaplan_meier(self.days, self.resolved, self.waiting + self.left)

    @cached_property
    def naive_curve(self) -> Survival:
        """The same as if only the finished dossiers existed."""
        return kaplan_meier(self.days, self.resolved, np.zeros_like(self.resolved))

    def quantile(self, probability: float) -> Quantile:
        """The quantile with its interval, and whether it is provisional.

        It is, as long as dossiers can join the cohort, or one of its open dossiers has waited less than the value (any
        time, where no value is reached): the curve up to the value is made of those alone that can still get a result
        before it. One that has waited longer counts as waiting up to there, whatever becomes of it.
        """
        value, low, high = self.curve.quantile(probability)
        reach = np.inf if np.isnan(value) else value
        return Quantile(
            value=_known(value),
            low=_known(low),
            high=_known(high),
            naive=_known(self.naive_curve.quantile(probability)[0]),
            n=self.received,
            is_provisional=self.window.ends > self.as_of or bool(self.waiting[self.days < reach].sum() > 0),
        )

    def has_enough(self, probability: float) -> bool:
        """Whether the quantile may be judged by, as the catalogue says."""
        return self.received >= indicator(f"throughput_days_p{round(100 * probability)}").min_n


def cohorts(
    snapshot: Snapshot, *, grain: Grain, window: Window, filters: Filters = _ALL, as_of: dt.date | None = None
) -> list[Cohort]:
    """The cohorts of receipt in the window, in order, followed to the end of `as_of` (default: the snapshot's).

    Times are working minutes, stops not taken off, as in `throughput_days_*`; unlike the buckets of those, which end
    with themselves, a cohort is followed on. Cohorts without a dossier are left out.
    """
    known_until = min(as_of or dt.date.max, snapshot.info.as_of.date())
    if window.starts > known_until:
        return []
    scope = Scope(snapshot, (grain,), filters, window.clipped(known_until))
    found = _waits(scope, known_until).partition_by("bucket", as_dict=True, include_key=False)
    per_day = snapshot.info.minutes_per_day
    return [
        Cohort(
            window=bucket_window(grain, row[grain]),
            as_of=known_until,
            days=waits["minutes"].to_numpy() / per_day,
            **{name: waits[name].cast(pl.Float64).to_numpy() for name in ("resolved", "waiting", "left")},
        )
        for row in scope.buckets.iter_rows(named=True)
        if (waits := found.get((row["bucket"],))) is not None
    ]


def merged(parts: list[Cohort]) -> Cohort:
    """Several cohorts as one, in order of receipt, up to the as-of date; at least one."""
    names = ("resolved", "waiting", "left")
    frame = pl.concat([pl.DataFrame({"days": one.days, **{n: getattr(one, n) for n in names}}) for one in parts])
    summed = frame.group_by("days").agg(pl.col(names).sum()).sort("days")
    columns: dict[str, Any] = {name: summed[name].to_numpy() for name in ("days", *names)}
    as_of = parts[0].as_of
    # What is not yet received belongs to none of them.
    window = Window(parts[0].window.starts, min(parts[-1].window.ends, as_of))
    return Cohort(window=window, as_of=as_of, **columns)


def _waits(scope: Scope, known_until: dt.date) -> pl.DataFrame:
    """`bucket, minutes, resolved, waiting, left`, in order."""
    sql = f""",
        seen as (
            select
                {scope.bucket("received_on")} as bucket,
                closed_on <= $known_until as is_closed,
                is_neutral,
                waited_minutes,
                received_position
            from dossier_span
            join scoped_key using (key_id)
            where
                received_on between $starts and $ends
                -- Nothing closes before it is received; the rows lie in order of closing.
                and closed_on >= $starts
        ),
        timed as (
            select
                bucket,
                is_closed,
                is_neutral,
                if(
                    is_closed,
                    waited_minutes,
                    greatest({position_of_end("last_day")} - received_position, 0) // 60
                ) as minutes
            from seen
            cross join (select * from calendar where day = $known_until) as last_day
        )

        select
            bucket,
            minutes,
            count(*) filter (is_closed and not is_neutral) as resolved,
            count(*) filter (not is_closed) as waiting,
            count(*) filter (is_closed and is_neutral) as left
        from timed
        where minutes is not null
        group by all
        order by bucket, minutes
    """
    return scope.query(sql, known_until=known_until)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
