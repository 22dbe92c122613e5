"""How dossiers are filed, paid for, completed and answered."""

from __future__ import annotations

from polars import col

from indicators.figures import CLOSED, Rate, SlowReception
from indicators.indicator import (
    BY_CLOSING,
    BY_RECEIPT,
    BY_RESOLUTION,
    BY_SUBMISSION,
    OURS,
    Indicator,
    Words,
    decision_766,
)

INDICATORS = (
    Indicator(
        id="online_rate",
        names=Words("Tỷ lệ nộp trực tuyến", "Online rate"),
        definitions=Words(
            "Trong số hồ sơ tiếp nhận trong kỳ, tỷ lệ nộp trực tuyến.",
            "Of the dossiers received in the window, the share filed online.",
        ),
        formula="count(channel = online) / received",
        formulas=Words("Tiếp nhận qua kênh trực tuyến ÷ tiếp nhận", "Received online ÷ received"),
        unit="rate",
        direction="higher_is_better",
        dating=BY_RECEIPT,
        sources=decision_766(
            "chỉ số 3.3 (ở đó còn đòi kết quả điện tử)", "indicator 3.3 (which also asks for an electronic result)"
        ),
        figure=Rate(col("received_online"), col("received")),
    ),
    Indicator(
        id="out_of_area_rate",
        names=Words("Tỷ lệ tiếp nhận phi địa giới", "Out-of-area rate"),
        definitions=Words(
            "Trong số hồ sơ tiếp nhận trong kỳ có ghi nơi tiếp nhận, tỷ lệ nộp tại một đơn vị khác đơn vị giải quyết.",
            "Of the dossiers received in the window with a known place of reception, the share filed at another "
            "unit than the one that decides.",
        ),
        formula="count(received_by != commune_code) / count(received_by known)",
        formulas=Words(
            "Tiếp nhận tại đơn vị khác đơn vị giải quyết ÷ tiếp nhận có ghi nơi tiếp nhận",
            "Received at another unit ÷ received with a known place of reception",
        ),
        unit="rate",
        direction="neutral",
        dating=BY_RECEIPT,
        sources=Words(
            "Nghị định 118/2025/NĐ-CP (tiếp nhận không phụ thuộc địa giới trong tỉnh)",
            "Decree 118/2025/NĐ-CP (reception not bound to boundaries within the province)",
        ),
        figure=Rate(col("received_out_of_area"), col("received_with_receiver")),
    ),
    Indicator(
        id="supplement_rate",
        names=Words("Tỷ lệ phải bổ sung hồ sơ", "Supplement rate"),
        definitions=Words(
            "Trong số hồ sơ kết thúc trong kỳ, tỷ lệ bị yêu cầu bổ sung ít nhất một lần.",
            "Of the dossiers closed in the window, the share for which papers were asked for at least once more.",
        ),
        formula="count(supplement_requests >= 1) / (resolved + closed_neutral)",
        formulas=Words(
            "Kết thúc có từ một lần yêu cầu bổ sung ÷ (đã giải quyết + rút, dừng)",
            "Closed with one or more supplement requests ÷ (resolved + withdrawn or stopped)",
        ),
        unit="rate",
        direction="lower_is_better",
        dating=BY_CLOSING,
        sources=OURS,
        figure=Rate(col("closed_supplement"), CLOSED),
    ),
    Indicator(
        id="repeat_supplement_rate",
        names=Words("Tỷ lệ phải bổ sung nhiều lần", "Repeat supplement rate"),
        definitions=Words(
            "Trong số hồ sơ kết thúc trong kỳ, tỷ lệ bị yêu cầu bổ sung quá một lần.",
            "Of the dossiers closed in the window, the share for which papers were asked for more than once.",
        ),
        formula="count(supplement_requests > 1) / (resolved + closed_neutral)",
        formulas=Words(
            "Kết thúc có từ hai lần yêu cầu bổ sung ÷ (đã giải quyết + rút, dừng)",
            "Closed with two or more supplement requests ÷ (resolved + withdrawn or stopped)",
        ),
        unit="rate",
        direction="lower_is_better",
        dating=BY_CLOSING,
        sources=decision_766(
            "chỉ số 2.1 (bổ sung quá một lần tính là quá hạn)",
            "indicator 2.1 (more than one supplement counts as late)",
        ),
        figure=Rate(col("closed_repeat_supplement"), CLOSED),
    ),
    Indicator(
        id="paid_online_rate",
        names=Words("Tỷ lệ thanh toán trực tuyến", "Online payment rate"),
        definitions=Words(
            "Trong số hồ sơ tiếp nhận trong kỳ có phí, lệ phí lớn hơn 0, tỷ lệ nộp tiền trực tuyến.",
            "Of the dossiers received in the window with a fee above 0, the share paid online.",
        ),
        formula="count(fee > 0 and paid_online) / count(fee > 0)",
        formulas=Words(
            "Có phí, lệ phí và nộp tiền trực tuyến ÷ có phí, lệ phí lớn hơn 0",
            "With a fee, paid online ÷ with a fee above 0",
        ),
        unit="rate",
        direction="higher_is_better",
        dating=BY_RECEIPT,
        sources=decision_766("chỉ số 3.6", "indicator 3.6"),
        figure=Rate(col("received_paid_online"), col("received_with_fee")),
    ),
    Indicator(
        id="digitised_rate",
        names=Words("Tỷ lệ số hóa hồ sơ", "Digitised rate"),
        definitions=Words(
            "Trong số hồ sơ tiếp nhận trong kỳ mà nguồn có ghi, tỷ lệ đã số hóa.",
            "Of the dossiers received in the window of which the source says either way, the share digitised.",
        ),
        formula="count(digitised) / count(digitised known) of received",
        formulas=Words(
            "Đã số hóa ÷ tiếp nhận có ghi đã số hóa hay chưa", "Digitised ÷ received where the source says either way"
        ),
        unit="rate",
        direction="higher_is_better",
        dating=BY_RECEIPT,
        sources=decision_766("chỉ số 4.2", "indicator 4.2"),
        figure=Rate(col("received_digitised"), col("received_digitised_known")),
    ),
    Indicator(
        id="e_result_rate",
        names=Words("Tỷ lệ trả kết quả điện tử", "Electronic result rate"),
        definitions=Words(
            "Trong số hồ sơ có kết quả trong kỳ mà nguồn có ghi, tỷ lệ có kết quả điện tử.",
            "Of the dossiers resolved in the window of which the source says either way, the share with an "
            "electronic result.",
        ),
        formula="count(e_result) / count(e_result known) of resolved",
        formulas=Words(
            "Có kết quả điện tử ÷ đã giải quyết có ghi kết quả điện tử hay không",
            "With an electronic result ÷ resolved where the source says either way",
        ),
        unit="rate",
        direction="higher_is_better",
        dating=BY_RESOLUTION,
        sources=decision_766("chỉ số 4.1", "indicator 4.1"),
        figure=Rate(col("resolved_e_result"), col("resolved_e_result_known")),
    ),
    Indicator(
        id="slow_reception_rate",
        names=Words("Tỷ lệ chậm tiếp nhận trực tuyến", "Slow reception rate"),
        definitions=Words(
            "Trong số hồ sơ nộp trực tuyến trong kỳ, tỷ lệ chờ quá 8 giờ làm việc mới được tiếp nhận, hoặc đến "
            "cuối kỳ vẫn chưa được tiếp nhận sau 8 giờ làm việc.",
            "Of the dossiers filed online in the window, the share that waited more than 8 working hours for "
            "reception, or still waits after 8 working hours at the end of the window.",
        ),
        formula="count(working hours from submitted_at to received_at or E > 8) / count(channel = online)",
        formulas=Words(
            "Nộp trực tuyến chờ quá 8 giờ làm việc ÷ nộp trực tuyến",
            "Filed online and waited over 8 working hours ÷ filed online",
        ),
        unit="rate",
        direction="lower_is_better",
        dating=BY_SUBMISSION,
        sources=Words(
            "Quy trình nội bộ các tỉnh: trả lời tiếp nhận trong 8 giờ làm việc",
            "Internal processes of the provinces: an answer within 8 working hours",
        ),
        figure=SlowReception(),
    ),
)
