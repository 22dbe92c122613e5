"""All tables of a new snapshot file, filled from the inputs, and the report of what became of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from etl import corrections, merge
from etl.inputs import Inputs, Progress
from etl.publishing import remove_database
from language import _
from language.formats import number
from warehouse.settings import BUILD_MEMORY, memory_limit

SOFTWARE_VERSION = "0.1.0"
TABLES = Path(__file__).resolve().parents[1] / "warehouse" / "tables.sql"
# Readable by DuckDB 1.5, so that older tools open a snapshot too.
STORAGE_VERSION = "v1.5.0"
DEFAULT_BUILD_MEMORY = "3GB"


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


def fill(path: Path, inputs: Inputs, config_path: Path, progress: Progress) -> Report:
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
        for staged in inputs.staged
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
    digests = [staged.account.sha256 for staged in inputs.staged]
    return hashlib.sha256("".join([config_sha256, *sorted(digests)]).encode()).hexdigest()[:6]
