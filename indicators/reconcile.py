"""Reported figures set against themselves and against the log, each in the window that its source stated."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256

from indicators.against_log import RECORDS, Comparison, comparisons, last_day, working_days
from indicators.claim_checks import checks
from indicators.claims import DOSSIER_MEASURES, Check, Claim
from language import _
from language.text import fold
from warehouse import Snapshot

_PACED = ("received", "resolved", "visits")
# What is said of a statement, the most pressing first.
VERDICTS = ("ask", "differs", "matches", "consistent", "no_window", "outside", "none")


@dataclass(frozen=True, kw_only=True)
class Pace:
    """A figure for one working day and, where the window is of whole days, one calendar day.

    `staff`: the people of the unit's one-stop centre, where the same source names them.
    """

    unit_name: str
    claim: Claim
    working_days: float | None
    calendar_days: int | None
    staff: float | None = None

    @property
    def per_working_day(self) -> float | None:
        return self.claim.value / self.working_days if self.claim.value is not None and self.working_days else None

    @property
    def per_calendar_day(self) -> float | None:
        return self.claim.value / self.calendar_days if self.claim.value is not None and self.calendar_days else None

    @property
    def per_head(self) -> float | None:
        """For one working day and one person of the centre."""
        return self.per_working_day / self.staff if self.per_working_day is not None and self.staff else None


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What one source reported of one unit, with every check and comparison.

    `key` follows from unit and source alone, so that a link survives new rows and another order of the file.
    """

    key: str
    unit_name: str
    province: str | None
    commune_code: str | None
    scope: str
    source: str
    source_date: dt.date | None
    claims: tuple[Claim, ...]
    checks: tuple[Check, ...]
    comparisons: Mapping[int, Comparison]
    paces: tuple[Pace, ...]

    @property
    def verdicts(self) -> tuple[str, ...]:
        """Everything that holds of the statement, of `VERDICTS`, in their order."""
        outcomes = {comparison.outcome for comparison in self.comparisons.values()}
        found = {"ask"} if any(check.verdict == "ask" for check in self.checks) else set()
        found |= outcomes & {"differs", "matches", "no_window", "outside"}
        if "ask" not in found and any(check.verdict == "agrees" for check in self.checks):
            found.add("consistent")
        return tuple(verdict for verdict in VERDICTS if verdict in found) or ("none",)

    @property
    def headline(self) -> str:
        """The most pressing verdict in one sentence."""
        verdict = self.verdicts[0]
        if verdict == "ask":
            return next(check.sentence for check in self.checks if check.verdict == "ask")
        if verdict in ("differs", "matches"):
            concerned = [claim for claim in self.claims if self.comparisons[claim.row_id].outcome == verdict]
            if len(concerned) == 1:
                return f"{concerned[0].name} {_within(self.comparisons[concerned[0].row_id].sentence)}"
            template = _("{names}: khác bản dữ liệu.") if verdict == "differs" else _("{names}: khớp bản dữ liệu.")
            names = [concerned[0].name, *(claim.name_within for claim in concerned[1:])]
            return template.format(names=", ".join(names))
        if verdict == "consistent":
            return next(check.sentence for check in self.checks if check.verdict == "agrees")
        if self.checks:
            return self.checks[0].sentence
        return next(iter(self.comparisons.values())).sentence

    @property
    def questions(self) -> tuple[str, ...]:
        """What to ask the unit, calmly."""
        asked = [check.question for check in self.checks if check.question]
        differing = [claim for claim in self.claims if self.comparisons[claim.row_id].outcome == "differs"]
        if any(claim.measure in DOSSIER_MEASURES for claim in differing):
            asked.append(
                _("Hai bên chốt số cùng ngày giờ và đếm cùng một cách chưa (hồ sơ nhập sau, rút, liên thông)?")
            )
        if any(claim.measure in RECORDS for claim in differing):
            asked.append(_("Danh mục đơn vị được cập nhật lần cuối khi nào, hai bên có tính cùng đối tượng không?"))
        flows = [claim for claim in self.claims if claim.measure in DOSSIER_MEASURES or claim.measure == "visits"]
        if any(claim.value is None for claim in flows):
            asked.append(_("Con số cụ thể là bao nhiêu?"))
        if any(claim.window is None for claim in flows):
            asked.append(_("Số liệu này tính từ ngày nào đến ngày nào?"))
        return tuple(dict.fromkeys(asked))


def statements(snapshot: Snapshot) -> list[Statement]:
    """Every reported figure by unit and source, in the order of the file. Empty where none was loaded."""
    rows = snapshot.query("select * from reported order by row_id").to_dicts()
    names = {field.name for field in fields(Claim)}
    together: dict[tuple[object, ...], list[dict[str, object]]] = {}
    for row in rows:
        together.setdefault((row["unit_name"], row["commune_code"], row["source"]), []).append(row)
    answers = []
    for key, group in zip(_keys(list(together)), together.values(), strict=True):
        first = group[0]
        claims = tuple(Claim(**{name: row[name] for name in names}) for row in group)  # type: ignore[arg-type]
        place = {name: first[name] for name in ("unit_name", "province", "commune_code", "scope", "source")}
        answers.append(
            Statement(
                key=key,
                source_date=first["source_date"],  # type: ignore[arg-type]
                claims=claims,
                checks=tuple(checks(claims)),
                comparisons=comparisons(snapshot, claims, place),
                paces=_paces(snapshot, str(first["unit_name"]), claims),
                **place,  # type: ignore[arg-type]
            )
        )
    return answers


def _keys(groups: Sequence[tuple[object, ...]]) -> list[str]:
    """`phuong-phu-tho-bao-cao-thang-9`; those that would be alike bear a mark made from all that is known of them."""
    slugs = [re.sub(r"[^a-z0-9]+", "-", fold(f"{unit} {source}")).strip("-") for unit, _code, source in groups]
    counts = Counter(slugs)
    return [
        slug if counts[slug] == 1 else f"{slug}-{sha256(repr(group).encode()).hexdigest()[:6]}"
        for slug, group in zip(slugs, groups, strict=True)
    ]


def _paces(snapshot: Snapshot, unit_name: str, claims: tuple[Claim, ...]) -> tuple[Pace, ...]:
    staff = next((claim.value for claim in claims if claim.measure == "staff_centre"), None)
    found = (pace_of(snapshot, unit_name, claim, staff=staff) for claim in claims)
    return tuple(pace for pace in found if pace is not None)


def pace_of(snapshot: Snapshot, unit_name: str, claim: Claim, *, staff: float | None = None) -> Pace | None:
    """What a figure of a window is for one day; None for what is no flow through the counter, and for vague figures."""
    if claim.window is None or claim.value is None or claim.measure not in _PACED:
        return None
    starts_at, ends_at = claim.window
    is_whole_days = starts_at.time() == ends_at.time() == dt.time()
    return Pace(
        unit_name=unit_name,
        claim=claim,
        working_days=working_days(snapshot, starts_at, ends_at),
        calendar_days=(last_day(ends_at) - starts_at.date()).days + 1 if is_whole_days else None,
        staff=staff,
    )


def _within(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
