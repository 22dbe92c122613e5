"""What a province is called: most are a `tỉnh`, the centrally-run ones a `thành phố`."""

from __future__ import annotations

import datetime as dt

from language import _

# Hà Nội, Hải Phòng, Huế, Đà Nẵng, Thành phố Hồ Chí Minh, Cần Thơ; Đồng Nai from a later day.
_CITIES = dict.fromkeys(("01", "31", "46", "48", "79", "92"), dt.date.min) | {"75": dt.date(2026, 4, 30)}
_KINDS = ("Tỉnh ", "Thành phố ")


def is_city(province_code: str, day: dt.date) -> bool:
    """Whether the province is a centrally-run city on that day."""
    became_city = _CITIES.get(province_code)
    return became_city is not None and day >= became_city


def whole_name(province_code: str, day: dt.date) -> str:
    """`Toàn tỉnh`, or `Toàn thành phố` where the province is a city on that day."""
    return _("Toàn thành phố") if is_city(province_code, day) else _("Toàn tỉnh")


def province_in_text(province_code: str, name: str, day: dt.date) -> str:
    """`tỉnh Phú Thọ`, `thành phố Hải Phòng`; a name that already says its kind keeps it."""
    if name.startswith(_KINDS):
        return name[0].lower() + name[1:]
    words = _("thành phố {name}") if is_city(province_code, day) else _("tỉnh {name}")
    return words.format(name=name)
