"""SQL: an analyst's own reading statement over the snapshot, with the tables explained beside it."""

from __future__ import annotations

from io import BytesIO
from math import isfinite, isnan
from typing import Any

import polars as pl
import streamlit as st

from indicators.sandbox import MOST_CHARACTERS, ROWS, SECONDS, SqlAnswer, SqlFault, run_sql
from indicators.sandbox_tables import described, examples
from indicators.source_sheet import about
from indicators.workbook import Column, Kind, Sheet, write_workbook
from language import _
from language.formats import NOTHING, date, date_time, number
from pages.parts.explore_downloads import as_csv, as_parquet, downloads
from pages.parts.explore_grid import Cell, Head, Row, grid
from pages.parts.plain import plain
from pages.parts.screen import Screen
from pages.parts.state import change_view
from warehouse import Snapshot, snapshot_path, warehouse_directory

_SHOWN = 500
# Longer statements still run, but no longer fit into a link that chats and mails carry whole.
_MOST_IN_LINK = 1_500
_KINDS: dict[Any, Kind] = {pl.Date: "date", pl.Datetime: "date_time", pl.Float64: "decimal", pl.Float32: "decimal"}


@st.cache_data(max_entries=8, ttl=600, show_spinner=False)
def _answer(snapshot_id: str, sql: str, language: str, attempt: int) -> SqlAnswer | tuple[str, str]:
    """The answer, or the fault and its detail: kept too, so that a slow statement runs once and not at every click."""
    del language, attempt
    try:
        return run_sql(snapshot_path(warehouse_directory(), snapshot_id), sql)
    except SqlFault as fault:
        return str(fault), fault.detail


def draw_sql(screen: Screen) -> None:
    """The box with its examples, what can be read, and the answer."""
    st.caption(
        _(
            "Chỉ đọc: không sửa được dữ liệu, không đọc tệp, không ra mạng. Mỗi lần một câu lệnh, nhiều nhất {seconds} "
            "giây và {rows} dòng. Câu lệnh không theo các bộ lọc ở bên trái."
        ).format(seconds=SECONDS, rows=number(ROWS))
    )
    sql = screen.view.sql or st.session_state.get("long_sql", "")
    writing, reading = st.columns([3, 2], gap="medium")
    with reading:
        _draw_tables()
    with writing:
        _draw_box(sql)
    if sql:
        _draw_answer(screen, sql)


def _draw_box(sql: str) -> None:
    if st.session_state.get("sql_shown") != sql:
        # The address has moved on: a link, the back button, an example.
        st.session_state["sql_shown"] = sql
        st.session_state["sql_text"] = sql
    st.text_area(
        _("Câu lệnh SQL"),
        key="sql_text",
        height=230,
        max_chars=MOST_CHARACTERS,
        placeholder="select …",
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(_("Chạy"), key="sql_run", type="primary", icon=":material/play_arrow:", on_click=_run)
        with st.popover(_("Ví dụ"), icon=":material/lightbulb:", key="sql_examples"):
            for place, example in enumerate(examples()):
                st.button(
                    example.name,
                    key=f"sql_example_{place}",
                    type="tertiary",
                    on_click=_put,
                    args=(example.sql,),
                )


def _run() -> None:
    _put(st.session_state["sql_text"].strip())


def _put(sql: str) -> None:
    fits = len(sql) <= _MOST_IN_LINK
    change_view(sql=sql if fits else "")
    st.session_state["long_sql"] = "" if fits else sql
    st.session_state["sql_text"] = sql
    st.session_state["sql_shown"] = sql
    st.session_state["sql_attempt"] = st.session_state.get("sql_attempt", 0) + 1


def _draw_tables() -> None:
    st.markdown("**" + _("Các bảng đọc được") + "**")
    with st.container(height=310):
        for table, meaning, columns in described():
            with st.expander(f"`{table}`: {meaning}"):
                st.markdown("\n".join(f"- `{column}`: {plain(words)}" for column, words in columns))


def _draw_answer(screen: Screen, sql: str) -> None:
    if len(sql) > _MOST_IN_LINK:
        st.caption(_("Câu lệnh dài nên không nằm trong liên kết; sao chép câu lệnh để gửi cho người khác."))
    with st.spinner(_("Đang chạy…")):
        answer = _answer(screen.snapshot.id, sql, screen.view.language, st.session_state.get("sql_attempt", 0))
    if isinstance(answer, tuple):
        sentence, detail = answer
        st.warning(plain(sentence), icon=":material/error:")
        if detail:
            with st.expander(_("Thông báo của máy tính toán (tiếng Anh)")):
                st.code(detail[:2_000], language=None, wrap_lines=True)
        return
    frame = answer.frame
    words = _("{rows} dòng trong {seconds} giây.").format(rows=number(frame.height), seconds=number(answer.seconds, 1))
    if answer.is_cut:
        words += " " + _("Còn nữa, nhưng chỉ lấy {rows} dòng đầu; hãy thêm điều kiện hoặc tính gộp.").format(
            rows=number(frame.height)
        )
    if frame.height > _SHOWN:
        words += " " + _("Hiện {shown} dòng đầu; tải về để có đủ.").format(shown=number(_SHOWN))
    st.caption(words)
    _draw_rows(frame)
    snapshot = screen.snapshot
    downloads(
        screen,
        "sql",
        xlsx=lambda: _workbook(snapshot, frame, sql),
        csv=lambda: as_csv([frame]),
        parquet=lambda: as_parquet([frame]),
    )


def _draw_rows(frame: pl.DataFrame) -> None:
    heads = [Head(label=name, number=kind.is_numeric()) for name, kind in frame.schema.items()]
    rows = [
        Row(cells=[_text(value) for value in row], sort=[_sort(value) for value in row])
        for row in frame.head(_SHOWN).iter_rows()
    ]
    grid(_("Kết quả"), heads, rows, key="sql_rows", height=460 if len(rows) > 9 else None)


def _text(value: Any) -> Cell:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, float) and not isfinite(value):
        return _("không phải số") if isnan(value) else "∞" if value > 0 else "−∞"
    if isinstance(value, float):
        return number(value, 0 if value.is_integer() else 2)
    if isinstance(value, int):
        return number(value)
    if hasattr(value, "hour"):
        return date_time(value)
    return date(value) if hasattr(value, "year") else str(value)[:300]


def _sort(value: Any) -> float | str | None:
    if isinstance(value, float) and not isfinite(value):
        # The browser's numbers know no others.
        return None
    return value if value is None or isinstance(value, int | float) else str(value)


def _workbook(snapshot: Snapshot, frame: pl.DataFrame, sql: str) -> bytes:
    columns = [
        Column(heading=name, kind="count" if kind.is_integer() else _KINDS.get(kind.base_type(), "text"))
        for name, kind in frame.schema.items()
    ]
    given = about(snapshot, _("Kết quả câu lệnh SQL"), notes=[_("Câu lệnh: {sql}").format(sql=" ".join(sql.split()))])
    out = BytesIO()
    write_workbook(out, [Sheet(name=_("Kết quả"), frame=frame, columns=columns)], given)
    return out.getvalue()
