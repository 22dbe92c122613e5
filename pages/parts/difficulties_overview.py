"""The difficulties at a glance: how many wait, whom the answers are due from, what several communes ask alike."""

from __future__ import annotations

import polars as pl
import streamlit as st

from charts.palettes import Palette
from charts.stacked_bars import Segment, StackedBar, stacked_bars_figure
from indicators.difficulties import SETTLED, Common, categories, common, overdue_by_department
from language import _
from language.formats import number, percent
from language.text import fold
from pages.parts.cards import cards
from pages.parts.difficulties_data import Found, day_text
from pages.parts.plots import draw_title, plot
from pages.parts.screen import Screen
from pages.parts.stage import MOST_ROWS_EACH
from pages.parts.state import change_view
from pages.parts.table import Column, Row, table

_TALL = 420
_MOST_BARS = 9


def draw_overview(screen: Screen, found: Found) -> None:
    """Cards, the bars of the departments, and what is common."""
    shown = found.shown
    _draw_cards(shown, found)
    if shown.is_empty():
        st.info(_("Không có vướng mắc nào như vậy. Hãy bỏ bớt bộ lọc."), icon=":material/filter_alt_off:")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_departments(shown, screen.palette)
    with right:
        _draw_common(screen, common(shown))


def _draw_cards(shown: pl.DataFrame, found: Found) -> None:
    waiting = shown.filter(~pl.col("state").is_in(SETTLED))
    overdue = shown.filter(pl.col("overdue_days").is_not_null())
    judged = shown.filter(pl.col("in_time").is_not_null())
    in_time = int(judged["in_time"].sum())
    without_day = waiting["due_on"].null_count()
    communes = shown["commune_code"].n_unique()
    longest = overdue["overdue_days"].max()
    contents = [
        (
            _("Đang chờ trả lời"),
            number(len(waiting)),
            _("trong {n} vướng mắc đã nêu").format(n=number(len(shown))),
            [
                _("Vướng mắc chưa trả lời hoặc đang xử lý tính đến {day}.").format(day=day_text(found.day)),
                _("{n} vướng mắc đang chờ không ghi hạn trả lời.").format(n=number(without_day)),
            ],
        ),
        (
            _("Quá hạn trả lời"),
            number(len(overdue)),
            _("lâu nhất {n} ngày").format(n=number(float(str(longest)))) if longest is not None else "",
            [_("Đang chờ trả lời mà hạn đã qua, tính đến {day}.").format(day=day_text(found.day))],
        ),
        (
            _("Trả lời đúng hạn"),
            percent(in_time / len(judged)) if len(judged) else number(None),
            _("{n} trong {all} đã trả lời").format(n=number(in_time), all=number(len(judged))),
            [_("Trong những vướng mắc đã giải quyết xong có ghi cả hạn và ngày trả lời.")],
        ),
        (
            _("Xã, phường nêu vướng mắc"),
            number(communes),
            _("bình quân {n} mỗi đơn vị").format(n=number(len(shown) / communes, 1)) if communes else "",
            [_("Số xã, phường có ít nhất một vướng mắc. Đơn vị không nêu gì chưa chắc là không vướng.")],
        ),
    ]
    cards(
        [
            {"name": name, "value": value, "certainty": note, "meaning": meaning, "comparisons": [], "sources": ()}
            for name, value, note, meaning in contents
        ],
        key="difficulty_cards",
    )


def _draw_departments(shown: pl.DataFrame, palette: Palette) -> None:
    frame = overdue_by_department(shown).with_columns(
        soon=pl.col("waiting") - pl.col("overdue"), answered=pl.col("settled") - pl.col("late")
    )
    segments = [
        Segment(key="overdue", name=_("Quá hạn"), colour=palette.worse),
        Segment(key="soon", name=_("Đang chờ"), colour=palette.unclear),
        Segment(key="late", name=_("Trả lời trễ"), colour=palette.worse, hatched=True),
        Segment(key="answered", name=_("Đã trả lời"), colour=palette.better),
    ]
    bars = [
        StackedBar(
            name=row["department"] or _("Chưa giao sở, ngành nào"),
            values={segment.key: float(row[segment.key]) for segment in segments},
            note=_("lâu nhất {n} ngày").format(n=number(row["longest_days"])) if row["longest_days"] else "",
        )
        for row in frame.head(_MOST_BARS).iter_rows(named=True)
    ]
    worst = frame.row(0, named=True)
    title = (
        _("{department} còn {n} vướng mắc quá hạn trả lời, nhiều nhất trong các sở, ngành").format(
            department=worst["department"] or _("Chưa giao sở, ngành nào"), n=number(worst["overdue"])
        )
        if worst["overdue"]
        else _("Không sở, ngành nào quá hạn trả lời")
    )
    left = len(frame) - len(bars)
    figure = stacked_bars_figure(bars, segments, palette=palette, text=number, axis_title=_("Số vướng mắc"))
    plot(
        figure,
        title=title,
        key="difficulty_departments",
        note=_("Còn {n} nơi ít hơn, xem ở tệp tải về.").format(n=number(left)) if left > 0 else "",
    )


def _draw_common(screen: Screen, found: list[Common]) -> None:
    draw_title(_("Cùng một vướng mắc ở nhiều xã, phường"))
    if not found:
        st.caption(_("Trong phạm vi đang xem, không có vướng mắc nào được hai đơn vị trở lên cùng nêu."))
        return
    names = categories()
    rows = []
    for rank, one in enumerate(found):
        communes = [screen.commune_name(code) for code in one.communes]
        rows.append(
            Row(
                cells=[
                    (one.text, f"{names[one.category]} · {_few(communes)}"),
                    (number(len(one.communes)), _("{n} chờ trả lời").format(n=number(one.open)) if one.open else ""),
                    (number(one.overdue), "", "worse") if one.overdue else number(0),
                ],
                sort=[rank, len(one.communes), one.overdue],
                code=one.keys[0],
                muted=not one.open,
            )
        )
    columns = [
        Column(label=_("Vướng mắc")),
        Column(label=_("Xã, phường"), number=True),
        Column(label=_("Quá hạn"), number=True),
    ]
    # A click narrows the list to the words that the communes share.
    by_key = {one.keys[0]: one for one in found}
    table(
        _("Vướng mắc được nhiều xã, phường cùng nêu"),
        columns,
        rows[:MOST_ROWS_EACH] if screen.view.presenting else rows,
        key="common_difficulties",
        height=None if screen.view.presenting else _TALL,
        on_pick=lambda key: change_view(
            difficulty_part="list", categories=(by_key[key].category,), difficulty=key, difficulty_search=""
        ),
    )
    st.caption(_("Gộp theo nhóm và lời văn giống nhau, không kể dấu và thứ tự từ; bấm vào một dòng để mở danh sách."))


def _few(names: list[str], most: int = 4) -> str:
    shown = ", ".join(sorted(names, key=fold)[:most])
    if len(names) <= most:
        return shown
    return _("{names} và {n} đơn vị khác").format(names=shown, n=number(len(names) - most))
