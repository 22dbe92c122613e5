"""Names of places, and texts from files and addresses as mere words."""

from __future__ import annotations

import pytest

from pages.parts.plain import few, plain, sentence
from pages.parts.whole import old_place


@pytest.mark.parametrize(
    ("name", "text"),
    [("Tỉnh Quảng Nam", "tỉnh Quảng Nam"), ("Thành phố Phúc Yên", "thành phố Phúc Yên"), ("Vĩnh Phúc", "Vĩnh Phúc")],
)
def test_an_old_place_within_a_sentence(name: str, text: str) -> None:
    assert old_place(name) == text


def test_signs_of_markdown_are_escaped_and_other_signs_left() -> None:
    assert plain("**Xã** [a](b) $x$ :red[c]") == "\\*\\*Xã\\*\\* \\[a\\](b) \\$x\\$ \\:\N{WORD JOINER}red\\[c\\]"
    assert plain("97,6 % (n = 4.819) – Văn Miếu - Quốc Tử Giám") == "97,6 % (n = 4.819) – Văn Miếu - Quốc Tử Giám"


def test_of_many_values_a_few_are_named_and_each_is_cut_short() -> None:
    text = few(["A" * 5000, *(str(number) for number in range(200))])
    assert text.startswith("A" * 40 + "…, 0, 1, 2, 3")
    assert text.endswith("và 196 giá trị khác")
    assert few(["x"]) == "x"


def test_an_address_in_a_text_is_no_link() -> None:
    assert "://evil" not in plain("http://evil.example")
    assert "www.evil" not in plain("www.evil.example")


def test_a_per_cent_sign_stays_with_its_number() -> None:
    assert sentence("97,6 % (n = 4)") == "97,6\N{NO-BREAK SPACE}% (n = 4)"
