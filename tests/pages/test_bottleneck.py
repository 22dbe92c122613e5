"""The screen of bottlenecks: every part opens in every state of the data, and its sentences are true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from indicators.conformance import conformance
from indicators.process import time_by_step
from indicators.windows import Window
from pages.parts.address import STAGES
from pages.parts.bottleneck_compare import windows_around
from pages.parts.bottleneck_conformance import asked_about
from pages.parts.bottleneck_words import longest_step, part_name, signed_hours
from tests.builders import Row, build_snapshot, dossier, process
from tests.pages.test_screens import words
from warehouse import open_snapshot

Visit = Callable[..., AppTest]
every_stage = pytest.mark.parametrize("stage", STAGES)
WINDOW = Window(dt.date(2025, 7, 1), dt.date(2025, 9, 30))
WHOLE = {"ky": "from_2025_07_01"}


def world() -> tuple[list[Row], list[Row]]:
    """Seventy dossiers of two communes, one every weekday; those of Đồng Lương wait a day for the signature."""
    rows, events = [], []
    for code in ("08740", "08521"):
        day = dt.datetime(2025, 7, 1, 8)
        for number in range(35):
            while day.weekday() > 4:
                day += dt.timedelta(days=1)
            signed = day + dt.timedelta(days=1 if code == "08521" else 0, hours=2)
            is_open = number >= 32
            row = dossier(
                commune_code=code,
                received_at=day,
                due_at=day + dt.timedelta(days=3),
                finished_at=None if is_open else signed + dt.timedelta(hours=1),
                channel="online" if number % 2 else "in_person",
                submitted_at=day - dt.timedelta(hours=20),
            )
            rows.append(row)
            steps = [("Tiếp nhận hồ sơ", day), ("Thẩm định", day + dt.timedelta(hours=1))]
            if not is_open:
                steps += [("Ký duyệt", signed), ("Trả kết quả", signed + dt.timedelta(hours=1))]
            events += [
                {
                    "dossier_id": row["dossier_id"],
                    "step": step,
                    "at": at,
                    "activity": activity,
                    "status": None,
                    "unit": "Một cửa",
                    "actor_key": f"người {number % 3}",
                }
                for step, (activity, at) in enumerate(steps, start=1)
            ]
            day += dt.timedelta(days=1)
    return rows, events


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows, events = world()
    declared = process("2.000815", "Tiếp nhận hồ sơ", "Thẩm định", ("Ký duyệt", 4.0), "Trả kết quả")
    return build_snapshot(tmp_path_factory.mktemp("logged"), dossiers=rows, events=events, processes=declared)


@every_stage
@pytest.mark.parametrize(
    "parameters",
    [
        WHOLE,
        WHOLE | {"xa": ["08521"]},
        WHOLE | {"xa": ["08674"]},
        {"ky": "custom", "tu": "2025-07-01", "den": "2025-07-15"},
    ],
    ids=["all", "one commune", "a commune without dossiers", "a past window"],
)
def test_a_part_opens_for_every_state_of_the_data(
    stage: str, parameters: dict[str, str | list[str]], visit: Visit, logged: Path
) -> None:
    app = visit("bottleneck", logged, nghen=stage, **parameters)
    assert not app.exception


@pytest.mark.parametrize("against", ["communes", "rest", "date"])
@pytest.mark.parametrize("communes", [[], ["08521", "08740"]])
def test_sides_can_be_compared_or_it_is_said_what_to_choose(
    against: str, communes: list[str], visit: Visit, logged: Path
) -> None:
    app = visit("bottleneck", logged, nghen="compare", doi_chung=against, xa=communes, ngay_moc="2025-08-01", **WHOLE)
    assert not app.exception
    assert any(said in words(app) for said in ("Hãy chọn", "so với"))


@pytest.mark.parametrize("question", ["delegate", "officer", "online"])
def test_every_question_names_its_assumptions_or_what_is_missing(question: str, visit: Visit, logged: Path) -> None:
    app = visit("bottleneck", logged, nghen="what_if", gia_thiet=question, **WHOLE)
    assert not app.exception
    assert "Giả định" in words(app) or "Cần" in words(app)


def test_without_a_log_the_screen_says_which_block_is_missing(visit: Visit, warehouse: Path) -> None:
    app = visit("bottleneck", warehouse, nghen="time")
    assert not app.exception
    assert "không có nhật ký xử lý" in words(app)
    assert "[[events]]" in words(app)


def test_the_headline_names_the_step_that_takes_most_working_time(visit: Visit, logged: Path) -> None:
    snapshot = open_snapshot(logged)
    parts = time_by_step(snapshot, WINDOW)
    snapshot.close()
    assert longest_step(parts) == "Ký duyệt"
    share = parts.filter(pl.col("activity") == "Ký duyệt")["share"][0]
    app = visit("bottleneck", logged, **WHOLE)
    said = words(app).replace("\N{NO-BREAK SPACE}", " ").replace("\\", "")
    assert "Mất nhiều giờ làm việc nhất trước bước “Ký duyệt”" in said
    assert f"{100 * share:.1f} %".replace(".", ",") in said
    assert "(64 hồ sơ kết thúc từ 01/07/2025 đến 30/09/2025)" in said


def test_a_period_without_a_closed_dossier_is_said_in_the_headline(visit: Visit, logged: Path) -> None:
    app = visit("bottleneck", logged, ky="custom", tu="2025-09-28", den="2025-09-28")
    assert "Không có hồ sơ nào có nhật ký kết thúc trong kỳ (28/09/2025)" in words(app)


def test_wrong_values_in_the_address_are_named_and_passed_over(visit: Visit, logged: Path) -> None:
    app = visit("bottleneck", logged, nghen="somewhere", loi_hiem="3")
    assert not app.exception
    assert "somewhere" in words(app)


def test_the_commune_that_takes_too_long_is_the_one_to_ask(logged: Path) -> None:
    snapshot = open_snapshot(logged)
    asked = asked_about(conformance(snapshot, WINDOW))
    snapshot.close()
    assert asked.select("commune", "kind").rows() == [("08521", "late")]


def test_both_sides_of_a_day_are_as_long_and_lie_in_the_data() -> None:
    first, last = dt.date(2025, 7, 1), dt.date(2025, 9, 30)
    sides = windows_around(dt.date(2025, 7, 11), first=first, last=last)
    assert sides == (Window(first, dt.date(2025, 7, 10)), Window(dt.date(2025, 7, 11), dt.date(2025, 7, 20)))
    assert windows_around(dt.date(2025, 7, 3), first=first, last=last) is None
    assert windows_around(dt.date(2026, 7, 3), first=first, last=last) is None


def test_words_for_parts_and_differences() -> None:
    assert part_name("on_request", "stop") == "dừng theo đề nghị"
    assert part_name("supplement", "stop") == "dừng: chờ công dân bổ sung giấy tờ"
    assert part_name(None, "step") == "sau bước cuối cùng trong nhật ký"
    assert [signed_hours(hours, 480) for hours in (-2.0, 2.0, -0.0001)] == ["−2,0 giờ", "2,0 giờ", "0 phút"]
