"""The shares that points are computed from: how many dossiers (or procedures) meet each requirement, of how many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from indicators.flows import CARRIED_OVER, flow_measures
from indicators.scope import Scope
from indicators.statistics import Z, wilson

_CELL = ["group_id", "bucket"]
_DETAIL = ("procedure", "channel")
_STOCKS = ("closed_766", "open_766", "received", CARRIED_OVER)
_EVENTS = ("resolved_e_result", "received_with_fee", "received_paid_online")
_SUMS = (
    *("received_with_fee", "received_paid_online", "received_digitised_known", "received_digitised"),
    *("resolved_e_result_known", "resolved_e_result", "resolved_early", "resolved_on_time", "resolved_late"),
)
# (requirement met, of how many, of how many the source might have told), as expressions over the measures.
_RESOLVED = pl.col("resolved_early") + pl.col("resolved_on_time") + pl.col("resolved_late")
_SHARES = {
    "on_time": (pl.col("closed_766") + pl.col("open_766"), pl.col(CARRIED_OVER) + pl.col("received"), None),
    "online_with_e_result": (pl.col("online_e_result"), pl.col("resolved_e_result_known"), _RESOLVED),
    "procedures_paid": (pl.col("procedures_paid"), pl.col("procedures_with_fee"), None),
    "paid_online": (pl.col("received_paid_online"), pl.col("received_with_fee"), None),
    "e_result": (pl.col("resolved_e_result"), pl.col("resolved_e_result_known"), _RESOLVED),
    "digitised": (pl.col("received_digitised"), pl.col("received_digitised_known"), pl.col("received")),
}
# Shares of the same dossiers rise and fall together; their uncertainties are added up, not squared.
BLOCKS = {
    "on_time": "on_time",
    "online_with_e_result": "results",
    "e_result": "results",
    "procedures_paid": "payments",
    "paid_online": "payments",
    "digitised": "digitised",
}


def component_counts(scope: Scope) -> pl.DataFrame:
    """Long: `group_id, bucket, formula, good, n, possible, spread, rate, rate_low, rate_high`.

    Only rows with n or possible above 0; `possible` counts the dossiers of which a source could have told. Of dossiers
    the interval is Wilson's; the number of procedures with a payment is certain but for those with hardly any: `spread`
    is its standard deviation.
    """
    cells = flow_measures(scope, {*_STOCKS, *_SUMS}).join(_details(scope), on=_CELL, how="left", validate="1:1")
    cells = cells.with_columns(pl.exclude(_CELL).fill_null(0))
    parts = [
        cells.select(
            *_CELL,
            formula=pl.lit(formula),
            good=good.cast(pl.Int64),
            n=n.cast(pl.Int64),
            possible=(n if possible is None else possible).cast(pl.Int64),
            spread=pl.col("procedures_spread") if formula == "procedures_paid" else pl.lit(None, pl.Float64),
        )
        for formula, (good, n, possible) in _SHARES.items()
    ]
    counts = pl.concat(parts).filter((pl.col("n") > 0) | (pl.col("possible") > 0))
    good, n, spread = (counts[name].cast(pl.Float64).to_numpy() for name in ("good", "n", "spread"))
    low, high = wilson(good, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(n > 0, good / n, np.nan)
        low = np.where(np.isnan(spread), low, np.clip(good - Z * spread, 0, n) / n)
        high = np.where(np.isnan(spread), high, np.clip(good + Z * spread, 0, n) / n)
    return counts.with_columns(
        pl.Series(name, column, nan_to_null=True, dtype=pl.Float64)
        for name, column in (("rate", rate), ("rate_low", low), ("rate_high", high))
    )


def _details(scope: Scope) -> pl.DataFrame:
    """What needs channel and procedure apart: `group_id, bucket`, then four columns."""
    inner = replace(scope, by=(*scope.by, *(name for name in _DETAIL if name not in scope.by)))
    cells = flow_measures(inner, _EVENTS).join(inner.groups, on="group_id", how="left", validate="m:1")
    dimensions = [*scope.unit_dimensions, *scope.key_dimensions]
    cells = cells.drop("group_id")
    if dimensions:
        cells = cells.join(scope.groups, on=dimensions, how="left", validate="m:1", nulls_equal=True)
    else:
        cells = cells.with_columns(group_id=pl.lit(1, pl.Int32))
    online = cells.group_by(_CELL).agg(
        online_e_result=pl.col("resolved_e_result").filter(pl.col("channel") == "online").sum()
    )
    procedures = (
        cells.group_by(*_CELL, "procedure")
        .agg(fee=pl.col("received_with_fee").sum(), paid=pl.col("received_paid_online").sum())
        .filter((pl.col("fee") > 0) & pl.col("procedure").is_not_null())
        # Sums of fractions in one order have the same last digit every time.
        .sort("procedure")
        # How surely another such period would see a payment again, at Jeffreys' mean of the share paid.
        .with_columns(again=1 - (1 - (pl.col("paid") + 0.5) / (pl.col("fee") + 1)) ** pl.col("fee"))
        .group_by(_CELL)
        .agg(
            procedures_with_fee=pl.len().cast(pl.Int64),
            procedures_paid=(pl.col("paid") > 0).sum().cast(pl.Int64),
            procedures_spread=(pl.col("again") * (1 - pl.col("again"))).sum().sqrt(),
        )
    )
    return online.join(procedures, on=_CELL, how="left", validate="1:1")
