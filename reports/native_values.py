"""What stands in a Plotly figure, as plain values: numbers, colours, words and the scale of an axis."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from itertools import pairwise
from numbers import Real
from typing import Any

from charts.palettes import LIGHT, ramp
from language.formats import date

_TAG = re.compile(r"<[^>]+>")
_NUMBER = re.compile(r"^[−-]?[\d.,]+")


def scale_of(axis: Any) -> tuple[str, float]:
    """The number format of an axis, and what its values are multiplied by: hours where the figure prints hours."""
    vals, texts = listed(axis.tickvals), [words_of(text) for text in listed(axis.ticktext)]
    if any(text.endswith("%") for text in texts):
        return ("0.0%" if any("," in text for text in texts) else "0%"), 1.0
    decimals = max((len(text.split(",")[1]) for text in texts if text.count(",") == 1), default=0)
    printed = "#,##0" + ("." + "0" * decimals if decimals else "")
    for value, text in zip(reversed(vals), reversed(texts), strict=False):
        found = _NUMBER.match(text)
        if found and is_number(value) and value:
            shown = float(found.group().replace("−", "-").replace(".", "").replace(",", "."))
            return printed, shown / value if shown else 1.0
    return printed, 1.0


def steps_of(axis: Any, factor: float) -> tuple[tuple[float, float] | None, float | None]:
    """The ends of an axis and its step, on round numbers where the figure prints some."""
    marks = [value * factor for value in listed(axis.tickvals) if is_number(value)]
    if len(marks) >= 2:
        step = marks[1] - marks[0]
        if step > 0 and all(math.isclose(b - a, step, rel_tol=1e-6) for a, b in pairwise(marks)):
            return (marks[0], marks[-1]), step
    found = axis.range
    return ((found[0] * factor, found[1] * factor) if found and all(map(is_number, found)) else None), None


def level(values: dict[Any, Any], days: Sequence[Any]) -> dict[Any, Any]:
    """A level drawn from one end to the other holds for every day between."""
    known = {day: value for day, value in values.items() if is_number(value)}
    if len(known) != 2 or len(set(known.values())) != 1:
        return values
    return {day: next(iter(known.values())) for day in days if min(known) <= day <= max(known)}


def each_colour(trace: Any) -> list[str]:
    given = trace.line.color if trace.type == "scatter" and trace.mode == "lines" else trace.marker.color
    number_of = len(listed(trace.x))
    if isinstance(given, str) or given is None:
        colour = given or ""
        # A ring is seen by its line, not by the page's colour within.
        ring = trace.marker.line.color if trace.type == "scatter" and trace.mode == "markers" else None
        return [ring if isinstance(ring, str) else colour] * number_of
    return [str(colour) for colour in given]


def colours_of(given: Any) -> tuple[str, ...]:
    return (opaque(given),) if isinstance(given, str) else tuple(opaque(str(one)) for one in listed(given))


def opaque(colour: str) -> str:
    """`rgba(11, 83, 148, 0.2)` as the colour that it is on a white page."""
    found = re.match(r"rgba\((\d+), (\d+), (\d+), ([\d.]+)\)", colour)
    if not found:
        return colour
    full = "#{:02X}{:02X}{:02X}".format(*(int(part) for part in found.groups()[:3]))
    return ramp((LIGHT.page, full), 101)[round(100 * float(found.group(4)))]


def listed(values: Any) -> list[Any]:
    """What a figure holds as tuple, list, array or nothing, as a list."""
    return [] if values is None else list(values)


def is_date(value: Any) -> bool:
    return isinstance(value, dt.date) or type(value).__name__ == "datetime64"


def is_number(value: Any) -> bool:
    """Whether it is a finite number, of numpy or not."""
    return isinstance(value, Real) and math.isfinite(value)


def scaled(value: Any, factor: float) -> float | None:
    return float(value) * factor if is_number(value) else None


def category(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return date(value.date())
    return date(value) if isinstance(value, dt.date) else words_of(value)


def words_of(text: Any) -> str:
    """A text without the signs of HTML; lines become one."""
    return "" if text is None else _TAG.sub("", str(text).replace("<br>", " ")).strip()
