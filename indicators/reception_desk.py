"""One more officer at reception: the wait of online filings as measured, and what queueing theory makes of it."""

from __future__ import annotations

import math

import polars as pl

from indicators.filters import Filters
from indicators.queueing import Desk, mean_wait, with_officers
from indicators.scope import Scope
from indicators.statistics import Z
from indicators.windows import Window
from indicators.worktime import position
from warehouse import Snapshot

# Fewer filings say too little about a desk.
LEAST_FILINGS = 30
# Working hours on one receipt beyond which a wait is not explained by people waiting for each other.
LONGEST_SERVICE = 2.0
_SECONDS_PER_HOUR = 3600
_ALL = Filters()


def one_more_officer(
    snapshot: Snapshot,
    window: Window,
    *,
    filters: Filters = _ALL,
    more: int = 1,
    service_hours: float = 1 / 3,
    service_cv2: float | None = None,
) -> pl.DataFrame:
    """The wait for reception of each commune's online filings, as measured and with more officers at the desk.

    The log does not say how long an officer works on a receipt. So there are two answers, in working hours: `queue` and
    `queue_then` are the formula's waits for a service time that is assumed (`service_hours`); `then, then_low,
    then_high` is what would be left of the measured wait if all of it were queueing, which takes a service time of
    `service`. That is the most an officer can save, and null where it would take longer than LONGEST_SERVICE: then the
    wait is no queue.

    `alone` is the measured wait of filings that met nobody: submitted in office hours, when every earlier online filing
    of the commune had been received (`alone_n` of them; null below LEAST_FILINGS). It holds the work on the receipt and
    whatever keeps the officer from looking, but no other filing; so more officers cannot bring the wait below it, and
    its variability (`service_cv2`) stands for that of the work where it is not given. Who stands at the counter
    meanwhile the log does not say.

    Columns besides: `commune, officers, n` (online filings received in the window), `arrivals_per_hour` (all receipts),
    `arrival_cv2`, `wait, wait_low, wait_high` (measured, 95 %). Communes without a number of officers, or with fewer
    than LEAST_FILINGS filings, are left out.
    """
    scope = Scope(snapshot, ("commune",), filters, window)
    arrived, arrived_joins = position("arrived", "if(channel = 'online', submitted_at, received_at)")
    received, received_joins = position("received", "received_at")
    rows = scope.query(
        f""",
            filing as (
                select
                    scoped_key.commune,
                    channel = 'online' and submitted_at is not null as is_online,
                    {arrived} as arrived_position,
                    {received} - {arrived} as waited,
                    if(channel = 'online', submitted_at, null) as filed_at,
                    if(channel = 'online' and submitted_at is not null, received_at, null) as taken_at,
                    arrived_day.is_working and arrived_minute.is_open = 1 as is_open
                from dossier
                join scoped_key using (key_id)
                {arrived_joins}
                {received_joins}
                where received_at >= $starts and received_at < $ends::date + 1 and coalesce(status, 0) not in (1, 3)
            ),
            gap as (
                select
                    *,
                    arrived_position - lag(arrived_position) over (
                        partition by commune order by arrived_position
                    ) as between_arrivals,
                    is_online and is_open and waited >= 0 and coalesce(
                        filed_at >= max(taken_at) over (
                            partition by commune
                            order by filed_at nulls last
                            rows between unbounded preceding and 1 preceding
                        ),
                        true
                    ) as is_alone
                from filing
                where arrived_position is not null
            )

            select
                commune,
                reception_staff as officers,
                count(*) as receipts,
                count(*) filter (is_online and waited >= 0) as n,
                avg(waited) filter (is_online and waited >= 0) as wait_seconds,
                stddev_samp(waited) filter (is_online and waited >= 0) as wait_spread,
                count(*) filter (is_alone) as alone_n,
                avg(waited) filter (is_alone) as alone_seconds,
                var_samp(waited) filter (is_alone) as alone_variance,
                avg(between_arrivals) as gap_mean,
                var_samp(between_arrivals) as gap_variance
            from gap
            join commune on commune.commune_code = gap.commune
            where reception_staff > 0
            group by all
            order by commune
        """
    )
    hours = float(scope.working_days["working_days"].sum() or 0) * snapshot.info.minutes_per_day / 60
    found = [
        row
        for each in rows.iter_rows(named=True)
        if hours
        and each["n"] >= LEAST_FILINGS
        and (row := _desk_row(each, hours, more, service_hours, service_cv2)) is not None
    ]
    return pl.DataFrame(found, schema=_DESK_SCHEMA)


_DESK_SCHEMA: dict[str, type[pl.DataType]] = {
    "commune": pl.String,
    "officers": pl.Int64,
    "n": pl.Int64,
    "arrivals_per_hour": pl.Float64,
    "arrival_cv2": pl.Float64,
    "wait": pl.Float64,
    "wait_low": pl.Float64,
    "wait_high": pl.Float64,
    "then": pl.Float64,
    "then_low": pl.Float64,
    "then_high": pl.Float64,
    "service": pl.Float64,
    "queue": pl.Float64,
    "queue_then": pl.Float64,
    "alone": pl.Float64,
    "alone_n": pl.Int64,
    "service_cv2": pl.Float64,
}


def _desk_row(
    row: dict[str, float], hours: float, more: int, service_hours: float, given_cv2: float | None
) -> dict[str, object] | None:
    wait = row["wait_seconds"] / _SECONDS_PER_HOUR
    half = Z * (row["wait_spread"] or 0.0) / math.sqrt(row["n"]) / _SECONDS_PER_HOUR
    cv2 = (row["gap_variance"] or 0.0) / row["gap_mean"] ** 2 if row["gap_mean"] else 1.0
    is_known = row["alone_n"] >= LEAST_FILINGS and bool(row["alone_seconds"])
    alone = row["alone_seconds"] / _SECONDS_PER_HOUR if is_known else None
    measured = row["alone_variance"] / row["alone_seconds"] ** 2 if is_known else 1.0
    service_cv2 = measured if given_cv2 is None else given_cv2
    officers = int(row["officers"])
    desk = Desk(
        arrivals=row["receipts"] / hours,
        arrival_cv2=cv2,
        servers=officers,
        wait=wait,
        wait_low=max(wait - half, 0.0),
        wait_high=wait + half,
    )
    then = with_officers(desk, officers + more, service_cv2=service_cv2)
    if then is None:
        return None
    is_queue = then.service <= LONGEST_SERVICE
    least = min(alone or 0.0, wait)
    queue, queue_then = (
        mean_wait(
            arrivals=desk.arrivals,
            service=service_hours,
            servers=servers,
            arrival_cv2=cv2,
            service_cv2=service_cv2,
        )
        for servers in (officers, officers + more)
    )
    return {
        "commune": row["commune"],
        "officers": officers,
        "n": row["n"],
        "arrivals_per_hour": desk.arrivals,
        "arrival_cv2": cv2,
        "wait": wait,
        "wait_low": desk.wait_low,
        "wait_high": desk.wait_high,
        "then": max(then.wait, least) if is_queue else None,
        "then_low": max(then.low, min(least, desk.wait_low)) if is_queue else None,
        "then_high": max(then.high, least) if is_queue else None,
        "service": then.service,
        "queue": queue,
        "queue_then": queue_then,
        "alone": alone,
        "alone_n": row["alone_n"],
        "service_cv2": service_cv2,
    }
