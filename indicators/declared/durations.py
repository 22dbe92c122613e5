"""How long dossiers take."""

from __future__ import annotations

from polars import col

from indicators.figures import RESOLVED, Mean, Quantile, Throughput
from indicators.indicator import (
    BY_RECEIPT,
    BY_RESOLUTION,
    LEAST_FOR_MEAN,
    LEAST_FOR_P90,
    LEAST_FOR_P90_WITH_OPEN,
    OURS,
    Indicator,
    Words,
    decision_766,
)

INDICATORS = (
    Indicator(
        id="processing_days_mean",
        names=Words("Thời gian giải quyết trung bình", "Mean processing time"),
        definitions=Words(
            "Số ngày làm việc trung bình từ tiếp nhận đến khi có kết quả, đã trừ thời gian dừng tính.",
            "Mean working days from receipt to the result, less the time the clock stood.",
        ),
        formula="mean(processing_minutes / minutes_per_day) of resolved",
        formulas=Words(
            "Σ (thời gian làm việc từ tiếp nhận đến kết quả − thời gian dừng tính) ÷ số hồ sơ đã giải quyết",
            "Σ (working time from receipt to result − time the clock stood) ÷ dossiers resolved",
        ),
        unit="working_days",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=decision_766("chỉ số 2.2 (ở đó tính riêng từng thủ tục)", "indicator 2.2 (there for each procedure)"),
        figure=Mean(col("processing_n"), col("processing_minutes"), col("processing_minutes_sq"), "working_days"),
        min_n=LEAST_FOR_MEAN,
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
        formulas=Words(
            "Trung vị của (thời gian làm việc từ tiếp nhận đến kết quả − thời gian dừng tính)",
            "Median of (working time from receipt to result − time the clock stood)",
        ),
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
        formulas=Words(
            "Phân vị 90 % của (thời gian làm việc từ tiếp nhận đến kết quả − thời gian dừng tính)",
            "90th percentile of (working time from receipt to result − time the clock stood)",
        ),
        unit="working_days",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=OURS,
        figure=Quantile("processing_minutes", 0.9),
        min_n=LEAST_FOR_P90,
    ),
    Indicator(
        id="calendar_days_mean",
        names=Words("Số ngày chờ trung bình", "Mean elapsed time"),
        definitions=Words(
            "Số ngày trung bình (24 giờ, cả ngày nghỉ) mà người dân chờ từ tiếp nhận đến khi có kết quả.",
            "Mean days (24 hours, days off too) that people waited from receipt to the result.",
        ),
        formula="mean(closed_at - received_at) of resolved",
        formulas=Words(
            "Σ (thời điểm có kết quả − thời điểm tiếp nhận) ÷ số hồ sơ đã giải quyết",
            "Σ (moment of the result − moment of receipt) ÷ dossiers resolved",
        ),
        unit="days",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=OURS,
        figure=Mean(RESOLVED, col("elapsed_seconds") / 60, col("elapsed_minutes_sq"), "days"),
        min_n=LEAST_FOR_MEAN,
    ),
    Indicator(
        id="calendar_days_p50",
        names=Words("Số ngày chờ trung vị", "Median elapsed time"),
        definitions=Words(
            "Một nửa số hồ sơ giải quyết trong kỳ có kết quả trong bấy nhiêu ngày (24 giờ, cả ngày nghỉ).",
            "Half of the dossiers resolved in the window had a result within so many days (24 hours, days off too).",
        ),
        formula="quantile(closed_at - received_at, 0.5) of resolved",
        formulas=Words(
            "Trung vị của (thời điểm có kết quả − thời điểm tiếp nhận)",
            "Median of (moment of the result − moment of receipt)",
        ),
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
        formulas=Words(
            "Phân vị 90 % của (thời điểm có kết quả − thời điểm tiếp nhận)",
            "90th percentile of (moment of the result − moment of receipt)",
        ),
        unit="days",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=OURS,
        figure=Quantile("elapsed", 0.9),
        min_n=LEAST_FOR_P90,
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
        formulas=Words(
            "Thời điểm mà đường Kaplan–Meier của tỷ lệ chưa có kết quả xuống đến 50 %",
            "When the Kaplan–Meier curve of those still without a result comes down to 50 %",
        ),
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
        formulas=Words(
            "Thời điểm mà đường Kaplan–Meier của tỷ lệ chưa có kết quả xuống đến 10 %",
            "When the Kaplan–Meier curve of those still without a result comes down to 10 %",
        ),
        unit="working_days",
        direction="lower_is_better",
        dating=BY_RECEIPT,
        sources=OURS,
        figure=Throughput(0.9),
        min_n=LEAST_FOR_P90_WITH_OPEN,
    ),
)
