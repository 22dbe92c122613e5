"""The demo's approximate boundaries: one sound coverage, near the real one, of every province."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from etl import reference
from etl.shapes import square_kilometres
from etl.simulate.boundaries import approximate_boundaries

METRIC = "EPSG:32648"


@cache
def drawn(province_code: str) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    return approximate_boundaries(province_code)


def overlap(one: object, other: object) -> np.ndarray:
    """Intersection over union."""
    return shapely.area(shapely.intersection(one, other)) / shapely.area(shapely.union(one, other))


# 01 small wards, 25 the demo, 48 and 56 the far archipelagos, 79 islands and namesake points, 96 sea on two sides.
@pytest.mark.parametrize("province_code", ["01", "25", "48", "56", "79", "96"])
def test_a_province_is_one_valid_coverage_with_all_its_units(province_code: str) -> None:
    communes, old_units = drawn(province_code)
    assert communes["commune_code"].to_list() == reference.units(province_code)["commune_code"].to_list()
    assert old_units["old_code"].to_list() == sorted(set(reference.lineage(province_code)["old_code"]))
    for frame in (communes, old_units):
        assert frame.crs == "EPSG:4326"
        assert frame.geometry.is_valid.all() and not frame.geometry.is_empty.any()
        assert set(frame.geom_type) <= {"Polygon", "MultiPolygon"}
        assert shapely.coverage_is_valid(frame.geometry.to_numpy())
    whole, pieces = (shapely.union_all(frame.geometry.to_numpy()) for frame in (communes, old_units))
    assert overlap(whole, pieces) > 0.999999
    assert [part for part in shapely.get_parts(whole) if len(part.interiors)] == []


def test_an_inland_unit_is_one_polygon() -> None:
    assert set(drawn("25")[0].geom_type) == {"Polygon"}


@pytest.mark.parametrize("province_code", ["25", "48"])
def test_units_have_nearly_their_official_areas(province_code: str) -> None:
    official = reference.units(province_code)["area_km2"].to_numpy()
    ratio = square_kilometres(drawn(province_code)[0].geometry.to_numpy()) / official
    assert np.quantile(ratio, 0.05) > 0.9 and np.quantile(ratio, 0.95) < 1.15


@pytest.mark.parametrize(("province_code", "code", "lon", "lat"), [
    ("48", "20333", 112.0, 16.5),  # Hoàng Sa
    ("56", "22736", 114.3, 9.9),  # Trường Sa
])  # fmt: skip
def test_the_archipelagos_are_at_their_true_place(province_code: str, code: str, lon: float, lat: float) -> None:
    communes, _ = drawn(province_code)
    shape = communes.set_index("commune_code").geometry[code]
    assert shape.distance(shapely.Point(lon, lat)) < 0.3
    declared = dict(reference.units(province_code).select("commune_code", "area_km2").iter_rows())[code]
    assert square_kilometres(np.array([shape]))[0] == pytest.approx(declared, rel=0.3)


def test_nothing_is_random() -> None:
    again = approximate_boundaries("33")
    for first, second in zip(drawn("33"), again, strict=True):
        assert first.to_json() == second.to_json()


def test_the_demo_province_is_drawn_in_seconds() -> None:
    reference.lineage("25")
    # The processor's time: other work on the machine is not ours.
    start = time.process_time()
    approximate_boundaries("25")
    assert time.process_time() - start < 10


def test_an_unknown_province_is_refused() -> None:
    with pytest.raises(KeyError):
        approximate_boundaries("99")


# Medians measured: Phú Thọ 0.75, Hải Phòng 0.67, Hưng Yên 0.74; provinces 0.95, 0.91, 0.95.
@pytest.mark.parametrize(("province_code", "units", "median", "province"), [
    ("25", 148, 0.73, 0.94),
    ("31", 114, 0.65, 0.90),
    ("33", 104, 0.71, 0.94),
])  # fmt: skip
def test_approximate_boundaries_overlap_the_real_ones(
    shared_data: Path, province_code: str, units: int, median: float, province: float
) -> None:
    real = gpd.read_parquet(shared_data / "boundaries" / "communes_2025_full.parquet")
    real = real[real["province_code"] == province_code].to_crs(METRIC).sort_values("code")
    # Invalid by hairs in projection; metres do not matter here.
    true = shapely.make_valid(shapely.simplify(real.geometry.to_numpy(), 20))
    ours = drawn(province_code)[0].to_crs(METRIC).sort_values("commune_code")
    assert ours["commune_code"].to_list() == real["code"].to_list()
    each = overlap(true, ours.geometry.to_numpy())
    assert len(each) == units
    assert np.median(each) > median
    assert overlap(shapely.union_all(true), shapely.union_all(ours.geometry.to_numpy())) > province
