"""`python -m indicators`: any figure of the catalogue from the published snapshot, as a table, CSV or JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import polars as pl
import typer

from indicators import catalogue
from indicators.compute import compute, resolve_window
from indicators.errors import CallError
from indicators.form_command import form_command
from indicators.form_ii06 import UnbalancedForm
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
    write_text,
)
from indicators.printing import as_csv, as_json, as_table
from indicators.process.orders import variant_rows
from indicators.readings_command import readings_command
from indicators.reference import catalogue_markdown, catalogue_table
from indicators.transitions import transitions
from indicators.workbook import about, figures_sheet, write_workbook
from language import _
from language.command_line import run_app
from warehouse import SettingError, SnapshotMissing, open_snapshot, warehouse_directory

_MOST_ROWS = 20
# What is no figure but a list from the dossier log.
FROM_LOG: dict[str, Callable[..., pl.DataFrame]] = {"transitions": transitions, "variants": variant_rows}


def run(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID …]",
            help=_("Mã chỉ số (xem --list); hoặc transitions: các bước chuyển, variants: các trình tự bước."),
        ),
    ] = None,
    by: Annotated[list[str] | None, typer.Option(metavar="DIM", help=_("Chiều phân tích, lặp lại được."))] = None,
    date_from: From = None,
    date_to: To = None,
    as_of: AsOf = None,
    commune: Communes = None,
    field: Fields = None,
    procedure: Procedures = None,
    channel: Channels = None,
    output: Annotated[
        Format | None, typer.Option("--format", help=_("Dạng kết quả khi không ghi ra .xlsx; mặc định là bảng."))
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("Ghi vào tệp thay vì in ra màn hình: .xlsx, .csv, .json."))
    ] = None,
    warehouse: Warehouse = None,
    top: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, max=1_000_000, help=_("Số dòng nhiều nhất (với transitions, variants), mặc định 20.")
        ),
    ] = None,
    list_all: Annotated[bool, typer.Option("--list", help=_("In danh mục chỉ số rồi thôi."))] = False,
    docs: Annotated[bool, typer.Option("--docs", hidden=True)] = False,
) -> None:
    """Tính chỉ số từ bản dữ liệu đang công bố."""
    if docs:
        write_text(catalogue_markdown(), out)
        return
    if list_all:
        write_text(catalogue_table(width=table_width(out)), out)
        return
    if not ids:
        raise CallError(_("Hãy nêu ít nhất một mã chỉ số, hoặc --list để xem danh mục."))
    from_log = FROM_LOG.get(ids[0]) if len(ids) == 1 else None
    if from_log and by:
        raise CallError(
            _("{word} không chia theo chiều nào: hãy bỏ --by. Thu hẹp bằng --commune, --field, …").format(word=ids[0])
        )
    if from_log is None and top is not None:
        raise CallError(_("--top chỉ dùng với transitions hoặc variants, một mình."))
    snapshot = open_snapshot(warehouse_directory(warehouse))
    filters = read_filters(snapshot, commune=commune, field=field, procedure=procedure, channel=channel)
    dates = {"date_from": read_date(date_from), "date_to": read_date(date_to), "as_of": read_date(as_of)}
    window = resolve_window(snapshot, **dates)
    chosen = file_format(output, out)
    if from_log:
        if out is not None and chosen is None:
            raise CallError(_("{word} chỉ ghi ra tệp .csv hoặc .json.").format(word=ids[0]))
        frame = from_log(snapshot, window, filters=filters, top=top or _MOST_ROWS)
        write_text(as_json(frame) if chosen == Format.json else as_csv(frame), out)
        return
    wanted = catalogue.indicators(ids)
    frame = compute(snapshot, ids, by or (), filters=filters, exact=True, **dates)
    if out is not None and chosen is None:
        stated = about(snapshot, _("Số liệu"), window=window, filters=filters.given(), indicators=wanted)
        write_workbook(out, [figures_sheet(snapshot, frame, by or [], wanted)], stated)
        return

    def table() -> str:
        names = dict(snapshot.query("select commune_code, full_name from commune").iter_rows())
        return as_table(
            frame, wanted, by or [], window=window, info=snapshot.info, communes=names, width=table_width(out)
        )

    write_answer(frame, chosen, out, table=table)


# What else can be asked, by the first word of the call.
FURTHER: dict[str, Callable[..., None]] = {"form-ii06": form_command, "readings": readings_command}


def further_commands() -> typer.Typer:
    """The commands with options of their own."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    for name, command in FURTHER.items():
        app.command(name)(command)
    return app


def main() -> NoReturn:
    """Run the command line: exit code 1 where the data cannot be used, 2 where the call is wrong."""
    if sys.argv[1:2] and sys.argv[1] in FURTHER:
        app = further_commands()
    else:
        app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        app.command(epilog=_("Lệnh khác: {commands}.").format(commands=", ".join(FURTHER)))(run)
    run_app(app, {CallError: 2, SettingError: 2, SnapshotMissing: 1, UnbalancedForm: 1})


if __name__ == "__main__":
    main()
