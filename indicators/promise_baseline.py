"""What a promise will be set against, and what can be promised at all: the figure of the days before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from indicators.before_after import before_after, is_stock
from indicators.catalogue import Indicator, indicators
from indicators.filters import Filters
from indicators.windows import Window
from warehouse import Snapshot

# How much of a promised change has to be certain before it is called kept.
CERTAIN_PART = 0.5
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What a promise will be set against, in the indicator's own unit; counts of events per working day.

    `least`: the smallest change that could be called kept, going by how much the figure varied in the windows before;
    null where that is not known.
    """

    window: Window
    value: float | None
    n: int | None
    least: float | None


def baseline(
    snapshot: Snapshot, *, commune_code: str | None, indicator: str, promised_on: dt.date, days: int
) -> Baseline:
    """The figure in so many days before a promise, as far as the data reach; UnknownIndicator for an unknown ID."""
    declared = indicators([indicator])[0]
    ends = min(promised_on - _ONE_DAY, snapshot.info.as_of.date())
    window = Window(ends - (days - 1) * _ONE_DAY, ends)
    earlier = Window(window.starts - days * _ONE_DAY, window.starts - _ONE_DAY)
    filters = Filters(commune=(commune_code,) if commune_code else ())
    varied = before_after(snapshot, indicator, earlier, window, filters, as_of=ends)
    itself = before_after(snapshot, indicator, window, window, filters, as_of=ends)
    least = None
    if varied.change is not None and varied.low is not None and varied.high is not None:
        certain = 0.0 if is_stock(declared) else CERTAIN_PART
        least = (varied.high - varied.low) / 2 / (1 - certain)
    return Baseline(window=window, value=itself.after, n=itself.after_n, least=least)


def is_possible(declared: Indicator, expected: float | None, before: float) -> bool:
    """Whether a figure could move so far: no rate passes 0 or 1, nothing that is counted or timed falls below 0."""
    if expected is None:
        return True
    # A list of 41 overdue dossiers cannot fall by 60; what was typed in tenths may round past the end.
    slack = 0.1 * abs(expected)
    reached = before + expected
    return reached >= -slack and (declared.unit != "rate" or reached <= 1 + slack)
