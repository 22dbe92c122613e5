"""From files to a published snapshot: what is loaded, refused, repeated, warned about and worked out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from etl.build import build, check
from etl.errors import DataError, UsageError
from etl.printing import print_report
from tests.etl.province import (
    LOG_BLOCK,
    REGISTER_BLOCK,
    Tables,
    build_province,
    code,
    csv_text,
    row,
    write_boundaries,
    write_province,
)
from warehouse.layout import current_id


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def test_a_register_is_loaded_with_its_times_status_and_unit(tmp_path: Path) -> None:
    _, tables = build_province(tmp_path, [row(code(1))])
    dossier = tables.one("select * from dossier")
    assert dossier["commune_code"] == "07942"
    assert dossier["received_at"] == dt.datetime(2026, 3, 2, 8)
    assert dossier["due_at"] == dt.datetime(2026, 3, 4)
    assert dossier["closed_at"] == dt.datetime(2026, 3, 3, 9)
    assert (dossier["status"], dossier["channel"]) == (10, "in_person")
    # Monday 08:00 to Tuesday 09:00: 210 + 240 + 90 working minutes.
    assert dossier["processing_minutes"] == 540


def test_the_snapshot_says_when_its_data_are_from_and_that_they_are_simulated(tmp_path: Path) -> None:
    report, tables = build_province(tmp_path, [row(code(1))])
    snapshot = tables.one("select * from snapshot")
    assert snapshot["as_of"] == dt.datetime(2026, 3, 31, 18)
    assert snapshot["simulated"] is True
    assert snapshot["minutes_per_day"] == 480
    assert current_id(tmp_path / "warehouse") == report.snapshot_id


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        ("missing_dossier_id", row("")),
        ("missing_received_at", row(code(2), received="")),
        ("unreadable_date", row(code(2), received="hôm qua")),
        ("unreadable_date", row(code(2), finished="31/02/2026")),
        ("unknown_commune", row(code(2), commune="99999")),
        ("unknown_commune", row(code(2), commune="")),
        ("closed_before_received", row(code(2), finished="01/03/2026")),
        ("received_after_state", row(code(2), received="01/04/2026 08:00", finished="")),
        ("status_out_of_range", row(code(2), status="99")),
        ("status_out_of_range", row(code(2), status="Không rõ nghĩa")),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_row(tmp_path: Path, rule: str, bad: tuple[str, ...]) -> None:
    _, tables = build_province(tmp_path, [row(code(1)), bad])
    refused = tables.one("select * from reject")
    assert (refused["rule"], refused["source_file"], refused["row_number"]) == (rule, "exports/register.csv", 3)
    assert refused["message"]
    assert tables.one("select count(*) as n from dossier")["n"] == 1


@pytest.mark.parametrize(
    ("bad", "commune"),
    [
        (row(code(2), received=""), "07942"),
        (row(code(2), finished="01/03/2026", commune="8740"), "08740"),
        (row(code(2), status="99", commune="10645"), "10645"),
        (row(code(2), commune="99999"), None),
        (row(code(2), received="02/06/2025", finished="", status="99", commune="10646"), None),
    ],
    ids=["no receipt", "a code without its zero", "a wrong status", "no such unit", "an old unit that was split"],
)
def test_a_refused_row_belongs_to_the_unit_that_it_names(
    tmp_path: Path, bad: tuple[str, ...], commune: str | None
) -> None:
    _, tables = build_province(tmp_path, [row(code(1)), bad])
    assert tables.one("select commune_code from reject")["commune_code"] == commune


def test_a_refused_row_with_an_ambiguous_name_belongs_to_nobody(tmp_path: Path) -> None:
    block = REGISTER_BLOCK.replace("commune_code", "commune_name")
    before = {"received": "02/06/2025 08:00", "due": "", "finished": ""}
    _, tables = build_province(
        tmp_path,
        [row(code(1), commune="Phường Hùng Vương", **before), row(code(2), commune="Phường Phú Thọ")],
        toml=block,
    )
    assert tables.one("select rule, commune_code from reject") == {"rule": "ambiguous_commune", "commune_code": None}


def test_a_refused_step_belongs_to_the_unit_of_its_dossier(tmp_path: Path) -> None:
    bad = [(code(1), "hôm qua", "Trình ký", "", ""), (code(7), "hôm qua", "Trình ký", "", "")]
    _, tables = build_province(tmp_path, [row(code(1), commune="10645")], log=[*LOG, *bad])
    refused = tables("select table_name, commune_code from reject order by row_number")
    assert refused == [
        {"table_name": "event", "commune_code": "10645"},
        {"table_name": "event", "commune_code": None},
    ]


def test_no_personal_value_reaches_any_table(tmp_path: Path) -> None:
    report, tables = build_province(tmp_path, [row(code(1)), row(code(2), received="hôm qua")])
    content = tables.path.read_bytes()
    assert b"0900000123" not in content
    assert "Mô Phỏng".encode() not in content
    key = tables.one("select applicant_key from dossier")["applicant_key"]
    assert isinstance(key, str) and len(key) == 16
    for staged in (tmp_path / "warehouse" / "cache").rglob("*.parquet"):
        assert b"0900000123" not in staged.read_bytes()
    assert report.unknown_headings == {}


def test_a_closing_known_by_date_only_on_the_day_of_receipt_is_not_before_it(tmp_path: Path) -> None:
    _, tables = build_province(tmp_path, [row(code(1), finished="02/03/2026")])
    dossier = tables.one("select * from dossier")
    assert dossier["closed_at"] == dossier["received_at"]
    assert dossier["processing_minutes"] == 0


def test_the_later_state_of_a_dossier_wins_and_the_change_is_kept(tmp_path: Path) -> None:
    blocks = "".join(
        f'[[dossiers]]\npath = "exports/{name}.csv"\nstate_at = "{state}"\ncolumns = {{ commune_code = "Mã xã" }}\n'
        for name, state in (("late", "2026-03-31T18:00:00"), ("early", "2026-03-02T18:00:00"))
    )
    write_province(tmp_path, [row(code(1), due="06/03/2026")], toml=blocks, register="late.csv")
    _, tables = build_province(
        tmp_path, [row(code(1), finished="", status="Đang xử lý")], toml=blocks, register="early.csv"
    )
    assert tables.one("select status, due_at::date as due from dossier") == {"status": 10, "due": dt.date(2026, 3, 6)}
    changed = {change["column_name"]: change for change in tables("select * from dossier_change")}
    assert set(changed) == {"due_at", "finished_at", "status"}
    assert changed["status"]["old_value"] == "4"
    assert tables.one("select sum(rows_repeated)::int as n from load where table_name = 'dossier'")["n"] == 1


@pytest.mark.parametrize(
    ("status", "finished", "closed"),
    [
        ("4", "03/03/2026 09:00", dt.datetime(2026, 3, 3, 9)),  # dates beat status
        ("5", "03/03/2026 09:00", None),  # open with the clock stopped
        ("7", "03/03/2026 09:00", dt.datetime(2026, 3, 3, 9)),
        ("10", "", dt.datetime(2026, 3, 31, 18)),  # no date anywhere: the state that says so
        ("1", "", None),
    ],
)
def test_dates_and_status_together_say_when_a_dossier_was_closed(
    tmp_path: Path, status: str, finished: str, closed: dt.datetime | None
) -> None:
    _, tables = build_province(tmp_path, [row(code(1), status=status, finished=finished)])
    assert tables.one("select closed_at from dossier")["closed_at"] == closed


@pytest.mark.parametrize(
    ("rule", "odd"),
    [
        ("unknown_dossier_code_shape", row("HS 12")),
        ("closed_after_state", row(code(1), finished="02/04/2026")),
        ("closed_without_time", row(code(1), finished="")),
        ("no_due_time", row(code(1), due="")),
        ("unknown_procedure", row(code(1), procedure="9.999999")),
        ("unknown_channel", row(code(1), channel="chim bồ câu")),
    ],
)
def test_an_odd_row_is_loaded_and_warned_about(tmp_path: Path, rule: str, odd: tuple[str, ...]) -> None:
    _, tables = build_province(tmp_path, [odd])
    assert rule in {warning["rule"] for warning in tables("select rule from warning")}
    assert tables.one("select count(*) as n from dossier")["n"] == 1


def test_old_units_are_resolved_at_the_dossiers_own_date(tmp_path: Path) -> None:
    before = {"received": "02/06/2025 08:00", "due": "04/06/2025", "finished": "03/06/2025 09:00"}
    _, tables = build_province(
        tmp_path,
        [row(code(1), commune="07950", **before), row(code(2), commune="10646", **before), row(code(3))],
    )
    found = tables("select commune_code, old_code from dossier order by dossier_id")
    assert found == [
        {"commune_code": "07942", "old_code": "07950"},
        {"commune_code": None, "old_code": "10646"},
        {"commune_code": "07942", "old_code": None},
    ]


def test_due_dates_follow_the_procedure_and_the_calendar(tmp_path: Path) -> None:
    received = {"finished": "", "due": "", "status": "4"}
    _, tables = build_province(
        tmp_path,
        [
            row(code(1), procedure="2.000815", received="20/03/2026 14:59", **received),
            row(code(2), procedure="2.000815", received="20/03/2026 15:00", **received),
            row(code(3), procedure="1.004873.000.00.00.H44", received="20/03/2026 09:00", **received),
            row(code(4), procedure="9.999999", received="20/03/2026 09:00", **received),
        ],
    )
    due = [each["due"] for each in tables("select computed_due_at::date as due from dossier order by dossier_id")]
    assert due == [dt.date(2026, 3, 20), dt.date(2026, 3, 23), dt.date(2026, 3, 25), None]


LOG = [
    (code(1), "02/03/2026 08:00", "Tiếp nhận hồ sơ", "Một cửa", "Trần Văn Cán Bộ"),
    (code(1), "02/03/2026 10:00", "Yêu cầu bổ sung", "Một cửa", "Trần Văn Cán Bộ"),
    (code(1), "03/03/2026 10:00", "Thẩm định", "Tư pháp", "Lê Thị Cán Bộ"),
    (code(1), "03/03/2026 11:00", "Trả kết quả", "Một cửa", "Trần Văn Cán Bộ"),
]


def test_the_log_numbers_steps_hides_officers_and_stops_the_clock(tmp_path: Path) -> None:
    _, tables = build_province(tmp_path, [row(code(1), finished="03/03/2026 11:00")], log=LOG)
    steps = tables("select step, activity, actor_key from event order by step")
    assert [step["step"] for step in steps] == [1, 2, 3, 4]
    assert steps[0]["actor_key"] == steps[1]["actor_key"] != steps[2]["actor_key"]
    assert b"C\xc3\xa1n B\xe1\xbb\x99" not in tables.path.read_bytes()
    # 2 March 10:00 to 3 March 10:00 is one working day of 480 minutes; the whole was 210 + 240 + 210 minutes.
    assert tables("select cause, paused_minutes from dossier_pause") == [{"cause": "supplement", "paused_minutes": 480}]
    dossier = tables.one("select * from dossier")
    assert (dossier["paused_minutes"], dossier["processing_minutes"]) == (480, 180)
    assert dossier["supplement_requests"] == 1
    assert dossier["supplement_answered_at"] == dt.datetime(2026, 3, 3, 10)


def test_equal_log_rows_are_repeated_and_loose_ends_of_register_and_log_are_counted(tmp_path: Path) -> None:
    stray = (code(9), "02/03/2026 08:00", "Tiếp nhận hồ sơ", "Một cửa", "")
    _, tables = build_province(
        tmp_path, [row(code(1), finished="03/03/2026 11:00"), row(code(2))], log=[*LOG, LOG[0], stray]
    )
    load = tables.one("select * from load where table_name = 'event'")
    assert (load["rows_read"], load["rows_loaded"], load["rows_repeated"]) == (6, 5, 1)
    rules = {(each["rule"], each["dossier_id"]) for each in tables("select rule, dossier_id from warning")}
    assert {("step_without_dossier", code(9)), ("dossier_without_step", code(2))} <= rules


def test_a_log_alone_gives_the_register(tmp_path: Path) -> None:
    block = """
[[events]]
path = "logs/*"
columns = { dossier_id = "Mã hồ sơ", at = "Thời điểm", activity = "Bước xử lý" }
closing = ["Trả kết quả"]
[events.constants]
commune_code = "07942"
"""
    open_one = (code(2), "04/03/2026 08:00", "Tiếp nhận hồ sơ", "", "")
    _, tables = build_province(tmp_path, toml=block, log=[*LOG, open_one])
    found = tables("select received_at, finished_at, closed_at from dossier order by dossier_id")
    assert found[0]["received_at"] == dt.datetime(2026, 3, 2, 8)
    assert found[0]["finished_at"] == found[0]["closed_at"] == dt.datetime(2026, 3, 3, 11)
    assert found[1]["finished_at"] is None
    derived = tables.one("select * from load where table_name = 'dossier'")
    assert (derived["rows_read"], derived["rows_loaded"]) == (2, 2)
    assert tables.one("select as_of from snapshot")["as_of"] == dt.datetime(2026, 3, 4, 8)


def test_boundaries_are_checked_against_the_communes_both_ways(tmp_path: Path) -> None:
    write_boundaries(tmp_path, ["07942", "08740", "99999"])
    block = '[boundaries]\npath = "boundaries.geojson"\ncolumns = { commune_code = "code" }\napproximate = true\n'
    _, tables = build_province(tmp_path, [row(code(1))], toml=block + REGISTER_BLOCK)
    rules = {each["rule"] for each in tables("select rule from warning where table_name = 'commune'")}
    assert {"commune_without_polygon", "polygon_without_commune"} <= rules
    drawn = tables("select commune_code, boundary_approximate, map_geojson from commune where geometry is not null")
    assert [each["commune_code"] for each in drawn] == ["07942", "08740"]
    assert all(each["boundary_approximate"] for each in drawn)


# ---- bad input -------------------------------------------------------------------------------------------------------


def refusal(tmp_path: Path, **options: object) -> str:
    with pytest.raises(DataError) as caught:
        build_province(tmp_path, [row(code(1))], **options)  # type: ignore[arg-type]
    assert current_id(tmp_path / "warehouse") is None
    return str(caught.value)


def test_a_missing_column_is_named_with_the_columns_there_are(tmp_path: Path) -> None:
    text = refusal(tmp_path, toml='[[dossiers]]\npath = "exports/*"\ncolumns = { received_at = "Ngày nhận giấy" }\n')
    assert "register.csv" in text and "Ngày nhận giấy" in text and "Ngày tiếp nhận" in text


def test_an_empty_folder_says_which_block_found_nothing(tmp_path: Path) -> None:
    assert "exports/*.xlsx" in refusal(tmp_path, toml='[[dossiers]]\npath = "exports/*.xlsx"\n')


def test_every_unusable_file_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    for name in ("hong1.xlsx", "hong2.xlsx"):
        (tmp_path / "exports" / name).write_bytes(b"PK\x03\x04 not a workbook")
    text = refusal(tmp_path)
    assert "hong1.xlsx" in text and "hong2.xlsx" in text


def test_a_boundary_file_without_codes_is_refused_with_its_columns(tmp_path: Path) -> None:
    write_boundaries(tmp_path, ["07942"], property_name="ten_xa")
    block = '[boundaries]\npath = "boundaries.geojson"\ncolumns = { commune_code = "ma_xa" }\n'
    text = refusal(tmp_path, toml=block + REGISTER_BLOCK)
    assert "boundaries.geojson" in text and "ma_xa" in text and "ten_xa" in text


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[[dossiers]]\npath = "exports/*"\ncolums = {}\n', "columns"),
        ("[[dossiers]]\n", "dossiers.0.path"),
        ('[calendar]\nhours = ["sáng"]\n[[dossiers]]\npath = "exports/*"\n', "hours"),
        ('[province_]\n[[dossiers]]\npath = "exports/*"\n', "province"),
        ("[[dossiers]\n", "TOML"),
        ("# không có hồ sơ\n", "[[dossiers]]"),
    ],
)
def test_a_wrong_configuration_is_told_by_its_key(tmp_path: Path, toml: str, said: str) -> None:
    assert said in refusal(tmp_path, toml=toml)


def test_a_configuration_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml"):
        build(tmp_path / "none.toml", tmp_path / "warehouse")


def test_check_reports_the_same_and_publishes_nothing(tmp_path: Path) -> None:
    report = check(write_province(tmp_path, [row(code(1)), row("")]), scratch=tmp_path / "scratch")
    assert report.dossiers == 1
    assert report.rejects_by_rule["rule"].to_list() == ["missing_dossier_id"]
    assert not (tmp_path / "warehouse").exists()


def test_what_is_said_of_one_refused_row_is_not_said_of_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(code(1)), row(code(2), commune="99998"), row(code(3), commune="99999"), row("")]
    print_report(check(write_province(tmp_path, rows), scratch=tmp_path / "scratch"))
    said = capsys.readouterr().out
    assert "Từ chối 2 dòng (sổ hồ sơ): Không xác định được xã, phường. Ví dụ: exports/register.csv, dòng 3: " in said
    assert "Từ chối 1 dòng (sổ hồ sơ): Thiếu mã hồ sơ." in said


def test_a_name_in_a_message_cannot_steer_the_terminal(tmp_path: Path) -> None:
    named = row(code(2), commune="")
    rows = [row(code(1)), named]
    path = write_province(tmp_path, rows)
    register = tmp_path / "exports" / "register.csv"
    text = register.read_text(encoding="utf-8").replace("Mã xã", "Phường/Xã").replace("07942", "Phường Phú Thọ")
    register.write_text(text.replace(f"{code(2)},,", f"{code(2)},Phường \x1b[31mX,"), encoding="utf-8")
    toml = path.read_text(encoding="utf-8").replace('columns = { commune_code = "Mã xã" }', "")
    path.write_text(toml, encoding="utf-8")
    report = check(path, scratch=tmp_path / "scratch")
    message = report.rejects_by_rule["message"][0]
    assert "[31mX" in message and message.isprintable()


# ---- publishing ------------------------------------------------------------------------------------------------------


def test_a_snapshot_that_lost_dossiers_is_published_only_when_accepted(tmp_path: Path) -> None:
    many = [row(code(number)) for number in range(20)]
    first, _ = build_province(tmp_path, many)
    with pytest.raises(DataError, match="--accept-loss"):
        build_province(tmp_path, many[:10])
    assert current_id(tmp_path / "warehouse") == first.snapshot_id
    accepted = build(tmp_path / "province.toml", tmp_path / "warehouse", accept_loss=True)
    assert current_id(tmp_path / "warehouse") == accepted.snapshot_id
    assert not list((tmp_path / "warehouse" / "snapshots").glob(".building*"))


def test_the_same_files_give_the_same_tables_whatever_was_cached(tmp_path: Path) -> None:
    rows = [row(code(number)) for number in range(5)] + [row(code(1)), row("")]
    contents = []
    for place in ("first", "second"):
        _, tables = build_province(tmp_path / place, rows, log=LOG)
        contents.append(table_contents(tables))
    build(tmp_path / "first" / "province.toml", tmp_path / "first" / "warehouse")
    again = Tables(tmp_path / "first" / "warehouse", current_id(tmp_path / "first" / "warehouse") or "")
    contents.append(table_contents(again))
    assert contents[0] == contents[1] == contents[2]


def test_the_same_files_in_another_order_give_the_same_tables(tmp_path: Path) -> None:
    registers = [
        f'[[dossiers]]\npath = "exports/{name}.csv"\nstate_at = "2026-03-31T18:00:00"\n'
        'columns = { commune_code = "Mã xã" }\n'
        for name in ("a", "b")
    ]
    logs = [f'[[events]]\npath = "logs/{name}.csv"\n' for name in ("a", "b")]
    # The two exports disagree at one and the same moment, and so do the logs on what was done in one minute.
    rows = {"a": [row(code(1)), row(code(2)), row("")], "b": [row(code(1), due="09/03/2026"), row(code(3))]}
    steps = {"a": "Yêu cầu bổ sung hồ sơ", "b": "Thẩm định"}
    contents = []
    for place, blocks in (("first", registers + logs), ("second", logs[::-1] + registers[::-1])):
        directory = tmp_path / place
        (directory / "logs").mkdir(parents=True)
        for name in ("a", "b"):
            write_province(directory, rows[name], toml="\n".join(blocks), register=f"{name}.csv")
            lines = [(code(1), "02/03/2026 09:00", steps[name]), (code(1), "02/03/2026 16:00", "Trình ký")]
            text = csv_text(lines, ("Mã hồ sơ", "Thời điểm", "Bước xử lý"))
            (directory / "logs" / f"{name}.csv").write_text(text, encoding="utf-8")
        report = build(directory / "province.toml", directory / "warehouse")
        contents.append(table_contents(Tables(directory / "warehouse", report.snapshot_id or "")))
    assert contents[0] == contents[1]
    assert len(contents[0]["event"]) == 3


def table_contents(tables: Tables) -> dict[str, list[dict[str, object]]]:
    names = ("dossier", "event", "dossier_pause", "dossier_key", "daily_flow", "reject", "warning", "dossier_change")
    contents = {name: tables(f"select * from {name}") for name in names}
    return contents | {"load": tables("select * exclude (loaded_at) from load")}


def test_an_open_dossier_has_no_processing_time(tmp_path: Path) -> None:
    _, tables = build_province(tmp_path, [row(code(1), finished="", status="4")])
    assert tables.one("select closed_at, processing_minutes from dossier") == {
        "closed_at": None,
        "processing_minutes": None,
    }


def test_what_is_logged_after_the_logs_own_closing_stops_no_clock(tmp_path: Path) -> None:
    block = REGISTER_BLOCK + LOG_BLOCK + 'closing = ["Trả kết quả"]\n'
    late_step = (code(1), "04/03/2026 09:00", "Yêu cầu thực hiện nghĩa vụ tài chính", "Một cửa", "")
    _, tables = build_province(tmp_path, [row(code(1), finished="", status="9")], toml=block, log=[*LOG, late_step])
    dossier = tables.one("select closed_at, paused_minutes, processing_minutes from dossier")
    assert dossier == {"closed_at": dt.datetime(2026, 3, 3, 11), "paused_minutes": 480, "processing_minutes": 180}
