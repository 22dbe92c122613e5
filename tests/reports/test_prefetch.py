"""Questions asked at once: each once, in the language of whoever asked, and no error lost."""

from __future__ import annotations

import os
from threading import Barrier

import pytest

from language import current_language, set_language
from reports.prefetch import ask_at_once


def test_questions_run_beside_one_another_in_the_language_of_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    both_there, seen = Barrier(2, timeout=10), []

    def question() -> None:
        both_there.wait()
        seen.append(current_language())

    set_language("en")
    try:
        ask_at_once([question, question])
    finally:
        set_language("vi")
    assert seen == ["en", "en"]


@pytest.mark.parametrize("processors", [1, 2, None])
def test_an_error_reaches_the_one_who_asked(processors: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    asked = []

    def wrong() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        ask_at_once([lambda: asked.append(1), wrong])
    assert asked == [1]


def test_nothing_to_ask_is_no_error() -> None:
    ask_at_once([])
