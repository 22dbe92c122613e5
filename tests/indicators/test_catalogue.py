"""The catalogue is complete, and what is printed of it is what it says."""

from __future__ import annotations

import re

import pytest

from indicators.catalogue import CATALOGUE
from indicators.indicator import Indicator
from indicators.reference import direction_name, unit_name
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
    assert unit_name(indicator.unit)
    assert direction_name(indicator.direction)


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
