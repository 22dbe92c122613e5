"""Declared internal processes: ours are marked as examples, a province's own stand in their place, faults are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.config import load_config
from etl.errors import DataError
from etl.processes import PROCESSES, load_processes, read_processes
from tests.etl.province import REGISTER_BLOCK, build_province, code, row, write_province

BLOCK = '[processes]\npath = "quy_trinh*.toml"\n' + REGISTER_BLOCK
OWN = """
[[process]]
procedure_code = "1.001193.000.00.00.H44"
source = "Quyết định 12"
steps = [
  { activity = "  Tiếp  nhận " },
  { activity = "Ký", hours = 4, optional = true },
]
"""


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def write(directory: Path, text: str, name: str = "quy_trinh.toml") -> Path:
    (directory / name).write_text(text, encoding="utf-8")
    return write_province(directory, toml=BLOCK)


def test_our_own_processes_are_examples_and_begin_with_a_receipt(tmp_path: Path) -> None:
    steps = load_processes(load_config(write_province(tmp_path, toml=REGISTER_BLOCK)))
    assert steps.equals(read_processes(PROCESSES, shown="processes.toml"))
    assert steps["is_illustrative"].all()
    assert steps["procedure_code"].n_unique() >= 3
    for (_code,), process in steps.group_by("procedure_code", maintain_order=True):
        assert process["position"].to_list() == list(range(1, process.height + 1))
        assert "Tiếp nhận hồ sơ" in process["activity"].to_list()


def test_a_provinces_own_processes_stand_in_place_of_ours(tmp_path: Path) -> None:
    steps = load_processes(load_config(write(tmp_path, OWN)))
    assert steps.select("procedure_code", "position", "activity", "hours", "is_optional").rows() == [
        ("1.001193", 1, "Tiếp nhận", None, False),
        ("1.001193", 2, "Ký", 4.0, True),
    ]
    assert not steps["is_illustrative"].any()
    assert steps["source"].unique().to_list() == ["Quyết định 12"]


def test_the_snapshot_holds_the_declared_steps(tmp_path: Path) -> None:
    (tmp_path / "quy_trinh.toml").write_text(OWN, encoding="utf-8")
    _report, tables = build_province(tmp_path, [row(code(1))], toml=BLOCK)
    assert [found["activity"] for found in tables("from process_step order by position")] == ["Tiếp nhận", "Ký"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[process]]\nsteps = []", ["quy_trinh.toml", "process.1.procedure_code", "thiếu"]),
        (OWN.replace("hours = 4", "hours = -4"), ["process.1.steps.2.hours"]),
        (OWN.replace("hours = 4", "hours = nan"), ["process.1.steps.2.hours"]),
        (OWN.replace("hours", "hour"), ["process.1.steps.2.hour", "không có khoá này"]),
        (OWN.replace('"Ký"', '"Tiếp nhận"'), ["«Tiếp nhận»", "hai lần"]),
        (OWN.replace('  { activity = "Ký", hours = 4, optional = true },\n', ""), ["ít nhất hai bước"]),
        (OWN + OWN, ["1.001193", "hai quy trình"]),
        (OWN.replace('"1.001193.000.00.00.H44"', '"  "'), ["procedure_code", "không phải mã thủ tục"]),
        ("[[process]", ["sai cú pháp TOML"]),
        ("", ["process", "thiếu"]),
    ],
)
def test_a_fault_in_the_file_is_told_with_its_place(tmp_path: Path, text: str, said: list[str]) -> None:
    config = load_config(write(tmp_path, text))
    with pytest.raises(DataError) as caught:
        load_processes(config)
    for words in said:
        assert words in str(caught.value)


def test_two_files_may_not_declare_the_same_procedure(tmp_path: Path) -> None:
    (tmp_path / "quy_trinh_2.toml").write_text(OWN, encoding="utf-8")
    config = load_config(write(tmp_path, OWN))
    with pytest.raises(DataError, match="hai quy trình"):
        load_processes(config)


def test_a_missing_file_and_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    config = load_config(write_province(tmp_path, toml=BLOCK))
    with pytest.raises(DataError, match="không có tệp nào"):
        load_processes(config)
    (tmp_path / "quy_trinh.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="UTF-8"):
        load_processes(config)
