"""Cohorts as charts and sentences: what is drawn and what is said agree with the figures."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from charts.cohort_words import cohort_sentence, gap_sentence
from charts.cohorts import cohorts_figure, curve_figure, shares_at
from charts.palettes import LIGHT
from indicators.cohorts import Cohort
from indicators.windows import bucket_window

AS_OF = dt.date(2025, 9, 30)


def cohort(*, resolved: dict[float, int], waiting: dict[float, int] | None = None, label: str = "2025-08") -> Cohort:
    """So many dossiers by working days."""
    days = sorted({*resolved, *(waiting or {})})
    return Cohort(
        window=bucket_window("month", label),
        as_of=AS_OF,
        days=np.array(days, dtype=float),
        resolved=np.array([resolved.get(day, 0) for day in days], dtype=float),
        waiting=np.array([(waiting or {}).get(day, 0) for day in days], dtype=float),
        left=np.zeros(len(days)),
    )


FINISHED = cohort(resolved={1: 60, 3: 60})
WAITING = cohort(resolved={1: 60, 3: 50}, waiting={2: 40, 8: 10}, label="2025-09")
FEW = cohort(resolved={1: 5}, label="2025-07")
HALF_OPEN = cohort(resolved={1: 60}, waiting={2: 70}, label="2025-09")


def said(one: Cohort, probability: float = 0.9) -> str:
    return gap_sentence(one, probability, minutes_per_day=480)


def test_the_title_of_a_curve_says_both_quantiles_and_what_is_provisional() -> None:
    words = cohort_sentence(WAITING, grain="month", place="toàn tỉnh", minutes_per_day=480)
    assert words == (
        "Hồ sơ tiếp nhận tháng 9/2025, toàn tỉnh: một nửa có kết quả trong 3,0 ngày làm việc (tạm tính), "
        "chưa đến chín phần mười có kết quả (tạm tính)"
    )
    words = cohort_sentence(FEW, grain="month", place="toàn tỉnh", minutes_per_day=480)
    assert words.count("chưa đủ số liệu") == 2


@pytest.mark.parametrize(
    ("one", "probability", "words"),
    [
        (FINISHED, 0.9, "Không còn hồ sơ nào chờ kết quả: chỉ tính 120 hồ sơ đã xong cũng được 3,0 ngày làm việc."),
        (
            WAITING,
            0.5,
            "Nếu chỉ tính 110 hồ sơ đã xong thì một nửa có kết quả trong 1,0 ngày làm việc, ngắn hơn 3,0 ngày làm "
            "việc: cách tính ấy bỏ quên 50 hồ sơ còn chờ, mà hồ sơ còn chờ thường là hồ sơ lâu.",
        ),
        (
            HALF_OPEN,
            0.5,
            "Nếu chỉ tính 60 hồ sơ đã xong thì một nửa có kết quả trong 1,0 ngày làm việc; nhưng 70 hồ sơ còn chờ, nên "
            "thật ra chưa đến một nửa số hồ sơ có kết quả.",
        ),
        (
            FEW,
            0.9,
            "Chỉ có 5 hồ sơ, dưới 100: chưa đủ số liệu để nói chín phần mười có kết quả trong bao lâu.",
        ),
    ],
    ids=["nothing open", "a gap", "not reached", "too few"],
)
def test_a_sentence_says_what_forgetting_the_open_dossiers_would_do(
    one: Cohort, probability: float, words: str
) -> None:
    assert said(one, probability) == words


def test_provisional_cohorts_are_hollow_and_those_of_few_dossiers_grey_and_not_joined() -> None:
    found = [FEW, FINISHED, WAITING]
    figure = cohorts_figure(found, 0.5, grain="month", palette=LIGHT, minutes_per_day=480, height=300)
    marks = figure.data[-1]
    assert list(marks.y) == [1.0, 1.0, 3.0]
    assert list(marks.marker.color) == [LIGHT.unclear, LIGHT.better, LIGHT.page]
    line = next(trace for trace in figure.data if trace.name == "tính cả hồ sơ chưa xong")
    assert list(line.y) == [None, 1.0, 3.0]
    naive = next(trace for trace in figure.data if trace.name == "chỉ tính hồ sơ đã xong")
    assert (naive.line.dash, list(naive.y)) == ("dash", [None, 1.0, 1.0])


def test_the_curve_rises_within_its_band_and_the_naive_one_lies_above() -> None:
    figure = curve_figure(WAITING, palette=LIGHT, minutes_per_day=480, height=300)
    naive, share = figure.data[1], figure.data[2]
    assert naive.line.dash == "dash"
    assert (np.diff(share.y) >= 0).all()
    assert (np.array(naive.y) >= np.array(share.y) - 1e-12).all()
    days = np.array([0.0, 0.5, 1.0, 3.0])
    curve, low, high = shares_at(WAITING.curve, days)
    assert curve == pytest.approx([0, 0, 60 / 160, 1 - 100 / 160 * 10 / 60])
    assert (low <= curve).all()
    assert (curve <= high).all()


def test_a_cohort_in_which_nothing_has_happened_has_charts_too() -> None:
    nothing = cohort(resolved={}, waiting={0.5: 30})
    assert cohorts_figure([nothing], 0.9, grain="month", palette=LIGHT, minutes_per_day=480, height=300).data
    assert set(curve_figure(nothing, palette=LIGHT, minutes_per_day=480, height=300).data[2].y) == {0.0}
    assert said(nothing) == "Chưa hồ sơ nào trong số này có kết quả."
