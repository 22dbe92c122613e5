"""Invented people for the columns that the ETL must drop: no name, number or address of anyone.

Family and given names are common words put together by chance; telephone numbers all begin with 0900 000, identity
numbers with three zeros (no province has the code 000), so that no real one can be meant.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

_FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Hà",
    "Đinh",
)  # fmt: skip
_MIDDLE = (
    "Văn", "Thị", "Đức", "Thu", "Minh", "Ngọc", "Hữu", "Thanh", "Quang", "Kim", "Xuân", "Mai",
)  # fmt: skip
_GIVEN = (
    "An", "Bình", "Chi", "Dũng", "Đào", "Giang", "Hạnh", "Hiền", "Hòa", "Huệ", "Khánh", "Lan", "Liên", "Long", "Ly",
    "Mạnh", "Nga", "Nhung", "Oanh", "Phúc", "Quyên", "Sơn", "Tâm", "Thảo", "Thắng", "Thủy", "Trang", "Tuấn", "Tùng",
    "Uyên", "Vân", "Yến",
)  # fmt: skip

# Built once: every combination, so that a person is one number.
NAMES = pl.Series([f"{family} {middle} {given}" for family in _FAMILY for middle in _MIDDLE for given in _GIVEN])
PHONES = pl.Series([f"0900000{number:03d}" for number in range(1000)])


def applicant_columns(person: NDArray[np.int64], *, commune: int, commune_name: str) -> dict[str, pl.Series]:
    """The personal columns of applicants given by number: below a million, always the same person of that commune
    (given by position)."""
    number = pl.Series(person)
    street = pl.Series([f"Số {house}, {commune_name}" for house in range(1, 400)])
    return {
        "applicant_name": NAMES.gather(person % len(NAMES)),
        "applicant_phone": PHONES.gather(person % 1000),
        "applicant_id": f"000{commune:03d}" + number.cast(pl.String).str.zfill(6),
        "applicant_address": street.gather(person % 399),
    }


def officer_names(count: int, rng: np.random.Generator) -> list[str]:
    """Names for the officers of one centre, all different."""
    return NAMES.gather(rng.choice(len(NAMES), count, replace=False)).to_list()
