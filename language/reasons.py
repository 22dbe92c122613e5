"""Why something failed, as the system or a library says it in English, told in the user's language.

The common reasons stand in the tables below; of any other the original words follow in brackets, for whoever can help.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from typing import Any

from language import N_, _

_SYSTEM = {
    errno.EACCES: N_("không có quyền"),
    errno.EPERM: N_("không có quyền"),
    errno.ENOENT: N_("không có tệp hoặc thư mục này"),
    errno.ENOTDIR: N_("một phần của đường dẫn không phải là thư mục"),
    errno.EISDIR: N_("đây là thư mục, không phải tệp"),
    errno.EEXIST: N_("đã có tệp hoặc thư mục cùng tên"),
    errno.ENOTEMPTY: N_("thư mục không trống"),
    errno.ENOSPC: N_("đĩa hết chỗ"),
    errno.EDQUOT: N_("hết hạn mức đĩa được dùng"),
    errno.EFBIG: N_("tệp lớn quá mức cho phép"),
    errno.EROFS: N_("nơi này chỉ đọc, không ghi được"),
    errno.ENAMETOOLONG: N_("tên tệp quá dài"),
    errno.ELOOP: N_("liên kết vòng lặp"),
    errno.EMFILE: N_("mở quá nhiều tệp cùng lúc"),
    errno.ENFILE: N_("mở quá nhiều tệp cùng lúc"),
    errno.EBUSY: N_("đang được chương trình khác dùng"),
    errno.ETXTBSY: N_("đang được chương trình khác dùng"),
    errno.EIO: N_("ổ đĩa đọc ghi lỗi"),
    errno.EINVAL: N_("nơi này không ghi hoặc đọc được như một tệp"),
    errno.ESTALE: N_("mất kết nối với thư mục mạng"),
    errno.ETIMEDOUT: N_("quá thời gian chờ"),
}

# How TOML's reader begins a complaint.
_TOML = {
    "Expected ']": N_("thiếu dấu đóng ngoặc vuông của tên khối"),
    "Expected '='": N_("thiếu dấu = sau tên khoá"),
    "Expected \"'": N_("thiếu dấu nháy đóng"),
    "Expected newline": N_("thừa chữ sau giá trị"),
    "Unterminated string": N_("thiếu dấu nháy đóng"),
    "Unclosed array": N_("thiếu dấu ] đóng danh sách"),
    "Unclosed inline table": N_("thiếu dấu đóng ngoặc nhọn"),
    "Unescaped": N_("dấu \\ trong nháy kép phải viết thành \\\\, hoặc dùng nháy đơn"),
    "Invalid hex value": N_("dấu \\ trong nháy kép phải viết thành \\\\, hoặc dùng nháy đơn"),
    "Invalid date": N_("ngày giờ không có thật"),
    "Invalid value": N_("giá trị không hiểu được; chữ phải đặt trong dấu nháy"),
    "Invalid statement": N_("không phải là «khoá = giá trị» hay «[tên khối]»"),
    "Invalid initial character": N_("tên khoá có ký tự lạ; hãy đặt tên khoá trong dấu nháy"),
    "Illegal character": N_("có ký tự không được phép"),
    "Found invalid character": N_("có ký tự không được phép"),
    "Cannot overwrite": N_("khoá này đã khai ở trên"),
    "Duplicate inline": N_("khoá này đã khai ở trên"),
    "Cannot declare": N_("khối này đã khai ở trên"),
    "Cannot redefine": N_("khối này đã khai ở trên"),
    "Cannot mutate": N_("khối này đã khai ở trên"),
}

# What GDAL and GeoPandas say of boundary files, anywhere in their words.
_GEODATA = {
    "not recognized as being in a supported file format": N_("nội dung không phải định dạng ranh giới đọc được"),
    "not recognized as a supported file format": N_("nội dung không phải định dạng ranh giới đọc được"),
    "No such file": N_("không có tệp hoặc thư mục này"),
    "Permission denied": N_("không có quyền"),
    "Unable to open": N_("thiếu một tệp đi kèm (.shx, .dbf) hoặc tệp hỏng"),
    "SHAPE_RESTORE_SHX": N_("thiếu một tệp đi kèm (.shx, .dbf) hoặc tệp hỏng"),
    "not a database": N_("tệp hỏng hoặc chép dở"),
    "malformed": N_("tệp hỏng hoặc chép dở"),
    "does not exist in the file system": N_("tệp hỏng hoặc chép dở"),
    "Failed to read GeoJSON": N_("tệp hỏng hoặc chép dở"),
    "JSON parsing error": N_("tệp hỏng hoặc chép dở"),
    "Parquet file": N_("tệp hỏng hoặc chép dở"),
    "ParseException": N_("tệp hỏng hoặc chép dở"),
}

# What pydantic calls a value that does not fit, by the beginning of its kind.
_VALUES = {
    "string": N_("phải là chữ trong dấu nháy"),
    "bool": N_("phải là true hoặc false"),
    "int": N_("phải là số nguyên"),
    "greater_than": N_("phải từ {ge} trở lên"),
    "tuple": N_("phải là danh sách trong ngoặc vuông"),
    "dict": N_("phải là nhóm «khoá = giá trị»"),
    "model": N_("phải là một khối có các khoá bên trong"),
    "date": N_("phải là ngày giờ như 2026-01-31 hoặc 2026-01-31T18:00:00"),
    "literal_error": N_("chỉ nhận {expected}"),
}


def reason(error: BaseException) -> str:
    """Why the system, TOML's reader or a boundary library gave up, as part of a sentence."""
    if isinstance(error, OSError) and error.errno in _SYSTEM:
        return _(_SYSTEM[error.errno])
    # Some wrap the system's own complaint.
    for inner in (error.__cause__, error.__context__, *error.args):
        if isinstance(inner, OSError) and inner.errno in _SYSTEM:
            return _(_SYSTEM[inner.errno])
    text = str(error).strip()
    # Libraries written in Rust end with the system's number.
    number = re.search(r"\(os error (\d+)\)", text)
    if number is not None and int(number[1]) in _SYSTEM:
        return _(_SYSTEM[int(number[1])])
    for words, meaning in _GEODATA.items():
        if words.lower() in text.lower():
            return _(meaning)
    return details(text.splitlines()[0] if text else type(error).__name__)


def toml_reason(error: Exception) -> str:
    """What is wrong in a TOML file, with the line and the column."""
    text = str(error)
    place = re.search(r"line (\d+), column (\d+)", text)
    meaning = next((_(meaning) for begin, meaning in _TOML.items() if text.startswith(begin)), details(text))
    if place is None:
        return _("ở cuối tệp: {meaning}").format(meaning=meaning)
    return _("dòng {line}, cột {column}: {meaning}").format(line=place[1], column=place[2], meaning=meaning)


def value_reason(fault: Mapping[str, Any]) -> str:
    """Why pydantic refused a value: `fault` is one of its `errors()`."""
    context = fault.get("ctx") or {}
    if fault["type"] == "value_error":
        # Ours, from a validator: already in the user's language.
        return str(context.get("error", fault["msg"]))
    for kind, meaning in _VALUES.items():
        if fault["type"].startswith(kind):
            expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            return _(meaning).format(ge=context.get("ge"), expected=expected)
    return details(fault["msg"])


def details(text: str) -> str:
    """Words that we have no translation for, marked as such."""
    return _("chi tiết: {text}").format(text=text)
