"""Reported figures on the page: the list with a verdict each, and one source's figures with their arithmetic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import streamlit as st

from indicators.against_log import Comparison
from indicators.claims import Check, Claim, Reading
from indicators.reconcile import VERDICTS, Pace, Statement
from language import _
from language.formats import NOTHING, date, number
from pages.parts.table import Cell, Column, Row, table

# The verdicts that one button stands for.
_BUTTONS = {
    "ask": ("ask",),
    "differs": ("differs",),
    "matches": ("matches", "consistent"),
    "not_logged": ("no_window", "outside", "none"),
}
_TONES = {"ask": "worse", "differs": "worse", "matches": "better"}
TEMPLATE = (
    "Đơn vị,Mã xã,Tỉnh,Từ ngày,Đến ngày,Chỉ tiêu,Giá trị,Mức chính xác,Tỷ lệ nêu,Tỷ lệ trên,Nhóm cộng,"
    "Vai trò trong nhóm,Nguồn,Ngày nguồn,Ghi chú\n"
    "Phường Phú Thọ,07942,,01/07/2025,04/07/2025 11:30,Tiếp nhận,120,khoảng,,,,,Báo cáo của phường,04/07/2025,\n"
)


def choices(found: Sequence[Statement]) -> dict[str, str]:
    """The buttons with how many statements stand behind each."""
    names = {
        "ask": _("Cần hỏi lại"),
        "differs": _("Lệch"),
        "matches": _("Khớp"),
        "not_logged": _("Nhật ký không có"),
    }
    counts = {button: sum(_behind(one, button) for one in found) for button in names}
    return {"all": f"{_('Tất cả')} ({len(found)})"} | {
        button: f"{name} ({counts[button]})" for button, name in names.items() if counts[button]
    }


def shown_statements(found: Sequence[Statement], *, verdict: str, communes: Sequence[str]) -> list[Statement]:
    """Those behind the button and of the chosen communes, the most pressing first."""
    kept = [
        one
        for one in found
        if (verdict == "all" or _behind(one, verdict)) and (not communes or one.commune_code in communes)
    ]
    return sorted(kept, key=lambda one: VERDICTS.index(one.verdicts[0]))


def _behind(statement: Statement, button: str) -> bool:
    return any(verdict in _BUTTONS[button] for verdict in statement.verdicts)


def statement_table(
    shown: Sequence[Statement], *, chosen: str, key: str, height: int, on_pick: Callable[[str], None]
) -> None:
    """The list: who was reported on and by whom, and the most pressing verdict; a click opens it."""
    rows = []
    for rank, one in enumerate(shown):
        tone = _TONES.get(one.verdicts[0], "")
        where = _verdict_name(one.verdicts[-1]) if one.verdicts[-1] in ("no_window", "outside") else ""
        rows.append(
            Row(
                cells=[
                    (one.unit_name, " · ".join(part for part in (_outside(one), _source(one)) if part)),
                    (_verdict_name(one.verdicts[0]), _unbroken(one.headline), tone),
                ],
                sort=[one.unit_name, rank],
                code=one.key,
                chosen=one.key == chosen,
                muted=not tone and not where,
            )
        )
    columns = [Column(label=_("Đơn vị, nguồn")), Column(label=_("Kết luận"))]
    table(_("Số liệu được nêu, theo đơn vị và nguồn"), columns, rows, key=key, height=height, on_pick=on_pick)


def draw_statement(statement: Statement, same_source: Sequence[Statement], *, simulated: bool) -> None:
    """One statement: what to ask, its checks with their arithmetic, the log beside it, and per working day."""
    place = _outside(statement)
    st.markdown(f"#### {statement.unit_name}" + (f", {place}" if place else ""))
    st.caption(_source(statement))
    if statement.questions:
        st.info(
            _("**Nên hỏi**") + "\n" + "".join(f"\n- {question}" for question in statement.questions),
            icon=":material/contact_support:",
        )
    if statement.checks:
        st.markdown("##### " + _("Các số tự đối chiếu"))
        for check in statement.checks:
            _draw_check(check)
    st.markdown("##### " + (_("Từng số") if statement.scope == "outside" else _("Từng số, so với bản dữ liệu")))
    if statement.scope == "outside":
        outside = [one.sentence for one in statement.comparisons.values() if one.outcome == "outside"]
        st.caption("".join(outside[:1]))
    elif simulated:
        st.caption(_("Nhật ký và danh mục đơn vị ở đây là mô phỏng: chênh lệch chỉ để xem cách đối chiếu."))
    _figure_table(statement)
    paces = [pace for one in same_source for pace in one.paces]
    if any(pace.unit_name == statement.unit_name for pace in paces):
        st.markdown("##### " + _("Quy về một ngày làm việc, cùng nguồn"))
        _pace_table(paces, statement.unit_name)


def explain_nothing_reported() -> None:
    """What this screen is for and how to load the first figures."""
    st.info(_("Bản dữ liệu này chưa có số liệu nào để đối chiếu."), icon=":material/fact_check:")
    st.markdown(
        _(
            "Ghi những con số mà đơn vị, cổng hay báo chí đã nêu vào một tệp CSV hoặc Excel theo mẫu, "
            "khai báo trong PROVINCE.toml rồi nạp lại:"
        )
    )
    st.code('[reported]\npath = "so_lieu_neu.csv"', language=None)
    st.download_button(
        _("Tải tệp mẫu"),
        "\ufeff" + TEMPLATE,
        "so_lieu_neu.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def written_stay(claim: Claim) -> str:
    """The window of a figure: `01/07/2025 – 04/07/2025 11:30`."""
    if claim.starts_at is None or claim.ends_at is None:
        return _("không nêu kỳ")
    first, last = _moment(claim.starts_at), _moment(claim.ends_at, is_end=True)
    return first if first == last else f"{first} – {last}"


def _moment(value: dt.datetime, *, is_end: bool = False) -> str:
    if value.time() != dt.time():
        return f"{date(value.date())} {value:%H:%M}"
    return date(value.date() - dt.timedelta(days=1) if is_end else value.date())


def _draw_check(check: Check) -> None:
    icon = {
        "ask": ":orange[:material/help:]",
        "agrees": ":blue[:material/check_circle:]",
        "note": ":gray[:material/info:]",
    }
    arithmetic = f"  \n:gray[{_plain(check.arithmetic)}]" if check.arithmetic else ""
    st.markdown(f"{icon[check.verdict]} {_plain(check.sentence)}{arithmetic}")
    if check.readings:
        with st.expander(_("Những cách hiểu khiến con số có thể đúng"), expanded=True, icon=":material/alt_route:"):
            st.markdown("\n".join(f"- {_reading(reading)}" for reading in check.readings))


def _reading(reading: Reading) -> str:
    words = {
        "agrees": _(":blue[**khớp**]"),
        "open": _(":orange[**cần hỏi**]"),
        "excluded": _(":gray[**không phải**]"),
    }
    return f"{words[reading.status]} · {_plain(reading.sentence)}"


def _figure_table(statement: Statement) -> None:
    is_outside = statement.scope == "outside"
    rows = []
    for rank, claim in enumerate(statement.claims):
        comparison = statement.comparisons[claim.row_id]
        share = f" ({claim.share_text})" if claim.share_text and claim.value is not None else ""
        stated = (claim.value_text or claim.share_text or NOTHING) + share
        stay = written_stay(claim) if claim.window is not None else ""
        name = (claim.name, " · ".join(part for part in (stay, claim.note) if part))
        cells: list[Cell] = [name, _unbroken(stated)]
        if not is_outside:
            cells.append(_outcome(comparison))
        is_compared = comparison.outcome in ("matches", "differs")
        sort = [rank, claim.value, rank][: len(cells)]
        rows.append(Row(cells=cells, sort=sort, muted=not is_outside and not is_compared))
    columns = [Column(label=_("Số")), Column(label=_("Nguồn nêu"), number=True)]
    if not is_outside:
        columns.append(Column(label=_("Kết luận")))
    table(_("Từng số của {unit}").format(unit=statement.unit_name), columns, rows, key="figures")


def _outcome(comparison: Comparison) -> Cell:
    """`Khớp` or `Lệch 3 hồ sơ`, with both figures in small letters; else why there is nothing to compare."""
    if comparison.outcome not in ("matches", "differs"):
        return _outcome_name(comparison.outcome)
    verdict, _colon, figures = _unbroken(comparison.sentence).partition(": ")
    return verdict, figures[:1].upper() + figures[1:], "better" if comparison.outcome == "matches" else "worse"


def _pace_table(paces: Sequence[Pace], unit_name: str) -> None:
    """Windows of different length made comparable; visits stay apart from dossiers."""
    rows = []
    for pace in sorted(paces, key=lambda pace: pace.claim.measure == "visits"):
        days, per_day = pace.working_days, pace.per_working_day
        notes = []
        if pace.per_head is not None:
            notes.append(_("{number} mỗi người của trung tâm").format(number=number(pace.per_head, 1)))
        if pace.calendar_days is not None and pace.calendar_days != days:
            notes.append(_("{number} mỗi ngày lịch").format(number=number(pace.per_calendar_day, 1)))
        is_visits = pace.claim.measure == "visits"
        rows.append(
            Row(
                cells=[
                    (pace.unit_name, written_stay(pace.claim)),
                    (pace.claim.name, _("lượt, không phải hồ sơ") if is_visits else ""),
                    number(days, 0 if days is not None and days.is_integer() else 1),
                    (number(per_day, 1), " · ".join(notes)),
                ],
                sort=[pace.unit_name, pace.claim.name, days, per_day],
                chosen=pace.unit_name == unit_name,
            )
        )
    columns = [
        Column(label=_("Đơn vị, kỳ")),
        Column(label=_("Số")),
        Column(label=_("Ngày làm việc"), number=True, help=_("Theo lịch làm việc; một buổi là nửa ngày")),
        Column(label=_("Mỗi ngày làm việc"), number=True),
    ]
    table(_("Số liệu cùng nguồn, quy về một ngày làm việc"), columns, rows, key="paces")


def _verdict_name(verdict: str) -> str:
    return {
        "ask": _("Cần hỏi lại"),
        "differs": _("Lệch"),
        "matches": _("Khớp"),
        "consistent": _("Các số khớp nhau"),
        "no_window": _("Nhật ký không có kỳ này"),
        "outside": _("Đơn vị ngoài tỉnh"),
        "none": _("Chưa có gì để đối chiếu"),
    }[verdict]


def _outcome_name(outcome: str) -> str:
    return {
        "no_window": _("nhật ký không có kỳ này"),
        "no_dates": _("nguồn không nêu kỳ"),
        "outside": _("đơn vị ngoài tỉnh"),
        "visits": _("lượt người, không so với hồ sơ"),
        "vague": _("chưa phải con số"),
        "not_logged": _("bản dữ liệu không ghi"),
    }[outcome]


def _outside(statement: Statement) -> str:
    return (statement.province or "") if statement.scope == "outside" else ""


def _source(statement: Statement) -> str:
    return " · ".join(part for part in (statement.source, date(statement.source_date)) if part != NOTHING)


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is; a unit never starts a line of its own."""
    for sign in "\\`*_[]$~:":
        text = text.replace(sign, f"\\{sign}")
    return _unbroken(text)


def _unbroken(text: str) -> str:
    return text.replace(" %", "\N{NO-BREAK SPACE}%")
