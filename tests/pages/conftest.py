"""A small province for the screens: four communes, two fields, some months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.parts.navigation import entries
from pages.parts.stage import _HERE
from tests.builders import build_snapshot, dossier
from tests.conftest import ROOT

SCREENS = (
    "overview",
    "map",
    "trend",
    "compare",
    "bottleneck",
    "index_766",
    "brief",
    "trips",
    "difficulties",
    "quality",
    "reconcile",
    "explore",
)


def dossiers() -> list[dict[str, object]]:
    """Forty dossiers for each of two communes and five for a third, one a day; every eighth of Đồng Lương is late."""
    rows = []
    for code, count in (("08740", 40), ("08521", 40), ("08230", 5)):
        for number in range(count):
            day = dt.datetime(2025, 7, 28, 8, 0) + dt.timedelta(days=number)
            late = code == "08521" and number % 2 == 0
            rows.append(
                dossier(
                    commune_code=code,
                    received_at=day,
                    due_at=day + dt.timedelta(days=2),
                    finished_at=day + dt.timedelta(days=4 if late else 1),
                    channel="online" if number % 3 else "in_person",
                    field="Hộ tịch" if number % 4 == 0 else "Chứng thực",
                    procedure_code="1.001193" if number % 4 == 0 else "2.000815",
                )
            )
    return rows


def reported_figure(commune_code: str, unit_name: str) -> dict[str, object]:
    """What a unit reported to have received in August 2025; the register knows better."""
    return {
        "unit_name": unit_name,
        "commune_code": commune_code,
        "scope": "commune",
        "starts_at": dt.datetime(2025, 8, 1),
        "ends_at": dt.datetime(2025, 9, 1),
        "measure": "received",
        "measure_name": "Tiếp nhận",
        **dict.fromkeys(("value", "value_low", "value_high"), 30.0),
        "value_text": "30",
        "source": "Báo cáo tháng 8",
        "source_file": "reported.csv",
        "row_number": 2,
    }


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_snapshot(
        tmp_path_factory.mktemp("warehouse"),
        dossiers=dossiers(),
        procedures=[
            {"procedure_code": "2.000815", "name": "Chứng thực bản sao từ bản chính", "field": "Chứng thực"},
            {"procedure_code": "1.001193", "name": "Đăng ký khai sinh", "field": "Hộ tịch"},
        ],
        lineage=[{"new_code": "08740", "old_code": "07942", "old_name": "Phường Hùng Vương", "extent": "whole"}],
        reported=[reported_figure("08740", "Phường Phú Thọ"), reported_figure("08521", "Xã Đồng Lương")],
        difficulties=[{}, {"commune_code": "08230", "category": "premises", "text": "Trụ sở chật hẹp"}],
    )


@pytest.fixture
def visit(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """`visit("map", xa=["08740"])` opens a screen with these query parameters."""
    st.cache_data.clear()
    st.cache_resource.clear()

    def open_screen(screen: str, directory: Path = warehouse, **parameters: str | list[str]) -> AppTest:
        monkeypatch.setenv("THONGSUOT_WAREHOUSE", str(directory))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, values in parameters.items():
            app.query_params[name.replace("_", "-")] = values
        # Straight to the address, as a link opens it: `switch_page` would draw the whole overview first.
        entry = next(entry for entry in entries() if entry.file == f"pages/{screen}.py")
        if entry.address:
            app._page_hash = calc_hash(entry.address)
        app.run()
        assert app.session_state[_HERE] == entry.address, f"another screen than {screen} was opened"
        return app

    yield open_screen
    st.cache_data.clear()
    st.cache_resource.clear()
