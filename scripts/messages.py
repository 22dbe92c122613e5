"""Collects every `_("…")` and `N_("…")` into language/en.po, keeping the English that is there: `make messages`."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PACKAGES = ("charts", "etl", "indicators", "language", "notebook", "pages", "reports", "scripts", "warehouse")
ENGLISH = ROOT / "language" / "en.po"


def extract() -> dict[str, list[str]]:
    """Message -> the files that say it, in the order of the files."""
    found: dict[str, list[str]] = {}
    files = [ROOT / "app.py", *(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))]
    for path in files:
        for _line, message, _comments, _context in extract_from_file("python", path, keywords={"_": None, "N_": None}):
            places = found.setdefault(str(message), [])
            if (place := path.relative_to(ROOT).as_posix()) not in places:
                places.append(place)
    return found


def translations() -> dict[str, str]:
    """Message -> English, as language/en.po has it."""
    if not ENGLISH.exists():
        return {}
    with ENGLISH.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="en") if message.id}


def write(english: dict[str, str]) -> list[str]:
    """Write the catalogue for the messages that exist today; returns those without English."""
    # No header with dates, no line numbers: the file changes when a sentence does.
    catalogue = Catalog(locale="en", fuzzy=False)
    messages = extract()
    for message, places in messages.items():
        catalogue.add(message, english.get(message, ""), locations=[(place, 0) for place in places[:1]])
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, width=0, include_lineno=False, sort_by_file=True, omit_header=True)
    return [message for message in messages if not english.get(message)]


if __name__ == "__main__":
    missing = write(translations())
    print(f"language/en.po: {len(missing)} without English")
    for message in missing:
        print(f"  {message}")
