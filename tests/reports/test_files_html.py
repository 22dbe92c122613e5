"""The brief and the pack as one HTML file, and the picture to send."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from PIL import Image

from reports.html import write_html, write_pack_html
from reports.pack import pack_of
from reports.picture import write_picture
from tests.reports.files_fixture import HOSTILE, a_brief, a_hostile_brief, an_empty_brief, an_overfull_brief

VOID = {"meta", "br", "link", "img", "input", "hr", "path", "circle", "rect"}


class Page(HTMLParser):
    """The tags with their attributes, the text, and whether every tag is closed in turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def pages() -> list[str]:
    briefs = [a_brief("Xã Một", "00001"), a_hostile_brief()]
    return [
        write_html(a_brief()),
        write_html(an_empty_brief()),
        write_html(a_hostile_brief()),
        write_pack_html(pack_of(briefs, departments=["Sở Nội vụ"])),
    ]


def test_a_page_asks_for_nothing_and_allows_nothing() -> None:
    for text in pages():
        page = Page(text)
        assert page.open == []
        policy = next(dict_["content"] for tag, dict_ in page.tags if dict_.get("http-equiv"))
        assert policy is not None and policy.startswith("default-src 'none'")
        assert {tag for tag, _attributes in page.tags} & {"script", "link", "img", "iframe", "object", "form"} == set()
        for tag, attributes in page.tags:
            assert "src" not in attributes and not any(name.startswith("on") for name in attributes), tag
            assert (attributes.get("href") or "#").startswith("#")
        style = "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
        assert style and "url(" not in style and "@import" not in style
        without_text = re.sub(r">[^<]*<", "><", text).replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "http" not in re.sub(r'aria-label="[^"]*"', "", without_text).replace("http-equiv", "")


def test_links_inside_a_pack_lead_somewhere() -> None:
    page = Page(pages()[-1])
    ids = {attributes["id"] for _tag, attributes in page.tags if "id" in attributes}
    links = {(attributes["href"] or "")[1:] for tag, attributes in page.tags if tag == "a"}
    assert links
    assert links <= ids


def test_a_page_leaves_nothing_out_and_takes_no_text_for_markup() -> None:
    assert " ".join(HOSTILE.split()) in Page(write_html(a_hostile_brief())).text
    overfull = an_overfull_brief(times=3)
    page = Page(write_html(overfull))
    assert page.text.count(overfull.questions[0].text) >= len(overfull.questions)
    assert "mục nữa" not in page.text


@pytest.mark.parametrize("part", ["profile", "figures", "findings", "questions", "dossiers", "difficulties"])
def test_every_part_of_the_brief_is_on_the_page(part: str) -> None:
    read = Page(write_html(a_brief())).text
    for one in getattr(a_brief(), part):
        for text in vars(one).values():
            if isinstance(text, str) and " " in text and not text.startswith(("/", "+")):
                # Addresses of screens lead nowhere without a server; a change within chance is not printed.
                assert text in read


def test_the_mark_stands_at_the_head_and_the_foot() -> None:
    assert Page(write_html(a_brief())).text.count("DỮ LIỆU MÔ PHỎNG") == 2


def test_the_same_brief_gives_the_same_page() -> None:
    assert write_html(a_brief()) == write_html(a_brief())


def test_the_picture_is_upright_and_as_wide_as_a_telephone() -> None:
    for brief in (a_brief(), an_empty_brief(), an_overfull_brief(), a_hostile_brief()):
        with Image.open(BytesIO(write_picture(brief))) as picture:
            assert picture.width == 1080
            assert picture.height < 5000
    assert write_picture(a_brief()) == write_picture(a_brief())
