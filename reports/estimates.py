"""A figure with its interval, and the difference of two with its p-value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from indicators.catalogue import Indicator
from indicators.statistics import difference_interval, two_sided_p, wilson


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure with its interval and what it rests on; nan where unknown."""

    value: float
    n: float
    low: float
    high: float

    @classmethod
    def of(cls, row: dict[str, Any] | None, declared: Indicator) -> Estimate:
        names = (declared.id, f"{declared.id}_n", f"{declared.id}_low", f"{declared.id}_high")
        value, n, low, high = (as_number(row.get(name)) if row else math.nan for name in names)
        return cls(value=value, n=n, low=low, high=high)

    @classmethod
    def of_share(cls, hits: float, n: float) -> Estimate:
        low, high = wilson(np.array([float(hits)]), np.array([float(n)]))
        return cls(value=hits / n if n else math.nan, n=n, low=float(low[0]), high=float(high[0]))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One estimate less another; `p_value` is nan where the two may not be tested."""

    value: float
    p_value: float


def difference(own: Estimate, other: Estimate, least: int) -> Difference:
    """Tested once both rest on enough cases."""
    parts = [(np.array([one.value]), np.array([one.low]), np.array([one.high])) for one in (own, other)]
    value, low, high = difference_interval(parts[0], parts[1])
    p_value = float(two_sided_p(value, low, high)[0])
    is_enough = own.n >= least and other.n >= least
    return Difference(value=float(value[0]), p_value=p_value if is_enough else math.nan)


def as_number(value: Any) -> float:
    return math.nan if value is None else float(value)
