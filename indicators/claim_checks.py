"""Reported figures held against themselves: parts of a whole, what is resolved of what was received, few of many.

Nothing here knows a snapshot. A check never calls a figure wrong: it shows the arithmetic and says what to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from indicators.claim_shares import share_checks
from indicators.claims import Check, Claim, overlap, wilson_of
from language import _, formats

# Each is a part of the other, so it cannot be the larger of the two.
_PARTS_OF = {
    "received_online": "received",
    "resolved_early": "resolved",
    "resolved_on_time": "resolved",
    "resolved_in_time": "resolved",
    "resolved_late": "resolved",
    "pending_late": "pending",
}


def checks(claims: Iterable[Claim]) -> list[Check]:
    """Everything that the figures of one unit from one source say of each other; those to ask about first."""
    given = tuple(claims)
    found = [check for claim in given if claim.share is not None for check in share_checks(claim, given)]
    found += part_checks(given)
    for together in _by_window(given):
        found += [*_within_checks(together), *_progress_checks(together), *_late_checks(together)]
    if any(claim.measure == "visits" for claim in given):
        found.append(
            Check(
                kind="visits",
                verdict="note",
                sentence=_(
                    "Lượt công dân không phải là hồ sơ: một người có thể nộp nhiều hồ sơ, hoặc chỉ đến hỏi. "
                    "Không đem so với số hồ sơ."
                ),
            )
        )
    found += derived_checks(given)
    return sorted(found, key=lambda check: ("ask", "agrees", "note").index(check.verdict))


def part_checks(claims: Iterable[Claim]) -> Iterator[Check]:
    """Do the parts of each group add up to its whole?"""
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.group_id and claim.interval:
            groups.setdefault(claim.group_id, []).append(claim)
    for members in groups.values():
        parts = [member for member in members if member.group_role == "part"]
        for whole in (member for member in members if member.group_role == "whole" and parts):
            total = sum((part.value or 0.0 for part in parts), 0.0)
            low, high = (sum((part.interval or (0, 0))[side] for part in parts) for side in (0, 1))
            fits = overlap((low, high), whole.interval or (0, 0))
            sum_text = " + ".join(part.number for part in parts)
            total_text = formats.number(total, 0 if total.is_integer() else 2)
            names = ", ".join(part.name_within for part in parts)
            agrees = _("{name}: các phần cộng lại đúng {whole}.")
            asks = _("{name}: các phần cộng lại là {total}, nguồn nêu {whole}.")
            yield Check(
                kind="parts",
                verdict="agrees" if fits else "ask",
                sentence=(agrees if fits else asks).format(name=whole.name, total=total_text, whole=whole.number),
                arithmetic=f"{sum_text} = {total_text} ({names})",
                question="" if fits else _("Còn phần nào chưa nêu, hay có người được tính hai lần?"),
            )


def _within_checks(claims: dict[str, Claim]) -> Iterator[Check]:
    for part, whole in ((claims.get(part), claims.get(whole)) for part, whole in _PARTS_OF.items()):
        if part is None or whole is None or part.value is None or not whole.value or part.measure == "resolved_late":
            continue
        text = f"{part.number} / {whole.number} = {formats.percent(part.value / whole.value, 2)}"
        if part.interval and whole.interval and part.interval[0] > whole.interval[1]:
            yield Check(
                kind="within",
                verdict="ask",
                sentence=_("{part} ({value}) lớn hơn {whole} ({total}).").format(
                    part=part.name, value=part.number, whole=whole.name_within, total=whole.number
                ),
                arithmetic=text,
                question=_("Hai số có cùng một kỳ và cùng một cách đếm không?"),
            )
        elif part.share is None:
            sentence = _("{part} chiếm {share} của {whole}.").format(
                part=part.name, share=formats.percent(part.value / whole.value, 2), whole=whole.name_within
            )
            yield Check(kind="within", verdict="note", sentence=sentence, arithmetic=text)
    pieces = [claims.get(measure) for measure in ("resolved_early", "resolved_on_time", "resolved_late")]
    whole = claims.get("resolved")
    if whole is not None and whole.interval and all(piece is not None and piece.interval for piece in pieces):
        grouped = [_as_group(piece, "part") for piece in pieces if piece is not None]
        yield from part_checks([*grouped, _as_group(whole, "whole")])


def _progress_checks(claims: dict[str, Claim]) -> Iterator[Check]:
    """What was received and not yet resolved is in progress, not late."""
    received, resolved = claims.get("received"), claims.get("resolved")
    if received is None or resolved is None or not received.value or resolved.value is None:
        return
    left = received.value - resolved.value
    arithmetic = f"{received.number} − {resolved.number} = {formats.number(left)}"
    if left < 0 and received.interval and resolved.interval and overlap(received.interval, resolved.interval):
        sentence = _("Giải quyết {resolved} và tiếp nhận {received} khớp nhau trong mức làm tròn của nguồn.").format(
            resolved=resolved.value_text or resolved.number, received=received.value_text or received.number
        )
        yield Check(kind="progress", verdict="agrees", sentence=sentence, arithmetic=arithmetic)
        return
    if left < 0:
        yield Check(
            kind="progress",
            verdict="ask",
            sentence=_("Giải quyết {resolved}, nhiều hơn tiếp nhận {received} trong cùng kỳ.").format(
                resolved=resolved.number, received=received.number
            ),
            arithmetic=arithmetic,
            question=_("Số đã giải quyết có gồm hồ sơ từ kỳ trước chuyển sang không?"),
        )
        return
    low, high = wilson_of(resolved.value, received.value)
    rate = formats.percent(resolved.value / received.value)
    pending = claims.get("pending")
    if pending is not None and pending.interval and not overlap(pending.interval, (left, left)):
        yield Check(
            kind="progress",
            verdict="ask",
            sentence=_("Nguồn nêu {pending} hồ sơ đang giải quyết; tiếp nhận trừ đã giải quyết là {left}.").format(
                pending=pending.number, left=formats.number(left)
            ),
            arithmetic=arithmetic,
            question=_("Số đang giải quyết có gồm hồ sơ từ kỳ trước chuyển sang không?"),
        )
        return
    sentence = (
        _("Còn {left} hồ sơ đang giải quyết, không phải trễ.").format(left=formats.number(left))
        if left
        else _("Số đã giải quyết bằng số tiếp nhận: không còn hồ sơ nào của kỳ đang giải quyết.")
    )
    if left:
        arithmetic += "; " + _("đã giải quyết {rate} ({low} đến {high})").format(
            rate=rate, low=formats.percent(low), high=formats.percent(high)
        )
    yield Check(kind="progress", verdict="agrees", sentence=sentence, arithmetic=arithmetic)


def _late_checks(claims: dict[str, Claim]) -> Iterator[Check]:
    """A share of late dossiers from few of them leaves much open."""
    late, resolved = claims.get("resolved_late"), claims.get("resolved")
    if late is None or resolved is None or late.value is None or not resolved.value:
        return
    if late.value > resolved.value:
        yield Check(
            kind="late",
            verdict="ask",
            sentence=_("Quá hạn {late}, nhiều hơn đã giải quyết {resolved}.").format(
                late=late.number, resolved=resolved.number
            ),
            question=_("Số quá hạn có gồm hồ sơ đang giải quyết không?"),
        )
        return
    low, high = wilson_of(late.value, resolved.value)
    sentence = (
        _("Không hồ sơ nào quá hạn trên {resolved} đã giải quyết; tỷ lệ quá hạn vẫn có thể tới {high}.")
        if late.value == 0
        else _("Quá hạn {late} trên {resolved} đã giải quyết; tỷ lệ có thể từ {low} đến {high}.")
    ).format(late=late.number, resolved=resolved.number, low=formats.percent(low), high=formats.percent(high))
    rate = formats.percent(late.value / resolved.value)
    arithmetic = f"{late.number} / {resolved.number} = {rate}; " + _(
        "khoảng tin cậy Wilson 95 %: {low} đến {high}"
    ).format(low=formats.percent(low), high=formats.percent(high))
    yield Check(kind="late", verdict="note", sentence=sentence, arithmetic=arithmetic)


def derived_checks(claims: Iterable[Claim]) -> Iterator[Check]:
    """What two figures say together: floor area a head, dossiers a thousand people, people a square kilometre."""
    given = {claim.measure: claim for claim in claims if claim.value}
    for above, below, factor, decimals, template in (
        ("centre_area_m2", "staff_centre", 1, 1, _("{value} m² cho mỗi người của trung tâm")),
        ("received", "population", 1000, 2, _("{value} hồ sơ tiếp nhận trên 1.000 dân")),
        ("population", "area_km2", 1, 0, _("{value} người trên một km²")),
        ("population", "staff_government", 1, 0, _("{value} người dân trên một biên chế chính quyền")),
    ):
        one, other = given.get(above), given.get(below)
        if one is None or other is None or one.value is None or not other.value:
            continue
        value = formats.number(factor * one.value / other.value, decimals)
        scaled = f"{formats.number(factor)} × " if factor > 1 else ""
        yield Check(
            kind="derived",
            verdict="note",
            sentence=template.format(value=value) + ".",
            arithmetic=f"{scaled}{one.number} / {other.number} = {value}",
        )


def _by_window(claims: Iterable[Claim]) -> list[dict[str, Claim]]:
    """Figures of one window by measure; of two for one measure the first."""
    windows: dict[object, dict[str, Claim]] = {}
    for claim in claims:
        windows.setdefault(claim.window, {}).setdefault(claim.measure, claim)
    return list(windows.values())


def _as_group(claim: Claim, role: str) -> Claim:
    return replace(claim, group_id="resolved", group_role=role)
