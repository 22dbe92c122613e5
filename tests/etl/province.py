"""A tiny province on disk for ETL tests: two wards, a commune, a split old unit, one register and perhaps a log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from etl.build import Report, build

COMMUNES = """code,full_name,type,area_km2,population,agency
07942,Phường Phú Thọ,Phường,"23,07",27.957,H44.101
08740,Phường Phúc Yên,Phường,"23,40",63.954,H44.102
10645,Xã An Phú,Xã,"27,25",35.121,H44.103
"""
LINEAGE = """new_code,old_code,old_name,old_district,old_province,extent
07942,07942,Phường Hùng Vương,Thị xã Phú Thọ,Tỉnh Phú Thọ,Nhập toàn bộ
07942,07950,Xã Hà Lộc,Thị xã Phú Thọ,Tỉnh Phú Thọ,Nhập toàn bộ
08740,08740,Phường Hùng Vương,Thành phố Phúc Yên,Tỉnh Vĩnh Phúc,Nhập toàn bộ
10645,10646,Xã Cộng Hòa,Huyện Kim Thành,Tỉnh Hải Dương,Nhập một phần
08740,10646,Xã Cộng Hòa,Huyện Kim Thành,Tỉnh Hải Dương,Nhập một phần
"""
REGISTER_HEADINGS = (
    *("Số hồ sơ", "Mã xã", "Mã TTHC", "Kênh thực hiện", "Chủ hồ sơ", "SĐT", "Ngày tiếp nhận", "Ngày hẹn trả"),
    *("Ngày kết thúc xử lý", "Trạng thái"),
)
TOML = """
[province]
code = "25"
name = "Phú Thọ"
simulated = true

[communes]
path = "communes.csv"
columns = { commune_code = "code", name = "full_name", kind = "type", agency_code = "agency" }

[lineage]
path = "lineage.csv"
"""
REGISTER_BLOCK = """
[[dossiers]]
path = "exports/*"
state_at = "2026-03-31T18:00:00"
columns = { commune_code = "Mã xã" }
"""
LOG_BLOCK = """
[[events]]
path = "logs/*"
columns = { dossier_id = "Mã hồ sơ", at = "Thời điểm", activity = "Bước xử lý", unit = "Phòng ban", actor = "Cán bộ" }
"""


def row(
    dossier_id: str,
    *,
    commune: str = "07942",
    procedure: str = "2.000815",
    channel: str = "Trực tiếp",
    received: str = "02/03/2026 08:00",
    due: str = "04/03/2026",
    finished: str = "03/03/2026 09:00",
    status: str = "Đã trả kết quả",
) -> tuple[str, ...]:
    """A register row; the applicant and the telephone are invented."""
    return (
        *(dossier_id, commune, procedure, channel, "Nguyễn Thị Mô Phỏng", "0900000123"),
        *(received, due, finished, status),
    )


def code(number: int) -> str:
    return f"H44.101-260302-{number:04d}"


def csv_text(rows: Sequence[Sequence[str]], headings: Sequence[str] = REGISTER_HEADINGS) -> str:
    return (
        "\n".join(",".join(f'"{cell}"' if "," in cell else cell for cell in line) for line in (headings, *rows)) + "\n"
    )


def write_province(
    directory: Path,
    rows: Sequence[Sequence[str]] = (),
    *,
    toml: str = "",
    register: str = "register.csv",
    log: Sequence[Sequence[str]] = (),
) -> Path:
    """Write the files and return the path of `province.toml`. `toml` replaces the register's block."""
    (directory / "exports").mkdir(parents=True, exist_ok=True)
    (directory / "communes.csv").write_text(COMMUNES, encoding="utf-8")
    (directory / "lineage.csv").write_text(LINEAGE, encoding="utf-8")
    blocks = toml or REGISTER_BLOCK
    if rows:
        (directory / "exports" / register).write_text(csv_text(rows), encoding="utf-8")
    if log:
        (directory / "logs").mkdir(exist_ok=True)
        headings = ("Mã hồ sơ", "Thời điểm", "Bước xử lý", "Phòng ban", "Cán bộ")
        (directory / "logs" / "log.csv").write_text(csv_text(log, headings), encoding="utf-8")
        if "[[events]]" not in blocks:
            blocks += LOG_BLOCK
    (directory / "province.toml").write_text(TOML + blocks, encoding="utf-8")
    return directory / "province.toml"


def build_province(directory: Path, rows: Sequence[Sequence[str]] = (), **options: object) -> tuple[Report, Tables]:
    """Write, build and open a province."""
    report = build(write_province(directory, rows, **options), directory / "warehouse")  # type: ignore[arg-type]
    return report, Tables(directory / "warehouse", report.snapshot_id or "")


class Tables:
    """The tables of a snapshot as lists of dicts."""

    def __init__(self, warehouse: Path, snapshot_id: str) -> None:
        self.path = warehouse / "snapshots" / f"{snapshot_id}.duckdb"

    def __call__(self, sql: str) -> list[dict[str, object]]:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.sql(sql).pl().to_dicts()

    def one(self, sql: str) -> dict[str, object]:
        (only,) = self(sql)
        return only


def square(west: float, south: float, size: float = 0.1) -> dict[str, object]:
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def write_boundaries(directory: Path, codes: Sequence[str], *, property_name: str = "code") -> Path:
    """Neighbouring squares with the given codes."""
    features = [
        {"type": "Feature", "properties": {property_name: each}, "geometry": square(105 + 0.1 * place, 21.3)}
        for place, each in enumerate(codes)
    ]
    path = directory / "boundaries.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path
