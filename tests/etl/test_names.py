"""Which commune a text means: homonyms, tone marks, offices, both eras."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from etl.names import Names, lineage_districts, name_key, parse_unit_name

COMMUNES = pl.DataFrame(
    [
        ("08740", "Phúc Yên", "Phường Phúc Yên", "ward", "H44.101"),
        ("07942", "Phú Thọ", "Phường Phú Thọ", "ward", "H44.102"),
        ("10645", "An Phú", "Xã An Phú", "commune", None),
        ("10660", "Ái Quốc", "Phường Ái Quốc", "ward", None),
        ("11000", "Thanh Hòa", "Xã Thanh Hòa", "commune", None),
        ("11001", "Thanh Hóa", "Xã Thanh Hóa", "commune", None),
        ("11002", "Đức An", "Xã Đức An", "commune", None),
        ("11003", "Văn Miếu - Quốc Tử Giám", "Phường Văn Miếu - Quốc Tử Giám", "ward", None),
    ],
    schema=["commune_code", "name", "full_name", "kind", "agency_code"],
    orient="row",
)
LINEAGE = pl.DataFrame(
    [
        ("08740", "08740", "Phường Hùng Vương", "ward", "Thành phố Phúc Yên", "Vĩnh Phúc", "whole"),
        ("07942", "07942", "Phường Hùng Vương", "ward", "Thị xã Phú Thọ", "Phú Thọ", "whole"),
        ("07942", "07950", "Xã Hà Lộc", "commune", "Thị xã Phú Thọ", "Phú Thọ", "whole"),
        ("10645", "10646", "Xã Cộng Hòa", "commune", "Huyện Kim Thành", "Hải Dương", "part"),
        ("10660", "10646", "Xã Cộng Hòa", "commune", "Huyện Kim Thành", "Hải Dương", "part"),
        ("10645", "10700", "Xã Hồng Lạc", "commune", "Huyện Thanh Hà", "Hải Dương", "part_area_all_population"),
        ("10660", "10700", "Xã Hồng Lạc", "commune", "Huyện Thanh Hà", "Hải Dương", "part_area_only"),
    ],
    schema=["new_code", "old_code", "old_name", "old_kind", "old_district", "old_province", "extent"],
    orient="row",
)
NAMES = Names.of(COMMUNES, LINEAGE)
BEFORE, AFTER = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


def resolve(day: dt.date = AFTER, **text: str):
    return NAMES.resolve(**({"code": None, "name": None, "agency": None} | text), day=day)


@pytest.mark.parametrize(
    "text",
    [
        "Phường Phú Thọ",
        "UBND phường Phú Thọ",
        "P. Phú Thọ",
        "  ubnd  PHƯỜNG  PHÚ THỌ ",
        "Trung tâm PVHCC phường Phú Thọ",
    ]
    + ["Phu\u0301 Tho\u0323", "Phú Thọ", "UBND phuong Phu Tho"],
)
def test_a_ward_is_found_however_its_office_is_written(text: str) -> None:
    assert resolve(name=text).commune_code == "07942"


def test_tone_marks_may_stand_on_either_vowel_but_must_be_the_same() -> None:
    assert resolve(name="xã Thanh Hoà").commune_code == "11000"
    assert resolve(name="xã Thanh Hoá").commune_code == "11001"
    assert name_key("Thuỷ") == name_key("Thủy") != name_key("Thúy")


def test_a_name_without_marks_that_fits_two_units_is_refused_with_both() -> None:
    answer = resolve(name="xa Thanh Hoa")
    assert answer.rule == "ambiguous_commune"
    assert "11000" in (answer.message or "") and "11001" in (answer.message or "")


def test_two_old_wards_of_one_name_are_refused_unless_the_district_tells() -> None:
    answer = resolve(BEFORE, name="Phường Hùng Vương")
    assert answer.rule == "ambiguous_commune"
    assert "Phúc Yên" in (answer.message or "") and "Phú Thọ" in (answer.message or "")
    assert resolve(BEFORE, name="Phường Hùng Vương, thị xã Phú Thọ").commune_code == "07942"


def test_a_code_means_the_old_unit_before_the_merger_and_the_new_one_after() -> None:
    assert resolve(AFTER, code="07942").old_code is None
    assert resolve(BEFORE, code="07942").old_code == "07942"
    assert resolve(BEFORE, code="07950").commune_code == "07942"
    late = resolve(AFTER, code="07950")
    assert late.rule == "unknown_commune" and "07942" in (late.message or "")


def test_a_split_unit_stays_an_old_unit_but_land_without_people_splits_nothing() -> None:
    split = resolve(BEFORE, name="xã Cộng Hoà")
    assert (split.commune_code, split.old_code) == (None, "10646")
    assert resolve(BEFORE, code="10700").commune_code == "10645"


def test_an_agency_code_is_cut_to_the_unit_it_belongs_to() -> None:
    assert resolve(agency="H44.102.05").commune_code == "07942"
    assert resolve(agency="000.00.102.H44").commune_code == "07942"
    assert resolve(agency="H44").rule == "unknown_commune"


def test_a_dash_may_belong_to_the_name_or_set_the_district_off() -> None:
    assert resolve(name="UBND phường Văn Miếu - Quốc Tử Giám").commune_code == "11003"
    assert resolve(name="Phường Văn Miếu - Quốc Tử Giám, Hà Nội").commune_code == "11003"
    assert resolve(BEFORE, name="Phường Hùng Vương - thị xã Phú Thọ").commune_code == "07942"


def test_nothing_given_is_refused() -> None:
    assert resolve().rule == "unknown_commune"


def test_an_office_name_is_taken_apart() -> None:
    assert parse_unit_name("UBND xã Cộng Hòa, huyện Kim Thành") == ("commune", "Cộng Hòa", "kim thanh")


def test_a_unit_belongs_to_the_district_of_most_of_its_whole_pieces() -> None:
    assert lineage_districts(LINEAGE, ["07942", "99999"]) == {
        "07942": ("Phú Thọ", "Thị xã Phú Thọ"),
        "99999": (None, None),
    }
