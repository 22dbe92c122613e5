"""How far promises lie from the terms: every differing dossier is in a bar, the others are not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from charts.due_difference import days_in_words, due_difference_figure
from charts.palettes import LIGHT

COUNTS = st.dictionaries(st.integers(-5, 5), st.integers(1, 10_000))


@given(COUNTS)
def test_every_dossier_that_differs_stands_in_a_bar(counts: dict[int, int]) -> None:
    figure = due_difference_figure(counts, first=-5, last=5, palette=LIGHT)
    bars = dict(zip(figure.data[0].x, figure.data[0].y, strict=True))
    assert sum(bars.values()) == sum(count for days, count in counts.items() if days)
    assert "0" not in bars
    assert list(bars) == [str(day) for day in range(-5, 6) if day]


def test_the_ends_say_that_they_reach_further_and_shares_are_of_all_promises() -> None:
    figure = due_difference_figure({0: 90, -5: 4, 2: 6}, first=-5, last=5, palette=LIGHT)
    assert figure.layout.xaxis.ticktext[0] == "≤ −5"
    assert figure.layout.xaxis.ticktext[-1] == "≥ +5"
    said = dict(zip(figure.data[0].x, figure.data[0].customdata, strict=True))
    assert said["-5"] == "<b>sớm hơn 5 ngày làm việc trở lên</b><br>4 hồ sơ, 4,00 %"
    assert said["2"] == "<b>muộn hơn 2 ngày làm việc</b><br>6 hồ sơ, 6,00 %"
    assert days_in_words(0) == "đúng như thời hạn"
