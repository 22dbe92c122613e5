"""The points of each component on a day, as the snapshot holds them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from indicators.indicator import Words
from warehouse import Snapshot
from warehouse.index_items import INDEX_GROUPS

GROUPS = INDEX_GROUPS
GROUP_NAMES = {
    "transparency": Words("Công khai, minh bạch", "Publicity and transparency"),
    "progress": Words("Tiến độ, kết quả giải quyết", "Progress and results"),
    "online": Words("Dịch vụ công trực tuyến", "Online services"),
    "payment": Words("Thanh toán trực tuyến", "Online payment"),
    "digitisation": Words("Số hóa hồ sơ", "Digitised dossiers"),
    "satisfaction": Words("Mức độ hài lòng", "Satisfaction"),
}


@dataclass(frozen=True, kw_only=True)
class Component:
    """One component: exact points; `formula` None where no dossier tells; `full_at` the rate of full points."""

    code: str
    group: str
    names: Words
    maximum: Fraction
    formula: str | None
    full_at: Fraction | None
    is_of_province: bool
    is_assumed: bool
    source: str

    @property
    def name(self) -> str:
        return self.names.text


def weights_on(snapshot: Snapshot, day: dt.date) -> tuple[Component, ...]:
    """The components that stand on a day in the order of their codes; none where no table covers the day."""
    rows = snapshot.query(
        "select * from index_weight where valid_from <= $day and (valid_to is null or valid_to >= $day) "
        "order by list_position($groups, index_group), component",
        {"day": day, "groups": list(GROUPS)},
    )
    return tuple(
        Component(
            code=row["component"],
            group=row["index_group"],
            names=Words(row["name"], row["name_en"] or row["name"]),
            maximum=Fraction(row["max_points"]),
            formula=row["formula"],
            full_at=None if row["full_at"] is None else Fraction(row["full_at"]),
            is_of_province=row["decided_by"] == "province",
            is_assumed=row["is_assumed"],
            source=row["source"],
        )
        for row in rows.iter_rows(named=True)
    )


def weights_of_buckets(snapshot: Snapshot, buckets: pl.DataFrame) -> pl.DataFrame:
    """The components that stand on the last day of each bucket.

    Takes `bucket, ends`; columns `bucket, ends, component, index_group, max, formula, full_at, is_of_province`.
    """
    weights = snapshot.query(
        "select valid_from, valid_to, component, index_group, max_points::double as max, formula, "
        "full_at::double as full_at, decided_by = 'province' as is_of_province from index_weight"
    )
    return (
        buckets.select("bucket", "ends")
        .join(weights, how="cross")
        .filter(
            (pl.col("valid_from") <= pl.col("ends"))
            & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("ends")))
        )
        .drop("valid_from", "valid_to")
    )
