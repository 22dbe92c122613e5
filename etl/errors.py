"""What goes wrong because of the data or the call, told to the person who can mend it."""

from __future__ import annotations


class DataError(Exception):
    """The data cannot be used: the message names file, row, column and what to do (exit code 1)."""


class UsageError(Exception):
    """The call itself is wrong (exit code 2)."""
