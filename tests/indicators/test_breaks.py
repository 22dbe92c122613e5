"""Change points: false alarms stay at the promised level, planted changes are found within weeks."""

from __future__ import annotations

import numpy as np
import pytest

from indicators.breaks import breaks

WEEKS = 60


def rates(
    seed: int, levels: list[tuple[int, float]], *, cases: int = 60, spread: float = 0.0, following: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Weekly shares on time with their cases: `levels` are (weeks, rate)."""
    generator = np.random.default_rng(seed)
    level = np.concatenate([np.full(weeks, rate) for weeks, rate in levels])
    noise = np.zeros(len(level))
    for week in range(1, len(level)):
        noise[week] = following * noise[week - 1] + generator.normal(0, spread) * np.sqrt(1 - following**2)
    chance = 1 / (1 + np.exp(-(np.log(level / (1 - level)) + noise)))
    n = generator.poisson(cases, len(level)) + 1
    return generator.binomial(n, chance) / n, n.astype(float)


@pytest.mark.parametrize(
    ("setting", "most"),
    [
        ({}, 0.07),
        ({"spread": 0.5}, 0.07),
        ({"spread": 0.5, "following": 0.3}, 0.10),
    ],
    ids=["binomial", "over-dispersed", "following one another"],
)
def test_a_series_without_a_change_rarely_gives_one(
    setting: dict[str, float], most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """300 series of 60 weeks each; the promise is 5 %, and a share of 7 % is what 300 draws cannot tell from it."""
    monkeypatch.setattr("indicators.breaks._ORDERS", 399)
    alarms = sum(bool(breaks(*rates(seed, [(WEEKS, 0.9)], **setting))) for seed in range(300))  # type: ignore[arg-type]
    assert alarms / 300 <= most


def test_a_planted_change_is_found_within_three_weeks() -> None:
    """From 95 % to 88 % on time at 60 dossiers a week: found in 19 of 20 series, by four weeks at most."""
    found, distance, covered = 0, [], 0
    for seed in range(60):
        points = breaks(*rates(seed, [(35, 0.95), (25, 0.88)]))
        if points:
            nearest = min(points, key=lambda point: abs(point.index - 35))
            found += 1
            distance.append(abs(nearest.index - 35))
            covered += nearest.earliest <= 35 <= nearest.latest
    assert found >= 57
    assert np.median(distance) <= 1 and np.quantile(distance, 0.9) <= 4
    assert covered / found >= 0.9


def test_two_changes_are_both_found_in_order() -> None:
    points = breaks(*rates(5, [(25, 0.97), (20, 0.85), (25, 0.95)], cases=150))
    assert [abs(point.index - place) <= 2 for point, place in zip(points, (25, 45), strict=True)] == [True, True]
    assert points[0].before > points[0].after < points[1].after


def test_few_or_equal_values_have_no_change_and_weights_must_be_given() -> None:
    assert breaks(np.full(40, 0.9), np.ones(40)) == []
    assert breaks(np.array([0.9, 0.1] * 4), np.ones(8)) == []
    with pytest.raises(ValueError, match="weight"):
        breaks(np.ones(20), np.zeros(20))


def test_the_answer_is_always_the_same() -> None:
    series = rates(1, [(30, 0.95), (30, 0.8)])
    assert breaks(*series) == breaks(*series)
