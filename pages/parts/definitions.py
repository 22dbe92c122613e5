"""What a figure means, in words for the screen: read from the catalogue, and from nowhere else."""

from __future__ import annotations

from indicators.catalogue import CATALOGUE, Indicator
from language import _
from pages.parts.picker import Option


def definition(indicator: Indicator) -> list[str]:
    """Paragraphs: what it is, which day counts, where it comes from, from which n it is judged."""
    lines = [
        indicator.definition,
        _("Tính theo: {dated_by}.").format(dated_by=indicator.dated_by),
        _("Căn cứ: {source}.").format(source=indicator.source),
    ]
    if indicator.has_interval:
        lines.append(_("Dưới {count} hồ sơ: chưa đủ số liệu để đánh giá.").format(count=indicator.min_n))
    return lines


def indicator_options() -> list[Option]:
    """All indicators to pick from, with their definition's first sentence under the name."""
    return [Option(value=one.id, label=one.name, hint=one.definition.split(". ")[0].rstrip(".")) for one in CATALOGUE]
