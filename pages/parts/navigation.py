"""The screens there are: where each lies, its address and its name."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from language import _

# Where decks and the records of meetings are kept: a screen of its own, never a page of a deck.
DECKS = "trinh-chieu"


@dataclass(frozen=True)
class Entry:
    """A screen: its file, its address (`""` is the start page), its name, its icon and what it answers."""

    file: str
    address: str
    title: str
    icon: str
    answers: str

    def page(self) -> st.Page:
        # No icon here: Streamlit would fetch it from another server for the browser's tab.
        return st.Page(
            self.file, title=self.title, url_path=self.address or None, default=not self.address, help=self.answers
        )


def entries() -> list[Entry]:
    """The screens in the order of the sidebar, in the session's language."""
    return [
        Entry(
            "pages/overview.py",
            "",
            _("Tổng quan"),
            ":material/dashboard:",
            _("Tỉnh đang thế nào, điều gì thay đổi, xem gì trước."),
        ),
        Entry(
            "pages/map.py",
            "ban-do",
            _("Bản đồ"),
            ":material/map:",
            _("Mọi chỉ tiêu theo xã, phường; bấm vào một đơn vị để xem riêng đơn vị đó."),
        ),
        Entry(
            "pages/trend.py",
            "xu-huong",
            _("Xu hướng"),
            ":material/show_chart:",
            _("Chỉ tiêu theo ngày, tuần, tháng; một hay nhiều đơn vị so với mức chung."),
        ),
        Entry(
            "pages/compare.py",
            "so-sanh",
            _("So sánh"),
            ":material/compare_arrows:",
            _("Những đơn vị nào thật sự khác nhau; đặt hai đến sáu đơn vị cạnh nhau."),
        ),
        Entry(
            "pages/bottleneck.py",
            "diem-nghen",
            _("Điểm nghẽn"),
            ":material/account_tree:",
            _("Hồ sơ chờ ở bước nào, vào lúc nào, vì sao dừng; đi lối nào và thử thay đổi thì ra sao."),
        ),
        Entry(
            "pages/index_766.py",
            "chi-so-766",
            _("Chỉ số 766"),
            ":material/format_list_numbered:",
            _("Điểm theo nhóm của phần biết được, điểm kế tiếp cần thêm những gì, đơn vị nào thật sự khác nhau."),
        ),
        Entry(
            "pages/brief.py",
            "phieu-kiem-tra",
            _("Phiếu kiểm tra"),
            ":material/assignment:",
            _("Một xã, phường trên hai trang trước khi đi: hỏi gì, mở hồ sơ nào, lần trước đã cam kết những gì."),
        ),
        Entry(
            "pages/trips.py",
            "chuyen-di",
            _("Chuyến đi"),
            ":material/route:",
            _("Đi đâu, vì sao, mang theo gì; đã chỉ đạo, đã cam kết những gì và số liệu từ đó nói gì."),
        ),
        Entry(
            "pages/difficulties.py",
            "vuong-mac",
            _("Vướng mắc"),
            ":material/contact_support:",
            _("Khó khăn, kiến nghị của xã, phường: ai phải trả lời, quá hạn đến đâu, nhật ký có cho thấy không."),
        ),
        Entry(
            "pages/quality.py",
            "chat-luong",
            _("Chất lượng dữ liệu"),
            ":material/verified:",
            _("Đã nạp, từ chối, lặp lại những gì; số liệu mới đến đâu; nạp dữ liệu."),
        ),
        Entry(
            "pages/reconcile.py",
            "doi-chieu",
            _("Đối chiếu"),
            ":material/fact_check:",
            _("Số liệu mà đơn vị, cổng hay báo chí nêu có khớp với nhau và với nhật ký không."),
        ),
        Entry(
            "pages/explore.py",
            "khai-thac",
            _("Khai thác"),
            ":material/manage_search:",
            _("Bảng chéo, danh sách hồ sơ, biểu mẫu và câu lệnh SQL; tải về Excel, CSV, Parquet."),
        ),
        Entry(
            "pages/decks.py",
            DECKS,
            _("Bài trình chiếu"),
            ":material/slideshow:",
            _("Chuỗi màn hình cho cuộc họp, và biên bản những gì đã trình chiếu, đã cam kết."),
        ),
    ]
