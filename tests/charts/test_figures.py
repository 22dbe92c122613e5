"""Charts print Vietnamese, mark what is provisional, and never rank what has too few cases."""

from __future__ import annotations

import datetime as dt
import json
import re
from itertools import pairwise

import polars as pl
import pytest

from charts.dots import dots_figure
from charts.layout import CONFIG, date_label
from charts.palettes import DARK, LIGHT, ramp, rgb
from charts.rows import standing_symbol
from charts.sentences import standing_sentence, trend_sentence
from charts.standing import standing, with_standing
from charts.trend import Point, Series, stretches, trend_figure
from charts.values import value_text
from indicators import indicator
from indicators.windows import Window

RATE, COUNT = indicator("on_time_rate_ii06"), indicator("received")
MONDAY = dt.date(2025, 6, 30)


def week(number: int, value: float | None, *, n: int = 100, finished: bool = True) -> Point:
    starts = MONDAY + dt.timedelta(weeks=number)
    window = Window(starts, starts + dt.timedelta(days=6))
    low, high = (None, None) if value is None else (value - 0.02, min(1.0, value + 0.02))
    return Point(window=window, finished=finished, value=value, n=n, low=low, high=high)


PROVINCE = Series(
    name="Toàn tỉnh",
    is_province=True,
    points=[*(week(number, 0.9 + 0.01 * (number % 2)) for number in range(6)), week(6, 0.5, finished=False)],
)


def drawn(figure) -> str:
    return json.dumps(figure.to_plotly_json(), default=str, ensure_ascii=False)


def trend(series, **options):
    settings = {"grain": "week", "palette": LIGHT, "minutes_per_day": 480} | options
    return trend_figure(series, RATE, **settings)


def test_numbers_and_dates_of_a_trend_are_vietnamese() -> None:
    figure = trend([PROVINCE])
    assert figure.layout.separators == ",."
    assert figure.layout.xaxis.ticktext[0] == "30/06"
    assert all(re.fullmatch(r"\d+(,\d)? %", text) for text in figure.layout.yaxis.ticktext)
    hover = figure.data[-1].customdata[0]
    assert "tuần 30/06–06/07/2025" in hover
    assert "90,0 %" in hover
    assert "n = 100 hồ sơ" in hover


def test_months_are_printed_as_vietnamese_papers_do() -> None:
    assert date_label(dt.date(2025, 7, 1), grain="month", with_year=True) == "T7/2025"
    assert date_label(dt.date(2025, 7, 1), grain="week", with_year=True) == "01/07/25"


def test_charts_have_no_words_of_the_library() -> None:
    texts = drawn(trend([PROVINCE], days_off=[(dt.date(2025, 9, 2), "Quốc khánh")]))
    assert "trace 0" not in texts
    assert not re.search(r"\b(Jan|Feb|Aug|Sep|Oct|Week|Date|Value)\b", texts)
    assert CONFIG["displayModeBar"] is False


def test_an_unfinished_week_is_hollow_and_dashed_and_says_so() -> None:
    figure = trend([PROVINCE])
    markers = figure.data[-1]
    assert markers.marker.color[-1] == LIGHT.page
    assert markers.marker.color[0] == LIGHT.province
    assert "tạm tính" in markers.customdata[-1]
    dashed = [trace for trace in figure.data if trace.line.dash == "dot"]
    assert len(dashed) == 1
    solid = next(
        trace for trace in figure.data if trace.mode == "lines" and trace.line.dash is None and trace.fill is None
    )
    assert solid.y[-1] is None


def test_points_with_too_few_cases_are_grey_and_do_not_stretch_the_axis() -> None:
    series = Series(
        name="Xã Ấm Hạ",
        points=[
            week(0, 0.9),
            week(1, 0.92),
            Point(window=week(2, 0.9).window, finished=True, value=0.91, n=3, low=0.2, high=1.0),
        ],
    )
    figure = trend([series])
    assert figure.data[-1].marker.color[-1] == LIGHT.unclear
    line = next(
        trace for trace in figure.data if trace.mode == "lines" and trace.line.dash is None and trace.fill is None
    )
    assert list(line.y) == [0.9, 0.92, None]
    assert figure.layout.yaxis.range[0] > 0.8
    assert "chưa đủ số liệu" in figure.data[-1].customdata[-1]


def test_a_band_is_drawn_only_where_the_line_is_and_has_no_markers() -> None:
    few = Point(window=week(2, 0.9).window, finished=True, value=0.91, n=3, low=0.2, high=1.0)
    figure = trend([Series(name="Xã Ấm Hạ", points=[week(0, 0.9), week(1, 0.9), few, week(3, 0.9), week(4, 0.9)])])
    bands = [trace for trace in figure.data if trace.fill == "toself"]
    assert [len(band.x) for band in bands] == [4, 4]
    assert {trace.mode for trace in figure.data} <= {"lines", "markers"}
    assert 0.2 not in [value for band in bands for value in band.y]


def test_the_chosen_weeks_stand_on_a_ground_of_their_own_among_the_weeks_before() -> None:
    chosen = Window(MONDAY + dt.timedelta(weeks=4, days=2), MONDAY + dt.timedelta(weeks=5, days=6))
    (ground,) = trend([PROVINCE], highlight=chosen).layout.shapes
    half = dt.timedelta(days=3.5)
    middle = dt.datetime.combine(MONDAY, dt.time())
    assert ground.x0 == middle + dt.timedelta(weeks=4) - half
    assert ground.x1 == middle + dt.timedelta(weeks=5) + half
    assert not trend([PROVINCE], highlight=Window(MONDAY, MONDAY + dt.timedelta(weeks=8))).layout.shapes


def test_an_empty_series_is_an_empty_chart() -> None:
    assert trend([Series(name="Xã Ấm Hạ", points=[week(0, None, n=0)])]).layout.yaxis.ticktext
    assert trend([]).layout.yaxis.ticktext


def test_days_off_close_together_are_one_stretch() -> None:
    tet = [(dt.date(2026, 2, day), "Tết Nguyên đán") for day in range(16, 21)]
    joined = stretches([*tet, (dt.date(2026, 4, 27), "Giỗ Tổ (nghỉ bù)"), (dt.date(2026, 4, 30), "Ngày Chiến thắng")])
    assert joined == [
        (Window(dt.date(2026, 2, 16), dt.date(2026, 2, 20)), "Tết Nguyên đán"),
        (Window(dt.date(2026, 4, 27), dt.date(2026, 4, 30)), "Giỗ Tổ"),
    ]


def test_the_title_of_a_trend_passes_over_what_is_unfinished() -> None:
    sentence = trend_sentence([PROVINCE], RATE, minutes_per_day=480)
    assert sentence == (
        "Tỷ lệ đúng hạn (biểu II.06), toàn tỉnh, tuần 04/08–10/08/2025: 91,0 %, "
        "trong khoảng của 5 tuần trước đó (90,0 % đến 91,0 %)"
    )


@pytest.mark.parametrize(
    ("last", "words"), [(0.99, "cao hơn cả 5 tuần trước đó"), (0.5, "thấp hơn cả 5 tuần trước đó")]
)
def test_the_title_of_a_trend_says_a_record_only_where_there_is_one(last: float, words: str) -> None:
    series = Series(name="Xã Ấm Hạ", points=[*PROVINCE.points[:5], week(5, last)])
    assert trend_sentence([series], RATE, minutes_per_day=480).endswith(words)


def test_the_title_of_a_trend_speaks_of_the_chosen_weeks_only() -> None:
    few = Point(window=week(6, 0.9).window, finished=True, value=1.0, n=3, low=0.4, high=1.0)
    series = Series(name="Xã Ấm Hạ", points=[*PROVINCE.points[:6], few])
    sentence = trend_sentence([series], RATE, minutes_per_day=480, within=few.window)
    assert sentence.endswith("mỗi điểm dưới 20 hồ sơ, chưa đủ số liệu để đánh giá")


def test_the_title_of_a_trend_counts_only_weeks_that_can_be_judged() -> None:
    few = Point(window=week(2, 0.9).window, finished=True, value=1.0, n=3, low=0.4, high=1.0)
    points = [*PROVINCE.points[:2], few, *PROVINCE.points[3:6], week(6, 0.5)]
    sentence = trend_sentence([Series(name="Xã Ấm Hạ", points=points)], RATE, minutes_per_day=480)
    assert sentence.endswith("thấp hơn cả 5 tuần đủ số liệu trước đó")


def test_the_title_of_a_trend_says_when_there_is_too_little() -> None:
    series = Series(name="Xã Ấm Hạ", points=[week(0, 1.0, n=3)])
    assert "dưới 20 hồ sơ" in trend_sentence([series], RATE, minutes_per_day=480)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.99, "cao hơn rõ mức chung 91,0 %"),
        (0.85, "thấp hơn rõ mức chung 91,0 %"),
        (0.92, "chưa đủ cơ sở phân biệt với mức chung 91,0 %"),
    ],
)
def test_the_title_of_a_commune_sets_it_against_the_province_of_the_same_week(value: float, words: str) -> None:
    commune = Series(name="Xã Ấm Hạ", points=[week(5, value), week(6, 0.5, finished=False)])
    assert trend_sentence([commune, PROVINCE], RATE, minutes_per_day=480) == (
        f"Tỷ lệ đúng hạn (biểu II.06), Xã Ấm Hạ, tuần 04/08–10/08/2025: {value_text(RATE, value, 480)}, {words}"
    )


@pytest.mark.parametrize(
    ("figure", "where"),
    [
        ((0.99, 500, 0.97, 0.995), "higher"),
        ((0.80, 500, 0.77, 0.83), "lower"),
        ((0.93, 500, 0.88, 0.96), "unclear"),
        ((1.0, 5, 0.6, 1.0), "too_few"),
        ((None, 0, None, None), "none"),
    ],
)
def test_a_commune_differs_only_where_its_whole_interval_does(figure, where: str) -> None:
    assert standing(RATE, *figure, province=0.92) == where


FRAME = with_standing(
    pl.DataFrame(
        {
            "commune": ["a", "b", "c", "d"],
            "on_time_rate_ii06": [0.99, 0.80, 1.0, None],
            "on_time_rate_ii06_n": [500, 500, 5, 0],
            "on_time_rate_ii06_low": [0.97, 0.77, 0.6, None],
            "on_time_rate_ii06_high": [0.995, 0.83, 1.0, None],
        }
    ),
    RATE,
    0.92,
)
NAMES = {"a": "Xã A", "b": "Xã B", "c": "Xã C", "d": "Xã D"}


def test_dots_show_sides_by_form_and_colour_and_leave_out_who_has_no_case() -> None:
    figure = dots_figure(
        FRAME, RATE, province=0.92, whole="Toàn thành phố", names=NAMES, palette=LIGHT, minutes_per_day=480
    )
    dots = figure.data[-1]
    assert list(figure.layout.yaxis.ticktext) == ["Xã A", "Xã B", "Xã C"]
    assert list(dots.marker.color) == [LIGHT.better, LIGHT.worse, LIGHT.too_few]
    assert len({standing_symbol(where) for where in ("higher", "lower", "unclear", "too_few")}) == 4
    assert "chưa đủ số liệu" in dots.customdata[2]
    assert figure.layout.annotations[0].text == "Toàn thành phố: 92,0 %"


def test_the_title_of_a_comparison_counts_who_really_differs() -> None:
    assert standing_sentence(FRAME, RATE, 0.92, whole="Toàn tỉnh", minutes_per_day=480) == (
        "Tỷ lệ đúng hạn (biểu II.06): toàn tỉnh 92,0 %; 1 đơn vị kém hơn rõ, 1 đơn vị tốt hơn rõ, "
        "0 đơn vị chưa đủ cơ sở phân biệt"
    )


def test_the_title_of_counts_speaks_of_no_difference() -> None:
    frame = with_standing(pl.DataFrame({"commune": ["a", "b"], "received": [1_234, 0]}), COUNT, None)
    assert standing_sentence(frame, COUNT, 1_234, whole="Toàn tỉnh", minutes_per_day=480) == (
        "Hồ sơ tiếp nhận: toàn tỉnh 1.234; mỗi đơn vị từ 0 đến 1.234"
    )


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_classes_of_a_map_run_evenly_from_light_to_dark(palette) -> None:
    shades = [
        sum(weight * part for weight, part in zip((0.3, 0.59, 0.11), rgb(colour), strict=True))
        for colour in ramp(palette.sequential, 5)
    ]
    steps = [abs(after - before) for before, after in pairwise(shades)]
    assert shades in (sorted(shades), sorted(shades, reverse=True))
    assert min(steps) > 20
