"""A cross table says what `compute` says, totals included, and hides in files what could point at a person."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from io import BytesIO
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from indicators import CATALOGUE, DIMENSIONS, CallError, Filters, Window, compute
from indicators.compute import columns_of
from indicators.pivot import SMALL, TOTAL, Figure, Pivot, long_frame, pivot, suppressed, tells_of_persons
from indicators.pivot_sheet import named_frame, pivot_workbook
from indicators.pivot_words import in_order
from indicators.source_sheet import about
from tests.builders import Row, dossier
from tests.indicators.strategies import provinces, windows
from tests.indicators.test_against_oracle import snapshot_of as province_of
from tests.indicators.test_against_oracle import unhurried
from warehouse import Snapshot

Open = Callable[..., Snapshot]
SUMMER = Window(dt.date(2025, 7, 1), dt.date(2025, 8, 31))
RECEIVED = [one for one in CATALOGUE if one.id == "received"]
ids = st.lists(st.sampled_from([one.id for one in CATALOGUE]), min_size=1, max_size=3, unique=True)
dimensions = st.lists(st.sampled_from(DIMENSIONS), min_size=1, max_size=2, unique=True)


@given(provinces, windows, ids, dimensions)
@settings(unhurried, max_examples=15)
def test_every_cell_and_every_total_is_what_compute_says(
    dossiers: list[Row], days: tuple[dt.date, dt.date], wanted: list[str], by: list[str]
) -> None:
    with province_of(dossiers) as snapshot:
        window = Window(*days).clipped(max(days[0], snapshot.info.as_of.date()))
        table = pivot(
            snapshot, wanted, rows=by[0], columns=by[1] if len(by) > 1 else "", filters=Filters(), window=window
        )
        dates = {"date_from": window.starts, "date_to": window.ends}
        for split in itertools.chain.from_iterable(itertools.combinations(by, size) for size in range(len(by) + 1)):
            frame = compute(snapshot, wanted, split, **dates)
            cells = set()
            for record in frame.iter_rows(named=True):
                cell = tuple(record[name] if name in split else TOTAL for name in (*by, *[""] * (2 - len(by))))
                cells.add(cell)
                for one in table.indicators:
                    expected = Figure(*(record[name] for name in columns_of(one)))
                    if not one.has_interval:
                        expected = Figure(record[one.id])
                    assert table.figure(*cell, one.id) == expected
            assert cells == {cell for cell in table.figures if _split_of(cell, by) == set(split)}


def _split_of(cell: tuple[Any, Any], by: list[str]) -> set[str]:
    return {name for name, value in zip(by, cell, strict=False) if value != TOTAL}


def some(snapshot_of: Open) -> Snapshot:
    rows = []
    for code, procedure, count in (
        ("08740", "2.000815", 30),
        ("08740", "1.001193", 2),
        ("08521", "2.000815", 12),
        ("08521", "1.001193", 9),
        ("08230", "1.001193", 7),
    ):
        rows += [
            dossier(
                commune_code=code,
                procedure_code=procedure,
                received_at=dt.datetime(2025, 7, 10, 8) + dt.timedelta(days=number),
                due_at=dt.datetime(2025, 7, 12, 8) + dt.timedelta(days=number),
                finished_at=dt.datetime(2025, 7, 11, 8) + dt.timedelta(days=number),
            )
            for number in range(count)
        ]
    procedures = [
        {"procedure_code": "1.001193", "name": "Đăng ký khai sinh"},
        {"procedure_code": "2.000815", "name": "Chứng thực bản sao"},
    ]
    return snapshot_of(rows, procedures=procedures)


def small_table(snapshot_of: Open, *wanted: str, rows: str = "commune", columns: str = "procedure") -> Pivot:
    return pivot(
        some(snapshot_of), wanted or ["received"], rows=rows, columns=columns, filters=Filters(), window=SUMMER
    )


def test_a_rate_s_total_is_not_the_sum_or_mean_of_its_parts(snapshot_of: Open) -> None:
    late = [dossier(received_at="2025-07-01", due_at="2025-07-02", finished_at="2025-07-09", commune_code="08230")]
    fine = [dossier(received_at="2025-07-01", due_at="2025-07-05", finished_at="2025-07-02") for _ in range(9)]
    table = pivot(snapshot_of(late + fine), ["on_time_rate_ii06"], rows="commune", filters=Filters(), window=SUMMER)
    assert table.figure("08230", TOTAL, "on_time_rate_ii06").value == 0
    assert table.figure("08740", TOTAL, "on_time_rate_ii06").value == 1
    assert table.figure(TOTAL, TOTAL, "on_time_rate_ii06").value == 0.9


def test_nothing_and_zero_are_kept_apart(snapshot_of: Open) -> None:
    table = small_table(snapshot_of, "received", "on_time_rate_ii06", columns="")
    assert table.figure("08674", TOTAL, "received").value == 0
    assert table.figure("08674", TOTAL, "on_time_rate_ii06") == Figure(None, 0)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"wanted": []}, "ít nhất một"),
        ({"wanted": [one.id for one in CATALOGUE[:6]]}, "nhiều nhất 5"),
        ({"rows": "commune", "columns": "commune"}, "hai chiều khác nhau"),
        ({"rows": "nope"}, "Không có chiều"),
        ({"wanted": ["nope"]}, "Không có chỉ số"),
    ],
)
def test_a_question_without_a_table_is_refused_in_words(snapshot_of: Open, asked: dict[str, Any], words: str) -> None:
    given = {"rows": "commune", "columns": ""} | {name: value for name, value in asked.items() if name != "wanted"}
    with pytest.raises(CallError, match=words):
        pivot(snapshot_of([]), asked.get("wanted", ["received"]), filters=Filters(), window=SUMMER, **given)


def test_a_table_too_large_to_read_is_refused_before_it_is_computed(
    snapshot_of: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = some(snapshot_of)
    monkeypatch.setattr("indicators.pivot.MOST_CELLS", 3)
    monkeypatch.setattr("indicators.pivot.compute", lambda *_args, **_kwargs: pytest.fail("computed"))
    with pytest.raises(CallError, match="khoảng 4 ô"):
        pivot(snapshot, ["received"], rows="commune", filters=Filters(), window=SUMMER)
    with pytest.raises(CallError, match="khoảng 62 ô"):
        pivot(snapshot, ["received"], rows="day", filters=Filters(), window=SUMMER)


def test_values_have_names_in_the_order_of_the_alphabet_and_of_time(snapshot_of: Open) -> None:
    snapshot = some(snapshot_of)
    communes = ["08740", None, "08674", "08521", "08230"]
    assert list(in_order(snapshot, "commune", communes).values()) == [
        "Xã Ấm Hạ",
        "Xã Đồng Lương",
        "Phường Phú Thọ",
        "Phường Phúc Yên",
        "Đơn vị cũ bị chia tách",
    ]
    assert list(in_order(snapshot, "procedure", ["1.001193", "2.000815", "9.9", None]).values()) == [
        "9.9",
        "Chứng thực bản sao",
        "Đăng ký khai sinh",
        "(không xác định)",
    ]
    assert list(in_order(snapshot, "cluster", ["Cụm 10", "Cụm 9", None]).values())[:2] == ["Cụm 9", "Cụm 10"]
    assert list(in_order(snapshot, "week", ["2025-W40", "2025-W09"]).values()) == ["Tuần 9/2025", "Tuần 40/2025"]
    assert in_order(snapshot, "quarter", ["2025-Q3"]) == {"2025-Q3": "Quý 3/2025"}
    assert in_order(snapshot, "report_month", ["2025-07"]) == {"2025-07": "Kỳ báo cáo 7/2025"}
    assert in_order(snapshot, "day", [dt.date(2025, 7, 1)]) == {dt.date(2025, 7, 1): "01/07/2025"}


@pytest.mark.parametrize(
    ("by", "filters", "tells"),
    [
        (("procedure", "commune"), Filters(), True),
        (("procedure",), Filters(), False),
        (("procedure",), Filters(commune=("08740",)), True),
        (("month",), Filters(commune=("08740",), procedure=("1",)), True),
        (("field", "commune"), Filters(), False),
        (("commune", "month"), Filters(), False),
    ],
)
def test_procedures_crossed_with_places_can_tell_of_persons(by: tuple[str, ...], filters: Filters, tells: bool) -> None:
    assert tells_of_persons(by, filters) == tells


def test_a_small_cell_and_what_gives_it_away_are_hidden(snapshot_of: Open) -> None:
    table = suppressed(small_table(snapshot_of))
    # 2 births in Phú Thọ; with the row's and the column's totals shown, one more of each must go.
    assert ("08740", "1.001193") in table.hidden
    for line in ("08740", "1.001193"):
        assert sum(line in cell and TOTAL not in cell for cell in table.hidden) >= 2
    assert (TOTAL, TOTAL) not in table.hidden


tables = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=5)


@given(tables)
def test_no_hidden_cell_follows_from_the_totals(counts: list[list[int]]) -> None:
    """As an outsider would: fill in every line that lacks one figure, again and again."""
    table = suppressed(_table_of(counts))
    lines = [[(row, column) for column in (*range(3), TOTAL)] for row in (*range(len(counts)), TOTAL)]
    lines += [[(row, column) for row in (*range(len(counts)), TOTAL)] for column in (*range(3), TOTAL)]
    hidden, before = set(table.hidden), None
    while hidden != before:
        before = set(hidden)
        for line in lines:
            missing = [cell for cell in line if cell in hidden]
            if len(missing) == 1:
                hidden -= set(missing)
    recovered = set(table.hidden) - hidden
    assert not [cell for cell in recovered if 0 < _count(table, cell) < SMALL]


@given(tables)
def test_a_table_without_small_cells_is_left_alone(counts: list[list[int]]) -> None:
    large = [[count and count + SMALL for count in row] for row in counts]
    assert suppressed(_table_of(large)).hidden == frozenset()


def _table_of(counts: list[list[int]]) -> Pivot:
    figures = {(row, column): counts[row][column] for row in range(len(counts)) for column in range(3)}
    figures |= {(row, TOTAL): sum(counts[row]) for row in range(len(counts))}  # type: ignore[misc]
    figures |= {(TOTAL, column): sum(row[column] for row in counts) for column in range(3)}  # type: ignore[misc]
    figures |= {(TOTAL, TOTAL): sum(map(sum, counts))}  # type: ignore[dict-item]
    return Pivot(
        rows="commune",
        columns="procedure",
        indicators=RECEIVED,
        row_values=range(len(counts)),
        column_values=range(3),
        figures={cell: {"received": Figure(count)} for cell, count in figures.items()},
    )


def _count(table: Pivot, cell: tuple[Any, Any]) -> float:
    return table.figure(*cell, "received").value or 0


def test_a_rate_of_a_few_dossiers_is_hidden_as_their_number_is(snapshot_of: Open) -> None:
    table = suppressed(small_table(snapshot_of, "on_time_rate_ii06"))
    assert ("08740", "1.001193") in table.hidden


def test_a_ratio_that_happens_to_be_small_is_no_small_cell(snapshot_of: Open) -> None:
    table = suppressed(small_table(snapshot_of, "per_1000_people", columns=""))
    assert table.hidden == frozenset()


def test_hidden_values_are_in_no_file(snapshot_of: Open) -> None:
    table = suppressed(small_table(snapshot_of, "received", "on_time_rate_ii06"))
    frame = long_frame(table)
    assert frame.filter("hidden").select("received", "^on_time.*$").null_count().sum_horizontal().item() == (
        5 * frame["hidden"].sum()
    )
    assert frame.filter(~pl.col("hidden"))["received"].null_count() == 0
    named = named_frame(some(snapshot_of), table)
    assert named.columns[:4] == ["commune", "commune_name", "procedure", "procedure_name"]
    assert named["received"].equals(frame["received"])


def test_the_workbook_reads_back_with_numbers_names_and_the_source(snapshot_of: Open) -> None:
    snapshot = some(snapshot_of)
    table = suppressed(
        pivot(
            snapshot,
            ["received", "on_time_rate_ii06"],
            rows="commune",
            columns="procedure",
            filters=Filters(),
            window=SUMMER,
        )
    )
    given = about(snapshot, "Bảng chéo", window=SUMMER, indicators=table.indicators)
    workbook = load_workbook(BytesIO(pivot_workbook(snapshot, table, given)))
    matrix = list(workbook.worksheets[0].iter_rows(min_row=4, values_only=True))
    assert matrix[0] == ("Đơn vị", "Chứng thực bản sao", None, "Đăng ký khai sinh", None, "Tất cả", None)
    assert matrix[1][1:3] == ("Hồ sơ tiếp nhận", "Tỷ lệ đúng hạn (biểu II.06)")
    of_commune = {row[0]: row[1:] for row in matrix[2:]}
    assert of_commune["Phường Phú Thọ"] == ("…", "…", "<5", "<5", 32, 1)
    assert of_commune["Xã Ấm Hạ"] == (0, None, 0, None, 0, None)
    assert of_commune["Tất cả"][-2:] == (60, 1)
    texts = [cell for row in workbook.worksheets[-1].iter_rows(values_only=True) for cell in row if cell]
    assert "Dữ liệu mô phỏng, không phải số liệu thật" in texts
    assert any("01/07/2025 đến 31/08/2025" in str(text) for text in texts)
