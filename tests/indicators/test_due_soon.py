"""Which dossiers will breach: who is on the list, and chances that come true."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from indicators.due_soon import LEAST_PRECEDENTS, curve, due_soon
from indicators.filters import Filters
from tests.builders import build_snapshot, dossier
from warehouse import open_snapshot

FRIDAY = dt.date(2025, 9, 26)


def history(n: int, *, done_after_days: list[int], procedure: str = "2.000815") -> list[dict[str, object]]:
    """Dossiers received on Monday 01/09/2025 at 07:30 and finished at the end of so many working days, in turn."""
    rows = []
    for case in range(n):
        days = done_after_days[case % len(done_after_days)]
        day = np.busday_offset("2025-09-01", days, roll="forward").astype(dt.date)
        rows.append(dossier(procedure_code=procedure, received_at="2025-09-01 07:30", finished_at=f"{day} 17:00"))
    return rows


def test_open_dossiers_due_within_five_working_days_are_listed_with_their_step(tmp_path: Path) -> None:
    def open_dossier(code: str, due: str | None, **overrides: object) -> dict[str, object]:
        return dossier(dossier_id=code, received_at="2025-09-22 07:30", due_at=due, **overrides)

    build_snapshot(
        tmp_path,
        as_of="2025-09-26 18:00",
        dossiers=[
            open_dossier("today", "2025-09-26 17:00"),
            open_dossier("monday", "2025-09-29 17:00"),
            open_dossier("fifth", "2025-10-03 17:00", status=5),
            open_dossier("sixth", "2025-10-06 17:00"),
            open_dossier("late", "2025-09-25 17:00"),
            open_dossier("none", None),
            open_dossier("done", "2025-09-29 17:00", finished_at="2025-09-26 09:00"),
            open_dossier("other", "2025-09-29 17:00", commune_code="08230"),
        ],
        events=[
            {"dossier_id": "monday", "step": 1, "at": "2025-09-22 07:30", "activity": "Tiếp nhận", "unit": "Một cửa"},
            {"dossier_id": "monday", "step": 2, "at": "2025-09-23 08:00", "activity": "Thẩm định", "unit": "Phòng"},
        ],
    )
    frame = due_soon(open_snapshot(tmp_path), FRIDAY, Filters(commune=("08740",)))
    listed = {row["dossier_id"]: row for row in frame.iter_rows(named=True)}
    assert set(listed) == {"today", "monday", "fifth"}
    assert {code: row["days_left"] for code, row in listed.items()} == {"today": 0, "monday": 1, "fifth": 5}
    assert (listed["monday"]["activity"], listed["monday"]["unit"]) == ("Thẩm định", "Phòng")
    assert listed["fifth"]["is_waiting"] and not listed["monday"]["is_waiting"]
    assert frame["chance"].null_count() == 3, "eight dossiers are no precedents"


def test_the_chance_is_that_of_precedents_still_open_after_as_long(tmp_path: Path) -> None:
    """Of those open after five working days, half were done by the seventh; the rest by the twelfth."""
    build_snapshot(
        tmp_path,
        as_of="2025-09-26 18:00",
        dossiers=[
            *history(160, done_after_days=[0, 1, 6, 11]),
            # Received five working days ago: Monday to Friday, due on Tuesday, two working days on.
            dossier(dossier_id="open", received_at="2025-09-22 07:30", due_at="2025-09-30 17:00"),
        ],
    )
    row = due_soon(open_snapshot(tmp_path), FRIDAY, Filters()).row(0, named=True)
    assert row["precedents"] == 80
    assert row["chance"] == pytest.approx(0.5, abs=0.01)


def test_a_rare_procedure_borrows_from_its_field(tmp_path: Path) -> None:
    build_snapshot(
        tmp_path,
        as_of="2025-09-26 18:00",
        dossiers=[
            *history(LEAST_PRECEDENTS * 2, done_after_days=[11]),
            dossier(dossier_id="rare", procedure_code="2.000908", received_at="2025-09-22 07:30", due_at="2025-09-29"),
        ],
    )
    row = due_soon(open_snapshot(tmp_path), FRIDAY, Filters()).row(0, named=True)
    assert row["chance"] == pytest.approx(0.0, abs=0.02) and row["precedents"] >= LEAST_PRECEDENTS


def test_chances_come_true() -> None:
    """Skewed durations with a third of the past still open: of dossiers given p, a share p makes it (calibration)."""
    generator = np.random.default_rng(11)
    truth = generator.lognormal(7.5, 0.7, 40_000)
    seen_for = generator.uniform(200, 6_000, 40_000)
    past = curve(np.minimum(truth, seen_for), (truth <= seen_for).astype(float))
    fresh = generator.lognormal(7.5, 0.7, 40_000)
    for age, left in ((480, 960), (1_500, 480), (2_400, 2_400)):
        still_open = fresh[fresh > age]
        made_it = float((still_open <= age + left).mean())
        assert past.chance(age, left) == pytest.approx(made_it, abs=0.02)


def test_the_curve_agrees_with_statsmodels() -> None:
    duration = pytest.importorskip("statsmodels.duration.survfunc")
    generator = np.random.default_rng(2)
    minutes, results = generator.integers(1, 60, 400).astype(float), generator.integers(0, 2, 400).astype(float)
    found, reference = curve(minutes, results), duration.SurvfuncRight(minutes, results)
    for time, share in zip(reference.surv_times, reference.surv_prob, strict=True):
        assert found.at(time) == pytest.approx(share)
