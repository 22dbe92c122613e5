"""Counts of dossiers: what came, what was done, what is open."""

from __future__ import annotations

from polars import col

from indicators.figures import RESOLVED, Count
from indicators.indicator import (
    AT_END,
    BEFORE_START,
    BY_CLOSING,
    BY_RECEIPT,
    BY_RESOLUTION,
    OURS,
    Indicator,
    Words,
    form_ii06,
)

INDICATORS = (
    Indicator(
        id="received",
        names=Words("Hồ sơ tiếp nhận", "Dossiers received"),
        definitions=Words(
            "Số hồ sơ được tiếp nhận trong kỳ. Hồ sơ mới đăng ký (trạng thái 1) và hồ sơ không được tiếp nhận "
            "(trạng thái 3) không tính.",
            "Dossiers received in the window. Those only registered (status 1) and those refused at reception "
            "(status 3) do not count.",
        ),
        formula="count(date(received_at) in the window and status not in (1, 3))",
        formulas=Words(
            "Đếm hồ sơ có ngày tiếp nhận trong kỳ, trừ trạng thái 1 và 3",
            "Dossiers whose day of receipt lies in the window, statuses 1 and 3 left out",
        ),
        unit="count",
        direction="neutral",
        dating=BY_RECEIPT,
        sources=form_ii06("4 + 5"),
        figure=Count(col("received")),
    ),
    Indicator(
        id="carried_over",
        names=Words("Kỳ trước chuyển sang", "Carried over"),
        definitions=Words(
            "Số hồ sơ đã tiếp nhận trước kỳ và chưa kết thúc khi kỳ bắt đầu.",
            "Dossiers received before the window and not closed when it starts.",
        ),
        formula="pending on the day before the window",
        formulas=Words("Đang giải quyết vào cuối ngày trước kỳ", "Pending at the end of the day before the window"),
        unit="count",
        direction="neutral",
        dating=BEFORE_START,
        sources=form_ii06("6"),
        figure=Count(col("carried_over")),
    ),
    Indicator(
        id="resolved",
        names=Words("Đã giải quyết", "Resolved"),
        definitions=Words(
            "Số hồ sơ có kết quả trong kỳ: trước hạn, đúng hạn hoặc quá hạn. Hồ sơ rút, dừng xử lý tính riêng.",
            "Dossiers with a result in the window: early, on the due date or late. Withdrawn and stopped ones are "
            "counted apart.",
        ),
        formula="resolved_early + resolved_on_time + resolved_late",
        formulas=Words("Trước hạn + đúng hạn + quá hạn", "Early + on the due date + late"),
        unit="count",
        direction="neutral",
        dating=BY_RESOLUTION,
        sources=form_ii06("7"),
        figure=Count(RESOLVED),
    ),
    Indicator(
        id="resolved_early",
        names=Words("Giải quyết trước hạn", "Resolved early"),
        definitions=Words(
            "Số hồ sơ có kết quả trong kỳ vào một ngày trước ngày hẹn trả. Không có ngày hẹn trả thì so với hạn "
            "của thủ tục.",
            "Dossiers with a result in the window on a day before the promised one. Without a promised date the "
            "procedure's deadline is used.",
        ),
        formula="count(date(closed_at) < date(due_at or computed_due_at)) of resolved",
        formulas=Words("Đếm hồ sơ có ngày kết quả < ngày hẹn trả", "Dossiers whose day of the result < promised day"),
        unit="count",
        direction="higher_is_better",
        dating=BY_RESOLUTION,
        sources=form_ii06("8"),
        figure=Count(col("resolved_early")),
    ),
    Indicator(
        id="resolved_on_time",
        names=Words("Giải quyết đúng hạn", "Resolved on the due date"),
        definitions=Words(
            "Số hồ sơ có kết quả trong kỳ vào đúng ngày hẹn trả. Không có ngày hẹn trả thì so với hạn của thủ tục; "
            "không có cả hai thì tính là đúng hạn.",
            "Dossiers with a result in the window on the promised day itself. Without a promised date the "
            "procedure's deadline is used; without either they count as on time.",
        ),
        formula="count(date(closed_at) = date(due_at or computed_due_at)) of resolved + resolved_no_due",
        formulas=Words(
            "Đếm hồ sơ có ngày kết quả = ngày hẹn trả, cộng hồ sơ không có hạn",
            "Dossiers whose day of the result = promised day, and those without any due date",
        ),
        unit="count",
        direction="higher_is_better",
        dating=BY_RESOLUTION,
        sources=form_ii06("9"),
        figure=Count(col("resolved_on_time")),
    ),
    Indicator(
        id="resolved_late",
        names=Words("Giải quyết quá hạn", "Resolved late"),
        definitions=Words(
            "Số hồ sơ có kết quả trong kỳ vào một ngày sau ngày hẹn trả. So theo ngày, không theo giờ.",
            "Dossiers with a result in the window on a day after the promised one. Days are compared, not hours.",
        ),
        formula="count(date(closed_at) > date(due_at or computed_due_at)) of resolved",
        formulas=Words("Đếm hồ sơ có ngày kết quả > ngày hẹn trả", "Dossiers whose day of the result > promised day"),
        unit="count",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=form_ii06("10"),
        figure=Count(col("resolved_late")),
    ),
    Indicator(
        id="resolved_no_due",
        names=Words("Đã giải quyết, không có hạn", "Resolved without any due date"),
        definitions=Words(
            "Số hồ sơ có kết quả trong kỳ mà không có ngày hẹn trả lẫn hạn của thủ tục; đã tính trong “đúng hạn”.",
            "Dossiers with a result in the window that have neither a promised date nor a procedure's deadline; "
            "part of “on the due date”.",
        ),
        formula="count(due_at and computed_due_at missing) of resolved",
        formulas=Words(
            "Đếm hồ sơ đã giải quyết không có ngày hẹn trả lẫn thời hạn thủ tục",
            "Resolved dossiers with neither a promised date nor a procedure's deadline",
        ),
        unit="count",
        direction="lower_is_better",
        dating=BY_RESOLUTION,
        sources=OURS,
        figure=Count(col("resolved_no_due")),
    ),
    Indicator(
        id="pending",
        names=Words("Đang giải quyết", "Pending"),
        definitions=Words(
            "Số hồ sơ đã tiếp nhận và chưa kết thúc vào cuối kỳ, kể cả hồ sơ đang chờ bổ sung hoặc chờ nộp phí.",
            "Dossiers received and not closed at the end of the window, also those that wait for papers or a payment.",
        ),
        formula="carried_over + received - resolved - closed_neutral",
        formulas=Words(
            "Kỳ trước chuyển sang + tiếp nhận − đã giải quyết − rút, dừng",
            "Carried over + received − resolved − withdrawn or stopped",
        ),
        unit="count",
        direction="neutral",
        dating=AT_END,
        sources=form_ii06("11"),
        figure=Count(col("open")),
    ),
    Indicator(
        id="pending_in_term",
        names=Words("Đang giải quyết trong hạn", "Pending in term"),
        definitions=Words(
            "Số hồ sơ chưa kết thúc mà ngày hẹn trả chưa qua vào cuối kỳ. Không có ngày hẹn trả thì tính là trong hạn.",
            "Dossiers not closed at the end of the window whose promised date has not passed. Without a promised "
            "date they count as in term.",
        ),
        formula="pending - pending_late",
        formulas=Words("Đang giải quyết − đang giải quyết quá hạn", "Pending − pending late"),
        unit="count",
        direction="neutral",
        dating=AT_END,
        sources=form_ii06("12"),
        figure=Count(col("open") - col("open_late")),
    ),
    Indicator(
        id="pending_late",
        names=Words("Đang giải quyết quá hạn", "Pending late"),
        definitions=Words(
            "Số hồ sơ chưa kết thúc mà ngày hẹn trả đã qua vào cuối kỳ, dù đồng hồ có đang dừng hay không.",
            "Dossiers not closed at the end of the window whose promised date has passed, whether their clock "
            "stands or not.",
        ),
        formula="count(date(due_at) < E and still open on E)",
        formulas=Words(
            "Đếm hồ sơ chưa kết thúc có ngày hẹn trả < ngày cuối kỳ",
            "Open dossiers whose promised day < last day of the window",
        ),
        unit="count",
        direction="lower_is_better",
        dating=AT_END,
        sources=form_ii06("13"),
        figure=Count(col("open_late")),
    ),
    Indicator(
        id="pending_no_due",
        names=Words("Đang giải quyết, không có ngày hẹn trả", "Pending without a promised date"),
        definitions=Words(
            "Số hồ sơ chưa kết thúc vào cuối kỳ mà không có ngày hẹn trả; đã tính trong “trong hạn”.",
            "Dossiers not closed at the end of the window that have no promised date; part of “in term”.",
        ),
        formula="count(due_at missing and still open on E)",
        formulas=Words("Đếm hồ sơ chưa kết thúc không có ngày hẹn trả", "Open dossiers without a promised date"),
        unit="count",
        direction="lower_is_better",
        dating=AT_END,
        sources=OURS,
        figure=Count(col("open_no_due")),
    ),
    Indicator(
        id="closed_neutral",
        names=Words("Rút, dừng xử lý", "Withdrawn or stopped"),
        definitions=Words(
            "Số hồ sơ công dân xin rút (trạng thái 7) hoặc dừng xử lý (trạng thái 8) trong kỳ. Không tính là đã "
            "giải quyết, không tính là quá hạn.",
            "Dossiers withdrawn by the citizen (status 7) or stopped (status 8) in the window. Neither resolved "
            "nor late.",
        ),
        formula="count(status in (7, 8))",
        formulas=Words(
            "Đếm hồ sơ kết thúc ở trạng thái 7 (rút) hoặc 8 (dừng)",
            "Dossiers closed with status 7 (withdrawn) or 8 (stopped)",
        ),
        unit="count",
        direction="neutral",
        dating=BY_CLOSING,
        sources=Words(
            "Cột 14 “rút, dừng”, bổ sung vào biểu II.06/VPCP/KSTT",
            "Column 14, “withdrawn, stopped”, added to form II.06/VPCP/KSTT",
        ),
        figure=Count(col("closed_neutral")),
    ),
    Indicator(
        id="due_soon",
        names=Words("Sắp đến hạn (3 ngày)", "Due within three days"),
        definitions=Words(
            "Số hồ sơ chưa kết thúc vào cuối kỳ mà ngày hẹn trả là hôm đó hoặc trong ba ngày tiếp theo.",
            "Dossiers not closed at the end of the window that are promised for that day or one of the three days "
            "after it.",
        ),
        formula="count(E <= date(due_at) <= E + 3 days and still open on E)",
        formulas=Words(
            "Đếm hồ sơ chưa kết thúc có ngày cuối kỳ ≤ ngày hẹn trả ≤ ngày cuối kỳ + 3",
            "Open dossiers with last day ≤ promised day ≤ last day + 3",
        ),
        unit="count",
        direction="neutral",
        dating=AT_END,
        sources=OURS,
        figure=Count(col("open_due_soon")),
    ),
)
