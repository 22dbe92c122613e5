"""Published scores: which of them belong to a window, and to which units they may be applied."""

from __future__ import annotations

import datetime as dt

import polars as pl

from warehouse import Snapshot

# A score of a period that ended longer ago says nothing of the window any more.
STALE_AFTER = dt.timedelta(days=366)
WHOLE_PROVINCE = "*"
_PARTS = ("score", "starts_on", "ends_on", "source", "source_date")


def published_scores(snapshot: Snapshot) -> pl.DataFrame:
    """`unit` (a commune's code, or `*`), `item`, `score, max_score, starts_on, ends_on, source, source_date`.

    Of several rows for one unit, item and last day the longest period counts, then the latest source, then the
    last row.
    """
    return snapshot.query(
        f"""
        select
            coalesce(commune_code, '{WHOLE_PROVINCE}') as unit, item, score::double as score,
            max_score::double as max_score, starts_on, ends_on, source, source_date
        from index_score
        qualify row_number() over (
            partition by unit, item, ends_on order by starts_on, source_date desc nulls last, row_id desc
        ) = 1
        order by ends_on
        """
    )


def of_windows(scores: pl.DataFrame, wanted: pl.DataFrame, *, prefix: str = "published_") -> pl.DataFrame:
    """The rows of `wanted` (with `unit, item, ends`) and the score of the latest period that ended by `ends`.

    Adds `published_score, …_starts_on, …_ends_on, …_source, …_source_date`; null where there is none, or only of a
    period that ended more than a year before.
    """
    if wanted["unit"].null_count() == len(wanted):
        # Split by time, field, procedure or channel: no score belongs to any of the many cells.
        types = scores.schema
        return wanted.with_columns(pl.lit(None, types[name]).alias(prefix + name) for name in _PARTS)
    found = wanted.sort("ends").join_asof(
        scores.select("unit", "item", "ends_on", *(pl.col(name).alias(prefix + name) for name in _PARTS)).sort(
            "ends_on"
        ),
        left_on="ends",
        right_on="ends_on",
        by=["unit", "item"],
        strategy="backward",
        tolerance=STALE_AFTER,
        check_sortedness=False,
    )
    return found.drop("ends_on", strict=False)
