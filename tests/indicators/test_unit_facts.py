"""What sources say of a commune: both where they differ, what follows from them, and whether parts add up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from indicators.unit_facts import derived_facts, fact_checks, unit_facts
from tests.builders import Row, build_snapshot, unit_fact
from warehouse import Snapshot, open_snapshot

YEARBOOK = "Niên giám thống kê"


def fact(
    name: str, value: float | None, *, low: float | None = None, high: float | None = None, **other: object
) -> Row:
    bounds = {"value_low": value if low is None else low, "value_high": value if high is None else high}
    return {"fact": name, "value": value, "precision": None, **bounds, **other}


def snapshot(directory: Path, *facts: Row, **columns: object) -> Snapshot:
    from tests.builders import commune

    units = [commune("08740", "Phường Phú Thọ", **columns)]
    return open_snapshot(build_snapshot(directory, communes=units, facts=list(facts)))


NOTHING_LISTED = dict.fromkeys(("area_km2", "population", "staff", "reception_staff", "centre_area_m2"))


def test_two_sources_that_cannot_both_be_right_stand_side_by_side_the_later_first(tmp_path: Path) -> None:
    found = unit_facts(
        snapshot(
            tmp_path,
            fact("population", 35_100.0, high=35_200.0, value_text="trên 35.100"),
            fact("population", 33_900.0, source=YEARBOOK, stated_on=dt.date(2025, 12, 31), value_text="33.900"),
            fact("area_km2", 23.0, high=24.0, value_text="trên 23 km²"),
            **NOTHING_LISTED,
        ),
        "08740",
    )
    assert [(one.label, one.text, one.source, one.differs) for one in found] == [
        ("Diện tích", "trên 23 km²", "Báo cáo của phường", False),
        ("Dân số", "33.900 người", YEARBOOK, True),
        ("Dân số", "trên 35.100 người", "Báo cáo của phường", True),
    ]


def test_rounding_is_no_difference_and_the_list_adds_only_what_no_source_says(tmp_path: Path) -> None:
    listed = NOTHING_LISTED | {"population": 35_121, "staff": 58}
    found = unit_facts(snapshot(tmp_path, fact("population", 35_100.0, high=35_200.0), **listed), "08740")
    assert [(one.fact, one.source, one.differs) for one in found] == [
        ("population", "Báo cáo của phường", False),
        ("posts", "Danh sách xã, phường", False),
    ]


def test_what_we_have_no_name_for_goes_by_the_sources_own_and_is_never_disputed(tmp_path: Path) -> None:
    found = unit_facts(
        snapshot(
            tmp_path,
            fact("other", None, fact_name="Số trường học", value_text="7"),
            fact("other", None, fact_name="Số trường học", value_text="8"),
            **NOTHING_LISTED,
        ),
        "08740",
    )
    assert [(one.label, one.text, one.differs) for one in found] == [
        ("Số trường học", "7", False),
        ("Số trường học", "8", False),
    ]


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ((fact("population", 93_000.0), fact("area_km2", 23.0)), "4.043 người/km²"),
        (
            (fact("population", 93_000.0, low=92_500.0, high=93_500.0), fact("area_km2", 23.0, high=24.0)),
            "khoảng 3.850 đến 4.070 người/km²",
        ),
    ],
)
def test_density_says_how_much_the_sources_leave_open(facts: tuple[Row, ...], text: str, tmp_path: Path) -> None:
    (density,) = derived_facts(unit_facts(snapshot(tmp_path, *facts, **NOTHING_LISTED), "08740"))
    assert (density.id, density.text) == ("density", text)
    assert density.low <= 93_000 / 23 <= density.high + 1e-9


def test_parts_are_added_up_within_one_source_only(tmp_path: Path) -> None:
    found = unit_facts(
        snapshot(
            tmp_path,
            *(fact("posts", 166.0), fact("party_posts", 58.0), fact("government_posts", 108.0)),
            *(fact("posts", 160.0, source=YEARBOOK), fact("party_posts", 58.0, source=YEARBOOK)),
            *(fact("centre_staff", 13.0), fact("centre_leaders", 2.0), fact("centre_it_staff", 1.0)),
            fact("reception_staff", 9.0),
            **NOTHING_LISTED,
        ),
        "08740",
    )
    checks = fact_checks(found)
    assert [(one.agrees, one.source) for one in checks] == [(True, "Báo cáo của phường"), (False, "Báo cáo của phường")]
    assert checks[0].sentence == (
        "Biên chế 166 = 58 (biên chế khối Đảng, đoàn thể) + 108 (biên chế khối chính quyền): khớp."
    )
    assert "= 12" in checks[1].sentence


def test_a_rounded_figure_is_not_held_against_its_parts(tmp_path: Path) -> None:
    rough = fact("posts", 160.0, precision="about")
    parts = (fact("party_posts", 58.0), fact("government_posts", 108.0))
    assert fact_checks(unit_facts(snapshot(tmp_path, rough, *parts, **NOTHING_LISTED), "08740")) == ()


def test_the_builder_of_tests_makes_what_the_etl_makes() -> None:
    from etl.unit_facts import SCHEMA

    assert set(unit_fact()) == set(SCHEMA)
