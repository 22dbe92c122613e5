"""The tables of a brief as an Excel workbook with the sheet that names their source; texts are never formulas."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import polars as pl

from indicators.workbook import About, Column, Sheet, write_workbook
from language import _
from reports.content import Brief
from reports.plain import as_data, headings
from warehouse import SnapshotInfo


def write_sheet(brief: Brief, info: SnapshotInfo) -> bytes:
    """One sheet a list of the brief that holds anything; `info` is of the brief's snapshot."""
    data, words = as_data(brief), headings()
    heads = data["figure_headings"]
    names = ("figure", "since_merger", "last_30_days", "before", "peers", "province", "verdict")
    heads = heads if len(heads) == len(names) else [words[name] for name in names]
    tables = (
        (
            "figures",
            [("label", heads[0]), ("unit", _("Đơn vị tính")), ("since_merger", heads[1]), ("last_30_days", heads[2])]
            + [("before", heads[3]), ("change", words["change"]), ("peers", heads[4]), ("province", heads[5])]
            + [("verdict", heads[6]), ("note", _("Ghi chú")), ("meaning", _("Nghĩa là"))],
        ),
        ("findings", [("sentence", words["findings"])]),
        ("questions", [("text", words["question"]), ("evidence", words["evidence"]), ("minutes", words["minutes"])]),
        (
            "dossiers",
            [("dossier_id", words["dossier"]), ("procedure", words["procedure"]), ("days_text", words["days"])]
            + [("step", words["step"]), ("due_text", words["due"]), ("why", words["why"])],
        ),
        ("time_shares", [("label", words["step"]), ("text", words["days"]), ("share", _("Phần thời gian"))]),
        (
            "promises",
            [("text", words["promise"]), ("department", words["department"]), ("promised_text", _("Hẹn ngày"))]
            + [("due_text", words["due"]), ("verdict_text", words["result"]), ("evidence", words["evidence"])],
        ),
        (
            "difficulties",
            [("text", words["difficulty"]), ("category", _("Nhóm")), ("department", words["department"])]
            + [("asked_on", words["asked_on"]), ("due_text", words["due"]), ("state", words["state"])]
            + [("answer", words["answer"])],
        ),
        (
            "notes",
            [("indicator", words["figure"]), ("text", words["value"]), ("who", _("Ai ghi")), ("when", _("Ngày"))],
        ),
        (
            "profile",
            [("label", words["fact"]), ("value", words["value"]), ("source", words["source"])]
            + [("stated_on_text", words["stated_on"])],
        ),
        ("pieces", [("name", words["pieces"]), ("extent_text", _("Phần nhập về")), ("note", _("Ghi chú"))]),
    )
    named = words | {"time_shares": words["time"]}
    sheets = [
        _sheet(data[name], columns, name=named[name], title=f"{data['title']}: {named[name]}")
        for name, columns in tables
        if data[name]
    ]
    about = About(
        title=data["title"],
        info=info,
        window=brief.window,
        filters=((words["commune"], data["commune_name"]),),
        notes=[text for text in (data["peers_text"], words["signs"], *data["limits"]) if text],
    )
    out = BytesIO()
    write_workbook(out, sheets, about)
    return out.getvalue()


def _sheet(rows: Sequence[dict[str, Any]], columns: Sequence[tuple[str, str]], *, name: str, title: str) -> Sheet:
    frame = pl.DataFrame({key: [row[key] for row in rows] for key, _heading in columns})
    kinds = {"minutes": "count", "share": "rate"}
    return Sheet(
        name=name,
        frame=frame,
        columns=[Column(heading=heading, kind=kinds.get(key, "text")) for key, heading in columns],  # type: ignore[arg-type]
        title=title,
    )
