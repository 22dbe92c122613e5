"""Sentences beside the charts of comparison: true by construction of what is drawn, each with its n."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from charts.funnel import FunnelPoint
from charts.values import value_text
from indicators.catalogue import Indicator
from indicators.funnel import Funnel
from language import _
from language.formats import number, percent


def funnel_sentence(
    points: Sequence[FunnelPoint], drawn: Funnel, indicator: Indicator, *, period: str, minutes_per_day: int
) -> str:
    """How many lie outside the limits."""
    warned = sum(point.standing != "unclear" for point in points)
    alarmed = sum(point.is_beyond_alarm for point in points)
    return _(
        "{name}, {period}: {warned} trong {count} đơn vị nằm ngoài giới hạn 95 %, trong đó {alarmed} ngoài giới hạn "
        "99,8 % (n = {n} hồ sơ, mức chung {centre})"
    ).format(
        name=indicator.name,
        period=period,
        warned=warned,
        count=len(points),
        alarmed=alarmed,
        n=number(drawn.total),
        centre=value_text(indicator, drawn.centre, minutes_per_day),
    )


def groups_sentence(rows: pl.DataFrame, *, whole: str, period: str) -> str:
    """How many groups the communes with enough cases fall into, and what that means; `whole`: who is ranked."""
    sizes = rows.group_by("group").len().sort("group")["len"].to_list()
    if not sizes:
        return _("Chưa đơn vị nào đủ số liệu để xếp nhóm.")
    n = number(float(rows["n"].sum()))
    if len(sizes) == 1:
        return _(
            "{whole}, {period}: {count} đơn vị đủ số liệu (n = {n} hồ sơ) đều chưa đủ cơ sở phân biệt, không xếp hạng "
            "được."
        ).format(whole=whole, period=period, count=sizes[0], n=n)
    return _(
        "{whole}, {period}: {count} đơn vị đủ số liệu (n = {n} hồ sơ) chia thành {groups} nhóm; {first} đơn vị nhóm 1 "
        "chưa đủ cơ sở phân biệt "
        "với đơn vị đứng đầu, {last} đơn vị nhóm cuối kém rõ các đơn vị đứng đầu những nhóm trước."
    ).format(whole=whole, period=period, n=n, count=sum(sizes), groups=len(sizes), first=sizes[0], last=sizes[-1])


def mix_sentence(row: Mapping[str, Any], name: str, indicator: Indicator) -> str:
    """A row of `indicators.mix.decompose` in words; the printed parts add up to the printed whole."""
    # Rounded to the printed digit first: what is left of the whole is the mix.
    tenths = {part: round(1000 * row[part]) for part in ("difference", "own")}
    mix = tenths["difference"] - tenths["own"]
    head = _("{commune}: {name} {value} (n = {n})").format(
        commune=name,
        name=indicator.name[:1].lower() + indicator.name[1:],
        value=percent(row["value"]),
        n=number(row["n"]),
    )
    size = number(abs(tenths["difference"]) / 10, 1)
    if tenths["difference"] == 0:
        body = _("bằng các đơn vị khác")
    elif tenths["difference"] > 0:
        body = _("cao hơn các đơn vị khác {size} điểm %").format(size=size)
    else:
        body = _("thấp hơn các đơn vị khác {size} điểm %").format(size=size)
    same_way = mix * tenths["difference"] >= 0 and tenths["own"] * tenths["difference"] >= 0
    if not mix:
        parts = _("cơ cấu thủ tục và kênh nộp không làm nên khác biệt")
    elif same_way and tenths["difference"]:
        parts = _("trong đó {mix} do cơ cấu thủ tục và kênh nộp, {own} của chính đơn vị")
    elif mix > 0:
        parts = _("cơ cấu thủ tục và kênh nộp đẩy lên {mix}, phần của chính đơn vị kéo xuống {own}")
    else:
        parts = _("cơ cấu thủ tục và kênh nộp kéo xuống {mix}, phần của chính đơn vị đẩy lên {own}")
    words = parts.format(mix=number(abs(mix) / 10, 1), own=number(abs(tenths["own"]) / 10, 1))
    low, high = (number(100 * row[bound], 1, signed=True) for bound in ("own_low", "own_high"))
    if row["own_low"] <= 0 <= row["own_high"]:
        tail = _("phần của đơn vị có khoảng tin cậy 95 % {low} đến {high} điểm %: chưa đủ cơ sở nói là khác 0")
    else:
        tail = _("phần của đơn vị có khoảng tin cậy 95 % {low} đến {high} điểm %")
    return f"{head}, {body}; {words}; {tail.format(low=low, high=high)}."


def direct_sentence(row: Mapping[str, Any], name: str) -> str:
    """What the commune would reach with the others' mix, or why that cannot be said."""
    if row["direct"] is None:
        return _(
            "{commune} chỉ có đủ hồ sơ ở các loại chiếm {covered} hồ sơ của các đơn vị khác, chưa đủ để tính tỷ lệ "
            "theo cơ cấu của họ."
        ).format(commune=name, covered=percent(row["covered"], 0))
    return _(
        "Nếu {commune} có cơ cấu hồ sơ như các đơn vị khác (tính trên {covered} hồ sơ của họ): {direct} "
        "({low}–{high}), các đơn vị khác {others}."
    ).format(
        commune=name,
        covered=percent(row["covered"], 0),
        direct=percent(row["direct"]),
        low=number(100 * row["direct_low"], 1),
        high=percent(row["direct_high"]),
        others=percent(row["direct_others"]),
    )


def periods_sentence(rows: pl.DataFrame, indicator: Indicator, *, before: str, now: str) -> str:
    """How many communes changed by more than chance between two windows."""
    tested = rows.filter(pl.col("p_value").is_not_null()).height
    clear = rows.filter("significant")
    if indicator.direction == "neutral":
        rises = clear.filter(pl.col("difference") > 0).height
        parts = _("{rises} tăng rõ, {falls} giảm rõ").format(rises=rises, falls=clear.height - rises)
    else:
        better = clear.filter(pl.col("direction") == "better").height
        parts = _("{better} tốt lên rõ, {worse} kém đi rõ").format(better=better, worse=clear.height - better)
    return _(
        "{name}, {now} so với {before}: trong {count} đơn vị đủ số liệu cả hai kỳ, {parts}, {rest} chưa đủ cơ sở "
        "kết luận"
    ).format(name=indicator.name, now=now, before=before, count=tested, parts=parts, rest=tested - clear.height)


def fields_sentence(cells: pl.DataFrame, indicator: Indicator, *, period: str) -> str:
    """In how many cells of communes × fields something differs by more than chance."""
    tested = cells.filter(pl.col("standing") != "too_few")
    counts = dict(tested.group_by("standing").len().iter_rows())
    return _(
        "{name}, {period}: trong {count} ô (đơn vị × lĩnh vực) đủ số liệu (n = {n} hồ sơ), {lower} thấp hơn rõ và "
        "{higher} cao hơn rõ "
        "mức chung của lĩnh vực, {rest} chưa đủ cơ sở phân biệt"
    ).format(
        name=indicator.name,
        period=period,
        count=tested.height,
        n=number(float(tested["n"].sum())),
        lower=counts.get("lower", 0),
        higher=counts.get("higher", 0),
        rest=counts.get("unclear", 0),
    )


def pair_sentence(pairs: pl.DataFrame, indicator: Indicator, names: Mapping[str, str]) -> str:
    """The pairs that differ in one indicator, in one sentence; empty where none does."""
    found = []
    for row in pairs.filter((pl.col("indicator") == indicator.id) & pl.col("significant")).iter_rows(named=True):
        higher, lower = (row["first"], row["second"]) if row["difference"] > 0 else (row["second"], row["first"])
        if indicator.unit == "rate":
            bounds = sorted(abs(row[bound]) for bound in ("low", "high"))
            words = _("{higher} cao hơn {lower} {size} điểm % (khoảng tin cậy 95 %: {low}–{high})")
            size, low, high = (number(100 * one, 1) for one in (abs(row["difference"]), *bounds))
            found.append(words.format(higher=names[higher], lower=names[lower], size=size, low=low, high=high))
        else:
            found.append(_("{higher} cao hơn rõ {lower}").format(higher=names[higher], lower=names[lower]))
    return f"{indicator.name}: {'; '.join(found)}" if found else ""
