"""Chuyến đi: planning, meeting other leaders, writing, and what became of the promises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indicators.promises import watch
from notebook import Note, Notebook, Promise, Stop, Trip, open_notebook
from notebook.clock import now
from pages.parts.plain import plain
from pages.parts.trips_clash import same_day, split
from pages.parts.trips_data import declared
from tests.builders import build_snapshot, commune, dossier
from tests.pages.test_screens import words
from warehouse.reading import open_snapshot

Visit = Callable[..., AppTest]
LEADER = "Phó Chủ tịch phụ trách nội chính"
OTHER = "Chủ tịch UBND tỉnh"
BY = "Văn phòng"
DAY = dt.date(2025, 10, 3)


@pytest.fixture
def book() -> Notebook:
    return open_notebook()


def trip(book: Notebook, *codes: str, **values: object) -> Trip:
    given = {"province_code": "25", "title": "Đi ba xã", "leader": LEADER, "starts_on": DAY} | values
    kept = book.add(Trip(**given), by=BY)  # type: ignore[arg-type]
    for position, code in enumerate(codes, start=1):
        book.add(Stop(trip_id=kept.id or 0, commune_code=code, position=position), by=BY)
    return kept


def promise(book: Notebook, of: Trip, **values: object) -> Promise:
    given = {"trip_id": of.id, "department": "Sở Nội vụ", "text": "Trả đúng hẹn", "promised_on": of.starts_on} | values
    return book.add(Promise(**given), by=BY)  # type: ignore[arg-type]


def press(app: AppTest, label: str) -> AppTest:
    button = next(one for one in app.button if one.label == label)
    return button.click().run()


def labels(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


# ---- the list --------------------------------------------------------------------------------------------------------


def test_an_empty_screen_of_simulated_data_offers_samples_that_name_nobody(visit: Visit, book: Notebook) -> None:
    app = visit("trips")
    assert not app.exception
    assert "Chưa có chuyến đi nào" in words(app)
    app = press(app, "Thêm chuyến đi mẫu")
    assert not app.exception
    trips = book.find(Trip)
    assert len(trips) == 2
    assert all("mẫu" in one.title for one in trips)
    assert {one.leader for one in trips} == {LEADER, OTHER}
    assert "Thêm chuyến đi mẫu" not in labels(app)
    assert book.find(Stop)
    # Eight dossiers measure nothing, so nothing is promised on them.
    assert book.find(Promise) == []
    assert not visit("trips", chuyen=str(trips[0].id)).exception


def test_what_a_sample_promises_can_be_measured_on_its_day(visit: Visit, book: Notebook, tmp_path: Path) -> None:
    """Each commune has dossiers of 300 days, a quarter late; ten are overdue and open all the time."""
    rows = []
    for code in ("08521", "08740", "08230"):
        for number in range(900):
            day = dt.datetime(2024, 12, 2, 8) + dt.timedelta(days=number % 300)
            due = day - dt.timedelta(days=1 if (number + number // 300) % 4 == 0 else 0)
            rows.append(
                dossier(commune_code=code, received_at=day, due_at=due, finished_at=day + dt.timedelta(hours=2))
            )
        rows += [
            dossier(commune_code=code, received_at="2024-12-02 08:00", due_at="2024-12-09") for _number in range(10)
        ]
    directory = build_snapshot(tmp_path, dossiers=rows)
    app = press(visit("trips", directory), "Thêm chuyến đi mẫu")
    assert not app.exception
    promises = book.find(Promise)
    assert {"pending_late", "on_time_rate_ii06"} <= {one.indicator for one in promises}
    for one in promises:
        snapshot = open_snapshot(directory)
        seen = watch(
            snapshot,
            commune_code=one.commune_code,
            indicator=one.indicator,
            promised_on=one.promised_on,
            due_on=one.due_on,
            expected_change=one.expected_change,
        )
        assert seen.change is not None and seen.low is not None and "không còn chỗ" not in seen.reason
        snapshot.close()


def test_real_data_get_no_samples(visit: Visit, tmp_path: Path) -> None:
    directory = build_snapshot(tmp_path, dossiers=[dossier()], simulated=False)
    assert "Thêm chuyến đi mẫu" not in labels(visit("trips", directory))


def test_a_trip_is_made_by_the_form_and_opened(visit: Visit, book: Notebook) -> None:
    app = visit("trips")
    app = press(app, "Lập chuyến đi")
    assert "Hãy ghi chức vụ của người dẫn đoàn" in words(app)
    # Nobody plans yesterday's trip: the data are of 2025, the clock is later.
    assert app.date_input(key="trip_new_starts_on").value == now().date() + dt.timedelta(days=1)
    assert book.find(Trip) == []
    app.text_input(key="trip_new_leader").set_value(LEADER)
    app.text_input(key="trip_new_other").set_value("Điện lực; Sở Công Thương")
    app.date_input(key="trip_new_starts_on").set_value(DAY)
    app = press(app, "Lập chuyến đi")
    (kept,) = book.find(Trip)
    assert (kept.leader, kept.title, kept.starts_on) == (LEADER, "Chuyến đi ngày 03/10/2025", DAY)
    assert kept.departments == ("Điện lực", "Sở Công Thương")
    assert kept.snapshot_id == "20250930T180000"
    assert app.query_params["chuyen"] == str(kept.id)
    assert "Chuyến đi ngày 03/10/2025" in words(app)


def test_the_list_follows_state_leader_and_communes_of_the_address(visit: Visit, book: Notebook) -> None:
    trip(book, "08740", title="Một")
    trip(book, "08521", title="Hai", leader=OTHER, state="done")
    trip(book, title="Tỉnh khác", province_code="31")
    everything = words(visit("trips"))
    assert "Một" in everything and "Hai" in everything and "Tỉnh khác" not in everything
    for parameters, shown in (
        ({"chuyen-o": "done"}, "Hai"),
        ({"nguoi-dan-doan": LEADER}, "Một"),
        ({"xa": ["08521"]}, "Hai"),
    ):
        told = words(visit("trips", **parameters))  # type: ignore[arg-type]
        assert [name for name in ("Một", "Hai") if f"{name}\n" in told] == [shown], parameters
    assert "như bộ lọc" in words(visit("trips", **{"chuyen-o": "cancelled"}))


def test_a_trip_that_is_not_there_is_told(visit: Visit, book: Notebook) -> None:
    trip(book)
    assert "Không có chuyến đi này" in words(visit("trips", chuyen="999"))


# ---- the plan --------------------------------------------------------------------------------------------------------


def test_stops_stand_in_order_with_distances_and_the_shorter_round_is_offered(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740", "08230", "08521")
    app = visit("trips", chuyen=str(kept.id))
    assert not app.exception
    told = words(app)
    assert "theo đường chim bay" in told
    # The seat (Việt Trì) is not in this small province: the screen says where it measures from.
    assert "nằm giữa tỉnh nhất" in told
    before = [one.commune_code for one in sorted(book.find(Stop), key=lambda one: one.position)]
    ups = [one for one in app.button if one.key and one.key.startswith("stop_up_")]
    ups[0].click().run()
    after = [one.commune_code for one in sorted(book.find(Stop), key=lambda one: one.position)]
    assert after == [before[1], before[0], before[2]]


def test_proposals_say_why_and_are_added(visit: Visit, book: Notebook, tmp_path: Path) -> None:
    communes = [commune(f"{8000 + 7 * number:05d}", f"Xã {chr(65 + number)}") for number in range(16)]
    rows = []
    for unit in communes:
        for number in range(60):
            day = dt.datetime(2025, 8, 1 + number % 28, 8)
            due = day - dt.timedelta(days=1) if number < (25 if unit is communes[3] else 2) else day
            rows.append(
                dossier(
                    commune_code=unit["commune_code"],
                    received_at=day,
                    due_at=due,
                    finished_at=day + dt.timedelta(hours=1),
                )
            )
    directory = build_snapshot(tmp_path, dossiers=rows, communes=communes)
    kept = trip(book)
    app = visit("trips", directory, chuyen=str(kept.id))
    assert "Xã D" in words(app)
    assert "Hơn mức kỳ vọng 23 hồ sơ trễ" in words(app)
    app.button(key=f"propose_{communes[3]['commune_code']}").click().run()
    assert [one.commune_code for one in book.find(Stop)] == [communes[3]["commune_code"]]
    # Visited on that trip: the next one hears of it.
    later = trip(book, starts_on=DAY + dt.timedelta(days=20))
    assert "lần gần nhất đến ngày 03/10/2025" in words(visit("trips", directory, chuyen=str(later.id)))


def test_two_leaders_on_one_day_are_told_of_the_commune_and_the_question_they_share(
    visit: Visit, book: Notebook
) -> None:
    mine, other = trip(book, "08740", "08230"), trip(book, "08230", "08521", leader=OTHER, title="Chuyến kia")
    for one in (mine, other):
        book.add(Note(trip_id=one.id, commune_code="08230", indicator="pending_late", text="?", noted_on=DAY), by=BY)
    app = visit("trips", chuyen=str(mine.id))
    told = words(app)
    assert "Cùng ngày có chuyến “Chuyến kia” của Chủ tịch UBND tỉnh" in told
    assert "Cả hai đoàn cùng đến Phường Phúc Yên" in told
    assert "Hai đoàn cùng hỏi Phường Phúc Yên về “Đang giải quyết quá hạn”" in told
    drop = next(label for label in labels(app) if label.startswith("Bỏ khỏi chuyến"))
    app = press(app, drop)
    assert len(book.find(Stop, commune_code="08230")) == 1
    app = press(app, "Hoàn tác")
    assert len(book.find(Stop, commune_code="08230")) == 2
    book.edit(Trip, other.id or 0, version=other.version, by=BY, state="cancelled")
    assert "Cùng ngày có chuyến" not in words(visit("trips", chuyen=str(mine.id)))


def test_a_shared_commune_goes_to_the_trip_that_is_near_it_and_no_trip_loses_its_only_stop() -> None:
    points = {"a": (105.0, 21.0), "b": (105.1, 21.0), "c": (106.0, 21.0)}
    (found,) = split(["b"], ["a", "b"], ["b", "c"], points)
    assert found.keep_here
    assert (found.here_km, found.there_km) == pytest.approx((10.4, 93.5), abs=0.1)
    (found,) = split(["b"], ["b"], ["b", "c"], points)
    assert found.keep_here
    (found,) = split(["b"], ["a", "b"], ["b"], points)
    assert not found.keep_here


def test_days_that_overlap_are_the_same_day() -> None:
    def of(number: int, first: int, last: int | None = None, state: str = "planned") -> Trip:
        ends = dt.date(2025, 10, last) if last else None
        starts = dt.date(2025, 10, first)
        return Trip(
            id=number,
            province_code="25",
            title="",
            leader="",
            starts_on=starts,
            ends_on=ends,
            state=state,  # type: ignore[arg-type]
        )

    others = [of(2, 3), of(3, 1, 5), of(4, 4), of(5, 3, state="cancelled")]
    assert [one.id for one in same_day(of(1, 3), others)] == [2, 3]


# ---- after the trip --------------------------------------------------------------------------------------------------


@pytest.fixture
def improved(tmp_path: Path) -> Path:
    """Đồng Lương: 60 of 100 in time before 1 September, 97 of 100 after; Phú Thọ the same all along."""
    rows = []
    for code, months in (("08521", {8: 60, 9: 97}), ("08740", {8: 80, 9: 80})):
        for month, in_time in months.items():
            for number in range(100):
                day = dt.datetime(2025, month, 1 + number % 28, 8)
                is_late = (number + 1) * (100 - in_time) // 100 > number * (100 - in_time) // 100
                rows.append(
                    dossier(
                        commune_code=code,
                        received_at=day,
                        due_at=day - dt.timedelta(days=1) if is_late else day,
                        finished_at=day + dt.timedelta(hours=2),
                    )
                )
    return build_snapshot(tmp_path / "improved", dossiers=rows)


def test_promises_are_set_against_what_the_figures_did(visit: Visit, book: Notebook, improved: Path) -> None:
    kept = trip(book, "08521", "08740", starts_on=dt.date(2025, 9, 1), state="done")
    of = {"indicator": "on_time_rate_ii06", "due_on": dt.date(2025, 9, 30)}
    promise(book, kept, commune_code="08521", text="Đồng Lương trả đúng hẹn", expected_change=0.2, **of)
    promise(book, kept, commune_code="08740", text="Phú Thọ trả đúng hẹn", expected_change=0.2, **of)
    promise(book, kept, commune_code="08740", text="Mua máy quét")
    promise(
        book, kept, commune_code="08740", text="Sang năm", indicator="received", due_on=dt.date(2026, 9, 1),
        expected_change=1.0,
    )  # fmt: skip
    app = visit("trips", improved, chuyen=str(kept.id))
    assert not app.exception
    # The per cent sign keeps to its number's line.
    told = words(app).replace("\N{NO-BREAK SPACE}", " ")
    for text in ("✓ giữ được", "✗ chưa giữ được", "? không đo được", "… đang theo dõi"):
        assert text in told
    assert "từ 59,4 % trước ngày cam kết (n = 96) thành 97,0 % từ 01/09/2025 đến 30/09/2025 (n = 100)" in told
    assert " điểm % (khoảng từ +" in told
    assert "1 giữ được, 1 chưa giữ được, 1 không đo được, 1 đang theo dõi" in words(visit("trips", improved))


def test_a_promise_is_written_in_the_printed_unit(visit: Visit, book: Notebook, improved: Path) -> None:
    kept = trip(book, "08521", starts_on=dt.date(2025, 9, 1))
    app = press(visit("trips", improved, chuyen=str(kept.id)), "Đánh dấu đã đi")
    assert [one.state for one in book.find(Trip)] == ["done"]
    key = f"promise_{kept.id}_0"
    app.session_state[f"{key}_indicator"] = "on_time_rate_ii06"
    app.run()
    app.text_area(key=f"{key}_text").set_value("Đúng hẹn hơn")
    app.number_input(key=f"{key}_size_on_time_rate_ii06").set_value(5.0)
    app = press(app, "Ghi cam kết")
    (written,) = book.find(Promise)
    assert (written.indicator, written.expected_change) == ("on_time_rate_ii06", 0.05)
    assert (written.commune_code, written.promised_on) == ("08521", dt.date(2025, 9, 1))
    assert "Đúng hẹn hơn" in words(app)
    # The form is empty again, for the next one.
    assert app.text_area(key=f"promise_{kept.id}_1_text").value == ""


def test_notes_are_written_removed_and_brought_back(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740")
    app = visit("trips", chuyen=str(kept.id))
    app.text_area(key=f"new_note_{kept.id}_0_text").set_value("Gửi thư xin lỗi.")
    app.button(key=f"new_note_{kept.id}_0_save").click().run()
    (note,) = book.find(Note)
    assert (note.kind, note.commune_code, note.text) == ("order", "08740", "Gửi thư xin lỗi.")
    assert not app.exception
    app.button(key=f"note_{note.id}_{note.version}_remove").click().run()
    assert book.find(Note) == []
    assert "Đã xóa ghi chép “Gửi thư xin lỗi.”" in words(app)
    app = press(app, "Hoàn tác")
    assert len(book.find(Note)) == 1


def test_a_promise_of_no_trip_stands_below_the_trips_with_its_tools(visit: Visit, book: Notebook) -> None:
    of = {"department": "Sở Nội vụ", "promised_on": DAY}
    book.add(Promise(text="Bố trí thêm người", **of), by=BY)  # type: ignore[arg-type]
    book.add(Promise(text="Sửa trụ sở", commune_code="08230", **of), by=BY)  # type: ignore[arg-type]
    book.add(Promise(text="Việc của tỉnh khác", commune_code="01273", **of), by=BY)  # type: ignore[arg-type]
    promise(book, trip(book, "08740"), text="Việc của chuyến đi")
    app = visit("trips")
    assert not app.exception
    told = words(app)
    assert "Cam kết không thuộc chuyến đi nào" in told
    assert "Bố trí thêm người" in told and "Sửa trụ sở" in told
    assert "Việc của tỉnh khác" not in told and "Việc của chuyến đi" not in told
    app.text_area(key="promise_edit_1_1_text").set_value("Bố trí thêm hai người")
    app = press(app, "Ghi lại")
    assert not app.exception
    assert book.find(Promise, trip_id=None)[0].text == "Bố trí thêm hai người"
    app.button(key="promise_edit_1_2_remove").click().run()
    assert book.find(Promise, trip_id=None)[0].text == "Sửa trụ sở"
    app = press(app, "Hoàn tác")
    assert len(book.find(Promise, trip_id=None)) == 3
    presented = visit("trips", **{"trinh-chieu": "1"})
    assert "Bố trí thêm hai người" in words(presented) and "Xóa" not in labels(presented)


def test_without_promises_outside_trips_nothing_is_said_of_them(visit: Visit, book: Notebook) -> None:
    promise(book, trip(book, "08740"))
    assert "không thuộc chuyến đi nào" not in words(visit("trips"))


def test_a_promise_noted_without_a_figure_gets_it_and_its_commune_by_the_edit_form(
    visit: Visit, book: Notebook, improved: Path
) -> None:
    kept = trip(book, "08740", starts_on=dt.date(2025, 9, 1))
    written = promise(book, kept, due_on=dt.date(2025, 9, 30))
    app = visit("trips", improved, chuyen=str(kept.id))
    assert "? không đo được" in words(app)
    key = f"promise_edit_{written.id}_1"
    app.session_state[f"{key}_indicator"] = "on_time_rate_ii06"
    app.run()
    app.number_input(key=f"{key}_size_on_time_rate_ii06").set_value(20.0)
    app.selectbox(key=f"{key}_commune_code").set_value("08521")
    app.button(key=f"{key}_save").click().run()
    assert not app.exception
    (now,) = book.find(Promise)
    assert (now.commune_code, now.indicator, now.expected_change) == ("08521", "on_time_rate_ii06", 0.2)
    assert (now.text, now.department, now.due_on) == (written.text, written.department, written.due_on)
    told = words(app)
    assert "✓ giữ được" in told and "? không đo được" not in told
    # The form of the new version says what is kept, and its other way is written with its sign.
    key = f"promise_edit_{written.id}_2"
    assert app.number_input(key=f"{key}_size_on_time_rate_ii06").value == 20.0
    app.radio(key=f"{key}_way_on_time_rate_ii06").set_value("down")
    app.button(key=f"{key}_save").click().run()
    assert [one.expected_change for one in book.find(Promise)] == [-0.2]


def test_what_nobody_touched_in_the_edit_form_is_kept_to_the_last_digit(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740")
    of = {"indicator": "on_time_rate_ii06", "expected_change": 0.123456789, "due_on": DAY + dt.timedelta(days=9)}
    written = promise(book, kept, commune_code="08740", **of)
    retired = promise(book, kept, text="Chỉ tiêu cũ", indicator="retired", expected_change=2.0)
    app = visit("trips", chuyen=str(kept.id))
    for one in (written, retired):
        app.selectbox(key="promise_chosen").set_value(one.id).run()
        app.text_area(key=f"promise_edit_{one.id}_1_outcome").set_value("Đã làm")
        app.button(key=f"promise_edit_{one.id}_1_save").click().run()
        assert not app.exception
        now = book.get(Promise, one.id or 0)
        assert now is not None and now.version == 2 and now.outcome == "Đã làm"
        assert (now.commune_code, now.indicator, now.expected_change) == (
            one.commune_code, one.indicator, one.expected_change,
        )  # fmt: skip


def test_of_two_promises_with_the_same_words_each_can_be_opened(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740")
    first, second = (promise(book, kept, text="Trả đúng hẹn", commune_code="08740") for _place in range(2))
    app = visit("trips", chuyen=str(kept.id))
    assert len(set(app.selectbox(key="promise_chosen").options)) == 2
    for one in (first, second, first):
        app.selectbox(key="promise_chosen").set_value(one.id).run()
        assert app.text_area(key=f"promise_edit_{one.id}_1_outcome").value == ""


def test_what_was_half_chosen_for_one_promise_is_gone_after_another_was_opened(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740")
    first = promise(book, kept, text="Một", indicator="on_time_rate_ii06", expected_change=0.1)
    second = promise(book, kept, text="Hai")
    app = visit("trips", chuyen=str(kept.id))
    app.session_state[f"promise_edit_{first.id}_1_indicator"] = "received"
    app.run()
    for one in (second, first):
        app.selectbox(key="promise_chosen").set_value(one.id).run()
    app.text_area(key=f"promise_edit_{first.id}_1_text").set_value("Một, viết lại")
    app.button(key=f"promise_edit_{first.id}_1_save").click().run()
    now = book.get(Promise, first.id or 0)
    assert now is not None and (now.text, now.indicator) == ("Một, viết lại", "on_time_rate_ii06")


def test_the_own_correction_after_a_refused_size_is_nobody_elses(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740")
    one = promise(book, kept, indicator="on_time_rate_ii06", expected_change=0.1)
    app = visit("trips", chuyen=str(kept.id))
    for size in (150.0, 80.0):
        app.number_input(key=f"promise_edit_{one.id}_1_size_on_time_rate_ii06").set_value(size)
        app.button(key=f"promise_edit_{one.id}_1_save").click().run()
    app.text_area(key=f"promise_edit_{one.id}_2_text").set_value("Viết lại")
    app.button(key=f"promise_edit_{one.id}_2_save").click().run()
    assert not app.exception
    assert "Người khác" not in words(app)
    now = book.get(Promise, one.id or 0)
    assert now is not None and (now.text, now.expected_change) == ("Viết lại", 0.8)


@pytest.mark.parametrize("kind", [Note, Promise])
def test_what_was_typed_over_what_somebody_took_away_is_not_lost(
    kind: type[Note | Promise], visit: Visit, book: Notebook
) -> None:
    kept = trip(book, "08740")
    if kind is Note:
        one: Note | Promise = book.add(Note(trip_id=kept.id, text="Lời cũ", noted_on=DAY), by=BY)
    else:
        one = promise(book, kept)
    key = f"note_{one.id}_1" if kind is Note else f"promise_edit_{one.id}_1"
    app = visit("trips", chuyen=str(kept.id))
    book.remove(kind, one.id or 0, version=1, by="Người kia")
    app.text_area(key=f"{key}_text").set_value("Lời của tôi")
    app.button(key=f"{key}_save").click().run()
    assert not app.exception
    assert "Người khác vừa xóa" in words(app)
    app = press(app, "Khôi phục và ghi bản của tôi")
    now = book.get(kind, one.id or 0)
    assert now is not None and now.text == "Lời của tôi" and now.deleted_at is None


def test_a_rate_cannot_be_promised_to_change_by_more_than_everything(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740")
    app = visit("trips", chuyen=str(kept.id))
    key = f"promise_{kept.id}_0"
    app.session_state[f"{key}_indicator"] = "on_time_rate_ii06"
    app.run()
    app.text_area(key=f"{key}_text").set_value("Đúng hẹn hết")
    app.number_input(key=f"{key}_size_on_time_rate_ii06").set_value(250.0)
    app = press(app, "Ghi cam kết")
    assert "không thể thay đổi quá 100 điểm %" in words(app)
    assert book.find(Promise) == []
    written = promise(book, kept, indicator="on_time_rate_ii06", expected_change=0.1)
    app.run()
    key = f"promise_edit_{written.id}_1"
    app.number_input(key=f"{key}_size_on_time_rate_ii06").set_value(100.1)
    app.button(key=f"{key}_save").click().run()
    assert "không thể thay đổi quá 100 điểm %" in words(app)
    assert book.find(Promise) == [written]


def test_a_stop_added_after_the_form_was_shown_is_whom_the_promise_is_watched_in(visit: Visit, book: Notebook) -> None:
    kept = trip(book)
    app = visit("trips", chuyen=str(kept.id))
    key = f"promise_{kept.id}_0"
    app.text_area(key=f"{key}_text").set_value("Trả hết hồ sơ quá hạn").run()
    book.add(Stop(trip_id=kept.id or 0, commune_code="08740", position=1), by=BY)
    app.run()
    # What was chosen stays when one more stop is added.
    book.add(Stop(trip_id=kept.id or 0, commune_code="08230", position=2), by=BY)
    app.run()
    app.selectbox(key=f"{key}_commune_08740_08230").set_value("08230").run()
    book.add(Stop(trip_id=kept.id or 0, commune_code="08521", position=3), by=BY)
    app.run()
    app = press(app, "Ghi cam kết")
    assert [one.commune_code for one in book.find(Promise)] == ["08230"]
    app.text_area(key=f"promise_{kept.id}_1_text").set_value("Việc thứ hai").run()
    app = press(app, "Ghi cam kết")
    assert [one.commune_code for one in book.find(Promise)] == ["08230", "08740"]


def test_a_promise_that_is_only_watched_says_its_figure_and_its_size(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740")
    of = {"commune_code": "08740", "indicator": "on_time_rate_ii06", "due_on": DAY + dt.timedelta(days=60)}
    promise(book, kept, expected_change=0.05, **of)
    told = words(visit("trips", chuyen=str(kept.id))).replace("\N{NO-BREAK SPACE}", " ")
    name = declared("on_time_rate_ii06").name  # type: ignore[union-attr]
    assert told.count(f"{name}, đã cam kết tăng 5,0 điểm %") == 2, "in the table and in its grounds"


def test_the_file_of_a_trip_says_the_length_of_the_order_on_the_screen(
    visit: Visit, book: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    communes = [commune(f"{8000 + 7 * number:05d}", f"Xã {chr(65 + number)}") for number in range(16)]
    directory = build_snapshot(tmp_path, dossiers=[dossier(commune_code="08000")], communes=communes)
    kept = trip(book, *(communes[place]["commune_code"] for place in (0, 7, 1, 9, 2)))
    made: list[str] = []
    monkeypatch.setattr("pages.parts.trips_files._bytes", lambda *given: made.append(given[5]))
    monkeypatch.setattr("streamlit.download_button", lambda label, *, data, **_options: data())
    app = visit("trips", directory, chuyen=str(kept.id))
    assert not app.exception
    (shorter,) = [label for label in labels(app) if label.startswith("Xếp theo vòng ngắn nhất")]
    assert len(made) == 3 and len(set(made)) == 1
    said = next(one.value for one in app.caption if "Cả vòng khoảng" in one.value)
    assert plain(made[0]) == said
    shortest = shorter.partition("(")[2].partition(" km")[0]
    assert f"khoảng {shortest} km" not in made[0]


# ---- several writers -------------------------------------------------------------------------------------------------


def test_the_second_of_two_writers_is_told_and_nothing_is_lost(visit: Visit, book: Notebook) -> None:
    kept = trip(book, title="Tên cũ")
    app = visit("trips", chuyen=str(kept.id))
    book.edit(Trip, kept.id or 0, version=kept.version, by="Người kia", title="Tên của người kia")
    app.text_input(key=f"trip_{kept.id}_{kept.version}_title").set_value("Tên của tôi")
    save = next(one for one in app.button if one.key and one.key.startswith("FormSubmitter:trip_1_1_form"))
    app = save.click().run()
    assert not app.exception
    told = words(app)
    assert "Người kia" in told and "Người khác vừa sửa" in told
    now = book.get(Trip, kept.id or 0)
    assert now is not None and now.title == "Tên của người kia"
    app = press(app, "Ghi bản của tôi lên trên")
    now = book.get(Trip, kept.id or 0)
    assert now is not None and now.title == "Tên của tôi"


def test_what_one_types_over_an_older_note_stays_and_both_texts_are_shown(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740")
    note = book.add(Note(trip_id=kept.id, text="Lời cũ", noted_on=DAY), by=BY)
    app = visit("trips", chuyen=str(kept.id))
    book.edit(Note, note.id or 0, version=1, by="Người kia", text="Lời của người kia")
    app.text_area(key=f"note_{note.id}_1_text").set_value("Lời của tôi").run()
    app.button(key=f"note_{note.id}_1_save").click().run()
    assert not app.exception
    assert "Người khác vừa sửa" in words(app)
    assert app.text_area(key=f"note_{note.id}_1_text").value == "Lời của tôi"
    now = book.get(Note, note.id or 0)
    assert now is not None and now.text == "Lời của người kia"


def test_stops_that_another_changed_meanwhile_are_left_as_they_are(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740", "08230")
    app = visit("trips", chuyen=str(kept.id))
    first, second = book.find(Stop)
    theirs = book.edit(Stop, first.id or 0, version=1, by="Người kia", focus="Quầy số 2")
    app.button(key=f"stop_up_{second.id}").click().run()
    assert "Người kia đã sửa nội dung này" in words(app)
    assert book.find(Stop) == [theirs, second]


def test_a_telephone_number_is_masked_and_the_writer_is_told(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740")
    app = visit("trips", chuyen=str(kept.id))
    app.text_area(key=f"new_note_{kept.id}_0_text").set_value("Gọi 0912 345 678 về hồ sơ H44.5-260101-000123")
    app.button(key=f"new_note_{kept.id}_0_save").click().run()
    (note,) = book.find(Note)
    assert note.text == "Gọi •••• về hồ sơ H44.5-260101-000123"
    assert "Đã che 1 số điện thoại" in words(app)


def test_a_removed_trip_comes_back_from_the_list(visit: Visit, book: Notebook) -> None:
    kept = trip(book, title="Chuyến bỏ đi")
    app = press(visit("trips", chuyen=str(kept.id)), "Xóa chuyến đi")
    assert book.find(Trip) == []
    assert "Đã xóa chuyến đi “Chuyến bỏ đi”" in words(app)
    assert "chuyen" not in app.query_params
    # Another day, in another session.
    app = press(visit("trips"), "Khôi phục")
    assert [one.title for one in book.find(Trip)] == ["Chuyến bỏ đi"]


def test_a_notebook_that_cannot_be_opened_is_said(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "not-a-notebook.sqlite"
    broken.write_text("xin chào" * 1000, encoding="utf-8")
    monkeypatch.setenv("THONGSUOT_NOTEBOOK", str(broken))
    app = visit("trips")
    assert not app.exception
    told = words(app)
    assert "Chưa xem và chưa lập được chuyến đi." in told
    # Which store and why, as on every other screen.
    (error,) = app.error
    assert "not-a-notebook.sqlite" in error.value.replace("\\", "") and "hãy chọn tệp khác" in error.value


def test_a_meeting_shows_a_trip_without_its_forms(visit: Visit, book: Notebook) -> None:
    kept = trip(book, "08740", "08521")
    app = visit("trips", chuyen=str(kept.id), **{"trinh-chieu": "1"})
    assert not app.exception
    assert "Đi ba xã" in words(app)
    for label in ("Lập chuyến đi", "Xóa chuyến đi", "Ghi lại"):
        assert label not in labels(app)
