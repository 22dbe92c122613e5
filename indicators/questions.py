"""Patterns that are worth a question, by commune, against what the rest of the province does with the same procedures.

None of them is a fault in itself: each has innocent explanations, so only what stands far out is named, as a question.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from scipy import special

from indicators.filters import Filters
from indicators.notable import funnel_scores
from indicators.scope import Scope
from indicators.statistics import false_discovery, wilson
from indicators.windows import Window
from warehouse import Snapshot

LEAST_N = 20
SIGNIFICANCE_LEVEL = 0.05
# Minutes: what counts as the end of the day, as just before the promised time, as outside the office hours.
END_OF_DAY, JUST_BEFORE, BEFORE_OPENING, AFTER_CLOSING = 30, 15, 30, 60
# So many dossiers of one commune finished in one minute are finished in bulk.
BULK = 5
# The working days from which on promises that lie far from the computed day are counted together.
EARLIEST, LATEST = -5, 5

QUESTIONS = (
    "promise_moved",
    "promise_longer",
    "promise_shorter",
    "closed_end_of_day",
    "closed_in_bulk",
    "closed_just_before_due",
    "closed_within_a_minute",
    "supplement_on_last_day",
    "closed_off_hours",
    "received_off_hours",
)
_ALL = Filters()


def question_counts(snapshot: Snapshot, window: Window, filters: Filters = _ALL) -> pl.DataFrame:
    """`question, commune, procedure, channel, hits, n`: cases in the window, by what they are compared within."""
    scope = Scope(snapshot, ("commune", "procedure", "channel"), filters, window)
    rows = scope.query(_COUNTS)
    hits = rows.unpivot(
        index=["commune", "procedure", "channel"],
        on=[f"{name}_hits" for name in QUESTIONS],
        variable_name="question",
        value_name="hits",
    ).with_columns(pl.col("question").str.strip_suffix("_hits"))
    cases = rows.unpivot(on=[f"{name}_n" for name in QUESTIONS], value_name="n")["n"]
    return hits.with_columns(n=cases).select("question", "commune", "procedure", "channel", "hits", "n")


def questions(counts: pl.DataFrame) -> pl.DataFrame:
    """What each commune has against the rest of the province at its own mix of procedures and channels.

    Takes `question_counts`. Columns: question, commune, hits, n, rate, low, high, expected, p_value, adjusted
    (Benjamini and Hochberg over communes × questions, one-sided: more than expected), stands_out. Only communes with
    n ≥ 20.
    """
    cases = counts.filter((pl.col("n") > 0) & pl.col("commune").is_not_null())
    stratum, question = ["question", "procedure", "channel"], ["question"]
    split = cases.with_columns(
        rest_hits=pl.col("hits").sum().over(stratum) - pl.col("hits"),
        rest_n=pl.col("n").sum().over(stratum) - pl.col("n"),
    )
    own = pl.col("hits", "n").sum().over([*question, "commune"])
    split = split.with_columns((pl.col("hits", "n").sum().over(question) - own).name.prefix("others_"))
    rest = pl.when(pl.col("rest_n") > 0).then(pl.col("rest_hits") / pl.col("rest_n"))
    # A procedure that nobody else has says nothing of its own: the rest of the province at large stands in.
    expected = rest.fill_null(pl.col("others_hits") / pl.col("others_n"))
    grouped = (
        split.with_columns(expected=expected * pl.col("n"))
        .group_by([*question, "commune"])
        .agg(pl.col("hits", "n", "expected").sum(), pl.col("others_n").first())
        .filter((pl.col("n") >= LEAST_N) & (pl.col("others_n") > 0))
        .sort("question", "commune")
    )
    if grouped.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    parts = [_scored(part) for part in grouped.partition_by("question", maintain_order=True)]
    scored = pl.concat(parts)
    adjusted = false_discovery(scored["p_value"].to_numpy())
    low, high = wilson(_floats(scored["hits"]), _floats(scored["n"]))
    return (
        scored.with_columns(low=pl.Series(low), high=pl.Series(high), adjusted=pl.Series(adjusted, dtype=pl.Float64))
        .with_columns(stands_out=pl.col("adjusted") < SIGNIFICANCE_LEVEL)
        .select(pl.col(name).cast(kind) for name, kind in _SCHEMA.items())
    )


_SCHEMA: dict[str, Any] = {
    "question": pl.String,
    "commune": pl.String,
    "hits": pl.Int64,
    "n": pl.Int64,
    "rate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "expected": pl.Float64,
    "p_value": pl.Float64,
    "adjusted": pl.Float64,
    "stands_out": pl.Boolean,
}


def _scored(part: pl.DataFrame) -> pl.DataFrame:
    """Adds rate, expected as a rate, and the one-sided p-value of more than expected."""
    n, others = _floats(part["n"]), _floats(part["others_n"])
    rate, expected = _floats(part["hits"]) / n, _floats(part["expected"]) / n
    scores = funnel_scores(rate, n, expected, others)
    return part.with_columns(
        rate=pl.Series(rate), expected=pl.Series(expected), p_value=pl.Series(special.ndtr(-scores))
    )


def due_differences(snapshot: Snapshot, window: Window, filters: Filters = _ALL) -> pl.DataFrame:
    """Promised minus computed day of dossiers received in the window, in working days.

    Columns: days (−5: and less, 5: and more), n. Differences that do not occur have no row.
    """
    scope = Scope(snapshot, (), filters, window)
    return scope.query(
        f"""
        select greatest({EARLIEST}, least({LATEST}, due_difference_days))::integer as days, count(*)::bigint as n
        from dossier inner join scoped_key using (key_id)
        where received_at::date between $starts and $ends and due_difference_days is not null
        group by all order by days
        """
    )


def due_differences_by(snapshot: Snapshot, window: Window, dimension: str, filters: Filters = _ALL) -> pl.DataFrame:
    """`{dimension}, n, longer, shorter, typical_days` (median of the differing, in working days); most differing first.

    Of dossiers received in the window whose promised and computed day are both known; groups without a difference are
    left out.
    """
    return Scope(snapshot, (dimension,), filters, window).query(
        f"""
        select
            {dimension},
            count(*)::bigint as n,
            count(*) filter (due_difference_days > 0)::bigint as longer,
            count(*) filter (due_difference_days < 0)::bigint as shorter,
            median(due_difference_days) filter (due_difference_days != 0) as typical_days
        from dossier inner join scoped_key using (key_id)
        where received_at::date between $starts and $ends and due_difference_days is not null
        group by {dimension}
        having count(*) filter (due_difference_days != 0) > 0
        order by count(*) filter (due_difference_days != 0) desc, {dimension}
        """
    )


def _floats(series: pl.Series) -> np.ndarray:
    return series.cast(pl.Float64).to_numpy()


_BOTH = ",\n    ".join(
    f"count(*) filter ({name}_case and {name}_hit)::bigint as {name}_hits, "
    f"count(*) filter ({name}_case)::bigint as {name}_n"
    for name in QUESTIONS
)
# Times of day: minutes after midnight; a time that is exactly midnight is a date without a time.
_COUNTS = f"""
, hours as (select min(starts) as opens, max(ends) as closes from office_hours)
, moved as (
    -- The earliest promise, and whether a later one was first seen after it had passed.
    select
        dossier_id,
        arg_min(try_cast(old_value as timestamp), state_at) as first_due_at,
        bool_or(
            try_cast(new_value as timestamp) > try_cast(old_value as timestamp)
            and try_cast(old_value as timestamp)::date < state_at::date
        ) as moved_late
    from dossier_change
    where column_name = 'due_at' and old_value is not null
    group by dossier_id
)
, timed as (
    select
        scoped_key.commune,
        scoped_key.procedure,
        scoped_key.channel,
        received_at,
        due_at,
        due_difference_days,
        supplement_requested_at,
        coalesce(first_due_at, due_at) as first_due_at,
        -- A clock that stood moves the promise rightly.
        coalesce(moved_late, false) and coalesce(paused_minutes, 0) = 0 as moved_late,
        coalesce(finished_at, returned_at) as ended_at,
        received_at::date between $starts and $ends as received_in,
        closed_at::date between $starts and $ends and status not in (7, 8)
            and ended_at is not null and ended_at::time != time '00:00' as ended_in,
        hour(ended_at) * 60 + minute(ended_at) as ended_minute,
        hour(received_at) * 60 + minute(received_at) as received_minute,
        opens,
        closes
    from dossier
    inner join scoped_key using (key_id)
    left join moved using (dossier_id)
    cross join hours
    where received_at::date <= $ends
        and (closed_at is null or closed_at::date >= $starts or coalesce(first_due_at, due_at)::date >= $starts)
)
, judged as (
    select
        timed.*,
        count(*) over (partition by commune, date_trunc('minute', ended_at)) as ended_together,
        ended_day.is_working as ended_on_working_day,
        received_day.is_working as received_on_working_day
    from timed
    left join calendar as ended_day on ended_day.day = ended_at::date
    left join calendar as received_day on received_day.day = received_at::date
)
, cases as (
    select
        commune,
        procedure,
        channel,
        first_due_at::date between $starts and $ends as promise_moved_case,
        moved_late as promise_moved_hit,
        received_in and due_difference_days is not null as promise_longer_case,
        due_difference_days > 0 as promise_longer_hit,
        promise_longer_case as promise_shorter_case,
        due_difference_days < 0 as promise_shorter_hit,
        ended_in and ended_on_working_day as closed_end_of_day_case,
        ended_minute >= closes - {END_OF_DAY} as closed_end_of_day_hit,
        ended_in as closed_in_bulk_case,
        ended_together >= {BULK} as closed_in_bulk_hit,
        ended_in and due_at is not null and due_at::time != time '00:00' as closed_just_before_due_case,
        ended_at between due_at - interval {JUST_BEFORE} minute and due_at as closed_just_before_due_hit,
        ended_in and received_at::time != time '00:00' as closed_within_a_minute_case,
        ended_at <= received_at + interval 1 minute as closed_within_a_minute_hit,
        supplement_requested_at::date between $starts and $ends and first_due_at is not null
            as supplement_on_last_day_case,
        supplement_requested_at::date >= first_due_at::date as supplement_on_last_day_hit,
        ended_in as closed_off_hours_case,
        not ended_on_working_day or ended_minute < opens - {BEFORE_OPENING} or ended_minute > closes + {AFTER_CLOSING}
            as closed_off_hours_hit,
        received_in and channel = 'in_person' and received_at::time != time '00:00' as received_off_hours_case,
        not received_on_working_day or received_minute < opens - {BEFORE_OPENING}
            or received_minute > closes + {AFTER_CLOSING} as received_off_hours_hit
    from judged
)
select
    commune,
    procedure,
    channel,
    {_BOTH}
from cases
group by all
"""
