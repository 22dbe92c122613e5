"""The layers of the map: each opens from its address, says in a sentence what it shows, and prints."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from shapely.geometry import box, mapping
from streamlit.testing.v1 import AppTest

from pages.parts.address import LAYERS
from tests.builders import build_snapshot, commune, dossier
from tests.pages.test_screens import words

Visit = Callable[..., AppTest]
SIDE = 6
CODES = [f"{8000 + place:05d}" for place in range(SIDE * SIDE)]
SINCE = {"ky": "from_2025_07_01"}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """36 communes in a square: one commune is far worse than all others, twelve weeks long."""
    communes, rows = [], []
    for place, code in enumerate(CODES):
        row, column = divmod(place, SIDE)
        shape = mapping(box(105 + column, 15 + row, 106 + column, 16 + row))
        communes.append(
            commune(
                code, f"Xã Số {code}", name=f"Số {code}", map_geojson=json.dumps(shape), lon=105.5 + column,
                lat=15.5 + row, population=1000 * (place + 1),
            )
        )  # fmt: skip
        for number in range(84):
            day = dt.datetime(2025, 7, 7, 8) + dt.timedelta(days=number)
            late = number % 10 < (6 if place == 14 else 1)
            days = 1 + place % 3 + late
            due = day if late else day + dt.timedelta(days=5)
            rows.append(
                dossier(commune_code=code, received_at=day, due_at=due, finished_at=day + dt.timedelta(days=days))
            )
    return build_snapshot(tmp_path_factory.mktemp("map"), communes=communes, dossiers=rows)


def titles(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


def legend(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def deck(app: AppTest) -> dict:
    (chart,) = app.get("deck_gl_json_chart")
    return json.loads(chart.proto.json)


def player(app: AppTest) -> dict:
    found = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    (data,) = [one for one in found if "frames" in one]
    return data


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(
    "parameters",
    [
        SINCE,
        SINCE | {"chi-tieu": "processing_days_p90"},
        SINCE | {"chi-tieu": "pending"},
        SINCE | {"xa": [CODES[0]], "so-voi": "population"},
        {"ky": "custom", "tu": "2025-08-02", "den": "2025-08-03"},
        SINCE | {"linh-vuc": "Hộ tịch", "chi-tieu-2": "online_rate"},
    ],
    ids=["rate", "duration", "count", "one commune and its peers", "two days off", "filters"],
)
def test_every_layer_opens_for_every_kind_of_indicator(
    layer: str, parameters: dict[str, str | list[str]], visit: Visit, province: Path
) -> None:
    app = visit("map", province, lop=layer, **parameters)
    assert not app.exception
    assert app.title[0].value == "Bản đồ · Phú Thọ"


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_without_boundaries_or_dossiers_says_so(layer: str, visit: Visit, tmp_path: Path) -> None:
    bare = build_snapshot(tmp_path, communes=[commune("08740", "Phường Phú Thọ", map_geojson=None)])
    app = visit("map", bare, lop=layer)
    assert not app.exception
    assert "không có ranh giới" in words(app)


def test_only_the_commune_that_differs_is_coloured(visit: Visit, province: Path) -> None:
    app = visit("map", province, lop="significance", **SINCE)
    assert "1 đơn vị rõ ràng trễ hơn so với các đơn vị khác nếu cùng cơ cấu hồ sơ, trong 36 đơn vị được so" in titles(
        app
    )
    assert "35 đơn vị" in legend(app)
    areas = deck(app)["layers"][0]["data"]
    fills = {feature["properties"]["ma"]: tuple(feature["properties"]["mau"]) for feature in areas}
    assert [code for code, fill in fills.items() if fill != fills[CODES[0]]] == [CODES[14]]


def test_the_group_of_the_chosen_commune_is_outlined_and_compared_alone(visit: Visit, province: Path) -> None:
    app = visit("map", province, lop="significance", xa=[CODES[0]], so_voi="population", **SINCE)
    names = [layer["id"] for layer in deck(app)["layers"]]
    assert {"peers", "selected"} <= set(names)
    assert len(deck(app)["layers"][names.index("peers")]["data"]) == 15
    assert "trong 16 đơn vị được so" in titles(app)
    assert "20 đơn vị" in legend(app)
    assert "viền đậm: nhóm so sánh" in words(app)


def test_clusters_speak_of_neighbours_and_of_the_whole_province(visit: Visit, province: Path) -> None:
    app = visit("map", province, lop="clusters", chi_tieu="processing_days_p50", **SINCE)
    assert "hệ số Moran" in words(app)
    assert "chung một đoạn ranh giới" in words(app)


def test_a_count_has_no_clusters_and_the_screen_says_what_to_choose(visit: Visit, province: Path) -> None:
    for layer in ("clusters", "significance"):
        app = visit("map", province, lop=layer, chi_tieu="pending", **SINCE)
        assert "Lớp này dành cho tỷ lệ và cho thời gian giải quyết" in words(app)


def test_two_indicators_stand_in_a_square_of_nine(visit: Visit, province: Path) -> None:
    app = visit("map", province, lop="bivariate", chi_tieu="processing_days_p50", **SINCE)
    assert "Thời gian giải quyết trung vị và Hồ sơ tiếp nhận" in titles(app)
    assert "→ Hồ sơ tiếp nhận" in legend(app)


def test_choosing_two_indicators_begins_with_time_and_volume(visit: Visit, province: Path) -> None:
    app = visit("map", province, **SINCE)
    picker = next(one for one in app.selectbox if one.label == "Lớp bản đồ")
    assert picker.options == [
        "Chỉ tiêu", "Khác biệt rõ rệt", "Hai chỉ tiêu chồng nhau", "Cụm xã giáp nhau", "Qua từng tuần",
    ]  # fmt: skip
    app = picker.set_value("bivariate").run()
    assert not app.exception
    assert app.query_params["lop"] in ("bivariate", ["bivariate"])
    assert app.query_params["chi-tieu"] in ("processing_days_p50", ["processing_days_p50"])


def test_the_weeks_send_outlines_once_and_a_letter_a_commune_and_week(visit: Visit, province: Path) -> None:
    data = player(visit("map", province, lop="weeks", **SINCE))
    assert len(data["ground"]["units"]) == SIDE * SIDE
    assert {len(frame) for frame in data["frames"]} == {SIDE * SIDE}
    assert len(data["steps"]) == len(data["frames"]) > 5
    assert set("".join(data["frames"])) <= set(data["colours"]) == set(data["words"]["classes"])
    ground, moving = (len(json.dumps(data[part])) for part in ("ground", "frames"))
    assert moving < 40 * len(data["frames"]) + 20 < ground


def test_weeks_of_another_indicator_leave_the_outlines_as_they_were(visit: Visit, province: Path) -> None:
    """The browser draws outlines anew only where they differ."""
    first, second = (
        player(visit("map", province, lop="weeks", chi_tieu=name, **SINCE))["ground"]
        for name in ("on_time_rate_ii06", "online_rate")
    )
    assert first == second


def test_the_printed_map_is_what_the_screen_shows(
    visit: Visit, province: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: dict[str, Callable[[], bytes]] = {}

    def offer(label: str, data: Callable[[], bytes], **_options: object) -> None:
        offered[label] = data

    monkeypatch.setattr(st, "download_button", offer)
    app = visit("map", province, lop="significance", **SINCE)
    assert not app.exception
    drawn = offered["Hình vẽ SVG"]().decode()
    assert (
        "1 đơn vị rõ ràng trễ hơn so với các đơn vị khác nếu cùng cơ cấu hồ sơ, trong 36 đơn vị được so</title>"
        in drawn
    )
    assert "MÔ PHỎNG" in drawn
    assert "Số liệu đến 30/09/2025 18:00" in drawn
    assert offered["Tệp PDF, khổ A3"]().startswith(b"%PDF")
    assert offered["Ảnh PNG, khổ A4"]().startswith(b"\x89PNG")
