"""What a reader of form II.06 must know: the choices that the form leaves open, and how many dossiers each moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from indicators.filters import Filters
from indicators.windows import Window
from indicators.words import filters_in_words
from language import _, formats
from warehouse import Snapshot


def form_notes(
    snapshot: Snapshot,
    *,
    frame: pl.DataFrame,
    total: Mapping[str, Any],
    filters: Filters,
    asked: Window,
    known: Window,
    by: str,
) -> tuple[str, ...]:
    """The notes under the form, in its order of columns; `total` counts what the notes mention."""

    def count(name: str) -> str:
        return formats.number(total[name])

    notes = [
        _(
            "Cột 3 đến 6: tính hồ sơ theo ngày tiếp nhận; hồ sơ mới đăng ký và hồ sơ không được tiếp nhận không tính. "
            "Cột 3 bằng cột 7 + 11 + 14; cột 6 bằng cột 11 của kỳ trước."
        ),
        _(
            "Cột 8 đến 10: so ngày có kết quả với ngày hẹn trả theo ngày, không theo giờ; trước ngày hẹn là trước hạn, "
            "đúng ngày hẹn là đúng hạn. Không có ngày hẹn trả thì so với hạn của thủ tục; không có cả hai thì tính là "
            "đúng hạn ({resolved} hồ sơ)."
        ).format(resolved=count("resolved_no_due")),
        _(
            "Cột 12, 13: hồ sơ chờ bổ sung hoặc chờ nghĩa vụ tài chính xếp theo ngày hẹn trả như mọi hồ sơ khác; không "
            "có ngày hẹn trả thì tính là trong hạn ({pending} hồ sơ)."
        ).format(pending=count("pending_no_due")),
        _(
            "Cột 14 là cột bổ sung, biểu chính thức không có: hồ sơ công dân xin rút hoặc dừng xử lý. Có phần mềm cộng "
            "số này vào cột 9."
        ),
    ]
    if total["received_by_unknown"]:
        notes.append(_("Cột 5 gồm cả {unknown} hồ sơ không ghi kênh nộp.").format(unknown=count("received_by_unknown")))
    if by == "commune" and frame["key"].null_count():
        notes.append(
            _(
                "Dòng “Đơn vị cũ bị chia tách”: hồ sơ có từ trước sắp xếp của các đơn vị cũ nay thuộc nhiều xã, "
                "phường, không quy được về một đơn vị."
            )
        )
    if known.ends < asked.ends:
        notes.append(_("Kỳ chưa trọn: số liệu mới đến hết ngày {ends}.").format(ends=formats.date(known.ends)))
    narrowed = replace(filters, commune=()) if len(filters.commune) == 1 else filters
    if given := filters_in_words(snapshot, narrowed.given()):
        notes.append(_("Chỉ tính: {filters}.").format(filters="; ".join(f"{name}: {values}" for name, values in given)))
    return tuple(notes)
