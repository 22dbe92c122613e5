"""Writes the generated parts of docs/ from the code: `make docs`. tests/test_docs.py fails where they differ."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import typer.main
from typer import Typer

from etl.cli import app as etl_app
from etl.schemas import RULES
from indicators.__main__ import further_commands
from indicators.__main__ import run as indicators_command
from indicators.reference import catalogue_markdown
from notebook.cli import app as notebook_app
from reports.__main__ import app as reports_app
from warehouse.rules import WARNINGS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
REFERENCE = ROOT / "data" / "reference"
_SLOT = re.compile(r"(<!-- (\w+): make docs -->\n).*?(<!-- end -->)", re.DOTALL)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)


def headings() -> str:
    """The synonyms of column names, by table and canonical name."""
    known: dict[tuple[str, str], list[str]] = defaultdict(list)
    with (REFERENCE / "headings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known[row["table"], row["column"]].append(row["synonym"])
    return table(
        ["bảng", "tên chuẩn", "tên cột nhận ra"],
        [[name, f"`{column}`", ", ".join(words)] for (name, column), words in known.items()],
    )


def rules() -> str:
    """What a row is refused for."""
    rows = [[f"`{rule}`", f"`{column}`" if column else "", text] for rule, (column, text) in RULES.items()]
    return table(["lý do", "cột", "thông báo"], rows)


def warnings() -> str:
    """What is loaded all the same, and counted."""
    return table(["cảnh báo", "ý nghĩa"], [[f"`{rule}`", text] for rule, text in WARNINGS.items()])


def commands(app: Typer, call: str) -> str:
    """Every command of a command line with its arguments and options, from its own declarations."""
    root = typer.main.get_command(app)
    named = getattr(root, "commands", {"": root})
    sections = []
    for name, command in named.items():
        rows = []
        for parameter in command.params:
            is_argument = parameter.param_type_name == "argument"
            if getattr(parameter, "hidden", False):
                continue
            shown = parameter.metavar or parameter.name.upper() if is_argument else ", ".join(parameter.opts)
            default = (
                ""
                if parameter.default in (None, False, (), []) or callable(parameter.default)
                else f"{parameter.default}"
            )
            rows.append([f"`{shown}`", (parameter.help or "").strip(), f"`{default}`" if default else ""])
        usage = f"{call} {name}".strip()
        arguments = table(["tham số", "ý nghĩa", "mặc định"], rows) if rows else ""
        sections.append(f"### `{usage}`\n\n{(command.help or '').strip()}\n\n{arguments}")
    return "\n".join(sections)


def indicator_commands() -> str:
    """`python -m indicators`: the one command that needs no name, and those with names."""
    app = Typer(add_completion=False)
    app.command(help=indicators_command.__doc__)(indicators_command)
    call = "python -m indicators"
    return commands(app, call) + "\n" + commands(further_commands(), call)


SLOTS = {
    "headings": headings,
    "rules": rules,
    "warnings": warnings,
    "etl": lambda: commands(etl_app, "python -m etl"),
    "indicators": indicator_commands,
    "notebook": lambda: commands(notebook_app, "python -m notebook"),
    "reports": lambda: commands(reports_app, "python -m reports"),
}


def generated() -> dict[Path, str]:
    """Each page under docs/ with its slots filled, whether or not it differs from what is on disk."""
    pages = {
        path: _SLOT.sub(lambda slot: f"{slot[1]}{SLOTS[slot[2]]()}{slot[3]}", path.read_text(encoding="utf-8"))
        for path in sorted(DOCS.glob("*.md"))
    }
    return pages | {DOCS / "indicators.md": catalogue_markdown()}


if __name__ == "__main__":
    for path, text in generated().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"docs/{path.name}")
