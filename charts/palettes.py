"""Colours of charts and maps, for a light and a dark page; all of them can be told apart by colour-blind eyes.

Sequential maps run in one hue, so that their order survives grey projectors. Communes that differ from the province are
blue (better) and orange (worse), never green and red.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

RGB = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of one page theme, as `#RRGGBB`."""

    text: str
    quiet: str
    grid: str
    page: str
    line: str
    province: str
    better: str
    worse: str
    unclear: str
    too_few: str
    none: str
    series: tuple[str, ...]
    sequential: tuple[str, ...]


LIGHT = Palette(
    text="#10202F",
    quiet="#46535F",
    grid="#D7DFE6",
    page="#FFFFFF",
    line="#FFFFFF",
    province="#10202F",
    better="#0B5394",
    worse="#C65102",
    unclear="#8A97A3",
    too_few="#D3D8DD",
    none="#F4F5F6",
    series=("#0B5394", "#D55E00", "#00805E", "#8B4A9C", "#A87600", "#2F8FBF"),
    sequential=("#E3EEF8", "#B3D0EA", "#7BADD8", "#4080BC", "#17508F", "#082D57"),
)
DARK = Palette(
    text="#F1F5F9",
    quiet="#BAC6D1",
    grid="#33434F",
    page="#0E1720",
    line="#0E1720",
    province="#F1F5F9",
    better="#6CB2F0",
    worse="#F58A3C",
    unclear="#8494A3",
    too_few="#44515C",
    none="#222D37",
    series=("#6CB2F0", "#F58A3C", "#35C7A0", "#C79AD6", "#E0B84A", "#9FD8F0"),
    sequential=("#17324B", "#1F527E", "#2E75B0", "#5C9FD6", "#9CCAEE", "#E0EEF9"),
)


def palette(*, dark: bool) -> Palette:
    return DARK if dark else LIGHT


def rgb(colour: str) -> RGB:
    """`#0B5394` as (11, 83, 148)."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def rgba(colour: str, alpha: float) -> str:
    """`#0B5394` as the CSS text `rgba(11, 83, 148, 0.2)`."""
    return "rgba({}, {}, {}, {})".format(*rgb(colour), alpha)


def ramp(colours: Sequence[str], steps: int) -> list[str]:
    """`steps` colours spread evenly over a sequence of at least two, ends included, mixed where they fall between."""
    if steps == 1:
        return [colours[len(colours) // 2]]
    mixed = []
    for step in range(steps):
        position = step * (len(colours) - 1) / (steps - 1)
        lower = min(int(position), len(colours) - 2)
        share = position - lower
        pair = zip(rgb(colours[lower]), rgb(colours[lower + 1]), strict=True)
        mixed.append("#{:02X}{:02X}{:02X}".format(*(round(a + (b - a) * share) for a, b in pair)))
    return mixed
