"""Xem gì trước: the findings that are more than chance, each a link to the view that shows it."""

from __future__ import annotations

import streamlit as st

from indicators.notable import Notable
from indicators.sentences import notable_question, notable_sentence
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
            "Không có gì đáng chú ý: trong kỳ này, sau khi hiệu chỉnh cho việc so sánh nhiều đơn vị và nhiều chỉ tiêu, "
            "không đơn vị nào khác các đơn vị khác, hoặc khác chính mình, đến mức vượt quá ngẫu nhiên. Màn hình So "
            "sánh "
            "xét riêng từng đơn vị, nên vẫn có thể nêu một số đơn vị."
        )
        if len(screen.view.communes) == 1:
            words = _(
                "Không có gì đáng chú ý: trong kỳ này, sau khi hiệu chỉnh cho việc so sánh nhiều đơn vị và nhiều chỉ "
                "tiêu, "
                "{commune} không khác các đơn vị khác, cũng không khác chính mình, đến mức vượt quá ngẫu nhiên."
            ).format(commune=plain(screen.commune_name(screen.view.communes[0])))
        if found:
            words += " " + _("Xét {period} ({dates}):").format(period=period.name.lower(), dates=period.dates)
        st.markdown(words)
    worse = [finding for finding in found if finding.direction == "worse"]
    better = [finding for finding in found if finding.direction == "better"]
    shown = worse[:_MOST_WORSE] + better[:_MOST_BETTER]
    for finding in shown:
        draw_finding(screen, finding, period)
    if not shown:
        return
    words = _("Chỉ nêu điều vượt quá ngẫu nhiên, đã hiệu chỉnh cho việc so sánh nhiều đơn vị; bấm để xem.")
    if len(found) > len(shown):
        words += " " + _("Còn {count} phát hiện nhỏ hơn.").format(count=len(found) - len(shown))
    st.caption(words)


def _found(screen: Screen, period: Period) -> list[Notable]:
    return data.notables(screen.snapshot, screen.snapshot.id, period.window, screen.filters)


def draw_finding(screen: Screen, finding: Notable, period: Period) -> None:
    """One finding in a sentence, with what to ask; a click opens the view that shows it."""
    page, changes = _target(finding)
    view = screen.view.with_changes(
        communes=(finding.commune_code,), indicator=finding.indicator, period=period.key, shown="clear", grain="month"
    )
    is_worse = finding.direction == "worse"
    words = f"{notable_sentence(finding)} {notable_question(finding)}".strip()
    st.page_link(
        page,
        label=sentence(words),
        icon=":material/help:" if is_worse else ":material/thumb_up:",
        query_params=write(view.with_changes(**changes)),
        width="stretch",
        help=_("Nên hỏi") if is_worse else _("Làm tốt"),
    )


def _target(finding: Notable) -> tuple[str, dict[str, object]]:
    """The screen that shows a finding, and what is chosen there."""
    match finding.kind:
        case "change":
            return "pages/trend.py", {}
        case "backlog":
            return "pages/explore.py", {"bench": "dossiers", "state": "open_late"}
        case "stalled":
            return "pages/explore.py", {"bench": "dossiers", "state": "open", "sort": "received_at"}
        case "last_day":
            return "pages/compare.py", {"contrast": "mix"}
        case "pauses":
            return "pages/bottleneck.py", {"stage": "standing"}
        case "level":
            return "pages/compare.py", {"contrast": "mix" if finding.is_adjusted else "funnel"}
