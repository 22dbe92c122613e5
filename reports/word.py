"""The brief as a Word document to work on: real headings and tables, Vietnamese for the speller."""

from __future__ import annotations

from io import BytesIO
from itertools import groupby
from typing import Any

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import RGBColor

from reports.content import Brief
from reports.office import fixed
from reports.plain import as_data, headings
from reports.word_parts import bracketed, empty_paper, note, picture, side_by_side, table

# What is printed with many letters; with less of it than that, letters of so many points fit two pages.
_PRINTED = (
    "profile", "pieces", "promises", "difficulties", "figure_headings", "findings", "questions", "dossiers", "notes",
    "limits", "apology", "due_soon", "time_text", "peers_text",
)  # fmt: skip
_SIZES = ((11, 3_900), (10.5, 4_600), (10, 5_900), (9.5, 6_900))
_SMALLEST, _LETTERS_OF_ROW = 9, 60
_COLOURS = {"better": RGBColor(0x0B, 0x53, 0x94), "worse": RGBColor(0xA8, 0x43, 0x00)}


def write_word(brief: Brief) -> bytes:
    """The whole brief, nothing left out, in the look of an annex under Decree 30/2020: two pages, as a rule.

    Letters are smaller where there is much to say. No program but the reader's lays the pages out, so that only very
    long texts of people can run over.
    """
    data, words = as_data(brief), headings()
    size = _size(data)
    paper = empty_paper(data, size=size)
    title = paper.add_heading(data["title"], level=1)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    under = [f"{words['period']}: {data['period_text']}", data["last_visit_text"]]
    note(paper.add_paragraph(), ". ".join(text for text in under if text)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _who(paper, data, words)
    _follow_up(paper, data, words, size)
    _figures(paper, data, words, size)
    _news(paper, data, words)
    _questions(paper, data, words)
    _dossiers(paper, data, words, size)
    _rest(paper, data, words)
    out = BytesIO()
    paper.save(out)
    return fixed(out.getvalue(), brief.as_of)


def _size(data: dict[str, Any]) -> float:
    """Of the letters in points, by how much is to be said: rows of tables take more room than their letters."""
    rows = sum(len(data[name]) for name in ("promises", "difficulties", "figures", "dossiers", "questions"))
    letters = _letters([data[name] for name in _PRINTED])
    return next((size for size, most in _SIZES if letters + _LETTERS_OF_ROW * rows <= most), _SMALLEST)


def _letters(value: Any) -> int:
    """How many letters the texts in lists and records have together."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(_letters(one) for one in value.values())
    return sum(_letters(one) for one in value) if isinstance(value, list) else 0


def _who(paper: Paper, data: dict[str, Any], words: dict[str, str]) -> None:
    about, place = side_by_side(paper, (127, 38)) if data["map_svg"] else (paper, None)
    lines = [about.paragraphs[0]] if place is not None else []
    for group in data["profile_groups"]:
        line = lines.pop() if lines else about.add_paragraph()
        for number, fact in enumerate(group["facts"]):
            line.add_run(f"{'; ' if number else ''}{fact['label']}: ").bold = True
            line.add_run(fact["value"])
            note(line, bracketed([words["differs"] if fact["differs"] else ""]))
        note(line, bracketed([group["source"]]))
    if data["pieces"]:
        line = about.add_paragraph()
        line.add_run(f"{data['pieces_heading']}: ").bold = True
        pieces = [piece["name"] + bracketed([piece["bracket"]]) for piece in data["pieces"]]
        line.add_run("; ".join(pieces) + ".")
    if place is not None:
        picture(place.paragraphs[0], data["map_svg"], 35, says=data["commune_name"])
        if data["map_note"]:
            note(place.add_paragraph(), data["map_note"]).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _follow_up(paper: Paper, data: dict[str, Any], words: dict[str, str], size: float) -> None:
    paper.add_heading(f"1. {words['promises']}", level=2)
    table(
        paper,
        [words[name] for name in ("promise", "department", "due", "result")],
        [
            (one["text"], one["department"], one["due_text"], f"{one['verdict_text']}. {one['evidence']}")
            for one in data["promises"]
        ],
        widths=(52, 28, 21, 64),
        size=size - 0.5,
        empty=_nothing(data, words, "promises"),
    )
    paper.add_heading(f"2. {words['difficulties']}", level=2)
    table(
        paper,
        [words[name] for name in ("difficulty", "department", "asked_on", "due", "state")],
        [
            (
                one["text"] + bracketed([one["category"]]),
                one["department"],
                one["asked_on"],
                one["due_text"],
                one["state"] + (f": {one['answer']}" if one["answer"] else ""),
            )
            for one in data["difficulties"]
        ],
        widths=(52, 30, 21, 25, 37),
        size=size - 0.5,
        empty=_nothing(data, words, "difficulties"),
    )


def _figures(paper: Paper, data: dict[str, Any], words: dict[str, str], size: float) -> None:
    paper.add_heading(f"3. {words['figures']}", level=2)
    if data["peers_text"]:
        note(paper.add_paragraph(), data["peers_text"])
    names = ("figure", "since_merger", "last_30_days", "before", "peers", "province", "verdict")
    printed = table(
        paper,
        data["figure_headings"] if len(data["figure_headings"]) == len(names) else [words[name] for name in names],
        [
            (
                one["label"] + (f", {one['unit']}" if one["unit"] else ""),
                one["since_merger"],
                one["last_30_days"],
                one["before"] + (f" ({one['change']})" if one["change"] else ""),
                one["peers"],
                one["province"],
                one["judged"] + (f". {one['note']}" if one["note"] else ""),
            )
            for one in data["figures"]
        ],
        widths=(42, 18, 15, 17, 15, 16, 42),
        size=size - 0.5,
        numbers=range(1, 6),
        empty=_nothing(data, words, "figures"),
    )
    if printed is not None:
        for row, one in zip(printed.rows[1:], data["figures"], strict=True):
            for run in row.cells[-1].paragraphs[0].runs:
                run.bold = one["standing"] in _COLOURS
                run.font.color.rgb = _COLOURS.get(one["standing"])
        note(paper.add_paragraph(), words["signs"])
    _charts(paper, data, words, size)


def _charts(paper: Paper, data: dict[str, Any], words: dict[str, str], size: float) -> None:
    """Those that there are, beside one another, each with its sentence."""
    charts = [
        (heading, drawing, sentence)
        for heading, drawing, sentence in (
            (data["trend_label"], data["trend_svg"], data["trend_sentence"]),
            (words["time"], data["time_svg"], data["time_text"]),
        )
        if drawing or sentence
    ]
    if not charts:
        return
    widths = (80, 85) if len(charts) == 2 else (165,)
    for cell, (heading, drawing, _sentence) in zip(side_by_side(paper, widths), charts, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
        if drawing:
            picture(cell.add_paragraph(), drawing, 62 if size >= 10 else 50, says=heading)
    for _heading, _drawing, sentence in charts:
        if sentence:
            note(paper.add_paragraph(), sentence)


def _news(paper: Paper, data: dict[str, Any], words: dict[str, str]) -> None:
    paper.add_heading(f"4. {words['findings']}", level=2)
    if not data["findings"] and data["empty"].get("findings"):
        note(paper.add_paragraph(), data["empty"]["findings"])
    for text in [one["sentence"] for one in data["findings"]] + [data["apology"], data["due_soon"]]:
        if text:
            paper.add_paragraph(text, style="List Bullet")


def _questions(paper: Paper, data: dict[str, Any], words: dict[str, str]) -> None:
    paper.add_heading(
        f"5. {words['questions']}" + (f" ({data['minutes_text']})" if data["minutes_text"] else ""), level=2
    )
    if not data["questions"]:
        note(paper.add_paragraph(), _nothing(data, words, "questions"))
    numbered = enumerate(data["questions"], start=1)
    for part, asked in groupby(numbered, key=lambda pair: pair[1]["part"]):
        paper.add_heading(words[part], level=3)
        for number, one in asked:
            line = paper.add_paragraph()
            line.add_run(f"{number}. {one['text']} ").bold = True
            line.add_run(one["evidence"])
            if one["minutes"]:
                note(line, f" ({words['minutes_of'].format(minutes=one['minutes'])})")


def _dossiers(paper: Paper, data: dict[str, Any], words: dict[str, str], size: float) -> None:
    paper.add_heading(f"6. {words['dossiers']}", level=2)
    table(
        paper,
        [words[name] for name in ("dossier", "procedure", "days", "step", "due")],
        [
            (
                one["dossier_id"],
                one["procedure"],
                one["days_text"],
                one["step"],
                one["due_text"],
            )
            for one in data["dossiers"]
        ],
        widths=(32, 47, 21, 47, 18),
        size=size - 0.5,
        empty=_nothing(data, words, "dossiers"),
    )


def _rest(paper: Paper, data: dict[str, Any], words: dict[str, str]) -> None:
    number = 7
    if data["notes"]:
        paper.add_heading(f"{number}. {words['notes']}", level=2)
        number += 1
        for one in data["notes"]:
            line = paper.add_paragraph(style="List Bullet")
            if one["indicator"]:
                line.add_run(f"{one['indicator']}: ").bold = True
            line.add_run(one["text"])
            note(line, bracketed([one["kind"], one["who"], one["when"]]))
    if data["limits"]:
        paper.add_heading(f"{number}. {words['limits']}", level=2)
        for text in data["limits"]:
            paper.add_paragraph(text, style="List Bullet")


def _nothing(data: dict[str, Any], words: dict[str, str], name: str) -> str:
    return str(data["empty"].get(name) or words["nothing"])
