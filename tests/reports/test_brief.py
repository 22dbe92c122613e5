"""The inspection brief says what the figures say, asks from evidence only, and names what it cannot know."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from charts.values import short_value_text
from indicators import CallError, Window, compute, indicator, open_snapshot
from indicators.errors import WrongDates
from indicators.filters import Filters
from indicators.notable import Kind, Notable
from notebook import Difficulty, Note, Notebook, Promise, Stop, Trip, open_notebook
from reports.brief import compose_brief, findings
from reports.content import Brief
from reports.questions import MOST, Evidence, questions
from reports.shared import ALSO, FIGURES, brief_context
from tests.builders import COMMUNES, build_snapshot, commune, difficulty, dossier, unit_fact
from warehouse import Snapshot

PHU_THO, DONG_LUONG, PHUC_YEN, AM_HA = "08740", "08521", "08230", "08674"
Make = Callable[..., Snapshot]


def step(dossier_id: str, number: int, at: str, activity: str, status: int = 4) -> dict[str, Any]:
    return {
        "dossier_id": dossier_id,
        "step": number,
        "at": at,
        "activity": activity,
        "status": status,
        "unit": "Bộ phận một cửa",
        "actor_key": None,
    }


def closed(code: str, number: int, *, late: bool, **overrides: Any) -> dict[str, Any]:
    """One dossier a day from the end of July 2025, due after two days."""
    day = dt.datetime(2025, 7, 28, 8, 0) + dt.timedelta(days=number % 60)
    return dossier(
        commune_code=code,
        received_at=day,
        due_at=day + dt.timedelta(days=2),
        finished_at=day + dt.timedelta(days=4 if late else 1),
        channel="online" if number % 3 else "in_person",
        **overrides,
    )


def province() -> list[dict[str, Any]]:
    """Three communes of like work; every second dossier of Đồng Lương is late, of the others one in thirty."""
    return [
        closed(code, number, late=number % (2 if code == DONG_LUONG else 30) == 0)
        for code in (PHU_THO, DONG_LUONG, PHUC_YEN)
        for number in range(60)
    ]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    numbers = count()

    def built(dossiers: list[dict[str, Any]] | None = None, **tables: Any) -> Snapshot:
        rows = province() if dossiers is None else dossiers
        folder = tmp_path / f"warehouse-{next(numbers)}"
        return open_snapshot(build_snapshot(folder, dossiers=rows, **tables))

    return built


@pytest.fixture
def book(tmp_path: Path) -> Notebook:
    return open_notebook(f"sqlite:///{tmp_path / 'book.sqlite'}")


def every_text(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if dataclasses.is_dataclass(value):
        return [text for field in dataclasses.fields(value) for text in every_text(getattr(value, field.name))]
    if isinstance(value, tuple | list):
        return [text for one in value for text in every_text(one)]
    return every_text(tuple(value.values())) if isinstance(value, dict) else []


def line(brief: Brief, name: str) -> Any:
    return next(one for one in brief.figures if one.indicator == name)


def test_figures_are_those_of_compute_in_each_window(make: Make) -> None:
    snapshot = make()
    brief = compose_brief(snapshot, DONG_LUONG)
    assert brief.window == Window(dt.date(2025, 7, 1), dt.date(2025, 9, 30))
    minutes = snapshot.info.minutes_per_day
    windows = {
        "since_merger": brief.window,
        "last_30_days": Window(dt.date(2025, 9, 1), dt.date(2025, 9, 30)),
        "before": Window(dt.date(2025, 8, 2), dt.date(2025, 8, 31)),
    }
    for column, window in windows.items():
        one = Filters(commune=(DONG_LUONG,))
        row = compute(snapshot, FIGURES, filters=one, date_from=window.starts, date_to=window.ends).row(0, named=True)
        for name in FIGURES:
            assert getattr(line(brief, name), column) == short_value_text(indicator(name), row[name], minutes), name


def test_the_province_is_what_compute_says_and_a_count_is_the_median_commune(make: Make) -> None:
    snapshot = make()
    brief = compose_brief(snapshot, PHU_THO)
    window = brief.window
    whole = compute(snapshot, "on_time_rate_ii06", date_from=window.starts, date_to=window.ends).row(0)[0]
    assert line(brief, "on_time_rate_ii06").province == short_value_text(indicator("on_time_rate_ii06"), whole, 480)
    # Three communes with 60 dossiers, one with none.
    assert line(brief, "received").province == "60"


def test_peers_pooled_from_their_rows_are_what_compute_says_of_them_together(make: Make) -> None:
    snapshot = make()
    context = brief_context(snapshot)
    codes = context.peers_of(PHU_THO).codes
    assert set(codes) == {DONG_LUONG, PHUC_YEN}
    window = context.window
    asked = compute(
        snapshot,
        [*FIGURES, *ALSO],
        filters=Filters(commune=codes),
        date_from=window.starts,
        date_to=window.ends,
    ).row(0, named=True)
    assert context.figures_of(codes) == pytest.approx(asked)


def test_a_verdict_claims_a_difference_only_where_there_is_one(make: Make) -> None:
    snapshot = make()
    assert line(compose_brief(snapshot, DONG_LUONG), "on_time_rate_ii06").standing == "worse"
    assert line(compose_brief(snapshot, DONG_LUONG), "on_time_rate_ii06").verdict == "Kém hơn nhóm rõ rệt"
    alike = make([closed(code, n, late=n % 10 == 0) for code in (PHU_THO, DONG_LUONG, PHUC_YEN) for n in range(60)])
    for code in (PHU_THO, DONG_LUONG, PHUC_YEN):
        assert {one.standing for one in compose_brief(alike, code).figures} <= {"like", "unknown"}


def test_fewer_dossiers_than_the_smallest_n_are_never_judged(make: Make) -> None:
    rows = [*(one for one in province() if one["commune_code"] != DONG_LUONG)]
    rows += [closed(DONG_LUONG, number, late=True) for number in range(19)]
    brief = compose_brief(make(rows), DONG_LUONG)
    rates = [one for one in brief.figures if one.note.startswith("n = ")]
    assert rates
    for one in rates:
        assert one.standing == "unknown"
        assert one.verdict in ("Dưới 20 hồ sơ, chưa đủ để so", "Dưới 40 hồ sơ, chưa đủ để so")
    assert not brief.findings
    assert any("Chỉ 19 hồ sơ được giải quyết" in one for one in brief.limits)


def test_what_is_notable_is_said_asked_about_and_leads_to_its_screen(make: Make) -> None:
    names = {code: commune(code, f"Xã Số {code[-1]}") for code in (f"0900{digit}" for digit in range(8))}
    others = [closed(code, number, late=number % 30 == 0) for code in names for number in range(60)]
    snapshot = make([*province(), *others], communes=[*COMMUNES, *names.values()])
    brief = compose_brief(snapshot, DONG_LUONG)
    assert brief.findings[0].standing == "worse"
    assert "thấp hơn mức" in brief.findings[0].sentence
    assert brief.findings[0].address.startswith("/so-sanh?")
    assert f"xa={DONG_LUONG}" in brief.findings[0].address
    asked = [one for one in brief.questions if one.kind == "finding"]
    assert asked[0].evidence == brief.findings[0].sentence


@pytest.mark.parametrize(
    ("kind", "starts"),
    [
        ("level", "/so-sanh?"),
        ("change", "/xu-huong?"),
        ("backlog", "/khai-thac?"),
        ("stalled", "/diem-nghen?"),
        ("pauses", "/diem-nghen?"),
        ("last_day", ""),
    ],
)
def test_a_finding_leads_to_the_screen_that_shows_it_or_nowhere(kind: Kind, starts: str, make: Make) -> None:
    found = Notable(
        commune_code=DONG_LUONG,
        commune_name="Xã Đồng Lương",
        indicator="supplement_rate",
        kind=kind,
        direction="worse",
        value=0.3,
        n=40,
        low=0.2,
        high=0.4,
        reference=0.1,
        dossiers=8,
        p_value=0.001,
    )
    address = findings(brief_context(make()), [found])[0].address
    assert address.startswith(starts)
    assert bool(address) == bool(starts)
    assert not address or f"xa={DONG_LUONG}" in address


def test_nothing_notable_is_said_so_and_the_last_question_stays(make: Make) -> None:
    brief = compose_brief(make(), PHUC_YEN)
    worse = [one for one in brief.findings if one.standing == "worse"]
    assert not worse
    alike = make([closed(code, n, late=False) for code in (PHU_THO, DONG_LUONG, PHUC_YEN) for n in range(60)])
    quiet = compose_brief(alike, PHUC_YEN)
    assert not quiet.findings
    assert quiet.empty["findings"].startswith("Không có gì đáng chú ý")
    assert quiet.questions[-1].kind == "needs"


def test_every_question_rests_on_evidence_and_stands_in_the_order_of_the_talk(make: Make, book: Notebook) -> None:
    late = dossier(commune_code=DONG_LUONG, received_at="2025-09-01 08:00", due_at="2025-09-05")
    brief = compose_brief(make([*province(), late]), note_everything(book), book=book)
    assert len(brief.questions) <= MOST
    assert all(one.evidence and one.text.endswith("?") and one.minutes > 0 for one in brief.questions)
    order = [("follow_up", "standing", "new").index(one.part) for one in brief.questions]
    assert order == sorted(order)
    assert {one.part for one in brief.questions} == {"follow_up", "standing", "new"}


def test_many_promises_crowd_out_nothing_new() -> None:
    promise = a_promise_line()
    many = [
        dataclasses.replace(promise, text=f"Việc {number}", verdict=verdict)
        for number, verdict in enumerate(("not_kept", "not_kept", "not_kept", "too_early", "too_early", "kept"))
    ]
    part = {"activity": "Thẩm định", "kind": "step", "office_hours_mean": 3.0, "whole_hours_mean": 2.0}
    asked = questions(
        Evidence(
            commune_name="Xã A", minutes_per_day=480, promises=many, longest_part=part, without_letter=2, apology="…"
        )
    )
    assert len(asked) <= MOST
    assert [one.kind for one in asked if one.part == "new"] == ["step", "needs"]
    assert any(one.kind == "apology" for one in asked)


def test_dossiers_to_open_are_the_longest_late_ones_then_those_that_stand_still(make: Make) -> None:
    rows = province()
    rows += [
        dossier(dossier_id="A-1", commune_code=PHU_THO, received_at="2025-09-01 08:00", due_at="2025-09-05"),
        dossier(dossier_id="A-2", commune_code=PHU_THO, received_at="2025-08-01 08:00", due_at="2025-08-05", status=5),
        dossier(dossier_id="A-3", commune_code=PHU_THO, received_at="2025-09-01 08:00", due_at="2025-12-05"),
        dossier(dossier_id="A-4", commune_code=PHU_THO, received_at="2025-09-29 08:00", due_at="2025-10-02"),
    ]
    events = [
        step("A-1", 1, "2025-09-02 08:00", "Thẩm định hồ sơ"),
        step("A-2", 1, "2025-08-04 08:00", "Yêu cầu bổ sung hồ sơ", status=5),
        step("A-3", 1, "2025-09-02 08:00", "Phân công xử lý"),
        step("A-4", 1, "2025-09-29 09:00", "Phân công xử lý"),
    ]
    brief = compose_brief(make(rows, events=events), PHU_THO)
    assert [one.dossier_id for one in brief.dossiers] == ["A-1", "A-2", "A-3"]
    first, stopped, still = brief.dossiers
    # 5 September to 30 September 2025: seventeen working days after the promised one.
    assert first.days_text == "quá hẹn 17 ngày làm việc"
    assert first.step == "Thẩm định hồ sơ (từ 02/09/2025)"
    assert "đồng hồ đang dừng" in stopped.why
    assert still.due_text == "05/12/2025"
    assert "đứng yên" in still.days_text
    assert brief.due_soon.startswith("1 hồ sơ đến hẹn trả trong ba ngày tới (02/10)")
    late = next(one for one in brief.questions if one.kind == "late")
    assert late.evidence == "2 hồ sơ đang quá hạn (1 đang dừng đồng hồ); nên mở trước A-1: quá hẹn 17 ngày làm việc."


def test_letters_of_apology_count_when_they_went_out_before_the_promised_day(make: Make) -> None:
    rows = [
        closed(PHU_THO, 1, late=True, apology_sent_at="2025-07-30 09:00"),  # due on 31 July: in time
        closed(PHU_THO, 2, late=True, apology_sent_at="2025-08-01 09:00"),  # due on that day: too late
        closed(PHU_THO, 3, late=True),
        closed(PHU_THO, 4, late=False),
        dossier(commune_code=PHU_THO, received_at="2025-09-01 08:00", due_at="2025-09-05"),
    ]
    brief = compose_brief(make(rows), PHU_THO)
    assert sum(compute(make(rows), ["resolved_late", "pending_late"]).row(0)) == 4
    assert brief.apology.startswith("4 hồ sơ quá hạn")
    assert "2 có thư xin lỗi (50,0 %), 1 gửi trước ngày hẹn trả ít nhất một ngày; 2 chưa thấy" in brief.apology


def test_a_source_that_knows_no_letters_is_not_blamed_for_sending_none(make: Make) -> None:
    brief = compose_brief(make(), DONG_LUONG)
    assert "Nguồn không ghi ngày gửi thư xin lỗi" in brief.apology
    assert not [one for one in brief.questions if one.kind == "apology"]


def test_where_the_time_goes_adds_up(make: Make) -> None:
    rows = [
        dossier(
            dossier_id=f"B-{n}",
            commune_code=PHU_THO,
            received_at="2025-08-04 08:00",
            finished_at="2025-08-05 10:00",
            due_at="2025-08-06",
        )
        for n in range(3)
    ]
    events = [
        one
        for n in range(3)
        for one in (
            step(f"B-{n}", 1, "2025-08-04 09:00", "Phân công xử lý"),
            step(f"B-{n}", 2, "2025-08-04 10:00", "Yêu cầu bổ sung hồ sơ", status=5),
            step(f"B-{n}", 3, "2025-08-05 08:00", "Tiếp nhận bổ sung"),
            step(f"B-{n}", 4, "2025-08-05 10:00", "Trả kết quả", status=10),
        )
    ]
    pauses = [{"dossier_id": f"B-{n}", "cause": "supplement", "paused_minutes": 360} for n in range(3)]
    brief = compose_brief(make(rows, events=events, pauses=pauses), PHU_THO)
    assert sum(one.share for one in brief.time_shares) == pytest.approx(1)
    # 08:00 on the 4th to 10:00 on the 5th in an office of 07:30-11:30 and 13:00-17:00.
    assert sum(one.minutes for one in brief.time_shares) == pytest.approx(600)
    assert {one.kind for one in brief.time_shares} <= {"office", "people", "agency", "other"}
    assert "một hồ sơ (n = 3)" in brief.time_text


def test_pieces_say_how_much_of_each_old_unit_came_and_where_the_rest_went(make: Make) -> None:
    lineage = [
        {
            "new_code": PHU_THO,
            "old_code": "07942",
            "old_name": "Phường Hùng Vương",
            "extent": "whole",
            "old_district": "Thị xã Phú Thọ",
            "resolution": "1676/NQ-UBTVQH15",
        },
        {"new_code": PHU_THO, "old_code": "08000", "old_name": "Xã Hồng Lạc", "extent": "part_area_only"},
        {"new_code": DONG_LUONG, "old_code": "08000", "old_name": "Xã Hồng Lạc", "extent": "remainder"},
        {
            "new_code": PHUC_YEN,
            "old_code": "08743",
            "old_name": "Phường Hùng Vương",
            "extent": "whole",
            "old_district": "Thành phố Phúc Yên",
        },
    ]
    snapshot = make(lineage=lineage)
    whole, part = compose_brief(snapshot, PHU_THO).pieces
    assert (whole.name, whole.extent_text) == ("Phường Hùng Vương", "toàn bộ")
    assert "Thị xã Phú Thọ" in whole.note
    assert "1676/NQ-UBTVQH15" in whole.note
    assert part.extent_text == "một phần diện tích, không có dân"
    assert "phần khác về Xã Đồng Lương" in part.note
    assert compose_brief(snapshot, DONG_LUONG).pieces[0].extent_text == "phần còn lại"
    # Two wards of one name are told apart.
    assert "Thành phố Phúc Yên" in compose_brief(snapshot, PHUC_YEN).pieces[0].note
    assert not compose_brief(snapshot, AM_HA).pieces


def test_facts_keep_their_words_and_their_source_and_differing_ones_are_both_told(make: Make) -> None:
    facts = [
        unit_fact(value=35_100.0, value_text="trên 35.100", precision="over", source="Báo cáo của phường"),
        unit_fact(fact="villages", value=20.0, value_text="20", precision=None, source="Trang tin của tỉnh"),
        unit_fact(fact="area_km2", value=20.0, value_text="20", precision=None, source="Nghị quyết 1676"),
        unit_fact(fact="equipment", value=None, value_text="cơ bản đáp ứng", precision=None, source="Báo cáo"),
        unit_fact(value=40_000.0, value_text="40.000", stated_on=dt.date(2025, 10, 5), source="Về sau"),
    ]
    brief = compose_brief(make(facts=facts), PHU_THO)
    people = [one for one in brief.profile if one.label == "Dân số"]
    assert [(one.value, one.differs) for one in people] == [("30.000 người", True), ("trên 35.100", True)]
    assert people[1].source == "Báo cáo của phường"
    assert people[1].stated_on_text == "15/08/2025"
    area = [one for one in brief.profile if one.label == "Diện tích"]
    assert [(one.value, one.source, one.differs) for one in area] == [("20", "Nghị quyết 1676", False)]
    assert "cơ bản đáp ứng" in every_text(brief.profile)
    density = next(one for one in brief.profile if one.label == "Mật độ (người/km²)")
    assert density.value == "1.500"
    assert "tính từ" in density.source


def test_a_rounded_figure_that_the_exact_one_agrees_with_is_no_contradiction(make: Make) -> None:
    facts = [unit_fact(value=29_900.0, value_low=29_900.0, value_high=31_000.0, value_text="gần 30.000 người")]
    people = [one for one in compose_brief(make(facts=facts), PHU_THO).profile if one.label == "Dân số"]
    assert [(one.value, one.differs) for one in people] == [("30.000 người", False), ("gần 30.000 người", False)]


def test_a_commune_of_which_little_is_known_says_so(make: Make) -> None:
    brief = compose_brief(make(), AM_HA)
    assert not [one for one in brief.profile if one.label.startswith("Mật độ")]
    assert any("Thiếu dân số hoặc số cán bộ tiếp nhận" in one for one in brief.limits)
    assert any("Không có hồ sơ nào của đơn vị" in one for one in brief.limits)
    assert not brief.time_shares
    assert not brief.dossiers
    assert brief.questions[-1].kind == "needs"
    assert line(brief, "received").since_merger == "0"
    assert line(brief, "on_time_rate_ii06").verdict == "Không phát sinh"


def test_a_province_without_a_dossier_has_its_briefs_all_the_same(make: Make) -> None:
    brief = compose_brief(make([]), PHU_THO)
    assert line(brief, "on_time_rate_ii06").since_merger == "–"
    assert brief.limits


def test_an_unknown_code_is_refused_with_what_to_do(make: Make) -> None:
    with pytest.raises(CallError, match="Không có đơn vị nào mang mã 99999"):
        compose_brief(make(), "99999")
    with pytest.raises(WrongDates):
        compose_brief(make(), PHU_THO, window=Window(dt.date(2026, 1, 1), dt.date(2026, 2, 1)))


def test_a_window_from_before_the_merger_says_what_is_not_shared_out(make: Make) -> None:
    lineage = [
        {"new_code": PHU_THO, "old_code": "08001", "old_name": "Xã Cộng Hòa", "extent": "part"},
        {"new_code": DONG_LUONG, "old_code": "08001", "old_name": "Xã Cộng Hòa", "extent": "remainder"},
    ]
    snapshot = make(lineage=lineage)
    brief = compose_brief(snapshot, PHU_THO, window=Window(dt.date(2025, 1, 1), dt.date(2025, 9, 30)))
    assert any("bắt đầu trước 01/07/2025" in one and "Xã Cộng Hòa" in one for one in brief.limits)
    assert not any("bắt đầu trước" in one for one in compose_brief(snapshot, PHU_THO).limits)


def test_what_happened_after_the_day_is_not_known_on_it(make: Make) -> None:
    snapshot = make()
    day = dt.date(2025, 8, 15)
    brief = compose_brief(snapshot, DONG_LUONG, as_of=day)
    assert brief.as_of == day
    row = compute(snapshot, "pending", filters=Filters(commune=(DONG_LUONG,)), date_to=day).row(0)
    assert line(brief, "pending").since_merger == str(row[0])
    assert any("chưa đủ 60 ngày" in one for one in brief.limits)
    assert line(brief, "received").before == "–"


def note_everything(book: Notebook) -> str:
    """A trip, promises of each kind, difficulties and the commune's own word on Đồng Lương."""
    trip = book.add(
        Trip(
            province_code="25",
            title="Kiểm tra một cửa",
            leader="Phó Chủ tịch",
            starts_on=dt.date(2025, 8, 20),
            state="done",
        ),
        by="Văn phòng",
    )
    book.add(Stop(trip_id=trip.id or 0, commune_code=DONG_LUONG, position=1), by="Văn phòng")
    for text, figure, due in (
        ("Giảm hồ sơ trễ", "on_time_rate_ii06", dt.date(2025, 9, 25)),
        ("Sửa đường vào trụ sở", None, dt.date(2025, 9, 30)),
        ("Tăng nộp trực tuyến", "online_rate", dt.date(2026, 6, 30)),
    ):
        book.add(
            Promise(
                trip_id=trip.id,
                commune_code=DONG_LUONG,
                department="Sở Nội vụ",
                text=text,
                promised_on=dt.date(2025, 8, 27),
                due_on=due,
                indicator=figure,
                expected_change=0.4,
            ),
            by="Văn phòng",
        )
    book.add(
        Promise(
            commune_code=DONG_LUONG,
            department="Sở Nội vụ",
            text="Đã thôi",
            promised_on=dt.date(2025, 8, 20),
            state="withdrawn",
        ),
        by="Văn phòng",
    )
    book.add(
        Difficulty(
            commune_code=DONG_LUONG,
            category="equipment",
            text="Thiếu máy quét",
            asked_on=dt.date(2025, 8, 20),
            due_on=dt.date(2025, 9, 1),
        ),
        by="Văn phòng",
    )
    book.add(
        Note(
            commune_code=DONG_LUONG,
            kind="objection",
            indicator="on_time_rate_ii06",
            text="Hồ sơ đã trả mà chưa cập nhật",
            noted_on=dt.date(2025, 9, 2),
        ),
        by="Trung tâm",
    )
    return DONG_LUONG


def a_promise_line() -> Any:
    from reports.content import PromiseLine

    return PromiseLine(text="", department="Sở", due_text="", verdict="kept", verdict_text="", evidence="")


def test_promises_stand_with_the_verdict_of_the_figures_and_those_not_kept_first(make: Make, book: Notebook) -> None:
    code = note_everything(book)
    brief = compose_brief(make(), code, book=book)
    assert [(one.text, one.verdict) for one in brief.promises] == [
        ("Giảm hồ sơ trễ", "not_kept"),
        ("Sửa đường vào trụ sở", "not_measurable"),
        ("Tăng nộp trực tuyến", "too_early"),
    ]
    assert "(95 %: từ" in brief.promises[0].evidence
    assert "40,0 điểm %" in brief.promises[0].evidence
    assert brief.last_visit_text == "Lần gần nhất: 20/08/2025, Phó Chủ tịch (Kiểm tra một cửa)."
    # What was withdrawn is gone, and another commune knows nothing of it.
    assert not compose_brief(make(), PHU_THO, book=book).promises


def test_the_commune_s_word_stays_with_its_figure(make: Make, book: Notebook) -> None:
    brief = compose_brief(make(), note_everything(book), book=book)
    assert brief.notes[0].indicator == line(brief, "on_time_rate_ii06").label
    assert (brief.notes[0].who, brief.notes[0].when) == ("Trung tâm", "02/09/2025")
    assert [one.kind for one in brief.questions if one.part == "follow_up"].count("objection") == 1


def test_difficulties_of_lists_and_notebook_stand_together_the_overdue_ones_first(make: Make, book: Notebook) -> None:
    code = note_everything(book)
    listed = [
        difficulty(commune_code=code, text="Đường truyền chậm", due_on=None, asked_on=dt.date(2025, 9, 10)),
        difficulty(
            commune_code=code,
            text="Đã xong",
            state="answered",
            answer="Đã sửa",
            asked_on=dt.date(2025, 7, 10),
            due_on=dt.date(2025, 8, 1),
            answered_on=dt.date(2025, 7, 20),
        ),
        difficulty(commune_code=PHU_THO, text="Của nơi khác"),
    ]
    brief = compose_brief(make(difficulties=listed), code, book=book)
    assert [one.text for one in brief.difficulties] == ["Thiếu máy quét", "Đường truyền chậm", "Đã xong"]
    assert [one.is_overdue for one in brief.difficulties] == [True, False, False]
    assert brief.difficulties[2].answer == "Đã sửa"
    assert brief.difficulties[0].category == "Trang thiết bị"


def test_no_personal_data_reach_a_brief(make: Make, book: Notebook) -> None:
    brief = compose_brief(make(), note_everything(book), book=book)
    texts = " ".join(every_text(brief))
    assert not re.search(r"(?<![\d.])0\d{9}(?!\d)", texts)  # phone numbers
    assert not re.search(r"(?<!\d)\d{12}(?!\d)", texts)  # identity numbers
    assert not re.search(r"\S+@\S+", texts)


def test_a_pack_of_briefs_says_what_each_says_alone(make: Make) -> None:
    snapshot = make()
    context = brief_context(snapshot)
    for code in (PHU_THO, DONG_LUONG, PHUC_YEN, AM_HA):
        assert compose_brief(snapshot, code, context=context) == compose_brief(snapshot, code)


def test_simulated_data_and_the_state_of_the_data_are_on_the_paper(make: Make) -> None:
    brief = compose_brief(make(), PHU_THO)
    assert brief.simulated
    assert brief.as_of_text == "30/09/2025 18:00"
    assert any("mô phỏng" in one for one in brief.limits)
    assert "30/09/2025 18:00" in " ".join(brief.limits)
    real = compose_brief(make(simulated=False), PHU_THO)
    assert not any("mô phỏng" in one for one in real.limits)
