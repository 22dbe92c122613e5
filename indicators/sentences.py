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
    """What a leader should know about one commune, in one sentence with its interval and n."""
    rises = finding.value > finding.reference
    value = _("{value} (khoảng tin cậy 95 %: {low}–{high}; n = {n})").format(
        value=formats.percent(finding.value),
        low=formats.number(100 * finding.low, 1),
        high=formats.percent(finding.high),
        n=formats.number(finding.n),
    )
    if finding.kind == "change":
        words = _("{commune}: {name} tăng từ {reference} lên {value} so với kỳ trước.")
        if not rises:
            words = _("{commune}: {name} giảm từ {reference} xuống {value} so với kỳ trước.")
    elif finding.is_adjusted:
        words = _("{commune}: {name} {value}, cao hơn mức {reference} mà các đơn vị khác đạt với cùng cơ cấu hồ sơ")
        if not rises:
            words = _(
                "{commune}: {name} {value}, thấp hơn mức {reference} mà các đơn vị khác đạt với cùng cơ cấu hồ sơ"
            )
        words += _("; chênh {dossiers} hồ sơ.")
    else:
        words = _("{commune}: {name} {value}, cao hơn mức {reference} của các đơn vị khác; chênh {dossiers} hồ sơ.")
        if not rises:
            words = _(
                "{commune}: {name} {value}, thấp hơn mức {reference} của các đơn vị khác; chênh {dossiers} hồ sơ."
            )
    return words.format(
        commune=finding.commune_name,
        name=_in_running_text(_name(finding)),
        value=value,
        reference=formats.percent(finding.reference),
        dossiers=formats.number(finding.dossiers),
    )


def notable_question(finding: Notable) -> str:
    """What to ask about a finding that wants attention: a question, never a verdict; empty for the others."""
    if finding.direction != "worse":
        return ""
    if finding.kind == "change":
        return _("Từ kỳ trước đến nay có gì thay đổi: người, quy trình, phần mềm hay loại hồ sơ?")
    asked = {
        "backlog": _("Những hồ sơ quá hạn này đang chờ ở khâu nào, đã có thư xin lỗi và ngày hẹn lại chưa?"),
        "stalled": _("Những hồ sơ này đang chờ ai, hay đã xong mà chưa cập nhật?"),
        "pauses": _("Những lần dừng này chờ giấy tờ gì, và đồng hồ có chạy lại ngay khi người dân nộp đủ không?"),
        "last_day": _("Vì sao thiếu giấy tờ chỉ được phát hiện vào ngày cuối, không phải khi tiếp nhận?"),
        "supplement_rate": _("Giấy tờ nào hay thiếu, và người dân được hướng dẫn trước như thế nào?"),
        "slow_reception_rate": _("Ai nhận hồ sơ trực tuyến khi người phụ trách vắng?"),
    }
    return asked.get(finding.kind) or asked.get(
        finding.indicator, _("Thủ tục nào, khâu nào làm chậm, và đơn vị cần gì để gỡ?")
    )


def _name(finding: Notable) -> str:
    """What the finding's rate is a share of."""
    return {
        "backlog": _("Tỷ lệ quá hạn trong số hồ sơ đang giải quyết"),
        "stalled": _("Tỷ lệ hồ sơ đang giải quyết không có bước nào quá 10 ngày làm việc"),
        "pauses": _("Tỷ lệ hồ sơ có đồng hồ dừng chờ người dân lâu hơn thời gian xử lý"),
        "last_day": _("Tỷ lệ yêu cầu bổ sung đưa ra vào ngày cuối hạn hoặc muộn hơn"),
    }.get(finding.kind) or indicator(finding.indicator).name


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
