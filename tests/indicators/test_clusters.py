"""Local clusters: checked against plain numpy, silent where nothing clusters, and found where a cluster was planted."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from shapely.geometry import box, mapping

from indicators import Window, indicator
from indicators.clusters import PERMUTATIONS, Clusters, clusters, neighbours, smooth, touching
from indicators.deviations import deviations, with_verdict
from indicators.statistics import false_discovery
from tests.builders import build_snapshot, commune, dossier
from warehouse import open_snapshot

SIDE = 12
GRID = {f"{row:02d}{column:02d}": (row, column) for row in range(SIDE) for column in range(SIDE)}
BORDERS = touching(
    {code: mapping(box(column, row, column + 1, row + 1)) for code, (row, column) in GRID.items()}
)  # fmt: skip


def frame(difference: np.ndarray, error: np.ndarray | float) -> pl.DataFrame:
    errors = np.broadcast_to(np.asarray(error, dtype=float), difference.shape)
    return pl.DataFrame({"commune": list(GRID), "difference": difference, "error": errors})


def kinds(found: Clusters) -> dict[str, str]:
    return dict(found.frame.select("commune", "kind").iter_rows())


def test_neighbours_share_a_stretch_of_border_and_not_a_corner() -> None:
    assert BORDERS["0000"] == ("0001", "0100")
    assert BORDERS["0505"] == ("0405", "0504", "0506", "0605")
    assert touching({}) == {}
    apart = {"a": mapping(box(0, 0, 1, 1)), "b": mapping(box(1, 0, 2, 1)), "c": mapping(box(5, 5, 6, 6))}
    assert touching(apart) == {"a": ("b",), "b": ("a",), "c": ()}


def test_local_values_and_p_values_agree_with_plain_numpy() -> None:
    """The definition computed commune by commune, with permutations of the others drawn anew."""
    random = np.random.default_rng(3)
    difference = random.normal(0, 0.05, SIDE * SIDE)
    for place, (row, column) in enumerate(GRID.values()):
        difference[place] += 0.4 * (2 < row < 7 and 2 < column < 7)
    error = np.full(SIDE * SIDE, 0.01)
    found = clusters(frame(difference, error), BORDERS)
    values = smooth(difference, error)
    codes = list(GRID)
    z = (values - values.mean()) / values.std()
    local, p_values = np.empty(len(z)), np.empty(len(z))
    for place, code in enumerate(codes):
        around = [codes.index(other) for other in BORDERS[code]]
        scale = (len(z) - 1) / (z**2).sum()
        local[place] = scale * z[place] * z[around].mean()
        others = np.delete(z, place)
        picked = random.integers(len(others), size=(40_000, len(around)))
        # Drawn without putting back: rows that hold one commune twice are passed over.
        picked = picked[(np.diff(np.sort(picked, axis=1), axis=1) > 0).all(axis=1)]
        drawn = others[picked]
        simulated = scale * z[place] * drawn.mean(axis=1)
        tail = min((simulated >= local[place]).sum(), (simulated <= local[place]).sum())
        p_values[place] = min(1.0, 2 * (tail + 1) / (len(picked) + 1))
    assert found.frame["local"].to_numpy() == pytest.approx(local, abs=1e-9)
    assert found.moran == pytest.approx(np.mean(z * [z[[codes.index(o) for o in BORDERS[c]]].mean() for c in codes]))
    # Both are drawn at random: the verdicts are the same where it is not close.
    adjusted = false_discovery(p_values)
    clear = (adjusted < 0.02) | (adjusted > 0.1)
    assert clear.mean() > 0.9
    assert (adjusted < 0.02).sum() >= 4
    assert ((found.frame["p_value"].to_numpy() < 0.05) == (adjusted < 0.05))[clear].all()
    assert np.abs(found.frame["p_value"].to_numpy() - adjusted).max() < 0.15
    assert kinds(found)["0404"] == "high"
    assert found.moran_p == pytest.approx(2 / (PERMUTATIONS + 1))


def test_a_planted_cluster_is_found_and_named_for_what_it_is() -> None:
    difference = np.random.default_rng(1).normal(0, 0.02, SIDE * SIDE)
    for place, (row, column) in enumerate(GRID.values()):
        difference[place] += 0.2 * (row < 5 and column < 5) - 0.2 * (row > 6 and column > 6)
    difference[list(GRID).index("0202")] -= 0.3
    said = kinds(clusters(frame(difference, 0.02), BORDERS))
    assert said["0303"] == said["0103"] == "high"
    assert said["0808"] == said["0909"] == "low"
    assert said["0111"] == said["1100"] == "unclear"
    assert said["0202"] == "low_among_high"


def test_without_a_pattern_few_provinces_show_any_cluster() -> None:
    """50 provinces whose communes differ independently, by very different numbers of dossiers: 5 % promised."""
    random = np.random.default_rng(11)
    provinces = flagged = 0
    for _run in range(50):
        n = np.exp(random.normal(5, 1, SIDE * SIDE))
        error = 0.3 / np.sqrt(n)
        found = clusters(frame(random.normal(0, 0.03, SIDE * SIDE) + random.normal(0, error), error), BORDERS)
        marked = found.frame.filter(~pl.col("kind").is_in(["unclear", "alone"])).height
        provinces += marked > 0
        flagged += marked
    # At 5 % seven or more of 50 come once in a hundred runs; the seed is fixed.
    assert provinces <= 6
    assert flagged / (50 * SIDE * SIDE) < 0.002


def test_small_communes_make_no_cluster_by_chance_alone() -> None:
    """A corner of tiny communes with wild figures: chance explains them, so they are pulled to the common level."""
    random = np.random.default_rng(5)
    difference, error = random.normal(0, 0.03, SIDE * SIDE), np.full(SIDE * SIDE, 0.01)
    for place, (row, column) in enumerate(GRID.values()):
        if row < 3 and column < 3:
            difference[place], error[place] = 0.2, 0.25
    said = kinds(clusters(frame(difference, error), BORDERS))
    assert {said[code] for code, (row, column) in GRID.items() if row < 3 and column < 3} == {"unclear"}
    assert "high" in kinds(clusters(frame(difference, 0.01), BORDERS)).values()


def test_communes_without_neighbours_take_no_part_and_are_said_so() -> None:
    difference = np.random.default_rng(2).normal(0, 0.1, SIDE * SIDE)
    borders = dict(BORDERS) | {"0000": ()}
    borders["0001"], borders["0100"] = (
        tuple(other for other in BORDERS[code] if other != "0000") for code in ("0001", "0100")
    )
    found = clusters(frame(difference, 0.01), borders)
    assert kinds(found)["0000"] == "alone"
    assert found.frame.filter(pl.col("commune") == "0000")["p_value"].to_list() == [None]
    # The figure of a commune that takes no part changes nothing for the others.
    moved = difference.copy()
    moved[0] = 0.1
    assert clusters(frame(moved, 0.01), borders).frame["kind"].to_list()[1:] == found.frame["kind"].to_list()[1:]


def test_the_same_figures_give_the_same_clusters() -> None:
    given = frame(np.random.default_rng(4).normal(0, 0.1, SIDE * SIDE), 0.02)
    assert clusters(given, BORDERS).frame.equals(clusters(given.reverse(), BORDERS).frame)


@pytest.mark.parametrize("difference", [np.zeros(SIDE * SIDE), np.full(SIDE * SIDE, 0.01)])
def test_where_communes_differ_by_no_more_than_chance_nothing_is_known(difference: np.ndarray) -> None:
    found = clusters(frame(difference, 0.5), BORDERS)
    assert not found.is_known
    assert set(kinds(found).values()) == {"unclear"}
    assert not clusters(frame(difference, 0.5).head(3), BORDERS).is_known
    assert not clusters(frame(difference, 0.5).clear(), BORDERS).is_known


CODES = [f"{8000 + number:05d}" for number in range(16)]
AUGUST = Window(dt.date(2025, 8, 1), dt.date(2025, 8, 31))


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen communes in a square; the four of one corner are late with half of what the others finish in time."""
    communes, rows = [], []
    for place, code in enumerate(CODES):
        row, column = divmod(place, 4)
        shape = box(105 + column, 9 + row, 106 + column, 10 + row)
        communes.append(commune(code, f"Xã Số {code}", map_geojson=json.dumps(mapping(shape))))
        for number in range(80):
            day = dt.datetime(2025, 8, 1 + number % 28, 8)
            late = number < (40 if row < 2 and column < 2 else 4 + place % 3)
            due = day - dt.timedelta(days=1) if late else day
            rows.append(dossier(commune_code=code, received_at=day, due_at=due, finished_at=day))
    return build_snapshot(tmp_path_factory.mktemp("clusters"), communes=communes, dossiers=rows)


def test_deviations_compare_at_an_equal_mix_and_the_verdicts_name_who_differs(province: Path) -> None:
    snapshot = open_snapshot(province)
    found = with_verdict(deviations(snapshot, indicator("on_time_rate_ii06"), AUGUST))
    assert found.height == 16
    by_code = {row["commune"]: row for row in found.iter_rows(named=True)}
    assert by_code[CODES[0]]["value"] == pytest.approx(0.5)
    assert by_code[CODES[0]]["reference"] == pytest.approx(1 - (3 * 40 + 12 * 4 + 11) / (15 * 80), abs=0.01)
    assert by_code[CODES[15]]["verdict"] == "unclear"
    alone = deviations(snapshot, indicator("on_time_rate_ii06"), AUGUST, among=CODES[8:])
    assert alone["commune"].to_list() == CODES[8:]
    assert deviations(snapshot, indicator("received"), AUGUST).is_empty()


def test_durations_have_deviations_too_and_an_empty_window_has_none(province: Path) -> None:
    snapshot = open_snapshot(province)
    found = deviations(snapshot, indicator("processing_days_p50"), AUGUST)
    assert found.height == 16
    assert found["error"].min() > 0
    before = Window(dt.date(2024, 8, 1), dt.date(2024, 8, 31))
    for name in ("on_time_rate_ii06", "processing_days_p50"):
        assert with_verdict(deviations(snapshot, indicator(name), before)).is_empty()


def test_neighbours_of_a_snapshot_come_from_its_outlines(province: Path) -> None:
    found = neighbours(open_snapshot(province))
    assert found[CODES[0]] == (CODES[1], CODES[4])
    assert len(found[CODES[5]]) == 4


def test_a_quantile_is_judged_by_the_share_of_dossiers_above_that_of_all(tmp_path: Path) -> None:
    """Everywhere six in ten take one hour and the others three; in one commune nine in ten take three."""
    rows = []
    for code in CODES:
        for number in range(40):
            is_slow = number % 10 < (9 if code == CODES[0] else 4)
            start = dt.datetime(2025, 8, 4 + number % 5, 8)
            minutes = 180 if is_slow else 60
            rows.append(
                dossier(
                    commune_code=code,
                    received_at=start,
                    due_at=start + dt.timedelta(days=3),
                    finished_at=start + dt.timedelta(minutes=minutes),
                    processing_minutes=minutes,
                )
            )
    build_snapshot(tmp_path, communes=[commune(code, f"Xã Số {code}") for code in CODES], dossiers=rows)
    found = with_verdict(deviations(open_snapshot(tmp_path), indicator("processing_days_p50"), AUGUST))
    assert found.height == 16
    by_code = {row["commune"]: row for row in found.iter_rows(named=True)}
    first = by_code[CODES[0]]
    assert first["reference"] * 480 == pytest.approx(61, abs=2)
    assert first["difference"] == pytest.approx(0.9 - 0.4)
    assert first["error"] == pytest.approx(np.sqrt(0.24 * (1 / 40 + 1 / 600)))
    assert {code: row["verdict"] for code, row in by_code.items() if row["verdict"] != "unclear"} == {
        CODES[0]: "higher"
    }
