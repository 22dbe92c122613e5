"""The map: classes, colours and texts; and that it asks nobody for anything."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charts.choropleth import Ground, choropleth
from charts.classes import classify
from charts.deck import bounds, fitting_view, fitting_zoom, place_in_pixels, rounded
from charts.labels import fitting_labels, text_width
from charts.palettes import LIGHT
from charts.province_map import province_map
from charts.standing import with_standing
from indicators import indicator

RATE = indicator("on_time_rate_ii06")


def square(west: float, south: float) -> dict:
    ring = [[west, south], [west + 0.1, south], [west + 0.1, south + 0.1], [west, south + 0.1], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


SHAPES = {code: square(105 + place * 0.1, 21) for place, code in enumerate("abcd")}
POINTS = {code: (105.05 + place * 0.1, 21.05, 20.0) for place, code in enumerate("abcd")}
NAMES = {
    "a": ("Đồng Lương", "Xã Đồng Lương"),
    "b": ("Ấm Hạ", "Xã Ấm Hạ"),
    "c": ("Phú Thọ", "Phường Phú Thọ"),
    "d": ("D", "Xã D"),
}
FRAME = with_standing(
    pl.DataFrame(
        {
            "commune": ["a", "b", "c"],
            "on_time_rate_ii06": [0.80, 0.975, None],
            "on_time_rate_ii06_n": [500, 7, 0],
            "on_time_rate_ii06_low": [0.77, 0.6, None],
            "on_time_rate_ii06_high": [0.83, 1.0, None],
        }
    ),
    RATE,
    0.92,
)


def drawn():
    ground = Ground(shapes=SHAPES, points=POINTS, names=NAMES)
    return choropleth(FRAME, RATE, ground=ground, scheme="fisher", palette=LIGHT, minutes_per_day=480)


def the_map(**options) -> dict:
    units, _legend = drawn()
    deck = province_map(units, area=bounds(SHAPES.values()), palette=LIGHT, width=500, height=500, **options)
    return json.loads(deck.to_json())


def test_too_few_and_no_case_are_told_apart_from_a_low_value() -> None:
    units, legend = drawn()
    by_code = {unit.code: unit for unit in units}
    assert by_code["b"].hatched
    assert by_code["b"].fill == LIGHT.too_few
    assert not by_code["c"].hatched
    assert by_code["c"].fill == LIGHT.none
    assert [code for code, unit in by_code.items() if unit.dotted] == ["c"]
    assert by_code["a"].fill in LIGHT.sequential
    assert [entry.text for entry in legend] == [
        "80,0 %",
        "chưa đủ số liệu (dưới 20 hồ sơ)",
        "không phát sinh",
        "ngoài bộ lọc",
    ]
    assert [entry.count for entry in legend] == [1, 1, 1, 1]


def test_a_tooltip_gives_name_value_interval_and_n() -> None:
    units, _legend = drawn()
    unit = next(unit for unit in units if unit.code == "a")
    assert unit.full_name == "Xã Đồng Lương"
    assert unit.value == "Tỷ lệ đúng hạn (biểu II.06): 80,0 %"
    assert unit.detail == "khoảng tin cậy 95 %: 77,0–83,0 % · n = 500 hồ sơ"


def test_the_map_asks_no_provider_for_a_style() -> None:
    spec = the_map()
    assert "mapProvider" not in spec
    # Streamlit reads this mark as "no style given" and draws none; an empty style would fetch one.
    assert spec["mapStyle"] == "__MAP_STYLE__"
    assert "http" not in json.dumps(spec)


def test_the_map_travels_without_indentation() -> None:
    units, _legend = drawn()
    text = province_map(units, area=bounds(SHAPES.values()), palette=LIGHT, width=500, height=500).to_json()
    assert "\n" not in text
    assert "Đồng Lương" in text


def test_a_new_selection_gives_the_first_layer_a_new_name() -> None:
    """Streamlit would otherwise keep the click and dim the others."""
    assert the_map()["layers"][0]["id"] == "communes:"
    chosen = the_map(selected=["a"])
    assert chosen["layers"][0]["id"] == "communes:a"
    assert [layer["id"] for layer in chosen["layers"]][-4:-2] == ["selected-ground", "selected"]


def test_peers_are_outlined_under_the_chosen_commune_and_named_before_larger_ones() -> None:
    layers = the_map(selected=["a"], peers=["b"])["layers"]
    names = [layer["id"] for layer in layers]
    assert names.index("peers") < names.index("selected")
    assert [feature["geometry"] for feature in layers[names.index("peers")]["data"]] == [SHAPES["b"]]
    assert [text["t"] for text in layers[-1]["data"]][:2] == ["Đồng Lương", "Ấm Hạ"]
    assert "peers" not in [layer["id"] for layer in the_map()["layers"]]


def test_the_name_of_the_chosen_commune_stands_over_it() -> None:
    texts = {text["t"]: text for text in the_map(selected=["a"])["layers"][-1]["data"]}
    assert texts["Đồng Lương"]["p"] == [105.05, 21.1]
    assert texts["Đồng Lương"]["o"][1] < 0
    assert all(text["p"][1] == 21.05 for name, text in texts.items() if name != "Đồng Lương")


def test_only_the_areas_of_communes_answer_to_the_pointer() -> None:
    layers = the_map(outline=SHAPES["a"], old_outlines=[SHAPES["b"]])["layers"]
    assert [layer["id"] for layer in layers if layer.get("pickable")] == ["communes:"]
    assert layers[0]["_subLayerProps"] == {"polygons-stroke": {"pickable": False}}


def test_the_view_fits_the_area_into_the_map() -> None:
    area = (104.8, 20.3, 105.9, 21.7)
    wide, narrow = (fitting_view(area, width=width, height=500) for width in (900, 300))
    assert wide.zoom > narrow.zoom
    assert 104.8 < wide.longitude < 105.9
    pixels = 512 * 2**narrow.zoom * (105.9 - 104.8) / 360
    assert pixels <= 300


def test_rounding_keeps_shared_corners_shared() -> None:
    left, right = rounded(square(105.00001, 21.00001)), rounded(square(105.10001, 21.00001))
    assert {(105.1, 21.0), (105.1, 21.1)} <= {tuple(point) for point in left["coordinates"][0]}
    assert {(105.1, 21.0), (105.1, 21.1)} <= {tuple(point) for point in right["coordinates"][0]}


@pytest.mark.parametrize("scheme", ["fisher", "quantiles", "equal"])
# The first call imports the classifiers, which takes a second.
@settings(deadline=None)
@given(values=st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_every_value_lies_in_the_class_whose_range_is_printed(scheme: str, values: list[float]) -> None:
    classes = classify(values, scheme=scheme, steps=5, rounding=lambda value: round(value, 3))
    assert 1 <= len(classes.ranges) <= 5
    assert sum(classes.counts) == len(values)
    assert min(classes.counts) > 0
    for value in values:
        low, high = classes.ranges[classes.index(round(value, 3))]
        assert low <= round(value, 3) <= high
    for (_low, high), (low, _high) in zip(classes.ranges, classes.ranges[1:], strict=False):
        assert high < low


ELEVEN = [(f"Xã {number}", 105 + 0.1 * number, 21.0) for number in range(11)]


@given(st.lists(st.tuples(st.text("aimwĐƯ ", min_size=1, max_size=16), st.floats(105, 106), st.floats(21, 22))))
def test_names_that_are_always_drawn_never_touch(names: list[tuple[str, float, float]]) -> None:
    area = (105.0, 21.0, 106.0, 22.0)
    zoom = fitting_zoom(area, width=400, height=500)
    boxes = [
        (*place_in_pixels(lon, lat, zoom), text_width(name))
        for name, lon, lat in (names[index] for index in fitting_labels(names, area, width=400, height=500))
    ]
    for place, (x, y, width) in enumerate(boxes):
        for other_x, other_y, other_width in boxes[:place]:
            assert abs(x - other_x) >= (width + other_width) / 2 or abs(y - other_y) >= 20


def test_the_first_name_is_drawn_where_it_is_within_the_map_and_all_where_there_is_room() -> None:
    area = (104.9, 20.9, 106.1, 21.1)
    assert fitting_labels(ELEVEN, area, width=4000, height=700) == list(range(11))
    few = fitting_labels(ELEVEN, area, width=300, height=700)
    assert few[0] == 0
    assert 2 < len(few) < 11
    assert fitting_labels([("Rất dài tên một xã", 105.0, 21.0)], area, width=100, height=100) == []


def test_the_selected_commune_is_named_before_larger_ones() -> None:
    def always(**options) -> list[str]:
        layers = the_map(**options)["layers"]
        return [text["t"] for text in next(layer for layer in layers if layer["id"] == "labels")["data"]]

    assert always()
    for code, (name, _full_name) in NAMES.items():
        assert always(selected=[code])[0] == name
