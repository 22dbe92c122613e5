"""Rows that go wrong on the way out: repeated ones, and a few that no ETL may load. All are counted."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from etl.simulate.unit_texts import CHANCE

REPEATED_SHARE = 0.003
REPEATED_STEPS_SHARE = 0.001
BAD_SHARE = 0.001
# Named as the ETL's rules are.
BAD_KINDS = (
    "missing_dossier_id",
    "missing_received_at",
    "closed_before_received",
    "unknown_commune",
    "status_out_of_range",
    "received_after_state",
)


def plan_bad_rows(dossiers: int, counts: list[int], rng: np.random.Generator) -> list[list[str]]:
    """The kinds of bad rows that each commune's register gets: a thousandth of all rows, every kind at least once."""
    total = max(len(BAD_KINDS), round(dossiers * BAD_SHARE))
    kinds = [BAD_KINDS[number % len(BAD_KINDS)] for number in range(total)]
    shares = np.array(counts, float)
    places = rng.choice(len(counts), total, p=shares / shares.sum())
    return [
        [kind for kind, place in zip(kinds, places, strict=True) if place == position]
        for position in range(len(counts))
    ]


def repeat_rows(rows: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """A sample of the rows, to be written a second time."""
    return rows.filter(pl.Series(rng.random(rows.height) < share))


def bad_rows(rows: pl.DataFrame, kinds: list[str], *, state_at: dt.datetime, rng: np.random.Generator) -> pl.DataFrame:
    """One spoilt row for each kind, under codes that no dossier has; none where the commune has no received dossier."""
    received = rows.filter(pl.col("received_at").is_not_null())
    if not kinds or received.is_empty():
        return rows.clear()
    template = received[rng.integers(0, received.height, len(kinds))].with_columns(
        kind=pl.Series(kinds),
        dossier_id=pl.col("dossier_id").str.replace(r"-[^-]*$", "-9")
        + pl.int_range(pl.len()).cast(pl.String).str.zfill(4),
        **{CHANCE: pl.lit(0.9)},
    )

    def spoilt(kind: str, column: str, value: pl.Expr) -> pl.Expr:
        return pl.when(pl.col("kind") == kind).then(value).otherwise(pl.col(column)).alias(column)

    none = pl.lit(None)
    after = pl.lit(state_at + dt.timedelta(days=2, hours=-8))
    unfinished = ("missing_received_at", "received_after_state")
    return template.with_columns(
        *(
            pl.when(~pl.col("kind").is_in(unfinished)).then(pl.col(time)).alias(time)
            for time in ("finished_at", "returned_at", "due_at")
        ),
        spoilt("missing_dossier_id", "dossier_id", none),
    ).with_columns(
        pl.when(pl.col("kind") == "missing_received_at").then(none)
        .when(pl.col("kind") == "received_after_state").then(after)
        .otherwise(pl.col("received_at")).alias("received_at"),
        pl.when(pl.col("kind") == "closed_before_received").then(pl.col("received_at").dt.offset_by("-3d"))
        .otherwise(pl.col("finished_at")).alias("finished_at"),
        spoilt("unknown_commune", "commune_code", pl.lit("99999")),
        pl.when(pl.col("kind") == "status_out_of_range").then(99)
        .when(pl.col("kind").is_in(unfinished)).then(4)
        .when(pl.col("kind") == "closed_before_received").then(10)
        .otherwise(pl.col("status")).alias("status"),
    ).select(rows.columns)  # fmt: skip
