"""Before a commune is chosen: what the brief is, and communes that have something to ask about."""

from __future__ import annotations

import streamlit as st

from indicators.notable import Notable
from indicators.sentences import notable_sentence
from language import _
from pages.parts.address import write
from pages.parts.brief_data import shared
from pages.parts.plain import plain, sentence
from pages.parts.screen import Screen

_MOST = 6


def draw_nothing_chosen(screen: Screen) -> None:
    """The page in a few words, and the communes that differ most, each with its reason: never a bare ranking."""
    st.info(
        _(
            "Phiếu kiểm tra gói trong hai trang những điều cần biết trước khi đến một xã, phường: cam kết lần trước "
            "và số "
            "liệu từ đó đến nay, câu hỏi nên hỏi kèm căn cứ, hồ sơ nên mở, thời gian nằm ở đâu, và điều số liệu "
            "không nói "
            "được. Chọn một đơn vị ở ô bên trên."
        ),
        icon=":material/assignment:",
    )
    worse: dict[str, Notable] = {}
    for finding in shared(screen.snapshot, screen.snapshot.id).findings:
        if finding.direction == "worse":
            worse.setdefault(finding.commune_code, finding)
    if not worse:
        st.markdown(_("Không có đơn vị nào khác các đơn vị khác, hoặc khác chính mình, đến mức vượt quá ngẫu nhiên."))
        return
    st.markdown(f"##### {_('Đơn vị có điều nên hỏi')}")
    for code, finding in list(worse.items())[:_MOST]:
        st.page_link(
            "pages/brief.py",
            label=sentence(notable_sentence(finding)),
            icon=":material/help:",
            query_params=write(screen.view.with_changes(communes=(code,))),
            width="stretch",
            help=_("Mở phiếu của {commune}").format(commune=plain(screen.commune_name(code))),
        )
    st.caption(
        _("Chỉ nêu điều vượt quá ngẫu nhiên, đã hiệu chỉnh cho việc so sánh nhiều đơn vị; không phải bảng xếp hạng.")
    )
