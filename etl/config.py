"""`PROVINCE.toml`: what a province declares about its files. Keys are explained in docs/du-lieu.md."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator
from rapidfuzz import process

from etl.calendar import DEFAULT_HOURS
from etl.errors import DataError, UsageError
from language import _

Code = Annotated[str, BeforeValidator(lambda value: f"{value:02d}" if isinstance(value, int) else value)]


class Block(BaseModel):
    """A table of the file; an unknown key is an error, since a misspelt one would be passed over silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProvinceBlock(Block):
    code: Code
    name: str
    timezone: str = "Asia/Ho_Chi_Minh"
    simulated: bool = False

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
    dossiers: tuple[DossiersBlock, ...] = ()
    events: tuple[EventsBlock, ...] = ()
    # Declared by the design for screens that are still to come: accepted, and named as unused when the build reports.
    unit_facts: dict[str, Any] | None = None
    difficulties: dict[str, Any] | None = None
    index_scores: dict[str, Any] | None = None
    dated_events: dict[str, Any] | None = None

    @property
    def unused_blocks(self) -> list[str]:
        later = ("unit_facts", "difficulties", "index_scores", "dated_events")
        return [name for name in later if getattr(self, name) is not None]


def load_config(path: Path) -> ProvinceConfig:
    """Read and check a `PROVINCE.toml`.

    Raises UsageError where the file is not there, DataError where it cannot be understood; the message names the key.
    """
    if not path.is_file():
        raise UsageError(_("Không có tệp cấu hình {path}. Hãy kiểm tra đường dẫn.").format(path=path))
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise DataError(_("{path}: tệp không phải UTF-8. Hãy lưu lại với mã UTF-8.").format(path=path)) from None
    except tomllib.TOMLDecodeError as error:
        raise DataError(_("{path}: sai cú pháp TOML: {error}").format(path=path, error=error)) from None
    try:
        config = ProvinceConfig.model_validate({"directory": path.parent.resolve(), **content})
    except ValidationError as error:
        raise DataError(_explain(path, error)) from None
    if not config.dossiers and not config.events:
        raise DataError(
            _("{path}: chưa khai báo hồ sơ. Hãy thêm ít nhất một khối [[dossiers]] hoặc [[events]].").format(path=path)
        )
    return config


def matching_files(config: ProvinceConfig, block: FileBlock, *, name: str) -> list[Path]:
    """The files of a block in the order of their names; Excel's lock files are passed over.

    Raises DataError where there is none.
    """
    pattern = block.path
    start = config.directory
    if Path(pattern).is_absolute():
        start, pattern = Path(Path(pattern).anchor), str(Path(pattern).relative_to(Path(pattern).anchor))
    if any(sign in pattern for sign in "*?["):
        found = sorted(file for file in start.glob(pattern) if file.is_file() and not file.name.startswith("~$"))
    else:
        found = [start / pattern] if (start / pattern).exists() else []
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
            lines.append(_("- {key}: giá trị không dùng được ({reason}).").format(key=key, reason=fault["msg"]))
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
        "dossiers": DossiersBlock,
        "events": EventsBlock,
    }
    model = ProvinceConfig if len(location) == 1 else blocks.get(str(location[0]))
    return sorted(set(model.model_fields) - {"directory"}) if model else []
