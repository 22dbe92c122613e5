"""The rule of `language.personal` on the columns of exports that we keep: every function takes and gives a polars
expression."""

from __future__ import annotations

import polars as pl

from language.personal import EMAIL, MASK, TELEPHONE, masked_text

__all__ = ["MASK", "is_personal_code", "masked", "masked_code"]

_IDENTITY_ALONE = r"^(?:\d{12}|0\d{2}(?: \d{3}){3})$"
# A running number of twelve digits begins with the date or with zeros; no province has the number 000.
_RUNNING_NUMBER = r"^(?:000\d{9}|20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4})$"
# What any personal number or address has; cheap to look for in columns of millions of rows.
_NUMBER_OR_ADDRESS = r"^\s*[+(0-9]|@"
_SUSPECT = r"@|\d{9}|\d[ .)-]+\d{2,8}"


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
    personal = text.str.contains(rf"^(?:{EMAIL}|{TELEPHONE})$") | is_identity
    return codes.to_frame("text").select((pl.lit(suspect) & personal.fill_null(False)).alias(codes.name)).to_series()


def _mask(texts: pl.Series) -> pl.Series:
    # A column of millions of rows holds few different texts, and nearly never one that is masked.
    distinct = texts.drop_nulls().unique()
    suspects = distinct.filter(distinct.str.contains(_SUSPECT))
    if suspects.is_empty():
        return texts
    mended = suspects.map_elements(masked_text, return_dtype=pl.String)
    is_changed = suspects != mended
    return texts.replace(suspects.filter(is_changed), mended.filter(is_changed)) if is_changed.any() else texts
