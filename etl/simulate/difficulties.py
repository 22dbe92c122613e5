"""What simulated communes put on their end-of-day lists: what was planted, and what every commune complains of.

Some complain of what the log shows, some of what it does not: a screen has to tell the two apart.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass

import numpy as np

from etl.simulate.clock import FIRST_DAY
from etl.simulate.province import Change, Province

HEADINGS = (
    *("Mã xã", "Đơn vị", "Nhóm vướng mắc", "Sở, ngành", "Nội dung vướng mắc", "Ngày nêu", "Hạn trả lời", "Trạng thái"),
    *("Nội dung trả lời", "Ngày trả lời", "Số lượt", "Nguồn"),
)
_SOURCE = "Danh sách cuối ngày của xã, phường (mô phỏng)"
_OFFICE = "Văn phòng UBND tỉnh"


@dataclass(frozen=True)
class _Subject:
    """What may be asked: in words of different communes; `category` is left out of the list where it is empty."""

    category: str
    department: str
    texts: tuple[str, ...]
    answer: str


_PAYMENT = _Subject(
    "Thanh toán trực tuyến",
    "Sở Khoa học và Công nghệ",
    (
        "Thanh toán trực tuyến thường báo lỗi, người dân phải quay lại nộp tiền mặt",
        "Thanh toán trực tuyến thường xuyên báo lỗi, người dân phải nộp tiền mặt",
        "Người dân phải nộp tiền mặt vì thanh toán trực tuyến thường báo lỗi",
    ),
    "Đã kiểm tra kết nối với cổng thanh toán, đề nghị theo dõi thêm",
)
_SIGNING = _Subject(
    "Chữ ký số",
    "Sở Khoa học và Công nghệ",
    ("Chữ ký số của lãnh đạo chưa dùng được khi đi công tác, hồ sơ phải chờ ký",),
    "Đã hướng dẫn cấp chứng thư số trên thiết bị di động",
)
_OUTAGE = _Subject(
    "Phần mềm TTHC",
    "Sở Khoa học và Công nghệ",
    (
        "Phần mềm một cửa bị treo, không tiếp nhận được hồ sơ trực tuyến",
        "Phần mềm một cửa hay bị treo, không tiếp nhận được hồ sơ trực tuyến",
        "Không tiếp nhận được hồ sơ trực tuyến do phần mềm một cửa bị treo",
    ),
    "Đã khắc phục sự cố phần mềm",
)
_STAFF = _Subject(
    "Nhân sự: thiếu vị trí",
    "Sở Nội vụ",
    ("Thiếu người tiếp nhận hồ sơ, chưa có người thay",),
    "Đã đề xuất điều động tăng cường",
)
# What is heard everywhere: the log says nothing of most of it.
_USUAL = (
    _Subject(
        "",
        "Sở Khoa học và Công nghệ",
        (
            "Đường truyền chậm vào giờ cao điểm, tải tệp đính kèm rất lâu",
            "Đường truyền chậm vào giờ cao điểm buổi sáng, tải tệp đính kèm lâu",
        ),
        "Đã nâng băng thông đường truyền số liệu chuyên dùng",
    ),
    _Subject(
        "Tập huấn",
        "Sở Nội vụ",
        (
            "Đề nghị tập huấn thường xuyên về sử dụng phần mềm và kỹ năng số hóa hồ sơ",
            "Đề nghị tổ chức tập huấn thường xuyên về sử dụng phần mềm, kỹ năng số hóa hồ sơ",
        ),
        "Đã có kế hoạch tập huấn hằng quý",
    ),
    _Subject(
        "Chứng thực điện tử",
        "Sở Tư pháp",
        ("Chứng thực bản sao điện tử chưa thực hiện được do chưa đồng bộ chữ ký số",),
        "Đã phối hợp đồng bộ tài khoản",
    ),
    _Subject(
        "",
        "Sở Xây dựng",
        ("Trụ sở chật hẹp, thiếu phòng làm việc cho bộ phận một cửa", "Trụ sở làm việc chật hẹp, thiếu phòng một cửa"),
        "Đã khảo sát, đưa vào kế hoạch sửa chữa",
    ),
    _Subject(
        "Trang thiết bị",
        "Sở Tài chính",
        ("Máy tính, máy quét cũ, không đáp ứng số hóa hồ sơ", "Máy tính và máy quét cũ, chưa đáp ứng số hóa hồ sơ"),
        "Đã phân bổ kinh phí mua sắm đợt 2",
    ),
    _Subject("Biên chế", "Sở Nội vụ", ("Chưa quy định biên chế cụ thể của Trung tâm",), "Chờ hướng dẫn của Bộ Nội vụ"),
    _Subject(
        "Nhiệm vụ mới",
        "Sở Xây dựng",
        ("Cấp phép xây dựng là nhiệm vụ mới, công chức chưa có chuyên môn",),
        "Đã cử chuyên viên về hướng dẫn tại chỗ",
    ),
    _Subject(
        "Nhân sự: chất lượng không đồng đều",
        "Sở Nội vụ",
        ("Trình độ công chức không đồng đều sau sắp xếp",),
        "Đã có kế hoạch bồi dưỡng",
    ),
    _Subject(
        "Nhà ở công vụ",
        "Sở Xây dựng",
        ("Công chức ở xa chưa có nhà ở công vụ",),
        "Đang rà soát nhà làm việc dôi dư để bố trí",
    ),
    _Subject("", "Sở Tài chính", ("Kinh phí hoạt động của Trung tâm chưa được bố trí riêng",), "Đã bố trí bổ sung"),
    _Subject(
        "Dữ liệu định danh",
        "Thuế tỉnh",
        ("Mã số thuế chưa khớp số định danh, hộ kinh doanh phải đi lại nhiều lần",),
        "Đã đồng bộ mã số thuế với số định danh",
    ),
    _Subject(
        "Dữ liệu địa giới",
        "Sở Nông nghiệp và Môi trường",
        ("Dữ liệu địa giới hành chính trên phần mềm chưa cập nhật tên xã mới",),
        "Đã cập nhật danh mục",
    ),
    _Subject("Hạ tầng giao thông", "Sở Xây dựng", ("Đường liên xã xuống cấp, người dân đi lại khó",), "Đã ghi nhận"),
    _Subject(
        "Di tích",
        "Sở Văn hóa, Thể thao và Du lịch",
        ("Đề nghị kinh phí tu bổ di tích trên địa bàn",),
        "Đã vào kế hoạch tu bổ năm tới",
    ),
    _Subject("Khác", _OFFICE, ("Đề nghị có đầu mối giải đáp vướng mắc trong ngày",), "Đã công bố đường dây hỗ trợ"),
)
# How many communes of every hundred ask one of the usual things, and how answers come.
_USUAL_PER_100 = 45
_ANSWERED, _UNDER_WAY, _REFUSED = 0.62, 0.18, 0.04
_LISTED_TWICE = 0.15


def difficulties(province: Province, *, until: dt.date, seed: int) -> str:
    """The demo's `difficulties.csv`: the lists put together, up to a day."""
    generator = np.random.default_rng([8, 2, seed])
    communes = list(province.communes.select("commune_code", "full_name").iter_rows())
    days = (until - FIRST_DAY).days
    asked: list[tuple[int, int, _Subject]] = []
    troubled = [position for position, share in enumerate(province.payment_success) if share < 1]
    calm = [position for position in range(len(communes)) if position not in troubled]
    payers = [*troubled, *generator.choice(calm, min(2, len(calm)), replace=False)]
    asked += [(int(position), int(generator.integers(15, 120)), _PAYMENT) for position in payers]
    for position, change in enumerate(province.changes):
        if change and change.direction == "deteriorates":
            asked.append((position, change.day + int(generator.integers(5, 20)), _subject_of(change)))
    if province.outage:
        start, end = province.outage
        chosen = generator.choice(len(communes), min(12, len(communes)), replace=False)
        asked += [(int(position), int(generator.integers(start, end)), _OUTAGE) for position in chosen]
    for _one in range(len(communes) * _USUAL_PER_100 // 100):
        subject = _USUAL[int(generator.integers(len(_USUAL)))]
        day = int(generator.integers(3, max(4, days)))
        asked.append((int(generator.integers(len(communes))), day, subject))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for position, day, subject in sorted(asked, key=lambda one: (one[1], one[0], one[2].texts)):
        for line in _lines(subject, FIRST_DAY + dt.timedelta(days=day), until, generator):
            writer.writerow([*communes[position], *line, _SOURCE])
    return text.getvalue()


def _subject_of(change: Change) -> _Subject:
    return _SIGNING if change.presence[1] < change.presence[0] else _STAFF


def _lines(
    subject: _Subject, asked_on: dt.date, until: dt.date, generator: np.random.Generator
) -> list[tuple[str, ...]]:
    """The lines that a difficulty has on the lists of a commune: one, or a first and a later one."""
    wording, term, took, fate, twice = generator.random(5)
    text = subject.texts[int(wording * len(subject.texts))]
    count = str(int(generator.integers(1, 40))) if generator.random() < 0.5 else ""
    # Every tenth is sent up without a day for the answer.
    due_on = asked_on + dt.timedelta(days=7 + int(term * 9)) if term > 0.1 else None
    answered_on = asked_on + dt.timedelta(days=2 + int(took * took * 38))
    head = (subject.category, subject.department, text, _day(asked_on), _day(due_on))
    if asked_on > until:
        return []
    if fate < _ANSWERED and answered_on <= until:
        lines: list[tuple[str, ...]] = [(*head, "Đã trả lời", subject.answer, _day(answered_on), count)]
        if twice < _LISTED_TWICE:
            lines.insert(0, (*head, "Chưa trả lời", "", "", count))
        return lines
    if fate < _ANSWERED + _UNDER_WAY:
        return [(*head, "Đang xử lý", "", "", count)]
    if fate > 1 - _REFUSED and answered_on <= until:
        return [(*head, "Không thuộc thẩm quyền", "Đã chuyển cơ quan trung ương", _day(answered_on), count)]
    return [(*head, "Chưa trả lời", "", "", count)]


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
