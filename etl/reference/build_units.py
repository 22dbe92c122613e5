"""Make the tables of administrative units under data/reference/ from the PyPI package `vietnamadminunits` 1.0.4 (MIT).

Run once, by hand; the product reads only the tables:

    pip download vietnamadminunits==1.0.4 --no-deps
    unzip vietnamadminunits-1.0.4-py3-none-any.whl -d wheel
    python -m etl.reference.build_units wheel

Whatever is changed on the way is a row of units_mends_2025.csv with the reason.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl
import rich

from etl.reference import mends as rules
from etl.reference.areas import mend_areas
from etl.reference.mends import Mends, Pair, Unit
from language.text import fold

TARGET = Path(__file__).resolve().parents[2] / "data" / "reference"


def read_package(wheel: Path) -> tuple[dict[str, Unit], dict[str, Unit], list[Pair]]:
    """New units, old units, and the pairs (old key, new key, is the default target) as the package has them."""
    data = wheel / "vietnamadminunits" / "data"
    database = sqlite3.connect(f"file:{data / 'dataset.db'}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    new: dict[str, Unit] = {}
    for row in database.execute("select * from admin_units"):
        new[f"{row['provinceKey']}_{row['wardKey']}"] = Unit(
            row["wardCode"], row["ward"], row["province"].replace("Thủ đô", "Thành phố"), row["wardLon"],
            row["wardLat"], province_code=row["provinceCode"], area=row["wardAreaKm2"] or 0.0,
        )  # fmt: skip
    old: dict[str, Unit] = {}
    for row in database.execute("select * from admin_units_legacy"):
        level = "ward" if row["ward"] else "district"
        south_west, north_east = (part.split(",") for part in row[f"{level}Bounds"].split(" – "))
        box = (float(south_west[1]), float(south_west[0]), float(north_east[1]), float(north_east[0]))
        # The geocoder answered with the district (or the province) where it did not know the commune.
        answer = fold((row[f"{level}GeoAddress"] or "").split(",")[0])
        bare = answer.removesuffix(" district").removesuffix(" town")
        short = fold(row["wardShort"] or "")
        wider = bare in {fold(row["districtShort"]), fold(row["provinceShort"])} and bare != short
        same_box = row["ward"] is not None and row["wardBounds"] == row["districtBounds"] and bare != short
        old[f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"] = Unit(
            row["wardCode"] or "", row["ward"] or row["district"], row["province"], row[f"{level}Lon"],
            row[f"{level}Lat"], province_code=row["provinceCode"], district=row["district"],
            district_code=row["districtCode"], box=box, address=fold(row[f"{level}GeoAddress"] or ""),
            at_district=wider or same_box,
        )  # fmt: skip
    converter = json.loads((data / "converter_2025.json").read_text(encoding="utf-8"))
    pairs: list[Pair] = []
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        pairs += [(old_key, f"{province}_{ward}", True) for ward, keys in wards.items() for old_key in keys]
    for province, wards in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old_key, pieces in wards.items():
            pairs += [(old_key, f"{province}_{p['newWardKey']}", p["isDefaultNewWard"]) for p in pieces]
    return new, old, pairs


def build(wheel: Path, target: Path, say: Callable[[str], None]) -> None:
    """Write the tables; `say` gets one line a table."""
    mends = Mends()
    new, old, pairs = read_package(wheel)
    for old_key, new_key, _ in pairs:
        unit, code = old[old_key], new[new_key].code
        if not unit.code:
            unit.code = code
            mends.add("old_units", unit, "old_code", "", code, "huyện đảo không có xã: dùng mã đơn vị mới")
    pairs = rules.without_false_pairs(new, old, pairs, mends)
    # A divided unit's default target first, then by code: the order of a unit's pieces is the same on every run.
    pairs.sort(key=lambda pair: (not pair[2], old[pair[0]].code, new[pair[1]].code))
    pieces: dict[str, list[Unit]] = defaultdict(list)
    for old_key, new_key, _ in pairs:
        pieces[new_key].append(old[old_key])
        old[old_key].targets.append(new[new_key].code)
    rules.mend_names([*new.values(), *old.values()], mends)
    rules.mark_shared_points(old.values(), new)
    rules.mend_centroids(new, pieces, mends)
    basis = mend_areas(new, pieces, mends)
    rules.mend_old_points(new, pieces, mends)
    rules.separate_points(old.values(), mends)
    for name, frame in _tables(new, old, pairs, basis, mends).items():
        frame.write_csv(target / f"{name}.csv")
        say(f"{name}: {frame.height} rows, {(target / f'{name}.csv').stat().st_size:,} bytes")


def _tables(
    new: dict[str, Unit], old: dict[str, Unit], pairs: list[Pair], basis: dict[str, str], mends: Mends
) -> dict[str, pl.DataFrame]:
    units = [
        (unit.code, unit.name, unit.province_code, unit.area, basis[key], unit.lon, unit.lat)
        for key, unit in new.items()
    ]
    old_units = [
        (unit.code, unit.name, unit.district_code, unit.lon, unit.lat, *(unit.box or (None,) * 4))
        for unit in old.values()
    ]
    lineage = [
        (new[new_key].code, old[old_key].code, "part" if len(old[old_key].targets) > 1 else "whole", int(default))
        for old_key, new_key, default in pairs
    ]
    districts = {(unit.district_code, unit.district, unit.province_code, unit.province) for unit in old.values()}
    corners = ["west", "south", "east", "north"]
    numbers = dict.fromkeys(["lon", "lat", *corners], pl.Float64)
    return {
        "units_2025": _frame(
            units, ["commune_code", "full_name", "province_code", "area_km2", "area_basis", "lon", "lat"]
        ).with_columns(pl.col("area_km2").round(2), pl.col("lon", "lat").round(4)),
        "old_units_2025": pl.DataFrame(
            old_units,
            schema={"old_code": pl.String, "full_name": pl.String, "district_code": pl.String, **numbers},
            orient="row",
        ).sort("old_code").with_columns(pl.col(*numbers).round(4)),
        "lineage_2025": _frame(lineage, ["new_code", "old_code", "extent", "is_default"]),
        "provinces_2025": _frame(
            {(unit.province_code, unit.province) for unit in new.values()}, ["province_code", "province"]
        ),
        "old_districts_2025": _frame(districts, ["district_code", "district", "old_province_code", "old_province"]),
        "units_mends_2025": _frame(mends.rows, ["table", "code", "name", "column", "was", "now", "reason"]),
    }  # fmt: skip


def _frame(rows: Iterable[tuple[object, ...]], columns: list[str]) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows), schema=columns, orient="row")
    return frame.sort("table", "column", "code", "was") if "table" in columns else frame.sort(columns[:2])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m etl.reference.build_units UNPACKED_WHEEL")
    build(Path(sys.argv[1]), TARGET, rich.print)
