"""Colours, classes and texts of a map: from the figures of an indicator by commune to what is drawn and its legend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from charts.classes import classify
from charts.palettes import Palette, ramp
from charts.province_map import MapUnit
from charts.values import interval_text, rounded_value, value_text
from indicators.catalogue import Indicator
from language import _
from language.formats import NOTHING, number

STEPS = 5


@dataclass(frozen=True, kw_only=True)
class LegendEntry:
    """A line of the legend: its colour, whether it is hatched or dotted, its words, and how many communes it holds."""

    colour: str
    hatched: bool
    text: str
    count: int
    dotted: bool = False


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What every layer is drawn on: by code the outline, the place and km², and the short and the full name."""

    shapes: Mapping[str, dict[str, Any]]
    points: Mapping[str, tuple[float, float, float]]
    names: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one commune is drawn, and the two lines of its tooltip."""

    fill: str
    value: str
    detail: str = ""
    hatched: bool = False
    dotted: bool = False


def units_of(ground: Ground, look: Callable[[str], Look]) -> list[MapUnit]:
    """Every commune that has an outline, as `look` says."""
    units = []
    for code, shape in ground.shapes.items():
        if code not in ground.names:
            continue
        lon, lat, area = ground.points[code]
        short, full = ground.names[code]
        one = look(code)
        units.append(
            MapUnit(
                code=code,
                name=short,
                full_name=full,
                geometry=shape,
                lon=lon,
                lat=lat,
                area_km2=area,
                fill=one.fill,
                hatched=one.hatched,
                dotted=one.dotted,
                value=one.value,
                detail=one.detail,
            )
        )
    return units


def choropleth(
    frame: pl.DataFrame,
    indicator: Indicator,
    *,
    ground: Ground,
    scheme: str,
    palette: Palette,
    minutes_per_day: int,
) -> tuple[list[MapUnit], list[LegendEntry]]:
    """The units to draw and the legend, from a frame of `with_standing` (`commune, value, n, low, high, standing`).

    Communes without an outline are left to the table; communes that the frame lacks are outside the filters and stay
    empty.
    """
    rows = {row["commune"]: row for row in frame.iter_rows(named=True)}
    shown = {code: row for code, row in rows.items() if row["standing"] not in ("none", "too_few")}
    classes = (
        classify(
            [row["value"] for row in shown.values()],
            scheme=scheme,
            steps=STEPS,
            rounding=lambda value: rounded_value(indicator, value, minutes_per_day),
        )
        if shown
        else None
    )
    colours = class_colours(indicator, palette, len(classes.ranges) if classes else 0)

    def fill(row: Mapping[str, Any] | None) -> tuple[str, bool]:
        """The colour of a commune and whether it is hatched."""
        if row is None or row["standing"] == "none":
            return palette.none, False
        if row["standing"] == "too_few" or classes is None:
            return palette.too_few, True
        return colours[classes.index(rounded_value(indicator, row["value"], minutes_per_day))], False

    def look(code: str) -> Look:
        colour, hatched = fill(rows.get(code))
        value, detail = tooltip_texts(rows.get(code), indicator, minutes_per_day)
        is_empty = code in rows and rows[code]["standing"] == "none"
        return Look(fill=colour, hatched=hatched, dotted=is_empty, value=value, detail=detail)

    units = units_of(ground, look)
    legend = []
    if classes:
        for colour, (low, high), count in zip(colours, classes.ranges, classes.counts, strict=True):
            text = class_text(indicator, low, high, minutes_per_day)
            legend.append(LegendEntry(colour=colour, hatched=False, text=text, count=count))
    few = sum(row["standing"] == "too_few" for row in rows.values())
    empty = sum(row["standing"] == "none" for row in rows.values())
    if few:
        text = _("chưa đủ số liệu (dưới {count} hồ sơ)").format(count=indicator.min_n)
        legend.append(LegendEntry(colour=palette.too_few, hatched=True, text=text, count=few))
    if empty:
        text = _("không phát sinh")
        legend.append(LegendEntry(colour=palette.none, hatched=False, dotted=True, text=text, count=empty))
    outside = sum(code not in rows for code in ground.shapes)
    if outside:
        legend.append(LegendEntry(colour=palette.none, hatched=False, text=_("ngoài bộ lọc"), count=outside))
    return units, legend


def class_text(indicator: Indicator, low: float, high: float, minutes_per_day: int) -> str:
    """The range of a class as the legend prints it."""
    if high > low:
        return interval_text(indicator, low, high, minutes_per_day)
    return value_text(indicator, low, minutes_per_day)


def tooltip_texts(row: Mapping[str, Any] | None, indicator: Indicator, minutes_per_day: int) -> tuple[str, str]:
    """What a tooltip says: the value, and under it the interval and n."""
    if row is None:
        return _("ngoài bộ lọc"), ""
    if row["standing"] == "none":
        return _("{name}: không phát sinh").format(name=indicator.name), ""
    text = f"{indicator.name}: {value_text(indicator, row['value'], minutes_per_day)}"
    parts = []
    if interval := interval_text(indicator, row["low"], row["high"], minutes_per_day):
        parts.append(_("khoảng tin cậy 95 %: {interval}").format(interval=interval))
    if row["n"] is not None:
        parts.append(_("n = {n} hồ sơ").format(n=number(row["n"]) if row["n"] is not None else NOTHING))
    if row["standing"] == "too_few":
        parts.append(_("chưa đủ số liệu để đánh giá"))
    return text, " · ".join(parts)


def class_colours(indicator: Indicator, palette: Palette, steps: int) -> list[str]:
    """The ramp of the classes in rising order of value: what wants attention is the strongest colour."""
    if not steps:
        return []
    colours = ramp(palette.sequential, steps)
    return colours[::-1] if indicator.direction == "higher_is_better" else colours
