"""Refused rows for the command line: of one rule or all, written to a file to be sent to the commune."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from xlsxwriter.exceptions import FileCreateError

from etl.errors import UsageError
from language import _
from language.reasons import reason
from language.text import never_a_formula
from warehouse import rejects
from warehouse.reading import Snapshot
from warehouse.rejects import in_own_columns, write_workbook

__all__ = ["in_own_columns", "refused_rows", "write_rejects"]


def refused_rows(snapshot: Snapshot, *, rule: str | None = None) -> pl.DataFrame:
    """The `reject` rows of a snapshot, of one rule or all. Raises UsageError for a rule that refused nothing."""
    rows = rejects.refused_rows(snapshot)
    known = sorted(rows["rule"].unique())
    if rule is not None and rule not in known:
        raise UsageError(
            _("Không có dòng nào bị từ chối theo quy tắc «{rule}». Các quy tắc có dòng: {known}.").format(
                rule=rule, known=", ".join(known) or "–"
            )
        )
    return rows if rule is None else rows.filter(pl.col("rule") == rule)


def write_rejects(sheets: dict[str, pl.DataFrame], path: Path) -> None:
    """One sheet a source file in an XLSX, or one CSV of all. Raises UsageError for another ending or a folder."""
    if path.is_dir() or path.suffix.lower() not in {".xlsx", ".csv"}:
        raise UsageError(_("--out {path}: hãy ghi ra tệp .xlsx hoặc .csv.").format(path=path))
    try:
        if path.suffix.lower() == ".csv":
            every = [frame.select(pl.lit(file).alias(_("Tệp")), pl.all()) for file, frame in sheets.items()]
            # With a BOM, so that a double click in Excel shows Vietnamese.
            table = pl.concat(every, how="diagonal_relaxed")
            # What refused the row may be just a text that begins like a formula.
            table.with_columns(never_a_formula(pl.col(pl.String))).write_csv(path, include_bom=True)
        else:
            write_workbook(sheets, path)
    except (OSError, FileCreateError) as error:
        raise UsageError(
            _("--out {path}: không ghi được ({reason}).").format(path=path, reason=reason(error))
        ) from None
