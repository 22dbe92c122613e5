"""How much work there is for the people at hand."""

from __future__ import annotations

from polars import col, when

from indicators.figures import PEOPLE, RECEPTION_STAFF, RESOLVED, WORKING_DAYS, Ratio
from indicators.indicator import AT_END, BY_RECEIPT, BY_RESOLUTION, OURS, Indicator, Words, by_parts

INDICATORS = (
    Indicator(
        id="per_1000_people",
        names=Words("Hồ sơ trên 1.000 dân", "Dossiers per 1,000 people"),
        definitions=Words(
            "Số hồ sơ tiếp nhận trong kỳ trên 1.000 dân, ở các đơn vị có số dân. Tính chung toàn địa bàn, hồ sơ của "
            "đơn vị cũ bị chia cũng được tính khi mọi đơn vị đều có số dân.",
            "Dossiers received in the window per 1,000 people, in the units whose population is known. For the whole "
            "province those of split old units count too where every unit's population is known.",
        ),
        formula="1000 * received / population",
        formulas=Words("1.000 × tiếp nhận ÷ số dân", "1,000 × received ÷ population"),
        unit="per_1000_people",
        direction="neutral",
        dating=BY_RECEIPT,
        sources=OURS,
        figure=Ratio(col("received_where_people_known"), col(PEOPLE), 1000),
    ),
    Indicator(
        id="per_reception_staff_day",
        names=Words("Hồ sơ mỗi cán bộ tiếp nhận một ngày", "Dossiers per reception officer and day"),
        definitions=Words(
            "Số hồ sơ tiếp nhận trong kỳ chia cho số cán bộ tiếp nhận và số ngày làm việc, ở các đơn vị có số cán bộ.",
            "Dossiers received in the window per reception officer and working day, in the units whose staff is known.",
        ),
        formula="received / (reception_staff * working days of the window)",
        formulas=Words(
            "Tiếp nhận ÷ (số cán bộ tiếp nhận × số ngày làm việc của kỳ)",
            "Received ÷ (reception officers × working days of the window)",
        ),
        unit="per_staff_day",
        direction="neutral",
        dating=BY_RECEIPT,
        sources=OURS,
        figure=Ratio(col("received_where_staff_known"), col(RECEPTION_STAFF) * col(WORKING_DAYS)),
    ),
    Indicator(
        id="backlog_days",
        names=Words("Số ngày để giải quyết hết hồ sơ tồn", "Days of work in the backlog"),
        definitions=Words(
            "Số ngày làm việc cần để giải quyết hết hồ sơ đang tồn cuối kỳ, với nhịp giải quyết của kỳ.",
            "Working days needed to resolve what is pending at the end of the window, at the window's pace.",
        ),
        formula="pending / (resolved / working days of the window), empty for a window without a working day",
        formulas=Words(
            "Đang giải quyết ÷ (đã giải quyết ÷ số ngày làm việc của kỳ)",
            "Pending ÷ (resolved ÷ working days of the window)",
        ),
        unit="working_days",
        direction="lower_is_better",
        dating=by_parts(stock=AT_END, pace=BY_RESOLUTION),
        sources=OURS,
        figure=Ratio(col("open") * col(WORKING_DAYS), when(col(WORKING_DAYS) > 0).then(RESOLVED)),
    ),
)
