"""The register and the log as files: the dirty ones of real systems, or clean ones for measuring."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections import Counter
from pathlib import Path
from types import TracebackType

import numpy as np
import polars as pl

from etl.simulate.clock import FIRST_DAY, Clock, moment
from etl.simulate.dirt import REPEATED_SHARE, REPEATED_STEPS_SHARE, bad_rows, repeat_rows
from etl.simulate.families import FAMILIES, MONTH, ORDINARY, STALE, WORKBOOK, Family, family_of_month, render
from etl.simulate.mistakes import Mistakes
from etl.simulate.province import Province
from etl.simulate.register import Dossiers, event_frame, register_frame
from etl.simulate.sinks import CsvSink, WorkbookSink
from etl.simulate.steps import STATUS_LABELS
from etl.simulate.unit_texts import CHANCE, UnitTexts

# A workbook larger than this is no longer sent round; further communes' rows of the month go to the ordinary files.
_WORKBOOK_ROWS = 3_000
_WORKBOOK_ROW = "_workbook"
_ISO = "%Y-%m-%dT%H:%M:%S"
_EVENT_HEADINGS = {
    "dossier_id": "Mã hồ sơ",
    "at": "Thời điểm",
    "activity": "Bước xử lý",
    "status": "Trạng thái",
    "unit": "Phòng ban",
    "actor": "Cán bộ",
}
_CLEAN_COLUMNS = (
    "dossier_id", "commune_code", "received_by", "helped_by", "procedure_code", "field", "channel", "submitted_at",
    "received_at", "due_at", "finished_at", "returned_at", "status", "supplement_requests", "supplement_requested_at",
    "apology_sent_at", "fee", "paid_online", "digitised", "e_result",
)  # fmt: skip

Block = tuple[str, dict[str, object]]


class Exports(ABC):
    """Takes simulated communes and writes their rows; a context, so that every file is closed whatever happens."""

    def __init__(self) -> None:
        self.counter: Counter[str] = Counter()
        self._sinks: dict[str, CsvSink | WorkbookSink] = {}

    @abstractmethod
    def write(self, communes: list[Dossiers], rngs: list[np.random.Generator]) -> None:
        """Append the rows of these communes, each dirtied from its own generator."""

    @abstractmethod
    def blocks(self) -> list[Block]:
        """The blocks of `province.toml` that describe what was written: kind (`dossiers`, `events`) and keys."""

    @property
    def corrections(self) -> str:
        """The file that mends what was planted in the registers; empty where nothing was."""
        return ""

    def __enter__(self) -> Exports:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sink in self._sinks.values():
            sink.close()


class CleanExports(Exports):
    """One register and one log as plain CSV under canonical names."""

    def __init__(self, directory: Path, *, clock: Clock, limit: int) -> None:
        super().__init__()
        self._clock, self._limit = clock, limit
        self._sinks = {
            "dossiers": CsvSink(directory / "exports" / "dossiers.csv", datetime_format=_ISO),
            "events": CsvSink(directory / "logs" / "events.csv", datetime_format=_ISO),
        }

    def write(self, communes: list[Dossiers], rngs: list[np.random.Generator]) -> None:
        for commune in communes:
            rows = register_frame(commune, limit=self._limit, clock=self._clock)
            events = event_frame(commune, limit=self._limit)
            self._sinks["dossiers"].write(rows.select(*_CLEAN_COLUMNS, applicant="applicant_id"))
            self._sinks["events"].write(events)
            self.counter.update(register_rows=rows.height, events=events.height)

    def blocks(self) -> list[Block]:
        state_at = moment(self._limit).isoformat()
        register = {name: name for name in [*_CLEAN_COLUMNS, "applicant"]}
        return [
            ("dossiers", {"path": "exports/dossiers.csv", "state_at": state_at, "columns": register}),
            (
                "events",
                {"path": "logs/events.csv", "state_at": state_at, "columns": {name: name for name in _EVENT_HEADINGS}},
            ),
        ]


class DirtyExports(Exports):
    """Monthly registers of several systems, two stale ones, and monthly logs."""

    def __init__(
        self,
        directory: Path,
        *,
        province: Province,
        clock: Clock,
        limit: int,
        counts: list[int],
        bad_kinds: list[list[str]],
    ) -> None:
        super().__init__()
        self._directory, self._province, self._clock, self._limit = directory, province, clock, limit
        self._units = UnitTexts.of(province.communes)
        self._bad_kinds = dict(zip(province.communes["commune_code"], bad_kinds, strict=True))
        self._stale = _stale_months(limit)
        self._mistakes = Mistakes(province.communes, state_at=moment(limit), stale=self._stale)
        # Communes whose rows fit into a workbook of one month, from the first on.
        days = max(1, limit // 86_400)
        monthly = np.cumsum(counts) * min(1.0, 31 / days)
        fitting = province.communes["commune_code"].to_list()
        self._in_workbooks = {code for code, rows in zip(fitting, monthly, strict=True) if rows <= _WORKBOOK_ROWS}
        self._state_at: dict[str, str] = {}

    def write(self, communes: list[Dossiers], rngs: list[np.random.Generator]) -> None:
        current, stale, logs = [], [], []
        for commune, rng in zip(communes, rngs, strict=True):
            current.append(self._dirty_register(commune, rng))
            stale.append(self._stale_register(commune, rng))
            logs.append(self._dirty_log(commune, rng))
        self._write_registers(pl.concat(current))
        self._write_stale(pl.concat(stale))
        self._write_logs(pl.concat(logs))

    def blocks(self) -> list[Block]:
        state_at = moment(self._limit).isoformat()
        written = {
            family.name for family in FAMILIES if any(name.startswith(f"{family.name} ") for name in self._sinks)
        }
        blocks = [
            ("dossiers", _register_block(family, family.glob, state_at))
            for family in FAMILIES
            if family.name in written
        ]
        for month, limit in self._stale.items():
            if f"stale {month}" in self._sinks:
                path = _stale_file(month, limit)
                blocks.append(("dossiers", _register_block(STALE, path, moment(limit).isoformat())))
        if any(name.startswith("log ") for name in self._sinks):
            columns = dict(_EVENT_HEADINGS)
            blocks.append(("events", {"path": "logs/*.csv.gz", "state_at": state_at, "columns": columns}))
        return blocks

    # ---- rows --------------------------------------------------------------------------------------------------------

    @property
    def corrections(self) -> str:
        return self._mistakes.text

    def _dirty_register(self, commune: Dossiers, rng: np.random.Generator) -> pl.DataFrame:
        rows = register_frame(commune, limit=self._limit, clock=self._clock).with_columns(
            pl.Series(MONTH, commune.month),
            pl.Series(CHANCE, rng.random(commune.count)),
            pl.lit(commune.commune["commune_code"] in self._in_workbooks).alias(_WORKBOOK_ROW),
        )
        simulated = rows.height
        rows = self._mistakes.plant(rows)
        self.counter.update(trial_rows=rows.height - simulated)
        repeated = repeat_rows(rows, REPEATED_SHARE, rng)
        kinds = self._bad_kinds[str(commune.commune["commune_code"])]
        bad = bad_rows(rows, kinds, state_at=moment(self._limit), rng=rng)
        self.counter.update(
            register_rows=rows.height + repeated.height + bad.height, repeated_rows=repeated.height, bad_rows=bad.height
        )
        if bad.height:
            self.counter.update({f"bad_{kind}": kinds.count(kind) for kind in set(kinds)})
        return pl.concat([rows, repeated, bad])

    def _stale_register(self, commune: Dossiers, rng: np.random.Generator) -> pl.DataFrame:
        frames = []
        for month, limit in self._stale.items():
            rows = np.flatnonzero((commune.month == month) & (commune.arrivals.submitted <= limit))
            frame = register_frame(commune, limit=limit, clock=self._clock, rows=rows)
            frames.append(frame.with_columns(pl.lit(month).alias(MONTH), pl.Series(CHANCE, rng.random(len(rows)))))
        if not frames:
            return pl.DataFrame()
        stale = pl.concat(frames)
        self.counter.update(register_rows=stale.height, stale_rows=stale.height)
        return stale

    def _dirty_log(self, commune: Dossiers, rng: np.random.Generator) -> pl.DataFrame:
        events = event_frame(commune, limit=self._limit)
        repeated = repeat_rows(events, REPEATED_STEPS_SHARE, rng)
        self.counter.update(
            events=events.height, event_rows=events.height + repeated.height, repeated_events=repeated.height
        )
        return pl.concat([events, repeated])

    # ---- files -------------------------------------------------------------------------------------------------------

    def _write_registers(self, rows: pl.DataFrame) -> None:
        for (month,), part in sorted(rows.partition_by(MONTH, as_dict=True, maintain_order=True).items()):
            family = family_of_month(int(month))
            if family is not WORKBOOK:
                self._append(family, int(month), part)
                continue
            for chosen, target in ((pl.col(_WORKBOOK_ROW), WORKBOOK), (~pl.col(_WORKBOOK_ROW), ORDINARY)):
                self._append(target, int(month), part.filter(chosen))

    def _append(self, family: Family, month: int, rows: pl.DataFrame) -> None:
        if rows.is_empty():
            return
        name = f"{family.name} {month}"
        if name not in self._sinks:
            self._sinks[name] = self._open(family, month)
        self._write_rows(self._sinks[name], family, rows)

    def _write_rows(self, sink: CsvSink | WorkbookSink, family: Family, rows: pl.DataFrame) -> None:
        head = self._province.agency_head
        sink.write(render(rows, family, self._units, agency_head=head, first=sink.rows + 1))

    def _open(self, family: Family, month: int) -> CsvSink | WorkbookSink:
        label = _month_label(month)
        path = self._directory / family.file.format(month=label)
        if family is WORKBOOK:
            return WorkbookSink(
                path,
                title="SỔ THEO DÕI HỒ SƠ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH (DỮ LIỆU MÔ PHỎNG)",
                period=f"Tháng {label[5:]} năm {label[:4]}",
                total="Tổng cộng",
                summed=family.columns["fee"],
            )
        return CsvSink(path, encoding=family.encoding, delimiter=family.delimiter, normal_form=family.normal_form)

    def _write_stale(self, rows: pl.DataFrame) -> None:
        if rows.is_empty():
            return
        for (month,), part in sorted(rows.partition_by(MONTH, as_dict=True, maintain_order=True).items()):
            name = f"stale {month}"
            if name not in self._sinks:
                path = self._directory / _stale_file(int(month), self._stale[int(month)])
                self._sinks[name] = CsvSink(path, encoding=STALE.encoding)
            self._write_rows(self._sinks[name], STALE, part)

    def _write_logs(self, events: pl.DataFrame) -> None:
        month = pl.col("at").dt.strftime("%Y-%m").alias(MONTH)
        shown = events.with_columns(month, pl.col("status").replace_strict(STATUS_LABELS))
        for (label,), part in sorted(shown.partition_by(MONTH, as_dict=True, maintain_order=True).items()):
            name = f"log {label}"
            if name not in self._sinks:
                path = self._directory / "logs" / f"nhat_ky_{label}.csv.gz"
                self._sinks[name] = CsvSink(path, datetime_format="%d/%m/%Y %H:%M:%S")
            self._sinks[name].write(part.select(pl.col(key).alias(heading) for key, heading in _EVENT_HEADINGS.items()))


def _register_block(family: Family, path: str, state_at: str) -> dict[str, object]:
    block: dict[str, object] = {"path": path, "state_at": state_at}
    if family.delimiter == ";":
        block["delimiter"] = ";"
    if family.encoding == "cp1258":
        block["encoding"] = "cp1258"
    if family.declared_columns:
        block["columns"] = family.declared_columns
    if family.declares_values:
        block["values.status"] = {label: status for status, label in family.statuses.items()}
        block["values.channel"] = {label: channel for channel, label in family.channels.items()}
    return block


def _stale_months(limit: int) -> dict[int, int]:
    """Months whose export was also taken on the evening after their last day, with the second of that export."""
    last = (moment(limit).year - FIRST_DAY.year) * 12 + moment(limit).month - FIRST_DAY.month
    found = {}
    for month in (7, last - 1):
        taken = dt.datetime.combine(_month_start(month + 1), dt.time(18))
        second = int((taken - dt.datetime.combine(FIRST_DAY, dt.time())).total_seconds())
        if month >= 0 and second < limit:
            found[month] = second
    return found


def _stale_file(month: int, limit: int) -> str:
    return STALE.file.format(month=_month_label(month), taken=moment(limit).date().isoformat())


def _month_start(month: int) -> dt.date:
    years, months = divmod(FIRST_DAY.month - 1 + month, 12)
    return dt.date(FIRST_DAY.year + years, months + 1, 1)


def _month_label(month: int) -> str:
    return _month_start(month).isoformat()[:7]
