"""The communes of the source stories: real outlines and mergers, simulated dossiers, each a brief of two pages.

Eleven of them are units in force (the twelfth story is about a ward of Hà Nội from before the merger).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
import shapely

from etl.build import build
from etl.simulate import simulate
from indicators import open_snapshot
from reports.brief import compose_brief
from reports.pdf import write_pdf
from reports.shared import BriefContext, brief_context

PROVINCES = {"25": "phu_tho", "31": "hai_phong", "33": "hung_yen"}
# By code: the name, how many pieces came whole, and what the official table of conversion says of the others.
STORIES: dict[str, tuple[str, str, int, tuple[str, ...]]] = {
    "08740": ("25", "Phường Phúc Yên", 5, ()),
    "07942": ("25", "Phường Phú Thọ", 3, ()),
    "10645": ("31", "Xã An Phú", 2, ("một phần diện tích và dân số",)),
    "10660": ("31", "Phường Ái Quốc", 2, ("một phần diện tích, không có dân",)),
    "11146": ("31", "Xã Nguyên Giáp", 3, ("một phần diện tích và dân số",)),
    "11602": ("31", "Phường Hồng An", 2, ("một phần diện tích và dân số",) * 4),
    "11629": ("31", "Xã An Lão", 4, ("một phần diện tích và dân số", "một phần diện tích, toàn bộ dân số")),
    "12286": ("33", "Xã Nghĩa Dân", 4, ()),
    "12322": ("33", "Xã Hiệp Cường", 3, ("một phần diện tích và dân số",)),
    "12223": ("33", "Xã Triệu Việt Vương", 4, ()),
    "12238": ("33", "Xã Việt Tiến", 3, ()),
}


def with_block(config: str, name: str, lines: str) -> str:
    """The source file with other lines in one of its blocks."""
    before, _head, after = config.partition(f"[{name}]\n")
    return f"{before}[{name}]\n{lines}\n\n{after.partition(chr(10) * 2)[2]}"


@pytest.fixture(scope="module")
def province(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], BriefContext]:
    @cache
    def built(code: str) -> BriefContext:
        directory = tmp_path_factory.mktemp(f"province-{code}")
        simulate(directory / "exports", province_code=code, dossiers=3_000, days=100, clean=True)
        config = directory / "exports" / "province.toml"
        real = shared_data / "boundaries" / f"communes_2025_{code}_{PROVINCES[code]}.geojson"
        text = with_block(
            config.read_text(encoding="utf-8"),
            "boundaries",
            f"""path = "{real}"
source = "OpenStreetMap"
columns = {{ commune_code = "code" }}""",
        )
        official = shared_data / "boundaries" / "crosswalk_2025.csv"
        text = with_block(
            text,
            "lineage",
            f"""path = "{official}"
columns = {{ old_kind = "old_type" }}""",
        )
        config.write_text(text, encoding="utf-8")
        build(config, directory / "warehouse")
        return brief_context(open_snapshot(directory / "warehouse"))

    return built


@pytest.mark.parametrize("code", STORIES)
def test_the_brief_of_each_commune_of_the_stories(code: str, province: Callable[[str], BriefContext]) -> None:
    of, name, whole, others = STORIES[code]
    context = province(of)
    brief = compose_brief(context.snapshot, code, context=context)
    assert brief.commune_name == name
    extents = [piece.extent_text for piece in brief.pieces]
    assert extents.count("toàn bộ") == whole
    assert tuple(one for one in extents if one != "toàn bộ") == others
    assert all("NQ-UBTVQH15" in piece.note for piece in brief.pieces)
    outline = shapely.union_all([shapely.make_valid(shapely.Polygon(ring)) for ring in brief.map.commune])
    row = context.communes[code]
    assert outline.buffer(0.002).contains(shapely.Point(row["lon"], row["lat"]))
    assert not brief.map.note
    assert brief.questions
    content = write_pdf(brief)
    pages = pypdfium2.PdfDocument(content)
    assert len(pages) == 2
    first = pages[0].get_textpage().get_text_range()
    assert name.upper() in first.upper()
    assert "mô phỏng" in first
