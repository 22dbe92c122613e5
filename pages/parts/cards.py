"""Cards: one figure each with its meaning, its interval, how fresh it is, and what it is beside earlier periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from charts.change import Figure, change
from charts.values import interval_text, short_value_text
from indicators.catalogue import Indicator
from indicators.indicator import BY_RECEIPT, BY_SUBMISSION
from indicators.quality import states
from language import _
from language.formats import date, number
from pages.parts import data, view_slides
from pages.parts.components import component
from pages.parts.definitions import definition
from pages.parts.state import current_view
from warehouse import Snapshot

_cards = component("cards")
# The tables of `load` that a card needs where it does not name its own.
REGISTER = ("dossier",)
REGISTER_AND_LOG = ("dossier", "event")


def cards(contents: Sequence[dict[str, Any]], *, key: str) -> None:
    """Draw cards made by `card`, four in a row where there is room; each says how fresh its oldest source is."""
    snapshot = data.snapshot_of(current_view().snapshot)
    found, as_of = _states(snapshot, snapshot.id), snapshot.info.as_of
    shown = [one | {"freshness": freshness(one.get("sources", REGISTER), found, as_of)} for one in contents]
    view_slides.keep_cards(shown)
    on_stage = current_view().presenting
    if on_stage:
        # From a distance: the figure, and one comparison; how fresh it is where it is behind.
        shown = [
            one
            | {"comparisons": one["comparisons"][:1]}
            | ({} if one["freshness"]["behind"] else {"freshness": {"text": "", "behind": False}})
            for one in shown
        ]
    _cards(key=key, data={"cards": shown, "stage": on_stage, "words": {"meaning": _("Ý nghĩa của chỉ tiêu")}})


@st.cache_data(max_entries=20, show_spinner=False)
def _states(_snapshot: Snapshot, snapshot_id: str) -> dict[str, dt.datetime]:
    return states(_snapshot)


def freshness(sources: Sequence[str], found: Mapping[str, dt.datetime], as_of: dt.datetime) -> dict[str, Any]:
    """`số liệu đến 22/11/2026`, of the oldest of the sources; marked where it is behind the snapshot."""
    oldest = min((found[table] for table in sources if table in found), default=as_of)
    behind = (as_of.date() - oldest.date()).days
    text = _("số liệu đến {date}").format(date=date(oldest.date()))
    if behind > 0:
        text += _(", cũ hơn {n} ngày").format(n=number(behind))
    return {"text": text, "behind": behind > 0}


def sources_of(indicator: Indicator) -> tuple[str, ...]:
    """What is counted by receipt stands in the register; closings, supplements and pauses also come from the log."""
    return REGISTER if indicator.dating in (BY_RECEIPT, BY_SUBMISSION) else REGISTER_AND_LOG


def card(
    indicator: Indicator, now: Figure, changes: Mapping[str, Mapping[str, Any]], *, minutes_per_day: int
) -> dict[str, Any]:
    """What a card says, in ready-made texts; `changes` are rows of `indicators.compare` by the name of their period."""
    return {
        "name": indicator.name,
        "sources": sources_of(indicator),
        "meaning": definition(indicator),
        "value": short_value_text(indicator, now.value, minutes_per_day),
        "certainty": certainty(indicator, now, minutes_per_day),
        "comparisons": [comparison(indicator, period, row, minutes_per_day) for period, row in changes.items()],
    }


def certainty(indicator: Indicator, figure: Figure, minutes_per_day: int) -> str:
    """`96,8–98,3 % · n = 4.819`, and a warning where n is too small to judge by."""
    parts = []
    if interval := interval_text(indicator, figure.low, figure.high, minutes_per_day):
        parts.append(interval)
    if figure.n is not None:
        parts.append(_("n = {n}").format(n=number(figure.n)))
        if figure.n < indicator.min_n:
            parts.append(_("chưa đủ số liệu"))
    return " · ".join(parts)


def comparison(indicator: Indicator, period: str, row: Mapping[str, Any], minutes_per_day: int) -> dict[str, Any]:
    """A change in words; its tone is set only where it is clear and one side is the good one."""
    found = change(indicator, row, minutes_per_day)
    if found is None:
        return {"period": period, "text": _("không có số liệu"), "verdict": "", "clear": False, "tone": ""}
    arrow = ("▲" if found.rises else "▼") if found.is_clear else ""
    return {
        "period": period,
        "text": arrow + found.text,
        "verdict": found.verdict,
        "clear": found.is_clear,
        "tone": {True: "better", False: "worse", None: ""}[found.is_better],
    }
