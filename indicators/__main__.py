"""`python -m indicators`: any figure of the catalogue from the published snapshot, as a table, CSV or JSON."""

from __future__ import annotations

import datetime as dt
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from indicators import catalogue
from indicators.compute import compute, resolve_window
from indicators.errors import CallError, UnknownValue, WrongDates
from indicators.filters import Filters
from indicators.printing import as_csv, as_json, as_table
from indicators.reference import catalogue_markdown, catalogue_table
from indicators.transitions import transitions
from language import _
from language.command_line import run_app
from warehouse import Snapshot, SnapshotMissing, open_snapshot, warehouse_directory

# Outside these no dossier was ever received, and arithmetic on days would leave the calendar.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class Format(StrEnum):
    """How an answer is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def run(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID …]", help=_("Mã chỉ số (xem --list), hoặc transitions cho các bước chuyển.")),
    ] = None,
    by: Annotated[list[str] | None, typer.Option(metavar="DIM", help=_("Chiều phân tích, lặp lại được."))] = None,
    date_from: Annotated[
        str | None,
        typer.Option("--from", metavar="D", help=_("Từ ngày (2025-07-01 hoặc 01/07/2025), tính cả ngày đó.")),
    ] = None,
    date_to: Annotated[str | None, typer.Option("--to", metavar="D", help=_("Đến ngày, tính cả ngày đó."))] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="D", help=_("Như đã biết vào cuối ngày này; mặc định: ngày chốt của dữ liệu."))
    ] = None,
    commune: Annotated[list[str] | None, typer.Option(metavar="CODE", help=_("Chỉ đơn vị này, lặp lại được."))] = None,
    field: Annotated[list[str] | None, typer.Option(metavar="F", help=_("Chỉ lĩnh vực này, lặp lại được."))] = None,
    procedure: Annotated[list[str] | None, typer.Option(metavar="P", help=_("Chỉ thủ tục này, lặp lại được."))] = None,
    channel: Annotated[
        list[str] | None, typer.Option(metavar="C", help=_("Chỉ kênh này (online, in_person, postal), lặp lại được."))
    ] = None,
    output: Annotated[Format, typer.Option("--format", help=_("Dạng kết quả."))] = Format.table,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help=_("Ghi vào tệp thay vì in ra màn hình."))] = None,
    warehouse: Annotated[Path | None, typer.Option(metavar="DIR", help=_("Thư mục kho dữ liệu."))] = None,
    top: Annotated[
        int, typer.Option(metavar="N", min=1, max=1_000_000, help=_("Số bước chuyển nhiều nhất (với transitions)."))
    ] = 20,
    list_all: Annotated[bool, typer.Option("--list", help=_("In danh mục chỉ số rồi thôi."))] = False,
    docs: Annotated[bool, typer.Option("--docs", hidden=True)] = False,
) -> None:
    """Tính chỉ số từ bản dữ liệu đang công bố."""
    if docs:
        _write(catalogue_markdown(), out)
        return
    if list_all:
        _write(catalogue_table(width=_width(out)), out)
        return
    if not ids:
        raise CallError(_("Hãy nêu ít nhất một mã chỉ số, hoặc --list để xem danh mục."))
    snapshot = open_snapshot(warehouse_directory(warehouse))
    filters = Filters(
        commune=tuple(commune or ()),
        field=tuple(field or ()),
        procedure=tuple(procedure or ()),
        channel=tuple(channel or ()),
    )
    _check_values(snapshot, filters)
    dates = {"date_from": _date(date_from), "date_to": _date(date_to), "as_of": _date(as_of)}
    window = resolve_window(snapshot, **dates)
    if ids == ["transitions"]:
        frame = transitions(snapshot, window, filters=filters, top=top)
        _write(as_json(frame) if output == Format.json else as_csv(frame), out)
        return
    wanted = catalogue.indicators(ids)
    frame = compute(snapshot, ids, by or (), filters=filters, **dates)
    match output:
        case Format.csv:
            text = as_csv(frame)
        case Format.json:
            text = as_json(frame)
        case _:
            names = dict(snapshot.query("select commune_code, full_name from commune").iter_rows())
            text = as_table(
                frame, wanted, by or [], window=window, info=snapshot.info, communes=names, width=_width(out)
            )
    _write(text, out)


def main() -> NoReturn:
    """Run the command line: exit code 1 where the data cannot be used, 2 where the call is wrong."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(run)
    run_app(app, {CallError: 2, SnapshotMissing: 1})


def _write(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
    else:
        try:
            out.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise CallError(
                _("Không ghi được {file}: {reason}").format(file=error.filename, reason=error.strerror)
            ) from None


def _width(out: Path | None) -> int | None:
    """As wide as the terminal; in a file or a pipe as wide as the table needs."""
    return None if out is None and sys.stdout.isatty() else 400


def _date(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
            day = dt.date(int(match[3]), int(match[2]), int(match[1]))
        else:
            day = dt.datetime.strptime(text, "%Y-%m-%d").date()
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise ValueError(text)
        return day
    except ValueError:
        raise WrongDates(
            _("“{text}” không phải là ngày: hãy viết 2025-07-01 hoặc 01/07/2025.").format(text=text)
        ) from None


def _check_values(snapshot: Snapshot, filters: Filters) -> None:
    """A code that does not exist is a slip of the keyboard, not a question whose answer is 0."""
    known = {
        "commune": "select commune_code from commune",
        "field": "select distinct field from dossier_key union select distinct field from procedure",
        "procedure": "select distinct procedure_code from dossier_key union select procedure_code from procedure",
        "channel": "select unnest(['online', 'in_person', 'postal'])",
    }
    for dimension, values in filters.given().items():
        existing = set(snapshot.query(known[dimension]).to_series())
        for value in values:
            if value not in existing:
                raise UnknownValue(
                    _("Không có giá trị “{value}” cho --{dimension} trong bản dữ liệu {id}.").format(
                        value=value, dimension=dimension, id=snapshot.id
                    )
                )


if __name__ == "__main__":
    main()
