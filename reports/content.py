"""What an inspection brief says: frozen, printed in Vietnamese, so that paper, slides and screen cannot disagree.

Numbers are printed texts. A raw value stands beside one only where a drawing needs it.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from indicators.windows import Window

Ring = tuple[tuple[float, float], ...]
Standing = Literal["better", "worse", "like", "unknown"]
Part = Literal["follow_up", "standing", "new"]
ShareKind = Literal["office", "people", "agency", "other"]
PromiseVerdict = Literal["kept", "not_kept", "not_measurable", "too_early"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line of the profile, as its source words it ("khoảng", "trên" kept).

    Two sources that differ are two facts of the same label, each with `differs`.
    """

    label: str
    value: str
    source: str = ""
    stated_on_text: str = ""
    differs: bool = False


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A unit from before the merger, and how much of it came: "toàn bộ", "một phần diện tích", "phần còn lại"."""

    name: str
    extent_text: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class FigureLine:
    """One figure over its windows and beside others; `standing` tells colour and sign, `verdict` says it in words.

    `since_merger` is the brief's whole window, `last_30_days` its last thirty days, `before` the thirty before those.
    `note` says what weakens the figure (few dossiers, provisional), and is empty otherwise.
    """

    indicator: str
    label: str
    unit: str
    since_merger: str
    last_30_days: str
    before: str
    peers: str
    province: str
    verdict: str
    standing: Standing
    change: str = ""
    change_standing: Standing = "unknown"
    note: str = ""
    meaning: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A sentence that is true by construction, and the address of the screen that shows it ("" where none does)."""

    sentence: str
    address: str = ""
    standing: Standing = "unknown"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question to ask, the observation that it rests on, the minutes to give it, and its part of the talk."""

    text: str
    evidence: str
    minutes: int
    part: Part = "new"
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class DossierLine:
    """A dossier to open: its code, never a person; `step` is where it stands, `why` the reason that it is listed."""

    dossier_id: str
    procedure: str
    days_text: str
    step: str
    due_text: str
    why: str = ""
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Share:
    """One part of the working time from receipt to closing, as a mean a dossier; `share` is a fraction of the whole.

    `kind`: in the steps of the office (waiting for a turn and work, which the log cannot tell apart), or with the clock
    stopped for the people, for another agency, or else.
    """

    label: str
    minutes: float
    share: float
    text: str
    kind: ShareKind = "office"


@dataclass(frozen=True)
class Point:
    """One bucket of a series; null where nothing happened."""

    on: date
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class Series:
    """A small line chart; `unit` is "percent" (of fractions), "count" or "days"; `reference` the province's value."""

    label: str
    unit: str
    points: tuple[Point, ...] = ()
    reference: float | None = None
    reference_label: str = ""
    sentence: str = ""


@dataclass(frozen=True, kw_only=True)
class DifficultyLine:
    """A difficulty that the commune raised, and what became of it."""

    text: str
    category: str
    department: str
    asked_on: str
    due_text: str
    state: str
    answer: str = ""
    is_overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class PromiseLine:
    """A promise of an earlier visit against what the figure did since."""

    text: str
    department: str
    due_text: str
    verdict: PromiseVerdict
    verdict_text: str
    evidence: str
    promised_text: str = ""


@dataclass(frozen=True, kw_only=True)
class NoteLine:
    """The commune's own words, or ours; `indicator` is the printed name of the figure ("": of the whole)."""

    indicator: str
    text: str
    who: str
    when: str
    kind: str = ""


@dataclass(frozen=True)
class OutlineMap:
    """Outer rings in longitude and latitude: the commune itself, and every other commune of the province."""

    commune: tuple[Ring, ...] = ()
    others: tuple[Ring, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Brief:
    """Everything that the two pages say about one commune.

    `figure_headings`: of the columns name, since_merger, last_30_days, before, peers, province, verdict. A list may be
    empty; `empty` then says so in a sentence, by the field's name.
    """

    commune_code: str
    commune_name: str
    province_name: str
    title: str
    period_text: str
    window: Window
    as_of: date
    as_of_text: str
    snapshot_id: str
    source_text: str
    simulated: bool
    peers_text: str = ""
    figure_headings: tuple[str, ...] = ()
    last_visit_text: str = ""
    profile: tuple[Fact, ...] = ()
    pieces: tuple[Piece, ...] = ()
    figures: tuple[FigureLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    dossiers: tuple[DossierLine, ...] = ()
    time_shares: tuple[Share, ...] = ()
    time_text: str = ""
    trend: Series = field(default_factory=lambda: Series(label="", unit="count"))
    difficulties: tuple[DifficultyLine, ...] = ()
    promises: tuple[PromiseLine, ...] = ()
    notes: tuple[NoteLine, ...] = ()
    apology: str = ""
    due_soon: str = ""
    limits: tuple[str, ...] = ()
    map: OutlineMap = OutlineMap()
    empty: dict[str, str] = field(default_factory=dict)
