"""Điểm nghẽn: where dossiers wait, which ways they take, why clocks stand, and what might be otherwise."""

from __future__ import annotations

import streamlit as st

from language import _
from pages.parts import bottleneck_data as data
from pages.parts import view_slides
from pages.parts.bottleneck_compare import draw_comparison
from pages.parts.bottleneck_conformance import draw_conformance
from pages.parts.bottleneck_handovers import draw_handovers
from pages.parts.bottleneck_map import draw_map, draw_variants
from pages.parts.bottleneck_standing import draw_standing
from pages.parts.bottleneck_time import draw_hours, draw_time
from pages.parts.bottleneck_what_if import draw_what_if
from pages.parts.bottleneck_words import headline
from pages.parts.controls import pick_one
from pages.parts.plain import sentence
from pages.parts.screen import close_screen, open_screen

screen = open_screen(_("Điểm nghẽn"))
if not data.has_log(screen):
    st.info(
        _(
            "Bản dữ liệu này không có nhật ký xử lý nên chưa biết hồ sơ chờ ở bước nào. Hãy xin hệ thống một cửa kết "
            "xuất nhật ký (mã hồ sơ, thời điểm, bước xử lý), khai thêm khối sau trong tệp cấu hình rồi nạp lại; cách "
            "khai tên cột: docs/du-lieu.md."
        ),
        icon=":material/account_tree:",
    )
    st.code('[[events]]\npath = "nhat-ky/*.csv"', language=None)
else:
    words = headline(screen, *data.times(screen))
    st.markdown(f"##### {sentence(words)}")
    view_slides.keep_words(words)
    parts = {
        "map": (_("Sơ đồ xử lý"), draw_map),
        "variants": (_("Các lối đi"), draw_variants),
        "time": (_("Thời gian ở đâu"), draw_time),
        "handovers": (_("Bàn giao"), draw_handovers),
        "hours": (_("Ngày giờ"), draw_hours),
        "standing": (_("Đang đứng lại"), draw_standing),
        "compare": (_("So hai bên"), draw_comparison),
        "conformance": (_("Đúng quy trình"), draw_conformance),
        "what_if": (_("Nếu… thì"), draw_what_if),
    }
    chosen = screen.view.stage
    pick_one(_("Phần"), {key: name for key, (name, _draw) in parts.items()}, chosen, attribute="stage")
    # Only the part on screen is computed.
    parts[chosen][1](screen)
close_screen(screen)
