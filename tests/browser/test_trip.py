"""The whole rhythm of a trip in a real browser: plan, brief, visit, promise, and what the next month's data say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from notebook import Promise, Stop, Trip, open_notebook
from tests.browser.server import run_etl, running_app
from tests.browser.visitor import Visitor
from tests.etl.province import csv_text, row, write_boundaries, write_province

Visit = Callable[..., Visitor]
PHU_THO, PHUC_YEN, AN_PHU = "07942", "08740", "10645"
REGISTER = """
[boundaries]
path = "boundaries.geojson"
columns = { commune_code = "code" }

[[dossiers]]
path = "exports/*"
columns = { commune_code = "Mã xã" }
"""


def month(number: int, in_time: dict[str, int]) -> list[tuple[str, ...]]:
    """A hundred dossiers a commune received and closed on the working days of a month, so many of them in time."""
    days = [day for day in range(1, 31) if dt.date(2025, number, day).weekday() < 5]
    rows = []
    for commune, good in in_time.items():
        for count in range(100):
            day = dt.date(2025, number, days[count % len(days)])
            is_late = (count + 1) * (100 - good) // 100 > count * (100 - good) // 100
            due = day - dt.timedelta(days=1) if is_late else day
            dossier = f"H44.{int(commune) % 1000:03d}-25{number:02d}{day.day:02d}-{count:04d}"
            written = {"received": f"{day:%d/%m/%Y} 08:00", "finished": f"{day:%d/%m/%Y} 10:00"}
            rows.append(row(dossier, commune=commune, due=f"{due:%d/%m/%Y}", **written))
    return rows


def choose(page: Page, label: str, typed: str, option: str) -> None:
    """Pick in one of our pickers whose choice does not go into the address."""
    page.get_by_role("combobox", name=label, exact=True).click()
    page.keyboard.type(typed)
    page.get_by_role("option", name=option).first.click()
    page.keyboard.press("Escape")


def test_a_promise_made_on_a_trip_is_kept_or_not_by_the_next_months_data(visit: Visit, tmp_path: Path) -> None:
    every = {PHU_THO: 60, PHUC_YEN: 70, AN_PHU: 98}
    province = write_province(tmp_path, month(8, every) + month(9, every), toml=REGISTER, register="thang-9.csv")
    write_boundaries(tmp_path, [PHU_THO, PHUC_YEN, AN_PHU])
    run_etl("build", province, "--warehouse", tmp_path / "warehouse")
    with running_app(tmp_path / "warehouse", tmp_path / "app.log") as address:
        visitor = visit(address=address, width=1280, height=720)
        page = visitor.page
        # Plan.
        visitor.open("/chuyen-di")
        page.get_by_role("textbox", name="Người dẫn đoàn").fill("Phó Chủ tịch phụ trách nội chính")
        # On the last day of the data, long past by the clock of the machine.
        page.get_by_role("group", name="Ngày đi", exact=True).get_by_role("spinbutton").first.click()
        page.keyboard.type("30092025")
        page.get_by_role("button", name="Lập chuyến đi").click()
        expect(page).to_have_url(re.compile(r"chuyen=1\b"))
        visitor.settle()
        choose(page, "Điểm đến", "phu tho", "Phường Phú Thọ")
        expect(page.get_by_role("link", name="1. Phường Phú Thọ")).to_be_visible()
        visitor.settle()
        trip = page.url
        visitor.screenshot("chuyen-di-1280x720")
        assert visitor.overflow() <= 0
        # Brief.
        page.get_by_role("link", name="1. Phường Phú Thọ").click()
        expect(page).to_have_url(re.compile(rf"/phieu-kiem-tra\?.*xa={PHU_THO}"))
        visitor.settle()
        assert "Phường Phú Thọ" in visitor.said()
        # Visit and promise.
        page.goto(trip)
        visitor.settle()
        page.get_by_role("textbox", name="Người ghi").fill("Văn phòng UBND tỉnh")
        page.get_by_role("textbox", name="Người ghi").press("Tab")
        visitor.settle()
        page.get_by_text("Ghi cam kết mới").click()
        page.get_by_role("textbox", name="Nội dung cam kết").fill("Trả đúng hẹn hồ sơ chứng thực")
        page.get_by_role("textbox", name="Nội dung cam kết").press("Tab")
        visitor.settle()
        choose(page, "Chỉ tiêu phải chuyển động", "dung han", "Tỷ lệ đúng hạn (biểu II.06)")
        size = page.get_by_test_id("stNumberInputField")
        size.fill("20")
        size.press("Tab")
        visitor.settle()
        page.get_by_role("button", name="Ghi cam kết", exact=True).click()
        expect(page.get_by_text("đang theo dõi").first).to_be_visible()
        visitor.settle()
        notebook = open_notebook()
        (mine,) = notebook.find(Promise)
        assert (mine.commune_code, mine.expected_change, mine.created_by) == (PHU_THO, 0.2, "Văn phòng UBND tỉnh")
        # What another commune promised on the same day, by somebody else.
        (made,) = notebook.find(Trip)
        notebook.add(Stop(trip_id=made.id or 0, commune_code=PHUC_YEN, position=2), by="Người khác")
        notebook.add(
            Promise(
                trip_id=made.id,
                commune_code=PHUC_YEN,
                department="Phường Phúc Yên",
                text="Cũng trả đúng hẹn",
                promised_on=mine.promised_on,
                due_on=mine.due_on,
                indicator=mine.indicator,
                expected_change=0.2,
            ),
            by="Người khác",
        )
        # The next month's export: one kept its word.
        rows = month(10, {PHU_THO: 97, PHUC_YEN: 70, AN_PHU: 98})
        (tmp_path / "exports" / "thang-10.csv").write_text(csv_text(rows), encoding="utf-8")
        run_etl("build", province, "--warehouse", tmp_path / "warehouse")
        page.goto(trip)
        visitor.settle()
        told = visitor.said().replace("\N{NO-BREAK SPACE}", " ")
        assert "✓ giữ được" in told
        assert "✗ chưa giữ được" in told
        assert re.search(r"Giữ được: tỷ lệ đúng hạn .* từ (59|60|61),\d % trước ngày cam kết .* thành 9\d,\d %", told)
        visitor.screenshot("chuyen-di-sau-mot-thang")
        # And it reads on a phone.
        page.set_viewport_size({"width": 390, "height": 844})
        visitor.settle()
        visitor.screenshot("chuyen-di-390x844")
        assert visitor.overflow() <= 0
        page.goto("about:blank")
