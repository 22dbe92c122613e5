"""Reviewed corrections: each use is counted, none outlives its reason."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from etl.errors import DataError
from tests.etl.province import REGISTER_BLOCK, Tables, build_province, code, row

HEADINGS = "dossier_id,action,column_name,expect,value,reason,author,until"
BLOCK = '[corrections]\npath = "corrections.csv"\n' + REGISTER_BLOCK


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def corrected(directory: Path, *lines: str) -> Tables:
    directory.mkdir(exist_ok=True)
    (directory / "corrections.csv").write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")
    _, tables = build_province(directory, [row(code(1)), row(code(2))], toml=BLOCK)
    return tables


def test_a_wrong_value_is_overridden_before_anything_is_worked_out_from_it(tmp_path: Path) -> None:
    line = f"{code(1)},override,finished_at,03/03/2026 09:00,02/03/2026 09:00,nhập nhầm ngày,Văn phòng UBND,"
    tables = corrected(tmp_path, line)
    first = tables.one(f"select closed_at, processing_minutes from dossier where dossier_id = '{code(1)}'")
    assert first == {"closed_at": dt.datetime(2026, 3, 2, 9), "processing_minutes": 60}
    used = tables.one("select * from correction")
    assert (used["outcome"], used["old_value"], used["row_number"]) == ("applied", "2026-03-03 09:00:00", 2)


def test_an_objection_moves_a_dossier_to_the_unit_it_belongs_to(tmp_path: Path) -> None:
    tables = corrected(tmp_path, f"{code(1)},reassign,,07942,10645,khiếu nại được chấp nhận,Văn phòng UBND,")
    assert tables.one(f"select commune_code from dossier where dossier_id = '{code(1)}'")["commune_code"] == "10645"


def test_a_dropped_row_is_a_refused_row_with_its_reason(tmp_path: Path) -> None:
    tables = corrected(tmp_path, f"{code(1)},drop,,,,hồ sơ thử nghiệm,Văn phòng UBND,")
    assert tables.one("select count(*) as n from dossier")["n"] == 1
    refused = tables.one("select rule, message, row_number from reject")
    assert refused == {"rule": "dropped_by_correction", "message": "hồ sơ thử nghiệm", "row_number": 2}
    load = tables.one("select * from load where table_name = 'dossier'")
    assert (load["rows_read"], load["rows_loaded"], load["rows_refused"], load["rows_repeated"]) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        (f"{code(1)},override,status,4,9,sửa,VP,", "source_mended"),
        (f"{code(1)},override,status,10,9,sửa,VP,2026-03-30", "expired"),
        (f"{code(9)},override,status,10,9,sửa,VP,", "not_found"),
    ],
)
def test_a_correction_that_no_longer_fits_is_not_applied_and_says_why(tmp_path: Path, line: str, outcome: str) -> None:
    tables = corrected(tmp_path, line)
    assert tables.one("select outcome from correction")["outcome"] == outcome
    assert {found["status"] for found in tables("select status from dossier")} == {10}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{code(1)},erase,,,,sửa,VP,", "erase"),
        (f"{code(1)},override,applicant_key,a,b,sửa,VP,", "applicant_key"),
        (f"{code(1)},override,status,10,9,,VP,", "lý do"),
        (f"{code(1)},override,status,,9,sửa,VP,", "expect"),
        (f"{code(1)},override,status,10,9,sửa,VP,mai", "until"),
        (f"{code(1)},reassign,,07942,99999,sửa,VP,", "99999"),
        (f"{code(1)},override,finished_at,03/03/2026 09:00,01/03/2026 09:00,sửa,VP,", "kết thúc trước khi tiếp nhận"),
        (",drop,,,,sửa,VP,", "mã hồ sơ"),
    ],
)
def test_a_correction_that_cannot_be_meant_stops_the_build_with_its_row(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        corrected(tmp_path, line)
    assert "corrections.csv, dòng 2" in str(caught.value)
    assert said in str(caught.value)


def test_a_number_of_a_person_typed_into_a_correction_is_masked(tmp_path: Path) -> None:
    tables = corrected(
        tmp_path,
        f"{code(1)},drop,,,,gọi 0912345678,ai_do@example.vn,",
        "0912345678,override,status,10,9,sửa,VP,",
    )
    written = str(tables("select * from correction")) + str(tables("select * from reject"))
    assert "0912345678" not in written and "ai_do@example.vn" not in written
    assert "gọi ••••" in written
