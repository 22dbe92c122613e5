"""The clock of a dossier, worked out by hand: when it stands, how often people were asked, when the term ends.

2 March 2026 is a Monday. A working day runs 07:30-11:30 and 13:00-17:00, which is 480 minutes; from 10:00 on one
working day to 10:00 on the next is one of them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.builders import OFFICE_HOURS
from tests.etl.province import REGISTER_BLOCK, REGISTER_HEADINGS, Tables, build_province, code, csv_text, row

LOG_BLOCK = '\n[[events]]\npath = "logs/*.csv"\n'
ASKED, ANSWERED = "Yêu cầu bổ sung hồ sơ", "Tiếp nhận giấy tờ bổ sung"
SAME_DAY, THREE_DAYS = "2.000815", "1.004873"
Step = tuple[str, str, str]


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def province(
    tmp_path: Path,
    register: Sequence[str],
    steps: Sequence[Step] = (),
    *,
    more: dict[str, str] | None = None,
    log_status: bool = True,
) -> Tables:
    """One dossier with `more` register columns and its steps: `("03 10:00", activity, status)`, days of March 2026."""
    more = more or {}
    for folder in ("exports", "logs"):
        (tmp_path / folder).mkdir()
    table = csv_text([(*register, *more.values())], (*REGISTER_HEADINGS, *more))
    (tmp_path / "exports" / "register.csv").write_text(table, encoding="utf-8")
    lines = [(code(1), f"2026-03-{at}", activity, status if log_status else "") for at, activity, status in steps]
    headings = ("Mã hồ sơ", "Thời điểm", "Bước xử lý", "Trạng thái")
    (tmp_path / "logs" / "log.csv").write_text(csv_text(lines, headings), encoding="utf-8")
    _report, tables = build_province(tmp_path, toml=REGISTER_BLOCK + (LOG_BLOCK if steps else ""))
    return tables


def pauses(tables: Tables) -> dict[object, object]:
    return {each["cause"]: each["paused_minutes"] for each in tables("select * from dossier_pause")}


def march(day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour)


CLOSED = row(code(1), due="20/03/2026", finished="13/03/2026 10:00")


# ---- when the clock stands ----------------------------------------------------------------------------------------- #


@pytest.mark.parametrize(
    ("steps", "minutes", "requests", "answered_on", "again_on"),
    [
        ([("03 10:00", ASKED, "5"), ("04 10:00", ANSWERED, "4")], 480, 1, 4, None),
        ([("03 10:00", ASKED, "5"), ("04 10:00", ASKED, "5"), ("05 10:00", ANSWERED, "4")], 960, 1, 5, None),
        ([("03 10:00", ASKED, "5"), ("04 10:00", "Gửi tin nhắn", "5"), ("05 10:00", ANSWERED, "4")], 960, 1, 5, None),
        ([("03 10:00", ASKED, "4"), ("04 10:00", "Nhắc bổ sung hồ sơ", "4"), ("05 10:00", ANSWERED, "4")], 960, 1, 5,
         None),
        ([("03 10:00", ASKED, "5"), ("04 10:00", "Công dân đã bổ sung hồ sơ", "5"), ("06 10:00", "Trình ký", "4")], 480,
         1, 4, None),
        ([("03 10:00", ASKED, "5"), ("04 10:00", ANSWERED, "4"), ("05 10:00", ASKED, "5"), ("09 10:00", ANSWERED, "4")],
         480 + 960, 2, 4, 5),
        ([("03 10:00", ASKED, "5"), ("16 10:00", ANSWERED, "4")], 8 * 480, 1, 16, None),
    ],
    ids=[
        "asked and answered", "asked again before an answer: a reminder", "a message sent while waiting",
        "reminded in other words", "answered in the words of the request", "asked, answered, asked again",
        "answered after the end: stood until the end",
    ],
)  # fmt: skip
def test_a_wait_lasts_from_the_request_to_the_step_that_resumes(
    tmp_path: Path, steps: list[Step], minutes: int, requests: int, answered_on: int, again_on: int | None
) -> None:
    tables = province(tmp_path, CLOSED, steps)
    assert pauses(tables) == {"supplement": minutes}
    dossier = tables.one("select * from dossier")
    assert (dossier["paused_minutes"], dossier["supplement_requests"]) == (minutes, requests)
    assert dossier["supplement_requested_at"] == march(3)
    assert dossier["supplement_answered_at"] == march(answered_on)
    assert dossier["repeat_supplement_requested_at"] == (march(again_on) if again_on else None)


def test_a_step_of_another_cause_ends_the_wait_and_begins_its_own(tmp_path: Path) -> None:
    charged, paid = "Yêu cầu thực hiện nghĩa vụ tài chính", "Đã thực hiện nghĩa vụ tài chính"
    tables = province(tmp_path, CLOSED, [("03 10:00", ASKED, "5"), ("04 10:00", charged, "6"), ("06 10:00", paid, "6")])
    assert pauses(tables) == {"supplement": 480, "payment": 960}
    assert tables.one("select supplement_answered_at as at from dossier")["at"] == march(4)


def test_waits_that_two_sources_tell_of_are_taken_off_once_where_they_overlap(tmp_path: Path) -> None:
    # By the register from Tuesday to Thursday for papers, by the log from Wednesday to Friday for another agency.
    tables = province(
        tmp_path,
        CLOSED,
        [("04 10:00", "Gửi xác minh cơ quan khác", "4"), ("06 10:00", "Nhận kết quả xác minh", "4")],
        more={"Ngày yêu cầu bổ sung": "03/03/2026 10:00", "Ngày bổ sung": "05/03/2026 10:00"},
    )
    assert pauses(tables) == {"supplement": 960, "other_agency": 480}
    assert tables.one("select paused_minutes as n from dossier")["n"] == 1440


def test_waits_inside_another_take_nothing_more_off(tmp_path: Path) -> None:
    asked, answered = "Gửi xác minh cơ quan khác", "Nhận kết quả xác minh"
    tables = province(
        tmp_path,
        CLOSED,
        [
            ("03 11:00", asked, "4"),
            ("03 15:00", answered, "4"),
            ("04 10:00", asked, "4"),
            ("05 10:00", answered, "4"),
        ],
        more={"Ngày yêu cầu bổ sung": "03/03/2026 10:00", "Ngày bổ sung": "06/03/2026 10:00"},
    )
    assert pauses(tables) == {"supplement": 1440}


@pytest.mark.parametrize(
    ("asked", "answered", "minutes"),
    [
        ("12/03/2026 10:00", "18/03/2026 10:00", 480),  # the result came on the 13th
        ("27/02/2026 10:00", "03/03/2026 10:00", 120 + 480),  # received on Monday the 2nd at 08:00
        ("16/03/2026 10:00", "18/03/2026 10:00", None),
    ],
    ids=["until the end", "from the receipt on", "after the end"],
)
def test_the_clock_stands_only_between_receipt_and_end(
    tmp_path: Path, asked: str, answered: str, minutes: int | None
) -> None:
    tables = province(tmp_path, CLOSED, more={"Ngày yêu cầu bổ sung": asked, "Ngày bổ sung": answered})
    assert pauses(tables) == ({"supplement": minutes} if minutes else {})


def test_the_registers_own_number_of_requests_stands(tmp_path: Path) -> None:
    steps = [("03 10:00", ASKED, "5"), ("04 10:00", ANSWERED, "4")]
    tables = province(tmp_path, CLOSED, steps, more={"Số lần yêu cầu bổ sung": "2"})
    found = tables.one("select supplement_requests as n, repeat_supplement_requested_at as again from dossier")
    assert found == {"n": 2, "again": None}


# ---- when the term ends -------------------------------------------------------------------------------------------- #

NO_STOP: list[Step] = []
ONE_DAY: list[Step] = [("10 10:00", ASKED, "5"), ("11 10:00", ANSWERED, "4")]
A_MORNING: list[Step] = [("10 08:00", ASKED, "5"), ("10 10:00", ANSWERED, "4")]
THREE: list[Step] = [("10 10:00", ASKED, "5"), ("13 10:00", ANSWERED, "4")]


@pytest.mark.parametrize(
    ("procedure", "received", "steps", "due_on"),
    [
        # Monday the 9th before and from 15:00 on.
        (SAME_DAY, "09/03/2026 09:00", NO_STOP, 9),
        (SAME_DAY, "09/03/2026 09:00", ONE_DAY, 10),
        (SAME_DAY, "09/03/2026 09:00", A_MORNING, 10),
        (SAME_DAY, "09/03/2026 15:00", NO_STOP, 10),
        (SAME_DAY, "09/03/2026 15:00", ONE_DAY, 11),
        # Saturday the 7th: due on Monday, and as many working days later as the clock stood.
        (SAME_DAY, "07/03/2026 09:00", NO_STOP, 9),
        (SAME_DAY, "07/03/2026 16:00", NO_STOP, 9),
        (SAME_DAY, "07/03/2026 09:00", ONE_DAY, 10),
        (SAME_DAY, "07/03/2026 16:00", ONE_DAY, 10),
        (SAME_DAY, "07/03/2026 09:00", THREE, 12),
        # The day of receipt does not count, and neither does a day off.
        (THREE_DAYS, "09/03/2026 09:00", NO_STOP, 12),
        (THREE_DAYS, "09/03/2026 09:00", THREE, 17),
        (THREE_DAYS, "07/03/2026 09:00", NO_STOP, 11),
        (THREE_DAYS, "07/03/2026 09:00", ONE_DAY, 12),
        ("9.999999", "07/03/2026 09:00", ONE_DAY, None),
    ],
)
def test_stops_add_their_working_days_to_the_term(
    tmp_path: Path, procedure: str, received: str, steps: list[Step], due_on: int | None
) -> None:
    tables = province(tmp_path, row(code(1), procedure=procedure, received=received, finished="", status="4"), steps)
    due = tables.one("select computed_due_at::date as due from dossier")["due"]
    assert due == (dt.date(2026, 3, due_on) if due_on else None)


@pytest.mark.parametrize(
    ("promised", "days"),
    [
        ("05/03/2026", 0),
        ("05/03/2026 09:00", 0),
        ("06/03/2026", 1),
        ("07/03/2026", 1),  # a Saturday: no working day after Friday
        ("09/03/2026", 2),
        ("04/03/2026", -1),
        ("27/02/2026", -4),
        ("28/02/2026", -4),  # a Saturday
        ("", None),
    ],
)
def test_a_promise_differs_by_the_working_days_between(tmp_path: Path, promised: str, days: int | None) -> None:
    # Three working days after Monday the 2nd is Thursday the 5th.
    tables = province(tmp_path, row(code(1), procedure=THREE_DAYS, due=promised))
    assert tables.one("select due_difference_days as days from dossier")["days"] == days


def test_without_a_term_there_is_no_difference(tmp_path: Path) -> None:
    tables = province(tmp_path, row(code(1), procedure="9.999999", due="05/03/2026"))
    assert tables.one("select due_difference_days as days from dossier")["days"] is None


# ---- when a filing was refused ------------------------------------------------------------------------------------- #


@pytest.mark.parametrize(
    ("more", "steps", "log_status", "refused_at"),
    [
        ({"Ngày từ chối": "03/03/2026 10:00"}, [], True, march(3)),
        ({}, [("02 08:00", "Nộp hồ sơ trực tuyến", "1"), ("03 10:00", "Trả lại", "3")], True, march(3)),
        ({}, [("02 08:00", "Nộp hồ sơ trực tuyến", ""), ("03 10:00", "Từ chối tiếp nhận", "")], False, march(3)),
        ({"Ngày từ chối": "04/03/2026 10:00"}, [("03 10:00", "Từ chối tiếp nhận", "3")], True, march(4)),
        ({}, [("02 08:00", "Nộp hồ sơ trực tuyến", "1")], True, None),
    ],
    ids=["by the register", "by the log's status", "by the log's words", "the register goes first", "nobody says"],
)
def test_a_refused_filing_was_answered_when_it_was_refused(
    tmp_path: Path, more: dict[str, str], steps: list[Step], log_status: bool, refused_at: dt.datetime | None
) -> None:
    refused = row(code(1), received="", due="", finished="", status="3", channel="Trực tuyến")
    tables = province(tmp_path, refused, steps, more={"Ngày nộp": "02/03/2026 08:00"} | more, log_status=log_status)
    found = tables.one("select submitted_at, received_at, refused_at, closed_at from dossier")
    assert found == {
        "submitted_at": march(2, 8),
        "received_at": None,
        "refused_at": refused_at,
        "closed_at": None,
    }


def test_what_was_not_refused_has_no_time_of_refusal(tmp_path: Path) -> None:
    tables = province(tmp_path, CLOSED, [("02 08:00", "Trả lại", "3"), ("03 10:00", "Tiếp nhận", "2")])
    assert tables.one("select refused_at from dossier")["refused_at"] is None


# ---- against a second way: counting minutes one by one ------------------------------------------------------------- #

CAUSES = {ASKED: "supplement", "Nhắc bổ sung hồ sơ": "supplement", "Yêu cầu thực hiện nghĩa vụ tài chính": "payment",
          "Gửi xác minh cơ quan khác": "other_agency"}  # fmt: skip
RECEIVED, ENDED, STATE = dt.datetime(2026, 3, 2, 8), dt.datetime(2026, 3, 27, 15), dt.datetime(2026, 3, 31, 18)
WORKING_MINUTES = [
    dt.datetime(2026, 3, day) + dt.timedelta(minutes=minute)
    for day in range(2, 32)
    if dt.date(2026, 3, day).weekday() < 5
    for starts, ends in OFFICE_HOURS
    for minute in range(starts, ends)
]
Wait = tuple[dt.datetime, dt.datetime, str]

moments = st.datetimes(dt.datetime(2026, 2, 26), dt.datetime(2026, 3, 30)).map(
    lambda moment: moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)
)
logs = st.lists(st.tuples(moments, st.sampled_from([*CAUSES, ANSWERED, "Trình ký"])), max_size=8)
register_waits = st.none() | st.tuples(moments, moments).map(sorted).filter(lambda pair: pair[0] < pair[1])


def waits_of(steps: list[tuple[dt.datetime, str]], registered: Sequence[dt.datetime] | None) -> list[Wait]:
    """Each wait with its beginning and the step that ended it, in order of beginning."""
    waits: list[Wait] = []
    waiting: tuple[dt.datetime, str] | None = None
    for at, activity in [*sorted(steps, key=lambda step: step[0]), (STATE, "")]:
        cause = CAUSES.get(activity)
        if waiting and cause != waiting[1]:
            waits.append((waiting[0], at, waiting[1]))
            waiting = None
        if cause and not waiting:
            waiting = (at, cause)
    if registered and all(cause != "supplement" for _starts, _ends, cause in waits):
        waits.insert(0, (registered[0], registered[1], "supplement"))
    return sorted(waits, key=lambda wait: wait[0])


def minutes_by_cause(waits: list[Wait], end: dt.datetime) -> dict[str, int]:
    """Every working minute between receipt and end in which the dossier waits, for the wait that began first."""
    waiting = (
        next((cause for starts, ends, cause in waits if starts <= minute < ends), None)
        for minute in WORKING_MINUTES
        if RECEIVED <= minute < end
    )
    return dict(Counter(cause for cause in waiting if cause))


# Shrinking would build provinces for minutes; one of ten dossiers can be read as it is.
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(st.tuples(logs, register_waits, st.booleans()), min_size=10, max_size=25))
def test_the_minutes_that_the_clock_stood_are_those_counted_one_by_one(
    tmp_path_factory: pytest.TempPathFactory,
    dossiers: list[tuple[list[tuple[dt.datetime, str]], Sequence[dt.datetime] | None, bool]],
) -> None:
    directory = tmp_path_factory.mktemp("province")
    for folder in ("exports", "logs"):
        (directory / folder).mkdir()
    register, log = [], []
    for number, (steps, registered, is_closed) in enumerate(dossiers):
        ending = {"finished": f"{ENDED:%d/%m/%Y %H:%M}"} if is_closed else {"finished": "", "status": "4"}
        own = [f"{moment:%d/%m/%Y %H:%M}" for moment in registered] if registered else ["", ""]
        register.append((*row(code(number), **ending), *own))
        log += [(code(number), f"{at:%Y-%m-%d %H:%M:%S}", activity) for at, activity in dict.fromkeys(steps)]
    headings = (*REGISTER_HEADINGS, "Ngày yêu cầu bổ sung", "Ngày bổ sung")
    (directory / "exports" / "register.csv").write_text(csv_text(register, headings), encoding="utf-8")
    text = csv_text(log, ("Mã hồ sơ", "Thời điểm", "Bước xử lý"))
    (directory / "logs" / "log.csv").write_text(text, encoding="utf-8")
    _report, tables = build_province(directory, toml=REGISTER_BLOCK + (LOG_BLOCK if log else ""))
    found: dict[object, dict[object, object]] = {}
    for each in tables("select * from dossier_pause"):
        found.setdefault(each["dossier_id"], {})[each["cause"]] = each["paused_minutes"]
    loaded = {each["dossier_id"]: each for each in tables("select * from dossier")}
    for number, (steps, registered, is_closed) in enumerate(dossiers):
        end = ENDED if is_closed else STATE
        waits = waits_of(list(dict.fromkeys(steps)), registered)
        minutes = minutes_by_cause(waits, end)
        assert found.get(code(number), {}) == minutes
        asked = [starts for starts, _ends, cause in waits if cause == "supplement" and starts < end]
        dossier = loaded[code(number)]
        assert dossier["paused_minutes"] == sum(minutes.values())
        assert dossier["supplement_requests"] == max(len(asked), 1 if registered else 0)
        assert dossier["repeat_supplement_requested_at"] == (asked[1] if len(asked) > 1 else None)
