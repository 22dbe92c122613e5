"""The record of a meeting as files: both hold every page and every promise."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import docx
import polars as pl

from reports.minutes import Minutes, PageShown, PromiseMade, write_docx, write_xlsx

MINUTES = Minutes(
    title="Giao ban tháng 9",
    started_at=dt.datetime(2025, 9, 30, 8, 0),
    ended_at=dt.datetime(2025, 9, 30, 9, 30),
    data="Bản dữ liệu 2025, số liệu đến 30/09/2025 18:00",
    trip="",
    pages=(PageShown(shown_at=dt.datetime(2025, 9, 30, 8, 1, 5), title="Bản đồ", address="ban-do?chi-tieu=received"),),
    promises=(
        PromiseMade(department="Sở Tư pháp", commune="Phường Phú Thọ", text="=1+1", due_on=dt.date(2025, 10, 31)),
    ),
)


def test_the_word_file_holds_every_page_and_promise() -> None:
    document = docx.Document(BytesIO(write_docx(MINUTES)))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Giao ban tháng 9" in said and "30/09/2025 08:00" in said and MINUTES.data in said
    shown, promised = ([[cell.text for cell in row.cells] for row in table.rows] for table in document.tables)
    assert shown[1] == ["08:01:05", "Bản đồ", "ban-do?chi-tieu=received"]
    assert promised[1] == ["Sở Tư pháp", "Phường Phú Thọ", "=1+1", "31/10/2025"]


def test_the_workbook_holds_them_as_texts_never_as_formulas() -> None:
    sheets = pl.read_excel(BytesIO(write_xlsx(MINUTES)), sheet_id=0, has_header=False)
    cells = {name: [str(cell) for row in sheet.iter_rows() for cell in row] for name, sheet in sheets.items()}
    assert "Bản đồ" in cells["Đã trình chiếu"]
    assert "=1+1" in cells["Cam kết tại cuộc họp"]


def test_a_meeting_without_promises_says_so() -> None:
    bare = Minutes(**{**MINUTES.__dict__, "promises": (), "pages": ()})
    said = "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(write_docx(bare))).paragraphs)
    assert "Không ghi cam kết nào." in said and "Chưa ghi trang nào." in said
