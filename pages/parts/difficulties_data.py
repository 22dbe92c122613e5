"""The difficulties of the view: those of the snapshot's lists and those typed in, narrowed by the address."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from indicators import Window
from indicators.difficulties import SETTLED, categories, difficulties, states
from indicators.difficulty_signs import Sign, signs
from indicators.filters import Filters
from language import _
from language.formats import NOTHING, date, number
from language.text import fold, sort_key
from notebook import Difficulty, NotebookError
from notebook.clock import now
from pages.parts.notebook_data import book
from pages.parts.picker import Option, picker
from pages.parts.plain import plain
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.table import Cell
from warehouse import Snapshot

TEMPLATE = (
    "Mã xã,Xã/Phường,Nhóm vướng mắc,\"Sở, ngành\",Nội dung vướng mắc,Ngày nêu,Hạn trả lời,Trạng thái,Nội dung trả lời,"
    "Ngày trả lời,Số lượt,Nguồn\n"
    "07942,Phường Phú Thọ,Thanh toán trực tuyến,Sở Khoa học và Công nghệ,"
    "\"Thanh toán trực tuyến thường báo lỗi, người dân phải quay lại\",04/07/2025,11/07/2025,Chưa trả lời,,,12,"
    "Danh sách cuối ngày\n"
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Found:
    """`everything` is all of the province, `shown` what the filters of the view keep; both as of `day`.

    `typed` are the notebook's own records by the key that they have in the frames.
    """

    everything: pl.DataFrame
    shown: pl.DataFrame
    day: dt.date
    typed: dict[str, Difficulty]


def read_difficulties(screen: Screen) -> Found:
    """What the lists and the notebook hold; a notebook that cannot be read is said to be so."""
    try:
        typed = book().find(Difficulty)
    except NotebookError as error:
        st.error(plain(str(error)))
        typed = []
    known = [one for one in typed if one.commune_code in screen.lists.communes]
    day = day_of(screen.as_of, known, today=now().date())
    everything = difficulties(screen.snapshot, typed=known, as_of=day)
    return Found(
        everything=everything,
        shown=narrowed(everything, screen),
        day=day,
        typed={f"typed:{one.id}": one for one in known},
    )


def day_of(as_of: dt.date, typed: Sequence[Difficulty], *, today: dt.date) -> dt.date:
    """The day that the screen speaks of: the snapshot's, or a later one on which something was typed in."""
    days = [day for one in typed for day in (one.asked_on, one.answered_on) if day is not None and day <= today]
    return max([as_of, *days])


def narrowed(frame: pl.DataFrame, screen: Screen, *, answered: str = "") -> pl.DataFrame:
    """What the view's communes, categories, departments, state and search keep."""
    view = screen.view
    communes = view.communes
    kept = frame
    if communes:
        kept = kept.filter(pl.col("commune_code").is_in(list(communes)))
    if view.categories:
        kept = kept.filter(pl.col("category").is_in(list(view.categories)))
    if view.departments:
        kept = kept.filter(pl.col("department").is_in(list(view.departments)))
    kept = kept.filter(state_is(answered or view.answered))
    if view.difficulty_search:
        wanted = fold(view.difficulty_search)
        found = [wanted in fold(f"{row['text']} {row['answer'] or ''}") for row in kept.iter_rows(named=True)]
        kept = kept.filter(pl.Series(found, dtype=pl.Boolean))
    return kept


def state_is(answered: str) -> pl.Expr:
    """The condition behind a button of the state; `overdue` is no state of its own."""
    if answered == "all":
        return pl.lit(True)
    return pl.col("overdue_days").is_not_null() if answered == "overdue" else pl.col("state") == answered


def department_names(frame: pl.DataFrame) -> list[str]:
    """Every department that was asked something, by the Vietnamese alphabet."""
    return sorted(frame["department"].drop_nulls().unique(), key=sort_key)


def draw_narrowing(screen: Screen, found: Found) -> None:
    """The two pickers that belong to this screen alone: categories and departments."""
    names = categories()
    used = set(found.everything["category"])
    picker(
        _("Nhóm vướng mắc"),
        [Option(value=id_, label=name) for id_, name in names.items() if id_ in used],
        screen.view.categories,
        key="filter_categories",
        on_pick=lambda values: change_view(categories=values, difficulty=""),
        multiple=True,
        placeholder=_("Mọi nhóm"),
    )
    picker(
        _("Sở, ngành"),
        [Option(value=name, label=name) for name in department_names(found.everything)],
        screen.view.departments,
        key="filter_departments",
        on_pick=lambda values: change_view(departments=values, difficulty=""),
        multiple=True,
        placeholder=_("Mọi sở, ngành"),
    )


def explain_nothing() -> None:
    """What this screen is for and how to load the first list."""
    st.info(_("Chưa có vướng mắc nào trong bản dữ liệu này và trong sổ ghi chép."), icon=":material/contact_support:")
    st.markdown(
        _(
            "Ghi danh sách cuối ngày của các xã, phường vào tệp CSV hoặc Excel theo mẫu, khai báo trong PROVINCE.toml "
            "rồi nạp lại; hoặc gõ từng vướng mắc ở dưới."
        )
    )
    st.code('[difficulties]\npath = "vuong-mac/*.xlsx"', language=None)
    st.download_button(
        _("Tải tệp mẫu"),
        "\ufeff" + TEMPLATE,
        "vuong_mac.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def state_cell(row: dict[str, object]) -> Cell:
    """The state, how long overdue or whether in time, and the tone of it."""
    name = states()[str(row["state"])]
    if row["overdue_days"] is not None:
        return name, _("quá hạn {n} ngày").format(n=number(float(str(row["overdue_days"])))), "worse"
    if row["state"] in SETTLED:
        words = {True: _("đúng hạn"), False: _("trễ hạn"), None: ""}[row["in_time"]]  # type: ignore[index]
        return name, words, {True: "better", False: "worse", None: ""}[row["in_time"]]  # type: ignore[index]
    return name


def day_text(value: object) -> str:
    return date(value) if isinstance(value, dt.date) else NOTHING


@st.cache_data(max_entries=50, show_spinner=False)
def log_signs(
    _snapshot: Snapshot,
    snapshot_id: str,
    asked: tuple[tuple[str, str, dt.date], ...],
    window: Window,
    filters: Filters,
) -> list[Sign]:
    """`indicators.difficulty_signs.signs` of `(commune_code, category, asked_on)`, kept by the snapshot."""
    days: dict[tuple[str, str], set[dt.date]] = defaultdict(set)
    for commune, category, day in asked:
        days[commune, category].add(day)
    return signs(_snapshot, list(days), window, filters=filters, days=days)


def sign_window(screen: Screen) -> Window:
    """The days that a complaint is set against: all there are, or the view's period."""
    if screen.view.sign_window == "period":
        return screen.period.window
    return Window(screen.lists.first_day, screen.as_of)
