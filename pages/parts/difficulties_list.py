"""The list of difficulties with its search, and one of them opened beside it."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from indicators.difficulties import categories, common
from indicators.difficulty_signs import strongest, verdict_name
from language import _
from language.formats import number
from pages.parts.controls import pick_one
from pages.parts.difficulties_data import (
    Found,
    day_text,
    department_names,
    log_signs,
    narrowed,
    sign_window,
    state_cell,
    state_is,
)
from pages.parts.difficulties_form import draw_edit, draw_new, draw_removed
from pages.parts.plain import plain, sentence
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.table import Column, Row, table

_TALL = 560
_MOST_ROWS = 300


def draw_list(screen: Screen, found: Found) -> None:
    """Buttons of the states, the search, the list, and what is opened."""
    _draw_search(screen, found)
    draw_removed(screen)
    draw_new(screen, found)
    if found.shown.is_empty():
        st.info(_("Không có vướng mắc nào như vậy. Hãy bỏ bớt bộ lọc."), icon=":material/filter_alt_off:")
        return
    ordered = _pressing_first(found.shown)
    keys = ordered["key"].to_list()
    opened = screen.view.difficulty if screen.view.difficulty in keys else keys[0]
    listing, details = st.columns([3, 2], gap="medium")
    with listing:
        _draw_rows(screen, ordered.head(_MOST_ROWS), opened)
        if len(ordered) > _MOST_ROWS:
            words = _("Đang hiện {shown} vướng mắc cấp bách nhất trong {all}; hãy lọc, hoặc tải về để xem đủ.")
            st.caption(words.format(shown=number(_MOST_ROWS), all=number(len(ordered))))
    with details:
        row = ordered.filter(pl.col("key") == opened).row(0, named=True)
        _draw_details(screen, found, row)


def _draw_search(screen: Screen, found: Found) -> None:
    names = {
        "all": _("Tất cả"),
        "overdue": _("Quá hạn"),
        "open": _("Chưa trả lời"),
        "in_progress": _("Đang xử lý"),
        "answered": _("Đã trả lời"),
        "rejected": _("Không giải quyết"),
    }
    of_all = narrowed(found.everything, screen, answered="all")
    counts = {key: int(of_all.select(state_is(key).sum() if key != "all" else pl.len()).item()) for key in names}
    options = {key: f"{name} ({number(counts[key])})" for key, name in names.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        pick_one(_("Tình trạng"), options, screen.view.answered, attribute="answered")
        if not screen.view.presenting:
            key = "difficulty_search"
            st.session_state[key] = screen.view.difficulty_search
            st.text_input(
                _("Tìm trong nội dung"),
                key=key,
                max_chars=100,
                placeholder=_("Gõ từ cần tìm, không cần dấu"),
                on_change=lambda: change_view(difficulty_search=st.session_state[key].strip(), difficulty=""),
            )


def _pressing_first(shown: pl.DataFrame) -> pl.DataFrame:
    """The longest overdue, then what waits from the oldest on, then what is settled from the newest on."""
    settled = pl.col("state").is_in(["answered", "rejected"])
    return (
        shown.with_columns(
            _settled=settled, _day=pl.when(settled).then(-pl.col("asked_on").cast(pl.Int32)).otherwise("asked_on")
        )
        .sort("overdue_days", "_settled", "_day", "key", descending=[True, False, False, False], nulls_last=True)
        .drop("_settled", "_day")
    )


def _draw_rows(screen: Screen, shown: pl.DataFrame, opened: str) -> None:
    names = categories()
    departments = {name: place for place, name in enumerate(department_names(shown))}
    rows = [
        Row(
            cells=[
                (row["text"], f"{screen.commune_name(row['commune_code'])} · {names[row['category']]}"),
                (row["department"] or _("chưa giao"), ""),
                (
                    day_text(row["asked_on"]),
                    _("hạn {day}").format(day=day_text(row["due_on"])) if row["due_on"] else "",
                ),
                state_cell(row),
            ],
            sort=[rank, departments.get(row["department"]), _days(row), row["overdue_days"]],
            code=row["key"],
            chosen=row["key"] == opened,
        )
        for rank, row in enumerate(shown.iter_rows(named=True))
    ]
    columns = [
        Column(label=_("Vướng mắc")),
        Column(label=_("Sở, ngành")),
        Column(label=_("Ngày nêu")),
        Column(label=_("Tình trạng")),
    ]
    table(
        _("Danh sách vướng mắc"),
        columns,
        rows,
        key="difficulties",
        height=_TALL,
        on_pick=lambda key: change_view(difficulty=key),
    )


def _due(row: dict[str, Any]) -> str:
    return _("hạn {day}").format(day=day_text(row["due_on"])) if row["due_on"] else ""


def _days(row: dict[str, Any]) -> float:
    return float(row["asked_on"].toordinal())


def _draw_details(screen: Screen, found: Found, row: dict[str, Any]) -> None:
    with st.container(border=True):
        st.markdown(f"##### {plain(row['text'])}")
        by_words = _(" (xếp theo từ trong câu)") if row["category_by"] == "words" else ""
        cell = state_cell(row)
        state = " · ".join(part for part in cell[:2] if part) if isinstance(cell, tuple) else cell
        lines = [
            (_("Xã, phường"), screen.commune_name(row["commune_code"])),
            (_("Nhóm"), categories()[row["category"]] + by_words),
            (_("Sở, ngành phải trả lời"), row["department"] or _("chưa giao")),
            (_("Ngày nêu"), day_text(row["asked_on"])),
            (_("Hạn trả lời"), day_text(row["due_on"]) if row["due_on"] else _("không ghi")),
            (_("Tình trạng"), state),
            (_("Trả lời"), row["answer"] or ""),
            (_("Ngày trả lời"), day_text(row["answered_on"]) if row["answered_on"] else ""),
            (_("Số lượt, hồ sơ vướng"), number(row["count"]) if row["count"] else ""),
            (_("Nguồn"), row["source"] or ""),
        ]
        st.markdown("  \n".join(f":gray[{name}:] {plain(value)}" for name, value in lines if value))
        _draw_elsewhere(screen, found, row)
        _draw_sign(screen, row)
        typed = found.typed.get(row["key"])
        if typed is not None:
            draw_edit(screen, found, typed)
        else:
            st.caption(_("Nạp từ danh sách: sửa ở danh sách của xã, phường rồi nạp lại."))


def _draw_elsewhere(screen: Screen, found: Found, row: dict[str, Any]) -> None:
    of_category = found.everything.filter(pl.col("category") == row["category"])
    same = next((one for one in common(of_category) if row["key"] in one.keys), None)
    if same is None:
        return
    others = [screen.commune_name(code) for code in same.communes if code != row["commune_code"]]
    words = _("**{n} đơn vị khác cùng nêu:** {names}")
    st.markdown(words.format(n=number(len(others)), names=plain(", ".join(others))))


def _draw_sign(screen: Screen, row: dict[str, Any]) -> None:
    window = sign_window(screen)
    asked = ((row["commune_code"], row["category"], row["asked_on"]),)
    one = log_signs(screen.snapshot, screen.snapshot.id, asked, window, screen.filters.of_whole_province())
    st.markdown(f"**{verdict_name(strongest(one))}**")
    for sign in one:
        name = f"{sign.measure_name}: " if sign.measure else ""
        st.caption(sentence(f"{name}{sign.sentence}"))
