"""Tables on the slides of a view: columns as wide as their texts, and as many rows as a slide has height for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import PP_ALIGN
from pptx.util import Inches

from charts.palettes import Palette
from reports.view_charts import colour_of, set_font

_MOST_ROWS = 12
_PADDING, _DENSE_PADDING = Inches(0.1), Inches(0.04)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where tables stand, in EMU; `dense` for many columns of short numbers, in smaller type."""

    left: int
    top: int
    width: int
    height: int
    dense: bool = False

    @property
    def most_columns(self) -> int:
        return 16 if self.dense else 8

    @property
    def size(self) -> int:
        """Points."""
        return 10 if self.dense else 12

    @property
    def padding(self) -> int:
        return _DENSE_PADDING if self.dense else _PADDING

    @property
    def row_height(self) -> int:
        return Inches(0.3) if self.dense else Inches(0.38)

    def widths(self, lines: Sequence[Sequence[str]], count: int) -> list[int]:
        """The widths of the columns, in the ratio of their longest texts; none too narrow for a figure.

        In a dense table the heads break into lines, and only the rows ask for room.
        """
        least, most = (6, 24) if self.dense else (12, 90)
        asking = lines[1:] or lines if self.dense else lines
        longest = [
            max((len(cells[place]) for cells in asking if place < len(cells)), default=0) for place in range(count)
        ]
        shares = [min(max(length, least), most) for length in longest]
        return [self.width * share // sum(shares) for share in shares]

    def parts(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]
    ) -> list[list[Sequence[str]]]:
        """The rows of each slide: as many as there is height for, once long texts take several lines."""
        parts: list[list[Sequence[str]]] = [[]]
        room = self.height - self._height_of(head, widths)
        used = 0
        for row in rows:
            needed = self._height_of(row, widths)
            if parts[-1] and (len(parts[-1]) == _MOST_ROWS or used + needed > room):
                parts.append([])
                used = 0
            parts[-1].append(row)
            used += needed
        return parts

    def _height_of(self, cells: Sequence[str], widths: Sequence[int]) -> int:
        # The width of a letter is taken rather too wide.
        letter, line = Inches(0.1) * self.size // 12, Inches(0.2) * self.size // 12
        lines = [
            -(-len(text) * letter // max(width - 2 * self.padding, letter))
            for text, width in zip(cells, widths, strict=False)
        ]
        return max(self.row_height, max(lines, default=1) * line + Inches(0.1))


def add_table(
    slide: Any,
    lines: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    layout: Layout,
    numbers: Sequence[bool],
    palette: Palette,
) -> None:
    """A native table, its head first; `numbers` says which columns stand to the right."""
    frame = slide.shapes.add_table(
        len(lines), len(widths), layout.left, layout.top, layout.width, layout.row_height * len(lines)
    )
    for place, width in enumerate(widths):
        frame.table.columns[place].width = width
    for line, cells in enumerate(lines):
        for place in range(len(widths)):
            cell = frame.table.cell(line, place)
            cell.margin_top = cell.margin_bottom = Inches(0.04)
            cell.margin_left = cell.margin_right = layout.padding
            cell.fill.solid()
            cell.fill.fore_color.rgb = colour_of(palette.page if line else palette.grid)
            cell.text = cells[place] if place < len(cells) else ""
            is_number = place < len(numbers) and numbers[place]
            for paragraph in cell.text_frame.paragraphs:
                paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
                for run in paragraph.runs:
                    set_font(run.font, size=layout.size, colour=palette.text, bold=not line)
