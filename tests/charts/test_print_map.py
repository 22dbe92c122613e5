"""The printed sheet read back: its words, its size, its names apart, and nothing from elsewhere."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from shapely.geometry import box, mapping

from charts.bivariate import Side, Square
from charts.choropleth import LegendEntry
from charts.insets import place
from charts.labels import text_width
from charts.palettes import LIGHT
from charts.print_map import PrintedMap, map_file, map_svg, scale_bar, wrapped
from charts.province_map import MapUnit

SVG = "{http://www.w3.org/2000/svg}"


def unit(code: str, west: float, south: float, **overrides) -> MapUnit:
    settings = {
        "code": code,
        "name": f"Xã {code}",
        "full_name": f"Xã {code}",
        "geometry": mapping(box(west, south, west + 0.1, south + 0.1)),
        "lon": west + 0.05,
        "lat": south + 0.05,
        "area_km2": 20.0,
        "fill": "#17508F",
        "hatched": False,
        "dotted": False,
        "value": "",
        "detail": "",
    }
    return MapUnit(**(settings | overrides))


UNITS = [unit(f"{row}{column}", 107 + 0.1 * column, 15 + 0.1 * row) for row in range(6) for column in range(8)]
UNITS[0] = unit("00", 107, 15, hatched=True, fill=LIGHT.none)
UNITS[1] = unit("01", 107.1, 15, dotted=True, name="Đường & Ơn")
SHEET = PrintedMap(
    title="Tỷ lệ đúng hạn (biểu II.06): 2 đơn vị rõ ràng trễ hơn < các đơn vị khác",
    subtitle="Đà Nẵng · 30 ngày gần nhất",
    units=UNITS,
    legend=[
        LegendEntry(colour="#17508F", hatched=False, text="90,0–95,0 %", count=46),
        LegendEntry(colour=LIGHT.none, hatched=True, text="chưa đủ số liệu", count=1),
    ],
    square=None,
    area=(107.0, 15.0, 107.8, 15.6),
    outline=mapping(box(107, 15, 107.8, 15.6)),
    insets=(),
    old_outlines=[mapping(box(107, 15, 107.4, 15.6))],
    selected=("22",),
    peers=("23", "24"),
    accent=None,
    foot=["Số liệu đến 22/11/2026 18:00 · nguồn: dữ liệu mô phỏng", "Nguồn ranh giới: nghị quyết"],
    simulated=True,
)


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_the_sheet_bears_its_sentence_legend_scale_date_and_source(paper) -> None:
    svg = map_svg(SHEET, paper=paper)
    words = " ".join(texts(svg))
    for part in (
        SHEET.title,
        SHEET.subtitle,
        "90,0–95,0 % (46)",
        "chưa đủ số liệu (1)",
        "DỮ LIỆU MÔ PHỎNG",
        *SHEET.foot,
    ):
        assert part in words
    assert re.search(r"\b\d+ km\b", words)
    root = ElementTree.fromstring(svg)
    assert root.findtext(f"{SVG}title") == SHEET.title
    assert root.get("width") == {"a4": "842pt", "a3": "1191pt"}[paper]
    assert "MÔ PHỎNG" not in " ".join(texts(map_svg(replace(SHEET, simulated=False))))


def test_nothing_on_the_sheet_comes_from_elsewhere() -> None:
    svg = map_svg(SHEET)
    assert set(re.findall(r"https?://[^\s\"']+", svg)) == {"http://www.w3.org/2000/svg"}
    assert "<image" not in svg and "<script" not in svg


def test_every_commune_is_drawn_and_uncertain_ones_bear_their_pattern() -> None:
    svg = map_svg(SHEET)
    assert svg.count('fill="#17508F" fill-rule') == len(UNITS) - 1
    assert svg.count("url(#hatch)") == 2
    assert svg.count("url(#dots)") == 1
    assert svg.count(f'stroke="{LIGHT.worse}"') == 1
    assert svg.count(f'fill="none" fill-rule="evenodd" stroke="{LIGHT.text}" stroke-width="16.0"') == 2


def test_names_are_apart_and_lie_within_the_sheet() -> None:
    root = ElementTree.fromstring(map_svg(SHEET))
    names = [element for element in root.iter(f"{SVG}text") if element.get("class") == "name"]
    assert len(names) > 20
    assert "Đường & Ơn" in [element.text for element in names]
    boxes = []
    for element in names:
        size = float(element.get("font-size", 0))
        # Half of what the screen's type takes: the face of the sheet is narrower than that.
        boxes.append(
            (float(element.get("x", 0)), float(element.get("y", 0)), text_width(element.text or "") * size / 14)
        )
    for at, (x, y, width) in enumerate(boxes):
        assert x - width / 2 > 0 and x + width / 2 < 842 and 0 < y < 595
        for other_x, other_y, other_width in boxes[:at]:
            assert abs(x - other_x) >= (width + other_width) / 2 or abs(y - other_y) >= 6.6


def test_a_province_with_an_archipelago_shows_it_by_name() -> None:
    shapes = {one.code: one.geometry for one in UNITS}
    names = {one.code: one.name for one in UNITS} | {"20333": "Đặc khu Hoàng Sa"}
    placed = place(shapes, {one.code: (one.lon, one.lat, 20.0) for one in UNITS}, names)
    island = unit("20333", 0, 0, geometry=placed.shapes["20333"], name="Hoàng Sa")
    drawn = replace(SHEET, units=[*UNITS, island], insets=placed.insets, area=placed.area)
    assert {"quần đảo Hoàng Sa", "(thành phố Đà Nẵng)"} <= set(texts(map_svg(drawn)))


def test_two_indicators_bear_their_square_with_both_names() -> None:
    counts = ((1, 2, 3), (4, 5, 6), (7, 8, 9))
    rows, columns = (Side(name=name, ranges=("1", "2", "3–4 giờ")) for name in ("Thời gian", "Hồ sơ tiếp nhận"))
    words = texts(map_svg(replace(SHEET, square=Square(rows=rows, columns=columns, counts=counts))))
    assert {"↑ Thời gian", "→ Hồ sơ tiếp nhận", "3–4 giờ", "↑ 3–4 giờ", "9"} <= set(words)


@pytest.mark.parametrize(("paper", "size"), [("a4", (3508, 2479)), ("a3", (4963, 3508))])
def test_a_picture_has_300_dots_an_inch(paper, size: tuple[int, int]) -> None:
    made = map_file(SHEET, form="png", paper=paper)
    assert made.startswith(b"\x89PNG")
    assert struct.unpack(">II", made[16:24]) == pytest.approx(size, abs=2)


def test_a_tall_province_stands_upright() -> None:
    tall = replace(SHEET, area=(107.0, 15.0, 107.2, 15.6))
    assert ElementTree.fromstring(map_svg(tall)).get("height") == "842pt"


def test_a_pdf_carries_its_fonts_and_its_title() -> None:
    made = map_file(SHEET, form="pdf")
    assert made.startswith(b"%PDF")
    assert b"/FontFile" in made
    assert b"Libertinus" in made


def test_lines_break_between_words_and_a_bar_is_round_and_fits() -> None:
    lines = wrapped("một hai ba bốn năm", width=50, size=10)
    assert lines == ["một hai ba", "bốn năm"]
    assert wrapped("", width=50, size=10) == []
    assert scale_bar(2.0, 90) == (20, 40.0)
    assert scale_bar(500.0, 90)[0] == 1


def test_on_a_slide_the_map_is_wide_and_leaves_title_and_foot_to_the_slide() -> None:
    svg = map_svg(SHEET, paper="slide")
    words = " ".join(texts(svg))
    assert SHEET.legend[0].text in words and "km" in words
    assert not any(line in words for line in SHEET.foot) and SHEET.subtitle not in words
    assert 'viewBox="0 0 888 367"' in svg
