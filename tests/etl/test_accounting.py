"""No row is lost: whatever dirt the files hold, each row read is loaded, refused with a reason, or repeated."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from etl.build import build
from tests.etl.province import LOG_BLOCK, REGISTER_HEADINGS, Tables, code, csv_text, row, write_province

Cells = tuple[str, ...]
# A build is too slow to look for the smallest example that fails.
QUIET = settings(
    max_examples=10,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

IDS = st.sampled_from(["", "HS 12", "0912345678", "=1+1", f" {code(2)} ", *map(code, range(4))])
ROWS = st.builds(
    row,
    IDS,
    commune=st.sampled_from(["07942", "7942", "8740.0", "99999", "", "10645", "10646", "H44.103", "xã không có thật"]),
    procedure=st.sampled_from(["2.000815", "1.00077", "", "?", "2.000815.000.00.00.H44"]),
    channel=st.sampled_from(["Trực tiếp", "Trực tuyến", "", "chim bồ câu"]),
    received=st.sampled_from(
        ["02/03/2026 08:00", "2/3/2026", "46083", "2026-03-02T01:00:00Z", "02/06/2025", "", "hôm qua", "01/05/2026"]
    ),
    due=st.sampled_from(["04/03/2026", "", "mai", "31/02/2026", "01/01/2020"]),
    finished=st.sampled_from(["", "03/03/2026 09:00", "02/03/2026", "01/01/2020", "?", "02/04/2026"]),
    status=st.sampled_from(["10", "4", "1", "3", "5", "7", "99", "", "Chờ bổ sung", "không rõ"]),
)
STEPS = st.tuples(
    IDS,
    st.sampled_from(["02/03/2026 08:00", "3/3/2026 7h30", "", "sáng nay", "01/05/2026 08:00"]),
    st.sampled_from(["Tiếp nhận hồ sơ", "Yêu cầu bổ sung", "Trả kết quả", ""]),
    st.sampled_from(["Một cửa", ""]),
    st.sampled_from(["Trần Văn Cán Bộ", ""]),
)
LOG_HEADINGS = ("Mã hồ sơ", "Thời điểm", "Bước xử lý", "Phòng ban", "Cán bộ")


@st.composite
def files(draw: st.DrawFn, rows: st.SearchStrategy[Cells], headings: Sequence[str]) -> tuple[str, list[Cells], int]:
    """The text of a file, the rows that it holds, and how many more lines no reader can take apart."""
    lines = draw(st.lists(rows, max_size=8))
    lines = [line for line in lines if any(line)]
    text = csv_text(lines, headings)
    head, *body = text.splitlines()
    for place in sorted(draw(st.lists(st.integers(0, len(body)), max_size=2)), reverse=True):
        body.insert(place, draw(st.sampled_from(["", "," * (len(headings) - 1), head])))  # blank, and headings again
    torn = draw(st.integers(0, 2)) if lines else 0
    body[:0] = [",".join(["thừa"] * (len(headings) + 3))] * torn
    titles = draw(st.sampled_from([[], ["SỔ THEO DÕI HỒ SƠ", ""]]))
    footer = draw(
        st.sampled_from([[], [f"Tổng cộng,{len(lines)}"], ['"Phú Thọ, ngày 5 tháng 7 năm 2026"', ",Người lập biểu"]])
    )
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return mark + "\n".join([*titles, head, *body, *footer]) + "\n", lines, torn


def built(directory: Path, *, toml: str, contents: dict[str, str]) -> Tables:
    province = write_province(directory, toml=toml)
    for name, content in contents.items():
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(content, encoding="utf-8")
    report = build(province, directory / "warehouse", accept_loss=True)
    return Tables(directory / "warehouse", report.snapshot_id or "")


def check_accounts(tables: Tables, read: dict[tuple[str, str], int]) -> None:
    """Every file's account adds up, agrees with the rows written, and with what lies in the tables."""
    loads = tables("select * from load where table_name in ('dossier', 'event')")
    assert {(each["table_name"], each["source_file"]): each["rows_read"] for each in loads} == read
    refused = Counter(
        (each["table_name"], each["source_file"]) for each in tables("select table_name, source_file from reject")
    )
    for each in loads:
        parts = [int(str(each[name])) for name in ("rows_loaded", "rows_refused", "rows_repeated")]
        assert min(parts) >= 0
        assert each["rows_read"] == sum(parts), each
        assert refused[each["table_name"], each["source_file"]] == each["rows_refused"], each
    for table in ("dossier", "event"):
        loaded = sum(int(str(each["rows_loaded"])) for each in loads if each["table_name"] == table)
        assert loaded == tables.one(f"select count(*) as n from {table}")["n"]
    assert tables.one("select count(*) as n from reject where message is null or rule is null")["n"] == 0
    assert tables.one("select count(*) - count(distinct dossier_id) as n from dossier")["n"] == 0


@QUIET
@given(
    files(ROWS, REGISTER_HEADINGS),
    files(ROWS, REGISTER_HEADINGS),
    files(STEPS, LOG_HEADINGS),
    files(STEPS, LOG_HEADINGS),
)
def test_every_row_of_registers_and_logs_is_loaded_refused_or_repeated(
    tmp_path_factory: pytest.TempPathFactory,
    early: tuple[str, list[Cells], int],
    late: tuple[str, list[Cells], int],
    log: tuple[str, list[Cells], int],
    second_log: tuple[str, list[Cells], int],
) -> None:
    contents = {
        "exports/early.csv": early,
        "exports/late.csv": late,
        "logs/log.csv": log,
        "logs/second.csv": second_log,
    }
    block = '[[dossiers]]\npath = "exports/{0}.csv"\nstate_at = "{1}"\ncolumns = {{ commune_code = "Mã xã" }}\n'
    toml = block.format("early", "2026-03-15T18:00:00") + block.format("late", "2026-03-31T18:00:00") + LOG_BLOCK
    directory = tmp_path_factory.mktemp("province")
    tables = built(directory, toml=toml, contents={name: text for name, (text, _rows, _torn) in contents.items()})
    read = {
        ("dossier" if name.startswith("exports") else "event", name): len(rows) + torn
        for name, (_text, rows, torn) in contents.items()
    }
    check_accounts(tables, read)
    # A second way: each dossier's rows, by the codes written and the codes found again.
    written = Counter(line[0].strip() for _text, lines, _torn in (early, late) for line in lines)
    loaded = {str(each["dossier_id"]) for each in tables("select dossier_id from dossier")}
    refused = Counter(
        json.loads(str(each["source_row"])).get("Số hồ sơ") or ""
        for each in tables("select source_row from reject where table_name = 'dossier' and source_row is not null")
    )
    refused["0912345678"] = refused.pop("••••", 0)
    for dossier_id, rows in written.items():
        kept = rows - refused[dossier_id]
        assert (kept > 0) == (dossier_id in loaded), dossier_id
    assert loaded <= set(written)
    # A third: what the screens count.
    counted = tables.one("select coalesce(sum(received), 0)::int as n from daily_flow")["n"]
    known = "select count(*) as n from dossier where received_at is not null and coalesce(status, 0) not in (1, 3)"
    assert counted == tables.one(known)["n"]


@QUIET
@given(files(STEPS, LOG_HEADINGS), st.sampled_from(["", 'closing = ["Trả kết quả"]\n']))
def test_every_row_of_a_log_alone_and_every_dossier_derived_from_it_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, log: tuple[str, list[Cells], int], closing: str
) -> None:
    text, lines, torn = log
    # One step that can be loaded, so that there is a moment at which the file was taken.
    good = (code(77), "02/03/2026 08:00", "Tiếp nhận hồ sơ", "", "")
    head, rest = text.split("Cán bộ\n", 1)
    contents = {"logs/log.csv": f"{head}Cán bộ\n{','.join(good)}\n{rest}"}
    toml = LOG_BLOCK + closing + '[events.constants]\ncommune_code = "07942"\n'
    tables = built(tmp_path_factory.mktemp("province"), toml=toml, contents=contents)
    steps = tables("select distinct dossier_id from event")
    derived = tables.one("select rows_read as n from load where table_name = 'dossier'")["n"]
    assert derived == len(steps)
    check_accounts(tables, {("event", "logs/log.csv"): len(lines) + torn + 1, ("dossier", "logs/log.csv"): len(steps)})
