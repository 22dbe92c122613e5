"""A stated share held against its parts, and the readings under which one that does not fit could be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indicators.claims import DOSSIER_MEASURES, Check, Claim, Reading, overlap, ratio, span, times
from language import _, formats


def share_checks(claim: Claim, others: Iterable[Claim]) -> Iterator[Check]:
    """Does a stated share agree with its parts? Where not, the readings under which it could be right."""
    given = [other for other in others if other is not claim]
    whole = next((other for other in given if _names(claim.share_of, other)), None)
    stated = claim.stated_share
    if whole is None or whole.value is None or not whole.value or stated is None:
        return
    printed = claim.share_text or formats.percent(claim.share)
    if claim.value is None or claim.interval is None:
        needed = times(stated, whole.value)
        yield Check(
            kind="share",
            verdict="note",
            sentence=_("{share} của {whole} là {needed}; nguồn không nêu con số này.").format(
                share=printed, whole=whole.number, needed=span(needed)
            ),
            arithmetic=f"{printed} × {whole.number} = {_exact(claim.share, whole.value)}",
        )
        return
    actual = claim.value / whole.value
    arithmetic = f"{claim.number} / {whole.number} = {formats.percent(actual, 2)}"
    if overlap(ratio(claim.interval, whole.interval or (whole.value, whole.value)), stated):
        sentence = _("{name}: tỷ lệ nêu {share} khớp với các số thành phần.").format(name=claim.name, share=printed)
        yield Check(kind="share", verdict="agrees", sentence=sentence, arithmetic=arithmetic)
        return
    yield Check(
        kind="share",
        verdict="ask",
        sentence=_("{name}: nguồn nêu {share}, còn {value} trên {whole} là {actual}.").format(
            name=claim.name, share=printed, value=claim.number, whole=whole.number, actual=formats.percent(actual, 2)
        ),
        arithmetic=arithmetic,
        readings=share_readings(claim, whole, given),
        question=_("«{share}» là tỷ lệ trên số nào, hay là mức tăng so với kỳ nào?").format(share=printed),
    )


def share_readings(claim: Claim, whole: Claim, others: Iterable[Claim]) -> tuple[Reading, ...]:
    """The ways to read a share that does not fit its numerator and denominator, each tried on the figures given."""
    stated = claim.stated_share
    assert claim.value is not None and whole.value is not None and stated is not None and claim.share is not None
    value, share, printed = claim.value, claim.share, claim.share_text or formats.percent(claim.share)
    readings = []
    given = [other for other in others if other.measure in DOSSIER_MEASURES and other.value and other.window]
    given = [other for other in given if other.window == claim.window and other.value != whole.value]
    for other in given:
        assert other.value is not None
        if other.value < value:
            continue
        fits = overlap((value / other.value,) * 2, stated)
        readings.append(
            Reading(
                kind="other_denominator",
                status="agrees" if fits else "excluded",
                sentence=_("Trên «{name}»: {value} / {other} = {result}.").format(
                    name=other.name_within,
                    value=claim.number,
                    other=other.number,
                    result=formats.percent(value / other.value, 2),
                ),
            )
        )
    before = (value / (1 + stated[1]), value / (1 + stated[0]))
    readings.append(
        Reading(
            kind="growth",
            status="open",
            sentence=_("Mức tăng so với kỳ trước: kỳ trước phải có khoảng {before} ({span}).").format(
                before=formats.number(value / (1 + share)), span=span(before)
            ),
        )
    )
    actual = value / whole.value
    for kind, earlier, template in (
        ("points_up", actual - share, _("Tăng {share} điểm phần trăm: kỳ trước phải là {earlier}.")),
        ("points_down", actual + share, _("Giảm {share} điểm phần trăm: kỳ trước phải là {earlier}.")),
    ):
        possible = 0 <= earlier <= 1
        sentence = template.format(share=_bare(printed), earlier=formats.percent(earlier, 2))
        readings.append(Reading(kind=kind, status="open" if possible else "excluded", sentence=sentence))
    needed = times(stated, whole.value)
    readings.append(
        Reading(
            kind="numerator",
            status="excluded",
            sentence=_("Để đúng {share} của {whole} cần {needed} ({span}); nguồn nêu {value}.").format(
                share=printed,
                whole=whole.number,
                needed=_exact(share, whole.value),
                span=span(needed),
                value=claim.number,
            ),
        )
    )
    if stated[0] > 0:
        base = (value / stated[1], value / stated[0])
        named = [other for other in given if other.value is not None and base[0] <= other.value <= base[1]]
        readings.append(
            Reading(
                kind="denominator",
                status="agrees" if named else "open",
                sentence=_("{value} là {share} của khoảng {base} ({span}).").format(
                    value=claim.number, share=printed, base=formats.number(value / share), span=span(base)
                ),
            )
        )
    return tuple(sorted(readings, key=lambda reading: ("agrees", "open", "excluded").index(reading.status)))


def _names(share_of: str | None, other: Claim) -> bool:
    return share_of is not None and share_of in (other.measure, other.measure_name)


def _exact(share: float | None, whole: float) -> str:
    product = round((share or 0) * whole, 6)
    return formats.number(product, 0 if product.is_integer() else 1)


def _bare(share: str) -> str:
    return share.replace("%", "").strip()
