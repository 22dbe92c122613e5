"""What reading a file gives: a table of text with the numbers of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

ROW_NUMBER = "row_number"

Recognise = Callable[[list[str]], int]
"""How many cells of a candidate heading row are known headings."""


class BadRow(NamedTuple):
    """A row that could not be taken apart: it is in no batch, and counts as read and refused."""

    row_number: int
    reason: str


@dataclass(frozen=True)
class RawTable:
    """One table of a file: text columns under unique headings, and where each row stands.

    Every batch has the columns `headings` (String, null where empty) and `row_number` (Int64): the 1-based row of the
    sheet, or the position of the record in a text file (a record whose quoted cell holds line breaks counts as one).
    `bad_rows` is complete once `batches` is exhausted. `notes` say what of the file was left aside.
    """

    source_file: str
    headings: list[str]
    batches: Iterator[pl.DataFrame]
    bad_rows: list[BadRow] = field(default_factory=list)
    notes: tuple[str, ...] = ()
