"""Sắp đến hạn: open dossiers due within five working days, the least likely to make it first."""

from __future__ import annotations

import streamlit as st

from charts.backlog import backlog_figure, backlog_sentence, trial_note
from indicators.backlog import forecast
from indicators.due_soon import DAYS_AHEAD
from language import _
from language.formats import date, number, percent
from pages.parts import trend_data
from pages.parts.address import write
from pages.parts.plain import plain, sentence
from pages.parts.plots import draw_title, plot
from pages.parts.screen import Screen, scope_in_words
from pages.parts.table import Cell, Column, Row, table

_MOST = 200


def draw_due(screen: Screen) -> None:
    """The dossiers due soon, and how many will be open in the coming weeks."""
    _draw_list(screen)
    _draw_forecast(screen)


def _draw_forecast(screen: Screen) -> None:
    rows = trend_data.backlog(
        screen.snapshot, screen.snapshot.id, screen.period.window.ends, screen.filters, screen.lists.first_day
    )
    if rows.is_empty():
        return
    days, values = rows["ends"].to_list(), rows["open"].to_list()
    found, trial = forecast(rows["open"].to_numpy())
    title = backlog_sentence(days, values, found, trial)
    if found is None:
        draw_title(title)
        return
    figure = backlog_figure(days, values, found, palette=screen.palette, height=300)
    plot(figure, title=title, key="backlog", note=trial_note(trial))


def _draw_list(screen: Screen) -> None:
    """The list, what it adds up to, and the way to every dossier due soon."""
    on = screen.period.window.ends
    found = trend_data.due_dossiers(screen.snapshot, screen.snapshot.id, on, screen.filters)
    if found.is_empty():
        words = _("Không có hồ sơ nào đang giải quyết mà đến hạn trong {days} ngày làm việc sau {date}.")
        st.success(words.format(days=DAYS_AHEAD, date=date(on)), icon=":material/task_alt:")
        return
    judged = found["chance"].drop_nulls()
    expected = float((1 - judged).sum())
    title = _(
        "{place}: {n} hồ sơ đến hạn trong {days} ngày làm việc sau {date}; theo tiền lệ, khoảng {late} sẽ trễ"
    ).format(
        place=scope_in_words(screen),
        n=number(found.height),
        days=DAYS_AHEAD,
        date=date(on),
        late=number(round(expected)),
    )
    st.markdown(f"##### {sentence(title[:1].upper() + title[1:])}")
    columns = [
        Column(label=_("Mã hồ sơ")),
        Column(label=_("Đơn vị")),
        Column(label=_("Thủ tục")),
        Column(label=_("Ngày hẹn trả"), number=True),
        Column(label=_("Đang ở bước")),
        Column(
            label=_("Khả năng kịp hạn"),
            number=True,
            help=_("Trong số hồ sơ cùng thủ tục của cả tỉnh đã chờ lâu như vậy mà chưa xong, bao nhiêu phần kịp hạn."),
        ),
    ]
    rows = []
    for order, row in enumerate(found.head(_MOST).iter_rows(named=True)):
        chance = row["chance"]
        step = row["activity"] or "–"
        note = " · ".join(
            part for part in (row["unit"] or "", _("đang chờ người dân") if row["is_waiting"] else "") if part
        )
        precedents = _("{n} tiền lệ").format(n=number(row["precedents"])) if row["precedents"] else _("chưa đủ tiền lệ")
        cells: list[Cell] = [
            row["dossier_id"],
            row["commune"] or "–",
            (row["procedure"] or row["procedure_code"] or "–", row["procedure_code"] or ""),
            (date(row["due_on"]), _days_left(row["days_left"])),
            (step, note),
            (percent(chance, 0), precedents, "worse" if chance is not None and chance < 0.5 else ""),
        ]
        sort = [
            row["dossier_id"],
            row["commune"],
            row["procedure"],
            row["due_on"].toordinal(),
            step,
            chance if chance is not None else 1 + order,
        ]
        rows.append(Row(cells=cells, sort=sort))
    table(_("Hồ sơ sắp đến hạn"), columns, rows, key="due_table", height=460)
    if found.height > _MOST:
        words = _("Đang hiện {shown} hồ sơ có khả năng kịp hạn thấp nhất trong {all} hồ sơ.")
        st.caption(words.format(shown=_MOST, all=number(found.height)))
    parameters = write(screen.view.with_changes(bench="dossiers", state="due_soon"))
    st.page_link(
        "pages/explore.py",
        label=_("Mở danh sách ở Khai thác"),
        icon=":material/list_alt:",
        query_params=parameters,
    )
    st.caption(
        plain(
            _(
                "Khả năng kịp hạn tính theo Kaplan–Meier từ hồ sơ cùng thủ tục tiếp nhận trong một năm trước đó (ít "
                "quá thì cùng lĩnh vực, rồi tất cả), kể cả hồ sơ chưa xong; không trừ thời gian dừng."
            )
        )
    )


def _days_left(days: int) -> str:
    return _("còn {n} ngày làm việc").format(n=days) if days else _("hết hạn trong ngày")
