"""A brief as plain data for the templates: no forbidden sign, every drawing made, every heading in words."""

from __future__ import annotations

import dataclasses
import re
from itertools import groupby
from typing import Any, TypeVar

from language import _
from reports.content import Brief, OutlineMap
from reports.drawings import outline_map, time_bars, trend_line
from reports.pack import Pack

Record = TypeVar("Record")

# Signs that XML forbids, and those that turn the direction of writing round.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
# Told by shape as well as by colour, for a black and white print.
SIGNS = {"better": "▲", "worse": "▼", "like": "=", "unknown": "–"}


def plain(value: Any) -> Any:
    """Texts in records, tuples and mappings without the signs that no file may hold; everything else as it is."""
    if isinstance(value, str):
        return _UNPRINTABLE.sub("", value)
    if isinstance(value, OutlineMap):
        return dataclasses.replace(value, note=plain(value.note))  # its many points are numbers
    if isinstance(value, tuple | list):
        return type(value)(plain(one) for one in value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value) if field.init}
        return dataclasses.replace(value, **changes)
    return value


def source_line(brief: Brief | Pack) -> str:
    """Source, day of the data and snapshot, as the foot of every page says them; simulated data have a mark instead."""
    state = _("Số liệu đến {as_of}. Bản dữ liệu {id}.").format(as_of=brief.as_of_text, id=brief.snapshot_id)
    return state if brief.simulated else _("Nguồn: {source}.").format(source=brief.source_text) + " " + state


def simulated_mark() -> str:
    return _("DỮ LIỆU MÔ PHỎNG, không phải số liệu thật")


def minutes_text(minutes: int) -> str:
    return _("{minutes} phút").format(minutes=minutes)


def headings() -> dict[str, str]:
    """The printed names of the brief's parts and of the columns of its tables."""
    return {
        "profile": _("Đơn vị"),
        "pieces": _("Sắp xếp từ"),
        "promises": _("Cam kết lần trước"),
        "difficulties": _("Vướng mắc đơn vị đã nêu"),
        "figures": _("Số liệu chính"),
        "findings": _("Điều đáng chú ý"),
        "time": _("Thời gian đi vào đâu"),
        "questions": _("Câu hỏi gợi ý"),
        "dossiers": _("Hồ sơ nên mở xem"),
        "notes": _("Ý kiến và ghi chép"),
        "limits": _("Điều số liệu không nói được"),
        "follow_up": _("Việc lần trước"),
        "standing": _("Việc thường kỳ"),
        "new": _("Việc mới"),
        "figure": _("Chỉ số"),
        "since_merger": _("Cả kỳ"),
        "last_30_days": _("30 ngày qua"),
        "before": _("30 ngày trước đó"),
        "change": _("Thay đổi"),
        "peers": _("Cùng nhóm"),
        "province": _("Toàn tỉnh"),
        "verdict": _("Nhận xét"),
        "promise": _("Việc hẹn"),
        "department": _("Cơ quan"),
        "due": _("Hạn"),
        "result": _("Kết quả"),
        "difficulty": _("Vướng mắc"),
        "asked_on": _("Nêu ngày"),
        "state": _("Tình trạng"),
        "answer": _("Trả lời"),
        "dossier": _("Mã hồ sơ"),
        "procedure": _("Thủ tục"),
        "days": _("Thời gian"),
        "step": _("Đang ở bước"),
        "why": _("Vì sao"),
        "evidence": _("Căn cứ"),
        "question": _("Câu hỏi"),
        "minutes": _("Phút"),
        "minutes_of": _("{minutes} phút"),
        "commune": _("Xã, phường"),
        "period": _("Kỳ số liệu"),
        "source": _("Nguồn"),
        "stated_on": _("Nêu ngày"),
        "value": _("Nội dung"),
        "fact": _("Mục"),
        "differs": _("các nguồn khác nhau"),
        "signs": _("▲ tốt hơn rõ; ▼ kém hơn rõ; = chưa đủ cơ sở phân biệt; – chưa đủ số liệu."),
        "more": _("Còn {n} mục nữa, xem trên màn hình Phiếu kiểm tra."),
        "nothing": _("Không có."),
        "more_communes": _("Còn {n} xã, phường nữa, xem phiếu từng xã."),
        "know": _("Cần biết"),
        "ask": _("Hỏi ai, hỏi gì"),
        "kind": _("Loại việc"),
        "overview": _("Tổng hợp"),
        "department_page": _("Việc liên quan ở các xã, phường của chuyến đi"),
        "no_task": _("Sổ chưa ghi việc nào của cơ quan này ở các xã, phường của chuyến đi."),
    }


def as_data(brief: Brief) -> dict[str, Any]:
    """What the templates print of a brief: its fields with their texts plain, the three drawings, signs and sums.

    JSON can hold all of it.
    """
    brief = plain(brief)
    data: dict[str, Any] = {
        field.name: _jsonable(getattr(brief, field.name))
        for field in dataclasses.fields(brief)
        if field.name not in ("map", "trend", "window", "as_of")
    }
    for line in data["figures"]:
        # A count is neither good nor bad: its verdict is a dash, or nothing.
        says_more = line["verdict"].strip(" –-")
        line["judged"] = f"{SIGNS[line['standing']]} {line['verdict']}" if says_more else SIGNS[line["standing"]]
        # A duration or a share is printed with its unit already.
        is_said = line["unit"] in line["label"].lower()
        line["unit"] = line["unit"] if line["since_merger"].strip("0123456789.,−") == "" and not is_said else ""
        line["change"] = line["change"] if line["change_standing"] in ("better", "worse") else ""
    for promise in data["promises"]:
        promise["verdict_text"] = promise["verdict_text"][:1].upper() + promise["verdict_text"][1:]
    # Facts of one source together, with the source once behind them.
    sources = groupby(
        data["profile"], key=lambda fact: ", ".join(filter(None, (fact["source"], fact["stated_on_text"])))
    )
    data["profile_groups"] = [{"source": source, "facts": list(facts)} for source, facts in sources]
    data["pieces_heading"] = _decided(data["pieces"])
    minutes = sum(question.minutes for question in brief.questions)
    return data | {
        "map_svg": outline_map(brief),
        "map_note": brief.map.note,
        "trend_svg": trend_line(brief.trend),
        "trend_label": brief.trend.label,
        "trend_sentence": brief.trend.sentence,
        "time_svg": time_bars(brief.time_shares),
        "minutes_text": minutes_text(minutes) if minutes else "",
        "source_line": source_line(brief),
        "mark": simulated_mark() if brief.simulated else "",
    }


def _decided(pieces: list[dict[str, str]]) -> str:
    """The heading of the pieces, with the resolution that all of them name; `bracket` is what else is said of each."""
    notes = [piece["note"].split("; ") for piece in pieces]
    last = {note[-1] for note in notes}
    common = last.pop() if len(pieces) > 1 and len(last) == 1 else ""
    for piece, note in zip(pieces, notes, strict=True):
        piece["bracket"] = "; ".join(filter(None, (piece["extent_text"], *(note[:-1] if common else note))))
    return f"{headings()['pieces']} ({common})" if common else headings()["pieces"]


def pack_data(pack: Pack) -> dict[str, Any]:
    """The overview and the departments' pages, likewise; the briefs go apart."""
    shown = plain(dataclasses.replace(pack, briefs=()))
    return {
        field.name: _jsonable(getattr(shown, field.name))
        for field in dataclasses.fields(shown)
        if field.name not in ("as_of", "briefs")
    } | {"source_line": source_line(shown), "mark": simulated_mark() if pack.simulated else ""}


def _jsonable(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_jsonable(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value
