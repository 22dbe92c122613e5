"""What the briefs of one snapshot and window have in common, computed once: a pack of twelve repeats nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import polars as pl

from charts.deck import rounded
from indicators import compute, resolve_window
from indicators.catalogue import indicators
from indicators.dossiers import Selection, dossier_page
from indicators.figures import Count
from indicators.filters import Filters
from indicators.notable import Kind, Notable, notable
from indicators.peers import Peers, Rule, peers, received_mixes
from indicators.process import stalled_dossiers, time_by_step
from indicators.scope import Scope
from indicators.standing_still import stalled
from indicators.windows import NEW_COMMUNES_FROM, Window
from reports.content import Ring
from reports.letters import Letters, letters
from reports.pooling import Pool, pooled, processing_times
from warehouse import Snapshot

# The figures of a brief, in the order of its table.
FIGURES = (
    "received",
    "on_time_rate_ii06",
    "on_time_rate_766",
    "pending",
    "pending_late",
    "processing_days_p50",
    "processing_days_p90",
    "online_rate",
    "supplement_rate",
    "slow_reception_rate",
)
ALSO = ("resolved", "resolved_late", "due_soon", "pending_no_due")
# Communes are set beside those of the most similar mix of dossiers: nothing decides times and rates more.
PEERS_BY: Rule = "mix"
_DAYS = 30
_ONE_DAY = dt.timedelta(days=1)
_EVERYWHERE = Filters()
_WEEKLY_UP_TO = 92
_ALL = 10_000_000
_CHANGES: tuple[Kind, ...] = ("change",)
# What needs no other answer, the longest first.
_ASKED_BY_ALL = (
    "findings",
    "by_commune",
    "standing_still",
    "times",
    "mixes",
    "counts_by_week",
    "step_times",
    "letters",
    "whole",
    "trend",
    "whole_step_times",
    "outlines",
    "closed_with_log",
    "lineage",
    "procedures",
    "knows_apologies",
    "tables",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class BriefContext:
    """A snapshot and a window; frames are kept once a brief has asked for them.

    `recent` are the thirty days up to the window's end, `before` the thirty before those, null where the data do not
    reach back so far. `as_of` is the last day that anything is known of.
    """

    snapshot: Snapshot
    window: Window
    recent: Window
    before: Window | None

    @property
    def as_of(self) -> dt.date:
        return self.window.ends

    @property
    def windows(self) -> tuple[Window, ...]:
        return (self.window, self.recent, *([self.before] if self.before else []))

    @property
    def questions(self) -> list[Callable[[], object]]:
        """What every brief will ask and none has asked yet, the longest first, for `ask_at_once`."""
        return [partial(getattr, self, name) for name in _ASKED_BY_ALL if name not in self.__dict__]

    @cached_property
    def tables(self) -> frozenset[str]:
        """The tables of the snapshot: older ones lack some."""
        return frozenset(self.snapshot.query("select table_name from duckdb_tables()")["table_name"])

    @cached_property
    def communes(self) -> dict[str, dict[str, Any]]:
        """The units in force by code, in the order of the alphabet, without outlines."""
        rows = self.snapshot.query(
            "select * exclude (geometry, map_geojson) from commune order by sort_order, commune_code"
        )
        return {row["commune_code"]: row for row in rows.iter_rows(named=True)}

    @cached_property
    def procedures(self) -> dict[str, str]:
        rows = self.snapshot.query(
            "select procedure_code, any_value(name order by valid_from desc) from procedure group by all"
        )
        return dict(rows.iter_rows())

    @cached_property
    def by_commune(self) -> dict[Window, dict[str | None, dict[str, Any]]]:
        """`compute` split by commune, for each window: the row of each commune."""
        return {window: self._rows(window) for window in self.windows}

    def _rows(self, window: Window) -> dict[str | None, dict[str, Any]]:
        frame = compute(self.snapshot, [*FIGURES, *ALSO], ["commune"], date_from=window.starts, date_to=window.ends)
        return {row["commune"]: row for row in frame.iter_rows(named=True)}

    @cached_property
    def whole(self) -> dict[str, Any]:
        """The province's figures over the window."""
        window = self.window
        frame = compute(self.snapshot, [*FIGURES, *ALSO], date_from=window.starts, date_to=window.ends)
        return frame.row(0, named=True)

    def figures_of(self, codes: tuple[str, ...]) -> dict[str, Any]:
        """The figures of several communes as if they were one, over the window."""
        known = self.by_commune[self.window]
        rows = [known[code] for code in codes if code in known]
        return pooled(indicators([*FIGURES, *ALSO]), rows, codes, self.times)

    @cached_property
    def times(self) -> Pool:
        return processing_times(self.snapshot, self.window)

    @cached_property
    def findings(self) -> tuple[Notable, ...]:
        """What is notable over the window, and what changed in its last thirty days, of all communes."""
        found = notable(self.snapshot, self.window, limit=_ALL)
        if self.before:
            found += notable(self.snapshot, self.recent, self.before, kinds=_CHANGES, limit=_ALL)
        return tuple(found)

    @cached_property
    def standing_still(self) -> dict[str, tuple[int, int]]:
        """By commune: open dossiers without a step for long, and open ones with a log whose clock runs."""
        rows = stalled(Scope(self.snapshot, ("commune",), _EVERYWHERE, self.window))
        return {commune: (hits, n) for commune, hits, n in rows.select("commune", "hits", "n").iter_rows()}

    def open_dossiers(self, code: str) -> pl.DataFrame:
        """The dossiers of a commune open on the last day, with the columns of `indicators.dossiers`."""
        of = Filters(commune=(code,))
        selection = Selection(window=self.window, filters=of, state="open", sort="dossier_id", descending=False)
        return dossier_page(self.snapshot, selection, size=_ALL)

    @cached_property
    def letters(self) -> dict[str, Letters]:
        """By commune: the dossiers resolved late in the window, and their letters of apology."""
        return letters(self.snapshot, self.window)

    def last_steps(self, code: str) -> pl.DataFrame:
        """The open dossiers with a log by their last step (`process.stalled_dossiers`), the longest standing first."""
        return stalled_dossiers(self.snapshot, self.window, limit=_ALL, filters=Filters(commune=(code,)))

    @cached_property
    def counts_by_week(self) -> dict[Window, pl.DataFrame]:
        """The counts of the figures by commune and week, for the thirty days and those before."""
        counts = [one.id for one in indicators(FIGURES) if isinstance(one.figure, Count)]
        return {
            window: compute(self.snapshot, counts, ["week", "commune"], date_from=window.starts, date_to=window.ends)
            for window in self.windows[1:]
        }

    @cached_property
    def lineage(self) -> pl.DataFrame:
        """Each piece once: what of which old unit came to which commune."""
        return self.snapshot.query(
            """
            select distinct on (new_code, old_code) * from lineage where old_code is not null
            order by new_code, extent <> 'whole', extent, old_code
            """
        )

    @cached_property
    def step_times(self) -> pl.DataFrame:
        """`time_by_step` split by commune."""
        return time_by_step(self.snapshot, self.window, by="commune")

    @cached_property
    def whole_step_times(self) -> pl.DataFrame:
        return time_by_step(self.snapshot, self.window)

    @cached_property
    def closed_with_log(self) -> dict[str, int]:
        """How many dossiers closed in the window have a log, by commune."""
        rows = self.snapshot.query(
            """
            select commune_code, count(*) as n
            from path_span join dossier_key using (key_id)
            where closed_on between $starts and $ends
            group by all
            """,
            {"starts": self.window.starts, "ends": self.window.ends},
        )
        return dict(rows.iter_rows())

    @property
    def trend_step(self) -> str:
        """Weeks in a short window, else months."""
        return "week" if self.window.days <= _WEEKLY_UP_TO else "month"

    @cached_property
    def trend(self) -> pl.DataFrame:
        """The share on time of form II.06 by commune and month (week)."""
        return compute(
            self.snapshot,
            "on_time_rate_ii06",
            ["commune", self.trend_step],
            date_from=self.window.starts,
            date_to=self.window.ends,
        )

    @cached_property
    def knows_apologies(self) -> bool:
        """Whether the source says of any dossier that a letter went out."""
        return not self.snapshot.query("select 1 from dossier where apology_sent_at is not null limit 1").is_empty()

    @cached_property
    def outlines(self) -> dict[str, tuple[Ring, ...]]:
        """The outer rings of each commune, for a small map."""
        rows = self.snapshot.query("select commune_code, map_geojson from commune where map_geojson is not null")
        shapes = {code: rounded(json.loads(text)) for code, text in rows.iter_rows()}
        return {code: _outer_rings(shape) for code, shape in shapes.items()}

    @cached_property
    def _working_days(self) -> np.ndarray:
        days = self.snapshot.query("select day from calendar where is_working order by day")["day"]
        return days.to_numpy().astype("datetime64[D]")

    def working_days_after(self, day: dt.date, until: dt.date) -> int:
        """How many working days lie after a day, up to another one."""
        first, last = np.searchsorted(self._working_days, np.array([day, until], dtype="datetime64[D]"), side="right")
        return int(last - first)

    def peers_of(self, code: str) -> Peers:
        """The communes to set it beside: of the most similar mix of dossiers; without dossiers, of the same kind."""
        if code not in self._peers:
            found = peers(self.snapshot, code, PEERS_BY, self.window, mixes=self.mixes)
            self._peers[code] = found if found.codes else peers(self.snapshot, code, "kind", self.window)
        return self._peers[code]

    @cached_property
    def mixes(self) -> pl.DataFrame:
        return received_mixes(self.snapshot, self.window)

    @cached_property
    def _peers(self) -> dict[str, Peers]:
        return {}


def brief_context(snapshot: Snapshot, *, window: Window | None = None, as_of: dt.date | None = None) -> BriefContext:
    """The days of a brief: since the new communes began unless told otherwise, up to what is known.

    Raises WrongDates where the window begins after that.
    """
    known = min(as_of or dt.date.max, snapshot.info.as_of.date())
    if window is None:
        start = NEW_COMMUNES_FROM if known >= NEW_COMMUNES_FROM else None
        window = resolve_window(snapshot, date_from=start, as_of=known)
    window = window.clipped(known)
    recent = Window(window.ends - (_DAYS - 1) * _ONE_DAY, window.ends)
    before = Window(recent.starts - _DAYS * _ONE_DAY, recent.starts - _ONE_DAY)
    return BriefContext(
        snapshot=snapshot, window=window, recent=recent, before=before if _reaches_back(snapshot, before) else None
    )


def _reaches_back(snapshot: Snapshot, window: Window) -> bool:
    """Whether dossiers were received from its first working day on."""
    first = snapshot.first_receipt
    if first is None or first > window.ends:
        return False
    gap = "select 1 from calendar where day >= $starts and day < $first and is_working limit 1"
    return snapshot.query(gap, {"starts": window.starts, "first": first}).is_empty()


def _outer_rings(shape: dict[str, Any]) -> tuple[Ring, ...]:
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return tuple(tuple((point[0], point[1]) for point in polygon[0]) for polygon in polygons if polygon)
