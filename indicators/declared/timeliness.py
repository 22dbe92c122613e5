"""Whether promised dates are kept, in the two official ways and on an equal mix."""

from __future__ import annotations

from polars import col

from indicators.figures import RESOLVED, RESOLVED_IN_TIME, AdjustedRatio, Rate
from indicators.indicator import (
    AT_END,
    BEFORE_START,
    BY_CLOSING,
    BY_RECEIPT,
    BY_RESOLUTION,
    OURS,
    Indicator,
    Words,
    by_parts,
    decision_766,
    form_ii06,
)

INDICATORS = (
    Indicator(
        id="on_time_rate_ii06",
        names=Words("Tỷ lệ đúng hạn (biểu II.06)", "On-time rate (form II.06)"),
        definitions=Words(
            "Trong số hồ sơ đã giải quyết trong kỳ, tỷ lệ có kết quả trước hạn hoặc đúng hạn. Hồ sơ còn tồn không "
            "ảnh hưởng đến tỷ lệ này.",
            "Of the dossiers resolved in the window, the share with a result early or on the due date. Open "
            "dossiers do not touch it.",
        ),
        formula="(resolved_early + resolved_on_time) / resolved",
        formulas=Words("(Trước hạn + đúng hạn) ÷ đã giải quyết", "(Early + on the due date) ÷ resolved"),
        unit="rate",
        direction="higher_is_better",
        dating=BY_RESOLUTION,
        sources=form_ii06("(8 + 9) / 7"),
        figure=Rate(RESOLVED_IN_TIME, RESOLVED),
    ),
    Indicator(
        id="on_time_rate_766",
        names=Words("Tỷ lệ đúng hạn (QĐ 766)", "On-time rate (Decision 766)"),
        definitions=Words(
            "Trong tất cả hồ sơ của kỳ (chuyển sang và mới tiếp nhận), tỷ lệ kết thúc đúng hạn hoặc còn trong hạn. "
            "Từ ngày yêu cầu bổ sung lần thứ hai tính là quá hạn; đang chờ bổ sung lần đầu thì coi như kết thúc vào "
            "ngày yêu cầu bổ sung.",
            "Of all dossiers of the window (carried over and received), the share closed in time or still in term. "
            "From its second supplement request on a dossier counts as late; one that waits for its first supplement "
            "counts as ended on the day of the request.",
        ),
        formula="(closed on or before the due date + pending in term, each with at most one supplement request) / "
        "(carried_over + received)",
        formulas=Words(
            "(Kết thúc trong hạn + đang giải quyết còn trong hạn, mỗi hồ sơ bổ sung không quá một lần) ÷ "
            "(kỳ trước chuyển sang + tiếp nhận)",
            "(Closed in time + pending in term, each with at most one supplement request) ÷ (carried over + received)",
        ),
        unit="rate",
        direction="higher_is_better",
        dating=by_parts(
            above=Words(f"{BY_CLOSING.vi}, hoặc {AT_END.vi}", f"{BY_CLOSING.en}, or {AT_END.en}"),
            below=Words(f"{BEFORE_START.vi}, và {BY_RECEIPT.vi}", f"{BEFORE_START.en}, and {BY_RECEIPT.en}"),
        ),
        sources=decision_766("chỉ số 2.1", "indicator 2.1"),
        figure=Rate(col("closed_766") + col("open_766"), col("carried_over") + col("received")),
    ),
    Indicator(
        id="on_time_ratio_adjusted",
        names=Words("Đúng hạn so với kỳ vọng", "On time against expected"),
        definitions=Words(
            "Số hồ sơ giải quyết đúng hạn chia cho số kỳ vọng nếu mỗi thủ tục và kênh nộp đạt tỷ lệ chung của "
            "tất cả đơn vị. Trên 1 là tốt hơn mặt bằng chung với cùng cơ cấu hồ sơ.",
            "Dossiers resolved in time divided by those expected if each procedure and channel did as well as in "
            "all units together. Above 1 is better than the whole with the same mix of dossiers.",
        ),
        formula="(resolved_early + resolved_on_time) / sum by procedure and channel of resolved * on_time_rate_ii06 of "
        "all communes",
        formulas=Words(
            "Số giải quyết đúng hạn ÷ Σ theo thủ tục và kênh nộp (số đã giải quyết của đơn vị × tỷ lệ đúng hạn chung)",
            "Resolved in time ÷ Σ over procedure and channel (resolved by the unit × on-time rate of all)",
        ),
        unit="ratio",
        direction="higher_is_better",
        dating=BY_RESOLUTION,
        sources=OURS,
        figure=AdjustedRatio(),
    ),
)
