"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from scripts.messages import extract, translations
from tests.conftest import ROOT

PACKAGES = ("charts", "etl", "indicators", "language", "notebook", "pages", "reports", "scripts", "warehouse")
FILES = [ROOT / "app.py", *(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))]
VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
# Names that are the same in every language.
OWN_NAMES = ("Thông Suốt", "Tiếng Việt")

in_every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def placeholders(message: str) -> set[str]:
    """`{file, n}` of "{file}: {n} dòng"."""
    return {name for _text, name, _format, _conversion in string.Formatter().parse(message) if name is not None}


def name_of(function: ast.expr) -> str:
    """`st.button` for a call of st.button, `DataError` for one of DataError."""
    return ast.unparse(function) if isinstance(function, ast.Name | ast.Attribute) else ""


def speaks_to_a_user(call: ast.Call) -> bool:
    """Calls whose strings land on a screen: Streamlit, Typer, Rich, exceptions."""
    name = name_of(call.func)
    last = name.rpartition(".")[2]
    return (
        name.startswith(("st.", "typer.", "sys.exit", "console."))
        or last in ("print", "echo", "SnapshotMissing")
        or last.endswith(("Error", "Exception", "Warning"))
    )


def without_names(text: str) -> str:
    for name in OWN_NAMES:
        text = text.replace(name, "")
    return text


def untranslated(node: ast.AST) -> Iterator[ast.Constant]:
    """String constants with Vietnamese letters below `node` that do not stand inside `_()`."""
    if isinstance(node, ast.Call) and name_of(node.func) in ("_", "N_"):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and VIETNAMESE.search(without_names(node.value)):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from untranslated(child)


@in_every_file
def test_what_a_user_reads_goes_through_gettext(path: Path) -> None:
    bare = {
        f"line {constant.lineno}: {constant.value!r}"
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and speaks_to_a_user(call)
        for constant in untranslated(call)
    }
    assert bare == set()


@in_every_file
def test_messages_are_whole_sentences_with_named_placeholders(path: Path) -> None:
    """`_(f"…")` and `_(variable)` cannot be collected; `{}` cannot be put in another order."""
    for call in ast.walk(tree(path)):
        if isinstance(call, ast.Call) and name_of(call.func) in ("_", "N_"):
            message = call.args[0]
            if isinstance(message, ast.Constant) and isinstance(message.value, str):
                assert "" not in placeholders(message.value), f"line {call.lineno}"
            else:
                assert not isinstance(message, ast.JoinedStr | ast.BinOp), f"line {call.lineno}"


@in_every_file
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert path.name == "__main__.py" or not tree(path).body or ast.get_docstring(tree(path))


def test_every_message_has_english_with_the_same_placeholders() -> None:
    english = translations()
    missing = [message for message in extract() if not english.get(message)]
    assert missing == [], "run `make messages` and fill in language/en.po"
    for message, translation in english.items():
        assert placeholders(message) == placeholders(translation), message


def test_the_catalogue_holds_no_message_that_nobody_says() -> None:
    assert set(translations()) - set(extract()) == set()


def test_no_committed_file_names_this_machine() -> None:
    machine = {str(ROOT.parent), str(Path.home())} - {"/"}
    patterns = ("*", ".ci/*", ".streamlit/*", "docs/**/*.md", "bench/*", "tests/**/*.py", "tests/**/*.toml")
    texts = {*FILES, *(path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())}
    named = [
        str(path)
        for path in texts
        if path.name != ".git" and any(f"{place}/" in path.read_text(encoding="utf-8") for place in machine)
    ]
    assert named == []
