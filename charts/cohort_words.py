"""Time to result by cohort of receipt, in words: each sentence true by construction of the figures."""

from __future__ import annotations

from charts.trend import bucket_name
from charts.values import value_text
from indicators.catalogue import indicator
from indicators.cohorts import Cohort
from language import _
from language.formats import date as written_date
from language.formats import number

QUANTILES = {"p50": 0.5, "p90": 0.9}


def cohort_name(cohort: Cohort, grain: str) -> str:
    """`tháng 10/2026`, `tuần 16/11–22/11/2026`; several together by their first and last day."""
    if cohort.window.days > 31 or (grain == "week" and cohort.window.days > 7):
        return _("từ {starts} đến {ends}").format(
            starts=written_date(cohort.window.starts), ends=written_date(cohort.window.ends)
        )
    return bucket_name(cohort.window, grain)


def share_name(probability: float) -> str:
    """The part of the dossiers that a quantile speaks of."""
    return {0.5: _("một nửa"), 0.9: _("chín phần mười")}[probability]


def cohort_sentence(cohort: Cohort, *, grain: str, place: str, minutes_per_day: int) -> str:
    """How long the dossiers of one cohort took: the title of its curve."""
    parts = []
    for probability in QUANTILES.values():
        one = cohort.quantile(probability)
        declared = indicator(f"throughput_days_p{round(100 * probability)}")
        text = _("chưa đến {share} có kết quả").format(share=share_name(probability))
        if one.value is not None:
            text = _("{share} có kết quả trong {value}").format(
                share=share_name(probability), value=value_text(declared, one.value, minutes_per_day)
            )
        if not cohort.has_enough(probability):
            text += " " + _("(chưa đủ số liệu)")
        elif one.is_provisional:
            text += " " + _("(tạm tính)")
        parts.append(text)
    return _("Hồ sơ tiếp nhận {bucket}, {place}: {parts}").format(
        bucket=cohort_name(cohort, grain), place=place, parts=", ".join(parts)
    )


def gap_sentence(cohort: Cohort, probability: float, *, minutes_per_day: int) -> str:
    """What forgetting the open dossiers would have said, and why it differs."""
    one = cohort.quantile(probability)
    declared = indicator(f"throughput_days_p{round(100 * probability)}")
    words = {
        "finished": number(cohort.finished),
        "open": number(cohort.open),
        "left": number(cohort.received - cohort.finished - cohort.open),
        "share": share_name(probability),
        "value": value_text(declared, one.value, minutes_per_day),
        "naive": value_text(declared, one.naive, minutes_per_day),
    }
    if one.naive is None:
        return _("Chưa hồ sơ nào trong số này có kết quả.")
    if not cohort.has_enough(probability):
        return _(
            "Chỉ có {received} hồ sơ, dưới {least}: chưa đủ số liệu để nói {share} có kết quả trong bao lâu."
        ).format(received=number(cohort.received), least=number(declared.min_n), share=words["share"])
    if one.value is None:
        template = _(
            "Nếu chỉ tính {finished} hồ sơ đã xong thì {share} có kết quả trong {naive}; nhưng {open} hồ sơ còn chờ, "
            "nên thật ra chưa đến {share} số hồ sơ có kết quả."
        )
    elif words["value"] == words["naive"] and not cohort.open:
        template = _("Không còn hồ sơ nào chờ kết quả: chỉ tính {finished} hồ sơ đã xong cũng được {naive}.")
    elif words["value"] == words["naive"]:
        template = _(
            "Nếu chỉ tính {finished} hồ sơ đã xong cũng được {naive}: {open} hồ sơ còn chờ chưa làm đổi con số."
        )
    elif cohort.open and cohort.open + cohort.finished < cohort.received:
        template = _(
            "Nếu chỉ tính {finished} hồ sơ đã xong thì {share} có kết quả trong {naive}, ngắn hơn {value}: "
            "cách tính ấy bỏ quên {open} hồ sơ còn chờ và thời gian mà {left} hồ sơ rút, dừng đã chờ."
        )
    elif cohort.open:
        template = _(
            "Nếu chỉ tính {finished} hồ sơ đã xong thì {share} có kết quả trong {naive}, ngắn hơn {value}: "
            "cách tính ấy bỏ quên {open} hồ sơ còn chờ, mà hồ sơ còn chờ thường là hồ sơ lâu."
        )
    else:
        template = _(
            "Nếu chỉ tính {finished} hồ sơ đã xong thì {share} có kết quả trong {naive}, ngắn hơn {value}: "
            "cách tính ấy bỏ qua thời gian mà {left} hồ sơ rút, dừng đã chờ."
        )
    return template.format(**words)
