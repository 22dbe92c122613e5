"""The ranking that says how little it knows, and two periods side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import streamlit as st

from charts.contrast_words import groups_sentence, periods_sentence
from charts.dumbbell import dumbbell_figure
from charts.rank_dots import rank_figure
from charts.standing import with_standing
from indicators.catalogue import Indicator
from indicators.rank_groups import rank_rates, rank_values
from indicators.windows import previous_window
from language import _
from pages.parts import compare_data
from pages.parts.compare_group import Group
from pages.parts.compare_rates import in_group, names_of
from pages.parts.period import written_window
from pages.parts.plain import sentence
from pages.parts.plots import plot
from pages.parts.screen import Screen
from pages.parts.stage import most_rows, presenting

_MOST_EACH = 10


@st.cache_data(max_entries=60, show_spinner=False)
def _ranked(_known: pl.DataFrame, _indicator: Indicator, key: tuple[object, ...]) -> pl.DataFrame:
    """The communes with enough cases: what was counted, the shrunken value, ranks and group; best first.

    `key` says which communes, of which indicator, snapshot and view these are.
    """
    del key
    indicator = _indicator
    known = _known.filter((pl.col("n") >= indicator.min_n) & pl.col("low").is_not_null() & pl.col("high").is_not_null())
    is_rising = indicator.direction != "lower_is_better"
    values, n = known["value"].to_numpy(), known["n"].to_numpy()
    if indicator.unit == "rate":
        found = rank_rates((values * n).round(), n, higher_is_better=is_rising)
    else:
        # Durations have a long tail: on the scale of their logarithm a few slow units do not hide the others.
        logarithms = (np.log(known[name].clip(1e-6).to_numpy()) for name in ("value", "low", "high"))
        found = replace(
            rank_values(*logarithms, higher_is_better=is_rising),
            value=values,
            low=known["low"].to_numpy(),
            high=known["high"].to_numpy(),
        )
    return known.with_columns(
        shrunken=pl.Series(found.value),
        shrunken_low=pl.Series(found.low),
        shrunken_high=pl.Series(found.high),
        rank_low=pl.Series(found.rank_low),
        rank_high=pl.Series(found.rank_high),
        group=pl.Series(found.group),
    ).sort("group", "shrunken", "commune", descending=[False, is_rising, False])


def draw_ranks(
    screen: Screen, indicator: Indicator, frame: pl.DataFrame, province: float | None, group: Group, *, title: str
) -> None:
    """Groups of communes; where not all are wanted, both ends and the selected ones."""
    key = (screen.snapshot.id, indicator.id, screen.filters, screen.period.window, group.among)
    rows = _ranked(in_group(frame, group), indicator, key)
    if rows.height < 2 or province is None:
        st.info(_("Chưa đủ hai đơn vị có từ {count} hồ sơ để xếp nhóm.").format(count=indicator.min_n))
        return
    st.markdown(sentence(groups_sentence(rows, whole=group.words, period=screen.period.dates)))
    # The end that wants attention on top.
    listed = rows.reverse()
    most = most_rows(_MOST_EACH)
    if (screen.view.shown != "all" or presenting()) and rows.height > 2 * most:
        ends = {*listed["commune"].head(most), *listed["commune"].tail(most), *screen.view.marked}
        listed = listed.filter(pl.col("commune").is_in(list(ends)))
    figure = rank_figure(
        listed,
        indicator,
        province=province,
        whole=group.whole,
        names=names_of(screen),
        selected=screen.view.marked,
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
    )
    note = _("Ký hiệu và vạch: con số với khoảng tin cậy 95 %.")
    if indicator.unit == "rate":
        note = _(
            "Ký hiệu đậm và vạch: ước lượng đã trừ ngẫu nhiên, với khoảng 95 %; vòng tròn: tỷ lệ đếm được. Ít hồ sơ "
            "thì "
            "ước lượng được kéo về mức chung nhiều hơn."
        )
    note += " " + _(
        "Hạng ghi bằng khoảng: trong 95 trên 100 trường hợp hạng thật nằm trong đó. Đơn vị được xếp vào nhóm cao nhất "
        "mà "
        "chưa đủ cơ sở nói là kém hơn đơn vị đứng đầu nhóm."
    )
    if listed.height < rows.height:
        words = _("Vẽ {shown} trong {all} đơn vị ở hai đầu; chọn “Tất cả” để xem hết.")
        note += " " + words.format(shown=listed.height, all=rows.height)
    plot(figure, title=title, key="dots", note=note, indicator=indicator)


def draw_periods(screen: Screen, indicator: Indicator, group: Group) -> None:
    """This period beside the one before, commune by commune: what changed by more than chance on top."""
    window = screen.period.window
    before = previous_window(window.starts, window.ends)
    rows = compare_data.periods(
        screen.snapshot,
        screen.snapshot.id,
        indicator.id,
        window,
        before,
        screen.filters.of_whole_province(),
        group.among,
    )
    if rows.is_empty():
        words = _("Không có số liệu của kỳ trước ({before}) để so.")
        st.info(words.format(before=written_window(before)))
        return
    selected = list(screen.view.marked)
    better = pl.col("difference") * (-1 if indicator.direction == "lower_is_better" else 1)
    ordered = rows.with_columns(gain=better, chosen=pl.col("commune").is_in(selected)).sort(
        pl.col("significant"), pl.col("gain"), pl.col("commune"), descending=[True, False, False]
    )
    clear = ordered.filter("significant")
    most = most_rows(_MOST_EACH)
    shown = pl.concat([clear.head(most), clear.tail(most), ordered.filter("chosen")])
    if shown.height < most:
        # Nothing that stands out: the largest, grey, so that nobody takes them for more.
        largest = ordered.filter(~pl.col("significant")).sort("n", "commune", descending=[True, False], nulls_last=True)
        shown = pl.concat([shown, largest.head(most - shown.height)])
    shown = shown.unique("commune", maintain_order=True)
    figure = dumbbell_figure(
        shown,
        indicator,
        names=names_of(screen),
        selected=selected,
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
    )
    title = periods_sentence(rows, indicator, before=written_window(before), now=screen.period.dates)
    note = _(
        "Vòng tròn: kỳ trước; ký hiệu đặc: kỳ này. Chỉ thay đổi vượt quá ngẫu nhiên mới có màu và con số, đã hiệu "
        "chỉnh cho "
        "việc so nhiều đơn vị. Vẽ {shown} trong {all} đơn vị."
    ).format(shown=shown.height, all=rows.height)
    plot(figure, title=title, key="periods", note=note, indicator=indicator)


def group_standing(
    frame: pl.DataFrame, province: float | None, group: Group, indicator: Indicator
) -> tuple[pl.DataFrame, float | None]:
    """The group's rows judged against the group's own rate, and that rate; unchanged where it is all communes."""
    if group.among is None:
        return frame, province
    known = frame.filter(pl.col("commune").is_in(list(group.among)))
    if indicator.unit != "rate":
        return known, province
    counted = known.filter(pl.col("n") > 0)
    values, n = counted["value"].to_numpy(), counted["n"].to_numpy()
    common = float((values * n).sum() / n.sum()) if len(n) else None
    plain = known.select(
        "commune",
        pl.col("value").alias(indicator.id),
        *(pl.col(part).alias(f"{indicator.id}_{part}") for part in ("n", "low", "high")),
    )
    return with_standing(plain, indicator, common), common
