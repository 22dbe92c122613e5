"""The analyst's bench in a real browser: parts, pages, a dossier, a link under a name, and files that read back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]
PART = {"Bảng chéo": "pivot", "Danh sách hồ sơ": "dossiers", "Biểu II.06": "form", "SQL": "sql"}


def downloaded(visitor: Visitor, format_: str) -> tuple[str, bytes]:
    """The name and content of the file behind a button."""
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name=f"Tải {format_}").click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_the_parts_switch_without_errors_or_foreign_requests(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/khai-thac")
    for name, key in PART.items():
        visitor.page.get_by_role("radio", name=name, exact=True).or_(
            visitor.page.get_by_role("button", name=name, exact=True)
        ).first.click()
        visitor.settle()
        assert key == "pivot" or f"phan={key}" in visitor.page.url


@pytest.mark.parametrize("part", ["pivot", "dossiers", "sql"])
def test_a_part_fits_a_phone(visit: Visit, part: str) -> None:
    visitor = visit(width=390, height=844)
    visitor.open("/khai-thac", {"phan": part})
    assert visitor.overflow() <= 0


def test_the_cross_table_downloads_as_files_that_read_back(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/khai-thac", {"cot": "channel"})
    name, content = downloaded(visitor, "XLSX")
    assert name.startswith("bang-cheo-")
    assert name.endswith("-mo-phong.xlsx")
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    assert "MÔ PHỎNG" in str(sheet["A2"].value)
    _name, content = downloaded(visitor, "CSV")
    csv = pl.read_csv(BytesIO(content), schema_overrides={"commune": pl.String})
    _name, content = downloaded(visitor, "Parquet")
    frame = pl.read_parquet(BytesIO(content))
    assert csv.columns == frame.columns
    assert csv["received"].sum() == frame["received"].sum() > 0


def test_a_dossier_opens_by_a_click_and_closes_again(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/khai-thac", {"phan": "dossiers", "tinh-trang": "received"})
    first = visitor.page.get_by_role("region", name="Danh sách hồ sơ").get_by_role("row").nth(1).get_by_role("button")
    code = first.inner_text()
    first.click()
    expect(visitor.page.get_by_role("heading", name=f"Hồ sơ {code}")).to_be_visible()
    visitor.settle()
    assert f"ho-so={code}" in visitor.page.url
    visitor.page.get_by_role("button", name="Đóng", exact=True).click()
    expect(visitor.page.get_by_role("heading", name=f"Hồ sơ {code}")).to_have_count(0)


def test_a_heading_sorts_the_whole_list_and_not_the_page(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/khai-thac", {"phan": "dossiers", "tinh-trang": "received", "xep": "received_at"})
    table = visitor.page.get_by_role("region", name="Danh sách hồ sơ")
    before = table.get_by_role("row").nth(1).inner_text()
    table.get_by_role("columnheader", name="Tiếp nhận").get_by_role("button").click()
    visitor.settle()
    assert "xep=-received_at" in visitor.page.url
    assert table.get_by_role("row").nth(1).inner_text() != before


def test_a_statement_is_typed_run_and_downloaded(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/khai-thac", {"phan": "sql"})
    visitor.page.get_by_label("Câu lệnh SQL").fill("select count(*) as so, 0.5 as phan from dossier")
    visitor.page.get_by_role("button", name="Chạy").click()
    expect(visitor.page.get_by_role("region", name="Kết quả")).to_be_visible()
    visitor.settle()
    _name, content = downloaded(visitor, "CSV")
    header, values, *_rest = content.decode("utf-8-sig").splitlines()
    assert header == "so,phan"
    assert values.endswith(",0.5")


def test_a_view_under_a_name_opens_the_same_for_someone_else(visit: Visit) -> None:
    sender = visit()
    sender.open("/khai-thac", {"phan": "dossiers", "tinh-trang": "received"})
    sender.page.get_by_role("button", name="Lưu khung nhìn").click()
    sender.settle()
    sender.page.get_by_label("Tên của khung nhìn").fill("Đầu tuần & cuối tháng")
    sender.page.keyboard.press("Enter")
    sender.settle()
    link = sender.page.get_by_test_id("stCode").inner_text().strip()
    receiver = visit(somebody_else=True)
    receiver.page.goto(link)
    receiver.settle()
    assert "Đầu tuần & cuối tháng" in receiver.said()
    listed = [one.page.get_by_role("region", name="Danh sách hồ sơ").inner_text() for one in (sender, receiver)]
    assert listed[0] == listed[1]
