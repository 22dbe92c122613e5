"""Dated events: the country's own, the province's file, and rows that are refused with their reason."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from etl.config import load_config
from etl.dated_events import REFERENCE, load_dated_events
from etl.names import Names
from etl.simulate.clock import Clock
from etl.simulate.dated_events import dated_events
from etl.simulate.province import invent_province
from etl.units import SmallTable, load_communes, load_lineage
from etl.values import parse_event_kind
from tests.etl.province import REGISTER_BLOCK, build_province, code, row, write_province

BLOCK = '\n[dated_events]\npath = "events.csv"\n'
HEADINGS = "Ngày,Đến ngày,Đơn vị,Mã xã,Mã thủ tục,Loại,Nội dung,Nguồn"
GOOD = "16/03/2026,20/03/2026,,,,Sự cố,Sự cố phần mềm một cửa,Văn phòng"


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def load(directory: Path, *lines: str, block: str = BLOCK) -> SmallTable:
    path = write_province(directory, toml=REGISTER_BLOCK + block)
    (directory / "events.csv").write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")
    config = load_config(path)
    communes = load_communes(config).rows
    codes = communes["commune_code"].to_list()
    return load_dated_events(config, Names.of(communes, load_lineage(config, codes).rows), codes)


def own(table: SmallTable) -> pl.DataFrame:
    return table.rows.filter(pl.col("scope") != "national")


def test_an_event_concerns_the_province_a_commune_or_a_procedure(tmp_path: Path) -> None:
    table = load(
        tmp_path,
        GOOD,
        "20/04/2026,,Phường Phú Thọ,,,Ủy quyền,Ủy quyền ký chứng thực,QĐ 12",
        "01/06/2026,,,,2.000815,,Bỏ một bước kiểm tra,",
    )
    assert table.reject.is_empty()
    assert own(table).select("starts_on", "ends_on", "scope", "commune_code", "procedure_code", "kind").rows() == [
        (dt.date(2026, 3, 16), dt.date(2026, 3, 20), "province", None, None, "outage"),
        (dt.date(2026, 4, 20), dt.date(2026, 4, 20), "commune", "07942", None, "delegation"),
        (dt.date(2026, 6, 1), dt.date(2026, 6, 1), "procedure", None, "2.000815", "other"),
    ]
    assert table.rows["event_id"].to_list() == list(range(1, table.rows.height + 1))
    assert table.rows["starts_on"].is_sorted()


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        (",,,,,Sự cố,Mất điện,", "event_without_day", "starts_at"),
        ("32/03/2026,,,,,Sự cố,Mất điện,", "event_without_day", "starts_at"),
        ("16/03/2026,mai,,,,Sự cố,Mất điện,", "event_without_day", "starts_at"),
        ("16/03/2026,15/03/2026,,,,Sự cố,Mất điện,", "event_ends_early", "ends_at"),
        ("16/03/2026,,,,,Sự cố,,", "event_without_text", "text"),
        ("16/03/2026,,,,,Động đất,Rung,", "unknown_event_kind", "kind"),
        ("16/03/2026,,Phường Thượng Thanh,,,Sự cố,Mất điện,", "unknown_commune", "commune_code"),
        # A name of two old wards, on a day before the merger.
        ("16/03/2025,,Phường Hùng Vương,,,Sự cố,Mất điện,", "ambiguous_commune", "commune_name"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_file_row_and_column(
    line: str, rule: str, column: str, tmp_path: Path
) -> None:
    table = load(tmp_path, GOOD, line)
    refused = table.reject.row(0, named=True)
    assert (refused["rule"], refused["column_name"], refused["row_number"]) == (rule, column, 3)
    assert refused["source_file"] == "events.csv" and refused["message"]
    assert table.load.select("rows_read", "rows_loaded", "rows_refused").row(0) == (2, 1, 1)
    assert own(table).height == 1


def test_our_reference_gives_every_province_its_events_and_no_other_provinces(tmp_path: Path) -> None:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["text"] and row["source"] for row in rows), "a reference without its source"
    kinds = pl.DataFrame({"kind": [row["kind"] for row in rows]})
    assert kinds.select(parse_event_kind(pl.col("kind")).is_not_null().all()).item()
    table = load(tmp_path, block="")
    assert table.rows.height == sum(row["province_code"] in ("", "25") for row in rows) < len(rows)
    merger = table.rows.filter(pl.col("kind") == "merger")
    assert merger["starts_on"].to_list() == [dt.date(2025, 7, 1)]
    assert table.load.is_empty(), "our own rows are no file of the province"


def test_the_demo_writes_down_what_its_office_knows_and_no_more() -> None:
    clock = Clock.of(420)
    province = invent_province(province_code="25", days=420, clock=clock, rng=np.random.default_rng(1))
    names = dict(province.communes.select("commune_code", "full_name").iter_rows())
    rows = list(csv.DictReader(io.StringIO(dated_events(province, names=names))))
    changes = {(one.commune_code, f"{one.date:%d/%m/%Y}", one.cause) for one in province.changes if one}
    told = {(row["Mã xã"], row["Ngày"], row["Nội dung"]) for row in rows if row["Mã xã"]}
    assert told < changes, "a leader's absence stands in no file"
    assert {cause for _code, _day, cause in changes - told} == {"Lãnh đạo ký hồ sơ thường xuyên vắng"}
    assert [row["Loại"] for row in rows if not row["Mã xã"]] == ["Sự cố"]
    kinds = pl.DataFrame({"kind": [row["Loại"] for row in rows]})
    assert kinds.select(parse_event_kind(pl.col("kind")).is_not_null().all()).item()


def test_a_build_carries_them_into_the_snapshot(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(f"{HEADINGS}\n{GOOD}\n,,,,,,,\n", encoding="utf-8")
    report, tables = build_province(tmp_path, [row(code(1))], toml=REGISTER_BLOCK + BLOCK)
    loaded = tables.one("select text, scope from dated_event where scope <> 'national'")
    assert loaded == {"text": "Sự cố phần mềm một cửa", "scope": "province"}
    assert not any("dated_events" in notice for notice in report.notices)
