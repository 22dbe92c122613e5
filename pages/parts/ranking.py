"""Which communes a comparison shows: those that really differ, or all of them."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from charts.standing import is_better
from indicators.catalogue import Indicator
from language import _
from pages.parts.address import View
from pages.parts.controls import pick_one

# More rows than this do not fit a projector.
_MOST_EACH = 12


def pick_shown(view: View, indicator: Indicator) -> str:
    """The switch between communes that differ and all communes."""
    clear = _("Đơn vị khác rõ") if indicator.has_interval else _("Hai đầu bảng")
    pick_one(_("Vẽ"), {"clear": clear, "all": _("Tất cả")}, view.shown, attribute="shown")
    return view.shown


def shown_rows(
    frame: pl.DataFrame, indicator: Indicator, province: float | None, *, shown: str, selected: Collection[str]
) -> tuple[pl.DataFrame, str]:
    """The rows to draw, sorted with the side that wants attention on top, and a note on what is left out."""
    descending = indicator.direction != "higher_is_better"
    known = frame.filter(pl.col("standing") != "none")
    enough = known.filter(pl.col("standing") != "too_few").sort("value", "commune", descending=[descending, False])
    few = known.filter(pl.col("standing") == "too_few").sort("value", "commune", descending=[descending, False])
    absent = frame.height - known.height
    if shown == "all":
        notes = [_("Cuối bảng, ký hiệu rỗng: {count} đơn vị chưa đủ số liệu, không xếp hạng.").format(count=few.height)]
        if absent:
            notes.append(_("{count} đơn vị không phát sinh.").format(count=absent))
        return pl.concat([enough, few]), " ".join(notes if few.height or absent else notes[1:])
    mine = pl.col("commune").is_in(list(selected))
    if not indicator.has_interval:
        ends = pl.concat([enough.head(_MOST_EACH), enough.tail(_MOST_EACH)]).unique(maintain_order=True)
        rows = enough.filter(mine | pl.col("commune").is_in(ends["commune"].to_list()))
        note = _("Vẽ {shown} trong {all} đơn vị ở hai đầu bảng. Đây là số đếm, không nói lên chất lượng.")
        return rows, note.format(shown=rows.height, all=enough.height)
    sides = [enough.filter(pl.col("standing") == where) for where in ("higher", "lower")]
    if is_better(indicator, "higher") is not False and not descending:
        sides.reverse()
    kept = [sides[0].head(_MOST_EACH), sides[1].tail(_MOST_EACH)]
    codes = [code for side in kept for code in side["commune"]]
    rows = pl.concat([enough, few]).filter(mine | pl.col("commune").is_in(codes))
    hidden = sum(side.height for side in sides) - sum(side.height for side in kept)
    unclear = enough.filter(pl.col("standing") == "unclear").height
    notes = [
        _("{count} đơn vị có khoảng tin cậy chứa mức chung: chưa đủ cơ sở phân biệt, không vẽ ở đây.").format(
            count=unclear
        )
    ]
    if hidden:
        notes.append(_("Còn {count} đơn vị khác rõ chưa vẽ; chọn “Tất cả” để xem.").format(count=hidden))
    if expected := round(0.05 * enough.height):
        words = _(
            "Từng đơn vị được xét riêng với khoảng 95 %, chưa hiệu chỉnh cho việc so sánh nhiều đơn vị: dù tất cả đều "
            "như nhau, khoảng {expected} trong {all} đơn vị vẫn có thể hiện ra là khác."
        )
        notes.append(words.format(all=enough.height, expected=expected))
    return rows, " ".join(notes)


def mean_of_communes(frame: pl.DataFrame) -> float | None:
    """The plain mean of the communes' values: what a count of one commune can be set against."""
    values = frame["value"].drop_nulls().to_list()
    return sum(values) / len(values) if values else None
