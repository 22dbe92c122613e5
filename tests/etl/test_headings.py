"""Headings of exports find their canonical columns, and nothing is guessed."""

from __future__ import annotations

import csv

import pytest

from etl.errors import DataError
from etl.headings import canonical_columns, heading_key, match_headings, recognise
from tests.conftest import ROOT

TABLES = ("dossier", "event", "commune", "lineage", "procedure", "boundary", "old_boundary")


def columns(headings: list[str], table: str = "dossier", **configured: str) -> dict[str, str]:
    return match_headings(headings, table=table, configured=configured, source_file="a.xlsx").columns


def test_the_register_of_a_one_stop_system_is_understood() -> None:
    match = match_headings(
        [
            "STT", "Số hồ sơ", "Tên TTHC", "Lĩnh vực", "Chủ hồ sơ", "Địa chỉ", "SĐT", "Ngày tiếp nhận", "Ngày hẹn trả",
            "Ngày kết thúc xử lý", "Ngày trả", "Đơn vị", "Cán bộ", "Hình thức nộp", "Trạng thái", "Ghi chú",
        ],
        table="dossier",
        configured={},
        source_file="a.xlsx",
    )  # fmt: skip
    assert match.columns == {
        "dossier_id": "Số hồ sơ", "procedure_name": "Tên TTHC", "field": "Lĩnh vực", "applicant": "Chủ hồ sơ",
        "received_at": "Ngày tiếp nhận", "due_at": "Ngày hẹn trả", "finished_at": "Ngày kết thúc xử lý",
        "returned_at": "Ngày trả", "commune_name": "Đơn vị", "channel": "Hình thức nộp", "status": "Trạng thái",
    }  # fmt: skip
    assert match.personal == ["Địa chỉ", "SĐT", "Cán bộ", "Ghi chú"]
    assert match.unknown == []


def test_the_names_of_the_national_exchange_are_understood() -> None:
    headings = ["MaHoSo", "MaTTHC", "TenLinhVuc", "KenhThucHien", "ChuHoSo", "NgayNopHoSo", "NgayTiepNhan",
    "NgayHenTra",
                "NgayYeuCauBoSung", "NgayKetThucXuLy", "NgayTra", "DonViXuLy", "DuocSoHoa",
                "TrangThaiHoSo"]  # fmt: skip
    assert list(columns(headings)) == [
        "dossier_id", "procedure_code", "field", "channel", "applicant", "submitted_at", "received_at", "due_at",
        "supplement_requested_at", "finished_at", "returned_at", "commune_name", "digitised", "status",
    ]  # fmt: skip
    assert columns(["MaHoSo", "NguoiXuLy", "ThoiDiemXuLy", "PhongBanXuLy", "TrangThai"], "event") == {
        "dossier_id": "MaHoSo", "actor": "NguoiXuLy", "at": "ThoiDiemXuLy", "unit": "PhongBanXuLy",
        "status": "TrangThai",
    }  # fmt: skip


@pytest.mark.parametrize(
    "heading", ["MÃ HỒ SƠ", "Ma ho so", "mã_hồ_sơ", "Mã hồ sơ (*)", "Ma\u0303 hô\u0300 sơ", "Mã  hồ sơ:"]
)
def test_case_marks_spacing_and_punctuation_do_not_matter(heading: str) -> None:
    assert columns([heading]) == {"dossier_id": heading}


@pytest.mark.parametrize("table", TABLES)
def test_canonical_names_name_themselves(table: str) -> None:
    names = sorted(canonical_columns(table))
    assert columns(names, table) == {name: name for name in names}


def test_a_configured_heading_wins_over_synonyms_and_may_serve_two_columns() -> None:
    assert columns(["Số hồ sơ", "Ngày nộp", "Ngày tiếp nhận"], received_at="Ngày nộp", submitted_at="ngày nộp") == {
        "dossier_id": "Số hồ sơ",
        "received_at": "Ngày nộp",
        "submitted_at": "Ngày nộp",
    }


def test_a_configured_heading_keeps_a_personal_looking_column() -> None:
    match = match_headings(["MaDinhDanh"], table="dossier", configured={"agency_code": "MaDinhDanh"}, source_file="a")
    assert (match.columns, match.personal) == ({"agency_code": "MaDinhDanh"}, [])


def test_a_configured_heading_that_is_absent_is_named_with_what_there_is_and_what_is_near() -> None:
    with pytest.raises(DataError) as error:
        columns(["Mã hồ sơ", "Ngày nhận đơn"], received_at="Ngày nhận đon hồ sơ")
    for part in (
        "a.xlsx",
        "'Ngày nhận đon hồ sơ'",
        "received_at",
        "Có phải là 'Ngày nhận đơn'?",
        "Mã hồ sơ; Ngày nhận đơn",
    ):
        assert part in str(error.value)


def test_a_configured_column_that_does_not_exist_is_named_with_what_is_near() -> None:
    with pytest.raises(DataError, match=r"'recieved_at'.*'received_at'"):
        columns(["Mã hồ sơ"], recieved_at="Mã hồ sơ")


def test_the_log_may_carry_columns_of_the_register_where_configured() -> None:
    headings = ["Mã hồ sơ", "Thời điểm", "Bước xử lý", "Ngày hẹn trả"]
    assert columns(headings, "event", due_at="Ngày hẹn trả")["due_at"] == "Ngày hẹn trả"
    assert "due_at" not in columns(headings, "event")


def test_of_two_headings_for_one_column_the_better_synonym_wins_and_the_other_is_listed() -> None:
    match = match_headings(["Tình trạng", "Trạng thái"], table="dossier", configured={}, source_file="a")
    assert (match.columns, match.unknown) == ({"status": "Trạng thái"}, ["Tình trạng"])


def test_a_second_name_of_a_person_is_personal_not_unknown() -> None:
    match = match_headings(["Chủ hồ sơ", "Người nộp"], table="dossier", configured={}, source_file="a")
    assert (match.columns, match.personal, match.unknown) == ({"applicant": "Chủ hồ sơ"}, ["Người nộp"], [])


@pytest.mark.parametrize(
    "heading",
    ["Số điện thoại người nộp", "SoDienThoaiChuHoSo", "Địa chỉ thửa đất", "Số CCCD/Hộ chiếu", "Email liên hệ",
     "Trích yếu nội dung",
     "Ngày sinh của con", "Họ và tên vợ", "SDT", "Lý do từ chối"],
)  # fmt: skip
def test_headings_that_speak_of_persons_are_personal_by_their_words(heading: str) -> None:
    assert match_headings([heading], table="dossier", configured={}, source_file="a").personal == [heading]


@pytest.mark.parametrize("heading", ["Địa chính", "Mức độ", "Thuế", "Số tờ"])
def test_other_unknown_headings_are_only_unknown(heading: str) -> None:
    assert match_headings([heading], table="dossier", configured={}, source_file="a").unknown == [heading]


def test_known_headings_are_counted_once_each() -> None:
    count = recognise("dossier", {"fee": "Cột lạ"})
    assert count(["Mã hồ sơ", "Số hồ sơ", "CỘT LẠ", "SĐT", "", "gì đó"]) == 3
    assert count(["SỔ THEO DÕI HỒ SƠ", "", ""]) == 0


def test_no_synonym_stands_twice_or_for_two_columns_of_a_table() -> None:
    with (ROOT / "data/reference/headings.csv").open(encoding="utf-8", newline="") as file:
        entries = list(csv.DictReader(file))
    seen: dict[tuple[str, str], str] = {}
    for entry in entries:
        place = (entry["table"], heading_key(entry["synonym"]))
        assert seen.setdefault(place, entry["column"]) == entry["column"], entry
        assert entry["source"]


def test_a_running_number_is_neither_kept_nor_listed_as_unknown() -> None:
    match = match_headings(["STT", "Số hồ sơ", "Số thứ tự"], table="dossier", configured={}, source_file="so.csv")
    assert (match.unknown, match.personal) == ([], [])
