"""The panel "Nạp dữ liệu": check, load, watch, stop; the same for everyone who looks, whoever pressed."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from language import _
from language.formats import date_time, number
from pages.parts.loader import Command, Refused, cancel, configuration, is_demo, start
from warehouse import SnapshotInfo
from warehouse.loading import Run, latest_run, seconds_since

_ZONE = "Asia/Ho_Chi_Minh"
_FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")
_REFUSED = "load_refused"
_NEWS_SECONDS = 600


def may_load() -> bool:
    """May this visitor load data? Only from the machine itself, until there is a sign-in to ask.

    Streamlit gives no address for the loopback; behind a proxy everybody seems to come from there, so a forwarded call
    never may.
    """
    address = st.context.ip_address
    forwarded = any(name in st.context.headers for name in _FORWARDED)
    return not forwarded and (address is None or _is_loopback(address))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def draw_building(directory: Path, published: SnapshotInfo | None) -> None:
    """Draw the panel; while something runs it looks every second, and at the end the whole screen runs again."""
    run = latest_run(directory)
    running = run is not None and run.is_running
    with st.container(border=True, key="building"):
        st.fragment(_panel, run_every=1.0 if running else None)(directory, published, running)


def _panel(directory: Path, published: SnapshotInfo | None, was_running: bool) -> None:
    run = latest_run(directory)
    running = run is not None and run.is_running
    if running != was_running:
        st.rerun()  # the whole screen: begin to look every second, or show what has just been published
    config = configuration()
    zone = published.timezone if published else _ZONE
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**" + _("Nạp dữ liệu") + "**", width="content")
        reason = _why_not(config, published)
        if reason:
            st.caption(reason, width="stretch")
        else:
            assert config is not None
            st.caption(_("Tệp cấu hình: {path}").format(path=config), width="stretch")
            _button(_("Kiểm tra"), directory, config, "check", running, icon=":material/fact_check:")
            _button(_("Nạp dữ liệu"), directory, config, "build", running, icon=":material/database_upload:")
    if refusal := st.session_state.pop(_REFUSED, ""):
        st.warning(refusal, icon=":material/hourglass_top:")
    if run is None:
        st.caption(
            _("Kiểm tra chỉ đọc và báo lỗi; nạp thì tạo bản mới, bản đang dùng giữ nguyên cho đến khi bản mới xong.")
        )
    elif running:
        _draw_progress(run, zone, stoppable=not reason)
    else:
        _draw_outcome(run, zone)
        if not reason and config is not None and "--accept-loss" in run.message:
            _button(
                _("Vẫn công bố dù số hồ sơ giảm"),
                *(directory, config, "build", running),
                icon=":material/warning:",
                accept_loss=True,
            )
    if run is not None and run.log:
        with st.expander(_("Nhật ký của lần này"), key="load_log"):
            st.code(run.log, language=None, height=300)


def _why_not(config: Path | None, published: SnapshotInfo | None) -> str:
    if not may_load():
        return _("Chỉ nạp được từ chính máy chủ.")
    if config is None:
        return _("Chưa có tệp cấu hình: đặt biến môi trường THONGSUOT_CONFIG là đường dẫn tới province.toml.")
    if is_demo() and published is not None and not published.simulated:
        # The demo must not take the place of real data by a careless press.
        return _("Đang dùng dữ liệu thật: đặt biến môi trường THONGSUOT_CONFIG là đường dẫn tới province.toml.")
    return ""


def _button(
    label: str,
    directory: Path,
    config: Path,
    command: Command,
    running: bool,
    *,
    icon: str,
    accept_loss: bool = False,
) -> None:
    def press() -> None:
        # Asked again: a page that was opened earlier still has its buttons.
        if not may_load():
            return
        try:
            start(directory, config, command, accept_loss=accept_loss)
        except Refused as refusal:
            st.session_state[_REFUSED] = str(refusal)

    st.button(
        label,
        key=f"{command}_{accept_loss}",
        on_click=press,
        disabled=running,
        icon=icon,
        type="primary" if command == "build" else "secondary",
    )


def _draw_progress(run: Run, zone: str, *, stoppable: bool) -> None:
    names = {"check": _("Đang kiểm tra"), "build": _("Đang nạp")}
    parts = [_("{what}, bắt đầu lúc {time}").format(what=names.get(run.command, ""), time=_time(run.started_at, zone))]
    if run.step:
        # The loader speaks Vietnamese; its steps are messages of ours.
        parts.append(_(run.step))
    if run.files:
        parts.append(_("{done}/{all} tệp").format(done=number(run.files_done), all=number(run.files)))
    if run.file and run.files_done < run.files:
        parts.append(run.file)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(run.share, text=" · ".join(parts), width="stretch")
        if stoppable:
            st.button(
                _("Dừng"),
                on_click=cancel,
                args=(run,),
                disabled=run.pid is None,
                icon=":material/stop_circle:",
                key="stop",
            )


def _draw_outcome(run: Run, zone: str) -> None:
    when = _time(run.finished_at or run.started_at, zone)
    if run.outcome == "done":
        text = (
            _("Đã công bố bản dữ liệu {id}: {n} hồ sơ (xong lúc {time}).")
            if run.command == "build"
            else _("Kiểm tra xong lúc {time}: nạp được {n} hồ sơ. Chưa công bố gì.")
        ).format(id=run.snapshot, n=number(run.dossiers), time=when)
        # News once, a note afterwards.
        if seconds_since(run.finished_at) < _NEWS_SECONDS:
            st.success(text, icon=":material/check_circle:")
        else:
            st.caption(text)
    elif run.outcome == "failed":
        # Two spaces and a line feed: each fault on a line of its own.
        st.error(_plain(run.message).replace("\n", "  \n"), icon=":material/error:")
        st.caption(_("Chưa nạp gì: bản dữ liệu đang dùng vẫn giữ nguyên. Mở nhật ký để xem từng tệp, sửa rồi bấm lại."))
    elif run.outcome == "stopped":
        text = _("Đã dừng theo yêu cầu lúc {time}. Bản dữ liệu đang dùng vẫn giữ nguyên.")
        st.info(text.format(time=when), icon=":material/stop_circle:")
    else:
        text = _("Lần chạy lúc {time} bị ngắt giữa chừng. Bản dữ liệu đang dùng vẫn giữ nguyên; hãy chạy lại.")
        st.warning(text.format(time=when), icon=":material/power_off:")


def _plain(message: str) -> str:
    """A message as it stands: names of files and columns must not become markup."""
    for sign in "\\`*_[]<>$#~:":
        message = message.replace(sign, "\\" + sign)
    return message


def _time(moment: str, zone: str) -> str:
    try:
        return date_time(dt.datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)))
    except ValueError:
        return "–"
