"""`PROVINCE.toml`: what a province declares about its files. Keys are explained in docs/du-lieu.md."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator
from rapidfuzz import process

from etl.calendar import DEFAULT_HOURS
from etl.errors import DataError, UsageError
from etl.reference import provinces
from etl.toml import read_toml
from language import _
from language.formats import date_time
from language.reasons import value_reason

# Files of the one-stop systems were not taken before; a year typed wrongly would empty every screen.
FIRST_STATE = dt.datetime(2000, 1, 1)
# A simulation may run ahead of the calendar, at most as far as `etl simulate --days` reaches.
LAST_SIMULATED_STATE = dt.datetime(2031, 1, 1)
Code = Annotated[str, BeforeValidator(lambda value: f"{value:02d}" if isinstance(value, int) else value)]


class Block(BaseModel):
    """A table of the file; an unknown key is an error, since a misspelt one would be passed over silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProvinceBlock(Block):
    code: Code
    name: str
    timezone: str = "Asia/Ho_Chi_Minh"
    simulated: bool = False

    @field_validator("code")
    @classmethod
    def _two_digits(cls, value: str) -> str:
        if not re.fullmatch(r"\d{2}", value):
            raise ValueError(_('mã tỉnh «{code}» không phải hai chữ số; ví dụ "25" là Phú Thọ').format(code=value))
        return value

    @property
    def is_known(self) -> bool:
        """Whether the code is one of the 34 provinces and cities; a log of elsewhere may bear another."""
        return self.code in provinces()["province_code"]

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(_("không có múi giờ «{value}»").format(value=value)) from None
        return value


class CalendarBlock(Block):
    days_off: tuple[dt.date, ...] = ()
    workdays: tuple[dt.date, ...] = ()
    hours: tuple[str, ...] = DEFAULT_HOURS


class FileBlock(Block):
    """A file or glob, and how its columns are called; `columns` maps canonical names to the file's headings."""

    path: str
    columns: dict[str, str] = Field(default_factory=dict)
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)
    encoding: str | None = None
    delimiter: str | None = None


class ProcessesBlock(Block):
    """A file or glob of declared internal processes, in a form of their own."""

    path: str


class BoundariesBlock(FileBlock):
    crs: str | None = None
    source: str | None = None
    approximate: bool = False


class RowsBlock(FileBlock):
    """What registers and logs share."""

    state_at: dt.datetime | None = None
    datetime_formats: tuple[str, ...] = ()
    values: dict[Literal["status", "channel"], dict[str, str | int]] = Field(default_factory=dict)
    constants: dict[str, str | int | float | bool | dt.date] = Field(default_factory=dict)


class DossiersBlock(RowsBlock):
    pass


class EventsBlock(RowsBlock):
    closing: tuple[str, ...] = ()


class ProvinceConfig(Block):
    """The whole file. `directory` is where its relative paths start."""

    directory: Path
    province: ProvinceBlock
    calendar: CalendarBlock = CalendarBlock()
    communes: FileBlock
    boundaries: BoundariesBlock | None = None
    old_boundaries: BoundariesBlock | None = None
    lineage: FileBlock | None = None
    procedures: FileBlock | None = None
    corrections: FileBlock | None = None
    reported: FileBlock | None = None
    index_scores: FileBlock | None = None
    index_weights: FileBlock | None = None
    dated_events: FileBlock | None = None
    processes: ProcessesBlock | None = None
    unit_facts: FileBlock | None = None
    difficulties: FileBlock | None = None
    dossiers: tuple[DossiersBlock, ...] = ()
    events: tuple[EventsBlock, ...] = ()


def load_config(path: Path) -> ProvinceConfig:
    """Read and check a `PROVINCE.toml`.

    Raises UsageError where the file is not there, DataError where it cannot be understood; the message names the key.
    """
    if path.is_dir():
        raise UsageError(
            _("{path} là một thư mục. Hãy chỉ ra tệp cấu hình, ví dụ {path}/province.toml.").format(path=path)
        )
    if not path.exists():
        raise UsageError(_("Không có tệp cấu hình {path}. Hãy kiểm tra đường dẫn.").format(path=path))
    content = read_toml(path, shown=str(path))
    if not content:
        raise DataError(_("{path}: tệp trống. Mẫu để bắt đầu: docs/du-lieu.md.").format(path=path))
    try:
        config = ProvinceConfig.model_validate({"directory": path.parent.resolve(), **content})
    except ValidationError as error:
        raise DataError(_explain(path, error)) from None
    if not config.dossiers and not config.events:
        raise DataError(
            _("{path}: chưa khai báo hồ sơ. Hãy thêm ít nhất một khối [[dossiers]] hoặc [[events]].").format(path=path)
        )
    return config.model_copy(
        update={
            "dossiers": _with_local_states(config.dossiers, "dossiers", config.province, path),
            "events": _with_local_states(config.events, "events", config.province, path),
        }
    )


Rows = TypeVar("Rows", bound=RowsBlock)


def _with_local_states(blocks: Sequence[Rows], name: str, province: ProvinceBlock, path: Path) -> tuple[Rows, ...]:
    """The blocks with `state_at` in the province's time; DataError for one that no export can have been taken at."""
    zone = ZoneInfo(province.timezone)
    latest = dt.datetime.now(zone).replace(tzinfo=None) + dt.timedelta(days=1)
    if province.simulated:
        latest = max(latest, LAST_SIMULATED_STATE)
    local = []
    for number, block in enumerate(blocks):
        state = block.state_at
        # Compared as written first: near the ends of the calendar no time can be moved to another zone.
        if state is not None and FIRST_STATE <= state.replace(tzinfo=None) <= latest and state.tzinfo is not None:
            state = state.astimezone(zone).replace(tzinfo=None)
        if state is not None and not FIRST_STATE <= state.replace(tzinfo=None) <= latest:
            raise DataError(
                _(
                    "{path}: {name}.{number}.state_at = {state}: không thể là thời điểm xuất tệp. Hãy ghi thời điểm từ "
                    "{first} đến nay, hoặc bỏ khoá này để lấy thời điểm muộn nhất trong tệp."
                ).format(path=path, name=name, number=number, state=date_time(state), first=date_time(FIRST_STATE))
            )
        local.append(block.model_copy(update={"state_at": state}))
    return tuple(local)


def matching_files(config: ProvinceConfig, block: FileBlock | ProcessesBlock, *, name: str) -> list[Path]:
    """The files of a block in the order of their names; Excel's lock files are passed over.

    Raises DataError where there is none.
    """
    pattern = block.path
    start = config.directory
    if Path(pattern).is_absolute():
        start, pattern = Path(Path(pattern).anchor), str(Path(pattern).relative_to(Path(pattern).anchor))
    try:
        if any(sign in pattern for sign in "*?["):
            found = sorted(file for file in start.glob(pattern) if file.is_file() and not file.name.startswith("~$"))
        else:
            found = [start / pattern] if pattern and (start / pattern).exists() else []
    except (OSError, ValueError, NotImplementedError):
        found = []  # a name that no file can have
    if not found:
        raise DataError(
            _(
                '[{name}] path = "{path}": không có tệp nào như vậy trong {directory}. '
                "Hãy kiểm tra tên, thư mục và đuôi tệp."
            ).format(name=name, path=block.path, directory=config.directory)
        )
    return found


def shown_path(config: ProvinceConfig, path: Path) -> str:
    """A file's name as reports print it: relative to the configuration where it lies below it."""
    try:
        return path.resolve().relative_to(config.directory).as_posix()
    except ValueError:
        return path.name


def _explain(path: Path, error: ValidationError) -> str:
    lines = [_("{path}: cấu hình chưa đúng:").format(path=path)]
    for fault in error.errors():
        key = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            known = _known_keys(fault["loc"])
            near = process.extractOne(str(fault["loc"][-1]), known, score_cutoff=60) if known else None
            advice = _(" Có phải là «{near}»?").format(near=near[0]) if near else ""
            lines.append(_("- {key}: không có khoá này.{advice}").format(key=key, advice=advice))
        elif fault["type"] == "missing":
            lines.append(_("- {key}: thiếu, phải có.").format(key=key))
        else:
            lines.append(_("- {key}: giá trị không dùng được ({reason}).").format(key=key, reason=value_reason(fault)))
    return "\n".join(lines)


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    """The keys that the block of a misspelt one may have."""
    blocks: dict[str, type[Block]] = {
        "province": ProvinceBlock,
        "calendar": CalendarBlock,
        "communes": FileBlock,
        "boundaries": BoundariesBlock,
        "old_boundaries": BoundariesBlock,
        "lineage": FileBlock,
        "procedures": FileBlock,
        "corrections": FileBlock,
        "reported": FileBlock,
        "index_scores": FileBlock,
        "index_weights": FileBlock,
        "dated_events": FileBlock,
        "processes": ProcessesBlock,
        "unit_facts": FileBlock,
        "difficulties": FileBlock,
        "dossiers": DossiersBlock,
        "events": EventsBlock,
    }
    model = ProvinceConfig if len(location) == 1 else blocks.get(str(location[0]))
    return sorted(set(model.model_fields) - {"directory"}) if model else []
