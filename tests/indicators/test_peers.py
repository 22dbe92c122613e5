"""Peer groups: alike in what was asked for, never by results, and honest about what is not known."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from indicators import Window
from indicators.peers import RULES, Rule, peers
from tests.builders import commune, dossier
from tests.indicators.conftest import Open

SEPTEMBER = Window(dt.date(2025, 9, 1), dt.date(2025, 9, 30))
COMMUNES = [
    commune("00001", "Phường Một", population=10_000, area_km2=10.0),
    commune("00002", "Phường Hai", population=11_000, area_km2=100.0),
    commune("00003", "Xã Ba", population=100_000, area_km2=100.0),
    commune("00004", "Xã Bốn", population=None, area_km2=5.0),
    commune("00005", "Xã Năm", population=9_000, area_km2=None),
]
# Received in the year before; the first and the third ask for the same things, the third ten times as often.
MIXES = {
    "00001": {"2.000815": 8, "1.012796": 2},
    "00002": {"1.001193": 10},
    "00003": {"2.000815": 80, "1.012796": 20},
    "00004": {"2.000815": 5, "1.001193": 5},
}
ROWS = [
    dossier(commune_code=code, procedure_code=procedure, received_at="2025-05-05 08:00")
    for code, mix in MIXES.items()
    for procedure, count in mix.items()
    for _number in range(count)
]


def found(snapshot_of: Open, rule: Rule, subject: str = "00001", **options: int) -> tuple[str, ...]:
    return peers(snapshot_of(ROWS, communes=COMMUNES), subject, rule, SEPTEMBER, **options).codes


def test_every_rule_has_its_place_in_the_list() -> None:
    assert get_args(Rule) == RULES


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("all", ("00002", "00003", "00004", "00005")),
        ("kind", ("00002",)),
        ("population", ("00002", "00005", "00003")),
        ("density", ("00003", "00002")),
        ("volume", ("00002", "00004", "00003")),
        ("mix", ("00003", "00004", "00002")),
    ],
)
def test_the_nearest_come_first(snapshot_of: Open, rule: Rule, expected: tuple[str, ...]) -> None:
    assert found(snapshot_of, rule) == expected


def test_only_so_many_of_the_nearest_are_peers(snapshot_of: Open) -> None:
    assert found(snapshot_of, "population", nearest=2) == ("00002", "00005")


def test_the_same_mix_is_no_distance_and_nothing_in_common_the_largest(snapshot_of: Open) -> None:
    nearest = peers(snapshot_of(ROWS, communes=COMMUNES), "00001", "mix", SEPTEMBER)
    # The square root of 1 - sqrt(0.8 × 0.5), worked by hand.
    assert nearest.distances == pytest.approx((0.0, (1 - 0.4**0.5) ** 0.5, 1.0), abs=1e-6)
    assert nearest.unknown == ("00005",)


def test_a_missing_fact_is_named_and_gives_no_peers_where_it_is_ones_own(snapshot_of: Open) -> None:
    snapshot = snapshot_of(ROWS, communes=COMMUNES)
    assert peers(snapshot, "00001", "population", SEPTEMBER).unknown == ("00004",)
    own = peers(snapshot, "00004", "population", SEPTEMBER)
    assert (own.is_known, own.codes) == (False, ())
    assert not peers(snapshot, "00005", "mix", SEPTEMBER).is_known


def test_results_do_not_choose_the_peers(snapshot_of: Open) -> None:
    finished = dt.datetime(2025, 9, 1)
    late = [row | {"due_at": dt.datetime(2025, 5, 6), "closed_at": finished, "status": 10} for row in ROWS]
    snapshot, other = snapshot_of(ROWS, communes=COMMUNES), snapshot_of(late, communes=COMMUNES)
    for rule in RULES:
        assert peers(snapshot, "00001", rule, SEPTEMBER) == peers(other, "00001", rule, SEPTEMBER)
