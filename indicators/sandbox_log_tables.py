"""The tables of the log, and of what stands beside the dossiers, that an analyst's SQL may read."""

from __future__ import annotations

from language import N_

DAY = N_("ngày")
COMMUNE = N_("mã đơn vị (bảng commune)")
PROCEDURE = N_("mã thủ tục (bảng procedure)")
KEY = N_("nối với bảng dossier_key")

LOG_TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "activity": (
        N_("các bước xử lý có trong nhật ký"),
        {
            "activity_id": N_("số của bước"),
            "name": N_("tên bước"),
            "cause": N_("bước này dừng đồng hồ vì sao (như bảng dossier_pause); answer: cho đồng hồ chạy lại"),
        },
    ),
    "variant": (
        N_("các lối đi: mỗi thứ tự bước một dòng, phổ biến nhất trước"),
        {
            "variant_id": N_("số của lối đi"),
            "activity_ids": N_("các bước theo thứ tự (bảng activity)"),
        },
    ),
    "log_unit": (
        N_("các bộ phận có trong nhật ký"),
        {"unit_id": N_("số của bộ phận"), "unit": N_("tên bộ phận")},
    ),
    "path_span": (
        N_("mỗi hồ sơ có nhật ký một dòng, gọn, không có mã hồ sơ"),
        {
            "path_id": N_("số của hồ sơ trong nhật ký"),
            "closed_on": N_("ngày kết thúc; 9999-12-31 khi đang giải quyết"),
            "received_on": N_("ngày tiếp nhận"),
            "last_on": N_("ngày của bước cuối"),
            "key_id": KEY,
            "variant_id": N_("lối đi (bảng variant)"),
            "log_seconds": N_("số giây từ bước đầu đến bước cuối, kể cả ngoài giờ"),
            "office_seconds": N_("số giây làm việc từ tiếp nhận đến kết thúc"),
            "handovers": N_("số lần sang tay người khác"),
        },
    ),
    "step_span": (
        N_("mỗi bước trong nhật ký một dòng, gọn, không có mã hồ sơ"),
        {
            "path_id": N_("số của hồ sơ trong nhật ký (bảng path_span)"),
            "key_id": KEY,
            "day": DAY,
            "activity_id": N_("bước (bảng activity)"),
            "from_id": N_("bước trước; 0 khi là bước đầu"),
            "stop": N_("đồng hồ đã dừng vì sao từ bước trước"),
            "wait_seconds": N_("số giây từ bước trước, kể cả ngoài giờ"),
            "counted_seconds": N_("số giây làm việc từ bước trước, trong khoảng từ tiếp nhận đến kết thúc"),
            "unit_id": N_("bộ phận (bảng log_unit)"),
            "from_unit": N_("bộ phận của bước trước, nếu khác"),
            "is_return": N_("trả ngược ngay về bộ phận vừa chuyển đến"),
        },
    ),
    "process_step": (
        N_("quy trình nội bộ đã khai"),
        {
            "procedure_code": PROCEDURE,
            "position": N_("bước thứ mấy"),
            "activity": N_("bước xử lý"),
            "hours": N_("số giờ làm việc được dành"),
            "is_optional": N_("có thể không có"),
            "is_illustrative": N_("chỉ để minh họa"),
        },
    ),
    "dated_event": (
        N_("những việc xảy ra vào một ngày: sáp nhập, phần mềm mới, ủy quyền, sự cố…"),
        {
            "starts_on": N_("từ ngày"),
            "ends_on": N_("đến ngày"),
            "scope": N_("phạm vi: national, province, commune, procedure"),
            "commune_code": COMMUNE,
            "procedure_code": PROCEDURE,
            "kind": N_("loại việc"),
            "text": N_("nội dung"),
        },
    ),
    "index_score": (
        N_("điểm Chỉ số 766 đã công bố"),
        {
            "commune_code": COMMUNE,
            "starts_on": N_("từ ngày"),
            "ends_on": N_("đến ngày"),
            "item": N_("thành phần, nhóm, hoặc total (tổng điểm)"),
            "score": N_("điểm"),
            "max_score": N_("điểm tối đa"),
        },
    ),
    "reported": (
        N_("số liệu đơn vị, cổng hoặc tin đã báo cáo, để đối chiếu"),
        {
            "unit_name": N_("đơn vị như nguồn ghi"),
            "commune_code": COMMUNE,
            "starts_at": N_("từ lúc"),
            "ends_at": N_("đến trước lúc"),
            "measure": N_("số gì"),
            "value": N_("giá trị"),
            "share": N_("tỷ lệ (phần của 1)"),
            "source": N_("nguồn"),
        },
    ),
}
