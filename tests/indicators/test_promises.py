"""Promises and what became of them: worked by hand, found where planted, and seldom found where nothing happened."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import CallError
from indicators.before_after import BeforeAfter, counts_change, rate_dispersion, rates_change
from indicators.promises import judge, judge_direction, watch
from tests.builders import Row, dossier
from tests.indicators.conftest import Open

RATES = np.array([0.99, 0.75, 0.93, 0.97, 0.85])
PROMISED_ON = dt.date(2025, 8, 1)
DUE_ON = dt.date(2025, 8, 31)


def cells(rows: list[tuple[str, str, int, int]]) -> pl.DataFrame:
    """From rows of before/after, procedure, hits and n."""
    frame = pl.DataFrame(rows, schema=["commune", "procedure", "hits", "n"], orient="row")
    return frame.select(
        "commune",
        pl.lit("Chứng thực").alias("field"),
        "procedure",
        pl.lit("online").alias("channel"),
        pl.col("hits", "n").cast(pl.Float64),
    )


def one_week_each(hits: tuple[int, int], n: tuple[int, int]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    return [np.array([float(hit)]) for hit in hits], [np.array([float(case)]) for case in n]


# ---- the change, by hand ---------------------------------------------------------------------------------------------


def test_two_rates_have_the_published_interval() -> None:
    """Newcombe 1998, example (a): 56 of 70 against 48 of 80 differ by 0.2, method 10: 0.0524 to 0.3339."""
    given_cells = cells([("before", "2.000815", 48, 80), ("after", "2.000815", 56, 70)])
    found = rates_change(given_cells, *one_week_each((48, 56), (80, 70)))
    assert (found.before, found.after, found.before_n, found.after_n) == (0.6, 0.8, 80, 70)
    assert (found.change, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert not found.is_adjusted


def test_a_rate_that_fell_with_the_mix_alone_did_not_change() -> None:
    """100 % and 50 % before and after, but three quarters of the hard ones instead of one half."""
    given_cells = cells(
        [
            ("before", "easy", 100, 100),
            ("before", "hard", 50, 100),
            ("after", "easy", 50, 50),
            ("after", "hard", 75, 150),
        ]
    )
    found = rates_change(given_cells, *one_week_each((150, 125), (200, 200)))
    assert found.is_adjusted
    assert (found.plain, found.mix) == pytest.approx((-0.125, -0.125))
    assert found.change == pytest.approx(0)
    assert found.low is not None and found.high is not None and found.low < 0 < found.high


def test_a_mix_that_was_not_there_before_leaves_the_plain_difference() -> None:
    given_cells = cells([("before", "old", 90, 100), ("after", "new", 60, 100), ("after", "old", 45, 50)])
    found = rates_change(given_cells, *one_week_each((90, 105), (100, 150)))
    assert not found.is_adjusted
    assert found.change == found.plain == pytest.approx(0.7 - 0.9)


def test_counts_per_working_day_have_exact_bounds_of_each() -> None:
    """Garwood: 40 lies within 28.58 and 54.47, 20 within 12.22 and 30.89; per day over 20 days, by MOVER."""
    weeks = [np.array([10.0] * 4), np.array([5.0] * 4)]
    found = counts_change((40, 20), (20, 20), weeks, [np.array([5.0] * 4)] * 2)
    assert (found.before, found.after, found.change) == (2, 1, -1)
    low = -1 - np.hypot(20 - 12.217, 54.469 - 40) / 20
    high = -1 + np.hypot(30.888 - 20, 40 - 28.577) / 20
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-3)


def test_a_fall_to_nothing_is_measured_and_nothing_at_all_is_not() -> None:
    steady = [np.array([8.0] * 4), np.zeros(4)]
    fallen = counts_change((32, 0), (20, 20), steady, [np.array([5.0] * 4)] * 2)
    assert fallen.high is not None and fallen.high < -0.8
    nothing = counts_change((0, 0), (20, 20), [np.zeros(4)] * 2, [np.array([5.0] * 4)] * 2)
    assert (nothing.change, nothing.low, nothing.high) == (0, None, None)


def test_weeks_that_differ_by_more_than_chance_widen_the_interval() -> None:
    """Weeks of 20 cases with 5 and 15 hits in turn: each is 5 off the mean of 10, 5 times the variance of chance."""
    uneven = [np.array([5.0, 15.0, 5.0, 15.0])] * 2
    spread, freedom = rate_dispersion(uneven, [np.full(4, 20.0)] * 2)
    assert (spread, freedom) == pytest.approx((5 * 8 / 6, 6))
    given_cells = cells([("before", "a", 40, 80), ("after", "a", 60, 80)])
    calm = rates_change(given_cells, *one_week_each((40, 60), (80, 80)))
    stormy = rates_change(given_cells, [uneven[0], uneven[1] + 5], [np.full(4, 20.0)] * 2)
    assert calm.low is not None and calm.low > 0
    assert stormy.low is not None and stormy.low < 0


# ---- the rule --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "change", "high", "expected", "verdict"),
    [
        (0.05, 0.10, 0.15, 0.10, "kept"),
        (0.02, 0.06, 0.10, 0.10, "kept"),  # the interval reaches what was promised
        (0.02, 0.06, 0.09, 0.10, "not_kept"),  # better for sure, and short of the promise for sure
        (-0.02, 0.06, 0.14, 0.10, "not_measurable"),
        (-0.09, -0.06, -0.03, 0.10, "not_kept"),
        (0.20, 0.25, 0.30, 0.10, "kept"),
    ],
)
def test_the_rule(low: float, change: float, high: float, expected: float, verdict: str) -> None:
    assert judge(change, low, high, expected) == verdict
    # A promised fall is the mirror of a promised rise.
    assert judge(-change, -high, -low, -expected) == verdict


def test_without_a_size_the_promise_is_a_direction() -> None:
    assert judge_direction(0.01, 0.2, 1) == judge_direction(-0.2, -0.01, -1) == "kept"
    assert judge_direction(-0.2, -0.01, 1) == "not_kept"
    assert judge_direction(-0.1, 0.1, 1) == "not_measurable"


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=3).map(sorted), st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_larger_promise_is_never_easier_to_keep(bounds: list[float], one: float, other: float) -> None:
    low, change, high = bounds
    order = ["not_kept", "not_measurable", "kept"]
    smaller, larger = sorted((one, other))
    assert order.index(judge(change, low, high, smaller)) >= order.index(judge(change, low, high, larger))


# ---- by simulation ---------------------------------------------------------------------------------------------------


def world(
    random: np.random.Generator, effect: float, *, n: int, weeks: int, shock: float, rates: np.ndarray = RATES
) -> BeforeAfter:
    """A commune with a mix that drifts, weeks that differ by `shock` (on the logit), and an effect on every rate."""
    mix = random.dirichlet(np.full(len(RATES), 2.0))
    rows, hits, cases = [], [], []
    for side, moved, shares in (("before", 0.0, mix), ("after", effect, random.dirichlet(mix * 40 + 0.01))):
        total, done = np.zeros((2, weeks, len(RATES)), int)
        for week, size in enumerate(random.multinomial(n, np.full(weeks, 1 / weeks))):
            rate = np.clip(rates + moved, 0.001, 0.999)
            rate = 1 / (1 + (1 - rate) / rate * np.exp(-random.normal(0, shock)))
            total[week] = random.multinomial(size, shares)
            done[week] = random.binomial(total[week], rate)
        rows += [(side, str(k), int(done[:, k].sum()), int(total[:, k].sum())) for k in range(len(RATES))]
        hits.append(done.sum(axis=1).astype(float))
        cases.append(total.sum(axis=1).astype(float))
    return rates_change(cells(rows).filter(pl.col("n") > 0), hits, cases)


def shares(effect: float, expected: float, *, n: int, shock: float = 0.0, worlds: int = 150) -> dict[str, float]:
    random = np.random.default_rng(7)
    found = [world(random, effect, n=n, weeks=9, shock=shock) for _world in range(worlds)]
    verdicts = [judge(one.change or 0, one.low or 0, one.high or 0, expected) for one in found]
    return {name: verdicts.count(name) / worlds for name in ("kept", "not_kept", "not_measurable")}


def test_what_did_not_change_is_seldom_called_kept() -> None:
    """Stated: at most 2.5 %. Measured over 1,000 worlds each: 1.2 and 1.1 % (80 and 400 dossiers) where weeks differ by
    chance, 1.3 and 2.3 % where they differ by more. The plain rates look better in 2.2, 5.0, 3.8 and 10.6 %."""
    for n, shock in itertools.product((80, 400), (0.0, 0.5)):
        assert shares(0.0, 0.05, n=n, shock=shock)["kept"] <= 0.06


def test_a_true_improvement_is_found_and_one_that_is_promised_and_does_not_come_is_seen() -> None:
    """Every rate 8 points up, 5 promised, 1,500 dossiers. Measured over 300 worlds: kept in 98.7 %."""
    random = np.random.default_rng(8)
    better = [world(random, 0.08, n=1500, weeks=9, shock=0.2, rates=RATES - 0.09) for _world in range(100)]
    verdicts = [judge(one.change or 0, one.low or 0, one.high or 0, 0.05) for one in better]
    assert verdicts.count("kept") >= 95
    assert np.mean([one.change or 0 for one in better]) == pytest.approx(0.08, abs=0.006)
    assert shares(0.0, 0.10, n=1500, worlds=100)["not_kept"] >= 0.95


# ---- on a snapshot ---------------------------------------------------------------------------------------------------


def resolved(month: int, *, in_time: int, late: int, **options: str | None) -> list[Row]:
    """So many dossiers received and resolved in a month, the late ones spread over it, on its first 28 days."""
    total, rows = in_time + late, []
    for number in range(total):
        day = dt.datetime(2025, month, 1 + number % 28, 8)
        is_late = (number + 1) * late // total > number * late // total
        due = day - dt.timedelta(days=1) if is_late else day
        rows.append(dossier(received_at=day, due_at=due, finished_at=day + dt.timedelta(hours=1), **options))
    return rows


def promise(**options: object) -> dict[str, object]:
    return {
        "commune_code": "08740",
        "indicator": "on_time_rate_ii06",
        "promised_on": PROMISED_ON,
        "due_on": DUE_ON,
        "expected_change": 0.10,
    } | options


def test_a_promise_is_kept_in_the_window_after_against_as_many_days_before(snapshot_of: Open) -> None:
    snapshot = snapshot_of(resolved(7, in_time=150, late=50) + resolved(8, in_time=190, late=10))
    found = watch(snapshot, **promise())  # type: ignore[arg-type]
    assert found.after_window is not None and found.before_window is not None
    assert (found.before_window.starts, found.before_window.ends) == (dt.date(2025, 7, 1), dt.date(2025, 7, 31))
    assert (found.before, found.after, found.before_n, found.n) == (0.75, 0.95, 200, 200)
    assert (found.verdict, found.is_final, found.reason) == ("kept", True, "")
    assert "từ 75,0 % trước ngày cam kết (n = 200) thành 95,0 %" in found.sentence
    assert found.sentence.startswith("Giữ được: ") and "đã cam kết tăng 10,0 điểm %" in found.sentence


def test_another_commune_and_another_procedure_keep_nobodys_promise(snapshot_of: Open) -> None:
    better = {"commune_code": "08521"}
    snapshot = snapshot_of(
        resolved(7, in_time=150, late=50, **better)
        + resolved(8, in_time=200, late=0, **better)
        + resolved(7, in_time=100, late=0)
        + resolved(8, in_time=100, late=0)
    )
    assert watch(snapshot, **promise()).verdict == "not_kept"  # type: ignore[arg-type]
    assert watch(snapshot, **promise(commune_code="08521")).verdict == "kept"  # type: ignore[arg-type]
    of_other = watch(snapshot, **promise(commune_code="08521", procedure_code="1.000894"))  # type: ignore[arg-type]
    assert (of_other.verdict, of_other.n) == ("not_measurable", 0)


def test_before_half_of_the_time_nothing_is_said_and_later_data_do_not_reach_back(snapshot_of: Open) -> None:
    rows = resolved(7, in_time=150, late=50) + resolved(8, in_time=190, late=10)
    snapshot = snapshot_of(rows)
    early = watch(snapshot, **promise(as_of=dt.date(2025, 8, 14)))  # type: ignore[arg-type]
    assert early.verdict == "too_early"
    assert "mới qua 14 trong 31 ngày" in early.sentence
    halfway = watch(snapshot, **promise(as_of=dt.date(2025, 8, 20)))  # type: ignore[arg-type]
    known_then = snapshot_of([row for row in rows if row["received_at"].date() <= dt.date(2025, 8, 20)])
    assert halfway == watch(known_then, **promise(as_of=dt.date(2025, 8, 20)))  # type: ignore[arg-type]
    assert not halfway.is_final and "hạn chưa hết" in halfway.sentence
    not_begun = watch(snapshot, **promise(promised_on=dt.date(2025, 12, 1), due_on=None))  # type: ignore[arg-type]
    assert (not_begun.verdict, not_begun.n) == ("too_early", None)


def test_too_few_dossiers_are_told_apart_from_too_early(snapshot_of: Open) -> None:
    snapshot = snapshot_of(resolved(7, in_time=100, late=0) + resolved(8, in_time=10, late=0))
    over = watch(snapshot, **promise())  # type: ignore[arg-type]
    assert (over.verdict, over.reason) == ("not_measurable", "từ ngày cam kết mới có 10 hồ sơ, cần ít nhất 20")
    running = watch(snapshot, **promise(due_on=dt.date(2025, 10, 31)))  # type: ignore[arg-type]
    assert running.verdict == "too_early"
    nothing_before = snapshot_of(resolved(8, in_time=100, late=0))
    assert "trước ngày cam kết" in watch(nothing_before, **promise()).reason  # type: ignore[arg-type]


def test_counts_are_promised_per_working_day_and_open_ones_as_they_stand(snapshot_of: Open) -> None:
    rows = resolved(7, in_time=100, late=92) + resolved(8, in_time=180, late=10)
    found = watch(snapshot_of(rows), **promise(indicator="resolved_late", expected_change=-3.0))  # type: ignore[arg-type]
    # July 2025 has 23 working days, August 21; days off carry their dossiers too.
    assert (found.before, found.after) == pytest.approx((92 / 23, 10 / 21))
    assert found.verdict == "kept"
    assert "hồ sơ mỗi ngày làm việc" in found.sentence
    stuck = [dossier(received_at="2025-07-01 08:00", due_at="2025-07-15") for _number in range(30)]
    cleared = [
        row | {"finished_at": dt.datetime(2025, 8, 12, 9), "closed_at": dt.datetime(2025, 8, 12, 9)}
        for row in stuck[:25]
    ]
    still = watch(snapshot_of(cleared + stuck[25:]), **promise(indicator="pending_late", expected_change=-20))  # type: ignore[arg-type]
    assert (still.before, still.after, still.change) == (30, 5, -25)


def test_a_median_is_promised_in_days(snapshot_of: Open) -> None:
    def taking(month: int, hours: int) -> list[Row]:
        days = [dt.datetime(2025, month, day, 8) for day in range(1, 29) if dt.date(2025, month, day).weekday() < 4]
        return [
            dossier(received_at=day, finished_at=day + dt.timedelta(hours=hours)) for day in days for _n in range(4)
        ]

    snapshot = snapshot_of(taking(7, 26) + taking(8, 2))
    found = watch(snapshot, **promise(indicator="processing_days_p50", expected_change=-0.5))  # type: ignore[arg-type]
    assert found.verdict == "kept"
    assert found.change == pytest.approx(2 / 8 - 10 / 8, abs=0.05)


def test_what_cannot_be_watched_says_why(snapshot_of: Open) -> None:
    snapshot = snapshot_of(resolved(7, in_time=50, late=0))
    reasons = {
        None: "cam kết chưa gắn với chỉ tiêu nào",
        "chi_so_la": "phần mềm không có chỉ tiêu này",
        "backlog_days": "chỉ tiêu này chưa có khoảng tin cậy",
    }
    for name, reason in reasons.items():
        found = watch(snapshot, **promise(indicator=name))  # type: ignore[arg-type]
        assert (found.verdict, found.reason) == ("not_measurable", reason)
    aimless = watch(snapshot, **promise(indicator="received", expected_change=None))  # type: ignore[arg-type]
    assert "tăng hay giảm" in aimless.reason
    with pytest.raises(CallError, match="trước ngày cam kết"):
        watch(snapshot, **promise(due_on=dt.date(2025, 7, 1)))  # type: ignore[arg-type]


def test_the_same_days_of_last_year_stand_beside(snapshot_of: Open) -> None:
    last_year = [
        row | {name: value.replace(year=2024) for name, value in row.items() if isinstance(value, dt.datetime)}
        for row in resolved(8, in_time=60, late=40)
    ]
    snapshot = snapshot_of(last_year + resolved(7, in_time=80, late=20) + resolved(8, in_time=95, late=5))
    found = watch(snapshot, **promise())  # type: ignore[arg-type]
    assert (found.last_year, found.last_year_n) == (0.6, 100)
