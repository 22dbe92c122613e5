"""Excel files: typed cells with Vietnamese headings, never a formula, the source beside the figures, the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.workbook import Workbook

from indicators import CallError, Filters, Window, compute
from indicators.catalogue import indicators
from indicators.workbook import About, Column, Sheet, about, figures_sheet, write_workbook
from tests.builders import dossier
from tests.indicators.conftest import Open
from warehouse import Snapshot

IDS = ["received", "on_time_rate_ii06", "processing_days_p50"]
JULY = Window(dt.date(2025, 7, 1), dt.date(2025, 7, 31))


def read(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def written(snapshot: Snapshot, *sheets: Sheet, stated: About | None = None) -> bytes:
    out = io.BytesIO()
    write_workbook(out, sheets, stated or about(snapshot, "Số liệu"))
    return out.getvalue()


def figures(snapshot: Snapshot, by: list[str]) -> Sheet:
    frame = compute(snapshot, IDS, by, date_from=JULY.starts, date_to=JULY.ends)
    return figures_sheet(snapshot, frame, by, indicators(IDS))


def test_figures_have_words_for_headings_and_values_and_numbers_of_their_kind(snapshot_of: Open) -> None:
    snapshot = snapshot_of(
        [
            dossier(channel="online", due_at="2025-07-03", finished_at="2025-07-02 08:00"),
            dossier(commune_code=None, old_code="00001", channel="online"),
        ]
    )
    sheet = read(written(snapshot, figures(snapshot, ["commune", "channel", "day"]))).worksheets[0]
    head, *rows = [list(row) for row in sheet.iter_rows(min_row=4)]
    assert [cell.value for cell in head[:8]] == [
        "Mã đơn vị",
        "Đơn vị",
        "Kênh nộp",
        "Ngày",
        "Hồ sơ tiếp nhận",
        "Tỷ lệ đúng hạn (biểu II.06)",
        "Tỷ lệ đúng hạn (biểu II.06): số hồ sơ xét",
        "Tỷ lệ đúng hạn (biểu II.06): cận dưới 95 %",
    ]
    second = next(row for row in rows if row[0].value == "08740" and row[3].value == dt.datetime(2025, 7, 2))
    assert [cell.value for cell in second[1:7]] == ["Phường Phú Thọ", "Trực tuyến", dt.datetime(2025, 7, 2), 0, 1, 1]
    assert [cell.number_format for cell in second[3:7]] == ["dd/mm/yyyy", "#,##0", "0.0 %", "#,##0"]
    first = next(row for row in rows if row[0].value == "08740")
    assert first[5].value is None, "a rate without a case is empty, which is not 0"
    assert {row[1].value for row in rows if row[0].value is None} == {"Đơn vị cũ bị chia tách"}
    assert sheet.freeze_panes == "A5"
    assert next(iter(sheet.tables.values())).autoFilter is not None


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "=cmd|' /C calc'!A0", "http://example.org", "{=1}"])
def test_text_of_the_data_never_becomes_a_formula_or_a_link(snapshot_of: Open, text: str) -> None:
    sheet = Sheet(
        name="a", frame=pl.DataFrame({"a": [text], "b": [1]}), columns=[Column(heading=text), Column(heading="b")]
    )
    book = read(written(snapshot_of([]), sheet))
    assert [(cell.value, cell.data_type) for cell in (book.worksheets[0]["A4"], book.worksheets[0]["A5"])] == [
        (text, "s")
    ] * 2
    assert book.worksheets[0]["A5"].hyperlink is None


def test_the_last_sheet_says_where_the_figures_come_from_and_what_they_mean(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier()])
    stated = about(
        snapshot,
        "Bảng tháng 7",
        window=JULY,
        filters=Filters(commune=("08740",), channel=("online", "postal")).given(),
        indicators=indicators(IDS),
        notes=["Một ghi chú."],
    )
    sheet = read(written(snapshot, figures(snapshot, []), stated=stated)).worksheets[-1]
    assert sheet.title == "Nguồn và bộ lọc"
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2)}
    assert facts["Tỉnh, thành phố"] == "Phú Thọ"
    assert facts["Nguồn"] == "Dữ liệu mô phỏng, không phải số liệu thật"
    assert facts["Số liệu đến"] == "30/09/2025 18:00"
    assert facts["Bản dữ liệu"] == "20250930T180000"
    assert facts["Khoảng thời gian"] == "01/07/2025 đến 31/07/2025, tính cả hai ngày"
    assert facts["Đơn vị"] == "Phường Phú Thọ"
    assert facts["Kênh nộp"] == "Trực tuyến, Bưu chính"
    assert "Một ghi chú." in facts
    texts = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=5)]
    for declared in indicators(IDS):
        row = next(row for row in texts if row[0] == declared.name)
        assert (row[1], row[2], row[4]) == (declared.definition, declared.formula, declared.source)


def test_simulated_and_real_data_are_told_apart_on_every_sheet(snapshot_of: Open) -> None:
    for simulated, words in ((True, "DỮ LIỆU MÔ PHỎNG"), (False, "Nguồn: hệ thống một cửa Phú Thọ")):
        snapshot = snapshot_of([dossier()], simulated=simulated)
        book = read(written(snapshot, figures(snapshot, ["commune"])))
        assert str(book.worksheets[0]["A2"].value).startswith(words)
        assert all(words in str(sheet.oddFooter.left.text) for sheet in book.worksheets)


def test_the_same_answer_gives_the_same_bytes(snapshot_of: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = snapshot_of([dossier()])
    first = written(snapshot, figures(snapshot, ["commune"]))
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert written(snapshot, figures(snapshot, ["commune"])) == first
    assert read(first).properties.created == snapshot.info.built_at


def test_headings_that_differ_only_in_case_and_odd_sheet_names_are_no_trouble(snapshot_of: Open) -> None:
    frame = pl.DataFrame({"a": [1], "b": [2], "c": [True]})
    columns = [Column(heading="Số", kind="count"), Column(heading="số", kind="count"), Column(heading="Có")]
    sheet = Sheet(name="Biểu [1]: nguồn/đích của rất nhiều đơn vị", frame=frame, columns=columns)
    book = read(written(snapshot_of([]), sheet))
    assert book.sheetnames[0] == "Biểu  1   nguồn đích của rất nh"
    assert [cell.value for cell in book.worksheets[0][4]] == ["Số", "số (2)", "Có"]
    assert book.worksheets[0]["C5"].value == "có"


def test_numbers_that_are_none_are_errors_of_excel(snapshot_of: Open) -> None:
    frame = pl.DataFrame({"a": [1.5, float("nan"), float("inf")]})
    sheet = Sheet(name="Kết quả", frame=frame, columns=[Column(heading="a", kind="decimal")])
    cells = read(written(snapshot_of([]), sheet)).worksheets[0]["A5":"A7"]
    assert [str(cell.value) for (cell,) in cells] == ["1.5", "=#NUM!", "=1/0"]


def test_an_answer_without_rows_is_a_sheet_with_its_headings(snapshot_of: Open) -> None:
    sheet = Sheet(name="a", frame=pl.DataFrame({"a": []}, schema={"a": pl.Int64}), columns=[Column(heading="Số")])
    assert read(written(snapshot_of([]), sheet)).worksheets[0]["A4"].value == "Số"


def test_a_table_longer_than_a_sheet_is_refused_before_anything_is_written(snapshot_of: Open, tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": pl.repeat(1, 1_048_570, eager=True)})
    sheet = Sheet(name="a", frame=frame, columns=[Column(heading="Số")])
    with pytest.raises(CallError, match=r"1\.048\.570 dòng.*CSV"):
        write_workbook(tmp_path / "a.xlsx", [sheet], about(snapshot_of([]), "a"))
    assert not list(tmp_path.glob("*.xlsx"))


def test_a_file_that_cannot_be_written_is_a_call_error(snapshot_of: Open, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="khong_co"):
        write_workbook(tmp_path / "khong_co" / "a.xlsx", [], about(snapshot_of([]), "a"))
