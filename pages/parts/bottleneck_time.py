"""Thời gian ở đâu and Ngày giờ: what working time goes into, and at which hours dossiers come and steps are done."""

from __future__ import annotations

import polars as pl
import streamlit as st

from charts.heat_hours import heat_hours_figure, weekday_names
from charts.stacked_bars import Segment, StackedBar, stacked_bars_figure
from indicators.words import stop_words
from language import _
from language.formats import number, percent
from pages.parts import bottleneck_data as data
from pages.parts.bottleneck_words import office_hours, part_name
from pages.parts.controls import pick_one
from pages.parts.plain import sentence
from pages.parts.plots import plot
from pages.parts.screen import Screen
from pages.parts.table import Column, Row, table

_MOST_BARS = 10
_MOST_STEPS = 5
_REST = "rest"


def draw_time(screen: Screen) -> None:
    """One stacked bar a procedure or commune: the waits by step and the stops by cause; stops in a table."""
    by = screen.view.parts_of
    pick_one(_("Mỗi thanh là một"), {"procedure": _("thủ tục"), "commune": _("xã, phường")}, by, attribute="parts_of")
    parts, whole = data.times(screen, "commune" if by == "commune" else "procedure")
    if whole.is_empty():
        st.info(_("Không có hồ sơ nào có nhật ký kết thúc trong kỳ và bộ lọc này."), icon=":material/filter_alt_off:")
        return
    # Where most working time went in all, and not where a handful took long.
    groups = whole.with_columns(total=pl.col("hours") * pl.col("dossiers")).sort("total", descending=True)
    shown = groups.head(_MOST_BARS).sort("hours", descending=True)
    names = {row["by"]: _group_name(screen, by, row["by"]) for row in shown.iter_rows(named=True)}
    kept = parts.filter(pl.col("by").is_in(list(names), nulls_equal=True))
    segments, key_of = _segments(screen, kept, shown)
    minutes = screen.minutes_per_day
    in_days = float(shown["hours"].max() or 0) * 60 > 3 * minutes  # type: ignore[arg-type]
    # One unit for the axis and the words on it.
    unit = minutes / 60 if in_days else 1.0
    bars = []
    for row in shown.iter_rows(named=True):
        values: dict[str, float] = {}
        for activity, kind, hours in (
            kept.filter(pl.col("by").eq_missing(row["by"])).select("activity", "kind", "office_hours_mean").iter_rows()
        ):
            key = key_of.get((activity, kind), _REST)
            values[key] = values.get(key, 0.0) + hours / unit
        note = _("{n} hồ sơ").format(n=number(row["dossiers"]))
        bars.append(StackedBar(name=names[row["by"]], values=values, note=note))
    figure = stacked_bars_figure(
        bars,
        segments,
        palette=screen.palette,
        text=lambda length: office_hours(length * unit, minutes),
        axis_title=_("ngày làm việc bình quân một hồ sơ, từ tiếp nhận đến kết thúc")
        if in_days
        else _("giờ làm việc bình quân một hồ sơ, từ tiếp nhận đến kết thúc"),
    )
    title = _("Giờ làm việc của một hồ sơ mất vào đâu: {n} {groups} chiếm nhiều thời gian nhất").format(
        n=shown.height, groups=_("xã, phường") if by == "commune" else _("thủ tục")
    )
    note = _(
        "Nhật ký chỉ ghi lúc xong một bước, nên thời gian trước một bước gồm cả chờ và làm. Gạch chéo: "
        "đồng hồ dừng. Hồ sơ "
        "kết thúc trong kỳ; các phần cộng lại đúng bằng tổng."
    )
    plot(figure, title=title, key="times", note=note)
    _draw_stops(screen)


def _group_name(screen: Screen, by: str, code: str | None) -> str:
    if code is None:
        return _("Đơn vị cũ bị chia tách") if by == "commune" else _("Không rõ thủ tục")
    if by == "commune":
        return screen.commune_name(code)
    return screen.lists.procedures.get(code, code)


def _segments(
    screen: Screen, parts: pl.DataFrame, shown: pl.DataFrame
) -> tuple[list[Segment], dict[tuple[str | None, str], str]]:
    """The largest steps, all stops, and what is left; and the segment that each part belongs to."""
    palette = screen.palette
    weighed = (
        parts.join(shown.select("by", closed="dossiers"), on="by", how="left", nulls_equal=True)
        .group_by("activity", "kind")
        .agg(total=(pl.col("office_hours_mean") * pl.col("closed")).sum())
        .sort("total", "activity", descending=[True, False], nulls_last=True)
        .filter(pl.col("total") > 0)
    )
    steps = weighed.filter(pl.col("kind") == "step")["activity"].to_list()
    stops = weighed.filter(pl.col("kind") == "stop")["activity"].to_list()
    colours = [palette.sequential[4], palette.sequential[2], palette.series[2], palette.series[3], palette.series[5]]
    segments, keys = [], {}
    for number_, activity in enumerate(steps[:_MOST_STEPS]):
        key = f"step{number_}"
        keys[activity, "step"] = key
        segments.append(Segment(key=key, name=part_name(activity, "step"), colour=colours[number_]))
    if len(steps) > _MOST_STEPS:
        segments.append(Segment(key=_REST, name=_("các bước khác"), colour=palette.unclear))
    orange = [palette.series[1], palette.series[4], palette.quiet, palette.unclear, palette.series[3]]
    for number_, cause in enumerate(stops):
        key = f"stop{number_}"
        keys[cause, "stop"] = key
        segments.append(
            Segment(key=key, name=part_name(cause, "stop"), colour=orange[number_ % len(orange)], hatched=True)
        )
    return segments, keys


def _draw_stops(screen: Screen) -> None:
    found = data.frame(screen, "stops")
    if found.is_empty():
        return
    st.markdown("##### " + sentence(_("Vì sao đồng hồ dừng")))
    columns = [
        Column(label=_("Nguyên nhân")),
        Column(label=_("Hồ sơ"), number=True),
        Column(label=_("Tỷ lệ hồ sơ kết thúc"), number=True),
        Column(label=_("Số lần"), number=True),
        Column(label=_("Dừng bình quân một hồ sơ"), number=True),
    ]
    rows = [
        Row(
            cells=[
                stop_words(row["cause"]),
                number(row["dossiers"]),
                percent(row["share_of_closed"]),
                number(row["stops"]),
                office_hours(row["office_hours_mean"], screen.minutes_per_day),
            ],
            sort=[
                stop_words(row["cause"]),
                row["dossiers"],
                row["share_of_closed"],
                row["stops"],
                row["office_hours_mean"],
            ],
        )
        for row in found.iter_rows(named=True)
    ]
    table(_("Vì sao đồng hồ dừng"), columns, rows, key="stops")


def draw_hours(screen: Screen) -> None:
    """Two heat maps: receipts and steps by weekday and hour."""
    found = data.frame(screen, "hours")
    columns = st.columns(2, gap="medium")
    for column, name, title, empty in (
        (
            columns[0],
            "received",
            _("Tiếp nhận nhiều nhất vào {weekday}, {hour}–{next} giờ ({n} hồ sơ)"),
            _("Không tiếp nhận hồ sơ nào trong kỳ."),
        ),
        (
            columns[1],
            "steps",
            _("Xử lý nhiều nhất vào {weekday}, {hour}–{next} giờ ({n} bước)"),
            _("Không có bước xử lý nào trong kỳ."),
        ),
    ):
        counts = {(row["weekday"], row["hour"]): int(row[name]) for row in found.iter_rows(named=True) if row[name]}
        with column:
            if not counts:
                st.info(empty, icon=":material/filter_alt_off:")
                continue
            # Both maps over the same hours, so that they can be set against each other.
            hours = found.filter((pl.col("received") > 0) | (pl.col("steps") > 0))["hour"]
            day, hour = max(counts, key=lambda cell: (counts[cell], -cell[0], -cell[1]))
            words = title.format(
                weekday=weekday_names()[day - 1], hour=hour, next=hour + 1, n=number(counts[day, hour])
            )
            figure = heat_hours_figure(
                counts,
                palette=screen.palette,
                first=int(hours.min()),  # type: ignore[arg-type]
                last=int(hours.max()),  # type: ignore[arg-type]
            )
            plot(figure, title=words, key=f"heat_{name}")
    st.caption(_("Màu càng đậm càng nhiều; ô trống: không có. Theo giờ ghi trong sổ và nhật ký, kể cả ngày nghỉ."))
