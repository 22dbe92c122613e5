"""What people type where it does not belong: telephone and identity numbers and e-mail addresses in columns we keep.

Dossier codes, commune codes, dates and amounts stay as they are. Every function takes and gives a polars expression.
"""

from __future__ import annotations

import polars as pl

MASK = "••••"

_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
# With the country code, in one piece, or in the groups that people write. A date (02.03.2026) has other groups.
_TELEPHONE = (
    r"(?:\+84|\(\+84\)|0084)(?:[ .-]?\d){9,10}|84[35789]\d{8}|0[1-9]\d{8,9}|"
    r"0\d{3}[ .-]\d{3}[ .-]\d{3}|0\d{2}[ .-]\d{3}[ .-]\d{4}|0\d{2,3}[ .-]\d{7}|0\d{3}(?:[ .-]\d{2}){3}"
)
# Twelve digits of today, the nine of before 2016; an amount has no zero in front of its groups.
_IDENTITY = r"\d{12}|\d{9}|0\d{2}(?:[ .]\d{3}){2,3}"
# Standing alone: not a piece of a longer number or code. The sign after it is looked at, not taken, by a second pass.
_ALONE = rf"(^|[^\w.+/@-])(?:{_EMAIL}|{_TELEPHONE}|{_IDENTITY})($|[^\w./@-]|[.](?:\s|$))"
# A time without separators (202603020830) has twelve digits too; no identity number begins with 2.
_COMPACT_TIME = r"^20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d$"
_IDENTITY_ALONE = r"^(?:\d{12}|0\d{2}(?: \d{3}){3})$"
# A running number of twelve digits begins with the date or with zeros; no province has the number 000.
_RUNNING_NUMBER = r"^(?:000\d{9}|20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4})$"
# What any of the above has; cheap to look for in columns of millions of rows.
_NUMBER_OR_ADDRESS = r"^\s*[+(0-9]|@"
_SUSPECT = r"@|\d{9}|\d[ .-]\d{2,4}[ .-]\d{2,4}"


def masked(column: pl.Expr) -> pl.Expr:
    """The text with every telephone number, identity number and e-mail address that stands alone replaced by `••••`."""
    return column.map_batches(_mask, return_dtype=pl.String, is_elementwise=True)


def masked_code(column: pl.Expr) -> pl.Expr:
    """The same for a column of dossier codes: a running number of nine or twelve digits stays."""
    is_number = column.str.contains(_RUNNING_NUMBER) | column.str.contains(r"^\d{9}$")
    return pl.when(is_number).then(column).otherwise(masked(column))


def is_personal_code(column: pl.Expr) -> pl.Expr:
    """Whether a dossier code is nothing but a telephone number, a twelve-digit identity number or an e-mail address.

    Nine digits may be a running number of the one-stop system and are taken for one.
    """
    return column.map_batches(_are_personal, return_dtype=pl.Boolean, is_elementwise=True)


def _are_personal(codes: pl.Series) -> pl.Series:
    # Nearly every code begins with a letter: the patterns are for the few that do not.
    suspect = codes.str.contains(_NUMBER_OR_ADDRESS).fill_null(False)
    if not suspect.any():
        return suspect
    text = pl.col("text").str.strip_chars()
    is_identity = text.str.contains(_IDENTITY_ALONE) & ~text.str.contains(_RUNNING_NUMBER)
    personal = text.str.contains(rf"^(?:{_EMAIL}|{_TELEPHONE})$") | is_identity
    return codes.to_frame("text").select((pl.lit(suspect) & personal.fill_null(False)).alias(codes.name)).to_series()


def _mask(texts: pl.Series) -> pl.Series:
    # A column of millions of rows holds few different texts, and nearly never one that is masked.
    distinct = texts.drop_nulls().unique()
    suspects = distinct.filter(distinct.str.contains(_SUSPECT))
    if suspects.is_empty():
        return texts
    text = pl.col("text")
    mended = text
    for _pass in range(2):
        mended = mended.str.replace_all(_ALONE, f"${{1}}{MASK}${{2}}")
    found = suspects.to_frame("text").select(
        "text", mended=pl.when(text.str.contains(_COMPACT_TIME)).then(text).otherwise(mended)
    )
    changed = found.filter(pl.col("text") != pl.col("mended"))
    return texts.replace(changed["text"], changed["mended"]) if changed.height else texts
