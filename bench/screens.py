"""A screen's data as the screens compute it, against the same answers counted from raw dossiers by SQL."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import streamlit as st
from streamlit.testing.v1 import AppTest

from indicators import Filters, compute, resolve_window
from indicators.catalogue import indicator
from indicators.figures import Throughput
from indicators.windows import TIME_DIMENSIONS, bucket_label, bucket_window, presets
from pages.parts.navigation import entries
from warehouse import Snapshot, open_snapshot

ROOT = Path(__file__).parent.parent
_RAW_SQL = (Path(__file__).parent / "raw.sql").read_text(encoding="utf-8")

_RECEIVED = "received_on between starts and ends"
_CLOSED = "closed_on between starts and ends"
_RESOLVED = f"{_CLOSED} and not is_neutral"
_IN_TIME = "coalesce(closed_on <= judged_on, true)"
_PENDING = "received_on <= ends and closed_on > ends"
_CALENDAR_DAYS = "epoch(closed_at - received_at) / 86400"
# What each indicator is when counted from rows; those that need more than one expression over rows are left out.
RAW: dict[str, str] = {
    "received": f"count(*) filter ({_RECEIVED})",
    "carried_over": "count(*) filter (received_on < starts)",
    "resolved": f"count(*) filter ({_RESOLVED})",
    "resolved_early": f"count(*) filter ({_RESOLVED} and closed_on < judged_on)",
    "resolved_on_time": f"count(*) filter ({_RESOLVED} and coalesce(closed_on = judged_on, true))",
    "resolved_late": f"count(*) filter ({_RESOLVED} and closed_on > judged_on)",
    "closed_neutral": f"count(*) filter ({_CLOSED} and is_neutral)",
    "pending": f"count(*) filter ({_PENDING})",
    "pending_late": f"count(*) filter ({_PENDING} and due_on < ends)",
    "pending_in_term": f"count(*) filter ({_PENDING} and coalesce(due_on >= ends, true))",
    "pending_no_due": f"count(*) filter ({_PENDING} and due_on is null)",
    "due_soon": f"count(*) filter ({_PENDING} and due_on between ends and ends + 3)",
    "on_time_rate_ii06": f"count(*) filter ({_RESOLVED} and {_IN_TIME}) / count(*) filter ({_RESOLVED})",
    "online_rate": f"count(*) filter ({_RECEIVED} and channel = 'online') / count(*) filter ({_RECEIVED})",
    "supplement_rate": f"count(*) filter ({_CLOSED} and supplement_requests > 0) / count(*) filter ({_CLOSED})",
    "repeat_supplement_rate": f"count(*) filter ({_CLOSED} and supplement_requests > 1) / count(*) filter ({_CLOSED})",
    "paid_online_rate": f"count(*) filter ({_RECEIVED} and fee > 0 and paid_online) / "
    f"count(*) filter ({_RECEIVED} and fee > 0)",
    "processing_days_mean": f"avg(processing_minutes) filter ({_RESOLVED})",
    "processing_days_p50": f"quantile_cont(processing_minutes, 0.5) filter ({_RESOLVED})",
    "processing_days_p90": f"quantile_cont(processing_minutes, 0.9) filter ({_RESOLVED})",
    "calendar_days_mean": f"avg({_CALENDAR_DAYS}) filter ({_RESOLVED})",
    "calendar_days_p50": f"quantile_cont({_CALENDAR_DAYS}, 0.5) filter ({_RESOLVED})",
    "calendar_days_p90": f"quantile_cont({_CALENDAR_DAYS}, 0.9) filter ({_RESOLVED})",
}
# Counts that must come out the same on both sides, or the comparison is worth nothing.
_CHECKED = ("received", "carried_over", "resolved", "resolved_late", "pending", "pending_late")
_COLUMNS = {"commune": "commune_code", "procedure": "procedure_code"}


@dataclass(frozen=True)
class Call:
    """One call of `compute` that a screen made."""

    ids: tuple[str, ...]
    by: tuple[str, ...]
    filters: Filters
    date_from: dt.date
    date_to: dt.date

    def ours(self, snapshot: Snapshot) -> pl.DataFrame:
        return compute(
            snapshot, self.ids, self.by, filters=self.filters, date_from=self.date_from, date_to=self.date_to
        )

    def raw(self, snapshot: Snapshot) -> pl.DataFrame:
        others = [one for one in self.ids if isinstance(indicator(one).figure, Throughput)]
        if others:  # more than one expression over rows: as the command line computes them
            dates = {"date_from": self.date_from, "date_to": self.date_to}
            compute(snapshot, others, self.by, filters=self.filters, exact=True, **dates)
        ids = [one for one in self.ids if one in RAW]
        names = ["bucket" if one in TIME_DIMENSIONS else _COLUMNS.get(one, one) for one in self.by]
        chosen = [f'{name} as "{one}"' for name, one in zip(names, self.by, strict=True)]
        chosen += [f'{RAW[one]} as "{one}"' for one in ids] or ["count(*) as n"]
        given = self.filters.given()
        conditions = [f"list_contains(${name}, asked.{_COLUMNS.get(name, name)})" for name in given]
        sql = _RAW_SQL.replace("$select", ", ".join(chosen)).replace("$group", ", ".join(names) or "()")
        sql = sql.replace("$where", " and ".join(conditions) or "true").replace("$buckets", self._buckets())
        parameters: dict[str, Any] = {name: list(values) for name, values in given.items()}
        return snapshot.query(sql, parameters or None)

    def _buckets(self) -> str:
        """One row a bucket: its label and its days, clipped at the window's end."""
        times = [one for one in self.by if one in TIME_DIMENSIONS]
        if not times:
            return f"select null as bucket, date '{self.date_from}' as starts, date '{self.date_to}' as ends"
        days = [self.date_from + dt.timedelta(days=n) for n in range((self.date_to - self.date_from).days + 1)]
        labels = dict.fromkeys(bucket_label(times[0], day) for day in days)
        rows = []
        for label in labels:
            window = bucket_window(times[0], label)
            starts, ends = max(window.starts, self.date_from), min(window.ends, self.date_to)
            rows.append(f"('{label}', date '{starts}', date '{ends}')")
        return f"select * from (values {', '.join(rows)}) as bucket (bucket, starts, ends)"


@dataclass
class Timing:
    """Milliseconds of each run of one screen's data, over all its views."""

    ours: list[float] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)

    @property
    def ratio(self) -> float:
        return statistics.median(self.ours) / statistics.median(self.raw)


def _counted_raw(one: str) -> bool:
    return one in RAW or isinstance(indicator(one).figure, Throughput)


def measure_screens(warehouse: Path, *, runs: int, random_views: int) -> dict[str, Timing]:
    """For each screen: the calls it makes for several views, timed on both sides."""
    snapshot = open_snapshot(warehouse)
    asked = [*views(snapshot), *drawn_views(snapshot, random_views)]
    timings: dict[str, Timing] = {}
    for entry in entries():
        timing = Timing()
        for view in asked:
            calls = recorded_calls(entry.file, view, warehouse)
            if not calls:
                break  # a screen about the data, not of indicators
            timings[f"/{entry.address}"] = timing
            timing.left_out |= {one for call in calls for one in call.ids if not _counted_raw(one)}
            for call in calls:
                _check_same(call, snapshot)
            for _run in range(runs):
                timing.ours.append(_milliseconds(lambda calls=calls: [call.ours(snapshot) for call in calls]))
                timing.raw.append(_milliseconds(lambda calls=calls: [call.raw(snapshot) for call in calls]))
    snapshot.close()
    return timings


def views(snapshot: Snapshot) -> Iterator[dict[str, str]]:
    """Addresses as users would have them: everything, one commune, one field, one channel, all time."""
    busiest = snapshot.query("select commune_code, field from dossier group by all order by count(*) desc limit 1").row(
        0
    )
    yield {}
    yield {"xa": busiest[0]}
    yield {"linh-vuc": busiest[1]}
    yield {"kenh": "online"}
    yield {"ky": "from_2025_07_01"}
    yield {"ky": "last_12_months", "kenh": "in_person"}


def drawn_views(snapshot: Snapshot, count: int) -> Iterator[dict[str, str]]:
    """Addresses with a random period and up to two random filters, the same in every run; busy keys come more often."""
    keys = snapshot.query(
        'select commune_code as xa, field as "linh-vuc", procedure_code as "thu-tuc", channel as kenh from dossier '
        "where columns(*) is not null order by hash(dossier_id) limit $count",
        {"count": count},
    )
    random = Random(1)
    periods = [preset.key for preset in presets(snapshot.info.as_of.date())]
    for key in keys.iter_rows(named=True):
        names = random.sample(sorted(key), random.choice([0, 1, 1, 2]))
        yield {"ky": random.choice(periods), **{name: key[name] for name in names}}


def recorded_calls(file: str, view: Mapping[str, str], warehouse: Path) -> list[Call]:
    """Run one screen as the app would and write down what it asks for."""
    calls: list[Call] = []

    def record(
        _snapshot: Snapshot,
        ids: list[str],
        by: Sequence[str] = (),
        *,
        filters: Filters,
        date_from: dt.date | None = None,
        date_to: dt.date | None = None,
        as_of: dt.date | None = None,
    ) -> pl.DataFrame:
        window = resolve_window(_snapshot, date_from=date_from, date_to=date_to, as_of=as_of)
        assert as_of is None or as_of >= window.ends, "the raw side knows no other day"
        calls.append(Call(tuple(ids), tuple(by), filters, window.starts, window.ends))
        return calls[-1].ours(_snapshot)

    st.cache_data.clear()
    os.environ["THONGSUOT_WAREHOUSE"] = str(warehouse)
    with ExitStack() as stack:
        # Wherever a screen's data are computed: its own figures, what changed, what stands out.
        for name in ("pages.parts.data", "indicators.compare", "indicators.notable"):
            stack.enter_context(_replaced(import_module(name), "compute", record))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        for name, value in view.items():
            app.query_params[name] = value
        app.switch_page(file).run()
    said = [element.value for element in (*app.exception, *app.error)]
    assert not said, f"{file}: {said}"
    return calls


@contextmanager
def _replaced(module: Any, name: str, value: Any) -> Iterator[None]:
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def _check_same(call: Call, snapshot: Snapshot) -> None:
    checked = [one for one in call.ids if one in _CHECKED]
    if call.date_to < snapshot.info.as_of.date() or set(call.by) & set(TIME_DIMENSIONS):
        # Rows know only the date promised last; ours is the one that held on the day asked about.
        checked = [one for one in checked if one != "pending_late"]
    ours, raw = call.ours(snapshot), call.raw(snapshot)
    for one in checked:
        assert ours[one].sum() == raw[one].sum(), f"{one} by {call.by}: {ours[one].sum()} against {raw[one].sum()}"


def _milliseconds(work: Any) -> float:
    started = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - started)
