"""What two sides differ by in the same procedures, and what by handling other procedures: a decomposition that adds up.

Source: Kitagawa, "Components of a Difference Between Two Rates", Journal of the American Statistical Association 50
(1955): each procedure's difference counts with the mean of its two shares, each difference of shares with the mean of
its two times.
"""

from __future__ import annotations

import polars as pl

from indicators.statistics import Z

_SECONDS_PER_HOUR = 3600
_CELL = ["activity_id", "stop"]


def like_for_like(
    cells_a: pl.DataFrame, counts_a: pl.DataFrame, cells_b: pl.DataFrame, counts_b: pl.DataFrame
) -> pl.DataFrame:
    """`activity_id, stop, kind, difference, low, high` in hours: each part's between dossiers of the same procedure,
    side b less side a, and one row of `kind` `mix`. They add up to the difference of the means of all.

    `cells`: by `procedure` and part the sums `seconds, seconds_sq`; `counts`: the `dossiers` of each procedure. A
    procedure that only one side has differs by its share alone. The intervals (95 %, normal) hold the shares fixed for
    the parts, and the procedures' times for the mix; a procedure with a single dossier has the spread of its side.
    """
    shares = counts_a.select("procedure", n_a="dossiers").join(
        counts_b.select("procedure", n_b="dossiers"), on="procedure", how="full", coalesce=True, nulls_equal=True
    )
    shares = shares.fill_null(0.0).with_columns(
        w_a=pl.col("n_a") / pl.col("n_a").sum(), w_b=pl.col("n_b") / pl.col("n_b").sum()
    )
    parts = pl.concat([cells_a.select(_CELL), cells_b.select(_CELL)]).unique()
    grid = shares.join(parts, how="cross")
    for side, cells in (("a", cells_a), ("b", cells_b)):
        grid = grid.join(cells, on=["procedure", *_CELL], how="left", nulls_equal=True)
        grid = grid.with_columns(_mean_and_variance(pl.col(f"n_{side}"), side)).drop("seconds", "seconds_sq")
    # What a side does not have at all it would do as the other does.
    grid = grid.with_columns(
        mean_a=pl.when(pl.col("n_a") > 0).then("mean_a").otherwise("mean_b"),
        mean_b=pl.when(pl.col("n_b") > 0).then("mean_b").otherwise("mean_a"),
    )
    weight = (pl.col("w_a") + pl.col("w_b")) / 2
    has_both = (pl.col("n_a") > 0) & (pl.col("n_b") > 0)
    variance = pl.when(has_both).then(weight**2 * (pl.col("variance_a") + pl.col("variance_b"))).otherwise(0.0)
    found = grid.group_by(_CELL).agg(
        difference=(weight * (pl.col("mean_b") - pl.col("mean_a"))).sum(), variance=variance.sum()
    )
    times = grid.group_by("procedure", "w_a", "w_b").agg(time=(pl.col("mean_a") + pl.col("mean_b")).sum() / 2)
    mix = times.select(
        pl.lit(None, found.schema["activity_id"]).alias("activity_id"),
        pl.lit(None, pl.String).alias("stop"),
        difference=((pl.col("w_b") - pl.col("w_a")) * pl.col("time")).sum(),
        variance=sum(
            ((pl.col(w) * pl.col("time") ** 2).sum() - (pl.col(w) * pl.col("time")).sum() ** 2) / n
            for w, n in (("w_a", shares["n_a"].sum()), ("w_b", shares["n_b"].sum()))
        ),
    )
    kind = pl.when(pl.col("stop").is_null()).then(pl.lit("step")).otherwise(pl.lit("stop"))
    together = pl.concat([found.with_columns(kind=kind), mix.with_columns(kind=pl.lit("mix"))], how="diagonal")
    half = Z * pl.col("variance").clip(0).sqrt()
    return together.select(
        *_CELL, "kind", "difference", low=pl.col("difference") - half, high=pl.col("difference") + half
    ).with_columns(pl.col("difference", "low", "high").fill_nan(None))


def _mean_and_variance(n: pl.Expr, side: str) -> list[pl.Expr]:
    """The mean hours of a cell over the procedure's dossiers, and the variance of that mean."""
    hours = pl.col("seconds").fill_null(0.0) / _SECONDS_PER_HOUR
    squares = pl.col("seconds_sq").fill_null(0.0) / _SECONDS_PER_HOUR**2
    mean = pl.when(n > 0).then(hours / n)
    spread = pl.when(n > 0).then((squares - n * mean**2).clip(0))
    # Of the whole side within its procedures, where a procedure alone tells none.
    pooled = spread.sum().over(_CELL) / (n.filter(n > 0) - 1).sum().over(_CELL)
    one = pl.when(n > 1).then(spread / (n - 1)).otherwise(pooled)
    return [mean.alias(f"mean_{side}"), (one / n).alias(f"variance_{side}")]
