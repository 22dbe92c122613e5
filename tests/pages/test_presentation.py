"""Presenting: the mode, its running orders and what is kept of a meeting."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from streamlit.testing.v1 import AppTest

from notebook import Deck, DeckPage, Meeting, MeetingPage, Promise, Stop, Trip, open_notebook
from pages.parts import viewport
from pages.parts.address import View
from pages.parts.deck_data import communes_of_trip, keep_page, open_meeting
from pages.parts.deck_manager import _move
from pages.parts.navigation import entries
from pages.parts.stage import address_of, following, plain_view, read_address, running_order
from tests.pages.conftest import SCREENS
from tests.pages.test_address import views
from tests.pages.test_screens import words
from warehouse import current_id

# They follow the communes only.
WITHOUT_PERIOD = ("reconcile", "difficulties", "brief", "trips")
Visit = Callable[..., AppTest]
FIVE = ("/", "/ban-do", "/xu-huong?buoc=month", "/so-sanh?cach-so=funnel", "/chi-so-766?xa=08740")


@pytest.fixture
def deck() -> Deck:
    """A deck of five pages, one of them narrowed to a commune."""
    book = open_notebook()
    made = book.add(Deck(name="Giao ban tháng", province_code="25"), by="Văn phòng")
    for position, address in enumerate(FIVE, start=1):
        page = DeckPage(deck_id=made.id or 0, position=position, address=address, title=f"Trang {position}")
        book.add(page, by="Văn phòng")
    return made


def stage(app: AppTest) -> dict[str, Any]:
    """What the keys know."""
    found = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    return next(data for data in found if "titles" in data)


def said(app: AppTest, name: str) -> str:
    """What the address says under a name."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[-1]


def figures(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(one.proto.spec) for one in app.get("plotly_chart")]


def fonts(figure: dict[str, Any]) -> list[float]:
    """Every size of type that a figure names."""
    found: list[float] = []

    def look(part: Any, name: str = "") -> None:
        if isinstance(part, dict):
            if "font" in name and isinstance(part.get("size"), int | float):
                found.append(part["size"])
            for key, inner in part.items():
                look(inner, key)
        elif isinstance(part, list):
            for inner in part:
                look(inner, name)

    look(figure["layout"])
    return found


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_in_the_mode_has_no_tools_but_says_what_it_is_of(screen: str, visit: Visit) -> None:
    app = visit(screen, trinh_chieu="1", ky="from_2025_07_01", kenh=["online"])
    assert not app.exception
    assert not app.sidebar.children
    assert "Dữ liệu mô phỏng" in words(app)
    assert "số liệu đến 30/09/2025" in words(app)
    if screen not in WITHOUT_PERIOD:
        assert "trực tuyến" in words(app)
    labels = {button.label for button in app.button}
    assert "Thôi trình chiếu" in labels and "English" not in labels
    assert all(size >= 18 for figure in figures(app) for size in fonts(figure))


def test_the_mode_walks_the_screens_in_their_order_where_there_is_no_deck(visit: Visit) -> None:
    known = stage(visit("trend", trinh_chieu="1"))
    assert known["titles"] == [entry.title for entry in entries()][:-1]
    assert known["titles"][known["position"]] == "Xu hướng"


def test_a_deck_is_walked_page_by_page_with_its_own_filters(visit: Visit, deck: Deck) -> None:
    known = stage(visit("index_766", trinh_chieu="1", bai=str(deck.id), trang_bai="5", xa=["08740"]))
    assert known["titles"] == [f"Trang {place}" for place in range(1, 6)]
    assert known["position"] == 4
    saved = [(f"Trang {place}", address) for place, address in enumerate(FIVE, start=1)]
    pages = running_order(View(presenting=True, deck=3, meeting=7, snapshot="S", highlight="08521"), saved)
    assert [page.entry.address for page in pages] == ["", "ban-do", "xu-huong", "so-sanh", "chi-so-766"]
    for place, page in enumerate(pages, start=1):
        expected = {"trinh-chieu": ["1"], "bai": ["3"], "trang-bai": [str(place)], "cuoc-hop": ["7"]}
        assert page.parameters.items() >= (expected | {"snapshot": ["S"], "noi-bat": ["08521"]}).items()
    assert pages[2].parameters["buoc"] == ["month"] and "buoc" not in pages[1].parameters


@pytest.mark.parametrize("value", ["999", "khong-co", "-1"])
def test_a_deck_that_is_not_there_is_the_screens_in_their_order(value: str, visit: Visit) -> None:
    app = visit("overview", trinh_chieu="1", bai=value, cuoc_hop=value, noi_bat="khong-co")
    assert not app.exception
    assert stage(app)["titles"][0] == "Tổng quan"
    assert any("không còn hoặc chưa có trang" in toast.value for toast in app.toast) == (value == "999")


@given(views)
def test_a_page_of_a_deck_opens_the_view_that_was_saved(view: View) -> None:
    entry = entries()[2]
    found = read_address(address_of(entry, view, pinned=True))
    assert found is not None
    assert found[0].address == entry.address and found[1] == plain_view(view)


def test_an_address_of_no_screen_is_left_out() -> None:
    assert read_address("khong-co?xa=1") is None
    assert read_address("https://example.org/ban-do") is not None  # only its path counts: it opens a screen of ours
    assert [page.title for page in running_order(View(), [("Hết", "khong-co"), ("Bản đồ", "ban-do")])] == ["Bản đồ"]


def test_a_commune_pointed_at_stands_before_the_others(visit: Visit) -> None:
    usual = figures(visit("compare", trinh_chieu="1", ky="from_2025_07_01"))[0]
    pointed = figures(visit("compare", trinh_chieu="1", ky="from_2025_07_01", noi_bat="08521"))[0]

    def faint(figure: dict[str, Any]) -> list[float]:
        marks = [trace["marker"].get("opacity", 1) for trace in figure["data"] if trace["mode"] == "markers"]
        return [one for mark in marks if isinstance(mark, list) for one in mark]

    assert not faint(usual)
    assert 1.0 in faint(pointed) and min(faint(pointed)) < 0.3
    # It is pointed at, not filtered by.
    assert len(pointed["data"]) == len(usual["data"])


def test_h_points_at_one_commune_after_the_other_and_then_at_none() -> None:
    communes = ("08521", "08740")
    assert following(communes, "") == "08521"
    assert following(communes, "08521") == "08740"
    assert following(communes, "08740") == ""
    assert following(communes, "08230") == "08521"
    assert following((), "08230") == ""


def test_the_communes_of_a_trip_are_pointed_at_in_the_order_of_its_stops(deck: Deck) -> None:
    book = open_notebook()
    trip = book.add(Trip(province_code="25", title="Chuyến", leader="Phó", starts_on=dt.date(2025, 9, 1)), by="a")
    for position, code in ((2, "08740"), (1, "08521")):
        book.add(Stop(trip_id=trip.id or 0, commune_code=code, position=position), by="a")
    began = dt.datetime(2025, 9, 1, 8)
    meeting = Meeting(deck_id=deck.id, trip_id=trip.id, title="Họp", started_at=began, snapshot_id="x")
    assert communes_of_trip(meeting) == ("08521", "08740")
    assert communes_of_trip(None) == ()


def test_a_meeting_keeps_what_was_on_the_screen(visit: Visit, deck: Deck, warehouse: Path) -> None:
    app = visit("decks")
    assert not app.exception
    app.button(key="start_deck").click().run()
    assert not app.exception
    book = open_notebook()
    (meeting,) = book.find(Meeting)
    assert (meeting.title, meeting.deck_id, meeting.snapshot_id) == ("Giao ban tháng", deck.id, current_id(warehouse))
    assert said(app, "cuoc-hop") == str(meeting.id)
    assert said(app, "snapshot") == meeting.snapshot_id
    app.run()
    pages = book.find(MeetingPage)
    assert [page.title for page in pages] == ["Trang 1"]
    assert pages[0].address == f"/?snapshot={meeting.snapshot_id}"
    book.add(
        Promise(department="Sở Tư pháp", text="Trả xong trước Tết", promised_on=meeting.started_at.date()), by="thư ký"
    )
    app.button(key="stage_leave").click().run()
    ended = book.get(Meeting, meeting.id or 0)
    assert ended is not None and ended.ended_at is not None
    assert "trinh-chieu" not in app.query_params and "snapshot" not in app.query_params
    record = visit("decks")
    assert "Sở Tư pháp" in words(record)
    assert any("Trang 1" in link.label for link in record.get("page_link"))


def test_pages_change_places_go_and_come_back(visit: Visit, deck: Deck) -> None:
    book = open_notebook()
    pages = book.find(DeckPage, deck_id=deck.id)
    app = visit("decks")
    app.button(key=f":material/arrow_downward:_{pages[0].id}").click().run()
    app.button(key=f":material/delete:_{pages[1].id}").click().run()
    assert not app.exception
    left = sorted(book.find(DeckPage, deck_id=deck.id), key=lambda page: page.position)
    assert [page.title for page in left] == ["Trang 1", "Trang 3", "Trang 4", "Trang 5"]
    app.button(key="deck_undo_button").click().run()
    back = sorted(book.find(DeckPage, deck_id=deck.id), key=lambda page: page.position)
    assert [page.title for page in back] == ["Trang 2", "Trang 1", "Trang 3", "Trang 4", "Trang 5"]


def test_a_name_that_is_typed_and_sent_by_one_tap_is_kept(visit: Visit, deck: Deck) -> None:
    """The browser may report the text and the press in one run: AppTest does so by its nature."""
    book = open_notebook()
    app = visit("decks")
    app.text_input(key="new_deck_name").set_value("Ba xã cần quan tâm")
    app.button(key="new_deck").click().run()
    assert [one.name for one in book.find(Deck)] == ["Giao ban tháng", "Ba xã cần quan tâm"]
    assert app.text_input(key="new_deck_name").value == ""
    made = book.find(Deck)[-1]
    app.text_input(key=f"rename_{made.id}_{made.version}").set_value("Hai xã")
    app.button(key="rename_deck").click().run()
    assert not app.exception
    assert [one.name for one in book.find(Deck)] == ["Giao ban tháng", "Hai xã"]


def test_a_second_press_before_the_screen_has_changed_moves_on(visit: Visit, deck: Deck) -> None:
    book = open_notebook()
    pages = book.find(DeckPage, deck_id=deck.id)
    app = visit("decks")
    # Of a screen that was drawn before somebody moved the page.
    _move(pages[0], 1)
    app.button(key=f":material/arrow_downward:_{pages[0].id}").click().run()
    assert not app.exception
    order = sorted(book.find(DeckPage, deck_id=deck.id), key=lambda page: page.position)
    assert [page.title for page in order] == ["Trang 2", "Trang 3", "Trang 1", "Trang 4", "Trang 5"]


def test_two_pages_of_one_address_are_both_in_the_record_and_a_reload_is_not(deck: Deck) -> None:
    meeting = open_meeting(deck, snapshot_id="S", trip_id=None)
    for title in ("Mở đầu", "Mở đầu", "Trang 1"):
        keep_page(meeting, View(), title)
    assert [page.title for page in open_notebook().find(MeetingPage, meeting_id=meeting.id)] == ["Mở đầu", "Trang 1"]


def test_a_size_that_is_told_when_its_page_has_gone_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, Callable[[], None]] = {}
    monkeypatch.setattr(viewport, "_viewport", lambda **given: told.update(late=given["on_size_change"]))
    viewport.room(key="nowhere")
    told["late"]()


def test_a_notebook_that_cannot_be_opened_does_not_stop_the_screens(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_text("no database", encoding="utf-8")
    monkeypatch.setenv("THONGSUOT_NOTEBOOK", str(broken))
    for parameters in ({}, {"trinh_chieu": "1", "bai": "1", "cuoc_hop": "1"}):
        app = visit("overview", **parameters)
        assert not app.exception and app.title
    assert not visit("decks").exception
