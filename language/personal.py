"""What people type where it does not belong: telephone and identity numbers and e-mail addresses.

One rule for whatever is kept: columns of exports, and texts written on a screen. Dossier codes, dates, amounts of money
and numbers of decisions stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from language import _

Kind = Literal["telephone", "identity", "email"]
MASK = "••••"

EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
# With the country code, in one piece, or in the groups that people write. A date (02.03.2026) has other groups.
TELEPHONE = (
    r"(?:\+84|\(\+84\)|0084)(?:[ .-]?\d){9,10}|84[35789]\d{8}|84[ .-][35789]\d{1,2}(?:[ .-]\d{3,4}){2}|0[1-9]\d{8,9}|"
    r"0\d{3}[ .-]\d{3}[ .-]\d{3,4}|0\d{2}[ .-]\d{3,4}[ .-]\d{4}|0\d{2,3}[ .-]\d{7,8}|0\d{3}(?:[ .-]\d{2}){3}|"
    r"\(0\d{2,3}\)[ .-]?\d{3,4}[ .-]?\d{3,4}|0\d{3}[ .-]\d{4}[ .-]\d{3}|0\d{3}[ .-]\d{6}|0[1-9][ .-]\d{4}[ .-]\d{4}"
)
# Twelve digits of today, the nine of before 2016; an amount has no zero in front of its groups.
IDENTITY = r"\d{12}|\d{9}|0\d{2}(?:[ .-]\d{3}){2,3}"
# A time without separators (202603020830) has twelve digits too; no identity number begins with 2.
COMPACT_TIME = r"20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d"
# Not a piece of a longer number or code, but a label may stick to it.
# Two numbers may share a slash.
_BEFORE = r"(?:(?<![\w.+/@-])|(?<=[đd]t)|(?<=tel)|(?<=cccd)|(?<=cmnd)|(?<=\d{9}/))"
_AFTER = r"(?![\w@-]|/(?!0\d{8}))(?!\.[^\s.])"
_MONEY = r"(?!\s?(?:đồng|đ\b|vnđ|vnd|nghìn|ngàn|triệu|tỷ|tỉ\b))"
_PERSONAL = re.compile(
    rf"{_BEFORE}(?:(?P<email>{EMAIL})|(?!{COMPACT_TIME}(?!\d))(?:(?P<telephone>{TELEPHONE})|(?P<identity>{IDENTITY})){_MONEY})"
    rf"{_AFTER}",
    re.IGNORECASE,
)


def masked_text(text: str) -> str:
    """The text with every telephone number, identity number and e-mail address that stands alone replaced by `••••`."""
    return _PERSONAL.sub(MASK, text)


def personal_in(texts: Iterable[str]) -> Counter[Kind]:
    """How many of each kind `masked_text` finds in the texts."""
    return Counter(found.lastgroup for text in texts for found in _PERSONAL.finditer(text))  # type: ignore[misc]


def masked_words(found: Counter[Kind]) -> str:
    """`Đã che 1 số điện thoại và 2 số giấy tờ.`; nothing where nothing was masked."""
    names = {
        "telephone": _("{count} số điện thoại"),
        "identity": _("{count} số giấy tờ của người dân"),
        "email": _("{count} địa chỉ thư điện tử"),
    }
    parts = [words.format(count=found[kind]) for kind, words in names.items() if found[kind]]  # type: ignore[index]
    if not parts:
        return ""
    return _("Đã che {what}: sổ ghi chép không giữ thông tin riêng của người dân.").format(what=", ".join(parts))
