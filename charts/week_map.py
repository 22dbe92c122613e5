"""The map through the weeks: geometry once, then one letter a commune and week, on one colour scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from charts.choropleth import STEPS, LegendEntry, class_colours, class_text
from charts.classes import classify
from charts.palettes import Palette
from charts.trend import bucket_name
from charts.values import rounded_value
from indicators.catalogue import Indicator
from indicators.windows import Window, bucket_window
from language import _
from language.formats import date as written_date

FEW, NONE = "x", "-"
# So many values decide the classes; natural breaks of all of them would take minutes.
_SAMPLE = 300
_ROLLED = (1, 2, 4, 8)


@dataclass(frozen=True, kw_only=True)
class WeekMap:
    """The map in steps of time of one `grain` (week, month).

    `frames`: for each step a letter for each of `codes`: its class, `x` too few cases, `-` none. `rolled`: how many
    weeks each step looks back over, its own included; `enough`: the share of communes and steps that have a colour.
    """

    codes: tuple[str, ...]
    steps: tuple[str, ...]
    frames: tuple[str, ...]
    legend: tuple[LegendEntry, ...]
    grain: str
    rolled: int
    enough: float


def week_map(
    frame: pl.DataFrame,
    indicator: Indicator,
    *,
    codes: Sequence[str],
    grain: str,
    within: Window,
    scheme: str,
    palette: Palette,
    minutes_per_day: int,
) -> WeekMap | None:
    """Steps of time from an answer of `compute` by commune and `grain` (week, month), those whole within `within`.

    Where most communes have too few cases in a week, a rate looks back over two, four or eight weeks. Colours mean the
    same in every step. None where there is no whole step or no figure.
    """
    labels = sorted({label for label in frame[grain] if _is_whole(bucket_window(grain, label), within)})
    if not labels:
        return None
    values, n = _table(frame, indicator, codes, labels, grain)
    rolled = 1
    if indicator.unit == "rate" and indicator.has_interval and grain == "week":
        rolled, values, n = _rolled(values, n, indicator.min_n)
    few = (n < indicator.min_n) & ~np.isnan(values)
    shown = ~np.isnan(values) & ~few
    if not shown.any():
        return None

    def rounding(value: float) -> float:
        return rounded_value(indicator, value, minutes_per_day)

    ordered = np.sort(values[shown])
    sample = ordered[np.unique(np.linspace(0, len(ordered) - 1, _SAMPLE).astype(int))]
    classes = classify(list(sample), scheme=scheme, steps=STEPS, rounding=rounding)
    letters = np.full(values.shape, NONE)
    letters[few] = FEW
    for where in zip(*np.nonzero(shown), strict=True):
        letters[where] = str(classes.index(rounding(float(values[where]))))
    colours = class_colours(indicator, palette, len(classes.ranges))
    legend = [
        LegendEntry(colour=colour, hatched=False, text=class_text(indicator, low, high, minutes_per_day), count=0)
        for colour, (low, high) in zip(colours, classes.ranges, strict=True)
    ]
    windows = [bucket_window(grain, label) for label in labels][rolled - 1 :]
    names = [bucket_name(window, grain) for window in windows]
    if rolled > 1:
        template = _("{count} tuần đến {ends}")
        names = [template.format(count=rolled, ends=written_date(window.ends)) for window in windows]
    return WeekMap(
        codes=tuple(codes),
        steps=tuple(names),
        frames=tuple("".join(column) for column in letters.T),
        legend=tuple(legend),
        grain=grain,
        rolled=rolled,
        enough=float(shown.mean()),
    )


def _is_whole(bucket: Window, within: Window) -> bool:
    return bucket.starts >= within.starts and bucket.ends <= within.ends


def _table(
    frame: pl.DataFrame, indicator: Indicator, codes: Sequence[str], labels: Sequence[str], grain: str
) -> tuple[np.ndarray, np.ndarray]:
    """Values and n by commune and step; nan where there is no case. What has no n always has enough."""
    place: Mapping[str, int] = {code: at for at, code in enumerate(codes)}
    step = {label: at for at, label in enumerate(labels)}
    values, n = np.full((len(codes), len(labels)), np.nan), np.full((len(codes), len(labels)), np.inf)
    columns = [grain, "commune", indicator.id]
    has_n = f"{indicator.id}_n" in frame.columns
    for row in frame.select(*columns, *([f"{indicator.id}_n"] if has_n else [])).iter_rows():
        label, code, value = row[:3]
        if code in place and label in step and value is not None:
            values[place[code], step[label]] = value
            if has_n:
                n[place[code], step[label]] = row[3] or 0
    if has_n:
        values[n == 0] = np.nan
        n[np.isinf(n)] = 0
    return values, n


def _rolled(values: np.ndarray, n: np.ndarray, least: int) -> tuple[int, np.ndarray, np.ndarray]:
    """Rates over as many weeks as give half of all communes enough cases, from their hits and cases added up."""
    hits = np.nan_to_num(values) * n
    found = (1, values, n)
    for weeks in _ROLLED:
        if weeks > n.shape[1]:
            break
        cases, good = (
            np.stack([one[:, end - weeks : end].sum(axis=1) for end in range(weeks, n.shape[1] + 1)], axis=1)
            for one in (n, hits)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            found = weeks, np.where(cases > 0, good / cases, np.nan), cases
        if (cases >= least).mean() >= 0.5:
            break
    return found
