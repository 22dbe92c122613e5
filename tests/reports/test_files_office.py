"""The brief as Word, slides and workbook, the pack as slides: read back with their libraries."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import openpyxl
import pptx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from pptx.util import Pt

from reports.content import Fact
from reports.pack import pack_of
from reports.sheet import write_sheet
from reports.slides import write_pack_slides, write_slides
from reports.word import write_word
from tests.builders import build_snapshot, dossier
from tests.reports.files_fixture import HOSTILE, a_brief, a_hostile_brief, an_empty_brief, an_overfull_brief
from warehouse import SnapshotInfo, open_snapshot

ONLY_TEXT = " ".join(HOSTILE.split())


@cache
def word() -> bytes:
    return write_word(a_brief())


VARIANTS = {"busy": a_brief, "empty": an_empty_brief, "overfull": an_overfull_brief, "hostile": a_hostile_brief}


@cache
def slides(name: str = "busy") -> bytes:
    return write_slides(VARIANTS[name]())


@pytest.fixture(scope="module")
def info(tmp_path_factory: pytest.TempPathFactory) -> SnapshotInfo:
    with_one = build_snapshot(tmp_path_factory.mktemp("warehouse"), dossiers=[dossier()])
    snapshot = open_snapshot(with_one)
    snapshot.close()
    return snapshot.info


def parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            yield name, package.read(name)


def is_sound(content: bytes) -> bool:
    """Every part is of a declared kind and well-formed, and every relation inside the package leads to a part."""
    held = dict(parts(content))
    kinds = ElementTree.fromstring(held["[Content_Types].xml"])
    endings = {kind.get("Extension") for kind in kinds} - {None}
    named = {(kind.get("PartName") or "").lstrip("/") for kind in kinds} - {""}
    assert named <= set(held)
    for name, part in held.items():
        assert name == "[Content_Types].xml" or name in named or name.rpartition(".")[2] in endings, name
        if name.endswith((".xml", ".rels")):
            root = ElementTree.fromstring(part)
            if name.endswith(".rels"):
                folder = name.replace("_rels/", "").rpartition("/")[0]
                for relation in root:
                    assert relation.get("TargetMode") != "External", relation.attrib
                    assert resolved(folder, relation.get("Target") or "") in held, relation.attrib
    return len(held) > 5


def resolved(folder: str, target: str) -> str:
    path = [] if target.startswith("/") else folder.split("/") if folder else []
    for step in target.strip("/").split("/"):
        path = path[:-1] if step == ".." else [*path, step]
    return "/".join(path)


def said(paper: Any) -> str:
    lines = [paragraph.text for paragraph in paper.paragraphs]
    lines += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def on_slide(slide: Any) -> str:
    lines = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            lines.append(shape.text_frame.text)
        if shape.has_table:
            lines += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(lines)


@pytest.mark.parametrize("name", VARIANTS)
def test_the_packages_are_sound(name: str) -> None:
    assert is_sound(write_word(VARIANTS[name]()))
    assert is_sound(slides(name))


def test_word_has_real_headings_and_tables_and_leaves_nothing_out() -> None:
    paper = docx.Document(BytesIO(write_word(an_overfull_brief(times=2))))
    headings = [paragraph.text for paragraph in paper.paragraphs if paragraph.style.name == "Heading 2"]
    assert [heading.split(". ")[0] for heading in headings] == [str(number) for number in range(1, 9)]
    # Others hold what stands side by side.
    tables = [
        table for table in paper.tables if table.rows[0]._tr.get_or_add_trPr().find(qn("w:tblHeader")) is not None
    ]
    assert [len(table.rows) for table in tables] == [1 + 4, 1 + 4, 1 + 18, 1 + 16]
    assert "…" not in said(paper)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice lays out the pages")
def test_word_has_two_pages(tmp_path: Path) -> None:
    (tmp_path / "brief.docx").write_bytes(word())
    call = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*call, "--outdir", tmp_path, tmp_path / "brief.docx"], check=True, capture_output=True, timeout=120)
    assert len(pypdfium2.PdfDocument(tmp_path / "brief.pdf")) == 2


def test_word_writes_smaller_where_there_is_more_to_say() -> None:
    sizes = [
        docx.Document(BytesIO(write_word(one))).styles["Normal"].font.size.pt
        for one in (a_brief(), an_overfull_brief(times=2))
    ]
    assert 9 <= sizes[1] < sizes[0] <= 11


def test_word_holds_what_the_brief_says() -> None:
    brief, read = a_brief(), said(docx.Document(BytesIO(word())))
    wanted = [one.dossier_id for one in brief.dossiers] + [one.text for one in brief.questions]
    wanted += [one.evidence for one in brief.questions] + [one.sentence for one in brief.findings]
    wanted += [line.since_merger for line in brief.figures] + [*brief.limits, brief.apology, brief.notes[0].text]
    assert [text for text in wanted if text not in read] == []


def test_word_is_an_annex_on_A4_in_vietnamese() -> None:
    paper = docx.Document(BytesIO(word()))
    section = paper.sections[0]
    sides = (section.page_width, section.page_height, section.left_margin, section.right_margin, section.top_margin)
    assert [round(side.mm) for side in sides if side is not None] == [210, 297, 30, 15, 20]
    languages = {language.get(qn("w:val")) for language in paper.styles.element.iter(qn("w:lang"))}
    assert languages == {"vi-VN"}
    assert paper.styles["Normal"].font.name == "Times New Roman"
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    for footer in (section.footer, section.first_page_footer):
        assert "DỮ LIỆU MÔ PHỎNG" in footer.paragraphs[0].text
        assert "20261123-042328-d08024" in footer.paragraphs[0].text


def test_word_and_slides_take_no_text_for_markup() -> None:
    assert ONLY_TEXT in " ".join(said(docx.Document(BytesIO(write_word(a_hostile_brief())))).split())
    show = pptx.Presentation(BytesIO(slides("hostile")))
    notes = " ".join(" ".join(slide.notes_slide.notes_text_frame.text.split()) for slide in show.slides)
    assert ONLY_TEXT in notes


def test_signs_that_no_file_may_hold_are_left_out() -> None:
    brief = replace(a_brief(), limits=("Một\x00hai\x0b \u202eba\ud800.",))
    assert "Mộthai ba." in said(docx.Document(BytesIO(write_word(brief))))
    assert is_sound(write_slides(brief))


def test_slides_are_wide_and_every_one_bears_the_mark_and_notes() -> None:
    show = pptx.Presentation(BytesIO(slides()))
    assert round(show.slide_width / show.slide_height, 3) == 1.778
    assert len(show.slides) >= 10
    for number, slide in enumerate(show.slides, start=1):
        assert "DỮ LIỆU MÔ PHỎNG" in on_slide(slide)
        assert "20261123-042328-d08024" in on_slide(slide)
        assert str(number) in on_slide(slide).splitlines()
        assert "DỮ LIỆU MÔ PHỎNG" in slide.notes_slide.notes_text_frame.text


def test_no_slide_has_an_empty_place_or_small_letters() -> None:
    for content in (slides(), slides("overfull"), slides("empty")):
        for slide in pptx.Presentation(BytesIO(content)).slides:
            assert all(place.text_frame.text.strip() for place in slide.placeholders)
            frames = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
            for shape in slide.shapes:
                if shape.has_table:
                    frames += [cell.text_frame for row in shape.table.rows for cell in row.cells]
            runs = [run for frame in frames for line in frame.paragraphs for run in line.runs]
            small = {run.text for run in runs if run.font.size is None or run.font.size < Pt(16)}
            # The foot alone may be small.
            assert all("DỮ LIỆU MÔ PHỎNG" in text or "Bản dữ liệu" in text or text.isdigit() for text in small)


def test_nothing_reaches_over_the_edge_of_a_slide() -> None:
    for content in (slides(), slides("overfull")):
        show = pptx.Presentation(BytesIO(content))
        for slide in show.slides:
            for shape in slide.shapes:
                assert shape.left >= 0 and shape.left + shape.width <= show.slide_width
                assert shape.top >= 0 and shape.top + shape.height <= show.slide_height


def test_charts_are_native_and_hold_the_briefs_own_numbers() -> None:
    brief, show = a_brief(), pptx.Presentation(BytesIO(slides()))
    line, bars = [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]
    assert list(line.plots[0].categories) == [f"{point.on:%m/%Y}" for point in brief.trend.points]
    value, low, high, reference = line.plots[0].series
    assert list(value.values) == [point.value for point in brief.trend.points]
    assert list(low.values) == [point.low for point in brief.trend.points]
    assert list(high.values) == [point.high for point in brief.trend.points]
    assert set(reference.values) == {brief.trend.reference}
    assert list(bars.plots[0].series[0].values) == [share.share for share in brief.time_shares]
    book = openpyxl.load_workbook(BytesIO(line.part.chart_workbook.xlsx_part.blob))
    assert book.active is not None and book.active.max_row == 1 + len(brief.trend.points)


def test_the_evidence_stands_in_the_notes() -> None:
    show = pptx.Presentation(BytesIO(slides()))
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in show.slides)
    brief = a_brief()
    wanted = [one.evidence for one in (*brief.questions, *brief.promises)] + [brief.time_text, brief.peers_text]
    assert [text for text in wanted if text not in notes] == []


def test_a_packs_slides_hold_every_commune_and_department() -> None:
    briefs = [a_brief(f"Xã Số {number}", f"{number:05d}") for number in (1, 2)]
    show = pptx.Presentation(BytesIO(write_pack_slides(pack_of(briefs, departments=["Sở Nội vụ"]))))
    titles = [slide.shapes.title.text_frame.text for slide in show.slides]
    assert titles[0] == "HỒ SƠ CHUYẾN ĐI"
    assert "Xã Số 1: Số liệu chính" in titles and "Xã Số 2: Câu hỏi gợi ý" in titles
    assert titles[-3:] == ["Sở Nội vụ", "Sở Tài chính", "UBND xã Hà Lộc"]
    of_each = [sum(title.endswith(name) or name + ":" in title for title in titles) for name in ("Xã Số 1", "Xã Số 2")]
    assert of_each[0] == of_each[1] <= 8
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in show.slides)
    left_out = [one.evidence for one in a_brief().questions] + list(a_brief().limits)
    assert [text for text in left_out if text not in notes] == []


def test_two_sources_that_differ_are_named_beside_each_other() -> None:
    facts = [
        Fact(label="Dân số", value=value, source=source, stated_on_text="31/12/2025", differs=True)
        for value, source in (("12.345", "Cục Thống kê"), ("khoảng 13.000", "UBND xã"))
    ]
    show = pptx.Presentation(BytesIO(write_slides(replace(a_brief(), profile=tuple(facts)))))
    said = "\n".join(shape.text_frame.text for shape in show.slides[0].shapes if shape.has_text_frame)
    assert "Dân số: 12.345 (Cục Thống kê, 31/12/2025)" in said
    assert "Dân số: khoảng 13.000 (UBND xã, 31/12/2025)" in said


def test_the_same_brief_gives_the_same_files() -> None:
    assert write_word(a_brief()) == word()
    assert write_slides(a_brief()) == slides()


def test_the_workbook_holds_texts_and_never_formulas(info: SnapshotInfo) -> None:
    content = write_sheet(a_hostile_brief(), info)
    book = openpyxl.load_workbook(BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(cell.value == "=HYPERLINK" or "=HYPERLINK" in str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    dangerous = replace(a_brief(), notes=tuple(replace(one, text="=1+1") for one in a_brief().notes))
    sheet = openpyxl.load_workbook(BytesIO(write_sheet(dangerous, info)))["Ý kiến và ghi chép"]
    assert [(cell.value, cell.data_type) for cell in sheet[5] if cell.value == "=1+1"] == [("=1+1", "s")]


def test_the_workbook_has_a_sheet_a_list_and_its_source(info: SnapshotInfo) -> None:
    book = openpyxl.load_workbook(BytesIO(write_sheet(a_brief(), info)))
    assert book.sheetnames[0] == "Số liệu chính"
    assert book.sheetnames[-1] == "Nguồn và bộ lọc"
    figures = book["Số liệu chính"]
    assert [row[0].value for row in figures.iter_rows(min_row=5)] == [one.label for one in a_brief().figures]
    assert len(book.sheetnames) == 11


def test_no_office_file_names_another_place() -> None:
    for content in (word(), slides()):
        addresses = set()
        for _name, part in parts(content):
            addresses |= set(re.findall(rb'(?:Target|href|src)="((?:https?:|file:|//)[^"]*)', part))
        assert addresses == set()
