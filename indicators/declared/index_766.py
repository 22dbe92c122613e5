"""The index of Decision 766 and its groups: points of the parts that can be known, never scaled up."""

from __future__ import annotations

from indicators.figures import IndexPoints
from indicators.indicator import BY_CLOSING_AND_AT_END, BY_RECEIPT, BY_RESOLUTION, Indicator, Words, decision_766

_KNOWN = Words(
    "Chỉ cộng phần biết được: phần tính từ nhật ký hồ sơ, và điểm công bố của kỳ gần nhất đã kết thúc (không quá một "
    "năm trước). Phần không có nguồn hoặc không phát sinh không tham gia, và điểm không bao giờ được quy lên thang "
    "100; chia hay lọc theo lĩnh vực, thủ tục, kênh nộp, hay chia theo thời gian thì điểm công bố không tham "
    "gia. Khoảng tin cậy chỉ phản ánh phần tính từ hồ sơ. Đây là cách tính của phần mềm, không phải điểm chính thức.",
    "Only what can be known is added up: what the dossiers tell, and published scores of the latest period that has "
    "ended (within a year). Parts without a source or without a case take no part, and points are never scaled up to "
    "100; where a unit is split or filtered by field, procedure or channel, or split by time, published scores take no "
    "part. The interval covers only what is computed from dossiers. This is the software's computation, not the "
    "official score.",
)
_PUBLISHED = Words("kỳ của điểm công bố", "period of the published score")


def _with_known(vi: str, en: str) -> Words:
    return Words(f"{vi} {_KNOWN.vi}", f"{en} {_KNOWN.en}")


def _group(
    group: str,
    *,
    names: Words,
    definitions: Words,
    formula: str,
    formulas: Words,
    dating: Words,
    code: str,
    min_n: int = 20,
) -> Indicator:
    return Indicator(
        id=f"index_766_{group}",
        names=names,
        definitions=definitions,
        formula=formula,
        formulas=formulas,
        unit="points",
        direction="higher_is_better",
        dating=dating,
        sources=decision_766(f"nhóm {code}", f"group {code}"),
        figure=IndexPoints(group),
        min_n=min_n,
    )


INDICATORS = (
    Indicator(
        id="index_766",
        names=Words("Chỉ số 766 (phần biết được)", "Index 766 (known parts)"),
        definitions=_with_known(
            "Tổng điểm của bộ chỉ số phục vụ người dân, doanh nghiệp.",
            "Total points of the index of service to citizens and businesses.",
        ),
        formula="sum of index_766_*; each component: max_points * min(1, rate / full_at)",
        formulas=Words(
            "Σ theo chỉ số thành phần biết được: điểm tối đa × (tỷ lệ đạt ÷ tỷ lệ đạt điểm tối đa), nhiều nhất bằng "
            "điểm tối đa; hoặc điểm công bố",
            "Σ over known components: maximum × (rate ÷ rate of full points), at most the maximum; or published points",
        ),
        unit="points",
        direction="higher_is_better",
        dating=BY_CLOSING_AND_AT_END,
        sources=decision_766("tổng điểm", "total"),
        figure=IndexPoints(),
    ),
    _group(
        "transparency",
        names=Words("766: công khai, minh bạch", "766: publicity and transparency"),
        definitions=Words(
            "18 điểm do cấp tỉnh quyết định, như nhau ở mọi xã, phường; chỉ biết được từ điểm công bố.",
            "18 points that the province decides, the same for every commune; known from published scores only.",
        ),
        formula="published scores of 1.1 to 1.4",
        formulas=Words(
            "Σ điểm công bố của các chỉ số 1.1 đến 1.4",
            "Σ published points of components 1.1 to 1.4",
        ),
        dating=_PUBLISHED,
        code="1",
        min_n=0,
    ),
    _group(
        "progress",
        names=Words("766: tiến độ giải quyết", "766: progress"),
        definitions=_with_known(
            "20 điểm nhân tỷ lệ hồ sơ kết thúc đúng hạn hoặc còn trong hạn.",
            "20 points times the share of dossiers closed in time or still in term.",
        ),
        formula="20 * on_time_rate_766",
        formulas=Words(
            "20 × tỷ lệ đúng hạn (QĐ 766)",
            "20 × on-time rate (Decision 766)",
        ),
        dating=BY_CLOSING_AND_AT_END,
        code="2",
    ),
    _group(
        "online",
        names=Words("766: dịch vụ công trực tuyến", "766: online services"),
        definitions=_with_known(
            "Từ hồ sơ tính được chỉ số 3.3: hồ sơ nộp trực tuyến và có kết quả điện tử trong số hồ sơ có kết quả, từ "
            "50 % đạt điểm tối đa. Cách chia 12 điểm của nhóm cho ba chỉ số là giả định.",
            "From dossiers component 3.3 can be computed: filed online with an electronic result, of those resolved, "
            "full points from 50 %. How the group's 12 points are split between three components is an assumption.",
        ),
        formula="max(3.3) * min(1, count(channel = online and e_result) / count(e_result known) of resolved / 0.5) + "
        "published 3.1, 3.2",
        formulas=Words(
            "Điểm 3.3 × (hồ sơ nộp trực tuyến có kết quả điện tử ÷ hồ sơ có kết quả ÷ 50 %) + điểm công bố 3.1, 3.2",
            "Points of 3.3 × (filed online with an electronic result ÷ resolved ÷ 50 %) + published 3.1, 3.2",
        ),
        dating=BY_RESOLUTION,
        code="3 (3.1–3.3)",
    ),
    _group(
        "payment",
        names=Words("766: thanh toán trực tuyến", "766: online payment"),
        definitions=_with_known(
            "Từ hồ sơ tính được chỉ số 3.5 (thủ tục có phí đã phát sinh thanh toán trực tuyến, từ 80 % đạt điểm tối "
            "đa) và 3.6 (hồ sơ có phí được thanh toán trực tuyến). Cách chia 10 điểm của nhóm cho ba chỉ số là "
            "giả định.",
            "From dossiers components 3.5 (procedures with a fee that have online payments, full points from 80 %) "
            "and 3.6 (dossiers with a fee paid online) can be computed. How the group's 10 points are split between "
            "three components is an assumption.",
        ),
        formula="max(3.5) * min(1, procedures paid online / procedures with fee > 0 / 0.8) + max(3.6) * "
        "paid_online_rate + published 3.4",
        formulas=Words(
            "Điểm 3.5 × (thủ tục có phí đã thanh toán trực tuyến ÷ thủ tục có phí ÷ 80 %) + điểm "
            "3.6 × tỷ lệ thanh toán trực tuyến + điểm công bố 3.4",
            "Points of 3.5 × (procedures paid online ÷ procedures with a fee ÷ 80 %) + points of 3.6 × "
            "online payment rate + published 3.4",
        ),
        dating=BY_RECEIPT,
        code="3 (3.4–3.6)",
    ),
    _group(
        "digitisation",
        names=Words("766: số hóa hồ sơ", "766: digitised dossiers"),
        definitions=_with_known(
            "Từ hồ sơ tính được chỉ số 4.1 (kết quả điện tử) và 4.2 (hồ sơ được số hóa, từ 80 % đạt điểm tối đa).",
            "From dossiers components 4.1 (electronic results) and 4.2 (dossiers digitised, full points from 80 %) can "
            "be computed.",
        ),
        formula="6 * e_result_rate + 4 * min(1, digitised_rate / 0.8) + published 4.3 to 4.6",
        formulas=Words(
            "6 × tỷ lệ trả kết quả điện tử + 4 × (tỷ lệ số hóa ÷ 80 %) + điểm công bố 4.3 đến 4.6",
            "6 × electronic result rate + 4 × (digitised rate ÷ 80 %) + published 4.3 to 4.6",
        ),
        dating=Words(f"{BY_RECEIPT.vi}; {BY_RESOLUTION.vi}", f"{BY_RECEIPT.en}; {BY_RESOLUTION.en}"),
        code="4",
    ),
    _group(
        "satisfaction",
        names=Words("766: mức độ hài lòng", "766: satisfaction"),
        definitions=Words(
            "18 điểm về xử lý phản ánh, kiến nghị và sự hài lòng; chỉ biết được từ điểm công bố. Một vài phản ánh có "
            "thể làm điểm rơi mạnh ở đơn vị ít hồ sơ.",
            "18 points on petitions and satisfaction; known from published scores only. A handful of petitions can "
            "pull down a unit with few dossiers.",
        ),
        formula="published scores of 5.2 to 5.4",
        formulas=Words(
            "Σ điểm công bố của các chỉ số 5.2 đến 5.4",
            "Σ published points of components 5.2 to 5.4",
        ),
        dating=_PUBLISHED,
        code="5",
        min_n=0,
    ),
)
