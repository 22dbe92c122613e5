"""Looking at a file before configuring it, and giving refused rows back."""

from __future__ import annotations

import tomllib
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from etl.config import DossiersBlock
from etl.errors import DataError, UsageError
from etl.inspect import inspect_file, ready_block
from etl.rejects import in_own_columns, refused_rows, write_rejects
from tests.etl.province import REGISTER_HEADINGS, build_province, code, csv_text, row
from warehouse.reading import Snapshot, open_snapshot


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "so.csv"
    rows = [row(code(1)), row(code(2), status="Xong rồi"), row(code(3), received="sáng nay")]
    headings = [heading.replace("Ngày hẹn trả", "Cột lạ") for heading in REGISTER_HEADINGS]
    path.write_text(csv_text(rows, headings), encoding="utf-8")
    return path


def test_an_inspection_tells_what_is_understood_and_masks_people(register: Path) -> None:
    (found,) = inspect_file(register, shown_as="so.csv")
    by_heading = {column.heading: column for column in found.columns}
    assert found.table == "dossier"
    assert by_heading["Số hồ sơ"].canonical == "dossier_id"
    assert by_heading["Số hồ sơ"].samples == [code(1), code(2), code(3)]
    assert by_heading["Cột lạ"].canonical is None
    assert by_heading["Chủ hồ sơ"].personal and by_heading["SĐT"].personal
    assert found.unread_words == {"status": ["Xong rồi"]}
    assert found.unread_times == {"Ngày tiếp nhận": ["sáng nay"]}


def test_the_ready_block_is_a_block_that_the_configuration_accepts(register: Path) -> None:
    (found,) = inspect_file(register, shown_as="so.csv")
    text = ready_block(found, path="exports/*.csv")
    block = DossiersBlock.model_validate(tomllib.loads(text)["dossiers"][0])
    assert block.columns["received_at"] == "Ngày tiếp nhận"
    assert "Cột lạ" in text and "Xong rồi" in text
    assert block.values == {}  # a meaning that nobody decided is not configured


def test_a_log_is_told_from_a_register(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Mã hồ sơ,Thời điểm,Bước xử lý,Cán bộ\nH1,02/03/2026 08:00,Tiếp nhận,A\n", encoding="utf-8")
    (found,) = inspect_file(path, shown_as="log.csv")
    assert found.table == "event"
    assert "[[events]]" in ready_block(found, path="log.csv")


def test_a_file_without_known_headings_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "thu.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"thu\.csv"):
        inspect_file(path, shown_as="thu.csv")


@pytest.fixture
def snapshot(tmp_path: Path):
    build_province(tmp_path, [row(code(1)), row(""), row(code(3), commune="99999"), row("", commune="10645")])
    opened: Snapshot = open_snapshot(tmp_path / "warehouse")
    yield opened
    opened.close()


def test_refused_rows_come_back_in_the_sources_own_columns_without_people(snapshot: Snapshot) -> None:
    sheets = in_own_columns(refused_rows(snapshot))
    frame = sheets["exports/register.csv"]
    assert frame["Dòng"].to_list() == [3, 4, 5]
    assert frame["Mã xã"].to_list() == ["07942", "99999", "10645"]
    assert {"Chủ hồ sơ", "SĐT"}.isdisjoint(frame.columns)
    assert all(frame["Lý do"])


def test_one_rule_may_be_asked_for_and_an_unknown_one_names_those_there_are(snapshot: Snapshot) -> None:
    assert refused_rows(snapshot, rule="unknown_commune").height == 1
    with pytest.raises(UsageError, match="missing_dossier_id"):
        refused_rows(snapshot, rule="khong_co")


def test_a_workbook_and_a_csv_carry_the_rows(snapshot: Snapshot, tmp_path: Path) -> None:
    sheets = in_own_columns(refused_rows(snapshot))
    write_rejects(sheets, tmp_path / "loi.xlsx")
    write_rejects(sheets, tmp_path / "loi.csv")
    sheet = openpyxl.load_workbook(tmp_path / "loi.xlsx").worksheets[0]
    lines = list(sheet.values)
    assert lines[2][:3] == ("Dòng", "Lý do", "Cột")
    assert len(lines) == 3 + 3
    assert pl.read_csv(tmp_path / "loi.csv")["Tệp"].to_list() == ["exports/register.csv"] * 3


def test_a_cell_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    build_province(tmp_path, [row(code(1)), row("=1+1", commune="99999")])
    opened = open_snapshot(tmp_path / "warehouse")
    write_rejects(in_own_columns(refused_rows(opened)), tmp_path / "loi.xlsx")
    opened.close()
    sheet = openpyxl.load_workbook(tmp_path / "loi.xlsx").worksheets[0]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value == "=1+1"]
    assert cells and all(cell.data_type == "s" for cell in cells)


@pytest.mark.parametrize(
    ("text", "written"), [("=1+1", "'=1+1"), ("@SUM(1)", "'@SUM(1)"), ("-cmd", "'-cmd"), ("-5", "-5"), ("A=1", "A=1")]
)
def test_a_cell_of_a_csv_cannot_be_run_by_excel(tmp_path: Path, text: str, written: str) -> None:
    write_rejects({"a.csv": pl.DataFrame({"dòng": [2], "Số hồ sơ": [text]})}, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()[1] == f"a.csv,2,{written}"


@pytest.mark.parametrize("name", ["loi.txt", "khong/co/loi.xlsx", "."])
def test_a_file_that_cannot_be_written_is_a_wrong_call(snapshot: Snapshot, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="--out"):
        write_rejects(in_own_columns(refused_rows(snapshot)), tmp_path / name)


def test_files_of_different_columns_go_into_one_csv(tmp_path: Path) -> None:
    sheets = {
        "a.csv": pl.DataFrame({"Dòng": [2], "Đơn vị hướng dẫn": ["04792"]}),
        "b.csv": pl.DataFrame({"Dòng": [3], "Đơn vị hướng dẫn": [None]}),
    }
    write_rejects(sheets, tmp_path / "loi.csv")
    assert pl.read_csv(tmp_path / "loi.csv").height == 2
