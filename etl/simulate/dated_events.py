"""The dated events that a simulated province has written down: most of what was planted, as its office knows it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping

from etl.simulate.clock import FIRST_DAY
from etl.simulate.province import Change, Province

HEADINGS = ("Ngày", "Đến ngày", "Mã xã", "Đơn vị", "Loại", "Nội dung", "Nguồn")
OUTAGE = "Sự cố phần mềm một cửa"
_SOURCE = "Sổ theo dõi của Văn phòng UBND tỉnh (mô phỏng)"


def dated_events(province: Province, *, names: Mapping[str, str]) -> str:
    """The demo's `dated_events.csv`; `names` are full names by code.

    A leader who is often away stands in no file: that change is left for the figures to show.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    rows: list[tuple[dt.date, dt.date | None, str, str, str, str]] = []
    for change in province.changes:
        if change and change.presence[1] >= change.presence[0]:
            name = names[change.commune_code]
            rows.append((change.date, None, change.commune_code, name, _kind(change), change.cause))
    if province.outage:
        first, end = (FIRST_DAY + dt.timedelta(days=day) for day in province.outage)
        rows.append((first, end - dt.timedelta(days=1), "", "", "Sự cố", OUTAGE))
    for starts, ends, *rest in sorted(rows, key=lambda row: (row[0], row[2])):
        writer.writerow([f"{starts:%d/%m/%Y}", f"{ends:%d/%m/%Y}" if ends else "", *rest, _SOURCE])
    return text.getvalue()


def _kind(change: Change) -> str:
    return "Ủy quyền" if change.sign_rounds[0] != change.sign_rounds[1] else "Nhân sự"
