"""What to ask, what is notable, and which dossiers to open."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import streamlit as st

from language import _
from pages.parts.address import read, write
from pages.parts.brief_table import Head, Part, brief_table
from pages.parts.brief_words import heading
from pages.parts.navigation import entries
from pages.parts.plain import sentence
from pages.parts.screen import Screen
from reports.content import Brief, Finding


def draw_questions(brief: Brief) -> None:
    """In the order of the talk: last time, standing items, new; each with its evidence and its minutes."""
    heading(
        _("Nên hỏi"),
        _("{n} câu, khoảng {minutes} phút; câu hỏi chứ không phải kết luận.").format(
            n=len(brief.questions), minutes=sum(one.minutes for one in brief.questions)
        ),
    )
    parts = {"follow_up": _("Việc lần trước"), "standing": _("Việc thường xuyên"), "new": _("Điều mới thấy")}
    number = 0
    for part, name in parts.items():
        asked = [one for one in brief.questions if one.part == part]
        if not asked:
            continue
        lines = []
        for one in asked:
            number += 1
            minutes = _("{minutes} phút").format(minutes=one.minutes)
            lines.append(f"{number}. **{sentence(one.text)}** ({minutes})  \n   {sentence(one.evidence)}")
        st.markdown(f"*{name}*\n\n" + "\n".join(lines))


def draw_findings(brief: Brief) -> None:
    heading(_("Điều đáng chú ý"), "")
    if not brief.findings:
        st.markdown(sentence(brief.empty["findings"]))
    for finding in brief.findings:
        _draw_finding(finding)


def _draw_finding(finding: Finding) -> None:
    target = urlsplit(finding.address)
    files = {entry.address: entry.file for entry in entries()}
    file = files.get(target.path.strip("/"))
    icon = ":material/thumb_up:" if finding.standing == "better" else ":material/help:"
    if not file or not target.path:
        st.markdown(f"{icon} {sentence(finding.sentence)}")
        return
    view = read(parse_qs(target.query))
    st.page_link(
        file, label=sentence(finding.sentence), icon=icon, query_params=write(view), width="stretch", help=_("Xem")
    )


def draw_dossiers(screen: Screen, brief: Brief) -> None:
    """Codes to have brought out of the shelf, the letters of apology, and what is due."""
    heading(_("Hồ sơ nên mở"), "")
    if brief.dossiers:
        heads = [
            Head(label=_("Hồ sơ")),
            Head(label=_("Bao lâu")),
            Head(label=_("Hẹn trả")),
            Head(label=_("Thủ tục"), wide=True),
            Head(label=_("Đang ở bước"), wide=True),
        ]
        rows = [
            [
                Part(text=one.dossier_id, note=one.why),
                Part(text=one.days_text),
                Part(text=one.due_text),
                Part(text=one.procedure),
                Part(text=one.step),
            ]
            for one in brief.dossiers
        ]
        brief_table(_("Hồ sơ nên mở"), heads, rows, palette=screen.palette)
    else:
        st.markdown(sentence(brief.empty["dossiers"]))
    st.markdown(f"- {sentence(_('Thư xin lỗi: {text}').format(text=brief.apology))}")
    st.markdown(f"- {sentence(_('Ba ngày tới: {text}').format(text=brief.due_soon))}")
