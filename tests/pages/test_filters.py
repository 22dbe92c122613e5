"""The filters of the sidebar and the address follow each other."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from pages.parts.address import View
from pages.parts.data import Commune
from pages.parts.filters import filters_of
from pages.parts.navigation import entries

Visit = Callable[..., AppTest]


def test_a_typed_date_goes_into_the_address(visit: Visit) -> None:
    app = visit("overview", ky="custom", tu="2025-08-01", den="2025-08-31")
    assert [field.value for field in app.text_input] == ["01/08/2025", "31/08/2025"]
    app.text_input[0].set_value("5/8/2025").run()
    assert app.query_params["tu"] == "2025-08-05"
    assert app.text_input[0].value == "5/8/2025"


def test_a_date_that_is_none_is_refused_and_the_address_stays(visit: Visit) -> None:
    app = visit("overview", ky="custom", tu="2025-08-01", den="2025-08-31")
    app.text_input[0].set_value("32/8/2025").run()
    assert "ngày/tháng/năm" in app.error[0].value
    assert app.query_params["tu"] == "2025-08-01"
    app.text_input[0].set_value("5/9/2025").run()
    assert "trước ngày kết thúc" in app.error[0].value
    assert app.query_params["tu"] == "2025-08-01"


def test_one_click_lets_go_of_all_filters_and_keeps_the_period(visit: Visit) -> None:
    app = visit("trend", xa=["08740"], kenh="online", ky="2025-08")
    next(button for button in app.button if button.label == "Bỏ mọi bộ lọc").click().run()
    assert dict(app.query_params) == {"ky": "2025-08"}


def test_the_step_of_time_goes_into_the_address(visit: Visit) -> None:
    app = visit("trend", ky="from_2025_07_01")
    step = next(one for one in app.get("segmented_control") if one.label == "Mỗi điểm là một")
    step.set_value("month").run()
    assert app.query_params["buoc"] == "month"


def test_the_language_goes_into_the_address_and_back(visit: Visit) -> None:
    app = visit("overview")
    next(button for button in app.button if button.label == "English").click().run()
    assert app.query_params["lang"] == "en"
    next(button for button in app.button if button.label == "Tiếng Việt").click().run()
    assert "lang" not in app.query_params


def test_links_to_the_other_screens_carry_the_view(visit: Visit) -> None:
    app = visit("map", xa=["08740"], ky="2025-08")
    links = [link.proto.query_string for link in app.sidebar.page_link]
    assert len(links) == len(entries())
    assert set(links) == {"ky=2025-08&xa=08740"}


def test_filters_are_the_dimensions_of_the_indicators() -> None:
    filters = filters_of(View(communes=("08740",), old_districts=("Huyện Hạ Hòa",), channels=("online",)))
    assert filters.given() == {"commune": ("08740",), "channel": ("online",), "old_district": ("Huyện Hạ Hòa",)}


def test_a_commune_is_found_by_the_units_it_came_from() -> None:
    from types import SimpleNamespace

    from pages.parts.filters import commune_options

    new = Commune(
        code="07942",
        name="Phú Thọ",
        full_name="Phường Phú Thọ",
        kind="ward",
        old_province="",
        old_district="",
        cluster="",
        old_names=("Phường Hùng Vương", "Xã Hà Lộc"),
    )
    (option,) = commune_options(SimpleNamespace(communes={"07942": new}))  # type: ignore[arg-type]
    assert (option.label, option.bare) == ("Phường Phú Thọ", "Phú Thọ")
    assert option.also == "gồm Phường Hùng Vương, Xã Hà Lộc cũ"
