"""The catalogue in print: for `--list`, and for docs/indicators.md, which is generated."""

from __future__ import annotations

import io

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

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
        "points": _("điểm"),
    }[unit]


def direction_name(direction: str) -> str:
    return {
        "higher_is_better": _("cao hơn là tốt hơn"),
        "lower_is_better": _("thấp hơn là tốt hơn"),
        "neutral": _("không phải tốt hay xấu"),
    }[direction]


def least_cases(indicator: Indicator) -> str:
    """From how many cases on the figure is judged, in words."""
    if not indicator.has_interval:
        return _("không đặt (không có khoảng tin cậy)")
    return str(indicator.min_n)


def catalogue_table(*, width: int | None) -> str:
    """All that each indicator declares of itself, one block each, lines as long as the terminal allows."""
    text = io.StringIO()
    console = Console(file=text, width=min(width or 120, 120), no_color=True, highlight=False)
    for indicator in CATALOGUE:
        console.print(Text(f"{indicator.id}: {indicator.names.vi} ({indicator.names.en})"))
        lines = {
            _("Nghĩa là"): indicator.definition,
            _("Công thức"): indicator.formula_in_words,
            _("Theo ký hiệu"): indicator.formula,
            _("Đơn vị tính"): f"{unit_name(indicator.unit)}; {direction_name(indicator.direction)}",
            _("Tính theo"): indicator.dated_by,
            _("Căn cứ"): indicator.source,
            _("n nhỏ nhất"): least_cases(indicator),
        }
        for name, words in lines.items():
            if words:
                console.print(Padding(Text(f"{name}: {words}"), (0, 0, 0, 4)))
        console.print()
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())


def catalogue_markdown() -> str:
    """docs/indicators.md, in full."""
    head = f"""<!-- Generated from indicators/declared/ by `make docs`. -->

# Chỉ số · Indicators

Mỗi chỉ số được khai báo một lần; màn hình, báo cáo và dòng lệnh đều đọc khai báo này.
Each indicator is declared once; screens, reports and the command line all read that declaration.

- A window runs from `--from` to `--to`, both days included, and ends at E, the earlier of `--to` and `--as-of`:
  what happened after E is unknown to the figure. Each bucket of a time dimension is a window of its own.
- Due dates are compared by day, not by hour. Status 7 and 8 close neutrally; 1 and 3 count only in
  `slow_reception_rate`.
- Rates carry Wilson's 95 % interval (`ID_n`, `ID_low`, `ID_high`), quantiles one from order statistics, means Student's
  on the logarithm, times to result one from Greenwood's variance; how surely they enclose is measured in
  [thong-ke.md](thong-ke.md). Counts and ratios stand alone.
- Below the smallest n a value is shown in grey and never ranked. A rate or a quantile without a case is empty, not 0.
- Dimensions: {", ".join(f"`{dimension}`" for dimension in DIMENSIONS)}.

| ID | Tên | Name | Đơn vị tính |
| --- | --- | --- | --- |
"""
    rows = "".join(f"| [`{i.id}`](#{i.id}) | {i.names.vi} | {i.names.en} | {unit_name(i.unit)} |\n" for i in CATALOGUE)
    return head + rows + "".join(_section(indicator) for indicator in CATALOGUE)


def _section(indicator: Indicator) -> str:
    smallest = f"- n nhỏ nhất · Smallest n: {indicator.min_n}\n" if indicator.has_interval else ""
    words = indicator.formulas
    formula = f"- Công thức: {words.vi}\n- Formula: {words.en}\n" if words else ""
    return f"""
## {indicator.id}

**{indicator.names.vi}** · {indicator.names.en}

{indicator.definitions.vi}

{indicator.definitions.en}

{formula}- Theo ký hiệu · In symbols: `{indicator.formula}`
- Đơn vị tính: {unit_name(indicator.unit)} ({direction_name(indicator.direction)})
- Tính theo: {indicator.dating.vi} · {indicator.dating.en}
- Nguồn: {indicator.sources.vi} · {indicator.sources.en}
{smallest}"""
