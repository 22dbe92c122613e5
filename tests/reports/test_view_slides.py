"""The view as slides: charts are native and hold the values of the screen, and every slide says what it is of."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Inches

from charts.dots import dots_figure
from charts.handover_matrix import Handover, handover_matrix_figure
from charts.palettes import DARK, LIGHT, Palette
from charts.process_map import process_map_figure
from charts.process_routes import rounded_path
from charts.stacked_bars import Segment, StackedBar, stacked_bars_figure
from charts.trend import Point, Series, trend_figure
from indicators import indicator
from indicators.windows import Window
from language.formats import number
from reports.native_drawing import outline
from reports.view_slides import (
    Shown,
    ShownCard,
    ShownCards,
    ShownFigure,
    ShownMap,
    ShownTable,
    ShownView,
    ShownWords,
    write_slides,
)
from tests.charts.test_process_map import ORDINARY, edges_of, nodes_of

ON_TIME = indicator("on_time_rate_ii06")
FOOT = "Số liệu đến 30/09/2025 18:00 · bản dữ liệu 2025 · nguồn: hệ thống một cửa Phú Thọ"


def slides_of(*items: Shown, simulated: bool = False, palette: Palette = LIGHT) -> Any:
    view = ShownView(
        title="Xu hướng · Phú Thọ",
        scope="30 ngày qua · toàn tỉnh",
        foot=FOOT,
        simulated=simulated,
        made_on=dt.date(2025, 9, 30),
        palette=palette,
        items=items,
    )
    return Presentation(BytesIO(write_slides(view))).slides


def texts(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def chart_of(slide: Any) -> Any:
    return next(shape.chart for shape in slide.shapes if shape.has_chart)


def table_of(slide: Any) -> list[list[str]]:
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    return [[cell.text for cell in row.cells] for row in table.rows]


def weeks(values: list[float | None]) -> list[Point]:
    return [
        Point(
            window=Window(monday := dt.date(2025, 7, 7) + dt.timedelta(weeks=place), monday + dt.timedelta(days=6)),
            finished=True,
            value=value,
            n=100,
            low=None if value is None else value - 0.02,
            high=None if value is None else value + 0.02,
        )
        for place, value in enumerate(values)
    ]  # fmt: skip


def trend(*lines: Series) -> go.Figure:
    return trend_figure(lines, ON_TIME, grain="week", palette=LIGHT, minutes_per_day=480)


def test_a_trend_is_a_line_chart_with_the_values_and_colours_of_the_screen() -> None:
    commune = Series(name="Phường Phú Thọ", points=weeks([0.9, 0.92, None, 0.95]))
    province = Series(name="Toàn tỉnh", points=weeks([0.97, 0.96, 0.98, 0.98]), is_province=True)
    (slide,) = slides_of(ShownFigure(title="Tỷ lệ đúng hạn tăng", figure=trend(commune, province)))
    chart = chart_of(slide)
    assert chart.chart_type == XL_CHART_TYPE.LINE_MARKERS
    assert list(chart.plots[0].categories) == ["07/07/2025", "14/07/2025", "21/07/2025", "28/07/2025"]
    found = {series.name: list(series.values) for series in chart.plots[0].series}
    assert found == {"Phường Phú Thọ": [0.9, 0.92, None, 0.95], "Toàn tỉnh": [0.97, 0.96, 0.98, 0.98]}
    assert str(chart.plots[0].series[0].format.line.color.rgb) == LIGHT.series[0][1:]
    assert "%" in chart.value_axis.tick_labels.number_format
    assert chart.value_axis.minimum_scale <= 0.9 and chart.value_axis.maximum_scale >= 0.98
    # The band of the interval is no series of its own, and the slide says that it is missing.
    assert "khoảng tin cậy" in texts(slide)


def test_communes_in_rows_are_points_with_their_intervals_and_names() -> None:
    frame = pl.DataFrame(
        {
            "commune": ["1", "2", "3"],
            "value": [0.9, 0.95, 0.99],
            "n": [50.0, 60.0, 70.0],
            "low": [0.85, 0.9, 0.97],
            "high": [0.94, 0.98, 1.0],
            "standing": ["lower", "unclear", "higher"],
        }
    )
    names = {"1": "Xã Một", "2": "Xã Hai", "3": "Xã Ba"}
    figure = dots_figure(
        frame, ON_TIME, province=0.95, whole="Toàn tỉnh", names=names, palette=LIGHT, minutes_per_day=480
    )
    (slide,) = slides_of(ShownFigure(title="So sánh", figure=figure))
    chart = chart_of(slide)
    assert chart.chart_type == XL_CHART_TYPE.XY_SCATTER
    lines = {series.name: series for series in chart.plots[0].series}
    for code, name in names.items():
        low, high = (frame.filter(commune=code)[part][0] for part in ("low", "high"))
        assert _xs(lines[name]) == [low, high]
    points = [_xs(series) for series in chart.plots[0].series if series.name == "Số liệu"]
    assert sorted(x for xs in points for x in xs) == [0.9, 0.95, 0.99]
    named = lines["Tên"]
    assert [named.points[place].data_label.text_frame.text for place in range(3)] == list(names.values())
    # The first row stands on top.
    assert list(named.values) == [3, 2, 1]


def _xs(series: Any) -> list[float]:
    return [float(value.text) for value in series._element.xpath("c:xVal//c:pt/c:v")]


def test_stacked_bars_stay_stacked_bars() -> None:
    segments = [
        Segment(key="a", name="Thẩm định", colour="#0B5394"),
        Segment(key="b", name="Ký duyệt", colour="#D55E00"),
    ]
    bars = [StackedBar(name="Khai sinh", values={"a": 1.5, "b": 0.5}), StackedBar(name="Đất đai", values={"a": 4.0})]
    figure = stacked_bars_figure(bars, segments, palette=LIGHT, text=lambda value: number(value, 1), axis_title="ngày")
    (slide,) = slides_of(ShownFigure(title="Thời gian", figure=figure))
    chart = chart_of(slide)
    assert chart.chart_type == XL_CHART_TYPE.BAR_STACKED
    assert list(chart.plots[0].categories) == ["Khai sinh", "Đất đai"]
    assert {one.name: list(one.values) for one in chart.plots[0].series} == {
        "Thẩm định": [1.5, 4.0],
        "Ký duyệt": [0.5, 0.0],
    }
    assert str(chart.plots[0].series[1].format.fill.fore_color.rgb) == "D55E00"


def test_a_duration_drawn_in_hours_is_a_chart_in_hours() -> None:
    figure = go.Figure(go.Scatter(x=[dt.date(2025, 7, 7), dt.date(2025, 7, 14)], y=[0.25, 0.5], mode="lines+markers"))
    figure.update_yaxes(tickvals=[0.25, 0.5], ticktext=["2", "4"], range=[0, 0.6])
    (slide,) = slides_of(ShownFigure(title="Giờ", figure=figure))
    assert list(chart_of(slide).plots[0].series[0].values) == [2.0, 4.0]


def test_a_heat_map_goes_along_as_a_table_and_says_so() -> None:
    figure = go.Figure(go.Heatmap(z=[[5, 0], [7, 9]], x=[8, 9], y=[0, 1]))
    figure.update_xaxes(tickvals=[8, 9], ticktext=["8 giờ", "9 giờ"])
    figure.update_yaxes(tickvals=[0, 1], ticktext=["Thứ Hai", "Thứ Ba"])
    (slide,) = slides_of(ShownFigure(title="Giờ", figure=figure))
    assert table_of(slide) == [["", "Thứ Hai", "Thứ Ba"], ["8 giờ", "5", "7"], ["9 giờ", "0", "9"]]
    assert "bảng" in texts(slide)


def test_written_cells_go_along_as_they_are_written_and_not_as_classes_of_colour() -> None:
    handed = [
        Handover(giver="Một cửa", taker="Kinh tế", n=106, returns=38, wait_hours=9.1),
        Handover(giver="Kinh tế", taker="Một cửa", n=39, returns=0, wait_hours=0.2),
    ]
    figure = handover_matrix_figure(handed, units=["Một cửa", "Kinh tế"], palette=LIGHT)
    (slide,) = slides_of(ShownFigure(title="Ai chuyển cho ai", figure=figure))
    assert table_of(slide) == [
        ["", "Một cửa", "Kinh tế"],
        ["Một cửa", "", "106 · 9,1 giờ ↩ 35,8 %"],
        ["Kinh tế", "39 · 12 phút", ""],
    ]


def test_a_drawing_of_boxes_and_arrows_is_one_of_shapes() -> None:
    nodes, edges = nodes_of(ORDINARY), edges_of(ORDINARY)
    figure = process_map_figure(nodes, edges, width=1000, palette=LIGHT, marked="Thẩm định")
    (slide,) = slides_of(ShownFigure(title="Sơ đồ", figure=figure))
    boxes = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.AUTO_SHAPE]
    ways = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.FREEFORM]
    # Four steps, where it begins and where it ends; a line and a head for each of three ways.
    assert (len(boxes), len(ways)) == (6, 6)
    for name in ("Tiếp nhận", "Thẩm định", "Ký", "Trả"):
        (words,) = [shape for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text.startswith(name)]
        inside = [box for box in boxes if box.left <= words.left + words.width / 2 <= box.left + box.width]
        assert inside and "lượt" in words.text_frame.text
    edges_of_slide = (Inches(13.333), Inches(7.5))
    for shape in slide.shapes:
        assert shape.left >= 0 and shape.top >= 0
        assert shape.left + shape.width <= edges_of_slide[0] and shape.top + shape.height <= edges_of_slide[1]


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 400)), min_size=2, max_size=6, unique=True))
def test_a_rounded_line_keeps_its_ends_and_stays_within_its_corners(corners: list[tuple[int, int]]) -> None:
    points, is_closed = outline(rounded_path([(float(x), float(y)) for x, y in corners]))
    assert not is_closed
    assert points[0] == pytest.approx(corners[0]) and points[-1] == pytest.approx(corners[-1])
    for axis in (0, 1):
        sides = [corner[axis] for corner in corners]
        assert all(min(sides) - 0.1 <= point[axis] <= max(sides) + 0.1 for point in points)


def test_a_drawing_without_shapes_says_that_it_stays_on_the_screen() -> None:
    figure = go.Figure(go.Scatter(x=[1, 2], y=[1, 2]))
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    (slide,) = slides_of(ShownFigure(title="Sơ đồ", figure=figure))
    assert "chỉ xem được trên màn hình" in texts(slide)


def test_cards_keep_their_texts() -> None:
    card = ShownCard(name="Hồ sơ tiếp nhận", value="1.234", certainty="n = 9", comparison="Kỳ trước: +2 %")
    (slide,) = slides_of(ShownCards(cards=(card,)))
    assert all(text in texts(slide) for text in ("Hồ sơ tiếp nhận", "1.234", "n = 9", "Kỳ trước: +2 %"))


def test_a_long_table_takes_several_slides_and_says_what_it_leaves_out() -> None:
    rows = tuple((f"Xã {place}", str(place)) for place in range(40))
    slides = slides_of(ShownTable(title="Bảng", columns=("Xã", "Số"), rows=rows, numbers=(False, True)))
    shown = [row for slide in slides for row in table_of(slide)[1:]]
    assert shown == [list(row) for row in rows[: len(shown)]]
    assert f"Bảng có 40 dòng, ở đây là {len(shown)} dòng đầu." in texts(slides[len(slides) - 1])


def test_rows_of_long_texts_stay_above_the_foot_of_the_slide() -> None:
    long = tuple((" → ".join(["Tiếp nhận hồ sơ"] * 12), "1") for _row in range(10))
    slides = list(slides_of(ShownTable(title="Lối đi", columns=("Lối đi", "Hồ sơ"), rows=long, numbers=(False, True))))
    assert sum(len(table_of(slide)) - 1 for slide in slides) == 10
    assert len(slides) == 2
    table = next(shape.table for shape in slides[0].shapes if shape.has_table)
    assert table.columns[0].width > 4 * table.columns[1].width


def test_a_sentence_stands_alone_or_over_its_lines() -> None:
    alone, over = slides_of(
        ShownWords(title="Chờ lâu ở ký duyệt"), ShownWords(title="Nếu giao bước", lines=("A: 1", "B"))
    )
    assert "Chờ lâu ở ký duyệt" in texts(alone)
    assert over.shapes.title.text_frame.text == "Nếu giao bước" and "A: 1\nB" in texts(over)


def test_a_screen_of_many_tables_takes_one_slide_of_each_along() -> None:
    rows = tuple((f"Xã Số {place}", "1") for place in range(30))
    table = ShownTable(title="Bảng", columns=("Đơn vị", "n"), rows=rows, numbers=(False, True))
    assert len(slides_of(*[table] * 4)) == 8
    many = slides_of(*[table] * 5)
    assert len(many) == 5
    assert all("Bảng có 30 dòng, ở đây là 12 dòng đầu." in texts(slide) for slide in many)


def test_many_columns_of_numbers_stand_in_smaller_type_and_above_the_foot() -> None:
    columns = ("Đơn vị", *(f"Đang giải quyết: trong hạn {place}" for place in range(12)))
    rows = tuple((f"Phường Tên Khá Dài {place}", *["1.234"] * 12) for place in range(20))
    numbers = (False, *[True] * 12)
    slides = slides_of(ShownTable(title="Biểu", columns=columns, rows=rows, numbers=numbers, dense=True))
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    assert [len(table.columns) for table in tables] == [13, 13]
    assert sum(len(table.rows) - 1 for table in tables) == 20
    assert {run.font.size.pt for run in tables[0].cell(1, 1).text_frame.paragraphs[0].runs} == {10}


def test_no_date_breaks_in_two_and_no_row_is_left_alone() -> None:
    columns = ("Hồ sơ", "Tình trạng", "Hạn")
    rows = tuple((f"H44.240-250702-{place:04d}", "Đang quá hạn, chờ bổ sung " * 6, "21/12/2026") for place in range(13))
    slides = slides_of(ShownTable(title="Bảng", columns=columns, rows=rows))
    assert max(counts := [len(table_of(slide)) - 1 for slide in slides]) - min(counts) <= 1
    table = next(shape.table for shape in slides[0].shapes if shape.has_table)
    # Ten signs of twelve points and the cell's margins.
    assert all(table.columns[place].width >= Inches(0.9) for place in range(3))


def test_points_keep_their_upright_intervals_and_places_without_meaning_no_numbers() -> None:
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[80.0, 70.0], mode="markers", error_y={"array": [2.0, 3.0], "arrayminus": [4.0, 5.0]}
    )
    figure.update_xaxes(visible=False, range=[-1, 2])
    chart = chart_of(slides_of(ShownFigure(title="Điểm", figure=figure))[0])
    points = sorted(tuple(one.values) for one in chart.plots[0].series)
    assert points == [(65.0, 73.0), (76.0, 82.0), (80.0, 70.0)]
    assert chart.category_axis.tick_label_position == XL_TICK_LABEL_POSITION.NONE


def test_a_map_without_a_picture_is_a_table_of_its_values() -> None:
    (slide,) = slides_of(ShownMap(title="Bản đồ", picture=None, columns=("Xã", "Số"), rows=(("Xã Một", "97,6 %"),)))
    assert table_of(slide) == [["Xã", "Số"], ["Xã Một", "97,6 %"]]


@pytest.mark.parametrize("simulated", [True, False])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_slide_says_what_it_is_of_and_whether_it_is_simulated(simulated: bool, palette: Palette) -> None:
    line = Series(name="Toàn tỉnh", points=weeks([0.97, 0.96]), is_province=True)
    slides = slides_of(
        ShownFigure(title="Một", figure=trend(line)),
        ShownTable(title="Hai", columns=("a",), rows=(("b",),)),
        simulated=simulated,
        palette=palette,
    )
    for slide in slides:
        assert FOOT in texts(slide) and "30 ngày qua · toàn tỉnh" in texts(slide)
        assert ("DỮ LIỆU MÔ PHỎNG" in texts(slide)) == simulated
        assert str(slide.background.fill.fore_color.rgb) == palette.page[1:]


def test_the_same_view_gives_the_same_bytes() -> None:
    line = Series(name="Toàn tỉnh", points=weeks([0.97, 0.96]), is_province=True)
    view = ShownView(
        title="a",
        scope="b",
        foot="c",
        simulated=True,
        made_on=dt.date(2025, 9, 30),
        palette=LIGHT,
        items=(ShownFigure(title="Một", figure=trend(line)),),
    )
    assert write_slides(view) == write_slides(view)
