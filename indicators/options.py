"""What the commands of `python -m indicators` share: their options, reading what was typed, writing the answer."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from indicators.errors import CallError, UnknownValue, WrongDates
from indicators.filters import Filters
from indicators.printing import as_csv, as_json
from language import _
from language.reasons import reason
from warehouse import Snapshot

# Outside these no dossier was ever received, and arithmetic on days would leave the calendar.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class Format(StrEnum):
    """How an answer is printed."""

    table = "table"
    csv = "csv"
    json = "json"


_ENDINGS = {"": Format.table, ".txt": Format.table, ".csv": Format.csv, ".json": Format.json}

From = Annotated[
    str | None, typer.Option("--from", metavar="D", help=_("Từ ngày (2025-07-01 hoặc 01/07/2025), tính cả ngày đó."))
]
To = Annotated[str | None, typer.Option("--to", metavar="D", help=_("Đến ngày, tính cả ngày đó."))]
AsOf = Annotated[
    str | None, typer.Option(metavar="D", help=_("Như đã biết vào cuối ngày này; mặc định: ngày chốt của dữ liệu."))
]
Communes = Annotated[list[str] | None, typer.Option(metavar="CODE", help=_("Chỉ đơn vị này, lặp lại được."))]
Fields = Annotated[list[str] | None, typer.Option(metavar="F", help=_("Chỉ lĩnh vực này, lặp lại được."))]
Procedures = Annotated[list[str] | None, typer.Option(metavar="P", help=_("Chỉ thủ tục này, lặp lại được."))]
Channels = Annotated[
    list[str] | None, typer.Option(metavar="C", help=_("Chỉ kênh này (online, in_person, postal), lặp lại được."))
]
Warehouse = Annotated[str | None, typer.Option(metavar="DIR", help=_("Thư mục kho dữ liệu."))]


def read_filters(
    snapshot: Snapshot,
    *,
    commune: list[str] | None = None,
    field: list[str] | None = None,
    procedure: list[str] | None = None,
    channel: list[str] | None = None,
) -> Filters:
    """The filters typed; a code that does not exist is a slip of the keyboard (UnknownValue), not an answer of 0."""
    filters = Filters(
        commune=tuple(commune or ()),
        field=tuple(field or ()),
        procedure=tuple(procedure or ()),
        channel=tuple(channel or ()),
    )
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
    return filters


def read_date(text: str | None) -> dt.date | None:
    """A day written either way: 2025-07-01 or 01/07/2025."""
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


def file_format(given: Format | None, out: Path | None) -> Format | None:
    """The format asked for, else that of the file's ending, else a table; nothing for a workbook.

    Raises CallError where both a workbook and a format are asked for, and for an ending that promises another format.
    """
    ending = out.suffix.lower() if out else ""
    if ending in _ENDINGS or (given is not None and ending != ".xlsx"):
        return given or _ENDINGS[ending]
    if ending != ".xlsx":
        raise CallError(
            _("--out {file}: không ghi được dạng {ending}. Hãy dùng .xlsx, .csv, .json hoặc .txt.").format(
                file=out, ending=ending
            )
        )
    if given is not None:
        raise CallError(_("Tệp .xlsx có mẫu riêng: hãy bỏ --format, hoặc ghi ra tệp .csv, .json."))
    return None


def write_answer(frame: pl.DataFrame, chosen: Format | None, out: Path | None, *, table: Callable[[], str]) -> None:
    """The frame as CSV or JSON, else what `table` draws for people."""
    match chosen:
        case Format.csv:
            text = as_csv(frame)
        case Format.json:
            text = as_json(frame)
        case _:
            text = table()
    write_text(text, out)


def write_text(text: str, out: Path | None) -> None:
    """Print the answer, or write it to a file."""
    if out is None:
        typer.echo(text, nl=False)
    else:
        try:
            out.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise CallError(
                _("--out {file}: không ghi được ({reason}).").format(file=out, reason=reason(error))
            ) from None


def table_width(out: Path | None) -> int | None:
    """As wide as the terminal; in a file or a pipe as wide as the table needs."""
    return None if out is None and sys.stdout.isatty() else 400
