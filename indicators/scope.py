"""Which dossiers a question is about, and the groups and buckets of its answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import polars as pl

from indicators.errors import UnknownDimension
from indicators.filters import Filters
from indicators.windows import TIME_DIMENSIONS, Window, bucket_label, bucket_window
from language import _
from warehouse import Snapshot

# Dimensions of the dossier, and those of the commune that answers for it.
KEY_DIMENSIONS = ("field", "procedure", "channel")
COMMUNE_DIMENSIONS = ("commune", "kind", "old_province", "old_district", "cluster")
DIMENSIONS = (*COMMUNE_DIMENSIONS, *KEY_DIMENSIONS, *TIME_DIMENSIONS)
_COMMUNES_SQL = """
    select commune_code as commune, kind, old_province, old_district, cluster, population, reception_staff from commune
"""
_KEYS_SQL = "select key_id, commune_code as commune, field, procedure_code as procedure, channel from dossier_key"


@dataclass(frozen=True)
class _Lists:
    """The communes in force, every key with its commune's columns, and the last month that `monthly_stock` has."""

    communes: pl.DataFrame
    keys: pl.DataFrame
    last_stock: dt.date


_ONE_DAY = dt.timedelta(days=1)
# Small, asked for by every question, and the same for all of them.
_lists_of: WeakKeyDictionary[Snapshot, _Lists] = WeakKeyDictionary()


def _lists(snapshot: Snapshot) -> _Lists:
    if snapshot not in _lists_of:
        communes = snapshot.query(_COMMUNES_SQL)
        keys = snapshot.query(_KEYS_SQL).join(communes, on="commune", how="left", validate="m:1")
        last_stock = snapshot.query("select (max(day) + interval 1 month)::date as day from monthly_flow")["day"][0]
        _lists_of[snapshot] = _Lists(communes, keys, last_stock or dt.date.max)
    return _lists_of[snapshot]


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
        rows: list[tuple[Any, ...]] = []
        day = self.window.starts
        while day <= self.window.ends:
            labels = [bucket_label(dimension, day) for dimension in self.time_dimensions]
            # Up to the first day on which one of the dimensions begins anew.
            last = min([self.window.ends, *map(_last_day, self.time_dimensions, labels)])
            rows.append((len(rows) + 1, day, last, *labels))
            day = last + _ONE_DAY
        schema: dict[str, Any] = {"bucket": pl.Int32, "starts": pl.Date, "ends": pl.Date}
        frame = pl.DataFrame(rows, schema=schema | dict.fromkeys(self.time_dimensions, pl.String), orient="row")
        return frame.with_columns(pl.col("^day$").str.to_date())

    @cached_property
    def windows(self) -> list[Window]:
        """The days of each bucket, in order."""
        return [Window(starts, ends) for starts, ends in self.buckets.select("starts", "ends").iter_rows()]

    @cached_property
    def groups(self) -> pl.DataFrame:
        """The combinations of values that keys in scope have: `group_id` and the dimensions other than time."""
        dimensions = [*self.unit_dimensions, *self.key_dimensions]
        keys = self._kept(_lists(self.snapshot).keys)
        if not dimensions:
            return keys.select(group_id=pl.lit(1, pl.Int32)).head(1)
        # Numbers instead of texts: grouping millions of rows by several texts is what would take the time.
        found = keys.select(dimensions).unique(maintain_order=True)
        return found.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("group_id"), *dimensions)

    @cached_property
    def keys(self) -> pl.DataFrame:
        """The keys in scope: `key_id, group_id`, the dimensions other than time, `has_people, has_reception_staff`."""
        dimensions = [*self.unit_dimensions, *self.key_dimensions]
        lists = _lists(self.snapshot)
        has_people = pl.col("population").is_not_null()
        if not self.unit_dimensions and not lists.communes["population"].has_nulls():
            # Dossiers of split old units are the whole province's: they are counted where all of its people are.
            has_people |= pl.col("commune").is_null()
        keys = self._kept(lists.keys).select(
            "key_id",
            *dimensions,
            has_people=has_people,
            has_reception_staff=pl.col("reception_staff").fill_null(0) > 0,
        )
        if not dimensions:
            return keys.with_columns(group_id=pl.lit(1, pl.Int32))
        return keys.join(self.groups, on=dimensions, how="left", validate="m:1", nulls_equal=True)

    @cached_property
    def units(self) -> pl.DataFrame:
        """The combinations of the communes' dimensions in force, with what the communes in scope have together.

        Columns: the dimensions, `people, reception_staff` (null where no commune says).
        """

        def total(column: pl.Expr) -> pl.Expr:
            return pl.when(column.is_not_null().any()).then(column.sum().cast(pl.Float64))

        staff = pl.col("reception_staff").filter(pl.col("reception_staff") > 0)
        sums = {"people": total(pl.col("population")), "reception_staff": total(staff)}
        communes = self._kept(_lists(self.snapshot).communes)
        if not self.unit_dimensions:
            return communes.select(**sums)
        return communes.group_by(self.unit_dimensions, maintain_order=True).agg(**sums)

    @property
    def last_stock(self) -> dt.date:
        """The last month of `monthly_stock`: what stood open then stands open ever after."""
        return _lists(self.snapshot).last_stock

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
        """Rows of a `select` that may read `scoped_key`, which is `keys`.

        `$starts` and `$ends` are the window's. Further CTEs may stand before the `select`, after a leading comma.
        """
        sql = f"with scoped_key as (from keys_in_scope)\n{sql}"
        offered = {
            "starts": self.window.starts,
            "ends": self.window.ends,
            "bucket_numbers": self.bucket_numbers,
            "bucket_ends": self._bucket_ends,
        }
        params |= {name: value for name, value in offered.items() if f"${name}" in sql}
        return self.snapshot.query(sql, params, tables={"keys_in_scope": self.keys})

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

    def _kept(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that the filters keep, of those that the frame has columns for."""
        for name, values in self.filters.given().items():
            if name in frame.columns:
                frame = frame.filter(pl.col(name).is_in(list(values)))
        return frame


def _last_day(dimension: str, label: str) -> dt.date:
    return bucket_window(dimension, label).ends
