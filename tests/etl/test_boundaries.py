"""Reading boundary files: formats, codes, projections, slips; and what is made of them for the maps."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from etl.boundaries import BoundaryWarning, prepare_boundaries, prepare_old_boundaries, read_boundaries
from etl.errors import DataError
from etl.shapes import as_coverage, for_map, inner_points, polygons_only, rounded, square_kilometres

CODES = ["07942", "08740", "04792"]


def squares(count: int = 3, *, size: float = 0.1, west: float = 105.0, south: float = 21.0) -> list[Any]:
    """Squares side by side, each about 115 km² at this latitude."""
    return [shapely.box(west + size * i, south, west + size * (i + 1), south + size) for i in range(count)]


def frame(codes: Sequence[object] = CODES, column: str = "code", **more: Any) -> gpd.GeoDataFrame:
    table = {column: list(codes), "ten": ["x"] * len(codes)}
    return gpd.GeoDataFrame(table, geometry=squares(len(codes), **more), crs="EPSG:4326")


def communes(codes: Sequence[str] = CODES, areas: Sequence[float | None] | None = None) -> pl.DataFrame:
    names = [f"Xã {code}" for code in codes]
    return pl.DataFrame(
        {"commune_code": list(codes), "full_name": names, "area_km2": areas or [None] * len(codes)},
        schema_overrides={"area_km2": pl.Float64},
    )


def rules(warnings: list[BoundaryWarning]) -> list[tuple[str, str | None]]:
    return [(warning.rule, warning.commune_code) for warning in warnings]


# ---- formats ---------------------------------------------------------------------------------------------------------


def write(data: gpd.GeoDataFrame, path: Path) -> Path:
    if path.suffix == ".parquet":
        data.to_parquet(path)
    elif path.suffix == ".zip":
        folder = path.parent / "shp"
        folder.mkdir()
        data.to_file(folder / "xa.shp")
        with zipfile.ZipFile(path, "w") as archive:
            for part in folder.iterdir():
                archive.write(part, part.name)
        shutil.rmtree(folder)
    else:
        data.to_file(path)
    return path


@pytest.mark.parametrize("name", ["xa.geojson", "xa.json", "xa.parquet", "xa.gpkg", "xa.shp", "xa.zip"])
def test_every_format_gives_the_same_polygons(tmp_path: Path, name: str) -> None:
    if name == "xa.json":
        write(frame(), tmp_path / "xa.geojson").rename(tmp_path / name)
    else:
        write(frame(), tmp_path / name)
    found = read_boundaries(tmp_path / name)
    assert found["commune_code"].to_list() == CODES
    assert found.crs == "EPSG:4326"
    assert all(shapely.equals(found.geometry.to_numpy(), squares()))
    assert found.attrs["warnings"] == []


@pytest.mark.parametrize(("name", "content"), [
    ("xa.geojson", b"not json"),
    ("xa.geojson", b""),
    ("xa.geojson", b'{"type": "FeatureCollection", "features": []}'),
    ("xa.geojson", b'{"type": "FeatureCollection"}'),
    ("xa.parquet", b"PAR1 no"),
    ("xa.gpkg", b"SQLite format 3\x00 no"),
    ("xa.zip", b"PK\x03\x04 no"),
    ("xa.shp", b"no"),
    ("xa.kml", b"<kml/>"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=re.escape(f"du-lieu/{name}")):
        read_boundaries(tmp_path / name, shown_as=f"du-lieu/{name}")


def test_a_plain_parquet_file_is_no_boundary_file(tmp_path: Path) -> None:
    pl.DataFrame({"code": CODES}).write_parquet(tmp_path / "xa.parquet")
    with pytest.raises(DataError, match="GeoParquet"):
        read_boundaries(tmp_path / "xa.parquet")


def test_a_table_without_shapes_is_no_boundary_file(tmp_path: Path) -> None:
    features = [{"type": "Feature", "properties": {"code": code}, "geometry": None} for code in CODES]
    (tmp_path / "xa.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with pytest.raises(DataError, match="không có ranh giới"):
        read_boundaries(tmp_path / "xa.geojson")


def test_points_are_no_boundaries(tmp_path: Path) -> None:
    data = frame()
    data.geometry = data.representative_point()
    with pytest.raises(DataError, match="polygon"):
        read_boundaries(write(data, tmp_path / "xa.geojson"))


def test_of_several_layers_the_one_with_polygons_is_read(tmp_path: Path) -> None:
    path = tmp_path / "xa.gpkg"
    points = frame()
    points.geometry = points.representative_point()
    points.to_file(path, layer="tru_so")
    frame().to_file(path, layer="xa")
    assert read_boundaries(path)["commune_code"].to_list() == CODES
    frame().to_file(path, layer="huyen")
    with pytest.raises(DataError, match="huyen"):
        read_boundaries(path)


# ---- codes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codes", [[7942, 8740, 4792], [7942.0, 8740.0, 4792.0], ["7942", " 08740", "4792.0"]])
def test_codes_get_back_the_zeros_that_they_lost(tmp_path: Path, codes: list[object]) -> None:
    assert read_boundaries(write(frame(codes), tmp_path / "xa.gpkg"))["commune_code"].to_list() == CODES


@pytest.mark.parametrize(("column", "wanted"), [
    ("MA_XA", None),
    ("Mã xã", None),
    ("ma_don_vi_cap_xa", "ma_don_vi_cap_xa"),  # a shapefile keeps ten letters
    ("Code_2025", "code_2025"),
])  # fmt: skip
def test_the_code_column_is_found(tmp_path: Path, column: str, wanted: str | None) -> None:
    name = "xa.shp" if len(column) > 10 else "xa.gpkg"
    found = read_boundaries(write(frame(column=column), tmp_path / name), code_column=wanted)
    assert found["commune_code"].to_list() == CODES


@pytest.mark.parametrize("wanted", [None, "ma_xa"])
def test_without_a_code_column_the_columns_there_are_are_listed(tmp_path: Path, wanted: str | None) -> None:
    path = write(frame(column="khoa"), tmp_path / "xa.geojson")
    with pytest.raises(DataError, match="khoa, ten"):
        read_boundaries(path, code_column=wanted)


def test_a_code_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="08740"):
        read_boundaries(write(frame(["08740", "8740", "04792"]), tmp_path / "xa.geojson"))


def test_a_polygon_without_code_is_left_out_and_told(tmp_path: Path) -> None:
    found = read_boundaries(write(frame(["07942", None, "04792"]), tmp_path / "xa.geojson"))
    assert found["commune_code"].to_list() == ["07942", "04792"]
    assert rules(found.attrs["warnings"]) == [("polygon_without_code", None)]
    with pytest.raises(DataError, match="để trống"):
        read_boundaries(write(frame([None, None, None]), tmp_path / "trong.geojson"))


def test_old_units_are_read_by_the_same_function(tmp_path: Path) -> None:
    path = write(frame(column="old_code"), tmp_path / "cu.geojson")
    found = prepare_old_boundaries(read_boundaries(path, code_column="old_code", output_column="old_code"))
    assert found.columns == ["old_code", "wkb", "map_geojson", "lon", "lat"]
    assert found["old_code"].to_list() == sorted(CODES)


# ---- coordinates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crs", ["EPSG:3405", "EPSG:3406", "EPSG:9205", "EPSG:9209", "EPSG:9218", "EPSG:4756"])
def test_vn_2000_is_brought_to_wgs_84(tmp_path: Path, crs: str) -> None:
    path = write(frame().to_crs(crs), tmp_path / "xa.gpkg")
    found = read_boundaries(path)
    # VN-2000 and WGS 84 lie some 200 m apart: a projection taken for the other would show.
    assert shapely.hausdorff_distance(found.geometry.to_numpy(), np.array(squares())).max() < 1e-6


def test_a_file_without_projection_in_degrees_is_taken_for_wgs_84(tmp_path: Path) -> None:
    path = write(frame(), tmp_path / "xa.shp")
    path.with_suffix(".prj").unlink()
    assert all(shapely.equals(read_boundaries(path).geometry.to_numpy(), squares()))


def test_a_file_without_projection_in_metres_asks_for_it_and_takes_it(tmp_path: Path) -> None:
    path = write(frame().to_crs("EPSG:9209"), tmp_path / "xa.shp")
    path.with_suffix(".prj").unlink()
    with pytest.raises(DataError, match="crs"):
        read_boundaries(path)
    found = read_boundaries(path, crs="EPSG:9209")
    assert shapely.hausdorff_distance(found.geometry.to_numpy(), np.array(squares())).max() < 1e-6


def test_a_geojson_in_metres_is_not_believed_to_be_in_degrees(tmp_path: Path) -> None:
    metres = frame().to_crs("EPSG:3405").set_crs("EPSG:4326", allow_override=True)
    path = write(metres, tmp_path / "xa.geojson")
    with pytest.raises(DataError, match="crs"):
        read_boundaries(path)
    assert read_boundaries(path, crs="EPSG:3405")["commune_code"].to_list() == CODES


@pytest.mark.parametrize("crs", ["múi 48", "EPSG:0"])
def test_an_unknown_projection_is_refused(tmp_path: Path, crs: str) -> None:
    with pytest.raises(DataError, match=crs):
        read_boundaries(write(frame(), tmp_path / "xa.geojson"), crs=crs)


def test_longitude_and_latitude_that_changed_places_are_put_right_and_told(tmp_path: Path) -> None:
    data = frame()
    data.geometry = shapely.transform(data.geometry.to_numpy(), lambda corners: corners[:, ::-1])
    found = read_boundaries(write(data, tmp_path / "xa.geojson"))
    assert all(shapely.equals(found.geometry.to_numpy(), squares()))
    assert rules(found.attrs["warnings"]) == [("axes_swapped", None)]


def test_another_country_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Việt Nam"):
        read_boundaries(write(frame(west=2.0, south=48.0), tmp_path / "xa.geojson"))


def test_a_polygon_that_crosses_itself_is_repaired_and_told(tmp_path: Path) -> None:
    data = frame()
    bow = shapely.Polygon([(105.1, 21.0), (105.2, 21.1), (105.2, 21.0), (105.1, 21.1)])
    data.loc[1, "geometry"] = bow
    found = read_boundaries(write(data, tmp_path / "xa.gpkg"))
    assert found.geometry.is_valid.all()
    assert rules(found.attrs["warnings"]) == [("polygon_repaired", "08740")]


# ---- against the communes --------------------------------------------------------------------------------------------


def test_communes_and_polygons_are_checked_both_ways(tmp_path: Path) -> None:
    read = read_boundaries(write(frame(["07942", "99999"]), tmp_path / "xa.geojson"))
    found, warnings = prepare_boundaries(read, communes(["07942", "08740"]))
    assert found["commune_code"].to_list() == ["07942"]
    assert rules(warnings) == [("commune_without_polygon", "08740"), ("polygon_without_commune", "99999")]
    assert "Xã 08740" in warnings[0].message


def test_an_area_far_from_the_declared_one_is_told(tmp_path: Path) -> None:
    read = read_boundaries(write(frame(), tmp_path / "xa.geojson"))
    drawn = square_kilometres(np.array(squares()))
    assert drawn == pytest.approx([115.0] * 3, rel=0.01)
    _, warnings = prepare_boundaries(read, communes(areas=[drawn[0] * 1.15, drawn[1] * 1.3, None]))
    assert rules(warnings) == [("area_differs", "08740")]


def test_boundaries_of_another_province_are_refused(tmp_path: Path) -> None:
    read = read_boundaries(write(frame(), tmp_path / "xa.geojson"))
    with pytest.raises(DataError, match="07942"):
        prepare_boundaries(read, communes(["00001"]))


def test_a_country_s_file_does_not_drown_the_report(tmp_path: Path) -> None:
    codes = ["07942", *(f"{number:05}" for number in range(40))]
    read = read_boundaries(write(frame(codes, size=0.01), tmp_path / "xa.geojson"))
    _, warnings = prepare_boundaries(read, communes(["07942"]))
    assert rules(warnings) == [("polygon_without_commune", None)]
    assert warnings[0].message.startswith("40 vùng")


# ---- shapes ----------------------------------------------------------------------------------------------------------


def ragged(count: int, seed: int) -> list[Any]:
    """A row of neighbours with wavy common edges."""
    random = np.random.default_rng(seed)
    lines = []
    for place in range(count + 1):
        y = np.linspace(21.0, 21.2, 60)
        x = 105 + 0.2 * place + np.r_[0, random.normal(0, 0.004, 58).cumsum() * 0.3, 0]
        lines.append(np.column_stack([x, y]))
    return [shapely.Polygon(np.vstack([left, right[::-1]])) for left, right in pairwise(lines)]


@given(seed=st.integers(0, 10_000), limit=st.sampled_from([2_500, 4_000, 100_000]))
def test_simplified_and_rounded_neighbours_still_share_their_edges(seed: int, limit: int) -> None:
    shapes = np.array(ragged(5, seed), dtype=object)
    if not shapely.coverage_is_valid(shapes):
        return
    texts = for_map(shapes, limit=limit)
    drawn = shapely.from_geojson(texts)
    assert shapely.is_valid(drawn).all() and shapely.coverage_is_valid(drawn)
    assert sum(map(len, texts)) <= limit
    assert re.search(r"\.\d{8}", "".join(texts)) is None
    assert shapely.area(drawn) == pytest.approx(shapely.area(shapes), rel=0.2)


def test_a_tiny_island_keeps_its_form_beside_a_large_province() -> None:
    island = shapely.Point(112.0, 16.5).buffer(0.004, quad_segs=16)
    shapes = np.array([*ragged(5, 1), island], dtype=object)
    drawn = shapely.from_geojson(for_map(shapes, limit=2_500)[-1])
    assert shapely.area(drawn) == pytest.approx(shapely.area(island), rel=0.1)
    assert shapely.get_num_coordinates(drawn) >= 8


def test_hairline_gaps_and_overlaps_are_closed() -> None:
    town = shapely.box(105.05, 21.05, 105.0999, 21.1)
    # Around the town with a gap of ten metres on one side; its neighbour to the east overlaps it by as much.
    around = shapely.box(105, 21, 105.2, 21.2) - shapely.box(105.05, 21.05, 105.1, 21.1)
    east = shapely.box(105.1999, 21, 105.3, 21.2)
    mended, at_fault = as_coverage(np.array([town, around, east], dtype=object))
    assert shapely.coverage_is_valid(mended)
    assert shapely.union_all(mended).equals(shapely.box(105, 21, 105.3, 21.2))
    assert {1, 2} <= set(at_fault)


def test_units_that_really_overlap_stay_as_they_are_and_are_told(tmp_path: Path) -> None:
    data = frame(CODES[:2])
    data.loc[1, "geometry"] = shapely.box(105.05, 21.0, 105.2, 21.1)
    read = read_boundaries(write(data, tmp_path / "xa.geojson"))
    found, warnings = prepare_boundaries(read, communes(CODES[:2]))
    assert rules(warnings) == [("polygons_mismatched", "07942"), ("polygons_mismatched", "08740")]
    assert shapely.area(shapely.from_wkb(found["wkb"].to_list())) == pytest.approx([0.01, 0.015])


def test_the_point_of_a_crescent_lies_in_it() -> None:
    crescent = shapely.Point(105, 21).buffer(0.1).difference(shapely.Point(105.05, 21).buffer(0.1))
    ((lon, lat),) = inner_points(np.array([crescent], dtype=object))
    assert crescent.contains(shapely.Point(lon, lat))


def test_only_the_polygons_of_a_mixed_shape_count() -> None:
    box = shapely.box(105, 21, 105.1, 21.1)
    far = shapely.box(107, 21, 108, 22)
    mixed = shapely.GeometryCollection([box, shapely.Point(106, 21), shapely.MultiPolygon([far])])
    assert polygons_only(mixed).equals(shapely.MultiPolygon([box, far]))
    assert polygons_only(shapely.LineString([(105, 21), (106, 21)])) is None
    assert polygons_only(None) is None


def test_rounding_keeps_a_sliver_valid() -> None:
    sliver = shapely.Polygon([(105, 21), (105.1, 21), (105.1, 21.000001)])
    kept = rounded(np.array([sliver], dtype=object))
    assert shapely.is_valid(kept).all() and shapely.area(kept)[0] > 0


# ---- real files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "province_code", "units"), [
    ("communes_2025_25_phu_tho.geojson", "25", 148),
    ("communes_2025_31_hai_phong.geojson", "31", 114),
    ("communes_2025_33_hung_yen.geojson", "33", 104),
    ("communes_2025_full.parquet", "25", 148),
])  # fmt: skip
def test_real_boundaries_become_a_light_map(shared_data: Path, name: str, province_code: str, units: int) -> None:
    texts = {"code": pl.String, "province_code": pl.String}
    official = pl.read_csv(shared_data / "boundaries" / "communes_2025.csv", schema_overrides=texts)
    official = official.filter(pl.col("province_code") == province_code)
    read = read_boundaries(shared_data / "boundaries" / name)
    found, warnings = prepare_boundaries(read, official.rename({"code": "commune_code"}))
    assert found.height == units
    assert {warning.rule for warning in warnings} <= {"area_differs", "polygon_without_commune"}
    assert found["map_geojson"].str.len_bytes().sum() <= 300_000
    full = shapely.from_wkb(found["wkb"].to_list())
    drawn = shapely.from_geojson(found["map_geojson"].to_list())
    for shapes in (full, drawn):
        assert shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)
    assert shapely.contains_xy(full, found["lon"].to_numpy(), found["lat"].to_numpy()).all()
    assert np.abs(shapely.area(drawn) / shapely.area(full) - 1).max() < 0.05
