"""The inspection brief of a commune: two pages of questions with their evidence, from one snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlencode

from indicators.errors import CallError
from indicators.notable import Notable
from indicators.province import province_in_text
from indicators.windows import Window
from language import _
from language.formats import date, date_time
from notebook import Notebook
from reports.content import Brief, FigureLine, Finding
from reports.dossiers import Register, apology_text, dossier_lines, due_soon_text, without_letter
from reports.figures import figure_headings, figure_lines, peers_text
from reports.follow_up import difficulty_lines, last_visit_text, note_lines, promise_lines
from reports.limits import limits
from reports.prefetch import ask_at_once
from reports.profile import outline_map, pieces, profile
from reports.questions import Evidence, questions
from reports.shared import BriefContext, brief_context
from reports.times import longest_part, time_shares, time_text, trend
from reports.words import finding_words
from warehouse import Snapshot

_MOST_FINDINGS = 5


def compose_brief(
    snapshot: Snapshot,
    commune_code: str,
    *,
    window: Window | None = None,
    as_of: dt.date | None = None,
    book: Notebook | None = None,
    context: BriefContext | None = None,
) -> Brief:
    """The brief of a unit in force; without a window, since the new communes began (1/7/2025).

    Several briefs of one snapshot and window share a `brief_context`; `window` and `as_of` are then its own. Raises
    CallError for an unknown unit.
    """
    shared = context or brief_context(snapshot, window=window, as_of=as_of)
    if commune_code not in shared.communes:
        raise CallError(
            _("Không có đơn vị nào mang mã {code} trong dữ liệu. Mã đơn vị gồm năm chữ số, như trong danh mục.").format(
                code=commune_code
            )
        )
    register = Register(context=shared, code=commune_code)
    ask_at_once([*shared.questions, *register.questions])
    info = snapshot.info
    name = shared.communes[commune_code]["full_name"]
    found = [one for one in shared.findings if one.commune_code == commune_code]
    figures = figure_lines(shared, commune_code)
    dossiers = dossier_lines(register)
    promises = promise_lines(shared, commune_code, book)
    difficulties = difficulty_lines(shared, commune_code, book)
    notes = note_lines(commune_code, book)
    counted = shared.by_commune[shared.window].get(commune_code) or {}
    apology, due_soon = apology_text(register), due_soon_text(register)
    evidence = Evidence(
        commune_name=name,
        minutes_per_day=info.minutes_per_day,
        notables=found,
        figures=figures,
        dossiers=dossiers,
        promises=promises,
        difficulties=difficulties,
        notes=notes,
        longest_part=longest_part(shared, commune_code),
        late=counted.get("pending_late") or 0,
        late_stopped=register.late_stopped,
        without_letter=without_letter(register),
        apology=apology,
        due_soon=counted.get("due_soon") or 0,
        due_soon_text=due_soon,
    )
    return Brief(
        commune_code=commune_code,
        commune_name=name,
        province_name=info.province_name,
        title=_("Phiếu kiểm tra {commune}, {province}").format(
            commune=name, province=province_in_text(info.province_code, info.province_name, shared.as_of)
        ),
        period_text=_("từ {starts} đến {ends}").format(
            starts=date(shared.window.starts), ends=date(shared.window.ends)
        ),
        window=shared.window,
        as_of=shared.as_of,
        as_of_text=date_time(info.as_of) if shared.as_of == info.as_of.date() else date(shared.as_of),
        snapshot_id=info.snapshot_id,
        source_text=_("dữ liệu mô phỏng, không phải số liệu thật")
        if info.simulated
        else _("hệ thống một cửa {province}").format(province=info.province_name),
        simulated=info.simulated,
        peers_text=peers_text(shared, commune_code),
        figure_headings=figure_headings(shared),
        last_visit_text=last_visit_text(shared, commune_code, book),
        profile=profile(shared, commune_code),
        pieces=pieces(shared, commune_code),
        figures=figures,
        findings=findings(shared, found),
        questions=questions(evidence),
        dossiers=dossiers,
        time_shares=time_shares(shared, commune_code),
        time_text=time_text(register),
        trend=trend(shared, commune_code),
        difficulties=difficulties,
        promises=promises,
        notes=notes,
        apology=apology,
        due_soon=due_soon,
        limits=limits(shared, commune_code),
        map=outline_map(shared, commune_code),
        empty=_empty(name, figures),
    )


def findings(context: BriefContext, found: Sequence[Notable]) -> tuple[Finding, ...]:
    """What differs by more than chance, worse first, each with the address that shows it."""
    worse = [one for one in found if one.direction == "worse"]
    rest = [one for one in found if one.direction != "worse"]
    return tuple(
        Finding(
            sentence=finding_words(one),
            address=_address(context, one),
            standing="unknown" if one.direction == "neutral" else one.direction,
        )
        for one in [*worse, *rest][:_MOST_FINDINGS]
    )


def _address(context: BriefContext, finding: Notable) -> str:
    """The screen that shows a finding, with the days of the brief; nothing where none does."""
    days = context.recent if finding.kind == "change" else context.window
    same = {
        "ky": "custom",
        "tu": days.starts.isoformat(),
        "den": days.ends.isoformat(),
        "xa": finding.commune_code,
        "chi-tieu": finding.indicator,
    }
    match finding.kind:
        case "change":
            return "/xu-huong?" + urlencode(same)
        case "backlog":
            return "/khai-thac?" + urlencode(same | {"phan": "dossiers", "tinh-trang": "open_late"})
        case "pauses" | "stalled":
            return "/diem-nghen?" + urlencode(same | {"nghen": "standing"})
        case "last_day":
            # No screen shows the days of requests; the rate of requests would say something else.
            return ""
        case _:
            return "/so-sanh?" + urlencode(same | {"cach-so": "mix" if finding.is_adjusted else "funnel"})


def _empty(name: str, figures: Sequence[FigureLine]) -> dict[str, str]:
    """What stands in place of a list that holds nothing."""
    nothing = _(
        "Không có gì đáng chú ý: sau khi hiệu chỉnh cho việc so sánh nhiều đơn vị và nhiều chỉ tiêu, {commune} không "
        "khác các đơn vị khác, cũng không khác chính mình, đến mức vượt quá mức dao động thường thấy giữa các đơn vị."
    )
    if any(one.standing in ("better", "worse") for one in figures):
        nothing = _(
            "Không có gì vượt quá mức dao động thường thấy giữa các đơn vị. Chỗ ghi “rõ rệt” trong bảng số liệu là "
            "khác riêng nhóm so sánh, chưa tính đến mức dao động ấy: nên hỏi, chưa nên kết luận về {commune}."
        )
    return {
        "pieces": _("Chưa có bảng sắp xếp đơn vị, nên không biết đơn vị cũ nào hợp thành."),
        "findings": nothing.format(commune=name),
        "dossiers": _("Không có hồ sơ quá hạn, cũng không có hồ sơ nào đứng yên quá 10 ngày làm việc."),
        "difficulties": _("Chưa có vướng mắc, kiến nghị nào được ghi cho đơn vị này."),
        "promises": _("Chưa có cam kết nào được ghi cho đơn vị này."),
        "notes": _("Đơn vị chưa có ý kiến về số liệu nào."),
        "time_shares": _("Không có hồ sơ nào có nhật ký kết thúc trong kỳ."),
        "trend": _("Chưa có hồ sơ nào được giải quyết trong kỳ."),
    }
