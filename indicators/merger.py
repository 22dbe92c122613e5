"""Before and after the merger for a commune of today: its pieces, and what the old units handled, summed honestly.

Exact for pieces that came whole, a range where an old unit was split (without it … with all of it), nothing where only
land came. Joined by old codes through the lineage, never by names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import polars as pl

from indicators.windows import NEW_COMMUNES_FROM
from warehouse import Snapshot

Share = Literal["all", "some", "none"]
# What of an old unit's dossiers belongs to the new one, by the extent of the piece.
_SHARES: dict[str, Share] = {
    "whole": "all",
    "unchanged": "all",
    "part_area_all_population": "all",
    "part": "some",
    "remainder": "some",
    "part_area_only": "none",
}
# More split pieces than this are no longer tried in every combination: each alone then stands for them.
_MOST_COMBINED = 10


@dataclass(frozen=True, kw_only=True)
class Handled:
    """What was handled: received, resolved and of these on time; `first` and `last` days of receipt."""

    received: int = 0
    resolved: int = 0
    on_time: int = 0
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def on_time_rate(self) -> float | None:
        return self.on_time / self.resolved if self.resolved else None


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of the commune; `others` are the new units that the rest of the old one went to."""

    old_code: str
    old_name: str
    old_kind: str | None
    old_district: str | None
    extent: str
    resolution: str | None
    others: tuple[str, ...]
    handled: Handled

    @property
    def share(self) -> Share:
        return _SHARES.get(self.extent, "some")


@dataclass(frozen=True, kw_only=True)
class Span:
    """A figure that lies between two bounds; equal ones are exact."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, kw_only=True)
class Continuity:
    """A commune before and after: its pieces and the sums over them; None where no dossier from before is loaded."""

    commune_code: str
    effective: dt.date
    pieces: tuple[Piece, ...]
    received_before: Span | None
    on_time_before: Span | None
    first: dt.date | None
    after: Handled

    @property
    def split(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.share == "some")


def continuity(snapshot: Snapshot, commune: str) -> Continuity:
    """The pieces of a commune in the order of their extent and code, and the sums before and after the merger."""
    rows = snapshot.query(
        """
        with piece as (
            select distinct on (old_code) * from lineage where new_code = $commune and old_code is not null
        )
        select
            piece.*,
            (
                select list(distinct other.new_code order by other.new_code) from lineage as other
                where other.old_code = piece.old_code and other.new_code <> $commune
            ) as others
        from piece
        order by extent <> 'whole', extent, old_code
        """,
        {"commune": commune},
    ).to_dicts()
    effective = max((row["effective_date"] for row in rows if row["effective_date"]), default=NEW_COMMUNES_FROM)
    handled = _before(snapshot, [row["old_code"] for row in rows], effective)
    pieces = tuple(
        Piece(
            old_code=row["old_code"],
            old_name=row["old_name"] or row["old_code"],
            old_kind=row["old_kind"],
            old_district=row["old_district"],
            extent=row["extent"] or "part",
            resolution=row["resolution"],
            others=tuple(row["others"] or ()),
            handled=handled.get(row["old_code"], Handled()),
        )
        for row in rows
    )
    received, on_time = sum_before(pieces)
    firsts = [piece.handled.first for piece in pieces if piece.handled.first and piece.share != "none"]
    return Continuity(
        commune_code=commune,
        effective=effective,
        pieces=pieces,
        received_before=received,
        on_time_before=on_time,
        first=min(firsts, default=None),
        after=_after(snapshot, commune, effective),
    )


def sum_before(pieces: Sequence[Piece]) -> tuple[Span | None, Span | None]:
    """Received and the share on time, as far as they can be known: without the split pieces … with all of them."""
    sure = [piece.handled for piece in pieces if piece.share == "all"]
    unsure = [piece.handled for piece in pieces if piece.share == "some" and piece.handled.received]
    if not any(one.received for one in [*sure, *unsure]):
        return None, None
    low = sum(one.received for one in sure)
    received = Span(low=low, high=low + sum(one.received for one in unsure))
    # The rate of any share of the pieces lies between those of taking each whole or not at all.
    if len(unsure) <= _MOST_COMBINED:
        chosen = list(product((0, 1), repeat=len(unsure)))
    else:
        chosen = [tuple(int(place == each) for each in range(len(unsure))) for place in range(len(unsure))]
    rates = []
    for taken in chosen:
        all_of_them = [*sure, *(one for one, is_in in zip(unsure, taken, strict=True) if is_in)]
        resolved = sum(one.resolved for one in all_of_them)
        if resolved:
            rates.append(sum(one.on_time for one in all_of_them) / resolved)
    return received, Span(low=min(rates), high=max(rates)) if rates else None


_COUNTS = """
    sum(received) as received,
    sum(resolved_early + resolved_on_time + resolved_late) as resolved,
    sum(resolved_early + resolved_on_time) as on_time,
    min(day) filter (received > 0) as first,
    max(day) filter (received > 0) as last
"""


def _before(snapshot: Snapshot, codes: Sequence[str], effective: dt.date) -> dict[str, Handled]:
    """What each old unit received before the day and resolved until then."""
    found = snapshot.query(
        f"""
        select dossier_key.old_code, {_COUNTS}
        from daily_flow join dossier_key using (key_id)
        where day < $effective and dossier_key.old_code in (select unnest($codes::varchar[]))
        group by all
        """,
        {"codes": list(codes), "effective": effective},
    )
    return {row["old_code"]: _handled(row) for row in found.iter_rows(named=True)}


def _after(snapshot: Snapshot, commune: str, effective: dt.date) -> Handled:
    found: pl.DataFrame = snapshot.query(
        f"""
        select {_COUNTS}
        from daily_flow join dossier_key using (key_id)
        where day >= $effective and commune_code = $commune
        """,
        {"commune": commune, "effective": effective},
    )
    return _handled(found.row(0, named=True))


def _handled(row: dict[str, object]) -> Handled:
    counts = {name: int(row[name] or 0) for name in ("received", "resolved", "on_time")}  # type: ignore[call-overload]
    return Handled(**counts, first=row["first"], last=row["last"])  # type: ignore[arg-type]
