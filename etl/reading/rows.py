"""Which rows count: text cleaned; blank rows, repeated headings and footers left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from etl.reading.table import ROW_NUMBER
from language.text import fold

# A footer stands within so many rows of the end: totals, place and date, titles and names of the signatories.
FOOTER_ROWS = 50

# Folded beginnings of the first filled cell of a footer; short ones must be the whole cell ("Cộng", not "Cộng Hòa").
_FOOTER_BEGINNINGS = (
    "tong cong", "tong so", "cong tong", "cong:", "tong:", "nguoi lap", "nguoi tong hop", "thu truong", "(ky", "ky ten",
    "lanh dao don vi", "noi nhan", "danh sach nay gom", "ngay xuat", "nguoi xuat", "thoi diem xuat",
)  # fmt: skip
_FOOTER_WORDS = frozenset({"cong", "tong", "ke toan", "giam doc", "nguoi duyet", "nguoi kiem tra"})
_PLACE_AND_DATE = re.compile(r"(^|[, ])ngay \d{1,2} thang \d{1,2} nam \d{4}$")
_FIGURE = re.compile(r"[\d.,]+( ?(%|đ|đồng))?")
_MOST_NAMES_OF_SIGNATORIES = 2


def keep_data_rows(
    batches: Iterator[pl.DataFrame], *, headings: Sequence[str], cells: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """The batches with clean text and only real rows; one batch is held back until it is known whether it is the last.

    `cells` are the heading cells as the file has them (empty where a column has none), `headings` their unique names.
    """
    # Exports glued together, and pages of a printed list, carry their headings again.
    repeated = [pl.col(name) == cell for name, cell in zip(headings, cells, strict=False) if cell][:3]
    is_row = ~pl.all_horizontal([pl.col(name).is_null() for name in headings])
    if len(repeated) > 1:
        is_row = is_row & ~pl.all_horizontal(repeated).fill_null(False)
    held: pl.DataFrame | None = None
    for batch in batches:
        rows = clean_text_columns(batch).filter(is_row)
        if held is None:
            held = rows
        elif rows.height < FOOTER_ROWS:
            held = pl.concat([held, rows])
        else:
            yield held
            held = rows
    if held is not None and (without := drop_footer(held)).height:
        yield without


def number_rows(batch: pl.DataFrame, first_row: int) -> pl.DataFrame:
    """The batch with `row_number` counted from `first_row`."""
    return batch.with_columns(pl.int_range(first_row, first_row + pl.len(), dtype=pl.Int64).alias(ROW_NUMBER))


def clean_text_columns(batch: pl.DataFrame) -> pl.DataFrame:
    """Text without outer white space, empty text as null."""
    return batch.with_columns(pl.col(pl.String).str.strip_chars().replace("", None))


def normalise_text_columns(batch: pl.DataFrame) -> pl.DataFrame:
    """Text in NFC without zero-width characters, for sources that do not come as a stream of text."""
    return batch.with_columns(pl.col(pl.String).str.replace_all("[\u200b\ufeff\u00ad]", "").str.normalize("NFC"))


def drop_footer(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without the footer at their end: a row that begins like one, and the sparse rows that follow it."""
    texts = rows.tail(FOOTER_ROWS).drop(ROW_NUMBER).rows()
    width = max(1, rows.width - 1)
    end = position = len(texts)
    while position:
        position -= 1
        filled = [cell for cell in texts[position] if cell is not None]
        if _is_footer(filled, width):
            end = position
        elif len(filled) > min(_MOST_NAMES_OF_SIGNATORIES, width // 3) or _has_figures(filled):
            break
    return rows.head(rows.height - (len(texts) - end))


def _is_footer(filled: Sequence[str], width: int) -> bool:
    first = fold(filled[0])
    if len(filled) == 1 and _PLACE_AND_DATE.search(first):
        return True
    others = filled[1:]
    figures = [cell for cell in others if _FIGURE.fullmatch(cell)]
    # A dossier has codes and dates; a footer has totals and titles of office.
    if _has_figures([cell for cell in others if cell not in figures]):
        return False
    begins = first.startswith(_FOOTER_BEGINNINGS) or first.rstrip(" :.") in _FOOTER_WORDS
    return begins and (2 * len(filled) <= width or len(figures) == len(others))


def _has_figures(cells: Sequence[str]) -> bool:
    return any(character.isdigit() for cell in cells for character in cell)
