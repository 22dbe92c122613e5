"""Everything that a `PROVINCE.toml` names, read and checked before anything is merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas
import polars as pl

from etl import boundaries, corrections, units
from etl.calendar import Calendar, load_calendar
from etl.config import (
    FIRST_STATE,
    BoundariesBlock,
    EventsBlock,
    ProvinceConfig,
    RowsBlock,
    matching_files,
    shown_path,
)
from etl.dated_events import load_dated_events
from etl.difficulties import load_difficulties
from etl.errors import DataError
from etl.index_scores import load_index_scores
from etl.index_weights import load_index_weights
from etl.keys import load_key
from etl.names import Names
from etl.parsing import Setting
from etl.processes import load_processes
from etl.publishing import nothing_loaded
from etl.reported import load_reported
from etl.staging import Staged, stage_file
from etl.unit_facts import load_unit_facts
from language import _
from language.formats import date_time


@dataclass(frozen=True)
class Progress:
    """What a build tells while it works: files with their bytes, then named steps."""

    on_files: Callable[[list[Path]], None] = lambda files: None
    on_file_done: Callable[[Path], None] = lambda file: None
    on_step: Callable[[str], None] = lambda step: None


@dataclass(frozen=True)
class Inputs:
    """Everything read and checked, before anything is merged."""

    config: ProvinceConfig
    calendar: Calendar
    communes: units.SmallTable
    commune_rows: pl.DataFrame
    lineage: units.SmallTable
    procedures: units.SmallTable
    reported: units.SmallTable
    index_weights: pl.DataFrame
    index_scores: units.SmallTable
    dated_events: units.SmallTable
    processes: pl.DataFrame
    unit_facts: units.SmallTable
    difficulties: units.SmallTable
    shapes: pl.DataFrame
    old_shapes: pl.DataFrame
    boundary_warnings: pl.DataFrame
    registers: list[Staged]
    logs: list[tuple[Staged, tuple[str, ...]]]
    corrections: pl.DataFrame
    as_of: dt.datetime

    @property
    def staged(self) -> list[Staged]:
        """Every register and log, in the order of the configuration."""
        return [*self.registers, *(log for log, _words in self.logs)]


def read_inputs(config: ProvinceConfig, cache: Path, progress: Progress) -> Inputs:
    """Read and check every file that the configuration names.

    Raises one DataError that lists every register and log that cannot be used.
    """
    calendar = load_calendar(
        days_off=config.calendar.days_off, workdays=config.calendar.workdays, hours=config.calendar.hours
    )
    progress.on_step("units")
    communes = units.load_communes(config)
    lineage = units.load_lineage(config, communes.rows["commune_code"].to_list())
    procedures = units.load_procedures(config)
    commune_rows = units.with_districts(communes.rows, lineage.rows)
    progress.on_step("boundaries")
    shapes, boundary_warnings = _read_shapes(config, commune_rows)
    old_shapes = _read_old_shapes(config)
    names = Names.of(commune_rows, lineage.rows)
    reported = load_reported(config, names, communes.rows["commune_code"].to_list())
    index_weights = load_index_weights(config)
    index_scores = load_index_scores(config, names, communes.rows["commune_code"].to_list(), index_weights)
    registers, logs = _stage_all(config, cache, names, commune_rows, lineage, progress)
    staged = [*registers, *(log for log, _words in logs)]
    states = [each.state_at for each in staged if each.state_at]
    if not states:
        raise nothing_loaded({each.account.source_file: each.account.rows_read for each in staged}, _refusals(staged))
    if max(states) < FIRST_STATE:
        raise DataError(
            _(
                "Thời điểm muộn nhất trong các tệp là {latest}, trước năm {year}. Hãy kiểm tra cột ngày và cách ghi "
                "năm."
            ).format(latest=date_time(max(states)), year=FIRST_STATE.year)
        )
    return Inputs(
        config=config,
        calendar=calendar,
        communes=communes,
        commune_rows=commune_rows,
        lineage=lineage,
        procedures=procedures,
        reported=reported,
        index_weights=index_weights,
        index_scores=index_scores,
        dated_events=load_dated_events(config, names, communes.rows["commune_code"].to_list()),
        processes=load_processes(config),
        unit_facts=load_unit_facts(config, names, communes.rows["commune_code"].to_list()),
        difficulties=load_difficulties(config, names, communes.rows["commune_code"].to_list(), as_of=max(states)),
        shapes=shapes,
        old_shapes=old_shapes,
        boundary_warnings=boundary_warnings,
        registers=registers,
        logs=logs,
        corrections=corrections.load_corrections(config, communes.rows["commune_code"].to_list()),
        as_of=max(states),
    )


def _stage_all(
    config: ProvinceConfig,
    cache: Path,
    names: Names,
    communes: pl.DataFrame,
    lineage: units.SmallTable,
    progress: Progress,
) -> tuple[list[Staged], list[tuple[Staged, tuple[str, ...]]]]:
    setting = Setting(
        timezone=config.province.timezone,
        names=names,
        key=load_key(),
        today=dt.datetime.now(ZoneInfo(config.province.timezone)).replace(tzinfo=None),
        fingerprint=units.fingerprint(communes, lineage.rows),
    )
    work, faults = _declared_files(config)
    progress.on_files([path for path, _block in work])
    registers: list[Staged] = []
    logs: list[tuple[Staged, tuple[str, ...]]] = []
    for path, block in work:
        try:
            staged = stage_file(path, shown_as=shown_path(config, path), block=block, setting=setting, cache=cache)
        except DataError as error:
            faults.append(str(error))
            continue
        finally:
            progress.on_file_done(path)
        if isinstance(block, EventsBlock):
            logs.append((staged, block.closing))
        else:
            registers.append(staged)
    if faults:
        raise DataError("\n".join(faults))
    return registers, logs


def _declared_files(config: ProvinceConfig) -> tuple[list[tuple[Path, RowsBlock]], list[str]]:
    """Every register and log file with its block, and what is wrong with the declarations."""
    work: list[tuple[Path, RowsBlock]] = []
    faults: list[str] = []
    declared: list[tuple[str, tuple[RowsBlock, ...]]] = [("dossiers", config.dossiers), ("events", config.events)]
    for name, blocks in declared:
        seen: dict[Path, list[RowsBlock]] = {}
        for block in blocks:
            try:
                files = matching_files(config, block, name=f"[{name}]")
            except DataError as error:
                faults.append(str(error))
                continue
            for path in files:
                others = seen.setdefault(path.resolve(), [])
                # Blocks may share a workbook where each names a sheet of its own.
                double = next((other for other in others if _reads_the_same(block, other)), None)
                if double is not None:
                    faults.append(
                        _(
                            'Tệp {file} được khai hai lần trong [[{name}]]: path = "{one}" và path = "{other}". Hãy bỏ '
                            "bớt một khối, hoặc ghi sheet khác nhau cho mỗi khối."
                        ).format(file=shown_path(config, path), name=name, one=double.path, other=block.path)
                    )
                others.append(block)
                work.append((path, block))
    return work, faults


def _reads_the_same(block: RowsBlock, other: RowsBlock) -> bool:
    if block is other:
        return False  # a link beside its file: counted as repeated rows
    sheets = {(each.sheet or "").strip().casefold() for each in (block, other)}
    return len(sheets) == 1 or "" in sheets


def _refusals(staged: list[Staged]) -> pl.DataFrame:
    """Refusals by rule, the commonest first: `rule, message, source_file, row_number, n`."""
    parts = [part for each in staged for part in sorted(each.folder.glob("reject-*.parquet"))]
    frames = [pl.read_parquet(part, columns=["rule", "message", "source_file", "row_number"]) for part in parts]
    if not frames:
        return pl.DataFrame()
    return (
        pl.concat(frames)
        .group_by("rule", maintain_order=True)
        .agg(pl.col("message", "source_file", "row_number").first(), n=pl.len())
        .sort("n", descending=True, maintain_order=True)
    )


# ---- boundaries ------------------------------------------------------------------------------------------------------


def _read_shapes(config: ProvinceConfig, communes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Outlines of the communes and what does not fit between the two files, as `warning` rows."""
    schema = {"source_file": pl.String, "rule": pl.String}
    if config.boundaries is None:
        return pl.DataFrame(schema={**_SHAPE_SCHEMA, "commune_code": pl.String}), pl.DataFrame(schema=schema)
    read, shown = _read_boundaries(config, config.boundaries, "boundaries", "commune_code")
    shapes, warnings = boundaries.prepare_boundaries(read, communes)
    source = config.boundaries.source or shown
    shapes = shapes.with_columns(
        boundary_source=pl.lit(source), boundary_approximate=pl.lit(config.boundaries.approximate)
    )
    return shapes, pl.DataFrame([(shown, warning.rule) for warning in warnings], schema=schema, orient="row")


_SHAPE_SCHEMA = {
    "wkb": pl.Binary,
    "map_geojson": pl.String,
    "lon": pl.Float64,
    "lat": pl.Float64,
    "boundary_source": pl.String,
    "boundary_approximate": pl.Boolean,
}


def _read_old_shapes(config: ProvinceConfig) -> pl.DataFrame:
    if config.old_boundaries is None:
        return pl.DataFrame(schema={"old_code": pl.String, "boundary_source": pl.String, **_SHAPE_SCHEMA})
    read, shown = _read_boundaries(config, config.old_boundaries, "old_boundaries", "old_code")
    shapes = boundaries.prepare_old_boundaries(read)
    return shapes.with_columns(boundary_source=pl.lit(config.old_boundaries.source or shown))


def _read_boundaries(
    config: ProvinceConfig, block: BoundariesBlock, name: str, code_column: str
) -> tuple[geopandas.GeoDataFrame, str]:
    files = matching_files(config, block, name=name)
    if len(files) > 1:
        raise DataError(
            _("[{name}] path: có {n} tệp khớp, cần đúng một tệp ranh giới.").format(name=name, n=len(files))
        )
    shown = shown_path(config, files[0])
    read = boundaries.read_boundaries(
        files[0], shown_as=shown, code_column=block.columns.get(code_column), output_column=code_column, crs=block.crs
    )
    return read, shown
