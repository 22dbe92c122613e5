"""Every question about steps on random tiny logs, against plain Python."""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indicators import Filters, compute
from indicators.process import (
    Comparison,
    Side,
    ageing_by_step,
    compare_two,
    handovers,
    handovers_between_units,
    hours_by_weekday,
    load_by_unit,
    process_map,
    rework,
    stalled_dossiers,
    stops_by_cause,
    time_by_step,
    variants,
)
from indicators.windows import Window
from tests.builders import Row, build_snapshot
from tests.indicators import oracle_process as oracle
from tests.indicators.strategies import AS_OF, DAYS, FIRST, dossiers
from warehouse import open_snapshot

ACTIVITIES = ("Tiếp nhận", "Thẩm định", "Ký duyệt", *oracle.CAUSES, *oracle.ANSWERS, None)
MINUTES_PER_HOUR = 60

unhurried = settings(
    deadline=None,
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """Dossiers, some of them with steps: around receipt and closing, now and then at equal times or after the state."""
    rows, events = draw(st.lists(dossiers(), max_size=10)), []
    for row in rows:
        anchor = row["received_at"] or row["submitted_at"] or AS_OF
        gaps = st.sampled_from([0, 0, 1, 60, 1800, 7200, 20_000, 86_400, 250_000, 900_000])
        at = anchor - dt.timedelta(seconds=draw(gaps))
        for step in range(1, draw(st.integers(0, 7)) + 1):
            events.append(
                {
                    "dossier_id": row["dossier_id"],
                    "step": step,
                    "at": at,
                    "activity": draw(st.sampled_from(ACTIVITIES)),
                    "status": draw(st.sampled_from([None, None, 4, 5, 6])),
                    "unit": draw(st.sampled_from([None, "Một cửa", "Văn phòng"])),
                    "actor_key": draw(st.sampled_from([None, "a", "b", "c", "d", "e", "f"])),
                }
            )
            at += dt.timedelta(seconds=draw(gaps))
        if draw(st.booleans()) and events and row["closed_at"]:
            # As real logs have it: closed by the last step.
            row["closed_at"] = (
                max(row["received_at"] or at, events[-1]["at"]) if row["received_at"] else row["closed_at"]
            )
    return rows, events


@st.composite
def questions(draw: st.DrawFn) -> tuple[dict[str, tuple[str, ...]], Window]:
    starts = draw(st.one_of(st.just(FIRST), st.dates(FIRST, AS_OF.date())))
    kept = st.sampled_from(
        [
            {},
            {"channel": ("online",)},
            {"commune": ("08740",)},
            {"procedure": ("2.000815",)},
            {"commune": ("08740",), "channel": ("online",)},
        ]
    )
    return draw(kept), Window(starts, draw(st.dates(starts, AS_OF.date())))


def kept_by(row: Row, filters: dict[str, tuple[str, ...]]) -> bool:
    columns = {"commune": "commune_code", "procedure": "procedure_code", "channel": "channel"}
    return all(row[columns[name]] in values for name, values in filters.items())


def tolerance(hours: float) -> float:
    """How far the grid of durations may put a quantile, in hours."""
    minutes = hours * MINUTES_PER_HOUR
    width = 1 if minutes < 59 else 3 if minutes < 1438 else 72
    return (width - 0.5) / MINUTES_PER_HOUR + 1e-9


@given(logs(), st.lists(questions(), min_size=4, max_size=4))
@unhurried
def test_every_question_about_steps_agrees_with_plain_python(
    drawn: tuple[list[Row], list[Row]], asked: list[tuple[dict[str, tuple[str, ...]], Window]]
) -> None:
    rows, events = drawn
    with tempfile.TemporaryDirectory() as folder:
        directory = build_snapshot(Path(folder), dossiers=rows, events=events, calendar_rows=DAYS, as_of=AS_OF)
        snapshot = open_snapshot(directory)
        for kept, window in asked:
            mine = [row for row in rows if kept_by(row, kept)]
            log = oracle.Log(mine, events, window.starts, window.ends, DAYS)
            options: dict[str, Any] = {"filters": Filters(**kept)}
            check_map(process_map(snapshot, window, **options), log)
            check_orders(snapshot, window, options, log)
            check_times(snapshot, window, options, log)
            check_people(snapshot, window, options, log)
            check_standing(snapshot, window, options, log)
            check_indicators(snapshot, window, options, log)
        snapshot.close()


def check_map(found: Any, log: oracle.Log) -> None:
    waits = oracle.edges(log)
    rows = {(row["from_activity"], row["to_activity"]): row for row in found.edges.to_dicts()}
    assert {pair: row["n"] for pair, row in rows.items()} == {pair: len(hours) for pair, hours in waits.items()}
    assert [row["n"] for row in rows.values()] == sorted((row["n"] for row in rows.values()), reverse=True)
    total = sum(len(hours) for hours in waits.values())
    for pair, hours in waits.items():
        row = rows[pair]
        assert row["share"] == pytest.approx(len(hours) / total)
        assert row["wait_hours_mean"] == pytest.approx(sum(hours) / len(hours))
        for name, probability in (("wait_hours_p50", 0.5), ("wait_hours_p90", 0.9)):
            assert row[name] == pytest.approx(oracle.quantile(hours, probability), abs=tolerance(max(hours)))
    nodes = {row["activity"]: row for row in found.nodes.to_dicts()}
    assert {
        name: {key: row[key] for key in ("visits", "dossiers", "starts", "ends")} for name, row in nodes.items()
    } == (oracle.nodes(log))
    for row in nodes.values():
        assert (row["is_start"], row["is_end"]) == (row["starts"] > 0, row["ends"] > 0)
    assert found.dossiers == oracle.dossiers_with_steps(log)


def check_orders(snapshot: Any, window: Window, options: dict[str, Any], log: oracle.Log) -> None:
    for closed_only in (True, False):
        frame = variants(snapshot, window, closed_only=closed_only, **options)
        expected = oracle.variants(log, closed_only=closed_only)
        assert {tuple(row["activities"]): row["n"] for row in frame.to_dicts()} == {
            order: len(hours) for order, hours in expected.items()
        }
        assert frame["n"].to_list() == sorted(frame["n"], reverse=True)
        for row in frame.to_dicts():
            hours = expected[tuple(row["activities"])]
            # All closed ones are counted on the grid.
            close = tolerance(max(hours)) if closed_only and set(options["filters"].given()) <= {"channel"} else 1e-9
            assert row["hours_p50"] == pytest.approx(oracle.quantile(hours, 0.5), abs=close)
            assert row["hours_p90"] == pytest.approx(oracle.quantile(hours, 0.9), abs=close)
            assert row["share"] == pytest.approx(row["n"] / frame["n"].sum())
    turned = {
        (row["kind"], row["activity"], row["other_activity"]): row["dossiers"]
        for row in rework(snapshot, window, **options).to_dicts()
    }
    assert turned == oracle.rework(log)


def check_times(snapshot: Any, window: Window, options: dict[str, Any], log: oracle.Log) -> None:
    frame = time_by_step(snapshot, window, **options)
    assert by_part(frame.to_dicts(), "office_hours_mean") == pytest.approx(oracle.time_by_step(log), abs=1e-9)
    closed = log.closed()
    if closed:
        whole = sum(log.hours(one["received_at"], one["closed_at"]) for one, _steps in closed) / len(closed)
        assert frame["office_hours_mean"].sum() == pytest.approx(whole, abs=1e-9)
    for by, column in (("procedure", "procedure_code"), ("commune", "commune_code")):
        split = time_by_step(snapshot, window, by=by, **options)  # type: ignore[arg-type]
        for value in {one[column] for one, _steps in closed}:
            mine = oracle.Log(
                [o for o in log.dossiers if o[column] == value], log.events, log.starts, log.ends, log.days
            )
            hours = by_part([row for row in split.to_dicts() if row["by"] == value], "office_hours_mean")
            assert hours == pytest.approx(oracle.time_by_step(mine), abs=1e-9)
    stopped = {
        row["cause"]: (row["dossiers"], row["stops"], row["office_hours_mean"], row["share_of_closed"])
        for row in stops_by_cause(snapshot, window, **options).to_dicts()
        if row["stops"]
    }
    assert stopped == {
        cause: (n, begun, pytest.approx(hours, abs=1e-9), pytest.approx(n / len(closed)))
        for cause, (n, begun, hours) in oracle.stops(log).items()
    }
    middle = window.starts + (window.ends - window.starts) / 2
    sides = Window(window.starts, middle), Window(middle, window.ends)
    compared = compare_two(snapshot, *(Side(window=side, **options) for side in sides))
    if compared.total.difference is not None:
        assert compared.steps["difference"].sum() == pytest.approx(compared.total.difference, abs=1e-9)
        logs_of = [oracle.Log(log.dossiers, log.events, side.starts, side.ends, log.days) for side in sides]
        check_alike(compared, oracle.like_for_like(*logs_of))
        for side, name in zip(sides, ("hours_a", "hours_b"), strict=True):
            part = oracle.Log(log.dossiers, log.events, side.starts, side.ends, log.days)
            hours = by_part(compared.steps.to_dicts(), name)
            assert hours == pytest.approx(oracle.time_by_step(part), abs=1e-9)


def by_part(rows: list[Row], name: str) -> dict[tuple[str, Any], float]:
    """Hours by part; a step without a name and the time after the last step are one here, as for the oracle."""
    found: Counter[tuple[str, Any]] = Counter()
    for row in rows:
        found[row["kind"], row["activity"]] += row[name]
    return {part: hours for part, hours in found.items() if hours > 0}


def check_alike(compared: Comparison, expected: dict[tuple[str, Any], tuple[float, float]]) -> None:
    """Between dossiers of the same procedure, and what the mix of procedures makes."""
    assert compared.alike["difference"].sum() == pytest.approx(compared.total.difference, abs=1e-9)
    found: dict[tuple[str, Any], list[Row]] = {}
    for row in compared.alike.to_dicts():
        found.setdefault((row["kind"], row["activity"]), []).append(row)
    assert set(expected) <= set(found)
    for part, rows in found.items():
        difference, variance = expected.get(part, (0.0, 0.0))
        assert sum(row["difference"] for row in rows) == pytest.approx(difference, abs=1e-9)
        row = rows[0]
        if part in expected and not math.isnan(variance) and len(rows) == 1:
            half = 1.959964 * math.sqrt(variance)
            # The variance from sums of squares: small beside the hours themselves.
            assert row["high"] - row["difference"] == pytest.approx(half, rel=1e-5, abs=1e-4)


def check_people(snapshot: Any, window: Window, options: dict[str, Any], log: oracle.Log) -> None:
    changed = dict(handovers(snapshot, window, **options).select("handovers", "dossiers").iter_rows())
    assert changed == oracle.handovers(log)
    passed = {
        (row["from_unit"], row["to_unit"]): (row["n"], row["returns"], pytest.approx(row["wait_hours_mean"], abs=1e-9))
        for row in handovers_between_units(snapshot, window, **options).to_dicts()
    }
    assert passed == oracle.between_units(log)
    week = hours_by_weekday(snapshot, window, **options)
    assert week.height == 7 * 24
    for name, expected in zip(("received", "steps"), oracle.hours_of_the_week(log), strict=True):
        found = Counter({(row["weekday"], row["hour"]): row[name] for row in week.to_dicts() if row[name]})
        assert found == expected
    units = {
        row["unit"]: (row["steps"], row["dossiers"], row["people"])
        for row in load_by_unit(snapshot, window, **options).to_dicts()
    }
    assert units == oracle.load(log)


def check_standing(snapshot: Any, window: Window, options: dict[str, Any], log: oracle.Log) -> None:
    expected = oracle.standing(log)
    stalled = {row["dossier_id"]: row for row in stalled_dossiers(snapshot, window, limit=100, **options).to_dicts()}
    assert {key: (row["activity"], pytest.approx(row["office_days"], abs=1e-6)) for key, row in stalled.items()} == (
        expected
    )
    longest = sorted((days for _activity, days in expected.values()), reverse=True)[:2]
    two = stalled_dossiers(snapshot, window, limit=2, **options)["office_days"].to_list()
    assert two == pytest.approx(longest, abs=1e-6)

    def age_class(days: float) -> str:
        return next(
            (name for last, name in ((2, "0-2"), (5, "3-5"), (10, "6-10"), (20, "11-20")) if days <= last), "21+"
        )

    ages = Counter((activity, age_class(days)) for activity, days in expected.values())
    aged = {
        (row["activity"], row["age_class"]): row["dossiers"]
        for row in ageing_by_step(snapshot, window, **options).to_dicts()
    }
    assert aged == ages


def check_indicators(snapshot: Any, window: Window, options: dict[str, Any], log: oracle.Log) -> None:
    ids = ["step_wait_p50", "step_wait_share", "handovers_mean", "rework_rate"]
    dates = {"date_from": window.starts, "date_to": window.ends}
    (row,) = compute(snapshot, ids, exact=True, **options, **dates).to_dicts()
    waits = [hours / 24 for pair in oracle.edges(log).values() for hours in pair]
    assert row["step_wait_p50_n"] == len(waits)
    assert row["step_wait_p50"] == (pytest.approx(oracle.quantile(waits, 0.5), abs=1e-9) if waits else None)
    (counted,) = compute(snapshot, ids, **options, **dates).to_dicts()
    assert counted["step_wait_p50_n"] == len(waits)
    if waits:
        assert counted["step_wait_p50"] * 24 == pytest.approx(row["step_wait_p50"] * 24, abs=tolerance(max(waits) * 24))
    again, closed = oracle.rework_and_all(log)
    assert (row["rework_rate"], row["rework_rate_n"]) == (again / closed if closed else None, closed)
    changes = oracle.handovers(log)
    mean = sum(times * n for times, n in changes.items()) / closed if closed else None
    assert row["handovers_mean"] == (None if mean is None else pytest.approx(mean))
    parts = oracle.time_by_step(log)
    whole, stopped = sum(parts.values()), sum(hours for (kind, _part), hours in parts.items() if kind == "stop")
    assert row["step_wait_share"] == (pytest.approx(1 - stopped / whole) if whole else None)
