"""Personal numbers in free text are found in the forms in which people write them; other numbers are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.personal import MASK, masked_text, masked_words, personal_in

TELEPHONES = [
    "0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "0912 34 56 78", "091 234 5678", "097 1234567",
    "+84912345678", "+84 912 345 678", "+84 24 3825 1234", "84 912 345 678", "0084 912 345 678", "(+84) 912345678",
    "024 3825 1234", "(024) 3825 1234", "024.38251234", "0210 3846 647", "0210.3846647", "02103846647",
]  # fmt: skip
IDENTITIES = ["025199001234", "025 199 001 234", "131234567", "012 345 678"]
OTHERS = [
    "H02.15.251103-0007", "H44.5-260101-000123", "000.00.19.H26-251103-0007", "1.001193", "2.000815.000.00.00.H44",
    "1.234.567 đồng", "150000000 đồng", "123456789đ", "1.500.000.000 đồng", "012.345.678 đồng", "250000000 VND",
    "02/2026/QĐ-UBND", "số 123456789/QĐ-UBND", "Quyết định 766/QĐ-TTg", "Nghị quyết 202/2025/QH15",
    "01.02.2026 15 giờ", "từ 01/7/2025 - 30/9/2025", "31.12.2025 31.01.2026", "2026-03-02 08:30", "07.30-11.30",
    "202603020830", "năm 2024 2025 2026", "97,62 % (n = 123456)", "45.000.000", "tăng 8,0 điểm %", "102–118° Đ",
]  # fmt: skip


@pytest.mark.parametrize("number", TELEPHONES)
def test_a_telephone_number_is_masked_however_it_is_written(number: str) -> None:
    for text in ("{}", "gọi {}.", "ĐT: {}, gặp văn thư", "sđt {}; ({})"):
        assert masked_text(text.format(number, number)) == text.format(MASK, MASK)
    assert personal_in([f"gọi {number}"]) == {"telephone": 1}


@pytest.mark.parametrize("number", IDENTITIES)
def test_an_identity_number_is_masked(number: str) -> None:
    assert masked_text(f"CCCD {number}, cấp 2021") == f"CCCD {MASK}, cấp 2021"
    assert personal_in([number]) == {"identity": 1}


@pytest.mark.parametrize("text", OTHERS)
def test_codes_dates_money_and_decisions_are_left_alone(text: str) -> None:
    for given_text in (text, f"Hồ sơ {text}, xem lại.", f"({text})"):
        assert masked_text(given_text) == given_text


def test_numbers_that_stand_side_by_side_or_stick_to_their_label_are_masked() -> None:
    assert masked_text("0912345678/0912345679") == f"{MASK}/{MASK}"
    assert masked_text("0912 345 678 - 0912 345 679") == f"{MASK} - {MASK}"
    assert masked_text("SĐT0912345678 cccd025199001234") == f"SĐT{MASK} cccd{MASK}"


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert masked_text(masked_text(text)) == masked_text(text)


@given(
    st.dates(), st.dates(), st.integers(0, 10**11), st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y"])
)
def test_no_date_and_no_grouped_amount_is_touched(one, other, amount, form) -> None:  # type: ignore[no-untyped-def]
    money = f"{amount:,}".replace(",", ".") + " đồng"
    text = f"Từ {one.strftime(form)} đến {other.strftime(form)}: {money}"
    assert masked_text(text) == text


def test_what_was_masked_is_said() -> None:
    found = personal_in(["gọi 0912 345 678 hoặc 0912345679", "a@b.vn"])
    assert masked_words(found).startswith("Đã che 2 số điện thoại, 1 địa chỉ thư điện tử: ")
    assert masked_words(personal_in(["không có gì"])) == ""
