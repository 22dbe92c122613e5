"""What an analyst's SQL may read: the tables and columns of a snapshot with their meaning, and ready examples.

Only what stands here can be read: the hashes of applicants and officers do not, nor the rows refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from indicators.sandbox_log_tables import COMMUNE, DAY, KEY, LOG_TABLES, PROCEDURE
from language import N_, _

_CODE = N_("mã hồ sơ")
_FIELD = N_("lĩnh vực")
_CHANNEL = N_("kênh nộp: online (trực tuyến), in_person (trực tiếp), postal (bưu chính)")

TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "dossier": (
        N_("sổ hồ sơ, mỗi hồ sơ một dòng"),
        {
            "dossier_id": _CODE,
            "commune_code": COMMUNE,
            "received_by": N_("đơn vị tiếp nhận"),
            "helped_by": N_("đơn vị hỗ trợ nộp"),
            "old_code": N_("đơn vị cũ, với hồ sơ trước sáp nhập"),
            "procedure_code": PROCEDURE,
            "field": _FIELD,
            "channel": _CHANNEL,
            "submitted_at": N_("nộp lúc"),
            "received_at": N_("tiếp nhận lúc"),
            "due_at": N_("hẹn trả lúc"),
            "computed_due_at": N_("hạn tính theo thời hạn của thủ tục"),
            "finished_at": N_("xử lý xong lúc"),
            "returned_at": N_("trả kết quả lúc"),
            "closed_at": N_("kết thúc lúc; trống khi đang giải quyết"),
            "status": N_("trạng thái 1 đến 10; 3 từ chối tiếp nhận, 7 rút, 8 dừng, 9 và 10 đã xong"),
            "supplement_requests": N_("số lần yêu cầu bổ sung"),
            "supplement_requested_at": N_("yêu cầu bổ sung lần đầu lúc"),
            "supplement_answered_at": N_("nhận bổ sung lúc"),
            "apology_sent_at": N_("gửi thư xin lỗi lúc"),
            "paused_minutes": N_("số phút làm việc dừng tính thời gian"),
            "processing_minutes": N_("số phút làm việc giải quyết, đã trừ thời gian dừng"),
            "fee": N_("phí, lệ phí (đồng)"),
            "paid_online": N_("nộp phí trực tuyến"),
            "digitised": N_("đã số hóa"),
            "e_result": N_("có kết quả điện tử"),
            "source_file": N_("tệp nguồn"),
            "key_id": KEY,
        },
    ),
    "event": (
        N_("nhật ký, mỗi bước xử lý một dòng"),
        {
            "dossier_id": _CODE,
            "step": N_("bước thứ mấy"),
            "at": N_("thời điểm"),
            "activity": N_("bước xử lý"),
            "status": N_("trạng thái của bước"),
            "unit": N_("bộ phận"),
        },
    ),
    "dossier_pause": (
        N_("thời gian dừng tính hạn của hồ sơ, theo nguyên nhân"),
        {
            "dossier_id": _CODE,
            "cause": N_("nguyên nhân: supplement, payment, other_agency, on_request, public_notice"),
            "paused_minutes": N_("số phút làm việc"),
        },
    ),
    "dossier_change": (
        N_("những gì tệp sau ghi khác tệp trước"),
        {
            "dossier_id": _CODE,
            "column_name": N_("cột đã đổi"),
            "old_value": N_("giá trị cũ"),
            "new_value": N_("giá trị mới"),
            "state_at": N_("thời điểm của tệp ghi giá trị mới"),
        },
    ),
    "commune": (
        N_("xã, phường, đặc khu hiện nay"),
        {
            "commune_code": N_("mã đơn vị"),
            "name": N_("tên"),
            "full_name": N_("tên đầy đủ"),
            "kind": N_("loại: ward (phường), commune (xã), special_zone (đặc khu)"),
            "area_km2": N_("diện tích (km²)"),
            "population": N_("dân số"),
            "staff": N_("số cán bộ"),
            "reception_staff": N_("số cán bộ tiếp nhận"),
            "centre_area_m2": N_("diện tích trung tâm (m²)"),
            "cluster": N_("cụm"),
            "old_province": N_("tỉnh cũ"),
            "old_district": N_("huyện cũ"),
        },
    ),
    "lineage": (
        N_("đơn vị mới gồm những đơn vị cũ nào"),
        {
            "new_code": N_("mã đơn vị mới"),
            "old_code": N_("mã đơn vị cũ"),
            "old_name": N_("tên đơn vị cũ"),
            "old_district": N_("huyện cũ"),
            "old_province": N_("tỉnh cũ"),
            "extent": N_("phần nhập: whole (toàn bộ), part (một phần), remainder (phần còn lại)…"),
            "effective_date": N_("ngày hiệu lực"),
        },
    ),
    "procedure": (
        N_("danh mục thủ tục"),
        {
            "procedure_code": N_("mã thủ tục"),
            "name": N_("tên thủ tục"),
            "field": _FIELD,
            "deadline_working_days": N_("thời hạn (ngày làm việc)"),
            "same_day": N_("trả trong ngày"),
            "is_online": N_("có dịch vụ trực tuyến"),
            "has_fee": N_("có phí, lệ phí"),
            "valid_from": N_("áp dụng từ"),
            "valid_to": N_("áp dụng đến"),
        },
    ),
    "dossier_key": (
        N_("mỗi tổ hợp đơn vị, thủ tục, lĩnh vực, kênh một dòng"),
        {
            "key_id": N_("số của tổ hợp"),
            "commune_code": COMMUNE,
            "old_code": N_("đơn vị cũ"),
            "procedure_code": PROCEDURE,
            "field": _FIELD,
            "channel": _CHANNEL,
        },
    ),
    "daily_flow": (
        N_("số đếm mỗi ngày của mỗi tổ hợp; cộng được với nhau, nhanh hơn đếm từ sổ"),
        {
            "day": DAY,
            "key_id": KEY,
            "received": N_("tiếp nhận trong ngày"),
            "received_online": N_("trong đó trực tuyến"),
            "resolved_early": N_("giải quyết trước hạn"),
            "resolved_on_time": N_("giải quyết đúng hạn"),
            "resolved_late": N_("giải quyết quá hạn"),
            "closed_neutral": N_("rút, dừng xử lý"),
            "open": N_("số đang giải quyết tăng (giảm) trong ngày"),
            "open_late": N_("số đang quá hạn tăng (giảm) trong ngày; có cả những ngày sắp tới"),
        },
    ),
    **LOG_TABLES,
    "unit_fact": (
        N_("thông tin của đơn vị theo từng nguồn"),
        {
            "commune_code": COMMUNE,
            "fact": N_("thông tin gì: area_km2, population, posts, centre_area_m2, reception_staff…"),
            "fact_name": N_("tên như nguồn ghi"),
            "value": N_("giá trị bằng số; trống khi nguồn không cho số"),
            "value_text": N_("giá trị như nguồn in"),
            "precision": N_("mức chính xác: about (khoảng), over (trên), under (dưới), exact (đúng)"),
            "source": N_("nguồn"),
            "stated_on": N_("ngày của nguồn"),
        },
    ),
    "difficulty": (
        N_("vướng mắc, kiến nghị nạp từ danh sách"),
        {
            "difficulty_id": N_("mã vướng mắc"),
            "commune_code": COMMUNE,
            "category": N_("nhóm vướng mắc"),
            "category_by": N_("nhóm do đâu: stated (danh sách ghi), words (theo từ trong câu), none (không rõ)"),
            "department": N_("sở, ngành phải trả lời"),
            "text": N_("nội dung"),
            "asked_on": N_("ngày nêu"),
            "due_on": N_("hạn trả lời"),
            "state": N_(
                "open (chưa trả lời), in_progress (đang xử lý), answered (đã trả lời), rejected (không giải quyết)"
            ),
            "answer": N_("nội dung trả lời"),
            "answered_on": N_("ngày trả lời"),
            "count": N_("số lượt"),
        },
    ),
    "calendar": (
        N_("lịch làm việc"),
        {
            "day": DAY,
            "minutes": N_("số phút làm việc trong ngày"),
            "is_working": N_("là ngày làm việc"),
            "note": N_("ngày lễ, làm bù"),
        },
    ),
    "warning": (
        N_("cảnh báo khi nạp"),
        {
            "source_file": N_("tệp nguồn"),
            "row_number": N_("dòng"),
            "table_name": N_("bảng"),
            "rule": N_("quy tắc"),
            "dossier_id": _CODE,
        },
    ),
    "load": (
        N_("các tệp đã nạp"),
        {
            "source_file": N_("tệp nguồn"),
            "table_name": N_("bảng"),
            "state_at": N_("số liệu của tệp đến lúc"),
            "rows_read": N_("số dòng đọc"),
            "rows_loaded": N_("số dòng nạp"),
            "rows_refused": N_("số dòng bị từ chối"),
            "rows_repeated": N_("số dòng lặp lại"),
            "loaded_at": N_("nạp lúc"),
        },
    ),
    "snapshot": (
        N_("bản dữ liệu này"),
        {
            "snapshot_id": N_("mã bản dữ liệu"),
            "built_at": N_("tạo lúc"),
            "as_of": N_("số liệu đến"),
            "simulated": N_("là dữ liệu mô phỏng"),
            "province_name": N_("tỉnh, thành phố"),
            "minutes_per_day": N_("số phút của một ngày làm việc"),
        },
    ),
}


@dataclass(frozen=True, kw_only=True)
class Example:
    """A question in words and the statement that answers it."""

    name: str
    sql: str


def columns_of_views() -> dict[str, list[str]]:
    """For each table that can be read its columns."""
    return {table: list(columns) for table, (_meaning, columns) in TABLES.items()}


def described() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each table with its meaning, and its columns with theirs, in the session's language."""
    return [
        (table, _(meaning), [(column, _(words)) for column, words in columns.items()])
        for table, (meaning, columns) in TABLES.items()
    ]


def examples() -> list[Example]:
    """Statements to begin with."""
    return [
        Example(
            name=_("Xã, phường còn nhiều hồ sơ quá hạn nhất hôm nay"),
            sql="""\
select full_name, sum(open_late) as qua_han
from daily_flow
join dossier_key using (key_id)
join commune using (commune_code)
where day <= (select as_of::date from snapshot)
group by all
order by qua_han desc
limit 20""",
        ),
        Example(
            name=_("Số hồ sơ tiếp nhận theo giờ trong ngày và thứ trong tuần"),
            sql="""\
select hour(received_at) as gio, isodow(received_at) as thu, count(*) as so_ho_so
from dossier
where status is distinct from 3
group by all
order by gio, thu""",
        ),
        Example(
            name=_("Bước nào chờ lâu nhất, theo giờ làm việc"),
            sql="""\
select name as buoc, count(*) as so_luot, round(sum(counted_seconds) / 3600.0 / count(*), 1) as gio_cho_binh_quan
from step_span
join activity using (activity_id)
where stop is null
group by all
order by sum(counted_seconds) desc
limit 20""",
        ),
        Example(
            name=_("Thủ tục hay phải yêu cầu bổ sung"),
            sql="""\
select p.name as thu_tuc, count(*) as so_ho_so,
    round(100.0 * count(*) filter (supplement_requests > 0) / count(*), 1) as ty_le_bo_sung
from dossier d
join (select procedure_code, any_value(name) as name from procedure group by all) p using (procedure_code)
where d.closed_at is not null
group by all
having count(*) >= 20
order by ty_le_bo_sung desc""",
        ),
        Example(
            name=_("Bước xử lý nào mất nhiều thời gian chờ nhất"),
            sql="""\
with cho as (
    select activity, "at" - lag("at") over (partition by dossier_id order by step) as doi
    from event
)
select activity as buoc, count(*) as so_lan, round(median(epoch(doi)) / 3600, 1) as trung_vi_gio
from cho
where doi is not null
group by all
order by trung_vi_gio desc""",
        ),
        Example(
            name=_("Hồ sơ đã đổi ngày hẹn trả nhiều lần"),
            sql="""\
select dossier_id, count(*) as so_lan, min(old_value) as hen_dau, max(new_value) as hen_sau
from dossier_change
where column_name = 'due_at'
group by all
order by so_lan desc
limit 100""",
        ),
    ]
