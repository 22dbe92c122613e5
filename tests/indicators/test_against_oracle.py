"""Every indicator, split every way, over random windows and as-of dates, against plain Python."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indicators import CATALOGUE, DIMENSIONS, Filters, compute
from indicators.declared import steps
from indicators.figures import Throughput
from tests.builders import COMMUNES, Row, build_snapshot
from tests.indicators import oracle
from tests.indicators.strategies import AS_OF, DAYS, FIRST, LAST, provinces, windows
from warehouse import Snapshot, open_snapshot

# Figures of steps need a log, and have an oracle of their own (test_process_oracle.py).
STEPS = {indicator.id for indicator in steps.INDICATORS}
ALL_IDS = [indicator.id for indicator in CATALOGUE if indicator.id not in STEPS]
WITHOUT_INTERVAL_IN_ORACLE = {i.id for i in CATALOGUE if isinstance(i.figure, Throughput)}

# Shrinking would rebuild snapshots for minutes; a failing province of at most fourteen dossiers can be read as it is.
unhurried = settings(
    deadline=None,
    max_examples=14,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@contextmanager
def snapshot_of(dossiers: list[Row]) -> Iterator[Snapshot]:
    with tempfile.TemporaryDirectory() as folder:
        snapshot = open_snapshot(build_snapshot(Path(folder), dossiers=dossiers, calendar_rows=DAYS, as_of=AS_OF))
        yield snapshot
        snapshot.close()


def answer_of(
    snapshot: Snapshot, ids: list[str], by: list[str], **options: Any
) -> dict[tuple[Any, ...], oracle.Answer]:
    frame = compute(snapshot, ids, by, **options)
    keys = frame.select(by).rows() if by else [()]
    assert len(set(keys)) == len(keys), "every row has a key of its own"
    return dict(zip(keys, frame.drop(by).to_dicts(), strict=True))


def assert_same(found: dict[tuple[Any, ...], oracle.Answer], expected: dict[tuple[Any, ...], oracle.Answer]) -> None:
    assert found.keys() == expected.keys()
    for key, answer in expected.items():
        for name, value in answer.items():
            same = value if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)
            assert found[key][name] == same, (key, name)


dimensions = st.lists(st.sampled_from(DIMENSIONS), unique=True, max_size=2)
filters = st.fixed_dictionaries(
    {},
    optional={
        "commune": st.sampled_from([("08740",), ("08740", "08230")]),
        "field": st.just(("Hộ tịch",)),
        "procedure": st.just(("2.000815",)),
        "channel": st.sampled_from([("online",), ("online", "postal")]),
        "kind": st.just(("ward",)),
        "old_province": st.just(("Vĩnh Phúc",)),
        "old_district": st.just(("Thị xã Phú Thọ",)),
        "cluster": st.just(("Miền núi",)),
    },
)


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    date_from, date_to = draw(windows)
    as_of = max(draw(st.dates(FIRST, LAST)), date_from)
    return {
        "by": draw(dimensions),
        "kept": draw(filters),
        "dates": {"date_from": date_from, "date_to": date_to, "as_of": as_of},
    }


@given(provinces, st.lists(questions(), min_size=5, max_size=5))
@unhurried
def test_every_indicator_agrees_with_plain_python(dossiers: list[Row], asked: list[dict[str, Any]]) -> None:
    province = oracle.Province(dossiers, COMMUNES, AS_OF.date(), DAYS)
    with snapshot_of(dossiers) as snapshot:
        for question in asked:
            by, kept, dates = question["by"], question["kept"], question["dates"]
            found = answer_of(snapshot, ALL_IDS, by, filters=Filters(**kept), **dates, exact=True)
            assert_same(found, oracle.rows(province, ALL_IDS, by, filters=kept, **dates))
