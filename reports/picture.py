"""The brief as one picture to send by chat: portrait, as wide as a telephone, the most important lines only."""

from __future__ import annotations

from reports.content import Brief
from reports.plain import as_data, headings
from reports.typesetting import png

# 108 mm at this density are 1,080 pixels, the width of a telephone's screen.
_DOTS_PER_INCH = 254


def write_picture(brief: Brief) -> bytes:
    """A PNG of 1,080 pixels' width; figures, course, findings and the first questions."""
    data = {"brief": as_data(brief), "words": headings()}
    return png("picture.typ", data, made_on=brief.as_of, dots_per_inch=_DOTS_PER_INCH)
