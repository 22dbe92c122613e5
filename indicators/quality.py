"""What was loaded, how fresh and how complete it is: the figures of the data themselves, for a whole snapshot."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
import polars as pl

from indicators.statistics import dispersion, false_discovery
from warehouse import Snapshot

# A commune is asked about from this many working days without a dossier.
SILENT_DAYS = 5
# How many working days before the silence tell what is usual.
USUAL_DAYS = 60
# Fields of a dossier that the figures need, and the SQL that says one is missing.
NEEDED_FIELDS = {
    "due_at": "due_at is null",
    "channel": "channel is null",
    "procedure_code": "procedure_code is null",
    "field": "field is null",
    "old_or_new_commune": "commune_code is null",
}
# The six faults that vendors' own checks look for, and the rule under which the ETL counts each.
VENDOR_FAULTS = {
    "missing_received_at": "reject",
    "closed_without_time": "warning",
    "received_after_state": "reject",
    "closed_after_state": "warning",
    "closed_before_received": "reject",
    "online_not_offered": "warning",
}
LOG_RULES = ("step_without_dossier", "dossier_without_step", "log_after_finish")


def sources(snapshot: Snapshot) -> pl.DataFrame:
    """One row a file that was loaded: its state, what became of its rows, its last receipt; the latest state first.

    Columns: source_file, table_name, state_at, behind_days (behind the newest file of its kind), last_received_at,
    rows_read, rows_loaded, rows_refused, rows_repeated.
    """
    return snapshot.query(
        """
        with last_dossier as (
            select source_file, max(received_at) as last_received_at from dossier group by source_file
        )
        select
            source_file,
            table_name,
            state_at,
            date_diff('hour', state_at, max(state_at) over (partition by table_name)) / 24 as behind_days,
            last_received_at,
            rows_read,
            rows_loaded,
            rows_refused,
            rows_repeated
        from load
        left join last_dossier using (source_file)
        order by table_name = 'dossier' desc, table_name = 'event' desc, table_name, state_at desc,
            last_received_at desc nulls last, source_file desc
        """
    ).with_columns(last_received_at=pl.when(pl.col("table_name") == "dossier").then("last_received_at"))


def accounts(loaded: pl.DataFrame) -> pl.DataFrame:
    """Rows of `sources` added up by table: table_name, files, newest, rows_read, …_loaded, …_refused, …_repeated."""
    return loaded.group_by("table_name", maintain_order=True).agg(
        files=pl.len(),
        newest=pl.col("state_at").max(),
        **{name: pl.col(name).sum() for name in ("rows_read", "rows_loaded", "rows_refused", "rows_repeated")},
    )


def silent_communes(snapshot: Snapshot, *, least_days: int = SILENT_DAYS) -> pl.DataFrame:
    """Communes that received nothing for at least so many whole working days up to the state of the data.

    Columns: commune, silent_days, last_day, usual_per_day (over the 60 working days before the silence), chance (that a
    commune with its usual rate has so long a silence by chance: negative binomial, since counts vary more than Poisson
    allows), adjusted (chance after Benjamini and Hochberg over all communes).
    """
    days = _whole_working_days(snapshot)
    numbered = {day: number for number, day in enumerate(days)}
    received = snapshot.query(
        """
        select commune_code as commune, day, sum(received)::double as received
        from daily_flow inner join dossier_key using (key_id)
        where received > 0 and commune_code is not null and day <= $last
        group by all
        """,
        {"last": days[-1] if days else dt.date.min},
    )
    communes = snapshot.query("select commune_code as commune from commune order by sort_order")["commune"].to_list()
    of_commune = {str(key[0]): rows for key, rows in received.partition_by("commune", as_dict=True).items()}
    found, chances, series = [], [], []
    for commune in communes:
        rows = of_commune.get(commune)
        last_day = rows["day"].max() if rows is not None else None
        # A receipt on a day off belongs to the working day before it.
        last = bisect_right(days, last_day) - 1 if isinstance(last_day, dt.date) else -1
        usual = np.zeros(max(0, min(USUAL_DAYS, last)))
        start = last - len(usual)
        if rows is not None:
            for day, count in rows.select("day", "received").iter_rows():
                position = numbered.get(day, -1) - start
                if 0 <= position < len(usual):
                    usual[position] = count
        series.append(usual)
        found.append((commune, len(days) - 1 - last, last_day, float(usual.mean()) if len(usual) else 0.0))
    spread = dispersion(series, [np.ones(len(one)) for one in series])
    for _commune, silence, _last, usual_rate in found:
        chances.append(chance_of_silence(usual_rate * silence, spread) if silence >= least_days else 1.0)
    schema = {"commune": pl.String, "silent_days": pl.Int64, "last_day": pl.Date, "usual_per_day": pl.Float64}
    return (
        pl.DataFrame(found, schema=schema, orient="row")
        .with_columns(chance=pl.Series(chances, dtype=pl.Float64))
        .with_columns(adjusted=pl.Series(false_discovery(np.array(chances)), dtype=pl.Float64))
        .filter(pl.col("silent_days") >= least_days)
        .sort("chance", "commune")
    )


def chance_of_silence(expected: float, spread: float) -> float:
    """The chance of no case where so many are expected, with a variance `spread` times the mean."""
    if spread <= 1 + 1e-9:
        return float(np.exp(-expected))
    return float(spread ** (-expected / (spread - 1)))


def _whole_working_days(snapshot: Snapshot) -> list[dt.date]:
    """Working days from the first receipt to the state of the data; its last day counts once the office has closed."""
    return snapshot.query(
        """
        select day from calendar, snapshot
        where is_working
            and day >= (select min(day) from daily_flow where received > 0)
            and (
                day < as_of::date
                or (day = as_of::date and hour(as_of) * 60 + minute(as_of) >= (select max(ends) from office_hours))
            )
        order by day
        """
    )["day"].to_list()


def missing_fields(snapshot: Snapshot) -> pl.DataFrame:
    """Of all received dossiers, how many lack what the figures need.

    Columns: field, missing, n; worst (the commune with the most), worst_missing, worst_n.
    """
    counts = ", ".join(f"count(*) filter ({sql})::bigint as no_{name}" for name, sql in NEEDED_FIELDS.items())
    rows = snapshot.query(
        f"select commune_code as commune, count(*)::bigint as n, {counts} from dossier "
        "where coalesce(status, 0) not in (1, 3) group by all"
    )
    long = rows.unpivot(
        index=["commune", "n"], on=[f"no_{name}" for name in NEEDED_FIELDS], variable_name="field", value_name="missing"
    ).with_columns(pl.col("field").str.strip_prefix("no_"))
    totals = long.group_by("field", maintain_order=True).agg(pl.col("missing", "n").sum())
    worst = (
        long.filter(pl.col("commune").is_not_null() & (pl.col("missing") > 0))
        .sort("missing", "commune", descending=[True, False])
        .group_by("field", maintain_order=True)
        .first()
        .select("field", worst="commune", worst_missing="missing", worst_n="n")
    )
    return totals.join(worst, on="field", how="left", validate="1:1", maintain_order="left")


def corrections(snapshot: Snapshot) -> pl.DataFrame:
    """The reviewed corrections of source errors and what became of each, with the commune that answers for the dossier.

    Columns: those of the table `correction`, and `commune` (null where the dossier was dropped or never found).
    """
    return snapshot.query(
        """
        select correction.*, commune_code as commune
        from correction left join dossier using (dossier_id)
        order by list_position(['applied', 'source_mended', 'not_found', 'expired'], outcome), correction.source_file,
            correction.row_number
        """
    )


def states(snapshot: Snapshot) -> dict[str, dt.datetime]:
    """For each table that was read from files with a state of their own, the newest of those."""
    rows = snapshot.query("select table_name, max(state_at) from load where state_at is not null group by all")
    return dict(rows.iter_rows())


def rule_counts(snapshot: Snapshot) -> pl.DataFrame:
    """`kind` (`reject` or `warning`), `table_name`, `rule`, `rows`: what was refused and what was only marked."""
    return snapshot.query(
        """
        select 'reject' as kind, table_name, rule, count(*)::bigint as rows from reject group by all
        union all
        select 'warning', table_name, rule, count(*)::bigint from warning group by all
        order by kind, rows desc, rule
        """
    )


def log_coverage(snapshot: Snapshot) -> pl.DataFrame:
    """One row: `dossiers`, `logged` (with at least one step), `steps`; what register and log have of each other."""
    return snapshot.query(
        """
        with logged as (select distinct dossier_id from event)
        select
            (select count(*) from dossier)::bigint as dossiers,
            (select count(*) from dossier semi join logged using (dossier_id))::bigint as logged,
            (select count(*) from event)::bigint as steps
        """
    )


def warnings_by_month(snapshot: Snapshot) -> pl.DataFrame:
    """Warnings about dossiers by month of receipt: `rule, month` (its first day)`, rows`, `received` in that month."""
    return snapshot.query(
        """
        with
        months as (select date_trunc('month', day)::date as month, sum(received)::bigint as received
                   from daily_flow group by all),
        marked as (
            select
                rule,
                date_trunc('month', coalesce(received_at, submitted_at))::date as month,
                count(*)::bigint as rows
            from warning inner join dossier using (dossier_id)
            group by all
        )
        select rule, month, rows, coalesce(received, 0) as received
        from marked left join months using (month)
        where month is not null
        order by month, rule
        """
    )


def warned(snapshot: Snapshot, rule: str, communes: Sequence[str] = ()) -> pl.DataFrame:
    """The dossiers (or other rows) that one rule marks, those received last first.

    Columns: source_file, row_number, dossier_id, commune, procedure, received_at, due_at, computed_due_at,
    due_difference_days, closed_at, supplement_requests; only of the communes named, where any are.
    """
    return snapshot.query(
        """
        select
            warning.source_file,
            row_number,
            dossier_id,
            commune_code as commune,
            procedure_code as procedure,
            coalesce(received_at, submitted_at) as received_at,
            due_at,
            computed_due_at,
            due_difference_days,
            closed_at,
            supplement_requests
        from warning left join dossier using (dossier_id)
        where rule = $rule and (len($communes::varchar[]) = 0 or list_contains($communes::varchar[], commune_code))
        order by received_at desc nulls last, dossier_id, warning.source_file, row_number
        """,
        {"rule": rule, "communes": list(communes)},
    )


def warnings_by_commune(snapshot: Snapshot) -> pl.DataFrame:
    """`commune, rule, rows`: what was marked, by the commune that answers for the dossier."""
    return snapshot.query(
        """
        select commune_code as commune, rule, count(*)::bigint as rows
        from warning inner join dossier using (dossier_id)
        where commune_code is not null
        group by all order by rows desc, commune, rule
        """
    )
