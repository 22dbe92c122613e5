"""Departures from a declared process: small logs by eye, random ones against the same questions asked row by row."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indicators.conformance import KINDS, Conformance, conformance, departures
from indicators.filters import Filters
from indicators.windows import Window
from tests.builders import Row, build_snapshot, calendar, dossier, process, working_seconds
from warehouse import Snapshot, open_snapshot

WINDOW = Window(dt.date(2025, 7, 1), dt.date(2025, 9, 30))
PROCESS = process("2.000815", "Nộp?", "Nhận", ("Thẩm định", 4.0), ("Ký", 2.0), ("Trả", 1.0))
STEPS = ("Nộp", "Nhận", "Thẩm định", "Ký", "Trả", "Yêu cầu bổ sung", "Đã bổ sung")
OPTIONAL = [("Nộp", True), ("Nhận", False), ("Thẩm định", False), ("Ký", False), ("Trả", False)]
Open = Callable[..., Snapshot]


def log(row: Row, *steps: tuple[str, str]) -> list[Row]:
    """The steps of a dossier: name and time on 1 July 2025, or a whole time."""
    return [
        {
            "dossier_id": row["dossier_id"],
            "step": number,
            "at": at if len(at) > 5 else f"2025-07-01 {at}",
            "activity": activity,
            "status": None,
            "unit": "Một cửa",
            "actor_key": None,
        }
        for number, (activity, at) in enumerate(steps, start=1)
    ]


def shares(found: Conformance, activity: str) -> dict[str, tuple[int, int]]:
    rows = found.steps.filter(pl.col("activity") == activity)
    return {kind: (hits, n) for kind, hits, n in rows.select("kind", "hits", "n").iter_rows()}


def test_a_dossier_may_skip_repeat_and_take_a_step_before_its_turn() -> None:
    assert departures(["Nhận", "Ký", "Thẩm định", "Ký"], OPTIONAL) == {
        "skipped": {"Trả"},
        "repeated": {"Ký"},
        # Signed before it was examined.
        "out_of_order": {"Ký"},
    }


def test_steps_that_are_not_declared_and_optional_ones_are_no_departure() -> None:
    nothing: dict[str, set[str]] = {"skipped": set(), "repeated": set(), "out_of_order": set()}
    assert departures(["Nhận", "Xác minh", "Thẩm định", "Ký", "Xác minh", "Trả"], OPTIONAL) == nothing


def test_a_step_is_late_by_working_hours_without_the_time_in_which_the_clock_stood(snapshot_of: Open) -> None:
    common = {"received_at": "2025-07-01 08:00", "finished_at": "2025-07-03 10:00"}
    in_time, late = dossier(**common), dossier(**common)
    events = [
        # Two hours, two days of standing, one hour: three of the four declared.
        *log(
            in_time,
            ("Nhận", "08:00"),
            ("Yêu cầu bổ sung", "10:00"),
            ("Đã bổ sung", "2025-07-03 08:00"),
            ("Thẩm định", "2025-07-03 09:00"),
            ("Ký", "2025-07-03 09:30"),
            ("Trả", "2025-07-03 10:00"),
        ),
        # From 08:00 to 14:30 are five working hours.
        *log(late, ("Nhận", "08:00"), ("Thẩm định", "14:30"), ("Ký", "15:00"), ("Trả", "15:30")),
    ]
    found = conformance(snapshot_of([in_time, late], events=events, processes=PROCESS), WINDOW)
    assert found.dossiers == 2
    assert shares(found, "Thẩm định")["late"] == (1, 2)
    assert shares(found, "Ký")["late"] == (0, 2)
    assert found.communes.filter(pl.col("kind") == "late")["hits"].to_list() == [1]


def test_a_declared_step_that_no_log_names_is_told_apart_and_not_judged(snapshot_of: Open) -> None:
    row = dossier(finished_at="2025-07-01 16:00")
    events = log(row, ("Nhận", "08:00"), ("Thẩm định", "09:00"), ("Ký", "10:00"))
    found = conformance(snapshot_of([row], events=events, processes=PROCESS), WINDOW)
    assert found.unseen["activity"].to_list() == ["Nộp", "Trả"]
    assert found.steps["activity"].unique().sort().to_list() == ["Ký", "Nhận", "Thẩm định"]
    assert not found.steps["hits"].sum()


def test_withdrawn_open_and_undeclared_dossiers_do_not_count(snapshot_of: Open) -> None:
    rows = [
        dossier(finished_at="2025-07-01 16:00", status=7),
        dossier(),
        dossier(finished_at="2025-07-01 16:00", procedure_code="1.001193"),
    ]
    events = [event for row in rows for event in log(row, ("Nhận", "08:00"))]
    found = conformance(snapshot_of(rows, events=events, processes=PROCESS), WINDOW)
    assert found.dossiers == 0
    assert found.steps.is_empty()
    assert found.communes.is_empty()


def test_illustrative_processes_are_marked(snapshot_of: Open) -> None:
    ours = process("2.000815", "Nhận", "Trả", illustrative=True)
    assert conformance(snapshot_of([dossier()], processes=ours), WINDOW).is_illustrative
    assert not conformance(snapshot_of([dossier()], processes=PROCESS), WINDOW).is_illustrative


def test_what_is_expected_of_a_commune_follows_its_mix_of_procedures(snapshot_of: Open) -> None:
    """Two procedures, one always late and one never: who handles only the late one is expected to be late."""
    rows, events = [], []
    for commune_code, procedure_code, hour in (
        ("08740", "2.000815", "16:00"),
        ("08521", "2.000815", "16:00"),
        ("08521", "1.001193", "09:00"),
    ):
        row = dossier(commune_code=commune_code, procedure_code=procedure_code, finished_at="2025-07-01 17:00")
        rows.append(row)
        events += log(row, ("Nhận", "08:00"), ("Ký", hour))
    declared = [row for code in ("2.000815", "1.001193") for row in process(code, "Nhận", ("Ký", 2.0))]
    found = conformance(snapshot_of(rows, events=events, processes=declared), WINDOW)
    late = found.communes.filter(pl.col("kind") == "late").select("commune", "hits", "n", "expected").rows()
    assert late == [("08521", 1, 2, 0.5), ("08740", 1, 1, 1.0)]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    rows, events = [], []
    for _number in range(draw(st.integers(1, 6))):
        received = dt.datetime(2025, 7, 1, 8) + dt.timedelta(hours=draw(st.integers(0, 60)))
        at, steps = received, []
        for activity in draw(st.lists(st.sampled_from(STEPS), min_size=3, max_size=8)):
            steps.append((activity, at.isoformat(sep=" ")))
            at += dt.timedelta(minutes=draw(st.sampled_from([0, 30, 90, 400, 1500])))
        row = dossier(
            commune_code=draw(st.sampled_from(["08740", "08521"])),
            received_at=received,
            finished_at=at if draw(st.integers(0, 4)) else None,
        )
        rows.append(row)
        events += log(row, *steps)
    return rows, events


@given(worlds(), st.sampled_from([(), ("08740",)]))
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_random_logs_agree_with_the_same_questions_row_by_row(
    world: tuple[list[Row], list[Row]], communes: tuple[str, ...]
) -> None:
    rows, events = world
    with tempfile.TemporaryDirectory() as folder:
        directory = build_snapshot(Path(folder), dossiers=rows, events=events, processes=PROCESS)
        snapshot = open_snapshot(directory)
        found = conformance(snapshot, WINDOW, filters=Filters(commune=communes))
        snapshot.close()
    expected = by_hand(rows, events, communes)
    known = {(row["activity"], row["kind"]): (row["hits"], row["n"]) for row in found.steps.iter_rows(named=True)}
    assert known == expected["steps"]
    of_communes = {
        (row["commune"], row["kind"]): (row["hits"], row["n"]) for row in found.communes.iter_rows(named=True)
    }
    assert of_communes == expected["communes"]


def by_hand(rows: list[Row], events: list[Row], communes: tuple[str, ...]) -> dict[str, dict[Any, tuple[int, int]]]:
    """Hits and n of every step and kind, and of every commune and kind, by plain loops."""
    days = calendar()
    closed = [row for row in rows if row["closed_at"] and (not communes or row["commune_code"] in communes)]
    logs = {row["dossier_id"]: [one for one in events if one["dossier_id"] == row["dossier_id"]] for row in closed}
    seen = {one["activity"] for steps in logs.values() for one in steps}
    declared = [row for row in PROCESS if row["activity"] in seen]
    steps: dict[Any, list[bool]] = {}
    of_commune: dict[Any, list[bool]] = {}
    for row in closed:
        taken = [one["activity"] for one in logs[row["dossier_id"]]]
        found: dict[str, set[str]] = {kind: set() for kind in KINDS}
        timed = running_hours(row, logs[row["dossier_id"]], {one["activity"] for one in declared}, days)
        for place, step in enumerate(declared):
            activity = step["activity"]
            earlier = [one["activity"] for one in declared[:place] if one["activity"] in taken]
            marks = {
                "skipped": activity not in taken and not step["is_optional"],
                "repeated": taken.count(activity) > 1,
                "out_of_order": activity in taken
                and any(taken.index(activity) < taken.index(before) for before in earlier),
            }
            if step["hours"] is not None and timed.get(activity):
                marks["late"] = any(round(hours * 3600) > step["hours"] * 3600 for hours in timed[activity])
            for kind, is_so in marks.items():
                steps.setdefault((activity, kind), []).append(is_so)
                found[kind] |= {activity} if is_so else set()
        has_time = any(timed.get(one["activity"]) for one in declared if one["hours"] is not None)
        for kind in KINDS:
            if kind != "late" or has_time:
                of_commune.setdefault((row["commune_code"], kind), []).append(bool(found[kind]))
    return {
        "steps": {key: (sum(values), len(values)) for key, values in steps.items()},
        "communes": {key: (sum(values), len(values)) for key, values in of_commune.items()},
    }


def running_hours(row: Row, steps: list[Row], declared: set[str], days: list[Row]) -> dict[str, list[float]]:
    """For each declared step the working hours since the declared step before it in which the clock ran."""
    hours: dict[str, list[float]] = {}
    clock, since, before = 0.0, None, None
    for one in steps:
        at = dt.datetime.fromisoformat(one["at"])
        if before is not None and before[0] != "Yêu cầu bổ sung":
            begins, ends = max(before[1], row["received_at"]), min(at, row["closed_at"])
            clock += working_seconds(begins, ends, days) / 3600 if ends > begins else 0.0
        if one["activity"] in declared:
            if since is not None:
                hours.setdefault(one["activity"], []).append(clock - since)
            since = clock
        before = (one["activity"], at)
    return hours
