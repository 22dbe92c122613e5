"""Simulated communes whose truth is known: how often is a promise called kept, not kept, not measurable?

`python -m tests.indicators.promise_worlds [WORLDS]` prints the figures of docs/thong-ke.md (a few minutes).
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from indicators.before_after import BeforeAfter, rates_change
from indicators.promises import Verdict, judge

RATES = np.array([0.99, 0.75, 0.93, 0.97, 0.85])
# Rates with room for every promise of these worlds.
LOWER = RATES - 0.13
WEEKS = 9


@dataclass(frozen=True, kw_only=True)
class Side:
    """One window: hits and cases by week and procedure."""

    hits: np.ndarray
    cases: np.ndarray

    def first(self, weeks: int) -> Side:
        return Side(hits=self.hits[:weeks], cases=self.cases[:weeks])

    @property
    def rate(self) -> float:
        return float(self.hits.sum() / self.cases.sum())


def side(
    random: np.random.Generator, rates: np.ndarray, shares: np.ndarray, *, n: int, shock: float, weeks: int = WEEKS
) -> Side:
    """Weeks that differ by `shock` (on the logit of all their rates)."""
    cases, hits = np.zeros((2, weeks, len(rates)), int)
    for week, size in enumerate(random.multinomial(n, np.full(weeks, 1 / weeks))):
        odds = (1 - rates) / rates * np.exp(-random.normal(0, shock))
        cases[week] = random.multinomial(size, shares)
        hits[week] = random.binomial(cases[week], 1 / (1 + odds))
    return Side(hits=hits, cases=cases)


def change(before: Side, after: Side) -> BeforeAfter:
    rows = [
        (name, "Chứng thực", str(procedure), "online", float(hits), float(cases))
        for name, part in (("before", before), ("after", after))
        for procedure, (hits, cases) in enumerate(zip(part.hits.sum(axis=0), part.cases.sum(axis=0), strict=True))
        if cases
    ]
    cells = pl.DataFrame(rows, schema=["commune", "field", "procedure", "channel", "hits", "n"], orient="row")
    weeks = [
        [values.sum(axis=1)[part.cases.sum(axis=1) > 0].astype(float) for values in (part.hits, part.cases)]
        for part in (before, after)
    ]
    return rates_change(cells, [hits for hits, _cases in weeks], [cases for _hits, cases in weeks])


def world(
    random: np.random.Generator, effect: float, *, n: int, shock: float = 0.0, rates: np.ndarray = RATES, of: int = 1
) -> BeforeAfter:
    """A commune with a mix that drifts and an effect on every rate; the worst of `of` like it before."""
    mix = random.dirichlet(np.full(len(rates), 2.0))
    before = min((side(random, rates, mix, n=n, shock=shock) for _one in range(of)), key=lambda one: one.rate)
    moved = np.clip(rates + effect, 0.001, 0.999)
    return change(before, side(random, moved, random.dirichlet(mix * 40 + 0.01), n=n, shock=shock))


def verdict(found: BeforeAfter, expected: float) -> Verdict:
    assert found.change is not None and found.low is not None and found.high is not None
    return judge(found.change, found.low, found.high, expected)


def shares(make: Callable[[np.random.Generator], BeforeAfter], expected: float, *, worlds: int) -> dict[str, float]:
    """The share of each verdict among so many worlds."""
    random = np.random.default_rng(7)
    counted = Counter(verdict(make(random), expected) for _world in range(worlds))
    return {name: counted[name] / worlds for name in ("kept", "not_kept", "not_measurable")}


def ever_kept(random: np.random.Generator, *, n: int, expected: float) -> tuple[bool, bool]:
    """Where nothing changed: whether a look a week from half time on would once have said kept, and the last."""
    mix = random.dirichlet(np.full(len(LOWER), 2.0))
    before, after = (side(random, LOWER, mix, n=n, shock=0.0) for _side in range(2))
    looks = [verdict(change(before.first(week), after.first(week)), expected) for week in range(5, WEEKS + 1)]
    return "kept" in looks, looks[-1] == "kept"


def main(worlds: int) -> None:
    """Write a line for each size, each part delivered and each way to look."""
    promised = 0.08
    for shock, n, part in itertools.product((0.0, 0.3), (100, 400, 1500), (0.0, 0.5, 0.75, 1.0, 1.25, 1.5)):
        make = partial(world, effect=part * promised, n=n, shock=shock, rates=LOWER)
        _tell(f"weeks differ by {shock}, n {n}, delivered {part:.0%}", shares(make, promised, worlds=worlds))
    for n in (100, 400):
        chosen = partial(world, effect=0.0, n=n, rates=LOWER, of=20)
        _tell(f"no change, n {n}, the worst of 20 before", shares(chosen, promised, worlds=worlds))
        looks = np.array([ever_kept(np.random.default_rng(number), n=n, expected=promised) for number in range(worlds)])
        once, at_the_end = looks.mean(axis=0)
        _tell(f"no change, n {n}, looked at each week", {"once kept": once, "kept at the end": at_the_end})


def _tell(what: str, found: dict[str, float]) -> None:
    sys.stdout.write(f"{what}: {', '.join(f'{name} {share:.1%}' for name, share in found.items())}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
