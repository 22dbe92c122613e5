"""The documentation says what the code does."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from etl.config import Block, ProvinceConfig
from scripts.write_docs import DOCS, generated
from tests.conftest import ROOT

PAGES = [ROOT / "README.md", ROOT / "README.vi.md", *sorted(DOCS.glob("*.md"))]
ENVIRONMENT_VARIABLE = re.compile(r"THONGSUOT_[A-Z_]+")


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_generated_parts_are_those_of_today(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == generated()[page], "run `make docs`"


def test_every_key_of_the_source_file_is_explained() -> None:
    text = (DOCS / "du-lieu.md").read_text(encoding="utf-8")
    keys = set(ProvinceConfig.model_fields) - {"directory"}
    blocks = [Block]
    while blocks:
        blocks += (block := blocks.pop()).__subclasses__()
        keys |= set(block.model_fields) - {"directory"}
    missing = {key for key in keys if not re.search(rf"`\[*{key}\]*`|`{key}\.", text)}
    assert missing == set()


def test_every_environment_variable_is_explained() -> None:
    packages = ("charts", "etl", "indicators", "language", "notebook", "pages", "reports", "warehouse")
    used = {
        name
        for package in packages
        for file in (ROOT / package).rglob("*.py")
        for name in ENVIRONMENT_VARIABLE.findall(file.read_text(encoding="utf-8"))
    }
    assert used
    assert used == set(ENVIRONMENT_VARIABLE.findall((DOCS / "lenh.md").read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_named_in_the_documentation_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", page.read_text(encoding="utf-8"))) <= targets


@pytest.mark.skipif(os.name == "nt", reason="make is not at home there")
def test_make_help_names_every_public_target() -> None:
    printed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    assert {line.split()[0] for line in printed.splitlines()} == set(phony[1].split()) - {"check-port"}
