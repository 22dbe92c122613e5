"""The library as docs/thu-vien.md shows it: every block runs, and what it names is exported."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import indicators
from tests.builders import build_snapshot, dossier
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "thu-vien.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_example_runs_from_its_first_block_to_its_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = build_snapshot(
        tmp_path / "warehouse",
        dossiers=[
            dossier(received_at="2025-09-01 08:00", due_at="2025-09-05", finished_at="2025-09-03 09:00"),
            dossier(received_at="2025-09-02 08:00", due_at="2025-09-05", commune_code="08521"),
        ],
    )
    monkeypatch.setenv("THONGSUOT_WAREHOUSE", str(directory))
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for number, block in enumerate(BLOCKS, start=1):
        exec(compile(block, f"docs/thu-vien.md, block {number}", "exec"), names)
    printed = capsys.readouterr().out
    assert "Phú Thọ 2025-09-30 18:00:00 True" in printed
    assert "II.06: (1, 1) QĐ 766: (1, 2)" in printed
    assert "received?" in printed
    assert names["listed"]["commune_code"].to_list() == ["08521"]
    assert names["busiest"]["dossiers"].to_list() == [1, 1]
    assert openpyxl.load_workbook("bieu_ii06.xlsx").sheetnames == ["Biểu II.06a", "Nguồn và bộ lọc"]
    assert openpyxl.load_workbook("theo_xa.xlsx").sheetnames == ["Số liệu", "Nguồn và bộ lọc"]


def test_everything_offered_exists() -> None:
    assert all(hasattr(indicators, name) for name in indicators.__all__)


def test_a_snapshot_opens_by_text_path_and_id(tmp_path: Path) -> None:
    directory = build_snapshot(tmp_path, dossiers=[dossier()])
    snapshot = indicators.open_snapshot(str(directory), "20250930T180000")
    assert indicators.compute(snapshot, "received")["received"].item() == 1
    snapshot.close()
