"""Where dossiers wait on their way, from the log of steps."""

from __future__ import annotations

from polars import col

from indicators.figures import Mean, Rate, Ratio, StepWait
from indicators.indicator import BY_CLOSING, LEAST_FOR_MEAN, OURS, Indicator, Words

_BY_STEP = Words("ngày của bước sau", "day of the later step")

INDICATORS = (
    Indicator(
        id="step_wait_p50",
        names=Words("Thời gian chờ giữa hai bước, trung vị", "Median wait between two steps"),
        definitions=Words(
            "Một nửa số lần chuyển bước trong kỳ diễn ra trong bấy nhiêu ngày (24 giờ, cả ngày nghỉ) kể từ bước ngay "
            "trước, theo nhật ký xử lý.",
            "Half of the steps of the window were taken within so many days (24 hours, days off too) of the step just "
            "before, by the dossier log.",
        ),
        formula="quantile(at - at of the step before, 0.5) of the steps in the window that have one before",
        formulas=Words(
            "Trung vị của (thời điểm của bước − thời điểm của bước ngay trước)",
            "Median of (moment of the step − moment of the step just before)",
        ),
        unit="days",
        direction="lower_is_better",
        dating=_BY_STEP,
        sources=OURS,
        figure=StepWait(0.5),
    ),
    Indicator(
        id="step_wait_share",
        names=Words("Tỷ lệ thời gian chờ trong các bước", "Share of time spent in steps"),
        definitions=Words(
            "Trong giờ làm việc từ tiếp nhận đến kết thúc của hồ sơ kết thúc trong kỳ: phần chờ đến lượt và xử lý ở "
            "các bước; phần còn lại là lúc dừng tính (chờ bổ sung, nộp tiền, xác minh, …).",
            "Of the working time from receipt to closing of the dossiers closed in the window: what was spent waiting "
            "for and working on steps; in the rest the clock stood (supplements, payment, other agencies, …).",
        ),
        formula="1 - (working time in which the clock stood) / (working time from receipt to closing), of closed "
        "dossiers with a log",
        formulas=Words(
            "(Giờ làm việc từ tiếp nhận đến kết thúc − giờ dừng tính) ÷ giờ làm việc từ tiếp nhận đến kết thúc",
            "(Working time from receipt to closing − time the clock stood) ÷ working time from receipt to closing",
        ),
        unit="rate",
        direction="neutral",
        dating=BY_CLOSING,
        sources=OURS,
        figure=Ratio(col("logged_office_seconds") - col("logged_stopped_seconds"), col("logged_office_seconds")),
    ),
    Indicator(
        id="handovers_mean",
        names=Words("Số lần chuyển tay trung bình", "Mean handovers"),
        definitions=Words(
            "Số lần trung bình mà một hồ sơ kết thúc trong kỳ chuyển sang người khác (không ghi người thì sang bộ phận "
            "khác), tính các bước đến hết ngày kết thúc.",
            "How often a dossier closed in the window passed on to another person on average (where persons are not "
            "known to another unit), by its steps up to the day of closing.",
        ),
        formula="mean(steps done by another person, else unit, than the step before) of closed dossiers with a log",
        formulas=Words(
            "Σ số lần chuyển tay ÷ hồ sơ kết thúc có nhật ký", "Σ handovers ÷ dossiers closed that have a log"
        ),
        unit="ratio",
        direction="lower_is_better",
        dating=BY_CLOSING,
        sources=OURS,
        figure=Mean(col("logged"), col("logged_handovers"), col("logged_handovers_sq"), "times"),
        min_n=LEAST_FOR_MEAN,
    ),
    Indicator(
        id="rework_rate",
        names=Words("Tỷ lệ làm lại bước", "Rework rate"),
        definitions=Words(
            "Trong số hồ sơ kết thúc trong kỳ có nhật ký: phần có ít nhất một bước phải làm từ hai lần trở lên, tính "
            "đến hết ngày kết thúc.",
            "Of the dossiers closed in the window that have a log: those with a step that was taken twice or more, up "
            "to the day of closing.",
        ),
        formula="(closed dossiers in whose log an activity occurs more than once) / closed dossiers with a log",
        formulas=Words(
            "Hồ sơ có bước lặp lại ÷ hồ sơ kết thúc có nhật ký",
            "Dossiers with a repeated step ÷ dossiers closed that have a log",
        ),
        unit="rate",
        direction="lower_is_better",
        dating=BY_CLOSING,
        sources=OURS,
        figure=Rate(col("logged_rework"), col("logged")),
    ),
)
