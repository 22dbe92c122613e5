"""Which dossiers a question is about, and the groups and buckets of its answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import polars as pl

from indicators.errors import UnknownDimension
from indicators.filters import Filters
from indicators.windows import TIME_DIMENSIONS, Window, bucket_label
from language import _
from warehouse import Snapshot

# Dimensions of the dossier, and those of the commune that answers for it, as SQL over `dossier_key` and `commune`.
KEY_DIMENSIONS = {
    "field": "dossier_key.field",
    "procedure": "dossier_key.procedure_code",
    "channel": "dossier_key.channel",
}
COMMUNE_DIMENSIONS = {
    "commune": "dossier_key.commune_code",
    "kind": "commune.kind",
    "old_province": "commune.old_province",
    "old_district": "commune.old_district",
    "cluster": "commune.cluster",
}
DIMENSIONS = (*COMMUNE_DIMENSIONS, *KEY_DIMENSIONS, *TIME_DIMENSIONS)
_SQL = COMMUNE_DIMENSIONS | KEY_DIMENSIONS


@dataclass(frozen=True)
class Scope:
    """One question, checked: what to split by, what to keep, and which days."""

    snapshot: Snapshot
    by: tuple[str, ...]
    filters: Filters
    window: Window

    def __post_init__(self) -> None:
        for dimension in self.by:
            if dimension not in DIMENSIONS:
                raise UnknownDimension(
                    _("Không có chiều phân tích “{dimension}”. Các chiều: {dimensions}.").format(
                        dimension=dimension, dimensions=", ".join(DIMENSIONS)
                    )
                )
        if len(set(self.by)) < len(self.by):
            raise UnknownDimension(_("Mỗi chiều phân tích chỉ được nêu một lần."))

    @property
    def unit_dimensions(self) -> list[str]:
        return [dimension for dimension in self.by if dimension in COMMUNE_DIMENSIONS]

    @property
    def key_dimensions(self) -> list[str]:
        return [dimension for dimension in self.by if dimension in KEY_DIMENSIONS]

    @property
    def time_dimensions(self) -> list[str]:
        return [dimension for dimension in self.by if dimension in TIME_DIMENSIONS]

    @cached_property
    def buckets(self) -> pl.DataFrame:
        """The windows of the answer: `bucket` (1, 2, …), `starts`, `ends` and the labels of the time dimensions."""
        runs = groupby(self.window, key=self._labels)
        rows = []
        for bucket, (labels, run) in enumerate(runs, start=1):
            days = list(run)
            rows.append((bucket, days[0], days[-1], *labels))
        schema: dict[str, Any] = {"bucket": pl.Int32, "starts": pl.Date, "ends": pl.Date}
        frame = pl.DataFrame(rows, schema=schema | dict.fromkeys(self.time_dimensions, pl.String), orient="row")
        return frame.with_columns(pl.col("^day$").str.to_date())

    @cached_property
    def groups(self) -> pl.DataFrame:
        """The combinations of values that keys in scope have: `group_id` and the dimensions other than time."""
        dimensions = ", ".join(["group_id", *self.unit_dimensions, *self.key_dimensions])
        return self.query(f"select distinct {dimensions} from scoped_key")

    @cached_property
    def units(self) -> pl.DataFrame:
        """The combinations of the communes' dimensions in force, with what the communes in scope have together."""
        expressions = {**COMMUNE_DIMENSIONS, "commune": "commune.commune_code"}
        dimensions = ", ".join(f"{expressions[dimension]} as {dimension}" for dimension in self.unit_dimensions)
        return self.snapshot.query(
            f"""
            select
                {dimensions + "," if dimensions else ""}
                sum(population)::double as people,
                (sum(reception_staff) filter (reception_staff > 0))::double as reception_staff
            from commune
            where {self._condition({**expressions, **dict.fromkeys(KEY_DIMENSIONS)})}
            group by all
            """,
            {f"filter_{name}": list(values) for name, values in self.filters.given().items() if name in expressions},
        )

    @cached_property
    def working_days(self) -> pl.DataFrame:
        """The `working_days` of each `bucket`."""
        return self.query(
            f"""
            select {self.bucket("day")} as bucket, count(*) filter (is_working) as working_days
            from calendar
            where day between $starts and $ends
            group by all
            """
        )

    def bucket(self, day: str) -> str:
        """SQL for the bucket that a day of the window lies in; `day` is SQL, and must not lie before the window."""
        return f"$bucket_numbers[{self._offset(day)}]" if self.time_dimensions else "1::integer"

    def bucket_end(self, day: str) -> str:
        """SQL for the last day of the bucket that a day of the window lies in."""
        return f"$bucket_ends[{self._offset(day)}]" if self.time_dimensions else "$ends::date"

    def query(self, sql: str, **params: Any) -> pl.DataFrame:
        """Rows of a `select` that may read `scoped_key`: the keys kept, with their group.

        `$starts` and `$ends` are the window's. Further CTEs may stand before the `select`, after a leading comma.
        """
        sql = f"with {self._scoped_key}\n{sql}"
        offered = {
            "starts": self.window.starts,
            "ends": self.window.ends,
            "bucket_numbers": self.bucket_numbers,
            "bucket_ends": self._bucket_ends,
        }
        params |= {name: value for name, value in offered.items() if f"${name}" in sql}
        params |= {f"filter_{name}": list(values) for name, values in self.filters.given().items()}
        return self.snapshot.query(sql, params)

    @cached_property
    def bucket_numbers(self) -> list[int]:
        """The bucket of each day of the window."""
        return self._each_day["bucket"].to_list()

    @cached_property
    def _bucket_ends(self) -> list[dt.date]:
        return self._each_day["ends"].to_list()

    @cached_property
    def _each_day(self) -> pl.DataFrame:
        lengths = (self.buckets["ends"] - self.buckets["starts"]).dt.total_days() + 1
        return self.buckets.select(pl.col("bucket", "ends").repeat_by(lengths).explode())

    @staticmethod
    def _offset(day: str) -> str:
        # A lookup by place and not a join: the planner takes a list's rows for one, and builds on the wrong side.
        return f"({day} - $starts::date) + 1"

    def _labels(self, day: dt.date) -> tuple[str, ...]:
        return tuple(bucket_label(dimension, day) for dimension in self.time_dimensions)

    @property
    def _scoped_key(self) -> str:
        dimensions = [*self.unit_dimensions, *self.key_dimensions]
        selected = "".join(f", {_SQL[dimension]} as {dimension}" for dimension in dimensions)
        # Numbers instead of texts: grouping millions of rows by several texts is what would take the time.
        group = f"dense_rank() over (order by {', '.join(_SQL[name] for name in dimensions)})" if dimensions else "1"
        return f"""scoped_key as (
            select
                key_id,
                ({group})::integer as group_id,
                population is not null as has_people,
                coalesce(reception_staff, 0) > 0 as has_reception_staff
                {selected}
            from dossier_key
            left join commune using (commune_code)
            where {self._condition(_SQL)}
        )"""

    def _condition(self, columns: Mapping[str, str | None]) -> str:
        # Names and columns come from the tables above; values are bound.
        kept = [
            f"list_contains($filter_{name}::varchar[], {columns[name]})"
            for name in self.filters.given()
            if columns[name] is not None
        ]
        return " and ".join(kept) or "true"
