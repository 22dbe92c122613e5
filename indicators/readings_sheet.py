"""The bridge between the two readings of "on time" and its dossiers as a workbook."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import polars as pl

from indicators.catalogue import indicators
from indicators.filters import Filters
from indicators.readings import REASONS, Bridge, reason
from indicators.words import value_in_words
from indicators.workbook import Column, Sheet, about, write_workbook
from language import _
from warehouse import Snapshot

RATES = ("on_time_rate_ii06", "on_time_rate_766")


def bridge_frame(found: Bridge) -> pl.DataFrame:
    """A row a reason that occurs, then the totals: `reason, dossiers` and what each adds to the two rates."""
    rows: list[tuple[str, int, int, int, int, int]] = []
    for id_, count in found.frame.filter(pl.col("dossiers") > 0).iter_rows():
        one = reason(id_)
        rows.append((one.name, count, *(part * count for part in (*one.ii06, *one.decision_766))))
    total = int(found.frame["dossiers"].sum())
    rows.append((_("Tổng số"), total, *found.ii06, *found.decision_766))
    names = ("reason", "dossiers", "ii06_on_time", "ii06_judged", "decision_766_on_time", "decision_766_judged")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64) | {"reason": pl.String}, orient="row")


def dossiers_sheet(snapshot: Snapshot, dossiers: pl.DataFrame) -> Sheet:
    """An answer of `difference_dossiers` with Vietnamese headings and words."""
    words = {one.id: one.name for one in REASONS} | {one.id + "_effect": one.effect for one in REASONS}
    frame = dossiers.select(
        "dossier_id",
        "commune_code",
        value_in_words(snapshot, "commune", dossiers["commune_code"]).alias("commune"),
        value_in_words(snapshot, "procedure", dossiers["procedure_code"]).alias("procedure"),
        "field",
        value_in_words(snapshot, "channel", dossiers["channel"]).alias("channel"),
        pl.col("reason").replace(words).alias("reason"),
        (pl.col("reason") + "_effect").replace(words).alias("effect"),
        "received_at",
        "due_at",
        "closed_at",
        "supplement_requested_at",
        "repeat_supplement_requested_at",
    )
    times = (
        _("Tiếp nhận"),
        _("Hẹn trả"),
        _("Kết thúc"),
        _("Yêu cầu bổ sung lần đầu"),
        _("Yêu cầu bổ sung lần hai"),
    )
    texts = (
        _("Mã hồ sơ"),
        _("Mã đơn vị"),
        _("Đơn vị"),
        _("Thủ tục"),
        _("Lĩnh vực"),
        _("Kênh nộp"),
        _("Lý do"),
        _("Cách tính"),
    )
    columns = [Column(heading=text) for text in texts] + [Column(heading=time, kind="date_time") for time in times]
    return Sheet(name=_("Hồ sơ tạo chênh lệch"), frame=frame, columns=columns)


def write_readings(
    out: Path | BytesIO, snapshot: Snapshot, found: Bridge, dossiers: pl.DataFrame, *, filters: Filters
) -> None:
    """The bridge on one sheet, its dossiers on the next, then the sources; raises CallError."""
    columns = [
        Column(heading=_("Lý do")),
        *(
            Column(heading=heading, kind="count")
            for heading in (
                _("Hồ sơ"),
                _("II.06: đúng hạn (tử số)"),
                _("II.06: đã giải quyết (mẫu số)"),
                _("QĐ 766: đúng hạn (tử số)"),
                _("QĐ 766: hồ sơ trong kỳ (mẫu số)"),
            )
        ),
    ]
    title = _("Hai cách tính đúng hạn")
    sheets = [
        Sheet(name=title, frame=bridge_frame(found), columns=columns),
        dossiers_sheet(snapshot, dossiers),
    ]
    wanted = indicators(RATES)
    write_workbook(out, sheets, about(snapshot, title, window=found.window, filters=filters.given(), indicators=wanted))
