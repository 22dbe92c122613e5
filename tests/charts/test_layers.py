"""The layers of the map: who differs, clusters, two indicators at once, and the weeks on one scale."""

from __future__ import annotations

import datetime as dt
import re
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.bivariate import COLOURS, bivariate_map, bivariate_sentence
from charts.choropleth import Ground
from charts.map_paths import Sheet, path
from charts.palettes import DARK, LIGHT
from charts.standing import with_standing
from charts.verdict_map import (
    cluster_map,
    cluster_sentence,
    cluster_words,
    moran_sentence,
    significance_map,
    significance_sentence,
)
from charts.week_map import week_map
from indicators import indicator
from indicators.clusters import KINDS, Clusters
from indicators.windows import Window
from tests.charts.test_contrast_charts import SIGHT, seen
from tests.charts.test_map import square

RATE, TIME, VOLUME = indicator("on_time_rate_ii06"), indicator("processing_days_p50"), indicator("received")
CODES = [f"{place:02d}" for place in range(12)]
GROUND = Ground(
    shapes={code: square(105 + int(code) * 0.1, 21) for code in CODES},
    points={code: (105.05 + int(code) * 0.1, 21.05, 20.0) for code in CODES},
    names={code: (f"Số {code}", f"Xã Số {code}") for code in CODES},
)
LOOK = {"ground": GROUND, "palette": LIGHT, "minutes_per_day": 480}


def judged(verdicts: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "commune": CODES[: len(verdicts)],
            "value": 0.8,
            "n": 100,
            "low": 0.7,
            "high": 0.9,
            "reference": 0.95,
            "difference": -0.15,
            "verdict": verdicts,
        }
    )


def test_only_communes_that_differ_are_coloured_and_the_rest_is_said() -> None:
    units, legend = significance_map(judged(["lower", "unclear", "higher"]), RATE, **LOOK, among=CODES[:4])
    by_code = {unit.code: unit for unit in units}
    assert [by_code[code].fill for code in CODES[:3]] == [LIGHT.worse, LIGHT.grid, LIGHT.better]
    assert by_code[CODES[3]].hatched and not by_code[CODES[4]].hatched
    assert [(entry.text, entry.count) for entry in legend] == [
        ("rõ ràng trễ hơn", 1),
        ("rõ ràng đúng hạn hơn", 1),
        ("chưa đủ cơ sở phân biệt", 1),
        ("chưa đủ số liệu", 1),
        ("ngoài nhóm so sánh", 8),
    ]
    assert by_code[CODES[0]].value == "Tỷ lệ đúng hạn (biểu II.06): 80,0 %, các đơn vị khác 95,0 %"
    assert by_code[CODES[0]].detail == "rõ ràng trễ hơn · khoảng tin cậy 95 %: 70,0–90,0 % · n = 100 hồ sơ"


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (["lower", "lower", "unclear"], "2 đơn vị rõ ràng trễ hơn so với các đơn vị khác, trong 3 đơn vị được so"),
        (
            ["unclear", "unclear"],
            "trong 2 đơn vị được so, không đơn vị nào chênh quá mức ngẫu nhiên so với các đơn vị khác",
        ),
        ([], "chưa đơn vị nào đủ số liệu để so sánh"),
    ],
)
def test_the_sentence_of_significance_counts_what_is_drawn(verdicts: list[str], words: str) -> None:
    frame = judged(verdicts)
    assert significance_sentence(frame, RATE, whole="các đơn vị khác") == f"Tỷ lệ đúng hạn (biểu II.06): {words}"


def clustered(kinds: list[str]) -> Clusters:
    frame = pl.DataFrame({"commune": CODES[: len(kinds)], "neighbours": 2, "kind": kinds})
    return Clusters(frame=frame, moran=0.31, moran_p=0.002)


def test_clusters_are_named_in_the_words_of_the_indicator() -> None:
    assert cluster_words(RATE)["low"] == "cụm trễ hơn, các xã quanh cũng trễ hơn"
    assert cluster_words(TIME)["high_among_low"] == "lâu hơn, khác các xã quanh"
    assert cluster_words(indicator("online_rate"))["high"].startswith("cụm")
    found = clustered(["low", "low", "low_among_high", "unclear", "alone", "high"])
    units, legend = cluster_map(found, judged(["unclear"] * 6), RATE, **LOOK)
    by_code = {unit.code: unit for unit in units}
    assert by_code["00"].fill == LIGHT.worse and not by_code["00"].dotted
    assert by_code["02"].dotted and by_code["02"].fill not in (LIGHT.worse, LIGHT.better)
    assert by_code["04"].dotted and by_code["11"].hatched
    assert sum(entry.count for entry in legend) == len(CODES)
    assert {entry.text for entry in legend if entry.dotted} == {
        "trễ hơn, khác các xã quanh",
        "không có xã giáp ranh đủ số liệu, không xét",
    }
    assert cluster_sentence(found, RATE).endswith(
        "1 đơn vị ở cụm đúng hạn hơn, 2 đơn vị ở cụm trễ hơn, 1 đơn vị khác các xã quanh"
    )
    assert set(cluster_words(RATE)) == set(KINDS)


def test_the_province_as_a_whole_is_said_with_its_figure_or_not_at_all() -> None:
    assert moran_sentence(clustered(["unclear"])) == (
        "Nhìn toàn tỉnh, các xã cạnh nhau giống nhau hơn mức ngẫu nhiên (hệ số Moran 0,31; p = 0,002)."
    )
    unknown = Clusters(frame=clustered(["unclear"]).frame, moran=None, moran_p=None)
    assert moran_sentence(unknown) == ""
    assert "không có cụm" in cluster_sentence(unknown, RATE)
    assert "không thấy cụm nào" in cluster_sentence(clustered(["unclear"]), RATE)


@pytest.mark.parametrize("sight", [*SIGHT, "normal"])
def test_the_nine_colours_stay_apart_for_colour_blind_eyes(sight: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty by the optimiser that chose them (CIE76, Machado 2009); ten is a clear difference at a glance."""
    monkeypatch.setitem(SIGHT, "normal", np.eye(3).tolist())
    colours = [seen(colour, sight) for row in COLOURS for colour in row]
    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(colours, 2)) > 25


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_communes_that_differ_stand_out_from_the_pale_ones(palette, sight: str) -> None:
    for colour in (palette.better, palette.worse):
        assert np.linalg.norm(seen(colour, sight) - seen(palette.grid, sight)) > 25


def plain(values: list[float], declared) -> pl.DataFrame:
    name = declared.id
    columns = {"commune": CODES[: len(values)], name: values}
    if declared.has_interval:
        columns |= {f"{name}_n": [100] * len(values), f"{name}_low": values, f"{name}_high": values}
    return with_standing(pl.DataFrame(columns), declared, None)


def test_two_indicators_make_nine_classes_whose_counts_add_up() -> None:
    first = plain([0.1 * place for place in range(1, 10)], TIME)
    second = plain([float(100 * (place % 3)) for place in range(9)], VOLUME)
    units, legend, drawn = bivariate_map(first, second, (TIME, VOLUME), **LOOK)
    assert drawn is not None
    assert sum(map(sum, drawn.counts)) == 9
    assert [sum(row) for row in drawn.counts] == [3, 3, 3]
    by_code = {unit.code: unit for unit in units}
    assert by_code["08"].fill == COLOURS[2][2] and by_code["00"].fill == COLOURS[0][0]
    assert by_code["11"].hatched
    assert [(entry.text, entry.count) for entry in legend] == [("chưa đủ số liệu", 3)]
    assert drawn.columns.ranges == ("0", "100", "200")
    assert bivariate_sentence(drawn, (TIME, VOLUME)).endswith("1 đơn vị cao ở cả hai, 1 đơn vị chỉ cao ở chỉ tiêu đầu")


def test_many_equal_values_leave_no_level_empty_and_no_value_no_square() -> None:
    first = plain([0.2] * 9 + [0.5, 0.9, 1.0], TIME)
    drawn = bivariate_map(first, plain([float(one) for one in range(12)], VOLUME), (TIME, VOLUME), **LOOK)[2]
    assert drawn is not None and [sum(row) for row in drawn.counts] == [9, 1, 2]
    assert bivariate_map(first.clear(), first.clear(), (TIME, VOLUME), **LOOK)[2] is None
    assert "chưa đơn vị nào" in bivariate_sentence(None, (TIME, VOLUME))


MONDAY = dt.date(2025, 6, 30)
LABELS = [f"2025-W{27 + place}" for place in range(8)]
EIGHT_WEEKS = Window(MONDAY, MONDAY + dt.timedelta(days=55))


def weekly(n: int) -> pl.DataFrame:
    """Rates of two communes by week, each from n dossiers: the first falls week by week, the second has its best."""
    rows = [
        (code, label, value, n)
        for code, values in (("00", [0.9 - 0.1 * place for place in range(8)]), ("01", [1.0] * 8))
        for label, value in zip(LABELS, values, strict=True)
    ]
    return pl.DataFrame(rows, schema=["commune", "week", RATE.id, f"{RATE.id}_n"], orient="row")


def weeks(frame: pl.DataFrame, **options):
    settings = {
        "codes": CODES[:3], "grain": "week", "within": EIGHT_WEEKS, "scheme": "fisher", "palette": LIGHT,
        "minutes_per_day": 480,
    }  # fmt: skip
    return week_map(frame, RATE, **(settings | options))


def test_a_letter_a_commune_and_week_on_one_scale() -> None:
    found = weeks(weekly(50))
    assert found is not None and found.rolled == 1
    assert found.steps[0] == "tuần 30/06–06/07/2025"
    assert [len(frame) for frame in found.frames] == [3] * 8
    assert {frame[2] for frame in found.frames} == {"-"}
    assert {frame[1] for frame in found.frames} == {str(len(found.legend) - 1)}
    falling = [int(frame[0]) for frame in found.frames]
    assert falling == sorted(falling, reverse=True) and len(set(falling)) > 2


def test_thin_weeks_are_added_up_exactly_and_thinner_ones_stay_grey() -> None:
    found = weeks(weekly(6), codes=CODES[:2])
    assert found is not None
    assert (found.rolled, len(found.steps), found.steps[0]) == (4, 5, "4 tuần đến 27/07/2025")
    # The mean of 90, 80, 70 and 60 % by hand.
    texts = {str(place): entry.text for place, entry in enumerate(found.legend)}
    assert texts[found.frames[0][0]].startswith("75,0") or texts[found.frames[0][0]].endswith("75,0 %")
    assert weeks(weekly(1)) is None


def test_weeks_that_are_not_whole_have_no_step() -> None:
    cut = Window(MONDAY + dt.timedelta(days=1), EIGHT_WEEKS.ends - dt.timedelta(days=1))
    assert len(weeks(weekly(50), within=cut).steps) == 6
    assert weeks(weekly(50), within=Window(MONDAY, MONDAY)) is None


@given(st.floats(104, 106), st.floats(20, 22))
def test_places_of_the_area_lie_on_the_sheet(lon: float, lat: float) -> None:
    sheet = Sheet((104.0, 20.0, 106.0, 22.0), 500, 400)
    x, y = sheet.place(lon, lat)
    assert 0 <= x <= 500 and 0 <= y <= 400


def test_a_path_closes_rings_takes_relative_steps_and_keeps_the_distance() -> None:
    area = (105.0, 21.0, 105.1, 21.1)
    drawn = path(square(105, 21), Sheet(area, 300, 300))
    assert re.fullmatch(r"M\d+ \d+l(-?\d+ -?\d+ ?)+z", drawn)
    # A tenth of a degree of latitude is 11.1 km.
    sheet = Sheet(area, 300, 300)
    height = sheet.place(105, 21)[1] - sheet.place(105, 21.1)[1]
    assert height / sheet.units_per_km == pytest.approx(11.13, rel=0.01)
    assert path({"type": "Point", "coordinates": [105, 21]}, sheet) == ""
