"""The points of Decision 766 as a dated reference: every day adds up, a wrong-dated row is refused."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest

from etl.config import load_config
from etl.errors import DataError
from etl.index_weights import COLUMNS, INDEX_WEIGHTS, load_index_weights
from tests.etl.province import REGISTER_BLOCK, build_province, code, row, write_province
from warehouse.index_items import INDEX_FORMULAS, INDEX_GROUPS

BLOCK = '[index_weights]\npath = "weights.csv"\n' + REGISTER_BLOCK


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def reference() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(INDEX_WEIGHTS.read_text(encoding="utf-8"))))


def write(directory: Path, rows: list[dict[str, str]]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (directory / "weights.csv").write_text(text.getvalue(), encoding="utf-8")
    return write_province(directory, toml=BLOCK)


def changed(component: str, **values: str) -> list[dict[str, str]]:
    return [row | (values if row["component"] == component else {}) for row in reference()]


def test_our_reference_adds_up_to_the_groups_of_the_decision(tmp_path: Path) -> None:
    weights = load_index_weights(load_config(write_province(tmp_path, toml=REGISTER_BLOCK)))
    found = {
        group: float(part["max_points"].sum())
        for (group,), part in weights.partition_by("index_group", as_dict=True).items()
    }
    assert found == {
        "transparency": 18,
        "progress": 20,
        "online": 12,
        "payment": 10,
        "digitisation": 22,
        "satisfaction": 18,
    }
    assert set(found) == set(INDEX_GROUPS)
    assert set(weights["formula"].drop_nulls()) == set(INDEX_FORMULAS)


def test_only_the_split_inside_twelve_and_ten_is_an_assumption(tmp_path: Path) -> None:
    weights = load_index_weights(load_config(write_province(tmp_path, toml=REGISTER_BLOCK)))
    assumed = weights.filter("is_assumed")
    assert set(assumed["index_group"]) == {"online", "payment"}
    assert all("giả định" in source for source in assumed["source"])
    assert not any("giả định" in source for source in weights.filter(~weights["is_assumed"])["source"])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (changed("2.1", valid_from="mai"), "dòng 6"),
        (changed("2.1", valid_from="2026-03-01", valid_to="2026-02-01"), "trước ngày có hiệu lực"),
        (changed("2.1", valid_to="hôm qua"), "không đọc được"),
        ([*reference(), *changed("2.1", valid_from="2026-01-01")[4:5]], "chồng lên"),
        (changed("2.1", max_points="19"), "khác điểm của nhóm"),
        (changed("2.1", max_points="19", group_points="19"), "phải là 100"),
        (changed("2.1", max_points="hai mươi"), "điểm phải là số"),
        (changed("2.1", full_at="80"), "full_at"),
        (changed("2.1", full_at=""), "phải có full_at"),
        (changed("2.1", formula="speed"), "chỉ nhận"),
        (changed("2.1", index_group="tien_do"), "chỉ nhận"),
        (changed("2.1", source=""), "thiếu source"),
        ([row for row in reference() if row["component"] != "4.6"], "khác điểm của nhóm"),
        # The component lapses while the others stand: from the next day on the sum fails.
        (changed("2.1", valid_to="2026-06-30"), "01/07/2026"),
    ],
)
def test_a_table_that_does_not_hold_on_every_day_is_refused(
    rows: list[dict[str, str]], said: str, tmp_path: Path
) -> None:
    config = load_config(write(tmp_path, rows))
    with pytest.raises(DataError, match=r"weights\.csv") as error:
        load_index_weights(config)
    assert said in str(error.value)


def test_a_later_decision_follows_on_the_day_after(tmp_path: Path) -> None:
    old = [row | {"valid_to": "2026-06-30"} for row in reference()]
    new = [row | {"valid_from": "2026-07-01"} for row in reference()]
    for line in new:
        line["max_points"] = {"4.5a": "3", "4.5b": "1"}.get(line["component"], line["max_points"])
    weights = load_index_weights(load_config(write(tmp_path, old + new)))
    assert weights.height == 2 * len(reference())
    points = weights.filter(weights["component"] == "4.5a").sort("valid_from")
    assert points["max_points"].cast(float).to_list() == [2.0, 3.0]
    assert points["valid_from"].to_list() == [dt.date(2022, 8, 1), dt.date(2026, 7, 1)]


def test_a_build_lays_the_weights_down(tmp_path: Path) -> None:
    _report, tables = build_province(tmp_path, [row(code(1))])
    assert tables.one("select sum(max_points)::double as total, count(*) as n from index_weight") == {
        "total": 100.0,
        "n": len(reference()),
    }
