"""The internal process of a procedure as it is declared: steps, their order, and working hours for each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import Field, ValidationError, field_validator

from etl import values
from etl.config import Block, ProvinceConfig, matching_files, shown_path
from etl.errors import DataError
from etl.toml import read_toml
from language import _
from language.reasons import value_reason

PROCESSES = Path(__file__).resolve().parents[1] / "data" / "reference" / "processes.toml"
SCHEMA: dict[str, type[pl.DataType]] = {
    "procedure_code": pl.String,
    "position": pl.Int32,
    "activity": pl.String,
    "hours": pl.Float64,
    "is_optional": pl.Boolean,
    "is_illustrative": pl.Boolean,
    "source": pl.String,
}


class _Step(Block):
    activity: Annotated[str, Field(min_length=1)]
    # Left out: no time is declared.
    hours: Annotated[float | None, Field(ge=0, allow_inf_nan=False)] = None
    optional: bool = False


class _Process(Block):
    procedure_code: str
    source: str = ""
    steps: tuple[_Step, ...]

    @field_validator("steps")
    @classmethod
    def _each_once(cls, steps: tuple[_Step, ...]) -> tuple[_Step, ...]:
        names = [_cleaned(step.activity) for step in steps]
        if len(names) < 2:
            raise ValueError(_("quy trình phải có ít nhất hai bước"))
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(_("bước «{activity}» khai hai lần").format(activity=twice))
        return steps


class _File(Block):
    illustrative: bool = False
    process: tuple[_Process, ...]


def load_processes(config: ProvinceConfig) -> pl.DataFrame:
    """The `process_step` table: the province's own `[processes]`, in its absence our illustrative ones.

    Raises DataError that names the file and the place in it; a process that is half read would accuse wrongly.
    """
    if config.processes is None:
        return read_processes(PROCESSES, shown=PROCESSES.name)
    frames = [
        read_processes(path, shown=shown_path(config, path))
        for path in matching_files(config, config.processes, name="processes")
    ]
    found = pl.concat(frames)
    declared = found.filter(pl.col("position") == 1)["procedure_code"]
    _refuse_doubles(declared.to_list(), config.processes.path)
    return found


def read_processes(path: Path, *, shown: str) -> pl.DataFrame:
    """One file of processes, checked; `shown` is its name in messages."""
    try:
        read = _File.model_validate(read_toml(path, shown=shown))
    except ValidationError as error:
        raise DataError(_explain(shown, error)) from None
    codes = _codes([process.procedure_code for process in read.process])
    for number, (process, code) in enumerate(zip(read.process, codes, strict=True), start=1):
        if code is None:
            raise DataError(
                _("{path}: process.{number}.procedure_code = «{code}»: không phải mã thủ tục; ví dụ 2.000815.").format(
                    path=shown, number=number, code=process.procedure_code
                )
            )
    _refuse_doubles([code or "" for code in codes], shown)
    rows = [
        (code, place, _cleaned(step.activity), step.hours, step.optional, read.illustrative, process.source or shown)
        for process, code in zip(read.process, codes, strict=True)
        for place, step in enumerate(process.steps, start=1)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _cleaned(text: str) -> str:
    """A name as the log's own names are kept."""
    return str(pl.select(values.clean_text(pl.lit(text))).item() or "")


def _codes(texts: list[str]) -> list[str | None]:
    return pl.DataFrame({"code": texts}).select(values.procedure_code(pl.col("code"))).to_series().to_list()


def _refuse_doubles(codes: list[str], shown: str) -> None:
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise DataError(
            _("{path}: thủ tục {code} có hai quy trình. Hãy giữ một quy trình cho mỗi thủ tục.").format(
                path=shown, code=twice
            )
        )


def _explain(shown: str, error: ValidationError) -> str:
    lines = [_("{path}: quy trình khai chưa đúng:").format(path=shown)]
    for fault in error.errors():
        # People count from one.
        key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            lines.append(_("- {key}: không có khoá này.{advice}").format(key=key, advice=""))
        elif fault["type"] == "missing":
            lines.append(_("- {key}: thiếu, phải có.").format(key=key))
        else:
            lines.append(_("- {key}: giá trị không dùng được ({reason}).").format(key=key, reason=value_reason(fault)))
    return "\n".join(lines)
