"""Individuals charts (XmR): is a series only wobbling, or did something change?

Limits as NHS England's "Making Data Count" draws them: centre ± 2.66 × the mean moving range, moving ranges beyond
3.267 × their mean screened out once. Four rules say what is more than chance; where limits begin anew is stated by the
caller, with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Rule = Literal["beyond_limit", "run", "trend", "near_limit"]
Variation = Literal["improving", "worsening", "changing", "nothing_unusual"]
Assurance = Literal["meets", "misses", "not_sure"]

# 3 / 1.128: three standard deviations from the mean of ranges of two (Shewhart's d2).
LIMIT_FACTOR = 2.66
# The upper limit of a moving range (D4 for two): beyond it a range says that something changed, not how values wobble.
SCREEN_FACTOR = 3.267
# So many in a row on one side of the centre, or rising or falling, are more than chance.
RUN = 7
# Fewer values than this give limits that mean little; they are drawn as provisional.
LEAST_VALUES = 12


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Limits from value `starts` to the one before `ends`; `low` and `high` stay within what the figure can be."""

    starts: int
    ends: int
    centre: float
    low: float
    high: float

    @property
    def is_provisional(self) -> bool:
        return self.ends - self.starts < LEAST_VALUES


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A series with its limits; `rules` and `sides` (1 above, -1 below, 0) have one entry a value."""

    values: NDArray[np.float64]
    stretches: tuple[Stretch, ...]
    rules: tuple[frozenset[Rule], ...]
    sides: tuple[int, ...]

    @property
    def last(self) -> Stretch:
        return self.stretches[-1]

    def variation(self, direction: Literal["higher_is_better", "lower_is_better", "neutral"]) -> Variation:
        """What the newest value says: something unusual, for better or worse, or nothing."""
        if not self.rules[-1]:
            return "nothing_unusual"
        if direction == "neutral":
            return "changing"
        return "improving" if (self.sides[-1] > 0) == (direction == "higher_is_better") else "worsening"

    def assurance(self, target: float, *, higher_is_better: bool) -> Assurance:
        """Whether the process as it runs today will reliably meet a target: the limits against it."""
        low, high = (self.last.low, self.last.high) if higher_is_better else (-self.last.high, -self.last.low)
        goal = target if higher_is_better else -target
        return "meets" if low >= goal else "misses" if high < goal else "not_sure"


def chart(
    values: Sequence[float],
    *,
    rebased_at: Sequence[int] = (),
    lowest: float = -np.inf,
    highest: float = np.inf,
) -> Chart:
    """The chart of a series without gaps; limits begin anew at each index of `rebased_at`.

    Raises ValueError for an empty series.
    """
    series = np.asarray(values, dtype=np.float64)
    if not len(series):
        raise ValueError("an XmR chart needs at least one value")
    edges = sorted({0, len(series), *(index for index in rebased_at if 0 < index < len(series))})
    stretches, rules, sides = [], [], []
    for starts, ends in pairwise(edges):
        part = series[starts:ends]
        centre, half = float(part.mean()), LIMIT_FACTOR * mean_range(part)
        stretch = Stretch(
            starts=starts, ends=ends, centre=centre, low=max(lowest, centre - half), high=min(highest, centre + half)
        )
        stretches.append(stretch)
        for broken, side in _signals(part, centre, half):
            rules.append(broken)
            sides.append(side)
    return Chart(values=series, stretches=tuple(stretches), rules=tuple(rules), sides=tuple(sides))


def mean_range(values: NDArray[np.float64]) -> float:
    """The mean moving range, without ranges beyond their own limit; 0 for fewer than two values."""
    ranges = np.abs(np.diff(values))
    if not len(ranges):
        return 0.0
    kept = ranges[ranges <= SCREEN_FACTOR * ranges.mean()]
    return float(kept.mean()) if len(kept) else 0.0


def _signals(values: NDArray[np.float64], centre: float, half: float) -> list[tuple[frozenset[Rule], int]]:
    """The rules that each value is part of breaking, and to which side."""
    # What rounding leaves of equal values is no deviation.
    away = [0.0 if np.isclose(value, centre, rtol=1e-9, atol=1e-12) else float(value - centre) for value in values]
    steps = [0, *np.sign(np.diff(values)).astype(int).tolist()]
    sides = [(one > 0) - (one < 0) for one in away]
    ways = list(sides)
    found: list[set[Rule]] = [set() for _value in away]
    for index, one in enumerate(away):
        if abs(one) > half + 1e-12 and half > 0:
            found[index].add("beyond_limit")
        last_seven = range(index - RUN + 1, index + 1)
        if last_seven.start >= 0 and abs(sum(sides[member] for member in last_seven)) == RUN:
            for member in last_seven:
                found[member].add("run")
        if last_seven.start >= 0 and abs(sum(steps[member] for member in last_seven[1:])) == RUN - 1:
            for member in last_seven:
                found[member].add("trend")
                ways[member] = steps[index]
        last_three = range(max(index - 2, 0), index + 1)
        for side in (1, -1):
            near = [member for member in last_three if away[member] * side > 2 * half / 3 > 0]
            if len(near) >= 2:
                for member in near:
                    found[member].add("near_limit")
    # A trend tells the way only where no rule about the side speaks.
    about_side = {"beyond_limit", "run", "near_limit"}
    return [
        (frozenset(broken), side if broken & about_side else way)
        for broken, side, way in zip(found, sides, ways, strict=True)
    ]
