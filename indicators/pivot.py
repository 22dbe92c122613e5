"""Cross tables: one or two dimensions by some indicators, with totals that are computed again and never added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import polars as pl

from indicators.catalogue import Indicator, indicators
from indicators.compute import columns_of, compute
from indicators.errors import CallError
from indicators.filters import Filters
from indicators.scope import COMMUNE_DIMENSIONS, Scope
from indicators.windows import Window
from language import _
from language.formats import number
from warehouse import Snapshot

MOST_INDICATORS = 5
MOST_CELLS = 20_000
# Fewer dossiers than this are not handed out where they could point at a person.
SMALL = 5


class Figure(NamedTuple):
    """One value; `n` is None where the indicator has none, `value` None where there was no case."""

    value: float | None
    n: int | None = None
    low: float | None = None
    high: float | None = None


# The key of a total among the values of a dimension; a null of the data is None.
TOTAL = "\N{BULLET}total"
Cell = tuple[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Pivot:
    """The table: `figures[row, column][id]`, with `TOTAL` for the totals, and for the columns where there are none.

    `hidden` are cells that may not leave the house (`suppressed`).
    """

    rows: str
    columns: str
    indicators: Sequence[Indicator]
    row_values: Sequence[Any]
    column_values: Sequence[Any]
    figures: dict[Cell, dict[str, Figure]]
    hidden: frozenset[Cell] = field(default_factory=frozenset)

    def figure(self, row: Any, column: Any, indicator: str) -> Figure:
        return self.figures.get((row, column), {}).get(indicator, Figure(None, 0))


def pivot(
    snapshot: Snapshot,
    ids: Iterable[str],
    *,
    rows: str,
    columns: str = "",
    filters: Filters,
    window: Window,
) -> Pivot:
    """The indicators by one or two dimensions. Raises CallError where the table would be larger than can be read."""
    wanted = indicators(ids)
    if not wanted:
        raise CallError(_("Hãy chọn ít nhất một chỉ tiêu."))
    if len(wanted) > MOST_INDICATORS:
        raise CallError(_("Bảng chéo nhận nhiều nhất {most} chỉ tiêu một lần.").format(most=MOST_INDICATORS))
    if rows == columns:
        raise CallError(_("Hàng và cột phải là hai chiều khác nhau."))
    dimensions = [rows, *([columns] if columns else [])]
    cells = size(Scope(snapshot, tuple(dimensions), filters, window)) * len(wanted)
    if cells > MOST_CELLS:
        raise CallError(
            _(
                "Bảng này có khoảng {cells} ô, nhiều hơn {most} ô đọc được một lần. Hãy chọn chiều ít giá trị hơn, "
                "thu hẹp bộ lọc hoặc khoảng thời gian."
            ).format(cells=number(cells), most=number(MOST_CELLS))
        )
    figures: dict[Cell, dict[str, Figure]] = {}
    for by in ([*dimensions], *([rows], [columns]) * bool(columns), []):
        frame = compute(
            snapshot, [one.id for one in wanted], by, filters=filters, date_from=window.starts, date_to=window.ends
        )
        for record in frame.iter_rows(named=True):
            key = (record[rows] if rows in by else TOTAL, record[columns] if columns and columns in by else TOTAL)
            figures[key] = {one.id: _figure(record, one) for one in wanted}
    return Pivot(
        rows=rows,
        columns=columns,
        indicators=wanted,
        row_values=_values(figures, 0),
        column_values=_values(figures, 1) if columns else [TOTAL],
        figures=figures,
    )


def size(scope: Scope) -> int:
    """About how many cells an answer by these dimensions has, before any of it is computed."""
    cells = len(scope.buckets) if scope.time_dimensions else 1
    if scope.unit_dimensions:
        cells *= max(len(scope.units), 1)
    if scope.key_dimensions:
        cells *= max(scope.groups.select(scope.key_dimensions).n_unique(), 1)
    return cells


def long_frame(table: Pivot) -> pl.DataFrame:
    """The cells without totals, one a row: the dimensions, each indicator's columns, `hidden` where some were.

    Values are raw; those of hidden cells are null.
    """
    dimensions = [table.rows, *([table.columns] if table.columns else [])]
    schema: dict[str, Any] = {name: pl.Date if name == "day" else pl.String for name in dimensions}
    for one in table.indicators:
        whole = one.unit == "count"
        schema |= {name: pl.Int64 if name.endswith("_n") or whole else pl.Float64 for name in columns_of(one)}
    records = []
    for row in table.row_values:
        for column in table.column_values:
            if (row, column) not in table.figures:
                continue
            is_hidden = (row, column) in table.hidden
            record = dict(zip(dimensions, (row, column), strict=False))
            for one in table.indicators:
                values = table.figure(row, column, one.id)
                record |= {
                    name: None if is_hidden else value for name, value in zip(columns_of(one), values, strict=False)
                }
            records.append(record | {"hidden": is_hidden})
    return pl.DataFrame(records, schema=schema | {"hidden": pl.Boolean}, orient="row")


def _figure(record: dict[str, Any], indicator: Indicator) -> Figure:
    if not indicator.has_interval:
        return Figure(record[indicator.id])
    return Figure(*(record[indicator.id + part] for part in ("", "_n", "_low", "_high")))


def _values(figures: dict[Cell, dict[str, Figure]], place: int) -> list[Any]:
    """The values of a dimension as computed, in order; a null comes last."""
    found = dict.fromkeys(key[place] for key in figures if key[place] != TOTAL)
    return [value for value in found if value is not None] + [None] * (None in found)


def tells_of_persons(dimensions: Iterable[str], filters: Filters) -> bool:
    """Whether procedures cross places, by a dimension or by a filter: a rare procedure in one commune is a person."""
    crossed = {*dimensions, *filters.given()}
    return "procedure" in crossed and bool(crossed.intersection(COMMUNE_DIMENSIONS))


def suppressed(table: Pivot) -> Pivot:
    """The table with the cells of fewer than `SMALL` dossiers hidden, and with them others that would give them away.

    A single hidden figure of a row or column follows from its total, so that none stays alone: the smallest neighbour
    is hidden with it, a total only where there is no other.
    """
    columns = [*table.column_values, *([TOTAL] if table.columns else [])]
    rows = [*table.row_values, TOTAL]
    lines = [[(row, column) for row in rows] for column in columns]
    lines += [[(row, column) for column in columns] for row in rows] if table.columns else []
    hidden = {cell for cell in table.figures if _is_small(table, cell)}
    before: set[Cell] = set()
    while before != hidden:
        before = set(hidden)
        for line in lines:
            if len(line) > 1 and sum(cell in hidden for cell in line) == 1:
                hidden.add(min((cell for cell in line if cell not in hidden), key=lambda cell: _loss(table, cell)))
    return replace(table, hidden=frozenset(hidden))


def _loss(table: Pivot, cell: Cell) -> tuple[int, bool, float]:
    """What hiding a cell costs the reader: totals most, then empty cells, which hide little, then large ones."""
    cases = _cases(table, cell)
    return cell.count(TOTAL), cases == 0, cases


def mark(table: Pivot, cell: Cell) -> str:
    """What a hidden cell prints: `<5`, or dots where it hides only what would give another away."""
    return f"<{SMALL}" if _cases(table, cell) < SMALL else "…"


def _is_small(table: Pivot, cell: Cell) -> bool:
    return any(0 < n < SMALL for n in _each_count(table, cell))


def _cases(table: Pivot, cell: Cell) -> float:
    return max(_each_count(table, cell), default=0)


def _each_count(table: Pivot, cell: Cell) -> list[float]:
    """How many dossiers stand behind each value of a cell: the count itself, or n."""
    figures = table.figures.get(cell, {})
    counts = [
        figures[one.id].value if one.unit == "count" else figures[one.id].n for one in table.indicators if figures
    ]
    return [count for count in counts if count is not None]
