"""Findings as sentences to read aloud: every one true by construction, with its n."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indicators.catalogue import Indicator, indicator
from indicators.notable import Notable
from language import _, formats


def value_in_words(value: float | None, declared: Indicator) -> str:
    """One value with its unit: `97,6 %`, `1.234 hồ sơ`, `3,2 ngày làm việc`."""
    if value is None:
        return formats.NOTHING
    match declared.unit:
        case "count":
            return _("{number} hồ sơ").format(number=formats.number(value))
        case "rate":
            return formats.percent(value)
        case "working_days":
            return _("{number} ngày làm việc").format(number=formats.number(value, 1))
        case "days":
            return formats.days(value)
        case _:
            return formats.number(value, 2)


def notable_sentence(finding: Notable) -> str:
    """What a leader should know about one commune, in one sentence."""
    declared = indicator(finding.indicator)
    if finding.kind == "change":
        rises = _("{commune}: {name} tăng từ {reference} lên {value} so với kỳ trước (n = {n}).")
        falls = _("{commune}: {name} giảm từ {reference} xuống {value} so với kỳ trước (n = {n}).")
    elif finding.is_adjusted:
        rises = _(
            "{commune}: {name} {value}, cao hơn mức chung {reference} của cùng cơ cấu hồ sơ, "
            "tương đương {dossiers} hồ sơ (n = {n})."
        )
        falls = _(
            "{commune}: {name} {value}, thấp hơn mức chung {reference} của cùng cơ cấu hồ sơ, "
            "tương đương {dossiers} hồ sơ (n = {n})."
        )
    else:
        rises = _(
            "{commune}: {name} {value}, cao hơn mức {reference} của các đơn vị khác, "
            "tương đương {dossiers} hồ sơ (n = {n})."
        )
        falls = _(
            "{commune}: {name} {value}, thấp hơn mức {reference} của các đơn vị khác, "
            "tương đương {dossiers} hồ sơ (n = {n})."
        )
    template = rises if finding.value > finding.reference else falls
    return template.format(
        commune=finding.commune_name,
        name=_in_running_text(declared.name),
        value=value_in_words(finding.value, declared),
        reference=value_in_words(finding.reference, declared),
        dossiers=formats.number(finding.dossiers),
        n=formats.number(finding.n),
    )


def change_sentence(change: Mapping[str, Any]) -> str:
    """One row of `compare` in words: `Tăng 3,1 điểm % so với kỳ trước`, or that nothing can be told."""
    declared = indicator(change["indicator"])
    difference = change["difference"]
    if change["reference"] is None or difference is None:
        return _("Chưa có kỳ trước để so sánh")
    if not change["significant"]:
        return _("Không khác kỳ trước một cách rõ rệt")
    if declared.unit == "rate":
        size = formats.percentage_points(abs(difference)).lstrip("+")
    else:
        size = value_in_words(abs(difference), declared)
    template = _("Tăng {size} so với kỳ trước") if difference > 0 else _("Giảm {size} so với kỳ trước")
    return template.format(size=size)


def _in_running_text(name: str) -> str:
    return name[:1].lower() + name[1:]
