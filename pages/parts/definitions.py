"""What a figure means, in words for the screen: read from the catalogue, and from nowhere else."""

from __future__ import annotations

from indicators.catalogue import CATALOGUE, Indicator
from indicators.reference import direction_name, unit_name
from language import _
from pages.parts.picker import Option


def definition(indicator: Indicator) -> list[str]:
    """Paragraphs: what it is and how computed, its unit and good side, the day that counts, its source, its least n."""
    lines = [
        indicator.definition,
        _("Công thức: {formula}.").format(formula=indicator.formula_in_words) if indicator.formula_in_words else "",
        _("Đơn vị tính: {unit}; {direction}.").format(
            unit=unit_name(indicator.unit), direction=direction_name(indicator.direction)
        ),
        _("Tính theo: {dated_by}.").format(dated_by=indicator.dated_by),
        _("Căn cứ: {source}.").format(source=indicator.source),
    ]
    lines = [line for line in lines if line]
    if indicator.has_interval and indicator.min_n:
        lines.append(_("Dưới {count} hồ sơ: chưa đủ số liệu để đánh giá.").format(count=indicator.min_n))
    return lines


def behind_the_i(indicator: Indicator) -> list[str]:
    """What our own components show behind an "i": the name, then the definition."""
    return [indicator.name, *definition(indicator)]


def indicator_options() -> list[Option]:
    """All indicators to pick from, with their definition's first sentence under the name."""
    return [Option(value=one.id, label=one.name, hint=one.definition.split(". ")[0].rstrip(".")) for one in CATALOGUE]
