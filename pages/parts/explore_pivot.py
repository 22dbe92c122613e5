"""Bảng chéo: one or two dimensions by up to five indicators, with totals computed again."""

from __future__ import annotations

from typing import Any

import streamlit as st

from charts.values import interval_text, value_text
from indicators import CATALOGUE, DIMENSIONS, CallError, Indicator
from indicators.filters import Filters
from indicators.pivot import MOST_INDICATORS, TOTAL, Figure, Pivot, pivot, suppressed, tells_of_persons
from indicators.pivot_sheet import named_frame, pivot_workbook
from indicators.pivot_words import in_order
from indicators.printing import dimension_name
from indicators.source_sheet import about
from indicators.windows import Window
from language import _
from language.formats import NOTHING, number
from pages.parts.address import DEFAULT_FIGURES
from pages.parts.definitions import definition, indicator_options
from pages.parts.explore_downloads import as_csv, as_parquet, downloads
from pages.parts.explore_grid import Cell, Head, Row, grid
from pages.parts.picker import Option, picker
from pages.parts.screen import Screen
from pages.parts.state import change_view
from warehouse import Snapshot

_TALL = 620
_KNOWN = {one.id for one in CATALOGUE}


@st.cache_data(max_entries=40, show_spinner=False)
def _table(
    _snapshot: Snapshot,
    snapshot_id: str,
    ids: tuple[str, ...],
    rows: str,
    columns: str,
    filters: Filters,
    window: Window,
) -> dict[str, Any]:
    # Indicators hold expressions, which do not go into the cache: they are put back by `_computed`.
    table = pivot(_snapshot, ids, rows=rows, columns=columns, filters=filters, window=window)
    return {name: value for name, value in vars(table).items() if name != "indicators"}


def _computed(screen: Screen, ids: tuple[str, ...], rows: str, columns: str) -> Pivot:
    kept = _table(screen.snapshot, screen.snapshot.id, ids, rows, columns, screen.filters, screen.period.window)
    return Pivot(**kept, indicators=[one for name in ids for one in CATALOGUE if one.id == name])


def draw_pivot(screen: Screen) -> None:
    """The choice of dimensions and indicators, the table, and its downloads."""
    view = screen.view
    ids = tuple(name for name in view.figures if name in _KNOWN) or DEFAULT_FIGURES
    columns = view.columns if view.columns != view.rows else ""
    _pick(view.rows, columns, ids)
    try:
        table = _computed(screen, ids, view.rows, columns)
    except CallError as error:
        st.info(str(error), icon=":material/table_chart:")
        return
    if not table.row_values:
        st.info(_("Không có hồ sơ nào trong kỳ và bộ lọc này."), icon=":material/filter_alt_off:")
        return
    _draw_table(screen, table)
    st.caption(
        _(
            "“{nothing}”: không phát sinh, khác với 0. Chữ nghiêng xám: dưới số hồ sơ tối thiểu, chưa đủ để đánh giá. "
            "Hàng và cột “Tất cả” được tính lại từ hồ sơ, không cộng hay lấy trung bình các tỷ lệ; số đang giải quyết "
            "theo thời gian là số vào ngày cuối của từng kỳ."
        ).format(nothing=NOTHING)
    )
    _draw_downloads(screen, table)


def _pick(rows: str, columns: str, ids: tuple[str, ...]) -> None:
    options = [Option(value=one, label=dimension_name(one)) for one in DIMENSIONS]
    first, second, third, last = st.columns([3, 3, 10, 1], gap="small")
    with first:
        picker(
            _("Hàng"),
            options,
            [rows],
            key="pivot_rows",
            on_pick=lambda values: change_view(rows=values[0] if values else "commune"),
            clearable=False,
        )
    with second:
        picker(
            _("Cột"),
            [one for one in options if one.value != rows],
            [columns] if columns else [],
            key="pivot_columns",
            on_pick=lambda values: change_view(columns=values[0] if values else ""),
            placeholder=_("Không chia cột"),
        )
    with third:
        picker(
            _("Chỉ tiêu (nhiều nhất {most})").format(most=MOST_INDICATORS),
            indicator_options(),
            ids,
            key="pivot_figures",
            on_pick=lambda values: change_view(figures=values[:MOST_INDICATORS] or DEFAULT_FIGURES),
            multiple=True,
        )
    meaning = _("Ý nghĩa của chỉ tiêu")
    with last:
        st.space("small")
    with last, st.popover("", icon=":material/info:", help=meaning, key="pivot_meaning", type="tertiary"):
        for one in CATALOGUE:
            if one.id in ids:
                st.markdown(f"**{one.name}**")
                for text in definition(one):
                    st.markdown(text)


def _draw_table(screen: Screen, table: Pivot) -> None:
    names = in_order(screen.snapshot, table.columns, table.column_values) if table.columns else {}
    columns: list[tuple[Any, str]] = [*names.items(), (TOTAL, _("Tất cả"))]
    heads = [Head(label=dimension_name(table.rows))]
    heads += [
        Head(
            label=one.name if len(table.indicators) > 1 or not names else name,
            number=True,
            edge=place == 0,
            help=f"{one.name}: {one.definition}",
        )
        for _value, name in columns
        for place, one in enumerate(table.indicators)
    ]
    rows = []
    for rank, (row, name) in enumerate(in_order(screen.snapshot, table.rows, table.row_values).items()):
        rows.append(_row(screen, table, row, name, columns, rank))
    rows.append(_row(screen, table, TOTAL, _("Tất cả"), columns, None))
    is_grouped = bool(names) and len(table.indicators) > 1
    caption = ", ".join(one.name for one in table.indicators)
    if names and not is_grouped:
        st.markdown(f"##### {caption}")
    grid(
        _("{indicators} theo {rows}").format(indicators=caption, rows=dimension_name(table.rows).lower()),
        heads,
        rows,
        key="pivot",
        groups=[(name, len(table.indicators)) for _value, name in columns] if is_grouped else [],
        height=_TALL if len(rows) > 14 else None,
    )


def _row(screen: Screen, table: Pivot, row: Any, name: str, columns: list[tuple[Any, str]], rank: int | None) -> Row:
    cells: list[Cell] = [name]
    sort: list[float | str | None] = [rank]
    for column, _name in columns:
        for one in table.indicators:
            figure = table.figure(row, column, one.id)
            cells.append(_cell(one, figure, screen.minutes_per_day))
            sort.append(figure.value)
    return Row(cells=cells, sort=sort, strong=row == TOTAL)


def _cell(indicator: Indicator, figure: Figure, minutes_per_day: int) -> Cell:
    text = value_text(indicator, figure.value, minutes_per_day)
    if not indicator.has_interval or figure.value is None:
        return text
    few = (figure.n or 0) < indicator.min_n
    interval = interval_text(indicator, figure.low, figure.high, minutes_per_day)
    note = "n = " + number(figure.n) + (f" · {interval}" if interval and not few else "")
    return (text, note, "muted" if few else "")


def _draw_downloads(screen: Screen, table: Pivot) -> None:
    snapshot, window, filters = screen.snapshot, screen.period.window, screen.filters
    dimensions = [table.rows, *([table.columns] if table.columns else [])]
    notes = [_("“Tất cả” được tính lại từ hồ sơ, không cộng các dòng.")]
    note = ""
    if tells_of_persons(dimensions, filters):
        note = _(
            "Trong tệp tải về, ô có 1 đến 4 hồ sơ ghi “<5”, một ô khác cùng hàng, cùng cột cũng được che (“…”) để "
            "không suy ra được: thủ tục ít gặp ở một xã có thể cho biết đó là ai."
        )
        notes.append(note)

    def kept() -> Pivot:
        return suppressed(table) if note else table

    names = " × ".join(dimension_name(dimension) for dimension in dimensions)
    given = about(
        snapshot,
        _("Bảng chéo: {names}").format(names=names),
        window=window,
        filters=filters.given(),
        indicators=table.indicators,
        notes=notes,
    )
    downloads(
        screen,
        "bang-cheo",
        xlsx=lambda: pivot_workbook(snapshot, kept(), given),
        csv=lambda: as_csv([named_frame(snapshot, kept())]),
        parquet=lambda: as_parquet([named_frame(snapshot, kept())]),
        note=note,
    )
