"""Communes as tables: all of them by one indicator, or one to six of them by the key figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl

from charts.change import Figure
from charts.standing import is_better, standing, standing_name
from charts.values import interval_text, value_text
from indicators.catalogue import Indicator, indicators
from language import _
from language.formats import number
from pages.parts.definitions import behind_the_i
from pages.parts.screen import Screen
from pages.parts.table import Cell, Column, Row, table
from pages.parts.whole import in_text

KEY_FIGURES = (
    "received",
    "resolved",
    "on_time_rate_ii06",
    "on_time_rate_766",
    "pending",
    "pending_late",
    "processing_days_p50",
    "online_rate",
    "supplement_rate",
)


def commune_table(
    screen: Screen,
    indicator: Indicator,
    frame: pl.DataFrame,
    province: float | None,
    *,
    key: str,
    height: int,
    on_pick: Callable[[str], None],
) -> None:
    """All communes of a frame of `with_standing`, in alphabetical order; a click on a heading sorts."""
    minutes = screen.minutes_per_day
    columns = [
        Column(label=_("Xã, phường")),
        Column(label=indicator.name, number=True, meaning=behind_the_i(indicator)),
    ]
    if indicator.has_interval:
        columns.append(Column(label=_("n"), number=True, meaning=(_("n"), _("Số hồ sơ làm căn cứ"))))
    rows = [_province_row(screen, indicator, province, len(columns))]
    listed = {row["commune"]: row for row in frame.iter_rows(named=True)}
    for rank, (code, commune) in enumerate(screen.lists.communes.items()):
        if code not in listed:
            continue
        row = listed[code]
        note = interval_text(indicator, row["low"], row["high"], minutes)
        cells: list[Cell] = [commune.full_name, (value_text(indicator, row["value"], minutes), note)]
        sort: list[float | str | None] = [rank, row["value"]]
        if indicator.has_interval:
            cells.append(number(row["n"]))
            sort.append(row["n"])
        rows.append(
            Row(
                cells=cells,
                sort=sort,
                code=code,
                muted=row["standing"] in ("too_few", "none"),
                chosen=code in screen.view.marked,
            )
        )
    rows += _split_units(screen, indicator, len(columns))
    caption = _("{name} theo xã, phường").format(name=indicator.name)
    table(caption, columns, rows, key=key, height=height, on_pick=on_pick)


def _province_row(screen: Screen, indicator: Indicator, province: float | None, width: int) -> Row:
    cells = [screen.whole, value_text(indicator, province, screen.minutes_per_day), ""][:width]
    return Row(cells=cells, sort=[None] * len(cells), strong=True)


def _split_units(screen: Screen, indicator: Indicator, width: int) -> list[Row]:
    """A row for dossiers from before the merger of old units that were split: they belong to no unit of today."""
    frame = screen.figures([indicator.id], by=["commune"], filters=replace(screen.filters, commune=()))
    rows = []
    for row in frame.filter(pl.col("commune").is_null()).iter_rows(named=True):
        figure = Figure.from_row(row, indicator)
        if figure.value:
            text = value_text(indicator, figure.value, screen.minutes_per_day)
            note = _("hồ sơ trước sáp nhập, không quy được về một đơn vị")
            cells: list[Cell] = [(_("Đơn vị cũ bị chia tách"), note), text, number(figure.n)]
            rows.append(Row(cells=cells[:width], sort=[None] * width, muted=True))
    return rows


def side_by_side(
    screen: Screen,
    communes: Sequence[str],
    *,
    key: str,
    figures: Sequence[str] = KEY_FIGURES,
    among: Sequence[str] = (),
    whole: str = "",
) -> None:
    """Key figures in rows, the communes and the province in columns; each cell says where it stands.

    With `among` those communes together, called `whole`, stand in place of the province.
    """
    minutes = screen.minutes_per_day
    # Whatever part of the province the filters keep, the chosen communes are shown.
    chosen = replace(screen.filters.of_whole_province(), commune=tuple(communes))
    split = screen.figures(figures, by=["commune"], filters=chosen)
    of_commune = {row["commune"]: row for row in split.iter_rows(named=True)}
    everyone = replace(screen.filters.of_whole_province(), commune=tuple(among))
    reference = screen.figures(figures, filters=everyone).row(0, named=True)
    columns = [Column(label=_("Chỉ tiêu"))]
    columns += [Column(label=screen.commune_name(code), number=True) for code in communes]
    columns.append(Column(label=whole or screen.whole, number=True))
    rows = []
    for order, declared in enumerate(indicators(figures)):
        cells: list[Cell] = [declared.name]
        sort: list[float | str | None] = [order]
        for code in communes:
            figure = Figure.from_row(of_commune[code], declared)
            cells.append(_standing_cell(declared, figure, reference[declared.id], minutes))
            sort.append(figure.value)
        cells.append(value_text(declared, reference[declared.id], minutes))
        rows.append(Row(cells=cells, sort=[*sort, reference[declared.id]], meaning=behind_the_i(declared)))
    names = ", ".join(screen.commune_name(code) for code in communes)
    caption = _("{communes} so với {whole}").format(communes=names, whole=in_text(whole or screen.whole))
    table(caption, columns, rows, key=key)


def _standing_cell(declared: Indicator, figure: Figure, province: float | None, minutes_per_day: int) -> Cell:
    text = value_text(declared, figure.value, minutes_per_day)
    if not declared.has_interval:
        return text
    where = standing(declared, figure.value, figure.n, figure.low, figure.high, province)
    words = {"higher": _("cao hơn rõ"), "lower": _("thấp hơn rõ"), "unclear": _("chưa đủ cơ sở phân biệt")}
    parts = [interval_text(declared, figure.low, figure.high, minutes_per_day), words.get(where, standing_name(where))]
    tone = {True: "better", False: "worse", None: ""}[is_better(declared, where)]
    return text, " · ".join(part for part in parts if part), tone
