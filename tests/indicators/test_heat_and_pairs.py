"""Communes by field, and communes in pairs: what differs is named, what does not is not."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.multitest import multipletests

from indicators import Filters, Window, compute
from indicators.heat import field_table
from indicators.pairs import holm, pairwise
from indicators.statistics import wilson
from tests.builders import Row, commune, dossier
from tests.indicators.conftest import Open

AUGUST = Window(dt.date(2025, 8, 1), dt.date(2025, 8, 31))
CODES = [f"{number:05d}" for number in range(8000, 8010)]
COMMUNES = [commune(code, f"Xã Số {code}") for code in CODES]
DAY = dt.datetime(2025, 8, 5, 8)


def resolved(code: str, field: str, *, late: int, n: int) -> list[Row]:
    due = [DAY - dt.timedelta(days=1)] * late + [DAY] * (n - late)
    same: Row = {"commune_code": code, "field": field, "received_at": DAY, "finished_at": DAY}
    return [dossier(**same, due_at=one) for one in due]


def test_the_one_field_in_which_a_commune_is_late_is_marked_and_no_other(snapshot_of: Open) -> None:
    rows = [row for code in CODES for row in resolved(code, "Hộ tịch", late=3, n=60)]
    rows += [row for code in CODES[1:] for row in resolved(code, "Đất đai", late=5, n=60)]
    rows += resolved(CODES[0], "Đất đai", late=35, n=60) + resolved(CODES[0], "Thuế", late=3, n=3)
    found = field_table(snapshot_of(rows, communes=COMMUNES), "on_time_rate_ii06", AUGUST, Filters())
    assert found.filter(pl.col("standing") == "lower").select("commune", "field").rows() == [(CODES[0], "Đất đai")]
    assert found.filter(pl.col("standing") == "too_few")["field"].to_list() == ["Thuế"]
    land = found.filter((pl.col("field") == "Đất đai") & (pl.col("commune") == CODES[0])).row(0, named=True)
    assert land["n"] == 60
    assert land["value"] == pytest.approx(25 / 60)
    assert land["whole"] == pytest.approx((600 - 35 - 45) / 600)


def test_a_province_without_dossiers_has_an_empty_table(snapshot_of: Open) -> None:
    found = field_table(snapshot_of([], communes=COMMUNES), "on_time_rate_ii06", AUGUST, Filters())
    assert found.is_empty()
    assert "standing" in found.columns


def test_pairs_that_differ_are_named_and_those_with_too_few_cases_not_tested(snapshot_of: Open) -> None:
    rows = resolved(CODES[0], "Hộ tịch", late=40, n=100) + resolved(CODES[1], "Hộ tịch", late=5, n=100)
    rows += resolved(CODES[2], "Hộ tịch", late=7, n=100) + resolved(CODES[3], "Hộ tịch", late=9, n=9)
    ids = ["received", "on_time_rate_ii06"]
    frame = compute(snapshot_of(rows, communes=COMMUNES), ids, "commune", date_from=AUGUST.starts, date_to=AUGUST.ends)
    found = pairwise(frame, ids, CODES[:4])
    assert set(found["indicator"]) == {"on_time_rate_ii06"}
    assert found.height == 6
    differing = found.filter("significant").select("first", "second").rows()
    assert differing == [(CODES[0], CODES[1]), (CODES[0], CODES[2])]
    assert found.filter(pl.col("second") == CODES[3])["p_value"].null_count() == 3
    first = found.row(0, named=True)
    assert first["difference"] == pytest.approx(-0.35)
    assert first["low"] < -0.35 < first["high"] < 0


def test_holms_p_values_are_those_of_statsmodels() -> None:
    p_values = [0.04, 0.001, 0.3, 0.02, 0.02]
    expected = multipletests(p_values, method="holm")[1]
    assert holm(p_values) == pytest.approx(expected)
    assert holm([0.01, float("nan")]) == pytest.approx([0.01, float("nan")], nan_ok=True)


def test_six_equal_communes_are_told_apart_in_at_most_five_of_a_hundred_tables() -> None:
    random = np.random.default_rng(4)
    wrong = 0
    for _table in range(300):
        n = random.integers(40, 800, 6)
        hits = random.binomial(n, 0.93)
        low, high = wilson(hits.astype(float), n.astype(float))
        name = "on_time_rate_ii06"
        columns = {"commune": CODES[:6], name: hits / n, f"{name}_n": n, f"{name}_low": low, f"{name}_high": high}
        wrong += bool(pairwise(pl.DataFrame(columns), [name], CODES[:6])["significant"].any())
    # Promised: five in a hundred; measured 2.5 over 1,500 tables.
    assert wrong <= 0.06 * 300
