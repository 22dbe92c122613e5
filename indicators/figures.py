"""The few shapes that a figure can have, each stating what it is computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

# What several figures are shares of.
RESOLVED_IN_TIME = pl.col("resolved_early") + pl.col("resolved_on_time")
RESOLVED = RESOLVED_IN_TIME + pl.col("resolved_late")
CLOSED = RESOLVED + pl.col("closed_neutral")

# Names that expressions may use besides the measures of `daily_flow`: they belong to the answer's row.
WORKING_DAYS = "working_days"
PEOPLE = "people"
RECEPTION_STAFF = "reception_staff"


@dataclass(frozen=True, eq=False)
class Count:
    """A number of dossiers: an expression over measures."""

    value: pl.Expr

    @property
    def measures(self) -> set[str]:
        return set(self.value.meta.root_names())


@dataclass(frozen=True, eq=False)
class Rate:
    """A share of dossiers, with Wilson's interval; `n` is the denominator."""

    numerator: pl.Expr
    denominator: pl.Expr

    @property
    def measures(self) -> set[str]:
        return {*self.numerator.meta.root_names(), *self.denominator.meta.root_names()}


@dataclass(frozen=True, eq=False)
class Ratio:
    """One total per another, without an interval."""

    numerator: pl.Expr
    denominator: pl.Expr
    factor: float = 1

    @property
    def measures(self) -> set[str]:
        return {*self.numerator.meta.root_names(), *self.denominator.meta.root_names()}


@dataclass(frozen=True, eq=False)
class Mean:
    """A mean from sums (durations in minutes), with its interval."""

    n: pl.Expr
    minutes: pl.Expr
    minutes_squared: pl.Expr
    unit: Literal["working_days", "days", "times"]

    @property
    def measures(self) -> set[str]:
        return {name for part in (self.n, self.minutes, self.minutes_squared) for name in part.meta.root_names()}


@dataclass(frozen=True, eq=False)
class Quantile:
    """A quantile of a duration of the resolved dossiers, with an order-statistic interval."""

    duration: Literal["processing_minutes", "elapsed"]
    probability: float

    @property
    def measures(self) -> set[str]:
        return set()


@dataclass(frozen=True, eq=False)
class StepWait:
    """A quantile of the elapsed time between two neighbouring steps of the log, with an order-statistic interval."""

    probability: float

    @property
    def measures(self) -> set[str]:
        return set()


@dataclass(frozen=True, eq=False)
class Throughput:
    """A quantile of the time to resolution by Kaplan and Meier, in which open dossiers count as not yet resolved."""

    probability: float

    @property
    def measures(self) -> set[str]:
        return set()


@dataclass(frozen=True, eq=False)
class SlowReception:
    """The share of online submissions that waited too long to be received."""

    @property
    def measures(self) -> set[str]:
        return set()


@dataclass(frozen=True, eq=False)
class AdjustedRatio:
    """Observed over expected dossiers resolved on time, at the group's own mix of procedures and channels."""

    @property
    def measures(self) -> set[str]:
        return set()


@dataclass(frozen=True, eq=False)
class IndexPoints:
    """Points of Decision 766 of the parts that can be known: of a group, or of all groups together."""

    group: str | None = None

    @property
    def measures(self) -> set[str]:
        return set()


Figure = Count | Rate | Ratio | Mean | Quantile | StepWait | Throughput | SlowReception | AdjustedRatio | IndexPoints
