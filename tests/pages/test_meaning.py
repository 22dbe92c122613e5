"""Every figure on every screen has an "i" with the catalogue's text; and cohorts of receipt on the trend screen."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from indicators.catalogue import CATALOGUE
from pages.parts.definitions import behind_the_i
from tests.pages.test_screens import words

Visit = Callable[..., AppTest]
COMMUNES = ["08740", "08521"]


def said(app: AppTest) -> str:
    """All texts of the page, without the strokes that keep their signs from being read as Markdown."""
    return words(app).replace("\\", "")


def components(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(component.proto.json) for component in app.get("bidi_component")]


@pytest.mark.parametrize(
    ("screen", "parameters"),
    [
        ("overview", {}),
        ("map", {"xa": COMMUNES}),
        ("map", {"chi-tieu-2": "online_rate"}),
        ("trend", {"xa": COMMUNES}),
        ("compare", {"xa": COMMUNES}),
    ],
)
def test_every_card_table_chart_and_map_has_an_i(screen: str, parameters: dict[str, Any], visit: Visit) -> None:
    app = visit(screen, ky="from_2025_07_01", **parameters)
    assert not app.exception
    texts = [behind_the_i(one) for one in CATALOGUE]
    shown = 0
    for data in components(app):
        for card in data.get("cards", ()):
            assert [card["name"], *card["meaning"]] in texts
        if "rows" in data:
            meanings = [part["meaning"] for kind in ("columns", "rows") for part in data[kind] if part["meaning"]]
            assert any(meaning in texts for meaning in meanings), data["caption"]
            shown += 1
    charts = [chart for kind in ("plotly_chart", "deck_gl_json_chart") for chart in app.get(kind)]
    multiples = len(COMMUNES) if screen == "compare" else 0
    formulas = [line for line in said(app).splitlines() if line.startswith("Công thức: ")]
    assert len(formulas) >= len(charts) - max(0, multiples - 1)
    assert shown or screen == "overview"


def test_the_text_behind_an_i_says_formula_unit_day_source_and_least_n() -> None:
    for one in CATALOGUE:
        title, *paragraphs = behind_the_i(one)
        text = "\n".join(paragraphs)
        assert title == one.name
        assert one.definition in text
        assert "Đơn vị tính: " in text
        assert f"Tính theo: {one.dated_by}." in text
        assert f"Căn cứ: {one.source}." in text
        assert (f"Dưới {one.min_n} hồ sơ" in text) == (one.has_interval and one.min_n > 0)
        assert one.formula not in text or one.formula.isidentifier()


def test_the_trend_shows_cohorts_and_what_forgetting_the_open_ones_would_say(visit: Visit) -> None:
    app = visit("trend", ky="from_2025_07_01", buoc="month", muc="p50", dot="2025-08")
    assert not app.exception
    texts = said(app)
    assert "Thời gian đến kết quả" in [header.value for header in app.subheader]
    assert "Hồ sơ tiếp nhận tháng 8/2025, toàn tỉnh: một nửa có kết quả trong" in texts
    assert "Tháng 8/2025: " in texts
    assert "Tháng 9/2025" in texts
    assert "tạm tính" in texts


def test_cohorts_of_few_dossiers_are_shown_together(visit: Visit) -> None:
    app = visit("trend", ky="from_2025_07_01", xa=["08740"])
    assert not app.exception
    assert "Hồ sơ tiếp nhận từ 01/07/2025 đến 30/09/2025, Phường Phú Thọ" in said(app)
    assert "chỉ có 40 hồ sơ, dưới 100: chưa đủ số liệu" in said(app)


@pytest.mark.parametrize("parameters", [{"dot": "2031-W01"}, {"dot": "[x](y)"}, {"muc": "p99"}, {"xa": ["08674"]}])
def test_nonsense_and_nothing_leave_the_section_standing(parameters: dict[str, Any], visit: Visit) -> None:
    app = visit("trend", ky="from_2025_07_01", **parameters)
    assert not app.exception
    assert "Thời gian đến kết quả" in [header.value for header in app.subheader]
