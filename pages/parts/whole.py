"""What the whole of the data is called: most provinces are a `tỉnh`, the centrally-run ones a `thành phố`."""

from __future__ import annotations

import datetime as dt

from language import _

# Hà Nội, Hải Phòng, Huế, Đà Nẵng, Thành phố Hồ Chí Minh, Cần Thơ; Đồng Nai from a later day.
_CITIES = dict.fromkeys(("01", "31", "46", "48", "79", "92"), dt.date.min) | {"75": dt.date(2026, 4, 30)}

_KINDS = ("Tỉnh ", "Thành phố ", "Thị xã ", "Quận ", "Huyện ")


def whole_name(province_code: str, as_of: dt.date) -> str:
    """`Toàn tỉnh`, or `Toàn thành phố` where the province is a city on that day."""
    became_city = _CITIES.get(province_code)
    return _("Toàn thành phố") if became_city is not None and as_of >= became_city else _("Toàn tỉnh")


def old_place(name: str) -> str:
    """An old province or district within a sentence: `huyện Hạ Hòa` of `Huyện Hạ Hòa`; a bare name stays."""
    return in_text(name) if name.startswith(_KINDS) else name


def in_text(name: str) -> str:
    """The name within a sentence: `toàn tỉnh`."""
    return name[:1].lower() + name[1:]
