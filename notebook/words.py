"""What tables and fields are called where a person reads of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from language import N_, _
from language.formats import NOTHING, date, date_time, number

_TABLES = {
    "trip": N_("chuyến đi"),
    "stop": N_("điểm đến"),
    "note": N_("ghi chép"),
    "promise": N_("cam kết"),
    "difficulty": N_("vướng mắc"),
    "deck": N_("thứ tự trình chiếu"),
    "deck_page": N_("trang trình chiếu"),
    "saved_view": N_("góc nhìn đã lưu"),
    "meeting": N_("cuộc họp"),
    "meeting_page": N_("trang đã chiếu"),
    "change": N_("thay đổi"),
}

_FIELDS = {
    "address": N_("địa chỉ màn hình"),
    "answer": N_("trả lời"),
    "answered_on": N_("ngày trả lời"),
    "arrives": N_("giờ đến"),
    "asked_on": N_("ngày nêu"),
    "category": N_("nhóm vướng mắc"),
    "commune_code": N_("mã xã, phường"),
    "count": N_("số trường hợp"),
    "deck_id": N_("thứ tự trình chiếu"),
    "department": N_("sở, ngành"),
    "departments": N_("các sở, ngành cùng đi"),
    "due_on": N_("hạn"),
    "ended_at": N_("lúc kết thúc"),
    "ends_on": N_("ngày về"),
    "expected_change": N_("mức thay đổi mong đợi"),
    "field": N_("lĩnh vực"),
    "focus": N_("nội dung cần xem"),
    "indicator": N_("chỉ tiêu"),
    "kind": N_("loại ghi chép"),
    "leader": N_("người dẫn đoàn"),
    "meeting_id": N_("cuộc họp"),
    "name": N_("tên"),
    "noted_on": N_("ngày ghi"),
    "outcome": N_("kết quả"),
    "position": N_("thứ tự"),
    "procedure_code": N_("mã thủ tục"),
    "promised_on": N_("ngày cam kết"),
    "province_code": N_("mã tỉnh"),
    "shown_at": N_("lúc chiếu"),
    "snapshot_id": N_("bản dữ liệu"),
    "source": N_("nguồn"),
    "started_at": N_("lúc bắt đầu"),
    "starts_on": N_("ngày đi"),
    "state": N_("tình trạng"),
    "summary": N_("tóm tắt"),
    "text": N_("nội dung"),
    "title": N_("tiêu đề"),
    "trip_id": N_("chuyến đi"),
}

_VALUES = {
    "planned": N_("đang chuẩn bị"),
    "done": N_("đã đi"),
    "cancelled": N_("đã hủy"),
    "note": N_("ghi chép"),
    "order": N_("chỉ đạo"),
    "observation": N_("nhận xét"),
    "objection": N_("ý kiến không đồng tình của xã, phường"),
    "commune_note": N_("ý kiến của xã, phường"),
    "open": N_("đang mở"),
    "withdrawn": N_("đã rút"),
    "settled": N_("đã xong"),
    "in_progress": N_("đang xử lý"),
    "answered": N_("đã trả lời"),
    "rejected": N_("không chấp nhận"),
}


def table_name(table: str) -> str:
    """`cam kết` for `promise`."""
    return _(_TABLES[table])


def field_name(field: str) -> str:
    """`ngày cam kết` for `promised_on`; a name that no record has stays as it is."""
    return _(_FIELDS[field]) if field in _FIELDS else field


def value_name(field: str, value: Any) -> str:
    """A field's value as a person reads it: days as dd/mm/yyyy, states in words, nothing as a dash."""
    if field in ("state", "kind") and value in _VALUES:
        return _(_VALUES[value])
    if isinstance(value, dt.datetime):
        return date_time(value)
    if isinstance(value, dt.date):
        return date(value)
    if isinstance(value, tuple):
        return "; ".join(value) or NOTHING
    if isinstance(value, float):
        return number(value, 4).rstrip("0").rstrip(",.")
    return NOTHING if value in (None, "") else str(value)
