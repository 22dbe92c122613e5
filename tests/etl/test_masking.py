"""Personal numbers typed into kept columns are masked; codes, dates and amounts are not."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.inspect import inspect_file
from etl.masking import MASK, is_personal_code, masked, masked_code
from etl.printing import print_report
from etl.rejects import in_own_columns, refused_rows, write_rejects
from tests.etl.province import build_province, code, csv_text, row
from warehouse.reading import open_snapshot


def mask(text: str) -> str:
    return str(pl.DataFrame({"text": [text]}).select(masked(pl.col("text"))).item())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0912345678", MASK),
        ("02103846647", MASK),
        ("+84912345678", MASK),
        ("+84 912 345 678", MASK),
        ("84912345678", MASK),
        ("0912 345 678", MASK),
        ("0912.345.678", MASK),
        ("091-234-5678", MASK),
        ("025199001234", MASK),
        ("025 199 001 234", MASK),
        ("131234567", MASK),
        ("nguyen.van.a@gmail.com", MASK),
        ("ĐT: 0912345678, CCCD 025199001234.", f"ĐT: {MASK}, CCCD {MASK}."),
        ("0912345678 0912345679 0912345680", f"{MASK} {MASK} {MASK}"),
        ("Xã An Phú (0912345678)", f"Xã An Phú ({MASK})"),
        ("liên hệ a@b.vn;c@d.vn", f"liên hệ {MASK};{MASK}"),
    ],
)
def test_personal_numbers_and_addresses_are_masked(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "H44.5-260101-000123",
        "H44.101-260302-0912345678",
        "000.00.01.H26-260930-0012",
        "G09.20-20260609-0092637",
        "case-123456789",
        "case-0912345678",
        "08740",
        "2.000815.000.00.00.H44",
        "02/03/2026 08:00:00",
        "02.03.2026 08:00",
        "02-03-2026 08:00",
        "2026-03-02T08:00:00.123456789+07:00",
        "202603020830",
        "46083.333333333",
        "123.456.789",
        "1.234.567.890",
        "12.000 đ",
        "Thông tư 01/2023/TT-VPCP",
        "điểm 2.3.1",
    ],
)
def test_codes_dates_and_amounts_stay(text: str) -> None:
    assert mask(text) == text


@given(st.from_regex(r"[A-Y][0-9]{2}(\.[0-9A-Z]{1,3}){0,3}-[0-9]{6}-[0-9]{4,12}", fullmatch=True).filter(str.isascii))
def test_no_dossier_code_is_touched(code: str) -> None:
    assert mask(code) == code
    assert not pl.DataFrame({"text": [code]}).select(is_personal_code(pl.col("text"))).item()


@given(
    st.from_regex(r"0[35789][0-9]{8}|0[0-9]{2}[1-9][0-9]{8}", fullmatch=True).filter(str.isascii),
    st.text(" ,;:()", max_size=2),
)
def test_no_number_of_a_person_is_left_between_words(number: str, between: str) -> None:
    assert number not in mask(f"điện thoại{between or ' '}{number}{between} {number}{between} hết")


@pytest.mark.parametrize(
    ("code", "personal"),
    [
        ("0912345678", True),
        (" +84912345678 ", True),
        ("025199001234", True),
        ("123456789012", True),
        ("a.b@c.vn", True),
        ("H44.5-260101-000123", False),
        ("case-123", False),
        ("HS 12", False),
        ("131234567", False),
        ("000000123456", False),
        ("202603020001", False),
        ("173688", False),
    ],
)
def test_a_dossier_code_that_is_a_persons_is_known(code: str, personal: bool) -> None:
    assert pl.DataFrame({"text": [code]}).select(is_personal_code(pl.col("text"))).item() is personal


def test_nothing_is_nothing() -> None:
    frame = pl.DataFrame({"text": [None, "0912345678", None]}, schema={"text": pl.String})
    assert frame.select(masked(pl.col("text"))).to_series().to_list() == [None, MASK, None]


def test_a_running_number_stays_in_the_column_of_codes_only() -> None:
    frame = pl.DataFrame({"text": ["131234567", "202603029001", "0912345678", "H44.5-260101-000123"]})
    assert frame.select(masked_code(pl.col("text"))).to_series().to_list() == [
        "131234567",
        "202603029001",
        MASK,
        "H44.5-260101-000123",
    ]
    assert frame.select(masked(pl.col("text"))).to_series().to_list()[:2] == [MASK, MASK]


# ---- through the build ----------------------------------------------------------------------------------------------

SECRETS = ("0987654321", "+84 987 654 321", "025199001234", "nguyen.thi.b@gmail.com")


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


@pytest.mark.parametrize("secret", SECRETS)
def test_what_is_typed_into_kept_columns_reaches_nothing_that_is_kept_or_printed(
    tmp_path: Path, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = {
        name: row(code(number), **{name: secret})
        for number, name in enumerate(
            ("commune", "procedure", "channel", "received", "due", "finished", "status"), start=2
        )
    }
    log = [
        (code(1), "02/03/2026 08:00", f"Tiếp nhận hồ sơ, gọi {secret}", f"Một cửa {secret}", ""),
        (secret, "02/03/2026 09:00", "Thẩm định", "", ""),
        (code(1), secret, "Thẩm định", "", ""),
    ]
    report, tables = build_province(tmp_path, [row(code(1)), row(secret), *typed.values()], log=log)
    for path in (tmp_path / "warehouse").rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes(), path
    for part in (tmp_path / "warehouse" / "cache").rglob("*.parquet"):
        assert secret not in repr(pl.read_parquet(part).to_dicts()), part
    for table in ("reject", "dossier", "event", "dossier_key", "warning", "dossier_change", "load"):
        assert secret not in repr(tables(f"from {table}")), table
    assert secret not in report.rejects_by_rule.write_csv()
    rules = [each["rule"] for each in tables("select rule from reject where source_file = 'exports/register.csv'")]
    assert "personal_dossier_code" in rules
    assert MASK in repr(tables("select source_row from reject where rule = 'unknown_commune'"))
    print_report(report)
    printed = capsys.readouterr()
    assert secret not in printed.out + printed.err
    opened = open_snapshot(tmp_path / "warehouse")
    write_rejects(in_own_columns(refused_rows(opened)), tmp_path / "loi.csv")
    opened.close()
    assert secret not in (tmp_path / "loi.csv").read_text(encoding="utf-8")


def test_a_refused_row_keeps_its_dossier_code_dates_and_commune(tmp_path: Path) -> None:
    bad = row("H44.5-260101-000123", commune="99999", received="02.03.2026 08:00")
    _, tables = build_province(tmp_path, [row(code(1)), bad])
    own = json.loads(str(tables.one("select source_row from reject")["source_row"]))
    assert (own["Số hồ sơ"], own["Mã xã"], own["Ngày tiếp nhận"]) == (bad[0], "99999", "02.03.2026 08:00")


def test_running_numbers_are_dossier_codes_and_a_persons_number_is_refused_by_its_own_rule(tmp_path: Path) -> None:
    codes = ["case-123", "131234567", "202603029001", "0912345678", "dan@xa.vn", "025199001234"]
    _, tables = build_province(tmp_path, [row(each) for each in codes])
    assert {each["dossier_id"] for each in tables("select dossier_id from dossier")} == set(codes[:3])
    refused = tables("select rule, column_name, message from reject")
    assert [each["rule"] for each in refused] == ["personal_dossier_code"] * 3
    assert refused[0]["column_name"] == "Số hồ sơ"


def test_an_inspection_shows_no_persons_number_from_a_kept_column(tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    path.write_text(csv_text([row(code(1), commune="0987654321", received="gọi 0987654321")]), encoding="utf-8")
    (found,) = inspect_file(path, shown_as="so.csv")
    assert "0987654321" not in repr(found)
    assert code(1) in repr(found)
