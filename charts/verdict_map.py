"""Maps that say who differs: communes unlike the others for certain, and local clusters; all others pale grey."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import polars as pl

from charts.choropleth import Ground, LegendEntry, Look, units_of
from charts.palettes import Palette, ramp
from charts.province_map import MapUnit
from charts.rows import standing_colour
from charts.standing import is_better
from charts.values import interval_text, is_missing, value_text
from indicators.catalogue import Indicator
from indicators.clusters import Clusters
from language import _
from language.formats import number

_FAINT = 0.5
_CLUSTER_SIDES = {"high": "higher", "low": "lower", "high_among_low": "higher", "low_among_high": "lower"}


def side_words(indicator: Indicator) -> dict[str, str]:
    """What `higher` and `lower` mean in this indicator, as people say it."""
    if indicator.direction == "neutral":
        return {"higher": _("cao hơn"), "lower": _("thấp hơn")}
    better, worse = _("tốt hơn"), _("kém hơn")
    if indicator.id.startswith("on_time"):
        better, worse = _("đúng hạn hơn"), _("trễ hơn")
    elif indicator.unit in ("days", "working_days"):
        better, worse = _("nhanh hơn"), _("lâu hơn")
    return {side: better if is_better(indicator, side) else worse for side in ("higher", "lower")}


def significance_map(
    frame: pl.DataFrame,
    indicator: Indicator,
    *,
    ground: Ground,
    palette: Palette,
    minutes_per_day: int,
    among: Collection[str] | None = None,
) -> tuple[list[MapUnit], list[LegendEntry]]:
    """Colours only for communes that differ (`deviations.with_verdict`); `among`: the group that was compared."""
    rows = {row["commune"]: row for row in frame.iter_rows(named=True)}
    sides = side_words(indicator)
    colours = {side: standing_colour(side, indicator, palette) for side in sides}

    def category(code: str) -> str:
        if code in rows:
            return str(rows[code]["verdict"])
        return "outside" if among is not None and code not in among else "too_few"

    def look(code: str) -> Look:
        where = category(code)
        if where == "outside":
            return Look(fill=palette.none, value=_("ngoài nhóm so sánh"))
        if where == "too_few":
            return Look(fill=palette.none, hatched=True, value=_("chưa đủ số liệu để so sánh"))
        row = rows[code]
        words = _("{name}: {value}, các đơn vị khác {reference}").format(
            name=indicator.name,
            value=value_text(indicator, row["value"], minutes_per_day),
            reference=value_text(indicator, row["reference"], minutes_per_day),
        )
        verdict = _("chưa đủ cơ sở phân biệt") if where == "unclear" else _("rõ ràng {side}").format(side=sides[where])
        return Look(
            fill=colours.get(where, palette.grid),
            value=words,
            detail=f"{verdict} · {_certainty(row, indicator, minutes_per_day)}",
        )

    order = sorted(sides, key=lambda side: is_better(indicator, side) is True)
    entries = [(side, colours[side], _("rõ ràng {side}").format(side=sides[side]), False) for side in order]
    entries += [
        ("unclear", palette.grid, _("chưa đủ cơ sở phân biệt"), False),
        ("too_few", palette.none, _("chưa đủ số liệu"), True),
        ("outside", palette.none, _("ngoài nhóm so sánh"), False),
    ]
    return units_of(ground, look), _legend(entries, ground, category, always=order)


def cluster_words(indicator: Indicator) -> dict[str, str]:
    """The legend of local clusters by kind, in the words of the indicator."""
    sides = side_words(indicator)
    return {
        "high": _("cụm {side}, các xã quanh cũng {side}").format(side=sides["higher"]),
        "low": _("cụm {side}, các xã quanh cũng {side}").format(side=sides["lower"]),
        "high_among_low": _("{side}, khác các xã quanh").format(side=sides["higher"]),
        "low_among_high": _("{side}, khác các xã quanh").format(side=sides["lower"]),
        "unclear": _("không thuộc cụm nào rõ rệt"),
        "alone": _("không có xã giáp ranh đủ số liệu, không xét"),
    }


def cluster_map(
    found: Clusters,
    deviations: pl.DataFrame,
    indicator: Indicator,
    *,
    ground: Ground,
    palette: Palette,
    minutes_per_day: int,
) -> tuple[list[MapUnit], list[LegendEntry]]:
    """Clusters in full colour, communes unlike those around them in a faint one with dots, all others grey."""
    rows = {row["commune"]: row for row in found.frame.join(deviations, on="commune").iter_rows(named=True)}
    words = cluster_words(indicator)
    full = {kind: standing_colour(side, indicator, palette) for kind, side in _CLUSTER_SIDES.items()}
    colours = {
        kind: ramp((colour, palette.page), 3)[1] if "_among_" in kind else colour for kind, colour in full.items()
    } | {"unclear": palette.grid, "alone": palette.none}

    def category(code: str) -> str:
        return str(rows[code]["kind"]) if code in rows else "too_few"

    def look(code: str) -> Look:
        kind = category(code)
        if kind == "too_few":
            return Look(fill=palette.none, hatched=True, value=_("chưa đủ số liệu để so sánh"))
        row = rows[code]
        value = f"{indicator.name}: {value_text(indicator, row['value'], minutes_per_day)}"
        neighbours = _("{count} xã, phường giáp ranh được xét").format(count=number(row["neighbours"]))
        return Look(
            fill=colours[kind],
            dotted="_among_" in kind or kind == "alone",
            value=value,
            detail=f"{words[kind]} · {neighbours}",
        )

    kinds = sorted(
        _CLUSTER_SIDES, key=lambda kind: ("_among_" in kind, is_better(indicator, _CLUSTER_SIDES[kind]) is True)
    )
    entries = [(kind, colours[kind], words[kind], False) for kind in (*kinds, "unclear", "alone")]
    entries.append(("too_few", palette.none, _("chưa đủ số liệu"), True))
    legend = _legend(entries, ground, category, always=kinds[:2])
    dotted = {words[kind] for kind in (*kinds[2:], "alone")}
    legend = [
        LegendEntry(colour=one.colour, hatched=one.hatched, text=one.text, count=one.count, dotted=one.text in dotted)
        for one in legend
    ]
    return units_of(ground, look), legend


def significance_sentence(frame: pl.DataFrame, indicator: Indicator, *, whole: str) -> str:
    """How many communes differ for certain, out of how many compared; `whole` names those they are set against."""
    counts = dict(frame.group_by("verdict").len().iter_rows())
    sides = side_words(indicator)
    marked = sum(counts.get(side, 0) for side in sides)
    if not frame.height:
        return _("{name}: chưa đơn vị nào đủ số liệu để so sánh").format(name=indicator.name)
    if not marked:
        words = _("{name}: trong {all} đơn vị được so, không đơn vị nào chênh quá mức ngẫu nhiên so với {whole}")
        return words.format(name=indicator.name, all=number(frame.height), whole=whole)
    order = sorted(sides, key=lambda side: is_better(indicator, side) is True)
    parts = [
        _("{count} đơn vị rõ ràng {side}").format(count=number(counts[side]), side=sides[side])
        for side in order
        if counts.get(side)
    ]
    return _("{name}: {parts} so với {whole}, trong {all} đơn vị được so").format(
        name=indicator.name, parts=", ".join(parts), whole=whole, all=number(frame.height)
    )


def cluster_sentence(found: Clusters, indicator: Indicator) -> str:
    """Which clusters there are, or that there is none."""
    if not found.is_known:
        words = _("{name}: các đơn vị không khác nhau quá mức ngẫu nhiên, nên không có cụm")
        return words.format(name=indicator.name)
    counts = dict(found.frame.group_by("kind").len().iter_rows())
    sides = side_words(indicator)
    parts = [
        _("{count} đơn vị ở cụm {side}").format(count=number(counts[kind]), side=sides[_CLUSTER_SIDES[kind]])
        for kind in ("high", "low")
        if counts.get(kind)
    ]
    apart = counts.get("high_among_low", 0) + counts.get("low_among_high", 0)
    if apart:
        parts.append(_("{count} đơn vị khác các xã quanh").format(count=number(apart)))
    if not parts:
        return _("{name}: không thấy cụm nào vượt quá ngẫu nhiên").format(name=indicator.name)
    return f"{indicator.name}: {', '.join(parts)}"


def moran_sentence(found: Clusters) -> str:
    """Whether neighbours are alike in the whole province."""
    if found.moran is None or found.moran_p is None:
        return ""
    words = _("Nhìn toàn tỉnh, các xã cạnh nhau không giống nhau hơn mức ngẫu nhiên")
    if found.moran_p < 0.05:
        words = _("Nhìn toàn tỉnh, các xã cạnh nhau giống nhau hơn mức ngẫu nhiên")
        if found.moran < 0:
            words = _("Nhìn toàn tỉnh, các xã cạnh nhau khác nhau hơn mức ngẫu nhiên")
    return (
        words
        + " "
        + _("(hệ số Moran {moran}; p = {p}).").format(moran=number(found.moran, 2), p=number(found.moran_p, 3))
    )


def _certainty(row: Mapping[str, Any], indicator: Indicator, minutes_per_day: int) -> str:
    parts = []
    if not is_missing(row["low"]) and (interval := interval_text(indicator, row["low"], row["high"], minutes_per_day)):
        parts.append(_("khoảng tin cậy 95 %: {interval}").format(interval=interval))
    parts.append(_("n = {n} hồ sơ").format(n=number(row["n"])))
    return " · ".join(parts)


def _legend(
    entries: Sequence[tuple[str, str, str, bool]],
    ground: Ground,
    category: Callable[[str], str],
    *,
    always: Collection[str],
) -> list[LegendEntry]:
    """The entries `(category, colour, words, hatched)` that occur, and those that are always named."""
    codes = [code for code in ground.shapes if code in ground.names]
    counts = {name: sum(category(code) == name for code in codes) for name, *_rest in entries}
    return [
        LegendEntry(colour=colour, hatched=hatched, text=text, count=counts[name])
        for name, colour, text, hatched in entries
        if counts[name] or name in always
    ]
