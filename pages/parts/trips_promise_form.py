"""The forms of a promise: written down anew, and corrected with the same fields."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from indicators.before_after import is_stock
from indicators.catalogue import Indicator
from indicators.promises import measurable
from indicators.reference import unit_name
from language import _
from notebook import Promise, Trip
from notebook.tables import LINE, PROSE
from notebook.words import value_name
from pages.parts.held import held
from pages.parts.picker import Option, picker
from pages.parts.screen import Screen
from pages.parts.trips_baseline import draw_baseline
from pages.parts.trips_data import Log, declared
from pages.parts.trips_form import departments
from pages.parts.trips_write import add, edit, refuse, remove

_PER_CENT = 100


def whose(screen: Screen, code: str | None) -> str:
    """The commune that a promise is watched in, or the whole province; a code of other data stays as it is."""
    if code is None:
        return screen.whole
    commune = screen.lists.communes.get(code)
    return commune.full_name if commune else code


def spoken(screen: Screen) -> Callable[[str, Any], str]:
    """How a conflict says a field of a promise: communes and indicators by their names."""

    def said(name: str, value: Any) -> str:
        if name == "commune_code":
            return whose(screen, value)
        figure = declared(value) if name == "indicator" else None
        return figure.name if figure else value_name(name, value)

    return said


def draw_new(screen: Screen, log: Log, trip: Trip) -> None:
    """The form of a new promise of a trip."""
    # Emptied after a promise was kept, by keys that nobody has typed in yet.
    key = f"promise_{trip.id}_{st.session_state.setdefault('promise_turn', 0)}"
    st.text_area(
        _("Nội dung cam kết"),
        max_chars=PROSE,
        key=f"{key}_text",
        placeholder=_("Ví dụ: trong tháng 12 giải quyết hết hồ sơ chứng thực quá hạn"),
    )
    codes = [code for code in log.codes(trip) if code in screen.lists.communes]
    left, right = st.columns(2)
    with left:
        offered = list(
            dict.fromkeys([*trip.departments, *(screen.commune_name(code) for code in codes), *departments()])
        )
        st.selectbox(_("Cơ quan cam kết"), offered, key=f"{key}_department")
    with right:
        code = _draw_commune(screen, key, codes)
    left, right = st.columns(2)
    with left:
        st.date_input(_("Ngày cam kết"), value=trip.starts_on, format="DD/MM/YYYY", key=f"{key}_promised_on")
    with right:
        due_on = trip.starts_on + dt.timedelta(days=30)
        st.date_input(_("Hạn"), value=due_on, format="DD/MM/YYYY", key=f"{key}_due_on")
    _draw_figure(screen, key, code)
    st.button(
        _("Ghi cam kết"),
        icon=":material/save:",
        type="primary",
        key=f"{key}_save",
        on_click=_add,
        args=(trip, key, code),
    )


def _draw_commune(screen: Screen, key: str, codes: Sequence[str]) -> str | None:
    """The first stop until something is chosen; what was chosen stays while the stops of the trip change."""
    options, chosen = [*codes, ""], f"{key}_commune_chosen"
    # With the stops in its key: a widget keeps its first value, and the first stop may come after it.
    widget = "_".join([key, "commune", *codes])
    before = st.session_state.get(chosen)
    code = st.selectbox(
        _("Đơn vị theo dõi số liệu"),
        options,
        index=options.index(before) if before in options else 0,
        format_func=lambda code: whose(screen, code or None),
        key=widget,
        on_change=lambda: st.session_state.update({chosen: st.session_state[widget]}),
    )
    return code or None


def _draw_figure(screen: Screen, key: str, code: str | None, promise: Promise | None = None) -> None:
    """Which figure should move, which way and by how much, in the unit that the screens print."""
    chosen = st.session_state.get(f"{key}_indicator") or ""
    figure = declared(chosen)
    offered = [*measurable(), *([figure] if figure and figure not in measurable() else [])]
    picker(
        _("Chỉ tiêu phải chuyển động"),
        [Option(value=one.id, label=one.name, hint=promised_unit(one)) for one in offered],
        [chosen] if figure else [],
        key=f"{key}_figures",
        on_pick=lambda values: st.session_state.update({f"{key}_indicator": values[0] if values else ""}),
        placeholder=_("Không gắn chỉ tiêu: không đo được"),
    )
    if figure is None:
        return
    # The size that is kept belongs to its own indicator only.
    kept = promise.expected_change if promise and promise.indicator == figure.id else None
    is_up = kept > 0 if kept else figure.direction == "higher_is_better"
    left, right = st.columns(2)
    with left:
        ways = {"up": _("Tăng"), "down": _("Giảm")}
        st.radio(
            _("Phải"),
            list(ways),
            index=0 if is_up else 1,
            format_func=ways.__getitem__,
            horizontal=True,
            key=f"{key}_way_{figure.id}",
        )
    with right:
        st.number_input(
            _("Bao nhiêu ({unit})").format(unit=promised_unit(figure)),
            min_value=0.0,
            value=_printed(figure, kept),
            step=1.0 if is_stock(figure) else 0.1,
            format="%.0f" if is_stock(figure) else "%.1f",
            key=f"{key}_size_{figure.id}",
            help=_("Để trống: chỉ cần chuyển động theo hướng tốt lên, vượt mức ngẫu nhiên."),
        )
    asked = st.session_state
    draw_baseline(
        screen,
        figure,
        commune_code=code,
        promised_on=asked.get(f"{key}_promised_on"),
        due_on=asked.get(f"{key}_due_on"),
        expected=_expected(key, figure),
        way=1 if asked.get(f"{key}_way_{figure.id}", "up") == "up" else -1,
    )


def promised_unit(figure: Indicator) -> str:
    """The unit that a promised change is typed in: `điểm %`, `hồ sơ mỗi ngày làm việc`, `ngày làm việc`."""
    if figure.unit == "rate":
        return _("điểm %")
    if figure.unit == "count" and not is_stock(figure):
        return _("hồ sơ mỗi ngày làm việc")
    return unit_name(figure.unit)


def _printed(figure: Indicator, expected: float | None) -> float | None:
    """A kept change as it is typed: its size in the printed unit."""
    if not expected:
        return None
    return round(abs(expected) * (_PER_CENT if figure.unit == "rate" else 1), 6)


def _expected(key: str, figure: Indicator | None) -> float | None:
    """The typed change as the notebook keeps it: signed, in the indicator's own unit."""
    size = st.session_state.get(f"{key}_size_{figure.id}") if figure else None
    if figure is None or not size:
        return None
    own: float = size / _PER_CENT if figure.unit == "rate" else size
    return own if st.session_state.get(f"{key}_way_{figure.id}", "up") == "up" else -own


def _is_refused(figure: Indicator | None, expected: float | None) -> bool:
    """Whether no rate can change by as much; told on the next run."""
    if figure is None or figure.unit != "rate" or expected is None or abs(expected) <= 1:
        return False
    refuse(_("Một tỷ lệ không thể thay đổi quá 100 điểm %. Hãy sửa mức đã cam kết."))
    return True


def _add(trip: Trip, key: str, code: str | None) -> None:
    asked = st.session_state
    text = str(asked[f"{key}_text"]).strip()
    figure = declared(asked.get(f"{key}_indicator"))
    expected = _expected(key, figure)
    if not text:
        refuse(_("Hãy ghi nội dung cam kết."))
        return
    if _is_refused(figure, expected):
        return
    promise = Promise(
        trip_id=trip.id,
        commune_code=code,
        department=asked[f"{key}_department"],
        text=text,
        promised_on=asked[f"{key}_promised_on"],
        due_on=asked[f"{key}_due_on"],
        indicator=figure.id if figure else None,
        expected_change=expected,
    )
    if add(promise):
        st.session_state["promise_turn"] += 1


# ---- one that is there -----------------------------------------------------------------------------------------------


def _edit_key(promise: Promise) -> str:
    return f"promise_edit_{promise.id}_{promise.version}"


def _labels(screen: Screen, promises: Sequence[Promise]) -> dict[int | None, str]:
    """What each promise is called in a list. No two alike: the browser sends the label, not the promise."""
    labels: dict[int | None, str] = {}
    for one in promises:
        label = f"{one.text} ({one.department} · {whose(screen, one.commune_code)})"
        alike = sum(told == label or told.startswith(f"{label} · ") for told in labels.values())
        labels[one.id] = f"{label} · {alike + 1}" if alike else label
    return labels


def _drop_half_chosen() -> None:
    """What no widget holds goes with the widgets when another promise is opened."""
    for name in list(st.session_state):
        if str(name).startswith("promise_edit_") and str(name).endswith(("_indicator", "_expected_change")):
            del st.session_state[name]


def draw_edit(screen: Screen, promises: Sequence[Promise], codes: Sequence[str]) -> None:
    """The same fields for one of these, with what became of it; `codes`, the stops of its trip, are offered first."""
    by_id = {one.id: one for one in promises}
    labels = _labels(screen, promises)
    chosen = st.selectbox(
        _("Cam kết nào"), list(by_id), format_func=labels.__getitem__, key="promise_chosen", on_change=_drop_half_chosen
    )
    promise = held(by_id[chosen], _edit_key)
    key = _edit_key(promise)
    st.session_state.setdefault(f"{key}_indicator", promise.indicator or "")
    st.text_area(_("Nội dung cam kết"), value=promise.text, max_chars=PROSE, key=f"{key}_text")
    left, right = st.columns(2)
    with left:
        st.text_input(_("Cơ quan cam kết"), value=promise.department, max_chars=LINE, key=f"{key}_department")
    with right:
        own = promise.commune_code or ""
        offered = list(dict.fromkeys([own, *codes, "", *screen.lists.communes]))
        code = st.selectbox(
            _("Đơn vị theo dõi số liệu"),
            offered,
            format_func=lambda code: whose(screen, code or None),
            key=f"{key}_commune_code",
        )
    left, middle, right = st.columns(3)
    with left:
        st.date_input(_("Ngày cam kết"), value=promise.promised_on, format="DD/MM/YYYY", key=f"{key}_promised_on")
    with middle:
        st.date_input(_("Hạn"), value=promise.due_on, format="DD/MM/YYYY", key=f"{key}_due_on")
    with right:
        states = {"open": _("Đang theo dõi"), "withdrawn": _("Đã rút"), "settled": _("Đã khép lại")}
        st.selectbox(
            _("Tình trạng"),
            list(states),
            index=list(states).index(promise.state),
            format_func=states.__getitem__,
            key=f"{key}_state",
        )
    _draw_figure(screen, key, code or None, promise)
    # No widget holds the signed change: with it here, `held` sees a size that was typed over an older version.
    st.session_state[f"{key}_expected_change"] = _wanted(promise, key)[1]
    st.text_area(_("Kết quả do cơ quan báo lại"), value=promise.outcome, max_chars=PROSE, key=f"{key}_outcome")
    with st.container(horizontal=True):
        st.button(_("Ghi lại"), icon=":material/save:", key=f"{key}_save", on_click=_save, args=(promise, key))
        st.button(
            _("Xóa"), icon=":material/delete:", on_click=remove, args=(promise, promise.text), key=f"{key}_remove"
        )


def _wanted(promise: Promise, key: str) -> tuple[str | None, float | None]:
    """The indicator and the change as typed; what nobody touched stays to the last digit."""
    chosen = st.session_state.get(f"{key}_indicator") or None
    figure = declared(chosen)
    if chosen == promise.indicator and figure is None:
        return promise.indicator, promise.expected_change
    expected, kept = _expected(key, figure), promise.expected_change
    if chosen == promise.indicator and math.isclose(expected or 0.0, kept or 0.0, rel_tol=1e-9, abs_tol=1e-7):
        expected = kept
    return (figure.id if figure else None), expected


def _save(promise: Promise, key: str) -> None:
    asked = st.session_state
    indicator, expected = _wanted(promise, key)
    if _is_refused(declared(indicator), expected):
        return
    # What was just saved is not typed over an older version: `held` compares this with the newest.
    asked[f"{key}_expected_change"] = expected
    edit(
        promise,
        text=str(asked[f"{key}_text"]).strip(),
        department=" ".join(str(asked[f"{key}_department"]).split()),
        commune_code=asked[f"{key}_commune_code"] or None,
        promised_on=asked[f"{key}_promised_on"],
        due_on=asked[f"{key}_due_on"],
        indicator=indicator,
        expected_change=expected,
        state=asked[f"{key}_state"],
        outcome=str(asked[f"{key}_outcome"]).strip(),
    )
