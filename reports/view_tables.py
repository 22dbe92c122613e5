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
        """The widths of the columns, in the ratio of their longest texts; none narrower than its longest word.

        In a dense table the heads break into lines, and only the rows ask for room.
        """
        least, most = (6, 24) if self.dense else (9, 90)
        asking = lines[1:] or lines if self.dense else lines
        texts = [[cells[place] for cells in lines if place < len(cells)] for place in range(count)]
        # Two signs for the margins: a date that breaks in two cannot be read.
        words = [max((len(word) for text in column for word in text.split()), default=0) + 2 for column in texts]
        longest = [
            max((len(cells[place]) for cells in asking if place < len(cells)), default=0) for place in range(count)
        ]
        narrowest = [min(max(word, least), most) for word in words]
        wished = [min(max(length, narrow), most) for length, narrow in zip(longest, narrowest, strict=True)]
        signs = self.width // self._letter
        spare, over = max(signs - sum(narrowest), 0), max(sum(wished) - sum(narrowest), 1)
        shares = [narrow + (wish - narrow) * spare / over for wish, narrow in zip(wished, narrowest, strict=True)]
        return [int(self.width * share / sum(shares)) for share in shares]

    def parts(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]
    ) -> list[list[Sequence[str]]]:
        """The rows of each slide: as few slides as the height allows, and the rows shared evenly among them."""

        def parts_of(most_rows: int) -> list[list[Sequence[str]]]:
            found: list[list[Sequence[str]]] = [[]]
            used = 0
            for row, needed in zip(rows, heights, strict=True):
                if found[-1] and (len(found[-1]) == most_rows or used + needed > room):
                    found.append([])
                    used = 0
                found[-1].append(row)
                used += needed
            return found

        room = self.height - self._height_of(head, widths)
        heights = [self._height_of(row, widths) for row in rows]
        fewest = len(parts_of(_MOST_ROWS))
        return next(shared for most in range(1, _MOST_ROWS + 1) if len(shared := parts_of(most)) == fewest)

    @property
    def _letter(self) -> int:
        """The width of a letter, taken rather too wide."""
        return Inches(0.09) * self.size // 12

    def _height_of(self, cells: Sequence[str], widths: Sequence[int]) -> int:
        line = Inches(0.2) * self.size // 12
        lines = [
            -(-len(text) * self._letter // max(width - 2 * self.padding, self._letter))
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
