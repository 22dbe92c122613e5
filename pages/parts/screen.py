"""What every screen starts with: the view, its snapshot, the sidebar, the heading, and what stands at its foot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from charts.palettes import Palette, palette
from indicators.filters import Filters
from indicators.province import whole_name
from indicators.windows import Window
from language import _
from language.formats import date as written_date
from language.formats import date_time
from pages.parts import data, view_slides
from pages.parts.address import View, write
from pages.parts.data import Lists
from pages.parts.filters import channel_name, draw_filters, filters_of, known
from pages.parts.missing import explain_missing, explain_unreadable
from pages.parts.navigation import entries
from pages.parts.period import Period, resolve
from pages.parts.plain import few, plain
from pages.parts.screen_tools import draw_mode, draw_tools
from pages.parts.state import change_view, current_view, misread_values
from pages.parts.whole import in_text, old_place
from warehouse import Snapshot, SnapshotMissing

_CHROME = Path(__file__).with_name("chrome.css").read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Screen:
    """One run of one screen: what is asked for, and where the answer comes from."""

    view: View
    snapshot: Snapshot
    lists: Lists
    period: Period
    filters: Filters
    palette: Palette
    whole: str
    title: str = ""
    tools: DeltaGenerator | None = None

    @property
    def as_of(self) -> dt.date:
        return self.snapshot.info.as_of.date()

    @property
    def minutes_per_day(self) -> int:
        return self.snapshot.info.minutes_per_day

    def figures(
        self,
        ids: Sequence[str],
        *,
        by: Sequence[str] = (),
        window: Window | None = None,
        filters: Filters | None = None,
    ) -> pl.DataFrame:
        """The indicators for the view's period and filters, unless told otherwise."""
        return data.figures(
            self.snapshot,
            self.snapshot.id,
            tuple(dict.fromkeys(ids)),
            tuple(by),
            filters if filters is not None else self.filters,
            window or self.period.window,
        )

    def changes(self, ids: Sequence[str], reference: Window) -> pl.DataFrame:
        """What changed in the view's period since another window, one row an indicator."""
        return data.changes(self.snapshot, self.snapshot.id, tuple(ids), self.period.window, reference, self.filters)

    @property
    def whole_in_text(self) -> str:
        """`toàn tỉnh` or `toàn thành phố`, as it stands within a sentence."""
        return in_text(self.whole)

    def commune_name(self, code: str) -> str:
        return self.lists.communes[code].full_name


def open_screen(title: str, *, instead: Callable[[], None] = lambda: None, of_period: bool = True) -> Screen:
    """Draw the sidebar and the heading; where there is nothing to read, say what to do, draw `instead` and stop.

    `of_period`: whether the screen follows the period and all filters of the view, or the communes only.
    """
    st.html(f"<style>{_CHROME}</style>")
    view = current_view()
    view_slides.begin()
    if not view.presenting:
        _draw_links(view)
    try:
        snapshot = data.snapshot_of(view.snapshot)
        lists = data.lists(snapshot, snapshot.id)
    except SnapshotMissing as error:
        st.title(title, anchor=False)
        explain_missing(error, pinned=view.snapshot)
        instead()
        st.stop()
    except duckdb.Error:
        st.title(title, anchor=False)
        explain_unreadable()
        st.stop()
    as_of = snapshot.info.as_of.date()
    view, dropped = known(view, lists)
    period = resolve(view, as_of=as_of, first=lists.first_day)
    whole = whole_name(snapshot.info.province_code, as_of)
    if view.presenting:
        if view.highlight not in lists.communes:
            dropped += [view.highlight] if view.highlight else []
            view = view.with_changes(highlight="")
    else:
        with st.sidebar:
            draw_filters(view, lists, period, whole=whole, as_of=as_of)
            _draw_language(view)
    screen = Screen(
        view=view,
        snapshot=snapshot,
        lists=lists,
        period=period,
        filters=filters_of(view),
        palette=palette(dark=st.context.theme.type == "dark"),
        whole=whole,
        title=title,
    )
    screen = replace(screen, tools=_draw_heading(title, screen, of_period=of_period))
    if view.presenting:
        draw_mode(screen)
    dropped += misread_values()
    if dropped:
        words = _("Địa chỉ nêu giá trị không có trong dữ liệu, đã bỏ qua: {values}.").format(values=few(dropped))
        st.warning(words, icon=":material/link_off:")
    if of_period and not period.answers(view):
        words = _("Địa chỉ nêu khoảng thời gian không có số liệu; đang xem {period} ({dates}).")
        st.warning(words.format(period=in_text(period.name), dates=period.dates), icon=":material/event_busy:")
    return screen


def close_screen(screen: Screen) -> None:
    """The foot of every screen: as-of, source, and that the data are simulated where they are."""
    info = screen.snapshot.info
    parts = [
        _("Số liệu đến {as_of}").format(as_of=date_time(info.as_of)),
        _("nạp lúc {loaded_at}").format(loaded_at=date_time(screen.lists.loaded_at)),
        _("bản dữ liệu {id}").format(id=info.snapshot_id),
        _("nguồn: hệ thống một cửa {province}").format(province=plain(info.province_name)),
    ]
    if info.simulated:
        parts[-1] = _("nguồn: dữ liệu mô phỏng, không phải số liệu thật")
    st.caption(" · ".join(parts))
    draw_tools(screen)


def _draw_links(view: View) -> None:
    st.logo(str(Path(__file__).parent / "images" / "mark.svg"), size="large")
    parameters = write(view)
    with st.sidebar:
        st.markdown("**Thông Suốt**")
        for entry in entries():
            st.page_link(
                entry.file,
                label=entry.title,
                icon=entry.icon,
                query_params=parameters,
                width="stretch",
                help=entry.answers,
            )


def _draw_language(view: View) -> None:
    other = "en" if view.language == "vi" else "vi"
    st.button(
        "English" if other == "en" else "Tiếng Việt",
        on_click=change_view,
        kwargs={"language": other},
        type="tertiary",
        icon=":material/translate:",
    )


def _draw_heading(title: str, screen: Screen, *, of_period: bool) -> DeltaGenerator:
    """One line on a projector, several on a phone; returns the place for what is done with the whole screen."""
    info = screen.snapshot.info
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="heading"):
        st.title(f"{title} · {plain(info.province_name)}", anchor=False, width="content")
        if info.simulated:
            st.badge(_("Dữ liệu mô phỏng"), icon=":material/science:", color="orange")
        if of_period:
            words = f"**{screen.period.name}** ({screen.period.dates}) · {scope_in_words(screen)}"
        else:
            of_communes = View(communes=screen.view.communes)
            words = scope_in_words(replace(screen, view=of_communes))
        if screen.view.presenting:
            words += " · " + _("số liệu đến {as_of}").format(as_of=written_date(screen.as_of))
        st.markdown(words, width="content")
        return st.container(horizontal=True, width="content", gap="small", key="screen-tools")


def scope_in_words(screen: Screen) -> str:
    """The filters of the view as a reader would say them."""
    view, lists = screen.view, screen.lists
    # The names come from files.
    parts = [
        ", ".join(lists.communes[code].full_name for code in view.communes)
        if len(view.communes) <= 3
        else _("{count} đơn vị").format(count=len(view.communes)),
        ", ".join(_("{name} cũ").format(name=old_place(name)) for name in view.old_provinces),
        ", ".join(_("{name} cũ").format(name=old_place(name)) for name in view.old_districts),
        ", ".join(view.clusters),
        ", ".join(view.fields),
        ", ".join(lists.procedures[code] for code in view.procedures),
        ", ".join(channel_name(channel).lower() for channel in view.channels),
    ]
    places = any((view.communes, view.old_provinces, view.old_districts, view.clusters))
    given = [plain(part) for part in parts if part]
    return " · ".join(given if places else [screen.whole_in_text, *given])
