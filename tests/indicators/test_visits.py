"""Where a visit is worth most: planted lateness is found, the innocent are not, and the reason says what is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from indicators import Window
from indicators.mix import MixCells, decompose
from indicators.visits import avoidable, since_weight, visit_values, weighed
from tests.builders import COMMUNES, Row, commune, dossier
from tests.indicators.conftest import Open

RATES = {"2.000815": 0.99, "1.012796": 0.8, "2.000635": 0.95}
AUGUST = Window(dt.date(2025, 8, 1), dt.date(2025, 8, 31))
NOW = dt.date(2025, 9, 1)


def province(random: np.random.Generator, effects: np.ndarray, *, n: int) -> pl.DataFrame:
    """Communes with mixes of their own: what `decompose` makes of their shares in time."""
    rows = []
    for place, effect in enumerate(effects):
        for procedure, count in zip(RATES, random.multinomial(n, random.dirichlet(np.full(3, 1.5))), strict=True):
            if count:
                hits = float(random.binomial(count, RATES[procedure] + effect))
                rows.append((f"{place:05d}", "F", procedure, "online", hits, float(count)))
    schema = ["commune", "field", "procedure", "channel", "hits", "n"]
    return decompose(MixCells(cells=pl.DataFrame(rows, schema=schema, orient="row")))


def nothing_open() -> pl.DataFrame:
    schema = dict.fromkeys(["commune", "field", "procedure", "channel"], pl.String()) | dict.fromkeys(
        ["hits", "n"], pl.Float64()
    )
    return decompose(MixCells(cells=pl.DataFrame(schema=schema)))


def valued(frame: pl.DataFrame, **options: object) -> pl.DataFrame:
    return weighed(frame, **({"visits": {}, "on": NOW, "chosen": {}, "points": {}} | options))  # type: ignore[arg-type]


def test_planted_lateness_is_in_the_first_groups_and_hard_mixes_are_not() -> None:
    random = np.random.default_rng(3)
    effects = np.zeros(60)
    effects[:4] = -0.12
    found = valued(avoidable([province(random, effects, n=600), nothing_open()]))
    planted = [f"{place:05d}" for place in range(4)]
    first = found.filter(pl.col("group") == 1)["commune"].to_list()
    assert set(planted) <= set(found.sort("value", descending=True)["commune"].head(4))
    assert set(first) <= set(planted)
    # 600 × 12 points; what it is worth lies below by what the pull to the level of all takes off.
    rows = found.filter(pl.col("commune").is_in(planted))
    assert rows["late"].mean() == pytest.approx(600 * 0.12 * 56 / 59, rel=0.1)
    assert (rows["mean"] < rows["late"]).all()


def test_the_interval_holds_what_was_planted_and_the_innocent_are_seldom_sure() -> None:
    """Measured over 60 provinces: 96.2 % held, and not one of 3,200 communes without an effect was called sure."""
    random, held, sure = np.random.default_rng(4), [], []
    for _province in range(12):
        effects = np.where(random.random(60) < 0.1, -random.uniform(0.03, 0.12, 60), 0.0)
        found = avoidable([province(random, effects, n=500), nothing_open()])
        truth = -500 * (effects - (effects.sum() - effects) / 59)
        held.append(np.mean((found["late_low"].to_numpy() <= truth) & (truth <= found["late_high"].to_numpy())))
        sure.append(np.mean(found["sure"].to_numpy()[effects == 0] >= 0.975))
    assert np.mean(held) >= 0.92
    assert np.mean(sure) <= 0.02


def test_where_nobody_differs_no_visit_is_worth_more_than_another() -> None:
    """A plain list would put a first and a last; here nearly all stand in one group."""
    random, in_first = np.random.default_rng(5), []
    for _province in range(12):
        found = valued(avoidable([province(random, np.zeros(60), n=400), nothing_open()]))
        in_first.append((found["group"] == 1).mean())
    assert np.mean(in_first) >= 0.95


def test_open_and_resolved_dossiers_add_up() -> None:
    random = np.random.default_rng(6)
    effects = np.zeros(40)
    effects[0] = -0.2
    closed, still_open = province(random, effects, n=500), province(random, effects, n=100)
    found = avoidable([closed, still_open])
    assert (found["resolved_late"] + found["open_late"]).to_list() == pytest.approx(found["late"].to_list())
    alone = avoidable([closed, nothing_open()])
    assert found["late"][0] > alone["late"][0] > 0
    assert (found["late_low"] <= found["late"]).all() and (found["late"] <= found["late_high"]).all()


def test_the_weight_of_time_grows_and_saturates() -> None:
    assert since_weight(None, NOW) == 1
    assert since_weight(NOW, NOW) == 0
    assert since_weight(NOW - dt.timedelta(days=90), NOW) == pytest.approx(0.5)
    assert since_weight(NOW - dt.timedelta(days=365), NOW) == pytest.approx(0.94, abs=0.01)
    # A trip that lies ahead counts as just made.
    assert since_weight(NOW + dt.timedelta(days=5), NOW) == 0


def test_a_recent_visit_and_a_long_way_make_a_visit_worth_less() -> None:
    frame = pl.DataFrame({"commune": ["a", "b", "c"], "mean": [40.0] * 3, "spread": [8.0] * 3, "sure": [0.999] * 3})
    found = valued(
        frame,
        visits={"b": NOW - dt.timedelta(days=10)},
        chosen={"x": ("Phường X", (105.0, 21.0))},
        points={"a": (105.1, 21.0), "b": (105.1, 21.0), "c": (106.0, 21.0)},
    )
    near, visited, far = found["value"]
    assert near > visited and near > far
    assert found["kilometres"].to_list() == pytest.approx([10.4, 10.4, 103.9], abs=0.1)
    assert found["nearest"].to_list() == ["Phường X"] * 3
    assert found["group"].to_list()[0] == 1


def month(code: str, *, late: int, n: int) -> list[Row]:
    rows = []
    for number in range(n):
        day = dt.datetime(2025, 8, 1 + number % 28, 8)
        due = day - dt.timedelta(days=1) if number < late else day
        rows.append(dossier(commune_code=code, received_at=day, due_at=due, finished_at=day + dt.timedelta(hours=1)))
    return rows


def test_a_row_says_why_in_words(snapshot_of: Open) -> None:
    communes = [commune(f"{8000 + 7 * number:05d}", f"Xã {chr(65 + number)}") for number in range(20)]
    rows = [
        row for unit in communes for row in month(unit["commune_code"], late=30 if unit is communes[0] else 2, n=80)
    ]
    snapshot = snapshot_of(rows, communes=communes)
    worst, second = communes[0]["commune_code"], communes[1]["commune_code"]
    found = visit_values(snapshot, AUGUST)
    assert found.filter(pl.col("group") == 1)["commune"].to_list() == [worst]
    reason = found.row(by_predicate=pl.col("commune") == worst, named=True)["reason"]
    # 28 more than the 2 of 80 that all others have.
    assert reason.startswith("Hơn mức kỳ vọng 28 hồ sơ trễ (khoảng 2")
    assert reason.endswith("chưa đến lần nào từ 01/07/2025.")
    visits = [(worst, dt.date(2025, 8, 20)), (worst, dt.date(2025, 7, 2))]
    later = visit_values(snapshot, AUGUST, visits=visits, chosen=[second], on=NOW)
    assert second not in later["commune"].to_list()
    row = later.row(by_predicate=pl.col("commune") == worst, named=True)
    assert row["last_visit"] == dt.date(2025, 8, 20)
    assert "lần gần nhất đến ngày 20/08/2025, cách Xã B" in row["reason"]
    assert "theo đường chim bay" in row["reason"]
    # Inside a group by the alphabet, and groups in order.
    assert later.select("group").to_series().is_sorted()


def test_a_province_without_enough_dossiers_has_no_proposal(snapshot_of: Open) -> None:
    assert visit_values(snapshot_of(month("08740", late=1, n=5), communes=COMMUNES), AUGUST).is_empty()
