"""What databases complain of, in the user's language; their own words are left out where they may hold a password."""

from __future__ import annotations

import ssl
from typing import Any

from language import N_, _
from language.reasons import reason

# What SQLite says, anywhere in its words.
_SQLITE = {
    "database is locked": N_("đang có người khác ghi lâu bất thường; hãy thử lại sau ít phút"),
    "unable to open database file": N_("không mở được tệp; hãy kiểm tra thư mục và quyền ghi"),
    "readonly database": N_("tệp hoặc thư mục chỉ đọc; hãy kiểm tra quyền ghi"),
    "database or disk is full": N_("đĩa hết chỗ; hãy giải phóng đĩa rồi thử lại"),
    "file is not a database": N_("tệp này không phải là sổ tay; hãy chọn tệp khác hoặc dùng bản sao lưu"),
    "malformed": N_("tệp hỏng; hãy dùng bản sao lưu gần nhất"),
    "disk I/O error": N_("ổ đĩa đọc ghi lỗi; hãy kiểm tra đĩa"),
    "no such table": N_("thiếu bảng, tệp có thể vừa bị thay; hãy khởi động lại phần mềm"),
    "already exists": N_("nơi này đã có bảng cùng tên của chương trình khác; hãy chọn nơi khác"),
}
# What PostgreSQL says, by its code.
_POSTGRESQL = {
    "28P01": N_("sai tên người dùng hoặc mật khẩu"),
    "28000": N_("máy chủ không nhận người dùng này"),
    "3D000": N_("máy chủ không có cơ sở dữ liệu này; hãy tạo trước"),
    "42501": N_("người dùng này không có quyền; hãy cấp quyền tạo và ghi bảng"),
    "42P01": N_("thiếu bảng; hãy khởi động lại phần mềm"),
    "42P07": N_("nơi này đã có bảng cùng tên của chương trình khác; hãy chọn nơi khác"),
    "53100": N_("đĩa hết chỗ; hãy giải phóng đĩa rồi thử lại"),
    "53300": N_("máy chủ hết chỗ kết nối; hãy thử lại sau ít phút"),
    "57P03": N_("máy chủ đang khởi động; hãy thử lại sau ít phút"),
}


def explain(error: BaseException, *, place: str) -> str:
    """A sentence for what a database or its driver raised."""
    return _("Không dùng được sổ tay ở {place}: {reason}.").format(place=place, reason=_why(error))


def _why(error: BaseException) -> str:
    inner = getattr(error, "orig", None) or error
    code = _postgresql_code(inner)
    if code is not None:
        return _(_POSTGRESQL[code]) if code in _POSTGRESQL else _("máy chủ báo lỗi mã {code}").format(code=code)
    words = str(inner)
    for part, meaning in _SQLITE.items():
        if part in words:
            return _(meaning)
    if isinstance(inner, ssl.SSLError):
        return _("không xác thực được máy chủ; hãy kiểm tra chứng thư của máy chủ (biến SSL_CERT_FILE)")
    if "create a connection" in words:
        return _("không nối được tới máy chủ; hãy kiểm tra địa chỉ, cổng và máy chủ có đang chạy không")
    if isinstance(inner, ConnectionError | TimeoutError) or "network error" in words or "communication error" in words:
        # The driver may lose the server's last words, those about a wrong password too.
        return _("máy chủ ngắt kết nối; hãy kiểm tra tên người dùng, mật khẩu và máy chủ có đang chạy không")
    if isinstance(inner, OSError):
        return reason(inner)
    return _("cơ sở dữ liệu báo lỗi {name}").format(name=type(inner).__name__)


def _postgresql_code(error: Any) -> str | None:
    details = error.args[0] if getattr(error, "args", None) else None
    return str(details["C"]) if isinstance(details, dict) and "C" in details else None
