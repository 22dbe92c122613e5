"""`python -m reports`: the brief of a commune, and the pack of a trip, as files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from indicators.compute import resolve_window
from indicators.errors import CallError
from indicators.options import AsOf, From, To, Warehouse, read_date
from indicators.windows import Window
from language import _
from language.command_line import run_app
from notebook import Notebook, NotebookError, open_notebook
from reports.brief import compose_brief
from reports.files import BRIEF_ENDINGS, PACK_ENDINGS, brief_file, checked_ending, pack_file, write_whole
from reports.pack import compose_pack
from warehouse import SettingError, Snapshot, SnapshotMissing, open_snapshot, warehouse_directory

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=_("Phiếu kiểm tra của một xã, phường và hồ sơ của một chuyến đi, ghi ra tệp."),
)


@app.command("brief")
def brief_command(
    commune: Annotated[str, typer.Argument(metavar="CODE", help=_("Mã xã, phường, đặc khu."))],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help=_("Tệp để ghi: {endings}.").format(endings=", ".join(BRIEF_ENDINGS)))
    ],
    date_from: From = None,
    date_to: To = None,
    as_of: AsOf = None,
    warehouse: Warehouse = None,
) -> None:
    """Phiếu kiểm tra của một đơn vị: hai trang A4 (.pdf), Word, trang chiếu, HTML, ảnh để gửi (.png) hoặc bảng tính."""
    ending = checked_ending(out, BRIEF_ENDINGS)
    snapshot = open_snapshot(warehouse_directory(warehouse))
    window = _window(snapshot, date_from, date_to, as_of)
    brief = compose_brief(snapshot, commune, window=window, as_of=read_date(as_of), book=_book())
    write_whole(out, brief_file(brief, ending, snapshot.info))
    _say(out)


@app.command("pack")
def pack_command(
    communes: Annotated[
        list[str], typer.Argument(metavar="CODE …", help=_("Mã các đơn vị, theo thứ tự đi."), show_default=False)
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help=_("Tệp để ghi: {endings}.").format(endings=", ".join(PACK_ENDINGS)))
    ],
    date_from: From = None,
    date_to: To = None,
    as_of: AsOf = None,
    warehouse: Warehouse = None,
) -> None:
    """Hồ sơ một chuyến đi: trang tổng hợp, phiếu của từng đơn vị, trang của từng sở, ngành."""
    ending = checked_ending(out, PACK_ENDINGS)
    snapshot = open_snapshot(warehouse_directory(warehouse))
    window = _window(snapshot, date_from, date_to, as_of)
    pack = compose_pack(snapshot, communes, window=window, as_of=read_date(as_of), book=_book())
    write_whole(out, pack_file(pack, ending))
    _say(out)


def _window(snapshot: Snapshot, date_from: str | None, date_to: str | None, as_of: str | None) -> Window | None:
    """The days asked for; nothing where none were, for then the brief knows its own."""
    if date_from is None and date_to is None:
        return None
    return resolve_window(snapshot, date_from=read_date(date_from), date_to=read_date(date_to), as_of=read_date(as_of))


def _book() -> Notebook | None:
    """What people wrote of promises and difficulties, where there is a notebook; none is made by looking."""
    given = os.environ.get("THONGSUOT_NOTEBOOK")
    if given is None and not Path("data/notebook.sqlite").exists():
        return None
    return open_notebook(given)


def _say(out: Path) -> None:
    Console(stderr=True, highlight=False).print(_("Đã ghi {file}.").format(file=out), markup=False)


def main() -> NoReturn:
    """Run the command line: exit code 1 where the data cannot be used, 2 where the call is wrong."""
    run_app(app, {CallError: 2, SettingError: 2, SnapshotMissing: 1, NotebookError: 1})


if __name__ == "__main__":
    main()
