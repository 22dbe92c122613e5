"""A `PROVINCE.toml` that cannot be meant is told by its key, in Vietnamese, with the right exit code."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from etl.build import build, check
from etl.config import DossiersBlock, load_config, matching_files
from etl.errors import DataError, UsageError
from tests.etl.province import REGISTER_BLOCK, TOML, code, row, write_boundaries, write_province

# Words of the libraries below us.
ENGLISH = re.compile(
    r"\b(input|should|valid|invalid|field|required|permitted|expected|error|not|file|permission|directory)\b",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def refused(path: Path, *, kind: type[Exception] = DataError) -> str:
    with pytest.raises(kind) as caught:
        load_config(path)
    return str(caught.value)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "province.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "25"', 'code = "H44"', ["province.code", "«H44»", "hai chữ số"]),
        ('code = "25"', "code = 2.5", ["province.code", "chữ trong dấu nháy"]),
        ('name = "Phú Thọ"', "", ["province.name", "thiếu"]),
        ("simulated = true", 'simulated = "có"', ["province.simulated", "true hoặc false"]),
        ("simulated = true", "simulate = true", ["province.simulate", "«simulated»"]),
        ("simulated = true", 'timezone = "Hà Nội"', ["province.timezone", "«Hà Nội»"]),
        ("[communes]", "[[communes]]", ["communes", "một khối"]),
        ('state_at = "2026-03-31T18:00:00"', 'state_at = "hôm qua"', ["dossiers.0.state_at", "2026-01-31"]),
        ('path = "exports/*"', 'path = "exports/*"\nheader_row = 0', ["dossiers.0.header_row", "từ 1"]),
        ('path = "exports/*"', 'path = "exports/*"\nheader_row = "hai"', ["dossiers.0.header_row", "số nguyên"]),
        ('path = "exports/*"', 'path = ["a", "b"]', ["dossiers.0.path", "chữ trong dấu nháy"]),
        ('path = "exports/*"', 'path = "exports/*"\nvalues = { state = { a = 1 } }', ["dossiers.0.values", "status"]),
        ('path = "exports/*"', 'path = "exports/*"\ndatetime_formats = "%d"', ["datetime_formats", "danh sách"]),
    ],
)
def test_a_wrong_value_is_told_by_its_key_and_in_vietnamese(
    tmp_path: Path, old: str, new: str, said: list[str]
) -> None:
    text = TOML + REGISTER_BLOCK
    assert old in text
    message = refused(written(tmp_path, text.replace(old, new, 1)))
    assert all(part in message for part in said), message
    spoken = re.sub(r"«[^»]*»|[\w.]+:", "", message.replace(str(tmp_path), ""))
    assert not ENGLISH.search(spoken), message


def test_a_folder_an_empty_file_and_a_picture_are_told_apart(tmp_path: Path) -> None:
    assert "là một thư mục" in refused(tmp_path, kind=UsageError)
    assert "Không có tệp" in refused(tmp_path / "none.toml", kind=UsageError)
    assert "tệp trống" in refused(written(tmp_path, " \n"))
    picture = tmp_path / "picture.toml"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    assert "UTF-8" in refused(picture)


def test_brackets_without_end_are_no_traceback(tmp_path: Path) -> None:
    assert "TOML" in refused(written(tmp_path, "a = " + "[" * 100_000))
    assert "TOML" in refused(written(tmp_path, "a = " + "9" * 10_000))


@pytest.mark.parametrize(
    "state", ["2999-01-01T00:00:00", "9999-12-31T23:59:59", "1999-12-31T23:59:59", "0001-01-01T00:00:00+14:00"]
)
@pytest.mark.parametrize("simulated", ["true", "false"])
def test_a_state_that_no_export_can_have_is_refused(tmp_path: Path, state: str, simulated: str) -> None:
    text = (
        (TOML + REGISTER_BLOCK)
        .replace("2026-03-31T18:00:00", state)
        .replace("simulated = true", f"simulated = {simulated}")
    )
    message = refused(written(tmp_path, text))
    assert "dossiers.0.state_at" in message
    assert state[:4].lstrip("0") in message


def test_tomorrow_evening_is_no_state_of_a_real_province_but_now_is(tmp_path: Path) -> None:
    real = (TOML + REGISTER_BLOCK).replace("simulated = true", "simulated = false")
    now = dt.datetime.now()
    load_config(written(tmp_path, real.replace("2026-03-31T18:00:00", now.isoformat(timespec="seconds"))))
    later = (now + dt.timedelta(days=3)).isoformat(timespec="seconds")
    assert "state_at" in refused(written(tmp_path, real.replace("2026-03-31T18:00:00", later)))


def test_a_state_with_an_offset_is_taken_in_the_provinces_time(tmp_path: Path) -> None:
    text = (TOML + REGISTER_BLOCK).replace('"2026-03-31T18:00:00"', "2026-03-31T11:00:00Z")
    (block,) = load_config(written(tmp_path, text)).dossiers
    assert block.state_at == dt.datetime(2026, 3, 31, 18)


@pytest.mark.parametrize(
    "path", ["khong_co/*.csv", "khong_co.csv", "", "a\0b", "**x/*.csv", "exports/[.csv", "x" * 5000]
)
def test_a_path_without_a_file_is_told_with_its_block(tmp_path: Path, path: str) -> None:
    config = load_config(write_province(tmp_path, [row(code(1))]))
    with pytest.raises(DataError, match=r"\[\[dossiers\]\]"):
        matching_files(config, DossiersBlock(path=path), name="[dossiers]")


TWICE = """
[[dossiers]]
path = "exports/*.csv"
state_at = "2026-03-31T18:00:00"
[[dossiers]]
path = "exports/register.csv"
state_at = "2026-03-30T18:00:00"
"""


def test_a_file_declared_in_two_blocks_is_refused_by_name(tmp_path: Path) -> None:
    province = write_province(tmp_path, [row(code(1))], toml=TWICE)
    with pytest.raises(DataError) as caught:
        build(province, tmp_path / "warehouse")
    assert all(part in str(caught.value) for part in ("exports/register.csv", "exports/*.csv", "[[dossiers]]"))


def test_one_file_may_be_register_and_log_and_a_workbook_may_give_a_sheet_to_each_block(tmp_path: Path) -> None:
    import polars as pl
    from xlsxwriter import Workbook

    write_province(tmp_path, [row(code(1))])
    with Workbook(tmp_path / "exports" / "so.xlsx") as book:
        for number, name in enumerate(("Một", "Hai")):
            rows = pl.DataFrame(
                {"Số hồ sơ": [code(number)], "Mã xã": ["07942"], "Ngày tiếp nhận": ["02/03/2026 08:00"]}
            )
            rows.write_excel(book, name)
    (tmp_path / "exports" / "register.csv").unlink()
    block = '[[dossiers]]\npath = "exports/so.xlsx"\nsheet = "{}"\ncolumns = {{ commune_code = "Mã xã" }}\n'
    log = '[[events]]\npath = "exports/so.xlsx"\nsheet = "Một"\ncolumns = { at = "Ngày tiếp nhận" }\n'
    province = write_province(tmp_path, toml=block.format("Một") + block.format("Hai") + log)
    assert check(province, scratch=tmp_path / "scratch").dossiers == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ranh.geojson", b'{"type":"FeatureCollection","features":['),
        ("ranh.geojson", b"\x00\x01"),
        ("ranh.gpkg", b"SQLite format 3\0" + b"x" * 200),
        ("ranh.shp", b"abc"),
        ("ranh.zip", b"PK\x03\x04zz"),
        ("ranh.parquet", b"PAR1"),
    ],
)
def test_a_boundary_file_that_cannot_be_opened_is_told_in_vietnamese(tmp_path: Path, name: str, content: bytes) -> None:
    write_boundaries(tmp_path, ["07942"])
    (tmp_path / name).write_bytes(content)
    province = write_province(tmp_path, [row(code(1))], toml=f'[boundaries]\npath = "{name}"\n' + REGISTER_BLOCK)
    with pytest.raises(DataError) as caught:
        check(province, scratch=tmp_path / "scratch")
    assert name in str(caught.value)
    assert "chi tiết" not in str(caught.value)


def test_a_key_file_that_is_a_folder_is_a_wrong_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path))
    with pytest.raises(UsageError, match="THONGSUOT_KEY_FILE"):
        check(write_province(tmp_path / "p", [row(code(1))]), scratch=tmp_path / "scratch")
