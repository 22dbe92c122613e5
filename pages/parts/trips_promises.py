"""What was promised on a trip, and what became of it: each promise beside the figure that should move."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from indicators.before_after import is_stock
from indicators.catalogue import Indicator
from indicators.promise_words import change_words, interval_words
from indicators.promises import Watched, measurable
from indicators.reference import unit_name
from language import _
from language.formats import date
from notebook import Promise, Trip
from notebook.tables import LINE, PROSE
from pages.parts.held import held
from pages.parts.picker import Option, picker
from pages.parts.plain import plain, sentence
from pages.parts.screen import Screen
from pages.parts.table import Column, Row, table
from pages.parts.trips_baseline import draw_baseline
from pages.parts.trips_data import Log, declared, watched
from pages.parts.trips_form import departments
from pages.parts.trips_write import add, draw_conflict_of, draw_removed, edit, refuse, remove

_TONES = {"kept": "better", "not_kept": "worse", "not_measurable": "", "too_early": ""}
_ICONS = {"kept": "✓", "not_kept": "✗", "not_measurable": "?", "too_early": "…"}
_PER_CENT = 100


def draw_promises(screen: Screen, log: Log, trip: Trip) -> None:
    """The promises with their verdicts, a form for a new one, and those that were removed."""
    st.subheader(_("Cam kết và số liệu từ đó đến nay"), anchor=False)
    every = log.book.find(Promise, trip_id=trip.id, include_deleted=True)
    promises = [one for one in every if one.deleted_at is None]
    if promises:
        _draw_table(screen, promises)
    else:
        st.caption(_("Chưa ghi cam kết nào của chuyến đi này."))
    for promise in promises:
        draw_conflict_of(promise)
    if screen.view.presenting:
        return
    with st.expander(_("Ghi cam kết mới"), icon=":material/handshake:", expanded=False):
        _draw_new(screen, log, trip)
    if promises:
        with st.expander(_("Sửa, rút hoặc xóa cam kết"), icon=":material/edit:"):
            _draw_edit(screen, promises)
    removed = [one for one in every if one.deleted_at is not None]
    draw_removed(_("Cam kết đã xóa ({count})").format(count=len(removed)), removed)


# ---- the table -------------------------------------------------------------------------------------------------------


def _draw_table(screen: Screen, promises: list[Promise]) -> None:
    """The verdicts at a glance, and under them the figures that each rests on: sentences need the whole width."""
    found = [(promise, watched(screen, promise)) for promise in promises]
    table(
        _(
            "Chỉ kết luận một lần, khi đến hạn. Giữ được: mức thấy được đạt mức đã cam kết và chắc chắn được quá nửa. "
            "Chưa giữ được: chắc chắn chưa đạt mức ấy."
        ),
        [Column(label=_("Cam kết")), Column(label=_("Hạn")), Column(label=_("Kết luận"))],
        [_row(screen, promise, seen) for promise, seen in found],
        key="promises",
    )
    st.markdown(f"**{_('Căn cứ')}**")
    for promise, seen in found:
        outcome = f" {_('Cơ quan báo lại: {text}').format(text=promise.outcome)}" if promise.outcome else ""
        st.markdown(f"- {plain(promise.text)}. {sentence(seen.sentence + outcome)}")


def _row(screen: Screen, promise: Promise, found: Watched) -> Row:
    figure, minutes = declared(promise.indicator), screen.minutes_per_day
    name, tone, change = f"{_ICONS[found.verdict]} {found.standing}", _TONES[found.verdict], ""
    if promise.state == "withdrawn":
        name, tone = _("đã rút"), ""
    elif figure is not None and found.change is not None and not (found.verdict == "too_early" and found.reason):
        change = found.part_text or change_words(found.change, figure, minutes)
        if not found.part_text and found.expected_change is not None:
            change += _("; đã cam kết {change}").format(change=change_words(found.expected_change, figure, minutes))
        if found.low is not None and found.high is not None:
            interval = interval_words(found.low, found.high, figure, minutes)
            change = _("{change} (khoảng {interval})").format(change=change, interval=interval)
    commune = _commune_name(screen, promise.commune_code)
    return Row(
        cells=[
            (promise.text, f"{promise.department} · {commune}"),
            date(promise.due_on) if promise.due_on else _("không ghi hạn"),
            (name, change, tone),
        ],
        sort=[promise.text, (promise.due_on or dt.date.max).isoformat(), found.verdict],
        muted=promise.state == "withdrawn",
    )


def _commune_name(screen: Screen, code: str | None) -> str:
    if code is None:
        return screen.whole
    commune = screen.lists.communes.get(code)
    return commune.full_name if commune else code


# ---- the forms -------------------------------------------------------------------------------------------------------


def _draw_new(screen: Screen, log: Log, trip: Trip) -> None:
    # Emptied after a promise was kept, by keys that nobody has typed in yet.
    key = f"promise_{trip.id}_{st.session_state.setdefault('promise_turn', 0)}"
    st.text_area(
        _("Nội dung cam kết"),
        max_chars=PROSE,
        key=f"{key}_text",
        placeholder=_("Ví dụ: trong tháng 12 giải quyết hết hồ sơ chứng thực quá hạn"),
    )
    left, right = st.columns(2)
    codes = [code for code in log.codes(trip) if code in screen.lists.communes]
    with left:
        offered = list(
            dict.fromkeys([*trip.departments, *(screen.commune_name(code) for code in codes), *departments()])
        )
        st.selectbox(_("Cơ quan cam kết"), offered, key=f"{key}_department")
    with right:
        st.selectbox(
            _("Đơn vị theo dõi số liệu"),
            [*codes, ""],
            format_func=lambda code: _commune_name(screen, code or None),
            key=f"{key}_commune",
        )
    left, right = st.columns(2)
    with left:
        st.date_input(_("Ngày cam kết"), value=trip.starts_on, format="DD/MM/YYYY", key=f"{key}_on")
    with right:
        due_on = trip.starts_on + dt.timedelta(days=30)
        st.date_input(_("Hạn"), value=due_on, format="DD/MM/YYYY", key=f"{key}_due")
    _draw_figure(screen, key)
    st.button(
        _("Ghi cam kết"), icon=":material/save:", type="primary", key=f"{key}_save", on_click=_add, args=(trip, key)
    )


def _draw_figure(screen: Screen, key: str) -> None:
    """Which figure should move, which way and by how much, in the unit that the screens print."""
    chosen = st.session_state.get(f"{key}_figure", "")
    picker(
        _("Chỉ tiêu phải chuyển động"),
        [Option(value=one.id, label=one.name, hint=promised_unit(one)) for one in measurable()],
        [chosen] if chosen else [],
        key=f"{key}_figures",
        on_pick=lambda values: st.session_state.update({f"{key}_figure": values[0] if values else ""}),
        placeholder=_("Không gắn chỉ tiêu: không đo được"),
    )
    figure = declared(chosen)
    if figure is None:
        return
    left, right = st.columns(2)
    with left:
        ways = {"up": _("Tăng"), "down": _("Giảm")}
        st.radio(
            _("Phải"),
            list(ways),
            index=0 if figure.direction == "higher_is_better" else 1,
            format_func=ways.__getitem__,
            horizontal=True,
            key=f"{key}_way_{figure.id}",
        )
    with right:
        st.number_input(
            _("Bao nhiêu ({unit})").format(unit=promised_unit(figure)),
            min_value=0.0,
            value=None,
            step=0.1,
            format="%.1f",
            key=f"{key}_size_{figure.id}",
            help=_("Để trống: chỉ cần chuyển động theo hướng tốt lên, vượt mức ngẫu nhiên."),
        )
    asked = st.session_state
    expected = _expected(figure, asked.get(f"{key}_size_{figure.id}"), asked.get(f"{key}_way_{figure.id}", "up"))
    draw_baseline(screen, key, figure, expected)


def promised_unit(figure: Indicator) -> str:
    """The unit that a promised change is typed in: `điểm %`, `hồ sơ mỗi ngày làm việc`, `ngày làm việc`."""
    if figure.unit == "rate":
        return _("điểm %")
    if figure.unit == "count" and not is_stock(figure):
        return _("hồ sơ mỗi ngày làm việc")
    return unit_name(figure.unit)


def _expected(figure: Indicator, size: float | None, way: str) -> float | None:
    """A typed size as the notebook keeps it: signed, in the indicator's own unit."""
    if not size:
        return None
    own = size / _PER_CENT if figure.unit == "rate" else size
    return own if way == "up" else -own


def _add(trip: Trip, key: str) -> None:
    asked = st.session_state
    text = str(asked[f"{key}_text"]).strip()
    figure = declared(asked.get(f"{key}_figure"))
    if not text:
        refuse(_("Hãy ghi nội dung cam kết."))
        return
    promise = Promise(
        trip_id=trip.id,
        commune_code=asked[f"{key}_commune"] or None,
        department=asked[f"{key}_department"],
        text=text,
        promised_on=asked[f"{key}_on"],
        due_on=asked[f"{key}_due"],
        indicator=figure.id if figure else None,
        expected_change=_expected(figure, asked.get(f"{key}_size_{figure.id}"), asked[f"{key}_way_{figure.id}"])
        if figure
        else None,
    )
    if add(promise):
        st.session_state["promise_turn"] += 1


def _edit_key(promise: Promise) -> str:
    return f"promise_edit_{promise.id}_{promise.version}"


def _draw_edit(screen: Screen, promises: list[Promise]) -> None:
    by_id = {one.id: one for one in promises}
    chosen = st.selectbox(
        _("Cam kết nào"),
        list(by_id),
        format_func=lambda number: f"{by_id[number].text} ({_commune_name(screen, by_id[number].commune_code)})",
        key="promise_chosen",
    )
    promise = held(by_id[chosen], _edit_key)
    key = _edit_key(promise)
    states = {"open": _("Đang theo dõi"), "withdrawn": _("Đã rút"), "settled": _("Đã khép lại")}
    with st.form(f"{key}_form", border=False):
        st.text_area(_("Nội dung cam kết"), value=promise.text, max_chars=PROSE, key=f"{key}_text")
        left, middle, right = st.columns(3)
        with left:
            st.text_input(_("Cơ quan cam kết"), value=promise.department, max_chars=LINE, key=f"{key}_department")
        with middle:
            st.date_input(_("Hạn"), value=promise.due_on, format="DD/MM/YYYY", key=f"{key}_due_on")
        with right:
            st.selectbox(
                _("Tình trạng"),
                list(states),
                index=list(states).index(promise.state),
                format_func=states.__getitem__,
                key=f"{key}_state",
            )
        st.text_area(_("Kết quả do cơ quan báo lại"), value=promise.outcome, max_chars=PROSE, key=f"{key}_outcome")
        with st.container(horizontal=True):
            st.form_submit_button(_("Ghi lại"), icon=":material/save:", on_click=_save, args=(promise, key))
            st.form_submit_button(
                _("Xóa"), icon=":material/delete:", on_click=remove, args=(promise, promise.text), key=f"{key}_remove"
            )


def _save(promise: Promise, key: str) -> None:
    asked = st.session_state
    edit(
        promise,
        text=str(asked[f"{key}_text"]).strip(),
        department=" ".join(str(asked[f"{key}_department"]).split()),
        due_on=asked[f"{key}_due_on"],
        state=asked[f"{key}_state"],
        outcome=str(asked[f"{key}_outcome"]).strip(),
    )
