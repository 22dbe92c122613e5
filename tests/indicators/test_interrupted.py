"""What an event changed: agreement with statsmodels, and intervals that hold a known truth."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from indicators.dated_events import DatedEvent
from indicators.filters import Filters
from indicators.interrupted import effect_of, estimate, linear, logistic, weekly
from indicators.windows import Window
from tests.builders import build_snapshot, dossier
from warehouse import open_snapshot

WEEKS, STEP = 60, 35


def series(seed: int, effect: float, *, following: float = 0.0, spread: float = 0.2) -> dict[str, np.ndarray]:
    """Weekly shares on time whose mix worsens slowly, with a step on the logit scale at week STEP."""
    generator = np.random.default_rng(seed)
    time = np.arange(WEEKS, dtype=float)
    expected = 0.92 - 0.05 * time / WEEKS
    noise = np.zeros(WEEKS)
    for week in range(1, WEEKS):
        noise[week] = following * noise[week - 1] + generator.normal(0, spread) * np.sqrt(1 - following**2)
    after = time >= STEP
    logit = np.log(expected / (1 - expected)) + noise + effect * after
    n = generator.poisson(120, WEEKS).astype(float)
    value = generator.binomial(n.astype(int), 1 / (1 + np.exp(-logit))) / n
    truth = 1 / (1 + np.exp(-(np.log(expected / (1 - expected)) + effect))) - expected
    covariates = np.stack([np.isin(time, [10, 11]), time % 9 == 0], axis=1).astype(float)
    return {
        "value": value, "n": n, "expected": expected, "after": after, "time": time, "covariates": covariates,
        "truth": np.average(truth[after], weights=n[after]),
    }  # fmt: skip


def fitted(seed: int, effect: float, **setting: float):  # type: ignore[no-untyped-def]
    data = series(seed, effect, **setting)
    truth = data.pop("truth")
    return estimate(**data, measure="on_time"), float(truth)


@pytest.mark.parametrize(("following", "least"), [(0.0, 0.91), (0.4, 0.85)])
@pytest.mark.parametrize("effect", [0.0, -0.8])
def test_the_interval_holds_the_truth(effect: float, following: float, least: float) -> None:
    """150 series each: 95 % promised; where weeks follow one another closely (0.4) a few points less are reached."""
    held = [fitted(seed, effect, following=following) for seed in range(150)]
    assert np.mean([found.low <= truth <= found.high for found, truth in held]) >= least
    assert abs(np.mean([found.value - truth for found, truth in held])) < 0.006


def test_a_changing_mix_is_not_taken_for_an_effect() -> None:
    """The mix moves at the event so that raw shares fall; on an equal mix nothing happened."""
    generator = np.random.default_rng(1)
    after = np.arange(WEEKS) >= STEP
    expected = np.where(after, 0.82, 0.93)
    n = np.full(WEEKS, 200.0)
    value = generator.binomial(200, expected) / 200
    nothing = np.zeros((WEEKS, 2))
    found = estimate(
        value=value, n=n, expected=expected, after=after, time=np.arange(WEEKS, dtype=float), covariates=nothing,
        measure="on_time",
    )  # fmt: skip
    assert value[after].mean() < value[~after].mean() - 0.08
    assert not found.is_clear and abs(found.value) < 0.02


def test_it_agrees_with_statsmodels() -> None:
    api = pytest.importorskip("statsmodels.api")
    data = series(4, -0.5)
    design = np.stack([np.ones(WEEKS), data["after"].astype(float), data["time"] / WEEKS], axis=1)
    offset = np.log(data["expected"] / (1 - data["expected"]))
    beta, covariance = logistic(design, data["value"], data["n"], offset)
    counts = np.stack([data["value"] * data["n"], (1 - data["value"]) * data["n"]], axis=1)
    model = api.GLM(counts, design, family=api.families.Binomial(), offset=offset).fit(scale="X2")
    np.testing.assert_allclose(beta, model.params, rtol=2e-2, atol=3e-3)
    assert covariance[1, 1] >= 0.9 * model.cov_params()[1, 1]
    weighted = api.WLS(data["value"], design, weights=data["n"]).fit()
    beta, covariance = linear(design, data["value"], data["n"])
    np.testing.assert_allclose(beta, weighted.params, rtol=1e-9)
    robust = api.WLS(data["value"], design, weights=data["n"]).fit(
        cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True}
    )
    expected = max(robust.cov_params()[1, 1], weighted.cov_params()[1, 1])
    np.testing.assert_allclose(covariance[1, 1], expected, rtol=1e-6)


def event(day: dt.date, **overrides: object) -> DatedEvent:
    return DatedEvent(
        **{
            "event_id": 1, "window": Window(day, day), "scope": "province", "commune_code": None,
            "procedure_code": None, "kind": "staffing", "text": "Thêm người", "source": None,
        }
        | overrides  # type: ignore[arg-type]
    )  # fmt: skip


def weeks(value: list[float]) -> pl.DataFrame:
    first = dt.date(2025, 7, 7)
    return pl.DataFrame(
        {
            "starts": [first + dt.timedelta(weeks=week) for week in range(len(value))],
            "n": [100] * len(value),
            "value": value,
            "expected": [0.9] * len(value),
            "working_days": [5] * len(value),
        }
    )


def test_too_few_weeks_give_no_estimate_and_a_week_of_both_sides_is_left_out() -> None:
    frame = weeks([0.9, 0.92] * 15)
    monday = dt.date(2025, 7, 7) + dt.timedelta(weeks=20)
    whole = effect_of(frame, event(monday), [], "on_time")
    halved = effect_of(frame, event(monday + dt.timedelta(days=2)), [], "on_time")
    assert whole is not None and (whole.weeks_before, whole.weeks_after) == (20, 10)
    assert halved is not None and (halved.weeks_before, halved.weeks_after) == (20, 9)
    assert effect_of(frame, event(dt.date(2025, 8, 4)), [], "on_time") is None
    outage = event(monday, kind="outage", window=Window(monday, monday + dt.timedelta(days=4)))
    during = effect_of(frame, outage, [], "on_time")
    assert during is not None and (during.weeks_before, during.weeks_after) == (29, 1)


def test_weekly_shares_and_what_their_mix_makes_expect(tmp_path: Path) -> None:
    rows = []
    for week, (quick_late, slow_late) in enumerate([(0, 2), (1, 4)]):
        day = dt.date(2025, 7, 7) + dt.timedelta(weeks=week)
        for procedure, n, late in (("2.000815", 8, quick_late), ("1.004859", 4, slow_late)):
            for case in range(n):
                end = day + dt.timedelta(days=3 if case < late else 1)
                rows.append(
                    dossier(
                        procedure_code=procedure,
                        received_at=f"{day} 08:00",
                        due_at=f"{day + dt.timedelta(days=2)} 17:00",
                        finished_at=f"{end} 09:00",
                    )
                )
    build_snapshot(tmp_path, dossiers=rows)
    july = Window(dt.date(2025, 7, 7), dt.date(2025, 7, 20))
    frame = weekly(open_snapshot(tmp_path), july, Filters(), "on_time")
    assert frame["n"].to_list() == [12, 12]
    assert frame["value"].to_list() == pytest.approx([10 / 12, 7 / 12])
    # Quick ones 15 of 16 on time over both weeks, slow ones 2 of 8; the mix is the same in both.
    assert frame["expected"].to_list() == pytest.approx([(8 * 15 / 16 + 4 * 2 / 8) / 12] * 2)
    assert frame["working_days"].to_list() == [5, 5]
