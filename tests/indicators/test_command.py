"""`python -m indicators`: what it prints, and how it refuses."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from indicators.__main__ import main
from indicators.catalogue import CATALOGUE
from tests.builders import Row, build_snapshot, dossier

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command on a small warehouse: exit code, output, errors."""

    def event(step: int, at: str, activity: str) -> Row:
        return {"dossier_id": "A", "step": step, "at": at, "activity": activity}

    directory = build_snapshot(
        tmp_path / "warehouse",
        dossiers=[
            dossier(dossier_id="A", due_at="2025-07-03", finished_at="2025-07-02 08:00"),
            dossier(commune_code="08521", channel="online", received_at="2025-07-02 09:00"),
        ],
        events=[
            event(1, "2025-07-01 08:00", "Tiếp nhận"),
            event(2, "2025-07-01 10:00", "Thẩm định"),
            event(3, "2025-07-01 10:00", "Ký duyệt"),
            event(4, "2025-07-02 08:00", "Trả kết quả"),
        ],
    )

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("THONGSUOT_WAREHOUSE", str(directory))
        monkeypatch.setattr("sys.argv", ["indicators", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
            raise SystemExit(0)
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_the_dimensions_and_then_each_indicator_with_its_interval(run: Run) -> None:
    code, out, _err = run("received", "on_time_rate_ii06", "--by", "commune", "--by", "month", "--format", "csv")
    assert code == 0
    header = out.splitlines()[0]
    assert header == (
        "commune,month,received,on_time_rate_ii06,on_time_rate_ii06_n,on_time_rate_ii06_low,on_time_rate_ii06_high"
    )
    found = next(row for row in rows(out) if (row["commune"], row["month"]) == ("08521", "2025-07"))
    assert (found["received"], found["on_time_rate_ii06"], found["on_time_rate_ii06_n"]) == ("1", "", "0")


def test_json_is_a_list_of_objects_with_codes_and_days_as_text(run: Run) -> None:
    code, out, _err = run("received", "--by", "day", "--format", "json", "--to", "2025-07-02")
    assert code == 0
    assert json.loads(out) == [{"day": "2025-07-01", "received": 1}, {"day": "2025-07-02", "received": 1}]


def test_a_table_names_communes_and_marks_simulated_data(run: Run) -> None:
    code, out, _err = run("received", "on_time_rate_ii06", "--by", "commune", "--commune", "08740")
    assert code == 0
    assert "08740 Phường Phú Thọ" in out
    assert "100,0 % (20,7 % – 100,0 %)" in out
    assert "DỮ LIỆU MÔ PHỎNG" in out


@pytest.mark.parametrize("date", ["2025-07-02", "02/07/2025", "2/7/2025"])
def test_dates_are_read_in_both_ways_of_writing(run: Run, date: str) -> None:
    assert run("received", "--from", date, "--to", date, "--format", "csv")[1] == "received\n1\n"


def test_filters_repeat_and_narrow(run: Run) -> None:
    assert run("received", "--commune", "08740", "--commune", "08521", "--format", "csv")[1] == "received\n2\n"
    assert run("received", "--channel", "online", "--field", "Chứng thực", "--format", "csv")[1] == "received\n1\n"


def test_a_file_is_written_where_asked(run: Run, tmp_path: Path) -> None:
    code, out, _err = run("received", "--format", "csv", "--out", str(tmp_path / "a.csv"))
    assert (code, out) == (0, "")
    assert (tmp_path / "a.csv").read_bytes() == b"received\n2\n"


def test_a_workbook_is_written_where_the_file_ends_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    code, out, err = run("received", "--by", "commune", "--out", str(file))
    assert (code, out) == (0, ""), err
    figures, source = openpyxl.load_workbook(file).worksheets
    assert [cell.value for cell in figures[4]] == ["Mã đơn vị", "Đơn vị", "Hồ sơ tiếp nhận"]
    assert source.title == "Nguồn và bộ lọc"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["received", "--out", "a.pdf"], "dạng .pdf"),
        (["form-ii06", "--out", "a.parquet"], "dạng .parquet"),
        (["readings", "--out", "a.docx"], "dạng .docx"),
        (["transitions", "--out", "a.xlsx"], "chỉ ghi ra tệp .csv hoặc .json"),
        (["received", "--format", "csv", "--out", "a.xlsx"], "bỏ --format"),
    ],
)
def test_a_file_is_never_of_another_format_than_its_name_says(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _out, err = run(*call)
    assert (code, words in err, list(tmp_path.glob("a.*"))) == (2, True, []), err


def test_the_snapshot_is_named_whole_under_a_narrow_table(run: Run) -> None:
    assert "20250930T180000" in run("received")[1]


def test_the_list_names_every_indicator(run: Run) -> None:
    code, out, _err = run("--list")
    assert code == 0
    assert all(indicator.id in out and indicator.name in out for indicator in CATALOGUE)


def test_transitions_keep_the_order_of_the_file_where_times_are_equal(run: Run) -> None:
    code, out, _err = run("transitions", "--top", "5", "--format", "csv")
    assert code == 0
    assert [(row["from_activity"], row["to_activity"], row["wait_hours_p50"]) for row in rows(out)] == [
        ("Ký duyệt", "Trả kết quả", "22.0"),
        ("Thẩm định", "Ký duyệt", "0.0"),
        ("Tiếp nhận", "Thẩm định", "2.0"),
    ]


def test_a_transition_belongs_to_the_window_of_its_second_step(run: Run) -> None:
    out = run("transitions", "--from", "2025-07-02", "--format", "csv")[1]
    assert [row["to_activity"] for row in rows(out)] == ["Trả kết quả"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--list"),
        (["recieved"], "received"),
        (["received", "--by", "shoe"], "report_month"),
        (["received", "--from", "2025-02-30"], "2025-02-30"),
        (["received", "--from", "2025-07-02", "--to", "2025-07-01"], "02/07/2025"),
        (["received", "--from", "2026-01-01"], "30/09/2025"),
        (["received", "--commune", "8740"], "8740"),
        (["received", "--format", "xml"], "xml"),
        (["received", "--colour"], "--colour"),
    ],
)
def test_a_wrong_call_ends_with_2_and_a_sentence(run: Run, arguments: list[str], message: str) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert message in err
    assert "Traceback" not in err


def test_a_missing_warehouse_ends_with_1_and_says_how_to_build_one(run: Run, tmp_path: Path) -> None:
    code, _out, err = run("received", "--warehouse", str(tmp_path / "nowhere"))
    assert code == 1
    assert "python -m etl build" in err


def test_a_file_that_cannot_be_written_is_a_wrong_call(run: Run, tmp_path: Path) -> None:
    code, _out, err = run("received", "--out", str(tmp_path / "no" / "such" / "folder.csv"))
    assert code == 2
    assert "folder.csv" in err


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_outside_any_calendar_is_a_wrong_call(run: Run, day: str) -> None:
    code, _out, err = run("received", "--from", day)
    assert (code, day in err) == (2, True)


def test_a_file_that_cannot_be_written_is_named_with_the_reason(run: Run) -> None:
    code, _out, err = run("received", "--out", "/proc/version")
    assert (code, "/proc/version" in err, "None" in err) == (2, True, False), err


def test_transitions_take_no_dimension_and_say_so(run: Run) -> None:
    code, _out, err = run("transitions", "--by", "commune")
    assert (code, "--by" in err) == (2, True), err
    code, _out, err = run("received", "--top", "3")
    assert (code, "--top" in err) == (2, True), err
    code, out, _err = run("transitions", "--top", "1", "--format", "csv")
    assert (code, len(out.splitlines())) == (0, 2)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("THONGSUOT_THREADS", "x"), ("THONGSUOT_THREADS", "0"), ("THONGSUOT_MEMORY_LIMIT", "1MB")],
)
def test_a_setting_that_makes_no_sense_is_a_wrong_call(
    run: Run, variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    code, _out, err = run("received")
    assert code == 2
    assert variable in err and f"«{value}»" in err and "hỏng" not in err


def test_a_warehouse_without_a_name_is_a_wrong_call(run: Run) -> None:
    code, _out, err = run("received", "--warehouse", "")
    assert (code, "--warehouse" in err) == (2, True), err
