"""`python -m indicators readings`: why the two official on-time rates differ, and by which dossiers."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from indicators.catalogue import indicators
from indicators.compute import resolve_window
from indicators.errors import CallError
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
from indicators.readings import Bridge, bridge, difference_dossiers, reason
from indicators.readings_sheet import RATES, write_readings
from indicators.source_sheet import source_line
from language import _, formats
from warehouse import SnapshotInfo, open_snapshot, warehouse_directory


def readings_command(
    date_from: From = None,
    date_to: To = None,
    as_of: AsOf = None,
    commune: Communes = None,
    field: Fields = None,
    procedure: Procedures = None,
    channel: Channels = None,
    dossiers: Annotated[
        bool, typer.Option("--dossiers", help=_("Liệt kê từng hồ sơ tạo nên chênh lệch thay vì đếm theo lý do."))
    ] = False,
    reasons: Annotated[
        list[str] | None,
        typer.Option("--reason", metavar="R", help=_("Chỉ hồ sơ thuộc lý do này (với --dossiers), lặp lại được.")),
    ] = None,
    output: Annotated[Format | None, typer.Option("--format", help=_("Dạng kết quả khi không ghi ra .xlsx."))] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=_("Ghi vào tệp: .xlsx gồm cả bảng đếm và hồ sơ, .csv hoặc .json.")),
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Hai cách tính đúng hạn (biểu II.06 và QĐ 766): chênh nhau vì những hồ sơ nào."""
    if reasons and not dossiers:
        raise CallError(_("--reason chỉ dùng với --dossiers."))
    snapshot = open_snapshot(warehouse_directory(warehouse))
    filters = read_filters(snapshot, commune=commune, field=field, procedure=procedure, channel=channel)
    window = resolve_window(
        snapshot, date_from=read_date(date_from), date_to=read_date(date_to), as_of=read_date(as_of)
    )
    found = bridge(snapshot, filters=filters, window=window)
    chosen = file_format(output, out)
    if out is not None and chosen is None:
        listed = difference_dossiers(snapshot, filters=filters, window=window, reasons=reasons or ())
        write_readings(out, snapshot, found, listed, filters=filters)
        return
    frame = (
        difference_dossiers(snapshot, filters=filters, window=window, reasons=reasons or ())
        if dossiers
        else found.frame
    )
    if dossiers and chosen == Format.table:
        raise CallError(_("Danh sách hồ sơ có nhiều cột: hãy ghi ra tệp bằng --out, hoặc thêm --format csv."))
    write_answer(frame, chosen, out, table=lambda: _as_table(found, snapshot.info, width=table_width(out)))


def _as_table(found: Bridge, info: SnapshotInfo, *, width: int | None) -> str:
    table = Table(
        title=_("Hai cách tính đúng hạn, {province}, từ {starts} đến {ends}").format(
            province=info.province_name,
            starts=formats.date(found.window.starts),
            ends=formats.date(found.window.ends),
        ),
        caption=source_line(info),
    )
    for heading, justify in ((_("Hồ sơ trong kỳ"), "left"), (_("Số hồ sơ"), "right"), (_("Cách tính"), "left")):
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for id_, count in found.frame.iter_rows():
        if count:
            table.add_row(reason(id_).name, formats.number(count), reason(id_).effect)
    table.add_section()
    for declared, (good, judged) in zip(indicators(RATES), (found.ii06, found.decision_766), strict=True):
        rate = formats.percent(good / judged if judged else None)
        table.add_row(declared.name, rate, f"{formats.number(good)} / {formats.number(judged)}")
    text = io.StringIO()
    Console(file=text, width=width, no_color=True, highlight=False).print(table)
    return text.getvalue()
