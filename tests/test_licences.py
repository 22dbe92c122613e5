"""Nothing we ship may bind its users to the GPL: the licences of everything in requirements.lock."""

from __future__ import annotations

import re
from importlib import metadata

import pytest

from tests.conftest import ROOT

# Distributions whose metadata name no licence; read in their own licence files.
REVIEWED = {"dataframely": "BSD-3-Clause"}
# LGPL parts may be linked to; none at present.
LGPL: set[str] = set()
_STRONG_COPYLEFT = re.compile(r"(?<!L)\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
_WEAK_COPYLEFT = re.compile(r"\bLGPL|GNU Lesser", re.IGNORECASE)


def locked_names() -> list[str]:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)))


def licence(name: str) -> str:
    """What a distribution says of itself: the SPDX expression, else its classifiers, else a short licence line."""
    about = metadata.metadata(name)
    classifiers = [text for text in about.get_all("Classifier") or [] if text.startswith("License ::")]
    expression = about.get_all("License-Expression") or []
    first_line = "".join(about.get_all("License") or []).strip().partition("\n")[0]
    return "".join(expression) or "; ".join(classifiers) or first_line or REVIEWED.get(name, "")


@pytest.mark.parametrize("name", locked_names())
def test_a_runtime_distribution_is_free_of_the_gpl(name: str) -> None:
    try:
        stated = licence(name)
    except metadata.PackageNotFoundError:
        pytest.skip("only for another system or another Python")
    assert stated, f"{name} names no licence: read it and enter it in REVIEWED"
    assert not _STRONG_COPYLEFT.search(stated), f"{name}: {stated}"
    assert name in LGPL or not _WEAK_COPYLEFT.search(stated), f"{name}: {stated}"


@pytest.mark.parametrize("stated", ["GPL-3.0-only", "GPLv3", "AGPL-3.0-or-later", "GNU General Public License v2"])
def test_the_gpl_is_recognised_however_it_is_written(stated: str) -> None:
    assert _STRONG_COPYLEFT.search(stated)


@pytest.mark.parametrize("stated", ["LGPL-2.1-or-later", "MIT", "GNU Lesser General Public License v3"])
def test_what_is_not_the_gpl_is_not_taken_for_it(stated: str) -> None:
    assert not _STRONG_COPYLEFT.search(stated)
