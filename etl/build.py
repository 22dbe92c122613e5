"""From a `PROVINCE.toml` to a published snapshot. `build` reads like the table of contents of the ETL."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import geopandas
import polars as pl
from filelock import FileLock, Timeout

from etl import boundaries, corrections, merge, units
from etl.calendar import Calendar, load_calendar
from etl.config import (
    FIRST_STATE,
    BoundariesBlock,
    EventsBlock,
    ProvinceConfig,
    RowsBlock,
    load_config,
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
from etl.processes import load_processes
from etl.publishing import (
    clear_leftovers,
    finish,
    forget_old_snapshots,
    gave_way,
    guard_against_loss,
    make_directory,
    nothing_loaded,
    remove_database,
)
from etl.reported import load_reported
from etl.staging import Setting, Staged, forget_unused, stage_file
from etl.unit_facts import load_unit_facts
from language import _
from language.formats import date_time, number
from warehouse.settings import BUILD_MEMORY, check_reader_settings, memory_limit

SOFTWARE_VERSION = "0.1.0"
TABLES = Path(__file__).resolve().parents[1] / "warehouse" / "tables.sql"
# Readable by DuckDB 1.5, so that older tools open a snapshot too.
STORAGE_VERSION = "v1.5.0"
DEFAULT_BUILD_MEMORY = "3GB"


@dataclass(frozen=True)
class Progress:
    """What a build tells while it works: files with their bytes, then named steps."""

    on_files: Callable[[list[Path]], None] = lambda files: None
    on_file_done: Callable[[Path], None] = lambda file: None
    on_step: Callable[[str], None] = lambda step: None


@dataclass(frozen=True)
class Report:
    """What a build or check did. Frames: `load` as in the snapshot, `reject` and `warning` counted by rule.

    `rejects_by_rule` has the first refused row of each rule, and how many different `messages` the rule gave.
    """

    snapshot_id: str | None
    as_of: dt.datetime
    dossiers: int
    load: pl.DataFrame
    rejects_by_rule: pl.DataFrame
    warnings_by_rule: pl.DataFrame
    unknown_headings: dict[str, list[str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


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


def build(config_path: Path, warehouse: Path, *, accept_loss: bool = False, progress: Progress | None = None) -> Report:
    """Read every source, build a new snapshot beside the published one and publish it.

    Raises DataError where the data cannot be used, SettingError and UsageError where the call cannot be meant; the
    published snapshot then stays as it was.
    """
    progress = progress or Progress()
    _check_settings()
    config = load_config(config_path)
    make_directory(warehouse)
    lock = FileLock(warehouse / ".build.lock", timeout=0)
    try:
        with lock:
            clear_leftovers(warehouse)
            inputs = read_inputs(config, warehouse / "cache", progress)
            unfinished = warehouse / "snapshots" / f".building-{os.getpid()}.duckdb"
            try:
                report = _fill(unfinished, inputs, config_path, progress)
                assert report.snapshot_id is not None
                if not accept_loss:
                    report = _checked(report, warehouse)
                finish(unfinished, warehouse, report.snapshot_id or "")
            finally:
                remove_database(unfinished)
            forget_unused(warehouse / "cache", [*inputs.registers, *(staged for staged, _words in inputs.logs)])
            forget_old_snapshots(warehouse)
            return report
    except Timeout:
        raise DataError(
            _("Một lần nạp khác đang chạy trên {folder}. Hãy chờ xong rồi thử lại.").format(folder=warehouse)
        ) from None
    except (duckdb.Error, pl.exceptions.ComputeError, OSError) as error:
        raise gave_way(error, warehouse) from error


def check(config_path: Path, *, scratch: Path, progress: Progress | None = None) -> Report:
    """The same up to validation; nothing is published. `scratch` is a folder for temporary files."""
    _check_settings()
    config = load_config(config_path)
    try:
        inputs = read_inputs(config, scratch / "cache", progress or Progress())
        report = _fill(scratch / "check.duckdb", inputs, config_path, progress or Progress())
    except (duckdb.Error, pl.exceptions.ComputeError, OSError) as error:
        raise gave_way(error, scratch) from error
    if not report.dossiers:
        raise nothing_loaded(_rows_read(report), report.rejects_by_rule)
    return report


def _check_settings() -> None:
    """Refuse settings that make no sense before the files are read, not after."""
    memory_limit(BUILD_MEMORY, DEFAULT_BUILD_MEMORY)
    check_reader_settings()


def _checked(report: Report, warehouse: Path) -> Report:
    """The report of a snapshot that may be published, with what the guard has to say."""
    if not report.dossiers:
        raise nothing_loaded(_rows_read(report), report.rejects_by_rule)
    notice = guard_against_loss(warehouse, report.dossiers)
    return replace(report, notices=[*report.notices, notice]) if notice else report


def _rows_read(report: Report) -> dict[str, int]:
    rows = report.load.filter(pl.col("table_name").is_in(["dossier", "event"]))
    return dict(rows.group_by("source_file", maintain_order=True).agg(pl.col("rows_read").max()).iter_rows())


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
    states = [staged.state_at for staged in [*registers, *(log for log, _words in logs)] if staged.state_at]
    if not states:
        staged = [*registers, *(log for log, _words in logs)]
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


# ---- the snapshot ----------------------------------------------------------------------------------------------------


def _fill(path: Path, inputs: Inputs, config_path: Path, progress: Progress) -> Report:
    """Write all tables of a new snapshot file."""
    built_at = dt.datetime.now(ZoneInfo(inputs.config.province.timezone)).replace(tzinfo=None, microsecond=0)
    config_sha256 = hashlib.sha256(config_path.read_bytes()).hexdigest()
    snapshot_id = f"{built_at:%Y%m%d-%H%M%S}-{_content_id(inputs, config_sha256)}"
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_database(path)
    spill = path.with_suffix(".tmp")
    connection = duckdb.connect(
        str(path),
        config={
            "storage_compatibility_version": STORAGE_VERSION,
            "memory_limit": memory_limit(BUILD_MEMORY, DEFAULT_BUILD_MEMORY),
            "temp_directory": str(spill),
            "preserve_insertion_order": "true",
            "autoinstall_known_extensions": "false",
        },
    )
    try:
        connection.execute(TABLES.read_text(encoding="utf-8"))
        _insert_units(connection, inputs)
        merge.merge(
            connection,
            registers=inputs.registers,
            logs=inputs.logs,
            calendar=inputs.calendar,
            as_of=inputs.as_of,
            correct=lambda: corrections.apply_corrections(
                connection, inputs.corrections, as_of=inputs.as_of, timezone=inputs.config.province.timezone
            ),
            on_step=progress.on_step,
        )
        province = inputs.config.province
        connection.execute(
            "insert into snapshot by name select $1 as snapshot_id, $2::timestamp as built_at, $3::timestamp as as_of, "
            "$4::boolean as simulated, $5 as config_sha256, $6 as software_version, $7 as province_code, "
            "$8 as province_name, $9 as timezone, $10::integer as minutes_per_day",
            [
                snapshot_id,
                built_at,
                inputs.as_of,
                province.simulated,
                config_sha256,
                SOFTWARE_VERSION,
                province.code,
                province.name,
                province.timezone,
                inputs.calendar.minutes_per_day,
            ],
        )
        connection.execute("update load set loaded_at = $1::timestamp", [built_at])
        progress.on_step("writing")
        report = _report(connection, snapshot_id, inputs)
        connection.execute("checkpoint")
        return report
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)


def _insert_units(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> None:
    communes = inputs.commune_rows.join(inputs.shapes, on="commune_code", how="left", validate="1:1")
    old_names = inputs.lineage.rows.filter(pl.col("old_code").is_not_null()).unique(
        "old_code", keep="first", maintain_order=True
    )
    old_units = inputs.old_shapes.join(old_names, on="old_code", how="left", validate="1:1").sort("old_code")
    frames = {
        "commune": (communes.sort("commune_code"), "* exclude (wkb), st_geomfromwkb(wkb) as geometry"),
        "lineage": (inputs.lineage.rows, "*"),
        "procedure": (inputs.procedures.rows, "*"),
        "reported": (inputs.reported.rows, "*"),
        "index_weight": (inputs.index_weights, "*"),
        "index_score": (inputs.index_scores.rows, "*"),
        "dated_event": (inputs.dated_events.rows, "*"),
        "process_step": (inputs.processes, "*"),
        "unit_fact": (inputs.unit_facts.rows, "*"),
        "difficulty": (inputs.difficulties.rows, "*"),
        "old_unit": (
            old_units,
            "old_code, old_name as name, old_kind as kind, old_district as district, old_province as province, "
            "map_geojson, boundary_source, st_geomfromwkb(wkb) as geometry",
        ),
    }
    for table, (frame, columns) in frames.items():
        connection.register("incoming", frame.to_arrow())
        connection.execute(f"insert into {table} by name select {columns} from incoming")
        connection.unregister("incoming")
    small_tables = (
        *(inputs.communes, inputs.lineage, inputs.procedures, inputs.reported, inputs.index_scores),
        *(inputs.dated_events, inputs.unit_facts, inputs.difficulties),
    )
    for small in small_tables:
        for table, frame in (("reject", small.reject), ("load", small.load)):
            connection.register("incoming", frame.to_arrow())
            connection.execute(f"insert into {table} by name select * from incoming")
            connection.unregister("incoming")
    connection.register("incoming", inputs.boundary_warnings.to_arrow())
    connection.execute("insert into warning by name select source_file, rule, 'commune' as table_name from incoming")
    connection.unregister("incoming")


def _report(connection: duckdb.DuckDBPyConnection, snapshot_id: str, inputs: Inputs) -> Report:
    ((dossiers, outside_years),) = connection.execute(
        "select count(*), count(*) filter (not list_contains($1, year(received_at))) from dossier",
        [sorted(inputs.calendar.years)],
    ).fetchall()
    unknown = {
        staged.account.source_file: staged.account.unknown_headings
        for staged in [*inputs.registers, *(log for log, _words in inputs.logs)]
        if staged.account.unknown_headings
    }
    outcomes = dict(connection.execute("select outcome, count(*) from correction group by all").fetchall())
    notices: list[str] = []
    province = inputs.config.province
    if not province.is_known:
        notices.append(
            _("[province] code: không có tỉnh mã «{code}» trong 34 tỉnh, thành phố; vẫn nạp.").format(
                code=province.code
            )
        )
    if outcomes:
        notices.append(
            _(
                "Bản sửa lỗi nguồn: {applied} đã áp dụng, {expired} hết hiệu lực, {not_found} không thấy hồ sơ, "
                "{source_mended} nguồn đã tự sửa (nên bỏ khỏi tệp)."
            ).format(**dict.fromkeys(("applied", "expired", "not_found", "source_mended"), 0) | outcomes)
        )
    # A file of which nothing was loaded may be drowned by the others' rows.
    lost = connection.execute(
        "select source_file, rows_read, (select mode(message) from reject where reject.table_name = load.table_name "
        "and starts_with(reject.source_file, load.source_file)) from load "
        "where table_name in ('dossier', 'event') and rows_refused = rows_read and rows_read > 0 order by all"
    ).fetchall()
    notices += [
        _("{file}: không nạp được dòng nào trong {n} dòng. Lý do nhiều nhất: {message}").format(
            file=file, n=number(rows), message=message or "–"
        )
        for file, rows, message in lost
    ]
    if outside_years:
        notices.append(
            _(
                "{n} hồ sơ tiếp nhận ngoài các năm của lịch làm việc ({years}): chỉ tính thứ Hai đến thứ Sáu. "
                "Hãy bổ sung ngày nghỉ trong [calendar]."
            ).format(n=outside_years, years=f"{min(inputs.calendar.years)}–{max(inputs.calendar.years)}")
        )
    return Report(
        snapshot_id=snapshot_id,
        as_of=inputs.as_of,
        dossiers=int(dossiers),
        load=connection.sql("select * from load").pl(),
        rejects_by_rule=connection.sql(
            "select * exclude (example), unnest(example) from (select table_name, rule, count(*) as n, "
            "count(distinct message) as messages, "
            "min({'source_file': source_file, 'row_number': row_number, 'message': message}) as example "
            "from reject group by table_name, rule) order by n desc, rule"
        ).pl(),
        warnings_by_rule=connection.sql(
            "select table_name, rule, count(*) as n from warning group by all order by n desc, rule"
        ).pl(),
        unknown_headings=unknown,
        notices=notices,
    )


def _content_id(inputs: Inputs, config_sha256: str) -> str:
    """Four digits that tell two snapshots of one second apart and stay the same for the same inputs."""
    digests = [staged.account.sha256 for staged in [*inputs.registers, *(log for log, _words in inputs.logs)]]
    return hashlib.sha256("".join([config_sha256, *sorted(digests)]).encode()).hexdigest()[:6]
