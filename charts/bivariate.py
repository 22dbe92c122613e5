"""Two indicators on one map: three classes of each, nine colours that colour-blind eyes can tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from charts.choropleth import Ground, LegendEntry, Look, units_of
from charts.classes import classify
from charts.palettes import Palette
from charts.province_map import MapUnit
from charts.values import interval_text, rounded_value, value_text
from indicators.catalogue import Indicator
from language import _

# By class of the first indicator (rows, low to high) and of the second (columns): from pale through orange and through
# blue to dark. Under any sight two classes lie 30 units of CIE Lab apart (`tests/charts/test_bivariate.py`).
COLOURS = (
    ("#FAEED6", "#B3DBF8", "#3E88D4"),
    ("#EBAC75", "#A8978F", "#555C7A"),
    ("#E07406", "#925428", "#281727"),
)
_STEPS = 3


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of the legend's square: the indicator's name and the ranges of its classes, low to high."""

    name: str
    ranges: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Square:
    """The legend: `rows` is the first indicator, upwards, `columns` the second, to the right; `counts` as `COLOURS`."""

    rows: Side
    columns: Side
    counts: tuple[tuple[int, ...], ...]


def bivariate_map(
    first: pl.DataFrame,
    second: pl.DataFrame,
    indicators: tuple[Indicator, Indicator],
    *,
    ground: Ground,
    palette: Palette,
    minutes_per_day: int,
) -> tuple[list[MapUnit], list[LegendEntry], Square | None]:
    """Units, the legend's plain entries and its square, from two frames of `with_standing`.

    Classes hold about as many communes each, where values allow it. Communes with too few cases in either are hatched.
    """
    frames = (first, second)
    rows = [{row["commune"]: row for row in frame.iter_rows(named=True)} for frame in frames]
    judged = [
        code
        for code in ground.shapes
        if all(code in known and known[code]["standing"] not in ("none", "too_few") for known in rows)
    ]
    values = [
        np.array([rounded_value(declared, known[code]["value"], minutes_per_day) for code in judged])
        for declared, known in zip(indicators, rows, strict=True)
    ]
    classes = [_thirds(one) for one in values]
    place = {code: (int(classes[0][at]), int(classes[1][at])) for at, code in enumerate(judged)}

    def look(code: str) -> Look:
        texts = [
            f"{declared.name}: {value_text(declared, _value(known.get(code)), minutes_per_day)}"
            for declared, known in zip(indicators, rows, strict=True)
        ]
        if code not in place:
            return Look(fill=palette.none, hatched=True, value="<br>".join(texts), detail=_("chưa đủ số liệu"))
        row, column = place[code]
        return Look(fill=COLOURS[row][column], value="<br>".join(texts))

    units = units_of(ground, look)
    few = len(units) - sum(unit.code in place for unit in units)
    legend = [LegendEntry(colour=palette.none, hatched=True, text=_("chưa đủ số liệu"), count=few)] if few else []
    if not judged:
        return units, legend, None
    counts = tuple(
        tuple(sum(where == (row, column) for where in place.values()) for column in range(_STEPS))
        for row in range(_STEPS)
    )
    sides = [
        Side(name=declared.name, ranges=_ranges(one, members, declared, minutes_per_day))
        for declared, one, members in zip(indicators, values, classes, strict=True)
    ]
    return units, legend, Square(rows=sides[0], columns=sides[1], counts=counts)


def bivariate_sentence(square: Square | None, indicators: tuple[Indicator, Indicator]) -> str:
    """How many communes are high in both, and high in the first only."""
    first, second = (one.name for one in indicators)
    if square is None:
        return _("{first} và {second}: chưa đơn vị nào đủ số liệu").format(first=first, second=second)
    both, only = square.counts[-1][-1], square.counts[-1][0]
    return _("{first} và {second}: {both} đơn vị cao ở cả hai, {only} đơn vị chỉ cao ở chỉ tiêu đầu").format(
        first=first, second=second, both=both, only=only
    )


def _value(row: Mapping[str, Any] | None) -> float | None:
    return None if row is None else row["value"]


def _thirds(values: np.ndarray) -> np.ndarray:
    """The third of each value, 0 to 2; where many are equal and a third would be empty, natural breaks in its place."""
    if not len(values):
        return np.array([], dtype=int)
    edges = np.quantile(values, [1 / 3, 2 / 3])
    found = np.searchsorted(edges, values, side="left")
    if len(np.unique(found)) == _STEPS or len(np.unique(values)) < _STEPS:
        return np.asarray(found)
    natural = classify(list(values), scheme="fisher", steps=_STEPS, rounding=lambda value: value)
    return np.array([natural.index(value) for value in values])


def _ranges(values: np.ndarray, classes: np.ndarray, declared: Indicator, minutes_per_day: int) -> tuple[str, ...]:
    texts = []
    for step in range(_STEPS):
        inside = values[classes == step]
        if not len(inside):
            texts.append("–")
            continue
        low, high = float(inside.min()), float(inside.max())
        texts.append(
            interval_text(declared, low, high, minutes_per_day)
            if high > low
            else value_text(declared, low, minutes_per_day)
        )
    return tuple(texts)
