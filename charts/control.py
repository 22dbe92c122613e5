"""XmR charts: the series with its limits, what the rules say in colour, and the same in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from charts.event_marks import mark_events
from charts.layout import base_figure, date_ticks, value_ticks
from charts.palettes import Palette
from charts.trend import bucket_name
from charts.values import Axis
from indicators.catalogue import Indicator
from indicators.dated_events import DatedEvent
from indicators.windows import Window
from indicators.xmr import LEAST_VALUES, RUN, Assurance, Chart, Rule, Variation
from language import _
from language.formats import number

# Rules from the one that says most to the one that says least.
_ORDER: tuple[Rule, ...] = ("beyond_limit", "run", "trend", "near_limit")


@dataclass(frozen=True, kw_only=True)
class Value:
    """A bucket of the chart: its days, its figure, its working days; `is_judged`: whether limits and rules know it."""

    window: Window
    value: float
    n: float | None
    working_days: int
    is_judged: bool


@dataclass(frozen=True, kw_only=True)
class Control:
    """A chart with what it is drawn from: all values, of which the judged ones are the chart's, in order."""

    values: Sequence[Value]
    chart: Chart
    indicator: Indicator
    text: Callable[[float], str]
    scale: Axis
    grain: str
    target: float | None = None

    @property
    def judged(self) -> list[Value]:
        return [value for value in self.values if value.is_judged]

    def colour(self, place: int, palette: Palette) -> str:
        """Of a judged value: blue and orange where a rule says better or worse, grey where none does."""
        if not self.chart.rules[place]:
            return palette.unclear
        if self.indicator.direction == "neutral":
            return palette.series[3]
        is_better = (self.chart.sides[place] > 0) == (self.indicator.direction == "higher_is_better")
        return palette.better if is_better else palette.worse


def control_figure(control: Control, *, palette: Palette, height: int, events: Sequence[DatedEvent] = ()) -> go.Figure:
    """The series with centre and limits of each stretch; points of a rule in colour, what is not judged hollow."""
    figure = base_figure(palette, height=height)
    judged = control.judged
    days = [value.window.starts for value in judged]
    for stretch in control.chart.stretches:
        ends = days[stretch.starts : stretch.ends]
        for level, dash, name in (
            (stretch.centre, "solid", _("mức giữa")),
            (stretch.high, "dash", _("giới hạn trên")),
            (stretch.low, "dash", _("giới hạn dưới")),
        ):
            figure.add_scatter(
                x=[ends[0], ends[-1]],
                y=[level, level],
                mode="lines",
                line={"color": palette.quiet, "width": 1.5, "dash": dash},
                hoverinfo="skip",
                showlegend=False,
                name=name,
            )
    figure.add_scatter(
        x=days, y=[value.value for value in judged], mode="lines", line={"color": palette.unclear, "width": 1.5},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    figure.add_scatter(
        x=days,
        y=[value.value for value in judged],
        mode="markers",
        marker={
            "color": [control.colour(place, palette) for place in range(len(judged))],
            "size": [11 if rules else 8 for rules in control.chart.rules],
            "line": {"color": palette.page, "width": 1},
        },
        customdata=[_hover(control, place) for place in range(len(judged))],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )
    left_out = [value for value in control.values if not value.is_judged]
    if left_out:
        figure.add_scatter(
            x=[value.window.starts for value in left_out],
            y=[value.value for value in left_out],
            mode="markers",
            marker={"color": palette.page, "size": 7, "line": {"color": palette.unclear, "width": 1.5}},
            customdata=[_about(control, value) + "<br>" + _("không tính vào giới hạn") for value in left_out],
            hovertemplate="%{customdata}<extra></extra>",
            showlegend=False,
        )
    levels = [level for one in control.chart.stretches for level in (one.low, one.high)]
    levels += [value.value for value in control.values]
    if control.target is not None:
        levels.append(control.target)
        figure.add_hline(
            y=control.target,
            line={"color": palette.worse, "width": 2, "dash": "longdash"},
            annotation={
                "text": _("mục tiêu {value}").format(value=control.text(control.target)),
                "font": {"color": palette.worse, "size": 14},
                "bgcolor": palette.page,
            },
            annotation_position="bottom left",
        )
    mark_events(figure, events, palette)
    last = control.chart.last
    for level, name, anchor, shift in (
        (last.high, _("trên {value}"), "bottom", -6),
        (last.centre, _("giữa {value}"), "middle", 0),
        (last.low, _("dưới {value}"), "top", 6),
    ):
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", y=level, yanchor=anchor, yshift=shift,
            text=name.format(value=control.text(level)), showarrow=False, font={"size": 13, "color": palette.quiet},
        )  # fmt: skip
    figure.update_layout(margin={"r": 100})
    every = sorted({value.window.starts for value in control.values})
    figure.update_xaxes(**date_ticks(every, grain=control.grain), showgrid=False)
    figure.update_yaxes(**value_ticks(control.scale, min(levels), max(levels)))
    unit = "" if control.scale.unit == "%" else control.scale.unit
    figure.update_yaxes(title={"text": unit, "font": {"color": palette.quiet, "size": 14}})
    return figure


def rule_words(rule: Rule, side: int, grain: str) -> str:
    """What broke a rule, within a sentence."""
    units = {"week": _("tuần"), "month": _("tháng")}
    unit = units.get(grain, _("kỳ"))
    words = {
        ("beyond_limit", 1): _("vượt giới hạn trên"),
        ("beyond_limit", -1): _("xuống dưới giới hạn dưới"),
        ("run", 1): _("{run} {unit} liền trên mức giữa"),
        ("run", -1): _("{run} {unit} liền dưới mức giữa"),
        ("trend", 1): _("{run} {unit} liền đều tăng"),
        ("trend", -1): _("{run} {unit} liền đều giảm"),
        ("near_limit", 1): _("hai trong ba {unit} sát giới hạn trên"),
        ("near_limit", -1): _("hai trong ba {unit} sát giới hạn dưới"),
    }
    return words[rule, 1 if side > 0 else -1].format(run=RUN, unit=unit)


def variation_name(variation: Variation) -> str:
    return {
        "improving": _("tốt lên"),
        "worsening": _("xấu đi"),
        "changing": _("có thay đổi"),
        "nothing_unusual": _("không có gì khác thường"),
    }[variation]


def assurance_name(assurance: Assurance) -> str:
    return {"meets": _("chắc đạt"), "misses": _("chắc không đạt"), "not_sure": _("khi đạt khi không")}[assurance]


def control_sentence(control: Control, *, place: str) -> str:
    """What the rules say of the newest judged value: a change only where a rule fired."""
    chart, last = control.chart, control.judged[-1]
    head = _("{name}, {place}, {bucket}: {value}").format(
        name=control.indicator.name,
        place=place,
        bucket=bucket_name(last.window, control.grain),
        value=control.text(last.value),
    )
    rules, side = chart.rules[-1], chart.sides[-1]
    low, high = control.text(chart.last.low), control.text(chart.last.high)
    if not rules:
        words = _("dao động bình thường trong giới hạn {low} đến {high}; chưa có cơ sở nói tốt lên hay xấu đi")
        if control.indicator.direction == "neutral":
            words = _("dao động bình thường trong giới hạn {low} đến {high}; chưa có cơ sở nói có thay đổi")
        return f"{head}, {words.format(low=low, high=high)}"
    why = rule_words(next(rule for rule in _ORDER if rule in rules), side, control.grain)
    verdict = {
        "improving": _("tốt lên"),
        "worsening": _("xấu đi"),
        "changing": _("có thay đổi"),
        "nothing_unusual": "",
    }[chart.variation(control.indicator.direction)]
    return _("{head}: {verdict}, không phải dao động ngẫu nhiên ({why})").format(head=head, verdict=verdict, why=why)


def control_notes(control: Control, rebased: Sequence[DatedEvent]) -> list[str]:
    """How the limits came about, and what was left out of them."""
    units = {"week": _("tuần"), "month": _("tháng")}
    unit = units.get(control.grain, _("kỳ"))
    notes = []
    for event in rebased:
        words = _("Giới hạn tính lại từ {date}: {text}.")
        notes.append(words.format(date=f"{event.starts:%d/%m/%Y}", text=event.text))
    last = control.chart.last
    if last.is_provisional:
        words = _("Giới hạn tạm tính: mới có {n} {unit}, cần ít nhất {least}.")
        notes.append(words.format(n=number(last.ends - last.starts), unit=unit, least=LEAST_VALUES))
    earlier = sum(bool(rules) for rules in control.chart.rules[:-1])
    if earlier:
        notes.append(_("Trước đó có {n} điểm khác thường (chấm màu).").format(n=number(earlier)))
    if len(control.judged) < len(control.values):
        words = _("Điểm rỗng không tính vào giới hạn: kỳ chưa trọn, kỳ nghỉ cả tuần, hoặc dưới {least} hồ sơ.")
        notes.append(words.format(least=control.indicator.min_n))
    return notes


def _about(control: Control, value: Value) -> str:
    cases = _("{n} hồ sơ").format(n=number(value.n)) if value.n is not None else ""
    days = _("{n} ngày làm việc").format(n=number(value.working_days))
    name = bucket_name(value.window, control.grain)
    lines = [f"<b>{name[:1].upper()}{name[1:]}</b>: {control.text(value.value)}"]
    return "<br>".join([*lines, ", ".join(part for part in (cases, days) if part)])


def _hover(control: Control, place: int) -> str:
    rules, side = control.chart.rules[place], control.chart.sides[place]
    words = [rule_words(rule, side, control.grain) for rule in _ORDER if rule in rules]
    return "<br>".join([_about(control, control.judged[place]), *words])
