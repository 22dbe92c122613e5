"""The index of Decision 766: published scores against plain Python, nothing scaled, weights by their dates."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import Filters, Window, compute
from indicators.index_766 import assess_communes, assess_whole, change, weights_on
from tests.builders import COMMUNES, Row, build_snapshot, dossier, index_score, index_weights
from tests.indicators import oracle, oracle_index_766
from tests.indicators.conftest import Open
from tests.indicators.oracle_index_766 import COMPONENTS, GROUPS
from tests.indicators.strategies import AS_OF, DAYS, provinces, windows
from tests.indicators.test_against_oracle import unhurried
from warehouse import open_snapshot

IDS = ["index_766", *(f"index_766_{group}" for group in GROUPS)]
UNITS = [None, *(commune["commune_code"] for commune in COMMUNES)]
SEPTEMBER = Window(dt.date(2025, 9, 1), dt.date(2025, 9, 30))


@st.composite
def scores(draw: st.DrawFn) -> Row:
    """A score of any unit and item, of periods that end before, within and after the windows asked for."""
    item = draw(st.sampled_from([*COMPONENTS, *GROUPS]))
    ends = draw(
        st.sampled_from([dt.date(2024, 6, 1), dt.date(2025, 5, 31), dt.date(2025, 6, 30), dt.date(2025, 8, 31)])
    )
    maximum = sum(maximum for code, (group, maximum, _full) in COMPONENTS.items() if item in (code, group))
    return index_score(
        commune_code=draw(st.sampled_from(UNITS)),
        item=item,
        starts_on=ends - dt.timedelta(days=draw(st.sampled_from([29, 89]))),
        ends_on=ends,
        score=round(draw(st.integers(0, 8)) / 8 * maximum, 2),
        max_score=maximum,
    )


many_scores = st.lists(
    scores(),
    max_size=60,
    unique_by=lambda row: (row["commune_code"], row["item"], row["ends_on"], row["starts_on"]),
)


@given(provinces, many_scores, st.lists(windows, min_size=2, max_size=2))
@unhurried
def test_own_and_published_points_add_up_as_in_plain_python(
    dossiers: list[Row], published: list[Row], asked: list[list[dt.date]]
) -> None:
    province = oracle.Province(dossiers, COMMUNES, AS_OF.date(), DAYS)
    with tempfile.TemporaryDirectory() as folder:
        directory = build_snapshot(Path(folder), dossiers=dossiers, calendar_rows=DAYS, as_of=AS_OF, scores=published)
        snapshot = open_snapshot(directory)
        for date_from, date_to in asked:
            ends = min(date_to, AS_OF.date())
            dates = {"date_from": date_from, "date_to": date_to}
            for unit, filters, by in (
                (None, {}, []),
                ("08740", {"commune": ("08740",)}, []),
                ("08740", {}, ["commune"]),
                ("08230", {}, ["commune"]),
            ):
                mine = [d for d in dossiers if unit is None or d["commune_code"] == unit]
                computed = oracle_index_766.shares(province, mine, [], date_from, ends)
                known = oracle_index_766.published_for(published, unit, ends)
                n = int(computed["2.1"][1]) if "2.1" in computed else 0
                frame = compute(snapshot, IDS, by, filters=Filters(**filters), **dates)  # type: ignore[arg-type]
                row = frame.filter(pl.col("commune") == unit).to_dicts() if by else frame.to_dicts()
                if by and not any(d["commune_code"] == unit for d in dossiers):
                    continue  # a unit that no dossier has ever named is on the screen only
                for name in IDS:
                    for column, value in oracle_index_766.index(name, computed, known, n).items():
                        same = value if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)
                        assert row[0][column] == same, (unit, by, column)
        snapshot.close()


@pytest.mark.parametrize(
    ("by", "filters"),
    [
        (["field"], Filters()),
        (["channel"], Filters()),
        (["month"], Filters()),
        (["commune", "week"], Filters()),
        (["commune"], Filters(channel=("online",))),
        ([], Filters(field=("Chứng thực",))),
    ],
)
def test_published_scores_take_no_part_where_a_unit_is_split(
    by: list[str], filters: Filters, snapshot_of: Open
) -> None:
    rows = [dossier(received_at="2025-09-01 08:00", due_at="2025-09-03", channel="online")]
    with_scores = snapshot_of(rows, scores=[index_score(), index_score(commune_code=None)])
    without = snapshot_of(rows)
    assert compute(with_scores, IDS, by, filters=filters).equals(compute(without, IDS, by, filters=filters))


def test_what_the_province_decides_counts_for_every_unit_and_nothing_else_of_it_does(snapshot_of: Open) -> None:
    snapshot = snapshot_of(
        [dossier(received_at="2025-09-01 08:00", due_at="2025-09-03")],
        scores=[
            index_score(commune_code=None, item="1.1", score=5.5),
            index_score(commune_code=None, item="5.2", score=4.0),
        ],
    )
    components = assess_communes(snapshot, SEPTEMBER).components
    points = {code: set(components.filter(pl.col("component") == code)["points"].to_list()) for code in ("1.1", "5.2")}
    assert points == {"1.1": {5.5}, "5.2": {None}}
    whole = assess_whole(snapshot, SEPTEMBER).components
    assert whole.filter(pl.col("component") == "5.2")["points"].to_list() == [4.0]


def test_points_are_never_scaled_to_what_is_not_known(snapshot_of: Open) -> None:
    rows = [
        dossier(received_at="2025-09-01 08:00", due_at="2025-09-03", finished_at=f"2025-09-0{day} 09:00")
        for day in (2, 2, 2, 5)
    ]
    total = assess_whole(snapshot_of(rows), SEPTEMBER).totals.row(0, named=True)
    assert (total["points"], total["known"], total["is_complete"]) == (15.0, 20.0, False)


def test_a_silent_source_and_a_thing_that_did_not_occur_are_told_apart(snapshot_of: Open) -> None:
    rows = [dossier(received_at="2025-09-01 08:00", finished_at="2025-09-02 09:00", fee=0)]
    components = assess_whole(snapshot_of(rows), SEPTEMBER).components
    basis = dict(components.select("component", "basis").iter_rows())
    assert {code: basis[code] for code in ("2.1", "3.6", "4.1", "4.2", "4.3", "5.2")} == {
        "2.1": "own",
        "3.6": "no_case",
        "4.1": "not_recorded",
        "4.2": "not_recorded",
        "4.3": "no_source",
        "5.2": "no_source",
    }


def test_nothing_known_is_empty_and_not_zero(snapshot_of: Open) -> None:
    row = compute(snapshot_of([]), IDS).row(0, named=True)
    assert all(row[name] is None and row[f"{name}_n"] == 0 for name in IDS)


def test_a_groups_score_counts_only_while_its_components_are_not_all_known(snapshot_of: Open) -> None:
    rows = [dossier(received_at="2025-09-01 08:00", due_at="2025-09-30")]
    group = index_score(item="progress", score=12.0, max_score=20.0)
    assert assess_communes(snapshot_of(rows, scores=[group]), SEPTEMBER).groups.filter(
        (pl.col("commune") == "08740") & (pl.col("index_group") == "progress")
    )["points"].to_list() == [20.0]
    group = index_score(item="satisfaction", score=12.0, max_score=18.0)
    part = index_score(item="5.2", score=6.0)
    found = assess_communes(snapshot_of(rows, scores=[group, part]), SEPTEMBER)
    of_group = found.groups.filter((pl.col("commune") == "08740") & (pl.col("index_group") == "satisfaction"))
    assert of_group.select("points", "known", "basis").row(0) == (12.0, 18.0, "group")
    parts = [index_score(item=item, score=6.0) for item in ("5.2", "5.3", "5.4")]
    found = assess_communes(snapshot_of(rows, scores=[group, *parts]), SEPTEMBER)
    of_group = found.groups.filter((pl.col("commune") == "08740") & (pl.col("index_group") == "satisfaction"))
    assert of_group.select("points", "known", "basis").row(0) == (18.0, 18.0, None)


@pytest.mark.parametrize(
    ("ends_on", "is_used"),
    [
        (dt.date(2025, 9, 30), True),
        (dt.date(2025, 10, 1), False),
        (dt.date(2025, 9, 30) - dt.timedelta(days=366), True),
        (dt.date(2025, 9, 30) - dt.timedelta(days=367), False),
    ],
)
def test_a_score_belongs_to_windows_that_end_within_a_year_after_its_period(
    ends_on: dt.date, is_used: bool, snapshot_of: Open
) -> None:
    score = index_score(starts_on=ends_on - dt.timedelta(days=30), ends_on=ends_on)
    snapshot = snapshot_of([dossier(received_at="2025-09-01 08:00")], scores=[score], as_of="2025-12-01 18:00")
    found = assess_communes(snapshot, SEPTEMBER).components.filter(
        (pl.col("component") == "5.2") & (pl.col("commune") == "08740")
    )
    assert (found["points"][0] is not None) == is_used


def test_the_weights_of_the_last_day_count(snapshot_of: Open) -> None:
    old = [row | {"valid_to": dt.date(2025, 8, 31)} for row in index_weights()]
    new = [
        row | {"valid_from": dt.date(2025, 9, 1)} | ({"full_at": 0.5} if row["component"] == "2.1" else {})
        for row in index_weights()
    ]
    rows = [
        dossier(
            received_at=f"2025-0{month}-02 08:00",
            due_at=f"2025-0{month}-04",
            finished_at=f"2025-0{month}-0{day} 09:00",
        )
        for month in (8, 9)
        for day in (3, 5)
    ]
    snapshot = snapshot_of(rows, weights=[*old, *new])
    by_month = compute(snapshot, "index_766_progress", ["month"], date_from=dt.date(2025, 8, 1))
    assert by_month["index_766_progress"].to_list() == [10.0, 20.0]
    assert weights_on(snapshot, dt.date(2022, 7, 31)) == ()
    assert [one.maximum for one in weights_on(snapshot, dt.date(2025, 9, 1))] == [
        one.maximum for one in weights_on(snapshot, dt.date(2025, 8, 31))
    ]


def test_a_change_is_of_the_parts_computed_in_both_windows(snapshot_of: Open) -> None:
    rows: list[Row] = []
    for month, good, paid in ((8, 5, None), (9, 9, True)):
        rows += [
            dossier(
                received_at=f"2025-0{month}-02 08:00",
                due_at=f"2025-0{month}-04",
                finished_at=f"2025-0{month}-0{3 if number < good else 8} 09:00",
                fee=2000 if paid else 0,
                paid_online=paid,
            )
            for number in range(10)
        ]
    snapshot = snapshot_of(rows)
    now, before = (
        assess_whole(snapshot, Window(dt.date(2025, month, 1), dt.date(2025, month, 30))).components for month in (9, 8)
    )
    found = change(now, before)
    assert found is not None
    assert (found.points, found.known) == (pytest.approx(8.0), 20.0)
    assert found.low < 8.0 < found.high
    same = change(now, now)
    assert same is not None
    assert (same.points, same.is_clear) == (0.0, False)
    assert change(now, now.filter(pl.col("formula").is_null())) is None


def test_every_component_of_the_oracle_is_one_of_the_table() -> None:
    table = {row["component"]: (row["index_group"], row["max_points"], row["full_at"]) for row in index_weights()}
    for code, (group, maximum, full_at) in COMPONENTS.items():
        assert table[code][:2] == (group, maximum)
        if full_at is not None:
            assert table[code][2] == full_at
    assert set(table) == set(COMPONENTS)
