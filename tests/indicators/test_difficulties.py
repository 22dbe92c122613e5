"""Difficulties: from lists and typed in, as of a day; what is overdue, what is common, and what the log shows of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import Window
from indicators.difficulties import (
    CATEGORIES,
    SCHEMA,
    STATES,
    categories,
    common,
    difficulties,
    overdue_by_department,
)
from indicators.difficulty_signs import SIGNS, SLOW_WEEKS, Sign, _signs, measure_name, signs, strongest, verdict_name
from tests.builders import Row, build_snapshot, difficulty, dossier
from warehouse import Snapshot, open_snapshot

DAY = dt.date(2025, 9, 30)
SCIENCE, JUSTICE = "Sở Khoa học và Công nghệ", "Sở Tư pháp"


def loaded(directory: Path, *rows: Row) -> Snapshot:
    return open_snapshot(build_snapshot(directory, difficulties=list(rows)))


def typed(**overrides: object) -> SimpleNamespace:
    row = {
        **{"id": 1, "commune_code": "08230", "category": "network", "department": JUSTICE, "text": "Mạng chậm"},
        **{"asked_on": dt.date(2025, 9, 1), "due_on": dt.date(2025, 9, 10), "state": "open", "answer": ""},
        **{"answered_on": None, "count": None, "source": ""},
    }
    return SimpleNamespace(**row | overrides)


def frame(*rows: Row) -> pl.DataFrame:
    """Rows as `difficulties` gives them, without a snapshot."""
    made = [difficulty(**row) for row in rows]
    columns = {"key": [f"list:{number}" for number in range(len(made))], "origin": ["list"] * len(made)}
    columns |= {name: [row[name] for row in made] for name in SCHEMA if name not in columns}
    open_ = ~pl.col("state").is_in(["answered", "rejected"])
    return pl.DataFrame(columns, schema=SCHEMA).with_columns(
        overdue_days=pl.when(open_ & (pl.col("due_on") < DAY)).then((DAY - pl.col("due_on")).dt.total_days()),
        in_time=pl.when(~open_).then(pl.col("answered_on") <= pl.col("due_on")),
    )


def test_the_categories_and_states_are_those_of_the_notebook_and_of_the_etl() -> None:
    from typing import get_args

    from etl.values import _words
    from notebook.records import DifficultyCategory, DifficultyState

    assert set(get_args(DifficultyCategory)) == set(CATEGORIES) == set(_words("difficulty_category").values())
    assert set(get_args(DifficultyState)) == set(STATES) == set(_words("difficulty_state").values())
    assert set(SIGNS) < set(categories())


def test_the_builder_of_tests_makes_what_the_etl_makes() -> None:
    from etl.difficulties import SCHEMA as OF_THE_ETL

    assert set(difficulty()) == set(OF_THE_ETL)


def test_lists_and_what_was_typed_in_stand_in_one_frame_by_day(tmp_path: Path) -> None:
    found = difficulties(loaded(tmp_path, {"asked_on": dt.date(2025, 9, 15)}), typed=[typed()])
    assert found.select("origin", "commune_code", "state", "overdue_days").rows() == [
        ("typed", "08230", "open", 20),
        ("list", "08740", "open", 43),
    ]
    assert found["key"].to_list()[0] == "typed:1"


def test_what_was_asked_or_answered_after_the_day_is_not_known_on_it(tmp_path: Path) -> None:
    answered = {"state": "answered", "answered_on": dt.date(2025, 9, 20), "answer": "Đã sửa"}
    snapshot = loaded(tmp_path, answered)
    before, after = (
        difficulties(snapshot, typed=[typed()], as_of=day) for day in (dt.date(2025, 8, 25), dt.date(2025, 9, 25))
    )
    assert before.select("state", "answer", "answered_on", "overdue_days", "in_time").rows() == [
        ("open", None, None, 7, None)
    ]
    listed = after.filter(pl.col("origin") == "list")
    assert listed.select("state", "answer", "overdue_days", "in_time").rows() == [("answered", "Đã sửa", None, False)]


def test_each_department_is_told_what_it_owes() -> None:
    day = dt.date(2025, 9, 10)
    rows = frame(
        {"department": SCIENCE},
        {"department": SCIENCE, "due_on": day, "state": "in_progress"},
        {"department": SCIENCE, "due_on": dt.date(2025, 10, 10)},
        {"department": JUSTICE, "due_on": day, "state": "answered", "answered_on": day},
        {"department": JUSTICE, "due_on": day, "state": "rejected", "answered_on": dt.date(2025, 9, 11)},
        {"department": JUSTICE, "due_on": None, "state": "answered", "answered_on": day},
        {"department": None, "due_on": None},
    )
    found = overdue_by_department(rows)
    assert found.columns == ["department", "asked", "waiting", "overdue", "longest_days", "in_time", "late", "settled"]
    assert found.rows() == [
        (SCIENCE, 3, 3, 2, 43, 0, 0, 0),
        (None, 1, 1, 0, None, 0, 0, 0),
        (JUSTICE, 3, 0, 0, None, 1, 1, 3),
    ]


PAYMENT = (
    "Thanh toán trực tuyến thường báo lỗi, người dân phải quay lại nộp tiền mặt",
    "thanh toan truc tuyen thuong xuyen bao loi, nguoi dan phai nop tien mat",
    "Người dân phải nộp tiền mặt vì thanh toán trực tuyến thường báo lỗi",
)


def test_one_difficulty_in_the_words_of_several_communes_is_seen_as_one() -> None:
    rows = frame(
        *({"text": text, "commune_code": code} for text, code in zip(PAYMENT, ("1", "2", "3"), strict=True)),
        {"text": PAYMENT[0], "commune_code": "4", "category": "software"},
        {"text": "Biên lai điện tử chưa in được tại quầy", "commune_code": "5"},
    )
    (one,) = common(rows)
    assert (one.category, one.communes, one.open, one.overdue) == ("online_payment", ("1", "2", "3"), 3, 3)
    assert one.text in PAYMENT
    assert one.keys == ("list:0", "list:1", "list:2")


def test_what_one_commune_says_twice_is_not_common() -> None:
    assert common(frame({"text": PAYMENT[0]}, {"text": PAYMENT[2]})) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # A set of few words lies within many texts that mean something else.
        ("Phần mềm", "Đề nghị tập huấn sử dụng phần mềm một cửa cho cán bộ mới"),
        ("Mạng chậm", "Mạng nội bộ mất kết nối, đề nghị thay thiết bị chuyển mạch"),
        # The same beginning, another matter.
        (
            "Chữ ký số của lãnh đạo chưa được cấp",
            "Chữ ký số của lãnh đạo chưa dùng được khi đi công tác, hồ sơ phải chờ ký",
        ),
        ("Đề nghị cấp máy in", "Đề nghị cấp máy quét"),
        ("Máy in hỏng, chưa có máy thay", "Máy quét cũ, không số hóa được hồ sơ"),
    ],
)
def test_different_difficulties_stay_apart(first: str, second: str) -> None:
    assert common(frame({"text": first, "commune_code": "1"}, {"text": second, "commune_code": "2"})) == []


@given(st.lists(st.sampled_from([*PAYMENT, "Mạng chậm", "Mang cham!", "Trụ sở chật hẹp, thiếu phòng"]), max_size=9))
def test_what_is_common_does_not_depend_on_the_order_of_the_rows(texts: list[str]) -> None:
    rows = frame(*({"text": text, "commune_code": str(number)} for number, text in enumerate(texts)))
    shuffled = rows.sample(fraction=1, shuffle=True, seed=len(texts))
    found = common(rows)
    assert common(shuffled) == found
    members = [key for one in found for key in one.keys]
    assert len(members) == len(set(members)), "no difficulty belongs to two"
    assert all(len(one.communes) >= 2 for one in found)


# ---- beside the log --------------------------------------------------------------------------------------------------


def paid(commune_code: str, *, n: int, online: int) -> list[Row]:
    return [
        dossier(
            commune_code=commune_code, channel="online", fee=10_000, paid_online=number < online,
            received_at="2025-07-02 08:00", finished_at="2025-07-02 16:00",
        )
        for number in range(n)
    ]  # fmt: skip


WINDOW = Window(dt.date(2025, 7, 1), DAY)


@pytest.fixture(scope="module")
def with_payments(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    rows = [
        *paid("08740", n=60, online=10),
        *paid("08230", n=60, online=40),
        *paid("08521", n=200, online=140),
        *paid("08674", n=5, online=0),
    ]
    return open_snapshot(build_snapshot(tmp_path_factory.mktemp("payments"), dossiers=rows))


def rate_sign(snapshot: Snapshot, code: str) -> Sign:
    found = signs(snapshot, [(code, "online_payment")], WINDOW)
    return next(one for one in found if one.measure == "paid_online_rate")


def test_a_complaint_that_the_log_bears_out_is_told_from_one_that_it_does_not(with_payments: Snapshot) -> None:
    low, usual, few = (rate_sign(with_payments, code) for code in ("08740", "08230", "08674"))
    assert (low.verdict, usual.verdict, few.verdict) == ("shown", "not_shown", "not_measurable")
    # All dossiers are of one procedure and channel: the others at the same mix are simply the others.
    assert low.value == pytest.approx(10 / 60) and low.others == pytest.approx(180 / 265)
    assert low.low is not None and low.high is not None and low.low < 10 / 60 - 180 / 265 < low.high < 0
    assert low.sentence.startswith("16,7 %; các xã, phường khác với cùng cơ cấu hồ sơ 67,9 % (chênh lệch từ −")
    assert "điểm %" in low.sentence
    assert few.sentence == "Mới có 5 hồ sơ, chưa đủ để so (20 hồ sơ)."


def test_what_the_log_has_no_sign_of_is_said_to_be_so(with_payments: Snapshot) -> None:
    (one,) = signs(with_payments, [("08740", "premises")], WINDOW)
    assert (one.verdict, one.measure, one.sentence) == ("not_measurable", "", "Nhật ký không ghi điều này.")
    assert verdict_name(one.verdict) == "Không đo được"
    assert strongest([one]) == "not_measurable"


def test_what_breaks_down_everywhere_at_once_is_looked_for_in_its_weeks(tmp_path: Path) -> None:
    def filed(day: dt.date, number: int, *, slow: bool) -> Row:
        sent = dt.datetime.combine(day, dt.time(8))
        received = sent + dt.timedelta(days=2 if slow else 0, hours=1)
        return dossier(
            commune_code=("08740", "08230")[number % 2], channel="online", submitted_at=sent, received_at=received
        )

    mondays = [dt.date(2025, 7, 7) + dt.timedelta(weeks=week) for week in range(8)]
    rows = [filed(day, number, slow=day == mondays[4] and number < 20) for day in mondays for number in range(30)]
    snapshot = open_snapshot(build_snapshot(tmp_path, dossiers=rows))
    pair = ("08740", "software")
    found = {
        day: {one.measure: one for one in signs(snapshot, [pair], WINDOW, days={pair: [day + dt.timedelta(days=2)]})}
        for day in (mondays[4], mondays[1])
    }
    then, before = (found[day][SLOW_WEEKS] for day in (mondays[4], mondays[1]))
    assert (then.verdict, then.n, then.value, then.others) == ("shown", 30, pytest.approx(20 / 30), 0.0)
    assert before.verdict == "not_shown" and before.others == pytest.approx(20 / 210)
    # Both communes were hit alike: beside each other neither shows it.
    assert found[mondays[4]]["slow_reception_rate"].verdict == "not_shown"
    assert then.sentence.startswith("66,7 %; các tuần khác 0,0 % (chênh lệch từ ")


def waited(commune_code: str, *, n: int, hours: float, seed: int) -> tuple[list[Row], list[Row]]:
    """Dossiers of one day with a log of three steps; the signing comes so many working hours after the appraisal."""
    rows, events = [], []
    random = Random(seed)
    for number in range(n):
        code = f"{commune_code}-{number:04}"
        start = dt.datetime(2025, 7, 2, 8, 0)
        signed = start + dt.timedelta(minutes=10 + 60 * hours * random.uniform(0.8, 1.2))
        rows.append(
            dossier(dossier_id=code, commune_code=commune_code, received_at=start, finished_at=signed, channel="online")
        )
        steps = (("Tiếp nhận", start), ("Trình ký", start + dt.timedelta(minutes=10)), ("Ký duyệt", signed))
        events += [
            {"dossier_id": code, "step": place, "at": at, "activity": name}
            for place, (name, at) in enumerate(steps, start=1)
        ]
    return rows, events


def test_waits_before_the_signing_step_are_set_against_all_others(tmp_path: Path) -> None:
    slow, usual = waited("08740", n=40, hours=2.5, seed=1), waited("08230", n=80, hours=0.5, seed=2)
    snapshot = open_snapshot(build_snapshot(tmp_path, dossiers=[*slow[0], *usual[0]], events=[*slow[1], *usual[1]]))
    found = signs(snapshot, [("08740", "digital_signature"), ("08230", "digital_signature")], WINDOW)
    by_code = {one.commune_code: one for one in found}
    assert by_code["08740"].verdict == "shown" and by_code["08230"].verdict == "not_shown"
    # By hand: the mean of the signing waits of each commune.
    for rows, code in ((slow, "08740"), (usual, "08230")):
        signed = [e["at"] for e in rows[1] if e["activity"] == "Ký duyệt"]
        mean = sum((at - dt.datetime(2025, 7, 2, 8, 10)).total_seconds() for at in signed) / len(signed) / 3600
        assert by_code[code].value == pytest.approx(mean, rel=0.01)
    assert by_code["08740"].others == pytest.approx(by_code["08230"].value)


@pytest.mark.parametrize(
    ("activity", "is_signing"),
    [
        ("Ký duyệt", True),
        ("Lãnh đạo ký số", True),
        ("Trình ký", False),
        ("Đăng ký khai sinh", False),
        ("Kỷ luật", False),
        ("Trình ký và ký duyệt", True),
        ("", False),
    ],
)
def test_the_step_that_signs_is_known_by_its_word(activity: str, is_signing: bool) -> None:
    assert _signs(activity) is is_signing


def test_every_sign_has_a_name() -> None:
    assert all(measure_name(measure) for measures in SIGNS.values() for measure in measures)
