"""What one more point would take: whole numbers of dossiers, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, Literal

from indicators.index_766.bands import next_band
from indicators.index_766.weights import Component

Reason = Literal["point", "full", "band"]


@dataclass(frozen=True, kw_only=True)
class NextPoint:
    """So many more dossiers (procedures for 3.5) meeting the requirement, of those that missed it, gain `gain` points.

    `reason`: a whole point; full marks, less than a point away; the next band, less than a point away.
    """

    component: Component
    good: int
    n: int
    more: int
    gain: Fraction
    reason: Reason

    @property
    def missed(self) -> int:
        return self.n - self.good

    @property
    def effort(self) -> Fraction:
        """Dossiers per point: what the suggestions are sorted by."""
        return self.more / self.gain


def points_exact(component: Component, good: int, n: int) -> Fraction:
    """maximum × min(1, good / n / full_at), as a fraction."""
    assert component.full_at is not None
    return component.maximum * min(Fraction(1), Fraction(good, n) / component.full_at)


def next_point(component: Component, good: int, n: int, *, to_band: Fraction | None = None) -> NextPoint | None:
    """The fewest more of the n that must meet the requirement for one more point, for full marks where that is nearer,
    or for the next band where that is nearer still; None at full marks.

    `to_band`: points that the total lacks for the next band, where the total is known.
    """
    assert component.full_at is not None
    now = points_exact(component, good, n)
    lacking = component.maximum - now
    if lacking == 0:
        return None
    wanted, reason = min(
        (Fraction(1), "point"),
        (lacking, "full"),
        *([(to_band, "band")] if to_band is not None else []),
        key=lambda option: option[0],
    )
    # Linear up to full marks: (good + more) / n / full_at * maximum >= now + wanted.
    more = ceil((now + wanted) / component.maximum * component.full_at * n) - good
    gain = points_exact(component, good + more, n) - now
    return NextPoint(component=component, good=good, n=n, more=more, gain=gain, reason=reason)  # type: ignore[arg-type]


def next_points(
    components: Iterable[Component], counted: Iterable[Mapping[str, Any]], *, total: float | None = None
) -> list[NextPoint]:
    """The suggestions of one unit, the fewest dossiers per point first.

    `counted`: rows of `Assessment.components`; those whose own computation counts take part. `total`: the points of a
    complete index.
    """
    by_code = {component.code: component for component in components}
    band = next_band(total) if total is not None else None
    to_band = Fraction(band.least) - Fraction(str(round(total, 6))) if band and total is not None else None
    found = []
    for row in counted:
        if row["basis"] == "own" and row["n"]:
            suggestion = next_point(by_code[row["component"]], row["good"], row["n"], to_band=to_band)
            found += [suggestion] if suggestion else []
    return sorted(found, key=lambda one: (one.effort, one.component.code))
