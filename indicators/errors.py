"""What is wrong with a call, in a sentence for the person who made it."""

from __future__ import annotations


class CallError(ValueError):
    """The question cannot be answered as asked: the message says what to change."""


class UnknownIndicator(CallError):
    """An ID that the catalogue does not hold."""


class UnknownDimension(CallError):
    """A dimension that figures cannot be split by."""


class WrongDates(CallError):
    """A window that ends before it starts, or starts after the data end."""


class UnknownValue(CallError):
    """A filter's value that the snapshot does not hold."""
