"""requirements.txt says what the code imports, and the locks follow it."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.conftest import ROOT

PRODUCT = ("charts", "etl", "indicators", "language", "notebook", "pages", "reports", "warehouse")
CHORES = ("bench", "scripts", "tests")
# Called by the Makefile.
TOOLS = {"import-linter", "mypy", "pytest-xdist", "ruff", "uv"}
# Not imported by name, and needed all the same.
NEEDED_BY = {
    "fastexcel": "polars.read_excel",
    "pg8000": "SQLAlchemy, by the address postgresql+pg8000://",
    "pyarrow": "duckdb .pl(), polars and geopandas to Parquet",
    "xlsxwriter": "polars.DataFrame.write_excel",
}


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required(file: str) -> dict[str, str]:
    """Distribution -> the whole line, for the lines of a requirements file."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    named = ((re.match(r"[A-Za-z0-9][\w.-]*", line), line) for line in lines)
    return {normalised(name[0]): line for name, line in named if name}


def locked(file: str) -> set[str]:
    return {
        normalised(name)
        for name in re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / file).read_text(encoding="utf-8"), re.M)
    }


@cache
def imported_distributions(*packages: str) -> dict[str, str]:
    """Distributions that the packages (and app.py) import, each with one file that does."""
    of_module = packages_distributions()
    ours = {path.name for path in ROOT.iterdir()}
    found: dict[str, str] = {}
    for path in [ROOT / "app.py", *(file for package in packages for file in sorted((ROOT / package).rglob("*.py")))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names = [node.module]
            for module in {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - ours:
                for distribution in of_module.get(module, [module]):
                    found[normalised(distribution)] = path.relative_to(ROOT).as_posix()
    return found


def test_every_distribution_that_the_product_imports_is_required() -> None:
    listed = required("requirements.txt")
    assert {name: path for name, path in imported_distributions(*PRODUCT).items() if name not in listed} == {}


def test_every_distribution_that_tests_and_chores_import_is_required() -> None:
    listed = required("requirements.txt") | required("requirements-dev.txt")
    assert {name: path for name, path in imported_distributions(*CHORES).items() if name not in listed} == {}


def test_every_required_distribution_is_imported_or_has_a_reason() -> None:
    assert set(required("requirements.txt")) - set(imported_distributions(*PRODUCT)) - set(NEEDED_BY) == set()
    assert set(required("requirements-dev.txt")) - set(imported_distributions(*CHORES)) - TOOLS == set()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_a_range_and_a_reason(file: str) -> None:
    for line in required(file).values():
        assert re.fullmatch(r"\S+>=\S+,<\S+\s+# .+", line), line


def test_the_locks_hold_every_requirement() -> None:
    assert set(required("requirements.txt")) <= locked("requirements.lock") <= locked("requirements-dev.lock")
    assert set(required("requirements-dev.txt")) <= locked("requirements-dev.lock")


@pytest.mark.parametrize(
    "file",
    ["requirements.txt", "requirements-dev.txt", "requirements.lock", "requirements-dev.lock", "Makefile", ".ci/run"],
)
def test_no_file_names_an_index(file: str) -> None:
    assert not re.search(
        r"https?://|index-url|find-links", (ROOT / file).read_text(encoding="utf-8").replace("no-emit-index-url", "")
    )
