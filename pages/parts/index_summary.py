"""One unit by the six groups of Decision 766: how many points of those known, what changed, what is not known."""

from __future__ import annotations

import streamlit as st

from charts.index_points import GroupBar, groups_figure, of_known_text, points_text
from indicators import indicator, previous_window
from indicators.index_766 import GROUP_NAMES, GROUPS, Assessment, Component, band_of, change
from language import _
from language.formats import date, number
from pages.parts import index_data
from pages.parts.period import written_window
from pages.parts.plain import plain, sentence
from pages.parts.plots import plot
from pages.parts.screen import Screen


def draw_summary(
    screen: Screen, assessment: Assessment, weights: tuple[Component, ...], *, commune: str | None
) -> None:
    """The headline, the bars by group, and what stands behind them in sentences."""
    total = next(assessment.totals.iter_rows(named=True), None)
    name = screen.whole if commune is None else screen.commune_name(commune)
    if total is None or total["points"] is None:
        st.info(
            _("{name}: không có hồ sơ nào trong kỳ và không có điểm công bố nào dùng được.").format(name=plain(name)),
            icon=":material/info:",
        )
        return
    plot(
        groups_figure(_bars(assessment, weights), palette=screen.palette),
        title=_headline(name, total),
        key="groups",
        alt=_in_words(assessment),
        indicator=indicator("index_766"),
    )
    st.caption("  \n".join(sentence(line) for line in (_legend(), *_notes(screen, assessment, weights, commune))))


def _headline(name: str, total: dict[str, object]) -> str:
    points, known = float(total["points"]), float(total["known"])  # type: ignore[arg-type]
    text = _("{name}: {points} điểm tính được").format(name=name, points=of_known_text(points, known))
    if total["low"] != total["high"]:
        text += _(" (khoảng tin cậy {low}–{high})").format(
            low=points_text(float(total["low"])),  # type: ignore[arg-type]
            high=points_text(float(total["high"])),  # type: ignore[arg-type]
        )
    if total["is_complete"]:
        text += _("; tương đương mức {band}").format(band=band_of(points).name)
        low, high = band_of(float(total["low"])), band_of(float(total["high"]))  # type: ignore[arg-type]
        if low != high:
            text += _(" (có thể từ {low} đến {high})").format(low=low.name, high=high.name)
    return text


def _bars(assessment: Assessment, weights: tuple[Component, ...]) -> list[GroupBar]:
    rows = {row["index_group"]: row for row in assessment.groups.iter_rows(named=True)}
    bars = []
    for group in GROUPS:
        if group not in rows:
            continue
        row = rows[group]
        is_estimated = row["points"] is not None and row["low"] != row["high"]
        bars.append(
            GroupBar(
                name=GROUP_NAMES[group].text,
                points=row["points"],
                known=row["known"] or 0.0,
                maximum=row["max"],
                low=row["low"] if is_estimated else None,
                high=row["high"] if is_estimated else None,
                is_of_province=_is_of_province(weights, group),
            )
        )
    return bars


def _is_of_province(weights: tuple[Component, ...], group: str) -> bool:
    return all(component.is_of_province for component in weights if component.group == group)


def _legend() -> str:
    return _(
        "Màu đậm: điểm đạt; màu nhạt: điểm chưa đạt; gạch chéo: chưa có nguồn hoặc không phát sinh, không tính vào "
        "điểm. Vạch ngang: khoảng tin cậy 95 % của phần tính từ hồ sơ."
    )


def _in_words(assessment: Assessment) -> str:
    parts = [
        f"{GROUP_NAMES[row['index_group']].text}: {of_known_text(row['points'], row['known'] or 0.0)}"
        for row in assessment.groups.iter_rows(named=True)
    ]
    return "; ".join(parts)


def _notes(screen: Screen, assessment: Assessment, weights: tuple[Component, ...], commune: str | None) -> list[str]:
    notes = []
    of_province = sum(component.maximum for component in weights if component.is_of_province)
    if of_province:
        notes.append(
            _("Màu tím: {points} điểm công khai, minh bạch do cấp tỉnh quyết định, như nhau ở mọi xã, phường.").format(
                points=number(float(of_province), 0 if of_province.denominator == 1 else 2)
            )
        )
    notes.append(_against_before(screen, assessment, commune))
    periods = (
        assessment.components.filter(assessment.components["basis"].is_in(["published", "group"]))
        .select("published_starts_on", "published_ends_on")
        .drop_nulls()
        .unique()
        .sort("published_ends_on")
    )
    if periods.height:
        starts, ends = periods.row(-1)
        text = _(
            "Điểm công bố lấy từ kỳ gần nhất đã kết thúc, {starts} – {ends}; phần tính từ hồ sơ là của kỳ đang xem."
        )
        notes.append(text.format(starts=date(starts), ends=date(ends)))
    if screen.filters.field or screen.filters.procedure or screen.filters.channel:
        notes.append(_("Đang lọc theo lĩnh vực, thủ tục hoặc kênh nộp, nên điểm công bố không tham gia."))
    published = assessment.totals.row(0, named=True)
    if published["published_score"] is not None:
        notes.append(
            _("Tổng điểm công bố: {score} (kỳ {starts} – {ends}; {source}).").format(
                score=number(published["published_score"], 2),
                starts=date(published["published_starts_on"]),
                ends=date(published["published_ends_on"]),
                source=published["published_source"],
            )
        )
    return [note for note in notes if note]


def _against_before(screen: Screen, assessment: Assessment, commune: str | None) -> str:
    """The part computed from dossiers against the period before; the published part has periods of its own."""
    window = screen.period.window
    before = previous_window(window.starts, window.ends)
    if before.starts < screen.lists.first_day:
        return ""
    read = index_data.of_whole if commune is None else index_data.of_communes
    then = index_data.of_unit(read(screen.snapshot, screen.snapshot.id, before, screen.filters), commune)
    found = change(assessment.components, then.components)
    if found is None:
        return ""
    verdict = _("rõ rệt") if found.is_clear else _("chưa vượt quá ngẫu nhiên")
    return _("Phần tính từ hồ sơ so với kỳ trước ({dates}): {change} điểm trên {known} điểm, {verdict}.").format(
        dates=written_window(before),
        change=number(found.points, 1, signed=True),
        known=number(found.known, 0 if found.known == round(found.known) else 2),
        verdict=verdict,
    )
