"""`python -m reports`: what it writes, and how it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from indicators.errors import CallError
from notebook import Difficulty, Promise, open_notebook
from reports.__main__ import main
from reports.files import write_whole
from tests.builders import build_snapshot, dossier

Run = Callable[..., tuple[int, str]]
COMMUNE, OTHER = "08740", "08521"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_snapshot(
        tmp_path_factory.mktemp("warehouse"),
        dossiers=[
            dossier(dossier_id="A", due_at="2025-07-03", finished_at="2025-07-02 08:00"),
            dossier(commune_code=OTHER, channel="online", received_at="2025-07-02 09:00"),
        ],
    )


@pytest.fixture
def run(warehouse: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command on a small warehouse: exit code, and what it said."""

    def call(*arguments: object) -> tuple[int, str]:
        monkeypatch.setenv("THONGSUOT_WAREHOUSE", str(warehouse))
        monkeypatch.setenv("COLUMNS", "400")
        monkeypatch.setattr("sys.argv", ["reports", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out + printed.err

    return call


def read(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


SIGNATURES = {
    ".pdf": b"%PDF-",
    ".docx": b"PK",
    ".pptx": b"PK",
    ".xlsx": b"PK",
    ".png": b"\x89PNG",
    ".html": b"<!doctype html>",
}


@pytest.mark.parametrize("ending", SIGNATURES)
def test_the_ending_decides_the_format(run: Run, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"phieu{ending.upper() if ending == '.pdf' else ending}"
    code, said = run("brief", COMMUNE, "--out", out)
    assert code == 0, said
    assert str(out) in said
    assert out.read_bytes().lstrip().startswith(SIGNATURES[ending])
    assert [file.name for file in tmp_path.iterdir()] == [out.name]


def test_a_pack_holds_the_communes_in_the_order_given_each_once(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "chuyen.pdf"
    code, said = run("pack", OTHER, COMMUNE, OTHER, "--out", out)
    assert code == 0, said
    pages = read(out)
    assert len(pages) == 1 + 2 * 2
    assert "Hùng Vương" not in pages[0] or pages[0]
    for ending in (".pptx", ".html"):
        assert run("pack", COMMUNE, OTHER, "--out", tmp_path / f"chuyen{ending}")[0] == 0


def test_the_days_asked_for_are_those_of_the_brief(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "phieu.pdf"
    assert run("brief", COMMUNE, "--from", "01/07/2025", "--to", "2025-07-02", "--out", out)[0] == 0
    assert "02/07/2025" in read(out)[0]


def test_the_notebook_is_read_where_there_is_one(run: Run, tmp_path: Path) -> None:
    book = open_notebook()
    book.add(
        Promise(
            commune_code=COMMUNE, department="Sở Nội vụ", text="Bổ sung hai người", promised_on=dt.date(2025, 7, 1)
        ),
        by="Văn phòng",
    )
    book.add(
        Difficulty(
            commune_code=COMMUNE,
            category="equipment",
            department="Sở Tài chính",
            text="Thiếu máy quét",
            asked_on=dt.date(2025, 7, 1),
        ),
        by="Văn phòng",
    )
    out = tmp_path / "chuyen.pdf"
    code, said = run("pack", COMMUNE, "--out", out)
    assert code == 0, said
    pages = read(out)
    assert "Bổ sung hai người" in " ".join(pages[1:3])
    assert pages[3].startswith("4 Sở Nội vụ") and "Bổ sung hai người" in pages[3]
    assert pages[4].startswith("5 Sở Tài chính") and "Thiếu máy quét" in pages[4]


def test_no_notebook_is_made_by_looking(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THONGSUOT_NOTEBOOK")
    monkeypatch.chdir(tmp_path)
    assert run("brief", COMMUNE, "--out", "phieu.html")[0] == 0
    assert [file.name for file in tmp_path.iterdir()] == ["phieu.html"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("brief", COMMUNE, "--out", "phieu.txt"), ".pdf, .docx, .pptx, .html, .png, .xlsx"),
        (("brief", COMMUNE, "--out", "phieu"), "không có đuôi"),
        (("pack", COMMUNE, "--out", "phieu.docx"), ".pdf, .pptx, .html"),
        (("brief", "99999", "--out", "phieu.pdf"), "99999"),
        (("pack", COMMUNE, "99999", "--out", "phieu.pdf"), "99999"),
        (("pack", "--out", "phieu.pdf"), "CODE"),
        (("brief", COMMUNE), "--out"),
        (("brief", COMMUNE, "--out", "khong/co/phieu.pdf"), "không có thư mục"),
        (("brief", COMMUNE, "--from", "hôm qua", "--out", "phieu.pdf"), "hôm qua"),
        (("brief", COMMUNE, "--from", "2025-07-02", "--to", "2025-07-01", "--out", "phieu.pdf"), "trước khi bắt đầu"),
        (("chuyen", COMMUNE), "brief"),
    ],
)
def test_a_wrong_call_is_refused_in_a_sentence_and_writes_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = run(*arguments)
    assert code == 2
    assert words in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_missing_warehouse_is_exit_code_1(run: Run, tmp_path: Path) -> None:
    code, said = run("brief", COMMUNE, "--out", tmp_path / "a.pdf", "--warehouse", tmp_path / "khong")
    assert code == 1
    assert "python -m etl build" in said


def test_a_folder_is_no_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "phieu.pdf").mkdir()
    code, said = run("brief", COMMUNE, "--out", tmp_path / "phieu.pdf")
    assert code == 2
    assert "thư mục" in said


def test_what_cannot_be_written_leaves_the_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "phieu.pdf"
    write_whole(out, b"cu")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CallError, match="đĩa hết chỗ"):
        write_whole(out, b"moi")
    assert out.read_bytes() == b"cu"
    assert [file.name for file in tmp_path.iterdir()] == ["phieu.pdf"]


def test_help_is_vietnamese(run: Run) -> None:
    code, said = run("--help")
    assert code == 0
    assert "Hồ sơ một chuyến đi" in said
