"""Small complete snapshots for everyone's tests: state only what a test is about, the rest gets a sensible default.

directory = build_snapshot(tmp_path, dossiers=[dossier(received_at="2025-07-01 08:00", due_at="2025-07-03")])
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from language.text import fold, sort_key
from warehouse import TABLES_SQL, publish, snapshot_path

# What the ETL counts from the tables given, in its order.
COUNTS_SQL = [
    Path(__file__).parents[1] / "etl" / "sql" / name
    for name in ("daily_flow.sql", "histogram.sql", "submissions.sql", "steps.sql")
]
PAUSE_WORDS = Path(__file__).parents[1] / "data" / "reference" / "pause_words.csv"
INDEX_WEIGHTS = Path(__file__).parents[1] / "data" / "reference" / "index_766_weights.csv"
OFFICE_HOURS = ((450, 690), (780, 1020))  # 07:30-11:30 and 13:00-17:00, in minutes after midnight
AS_OF = dt.datetime(2025, 9, 30, 18, 0)

Row = dict[str, Any]
_serial = count(1)


def moment(value: str | dt.datetime | dt.date | None) -> dt.datetime | None:
    """A time from `2025-07-01`, `2025-07-01 08:30`, a date or a time."""
    if isinstance(value, str):
        return dt.datetime.fromisoformat(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    return value


def commune(commune_code: str = "08740", full_name: str = "Phường Phú Thọ", **overrides: Any) -> Row:
    """A unit in force; the outline is a square whose place follows from the code."""
    kind = {"Phường": "ward", "Xã": "commune", "Đặc": "special_zone"}[full_name.split(" ")[0]]
    number = int(commune_code)
    west, south = round(105 + number % 10 * 0.1, 5), round(21 + number // 10 % 10 * 0.1, 5)
    east, north = round(west + 0.1, 5), round(south + 0.1, 5)
    square = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "commune_code": commune_code,
        "name": full_name.removeprefix("Phường ").removeprefix("Xã ").removeprefix("Đặc khu "),
        "full_name": full_name,
        "kind": kind,
        "province_code": "25",
        "area_km2": 20.0,
        "population": 30_000,
        "staff": 60,
        "reception_staff": 6,
        "centre_area_m2": 150.0,
        "agency_code": f"H44.{number % 1000}",
        "cluster": None,
        "old_province": "Phú Thọ",
        "old_district": "Thị xã Phú Thọ",
        "search_key": fold(full_name),
        "lon": (west + east) / 2,
        "lat": (south + north) / 2,
        "map_geojson": json.dumps({"type": "Polygon", "coordinates": [square]}),
        "boundary_source": "test",
        "boundary_approximate": True,
    } | overrides


# Two units that a careless join confuses, and two of other kinds, districts and clusters.
COMMUNES: tuple[Row, ...] = (
    commune("08740", "Phường Phú Thọ", cluster="Đồng bằng"),
    commune(
        "08230", "Phường Phúc Yên", cluster="Đồng bằng", old_province="Vĩnh Phúc", old_district="Thành phố Phúc Yên"
    ),
    commune("08521", "Xã Đồng Lương", cluster="Miền núi", old_district="Huyện Cẩm Khê", reception_staff=3),
    commune("08674", "Xã Ấm Hạ", cluster=None, old_district="Huyện Hạ Hòa", population=None, reception_staff=None),
)


def dossier(**overrides: Any) -> Row:
    """A dossier of a copy certification; `finished_at` closes it (status 10), without it it is open (status 4)."""
    closed_at = overrides.get("finished_at") or overrides.get("returned_at")
    row: Row = {
        "dossier_id": f"H44.740-250701-{next(_serial):06d}",
        "commune_code": "08740",
        "received_by": overrides.get("commune_code", "08740"),
        "procedure_code": "2.000815",
        "field": "Chứng thực",
        "channel": "in_person",
        "received_at": "2025-07-01 08:00",
        "closed_at": closed_at,
        "status": 4 if overrides.get("closed_at", closed_at) is None else 10,
        "supplement_requests": 0,
        "repeat_supplement_requested_at": None,
        "refused_at": None,
        "source_file": "so_theo_doi.xlsx",
    } | overrides
    row.setdefault("submitted_at", row["received_at"])
    return row | {name: moment(value) for name, value in row.items() if name.endswith("_at")}


@cache
def index_weights() -> list[Row]:
    """The points of Decision 766 by component, as our reference table has them."""
    types = {"valid_from": pl.Date, "valid_to": pl.Date, "component": pl.String}
    return pl.read_csv(INDEX_WEIGHTS, schema_overrides=types).to_dicts()


def index_score(**overrides: Any) -> Row:
    """A published score of a commune: full marks for the petitions of the third quarter."""
    return {
        "commune_code": "08740",
        "starts_on": dt.date(2025, 7, 1),
        "ends_on": dt.date(2025, 9, 30),
        "item": "5.2",
        "score": 6.0,
        "max_score": 6.0,
        "source": "Cổng công bố",
        "source_date": None,
        "source_file": "diem.csv",
        "row_number": 2,
    } | overrides


def dated_event(**overrides: Any) -> Row:
    """A dated event of the whole province: an outage of one day."""
    row: Row = {
        "starts_on": dt.date(2025, 8, 4),
        "ends_on": None,
        "scope": "province",
        "commune_code": None,
        "procedure_code": None,
        "kind": "outage",
        "text": "Sự cố phần mềm",
        "source": "Văn phòng",
        "source_file": "su_kien.csv",
        "row_number": 2,
    } | overrides
    return row | {"ends_on": row["ends_on"] or row["starts_on"]}


def unit_fact(**overrides: Any) -> Row:
    """What a source says of a commune: about 35,100 people."""
    row: Row = {
        "commune_code": "08740",
        "fact": "population",
        "value": 35_100.0,
        "precision": "about",
        "source": "Báo cáo của phường",
        "stated_on": dt.date(2025, 8, 15),
        "source_file": "thong_tin.csv",
        "row_number": 2,
    } | overrides
    bounds = dict.fromkeys(("value_low", "value_high"), row["value"])
    return {"fact_name": row["fact"], "value_text": str(row["value"])} | bounds | row


def difficulty(**overrides: Any) -> Row:
    """A difficulty of a commune that nobody has answered yet."""
    row: Row = {
        "commune_code": "08740",
        "category": "online_payment",
        "category_by": "stated",
        "category_name": None,
        "department": "Sở Khoa học và Công nghệ",
        "text": "Thanh toán trực tuyến hay lỗi",
        "asked_on": dt.date(2025, 8, 4),
        "due_on": dt.date(2025, 8, 18),
        "state": "open",
        "answer": None,
        "answered_on": None,
        "count": None,
        "source": "Danh sách cuối ngày",
        "source_file": "vuong_mac.csv",
        "row_number": 2,
    } | overrides
    return {"difficulty_id": f"{row['commune_code']}-{next(_serial):06d}"} | row


def process(procedure_code: str, *steps: tuple[str, float | None] | str, illustrative: bool = False) -> list[Row]:
    """The rows of a declared process: steps in order, with their hours or without; `?` after a name: optional."""
    named = [step if isinstance(step, tuple) else (step, None) for step in steps]
    return [
        {
            "procedure_code": procedure_code,
            "position": position,
            "activity": activity.removesuffix("?"),
            "hours": hours,
            "is_optional": activity.endswith("?"),
            "is_illustrative": illustrative,
            "source": "Quyết định",
        }
        for position, (activity, hours) in enumerate(named, start=1)
    ]


def calendar(
    *,
    start: dt.date = dt.date(2024, 1, 1),
    end: dt.date = dt.date(2027, 12, 31),
    days_off: Iterable[dt.date] = (),
    workdays: Iterable[dt.date] = (),
    hours: Sequence[tuple[int, int]] = OFFICE_HOURS,
) -> list[Row]:
    """The working calendar from Monday to Friday, less `days_off`, with the make-up days `workdays`."""
    off, made_up = set(days_off), set(workdays)
    full_day = sum(ends - starts for starts, ends in hours)
    rows, before = [], 0
    for offset in range((end - start).days + 1):
        day = start + dt.timedelta(days=offset)
        is_working = day in made_up or (day.weekday() < 5 and day not in off)
        minutes = full_day if is_working else 0
        rows.append({"day": day, "minutes": minutes, "minutes_before": before, "is_working": is_working, "note": None})
        before += minutes
    return rows


def build_snapshot(
    directory: Path,
    *,
    dossiers: Sequence[Row] = (),
    communes: Sequence[Row] = COMMUNES,
    events: Sequence[Row] = (),
    procedures: Sequence[Row] = (),
    lineage: Sequence[Row] = (),
    old_units: Sequence[Row] = (),
    pauses: Sequence[Row] = (),
    rejects: Sequence[Row] = (),
    warnings: Sequence[Row] = (),
    corrections: Sequence[Row] = (),
    changes: Sequence[Row] = (),
    loads: Sequence[Row] = (),
    reported: Sequence[Row] = (),
    scores: Sequence[Row] = (),
    dated_events: Sequence[Row] = (),
    processes: Sequence[Row] = (),
    facts: Sequence[Row] = (),
    difficulties: Sequence[Row] = (),
    weights: Sequence[Row] | None = None,
    calendar_rows: Sequence[Row] | None = None,
    hours: Sequence[tuple[int, int]] = OFFICE_HOURS,
    as_of: str | dt.datetime = AS_OF,
    snapshot_id: str = "20250930T180000",
    **info: Any,
) -> Path:
    """Write a snapshot with every table and publish it; returns the warehouse's directory.

    `processing_minutes` of finished dossiers and `due_difference_days` are filled from the calendar where a row does
    not state them.
    """
    days = list(calendar_rows) if calendar_rows is not None else calendar(hours=hours)
    minutes_per_day = sum(ends - starts for starts, ends in hours)
    ranks = {code: rank for rank, code in enumerate(c["commune_code"] for c in sorted(communes, key=_by_name))}
    tables: dict[str, Sequence[Row]] = {
        "snapshot": [
            {
                "snapshot_id": snapshot_id,
                "built_at": dt.datetime(2025, 10, 1, 6, 0),
                "as_of": moment(as_of),
                "simulated": True,
                "config_sha256": "0" * 64,
                "software_version": "0",
                "province_code": "25",
                "province_name": "Phú Thọ",
                "timezone": "Asia/Ho_Chi_Minh",
                "minutes_per_day": minutes_per_day,
            }
            | info
        ],
        "commune": [{"sort_order": ranks[row["commune_code"]]} | row for row in communes],
        "old_unit": old_units,
        "lineage": lineage,
        "procedure": procedures,
        "dossier": [_with_due_difference(_with_processing(row, days, hours), days) for row in dossiers],
        "dossier_pause": pauses,
        # As the ETL lays them down: by dossier and step.
        "event": sorted(
            (row | {"at": moment(row["at"])} for row in events), key=lambda row: (row["dossier_id"], row["step"])
        ),
        "activity": _activities(events),
        "calendar": days,
        "office_hours": [{"starts": starts, "ends": ends} for starts, ends in hours],
        "reject": rejects,
        "warning": warnings,
        "correction": corrections,
        "dossier_change": changes,
        "load": loads,
        "reported": [{"row_id": number} | row for number, row in enumerate(reported, start=1)],
        "index_weight": index_weights() if weights is None else weights,
        "index_score": [index_score(row_id=number) | row for number, row in enumerate(scores, start=1)],
        "dated_event": [dated_event(**row) | {"event_id": number} for number, row in enumerate(dated_events, start=1)],
        "process_step": processes,
        "unit_fact": [unit_fact(**row) for row in facts],
        "difficulty": [difficulty(**row) | {"row_number": number} for number, row in enumerate(difficulties, start=2)],
    }
    path = snapshot_path(directory, snapshot_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_empty_tables())
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as built")
        connection.execute("use built")
        connection.execute("begin")
        for table, rows in tables.items():
            _insert(connection, table, rows)
        connection.execute(
            "update commune set geometry = ST_GeomFromGeoJSON(map_geojson) where map_geojson is not null"
        )
        connection.execute(
            "update old_unit set geometry = ST_GeomFromGeoJSON(map_geojson) where map_geojson is not null"
        )
        # Rows have their lasting numbers from here on.
        connection.execute("commit")
        for path in COUNTS_SQL:
            connection.execute(path.read_text(encoding="utf-8"))
    publish(directory, snapshot_id)
    return directory


@cache
def _empty_tables() -> bytes:
    """A snapshot's file with every table and no row: declaring them takes a third of building a small one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.duckdb"
        with duckdb.connect() as connection:
            connection.execute(f"attach '{path}' as built (storage_version 'v1.5.0')")
            connection.execute("use built")
            connection.execute(TABLES_SQL.read_text(encoding="utf-8"))
        return path.read_bytes()


def _activities(events: Sequence[Row]) -> list[Row]:
    """The activities that the events name, with the causes that the reviewed words give them."""
    words = [(cause, fold(word)) for cause, word in pl.read_csv(PAUSE_WORDS).select("cause", "word").rows()]
    names = sorted({row["activity"] for row in events if row.get("activity") is not None})
    causes = [next((cause for cause, word in words if word in fold(name)), None) for name in names]
    return [
        {"activity_id": number, "name": name, "cause": cause}
        for number, (name, cause) in enumerate(zip(names, causes, strict=True), start=1)
    ]


def working_minutes(
    starts_at: dt.datetime, ends_at: dt.datetime, days: Sequence[Row], hours: Sequence[tuple[int, int]] = OFFICE_HOURS
) -> int:
    """Whole working minutes from one time to another."""
    return int(working_seconds(starts_at, ends_at, days, hours) // 60)


def working_seconds(
    starts_at: dt.datetime, ends_at: dt.datetime, days: Sequence[Row], hours: Sequence[tuple[int, int]] = OFFICE_HOURS
) -> float:
    """Working seconds from one time to another, counted day by day: slow, plain, for checking faster ways."""
    working = {row["day"] for row in days if row["is_working"]}
    seconds = 0.0
    day = starts_at.date()
    while day <= ends_at.date():
        for opens, closes in hours if day in working else ():
            midnight = dt.datetime.combine(day, dt.time())
            begin = max(starts_at, midnight + dt.timedelta(minutes=opens))
            end = min(ends_at, midnight + dt.timedelta(minutes=closes))
            seconds += max((end - begin).total_seconds(), 0)
        day += dt.timedelta(days=1)
    return seconds


def _with_processing(row: Row, days: Sequence[Row], hours: Sequence[tuple[int, int]]) -> Row:
    if "processing_minutes" in row or not row.get("finished_at"):
        return row
    minutes = working_minutes(row["received_at"], row["finished_at"], days, hours) - (row.get("paused_minutes") or 0)
    return row | {"processing_minutes": max(minutes, 0)}


def _with_due_difference(row: Row, days: Sequence[Row]) -> Row:
    promised, computed = row.get("due_at"), row.get("computed_due_at")
    if "due_difference_days" in row or not promised or not computed:
        return row
    first, last = sorted((promised.date(), computed.date()))
    between = sum(day["is_working"] for day in days if first < day["day"] <= last)
    return row | {"due_difference_days": between if promised >= computed else -between}


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    connection.register("given_rows", pl.DataFrame(list(rows), infer_schema_length=None))
    connection.execute(f"insert into built.{table} by name select * from given_rows")
    connection.unregister("given_rows")


def _by_name(row: Row) -> tuple[object, ...]:
    return sort_key(row["name"])
