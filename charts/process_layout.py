"""Where the steps of a process stand on a map read from left to right: a main road, and side roads below it.

The main road is the path through most dossiers' hands; a step off it stands below, after the step that leads to it. A
dossier that turns back is drawn against the reading direction. Steps of a cycle are put in order by the rule of Eades,
Lin and Smyth, "A fast and effective heuristic for the feedback arc set problem", IPL 47 (1993), with weights.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

Pair = tuple[str, str]

# A step that at least this part of the busiest one's dossiers pass lies on the main road, where a way leads.
LEAST_TRODDEN = 0.15


@dataclass(frozen=True, kw_only=True)
class Layout:
    """`places`: column and row of each step shown (row 0 is the main road); `backward`: the ways that turn back."""

    places: dict[str, tuple[int, int]]
    backward: frozenset[Pair]

    @property
    def columns(self) -> int:
        return 1 + max((column for column, _row in self.places.values()), default=-1)

    @property
    def rows(self) -> int:
        return 1 + max((row for _column, row in self.places.values()), default=-1)


def kept_edges(edges: pl.DataFrame, *, least_share: float) -> pl.DataFrame:
    """The ways that at least this share of the dossiers take; of the steps between them also the commonest way in.

    `edges`: `from_activity, to_activity, n, share`. A step that only rare ways lead to is left out with them.
    """
    common = edges.filter(pl.col("share") >= least_share)
    # With nothing common left, the commonest way of all: a map with no step says nothing.
    return edges.sort("n", descending=True).head(1) if common.is_empty() and not edges.is_empty() else common


def lay_out(edges: pl.DataFrame, *, dossiers: Mapping[str, int], starts: Collection[str]) -> Layout:
    """Place every step of the ways, and of `dossiers`, on a grid.

    `edges`: `from_activity, to_activity, n`; `dossiers`: how many pass through a step; `starts`: where some begin. Ways
    from a step to itself are neither forward nor backward.
    """
    weights = {(one, other): int(n) for one, other, n in edges.select("from_activity", "to_activity", "n").iter_rows()}
    names = list(dict.fromkeys([*(name for pair in weights for name in pair), *dossiers]))
    order = _in_order(names, weights, {name: dossiers.get(name, 0) for name in starts})
    rank = {name: place for place, name in enumerate(order)}
    backward = frozenset(pair for pair in weights if rank[pair[0]] > rank[pair[1]])
    forward = {pair: n for pair, n in weights.items() if rank[pair[0]] < rank[pair[1]]}
    most = max(dossiers.values(), default=0)
    trodden = [name for name in order if dossiers.get(name, 0) >= LEAST_TRODDEN * most]
    road = _main_road(trodden, forward, frozenset(starts))
    places = {name: (column, 0) for column, name in enumerate(road)}
    _place_beside(order, forward, places, last=len(road) - 1)
    return Layout(places=places, backward=backward)


def _in_order(names: Sequence[str], weights: Mapping[Pair, int], starts: Mapping[str, int]) -> list[str]:
    """The steps so that little weight runs against the order."""
    left: list[str] = []
    right: list[str] = []
    rest = list(names)
    while rest:
        balance = {}
        for name in rest:
            out = sum(n for (one, other), n in weights.items() if one == name != other and other in rest)
            into = sum(n for (one, other), n in weights.items() if other == name != one and one in rest)
            # What begins here comes from outside the map, and speaks for standing early.
            balance[name] = (out, into, out - into + starts.get(name, 0))
        sinks = [name for name in rest if balance[name][0] == 0]
        sources = [name for name in rest if balance[name][1] == 0]
        if sources:
            chosen = max(sources, key=lambda name: balance[name][2])
            left.append(chosen)
        elif sinks:
            chosen = min(sinks, key=lambda name: balance[name][2])
            right.insert(0, chosen)
        else:
            chosen = max(rest, key=lambda name: balance[name][2])
            left.append(chosen)
        rest.remove(chosen)
    return left + right


def _main_road(trodden: Sequence[str], forward: Mapping[Pair, int], starts: Collection[str]) -> list[str]:
    """The forward path through most of the well-trodden steps, then through the commonest ways."""
    best: dict[str, tuple[float, str | None]] = {name: (float(name in starts), None) for name in trodden}
    total = 1 + sum(forward.values())
    for name in trodden:
        for (one, other), n in forward.items():
            value = best[name][0] + 1 + n / total
            if one == name and other in best and value > best[other][0]:
                best[other] = (value, name)
    if not best:
        return []
    road = [max(trodden, key=lambda name: best[name][0])]
    while (before := best[road[-1]][1]) is not None:
        road.append(before)
    return road[::-1]


def _place_beside(
    order: Sequence[str], forward: Mapping[Pair, int], places: dict[str, tuple[int, int]], *, last: int
) -> None:
    """Put each step off the main road below the one that most come from, the busiest first; beside it what follows."""
    parents = {name: _parent(name, forward, order) for name in order if name not in places}
    weight = {name: max([n for (_one, other), n in forward.items() if other == name], default=0) for name in parents}
    children: dict[str | None, list[str]] = {}
    for name in sorted(parents, key=lambda name: (-weight[name], order.index(name))):
        children.setdefault(parents[name], []).append(name)

    def place(name: str) -> None:
        parent = parents[name]
        column, row = places.get(parent or "", (0, 0))
        column = min(column + (row > 0), max(last, 0))
        row = max(row, 1)
        # Room for what follows in the same row, where it has a column.
        wanted = [(column, row), *([(column + 1, row)] if children.get(name) and column < last else [])]
        while any(cell in places.values() for cell in wanted):
            wanted = [(one, other + 1) for one, other in wanted]
        places[name] = wanted[0]
        for child in children.get(name, ()):
            place(child)

    roots = [name for parent, names in list(children.items()) if parent is None or parent in places for name in names]
    for name in sorted(roots, key=lambda name: (-weight[name], order.index(name))):
        place(name)


def _parent(name: str, forward: Mapping[Pair, int], order: Sequence[str]) -> str | None:
    """The step before that most come from; none where the step only begins."""
    sources = {one: n for (one, other), n in forward.items() if other == name}
    return max(sources, key=lambda one: (sources[one], -order.index(one))) if sources else None
