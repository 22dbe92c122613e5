"""Published scores of Decision 766: what loads, what is refused, and the demo's own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.build import build
from etl.config import load_config
from etl.index_scores import item_of, load_index_scores
from etl.index_weights import load_index_weights
from etl.names import Names
from etl.simulate import simulate
from etl.units import SmallTable, load_communes, load_lineage
from tests.etl.province import REGISTER_BLOCK, Tables, build_province, code, row, write_province

BLOCK = '\n[index_scores]\npath = "scores.csv"\n'
HEADINGS = "Đơn vị,Mã xã,Từ ngày,Đến ngày,Chỉ số,Điểm,Điểm tối đa,Nguồn,Ngày công bố"
GOOD = 'Phường Phú Thọ,,01/01/2026,31/03/2026,2.1,"18,64",20,Cổng,10/04/2026'


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def load(directory: Path, *lines: str) -> SmallTable:
    path = write_province(directory, toml=REGISTER_BLOCK + BLOCK)
    (directory / "scores.csv").write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")
    config = load_config(path)
    communes = load_communes(config).rows
    codes = communes["commune_code"].to_list()
    names = Names.of(communes, load_lineage(config, codes).rows)
    return load_index_scores(config, names, codes, load_index_weights(config))


def test_scores_of_units_by_name_or_code_and_of_the_province_load(tmp_path: Path) -> None:
    table = load(
        tmp_path,
        GOOD,
        ",8740,01/01/2026,31/03/2026,MDHL,6,18,Cổng,",
        'Toàn tỉnh,,01/01/2026,31/03/2026,Tổng điểm,"75,34",,Cổng,',
        'Tỉnh Phú Thọ,,01/01/2026,31/03/2026,"1,1",6,6,Cổng,',
    )
    assert table.reject.is_empty()
    assert table.rows.select("commune_code", "item").rows() == [
        ("07942", "2.1"),
        ("08740", "satisfaction"),
        (None, "total"),
        (None, "1.1"),
    ]
    assert table.rows["score"].cast(float).to_list() == [18.64, 6.0, 75.34, 6.0]
    assert table.rows["max_score"].cast(float).to_list() == [20.0, 18.0, 100.0, 6.0]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (",,01/01/2026,31/03/2026,2.1,18,20,Cổng,", "missing_code"),
        ("Phường Thượng Thanh,,01/01/2026,31/03/2026,2.1,18,20,Cổng,", "unknown_commune"),
        ("Phường Phú Thọ,,32/01/2026,31/03/2026,2.1,18,20,Cổng,", "unreadable_date"),
        ("Phường Phú Thọ,,01/01/2026,31/03/2026,2.1,18,20,Cổng,mai", "unreadable_date"),
        ("Phường Phú Thọ,,01/01/2026,31/03/2026,9.9,18,20,Cổng,", "unknown_index_item"),
        ("Phường Phú Thọ,,01/01/2026,31/03/2026,Lòng tốt,18,20,Cổng,", "unknown_index_item"),
        # Before the index began no weights stand.
        ("Toàn tỉnh,,01/01/2021,31/03/2021,2.1,18,20,Cổng,", "unknown_index_item"),
        ("Phường Phú Thọ,,01/01/2026,31/03/2026,5.2,5,5,Cổng,", "other_maximum"),
        ("Phường Phú Thọ,,01/01/2026,31/03/2026,2.1,21,20,Cổng,", "wrong_value"),
        ("Phường Phú Thọ,,01/01/2026,31/03/2026,2.1,-1,20,Cổng,", "wrong_value"),
        ("Phường Phú Thọ,,01/01/2026,31/03/2026,2.1,nhiều,20,Cổng,", "wrong_value"),
        ("Phường Phú Thọ,,31/03/2026,01/01/2026,2.1,18,20,Cổng,", "wrong_value"),
        ("Phường Phú Thọ,,01/01/2026,31/03/2026,2.1,18,20,,", "wrong_value"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_reason(line: str, rule: str, tmp_path: Path) -> None:
    table = load(tmp_path, line, GOOD)
    assert table.reject["rule"].to_list() == [rule]
    assert table.reject["message"][0]
    assert table.rows.height == 1
    assert table.load.select("rows_read", "rows_loaded", "rows_refused").row(0) == (2, 1, 1)


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("2.1", "2.1"),
        ("2,1", "2.1"),
        ("Chỉ số 4.5a", "4.5a"),
        ("4.5 b", "4.5b"),
        ("TDGQ", "progress"),
        ("Tiến độ, kết quả giải quyết", "progress"),
        ("Mức độ hài lòng", "satisfaction"),
        ("Công khai, minh bạch", "transparency"),
        ("Số hoá hồ sơ", "digitisation"),
        ("tổng điểm", "total"),
        ("khác", None),
    ],
)
def test_items_are_recognised_as_people_write_them(text: str, item: str | None) -> None:
    assert item_of(text) == item


def test_a_build_without_the_block_has_no_scores_and_with_it_does_not_call_it_unused(tmp_path: Path) -> None:
    _report, tables = build_province(tmp_path / "without", [row(code(1))])
    assert tables("select * from index_score") == []
    directory = tmp_path / "with"
    directory.mkdir()
    (directory / "scores.csv").write_text(f"{HEADINGS}\n{GOOD}\n", encoding="utf-8")
    report, tables = build_province(directory, [row(code(1))], toml=REGISTER_BLOCK + BLOCK)
    assert tables.one("select item, score::double as score from index_score") == {"item": "2.1", "score": 18.64}
    assert not any("index_scores" in notice for notice in report.notices)


def test_the_demo_ships_scores_of_every_unit_that_load_whole_and_meet_the_log(tmp_path: Path) -> None:
    simulate(tmp_path / "demo", dossiers=3_000, days=300, clean=True)
    report = build(tmp_path / "demo" / "province.toml", tmp_path / "warehouse")
    tables = Tables(tmp_path / "warehouse", report.snapshot_id or "")
    assert tables("select * from reject where table_name = 'index_score'") == []
    periods = tables("select distinct starts_on, ends_on from index_score")
    assert len(periods) == 2
    whole = tables("select distinct item, score from index_score where commune_code is null and item like '1.%'")
    assert len(whole) == 4, "the province's own points are the same in all periods and for all units"
    assert tables.one("select count(distinct commune_code) as n from index_score") == tables.one(
        "select count(*) as n from commune"
    )
    assert all("mô phỏng" in str(one["source"]) for one in tables("select distinct source from index_score"))


def test_a_simulation_too_short_for_a_period_ships_no_scores_and_names_none(tmp_path: Path) -> None:
    simulate(tmp_path, dossiers=200, days=30, clean=True)
    assert not (tmp_path / "index_scores.csv").exists()
    assert "index_scores" not in (tmp_path / "province.toml").read_text(encoding="utf-8")
