"""What was promised last time and what became of it, and difficulties."""

from __future__ import annotations

import streamlit as st

from language import _
from pages.parts.brief_words import heading
from pages.parts.plain import plain, sentence
from reports.content import Brief, DifficultyLine, PromiseLine

_ICONS = {
    "kept": ":material/check_circle:",
    "not_kept": ":material/cancel:",
    "not_measurable": ":material/help:",
    "too_early": ":material/hourglass_empty:",
}


def draw_follow_up(brief: Brief) -> None:
    """The promises with their verdicts, then the difficulties that wait for an answer."""
    heading(_("Việc lần trước"), brief.last_visit_text)
    if brief.promises:
        for promise in brief.promises:
            _draw_promise(promise)
    else:
        st.markdown(sentence(brief.empty["promises"]))
    st.markdown(f"**{_('Vướng mắc, kiến nghị')}**")
    if not brief.difficulties:
        st.markdown(sentence(brief.empty["difficulties"]))
    for difficulty in brief.difficulties:
        _draw_difficulty(difficulty)


def _draw_promise(promise: PromiseLine) -> None:
    words = _("{icon} **{verdict}** · {text} ({department}, hạn {due})").format(
        icon=_ICONS[promise.verdict],
        verdict=plain(promise.verdict_text.capitalize()),
        text=sentence(promise.text),
        department=plain(promise.department),
        due=promise.due_text,
    )
    st.markdown(words)
    st.caption(sentence(promise.evidence))


def _draw_difficulty(difficulty: DifficultyLine) -> None:
    state = difficulty.state + (", " + _("quá hạn trả lời") if difficulty.is_overdue else "")
    words = _("- {text} · {category} · {department} · nêu {asked}, hạn {due}: **{state}**").format(
        text=sentence(difficulty.text),
        category=plain(difficulty.category),
        department=plain(difficulty.department),
        asked=difficulty.asked_on,
        due=difficulty.due_text,
        state=plain(state),
    )
    st.markdown(words + (f". {sentence(difficulty.answer)}" if difficulty.answer else ""))
