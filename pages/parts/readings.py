"""The two readings of "on time" on the page: both rates, what leads from one to the other, the dossiers behind it."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import polars as pl
import streamlit as st

from indicators import indicator
from indicators.filters import Filters
from indicators.readings import Bridge, bridge, difference_dossiers, reason
from indicators.readings_sheet import RATES, dossiers_sheet, write_readings
from indicators.windows import Window
from language import _
from language.formats import NOTHING, date, number, percent, percentage_points
from pages.parts.address import write
from pages.parts.explore_downloads import MOST_ROWS_XLSX, as_csv, as_parquet, downloads
from pages.parts.screen import Screen
from pages.parts.state import change_view, current_view
from pages.parts.table import Cell, Column, Row, table
from warehouse import Snapshot

_PAGE = 50
# What stands in the address for the dossiers of all reasons.
_EVERY = "tat-ca"


def draw_readings(screen: Screen) -> None:
    """Why the two official on-time rates differ in the view's period, for its filters."""
    found = _bridge(screen.snapshot, screen.snapshot.id, screen.filters, screen.period.window)
    if not found.decision_766[1]:
        st.info(_("Không có hồ sơ nào trong kỳ và bộ lọc này."), icon=":material/filter_alt_off:")
        return
    _draw_rates(found)
    st.caption(
        _(
            "Biểu II.06 chỉ xét hồ sơ đã giải quyết trong kỳ. Quyết định 766 xét mọi hồ sơ có trong kỳ, kể cả đang "
            "giải quyết, rút và dừng. Bấm vào một lý do để xem từng hồ sơ."
        )
    )
    _draw_bridge(found, screen.view.reading)
    if found.differences:
        _draw_dossiers(screen, found)


def draw_link(screen: Screen, rates: Mapping[str, float | None]) -> None:
    """On another screen, under both rates: by how much they differ, and the way to the dossiers behind it."""
    ii06, decision = (rates[id_] for id_ in RATES)
    if ii06 is None or decision is None or ii06 == decision:
        return
    st.page_link(
        "pages/explore.py",
        label=_("Hai cách tính đúng hạn chênh nhau {difference}: xem vì những hồ sơ nào").format(
            difference=percentage_points(decision - ii06).lstrip("+−")
        ),
        icon=":material/balance:",
        query_params=write(screen.view.with_changes(bench="readings")),
    )


@st.cache_resource(max_entries=100, show_spinner=False)
def _bridge(_snapshot: Snapshot, snapshot_id: str, filters: Filters, window: Window) -> Bridge:
    return bridge(_snapshot, filters=filters, window=window)


def _draw_rates(found: Bridge) -> None:
    (good, judged), (good_766, judged_766) = found.ii06, found.decision_766
    rate, rate_766 = good / judged if judged else None, good_766 / judged_766
    difference = None if rate is None else rate_766 - rate
    left, right, between = st.columns(3, gap="medium", border=True)
    for column, id_, value, part, whole, text in (
        (left, RATES[0], rate, good, judged, _("{part} đúng hạn / {whole} đã giải quyết")),
        (right, RATES[1], rate_766, good_766, judged_766, _("{part} đúng hạn / {whole} hồ sơ có trong kỳ")),
    ):
        declared = indicator(id_)
        with column:
            st.metric(declared.name, percent(value), help=declared.definition)
            st.caption(text.format(part=number(part), whole=number(whole)))
    with between:
        st.metric(_("QĐ 766 so với biểu II.06"), percentage_points(difference))
        count = sum(count for _reason, count in found.differences)
        st.caption(_("do {count} hồ sơ mà hai cách tính xử lý khác nhau").format(count=number(count)))


def _draw_bridge(found: Bridge, chosen: str) -> None:
    """From one fraction to the other, reason by reason; each line says by how much it moves both numbers."""
    (good, judged), (good_766, judged_766) = found.ii06, found.decision_766
    rows = [_sum_row(_("Biểu II.06"), good, judged, 0)]
    for rank, (one, count) in enumerate(found.differences, start=1):
        on_time, among = (one.decision_766[place] - one.ii06[place] for place in (0, 1))
        cells: list[Cell] = [
            (one.name, one.effect),
            number(count),
            number(on_time * count, signed=True) if on_time else NOTHING,
            number(among * count, signed=True) if among else NOTHING,
        ]
        sort = [rank, count, on_time * count, among * count]
        rows.append(Row(cells=cells, sort=sort, code=one.id, chosen=one.id == chosen))
    rows.append(_sum_row(_("Quyết định 766"), good_766, judged_766, len(rows)))
    columns = [
        Column(label=_("Từ biểu II.06 đến Quyết định 766")),
        Column(label=_("Số hồ sơ"), number=True),
        Column(label=_("Đúng hạn"), number=True, help=_("Thêm vào hoặc bớt khỏi tử số")),
        Column(label=_("Trên tổng số"), number=True, help=_("Thêm vào mẫu số")),
    ]
    table(_("Vì sao hai tỷ lệ đúng hạn khác nhau"), columns, rows, key="readings_bridge", on_pick=_pick)


def _pick(reason_id: str) -> None:
    """A click on a line of the bridge shows its dossiers; a second click puts them away."""
    if reason_id:
        change_view(reading="" if current_view().reading == reason_id else reason_id, list_page=1)


def _sum_row(name: str, good: int, judged: int, rank: int) -> Row:
    rate = percent(good / judged if judged else None)
    return Row(
        cells=[f"{name}: {rate}", "", number(good), number(judged)], sort=[rank, None, good, judged], strong=True
    )


def _draw_dossiers(screen: Screen, found: Bridge) -> None:
    counts = {one.id: count for one, count in found.differences}
    total, chosen = sum(counts.values()), screen.view.reading
    everyone = _("Xem {count} hồ sơ tạo nên chênh lệch").format(count=number(total))
    if chosen in counts:
        st.markdown(f"##### {reason(chosen).name}: " + _("{count} hồ sơ").format(count=number(counts[chosen])))
        _draw_list(screen, (chosen,), counts[chosen])
    elif chosen == _EVERY:
        st.markdown("##### " + _("Mọi lý do: {count} hồ sơ").format(count=number(total)))
        _draw_list(screen, (), total)
    if chosen != _EVERY:
        changes = {"reading": _EVERY, "list_page": 1}
        st.button(everyone, on_click=change_view, kwargs=changes, icon=":material/list_alt:", key="readings_all")

    def all_of_them() -> pl.DataFrame:
        return difference_dossiers(screen.snapshot, filters=screen.filters, window=screen.period.window)

    def workbook() -> bytes:
        out = BytesIO()
        write_readings(out, screen.snapshot, found, all_of_them(), filters=screen.filters)
        return out.getvalue()

    downloads(
        screen,
        "hai-cach-tinh-dung-han",
        xlsx=workbook if total <= MOST_ROWS_XLSX else None,
        csv=lambda: as_csv([all_of_them()]),
        parquet=lambda: as_parquet([all_of_them()]),
    )


def _draw_list(screen: Screen, reasons: tuple[str, ...], count: int) -> None:
    """One page of the dossiers; the reason stands beside each where several are shown."""
    pages = -(-count // _PAGE)
    page = min(screen.view.list_page, pages)
    frame = _page(screen.snapshot, screen.snapshot.id, screen.filters, screen.period.window, reasons, page)
    texts = dossiers_sheet(screen.snapshot, frame).frame
    columns = [Column(label=_("Hồ sơ")), Column(label=_("Thủ tục, kênh nộp"))]
    columns += [] if reasons else [Column(label=_("Lý do, cách tính"))]
    times = {
        "received_at": _("Tiếp nhận"),
        "due_at": _("Hẹn trả"),
        "closed_at": _("Kết thúc"),
        "supplement_requested_at": _("Yêu cầu bổ sung"),
    }
    columns += [Column(label=label, number=True) for label in times.values()]
    rows = []
    for place, row in enumerate(texts.iter_rows(named=True)):
        cells: list[Cell] = [(row["dossier_id"], row["commune"]), (row["procedure"], row["channel"])]
        cells += [] if reasons else [(row["reason"], row["effect"])]
        cells += [date(row[name]) for name in times]
        sort: list[float | str | None] = [row["dossier_id"], row["procedure"], *([] if reasons else [place])]
        sort += [None if row[name] is None else str(row[name]) for name in times]
        rows.append(Row(cells=cells, sort=sort, code=row["dossier_id"]))
    caption = _("Hồ sơ mà hai cách tính xử lý khác nhau")
    table(caption, columns, rows, key="readings_dossiers", height=520, on_pick=_open_dossier)
    if pages > 1:
        # A key of its own for each page: the address says which one is shown, not what the widget remembers.
        key = f"readings_page_{page}_of_{pages}_{'_'.join(reasons)}"
        st.pagination(pages, default=page, key=key, on_change=_turn, args=(key,))


def _open_dossier(dossier_id: str) -> None:
    """A click on a dossier: its steps, in the list of dossiers."""
    change_view(bench="dossiers", search=dossier_id, dossier=dossier_id, list_page=1)


def _turn(key: str) -> None:
    change_view(list_page=st.session_state[key])


@st.cache_data(max_entries=60, show_spinner=False)
def _page(
    _snapshot: Snapshot, snapshot_id: str, filters: Filters, window: Window, reasons: tuple[str, ...], page: int
) -> pl.DataFrame:
    return difference_dossiers(
        _snapshot, filters=filters, window=window, reasons=reasons, size=_PAGE, before=_PAGE * (page - 1)
    )
