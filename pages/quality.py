"""Chất lượng dữ liệu: what was loaded, and whether it is right, complete, clean and alive."""

from __future__ import annotations

import polars as pl
import streamlit as st

from language import _
from language.formats import date_time, days, number, percent
from pages.parts.building import draw_building
from pages.parts.cards import REGISTER, REGISTER_AND_LOG, cards
from pages.parts.quality_alive import draw_alive
from pages.parts.quality_clean import draw_clean
from pages.parts.quality_common import frame, now_of
from pages.parts.quality_complete import draw_complete
from pages.parts.quality_questions import draw_right, findings
from pages.parts.screen import close_screen, open_screen
from warehouse import warehouse_directory

screen = open_screen(_("Chất lượng dữ liệu"), instead=lambda: draw_building(warehouse_directory(), None))
draw_building(warehouse_directory(), screen.snapshot.info)

info = screen.snapshot.info
totals, found = findings(screen)
missing = frame(screen, "missing")
loaded = frame(screen, "sources").filter(pl.col("table_name") == "dossier")
silent = frame(screen, "silent").filter(pl.col("adjusted") < 0.05)
read, refused = int(loaded["rows_read"].sum()), frame(screen, "refused").height
worst = missing.sort("missing", descending=True).row(0, named=True) if missing.height else {"missing": 0, "n": 0}
meanings = {
    "right": (_("Đúng"), _("Số liệu có phản ánh đúng việc đã làm không?")),
    "complete": (_("Đủ"), _("Có dòng nào thất lạc, có thông tin nào còn trống không?")),
    "clean": (_("Sạch"), _("Nguồn còn những lỗi gì, ở đâu, sửa thế nào?")),
    "alive": (_("Sống"), _("Số liệu mới đến đâu, nơi nào không gửi về?")),
}
figures = {
    "right": (
        number(found.height),
        _("điều nên hỏi · {period} · n = {n}").format(period=screen.period.name, n=number(max(totals["n"], default=0))),
    ),
    "complete": (
        percent(1 - worst["missing"] / worst["n"], 2) if worst["n"] else "–",
        _("hồ sơ có đủ cả thông tin hay thiếu nhất · n = {n}").format(n=number(worst["n"])),
    ),
    "clean": (
        number(refused),
        _("dòng bị từ chối · {share} của {n} dòng sổ").format(
            share=percent(refused / read, 2) if read else "–", n=number(read)
        ),
    ),
    "alive": (
        days((now_of(screen) - info.as_of).total_seconds() / 86_400),
        _("từ số liệu mới nhất · {n} đơn vị im lặng khác thường").format(n=number(silent.height)),
    ),
}
cards(
    [
        {
            "name": name,
            "meaning": [meaning],
            "value": figures[key][0],
            "certainty": figures[key][1],
            "comparisons": [],
            "sources": REGISTER_AND_LOG if key in ("right", "alive") else REGISTER,
        }
        for key, (name, meaning) in meanings.items()
    ],
    key="four_words",
)
for key, draw in (("right", draw_right), ("complete", draw_complete), ("clean", draw_clean), ("alive", draw_alive)):
    name, meaning = meanings[key]
    scope = screen.period.dates if key == "right" else _("toàn bộ bản dữ liệu")
    st.subheader(f"{name} · {meaning}", anchor=False, divider="gray")
    st.caption(
        _("Phạm vi: {scope}. Số liệu đến {as_of}, nguồn: {source}.").format(
            scope=scope,
            as_of=date_time(info.as_of),
            source=_("dữ liệu mô phỏng") if info.simulated else _("hệ thống một cửa"),
        )
    )
    draw(screen)
close_screen(screen)
