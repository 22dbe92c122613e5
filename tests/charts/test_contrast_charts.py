"""Charts and sentences of comparison: only what is clear is coloured, names do not collide, printed parts add up."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.contrast_words import (
    funnel_sentence,
    groups_sentence,
    mix_sentence,
    pair_sentence,
    periods_sentence,
)
from charts.dumbbell import dumbbell_figure
from charts.funnel import HEIGHT, FunnelPoint, funnel_figure
from charts.heat import heat_figure
from charts.labels import text_width
from charts.mix_bars import mix_figure
from charts.palettes import DARK, LIGHT, Palette, rgb
from charts.rank_dots import rank_figure, rank_text
from indicators.catalogue import indicator
from indicators.funnel import funnel

ON_TIME = indicator("on_time_rate_ii06")
WIDTH = 860


def points(seed: int = 1, count: int = 60) -> tuple[list[FunnelPoint], object]:
    random = np.random.default_rng(seed)
    n = random.integers(30, 3_000, count).astype(float)
    rate = np.clip(0.95 + 0.01 * random.standard_normal(count), 0, 1)
    rate[:6] = 0.86
    hits = random.binomial(n.astype(int), rate).astype(float)
    drawn = funnel(hits, n)
    scores = drawn.scores(hits, n)
    made = [
        FunnelPoint(code=str(place), name=f"Xã Số {place}", n=n[place], value=hits[place] / n[place], score=score)
        for place, score in enumerate(scores.tolist())
    ]
    return made, drawn


@pytest.mark.parametrize("seed", range(6))
def test_names_of_outliers_cover_neither_each_other_nor_the_edge(seed: int) -> None:
    made, drawn = points(seed)
    figure = funnel_figure(made, drawn, ON_TIME, whole="Toàn tỉnh", palette=LIGHT, minutes_per_day=480, width=WIDTH)  # type: ignore[arg-type]
    first, last = figure.layout.xaxis.range
    low, high = figure.layout.yaxis.range
    boxes = []
    for one in figure.layout.annotations:
        if not one.text.startswith("Xã Số"):
            continue
        x = (one.x - first) / (last - first) * (WIDTH - 70) + (one.xshift or 0)
        y = (1 - (one.y - low) / (high - low)) * (HEIGHT - 80) - (one.yshift or 0)
        long = text_width(one.text)
        left = {"left": x, "right": x - long, "center": x - long / 2}[one.xanchor]
        boxes.append((left, y - 7, left + long, y + 7))
    assert len(boxes) >= 4
    for place, box in enumerate(boxes):
        assert box[0] >= -1
        assert box[2] <= WIDTH - 69
        for other in boxes[:place]:
            assert box[0] >= other[2] or other[0] >= box[2] or box[1] >= other[3] or other[1] >= box[3]


def test_the_limits_are_drawn_over_the_whole_width() -> None:
    made, drawn = points()
    figure = funnel_figure(made, drawn, ON_TIME, whole="Toàn tỉnh", palette=LIGHT, minutes_per_day=480)  # type: ignore[arg-type]
    lower = [trace for trace in figure.data if trace.line.dash in ("dash", "solid") and np.nanmean(trace.y) < 0.95]
    assert len(lower) == 2
    for trace in lower:
        assert np.isfinite(trace.y).all()
        assert trace.x[-1] >= max(point.n for point in made)


def test_the_funnels_sentence_counts_what_is_coloured() -> None:
    made, drawn = points()
    words = funnel_sentence(made, drawn, ON_TIME, period="tháng 8/2025", minutes_per_day=480)  # type: ignore[arg-type]
    coloured = sum(point.standing != "unclear" for point in made)
    assert f"{coloured} trong 60 đơn vị nằm ngoài giới hạn 95 %" in words
    assert coloured >= 6


def mix_row(difference: float, mix: float, half: float = 0.01) -> dict[str, Any]:
    own = difference - mix
    known = {"value": 0.9, "n": 453, "difference": difference, "mix": mix, "own": own, "covered": 0.9}
    return known | {"own_low": own - half, "own_high": own + half}


def test_the_mix_is_said_in_the_words_of_an_administrative_paper() -> None:
    words = mix_sentence(mix_row(-0.031, -0.024, 0.004), "Phường Phú Thọ", ON_TIME)
    assert words == (
        "Phường Phú Thọ: tỷ lệ đúng hạn (biểu II.06) 90,0 % (n = 453), thấp hơn các đơn vị khác 3,1 điểm %; trong đó "
        "2,4 do cơ cấu thủ tục và kênh nộp, 0,7 của chính đơn vị; phần của đơn vị có khoảng tin cậy 95 % −1,1 đến −0,3 "
        "điểm %."
    )
    assert "chưa đủ cơ sở nói là khác 0" in mix_sentence(mix_row(-0.031, -0.024), "Xã A", ON_TIME)
    assert "kéo xuống 2,4, phần của chính đơn vị đẩy lên 4,4" in mix_sentence(mix_row(0.02, -0.024), "Xã A", ON_TIME)


@given(difference=st.floats(-0.4, 0.4), mix=st.floats(-0.2, 0.2))
def test_the_printed_parts_add_up_to_the_printed_difference(difference: float, mix: float) -> None:
    words = mix_sentence(mix_row(difference, mix), "Xã A", ON_TIME)
    _head, body, parts, _tail = re.split(r"\), |; ", words)

    def tenths(text: str) -> list[int]:
        return [round(float(found.replace(",", ".")) * 10) for found in re.findall(r"\d+,\d", text)]

    whole, sizes = sum(tenths(body)), tenths(parts)
    if "không làm nên khác biệt" in parts:
        assert abs(mix) < 0.0015
    elif "trong đó" in parts:
        assert sum(sizes) == whole
    else:
        assert abs(sizes[0] - sizes[1]) == whole


def test_groups_are_said_without_a_bare_rank() -> None:
    alike = pl.DataFrame({"group": [1] * 5, "n": [30] * 5})
    assert "không xếp hạng được" in groups_sentence(alike, whole="Toàn tỉnh", period="tháng 8")
    words = groups_sentence(pl.DataFrame({"group": [1, 1, 1, 2], "n": [30] * 4}), whole="Toàn tỉnh", period="tháng 8")
    assert "Toàn tỉnh, tháng 8: 4 đơn vị đủ số liệu (n = 120 hồ sơ) chia thành 2 nhóm; 3 đơn vị nhóm 1" in words
    assert rank_text({"group": 2, "rank_low": 12, "rank_high": 87}) == "nhóm 2 · hạng 12–87"
    assert rank_text({"group": 1, "rank_low": 1, "rank_high": 1}) == "nhóm 1 · hạng 1"


CHANGES = pl.DataFrame(
    {
        "commune": ["1", "2", "3"],
        "value": [0.9, 0.8, 0.95],
        "value_low": [0.88, 0.7, 0.9],
        "value_high": [0.92, 0.86, 0.99],
        "reference": [0.8, 0.9, 0.94],
        "n": [500, 400, 100],
        "reference_n": [500, 400, 100],
        "difference": [0.1, -0.1, 0.01],
        "p_value": [0.001, 0.001, 0.6],
        "significant": [True, True, False],
        "direction": ["better", "worse", "better"],
    }
)
NAMES = {"1": "Xã Một", "2": "Xã Hai", "3": "Xã Ba"}


def test_only_changes_beyond_chance_are_coloured_and_counted() -> None:
    figure = dumbbell_figure(CHANGES, ON_TIME, names=NAMES, palette=LIGHT, minutes_per_day=480)
    assert list(figure.data[-1].marker.color) == [LIGHT.better, LIGHT.worse, LIGHT.unclear]
    assert [one.text for one in figure.layout.annotations] == ["+10,0 điểm %", "−10,0 điểm %", "chưa rõ"]
    words = periods_sentence(CHANGES, ON_TIME, before="tháng 7", now="tháng 8")
    assert "trong 3 đơn vị đủ số liệu cả hai kỳ, 1 tốt lên rõ, 1 kém đi rõ, 1 chưa đủ cơ sở kết luận" in words


def test_only_cells_that_differ_have_a_colour_and_an_arrow() -> None:
    cells = pl.DataFrame(
        {
            "commune": ["1", "1", "2"],
            "field": ["Hộ tịch", "Đất đai", "Đất đai"],
            "value": [0.99, 0.5, 0.6],
            "n": [100, 80, 5],
            "low": [0.9, 0.4, 0.2],
            "high": [1.0, 0.6, 0.9],
            "whole": [0.98, 0.9, 0.9],
            "standing": ["unclear", "lower", "too_few"],
        }
    )
    fields = ["Hộ tịch", "Đất đai"]
    figure = heat_figure(
        cells,
        ON_TIME,
        communes=["1", "2"],
        fields=fields,
        names=NAMES,
        field_names=dict.fromkeys(fields, "x"),
        palette=LIGHT,
        minutes_per_day=480,
    )
    filled = [shape for shape in figure.layout.shapes if shape.fillcolor != "rgba(0,0,0,0)"]
    assert [(shape.x0 + 0.48, shape.y0 + 0.46) for shape in filled] == [(1.0, 0.0)]
    assert [one.text.startswith("<b>▼") for one in figure.layout.annotations] == [False, True, False]


def test_a_pair_is_named_with_the_higher_first() -> None:
    pairs = pl.DataFrame(
        {
            "indicator": ["on_time_rate_ii06"] * 2,
            "first": ["1", "1"],
            "second": ["2", "3"],
            "difference": [-0.1, 0.01],
            "low": [-0.15, -0.02],
            "high": [-0.05, 0.04],
            "significant": [True, False],
        }
    )
    assert pair_sentence(pairs, ON_TIME, NAMES) == (
        "Tỷ lệ đúng hạn (biểu II.06): Xã Hai cao hơn Xã Một 10,0 điểm % (khoảng tin cậy 95 %: 5,0–15,0)"
    )
    assert pair_sentence(pairs.tail(1), ON_TIME, NAMES) == ""


def test_charts_of_one_row_are_drawn() -> None:
    ranks = {"value": 0.9, "n": 40.0, "shrunken": 0.92, "shrunken_low": 0.85, "shrunken_high": 0.96}
    row = pl.DataFrame([{"commune": "1", "standing": "lower", "rank_low": 1, "rank_high": 1, "group": 1} | ranks])
    figure = rank_figure(
        row, ON_TIME, province=0.95, whole="Toàn tỉnh", names=NAMES, palette=LIGHT, minutes_per_day=480
    )
    assert [one.text for one in figure.layout.annotations] == ["nhóm 1 · hạng 1", "Toàn tỉnh: 95,0 %"]
    mixed = pl.DataFrame([{"commune": "1"} | mix_row(-0.03, -0.02)])
    assert mix_figure(mixed, ON_TIME, names=NAMES, palette=LIGHT).data


# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
SIGHT = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def seen(colour: str, sight: str) -> np.ndarray:
    """A colour in CIE Lab as someone of this sight sees it."""
    channels = np.array(rgb(colour)) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(SIGHT[sight]) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    scaled = to_xyz @ linear / np.array([0.9505, 1.0, 1.089])
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_better_worse_and_unclear_stay_apart_for_colour_blind_eyes(palette: Palette, sight: str) -> None:
    colours = [seen(colour, sight) for colour in (palette.better, palette.worse, palette.unclear)]
    for place, colour in enumerate(colours):
        for other in colours[:place]:
            # Ten is a clear difference at a glance; the forms differ as well.
            assert np.linalg.norm(colour - other) > 15
