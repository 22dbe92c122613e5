"""The filters that all screens share, drawn in the sidebar and kept in the address."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import streamlit as st

from indicators.catalogue import CATALOGUE
from indicators.difficulties import categories
from indicators.filters import Filters
from language import _
from language.formats import date as written_date
from language.text import sort_key
from pages.parts.address import View
from pages.parts.data import Lists
from pages.parts.period import CUSTOM, Period, choices, read_date
from pages.parts.picker import Option, picker
from pages.parts.state import change_view

# As many as can be told apart on one chart and read side by side.
MOST_COMMUNES = 6

_INDICATORS = {declared.id for declared in CATALOGUE}

# The filters of a view, as dimensions of the indicators.
_DIMENSIONS = {
    "communes": "commune",
    "old_provinces": "old_province",
    "old_districts": "old_district",
    "clusters": "cluster",
    "fields": "field",
    "procedures": "procedure",
    "channels": "channel",
}


def channel_name(channel: str) -> str:
    return {"online": _("Trực tuyến"), "in_person": _("Trực tiếp"), "postal": _("Bưu chính")}.get(channel, channel)


def known(view: View, lists: Lists) -> tuple[View, list[str]]:
    """The view without the values that this snapshot does not hold, and those values."""
    offered = {attribute: {option.value for option in options} for attribute, options in _options(lists).items()}
    changes: dict[str, object] = {}
    dropped: list[str] = []
    for attribute, values in offered.items():
        chosen = getattr(view, attribute)
        changes[attribute] = tuple(value for value in chosen if value in values)
        dropped += [value for value in chosen if value not in values]
    for attribute in ("indicator", "second_indicator"):
        chosen = getattr(view, attribute)
        if chosen and chosen not in _INDICATORS:
            changes[attribute] = getattr(View(), attribute)
            dropped.append(chosen)
    changes["categories"] = tuple(value for value in view.categories if value in categories())
    dropped += [value for value in view.categories if value not in categories()]
    return view.with_changes(**changes), dropped


def filters_of(view: View) -> Filters:
    return Filters(**{dimension: getattr(view, attribute) for attribute, dimension in _DIMENSIONS.items()})


def commune_options(lists: Lists) -> list[Option]:
    """The communes to pick from; an old unit's name finds the commune it went into."""
    names = Counter(commune.full_name for commune in lists.communes.values())
    return [
        Option(
            value=commune.code,
            label=commune.full_name,
            bare=commune.name,
            also=_("gồm {names} cũ").format(names=", ".join(commune.old_names)) if commune.old_names else "",
            # Two communes of one name are told apart by where they lie.
            hint=commune.old_district if names[commune.full_name] > 1 else "",
        )
        for commune in lists.communes.values()
    ]


def _options(lists: Lists) -> dict[str, list[Option]]:
    communes = lists.communes.values()

    def plain(values: set[str]) -> list[Option]:
        return [Option(value=value, label=value) for value in sorted(values - {""}, key=sort_key)]

    return {
        "communes": commune_options(lists),
        "old_provinces": plain({commune.old_province for commune in communes}),
        "old_districts": plain({commune.old_district for commune in communes}),
        "clusters": plain({commune.cluster for commune in communes}),
        "fields": plain(set(lists.fields)),
        "procedures": [
            Option(value=code, label=name, hint=code if name != code else "") for code, name in lists.procedures.items()
        ],
        "channels": [Option(value=channel, label=channel_name(channel)) for channel in lists.channels],
    }


def draw_filters(view: View, lists: Lists, period: Period, *, whole: str, as_of: dt.date) -> None:
    """The period and the communes in sight, the rest one click away."""
    _draw_period(view, period, as_of=as_of, first=lists.first_day)
    options = _options(lists)
    labels = {
        "communes": (_("Xã, phường"), whole),
        "old_provinces": (_("Tỉnh cũ"), _("Tất cả")),
        "old_districts": (_("Huyện cũ"), _("Tất cả")),
        "clusters": (_("Cụm"), _("Tất cả")),
        "fields": (_("Lĩnh vực"), _("Tất cả")),
        "procedures": (_("Thủ tục"), _("Tất cả")),
        "channels": (_("Hình thức nộp"), _("Tất cả")),
    }
    shown = [attribute for attribute in labels if attribute == "communes" or len(options[attribute]) > 1]
    _draw("communes", labels["communes"], options["communes"], view)
    others = [attribute for attribute in shown if attribute != "communes"]
    used = sum(bool(getattr(view, attribute)) for attribute in others)
    title = _("Lọc thêm ({count} đang dùng)").format(count=used) if used else _("Lọc thêm")
    with st.expander(title, expanded=used > 0):
        for attribute in others:
            _draw(attribute, labels[attribute], options[attribute], view)
    if view.communes or used:
        st.button(_("Bỏ mọi bộ lọc"), on_click=_clear, width="stretch", icon=":material/filter_alt_off:")


def _draw(attribute: str, label: tuple[str, str], options: list[Option], view: View) -> None:
    picker(
        label[0],
        options,
        getattr(view, attribute),
        key=f"filter_{attribute}",
        on_pick=_setter(attribute),
        multiple=True,
        placeholder=label[1],
    )


def _setter(attribute: str) -> Callable[[tuple[str, ...]], None]:
    return lambda values: change_view(**{attribute: values})


def _clear() -> None:
    change_view(**dict.fromkeys(_DIMENSIONS, ()))


def _draw_period(view: View, period: Period, *, as_of: dt.date, first: dt.date) -> None:
    offered = list(choices(as_of, first, view.language))
    if period.key not in {choice.key for choice in offered} and period.key != CUSTOM:
        offered.append(period)
    options = [Option(value=choice.key, label=choice.name, hint=choice.dates) for choice in offered]
    options.append(Option(value=CUSTOM, label=_("Khoảng tự chọn"), hint=_("Gõ ngày bắt đầu và ngày kết thúc")))

    def pick(values: tuple[str, ...]) -> None:
        key = values[0] if values else ""
        if key == CUSTOM:
            change_view(period=CUSTOM, date_from=period.window.starts, date_to=period.window.ends)
        elif key:
            change_view(period=key, date_from=None, date_to=None)

    picker(
        _("Thời gian"),
        options,
        [view.period if view.period == CUSTOM else period.key],
        key="filter_period",
        on_pick=pick,
        clearable=False,
    )
    if view.period == CUSTOM:
        _draw_dates(period, as_of=as_of)


def _draw_dates(period: Period, *, as_of: dt.date) -> None:
    labels = {"date_from": _("Từ ngày"), "date_to": _("Đến ngày")}
    in_view = {"date_from": period.window.starts, "date_to": period.window.ends}
    for attribute, label in labels.items():
        key = f"filter_{attribute}"
        if key not in st.session_state or st.session_state.get(f"{key}_shown") != in_view[attribute]:
            # The address has moved on (a link, the back button, another screen): the field follows it.
            st.session_state[key] = written_date(in_view[attribute])
            st.session_state[f"{key}_shown"] = in_view[attribute]
        st.text_input(label, key=key, placeholder=_("ngày/tháng/năm"), on_change=_type_dates, args=(as_of,))
    typed = _typed_dates()
    for attribute, label in labels.items():
        if typed[attribute] is None:
            example = written_date(as_of)
            st.error(_("{label}: hãy gõ ngày/tháng/năm, ví dụ {example}.").format(label=label, example=example))
    if _is_reversed(typed, as_of):
        st.error(_("Ngày bắt đầu phải trước ngày kết thúc và không sau {as_of}.").format(as_of=written_date(as_of)))


def _typed_dates() -> dict[str, dt.date | None]:
    return {name: read_date(st.session_state.get(f"filter_{name}", "")) for name in ("date_from", "date_to")}


def _is_reversed(typed: dict[str, dt.date | None], as_of: dt.date) -> bool:
    starts, ends = typed["date_from"], typed["date_to"]
    return starts is not None and ends is not None and starts > min(ends, as_of)


def _type_dates(as_of: dt.date) -> None:
    typed = _typed_dates()
    if None in typed.values() or _is_reversed(typed, as_of):
        return
    change_view(**typed)
    for name, day in typed.items():
        st.session_state[f"filter_{name}_shown"] = min(day, as_of) if day else None
