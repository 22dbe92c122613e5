"""Numbers of people planted in the sources reach no file: the words around them do, or the test would prove nothing."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

import pypdfium2
import pytest

from etl.build import build
from etl.masking import MASK
from indicators import open_snapshot
from reports.brief import compose_brief
from reports.files import BRIEF_ENDINGS, PACK_ENDINGS, brief_file, pack_file
from reports.pack import compose_pack
from tests.etl.province import REGISTER_BLOCK, code, row, write_province

COMMUNE = "07942"
NAME, TELEPHONE, IDENTITY = "Nguyễn Thị Mô Phỏng", "0912345678", "001085012345"
# The applicant and the telephone stand in every row of the register, in columns that the ETL drops.
PLANTED = (NAME, "0900000123", TELEPHONE, IDENTITY)
NEAR = "Đường truyền hay ngắt"
LIST = f"""Xã, phường,Sở, ngành,Nội dung,Ngày nêu
"Phường Phú Thọ",Sở KH&CN,"{NEAR}, gọi {TELEPHONE} không được, hồ sơ của {IDENTITY}",02/03/2026
""".replace("Xã, phường,Sở, ngành", '"Xã, phường","Sở, ngành"')
# The picture has no text to search; it prints what the others print.
READABLE = tuple(ending for ending in BRIEF_ENDINGS if ending != ".png")


def text_of(content: bytes, ending: str) -> str:
    """All that the file says, hidden parts of its archive included, in one line."""
    if ending == ".pdf":
        document = pypdfium2.PdfDocument(content)
        try:
            return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
        finally:
            document.close()
    if ending == ".html":
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("planted")
    rows = [row(code(number), finished="", status="Đang xử lý") for number in range(1, 6)]
    config = write_province(directory, rows, toml=REGISTER_BLOCK + '\n[difficulties]\npath = "difficulties.csv"\n')
    (directory / "difficulties.csv").write_text(LIST, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THONGSUOT_KEY_FILE", str(directory / "hash.key"))
        build(config, directory / "warehouse")
    sources = "".join(path.read_text(encoding="utf-8") for path in directory.rglob("*.csv"))
    assert all(one in sources for one in PLANTED)
    return directory / "warehouse"


@cache
def files(warehouse: Path) -> dict[str, bytes]:
    snapshot = open_snapshot(warehouse)
    brief, pack = compose_brief(snapshot, COMMUNE), compose_pack(snapshot, [COMMUNE])
    return {f"brief{ending}": brief_file(brief, ending, snapshot.info) for ending in READABLE} | {
        f"pack{ending}": pack_file(pack, ending) for ending in PACK_ENDINGS
    }


@pytest.mark.parametrize("name", [f"brief{one}" for one in READABLE] + [f"pack{one}" for one in PACK_ENDINGS])
def test_a_planted_number_of_a_person_reaches_no_file(warehouse: Path, name: str) -> None:
    read = text_of(files(warehouse)[name], Path(name).suffix)
    assert [one for one in PLANTED if one in read] == []
    together = "".join(read.split())
    assert [one for one in PLANTED if one.replace(" ", "") in together] == []


def test_the_words_around_it_do_and_say_where_it_was(warehouse: Path) -> None:
    for name in ("brief.pdf", "brief.docx", "brief.html", "brief.xlsx", "pack.html"):
        read = text_of(files(warehouse)[name], Path(name).suffix)
        assert all(word in read for word in NEAR.split()), name
        assert MASK in read, name
