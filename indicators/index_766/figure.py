"""The index and its groups as figures of the catalogue."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from indicators.figures import Figure, IndexPoints
from indicators.index_766.assess import assess
from indicators.scope import Scope

_ANSWER = ("group_id", "bucket", "value", "n", "low", "high")


def index_points(scope: Scope, figures: Collection[IndexPoints]) -> dict[Figure, pl.DataFrame]:
    """`group_id, bucket, value, n, low, high` for each figure: points of the parts that can be known in each cell.

    Cells of which nothing is known have no row. The interval covers the shares computed from dossiers; published points
    are taken as they are, and where nothing else is known there is no interval.
    """
    assessment = assess(scope)
    answers: dict[Figure, pl.DataFrame] = {}
    for figure in figures:
        found = assessment.totals
        if figure.group is not None:
            found = assessment.groups.filter(pl.col("index_group") == figure.group)
        known = found.filter(pl.col("points").is_not_null() & (pl.col("group_id") >= 0))
        answers[figure] = known.select(
            "group_id",
            "bucket",
            pl.col("n").cast(pl.Int64),
            value="points",
            low=pl.when("is_estimated").then(pl.col("low")),
            high=pl.when("is_estimated").then(pl.col("high")),
        ).select(_ANSWER)
    return answers
