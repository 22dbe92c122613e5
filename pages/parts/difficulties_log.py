"""What communes complain of beside what the log measures of it, each against all others."""

from __future__ import annotations

import streamlit as st

from indicators.difficulties import categories
from indicators.difficulty_signs import SIGNS, Sign, categories_with_signs, verdict_name
from language import _
from language.formats import date, number
from pages.parts.controls import pick_one
from pages.parts.difficulties_data import Found, log_signs, sign_window
from pages.parts.plots import draw_title
from pages.parts.screen import Screen
from pages.parts.stage import MOST_ROWS_EACH
from pages.parts.state import change_view
from pages.parts.table import Column, Row, table

_TALL = 560
_ORDER = ("shown", "not_shown", "not_measurable")
_TONES = {"shown": "worse", "not_shown": "", "not_measurable": ""}


def draw_log(screen: Screen, found: Found) -> None:
    """One row a commune, category and measured sign; what the log has no sign of is named below."""
    window = sign_window(screen)
    whole = _("Từ đầu dữ liệu")
    pick_one(
        _("Khoảng thời gian của nhật ký"),
        {"all": whole, "period": screen.period.name},
        screen.view.sign_window,
        attribute="sign_window",
    )
    names_of = ("commune_code", "category", "asked_on")
    asked = found.shown.select(names_of).unique().sort(names_of)
    measured = tuple(one for one in asked.iter_rows() if one[1] in SIGNS)
    everyone = screen.filters.of_whole_province()
    signs = log_signs(screen.snapshot, screen.snapshot.id, measured, window, everyone)
    if not signs:
        st.info(_("Trong phạm vi đang xem, không có vướng mắc nào mà nhật ký đo được."), icon=":material/rule:")
        return
    shown = [one for one in signs if one.verdict == "shown"]
    communes = len({(one.commune_code, one.category) for one in shown})
    of_all = len({(one.commune_code, one.category) for one in signs})
    draw_title(
        _("Nhật ký cho thấy {n} trong {all} vướng mắc có thể đo được").format(n=number(communes), all=number(of_all))
    )
    names, on_stage = categories(), screen.view.presenting
    signs = sorted(signs, key=lambda one: (_ORDER.index(one.verdict), names[one.category], one.commune_code))
    table(
        _("Vướng mắc và dấu hiệu trong nhật ký"),
        [
            Column(label=_("Xã, phường")),
            Column(label=_("Vướng mắc, dấu hiệu đo")),
            Column(label=_("Kết luận")),
            Column(label=_("Hồ sơ xét"), number=True),
        ],
        [_row(screen, one, rank, names) for rank, one in enumerate(signs)][: MOST_ROWS_EACH if on_stage else None],
        key="difficulty_signs",
        height=None if on_stage else _TALL,
        on_pick=_open,
    )
    others = sorted(names[one] for one in set(asked["category"]) - categories_with_signs())
    notes = [
        _("Nhật ký từ {first} đến {last}; so với mọi xã, phường khác với cùng cơ cấu thủ tục và hình thức nộp.").format(
            first=date(window.starts), last=date(window.ends)
        ),
        _(
            "Cùng xảy ra chưa phải là nguyên nhân, và «không cho thấy» không có nghĩa là không có vướng mắc. Sự cố ở "
            "mọi nơi cùng lúc được tìm ở cả tỉnh, trong tuần nêu so với các tuần khác."
        ),
    ]
    if others:
        notes.append(_("Nhật ký không đo được: {names}.").format(names=", ".join(others)))
    st.caption("  \n".join(notes))


def _row(screen: Screen, one: Sign, rank: int, names: dict[str, str]) -> Row:
    return Row(
        cells=[
            screen.commune_name(one.commune_code),
            (names[one.category], one.measure_name),
            (verdict_name(one.verdict), one.sentence, _TONES[one.verdict]),
            number(one.n),
        ],
        sort=[screen.commune_name(one.commune_code), names[one.category], rank, one.n],
        code=f"{one.commune_code} {one.category}",
        muted=one.verdict == "not_measurable",
    )


def _open(code: str) -> None:
    commune, category = code.split(" ", 1)
    change_view(difficulty_part="list", communes=(commune,), categories=(category,), difficulty="")
