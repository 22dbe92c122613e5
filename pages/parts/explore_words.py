"""Words of dossier lists: states, causes of stops, headings."""

from __future__ import annotations

from language import _


def state_names() -> dict[str, str]:
    """The states to filter by, in the order of the work."""
    return {
        "all": _("Tất cả có trong kỳ"),
        "received": _("Tiếp nhận trong kỳ"),
        "open": _("Đang giải quyết"),
        "open_late": _("Đang giải quyết, quá hạn"),
        "due_soon": _("Sắp đến hạn (3 ngày)"),
        "waiting": _("Đang chờ bổ sung"),
        "early": _("Đã giải quyết trước hạn"),
        "on_time": _("Đã giải quyết đúng hạn"),
        "late": _("Đã giải quyết quá hạn"),
        "neutral": _("Rút, dừng xử lý"),
        "refused": _("Từ chối tiếp nhận"),
    }


def state_name(state: str) -> str:
    """The state of one dossier."""
    return {
        "submitted": _("Chưa tiếp nhận"),
        "refused": _("Từ chối tiếp nhận"),
        "open": _("Đang trong hạn"),
        "open_late": _("Đang quá hạn"),
        "due_soon": _("Sắp đến hạn"),
        "early": _("Xong trước hạn"),
        "on_time": _("Xong đúng hạn"),
        "late": _("Xong quá hạn"),
        "neutral": _("Rút, dừng"),
    }.get(state, state)


def headings() -> dict[str, str]:
    """The columns of a list, by their names in `indicators.dossiers`."""
    return {
        "dossier_id": _("Mã hồ sơ"),
        "commune_code": _("Mã đơn vị"),
        "commune": _("Xã, phường"),
        "procedure_code": _("Mã thủ tục"),
        "procedure": _("Thủ tục"),
        "field": _("Lĩnh vực"),
        "channel": _("Hình thức nộp"),
        "state": _("Tình trạng"),
        "is_waiting": _("Đang chờ bổ sung"),
        "submitted_at": _("Nộp lúc"),
        "received_at": _("Tiếp nhận lúc"),
        "due_at": _("Hẹn trả lúc"),
        "computed_due_at": _("Hạn tính theo thủ tục"),
        "closed_at": _("Kết thúc lúc"),
        "days_over": _("Số ngày so với hẹn"),
        "processing_minutes": _("Thời gian giải quyết (phút làm việc)"),
        "paused_minutes": _("Thời gian dừng (phút làm việc)"),
        "supplement_requests": _("Số lần yêu cầu bổ sung"),
        "apology_sent_at": _("Gửi thư xin lỗi lúc"),
    }


def days_over_text(days: int | None, *, is_open: bool) -> str:
    """`quá 3 ngày`, `còn 2 ngày`, `sớm 1 ngày`, `đúng ngày hẹn`; nothing without a promised date."""
    if days is None:
        return ""
    if days > 0:
        return _("quá {days} ngày").format(days=days)
    if days == 0:
        return _("đến hạn trong ngày") if is_open else _("đúng ngày hẹn")
    return (_("còn {days} ngày") if is_open else _("sớm {days} ngày")).format(days=-days)
