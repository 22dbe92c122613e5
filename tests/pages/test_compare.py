"""So sánh: every way of comparing opens for every state of the data, and says who is compared with whom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.address import CONTRASTS
from tests.builders import build_snapshot, dossier
from tests.pages.test_screens import words

Visit = Callable[..., AppTest]
SEEN = {
    "funnel": "đơn vị nằm ngoài giới hạn",
    "ranks": "chưa đủ cơ sở phân biệt",
    "mix": "trên cùng cơ cấu hồ sơ",
    "periods": "chưa đủ cơ sở kết luận",
    "fields": "(đơn vị × lĩnh vực)",
    "side": "Chọn hai đến 6 đơn vị",
}
LONG = {"ky": "from_2025_07_01"}


def test_every_way_has_its_words() -> None:
    assert SEEN.keys() == set(CONTRASTS)


@pytest.mark.parametrize("contrast", [one for one in CONTRASTS if one not in ("funnel", "periods")])
def test_each_way_says_what_it_shows(contrast: str, visit: Visit) -> None:
    app = visit("compare", **LONG, **{"cach-so": contrast})
    assert not app.exception
    assert SEEN[contrast] in words(app)


@pytest.mark.parametrize("contrast", CONTRASTS)
def test_each_way_stands_without_dossiers_and_with_figures_that_are_no_rates(
    contrast: str, visit: Visit, tmp_path: Path
) -> None:
    nothing = visit("compare", build_snapshot(tmp_path), **{"cach-so": contrast})
    assert not nothing.exception
    for chosen in ("received", "processing_days_p50"):
        app = visit("compare", **LONG, **{"cach-so": contrast, "chi-tieu": chosen})
        assert not app.exception


def test_the_funnel_needs_three_communes_and_two_periods_need_two(visit: Visit, tmp_path: Path) -> None:
    assert "Chưa đủ ba đơn vị" in words(visit("compare", **LONG, **{"cach-so": "funnel"}))
    rows = [
        dossier(
            commune_code=code,
            received_at=f"2025-{month:02d}-{day:02d} 08:00",
            due_at=f"2025-{month:02d}-{day:02d}",
            finished_at=f"2025-{month:02d}-{day:02d} 10:00",
        )
        for code in ("08740", "08230", "08521")
        for month in (6, 7, 8)
        for day in range(1, 29)
    ]
    directory = build_snapshot(tmp_path, dossiers=rows)
    assert SEEN["funnel"] in words(visit("compare", directory, ky="2025-08", **{"cach-so": "funnel"}))
    said = words(visit("compare", directory, ky="2025-08", **{"cach-so": "periods"}))
    assert "01/08/2025 – 31/08/2025 so với 01/07/2025 – 31/07/2025" in said
    assert "0 tốt lên rõ, 0 kém đi rõ, 3 chưa đủ cơ sở kết luận" in said


def test_peers_belong_to_the_commune_that_is_chosen(visit: Visit) -> None:
    alone = words(visit("compare", **LONG, **{"so-voi": "kind"}))
    assert "Chọn một đơn vị ở ô “Xã, phường” để có nhóm so sánh" in alone
    app = visit("compare", **LONG, xa="08740", **{"so-voi": "kind"})
    assert not app.exception
    assert "Nhóm so sánh" in words(app)
    assert "Không có gì đáng chú ý trong nhóm" in words(app)
    # Đồng Lương is no ward.
    assert "Xã Đồng Lương" not in words(app)
    unknown = visit("compare", **LONG, xa="08674", **{"so-voi": "population"})
    assert "Chưa có căn cứ để tìm đơn vị dân số gần nhất cho Xã Ấm Hạ" in words(unknown)


def test_two_communes_open_side_by_side_and_say_in_what_they_differ(visit: Visit) -> None:
    said = words(visit("compare", **LONG, xa=["08740", "08521"]))
    assert "2 đơn vị cạnh nhau" in said
    assert "Phường Phú Thọ cao hơn Xã Đồng Lương" in said
    assert "Chưa đủ cơ sở phân biệt ở" in said
