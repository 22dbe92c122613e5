"""The drawings of a brief: well-formed, in themselves, true to their numbers."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from reports.content import OutlineMap, Point, Series, Share
from reports.drawings import outline_map, time_bars, trend_line
from reports.typesetting import picture_of
from tests.reports.files_fixture import HOSTILE, a_brief, a_hostile_brief, square

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def words(svg: str) -> str:
    return " ".join(drawn(svg).itertext())


def test_drawings_ask_for_nothing_from_outside() -> None:
    for brief in (a_brief(), a_hostile_brief()):
        for svg in (outline_map(brief), trend_line(brief.trend), time_bars(brief.time_shares)):
            names = {element.tag.removeprefix(SVG) for element in drawn(svg).iter()}
            assert names <= {"svg", "path", "text", "circle", "rect"}
            assert not re.search(r"href|url\(", re.sub(r">[^<]*<", "><", svg))


def test_a_drawing_becomes_a_picture() -> None:
    assert picture_of(trend_line(a_brief().trend)).startswith(b"\x89PNG")


def test_nothing_known_is_nothing_drawn() -> None:
    assert outline_map(replace(a_brief(), map=OutlineMap())) == ""
    assert trend_line(Series(label="", unit="count", points=(Point(dt.date(2026, 1, 1), 3.0),))) == ""
    assert time_bars(()) == ""


def test_a_gap_in_the_trend_stays_a_gap() -> None:
    lines = [
        path for path in drawn(trend_line(a_brief().trend)).iter(f"{SVG}path") if path.get("stroke-width") == "1.4"
    ]
    assert len(lines) == 2


@given(
    values=st.lists(st.one_of(st.none(), st.floats(0, 1e6, allow_nan=False)), min_size=2, max_size=30),
    unit=st.sampled_from(["percent", "count", "days"]),
)
def test_every_point_lies_inside_the_drawing(values: list[float | None], unit: str) -> None:
    points = tuple(Point(dt.date(2026, 1, 1) + dt.timedelta(days=7 * place), v) for place, v in enumerate(values))
    svg = trend_line(Series(label="", unit=unit, points=points))
    if sum(value is not None for value in values) < 2:
        assert svg == ""
        return
    _left, _top, width, height = map(float, drawn(svg).attrib["viewBox"].split())
    for path in drawn(svg).iter(f"{SVG}path"):
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.attrib["d"]):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height


def test_bars_are_as_long_as_their_shares() -> None:
    shares = tuple(Share(label="Bước", minutes=1, share=share, text="") for share in (0.6, 0.3, 0.1))
    lengths = [float(bar.attrib["width"]) for bar in drawn(time_bars(shares)).iter(f"{SVG}rect")]
    assert [round(length / lengths[0], 2) for length in lengths] == [1, 0.5, 0.17]


def test_labels_are_texts_whatever_they_hold() -> None:
    svg = time_bars((Share(label=HOSTILE, minutes=1, share=1, text="1 giờ"),))
    assert "#panic() *đậm*" in words(svg)
    assert "<script" not in svg


def test_a_province_with_an_archipelago_shows_and_names_it_even_without_its_outline() -> None:
    mainland = tuple(square(108.0 + 0.1 * number, 16.0) for number in range(3))
    for province, name in (("thành phố Đà Nẵng", "quần đảo Hoàng Sa"), ("Khánh Hòa", "quần đảo Trường Sa")):
        brief = replace(a_brief(), province_name=province, map=OutlineMap(commune=mainland[:1], others=mainland[1:]))
        assert name in words(outline_map(brief))
    assert "quần đảo" not in words(outline_map(a_brief()))


def test_a_commune_far_out_stands_in_a_frame_with_its_name() -> None:
    mainland = tuple(square(106.0 + 0.1 * x, 20.6 + 0.1 * y) for x in range(8) for y in range(4))
    brief = replace(
        a_brief("Đặc khu Bạch Long Vĩ", "11948"), map=OutlineMap(commune=(square(108.7, 20.1, 0.02),), others=mainland)
    )
    svg = outline_map(brief)
    assert "Đặc khu Bạch Long Vĩ" in words(svg)
    assert "aria-label" in svg


def test_a_given_outline_of_the_archipelago_is_drawn_in_its_frame_once() -> None:
    mainland = tuple(square(108.0 + 0.1 * number, 16.0) for number in range(3))
    islands = (square(111.6, 16.5, 0.02), square(112.3, 16.9, 0.02))
    brief = replace(
        a_brief(), province_name="Đà Nẵng", map=OutlineMap(commune=mainland[:1], others=mainland[1:] + islands)
    )
    svg = outline_map(brief)
    assert words(svg).count("quần đảo Hoàng Sa") == 1
    width = float(drawn(svg).attrib["viewBox"].split()[2])
    # The mainland still fills most of the drawing.
    own = next(path for path in drawn(svg).iter(f"{SVG}path") if path.get("fill") == "#0B5394")
    xs = [float(x) for x in re.findall(r"[ML]([\d.]+) ", own.attrib["d"])]
    assert max(xs) - min(xs) > 0.12 * width


def test_the_brief_of_the_archipelago_itself_shows_it() -> None:
    mainland = tuple(square(108.0 + 0.1 * number, 16.0) for number in range(4))
    brief = replace(
        a_brief("Đặc khu Hoàng Sa", "20333"), province_name="thành phố Đà Nẵng", map=OutlineMap(others=mainland)
    )
    svg = outline_map(brief)
    assert "quần đảo Hoàng Sa" in words(svg)
    assert any(path.get("fill") == "#0B5394" for path in drawn(svg).iter(f"{SVG}path"))
