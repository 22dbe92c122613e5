"""Ranks carry their uncertainty: what is claimed for 95 of 100 cases holds, in simulated worlds of known truth."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from indicators import Window
from indicators.index_766 import assess_communes, rank
from indicators.index_766.ranks import rank_intervals, simulated_points, tiers
from tests.builders import Row, build_snapshot, commune, dossier, index_score
from tests.indicators.conftest import Open
from warehouse import Snapshot, open_snapshot

SEPTEMBER = Window(dt.date(2025, 9, 1), dt.date(2025, 9, 30))
UNITS, DOSSIERS = 250, 60


@pytest.mark.parametrize("spread", [0.0, 0.5, 1.5, 4.0])
def test_rank_intervals_hold_the_true_rank_about_as_often_as_claimed(spread: float) -> None:
    generator = np.random.default_rng(3)
    hits, naive = [], []
    for _world in range(25):
        truth = 85 + spread * generator.standard_normal(80) + 1e-9 * generator.standard_normal(80)
        error = generator.uniform(0.4, 2.0, 80)
        seen = truth + error * generator.standard_normal(80)
        samples = seen[:, None] + error[:, None] * generator.standard_normal((80, 600))
        low, high = rank_intervals(seen, samples)
        true_rank = 1 + np.argsort(np.argsort(-truth))
        hits.append(np.mean((low <= true_rank) & (true_rank <= high)))
        ranks = 1 + np.argsort(np.argsort(-samples, axis=0), axis=0)
        plain = np.quantile(ranks, [0.025, 0.975], axis=1)
        naive.append(np.mean((plain[0] <= true_rank) & (true_rank <= plain[1])))
    assert 0.92 <= np.mean(hits) <= 0.99
    # Why the draws are drawn towards the mean: without it the claim fails where units are close together.
    assert np.mean(naive) < np.mean(hits)


def test_rank_intervals_are_the_same_every_time_and_narrow_where_units_differ() -> None:
    samples = np.random.default_rng(1).standard_normal((5, 400)) * 0.1
    points = np.array([90.0, 80.0, 70.0, 60.0, 50.0])
    first, second = (rank_intervals(points, samples + points[:, None]) for _run in range(2))
    for bounds, again in zip(first, second, strict=True):
        assert bounds.tolist() == again.tolist() == [1, 2, 3, 4, 5]


def test_a_single_unit_and_none_at_all_have_ranks_too() -> None:
    assert [bound.tolist() for bound in rank_intervals(np.array([80.0]), np.ones((1, 10)))] == [[1], [1]]
    assert [bound.tolist() for bound in rank_intervals(np.array([]), np.ones((0, 10)))] == [[], []]


def test_a_tier_holds_those_whose_interval_touches_that_of_its_first() -> None:
    # The third touches the second but not the first; the fourth touches the third.
    assert tiers([88.0, 85.0, 80.0, 79.0, 60.0], [92.0, 90.0, 87.0, 83.0, 70.0]) == [1, 1, 2, 2, 3]
    assert tiers([], []) == []


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Many communes whose dossiers come from one and the same process."""
    generator = np.random.default_rng(2)
    communes = [commune(f"{10_000 + number}", f"Xã Thử {number}", map_geojson=None) for number in range(UNITS)]
    rows: list[Row] = []
    for unit in communes:
        chance = generator.random((DOSSIERS, 5))
        for late, online, e_result, digitised, paid in chance:
            is_online = bool(online < 0.4)
            rows.append(
                dossier(
                    commune_code=unit["commune_code"],
                    received_at="2025-09-02 08:00",
                    due_at="2025-09-10",
                    finished_at="2025-09-12 09:00" if late < 0.12 else "2025-09-05 09:00",
                    processing_minutes=480,
                    channel="online" if is_online else "in_person",
                    # Online dossiers end in an electronic result far more often: 3.3 and 4.1 rise and fall together.
                    e_result=bool(e_result < (0.75 if is_online else 0.3)),
                    digitised=bool(digitised < 0.65),
                    fee=2000,
                    paid_online=bool(paid < 0.5),
                )
            )
    directory = build_snapshot(Path(tmp_path_factory.mktemp("index")), dossiers=rows, communes=communes)
    return open_snapshot(directory)


# 20 × 0.88; 4 × 0.3 / 0.5; 3.33 (one procedure, always paid at least once); 3.34 × 0.5; 6 × 0.48; 4 × 0.65 / 0.8.
TRUTH = {"progress": 17.6, "online": 2.4, "payment": 3.33 + 1.67, "digitisation": 2.88 + 3.25}


def test_intervals_of_points_hold_the_truth_about_as_often_as_claimed(province: Snapshot) -> None:
    assessment = assess_communes(province, SEPTEMBER)
    for group, truth in TRUTH.items():
        found = assessment.groups.filter(pl.col("index_group") == group)
        held = ((found["low"] <= truth) & (truth <= found["high"])).mean()
        assert 0.91 <= held <= 0.99, group  # type: ignore[operator]
    truth = sum(TRUTH.values())
    totals = assessment.totals
    held = ((totals["low"] <= truth) & (truth <= totals["high"])).mean()
    assert 0.92 <= held <= 0.99  # type: ignore[operator]
    # Not bought by width: about two standard deviations of what the communes really show.
    assert (totals["high"] - totals["low"]).mean() < 5 * totals["points"].std()  # type: ignore[operator]


def test_simulated_points_vary_as_communes_of_one_process_do(province: Snapshot) -> None:
    assessment = assess_communes(province, SEPTEMBER)
    communes = assessment.totals["commune"].sort().to_list()
    samples = simulated_points(assessment.components, communes, draws=300)
    seen = assessment.totals["points"].std()
    assert seen is not None
    assert np.median(samples.std(axis=1)) == pytest.approx(float(seen), rel=0.12)  # type: ignore[arg-type]


def test_communes_of_one_process_are_not_told_apart(province: Snapshot) -> None:
    ranking = rank(assess_communes(province, SEPTEMBER))
    assert ranking.units.height == UNITS
    width = (ranking.units["rank_high"] - ranking.units["rank_low"]).mean()
    assert width > 0.8 * UNITS  # type: ignore[operator]
    assert ranking.apart == []


def test_units_of_which_other_parts_are_known_stand_apart_and_small_ones_are_left_out(snapshot_of: Open) -> None:
    def some(code: str, count: int) -> list[Row]:
        return [dossier(commune_code=code, received_at="2025-09-02 08:00", due_at="2025-09-20")] * count

    rows = [*some("08740", 30), *some("08230", 30), *some("08521", 30), *some("08674", 5)]
    score = index_score(commune_code="08230", item="5.2")
    ranking = rank(assess_communes(snapshot_of(rows, scores=[score]), SEPTEMBER))
    assert sorted(ranking.units["commune"]) == ["08521", "08740"]
    assert ranking.apart == ["08230"]
    assert set(ranking.units["tier"]) == {1}
