"""Every screen in a real browser: it opens, stays at home, follows its filters, travels as a link, sees new data.

One file, so that `--dist loadfile` keeps the one running app and its Chromium on one worker.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import expect

from scripts.messages import translations
from tests.browser.server import running_app
from tests.browser.visitor import Visitor
from warehouse import current_id, publish, snapshot_path

TITLES = {
    "/": "Tổng quan",
    "/ban-do": "Bản đồ",
    "/xu-huong": "Xu hướng",
    "/so-sanh": "So sánh",
    "/diem-nghen": "Điểm nghẽn",
    "/chi-so-766": "Chỉ số 766",
    "/phieu-kiem-tra": "Phiếu kiểm tra",
    "/chuyen-di": "Chuyến đi",
    "/vuong-mac": "Vướng mắc",
    "/khai-thac": "Khai thác",
    "/chat-luong": "Chất lượng dữ liệu",
    "/doi-chieu": "Đối chiếu",
}
SCREENS = {path: path[1:] or "tong-quan" for path in TITLES}
# What the demo calls its boundaries is data, not a sentence of ours; a few words may stand in the text of an event.
VIETNAMESE_SENTENCES = {text for text, english in translations().items() if text.count(" ") > 2 and text != english} - {
    "ranh giới xấp xỉ"
}
# They quote messages of the loader, reasons of reviewers, names of steps and what communes ask in their own language.
QUOTING = ("/chat-luong", "/doi-chieu", "/diem-nghen", "/vuong-mac")
Visit = Callable[..., Visitor]


@pytest.mark.parametrize("path", SCREENS)
def test_a_screen_opens_without_errors_or_foreign_requests(visit: Visit, path: str) -> None:
    visitor = visit(width=1600, height=900)
    visitor.open(path)
    expect(visitor.page.get_by_role("heading", name=TITLES[path]).first).to_be_visible()
    assert "Dữ liệu mô phỏng" in visitor.said()
    visitor.screenshot(f"{SCREENS[path]}-1600x900")
    # The same page on a projector: nothing may stand beyond its edge.
    visitor.page.set_viewport_size({"width": 1280, "height": 720})
    visitor.settle()
    visitor.screenshot(f"{SCREENS[path]}-1280x720")
    assert visitor.overflow() <= 0


@pytest.mark.parametrize("path", ["/", "/chat-luong", "/doi-chieu"])
def test_a_screen_fits_a_phone(visit: Visit, path: str) -> None:
    visitor = visit(width=390, height=844)
    visitor.open(path)
    visitor.screenshot(f"{SCREENS[path]}-390x844")
    assert visitor.overflow() <= 0


def test_a_search_without_marks_finds_the_commune_and_changes_figures_and_address(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/")
    before = visitor.figures()
    visitor.pick("Xã, phường", "phu tho", "Phường Phú Thọ")
    expect(visitor.page).to_have_url(visitor.address + "/?xa=07942")
    assert before
    assert visitor.figures() != before


def test_a_copied_link_opens_the_same_view_for_someone_else(visit: Visit) -> None:
    sender = visit()
    sender.open("/xu-huong")
    sender.pick("Xã, phường", "phu tho", "Phường Phú Thọ")
    sender.pick("Thời gian", "quy 3", "Quý 3 năm 2026")
    receiver = visit(somebody_else=True)
    receiver.page.goto(sender.page.url)
    receiver.settle()
    assert receiver.page.url == sender.page.url
    assert "Phường Phú Thọ" in receiver.said()
    assert receiver.said() == sender.said()


@pytest.mark.parametrize("path", ["/ban-do", "/xu-huong", "/so-sanh"])
def test_the_sidebar_switches_screens_and_keeps_the_filters(visit: Visit, path: str) -> None:
    visitor = visit()
    visitor.open("/", {"xa": "07942"})
    visitor.follow(TITLES[path])
    assert visitor.page.url == f"{visitor.address}{path}?xa=07942"


def test_a_click_on_the_map_shows_the_panel_of_that_commune(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/ban-do")
    chosen = visitor.click_the_map()
    expect(visitor.page.get_by_role("region", name="so với toàn tỉnh")).to_be_visible()
    assert visitor.page.url == f"{visitor.address}/ban-do?xa={chosen}"
    visitor.screenshot("ban-do-mot-xa-1600x900")


def test_a_click_on_a_warning_opens_its_dossiers_and_the_link_opens_them_for_others(visit: Visit) -> None:
    sender = visit()
    sender.open("/chat-luong")
    sender.page.get_by_role("button", name="yêu cầu bổ sung hơn một lần").click()
    expect(sender.page).to_have_url(f"{sender.address}/chat-luong?canh-bao=repeated_supplement")
    sender.settle()
    with sender.page.expect_download() as download:
        sender.page.get_by_role("button", name="Tải XLSX").last.click()
    assert download.value.suggested_filename == "canh-bao-repeated-supplement.xlsx"
    receiver = visit(somebody_else=True)
    receiver.page.goto(sender.page.url)
    receiver.settle()
    assert "2 lần yêu cầu bổ sung" in receiver.said()


def test_a_click_on_a_source_puts_its_name_into_the_address(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/doi-chieu")
    visitor.page.get_by_role("button", name="Phường Phúc Yên").first.click()
    expect(visitor.page).to_have_url(re.compile(r"/doi-chieu\?nguon=phuong-phuc-yen-[a-z0-9-]+$"))
    visitor.settle()
    expect(visitor.page.get_by_role("heading", name="Phường Phúc Yên")).to_be_visible()


def test_in_english_no_vietnamese_sentence_is_left(visit: Visit) -> None:
    visitor = visit()
    for path in SCREENS:
        visitor.open(path, {"lang": "en"})
        said = visitor.said()
        assert "Simulated data" in said
        if path not in QUOTING:
            assert [(path, message) for message in VIETNAMESE_SENTENCES if message in said] == []


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return tmp_path / "warehouse"


@pytest.fixture
def app_of_empty(empty: Path, tmp_path: Path) -> Iterator[str]:
    with running_app(empty, tmp_path / "app.log") as address:
        yield address


def publish_copy(source: Path, target: Path, *, snapshot_id: str) -> None:
    """Publish a copy of the other warehouse's snapshot under an ID of its own."""
    published = current_id(source)
    assert published is not None
    path = snapshot_path(target, snapshot_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(snapshot_path(source, published), path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update snapshot set snapshot_id = $1", [snapshot_id])
    publish(target, snapshot_id)


def test_an_open_page_explains_the_missing_snapshot_and_shows_each_new_one_at_the_next_click(
    visit: Visit, app_of_empty: str, empty: Path, warehouse: Path
) -> None:
    visitor = visit(address=app_of_empty)
    visitor.open("/")
    assert "Chưa có dữ liệu để xem." in visitor.said()
    assert "make demo" in visitor.said()

    publish_copy(warehouse, empty, snapshot_id="first")
    visitor.follow("Bản đồ")
    assert "bản dữ liệu first" in visitor.said()

    publish_copy(warehouse, empty, snapshot_id="second")
    visitor.follow("Tổng quan")
    assert "bản dữ liệu second" in visitor.said()


def test_a_link_pinned_to_an_earlier_snapshot_keeps_showing_it(
    visit: Visit, app_of_empty: str, empty: Path, warehouse: Path
) -> None:
    publish_copy(warehouse, empty, snapshot_id="first")
    publish_copy(warehouse, empty, snapshot_id="second")
    visitor = visit(address=app_of_empty)
    visitor.open("/", {"snapshot": "first"})
    assert "bản dữ liệu first" in visitor.said()
    visitor.open("/", {"snapshot": "gone"})
    assert "gone" in visitor.said()
    visitor.page.get_by_role("button", name="Xem bản dữ liệu mới nhất").click()
    expect(visitor.page.get_by_text("bản dữ liệu second")).to_be_visible()


@pytest.fixture
def app_that_loads(empty: Path, province: Path, tmp_path: Path) -> Iterator[str]:
    """An app over an empty warehouse, with a copy of the province to load."""
    config = tmp_path / "province" / "province.toml"
    shutil.copytree(province.parent, config.parent)
    variables = {"THONGSUOT_CONFIG": str(config), "THONGSUOT_KEY_FILE": str(tmp_path / "hash.key")}
    with running_app(empty, tmp_path / "app.log", **variables) as address:
        yield address


def test_data_are_checked_and_loaded_without_a_terminal_and_a_bad_file_leaves_the_old_ones(
    visit: Visit, app_that_loads: str, empty: Path, tmp_path: Path
) -> None:
    visitor = visit(address=app_that_loads)
    visitor.open("/chat-luong")
    page, alerts = visitor.page, visitor.page.get_by_test_id("stAlert")
    assert "Chưa có dữ liệu để xem." in visitor.said()
    long = 90_000

    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button", name="Nạp dữ liệu")).to_be_disabled()
    expect(alerts.filter(has_text="Chưa công bố gì.")).to_be_visible(timeout=long)
    assert current_id(empty) is None

    page.get_by_role("button", name="Nạp dữ liệu").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    # The very page that was open shows what has just been published.
    expect(alerts.filter(has_text="Đã công bố bản dữ liệu")).to_be_visible(timeout=long)
    expect(page.get_by_role("heading", name="Sống")).to_be_visible()
    published = current_id(empty)
    assert published is not None
    visitor.settle()
    assert f"bản dữ liệu {published}" in visitor.said()
    page.get_by_text("Nhật ký của lần này").click()
    expect(page.get_by_text("Từ chối")).not_to_have_count(0)
    visitor.screenshot("chat-luong-vua-nap-1600x900")

    broken = tmp_path / "province" / "communes.csv"
    broken.write_text("tên,dân số\nPhường Phú Thọ,30000\n", encoding="utf-8")
    page.get_by_role("button", name="Nạp dữ liệu").click()
    expect(alerts.filter(has_text="communes.csv")).to_be_visible(timeout=long)
    assert "bản dữ liệu đang dùng vẫn giữ nguyên" in visitor.said()
    visitor.screenshot("chat-luong-nap-hong-1600x900")
    assert current_id(empty) == published
    visitor.settle()
    assert f"bản dữ liệu {published}" in visitor.said()
