"""Procedures and their terms as dated rows: what stood on the day of receipt counts, wrong dates are refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from etl.config import load_config
from etl.units import PROCEDURES, load_procedures
from tests.etl.province import REGISTER_BLOCK, build_province, code, row, write_province

HEADINGS = "procedure_code,name,field,deadline_working_days,same_day,is_online,has_fee,valid_from,valid_to"
BLOCK = '[procedures]\npath = "procedures.csv"\n' + REGISTER_BLOCK


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def write_procedures(directory: Path, *lines: str) -> None:
    (directory / "procedures.csv").write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")


def test_the_term_of_the_day_of_receipt_counts(tmp_path: Path) -> None:
    write_procedures(
        tmp_path,
        "1.014027,Trợ cấp hưu trí xã hội,Bảo trợ xã hội,10,không,có,không,2025-07-01,2026-02-28",
        "1.014027,Trợ cấp hưu trí xã hội,Bảo trợ xã hội,5,không,có,không,2026-03-01,",
    )
    open_one = {"procedure": "1.014027", "finished": "", "due": "", "status": "4"}
    _, tables = build_province(
        tmp_path,
        [row(code(1), received="02/02/2026 08:00", **open_one), row(code(2), received="02/03/2026 08:00", **open_one)],
        toml=BLOCK,
    )
    due = [found["due"] for found in tables("select computed_due_at::date as due from dossier order by dossier_id")]
    # Ten working days from 2 February pass over Tết (16 to 20 February): 13 February is the ninth.
    assert due == [dt.date(2026, 2, 23), dt.date(2026, 3, 9)]


@pytest.mark.parametrize(
    "wrong",
    [
        "1.014027,Trợ cấp,Bảo trợ xã hội,10,không,có,không,2026-03-01,2026-02-01",
        "1.014027,Trợ cấp,Bảo trợ xã hội,10,không,có,không,mai,",
        "1.001653,Đổi giấy xác nhận,Bảo trợ xã hội,3,không,có,không,2026-05-01,",
    ],
)
def test_a_wrong_dated_row_is_refused(tmp_path: Path, wrong: str) -> None:
    write_procedures(tmp_path, "1.001653,Đổi giấy xác nhận,Bảo trợ xã hội,5,không,có,không,2026-01-01,", wrong)
    found = load_procedures(load_config(write_province(tmp_path, toml=BLOCK)))
    assert found.reject["rule"].to_list() == ["wrong_dates"]
    assert found.reject["row_number"].to_list() == [3]
    assert found.load.select("rows_read", "rows_loaded", "rows_refused").row(0) == (2, 1, 1)


def test_our_own_reference_has_no_wrong_dated_row(tmp_path: Path) -> None:
    (tmp_path / "procedures.csv").write_bytes(PROCEDURES.read_bytes())
    found = load_procedures(load_config(write_province(tmp_path, toml=BLOCK)))
    assert found.reject.is_empty()
    assert found.rows.height == pl.read_csv(PROCEDURES).height
