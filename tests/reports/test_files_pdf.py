"""The brief and the pack as PDF, read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import pypdfium2
import pytest

from reports.content import Brief
from reports.pack import Pack, pack_of
from reports.pdf import write_pack_pdf, write_pdf
from tests.reports.files_fixture import HOSTILE, a_brief, a_hostile_brief, an_empty_brief, an_overfull_brief

A4 = (595, 842)
VARIANTS = {"busy": a_brief, "empty": an_empty_brief, "overfull": an_overfull_brief, "hostile": a_hostile_brief}


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def texts(content: bytes) -> list[str]:
    """The text of each page in one line, as a search in a reader finds it."""
    with opened(content) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


@cache
def rendered(name: str) -> bytes:
    return write_pdf(VARIANTS[name]())


@cache
def pack() -> Pack:
    briefs = [a_brief(f"Xã Số {number}", f"{number:05d}") for number in range(1, 13)]
    return pack_of(briefs, title="Chuyến đi ngày 24/11/2026", departments=["Sở Nội vụ"])


@cache
def pack_pages() -> list[str]:
    return texts(write_pack_pdf(pack()))


@pytest.mark.parametrize("name", VARIANTS)
def test_a_brief_is_two_pages_of_A4(name: str) -> None:
    with opened(rendered(name)) as document:
        assert [tuple(round(side) for side in page.get_size()) for page in document] == [A4, A4]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_page_says_what_it_is_from_and_that_it_is_simulated(name: str) -> None:
    for page in texts(rendered(name)):
        assert "DỮ LIỆU MÔ PHỎNG" in page
        assert "22/11/2026 18:00" in page
        assert "20261123-042328-d08024" in page


def test_real_data_carry_their_source_instead_of_the_mark() -> None:
    for page in texts(write_pdf(replace(a_brief(), simulated=False))):
        assert "MÔ PHỎNG" not in page
        assert "Nguồn: hệ thống một cửa tỉnh Phú Thọ." in page


def test_the_first_page_hides_its_number() -> None:
    first, second = texts(rendered("busy"))
    assert first.startswith("PHIẾU KIỂM TRA: Xã Hà Lộc")
    assert second.startswith("2 ")


def test_what_the_brief_holds_can_be_read_back_with_its_marks() -> None:
    brief, read = a_brief(), " ".join(texts(rendered("busy")))
    parts = (
        [fact.value for fact in brief.profile]
        + [piece.name for piece in brief.pieces]
        + [line.label for line in brief.figures]
        + [value for line in brief.figures for value in (line.since_merger, line.peers, line.province)]
        + [one.sentence for one in brief.findings]
        + [text for one in brief.questions for text in (one.text, one.evidence)]
        + [one.dossier_id for one in brief.dossiers]
        + [text for one in brief.difficulties for text in (one.text, one.answer)]
        + [text for one in brief.promises for text in (one.text, one.verdict_text[:1].upper() + one.verdict_text[1:])]
        + [one.text for one in brief.notes]
        + [brief.apology, brief.due_soon, *brief.limits, brief.trend.label, "toàn tỉnh 95,9 %", "1,5 ngày (46 %)"]
    )
    # A line that is broken inside a cell stands between the words of its neighbours: each word is looked for.
    missing = [part for part in parts if any(word not in read for word in part.split())]
    assert missing == []


def test_empty_lists_say_so() -> None:
    read = " ".join(texts(rendered("empty")))
    assert "Chưa có lời hẹn nào ghi trong sổ." in read
    assert "Không có gì nổi bật." in read


def test_what_is_left_out_is_counted() -> None:
    brief, read = an_overfull_brief(), " ".join(texts(rendered("overfull")))
    shown = len(set(re.findall(r"000\.00\.\d\d\.H44-261012-\d{4}", read)))
    left_out = [int(number) for number in re.findall(r"Còn (\d+) mục nữa", read)]
    assert shown > 0
    assert len(brief.dossiers) - shown in left_out
    # Profile, pieces, promises, difficulties, figures, findings, questions, dossiers, notes, limits.
    assert len(left_out) == 10


def test_a_brief_that_fits_leaves_nothing_out() -> None:
    assert "mục nữa" not in " ".join(texts(rendered("busy")))


def a_full_brief() -> Brief:
    """As much as a busy commune brings in earnest: eight questions, eight findings, eight limits."""
    brief = a_brief()
    needs = "Điều gì đơn vị cần cấp trên gỡ nhất trong tháng tới?"
    asked = [replace(one, text=f"Câu số {number}: {one.text}") for number in range(3) for one in brief.questions]
    return replace(
        brief,
        questions=(*asked[:7], replace(asked[0], text=needs, part="new")),
        findings=brief.findings * 2 + brief.findings[:2],
        limits=brief.limits * 4,
        difficulties=brief.difficulties * 2,
        dossiers=brief.dossiers[:5],
    )


def test_full_lists_are_printed_whole_in_smaller_letters() -> None:
    brief = a_full_brief()
    read = " ".join(texts(write_pdf(brief)))
    assert "mục nữa" not in read and "…" not in read
    assert [f"Câu số {number}" in read for number in range(3)] == [True] * 3
    assert brief.questions[-1].text in read
    assert read.count(brief.limits[0]) == 4


@pytest.mark.parametrize("times", [3, 12])
def test_the_closing_question_stays_where_everything_is_cut(times: int) -> None:
    overfull = an_overfull_brief(times)
    last = "Điều gì đơn vị cần cấp trên gỡ nhất?"
    closing = replace(overfull.questions[-1], text=last)
    read = " ".join(texts(write_pdf(replace(overfull, questions=(*overfull.questions, closing)))))
    assert last in read
    assert "mục nữa" in read


def test_dossiers_go_before_questions_and_limits() -> None:
    brief = a_full_brief()
    read = " ".join(texts(write_pdf(replace(brief, dossiers=a_brief().dossiers * 6))))
    left_out = re.findall(r"Còn (\d+) mục nữa", read)
    assert left_out
    for one in brief.questions:
        assert all(word in read for word in one.text.split())
    assert read.count(brief.limits[0]) == 4


def test_signs_of_the_engines_language_come_out_as_text() -> None:
    read = "".join(texts(rendered("hostile"))).replace(" ", "")
    assert HOSTILE.replace(" ", "")[:100] in read
    for sign in ("<script>alert(1)</script>", '#image("/etc/hosts")', "{{7*7}}"):
        assert sign in read, sign


@pytest.mark.parametrize("name", ["busy", "hostile"])
def test_every_font_is_embedded(name: str) -> None:
    content = rendered(name)
    with opened(content) as document:
        fonts = {
            (character.get_font().get_base_name(), character.get_font().is_embedded)
            for page in document
            for character in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
        }
    assert fonts
    assert {embedded for _name, embedded in fonts} == {True}


def test_the_same_brief_gives_the_same_bytes() -> None:
    assert write_pdf(a_brief()) == rendered("busy")
    assert b"20261122" in rendered("busy")  # the day of the data is the day of making


def test_a_pack_is_the_overview_two_pages_a_commune_and_one_a_department() -> None:
    pages = pack_pages()
    assert [page.department for page in pack().departments] == [
        "Sở Khoa học và Công nghệ",
        "Sở Nội vụ",
        "Sở Tài chính",
        "UBND xã Hà Lộc",
    ]
    assert len(pages) == 1 + 2 * 12 + 4
    assert [page.split()[0] for page in pages[1:]] == [str(number) for number in range(2, 30)]
    assert pages[0].startswith("Chuyến đi ngày 24/11/2026")
    for number in range(1, 13):
        assert f"Xã Số {number}" in pages[0]
    assert "Sổ chưa ghi việc nào của cơ quan này" in pages[26]
    assert all("DỮ LIỆU MÔ PHỎNG" in page and "20261123-042328-d08024" in page for page in pages)


def test_an_overfull_pack_keeps_its_pages() -> None:
    overfull = an_overfull_brief(times=6)
    briefs = [replace(overfull, commune_name=f"Xã Số {number}", commune_code=f"{number:05d}") for number in range(20)]
    trip = pack_of(briefs)
    few = replace(trip, briefs=tuple(trip.briefs[:1]))
    assert len(texts(write_pack_pdf(few))) == 1 + 2 + len(trip.departments)
