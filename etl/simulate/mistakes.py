"""A few source errors planted in the demo's registers, and the reviewed file of corrections that mends them again.

What is loaded after the corrections is what was simulated; three further lines show corrections that no longer apply.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Collection

import polars as pl

from etl.corrections import COLUMNS
from etl.simulate.families import MONTH, ORDINARY, family_of_month
from etl.simulate.unit_texts import CHANCE

_OFFICE, _CENTRE = "Văn phòng UBND tỉnh", "Trung tâm Phục vụ hành chính công tỉnh"
_SLIP = dt.timedelta(days=21)


class Mistakes:
    """Spoils one row of each of the first communes that have a fit one; `text` is the file that mends them."""

    def __init__(self, communes: pl.DataFrame, *, state_at: dt.datetime, stale: Collection[int]) -> None:
        self._communes = list(communes.select("commune_code", "full_name").iter_rows())
        self._state_at, self._stale = state_at, stale
        self._lines: list[dict[str, str]] = []
        self._left: list[Callable[[dict[str, object]], dict[str, object]]] = [
            *(self._finished_late, self._promised_a_year_on, self._in_another_unit, self._a_trial),
            *(self._expired, self._mended_since, self._gone),
        ]

    @property
    def text(self) -> str:
        """The file of corrections as CSV; empty where nothing was planted."""
        if not self._lines:
            return ""
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(self._lines)
        return text.getvalue()

    def plant(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The register of one commune with the next mistake in it, where it has a row for that."""
        fit = rows.with_row_index("_row").filter(
            pl.col(MONTH).map_elements(self._is_plain, return_dtype=pl.Boolean),
            pl.col("due_at").is_not_null(),
            pl.col("status").is_in([9, 10]),
            pl.col("finished_at") < self._state_at - 2 * _SLIP,
        )
        if not self._left or fit.is_empty():
            return rows
        row = fit.row(0, named=True)
        spoilt = self._left.pop(0)(row)
        place = row.pop("_row")
        before, after = rows[:place], rows[place + 1 :]
        changed = pl.DataFrame([spoilt], schema=rows.schema)
        if spoilt["dossier_id"] != row["dossier_id"]:
            changed = pl.concat([rows[place : place + 1], changed])
        return pl.concat([before, changed, after])

    def _is_plain(self, month: int) -> bool:
        """Times are written to the second and units by code, and there is no older export of the month."""
        return family_of_month(month) is ORDINARY and month not in self._stale

    def _note(self, row: dict[str, object], action: str, **line: str) -> None:
        self._lines.append({"dossier_id": str(row["dossier_id"]), "action": action, "author": _OFFICE} | line)

    def _finished_late(self, row: dict[str, object]) -> dict[str, object]:
        wrong = _time(row["finished_at"]) + _SLIP
        self._note(
            row,
            "override",
            column_name="finished_at",
            expect=_written(wrong),
            value=_written(row["finished_at"]),
            reason="Nhập nhầm ngày kết thúc; phiếu trả kết quả ghi đúng ngày.",
            author=_CENTRE,
        )
        return row | {"finished_at": wrong}

    def _promised_a_year_on(self, row: dict[str, object]) -> dict[str, object]:
        wrong = _time(row["due_at"]) + dt.timedelta(days=364)
        self._note(
            row,
            "override",
            column_name="due_at",
            expect=_written(wrong),
            value=_written(row["due_at"]),
            reason="Gõ nhầm năm của ngày hẹn; giấy hẹn ghi đúng.",
            until=f"{self._state_at + dt.timedelta(days=90):%d/%m/%Y}",
        )
        return row | {"due_at": wrong}

    def _in_another_unit(self, row: dict[str, object]) -> dict[str, object]:
        own = str(row["commune_code"])
        wrong, name = next(pair for pair in reversed(self._communes) if pair[0] != own)
        self._note(
            row,
            "reassign",
            expect=wrong,
            value=own,
            reason=f"Ý kiến của {name} được chấp nhận: hồ sơ không thuộc đơn vị này.",
        )
        return row | {"commune_code": wrong}

    def _a_trial(self, row: dict[str, object]) -> dict[str, object]:
        trial = row | {"dossier_id": f"{row['dossier_id']}-THU", CHANCE: 0.9}
        self._note(trial, "drop", reason="Hồ sơ thử phần mềm, không phải của người dân.", author=_CENTRE)
        return trial

    def _expired(self, row: dict[str, object]) -> dict[str, object]:
        self._note(
            row,
            "override",
            column_name="due_at",
            expect=_written(row["due_at"]),
            value=_written(_time(row["due_at"]) + _SLIP),
            reason="Tạm lùi ngày hẹn trong thời gian sự cố phần mềm.",
            until=f"{self._state_at - _SLIP:%d/%m/%Y}",
        )
        return row

    def _mended_since(self, row: dict[str, object]) -> dict[str, object]:
        self._note(
            row,
            "override",
            column_name="finished_at",
            expect="(trống)",
            value=_written(row["finished_at"]),
            reason="Đã trả kết quả nhưng chưa ghi ngày kết thúc.",
            author=_CENTRE,
        )
        return row

    def _gone(self, row: dict[str, object]) -> dict[str, object]:
        self._note(
            row | {"dossier_id": f"{row['dossier_id']}-CU"}, "drop", reason="Hồ sơ nhập hai lần trên hệ thống cũ."
        )
        return row


def _time(value: object) -> dt.datetime:
    assert isinstance(value, dt.datetime)
    return value


def _written(value: object) -> str:
    return f"{_time(value):%d/%m/%Y %H:%M:%S}"
