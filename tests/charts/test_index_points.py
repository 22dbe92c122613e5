"""Figures of the index: what is not known is hatched and never counted, bands hold what cannot be told apart."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from charts.index_points import GroupBar, groups_figure, of_known_text, points_text, units_figure
from charts.palettes import DARK, LIGHT


def texts(figure: go.Figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


def test_points_are_printed_of_what_is_known() -> None:
    assert of_known_text(31.24, 42.0) == "31,2 / 42"
    assert of_known_text(31.2, 40.67) == "31,2 / 40,67"
    assert of_known_text(17.18, 18.0, 2) == "17,18 / 18"
    assert points_text(None) == "–"


def test_a_bar_is_reached_missed_and_unknown_up_to_its_maximum() -> None:
    bars = [
        GroupBar(name="Số hóa hồ sơ", points=7.0, known=10.0, maximum=22.0, low=6.0, high=8.0),
        GroupBar(name="Mức độ hài lòng", points=None, known=0.0, maximum=18.0),
        GroupBar(name="Công khai, minh bạch", points=17.0, known=18.0, maximum=18.0, is_of_province=True),
    ]
    figure = groups_figure(bars, palette=LIGHT)
    reached, missed, unknown = (trace for trace in figure.data if trace.type == "bar")
    assert list(reached.x) == [7.0, 0.0, 17.0]
    assert list(missed.x) == [3.0, 0.0, 1.0]
    assert list(unknown.x) == [12.0, 18.0, 0.0]
    assert unknown.marker.pattern.shape == "/"
    assert reached.marker.color[2] != reached.marker.color[0]
    assert texts(figure) == ["<b>7,0 / 10</b> (chưa biết 12)", "không có nguồn (18 điểm)", "<b>17,0 / 18</b>"]
    intervals = [list(trace.x) for trace in figure.data if trace.type == "scatter"]
    assert intervals == [[6.0, 8.0]]


def test_the_text_of_a_bar_has_room_on_a_projector() -> None:
    bar = GroupBar(name="Số hóa hồ sơ", points=8.1, known=10.0, maximum=22.0)
    figure = groups_figure([bar], palette=LIGHT)
    (text,) = texts(figure)
    # The column of the screen is some 555 pixels wide there, of which the names of the groups take 170.
    beside = (1 - 22 / figure.layout.xaxis.range[1]) * 385
    assert beside >= 7.2 * len(text.replace("<b>", "").replace("</b>", ""))


def units(rows: list[tuple[str, float, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "commune": code, "points": points, "known": 42.0, "low": points - 1, "high": points + 1, "n": 100,
                "tier": tier, "rank_low": 1, "rank_high": 3,
            }
            for code, points, tier in rows
        ]
    )  # fmt: skip


def test_units_stand_in_bands_without_names_but_the_chosen_one() -> None:
    frame = units([("a", 30.0, 1), ("b", 29.5, 1), ("c", 29.0, 1), ("d", 20.0, 2), ("e", 19.5, 2), ("f", 19.0, 2)])
    names = {code: f"Xã {code.upper()}" for code in "abcdef"}
    figure = units_figure(frame, names=names, selected=["d"], palette=DARK)
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(-0.5, 2.5), (2.5, 5.5)]
    assert texts(figure) == ["Nhóm 1", "Nhóm 2", "<b>Xã D</b>"]
    assert figure.layout.xaxis.visible is False
    assert "thứ hạng có thể từ 1 đến 3" in figure.data[0].customdata[0]


def test_the_bands_hold_every_unit_once() -> None:
    frame = units([(str(number), 90.0 - number, 1 + number // 4) for number in range(10)])
    figure = units_figure(frame, names={str(n): str(n) for n in range(10)}, selected=[], palette=LIGHT)
    edges = [(shape.x0, shape.x1) for shape in figure.layout.shapes]
    assert edges == [(-0.5, 3.5), (3.5, 7.5), (7.5, 9.5)]
