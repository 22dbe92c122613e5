"""What the commands print: the account of a build, a snapshot and its sources, the snapshots that are left."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from etl.schemas import rule_message
from etl.snapshot import Report
from language import _
from language.formats import date_time, number
from warehouse.layout import SnapshotMissing
from warehouse.reading import Snapshot, healthy_snapshots
from warehouse.rules import TABLES, WARNINGS

console = Console(highlight=False)


def print_healthy(directory: Path) -> None:
    """The snapshots that can be published in place of one that cannot be read."""
    table = Table(_("Bản dữ liệu"), _("Tạo lúc"), _("Số liệu đến"), _("Hồ sơ"), box=None, pad_edge=False)
    for snapshot in healthy_snapshots(directory):
        try:
            dossiers = snapshot.query("select count(*) as n from dossier")["n"][0]
        except SnapshotMissing:
            continue
        info = snapshot.info
        table.add_row(snapshot.id, date_time(info.built_at), date_time(info.as_of), number(dossiers))
    if table.row_count:
        console.print(_("Các bản còn tốt, có thể công bố lại bằng python -m etl rollback MÃ:"), soft_wrap=True)
        console.print(table)


def print_snapshot(snapshot: Snapshot) -> None:
    info = snapshot.info
    rows = snapshot.query(
        "select (select count(*) from dossier) as dossiers, (select count(*) from event) as events, "
        "(select count(*) from reject) as rejects, (select count(*) from warning) as warnings"
    ).row(0, named=True)
    table = Table(show_header=False, box=None, pad_edge=False)
    lines = {
        _("Bản dữ liệu"): info.snapshot_id,
        _("Tỉnh"): f"{info.province_name} ({info.province_code})",
        _("Tạo lúc"): date_time(info.built_at),
        _("Số liệu đến"): date_time(info.as_of),
        _("Hồ sơ"): number(rows["dossiers"]),
        _("Bước xử lý"): number(rows["events"]),
        _("Dòng bị từ chối"): number(rows["rejects"]),
        _("Cảnh báo"): number(rows["warnings"]),
        _("Loại dữ liệu"): _("mô phỏng") if info.simulated else _("thật"),
    }
    for label, value in lines.items():
        table.add_row(label, value)
    console.print(table)
    freshness = snapshot.query(
        "select source_file, table_name, state_at from load where state_at is not null order by 1"
    )
    if freshness.height:
        sources = Table(_("Tệp nguồn"), _("Bảng"), _("Trạng thái lúc"), box=None, pad_edge=False)
        for source_file, table_name, state_at in freshness.iter_rows():
            sources.add_row(source_file, _(TABLES.get(table_name, table_name)), date_time(state_at))
        console.print(sources)


def print_report(report: Report) -> None:
    table = Table(_("Tệp"), _("Bảng"), box=None, pad_edge=False)
    for heading in (_("Đọc"), _("Nạp"), _("Từ chối"), _("Lặp lại")):
        table.add_column(heading, justify="right")
    for row in report.load.iter_rows(named=True):
        table.add_row(
            row["source_file"],
            _(TABLES.get(row["table_name"], row["table_name"])),
            *(number(row[column]) for column in ("rows_read", "rows_loaded", "rows_refused", "rows_repeated")),
        )
    console.print(table)
    for row in report.rejects_by_rule.iter_rows(named=True):
        # What is said of one row (a name that nobody knows) must not read as if it held for all.
        text = (
            _("Từ chối {n} dòng ({table}): {message} Ví dụ: {file}, dòng {row}.")
            if row["messages"] == 1
            else _("Từ chối {n} dòng ({table}): {rule} Ví dụ: {file}, dòng {row}: {message}")
        )
        console.print(
            text.format(
                n=number(row["n"]),
                table=_(TABLES.get(row["table_name"], row["table_name"])),
                rule=rule_message(row["rule"]),
                message=row["message"],
                file=row["source_file"],
                row=row["row_number"],
            ),
            markup=False,
            soft_wrap=True,
        )
    for row in report.warnings_by_rule.iter_rows(named=True):
        meaning = WARNINGS.get(row["rule"], row["rule"])
        console.print(_("Cảnh báo {n}: {meaning}.").format(n=number(row["n"]), meaning=_(meaning)), soft_wrap=True)
    files_of: dict[str, list[str]] = {}
    for file, headings in report.unknown_headings.items():
        files_of.setdefault(", ".join(headings), []).append(file)
    for unread, files in files_of.items():
        console.print(
            _("Cột không nhận ra nên không đọc: {headings} (trong {n} tệp, ví dụ {file}).").format(
                headings=unread, n=number(len(files)), file=files[0]
            ),
            markup=False,
            soft_wrap=True,
        )
    for notice in report.notices:
        console.print(notice, markup=False, soft_wrap=True)
