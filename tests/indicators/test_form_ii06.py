"""Form II.06: its cells against a recount in plain Python, its identities, its layout, and when no form is made."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import CallError, Filters, Window
from indicators.form_ii06 import COLUMNS, Form, UnbalancedForm, form_ii06, period_name
from indicators.form_sheet import OUR_COLUMN, column_numbers, headings, write_form
from tests.builders import COMMUNES, Row, build_snapshot, dossier
from tests.indicators import oracle
from tests.indicators.conftest import Open
from tests.indicators.strategies import AS_OF, DAYS, dossiers, windows
from tests.indicators.test_against_oracle import snapshot_of as opened
from tests.indicators.test_against_oracle import unhurried
from warehouse import Snapshot, open_snapshot, snapshot_path

JULY = Window(dt.date(2025, 7, 1), dt.date(2025, 7, 31))
# Columns that an indicator counts; the others are sums, or split by channel.
COUNTED = COLUMNS[3:]

with_unknown_channel = st.builds(
    lambda row, channel: row if channel else row | {"channel": None}, dossiers(), st.integers(0, 4)
)
provinces = st.lists(with_unknown_channel, max_size=14)


def recount(rows: list[Row], by: str, filters: dict[str, tuple[str, ...]], window: Window) -> dict[Any, dict[str, int]]:
    """The form from the dossiers one by one."""
    province = oracle.Province(rows, COMMUNES, AS_OF.date(), DAYS)
    dates = {"date_from": window.starts, "date_to": window.ends, "as_of": AS_OF.date()}
    found = oracle.rows(province, [*COUNTED, "received"], [by], filters=filters, **dates)
    ends = min(window.ends, AS_OF.date())
    name = "commune_code" if by == "commune" else by
    form = {}
    for (key,), answer in found.items():
        online = [
            d
            for d in rows
            if oracle.counts(d)
            and oracle.in_window(d["received_at"], window.starts, ends)
            and d["channel"] == "online"
            and d[name] == key
            and all(d["commune_code" if one == "commune" else one] in values for one, values in filters.items())
        ]
        form[key] = {column: int(answer[column] or 0) for column in COUNTED} | {
            "to_handle": int((answer["received"] or 0) + (answer["carried_over"] or 0)),
            "received_online": len(online),
            "received_otherwise": int(answer["received"] or 0) - len(online),
        }
    return form


def cells(workbook: bytes) -> dict[str, list[Any]]:
    """The rows of the form's table in a workbook, by the name in the second column; the last is the total."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=OUR_COLUMN + 1)]
    start = next(place for place, row in enumerate(rows) if row[0] == "(1)") + 1
    found = {}
    for row in rows[start:]:
        if row[0] == "Ghi chú:":
            break
        found[row[1] or row[0]] = row[2:]
    return found


def written(form: Form, snapshot: Snapshot, filters: Filters | None = None) -> bytes:
    out = io.BytesIO()
    write_form(out, form, snapshot, filters=filters or Filters())
    return out.getvalue()


@given(
    provinces,
    windows,
    st.sampled_from(["field", "commune"]),
    st.sampled_from([{}, {"commune": ("08740",)}, {"channel": ("online", "postal")}, {"field": ("Hộ tịch",)}]),
)
@unhurried
def test_every_cell_is_what_a_recount_gives_and_the_identities_hold(
    rows: list[Row], days: list[dt.date], by: Any, filters: dict[str, tuple[str, ...]]
) -> None:
    window = Window(*days)
    with opened(rows) as snapshot:
        form = form_ii06(snapshot, by, filters=Filters(**filters), window=window)
        in_file = cells(written(form, snapshot))
        day_before = window.starts - dt.timedelta(days=1)
        before = form_ii06(snapshot, by, filters=Filters(**filters), window=Window(dt.date(2025, 4, 1), day_before))
    expected = recount(rows, by, filters, window)
    found = {row["key"]: {name: row[name] for name in COLUMNS} for row in form.frame.iter_rows(named=True)}
    assert found == {key: {name: values[name] for name in COLUMNS} for key, values in expected.items()}
    for row in form.frame.iter_rows(named=True):
        assert in_file[row["name"]] == [row[name] for name in COLUMNS]
    assert in_file["Tổng số"] == [form.total[name] for name in COLUMNS]
    open_before = dict(before.frame.select("key", "pending").iter_rows())
    for row in form.frame.iter_rows(named=True):
        assert row["carried_over"] == open_before.get(row["key"], 0)
    for row in [*form.frame.iter_rows(named=True), form.total]:
        assert row["to_handle"] == row["received_online"] + row["received_otherwise"] + row["carried_over"]
        assert row["to_handle"] == row["resolved"] + row["pending"] + row["closed_neutral"]
        assert row["resolved"] == row["resolved_early"] + row["resolved_on_time"] + row["resolved_late"]
        assert row["pending"] == row["pending_in_term"] + row["pending_late"]


def test_the_columns_stand_where_the_circular_puts_them(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(channel="online", due_at="2025-07-03", finished_at="2025-07-02 08:00")])
    form = form_ii06(snapshot, "field", filters=Filters(commune=("08740",)), window=JULY)
    sheet = openpyxl.load_workbook(io.BytesIO(written(form, snapshot))).worksheets[0]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert sheet.title == "Biểu II.06a"
    assert texts[:4] == [
        "Biểu số II.06a/VPCP/KSTT",
        "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
        "Đơn vị báo cáo: UBND phường Phú Thọ",
        "Đơn vị nhận báo cáo: …",
    ]
    assert "Kỳ báo cáo: Tháng 7/2025" in texts
    assert "(Từ ngày 01/07/2025 đến ngày 31/07/2025)" in texts
    assert "DỮ LIỆU MÔ PHỎNG, không phải số liệu thật" in texts
    assert "(3)=(4)+(5)+(6)" in texts
    assert "(7)=(8)+(9)+(10)" in texts
    assert "(11)=(12)+(13)" in texts
    assert cells(written(form, snapshot))["Chứng thực"] == [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]
    assert sheet["C11"].number_format == "#,##0"


@pytest.mark.parametrize("by", ["field", "commune"])
def test_the_printed_head_covers_every_column_once_on_every_line(by: str) -> None:
    covered = [
        (line, column)
        for cell in headings(by)
        for line in range(cell.line, cell.line + cell.lines)
        for column in range(cell.column, cell.column + cell.columns)
    ]
    assert sorted(covered) == [(line, column) for line in range(3) for column in range(OUR_COLUMN + 1)]
    assert len(column_numbers()) == OUR_COLUMN + 1


def test_what_the_form_leaves_open_is_said_with_numbers(snapshot_of: Open) -> None:
    snapshot = snapshot_of(
        [
            dossier(channel=None),
            dossier(finished_at="2025-07-02 08:00"),
            dossier(due_at="2025-07-03"),
            dossier(commune_code=None, old_code="00001", due_at="2025-07-03"),
        ]
    )
    form = form_ii06(snapshot, "commune", window=JULY)
    notes = " ".join(form.notes)
    assert "tính là đúng hạn (1 hồ sơ)" in notes
    assert "tính là trong hạn (1 hồ sơ)" in notes
    assert "Cột 5 gồm cả 1 hồ sơ không ghi kênh nộp." in notes
    assert form.frame["name"][-1] == "Đơn vị cũ bị chia tách"
    assert "Đơn vị cũ bị chia tách" in notes
    assert form.total["received_otherwise"] == 4


def test_a_period_that_is_not_over_says_so(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier()])
    form = form_ii06(snapshot, "field", window=JULY, as_of=dt.date(2025, 7, 10))
    assert form.window == Window(JULY.starts, dt.date(2025, 7, 10))
    assert form.period == "Tháng 7/2025"
    assert any("số liệu mới đến hết ngày 10/07/2025" in note for note in form.notes)


def test_filters_are_named_and_one_commune_makes_variant_a(snapshot_of: Open) -> None:
    snapshot = snapshot_of([dossier(channel="online")])
    form = form_ii06(snapshot, "field", filters=Filters(commune=("08740",), channel=("online",)), window=JULY)
    assert form.variant == "II.06a"
    assert form.notes[-1] == "Chỉ tính: Kênh nộp: Trực tuyến."
    assert form_ii06(snapshot, "commune", window=JULY).variant == "II.06b"


def test_every_commune_in_force_has_a_row_in_alphabetical_order(snapshot_of: Open) -> None:
    form = form_ii06(snapshot_of([dossier()]), "commune", window=JULY)
    assert form.frame["name"].to_list() == ["Xã Ấm Hạ", "Xã Đồng Lương", "Phường Phú Thọ", "Phường Phúc Yên"]


@pytest.mark.parametrize(
    ("starts", "ends", "name"),
    [
        ("2025-07-01", "2025-07-31", "Tháng 7/2025"),
        ("2025-06-15", "2025-07-14", "Tháng 7/2025"),
        ("2025-07-01", "2025-09-30", "Quý III/2025"),
        ("2025-01-01", "2025-12-31", "Năm 2025"),
        ("2025-07-01", "2025-07-30", ""),
    ],
)
def test_official_periods_have_names(starts: str, ends: str, name: str) -> None:
    assert period_name(Window(dt.date.fromisoformat(starts), dt.date.fromisoformat(ends))) == name


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ("update {table} set open = open + 1", "cột 3 khác 7 + 11 + 14"),
        ("update {table} set received = received + 1", "cột 3 khác 7 + 11 + 14"),
        # The form takes whole months before its period from one table, column 11 of the day before from the other.
        ("update daily_flow set open = open + 1 where day < '2025-07-01'", "cột 6 khác cột 11 của kỳ trước"),
    ],
)
def test_a_form_that_does_not_add_up_is_not_made(tmp_path: Path, damage: str, rule: str) -> None:
    directory = build_snapshot(tmp_path, dossiers=[dossier(), dossier(received_at="2025-06-20 08:00")])
    with duckdb.connect(str(snapshot_path(directory, "20250930T180000"))) as connection:
        for table in ("daily_flow", "monthly_flow"):
            connection.execute(damage.format(table=table))
            if "{table}" not in damage:
                break
    snapshot = open_snapshot(directory)
    with pytest.raises(UnbalancedForm, match="không cân") as refused:
        form_ii06(snapshot, "field", window=JULY)
    snapshot.close()
    assert rule in str(refused.value)


# ---- the command --------------------------------------------------------------------------------------------------- #

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `python -m indicators form-ii06` on two dossiers: exit code, output, errors."""
    from indicators.__main__ import main

    directory = build_snapshot(
        tmp_path / "warehouse",
        dossiers=[
            dossier(due_at="2025-07-03", finished_at="2025-07-02 08:00"),
            dossier(commune_code="08521", channel="online", received_at="2025-08-02 09:00", field="Hộ tịch"),
        ],
    )

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("THONGSUOT_WAREHOUSE", str(directory))
        monkeypatch.setattr("sys.argv", ["indicators", "form-ii06", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


def test_the_command_writes_the_workbook_and_prints_nothing(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "bieu.xlsx"
    assert run("--report-month", "2025-07", "--by", "commune", "--out", str(out)) == (0, "", "")
    found = cells(out.read_bytes())
    assert found["Phường Phú Thọ"] == [1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0]
    assert found["Tổng số"] == found["Phường Phú Thọ"]


def test_the_same_form_prints_as_table_csv_and_json(run: Run, tmp_path: Path) -> None:
    table = run("--month", "2025-08", "--by", "field")[1]
    assert "Tháng 8/2025" in table
    assert "DỮ LIỆU MÔ PHỎNG" in table
    assert run("--month", "2025-08", "--by", "field", "--format", "csv")[1].splitlines() == [
        "field," + ",".join(COLUMNS),
        "Hộ tịch,1,1,0,0,0,0,0,0,1,1,0,0",
    ]
    (row,) = json.loads(run("--quarter", "2025-Q3", "--commune", "08740", "--format", "json")[1])
    assert (row["field"], row["to_handle"]) == ("Chứng thực", 1)
    assert run("--month", "2025-08", "--by", "field", "--out", str(tmp_path / "b.csv"))[0] == 0
    assert (tmp_path / "b.csv").read_text(encoding="utf-8").startswith("field,to_handle")


def test_by_default_one_commune_is_split_by_field_and_several_by_commune(run: Run) -> None:
    assert run("--commune", "08740", "--format", "csv")[1].startswith("field,")
    assert run("--format", "csv")[1].startswith("commune,name,")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--month", "2025-13"], "2025-07"),
        (["--quarter", "2025-5"], "2025-Q3"),
        (["--month", "2025-07", "--from", "2025-07-01"], "--report-month"),
        (["--month", "2027-07"], "30/09/2025"),
        (["--by", "procedure"], "commune"),
        (["--commune", "1"], "--commune"),
        (["--out", "no/such/folder/f.xlsx"], "f.xlsx"),
        (["--out", "f.xlsx", "--format", "csv"], ".xlsx"),
    ],
)
def test_a_wrong_call_ends_with_2_and_writes_nothing(
    run: Run, arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not list(tmp_path.rglob("*.xlsx"))


def test_a_window_after_the_data_is_a_call_error(snapshot_of: Open) -> None:
    with pytest.raises(CallError, match="30/09/2025"):
        form_ii06(snapshot_of([dossier()]), "field", window=Window(dt.date(2026, 1, 1), dt.date(2026, 1, 31)))


def test_a_form_without_dossiers_has_only_its_total(snapshot_of: Open) -> None:
    snapshot = snapshot_of([])
    form = form_ii06(snapshot, "field", window=Window(dt.date(2025, 8, 1), dt.date(2025, 8, 31)))
    assert form.frame.is_empty()
    assert set(form.total.values()) == {0}
    assert cells(written(form, snapshot)) == {"Tổng số": [0] * len(COLUMNS)}
    assert form.frame.schema["to_handle"] == pl.Int64
