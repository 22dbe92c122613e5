"""The steps a dossier may take, as the log names them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Step(IntEnum):
    """Columns of the time table, in the order in which steps mostly follow each other."""

    SUBMIT = 0
    REFUSE = 1
    RECEIVE = 2
    ASSIGN = 3
    ASK = 4
    ANSWER = 5
    ASK_AGAIN = 6
    ANSWER_AGAIN = 7
    VERIFY = 8
    VERIFIED = 9
    NOTICE = 10
    NOTICED = 11
    HOLD = 12
    RESUME = 13
    APPRAISE = 14
    CHARGE = 15
    PAID = 16
    PROPOSE = 17
    SIGN = 18
    STAMP = 19
    RETURN = 20
    WITHDRAW = 21
    STOP = 22
    APOLOGISE = 23


# Where a step is done: the log's department and whose name stands in it.
DESK, OFFICE, LEADER, CLERK, SYSTEM = range(5)


@dataclass(frozen=True)
class Label:
    activity: str
    status: int
    place: int


LABELS: dict[Step, Label] = {
    Step.SUBMIT: Label("Nộp hồ sơ trực tuyến", 1, SYSTEM),
    Step.REFUSE: Label("Từ chối tiếp nhận", 3, DESK),
    Step.RECEIVE: Label("Tiếp nhận hồ sơ", 2, DESK),
    Step.ASSIGN: Label("Phân công xử lý", 4, OFFICE),
    Step.ASK: Label("Yêu cầu bổ sung hồ sơ", 5, OFFICE),
    Step.ANSWER: Label("Tiếp nhận giấy tờ bổ sung", 4, DESK),
    Step.ASK_AGAIN: Label("Yêu cầu bổ sung hồ sơ", 5, OFFICE),
    Step.ANSWER_AGAIN: Label("Tiếp nhận giấy tờ bổ sung", 4, DESK),
    Step.VERIFY: Label("Gửi xác minh cơ quan khác", 4, OFFICE),
    Step.VERIFIED: Label("Nhận trả lời của cơ quan phối hợp", 4, OFFICE),
    Step.NOTICE: Label("Niêm yết công khai", 4, OFFICE),
    Step.NOTICED: Label("Lập biên bản kết thúc công khai", 4, OFFICE),
    Step.HOLD: Label("Tạm dừng theo đề nghị của công dân", 4, OFFICE),
    Step.RESUME: Label("Tiếp tục xử lý", 4, OFFICE),
    Step.APPRAISE: Label("Thẩm định hồ sơ", 4, OFFICE),
    Step.CHARGE: Label("Yêu cầu thực hiện nghĩa vụ tài chính", 6, OFFICE),
    Step.PAID: Label("Xác nhận đã nộp tiền", 4, DESK),
    Step.PROPOSE: Label("Trình ký", 4, OFFICE),
    Step.SIGN: Label("Ký duyệt", 4, LEADER),
    Step.STAMP: Label("Đóng dấu, vào sổ", 9, CLERK),
    Step.RETURN: Label("Trả kết quả", 10, DESK),
    Step.WITHDRAW: Label("Công dân rút hồ sơ", 7, DESK),
    Step.STOP: Label("Dừng xử lý hồ sơ", 8, OFFICE),
    Step.APOLOGISE: Label("Gửi thư xin lỗi và hẹn lại ngày trả", 4, DESK),
}

ACTIVITIES = [LABELS[step].activity for step in Step]
STATUSES = np.array([LABELS[step].status for step in Step])
PLACES = np.array([LABELS[step].place for step in Step])

# Every pause: its first step, its last step, and the cause that the warehouse knows it by.
PAUSES = (
    (Step.ASK, Step.ANSWER, "supplement"),
    (Step.ASK_AGAIN, Step.ANSWER_AGAIN, "supplement"),
    (Step.VERIFY, Step.VERIFIED, "other_agency"),
    (Step.NOTICE, Step.NOTICED, "public_notice"),
    (Step.HOLD, Step.RESUME, "on_request"),
    (Step.CHARGE, Step.PAID, "payment"),
)

STATUS_LABELS = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}
CHANNEL_LABELS = {"online": "Trực tuyến", "in_person": "Trực tiếp", "postal": "Bưu chính công ích"}
