"""What the ETL prepares of the dossier log: orders of steps, stops, and neighbours across dossiers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.etl.province import Tables, build_province, code, row

FINISHED = "03/03/2026 16:00"


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    log = [
        # The same steps in two orders.
        (code(1), "02/03/2026 08:00", "Tiếp nhận", "Một cửa", "A"),
        (code(1), "02/03/2026 09:00", "Thẩm định", "Văn phòng", "B"),
        (code(1), "02/03/2026 10:00", "Kiểm tra", "Văn phòng", "B"),
        (code(1), "03/03/2026 16:00", "Ký duyệt", "Lãnh đạo", "C"),
        (code(2), "02/03/2026 08:00", "Tiếp nhận", "Một cửa", "A"),
        (code(2), "02/03/2026 09:00", "Kiểm tra", "Văn phòng", "B"),
        (code(2), "02/03/2026 10:00", "Thẩm định", "Văn phòng", "B"),
        (code(2), "03/03/2026 16:00", "Ký duyệt", "Lãnh đạo", "C"),
        # Asked for papers and reminded once: one stop.
        (code(3), "02/03/2026 08:00", "Tiếp nhận", "Một cửa", "A"),
        (code(3), "02/03/2026 10:00", "Yêu cầu bổ sung hồ sơ", "Văn phòng", "B"),
        (code(3), "02/03/2026 14:00", "Yêu cầu bổ sung hồ sơ", "Văn phòng", "B"),
        (code(3), "03/03/2026 08:30", "Công dân bổ sung", "Một cửa", "A"),
        (code(3), "03/03/2026 16:00", "Ký duyệt", "Lãnh đạo", "C"),
    ]
    _report, tables = build_province(tmp_path, [row(code(n), finished=FINISHED) for n in (1, 2, 3)], log=log)
    return tables


def test_two_orders_of_the_same_steps_are_two_variants(tables: Tables) -> None:
    orders = tables("select list_transform(activity_ids, lambda n: n) as steps from variant")
    assert len(orders) == 3
    assert len({tuple(sorted(order["steps"])) for order in orders}) == 2  # type: ignore[call-overload]
    assert tables.one("select count(distinct variant_id) as n from path_span")["n"] == 3


def test_a_reminder_carries_the_stop_on_and_parts_add_up_to_the_whole(tables: Tables) -> None:
    stopped = tables.one("select * from monthly_step_time where level = 'key' and stop = 'supplement'")
    # 10:00-11:30, 13:00-17:00 and 07:30-08:30.
    assert (stopped["dossiers"], stopped["stops"], stopped["seconds"]) == (1, 1, 6.5 * 3600)
    whole = tables.one("select sum(office_seconds) as seconds from path_span")["seconds"]
    sums = tables("select level, period, sum(seconds) as seconds from monthly_step_time group by all")
    assert {(one["level"], one["period"]) for one in sums} == {
        *((level, period) for level in ("kind", "procedure") for period in ("month", "day")),
        *((level, "month") for level in ("commune", "key")),
    }
    assert {one["seconds"] for one in sums} == {whole}


def test_the_first_step_of_a_dossier_has_none_before_it(tables: Tables) -> None:
    firsts = tables("select * from step_span where from_id = 0")
    assert len(firsts) == 3
    assert {(one["wait_seconds"], one["is_handover"], one["is_arrival"]) for one in firsts} == {(None, False, True)}
    assert tables.one("select count(*) as n from step_span where next_on is null")["n"] == 3
