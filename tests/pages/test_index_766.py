"""The screen of Decision 766 in every state of its sources: no scores, some, all; no dossiers; one commune."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.builders import COMMUNES, Row, build_snapshot, dossier, index_score, index_weights
from tests.pages.test_screens import words as escaped_words

Visit = Callable[..., AppTest]
MONTH = {"ky": "2025-09"}


def dossiers(code: str = "08740", *, count: int = 40, late: int = 3) -> list[Row]:
    return [
        dossier(
            commune_code=code,
            received_at="2025-09-01 08:00",
            due_at="2025-09-05",
            finished_at="2025-09-09 09:00" if number < late else "2025-09-03 09:00",
            processing_minutes=480,
            channel="online" if number % 2 else "in_person",
            fee=2000,
            paid_online=number % 4 == 0,
            digitised=number % 3 != 0,
            e_result=number % 2 == 0,
        )
        for number in range(count)
    ]


def published(unit: str | None, **changes: float) -> list[Row]:
    """All that no dossier tells, for one unit; by default nine tenths of the maximum."""
    return [
        index_score(
            commune_code=unit,
            item=row["component"],
            score=changes.get(row["component"], round(row["max_points"] * 0.9, 2)),
            max_score=row["max_points"],
        )
        for row in index_weights()
        if row["formula"] is None
    ]


def words(app: AppTest) -> str:
    """The texts as they are read, without what keeps Markdown from reading them."""
    return escaped_words(app).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


def table_of(app: AppTest, key: str) -> list[dict[str, object]]:
    for component in app.get("bidi_component"):
        data = json.loads(component.proto.json)
        if key in str(data.get("caption", "")):
            rows: list[dict[str, object]] = data["rows"]
            return rows
    raise AssertionError(key)


def test_without_scores_the_parts_of_the_dossiers_are_shown_and_never_scaled(visit: Visit, tmp_path: Path) -> None:
    app = visit("index_766", build_snapshot(tmp_path, dossiers=dossiers()), **MONTH)
    assert not app.exception
    texts = words(app)
    # 2.1 20 × 37/40, 3.3 none electronic online, 3.5 3.33, 3.6 3.34 × 10/40, 4.1 6 × 20/40, 4.2 4 × (26/40)/0.8.
    assert "Toàn tỉnh: 28,9 / 40,67 điểm tính được" in texts
    assert "không có nguồn" in texts
    assert "Chưa nạp điểm công bố" in texts
    assert "mức" not in texts.split("điểm tính được")[1].split("\n")[0]
    assert "không phải điểm chính thức" in texts


def test_with_all_scores_the_total_has_its_band(visit: Visit, tmp_path: Path) -> None:
    scores = [*published("08740"), *published(None)]
    app = visit("index_766", build_snapshot(tmp_path, dossiers=dossiers(), scores=scores), xa="08740", **MONTH)
    assert not app.exception
    texts = words(app)
    # 28,9 computed and nine tenths of the other 59,33.
    assert re.search(r"Phường Phú Thọ: 82,3 / 100 điểm tính được \(khoảng tin cậy .*?\); tương đương mức Tốt", texts)
    assert "Chưa nạp điểm công bố" not in texts
    assert "01/07/2025 – 30/09/2025" in texts


def test_a_published_score_is_set_against_our_own_computation_for_its_very_period(visit: Visit, tmp_path: Path) -> None:
    july = [
        dossier(
            received_at="2025-07-01 08:00", due_at="2025-07-05", processing_minutes=480,
            finished_at=f"2025-07-{'03' if number < 8 else '15'} 09:00",
        )
        for number in range(10)
    ]  # fmt: skip
    score = index_score(
        item="2.1", score=17.25, max_score=20.0, starts_on=dt.date(2025, 7, 1), ends_on=dt.date(2025, 7, 31)
    )
    directory = build_snapshot(tmp_path, dossiers=[*july, *dossiers()], scores=[score])
    app = visit("index_766", directory, xa="08740", **MONTH)
    row = next(row for row in table_of(app, "Chỉ số thành phần") if "2.1" in str(row["cells"]))
    cells = str(row["cells"])
    assert "18,50 / 20" in cells
    assert "37 / 40 hồ sơ" in cells
    assert "17,25" in cells
    # In July 8 of 10 were on time: 16 points.
    assert "−1,25" in cells
    assert "tính lại kỳ ấy: 16,00 · nên đối chiếu" in cells
    assert "trong 1 điểm công bố mà phần mềm tính lại được cho chính kỳ ấy, 1 điểm lệch từ 0,5 điểm" in words(app)


def test_a_published_score_from_before_the_data_is_not_set_against_anything(visit: Visit, tmp_path: Path) -> None:
    score = index_score(item="2.1", score=17.25, max_score=20.0)
    app = visit("index_766", build_snapshot(tmp_path, dossiers=dossiers(), scores=[score]), xa="08740", **MONTH)
    row = next(row for row in table_of(app, "Chỉ số thành phần") if "2.1" in str(row["cells"]))
    assert "17,25" in str(row["cells"])
    assert "tính lại" not in str(row["cells"])
    assert "Đối chiếu hai nguồn" not in words(app)


def test_one_more_point_is_told_in_dossiers(visit: Visit, tmp_path: Path) -> None:
    app = visit("index_766", build_snapshot(tmp_path, dossiers=dossiers()), xa="08740", **MONTH)
    texts = words(app)
    assert "2.1. Thêm 2 hồ sơ đúng hạn, trong 3 chưa đạt: +1,0 điểm." in texts
    app = visit(
        "index_766", build_snapshot(tmp_path / "b", dossiers=dossiers(late=1), snapshot_id="b"), xa="08740", **MONTH
    )
    assert "2.1. Không đủ để thêm 1 điểm: thêm 1 hồ sơ đúng hạn là hết phần chưa đạt, tối đa +0,50 điểm." in words(app)


def test_the_eighteen_points_are_shown_as_the_provinces_own(visit: Visit, tmp_path: Path) -> None:
    scores = [index_score(commune_code=None, item=item, score=score, max_score=maximum)
              for item, score, maximum in (("1.1", 6, 6), ("1.2", 4, 4), ("1.3", 2, 2), ("1.4", 5.5, 6))]  # fmt: skip
    app = visit("index_766", build_snapshot(tmp_path, dossiers=dossiers(), scores=scores), xa="08740", **MONTH)
    texts = words(app)
    assert "18 điểm công khai, minh bạch do cấp tỉnh quyết định, như nhau ở mọi xã, phường" in texts
    assert "17,50 / 18" in texts


def test_units_come_in_groups_that_cannot_be_told_apart_and_small_ones_apart(visit: Visit, tmp_path: Path) -> None:
    rows = [*dossiers("08740"), *dossiers("08230", late=5), *dossiers("08521", late=35), *dossiers("08674", count=4)]
    app = visit("index_766", build_snapshot(tmp_path, dossiers=rows), **MONTH)
    texts = words(app)
    assert "3 đơn vị chia thành 2 nhóm; 2 đơn vị của nhóm đầu" in texts
    assert "1 đơn vị dưới 20 hồ sơ trong kỳ: chưa đủ số liệu, không so sánh." in texts
    units = {str(row["code"]): str(row["cells"]) for row in table_of(app, "Điểm tính được theo xã")}
    assert "nhóm 1" in units["08740"]
    assert "nhóm 2" in units["08521"]
    assert "chưa đủ số liệu" in units["08674"]
    assert "3–3" in units["08521"]


def test_units_with_other_known_parts_are_named_and_not_compared(visit: Visit, tmp_path: Path) -> None:
    rows = [*dossiers("08740"), *dossiers("08230"), *dossiers("08521")]
    score = index_score(commune_code="08521", item="5.2", score=6.0)
    texts = words(visit("index_766", build_snapshot(tmp_path, dossiers=rows, scores=[score]), **MONTH))
    assert "1 đơn vị có phần tính được khác các đơn vị còn lại nên không đặt chung: Xã Đồng Lương." in texts


def test_the_part_of_the_dossiers_is_set_against_the_period_before(visit: Visit, tmp_path: Path) -> None:
    first = dossier(received_at="2025-07-01 08:00", finished_at="2025-07-02 08:00", processing_minutes=480)
    before = [
        dossier(
            received_at="2025-08-04 08:00", due_at="2025-08-06",
            finished_at=f"2025-08-{'05' if number < 10 else '15'} 09:00", processing_minutes=480,
        )
        for number in range(40)
    ]  # fmt: skip
    app = visit("index_766", build_snapshot(tmp_path, dossiers=[first, *before, *dossiers()]), **MONTH)
    assert "so với kỳ trước (01/08/2025 – 31/08/2025): +13,5 điểm trên 20 điểm, rõ rệt." in words(app)


def test_filters_by_field_leave_the_published_scores_out_and_say_so(visit: Visit, tmp_path: Path) -> None:
    directory = build_snapshot(tmp_path, dossiers=dossiers(), scores=published(None))
    texts = words(visit("index_766", directory, **MONTH, **{"linh-vuc": "Chứng thực"}))
    assert "nên điểm công bố không tham gia" in texts
    assert "/ 40,67 điểm tính được" in texts


def test_a_unit_without_a_dossier_and_without_a_score_says_so(visit: Visit, tmp_path: Path) -> None:
    app = visit("index_766", build_snapshot(tmp_path, dossiers=dossiers()), xa="08674", **MONTH)
    assert not app.exception
    assert "Xã Ấm Hạ: không có hồ sơ nào trong kỳ và không có điểm công bố nào dùng được." in words(app)


def test_days_that_no_weights_cover_are_explained(visit: Visit, tmp_path: Path) -> None:
    later = [row | {"valid_from": dt.date(2026, 1, 1)} for row in index_weights()]
    app = visit("index_766", build_snapshot(tmp_path, dossiers=dossiers(), weights=later), **MONTH)
    assert not app.exception
    assert "Bảng điểm 766 không có dòng nào hiệu lực vào ngày cuối kỳ." in words(app)


def test_a_snapshot_from_before_the_index_is_explained(visit: Visit, tmp_path: Path) -> None:
    import duckdb

    directory = build_snapshot(tmp_path, dossiers=dossiers())
    with duckdb.connect(str(next(directory.glob("snapshots/*.duckdb")))) as connection:
        connection.execute("drop table index_score")
    app = visit("index_766", directory, **MONTH)
    assert not app.exception
    assert "do phiên bản khác tạo ra" in words(app)


def test_a_source_that_records_nothing_of_digitisation_is_said_to_be_silent(visit: Visit, tmp_path: Path) -> None:
    rows = [dossier(received_at="2025-09-01 08:00", due_at="2025-09-05", finished_at="2025-09-03 09:00")] * 25
    app = visit("index_766", build_snapshot(tmp_path, dossiers=rows), xa="08740", **MONTH)
    cells = {str(row["cells"]) for row in table_of(app, "Chỉ số thành phần")}
    assert any("4.2" in one and "nguồn không ghi" in one for one in cells)
    assert any("3.6" in one and "không phát sinh" in one for one in cells)
    assert any("4.3" in one and "không có nguồn" in one for one in cells)


@pytest.mark.parametrize("commune", [row["commune_code"] for row in COMMUNES])
def test_every_unit_opens_in_english_too(visit: Visit, tmp_path: Path, commune: str) -> None:
    directory = build_snapshot(tmp_path, dossiers=dossiers(), scores=published(None))
    app = visit("index_766", directory, xa=commune, lang="en", **MONTH)
    assert not app.exception
