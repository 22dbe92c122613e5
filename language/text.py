"""Folding and sorting of Vietnamese text, so that "phu tho" finds Phú Thọ and Đ follows D."""

from __future__ import annotations

import re
import unicodedata

import polars as pl

# Unicode does not decompose the stroke of đ; everything else falls apart into letter and marks.
_STROKE = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_ORDER = {letter: position for position, letter in enumerate(_ALPHABET, start=1)}
# The order of tones in Vietnamese dictionaries: level, grave, hook, tilde, acute, dot below.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def fold(text: str) -> str:
    """The text without marks, in lower case, with single spaces: for searching and matching names."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_STROKE))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"\s+", " ", bare).strip().lower()


def never_a_formula(column: pl.Expr) -> pl.Expr:
    """A text column for a CSV that a spreadsheet opens: what begins like a formula stands behind an apostrophe."""
    return column.str.replace(r"^([=+@\t\r]|-[^\d])", "'$1")


def fold_expr(column: pl.Expr) -> pl.Expr:
    """`fold` for a text column."""
    return (
        column.str.replace_many({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
        .str.to_lowercase()
    )


def sort_key(text: str) -> tuple[object, ...]:
    """A key that sorts by the Vietnamese alphabet: letters first, tones only where the letters are equal."""
    letters: list[tuple[int, str]] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", text).lower():
        tone, base = 0, []
        for part in unicodedata.normalize("NFD", character):
            if part in _TONES:
                tone = _TONES[part]
            else:
                base.append(part)
        letter = unicodedata.normalize("NFC", "".join(base))
        # Spaces and digits come before letters, as in a telephone book.
        letters.append((_LETTER_ORDER.get(letter, 0), letter))
        tones.append(tone)
    return tuple(letters), tuple(tones), text
