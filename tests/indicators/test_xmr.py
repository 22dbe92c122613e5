"""XmR charts: limits of a published example, and each of the four rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.xmr import RUN, chart, mean_range

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: ten flow rates, and the limits printed there.
FLOW_RATES = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def test_limits_are_those_of_the_handbooks_example() -> None:
    (stretch,) = chart(FLOW_RATES).stretches
    assert mean_range(np.array(FLOW_RATES)) == pytest.approx(1.8778, abs=5e-5)
    assert stretch.centre == pytest.approx(50.81)
    # The handbook divides by 1.128, which 2.66 rounds.
    assert (stretch.low, stretch.high) == pytest.approx((45.8159, 55.8041), abs=2e-3)


def test_a_range_that_shows_a_change_does_not_widen_the_limits() -> None:
    steady = [10.0, 11.0] * 6
    assert mean_range(np.array([*steady, 40.0, *steady])) == pytest.approx(1.0)


def test_seven_on_one_side_are_a_signal_and_six_are_not() -> None:
    six = chart([1.0, -1.0] * 8 + [0.9, 1.1, 0.9, 1.1, 0.9, 1.1], rebased_at=[])
    assert not any("run" in broken for broken in six.rules)
    seven = chart([-1.0, 1.0, -1.0, -1.0, 1.0, -1.0, -1.0, -1.0] + [0.9, 1.1, 0.9, 1.1, 0.9, 1.1, 0.9])
    assert ["run" in broken for broken in seven.rules] == [False] * 8 + [True] * 7


def test_seven_rising_are_a_signal_toward_the_side_they_go() -> None:
    rising = chart([5.0, 9.0, 1.0, 8.0, 2.0, 9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.5, 6.0])
    assert ["trend" in broken for broken in rising.rules] == [False] * 6 + [True] * 7
    assert rising.sides[-1] == 1


def test_two_of_three_near_a_limit_on_one_side_are_a_signal() -> None:
    values = [0.0, 1.0, 0.0, -1.0] * 20
    near = 0.85 * chart(values).last.high
    both = chart([*values, near, 0.0, near])
    assert ["near_limit" in broken for broken in both.rules[-3:]] == [True, False, True]
    opposite = chart([*values, near, 0.0, -near])
    assert not any("near_limit" in broken for broken in opposite.rules)


def test_a_value_beyond_a_limit_is_unusual_and_its_side_decides_for_better_or_worse() -> None:
    last = chart([0.9, 0.92] * 10 + [0.7], highest=1.0)
    assert "beyond_limit" in last.rules[-1]
    assert last.variation("higher_is_better") == "worsening"
    assert last.variation("lower_is_better") == "improving"
    assert last.variation("neutral") == "changing"
    assert chart([0.9, 0.92] * 10).variation("higher_is_better") == "nothing_unusual"


def test_limits_begin_anew_where_stated_and_rules_do_not_reach_across() -> None:
    values = [1.0, 2.0] * 7 + [11.0, 12.0] * 7
    assert any(chart(values).rules)
    rebased = chart(values, rebased_at=[14])
    assert [(s.starts, s.ends, s.centre) for s in rebased.stretches] == [(0, 14, 1.5), (14, 28, 11.5)]
    assert not any(rebased.rules)


def test_a_target_is_met_missed_or_not_sure_by_the_limits_alone() -> None:
    steady = chart([0.90, 0.92] * 10)
    assert steady.assurance(0.5, higher_is_better=True) == "meets"
    assert steady.assurance(0.99, higher_is_better=True) == "misses"
    assert steady.assurance(0.91, higher_is_better=True) == "not_sure"
    assert steady.assurance(0.99, higher_is_better=False) == "meets"
    assert steady.assurance(0.5, higher_is_better=False) == "misses"


def test_equal_values_raise_no_alarm() -> None:
    assert not any(chart([0.1 + 0.2] * 30).rules)


def test_an_empty_series_has_no_chart() -> None:
    with pytest.raises(ValueError, match="at least one"):
        chart([])


def test_a_steady_process_rings_about_as_rarely_as_four_rules_should() -> None:
    random = np.random.default_rng(1)
    rings = [bool(chart(random.normal(size=30)).rules[-1]) for _series in range(2_000)]
    # A run of seven alone rings at one newest value in 64: measured 0.0175.
    assert 0.010 < np.mean(rings) < 0.026


@given(st.lists(st.integers(-1_000, 1_000), min_size=1, max_size=40), st.sampled_from([2.0, 4.0, -8.0]))
def test_scale_does_not_change_the_rules_and_sign_turns_the_sides(values: list[int], scale: float) -> None:
    first, scaled = chart(values), chart([value * scale for value in values])
    assert first.rules == scaled.rules
    assert [side * np.sign(scale) for side in first.sides] == list(scaled.sides)


def test_the_number_of_a_run_is_that_of_the_source() -> None:
    assert RUN == 7
