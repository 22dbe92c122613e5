"""Difficulties of the communes: read from their daily lists, each once in its latest state, refused with a reason."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.config import ProvinceConfig, load_config
from etl.difficulties import CLOSED_STATES, WORDS, category_of, load_difficulties
from etl.masking import MASK
from etl.names import Names
from etl.units import SmallTable, load_communes, load_lineage
from etl.values import parse_difficulty_category
from language.text import fold
from tests.etl.province import REGISTER_BLOCK, build_province, code, row, write_province

BLOCK = '\n[difficulties]\npath = "lists/*.csv"\n'
HEADINGS = (
    *("Mã vướng mắc", "Xã, phường", "Nhóm vướng mắc", "Sở, ngành", "Nội dung", "Ngày nêu", "Hạn trả lời", "Trạng thái"),
    *("Trả lời", "Ngày trả lời", "Số lượt", "Nguồn"),
)
AS_OF = dt.datetime(2026, 3, 31, 18)


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def asked(text: str = "Thanh toán trực tuyến hay lỗi", **other: str) -> tuple[str, ...]:
    """A line of a list."""
    line = {
        **{"number": "", "unit": "Phường Phú Thọ", "category": "", "department": "Sở KH&CN", "text": text},
        **{"asked": "02/03/2026", "due": "", "state": "", "answer": "", "answered": "", "count": "", "source": ""},
    } | other
    return tuple(line.values())


def lists(directory: Path, **files: list[tuple[str, ...]]) -> None:
    (directory / "lists").mkdir(exist_ok=True)
    for name, lines in files.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([HEADINGS, *lines])
        (directory / "lists" / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")


def province(directory: Path) -> tuple[ProvinceConfig, Names, list[str]]:
    config = load_config(write_province(directory, toml=REGISTER_BLOCK + BLOCK))
    communes = load_communes(config).rows
    codes = communes["commune_code"].to_list()
    return config, Names.of(communes, load_lineage(config, codes).rows), codes


def load(directory: Path, *lines: tuple[str, ...], **files: list[tuple[str, ...]]) -> SmallTable:
    lists(directory, **(files or {"one": list(lines)}))
    return load_difficulties(*province(directory), as_of=AS_OF)


def test_a_line_is_read_with_its_days_words_and_department(tmp_path: Path) -> None:
    table = load(
        tmp_path,
        asked(category="Thanh toán trực tuyến", due="09/03/2026", state="Đang xử lý", count="1.250"),
        asked("Máy in hỏng", unit="Xã An Phú", department="VP UBND tỉnh", asked="03/03/2026", state="Đã trả lời",
              answer="Đã cấp máy mới", answered="05/03/2026"),
    )  # fmt: skip
    assert table.reject.is_empty()
    columns = ("commune_code", "category", "category_by", "department", "asked_on", "due_on", "state", "answered_on")
    assert table.rows.select(columns).rows() == [
        (
            *("07942", "online_payment", "stated", "Sở Khoa học và Công nghệ"),
            *(dt.date(2026, 3, 2), dt.date(2026, 3, 9), "in_progress", None),
        ),
        (
            *("10645", "equipment", "words", "Văn phòng UBND tỉnh"),
            *(dt.date(2026, 3, 3), None, "answered", dt.date(2026, 3, 5)),
        ),
    ]
    assert table.rows["count"].to_list() == [1_250, None]


def test_a_category_comes_from_the_list_else_from_its_words_else_from_nowhere(tmp_path: Path) -> None:
    table = load(
        tmp_path,
        asked("a", category="Hạ tầng CNTT/đường truyền"),
        asked("b", category="Mạng chậm, hay mất kết nối"),
        asked("Đề nghị nâng cấp cầu vượt qua đường sắt"),
        asked("Đề nghị quan tâm"),
    )
    assert sorted(table.rows.select("text", "category", "category_by").rows()) == [
        ("a", "network", "stated"),
        ("b", "network", "words"),
        ("Đề nghị nâng cấp cầu vượt qua đường sắt", "roads", "words"),
        ("Đề nghị quan tâm", "other", "none"),
    ]


def test_the_words_name_our_categories_only_and_each_is_found_again() -> None:
    rows = pl.read_csv(WORDS)
    known = pl.DataFrame({"word": rows["category"].unique()}).select(parse_difficulty_category(pl.col("word")))
    assert known["word"].null_count() == 0
    assert rows["word"].is_unique().all()
    for category, word in rows.select("category", "word").iter_rows():
        assert category_of(f"Đề nghị xem lại {word.upper()}.") == category, word
        assert category_of(fold(word)) == category, word


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        (asked(""), "difficulty_without_text", "text"),
        (asked(asked=""), "difficulty_without_day", "asked_on"),
        (asked(asked="30/02/2026"), "difficulty_without_day", "asked_on"),
        (asked(due="hôm nào"), "unreadable_date", None),
        (asked(due="01/03/2026"), "due_before_asked", "due_on"),
        (asked(answered="01/03/2026"), "answered_before_asked", "answered_on"),
        (asked(asked="02/03/2062"), "difficulty_after_state", "asked_on"),
        (asked(state="lửng lơ"), "unknown_difficulty_state", "state"),
        (asked(count="nhiều"), "wrong_difficulty_count", "count"),
        (asked(count="0"), "wrong_difficulty_count", "count"),
        (asked(unit="Phường Không Có"), "unknown_commune", "commune_code"),
        (asked(unit=""), "missing_code", None),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_with_file_row_and_column(
    line: tuple[str, ...], rule: str, column: str | None, tmp_path: Path
) -> None:
    table = load(tmp_path, asked("Mạng chậm"), line)
    refused = table.reject.row(0, named=True)
    assert (refused["rule"], refused["column_name"], refused["row_number"]) == (rule, column, 3)
    assert refused["source_file"] == "lists/one.csv" and refused["message"]
    assert table.load.select("rows_read", "rows_loaded", "rows_refused").row(0) == (2, 1, 1)


@pytest.mark.parametrize(
    ("line", "state"),
    [(asked(), "open"), (asked(answer="Đã xem"), "answered"), (asked(answered="03/03/2026"), "answered"),
     (asked(state="Không thuộc thẩm quyền"), "rejected"), (asked(state="Đã chuyển sở"), "in_progress")],
)  # fmt: skip
def test_a_state_is_the_one_stated_else_what_the_answer_says(line: tuple[str, ...], state: str, tmp_path: Path) -> None:
    assert load(tmp_path, line).rows["state"].to_list() == [state]


def test_the_same_difficulty_in_a_later_list_takes_its_later_state_and_keeps_its_first_day(tmp_path: Path) -> None:
    # By the days in them the file called "a" is the later one.
    table = load(
        tmp_path,
        b=[asked(due="06/03/2026"), asked("Mạng chậm")],
        a=[asked("thanh toán  TRỰC TUYẾN hay lỗi.", asked="04/03/2026", state="Đã trả lời", answered="05/03/2026")],
    )
    once = table.rows.filter(pl.col("category") == "online_payment").row(0, named=True)
    assert (once["asked_on"], once["state"], once["due_on"]) == (dt.date(2026, 3, 2), "answered", None)
    accounts = table.load.sort("source_file").select("source_file", "rows_read", "rows_loaded", "rows_repeated")
    assert accounts.rows() == [("lists/a.csv", 1, 1, 0), ("lists/b.csv", 2, 1, 1)]


def test_what_was_settled_and_comes_up_again_later_is_a_new_difficulty(tmp_path: Path) -> None:
    again = load(tmp_path, asked(answered="05/03/2026"), asked(asked="20/03/2026"))
    assert again.rows.select("asked_on", "state").rows() == [
        (dt.date(2026, 3, 2), "answered"),
        (dt.date(2026, 3, 20), "open"),
    ]
    assert again.rows["difficulty_id"].is_unique().all()


def test_a_number_of_its_own_means_the_same_difficulty_whatever_its_text(tmp_path: Path) -> None:
    table = load(
        tmp_path,
        asked("Mạng chậm", number="VM-1"),
        asked("Đường truyền chậm vào buổi sáng", number="VM-1", asked="03/03/2026"),
        asked("Mạng chậm", number="VM-1", unit="Xã An Phú"),
    )
    assert table.rows.select("difficulty_id", "text").rows() == [
        ("07942-VM-1", "Đường truyền chậm vào buổi sáng"),
        ("10645-VM-1", "Mạng chậm"),
    ]


def test_a_persons_number_is_masked_wherever_it_was_typed(tmp_path: Path) -> None:
    table = load(
        tmp_path,
        asked("Gọi 0912345678 không được", number="0912345678", answer="Liên hệ a@b.vn", state="Đã trả lời"),
        asked("Lỗi của 001085012345", state="?"),
    )
    kept = str(table.rows.rows()) + str(table.reject.rows())
    assert MASK in kept
    assert not any(secret in kept for secret in ("0912345678", "a@b.vn", "001085012345"))


LINES = st.lists(
    st.builds(
        lambda text, day, unit, answered: asked(
            text, asked=f"{day:02}/03/2026", unit=unit, answered=f"{day + answered:02}/03/2026" if answered else ""
        ),
        st.sampled_from(["Mạng chậm", "mang cham", "Máy in hỏng", ""]),
        st.integers(1, 15),
        st.sampled_from(["Phường Phú Thọ", "Xã An Phú", "Xã Lạ"]),
        st.integers(-1, 9),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[ProvinceConfig, Names, list[str]]:
    return province(tmp_path_factory.mktemp("lists"))


@settings(max_examples=40)
@given(first=LINES, second=LINES)
def test_no_row_is_lost_and_nothing_open_stands_twice(
    first: list[tuple[str, ...]],
    second: list[tuple[str, ...]],
    read_once: tuple[ProvinceConfig, Names, list[str]],
) -> None:
    lists(read_once[0].directory, one=first, two=second)
    table = load_difficulties(*read_once, as_of=AS_OF)
    for name, lines in (("one", first), ("two", second)):
        account = table.load.filter(pl.col("source_file") == f"lists/{name}.csv").row(0, named=True)
        assert account["rows_read"] == len(lines)
        assert account["rows_read"] == sum(account[f"rows_{part}"] for part in ("loaded", "refused", "repeated"))
    rows = table.rows.with_columns(same=pl.col("text").map_elements(fold, return_dtype=pl.String))
    still_open = rows.filter(~pl.col("state").is_in(CLOSED_STATES))
    assert not still_open.select("commune_code", "same").is_duplicated().any()
    assert rows["difficulty_id"].is_unique().all()
    again = load_difficulties(*read_once, as_of=AS_OF)
    assert again.rows.equals(table.rows), "the same lists, the same difficulties"


def test_a_build_carries_them_into_the_snapshot(tmp_path: Path) -> None:
    lists(tmp_path, one=[asked(), asked(due="01/03/2026")])
    report, tables = build_province(tmp_path, [row(code(1))], toml=REGISTER_BLOCK + BLOCK)
    assert tables.one("select commune_code, category, state from difficulty") == {
        "commune_code": "07942",
        "category": "online_payment",
        "state": "open",
    }
    assert tables.one("select rule from reject where table_name = 'difficulty'") == {"rule": "due_before_asked"}
    assert not report.notices
