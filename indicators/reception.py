"""How long people who file online wait until someone receives the dossier."""

from __future__ import annotations

import polars as pl

from indicators.scope import Scope
from indicators.statistics import wilson
from indicators.worktime import OFFICE_MINUTE, position, position_of_end

SLOW_AFTER_WORKING_SECONDS = 8 * 3600


def slow_reception(scope: Scope) -> pl.DataFrame:
    """`group_id, bucket, value, n, low, high`: of the online submissions of each bucket, those that waited too long.

    An answer is the receipt or the refusal (status 3). Seen from the bucket's last day, an answer that came later is
    still awaited. Refusals without any date say nothing about the wait and are left out.
    """
    answered_at = "case status when 1 then null else coalesce(received_at, finished_at, returned_at, closed_at) end"
    submitted, submitted_joins = position("submitted", "submitted_at")
    answered, answered_joins = position("answered", "answered_at")
    sql = f""",
        {OFFICE_MINUTE},
        submission as (
            select
                key_id,
                {scope.bucket("submitted_at::date")} as bucket,
                {scope.bucket_end("submitted_at::date")} as bucket_ends,
                submitted_at,
                {answered_at} as answered_at
            from dossier
            where
                channel = 'online'
                and submitted_at >= $starts
                and submitted_at < $ends::date + 1
                and (status is distinct from 3 or answered_at is not null)
        ),
        seen as (
            select
                group_id,
                bucket,
                if(
                    coalesce(answered_at::date <= bucket_ends, false),
                    {answered},
                    {position_of_end("end_day")}
                ) - {submitted} as waited_seconds
            from submission
            join scoped_key using (key_id)
            left join calendar as end_day on end_day.day = bucket_ends
            {submitted_joins}
            {answered_joins}
        )

        select group_id, bucket, count(*) as n, count(*) filter (waited_seconds > $slow_after) as slow
        from seen
        where waited_seconds is not null
        group by all
    """
    found = scope.query(sql, slow_after=SLOW_AFTER_WORKING_SECONDS)
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
