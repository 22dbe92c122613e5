"""Fault or fate: how much of a commune's lateness lies with its procedures, its workload, waiting, and its own work.

Of the dossiers resolved in a window. The gap to all other communes is taken apart in a stated order, each step an
indirect standardisation with the others' rates (Kitagawa 1955; the order as in a sequential decomposition):

1. procedure mix: what the others' rates give at the commune's own procedures and channels, less the others' rate;
2. waiting for the citizen (papers, payment, a stop asked for) and 3. for another agency (verification, public notice):
   a late dossier is laid to a wait where it would have been on time without it, and set against the others' at the same
   procedures. Two waits share what needs both (Shapley). Of a wait counts what the promise was not put off for;
4. workload: lateness that is left, as the others have it at the same procedures when as busy, less as busy as they are;
5. own handling: what is left. The five add up to the gap, dossier by dossier.

Intervals come from drawing whole weeks of closing anew, for the commune and for the others, since dossiers of one week
share their fate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl

from indicators.filters import Filters
from indicators.lateness_cells import LOAD_CLASSES, lateness_cells
from indicators.statistics import CONFIDENCE, Floats
from indicators.windows import Window
from warehouse import Snapshot

Cause = Literal["mix", "citizen", "agency", "workload", "own"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
# Fewer resolved dossiers, or weeks, than this say nothing about causes.
LEAST_DOSSIERS, LEAST_WEEKS = 100, 8
_DRAWS = 500
_SEED = 20250701
_PARTS = ("late", "citizen", "agency", "own")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the gap as a difference of rates, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """A commune's share of late dossiers, the others', and the parts of the gap; `parts` add up to `gap` exactly."""

    commune_code: str
    n: int
    weeks: int
    rate: float
    others: float
    others_n: int
    gap: Part
    parts: dict[Cause, Part]

    @property
    def has_enough(self) -> bool:
        return self.n >= LEAST_DOSSIERS and self.weeks >= LEAST_WEEKS


def lateness(snapshot: Snapshot, commune: str, window: Window, filters: Filters | None = None) -> Lateness | None:
    """The parts of a commune's lateness in a window; None where it, or all others, resolved nothing.

    Places in the filters are passed over: the commune is set against the whole province.
    """
    whole = (filters or Filters()).of_whole_province()
    return decompose(lateness_cells(snapshot, commune, window, whole), commune)


def decompose(cells: pl.DataFrame, commune: str) -> Lateness | None:
    """The parts from the sums of `lateness_cells`; deterministic."""
    mine, others = cells.filter("is_mine"), cells.filter(~pl.col("is_mine"))
    if mine.is_empty() or others.is_empty():
        return None
    table = _Table(cells)
    value = table.parts(np.ones((1, table.weeks)), np.ones((1, table.weeks)))
    generator = np.random.default_rng(_SEED)
    drawn = table.parts(table.draw(generator, mine=True), table.draw(generator, mine=False))
    tail = 100 * (1 - CONFIDENCE) / 2
    found = {}
    for place, name in enumerate((*CAUSES, "gap")):
        low, high = np.nanpercentile(drawn[:, place], [tail, 100 - tail])
        found[name] = Part(value=float(value[0, place]), low=float(low), high=float(high))
    n, late = (float(mine[name].sum()) for name in ("n", "late"))
    return Lateness(
        commune_code=commune,
        n=int(n),
        weeks=mine["week"].n_unique(),
        rate=late / n,
        others=float(others["late"].sum()) / float(others["n"].sum()),
        others_n=int(others["n"].sum()),
        gap=found["gap"],
        parts={cause: found[cause] for cause in CAUSES},
    )


class _Table:
    """The sums as arrays by week and cell, so that many draws of weeks are a few products of matrices."""

    def __init__(self, cells: pl.DataFrame) -> None:
        keys = ["procedure_code", "channel"]
        mixes = cells.select(keys).unique(maintain_order=True).with_row_index("mix")
        procedures = mixes.select("procedure_code").unique(maintain_order=True).with_row_index("procedure")
        mixes = mixes.join(procedures, on="procedure_code", how="left", nulls_equal=True, maintain_order="left")
        weeks = cells.select("week").unique().sort("week").with_row_index("place")
        placed = cells.join(mixes, on=keys, how="left", nulls_equal=True).join(weeks, on="week", how="left")
        self.weeks, self.mixes, self.procedures = weeks.height, mixes.height, procedures.height
        self._procedure_of = mixes["procedure"].to_numpy()
        place = [placed[name].cast(pl.Int64).to_numpy() for name in ("place", "mix", "load")]
        shape = (self.weeks, self.mixes, LOAD_CLASSES)
        self._sums: dict[bool, dict[str, Floats]] = {}
        for is_mine in (True, False):
            chosen = (placed["is_mine"] == is_mine).to_numpy()
            self._sums[is_mine] = {}
            for name in ("n", *_PARTS):
                table = np.zeros(shape)
                np.add.at(table, tuple(one[chosen] for one in place), placed[name].to_numpy()[chosen].astype(float))
                self._sums[is_mine][name] = table
        # What the commune never handled weighs nothing in its mix.
        self._handled = np.flatnonzero(self._sums[True]["n"].sum(axis=(0, 2)))

    def draw(self, generator: np.random.Generator, *, mine: bool) -> Floats:
        """How often each week is drawn, one row a draw, of the weeks with dossiers."""
        present = np.flatnonzero(self._sums[mine]["n"].sum(axis=(1, 2)))
        counts = np.zeros((_DRAWS, self.weeks))
        counts[:, present] = generator.multinomial(len(present), np.full(len(present), 1 / len(present)), size=_DRAWS)
        return counts

    def parts(self, mine: Floats, others: Floats) -> Floats:
        """The parts in the order of CAUSES and the gap, one row a draw; `mine` and `others` weigh the weeks.

        The sums over all cells and those by mix are far smaller than those by mix and load, of which one is needed.
        """
        own, rest = self._sums[True], self._sums[False]
        n_mine, n_rest = mine @ own["n"].sum(axis=(1, 2)), others @ rest["n"].sum(axis=(1, 2))
        mean = {name: mine @ own[name].sum(axis=(1, 2)) / n_mine for name in _PARTS}
        overall = {name: others @ rest[name].sum(axis=(1, 2)) / n_rest for name in _PARTS}
        expected = self._by_mix(others)
        handled = self._handled
        share = np.tensordot(mine, own["n"][:, handled], axes=1) / n_mine[:, None, None]
        at_mix = {name: (share.sum(axis=2) * expected[name][:, handled]).sum(axis=1) for name in _PARTS}
        due = (np.tensordot(others, rest["n"], axes=1) * expected["own"][:, :, None]).sum(axis=1)
        ratio = _load_ratio(others @ rest["own"].sum(axis=1), due)
        at_load = (share * np.minimum(expected["own"][:, handled, None] * ratio[:, None, :], 1)).sum(axis=(1, 2))
        parts = {
            "mix": at_mix["late"] - overall["late"],
            "citizen": mean["citizen"] - at_mix["citizen"],
            "agency": mean["agency"] - at_mix["agency"],
            "workload": at_load - at_mix["own"],
            "own": mean["own"] - at_load,
        }
        return np.stack([*(parts[cause] for cause in CAUSES), mean["late"] - overall["late"]], axis=1)

    def _by_mix(self, others: Floats) -> dict[str, Floats]:
        """The others' rates of each procedure and channel; of the procedure, then of all, where they had none."""
        by_mix = {name: table.sum(axis=2) for name, table in self._sums[False].items()}
        member = np.eye(self.procedures)[self._procedure_of]
        by_procedure = {name: others @ (table @ member) for name, table in by_mix.items()}
        by_mix = {name: others @ table for name, table in by_mix.items()}
        found = {}
        with np.errstate(divide="ignore", invalid="ignore"):
            for name in _PARTS:
                overall = by_mix[name].sum(axis=1, keepdims=True) / by_mix["n"].sum(axis=1, keepdims=True)
                rate = by_procedure[name] / by_procedure["n"]
                of_procedure = np.where(by_procedure["n"] > 0, rate, overall)[:, self._procedure_of]
                found[name] = np.where(by_mix["n"] > 0, by_mix[name] / by_mix["n"], of_procedure)
        return found


def _load_ratio(observed: Floats, due: Floats) -> Floats:
    """How many times as often as their procedures say the others are late by themselves, by class of load."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(due > 0, observed / due, 1.0)
