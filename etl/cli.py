"""`python -m etl`: build, check, simulate, status, rollback."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from etl.build import build, check
from etl.errors import DataError, UsageError
from etl.inputs import Progress
from etl.inspect import BLOCKS, SAMPLES, inspect_file, ready_block
from etl.printing import console, print_healthy, print_report, print_snapshot
from etl.progress_file import progress_file
from etl.rejects import in_own_columns, refused_rows, write_rejects
from language import N_, _
from language.command_line import run_app
from language.formats import date_time, number
from language.reasons import reason
from warehouse.layout import SnapshotMissing, current_id, list_snapshots, publish, warehouse_directory
from warehouse.reading import healthy_snapshots, open_snapshot
from warehouse.rules import TABLES
from warehouse.settings import SettingError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=_("Nạp tệp xuất từ hệ thống một cửa thành bản dữ liệu để xem."),
)
errors = Console(stderr=True, highlight=False)

WarehouseOption = Annotated[
    str | None, typer.Option("--warehouse", help=_("Thư mục kho dữ liệu (mặc định data/warehouse)."))
]
ConfigArgument = Annotated[Path, typer.Argument(metavar="PROVINCE.toml", help=_("Tệp cấu hình của tỉnh."))]
# For the program that started us: `warehouse.loading` says what stands in the file.
ProgressFileOption = Annotated[Path | None, typer.Option("--progress-file", hidden=True)]

STEPS = {
    "units": N_("Đọc danh sách xã, phường"),
    "boundaries": N_("Đọc ranh giới"),
    "register": N_("Gộp sổ theo dõi hồ sơ"),
    "log": N_("Gộp nhật ký xử lý"),
    "pauses": N_("Tính thời gian dừng"),
    "dossiers": N_("Tính hạn và thời gian xử lý"),
    "counts": N_("Đếm theo ngày"),
    "writing": N_("Ghi bản dữ liệu"),
}


@app.command("build", help=_("Đọc mọi nguồn, kiểm tra, tạo bản dữ liệu mới và công bố."))
def build_command(
    config: ConfigArgument,
    warehouse: WarehouseOption = None,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help=_("Công bố dù số hồ sơ giảm hơn một phần mười hoặc bằng không."))
    ] = False,
    progress_path: ProgressFileOption = None,
) -> None:
    directory = warehouse_directory(warehouse)
    with progress_file(progress_path, step_names=STEPS) as told, _progress() as progress:
        report = build(config, directory, accept_loss=accept_loss, progress=told.told(progress))
        told.tell(snapshot=report.snapshot_id, dossiers=report.dossiers)
    print_report(report)
    console.print(
        _("Đã công bố bản dữ liệu {id}: {n} hồ sơ, số liệu đến {as_of}.").format(
            id=report.snapshot_id, n=number(report.dossiers), as_of=date_time(report.as_of)
        ),
        soft_wrap=True,
    )


@app.command("check", help=_("Kiểm tra các tệp mà không công bố gì."))
def check_command(config: ConfigArgument, progress_path: ProgressFileOption = None) -> None:
    with (
        progress_file(progress_path, step_names=STEPS) as told,
        tempfile.TemporaryDirectory() as scratch,
        _progress() as progress,
    ):
        report = check(config, scratch=Path(scratch), progress=told.told(progress))
        told.tell(dossiers=report.dossiers)
    print_report(report)
    console.print(_("Kiểm tra xong: nạp được {n} hồ sơ. Chưa công bố gì.").format(n=number(report.dossiers)))


@app.command("simulate", help=_("Tạo bộ tệp xuất mô phỏng của một tỉnh để dùng thử."))
def simulate_command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help=_("Thư mục để ghi."))],
    province: Annotated[str, typer.Option("--province", help=_("Mã tỉnh, hai chữ số."))] = "25",
    dossiers: Annotated[int, typer.Option("--dossiers", help=_("Số hồ sơ."))] = 100_000,
    days: Annotated[int, typer.Option("--days", help=_("Số ngày, kể từ 01/07/2025."))] = 510,
    seed: Annotated[int, typer.Option("--seed", help=_("Hạt giống ngẫu nhiên."))] = 1,
    clean: Annotated[bool, typer.Option("--clean", help=_("CSV sạch, không lỗi, để đo tốc độ."))] = False,
    before: Annotated[
        int, typer.Option("--before", help=_("Số hồ sơ của đơn vị cũ, từ tháng 4 đến tháng 6/2025."))
    ] = 0,
) -> None:
    from etl.simulate import simulate

    with _bar() as bar:
        task = bar.add_task(_("Mô phỏng"), total=None)
        simulate(
            directory,
            province_code=province,
            dossiers=dossiers,
            days=days,
            seed=seed,
            clean=clean,
            before=before,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    console.print(
        _("Đã ghi {n} hồ sơ mô phỏng vào {folder}. Nạp bằng: python -m etl build {toml}").format(
            n=number(dossiers), folder=directory, toml=directory / "province.toml"
        ),
        soft_wrap=True,
    )


@app.command("status", help=_("Bản dữ liệu đang công bố và các bản trước."))
def status_command(warehouse: WarehouseOption = None) -> None:
    directory = warehouse_directory(warehouse)
    try:
        snapshot = open_snapshot(directory)
    except SnapshotMissing as missing:
        # What stands in its place still has to be found by whoever looks here.
        errors.print(str(missing), markup=False, soft_wrap=True)
        print_healthy(directory)
        raise typer.Exit(1) from None
    print_snapshot(snapshot)
    snapshot.close()
    published = current_id(directory)
    earlier = [each for each in list_snapshots(directory) if each != published]
    if earlier:
        console.print(_("Các bản khác: {ids}").format(ids=", ".join(earlier)))


@app.command("rollback", help=_("Công bố lại một bản dữ liệu trước."))
def rollback_command(
    snapshot: Annotated[
        str | None, typer.Argument(metavar="SNAPSHOT", help=_("Mã bản dữ liệu (mặc định: bản ngay trước)."))
    ] = None,
    warehouse: WarehouseOption = None,
) -> None:
    directory = warehouse_directory(warehouse)
    chosen = _newest_sound(directory) if snapshot is None else _sound(directory, snapshot)
    try:
        publish(directory, chosen)
    except OSError as error:
        raise DataError(
            _("Không ghi được vào {folder} ({reason}). Bản dữ liệu đang dùng vẫn giữ nguyên.").format(
                folder=directory, reason=reason(error)
            )
        ) from None
    console.print(_("Đã công bố lại bản dữ liệu {id}.").format(id=chosen))


def _sound(directory: Path, snapshot_id: str) -> str:
    """The ID asked for, once its snapshot has been read from end to end."""
    opened = open_snapshot(directory, snapshot_id)
    try:
        opened.read_through()
    finally:
        opened.close()
    return snapshot_id


def _newest_sound(directory: Path) -> str:
    """The snapshot before the published one that can be read from end to end; of all where that one cannot be read."""
    published = current_id(directory)
    try:
        open_snapshot(directory).close()
    except SnapshotMissing:
        published = None
    for candidate in healthy_snapshots(directory, before=published):
        try:
            candidate.read_through()
        except SnapshotMissing:
            continue
        return candidate.id
    if published is None:
        raise DataError(_("Không có bản dữ liệu nào đọc được trong {folder}.").format(folder=directory))
    raise DataError(_("Không có bản dữ liệu nào trước bản đang dùng."))


@app.command("rejects", help=_("Các dòng bị từ chối, đúng cột của tệp nguồn kèm lý do, để gửi lại cho xã, phường."))
def rejects_command(
    rule: Annotated[str | None, typer.Option("--rule", help=_("Chỉ một quy tắc."))] = None,
    out: Annotated[Path | None, typer.Option("--out", help=_("Ghi ra tệp .xlsx hoặc .csv."))] = None,
    warehouse: WarehouseOption = None,
) -> None:
    snapshot = open_snapshot(warehouse_directory(warehouse))
    rows = refused_rows(snapshot, rule=rule)
    snapshot.close()
    if rows.is_empty():
        console.print(_("Không có dòng nào bị từ chối."))
        return
    if out is not None:
        write_rejects(in_own_columns(rows), out)
        console.print(_("Đã ghi {n} dòng vào {path}.").format(n=number(rows.height), path=out), soft_wrap=True)
        return
    for row in rows.iter_rows(named=True):
        console.print(
            _("{file}, dòng {row} [{rule}]: {message}").format(
                file=row["source_file"], row=row["row_number"], rule=row["rule"], message=row["message"]
            ),
            markup=False,
            soft_wrap=True,
        )


@app.command(
    "inspect", help=_("Xem một tệp: cột nào nhận ra, cột nào không, và khối cấu hình để dán vào PROVINCE.toml.")
)
def inspect_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("Tệp xuất."))],
    table: Annotated[str | None, typer.Option("--table", help=_("dossier (sổ) hoặc event (nhật ký)."))] = None,
) -> None:
    if table not in (None, *BLOCKS):
        raise UsageError(_("--table {table}: chỉ nhận dossier hoặc event.").format(table=table))
    for inspection in inspect_file(file, shown_as=file.name, table=table):
        shown = Table(_("Cột trong tệp"), _("Hiểu là"), _("Vài giá trị"), box=None, pad_edge=False)
        for column in inspection.columns:
            meaning = column.canonical or (_("dữ liệu cá nhân, không giữ") if column.personal else _("không nhận ra"))
            samples = "••••" if column.personal else " · ".join(sample[:40] for sample in column.samples)
            shown.add_row(escape(column.heading), meaning, escape(samples))
        console.print(f"{inspection.source_file} ({_(TABLES[inspection.table])})", markup=False)
        console.print(shown)
        for heading, texts in inspection.unread_times.items():
            console.print(
                _("Cột «{heading}»: không đọc được ngày giờ như {texts}. Hãy khai báo datetime_formats.").format(
                    heading=heading, texts=", ".join(f"«{text[:30]}»" for text in texts[:SAMPLES])
                ),
                markup=False,
                soft_wrap=True,
            )
        console.print()
        console.print(ready_block(inspection, path=file.name), markup=False, soft_wrap=True)


def main() -> NoReturn:
    """Run the command line: exit code 1 where the data cannot be used, 2 where the call is wrong."""
    run_app(app, {DataError: 1, SnapshotMissing: 1, UsageError: 2, SettingError: 2})


def _bar() -> Bar:
    return Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar over the files' bytes, then over the named steps; nothing where the output is no terminal."""
    with _bar() as bar:
        task = bar.add_task(_("Chuẩn bị"), total=None)

        def start(files: list[Path]) -> None:
            bar.update(task, description=_("Đọc tệp"), total=sum(file.stat().st_size for file in files) or 1)

        def advance(file: Path) -> None:
            bar.update(task, advance=file.stat().st_size if file.exists() else 0, description=file.name)

        def name(step: str) -> None:
            bar.update(task, description=_(STEPS.get(step, step)))

        yield Progress(on_files=start, on_file_done=advance, on_step=name)
