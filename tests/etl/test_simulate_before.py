"""The old units' register: finished before the merger, at units of the lineage, and only where it is asked for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from etl.calendar import load_calendar
from etl.errors import UsageError
from etl.simulate import simulate
from etl.simulate.before_merger import FILE, old_register
from etl.simulate.clock import Clock
from etl.simulate.profiles import load_procedures
from etl.simulate.province import Province, invent_province


@pytest.fixture(scope="module")
def province() -> Province:
    return invent_province(province_code="25", days=30, clock=Clock.of(30), rng=np.random.default_rng(1))


def test_every_dossier_is_of_an_old_unit_and_finished_before_the_merger(province: Province) -> None:
    found = old_register(province, load_procedures(), dossiers=3_000, seed=1)
    assert found.height == found["Mã hồ sơ"].n_unique() == 3_000
    assert set(found["Mã xã cũ"]) <= set(province.lineage["old_code"])
    assert found["Mã xã cũ"].n_unique() > 0.9 * province.lineage["old_code"].n_unique()
    received, finished = (
        found[name].str.to_datetime("%d/%m/%Y %H:%M:%S") for name in ("Ngày tiếp nhận", "Ngày có kết quả")
    )
    assert (finished > received).all()
    assert received.min() >= dt.datetime(2025, 4, 1) and finished.max() < dt.datetime(2025, 7, 1)
    calendar = load_calendar()
    assert all(calendar.is_working(day) for day in received.dt.date().unique())
    late = (finished.dt.date() > found["Ngày hẹn trả"].str.to_date("%d/%m/%Y")).mean()
    assert 0.02 < late < 0.06


def test_the_same_seed_writes_the_same_rows(province: Province) -> None:
    one, same, other = (old_register(province, load_procedures(), dossiers=50, seed=seed) for seed in (1, 1, 2))
    assert one.equals(same)
    assert not one.equals(other)


def test_it_is_written_only_where_it_is_asked_for(tmp_path: Path) -> None:
    simulate(tmp_path / "plain", dossiers=200, days=20)
    simulate(tmp_path / "with", dossiers=200, days=20, before=40)
    assert not (tmp_path / "plain" / FILE).exists()
    assert pl.read_csv(tmp_path / "with" / FILE).height == 40
    assert FILE in (tmp_path / "with" / "province.toml").read_text(encoding="utf-8")
    # What was received after the merger is the same with and without.
    for name in ("planted.json", "communes.csv"):
        assert (tmp_path / "plain" / name).read_bytes() == (tmp_path / "with" / name).read_bytes()
    with pytest.raises(UsageError, match="từ 0 trở lên"):
        simulate(tmp_path / "minus", dossiers=20, days=20, before=-1)
