"""Peer groups: which communes one is fairly set against, chosen by what it is like and not by its results."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from indicators.compute import compute
from indicators.filters import Filters
from indicators.windows import Window
from warehouse import Snapshot

Rule = Literal["all", "kind", "population", "density", "volume", "mix"]
RULES: tuple[Rule, ...] = ("all", "kind", "population", "density", "volume", "mix")
# As many neighbours as LG Inform and the NHS use: enough for an average, few enough to be alike.
NEAREST = 15
_YEAR = dt.timedelta(days=364)


@dataclass(frozen=True, kw_only=True)
class Peers:
    """The communes beside `subject`, nearest first, without it.

    `distances`: by rule `population`, `density` and `volume` the logarithm of the quotient, by `mix` Hellinger's
    distance (0: the same, 1: nothing in common), else 0. `unknown`: communes of which the fact is missing; where it is
    the subject's own, there are no peers (`is_known` is false).
    """

    subject: str
    rule: Rule
    codes: tuple[str, ...]
    distances: tuple[float, ...]
    unknown: tuple[str, ...] = ()
    is_known: bool = True


def peers(
    snapshot: Snapshot,
    subject: str,
    rule: Rule,
    window: Window,
    *,
    nearest: int = NEAREST,
    mixes: pl.DataFrame | None = None,
) -> Peers:
    """The peers of a commune; volume and mix are what was received in the year up to the window's end.

    `mixes` is the answer of `received_mixes` for the window, for callers that ask for many communes.
    """
    facts = snapshot.query("select commune_code as commune, kind, population, area_km2 from commune order by commune")
    if rule in ("all", "kind"):
        same = pl.lit(True) if rule == "all" else pl.col("kind").eq_missing(_fact(facts, subject, "kind"))
        codes = facts.filter(same & (pl.col("commune") != subject))["commune"].to_list()
        if rule == "kind" and _fact(facts, subject, "kind") is None:
            return Peers(subject=subject, rule=rule, codes=(), distances=(), is_known=False)
        return Peers(subject=subject, rule=rule, codes=tuple(codes), distances=(0.0,) * len(codes))
    if rule == "mix":
        distances = _hellinger(received_mixes(snapshot, window) if mixes is None else mixes, subject)
    else:
        distances = _log_distances(_sizes(snapshot, facts, rule, window), subject)
    known = distances.drop_nulls()
    unknown = set(facts["commune"]) - set(known["commune"]) - {subject}
    if subject not in set(known["commune"]):
        return Peers(subject=subject, rule=rule, codes=(), distances=(), unknown=tuple(sorted(unknown)), is_known=False)
    found = known.filter(pl.col("commune") != subject).sort("distance", "commune").head(nearest)
    return Peers(
        subject=subject,
        rule=rule,
        codes=tuple(found["commune"]),
        distances=tuple(found["distance"]),
        unknown=tuple(sorted(unknown)),
    )


def _fact(facts: pl.DataFrame, subject: str, name: str) -> object:
    return facts.filter(pl.col("commune") == subject)[name].first()


def _sizes(snapshot: Snapshot, facts: pl.DataFrame, rule: str, window: Window) -> pl.DataFrame:
    """`commune, size`: the positive number that communes are alike in, null where it is not known."""
    if rule == "volume":
        received = compute(snapshot, "received", "commune", date_from=window.ends - _YEAR, date_to=window.ends)
        sizes = received.filter(pl.col("commune").is_not_null()).select("commune", size="received")
    else:
        size = pl.col("population") / pl.col("area_km2") if rule == "density" else pl.col("population")
        sizes = facts.select("commune", size=size)
    return sizes.with_columns(size=pl.when(pl.col("size") > 0).then(pl.col("size").cast(pl.Float64)))


def _log_distances(sizes: pl.DataFrame, subject: str) -> pl.DataFrame:
    own = sizes.filter(pl.col("commune") == subject)["size"].first()
    return sizes.select("commune", distance=(pl.col("size").log() - pl.lit(own, pl.Float64).log()).abs())


def received_mixes(snapshot: Snapshot, window: Window) -> pl.DataFrame:
    """`commune, procedure, received` in the year up to the window's end, where anything was."""
    return compute(
        snapshot,
        "received",
        ["commune", "procedure"],
        filters=Filters(),
        date_from=window.ends - _YEAR,
        date_to=window.ends,
    ).filter(pl.col("commune").is_not_null() & (pl.col("received") > 0))


def _hellinger(frame: pl.DataFrame, subject: str) -> pl.DataFrame:
    """`commune, distance` between the mixes of procedures received; null for communes that received nothing."""
    if frame.is_empty():
        return pl.DataFrame(schema={"commune": pl.String, "distance": pl.Float64})
    shares = frame.with_columns(share=pl.col("received") / pl.col("received").sum().over("commune"))
    own = shares.filter(pl.col("commune") == subject).select("procedure", own="share")
    common = (
        shares.join(own, on="procedure", how="left", nulls_equal=True)
        .group_by("commune")
        .agg(common=(pl.col("share") * pl.col("own").fill_null(0)).sqrt().sum())
    )
    distance = np.sqrt(np.clip(1 - common["common"].to_numpy(), 0, 1))
    return common.select("commune", distance=pl.Series(distance))
