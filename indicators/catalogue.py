"""Every indicator: screens, reports, command line and documentation read these declarations and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from indicators.declared import counts, durations, index_766, services, steps, timeliness, workload
from indicators.errors import UnknownIndicator
from indicators.indicator import Indicator
from language import _

CATALOGUE: tuple[Indicator, ...] = (
    *counts.INDICATORS,
    *timeliness.INDICATORS,
    *durations.INDICATORS,
    *steps.INDICATORS,
    *services.INDICATORS,
    *workload.INDICATORS,
    *index_766.INDICATORS,
)

_BY_ID = {declared.id: declared for declared in CATALOGUE}


def indicator(indicator_id: str) -> Indicator:
    """The declaration of an ID; UnknownIndicator names the nearest one."""
    if indicator_id in _BY_ID:
        return _BY_ID[indicator_id]
    if near := get_close_matches(indicator_id, _BY_ID, n=1):
        raise UnknownIndicator(_("Không có chỉ số “{id}”. Ý bạn là {near}?").format(id=indicator_id, near=near[0]))
    raise UnknownIndicator(
        _("Không có chỉ số “{id}”. Xem danh mục: python -m indicators --list").format(id=indicator_id)
    )


def indicators(ids: Iterable[str]) -> list[Indicator]:
    """The declarations of several IDs, in their order and each once."""
    return [indicator(indicator_id) for indicator_id in dict.fromkeys(ids)]


__all__ = ["CATALOGUE", "Indicator", "indicator", "indicators"]
