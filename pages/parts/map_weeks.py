"""Qua từng tuần: the map played through time in the browser; the outlines travel once, a step is a line of letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from charts.choropleth import LegendEntry
from charts.labels import SIZE, fitting_labels
from charts.map_paths import Sheet, path
from charts.projector import FACTOR
from charts.week_map import FEW, NONE, WeekMap, week_map
from indicators.catalogue import Indicator
from indicators.windows import Window
from language import _
from pages.parts import data
from pages.parts.components import component
from pages.parts.maps import boundary_notes, ground_of, has_outlines, legend_html
from pages.parts.screen import Screen
from pages.parts.series import with_context

_weeks = component("weeks")
_SCALE = 10
# Half a year gives something to see; two years are as many steps as one sits through.
_LEAST_WEEKS, _MOST_DAYS = 26, 730
_CONTROLS = 48


def weeks_of(screen: Screen, indicator: Indicator) -> WeekMap | None:
    """The steps of time for the view's period, begun earlier where it is short; months where weeks are too thin."""
    window = with_context(screen.period.window, "week", first=screen.lists.first_day, buckets=_LEAST_WEEKS)
    if window.days > _MOST_DAYS:
        window = with_context(Window(window.ends, window.ends), "day", first=screen.lists.first_day, buckets=_MOST_DAYS)
    filters = replace(screen.filters, commune=())
    found = None
    for grain in ("week", "month"):
        frame = screen.figures([indicator.id], by=["commune", grain], window=window, filters=filters)
        found = week_map(
            frame.drop_nulls("commune"),
            indicator,
            codes=[
                code
                for code in data.outlines(screen.snapshot, screen.snapshot.id).communes
                if code in screen.lists.communes
            ],
            grain=grain,
            within=window,
            scheme=screen.view.scheme,
            palette=screen.palette,
            minutes_per_day=screen.minutes_per_day,
        )
        if found is not None and found.enough >= 0.4:
            break
    return found


def draw_weeks(
    screen: Screen, indicator: Indicator, *, key: str, width: int, height: int, on_pick: Callable[[str], None]
) -> None:
    """The player, its legend and notes."""
    if not has_outlines(screen):
        return
    found = weeks_of(screen, indicator)
    if found is None:
        st.info(_("Chưa có tuần nào trọn ngày và đủ số liệu để xem qua thời gian."), icon=":material/event_busy:")
        return
    palette = screen.palette
    scale = FACTOR if screen.view.presenting else 1.0
    few = _("chưa đủ số liệu (dưới {count} hồ sơ)").format(count=indicator.min_n)
    classes = {str(place): entry.text for place, entry in enumerate(found.legend)}
    colours = {str(place): entry.colour for place, entry in enumerate(found.legend)}

    def picked() -> None:
        code = st.session_state[key].picked
        if code in screen.lists.communes:
            on_pick(code)

    _weeks(
        key=key,
        data={
            "ground": _ground(screen, found, width=width, height=height - round(scale * _CONTROLS), scale=scale),
            "look": {
                "line": palette.line,
                "outline": palette.province,
                "quiet": palette.quiet,
                "page": palette.page,
                "text": palette.text,
                "chosen": palette.worse,
            },
            "steps": list(found.steps),
            "frames": list(found.frames),
            "colours": colours | {FEW: palette.too_few, NONE: palette.none},
            "words": {
                "play": _("Chạy"),
                "pause": _("Dừng"),
                "slider": _("Thời điểm đang xem"),
                "title": _("{name} qua thời gian").format(name=indicator.name),
                "classes": classes | {FEW: few, NONE: _("không phát sinh")},
            },
        },
        on_picked_change=picked,
    )
    legend = [
        *found.legend,
        LegendEntry(colour=palette.too_few, hatched=False, text=few, count=0),
        LegendEntry(colour=palette.none, hatched=False, text=_("không phát sinh"), count=0),
    ]
    st.html(legend_html(legend, screen, upright=False, counted=False))
    notes = [_("một thang màu cho mọi thời điểm")]
    if found.grain == "month":
        notes.append(_("vẽ theo tháng, vì từng tuần quá ít hồ sơ"))
    if found.rolled > 1:
        words = _("mỗi bước gộp {count} tuần liền nhau, vì từng tuần quá ít hồ sơ")
        notes.append(words.format(count=found.rolled))
    st.caption(" · ".join([*notes, *boundary_notes(screen)]))


def _ground(screen: Screen, found: WeekMap, *, width: int, height: int, scale: float) -> dict[str, object]:
    """What stays the same from step to step: outlines as paths, names where they fit, frames of far islands."""
    outlines, ground = data.outlines(screen.snapshot, screen.snapshot.id), ground_of(screen)
    assert outlines.area is not None
    sheet = Sheet(outlines.area, width, height)
    framed = {inset.code for inset in outlines.insets}
    chosen = screen.view.marked
    order = sorted(
        (code for code in found.codes if code not in framed),
        key=lambda code: (code not in chosen, -ground.points[code][2], code),
    )
    names = [(ground.names[code][0], *ground.points[code][:2]) for code in order]
    room = {"width": round(width / scale), "height": round(height / scale)}
    labels = [names[at] for at in fitting_labels(names, outlines.area, **room)]
    frames = [
        [round(x), round(y + scale * (14 + 16 * line)), words]
        for inset in outlines.insets
        for x, y in [sheet.place(inset.lon, inset.lat)]
        for line, words in enumerate(inset.name.split("\n"))
    ]
    return {
        "width": width,
        "height": height,
        "scale": _SCALE,
        "type": round(SIZE * scale),
        "units": [
            [code, ground.names[code][1], path(ground.shapes[code], sheet, scale=_SCALE)] for code in found.codes
        ],
        "outline": path(outlines.province, sheet, scale=_SCALE) if outlines.province else "",
        "frames": [path(inset.frame, sheet, scale=_SCALE) for inset in outlines.insets],
        "chosen": list(chosen),
        "labels": [
            *([round(one) for one in sheet.place(lon, lat)] + [name] for name, lon, lat in labels),
            *frames,
        ],
    }
