"""Steps of a real municipal log and of a simulated province, against the log's reference answers and against pm4py.

pm4py (AGPL) is a tool of the tests and benches only; the product never imports it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from etl.build import build
from etl.simulate import simulate
from indicators import Filters, Snapshot, compute, open_snapshot, resolve_window
from indicators.process import Side, compare_two, process_map, variants
from indicators.transitions import transitions
from indicators.windows import Window

REAL = Path(__file__).resolve().parents[1] / "etl" / "real"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "logs"
# The two cases that end before they start have no dossier; the log keeps their steps.
REFUSED = 2
HOUR = 3600

needs_the_real_log = pytest.mark.skipif(
    not SHARED.exists() and os.environ.get("CI") != "true", reason="the real log of ../shared is not here"
)


@pytest.fixture(autouse=True, scope="module")
def _key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.mktemp("key") / "hash.key"))
        yield


@pytest.fixture(scope="module")
def wabo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    warehouse = tmp_path_factory.mktemp("wabo")
    # Only the log: its case attributes would close cases before their steps and refuse two.
    text = (REAL / "wabo.toml").read_text(encoding="utf-8").replace("../../../../shared/data/logs", SHARED.as_posix())
    kept = [line for line in text.splitlines() if not line.startswith(("received_at", "due_at", "finished_at"))]
    (warehouse / "wabo_communes.csv").write_bytes((REAL / "wabo_communes.csv").read_bytes())
    (warehouse / "wabo.toml").write_text("\n".join(kept), encoding="utf-8")
    build(warehouse / "wabo.toml", warehouse / "out")
    snapshot = open_snapshot(warehouse / "out")
    yield snapshot
    snapshot.close()


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Snapshot]]:
    folder = tmp_path_factory.mktemp("province")
    simulate(folder / "in", dossiers=40_000, clean=True)
    build(folder / "in" / "province.toml", folder / "out")
    snapshot = open_snapshot(folder / "out")
    yield folder / "in", snapshot
    snapshot.close()


# ---- the reference answers of the real log ---------------------------------------------------------------------------


@needs_the_real_log
def test_the_real_logs_reference_figures_come_out_exactly(wabo: Snapshot) -> None:
    reference = json.loads((SHARED / "wabo_receipt.reference.json").read_text(encoding="utf-8"))
    window = resolve_window(wabo)
    pairs = {
        (row["from_activity"], row["to_activity"]): row
        for row in transitions(wabo, window, filters=Filters(), top=1000).to_dicts()
    }
    assert len(pairs) == reference["counts"]["transitions_distinct"]
    assert sum(row["count"] for row in pairs.values()) == reference["counts"]["transitions_total"]
    for top in reference["top_transitions"]:
        row = pairs[top["from"], top["to"]]
        assert row["count"] == top["count"]
        assert row["wait_hours_p50"] == pytest.approx(top["median_wait_hours"], abs=1e-6)
        assert row["wait_hours_mean"] == pytest.approx(top["mean_wait_hours"], abs=1e-6)
    found = process_map(wabo, window)
    assert {(row["from_activity"], row["to_activity"]): row["n"] for row in found.edges.to_dicts()} == {
        pair: row["count"] for pair, row in pairs.items()
    }
    assert found.dossiers == reference["counts"]["cases"]
    for name, count in reference["top_activities"].items():
        assert found.nodes.filter(pl.col("activity") == name)["visits"].to_list() == [count]
    orders = variants(wabo, window, closed_only=False)
    assert orders.height == reference["counts"]["variants"]
    assert orders["activities"][0].to_list() == reference["counts"]["most_frequent_variant"]
    assert orders["n"][0] == reference["counts"]["most_frequent_variant_cases"]
    assert int((orders["share"].cum_sum() < 0.8).sum()) + 1 == reference["counts"]["variants_covering_80pct_cases"]


# ---- pm4py -----------------------------------------------------------------------------------------------------------


def log_of(snapshot: Snapshot) -> Any:
    frame = snapshot.query(
        'select dossier_id, activity, "at" from event semi join dossier using (dossier_id) order by dossier_id, step'
    ).to_pandas()
    pm4py = pytest.importorskip("pm4py")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pm4py, pm4py.format_dataframe(frame, case_id="dossier_id", activity_key="activity", timestamp_key="at")


def check_against_pm4py(snapshot: Snapshot) -> None:
    pm4py, log = log_of(snapshot)
    # From the first step on, which may lie before the first receipt.
    first = log["time:timestamp"].min().date()
    window = Window(first, snapshot.info.as_of.date())
    found = process_map(snapshot, window)
    frequency, starts, ends = pm4py.discover_dfg(log)
    assert {(row["from_activity"], row["to_activity"]): row["n"] for row in found.edges.to_dicts()} == dict(frequency)
    assert {row["activity"]: row["starts"] for row in found.nodes.to_dicts() if row["starts"]} == dict(starts)
    # An open dossier has not ended at its last step; pm4py counts it there.
    orders = variants(snapshot, window, closed_only=False)
    lasts: dict[str, int] = {}
    for row in orders.to_dicts():
        lasts[row["activities"][-1]] = lasts.get(row["activities"][-1], 0) + row["n"]
    assert lasts == dict(ends)
    # Variants without the distinction of who ties with whom.
    counted = {tuple(order): n for order, n in pm4py.get_variants(log).items()}
    assert {tuple(row["activities"]): row["n"] for row in orders.to_dicts()} == counted
    performance, _starts, _ends = pm4py.discover_performance_dfg(log)
    exact = transitions(snapshot, window, filters=Filters(), top=1_000_000)
    assert exact.height == len(performance)
    for row in exact.to_dicts():
        theirs = performance[row["from_activity"], row["to_activity"]]
        assert row["wait_hours_mean"] * HOUR == pytest.approx(theirs["mean"], rel=1e-6, abs=1)
        assert row["wait_hours_p50"] * HOUR == pytest.approx(theirs["median"], rel=1e-6, abs=1)


@needs_the_real_log
def test_pm4py_finds_the_same_in_the_real_log(wabo: Snapshot) -> None:
    check_against_pm4py(wabo)


def test_pm4py_finds_the_same_in_a_simulated_province(province: tuple[Path, Snapshot]) -> None:
    check_against_pm4py(province[1])


# ---- planted bottlenecks ---------------------------------------------------------------------------------------------

# The step that each planted cause slows down, or hastens.
SLOWED = {
    "Công chức thụ lý chuyển công tác, chưa có người thay": "Thẩm định hồ sơ",
    "Tăng cường công chức thụ lý từ tỉnh về": "Thẩm định hồ sơ",
    "Điều động một nửa cán bộ bộ phận tiếp nhận đi nơi khác": "Thẩm định hồ sơ",
    "Bổ sung cán bộ cho bộ phận tiếp nhận": "Thẩm định hồ sơ",
    "Lãnh đạo ký hồ sơ thường xuyên vắng": "Ký duyệt",
    "Ủy quyền ký chứng thực cho công chức tư pháp - hộ tịch": "Ký duyệt",
}


def test_the_step_that_was_slowed_down_is_the_one_that_makes_the_difference(province: tuple[Path, Snapshot]) -> None:
    folder, snapshot = province
    planted = json.loads((folder / "planted.json").read_text(encoding="utf-8"))["changes"]
    whole, clear = resolve_window(snapshot), 0
    for change in planted:
        day = dt.date.fromisoformat(change["date"])
        filters = Filters(commune=(change["commune_code"],))
        before, after = Window(whole.starts, day - dt.timedelta(days=1)), Window(day, whole.ends)
        found = compare_two(snapshot, Side(window=before, filters=filters), Side(window=after, filters=filters))
        assert found.steps["difference"].sum() == pytest.approx(found.total.difference)
        # Between dossiers of the same procedure: what a commune happens to get in a few months is no change.
        first = found.alike.filter(pl.col("kind") == "step").row(0, named=True)
        assert first["activity"] == SLOWED[change["cause"]]
        assert (first["difference"] > 0) == (change["direction"] == "deteriorates")
        clear += first["low"] > 0 or first["high"] < 0
    assert clear >= len(planted) - 1


def test_step_figures_split_by_commune_add_up_to_the_province(province: tuple[Path, Snapshot]) -> None:
    snapshot = province[1]
    whole = compute(snapshot, ["rework_rate", "handovers_mean", "step_wait_p50"])
    split = compute(snapshot, ["rework_rate", "handovers_mean", "step_wait_p50"], ["commune"])
    for name in ("rework_rate_n", "handovers_mean_n", "step_wait_p50_n"):
        assert split[name].sum() == whole[name].item()
