"""What systems and libraries say in English reaches nobody untranslated, or is marked as a detail."""

from __future__ import annotations

import errno
import os
import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.reasons import reason, toml_reason, value_reason


@pytest.mark.parametrize(
    "number",
    [errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOSPC, errno.EISDIR, errno.EROFS, errno.ENOTDIR, errno.EFBIG],
)
def test_what_the_system_refuses_is_told_in_vietnamese(number: int) -> None:
    said = reason(OSError(number, os.strerror(number), "tệp.csv"))
    assert os.strerror(number) not in said
    assert "chi tiết" not in said


def test_a_fault_of_the_system_is_found_inside_another() -> None:
    assert reason(RuntimeError(OSError(errno.ENOSPC, "No space left on device"))) == "đĩa hết chỗ"
    try:
        try:
            raise PermissionError(errno.EACCES, "Permission denied")
        except PermissionError as inner:
            raise ValueError("could not write") from inner
    except ValueError as outer:
        assert reason(outer) == "không có quyền"


def test_the_number_that_a_rust_library_ends_with_is_understood() -> None:
    assert reason(RuntimeError("underlying IO error: File too large (os error 27)")) == "tệp lớn quá mức cho phép"


def test_words_without_a_translation_are_marked_and_kept_to_one_line() -> None:
    assert reason(ValueError("something odd\nand more")) == "chi tiết: something odd"
    assert reason(ValueError()) == "chi tiết: ValueError"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a\n", "dòng 1, cột 3: thiếu dấu đóng ngoặc"),
        ("a\n", "thiếu dấu = sau tên khoá"),
        ("x = 1\na = \n", "dòng 2, cột 5: giá trị không hiểu được"),
        ("a = yes\n", "chữ phải đặt trong dấu nháy"),
        ("a = 'x\n", "thiếu dấu nháy đóng"),
        ('"a = 1', "ở cuối tệp: thiếu dấu nháy đóng"),
        ("a = 1\na = 2\n", "đã khai ở trên"),
        ("[a]\n[a]\n", "dòng 2, cột 3: khối này đã khai ở trên"),
        ('a = "C:\\dir"', "phải viết thành"),
        ("a = [1,\n", "không hiểu được"),
        ("a = 1 2\n", "thừa chữ sau giá trị"),
        ('a = "x\x00"\n', "ký tự không được phép"),
        ("ngày = 1\n", "tên khoá"),
    ],
)
def test_a_slip_in_toml_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert said in toml_reason(caught.value)
    assert not re.search(r"\b(line|column|value|expected|invalid)\b", toml_reason(caught.value), re.IGNORECASE)


@given(st.text(alphabet="[]{}=\"'\\.,#\n a1-_đ\x00", max_size=30))
def test_no_english_of_the_toml_reader_gets_through(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        assert "chi tiết" not in toml_reason(error), str(error)


def test_a_value_of_an_unknown_kind_keeps_the_librarys_words() -> None:
    assert value_reason({"type": "frozen_instance", "msg": "Instance is frozen"}) == "chi tiết: Instance is frozen"
