"""Every screen opens for every state of the data, and says in Vietnamese what it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import SCREENS

Visit = Callable[..., AppTest]
TITLES = {
    "overview": "Tổng quan",
    "map": "Bản đồ",
    "trend": "Xu hướng",
    "compare": "So sánh",
    "bottleneck": "Điểm nghẽn",
    "index_766": "Chỉ số 766",
    "brief": "Phiếu kiểm tra",
    "trips": "Chuyến đi",
    "difficulties": "Vướng mắc",
    "quality": "Chất lượng dữ liệu",
    "reconcile": "Đối chiếu",
    "explore": "Khai thác",
}
every_screen = pytest.mark.parametrize("screen", SCREENS)


def files_of(app: AppTest) -> list[Any]:
    """The download buttons of the screen's own; that of the whole view as slides stands beside every heading."""
    return [button for button in app.get("download_button") if "slides" not in button.proto.id]


def words(app: AppTest) -> str:
    """All texts of the page that AppTest knows, those of our own tables and cards included."""
    kinds = ("title", "subheader", "markdown", "caption", "warning", "error", "info", "code")
    texts = [str(element.value) for kind in kinds for element in app.get(kind)]
    for component in app.get("bidi_component"):
        data = json.loads(component.proto.json)
        texts += strings([data.get(part) for part in ("cards", "caption")])
        texts += strings(
            [part[shown] for kind, shown in (("columns", "label"), ("rows", "cells")) for part in data.get(kind, ())]
        )
    return "\n".join(texts)


def strings(data: object) -> list[str]:
    """Every text in nested lists and in the values of dictionaries."""
    if isinstance(data, dict):
        return strings(list(data.values()))
    if isinstance(data, list):
        return [text for part in data for text in strings(part)]
    return [data] if isinstance(data, str) else []


def test_one_goes_from_screen_to_screen_and_takes_the_filters_along(visit: Visit) -> None:
    app = visit("overview", ky="from_2025_07_01", xa="08740")
    for screen in ("trend", "bottleneck", "overview"):
        app.switch_page(f"pages/{screen}.py").run()
        assert not app.exception
        assert words(app).startswith(TITLES[screen])
        assert "Phường Phú Thọ" in words(app)


@every_screen
def test_a_screen_opens_with_its_title_as_of_and_mark_of_simulation(screen: str, visit: Visit) -> None:
    app = visit(screen)
    assert not app.exception
    assert app.title[0].value == f"{TITLES[screen]} · Phú Thọ"
    assert "Dữ liệu mô phỏng" in words(app)
    assert "Số liệu đến 30/09/2025 18:00" in words(app)
    assert "không phải số liệu thật" in words(app)


@every_screen
def test_real_data_bear_no_mark_of_simulation(screen: str, visit: Visit, tmp_path: Path) -> None:
    from tests.builders import build_snapshot, dossier

    real = build_snapshot(tmp_path, dossiers=[dossier(received_at="2025-09-01 08:00")], simulated=False)
    app = visit(screen, real)
    assert not app.exception
    assert "mô phỏng" not in words(app)


@every_screen
def test_a_screen_follows_one_commune(screen: str, visit: Visit) -> None:
    app = visit(screen, xa=["08740"], ky="from_2025_07_01")
    assert not app.exception
    assert "Phường Phú Thọ" in words(app)


@every_screen
@pytest.mark.parametrize(
    "parameters",
    [
        {"linh-vuc": "Hộ tịch", "kenh": "online", "tinh-cu": "Vĩnh Phúc"},
        {"ky": "custom", "tu": "2025-08-02", "den": "2025-08-03"},
        {"xa": ["08674"], "chi-tieu": "processing_days_p50"},
        {"xa": ["08740"], "tinh-cu": "Vĩnh Phúc"},
        {"chi-tieu": "pending", "chi-tieu-2": "pending"},
        {"chi-tieu": "pending", "chi-tieu-2": "online_rate", "ranh-gioi-cu": "1", "phan-lop": "equal"},
        {"xa": ["08740", "08521", "08230"], "chi-tieu": "received", "ve": "all", "buoc": "month"},
    ],
    ids=[
        "filters",
        "two days off",
        "a commune without cases",
        "a commune outside the filters",
        "one indicator twice",
        "two indicators",
        "three communes and a count",
    ],
)
def test_a_screen_opens_with_little_or_nothing_to_show(
    screen: str, parameters: dict[str, str | list[str]], visit: Visit
) -> None:
    app = visit(screen, **parameters)
    assert not app.exception
    assert app.title[0].value == f"{TITLES[screen]} · Phú Thọ"


@every_screen
def test_a_province_without_a_single_dossier_has_screens(screen: str, visit: Visit, tmp_path: Path) -> None:
    from tests.builders import build_snapshot

    app = visit(screen, build_snapshot(tmp_path))
    assert not app.exception


@every_screen
def test_without_a_warehouse_the_screen_says_how_to_build_one(screen: str, visit: Visit, tmp_path: Path) -> None:
    app = visit(screen, tmp_path / "nowhere")
    assert not app.exception
    assert "Chưa có dữ liệu để xem." in words(app)
    assert "make demo" in words(app)
    assert "python -m etl build PROVINCE.toml" in words(app)


@every_screen
def test_a_broken_snapshot_is_explained_with_the_way_back(screen: str, visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "broken.duckdb").write_bytes(b"not a database")
    (tmp_path / "CURRENT").write_text("broken\n")
    app = visit(screen, tmp_path)
    assert not app.exception
    assert "python -m etl rollback" in words(app)
    assert str(tmp_path) not in words(app)


def test_a_snapshot_without_a_table_is_explained(visit: Visit, tmp_path: Path) -> None:
    import duckdb

    from tests.builders import build_snapshot

    directory = build_snapshot(tmp_path)
    with duckdb.connect(str(next(directory.glob("snapshots/*.duckdb")))) as connection:
        connection.execute("drop table lineage")
    app = visit("overview", directory)
    assert not app.exception
    assert "phiên bản khác tạo ra" in words(app)


def test_a_link_pinned_to_a_snapshot_that_is_gone_offers_the_latest(visit: Visit) -> None:
    app = visit("overview", snapshot="20200101T000000")
    assert not app.exception
    assert "20200101T000000" in words(app)
    assert "snapshots" not in words(app)
    app.button[0].click().run()
    assert "Số liệu đến" in words(app)


def test_a_new_snapshot_is_seen_at_the_next_rerun_and_a_pinned_one_stays(visit: Visit, tmp_path: Path) -> None:
    from tests.builders import build_snapshot, dossier

    build_snapshot(tmp_path, dossiers=[dossier(received_at="2025-09-01 08:00")], snapshot_id="first")
    app = visit("overview", tmp_path)
    assert "bản dữ liệu first" in words(app)
    build_snapshot(tmp_path, dossiers=[dossier(received_at="2025-09-02 08:00")], snapshot_id="second")
    assert "bản dữ liệu second" in words(app.run())
    app.query_params["snapshot"] = "first"
    assert "bản dữ liệu first" in words(app.run())


@every_screen
def test_no_raw_name_of_a_column_is_on_the_screen(screen: str, visit: Visit) -> None:
    app = visit(screen, xa=["08740", "08521"], ky="from_2025_07_01")
    assert re.findall(r"\b[a-z]+_[a-z0-9_]+\b", re.sub(r":material/\w+:", "", words(app))) == []


def test_an_unknown_commune_in_the_address_is_named_and_passed_over(visit: Visit) -> None:
    app = visit("overview", xa=["99999"])
    assert "99999" in app.warning[0].value


@every_screen
@pytest.mark.parametrize(
    "parameters",
    [
        {"ky": "0001-01", "xa": "<script>alert(1)</script>", "linh-vuc": "' or 1=1--", "buoc": "năm", "lang": "xx"},
        {"ky": "custom", "tu": "2030-01-01", "den": "2020-01-01", "chi-tieu": "nope", "chi-tieu-2": "x" * 5000},
        {"ky": "xyz", "xa": [f"{code:05d}" for code in range(200)]},
    ],
    ids=["values", "dates turned round", "200 units"],
)
def test_nonsense_in_the_address_ends_in_a_short_calm_notice(
    screen: str, parameters: dict[str, str | list[str]], visit: Visit
) -> None:
    app = visit(screen, **parameters)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == f"{TITLES[screen]} · Phú Thọ"
    assert app.warning
    assert all(len(warning.value) < 400 for warning in app.warning)


def test_the_whole_time_that_can_be_typed_opens(visit: Visit) -> None:
    app = visit("overview", ky="custom", tu="0001-01-01", den="9999-12-31")
    assert not app.exception
    assert not app.error


def test_words_from_the_address_are_words_and_no_pictures_or_links(visit: Visit) -> None:
    app = visit("overview", xa=["![x](http://evil.example/i.png) [y](z) $x$ :red[a]"])
    value = app.warning[0].value
    assert not re.search(
        r"(?<!\\)[\[$:<]", value.removeprefix("Địa chỉ nêu giá trị không có trong dữ liệu, đã bỏ qua:")
    )


def test_a_centrally_run_city_is_called_a_city(visit: Visit, tmp_path: Path) -> None:
    import duckdb

    from tests.builders import build_snapshot, dossier

    directory = build_snapshot(tmp_path, dossiers=[dossier(received_at="2025-09-01 08:00")])
    with duckdb.connect(str(next(directory.glob("snapshots/*.duckdb")))) as connection:
        connection.execute("update snapshot set province_code = '31', province_name = 'Hải Phòng'")
    for screen in SCREENS:
        texts = words(visit(screen, directory))
        assert "oàn thành phố" in texts
        assert "oàn tỉnh" not in texts


def test_a_short_period_is_drawn_with_the_weeks_before_it(visit: Visit) -> None:
    assert "Nền xanh: kỳ đang xem" in words(visit("trend", ky="2025-09"))
    assert "Nền xanh" not in words(visit("trend", ky="from_2025_07_01"))


def test_communes_that_cannot_be_told_apart_are_said_to_be_so(visit: Visit) -> None:
    app = visit("compare", ky="from_2025_07_01")
    assert "1 đơn vị kém hơn rõ, 1 đơn vị tốt hơn rõ, 0 đơn vị chưa đủ cơ sở phân biệt" in words(app)


def test_the_map_says_that_boundaries_are_approximate(visit: Visit) -> None:
    assert "ranh giới xấp xỉ" in words(visit("map"))


def test_a_warehouse_without_boundaries_still_has_the_table(visit: Visit, tmp_path: Path) -> None:
    from tests.builders import build_snapshot, commune

    directory = build_snapshot(tmp_path, communes=[commune("08740", "Phường Phú Thọ", map_geojson=None)])
    app = visit("map", directory)
    assert not app.exception
    assert "không có ranh giới xã, phường" in words(app)


def test_dossiers_of_split_old_units_have_a_row_of_their_own(visit: Visit, tmp_path: Path) -> None:
    from tests.builders import build_snapshot, dossier

    split = dossier(commune_code=None, received_by=None, old_code="07943", received_at="2025-06-02 08:00")
    directory = build_snapshot(tmp_path, dossiers=[split, dossier(received_at="2025-07-02 08:00")])
    app = visit("compare", directory, ky="2025-06", **{"chi-tieu": "received"})
    assert not app.exception
    assert "Đơn vị cũ bị chia tách" in words(app)


def test_a_card_says_the_value_its_certainty_and_what_it_means(visit: Visit) -> None:
    texts = words(visit("overview", ky="2025-08"))
    assert "Tỷ lệ đúng hạn (biểu II.06)" in texts
    assert re.search(r"\d+,\d–\d+,\d % · n = \d+", texts)
    assert "Căn cứ: Biểu II.06/VPCP/KSTT" in texts


def test_every_card_says_how_fresh_its_oldest_source_is(visit: Visit, tmp_path: Path) -> None:
    import datetime as dt

    from tests.builders import build_snapshot, dossier

    def load(table: str, day: int) -> dict[str, object]:
        counts = dict.fromkeys(("rows_read", "rows_loaded", "rows_refused", "rows_repeated"), 1)
        return {"source_file": table, "table_name": table, "state_at": dt.datetime(2025, 9, day, 18), **counts}

    rows = [dossier(received_at="2025-09-01 08:00", due_at="2025-09-03", finished_at="2025-09-02 09:00")]
    directory = build_snapshot(tmp_path, dossiers=rows, loads=[load("dossier", 30), load("event", 25)])
    cards = [
        card
        for component in visit("overview", directory).get("bidi_component")
        for card in json.loads(component.proto.json).get("cards", ())
    ]
    said = {card["name"]: card["freshness"]["text"] for card in cards}
    assert len(said) >= 8
    assert said["Hồ sơ tiếp nhận"] == "số liệu đến 30/09/2025"
    assert said["Tỷ lệ đúng hạn (biểu II.06)"] == "số liệu đến 25/09/2025, cũ hơn 5 ngày"
    assert all(card["freshness"]["behind"] == ("cũ hơn" in card["freshness"]["text"]) for card in cards)


def test_a_table_says_where_each_commune_stands(visit: Visit) -> None:
    texts = words(visit("compare", ky="from_2025_07_01", xa=["08740", "08521"]))
    assert "100,0 %" in texts
    assert "cao hơn rõ" in texts
    assert "thấp hơn rõ" in texts
