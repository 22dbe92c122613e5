"""Communes by field: each cell with its rate and n; only what differs from the field's common rate is coloured."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import plotly.graph_objects as go
import polars as pl

from charts.layout import base_figure
from charts.palettes import Palette, rgba
from charts.rows import standing_colour
from charts.standing import is_better
from charts.values import interval_text, value_text
from indicators.catalogue import Indicator
from language import _
from language.formats import number, percent

ROW_HEIGHT = 42
_LONGEST = 14


def heat_figure(
    cells: pl.DataFrame,
    indicator: Indicator,
    *,
    communes: Sequence[str],
    fields: Sequence[str],
    names: Mapping[str, str],
    field_names: Mapping[str, str],
    selected: Collection[str] = (),
    palette: Palette,
    minutes_per_day: int,
) -> go.Figure:
    """Cells of `indicators.heat.field_table`: communes in rows, fields in columns, in the order given."""
    figure = base_figure(palette, height=90 + ROW_HEIGHT * len(communes))
    listed = {(row["commune"], row["field"]): row for row in cells.iter_rows(named=True)}
    xs, ys, hovers = [], [], []
    for y, code in enumerate(communes):
        for x, field in enumerate(fields):
            row = listed.get((code, field))
            is_clear = row is not None and row["standing"] in ("higher", "lower")
            colour = standing_colour(row["standing"], indicator, palette) if row is not None else palette.none
            figure.add_shape(
                type="rect",
                x0=x - 0.48,
                x1=x + 0.48,
                y0=y - 0.46,
                y1=y + 0.46,
                line={"color": colour if is_clear else palette.grid, "width": 2 if is_clear else 1},
                fillcolor=rgba(colour, 0.22) if is_clear else "rgba(0,0,0,0)",
                layer="below",
            )
            if row is None:
                continue
            figure.add_annotation(
                x=x, y=y, showarrow=False, align="center", text=_text(row, indicator, palette), font={"size": 14}
            )
            xs.append(x)
            ys.append(y)
            hovers.append(_hover(row, indicator, names, field_names, minutes_per_day))
    figure.add_scatter(
        x=xs,
        y=ys,
        mode="markers",
        marker={"size": 30, "opacity": 0, "symbol": "square"},
        customdata=hovers,
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.update_xaxes(
        tickvals=list(range(len(fields))),
        ticktext=[_broken(field_names[field]) for field in fields],
        range=[-0.5, len(fields) - 0.5],
        side="top",
        showgrid=False,
        zeroline=False,
        tickfont={"color": palette.text, "size": 13},
    )
    figure.update_yaxes(
        tickvals=list(range(len(communes))),
        ticktext=[f"<b>{names[code]}</b>" if code in selected else names[code] for code in communes],
        range=[len(communes) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        tickfont={"color": palette.text, "size": 14},
    )
    figure.update_layout(margin={"t": 64})
    return figure


def _text(row: Mapping[str, object], indicator: Indicator, palette: Palette) -> str:
    """The rate with an arrow for those who do not see the colours, and n below it."""
    value = percent(float(row["value"]), 1)  # type: ignore[arg-type]
    where = str(row["standing"])
    small = f'<span style="font-size:12px;color:{palette.quiet}">n = {number(row["n"])}</span>'  # type: ignore[arg-type]
    if where == "too_few":
        return f'<span style="color:{palette.quiet}"><i>{value}</i></span><br>{small}'
    if where == "unclear":
        return f"{value}<br>{small}"
    arrow = "▲" if where == "higher" else "▼"
    return f"<b>{arrow} {value}</b><br>{small}"


def _hover(
    row: Mapping[str, object],
    indicator: Indicator,
    names: Mapping[str, str],
    field_names: Mapping[str, str],
    minutes_per_day: int,
) -> str:
    where = str(row["standing"])
    verdict = {
        "too_few": _("chưa đủ số liệu"),
        "unclear": _("chưa đủ cơ sở phân biệt với mức chung của lĩnh vực"),
        "higher": _("cao hơn rõ mức chung của lĩnh vực"),
        "lower": _("thấp hơn rõ mức chung của lĩnh vực"),
    }[where]
    tone = {True: _("tốt hơn"), False: _("kém hơn"), None: ""}[is_better(indicator, where)]
    value, whole = (value_text(indicator, row[name], minutes_per_day) for name in ("value", "whole"))  # type: ignore[arg-type]
    interval = interval_text(indicator, row["low"], row["high"], minutes_per_day)  # type: ignore[arg-type]
    lines = [
        f"<b>{names[str(row['commune'])]}</b> · {field_names[str(row['field'])]}",
        _("{value} (khoảng tin cậy 95 %: {interval}), n = {n}").format(
            value=value,
            interval=interval,
            n=number(row["n"]),  # type: ignore[arg-type]
        ),
        _("mức chung của lĩnh vực: {value}").format(value=whole),
        " · ".join(part for part in (verdict, tone) if part),
    ]
    return "<br>".join(lines)


def _broken(name: str) -> str:
    """A long name of a field on two or three lines."""
    lines = [""]
    for word in name.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= _LONGEST:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines[:2] + ["…"] if len(lines) > 3 else lines)
