"""What the rules and tables that a snapshot names are called: `reject.rule`, `warning.rule`, `load.table_name`."""

from __future__ import annotations

from language import N_

TABLES = {
    "dossier": N_("sổ hồ sơ"),
    "event": N_("nhật ký"),
    "commune": N_("xã, phường"),
    "lineage": N_("sắp xếp đơn vị"),
    "procedure": N_("thủ tục"),
    "correction": N_("sửa lỗi nguồn"),
    "index_score": N_("điểm công bố 766"),
    "dated_event": N_("sự kiện có ngày"),
    "reported": N_("số liệu được nêu"),
}
WARNINGS = {
    "unknown_dossier_code_shape": N_("mã hồ sơ không theo mẫu nào đã biết"),
    "closed_after_state": N_("kết thúc sau thời điểm xuất tệp (coi là chưa xong đến ngày đó)"),
    "closed_without_time": N_("đã xong nhưng không có ngày kết thúc"),
    "closed_while_waiting": N_("đang chờ bổ sung hoặc nghĩa vụ tài chính nhưng có ngày kết thúc (coi là chưa xong)"),
    "no_due_time": N_("không có ngày hẹn trả"),
    "due_differs": N_("ngày hẹn trả khác ngày tính theo thời hạn của thủ tục"),
    "online_not_offered": N_("nộp trực tuyến thủ tục không có dịch vụ trực tuyến"),
    "unknown_procedure": N_("thủ tục không có trong danh mục"),
    "repeated_supplement": N_("yêu cầu bổ sung hơn một lần"),
    "unknown_channel": N_("không rõ kênh nộp"),
    "submitted_after_received": N_("nộp sau khi tiếp nhận"),
    "log_after_finish": N_("nhật ký còn bước xử lý sau ngày kết thúc trong sổ hơn một ngày"),
    "step_without_dossier": N_("có bước xử lý nhưng không có trong sổ"),
    "dossier_without_step": N_("có trong sổ nhưng không có bước xử lý nào"),
    "commune_without_polygon": N_("xã, phường không có ranh giới"),
    "polygon_without_commune": N_("ranh giới không ứng với xã, phường nào"),
    "area_differs": N_("diện tích ranh giới khác diện tích công bố"),
    "axes_swapped": N_("kinh độ và vĩ độ của tệp ranh giới bị đảo, đã đổi lại"),
    "polygon_without_code": N_("vùng của tệp ranh giới không có mã đơn vị"),
    "polygon_repaired": N_("ranh giới tự cắt, đã được sửa"),
    "polygons_mismatched": N_("ranh giới chồng hoặc hở với vùng bên cạnh"),
}
# In few words, as a heading; what a clerk is told stands in the row's own message.
REJECTS = {
    "missing_dossier_id": N_("thiếu mã hồ sơ"),
    "personal_dossier_code": N_("mã hồ sơ là số của người dân"),
    "unreadable_date": N_("ngày giờ không đọc được"),
    "status_out_of_range": N_("trạng thái ngoài danh mục"),
    "missing_received_at": N_("thiếu ngày tiếp nhận"),
    "unknown_commune": N_("không rõ xã, phường"),
    "ambiguous_commune": N_("tên xã, phường trùng nhau"),
    "closed_before_received": N_("kết thúc trước khi tiếp nhận"),
    "received_after_state": N_("tiếp nhận sau thời điểm xuất tệp"),
    "missing_step_time": N_("thiếu thời điểm của bước"),
    "step_after_state": N_("bước xử lý sau thời điểm xuất tệp"),
    "bad_row": N_("dòng lệch cột"),
    "duplicate_code": N_("mã lặp lại"),
    "other_province": N_("đơn vị của tỉnh khác"),
    "missing_code": N_("thiếu mã đơn vị"),
    "unknown_new_code": N_("đơn vị mới không có trong danh sách"),
    "wrong_value": N_("giá trị không dùng được"),
    "dropped_by_correction": N_("bỏ theo tệp sửa lỗi nguồn"),
    "event_without_day": N_("sự kiện không có ngày"),
    "event_ends_early": N_("sự kiện kết thúc trước khi bắt đầu"),
    "event_without_text": N_("sự kiện không có nội dung"),
    "unknown_event_kind": N_("loại sự kiện ngoài danh mục"),
}
