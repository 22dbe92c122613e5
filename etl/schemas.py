"""What a row must be to be loaded: the staged register and log, with one rule for each reason to refuse.

Rules are listed from the first to the last that is reported: a row is refused once, for its first broken rule.
"""

from __future__ import annotations

from typing import Literal

import dataframely as dy
import polars as pl

from language import N_, _

TableName = Literal["dossier", "event"]
DOSSIER_TIMES = (
    "submitted_at",
    "received_at",
    "due_at",
    "finished_at",
    "returned_at",
    "refused_at",
    "supplement_requested_at",
    "supplement_answered_at",
    "apology_sent_at",
)
DOSSIER_FLAGS = ("paid_online", "digitised", "e_result")
# Times in which a value that cannot be read would move a figure silently; the row is refused instead.
DECISIVE_TIMES = ("received_at", "due_at", "finished_at", "returned_at")
STATUS_NOT_YET_RECEIVED, STATUS_REFUSED_AT_RECEPTION = 1, 3


class StagedDossier(dy.Schema):
    """One register row after parsing. Grain: a row of a file; `*unread*` tells of text that is no value."""

    row_number = dy.Int64()
    dossier_id = dy.String(nullable=True)
    personal_code = dy.Bool()
    commune_code = dy.String(nullable=True)
    old_code = dy.String(nullable=True)
    received_by = dy.String(nullable=True)
    helped_by = dy.String(nullable=True)
    procedure_code = dy.String(nullable=True)
    field = dy.String(nullable=True)
    channel = dy.String(nullable=True)
    status = dy.Int8(nullable=True)
    supplement_requests = dy.Int32(nullable=True)
    fee = dy.Int64(nullable=True)
    applicant_key = dy.String(nullable=True)
    submitted_at = dy.Datetime(time_unit="us", nullable=True)
    received_at = dy.Datetime(time_unit="us", nullable=True)
    due_at = dy.Datetime(time_unit="us", nullable=True)
    finished_at = dy.Datetime(time_unit="us", nullable=True)
    returned_at = dy.Datetime(time_unit="us", nullable=True)
    refused_at = dy.Datetime(time_unit="us", nullable=True)
    supplement_requested_at = dy.Datetime(time_unit="us", nullable=True)
    supplement_answered_at = dy.Datetime(time_unit="us", nullable=True)
    apology_sent_at = dy.Datetime(time_unit="us", nullable=True)
    paid_online = dy.Bool(nullable=True)
    digitised = dy.Bool(nullable=True)
    e_result = dy.Bool(nullable=True)
    closed_date_only = dy.Bool(nullable=True)
    unread_column = dy.String(nullable=True)
    status_unread = dy.Bool()
    commune_rule = dy.String(nullable=True)
    commune_message = dy.String(nullable=True)
    state_limit = dy.Datetime(time_unit="us")

    @dy.rule()
    def missing_dossier_id(cls) -> pl.Expr:
        return pl.col("dossier_id").is_not_null()

    @dy.rule()
    def personal_dossier_code(cls) -> pl.Expr:
        return ~pl.col("personal_code")

    @dy.rule()
    def unreadable_date(cls) -> pl.Expr:
        return pl.col("unread_column").is_null()

    @dy.rule()
    def status_out_of_range(cls) -> pl.Expr:
        return ~pl.col("status_unread") & pl.col("status").is_between(1, 10).fill_null(True)

    @dy.rule()
    def missing_received_at(cls) -> pl.Expr:
        early = pl.col("status").is_in([STATUS_NOT_YET_RECEIVED, STATUS_REFUSED_AT_RECEPTION]).fill_null(False)
        return pl.col("received_at").is_not_null() | (early & pl.col("submitted_at").is_not_null())

    @dy.rule()
    def unknown_commune(cls) -> pl.Expr:
        return (pl.col("commune_rule") != "unknown_commune").fill_null(True)

    @dy.rule()
    def ambiguous_commune(cls) -> pl.Expr:
        return (pl.col("commune_rule") != "ambiguous_commune").fill_null(True)

    @dy.rule()
    def closed_before_received(cls) -> pl.Expr:
        closed = pl.coalesce("finished_at", "returned_at")
        # A closing known by its date only is compared by date.
        received = pl.when("closed_date_only").then(pl.col("received_at").dt.truncate("1d")).otherwise("received_at")
        return (closed >= received).fill_null(True)

    @dy.rule()
    def received_after_state(cls) -> pl.Expr:
        return (pl.col("received_at") <= pl.col("state_limit")).fill_null(True)


class StagedEvent(dy.Schema):
    """One log row after parsing. Grain: a row of a file."""

    row_number = dy.Int64()
    dossier_id = dy.String(nullable=True)
    personal_code = dy.Bool()
    at = dy.Datetime(time_unit="us", nullable=True)
    activity = dy.String(nullable=True)
    status = dy.Int8(nullable=True)
    unit = dy.String(nullable=True)
    actor_key = dy.String(nullable=True)
    unread_column = dy.String(nullable=True)
    status_unread = dy.Bool()
    state_limit = dy.Datetime(time_unit="us")

    @dy.rule()
    def missing_dossier_id(cls) -> pl.Expr:
        return pl.col("dossier_id").is_not_null()

    @dy.rule()
    def personal_dossier_code(cls) -> pl.Expr:
        return ~pl.col("personal_code")

    @dy.rule()
    def unreadable_date(cls) -> pl.Expr:
        return pl.col("unread_column").is_null()

    @dy.rule()
    def missing_step_time(cls) -> pl.Expr:
        return pl.col("at").is_not_null()

    @dy.rule()
    def status_out_of_range(cls) -> pl.Expr:
        return ~pl.col("status_unread") & pl.col("status").is_between(1, 10).fill_null(True)

    @dy.rule()
    def step_after_state(cls) -> pl.Expr:
        return (pl.col("at") <= pl.col("state_limit")).fill_null(True)


# For each rule: the column it is about, and what a clerk is told.
RULES: dict[str, tuple[str | None, str]] = {
    "missing_dossier_id": ("dossier_id", N_("Thiếu mã hồ sơ. Hãy ghi mã hồ sơ của dòng này.")),
    "personal_dossier_code": (
        "dossier_id",
        N_(
            "Mã hồ sơ là số điện thoại, số căn cước hoặc thư điện tử của người dân. Hãy ghi mã hồ sơ do hệ thống một "
            "cửa cấp."
        ),
    ),
    "unreadable_date": (None, N_("Ngày giờ không đọc được. Hãy ghi như 05/07/2025 08:30.")),
    "status_out_of_range": (
        "status",
        N_(
            "Trạng thái không nằm trong danh mục 1 đến 10. Hãy ghi đúng trạng thái, hoặc khai báo tên gọi đó "
            "trong values.status của tệp cấu hình."
        ),
    ),
    "missing_received_at": ("received_at", N_("Thiếu ngày tiếp nhận. Hãy bổ sung ngày tiếp nhận.")),
    "unknown_commune": ("commune_code", N_("Không xác định được xã, phường.")),
    "ambiguous_commune": ("commune_name", N_("Tên xã, phường chưa đủ để phân biệt.")),
    "closed_before_received": (
        "finished_at",
        N_("Kết thúc trước khi tiếp nhận. Hãy kiểm tra ngày tiếp nhận và ngày kết thúc xử lý."),
    ),
    "received_after_state": (
        "received_at",
        N_("Tiếp nhận sau thời điểm xuất tệp. Hãy kiểm tra ngày tiếp nhận, hoặc state_at của tệp cấu hình."),
    ),
    "missing_step_time": ("at", N_("Thiếu thời điểm của bước xử lý. Hãy bổ sung thời điểm.")),
    "step_after_state": (
        "at",
        N_("Bước xử lý có thời điểm sau thời điểm xuất tệp. Hãy kiểm tra thời điểm, hoặc state_at của tệp cấu hình."),
    ),
    "bad_row": (
        None,
        N_("Dòng có số cột không khớp với dòng tiêu đề. Hãy kiểm tra dấu phân cách và dấu nháy."),
    ),
    "duplicate_code": ("commune_code", N_("Mã đã có ở một dòng trước. Mỗi đơn vị chỉ một dòng.")),
    "other_province": ("province_code", N_("Đơn vị thuộc tỉnh khác, không phải tỉnh của tệp cấu hình.")),
    "missing_code": (None, N_("Thiếu mã đơn vị.")),
    "unknown_new_code": ("new_code", N_("Đơn vị mới không có trong danh sách xã, phường.")),
    "wrong_dates": (
        "valid_from",
        N_(
            "Khoảng hiệu lực sai: ngày không đọc được, ngày hết hiệu lực trước ngày có hiệu lực, hoặc chồng lên một "
            "dòng trước của cùng mã. Hãy sửa valid_from, valid_to."
        ),
    ),
    "unknown_index_item": (
        "item",
        N_(
            "Không có nhóm hay chỉ số này trong bảng điểm 766 có hiệu lực vào ngày cuối kỳ. Hãy ghi như 2.1, CKMB hoặc "
            "Tổng điểm."
        ),
    ),
    "other_maximum": (
        "max_score",
        N_(
            "Điểm tối đa khác bảng điểm 766 có hiệu lực vào ngày cuối kỳ, nên điểm này thuộc một thang khác. Hãy kiểm "
            "tra lại, hoặc khai báo bảng điểm của tỉnh trong [index_weights]."
        ),
    ),
    "event_without_day": ("starts_at", N_("Ngày của sự kiện thiếu hoặc không đọc được. Hãy ghi như 16/03/2026.")),
    "event_ends_early": ("ends_at", N_("Sự kiện kết thúc trước ngày bắt đầu. Hãy kiểm tra hai ngày.")),
    "event_without_text": ("text", N_("Thiếu nội dung sự kiện. Hãy ghi một câu ngắn nói điều gì đã thay đổi.")),
    "unknown_event_kind": (
        "kind",
        N_(
            "Loại sự kiện ngoài danh mục. Hãy ghi: sắp xếp, phần mềm, ủy quyền, ngày nghỉ, sự cố, nhân sự, quy định "
            "hoặc khác."
        ),
    ),
    "fact_without_value": ("value", N_("Thiếu tên thông tin hoặc giá trị. Hãy ghi đủ hai ô.")),
    "fact_without_source": ("source", N_("Thiếu nguồn của số liệu. Hãy ghi văn bản hoặc nơi nêu số liệu này.")),
    "wrong_fact_unit": (
        "value",
        N_("Đơn vị tính không hợp với thông tin này. Hãy ghi diện tích bằng km², ha, m²; số khác là số đếm."),
    ),
    "impossible_fact": (
        "value",
        N_("Con số nằm ngoài mức mà một xã, phường có thể có. Hãy kiểm tra dấu phẩy, dấu chấm và đơn vị tính."),
    ),
    "difficulty_without_text": ("text", N_("Thiếu nội dung vướng mắc. Hãy ghi một câu nói rõ vướng ở đâu.")),
    "difficulty_without_day": ("asked_on", N_("Ngày nêu thiếu hoặc không đọc được. Hãy ghi như 16/03/2026.")),
    "difficulty_after_state": (
        "asked_on",
        N_("Ngày nêu, ngày trả lời hoặc ngày cập nhật ở tương lai. Hãy kiểm tra năm."),
    ),
    "due_before_asked": ("due_on", N_("Hạn trả lời trước ngày nêu. Hãy kiểm tra hai ngày.")),
    "answered_before_asked": ("answered_on", N_("Ngày trả lời trước ngày nêu. Hãy kiểm tra hai ngày.")),
    "unknown_difficulty_state": (
        "state",
        N_("Trạng thái ngoài danh mục. Hãy ghi: chưa trả lời, đang xử lý, đã trả lời hoặc không giải quyết."),
    ),
    "wrong_difficulty_count": ("count", N_("Số lượt không phải số nguyên từ 1. Hãy ghi số, hoặc để trống.")),
    "dropped_by_correction": (None, N_("Bỏ theo tệp sửa lỗi nguồn đã duyệt.")),
    "wrong_value": (None, N_("Giá trị không dùng được ở cột này.")),
}


def rule_message(rule: str) -> str:
    """What a clerk is told about a refused row."""
    return _(RULES[rule][1])
