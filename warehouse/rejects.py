"""Refused rows of a snapshot, given back in the source's own columns with the reason beside."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path

import polars as pl
from xlsxwriter import Workbook

from language import _
from warehouse.reading import Snapshot


def refused_rows(snapshot: Snapshot) -> pl.DataFrame:
    """All rows of the table `reject`, in the order of files and rows."""
    return snapshot.query("select * from reject order by source_file, row_number")


def in_own_columns(rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """For each source file its refused rows: row number, reason, the column meant, then the source's own columns."""
    sheets = {}
    for (source_file,), refused in rows.partition_by("source_file", as_dict=True, maintain_order=True).items():
        own = [json.loads(text) if text else {} for text in refused["source_row"]]
        headings = list(dict.fromkeys(heading for row in own for heading in row))
        sheets[str(source_file)] = pl.DataFrame(
            {
                _("Dòng"): refused["row_number"],
                _("Lý do"): refused["message"],
                _("Cột"): refused["column_name"],
                **{heading: [_as_text(row.get(heading)) for row in own] for heading in headings},
            }
        )
    return sheets


def write_workbook(sheets: dict[str, pl.DataFrame], target: Path | BytesIO) -> None:
    """One sheet a source file, under the file's name. Raises OSError or FileCreateError where it cannot be written."""
    # What a source cell holds is text to show, never a formula to run.
    with Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        for number, (file, frame) in enumerate(sheets.items(), start=1):
            worksheet = workbook.add_worksheet(_sheet_name(file, number))
            worksheet.write(0, 0, _("Tệp nguồn: {file}").format(file=file))
            frame.write_excel(workbook, worksheet, position=(2, 0), autofit=True, freeze_panes=(3, 2))


def _sheet_name(file: str, number: int) -> str:
    """At most 31 signs, none that a workbook forbids, different for every file."""
    stem = re.sub(r"[\[\]:*?/\\']", " ", Path(file).name).strip()
    return f"{number} {stem}"[:31]


def _as_text(value: object) -> str | None:
    return None if value is None else str(value)
