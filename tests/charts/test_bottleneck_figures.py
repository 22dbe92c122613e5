"""Bars, heat map and waterfall of the screen of bottlenecks: what is drawn is what was counted."""

from __future__ import annotations

import pytest

from charts.heat_hours import heat_hours_figure
from charts.palettes import LIGHT
from charts.stacked_bars import Segment, StackedBar, stacked_bars_figure
from charts.waterfall import Change, waterfall_figure
from language.formats import number


def test_each_bar_is_as_long_as_its_parts_and_prints_their_sum() -> None:
    segments = [
        Segment(key="a", name="chờ", colour="#111111"),
        Segment(key="b", name="dừng", colour="#222222", hatched=True),
    ]
    bars = [
        StackedBar(name="Xã A", values={"a": 2.0, "b": 3.0}),
        StackedBar(name="Xã B", values={"b": 1.0}, note="5 hồ sơ"),
    ]
    figure = stacked_bars_figure(bars, segments, palette=LIGHT, text=lambda hours: f"{hours:g}", axis_title="giờ")
    assert [list(trace.x) for trace in figure.data] == [[2.0, 0.0], [3.0, 1.0]]
    assert [one.text.strip() for one in figure.layout.annotations] == ["5", "1"]
    assert figure.layout.yaxis.ticktext[1] == "Xã B<br>5 hồ sơ"
    assert figure.data[1].marker.pattern.shape == "/"
    # The first bar is the uppermost.
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]


def test_the_heat_map_has_monday_on_top_and_every_count_in_its_cell() -> None:
    figure = heat_hours_figure({(1, 8): 5, (7, 10): 2}, palette=LIGHT, first=7, last=10)
    heat = figure.data[0]
    assert list(heat.z[0]) == [0, 5, 0, 0]
    assert list(heat.z[6]) == [0, 0, 0, 2]
    assert figure.layout.yaxis.ticktext[0] == "Thứ Hai"
    assert "5 lượt, 71,4 %" in heat.customdata[0][1]


def test_the_waterfall_leads_from_the_first_mean_to_the_last() -> None:
    changes = [
        Change(name="Ký", difference=-3.0, low=-4.0, high=-2.0, text=""),
        Change(name="Thẩm định", difference=1.0, low=-1.0, high=3.0, text=""),
    ]
    figure = waterfall_figure(
        ("trước", 10.0), changes, ("sau", 8.0), palette=LIGHT, text=lambda hours: f"{hours:g}", axis_title="giờ"
    )
    bars = [trace for trace in figure.data if trace.type == "bar"]
    ends = {trace.y[0]: (trace.base[0], trace.base[0] + trace.x[0]) for trace in bars}
    assert ends == {0: (0.0, 10.0), 3: (0.0, 8.0), 1: (10.0, 7.0), 2: (7.0, 8.0)}
    colours = {trace.y[0]: trace.marker.color for trace in bars}
    assert colours[1] == LIGHT.better
    assert colours[2] == LIGHT.unclear


@pytest.mark.parametrize("bars", [[], [StackedBar(name="Xã A", values={})]])
def test_bars_without_anything_are_an_empty_figure(bars: list[StackedBar]) -> None:
    segments = [Segment(key="a", name="chờ", colour="#111111")]
    assert stacked_bars_figure(bars, segments, palette=LIGHT, text=str, axis_title="").layout.height > 0


def test_an_axis_of_one_dossier_has_no_fractions_of_it() -> None:
    figure = stacked_bars_figure(
        [StackedBar(name="Thẩm định", values={"old": 1.0})],
        [Segment(key="old", name="từ 30 ngày", colour="#123456")],
        palette=LIGHT,
        text=number,
        axis_title="hồ sơ",
    )
    assert figure.layout.xaxis.ticktext == ("0", "1")
