"""How long dossiers take."""

from __future__ import annotations

from polars import col

from indicators.figures import RESOLVED, Mean, Quantile, Throughput
from indicators.indicator import BY_RECEIPT, BY_RESOLUTION, OURS, Indicator, Words, decision_766

INDICATORS = (
    Indicator(
        id="processing_days_mean",
        names=Words("Thời gian giải quyết trung bình", "Mean processing time"),
        definitions=Words(
            "Số ngày làm việc trung bình từ tiếp nhận đến khi có kết quả, đã trừ thời gian dừng tính.",
            "Mean working days from receipt to the result, less the time the clock stood.",
        ),
        formula="mean(processing_minutes / minutes_per_day) of resolved",
        unit="working_days",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=decision_766("chỉ số 2.2", "indicator 2.2"),
        figure=Mean(col("processing_n"), col("processing_minutes"), col("processing_minutes_sq"), "working_days"),
    ),
    Indicator(
        id="processing_days_p50",
        names=Words("Thời gian giải quyết trung vị", "Median processing time"),
        definitions=Words(
            "Một nửa số hồ sơ giải quyết trong kỳ xong trong bấy nhiêu ngày làm việc, đã trừ thời gian dừng tính.",
            "Half of the dossiers resolved in the window took at most so many working days, less the time the "
            "clock stood.",
        ),
        formula="quantile(processing_minutes / minutes_per_day, 0.5) of resolved",
        unit="working_days",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=OURS,
        figure=Quantile("processing_minutes", 0.5),
    ),
    Indicator(
        id="processing_days_p90",
        names=Words("Thời gian giải quyết, mức 90 %", "Processing time, 90th percentile"),
        definitions=Words(
            "Chín phần mười số hồ sơ giải quyết trong kỳ xong trong bấy nhiêu ngày làm việc, đã trừ thời gian dừng "
            "tính.",
            "Nine in ten dossiers resolved in the window took at most so many working days, less the time the "
            "clock stood.",
        ),
        formula="quantile(processing_minutes / minutes_per_day, 0.9) of resolved",
        unit="working_days",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=OURS,
        figure=Quantile("processing_minutes", 0.9),
    ),
    Indicator(
        id="calendar_days_mean",
        names=Words("Số ngày chờ trung bình", "Mean elapsed time"),
        definitions=Words(
            "Số ngày trung bình (24 giờ, cả ngày nghỉ) mà người dân chờ từ tiếp nhận đến khi có kết quả.",
            "Mean days (24 hours, days off too) that people waited from receipt to the result.",
        ),
        formula="mean(closed_at - received_at) of resolved",
        unit="days",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=OURS,
        figure=Mean(RESOLVED, col("elapsed_seconds") / 60, col("elapsed_minutes_sq"), "days"),
    ),
    Indicator(
        id="calendar_days_p50",
        names=Words("Số ngày chờ trung vị", "Median elapsed time"),
        definitions=Words(
            "Một nửa số hồ sơ giải quyết trong kỳ có kết quả trong bấy nhiêu ngày (24 giờ, cả ngày nghỉ).",
            "Half of the dossiers resolved in the window had a result within so many days (24 hours, days off too).",
        ),
        formula="quantile(closed_at - received_at, 0.5) of resolved",
        unit="days",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=OURS,
        figure=Quantile("elapsed", 0.5),
    ),
    Indicator(
        id="calendar_days_p90",
        names=Words("Số ngày chờ, mức 90 %", "Elapsed time, 90th percentile"),
        definitions=Words(
            "Chín phần mười số hồ sơ giải quyết trong kỳ có kết quả trong bấy nhiêu ngày (24 giờ, cả ngày nghỉ).",
            "Nine in ten dossiers resolved in the window had a result within so many days (24 hours, days off too).",
        ),
        formula="quantile(closed_at - received_at, 0.9) of resolved",
        unit="days",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=OURS,
        figure=Quantile("elapsed", 0.9),
    ),
    Indicator(
        id="throughput_days_p50",
        names=Words("Thời gian đến kết quả, trung vị", "Time to result, median"),
        definitions=Words(
            "Số ngày làm việc để một nửa số hồ sơ tiếp nhận trong kỳ có kết quả, tính cả hồ sơ chưa xong "
            "(Kaplan–Meier), không trừ thời gian dừng.",
            "Working days until half of the dossiers received in the window have a result, open ones included "
            "(Kaplan–Meier), stops not taken off.",
        ),
        formula="Kaplan-Meier quantile 0.5 of working days from received_at; open ones censored at E, neutral ones at "
        "closing",
        unit="working_days",
        direction="lower_is_better",
        dating=BY_RECEIPT,
        sources=OURS,
        figure=Throughput(0.5),
    ),
    Indicator(
        id="throughput_days_p90",
        names=Words("Thời gian đến kết quả, mức 90 %", "Time to result, 90th percentile"),
        definitions=Words(
            "Số ngày làm việc để chín phần mười số hồ sơ tiếp nhận trong kỳ có kết quả, tính cả hồ sơ chưa xong "
            "(Kaplan–Meier), không trừ thời gian dừng.",
            "Working days until nine in ten dossiers received in the window have a result, open ones included "
            "(Kaplan–Meier), stops not taken off.",
        ),
        formula="Kaplan-Meier quantile 0.9 of working days from received_at; open ones censored at E, neutral ones at "
        "closing",
        unit="working_days",
        direction="lower_is_better",
        dating=BY_RECEIPT,
        sources=OURS,
        figure=Throughput(0.9),
    ),
)
