"""Xem gì trước: the findings that are more than chance, each a link to the view that shows it."""

from __future__ import annotations

import streamlit as st

from indicators.notable import Notable
from indicators.sentences import notable_sentence
from language import _
from pages.parts import data
from pages.parts.address import write
from pages.parts.period import Period, resolve
from pages.parts.plain import plain, sentence
from pages.parts.screen import Screen

_MOST_WORSE, _MOST_BETTER = 5, 2
_LONGER = "last_12_months"


def draw_notables(screen: Screen) -> None:
    """The largest findings, those that want attention first; of the last twelve months where the period has none."""
    st.subheader(_("Xem gì trước"), anchor=False)
    period = screen.period
    found = _found(screen, period)
    if not found:
        period = resolve(screen.view.with_changes(period=_LONGER), as_of=screen.as_of, first=screen.lists.first_day)
        found = _found(screen, period)
        words = _(
            "Trong kỳ này, sau khi hiệu chỉnh cho việc so sánh nhiều đơn vị, không có đơn vị nào khác mặt bằng, hoặc "
            "khác chính mình, đến mức vượt quá ngẫu nhiên. Màn hình So sánh xét riêng từng đơn vị, chưa hiệu chỉnh, "
            "nên vẫn có thể nêu một số đơn vị."
        )
        if len(screen.view.communes) == 1:
            words = _(
                "Trong kỳ này, sau khi hiệu chỉnh cho việc so sánh nhiều đơn vị, {commune} không khác mặt bằng, cũng "
                "không khác chính mình, đến mức vượt quá ngẫu nhiên."
            ).format(commune=plain(screen.commune_name(screen.view.communes[0])))
        if found:
            words += " " + _("Xét {period} ({dates}):").format(period=period.name.lower(), dates=period.dates)
        st.markdown(words)
    worse = [finding for finding in found if finding.direction == "worse"]
    better = [finding for finding in found if finding.direction == "better"]
    shown = worse[:_MOST_WORSE] + better[:_MOST_BETTER]
    for finding in shown:
        _draw_link(screen, finding, period)
    if not shown:
        return
    words = _("Chỉ nêu điều vượt quá ngẫu nhiên, đã hiệu chỉnh cho việc so sánh nhiều đơn vị; bấm để xem.")
    if len(found) > len(shown):
        words += " " + _("Còn {count} phát hiện nhỏ hơn.").format(count=len(found) - len(shown))
    st.caption(words)


def _found(screen: Screen, period: Period) -> list[Notable]:
    return data.notables(screen.snapshot, screen.snapshot.id, period.window, screen.filters)


def _draw_link(screen: Screen, finding: Notable, period: Period) -> None:
    view = screen.view.with_changes(
        communes=(finding.commune_code,), indicator=finding.indicator, period=period.key, shown="clear", grain="month"
    )
    is_worse = finding.direction == "worse"
    st.page_link(
        "pages/trend.py" if finding.kind == "change" else "pages/compare.py",
        label=sentence(notable_sentence(finding)),
        icon=":material/error:" if is_worse else ":material/thumb_up:",
        query_params=write(view),
        width="stretch",
        help=_("Cần chú ý") if is_worse else _("Làm tốt"),
    )
