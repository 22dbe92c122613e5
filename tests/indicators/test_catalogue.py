"""The catalogue is complete, and what is printed of it is what it says."""

from __future__ import annotations

import re

import pytest

from indicators.catalogue import CATALOGUE
from indicators.indicator import Indicator
from indicators.reference import catalogue_table, direction_name, unit_name
from language import set_language
from tests.conftest import ROOT

every_indicator = pytest.mark.parametrize("indicator", CATALOGUE, ids=lambda indicator: indicator.id)


def test_ids_and_names_are_unique() -> None:
    for texts in ([i.id for i in CATALOGUE], [i.names.vi for i in CATALOGUE], [i.names.en for i in CATALOGUE]):
        assert len(set(texts)) == len(texts)


@every_indicator
def test_an_indicator_says_all_there_is_to_say(indicator: Indicator) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", indicator.id)
    for words in (indicator.names, indicator.definitions, indicator.dating, indicator.sources):
        assert words.vi
        assert words.en
        assert words.vi != words.en
    assert indicator.definitions.vi.endswith(".")
    assert indicator.formula
    if indicator.formulas is not None:
        assert indicator.formulas.vi != indicator.formulas.en
        # In words: no raw names of columns, and no full stop, which its sentence brings.
        assert not re.search(r"[a-z]_[a-z]|\.$", indicator.formulas.vi + indicator.formulas.en)
    assert indicator.formulas is not None or indicator.id.startswith("index_766")
    assert unit_name(indicator.unit)
    assert direction_name(indicator.direction)


def test_the_list_prints_all_of_it_for_every_indicator() -> None:
    text = catalogue_table(width=400)
    flat = re.sub(r"\s+", " ", text)
    for indicator in CATALOGUE:
        for words in (
            f"{indicator.id}: {indicator.names.vi} ({indicator.names.en})",
            f"Nghĩa là: {indicator.definition}",
            f"Theo ký hiệu: {indicator.formula}",
            f"Đơn vị tính: {unit_name(indicator.unit)}; {direction_name(indicator.direction)}",
            f"Tính theo: {indicator.dated_by}",
            f"Căn cứ: {indicator.source}",
        ):
            assert re.sub(r"\s+", " ", words) in flat
    assert max(map(len, text.splitlines())) <= 120


def test_each_part_of_a_figure_says_which_day_counts() -> None:
    """Figures made of several stretches of days name the day of each part."""
    by_id = {indicator.id: indicator for indicator in CATALOGUE}
    both_ways = by_id["on_time_rate_766"].dating.vi
    assert both_ways.index("tử số: ngày kết thúc") < both_ways.index("mẫu số: tình trạng vào ngày trước kỳ")
    assert "ngày tiếp nhận" in both_ways
    assert by_id["backlog_days"].dating.vi.startswith("hồ sơ tồn: tình trạng vào ngày cuối kỳ")


def test_texts_follow_the_language_of_the_session() -> None:
    received = CATALOGUE[0]
    assert received.name == "Hồ sơ tiếp nhận"
    set_language("en")
    try:
        assert received.name == "Dossiers received"
    finally:
        set_language("vi")


def test_the_glossary_has_every_indicators_name() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for indicator in CATALOGUE:
        row = f"| `{indicator.id}` | {indicator.names.en} | {indicator.names.vi} |"
        assert row in glossary
