"""Nếu… thì: three estimates with their assumptions written beside them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from indicators import indicator
from indicators.reception_desk import LEAST_FILINGS, LONGEST_SERVICE
from indicators.what_if import LEAST_CASES
from language import _
from language.formats import NOTHING, number, percent, percentage_points
from pages.parts import bottleneck_data as data
from pages.parts import view_slides
from pages.parts.address import ONLINE_TARGETS
from pages.parts.bottleneck_words import office_hours, signed_hours
from pages.parts.controls import pick_one
from pages.parts.picker import Option, picker
from pages.parts.plain import plain, sentence
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.table import Cell, Column, Row, table

_SHIFTED = ("on_time_rate_ii06", "processing_days_mean")
_SERVICE_MINUTES = 20


def draw_what_if(screen: Screen) -> None:
    """The question, the answer, and what was taken for granted."""
    names = {
        "delegate": _("giao một bước cho cấp dưới"),
        "officer": _("thêm một cán bộ tiếp nhận"),
        "online": _("nộp trực tuyến nhiều hơn"),
    }
    pick_one(_("Nếu"), names, screen.view.question, attribute="question")
    {"delegate": _draw_delegation, "officer": _draw_officer, "online": _draw_online}[screen.view.question](screen)


def _answer(words: str, assumptions: list[str], *, counts: Sequence[tuple[str, str, str]] = ()) -> None:
    """The answer as a heading; a slide has the counts (name, figure, note) and the assumptions under it."""
    st.markdown(f"##### {sentence(words)}")
    lines = [f"{name}: {figure} ({note})" for name, figure, note in counts]
    view_slides.keep_words(words, [*lines, *(_("Giả định: {text}").format(text=line) for line in assumptions)])
    if counts:
        for column, (name, figure, note) in zip(st.columns(len(counts), border=True), counts, strict=True):
            with column:
                st.metric(name, figure)
                st.caption(note)


def _assumptions(lines: list[str]) -> None:
    title = _("Giả định")
    st.markdown(f"**{plain(title)}**")
    st.markdown("\n".join(f"- {sentence(line)}" for line in lines))


# ---- a step handed down ----------------------------------------------------------------------------------------------


def _draw_delegation(screen: Screen) -> None:
    parts, whole = data.times(screen)
    steps = (
        parts.filter((pl.col("kind") == "step") & (pl.col("office_hours_mean") > 0))["activity"].drop_nulls().to_list()
    )
    if whole.is_empty() or not steps:
        st.info(_("Không có hồ sơ nào có nhật ký kết thúc trong kỳ và bộ lọc này."), icon=":material/filter_alt_off:")
        return
    step = screen.view.step if screen.view.step in steps else steps[0]
    picker(
        _("Bước được giao"),
        [Option(value=one, label=one) for one in steps],
        [step],
        key="step_delegated",
        on_pick=lambda values: change_view(step=values[0] if values else ""),
        clearable=False,
    )
    found = data.delegated(screen, step)
    if found is None:
        st.info(_("Không có hồ sơ nào đã giải quyết trong kỳ qua bước này."), icon=":material/filter_alt_off:")
        return
    minutes = screen.minutes_per_day
    words = _(
        "Nếu không phải chờ bước “{step}”, một hồ sơ xong sớm hơn nhiều nhất {saved} (khoảng tin cậy "
        "{low} đến {high}): từ "
        "{before} còn {after}."
    ).format(
        step=step,
        saved=office_hours(found.saved, minutes),
        low=office_hours(found.saved_low, minutes),
        high=office_hours(found.saved_high, minutes),
        before=office_hours(found.hours, minutes),
        after=office_hours(max(found.hours - found.saved, 0.0), minutes),
    )
    assumptions = [
        _("Bỏ toàn bộ giờ làm việc chờ trước bước này; nhật ký không tách được chờ và làm, nên đây là mức nhiều nhất."),
        _("Các bước khác giữ nguyên thời gian; lúc dừng tính giờ không đổi."),
        _(
            "Khoảng tin cậy 95 % chỉ gồm dao động giữa các hồ sơ. Chọn một thủ tục ở “Lọc thêm” để hỏi về "
            "đúng việc được giao."
        ),
    ]
    _answer(
        words,
        assumptions,
        counts=[
            (
                _("Hồ sơ đã giải quyết trong kỳ"),
                number(found.n),
                _("{n} hồ sơ qua bước này").format(n=number(found.with_step)),
            ),
            (_("Quá hạn hiện nay"), number(found.late), _("xong sau ngày hẹn")),
            (
                _("Quá hạn nếu không chờ bước này"),
                number(found.late_then),
                _("ít nhất; cộng thời gian làm bước ấy thì nhiều hơn"),
            ),
        ],
    )
    _assumptions(assumptions)


# ---- one more officer ------------------------------------------------------------------------------------------------


def _draw_officer(screen: Screen) -> None:
    found = data.officers(screen)
    if found.is_empty():
        st.info(
            _(
                "Cần số cán bộ tiếp nhận và từ {n} hồ sơ trực tuyến của một đơn vị trong kỳ; hãy chọn kỳ dài hơn."
            ).format(n=LEAST_FILINGS),
            icon=":material/filter_alt_off:",
        )
        return
    minutes = screen.minutes_per_day
    longest = found.sort("wait", "commune", descending=[True, False]).row(0, named=True)
    explained = found.filter(pl.col("then").is_not_null())
    words = _("Hồ sơ trực tuyến chờ tiếp nhận lâu nhất ở {name}: bình quân {wait}.").format(
        name=screen.commune_name(longest["commune"]), wait=office_hours(longest["wait"], minutes)
    )
    if explained.is_empty():
        words += " " + _("Với lượng hồ sơ trong dữ liệu này, thời gian chờ ấy không giải thích được bằng thiếu người.")
    else:
        best = (
            explained.with_columns(saved=pl.col("wait") - pl.col("then"))
            .sort("saved", descending=True)
            .row(0, named=True)
        )
        words += " " + _("Thêm một người giúp nhiều nhất ở {name}: bớt nhiều nhất {saved} một hồ sơ.").format(
            name=screen.commune_name(best["commune"]), saved=office_hours(best["saved"], minutes)
        )
    assumptions = [
        _(
            "Mọi cán bộ tiếp nhận làm mọi việc, ai đến trước làm trước (công thức xếp hàng Erlang C, hiệu "
            "chỉnh Allen–Cunneen theo độ dao động đo được của lượt nộp)."
        ),
        _(
            "Nhật ký không ghi một hồ sơ mất bao nhiêu phút ở quầy: cột “do xếp hàng” lấy {n} phút; cột cuối "
            "suy ra từ chính thời gian chờ đo được, là mức giảm nhiều nhất, và để trống khi phải hơn {hours} "
            "giờ một hồ sơ mới giải thích nổi."
        ).format(n=_SERVICE_MINUTES, hours=number(LONGEST_SERVICE)),
        _(
            "“Chờ khi không hồ sơ nào trước”: đo ở hồ sơ nộp trong giờ làm việc khi mọi hồ sơ trực tuyến trước "
            "đó đã được tiếp nhận; gồm lúc làm và lúc chưa ai mở ra xem, nên thêm người không rút ngắn hơn mức "
            "này. Độ dao động của việc tiếp nhận lấy theo chính các hồ sơ ấy; người đang đứng ở quầy thì nhật ký "
            "không ghi."
        ),
        _("Lượt nộp không tăng thêm khi chờ ngắn đi; khoảng tin cậy chỉ gồm sai số của thời gian chờ đo được."),
    ]
    _answer(words, assumptions)
    columns = [
        Column(label=_("Xã, phường")),
        Column(label=_("Cán bộ tiếp nhận"), number=True),
        Column(label=_("Hồ sơ một giờ"), number=True),
        Column(label=_("Chờ tiếp nhận hiện nay"), number=True),
        Column(label=_("Chờ khi không hồ sơ nào trước"), number=True),
        Column(label=_("Do xếp hàng, {n} phút một hồ sơ").format(n=_SERVICE_MINUTES), number=True),
        Column(label=_("Thêm một người"), number=True),
        Column(label=_("Nếu cả thời gian chờ là xếp hàng"), number=True),
    ]
    rows = []
    for row in found.sort("wait", descending=True).iter_rows(named=True):
        most: Cell = (NOTHING, _("không do thiếu người"))
        if row["then"] is not None:
            most = (
                office_hours(row["then"], minutes),
                f"{office_hours(row['then_low'], minutes)} – {office_hours(row['then_high'], minutes)}",
            )
        rows.append(
            Row(
                cells=[
                    screen.commune_name(row["commune"]),
                    number(row["officers"]),
                    number(row["arrivals_per_hour"], 2),
                    (
                        office_hours(row["wait"], minutes),
                        f"{office_hours(row['wait_low'], minutes)} – {office_hours(row['wait_high'], minutes)}",
                    ),
                    NOTHING if row["alone"] is None else office_hours(row["alone"], minutes),
                    _queue_text(row["queue"], minutes),
                    _queue_text(row["queue_then"], minutes),
                    most,
                ],
                sort=[
                    screen.commune_name(row["commune"]),
                    row["officers"],
                    row["arrivals_per_hour"],
                    row["wait"],
                    row["alone"],
                    row["queue"],
                    row["queue_then"],
                    row["then"],
                ],
                code=row["commune"],
            )
        )
    table(_("Thêm một cán bộ tiếp nhận"), columns, rows, key="officers", height=460)
    _assumptions(assumptions)


def _queue_text(hours: float, minutes_per_day: int) -> str:
    return _("quá tải") if hours == float("inf") else office_hours(hours, minutes_per_day)


# ---- more filed online -----------------------------------------------------------------------------------------------


def _in_text(name: str) -> str:
    return name[:1].lower() + name[1:]


def _draw_online(screen: Screen) -> None:
    target = int(screen.view.online_target)
    names = {one: f"{one} %" for one in ONLINE_TARGETS}
    key = "choice_online_target"
    st.session_state[key] = str(target)

    def picked() -> None:
        change_view(online_target=st.session_state[key] or str(target))

    st.segmented_control(
        _("Tỷ lệ nộp trực tuyến"), list(names), format_func=names.__getitem__, key=key, on_change=picked
    )
    results = [(id_, data.online(screen, target / 100, id_)) for id_ in _SHIFTED]
    known = [(id_, found) for id_, found in results if found is not None]
    if not known:
        st.info(
            _("Cần một thủ tục có từ {n} hồ sơ nộp trực tuyến và từ {n} hồ sơ nộp cách khác trong kỳ.").format(
                n=LEAST_CASES
            ),
            icon=":material/filter_alt_off:",
        )
        return
    first = known[0][1]
    lead = (
        _("Trực tuyến từ {now} lên {then}: ")
        if first.share_then >= first.share
        else _("Trực tuyến từ {now} xuống {then}: ")
    )
    sentences = []
    for id_, found in known:
        declared = indicator(id_)
        if declared.unit == "rate":
            text = _("{name} từ {value} thành {then} (chênh {difference}, khoảng tin cậy {low} đến {high})").format(
                name=_in_text(declared.name),
                value=percent(found.value),
                then=percent(found.then),
                difference=percentage_points(found.difference),
                low=percentage_points(found.low - found.value),
                high=percentage_points(found.high - found.value),
            )
        else:
            hours = screen.minutes_per_day / 60
            text = _("{name} từ {value} thành {then} (chênh {difference}, khoảng tin cậy {low} đến {high})").format(
                name=_in_text(declared.name),
                value=office_hours(found.value * hours, screen.minutes_per_day),
                then=office_hours(found.then * hours, screen.minutes_per_day),
                difference=signed_hours(found.difference * hours, screen.minutes_per_day),
                low=signed_hours((found.low - found.value) * hours, screen.minutes_per_day),
                high=signed_hours((found.high - found.value) * hours, screen.minutes_per_day),
            )
        sentences.append(text)
    assumptions = [
        _(
            "Hồ sơ chuyển sang trực tuyến được giải quyết như hồ sơ trực tuyến cùng thủ tục hiện nay; thủ "
            "tục khác nhau giữ nguyên tỷ trọng."
        ),
        _(
            "Chỉ chuyển ở thủ tục có từ {n} hồ sơ mỗi cách nộp, chiếm {share} số hồ sơ; vì vậy có thể không "
            "đạt đủ tỷ lệ đã chọn."
        ).format(n=LEAST_CASES, share=percent(first.movable)),
        _("Người chuyển sau có thể khác người đang nộp trực tuyến: đây là phép tính cơ cấu, không phải dự báo."),
    ]
    answer = lead.format(now=percent(first.share), then=percent(first.share_then)) + "; ".join(sentences) + "."
    _answer(answer, assumptions)
    moved = abs(first.share_then - first.share) * first.n
    st.markdown(
        sentence(
            _("Bớt {n} lượt người dân đến quầy trong kỳ.")
            if first.share_then >= first.share
            else _("Thêm {n} lượt người dân đến quầy trong kỳ.")
        ).format(n=number(moved))
    )
    _assumptions(assumptions)
