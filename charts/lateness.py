"""Fault or fate as a waterfall: from the others' share of late dossiers to the commune's, part by part."""

from __future__ import annotations

import plotly.graph_objects as go

from charts.layout import base_figure, value_ticks
from charts.palettes import Palette
from charts.values import Axis
from indicators.lateness import CAUSES, LEAST_DOSSIERS, LEAST_WEEKS, Cause, Lateness, Part
from language import _
from language.formats import number, percent, percentage_points


def cause_name(cause: Cause) -> str:
    return {
        "mix": _("Cơ cấu thủ tục"),
        "citizen": _("Chờ người dân"),
        "agency": _("Chờ cơ quan khác"),
        "workload": _("Khối lượng việc"),
        "own": _("Khâu tự xử lý"),
    }[cause]


def cause_meaning(cause: Cause) -> str:
    """What a part holds, in one sentence."""
    return {
        "mix": _("thủ tục và kênh nộp của đơn vị vốn khó đúng hạn hơn hay dễ hơn, tính theo tỷ lệ của các đơn vị khác"),
        "citizen": _("hồ sơ đã kịp hạn nếu không phải chờ bổ sung giấy tờ, nộp tiền, hoặc dừng theo đề nghị"),
        "agency": _("hồ sơ đã kịp hạn nếu không phải chờ xác minh ở cơ quan khác hoặc niêm yết"),
        "workload": _("số hồ sơ tiếp nhận trên một cán bộ nhiều hay ít hơn các đơn vị khác trong mười ngày làm việc"),
        "own": _("phần còn lại, sau khi đã tính mọi phần trên"),
    }[cause]


def lateness_figure(found: Lateness, *, name: str, palette: Palette, height: int) -> go.Figure:
    """Two whole bars, and between them the parts; grey where the interval holds nought, blue less late, orange more."""
    figure = base_figure(palette, height=height)
    labels = [_("Các đơn vị khác"), *(cause_name(cause) for cause in CAUSES), name]
    level = found.others
    edges = [0.0, found.others, found.rate]
    figure.add_bar(
        x=[labels[0], labels[-1]],
        y=[found.others, found.rate],
        marker={"color": palette.province},
        text=[percent(found.others), percent(found.rate)],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
        width=0.55,
    )
    for label, cause in zip(labels[1:-1], CAUSES, strict=True):
        part = found.parts[cause]
        edges += [level + part.value, level + part.low, level + part.high]
        colour = palette.unclear if not part.is_clear else palette.worse if part.value > 0 else palette.better
        figure.add_bar(
            x=[label],
            y=[part.value],
            base=[level],
            marker={"color": colour},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [part.high - part.value],
                "arrayminus": [part.value - part.low],
                "color": palette.text,
                "thickness": 1.3,
                "width": 5,
            },
            customdata=[f"<b>{label}</b>: {_part_text(part)}<br>{cause_meaning(cause)}"],
            hovertemplate="%{customdata}<extra></extra>",
            width=0.55,
        )
        figure.add_annotation(
            x=label,
            y=level + max(part.high, 0),
            text=percentage_points(part.value),
            showarrow=False,
            yanchor="bottom",
            yshift=4,
            font={"color": palette.text, "size": 15},
        )
        level += part.value
    figure.update_layout(barmode="overlay", bargap=0.3)
    figure.update_xaxes(
        categoryorder="array", categoryarray=labels, showgrid=False, tickfont={"size": 15, "color": palette.text}
    )
    figure.update_yaxes(**value_ticks(Axis(100, "%", 0), min(edges), max(edges) * 1.08))
    return figure


def lateness_sentence(found: Lateness, *, name: str) -> str:
    """The gap and its clearest part; nothing is named that the interval does not bear out."""
    head = _("{name}: {rate} hồ sơ đã giải quyết bị trễ hạn, các đơn vị khác {others}").format(
        name=name, rate=percent(found.rate), others=percent(found.others)
    )
    if not found.has_enough:
        words = _(
            "mới có {n} hồ sơ trong {weeks} tuần, chưa đủ để tách nguyên nhân (cần {least} hồ sơ, {least_weeks} tuần)"
        )
        text = words.format(n=number(found.n), weeks=number(found.weeks), least=LEAST_DOSSIERS, least_weeks=LEAST_WEEKS)
        return f"{head}; {text}"
    if not found.gap.is_clear:
        return _("{head}; chênh lệch {gap} chưa đủ cơ sở nói là khác").format(
            head=head, gap=percentage_points(found.gap.value)
        )
    is_more = found.gap.value > 0
    same_side = {cause: part for cause, part in found.parts.items() if part.is_clear and (part.value > 0) == is_more}
    if not same_side:
        return _("{head}; chênh lệch {gap}, chưa phần nào tách ra đủ rõ").format(
            head=head, gap=percentage_points(found.gap.value)
        )
    largest = max(same_side, key=lambda cause: abs(same_side[cause].value))
    name_of = cause_name(largest)
    return _("{head}; trong chênh lệch {gap}, phần lớn nhất là {cause}: {part}").format(
        head=head,
        gap=percentage_points(found.gap.value),
        cause=name_of[:1].lower() + name_of[1:],
        part=_part_text(same_side[largest]),
    )


def _part_text(part: Part) -> str:
    return _("{value} (từ {low} đến {high})").format(
        value=percentage_points(part.value),
        low=number(100 * part.low, 1, signed=True),
        high=number(100 * part.high, 1, signed=True),
    )
