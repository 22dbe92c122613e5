"""Sơ đồ xử lý and Các lối đi: the process as it really runs, as a map and as the orders of steps that occur."""

from __future__ import annotations

import html

import polars as pl
import streamlit as st

from charts.process_layout import kept_edges
from charts.process_map import hours_text, process_map_figure, wait_class_names
from indicators.process import ProcessMap
from language import _
from language.formats import number, percent
from pages.parts import bottleneck_data as data
from pages.parts import view_slides
from pages.parts.address import RARE
from pages.parts.bottleneck_words import longest_step, office_hours
from pages.parts.plain import sentence
from pages.parts.plots import draw_title, plot
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.table import Column, Row, table
from pages.parts.viewport import room

# A step where fewer of the dossiers begin or end bears no mark of it.
_LEAST_MARKED = 0.01
_MOST_VARIANTS = 12
_NARROWEST = 560


def draw_map(screen: Screen) -> None:
    """The map, how rare its ways may be, and the same in numbers."""
    found = data.process_map(screen)
    if not found.dossiers:
        st.info(_("Không có bước xử lý nào trong kỳ và bộ lọc này."), icon=":material/filter_alt_off:")
        return
    rare = 0 if screen.view.rare == "all" else int(screen.view.rare)
    nodes, edges = shown_map(found, least_share=rare / 100)
    title = _("{dossiers} hồ sơ có bước xử lý trong kỳ, theo nhật ký").format(dossiers=number(found.dossiers))
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
    with left:
        draw_title(title)
        _draw_legend(screen)
    with right:
        _pick_rare(screen.view.rare)
    width = max(room(key="map_room", width=960).width, _NARROWEST)
    parts = data.times(screen)[0]
    longest = longest_step(parts)
    figure = process_map_figure(nodes, edges, width=width, palette=screen.palette, marked=longest)
    hidden = found.edges.height - edges.height
    note = _(
        "Đọc từ trái sang phải. Nét càng dày càng nhiều hồ sơ đi; ô càng đậm chờ càng lâu trước bước đó "
        "(trung vị, kể cả "
        "ngoài giờ làm việc). Chấm: nơi bắt đầu; vòng: nơi kết thúc; nét đứt màu cam: quay lại bước trước."
    )
    if hidden:
        note += " " + _("Ẩn {n} lối đi dưới {share} % số hồ sơ.").format(n=number(hidden), share=rare)
    if longest in set(nodes["activity"]):
        note += " " + _marked_words(screen, nodes.filter(activity=longest), parts.filter(kind="step", activity=longest))
    plot(figure, title="", heading=title, key="process_map", note=note, alt=f"{title}. {_in_words(nodes)}")
    with st.expander(_("Xem bằng bảng số")):
        _draw_edges(edges)


def _marked_words(screen: Screen, node: pl.DataFrame, part: pl.DataFrame) -> str:
    """Why the step with the frame may look light: its median wait can be short where a few wait for days."""
    mean, median = part["office_hours_mean"][0], node["wait_hours_p50"][0]
    if median is None or mean < 2 * median:
        return _("Viền cam: bước mất nhiều giờ làm việc nhất.")
    return _(
        "Viền cam: bước mất nhiều giờ làm việc nhất, bình quân {mean} một hồ sơ; một nửa số lượt chỉ chờ {median}, "
        "số còn lại chờ lâu kéo bình quân lên."
    ).format(mean=office_hours(mean, screen.minutes_per_day), median=hours_text(median))


def shown_map(found: ProcessMap, *, least_share: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Steps and ways to draw: those that enough dossiers take; `share` becomes that of the dossiers."""
    edges = kept_edges(
        found.edges.filter(pl.col("from_activity").is_not_null() & pl.col("to_activity").is_not_null()).with_columns(
            share=pl.col("n") / found.dossiers
        ),
        least_share=least_share,
    )
    names = {*edges["from_activity"], *edges["to_activity"]} or set(found.nodes["activity"].drop_nulls())
    nodes = found.nodes.filter(pl.col("activity").is_in(list(names))).with_columns(
        is_start=pl.col("starts") > _LEAST_MARKED * found.dossiers,
        is_end=pl.col("ends") > _LEAST_MARKED * found.dossiers,
    )
    return nodes, edges


def _pick_rare(rare: str) -> None:
    key = "rare_share"
    st.session_state[key] = rare

    def picked() -> None:
        change_view(rare=st.session_state[key])

    st.select_slider(
        _("Ẩn lối đi ít hơn (% số hồ sơ)"),
        RARE,
        key=key,
        on_change=picked,
        format_func=lambda one: _("vẽ tất cả") if one == "all" else f"{one} %",
    )


def _draw_legend(screen: Screen) -> None:
    boxes = "".join(
        f'<span style="display:inline-flex;align-items:center;margin-right:.7rem"><span style="width:1.1rem;'
        f"height:1.1rem;"
        f"background:{screen.palette.sequential[number_]};border:1px solid {screen.palette.quiet};margin-right:.4rem"
        f'"></span>{html.escape(name)}</span>'
        for number_, name in enumerate(wait_class_names())
    )
    label = html.escape(_("Chờ trước bước:"))
    st.html(f'<div style="font-size:.85rem">{label} &nbsp; {boxes}</div>')


def _in_words(nodes: pl.DataFrame) -> str:
    rows = nodes.sort("visits", descending=True).select("activity", "visits", "wait_hours_p50").iter_rows()
    return "; ".join(
        _("{step}: {n} lượt, chờ {wait}").format(step=step, n=number(n), wait=hours_text(wait))
        for step, n, wait in rows
    )


def _draw_edges(edges: pl.DataFrame) -> None:
    columns = [
        Column(label=_("Từ bước")),
        Column(label=_("Đến bước")),
        Column(label=_("Số lượt"), number=True),
        Column(label=_("So với số hồ sơ"), number=True),
        Column(label=_("Chờ, trung vị"), number=True),
        Column(label=_("Chín phần mười không quá"), number=True),
        Column(label=_("Bình quân"), number=True),
    ]
    rows = [
        Row(
            cells=[
                row["from_activity"],
                row["to_activity"],
                number(row["n"]),
                percent(row["share"]),
                *(hours_text(row[f"wait_hours_{name}"]) for name in ("p50", "p90", "mean")),
            ],
            sort=[
                row["from_activity"],
                row["to_activity"],
                *(row[name] for name in ("n", "share", "wait_hours_p50", "wait_hours_p90", "wait_hours_mean")),
            ],
        )
        for row in edges.iter_rows(named=True)
    ]
    table(_("Từ bước nào sang bước nào"), columns, rows, key="edges", height=420)


def draw_variants(screen: Screen) -> None:
    """The orders of steps of the dossiers closed in the period, the commonest first, and where they turn back."""
    found = data.frame(screen, "variants")
    if found.is_empty():
        st.info(_("Không có hồ sơ nào có nhật ký kết thúc trong kỳ và bộ lọc này."), icon=":material/filter_alt_off:")
        return
    total = int(found["n"].sum())
    shown = found.head(_MOST_VARIANTS)
    first = shown.row(0, named=True)
    words = _("{n} hồ sơ kết thúc trong kỳ đi theo {ways} lối khác nhau; lối phổ biến nhất chiếm {share}")
    st.markdown(
        "##### " + sentence(words.format(n=number(total), ways=number(found.height), share=percent(first["share"])))
    )
    st.html(_variants_html(screen, shown))
    _keep_variants(words.format(n=number(total), ways=number(found.height), share=percent(first["share"])), shown)
    rest = total - int(shown["n"].sum())
    note = _("Thời gian từ bước đầu đến bước cuối, kể cả ngoài giờ làm việc. Màu cam: bước lặp lại.")
    if rest:
        note += " " + _("Còn {ways} lối ít gặp hơn, {n} hồ sơ.").format(
            ways=number(found.height - shown.height), n=number(rest)
        )
    st.caption(sentence(note))
    _draw_rework(screen)


def _keep_variants(title: str, shown: pl.DataFrame) -> None:
    """The same as a table, for a slide."""
    columns = [
        Column(label=_("Lối đi")),
        Column(label=_("Hồ sơ"), number=True),
        Column(label=_("Tỷ lệ"), number=True),
        Column(label=_("Một nửa xong trong"), number=True),
        Column(label=_("Chín phần mười trong"), number=True),
    ]
    nameless = _("bước không tên")
    rows = []
    for row in shown.iter_rows(named=True):
        way = " → ".join(activity or nameless for activity in row["activities"])
        times = [hours_text(row[name]) for name in ("hours_p50", "hours_p90")]
        rows.append(Row(cells=[way, number(row["n"]), percent(row["share"]), *times], sort=[]))
    view_slides.keep_table(title, columns, rows)


def _variants_html(screen: Screen, shown: pl.DataFrame) -> str:
    palette = screen.palette
    most = float(shown["share"].max() or 1)  # type: ignore[arg-type]
    lines = []
    nameless = _("bước không tên")
    for row in shown.iter_rows(named=True):
        chips, seen = [], set()
        for activity in row["activities"]:
            again = activity in seen
            seen.add(activity)
            colour = palette.series[1] if again else palette.quiet
            chips.append(
                f'<span style="border:1px solid {colour};color:{colour if again else palette.text};border-radius:.9rem;'
                f'padding:.1rem .6rem;white-space:nowrap">{html.escape(activity or nameless)}</span>'
            )
        times = _("một nửa xong trong {p50}, chín phần mười trong {p90}").format(
            p50=hours_text(row["hours_p50"]), p90=hours_text(row["hours_p90"])
        )
        count = _("{n} hồ sơ").format(n=number(row["n"]))
        lines.append(
            f'<div style="display:grid;grid-template-columns:8.5rem 1fr;gap:.9rem;padding:.55rem 0;'
            f'border-top:1px solid {palette.grid}"><div><b style="font-size:1.1rem">{percent(row["share"])}</b><br>'
            f'<span style="color:{palette.quiet}">{html.escape(count)}</span><div style="height:.4rem;margin-top:.2rem;'
            f'width:{100 * row["share"] / most:.1f}%;background:{palette.series[0]}"></div></div>'
            f'<div><div style="display:flex;flex-wrap:wrap;gap:.3rem;align-items:center">{" → ".join(chips)}</div>'
            f'<div style="color:{palette.quiet};margin-top:.3rem">{html.escape(times)}</div></div></div>'
        )
    return f'<div style="font-size:.95rem">{"".join(lines)}</div>'


def _draw_rework(screen: Screen) -> None:
    found = data.frame(screen, "rework")
    if found.is_empty():
        return
    st.markdown("##### " + sentence(_("Việc phải làm lại")))
    columns = [
        Column(label=_("Điều xảy ra")),
        Column(label=_("Hồ sơ"), number=True),
        Column(label=_("Tỷ lệ"), number=True),
    ]
    rows = []
    for row in found.head(10).iter_rows(named=True):
        if row["kind"] == "repeat":
            words = _("làm lại bước “{step}”").format(step=row["activity"])
        else:
            words = _("từ “{step}” sang “{other}” rồi quay lại").format(
                step=row["activity"], other=row["other_activity"]
            )
        rows.append(
            Row(
                cells=[words, number(row["dossiers"]), percent(row["share"])],
                sort=[words, row["dossiers"], row["share"]],
            )
        )
    table(_("Việc phải làm lại"), columns, rows, key="rework")
