"""Refused rows, given back in the source's own columns with the reason beside, to be sent to the commune."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from etl.errors import UsageError
from language import _
from warehouse.reading import Snapshot


def refused_rows(snapshot: Snapshot, *, rule: str | None = None) -> pl.DataFrame:
    """The `reject` rows of a snapshot, of one rule or all, in the order of files and rows."""
    known = snapshot.query("select distinct rule from reject order by rule")["rule"].to_list()
    if rule is not None and rule not in known:
        raise UsageError(
            _("Không có dòng nào bị từ chối theo quy tắc «{rule}». Các quy tắc có dòng: {known}.").format(
                rule=rule, known=", ".join(known) or "–"
            )
        )
    return snapshot.query(
        "select * from reject where $rule is null or rule = $rule order by source_file, row_number", {"rule": rule}
    )


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


def write_rejects(sheets: dict[str, pl.DataFrame], path: Path) -> None:
    """One sheet a source file in an XLSX, or one CSV of all. Raises UsageError for another ending or a folder."""
    if path.is_dir() or path.suffix.lower() not in {".xlsx", ".csv"}:
        raise UsageError(_("--out {path}: hãy ghi ra tệp .xlsx hoặc .csv.").format(path=path))
    try:
        if path.suffix.lower() == ".csv":
            every = [frame.select(pl.lit(file).alias(_("Tệp")), pl.all()) for file, frame in sheets.items()]
            # With a BOM, so that a double click in Excel shows Vietnamese.
            pl.concat(every, how="diagonal").write_csv(path, include_bom=True)
        else:
            _write_workbook(sheets, path)
    except (OSError, FileCreateError) as error:
        raise UsageError(_("--out {path}: không ghi được ({reason}).").format(path=path, reason=error)) from None


def _write_workbook(sheets: dict[str, pl.DataFrame], path: Path) -> None:
    # What a source cell holds is text to show, never a formula to run.
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
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
