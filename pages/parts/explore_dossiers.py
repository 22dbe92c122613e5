"""Danh sách hồ sơ: dossiers in one state, page by page, and the steps of the one that is clicked."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import polars as pl
import streamlit as st

from indicators.dossiers import PAGE, Selection, count_dossiers, dossier_page, dossier_pieces
from indicators.filters import Filters
from indicators.source_sheet import about
from indicators.windows import Window
from indicators.workbook import Column, Kind, Sheet, write_workbook
from language import _
from language.formats import NOTHING, date, duration, number
from pages.parts.explore_dossier import draw_dossier
from pages.parts.explore_downloads import MOST_ROWS_XLSX, as_csv, as_parquet, downloads
from pages.parts.explore_grid import Cell, Head, Row, Sorting, grid
from pages.parts.explore_words import days_over_text, headings, state_name, state_names
from pages.parts.filters import channel_name
from pages.parts.picker import Option, picker
from pages.parts.plain import few
from pages.parts.screen import Screen
from pages.parts.state import change_view
from warehouse import Snapshot

# A file of more rows than this would fill the server's memory while it is handed over.
MOST_ROWS = 1_000_000
_MOST_SEARCHED = 60
_OPEN = ("open", "open_late", "due_soon", "submitted")
_TALL = 640


@st.cache_data(max_entries=100, show_spinner=False)
def _count(_snapshot: Snapshot, snapshot_id: str, window: Window, filters: Filters, state: str, search: str) -> int:
    return count_dossiers(_snapshot, Selection(window=window, filters=filters, state=state, search=search))


def selection(screen: Screen) -> Selection:
    """What the view asks for; words that mean nothing were passed over when the address was read."""
    view = screen.view
    return Selection(
        window=screen.period.window,
        filters=screen.filters,
        state=view.state,
        search=view.search[:_MOST_SEARCHED],
        sort=view.sort.removeprefix("-"),
        descending=view.sort.startswith("-"),
    )


def draw_dossiers(screen: Screen) -> None:
    """The filters of the list, one page of it, the dossier chosen, and the downloads."""
    chosen = selection(screen)
    _pick(screen, chosen)
    total = _count(screen.snapshot, screen.snapshot.id, chosen.window, chosen.filters, chosen.state, chosen.search)
    until = date(chosen.window.ends)
    if chosen.search:
        words = _("Tìm theo mã bỏ qua kỳ và mọi bộ lọc. Tình trạng tính đến hết ngày {until}.")
    else:
        words = _("Tình trạng tính đến hết ngày {until}; những gì xảy ra sau ngày đó không được tính.")
    st.caption(words.format(until=until))
    if not total:
        if chosen.search:
            nothing = _("Không có hồ sơ nào có mã bắt đầu bằng “{code}” tính đến {until}.")
            st.info(nothing.format(code=few([chosen.search]), until=until), icon=":material/search_off:")
        else:
            st.info(_("Không có hồ sơ nào như vậy trong kỳ và bộ lọc này."), icon=":material/filter_alt_off:")
    else:
        _draw_page(screen, chosen, total)
        _draw_downloads(screen, chosen, total)


def _pick(screen: Screen, chosen: Selection) -> None:
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    with left:
        picker(
            _("Tình trạng"),
            [Option(value=value, label=name) for value, name in state_names().items()],
            [chosen.state],
            key="dossier_state",
            on_pick=lambda values: change_view(state=values[0], list_page=1, dossier="", search="") if values else None,
            clearable=False,
        )
    with right:
        st.session_state["dossier_search"] = chosen.search
        st.text_input(
            _("Mã hồ sơ"),
            key="dossier_search",
            placeholder=_("Gõ mã, hoặc phần đầu của mã"),
            max_chars=_MOST_SEARCHED,
            on_change=lambda: change_view(search=st.session_state["dossier_search"].strip(), list_page=1, dossier=""),
        )


def _draw_page(screen: Screen, chosen: Selection, total: int) -> None:
    pages = -(-total // PAGE)
    page = min(screen.view.list_page, pages)
    frame = dossier_page(screen.snapshot, chosen, page)
    opened = screen.view.dossier
    if opened:
        listing, details = st.columns([5, 7], gap="medium")
        with details:
            draw_dossier(screen, opened)
    else:
        listing = st.container()
    with listing:
        _draw_list(frame, chosen, opened=opened, minutes_per_day=screen.minutes_per_day)
        _turn_pages(page, pages, total)


def _draw_list(frame: pl.DataFrame, chosen: Selection, *, opened: str, minutes_per_day: int) -> None:
    heads = [
        Head(label=_("Hồ sơ"), code="dossier_id"),
        Head(label=_("Tình trạng"), code="days_over", help=_("Bấm để xếp theo số ngày quá hẹn")),
        Head(label=_("Xã, phường"), code="commune"),
        Head(label=_("Thủ tục"), code="procedure"),
        Head(label=_("Tiếp nhận"), code="received_at"),
        Head(label=_("Hẹn trả"), code="due_at"),
        Head(label=_("Kết thúc"), code="closed_at"),
        Head(label=_("Thời gian giải quyết"), code="processing_minutes", number=True),
    ]
    # Beside an open dossier there is room for two columns, and the commune moves under the code.
    shown = 2 if opened else len(heads)
    rows = []
    for row in frame.iter_rows(named=True):
        where = row["commune"] or _("Đơn vị cũ bị chia tách")
        cells: list[Cell] = [
            (row["dossier_id"], where if opened else channel_name(row["channel"] or "")),
            _state_cell(row),
            where,
            (row["procedure"] or row["procedure_code"] or _("không rõ thủ tục"), row["field"] or ""),
            *(_moment(row[name]) for name in ("received_at", "due_at", "closed_at")),
            duration(row["processing_minutes"], minutes_per_day),
        ]
        rows.append(Row(cells=cells[:shown], sort=[], code=row["dossier_id"], chosen=row["dossier_id"] == opened))
    grid(
        _("Danh sách hồ sơ"),
        heads[:shown],
        rows,
        key="dossiers",
        height=_TALL,
        sorting=Sorting(chosen.sort, chosen.descending),
        on_sort=lambda order: change_view(sort=f"{'-' if order.descending else ''}{order.code}", list_page=1),
        on_pick=lambda code: change_view(dossier="" if code == opened else code),
    )


def _moment(value: dt.datetime | None) -> Cell:
    return NOTHING if value is None else (date(value), f"{value:%H:%M}")


def _state_cell(row: dict[str, Any]) -> Cell:
    parts = [days_over_text(row["days_over"], is_open=row["state"] in _OPEN)]
    parts += [_("đang chờ bổ sung")] if row["is_waiting"] else []
    note = " · ".join(part for part in parts if part)
    return state_name(row["state"]), note, "worse" if row["state"] in ("open_late", "late") else ""


def _turn_pages(page: int, pages: int, total: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            _("Trang trước"),
            key="page_before",
            icon=":material/chevron_left:",
            disabled=page <= 1,
            on_click=change_view,
            kwargs={"list_page": page - 1},
        )
        st.button(
            _("Trang sau"),
            key="page_after",
            icon=":material/chevron_right:",
            disabled=page >= pages,
            on_click=change_view,
            kwargs={"list_page": page + 1},
        )
        words = _("{total} hồ sơ · trang {page}/{pages}")
        st.markdown(words.format(total=number(total), page=number(page), pages=number(pages)), width="content")


def _draw_downloads(screen: Screen, chosen: Selection, total: int) -> None:
    snapshot = screen.snapshot
    if total > MOST_ROWS:
        words = _("Danh sách có hơn {most} hồ sơ: hãy thu hẹp kỳ hoặc bộ lọc để tải về.")
        st.caption(words.format(most=number(MOST_ROWS)))
        return
    given = about(
        snapshot,
        _("Danh sách hồ sơ: {state}").format(state=state_names()[chosen.state].lower()),
        window=chosen.window,
        filters=chosen.filters.given(),
        notes=[
            _("Tình trạng tính đến hết ngày {until}.").format(until=date(chosen.window.ends)),
            _("Danh sách không có dữ liệu cá nhân: không có tên, số giấy tờ, địa chỉ hay mã của người nộp và cán bộ."),
        ],
    )
    too_long = total > MOST_ROWS_XLSX
    note = _("XLSX nhận nhiều nhất {most} dòng; danh sách này hãy tải CSV hoặc Parquet.")
    downloads(
        screen,
        "ho-so",
        xlsx=None if too_long else lambda: _workbook(snapshot, chosen, total, given),
        csv=lambda: as_csv(dossier_pieces(snapshot, chosen)),
        parquet=lambda: as_parquet(dossier_pieces(snapshot, chosen)),
        note=note.format(most=number(MOST_ROWS_XLSX)) if too_long else "",
    )


def _workbook(snapshot: Snapshot, chosen: Selection, total: int, given: Any) -> bytes:
    frame = dossier_page(snapshot, chosen, size=max(total, 1))
    names = headings()
    kinds: dict[Any, Kind] = {pl.Datetime: "date_time", pl.Int32: "count", pl.Int64: "count"}
    words = frame.with_columns(
        pl.col("state").replace({state: state_name(state) for state in frame["state"].unique()}),
        pl.col("channel").replace({channel: channel_name(channel) for channel in ("online", "in_person", "postal")}),
    )
    columns = [
        Column(heading=names[name], kind=kinds.get(kind.base_type(), "text")) for name, kind in words.schema.items()
    ]
    out = BytesIO()
    write_workbook(out, [Sheet(name=_("Danh sách hồ sơ"), frame=words, columns=columns)], given)
    return out.getvalue()
