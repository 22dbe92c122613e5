"""`python -m notebook`: status, export, import, backup, upgrade."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from language import _
from language.command_line import run_app
from language.formats import date_time, number
from notebook.book import open_notebook
from notebook.engine import AddressError
from notebook.errors import NotebookError
from notebook.migrate import newest
from notebook.standing import Standing, standing
from notebook.words import table_name

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=_("Sổ tay: chuyến đi, ghi chép, cam kết, vướng mắc, buổi trình chiếu do người dùng ghi."),
)
console = Console(highlight=False)

PlaceOption = Annotated[
    str | None,
    typer.Option("--notebook", help=_("Địa chỉ sổ tay (mặc định THONGSUOT_NOTEBOOK, rồi data/notebook.sqlite).")),
]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help=_("Thay tệp đã có."))]


@app.command("status", help=_("Sổ tay nằm ở đâu, có gì, sửa lần cuối khi nào; không tạo và không đổi gì."))
def status_command(notebook: PlaceOption = None) -> None:
    found = standing(notebook)
    console.print(_("Sổ tay: {place}").format(place=found.place), markup=False, soft_wrap=True)
    if found.version != newest():
        console.print(
            _("Mức {version}, phần mềm này dùng mức {newest}: sẽ tự nâng khi mở, hoặc chạy python -m notebook upgrade.")
            .format(version=found.version or _("chưa có"), newest=newest()),
            soft_wrap=True,
        )  # fmt: skip
        return
    _print_contents(found)


@app.command("export", help=_("Ghi cả sổ tay, kèm lịch sử sửa đổi, ra một tệp JSON."))
def export_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("Tệp để ghi."))],
    overwrite: OverwriteOption = False,
    notebook: PlaceOption = None,
) -> None:
    # A store that is not there must not be made only to be copied.
    standing(notebook)
    rows = open_notebook(notebook).export(file, overwrite=overwrite)
    console.print(
        _("Đã ghi {n} dòng của {tables} bảng vào {file}.").format(
            n=number(sum(rows.values())), tables=number(len(rows)), file=file
        ),
        markup=False,
        soft_wrap=True,
    )


@app.command("import", help=_("Nhập tệp do export tạo ra: tất cả hoặc không gì cả."))
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("Tệp do export tạo ra."))],
    by: Annotated[str, typer.Option("--by", help=_("Người nhập; ghi vào lịch sử khi nhập thêm (--add)."))],
    add: Annotated[
        bool, typer.Option("--add", help=_("Sổ tay đã có nội dung: thêm mọi nội dung trong tệp, với số mới."))
    ] = False,
    notebook: PlaceOption = None,
) -> None:
    rows = open_notebook(notebook).import_(file, by=by, add=add)
    console.print(
        _("Đã nhập {n} dòng từ {file}.").format(n=number(sum(rows.values())), file=file), markup=False, soft_wrap=True
    )


@app.command("backup", help=_("Sao lưu khi phần mềm đang chạy: bản sao tệp SQLite; với PostgreSQL là tệp JSON."))
def backup_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("Tệp để ghi."))],
    overwrite: OverwriteOption = False,
    notebook: PlaceOption = None,
) -> None:
    standing(notebook)
    open_notebook(notebook).backup(file, overwrite=overwrite)
    console.print(_("Đã sao lưu vào {file}.").format(file=file), markup=False, soft_wrap=True)


@app.command("upgrade", help=_("Tạo sổ tay, hoặc nâng lên mức của phần mềm này; màn hình cũng tự làm khi mở."))
def upgrade_command(notebook: PlaceOption = None) -> None:
    opened = open_notebook(notebook)
    console.print(
        _("Sổ tay ở {place} đã ở mức {version}.").format(place=opened.place, version=newest()),
        markup=False,
        soft_wrap=True,
    )


def _print_contents(found: Standing) -> None:
    table = Table(_("Nội dung"), _("Đang có"), _("Đã xóa"), box=None, pad_edge=False)
    for name, (kept, removed) in found.rows.items():
        table.add_row(table_name(name), number(kept), number(removed))
    console.print(table)
    if found.changed_at is not None:
        console.print(
            _("Sửa lần cuối {at}, bởi {by}; tất cả {n} lần thay đổi.").format(
                at=date_time(found.changed_at), by=found.changed_by, n=number(found.changes)
            ),
            markup=False,
            soft_wrap=True,
        )


def main() -> NoReturn:
    """Run the command line: exit code 1 where the store or a file cannot be used, 2 where the call is wrong."""
    run_app(app, {AddressError: 2, NotebookError: 1})
