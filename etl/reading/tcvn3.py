"""TCVN3 (ABC), the one-byte letters of the .VnTime fonts, which no library at hand decodes."""

from __future__ import annotations

# TCVN 5712-1:1993, bytes A1 to FE; B0 to B4 are combining tones.
_LETTERS = (
    "ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323"
    "àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵ"
)
_TABLE = {0xA1 + position: letter for position, letter in enumerate(_LETTERS)}


def decode(data: bytes) -> str:
    """The text of TCVN3 bytes."""
    return data.decode("latin-1").translate(_TABLE)


def looks_like_tcvn3(text: str) -> bool:
    """Whether text that a program took for Western European is in truth TCVN3 ("Ngµy tiÕp nhËn")."""
    return any(letter in text for letter in "µ¸¶·¹®¬") and not any(
        "Ạ" <= letter <= "ỹ" or letter in "ơưđăƠƯĐĂ" for letter in text
    )
