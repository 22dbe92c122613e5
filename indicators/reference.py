"""The catalogue in print: for `--list`, and for docs/indicators.md, which is generated."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table

from indicators.catalogue import CATALOGUE, Indicator
from indicators.scope import DIMENSIONS
from language import _


def unit_name(unit: str) -> str:
    """The unit of an indicator in words."""
    return {
        "count": _("hồ sơ"),
        "rate": "%",
        "working_days": _("ngày làm việc"),
        "days": _("ngày"),
        "per_1000_people": _("hồ sơ/1.000 dân"),
        "per_staff_day": _("hồ sơ/cán bộ/ngày"),
        "ratio": _("lần"),
    }[unit]


def direction_name(direction: str) -> str:
    return {
        "higher_is_better": _("cao hơn là tốt hơn"),
        "lower_is_better": _("thấp hơn là tốt hơn"),
        "neutral": _("không phải tốt hay xấu"),
    }[direction]


def catalogue_table(*, width: int | None) -> str:
    """All indicators with their names, units and definitions."""
    table = Table()
    for heading in ("ID", _("Tên"), _("Đơn vị tính"), _("Nghĩa là")):
        table.add_column(heading, overflow="fold")
    for indicator in CATALOGUE:
        table.add_row(indicator.id, indicator.name, unit_name(indicator.unit), indicator.definition)
    text = io.StringIO()
    Console(file=text, width=width, no_color=True, highlight=False).print(table)
    return text.getvalue()


def catalogue_markdown() -> str:
    """docs/indicators.md, in full."""
    head = f"""<!-- Generated from indicators/catalogue.py by `python -m indicators --docs`. -->

# Chỉ số · Indicators

Mỗi chỉ số được khai báo một lần; màn hình, báo cáo và dòng lệnh đều đọc khai báo này.
Each indicator is declared once; screens, reports and the command line all read that declaration.

- A window runs from `--from` to `--to`, both days included, and ends at E, the earlier of `--to` and `--as-of`:
  what happened after E is unknown to the figure. Each bucket of a time dimension is a window of its own.
- Due dates are compared by day, not by hour. Status 7 and 8 close neutrally; 1 and 3 count only in
  `slow_reception_rate`.
- Rates carry Wilson's 95 % interval (`ID_n`, `ID_low`, `ID_high`), quantiles one from order statistics, means one from
  the normal approximation, times to result one from Greenwood's variance. Counts and ratios stand alone.
- Below the smallest n a value is shown in grey and never ranked. A rate or a quantile without a case is empty, not 0.
- Dimensions: {", ".join(f"`{dimension}`" for dimension in DIMENSIONS)}.

| ID | Tên | Name | Đơn vị tính |
| --- | --- | --- | --- |
"""
    rows = "".join(f"| [`{i.id}`](#{i.id}) | {i.names.vi} | {i.names.en} | {unit_name(i.unit)} |\n" for i in CATALOGUE)
    return head + rows + "".join(_section(indicator) for indicator in CATALOGUE)


def _section(indicator: Indicator) -> str:
    smallest = f"- Smallest n: {indicator.min_n}\n" if indicator.has_interval else ""
    return f"""
## {indicator.id}

**{indicator.names.vi}** · {indicator.names.en}

{indicator.definitions.vi}

{indicator.definitions.en}

- Formula: `{indicator.formula}`
- Đơn vị tính: {unit_name(indicator.unit)} ({direction_name(indicator.direction)})
- Tính theo: {indicator.dating.vi} · {indicator.dating.en}
- Nguồn: {indicator.sources.vi} · {indicator.sources.en}
{smallest}"""
