"""The mainland fills the map, and the islands far out stand in frames with their names."""

from __future__ import annotations

import pytest
from shapely.geometry import box as rectangle
from shapely.geometry import mapping, shape

from charts.insets import far_units, place


def square(west: float, south: float, side: float = 0.2) -> dict:
    return mapping(rectangle(west, south, west + side, south + side))


MAINLAND = {
    f"m{across}{along}": square(107.2 + 0.2 * across, 15 + 0.2 * along) for across in range(6) for along in range(6)
}
HOANG_SA = {"20333": square(112.0, 16.4)}


def points(shapes: dict) -> dict:
    return {code: (*shape(one).centroid.coords[0], 20.0) for code, one in shapes.items()}


def placed(shapes: dict, names: dict | None = None):
    return place(shapes, points(shapes), names if names is not None else {code: f"Xã {code}" for code in shapes})


def test_the_archipelago_is_framed_with_its_name_and_the_mainland_fills_the_map() -> None:
    drawn = placed(MAINLAND | HOANG_SA)
    (inset,) = drawn.insets
    assert inset.name == "quần đảo Hoàng Sa\n(thành phố Đà Nẵng)"
    assert shape(inset.frame).contains(shape(drawn.shapes["20333"]))
    mainland = rectangle(107.2, 15, 108.4, 16.2)
    assert not shape(inset.frame).intersects(mainland)
    west, south, east, north = drawn.area
    assert rectangle(west, south, east, north).contains(shape(inset.frame))
    assert (108.4 - 107.2) / (east - west) > 0.55
    assert all(drawn.shapes[code] == MAINLAND[code] for code in MAINLAND)


def test_an_archipelago_without_a_polygon_is_still_on_the_map() -> None:
    names = {code: code for code in MAINLAND} | {"20333": "Đặc khu Hoàng Sa"}
    drawn = placed(MAINLAND, names)
    assert [inset.code for inset in drawn.insets] == ["20333"]
    assert "20333" in drawn.shapes
    assert "20333" in drawn.points


def test_reefs_of_a_few_pixels_are_drawn_large_enough_to_be_seen() -> None:
    reefs = shape(square(111.9, 8.6, 0.01)).union(shape(square(114.3, 11.4, 0.01)))
    drawn = placed(MAINLAND | {"22736": mapping(reefs)})
    frame = shape(drawn.insets[0].frame)
    side = frame.bounds[2] - frame.bounds[0]
    assert all(part.bounds[2] - part.bounds[0] > 0.05 * side for part in shape(drawn.shapes["22736"]).geoms)


@pytest.mark.parametrize("island", [square(108.7, 15.3), square(108.45, 14.9)])
def test_islands_near_the_coast_stay_where_they_are(island: dict) -> None:
    shapes = MAINLAND | {"near": island}
    assert far_units(shapes) == []
    assert placed(shapes).shapes["near"] == island


def test_a_province_of_few_units_or_none_has_no_frames() -> None:
    assert placed({}).area is None
    assert placed({"a": square(105, 21), "b": square(109, 21)}).insets == ()
