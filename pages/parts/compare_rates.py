"""The comparisons of rates: the funnel, the equal mix, and communes by field."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from charts.contrast_words import direct_sentence, fields_sentence, funnel_sentence, mix_sentence
from charts.funnel import FunnelPoint, funnel_figure
from charts.heat import heat_figure
from charts.mix_bars import is_clear, mix_figure
from indicators.catalogue import Indicator
from indicators.funnel import funnel
from indicators.mix import decompose
from language import _
from language.formats import number, percent
from pages.parts import compare_data
from pages.parts.compare_group import Group
from pages.parts.plain import sentence
from pages.parts.plots import plot
from pages.parts.screen import Screen
from pages.parts.stage import most_rows, presenting

_MOST_COMMUNES, _MOST_FIELDS = 12, 8


def names_of(screen: Screen) -> dict[str, str]:
    return {code: commune.full_name for code, commune in screen.lists.communes.items()}


def draw_funnel(screen: Screen, indicator: Indicator, frame: pl.DataFrame, group: Group) -> None:
    """The funnel of the group's communes that have enough dossiers."""
    known = in_group(frame, group).filter(pl.col("n") >= indicator.min_n)
    if known.height < 3:
        st.info(_("Chưa đủ ba đơn vị có từ {count} hồ sơ để vẽ phễu.").format(count=indicator.min_n))
        return
    n = known["n"].to_numpy()
    hits = np.rint(known["value"].to_numpy() * n)
    drawn = funnel(hits, n)
    names = names_of(screen)
    points = [
        FunnelPoint(code=code, name=names[code], n=size, value=value, score=score)
        for code, size, value, score in zip(
            known["commune"], n.tolist(), known["value"], drawn.scores(hits, n).tolist(), strict=True
        )
    ]
    figure = funnel_figure(
        points,
        drawn,
        indicator,
        selected=screen.view.marked,
        whole=group.whole,
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
    )
    title = funnel_sentence(
        points, drawn, indicator, period=screen.period.dates, minutes_per_day=screen.minutes_per_day
    )
    words = _(
        "Nét đứt: giới hạn 95 %; nét liền: 99,8 %. Trong phễu, khác biệt chưa vượt ngẫu nhiên và dao động thường thấy "
        "giữa "
        "các đơn vị, nên không nói là tốt hay kém. Nếu mọi đơn vị như nhau, khoảng {expected} đơn vị vẫn ra ngoài "
        "giới hạn "
        "95 %. Phễu chưa tính cơ cấu hồ sơ: xem “Cùng cơ cấu”."
    )
    note = words.format(expected=max(1, round(0.05 * len(points))))
    few = in_group(frame, group).filter((pl.col("n") > 0) & (pl.col("n") < indicator.min_n)).height
    if few:
        note += " " + _("{few} đơn vị dưới {count} hồ sơ không vẽ.").format(few=few, count=indicator.min_n)
    plot(figure, title=title, key="funnel", note=note, indicator=indicator)


def draw_mix(screen: Screen, indicator: Indicator, group: Group) -> None:
    """The difference from the others of the group, taken apart; the selected communes and those that are clear."""
    filters = screen.filters.of_whole_province()
    cells = compare_data.mix_cells(screen.snapshot, screen.snapshot.id, indicator.id, screen.period.window, filters)
    found = decompose(cells, among=group.among).filter(pl.col("n") >= indicator.min_n)
    if found.height < 2:
        st.info(_("Chưa đủ hai đơn vị có từ {count} hồ sơ để so.").format(count=indicator.min_n))
        return
    names, selected = names_of(screen), screen.view.marked
    rows = found.filter(pl.col("commune").is_in(list(selected)))
    for row in rows.head(3).iter_rows(named=True):
        st.markdown(sentence(mix_sentence(row, names[row["commune"]], indicator)))
        st.caption(sentence(direct_sentence(row, names[row["commune"]])))
    clear = [row["commune"] for row in found.iter_rows(named=True) if is_clear(row)]
    # The side that wants attention on top.
    is_rising = indicator.direction == "higher_is_better"
    ordered = found.sort("own", "commune", descending=[not is_rising, False])
    of_note = ordered.filter(pl.col("commune").is_in(clear))
    most = most_rows(_MOST_COMMUNES)
    ends = pl.concat([of_note.head(most), of_note.tail(most // 2)])["commune"].to_list()
    shown = ordered.filter(pl.col("commune").is_in([*ends, *selected]))
    if shown.is_empty():
        shown = pl.concat([ordered.head(3), ordered.tail(3)]).unique(maintain_order=True)
    usual = float(np.median(np.abs(found["mix"].to_numpy())))
    title = _(
        "{name}, {period}: trên cùng cơ cấu hồ sơ, {clear} trong {count} đơn vị khác rõ các đơn vị khác (n = {n} hồ sơ)"
    ).format(
        name=indicator.name,
        period=screen.period.dates,
        clear=len(clear),
        count=found.height,
        n=number(float(found["n"].sum())),
    )
    note = _(
        "Thanh xám: phần do cơ cấu thủ tục và kênh nộp. Ký hiệu có vạch: phần của chính đơn vị với khoảng tin cậy "
        "95 %; xám là chưa đủ cơ sở. Hai phần cộng lại bằng chênh lệch. Một nửa số đơn vị có phần cơ cấu từ {mix} "
        "điểm % "
        "trở lên. "
        "Từng đơn vị được xét riêng: dù tất cả như nhau, khoảng {expected} đơn vị vẫn hiện ra là khác."
    ).format(mix=number(float(100 * usual), 1), expected=max(1, round(0.05 * found.height)))
    alone = shown.filter(pl.col("alone") > 0.1)
    if alone.height:
        words = _(
            "{count} đơn vị trên hình có trên {share} hồ sơ mà không đơn vị nào khác làm, nên so với cả lĩnh vực."
        )
        note += " " + words.format(count=alone.height, share=percent(0.1, 0))
    figure = mix_figure(shown, indicator, names=names, selected=selected, palette=screen.palette)
    plot(figure, title=title, key="mix", note=note, indicator=indicator)


def draw_fields(screen: Screen, indicator: Indicator, group: Group) -> None:
    """Communes by field: those selected and those with a clear cell, in the fields with most dossiers."""
    filters = screen.filters.of_whole_province()
    cells = compare_data.field_table(
        screen.snapshot, screen.snapshot.id, indicator.id, screen.period.window, filters, group.among
    )
    if cells.is_empty():
        st.info(_("Trong kỳ không có hồ sơ nào để so."))
        return
    sizes = cells.group_by("field").agg(pl.col("n").sum()).sort("n", "field", descending=[True, False])
    fields = sizes["field"].head(most_rows(_MOST_FIELDS) - presenting()).to_list()
    within = cells.filter(pl.col("field").is_in(fields))
    wanted = "lower" if indicator.direction == "higher_is_better" else "higher"
    ranked = (
        within.group_by("commune")
        .agg(
            attention=(pl.col("standing") == wanted).sum(),
            clear=pl.col("standing").is_in(["lower", "higher"]).sum(),
            n=pl.col("n").sum(),
        )
        .sort("attention", "clear", "n", "commune", descending=[True, True, True, False])
    )
    selected = [code for code in screen.view.marked if code in set(ranked["commune"])]
    others = ranked.filter(pl.col("clear") > 0)["commune"].to_list()
    if group.among is not None or not others:
        # The rest of the group beside it, the largest first.
        others += [code for code in ranked["commune"] if code not in others]
    communes = list(dict.fromkeys([*selected, *others]))[: most_rows(_MOST_COMMUNES)]
    figure = heat_figure(
        within,
        indicator,
        communes=communes,
        fields=fields,
        names=names_of(screen),
        field_names={field: field or _("không ghi lĩnh vực") for field in fields},
        selected=selected,
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
    )
    note = _(
        "Chỉ ô khác rõ mức chung của lĩnh vực mới có màu và mũi tên, sau khi hiệu chỉnh cho việc xét nhiều ô; màu "
        "không nói "
        "cao hay thấp mà nói khác. Chữ nghiêng: dưới {count} hồ sơ. Vẽ {shown} trong {all} đơn vị, {fields} trong "
        "{most} "
        "lĩnh "
        "vực nhiều hồ sơ nhất."
    ).format(
        count=indicator.min_n,
        shown=len(communes),
        all=cells["commune"].n_unique(),
        fields=len(fields),
        most=sizes.height,
    )
    title = fields_sentence(within, indicator, period=screen.period.dates)
    plot(figure, title=title, key="fields", note=note, indicator=indicator)


def in_group(frame: pl.DataFrame, group: Group) -> pl.DataFrame:
    """The group's rows of a frame of `with_standing`, those with a value."""
    known = frame.filter(pl.col("value").is_not_null())
    return known if group.among is None else known.filter(pl.col("commune").is_in(list(group.among)))
