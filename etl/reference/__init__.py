"""The administrative units of the whole country at the merger of 1 July 2025, from the tables under data/reference/.

The tables are made by `etl.reference.build_units`; data/reference/README.md tells their source and what was mended.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

FOLDER = Path(__file__).resolve().parents[2] / "data" / "reference"
BOX = ("west", "south", "east", "north")
# A prefix of the full name to our word for the kind; old island districts without communes keep their own.
KINDS = {
    "Phường": "ward",
    "Xã": "commune",
    "Đặc khu": "special_zone",
    "Thị trấn": "township",
    "Huyện": "district",
}


def _read(name: str) -> pl.DataFrame:
    frame = pl.read_csv(FOLDER / f"{name}.csv", infer_schema=False)
    numbers = [column for column in ("area_km2", "lon", "lat", *BOX) if column in frame.columns]
    return frame.with_columns(pl.col(numbers).cast(pl.Float64))


def _with_kind(frame: pl.DataFrame) -> pl.DataFrame:
    prefix = pl.col("full_name").str.extract(f"^({'|'.join(KINDS)}) ", 1)
    return frame.with_columns(
        name=pl.col("full_name").str.replace(f"^({'|'.join(KINDS)}) ", ""), kind=prefix.replace_strict(KINDS)
    )


@cache
def provinces() -> pl.DataFrame:
    """The 34 provinces: `province_code, province` ("Tỉnh Phú Thọ"), `province_name` ("Phú Thọ")."""
    bare = pl.col("province").str.replace(r"^(Tỉnh|Thành phố) ", "").alias("province_name")
    return _read("provinces_2025").with_columns(bare).sort("province_code")


@cache
def _units() -> pl.DataFrame:
    frame = _with_kind(_read("units_2025")).join(provinces(), on="province_code").sort("commune_code")
    return frame.select(
        "commune_code", "name", "full_name", "kind", "province_code", "province_name",
        "area_km2", "area_basis", "lon", "lat",
    )  # fmt: skip


def units(province_code: str | None = None) -> pl.DataFrame:
    """The 3,321 units in force since 1 July 2025, or those of one province (none for an unknown code).

    `commune_code, name, full_name, kind, province_code, province_name, area_km2, area_basis, lon, lat`; `area_basis` is
    `official` or `estimated` (km²), `lon` and `lat` (degrees, WGS 84) are a point of the unit.
    """
    return _units() if province_code is None else _units().filter(pl.col("province_code") == province_code)


@cache
def old_units() -> pl.DataFrame:
    """The 10,040 units of 30 June 2025 (five of them island districts without communes, under the new unit's code).

    `old_code, name, full_name, kind, district, province, province_code, lon, lat, west, south, east, north`: the box
    (degrees) is null where none is known; no two units share a point.
    """
    districts = _read("old_districts_2025")
    return (
        _with_kind(_read("old_units_2025"))
        .join(districts, on="district_code")
        .select(
            "old_code", "name", "full_name", "kind", "district", pl.col("old_province").alias("province"),
            pl.col("old_province_code").alias("province_code"), "lon", "lat", *BOX,
        )
        .sort("old_code")
    )  # fmt: skip


@cache
def _lineage() -> pl.DataFrame:
    old = old_units().select(
        "old_code", old_name="name", old_kind="kind", old_district="district", old_province="province"
    )
    pairs = _read("lineage_2025").with_columns(is_default=pl.col("is_default") == "1")
    return pairs.join(old, on="old_code").select(
        "new_code", "old_code", "old_name", "old_kind", "old_district", "old_province", "extent", "is_default"
    ).sort("new_code", "old_code")  # fmt: skip


def lineage(province_code: str | None = None) -> pl.DataFrame:
    """Old unit to new unit, one row a piece, of the country or of one (new) province.

    `new_code, old_code, old_name, old_kind, old_district, old_province, extent, is_default`; `extent` is `whole` or
    `part`, `is_default` marks the new unit that most people of a divided old unit belong to (true for whole ones).
    """
    if province_code is None:
        return _lineage()
    return _lineage().join(units(province_code).select(new_code="commune_code"), on="new_code", how="semi")
