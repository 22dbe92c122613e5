"""Names of places within a sentence."""

from __future__ import annotations

_KINDS = ("Tỉnh ", "Thành phố ", "Thị xã ", "Quận ", "Huyện ")


def old_place(name: str) -> str:
    """An old province or district within a sentence: `huyện Hạ Hòa` of `Huyện Hạ Hòa`; a bare name stays."""
    return in_text(name) if name.startswith(_KINDS) else name


def in_text(name: str) -> str:
    """The name within a sentence: `toàn tỉnh`."""
    return name[:1].lower() + name[1:]
