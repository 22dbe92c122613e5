"""Which communes a comparison of figures without interval shows: both ends, or all of them."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from indicators.catalogue import Indicator
from language import _
from pages.parts.address import View
from pages.parts.controls import pick_one
from pages.parts.stage import most_rows

# More rows than this do not fit a projector.
_MOST_EACH = 12


def pick_shown(view: View) -> None:
    """The switch between both ends and all communes."""
    pick_one(_("Vẽ"), {"clear": _("Hai đầu bảng"), "all": _("Tất cả")}, view.shown, attribute="shown")


def shown_rows(
    frame: pl.DataFrame, indicator: Indicator, *, shown: str, selected: Collection[str]
) -> tuple[pl.DataFrame, str]:
    """The rows of a figure without interval to draw, largest side first, and a note on what is left out."""
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
    most = most_rows(_MOST_EACH)
    ends = pl.concat([enough.head(most), enough.tail(most)]).unique(maintain_order=True)
    rows = enough.filter(mine | pl.col("commune").is_in(ends["commune"].to_list()))
    note = _("Vẽ {shown} trong {all} đơn vị ở hai đầu bảng. Đây là số đếm, không nói lên chất lượng.")
    return rows, note.format(shown=rows.height, all=enough.height)


def mean_of_communes(frame: pl.DataFrame) -> float | None:
    """The plain mean of the communes' values: what a count of one commune can be set against."""
    values = frame["value"].drop_nulls().to_list()
    return sum(values) / len(values) if values else None
