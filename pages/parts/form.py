"""Form II.06 on the page: its period and split, the official columns, its notes, and the files to download."""

from __future__ import annotations

import re
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Literal

import streamlit as st

from charts.palettes import Palette
from indicators.errors import CallError
from indicators.filters import Filters
from indicators.form_ii06 import COLUMNS, Form, UnbalancedForm, for_programs, form_ii06
from indicators.form_sheet import OUR_COLUMN, column_numbers, dates_in_words, headings, title, write_form
from indicators.windows import Window
from language import _
from language.formats import number
from pages.parts import view_slides
from pages.parts.controls import pick_one
from pages.parts.explore_downloads import as_csv, as_parquet, downloads
from pages.parts.period import Period, choices
from pages.parts.picker import Option, picker
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.table import Column, Row
from warehouse import Snapshot

# Reports are made for months, quarters and reporting periods, not for "the last 30 days".
_OFFICIAL = re.compile(r"(report-)?\d{4}-(Q\d|\d\d)")
_STYLE = Path(__file__).with_name("form.css").read_text(encoding="utf-8")


def draw_form(screen: Screen) -> None:
    """The form for the view's period and filters; an official period is offered where the view has another."""
    offered = {one.key: one for one in choices(screen.as_of, screen.lists.first_day, screen.view.language)}
    official = {key: one for key, one in offered.items() if _OFFICIAL.fullmatch(key)}
    by = _pick(screen, official)
    asked = official[screen.period.key].window if screen.period.key in official else screen.period.window
    try:
        form = _form(screen.snapshot, screen.snapshot.id, by, screen.filters, asked, screen.view.language)
    except (CallError, UnbalancedForm) as error:
        st.error(str(error), icon=":material/balance:")
        return
    st.html(_page(form, screen.palette))
    _keep_for_slides(form)
    st.caption(
        _("**Ghi chú**") + "\n" + "".join(f"\n{place}. {note}" for place, note in enumerate(form.notes, start=1))
    )

    def workbook() -> bytes:
        out = BytesIO()
        write_form(out, form, screen.snapshot, filters=screen.filters)
        return out.getvalue()

    downloads(
        screen,
        "bieu-ii06",
        xlsx=workbook,
        csv=lambda: as_csv([for_programs(form)]),
        parquet=lambda: as_parquet([for_programs(form)]),
    )


def _keep_for_slides(form: Form) -> None:
    """The form as a table whose sums stand first, for a slide."""
    groups = {2: _("Tiếp nhận"), 6: _("Đã giải quyết"), 10: _("Đang giải quyết")}
    texts = {cell.column: cell.text for cell in headings(form.by) if cell.columns == 1}
    labels, group = [texts[1]], ""
    for place in range(2, OUR_COLUMN):
        group = groups.get(place, group)
        labels.append(f"{group}: {texts[place].lower()}")
    labels.append(texts[OUR_COLUMN])
    columns = [Column(label=label, number=place > 0) for place, label in enumerate(labels)]
    lines = [(_("Tổng số"), form.total), *((row["name"], row) for row in form.frame.iter_rows(named=True))]
    rows = [Row(cells=[name, *(number(row[column]) for column in COLUMNS)], sort=[]) for name, row in lines]
    view_slides.keep_table(f"{title()} {dates_in_words(form)}", columns, rows, dense=True)


@st.cache_data(max_entries=60, show_spinner=False)
def _form(
    _snapshot: Snapshot,
    snapshot_id: str,
    by: Literal["field", "commune"],
    filters: Filters,
    window: Window,
    language: str,
) -> Form:
    del language
    return form_ii06(_snapshot, by, filters=filters, window=window)


def _pick(screen: Screen, official: dict[str, Period]) -> Literal["field", "commune"]:
    left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
    with left:
        picker(
            _("Kỳ báo cáo"),
            [Option(value=one.key, label=one.name, hint=one.dates) for one in official.values()],
            [screen.period.key] if screen.period.key in official else [],
            key="form_period",
            on_pick=lambda keys: change_view(period=keys[0], date_from=None, date_to=None) if keys else None,
            placeholder=_("{period}: chọn tháng, quý hoặc kỳ báo cáo").format(period=screen.period.name),
            clearable=False,
        )
    by: Literal["field", "commune"] = "field" if screen.view.rows == "field" else "commune"
    with right:
        pick_one(_("Mỗi dòng là một"), {"field": _("Lĩnh vực"), "commune": _("Đơn vị")}, by, attribute="rows")
    return by


def _page(form: Form, palette: Palette) -> str:
    """The form as the circular prints it, as HTML: head, table, sums."""
    colours = {
        "text": palette.text,
        "quiet": palette.quiet,
        "rule": palette.grid,
        "page": palette.page,
        "late": palette.worse,
    }
    style = ";".join(f"--{name}:{colour}" for name, colour in colours.items())
    period = _("Kỳ báo cáo: {period}").format(period=form.period) if form.period else ""
    return f"""
        <style>{_STYLE}</style>
        <div class="ii06" style="{style}">
          <div class="head">
            <div>{escape(_("Biểu số {variant}/VPCP/KSTT").format(variant=form.variant))}</div>
            <div class="middle">{escape(title())}<br>
              {escape(period)} <span class="dates">{escape(dates_in_words(form))}</span>
            </div>
            <div>{escape(_("Đơn vị báo cáo: {unit}").format(unit=form.unit))}</div>
          </div>
          <div class="unit">{escape(_("Đơn vị tính: Số hồ sơ TTHC."))}</div>
          <div class="frame" tabindex="0"><table>{_table(form)}</table></div>
        </div>
    """


def _table(form: Form) -> str:
    lines: list[list[str]] = [[], [], []]
    for cell in headings(form.by):
        ours = ' class="ours"' if cell.column == OUR_COLUMN else ""
        spans = f' rowspan="{cell.lines}" colspan="{cell.columns}" scope="col"'
        lines[cell.line].append(f"<th{spans}{ours}>{escape(cell.text)}</th>")
    numbers = "".join(f"<th>{text}</th>" for text in column_numbers())
    top = "".join(f"<tr>{''.join(line)}</tr>" for line in lines) + f'<tr class="numbers">{numbers}</tr>'
    body = "".join(
        f'<tr><td>{serial}</td><td class="name">{escape(row["name"])}</td>{_cells(row)}</tr>'
        for serial, row in enumerate(form.frame.iter_rows(named=True), start=1)
    )
    foot = f'<tr><td></td><td class="name">{escape(_("Tổng số"))}</td>{_cells(form.total)}</tr>'
    return f"<thead>{top}</thead><tbody>{body}</tbody><tfoot>{foot}</tfoot>"


def _cells(row: dict[str, int]) -> str:
    kinds = {"resolved_late": "late", "pending_late": "late", "closed_neutral": "ours"}
    return "".join(
        f'<td class="{kinds.get(column, "") if row[column] or column == "closed_neutral" else ""}">'
        f"{number(row[column])}</td>"
        for column in COLUMNS
    )
