"""How long people who file online wait until someone receives the dossier."""

from __future__ import annotations

import polars as pl

from indicators.levels import BoundDays, spans
from indicators.scope import Scope
from indicators.statistics import wilson


def slow_reception(scope: Scope) -> pl.DataFrame:
    """`group_id, bucket, value, n, low, high`: of the online submissions of each bucket, those that waited too long.

    Seen from the bucket's last day: an answer that came later is still awaited. What an answer is and how long is too
    long, `etl/sql/submissions.sql` says.
    """
    days = BoundDays()
    parts = [
        f"""
        select key_id, {scope.bucket("day")} as bucket, n, if(slow_on <= {scope.bucket_end("day")}, n, 0) as slow
        from {"monthly_submission" if span.level == "month" else "daily_submission"}
        where day {days.between(span)}
        """
        for span in spans(scope.windows)
    ]
    sql = f""",
        part as (
            {"union all".join(parts)}
        )

        select group_id, bucket, sum(n)::bigint as n, sum(slow)::bigint as slow
        from part
        join scoped_key using (key_id)
        group by all
    """
    found = scope.query(sql, **days)
    slow, n = found["slow"].to_numpy().astype(float), found["n"].to_numpy().astype(float)
    low, high = wilson(slow, n)
    return found.select(
        "group_id",
        "bucket",
        (pl.col("slow") / pl.col("n")).alias("value"),
        "n",
        low=pl.Series(low),
        high=pl.Series(high),
    )
