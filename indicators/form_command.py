"""`python -m indicators form-ii06`: the official form for a period, as a workbook, a table, CSV or JSON."""

from __future__ import annotations

import io
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from indicators.compute import resolve_window
from indicators.errors import CallError, WrongDates
from indicators.form_ii06 import COLUMNS, Form, for_programs, form_ii06
from indicators.form_sheet import column_numbers, dates_in_words, headings, title, write_form
from indicators.options import (
    AsOf,
    Channels,
    Communes,
    Fields,
    Format,
    From,
    Procedures,
    To,
    Warehouse,
    file_format,
    read_date,
    read_filters,
    table_width,
    write_answer,
)
from indicators.source_sheet import source_line
from indicators.windows import Window, bucket_window
from language import _, formats
from warehouse import Snapshot, SnapshotInfo, open_snapshot, warehouse_directory

# The widest of the column numbers, `(7)=(8)+(9)+(10)`.
_COLUMN_WIDTH = 16


class Split(StrEnum):
    """What the rows of the form are."""

    field = "field"
    commune = "commune"


def form_command(
    by: Annotated[
        Split | None,
        typer.Option(
            help=_("Mỗi dòng là một lĩnh vực (field) hay một đơn vị (commune); mặc định theo số đơn vị chọn.")
        ),
    ] = None,
    date_from: From = None,
    date_to: To = None,
    month: Annotated[
        str | None, typer.Option(metavar="2025-07", help=_("Tháng dương lịch, thay cho --from, --to."))
    ] = None,
    quarter: Annotated[str | None, typer.Option(metavar="2025-Q3", help=_("Quý, thay cho --from, --to."))] = None,
    report_month: Annotated[
        str | None,
        typer.Option(
            metavar="2025-07",
            help=_("Kỳ báo cáo, từ ngày 15 tháng trước đến ngày 14 tháng này."),
        ),
    ] = None,
    as_of: AsOf = None,
    commune: Communes = None,
    field: Fields = None,
    procedure: Procedures = None,
    channel: Channels = None,
    output: Annotated[
        Format | None, typer.Option("--format", help=_("Dạng kết quả khi không ghi ra .xlsx; mặc định là bảng."))
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("Ghi vào tệp: .xlsx theo mẫu biểu, hoặc .csv, .json."))
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Biểu II.06/VPCP/KSTT về tình hình giải quyết hồ sơ, theo lĩnh vực hoặc theo đơn vị, có kiểm tra cân đối."""
    snapshot = open_snapshot(warehouse_directory(warehouse))
    filters = read_filters(snapshot, commune=commune, field=field, procedure=procedure, channel=channel)
    window = _asked_window(
        snapshot, {"month": month, "quarter": quarter, "report_month": report_month}, date_from, date_to, as_of
    )
    split = by or (Split.field if len(filters.commune) == 1 else Split.commune)
    form = form_ii06(snapshot, split.value, filters=filters, window=window, as_of=read_date(as_of))
    chosen = file_format(output, out)
    if out is not None and chosen is None:
        write_form(out, form, snapshot, filters=filters)
        return
    write_answer(for_programs(form), chosen, out, table=lambda: _as_table(form, snapshot.info, width=table_width(out)))


def _asked_window(
    snapshot: Snapshot,
    named: dict[str, str | None],
    date_from: str | None,
    date_to: str | None,
    as_of: str | None,
) -> Window:
    """The period asked for, not yet cut at the data's end."""
    given = {dimension: label for dimension, label in named.items() if label is not None}
    if len(given) + (date_from is not None or date_to is not None) > 1:
        raise WrongDates(_("Chỉ nêu một cách chọn kỳ: --month, --quarter, --report-month, hoặc --from và --to."))
    for dimension, label in given.items():
        try:
            return bucket_window(dimension, label)
        except CallError:
            example = "2025-Q3" if dimension == "quarter" else "2025-07"
            raise WrongDates(
                _("--{option} {label}: hãy viết như {example}.").format(
                    option=dimension.replace("_", "-"), label=label, example=example
                )
            ) from None
    starts, ends = read_date(date_from), read_date(date_to)
    known = resolve_window(snapshot, date_from=starts, date_to=ends, as_of=read_date(as_of))
    return Window(known.starts, ends or known.ends)


def _as_table(form: Form, info: SnapshotInfo, *, width: int | None) -> str:
    table = Table(
        title=" ".join((title(), form.unit, form.period, dates_in_words(form))).replace("  ", " "),
        caption=source_line(info),
    )
    for column, number in enumerate(column_numbers()):
        above = [one.text for one in headings(form.by) if one.column <= column < one.column + one.columns]
        # The headings of several columns stand above each of them, and would make the table three screens wide.
        table.add_column(
            "\n".join([*above, number]),
            justify="left" if column == 1 else "right",
            overflow="fold",
            max_width=None if column == 1 else _COLUMN_WIDTH,
        )
    for serial, row in enumerate(form.frame.iter_rows(named=True), start=1):
        table.add_row(str(serial), row["name"], *(formats.number(row[column]) for column in COLUMNS))
    table.add_section()
    table.add_row("", _("Tổng số"), *(formats.number(form.total[column]) for column in COLUMNS))
    text = io.StringIO()
    console = Console(file=text, width=width, no_color=True, highlight=False)
    console.print(table)
    for note in form.notes:
        console.print(f"- {note}", markup=False)
    return text.getvalue()
