"""The reference tables of administrative units, and the rules that mended them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import geopandas as gpd
import polars as pl
import pytest
import shapely

from etl import reference
from etl.reference import mends as rules
from etl.reference.mends import Mends, Unit

THREE = ["25", "31", "33"]
# Resolution 202/2025/QH15, where the communes' areas add up to it without an estimate.
PROVINCE_AREAS = {"01": 3359.84, "04": 6700.39, "24": 4718.6, "25": 9361.38, "31": 3194.72, "33": 2514.81}


def test_every_unit_of_the_country_is_there_once() -> None:
    units, old = reference.units(), reference.old_units()
    assert (units.height, units["commune_code"].n_unique()) == (3321, 3321)
    assert (old.height, old["old_code"].n_unique()) == (10_040, 10_040)
    assert reference.provinces().height == units["province_code"].n_unique() == 34
    assert old["province_code"].n_unique() == old["province"].n_unique() == 63
    kinds = dict(units.group_by("kind").len().iter_rows())
    assert kinds == {"commune": 2621, "ward": 687, "special_zone": 13}
    assert set(old["kind"]) == {"commune", "ward", "township", "district"}
    for codes in (units["commune_code"], old["old_code"]):
        assert codes.str.contains(r"^\d{5}$").all()


def test_a_province_has_its_own_units_and_an_unknown_one_none() -> None:
    phu_tho = reference.units("25")
    assert phu_tho.height == 148
    assert phu_tho.row(by_predicate=pl.col("commune_code") == "07942", named=True)["full_name"] == "Phường Phú Thọ"
    assert reference.units("99").is_empty() and reference.lineage("99").is_empty()
    assert reference.lineage("25")["new_code"].n_unique() == 148


def test_names_are_composed_and_have_the_tone_where_the_statistics_office_puts_it() -> None:
    names = [*reference.units()["full_name"], *reference.old_units()["full_name"], *reference.old_units()["district"]]
    assert all(name == unicodedata.normalize("NFC", name) == name.strip() for name in names)
    # "oà" and "uỷ" at the end of a syllable are the other spelling, but for "quỷ".
    other = re.compile(r"(oà|oá|oả|oã|oạ|oè|oé|oẻ|oẽ|oẹ|(?<!q)(uỳ|uý|uỷ|uỹ|uỵ))\b", re.IGNORECASE)
    assert [name for name in names if other.search(name)] == []


def test_every_old_unit_has_one_default_and_every_new_unit_a_piece() -> None:
    lineage = reference.lineage()
    assert set(lineage["old_code"]) == set(reference.old_units()["old_code"])
    assert set(lineage["new_code"]) == set(reference.units()["commune_code"])
    assert lineage.select("new_code", "old_code").is_unique().all()
    per_old = lineage.group_by("old_code").agg(pl.col("is_default").sum(), pl.len(), pl.col("extent").unique())
    assert (per_old["is_default"] == 1).all()
    assert per_old.filter((pl.col("len") > 1) != (pl.col("extent").list.first() == "part")).is_empty()
    assert (per_old["extent"].list.len() == 1).all()


def test_points_are_distinct_and_lie_in_their_boxes_and_in_the_country() -> None:
    old, units = reference.old_units(), reference.units()
    assert old.select("lon", "lat").is_unique().all()
    within = old.drop_nulls("west").filter(
        ~(pl.col("lon").is_between(pl.col("west") - 0.01, pl.col("east") + 0.01))
        | ~(pl.col("lat").is_between(pl.col("south") - 0.01, pl.col("north") + 0.01))
    )
    assert within.is_empty()
    for frame in (old, units):
        assert frame["lon"].is_between(102, 115).all() and frame["lat"].is_between(8, 23.5).all()
    assert units["area_km2"].is_between(0.3, 1500).all()


def test_the_communes_areas_add_up_to_their_provinces() -> None:
    sums = dict(reference.units().group_by("province_code").agg(pl.col("area_km2").sum()).iter_rows())
    assert {code: pytest.approx(total, abs=0.5) for code, total in PROVINCE_AREAS.items()} == {
        code: sums[code] for code in PROVINCE_AREAS
    }


def test_whatever_was_mended_is_listed_with_its_reason() -> None:
    mended = pl.read_csv(reference.FOLDER / "units_mends_2025.csv", infer_schema=False)
    assert mended["reason"].str.len_chars().min() > 3  # type: ignore[operator]
    estimated = reference.units().filter(pl.col("area_basis") == "estimated")["commune_code"]
    listed = mended.filter((pl.col("table") == "units") & (pl.col("column") == "area_km2"))["code"]
    assert set(estimated) <= set(listed)
    pairs = mended.filter(pl.col("table") == "lineage").select("code", "was").rows()
    assert {("10798", "11911"), ("11890", "10804"), ("11890", "10843")} <= set(pairs)


def test_the_tables_stay_small() -> None:
    sizes = [path.stat().st_size for path in reference.FOLDER.glob("*_2025.csv")]
    assert max(sizes) < 2**20 and sum(sizes) < 1_500_000


# ---- against the official tables of three provinces ------------------------------------------------------------------


def test_lineage_agrees_with_the_official_conversion_table(shared_data: Path) -> None:
    official = pl.read_csv(shared_data / "boundaries" / "crosswalk_2025.csv", infer_schema=False).select(
        "new_code",
        # The island district without communes stands under the code of what it became.
        pl.coalesce("old_code", "new_code"),
        extent=pl.when(pl.col("is_part") == "1").then(pl.lit("part")).otherwise(pl.lit("whole")),
    )
    ours = pl.concat([reference.lineage(code) for code in THREE]).select(official.columns)
    assert set(ours.rows()) == set(official.rows())
    assert ours.height == official.height == 1317


def test_names_and_areas_agree_with_the_official_table(shared_data: Path) -> None:
    texts = {"code": pl.String, "province_code": pl.String}
    official = pl.read_csv(shared_data / "boundaries" / "communes_2025.csv", schema_overrides=texts)
    joined = official.join(reference.units(), left_on="code", right_on="commune_code", suffix="_ours")
    assert joined.height == 366
    assert joined.filter(pl.col("full_name") != pl.col("full_name_ours")).is_empty()
    assert joined.filter((pl.col("area_km2") / pl.col("area_km2_ours") - 1).abs() > 0.002).is_empty()


def test_points_lie_in_the_real_polygons(shared_data: Path) -> None:
    real = gpd.read_parquet(shared_data / "boundaries" / "communes_2025_full.parquet").set_index("code").geometry
    units = reference.units().filter(pl.col("province_code").is_in(THREE))
    points = shapely.points(units["lon"].to_numpy(), units["lat"].to_numpy())
    inside = shapely.contains(real.loc[units["commune_code"].to_list()].to_numpy(), points)
    assert inside.mean() > 0.95
    # A swapped pair would be tens of kilometres off; 0.1 degree is about ten.
    assert shapely.distance(real.loc[units["commune_code"].to_list()].to_numpy(), points).max() < 0.1


# ---- the rules -------------------------------------------------------------------------------------------------------


def unit(code: str, name: str, lon: float, lat: float, **more: object) -> Unit:
    box = (lon - 0.02, lat - 0.02, lon + 0.02, lat + 0.02)
    known: dict[str, object] = {"box": box, "area": 20.0, "district_code": "001", "district": "Huyện A", **more}
    return Unit(code, name, "Tỉnh Y", lon, lat, **known)  # type: ignore[arg-type]


def test_of_two_namesakes_each_keeps_the_target_near_it() -> None:
    old = {
        "a": unit("00001", "Xã Hòa Bình", 105.0, 21.0),
        "b": unit("00002", "Xã Hòa Bình", 105.6, 21.0, district_code="002"),
        "c": unit("00003", "Xã Khác", 105.01, 21.0),
        "d": unit("00004", "Xã Nữa", 105.61, 21.0, district_code="002"),
    }
    new = {"x": unit("00001", "Xã X", 105.0, 21.0), "z": unit("00002", "Xã Z", 105.6, 21.0)}
    both = [("a", "x", True), ("a", "z", False), ("b", "x", True), ("b", "z", False)]
    pairs = [*both, ("c", "x", True), ("d", "z", True)]
    mends = Mends()
    kept = rules.without_false_pairs(new, old, pairs, mends)
    assert sorted(kept) == [("a", "x", True), ("b", "z", True), ("c", "x", True), ("d", "z", True)]
    assert [(row[1], row[4]) for row in mends.rows] == [("00001", "00002"), ("00002", "00001")]


def test_a_unit_divided_between_neighbours_is_no_false_pair() -> None:
    old = {"a": unit("00001", "Xã A", 105.0, 21.0), "b": unit("00002", "Xã B", 105.05, 21.0)}
    new = {"x": unit("00001", "Xã X", 105.0, 21.0), "z": unit("00002", "Xã Z", 105.05, 21.0)}
    pairs = [("a", "x", True), ("a", "z", False), ("b", "z", True)]
    assert sorted(rules.without_false_pairs(new, old, pairs, Mends())) == sorted(pairs)


def test_two_centroids_that_changed_places_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SWAPPED", ())
    new = {"x": unit("00001", "Xã Lương Sơn", 104.9, 21.5), "z": unit("00002", "Xã Sơn Lương", 105.5, 20.9)}
    pieces = {"x": [unit("00001", "Xã A", 105.5, 20.9)], "z": [unit("00002", "Xã B", 104.9, 21.5)]}
    mends = Mends()
    rules.mend_centroids(new, pieces, mends)
    assert (new["x"].lon, new["x"].lat, new["z"].lon, new["z"].lat) == (105.5, 20.9, 104.9, 21.5)
    assert {row[6] for row in mends.rows} == {"đổi chỗ điểm với 00001", "đổi chỗ điểm với 00002"}


def test_a_point_that_the_geocoder_put_at_the_district_comes_back_to_the_new_unit() -> None:
    new = {"x": unit("00001", "Xã X", 105.0, 21.0)}
    pieces = {
        "x": [
            unit("00001", "Xã A", 105.02, 21.0, targets=["00001"]),
            unit("00002", "Xã B", 105.4, 21.4, targets=["00001"], at_district=True),
        ]
    }
    mends = Mends()
    rules.mend_old_points(new, pieces, mends)
    lost = pieces["x"][1]
    # The two pieces' mean is the unit's own centre.
    assert (lost.lon, lost.lat) == (pytest.approx(104.98, abs=0.005), 21.0)
    assert lost.box is None
    assert [row[1] for row in mends.rows] == ["00002"]
