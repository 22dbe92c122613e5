"""Words that several sections of a brief say alike."""

from __future__ import annotations

from indicators.notable import Notable
from indicators.sentences import notable_sentence
from language import _


def extent_words(extent: str) -> str:
    """What of an old unit came, in the words of a resolution."""
    return {
        "whole": _("toàn bộ"),
        "unchanged": _("giữ nguyên, không sắp xếp"),
        "part": _("một phần diện tích và dân số"),
        "part_area_only": _("một phần diện tích, không có dân"),
        "part_area_all_population": _("một phần diện tích, toàn bộ dân số"),
        "remainder": _("phần còn lại"),
    }.get(extent, _("một phần"))


def stop_words(cause: str) -> str:
    """Why a clock stood."""
    return {
        "supplement": _("chờ công dân bổ sung giấy tờ"),
        "payment": _("chờ thực hiện nghĩa vụ tài chính"),
        "other_agency": _("chờ cơ quan khác"),
        "on_request": _("dừng theo đề nghị"),
        "public_notice": _("niêm yết công khai"),
    }.get(cause, _("nguyên nhân khác"))


def kind_words(kind: str | None) -> str:
    return {"ward": _("Phường"), "commune": _("Xã"), "special_zone": _("Đặc khu")}.get(kind or "", "")


def finding_words(finding: Notable) -> str:
    """The sentence of a finding without the commune's name, which stands over the page."""
    words = notable_sentence(finding).removeprefix(f"{finding.commune_name}: ")
    return words[:1].upper() + words[1:]
