"""The view as it stands in the address: what a copied link carries, and nothing else.

A view is read from the query parameters at the start of every run and written back by the widgets' callbacks, so the
address is the only place where it lives. Values that do not parse are dropped here; whether a code exists in the
snapshot is for `filters` to check.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from indicators.dossiers import SORTS, STATES
from indicators.peers import RULES, Rule
from indicators.scope import DIMENSIONS

DEFAULT_PERIOD = "last_30_days"
DEFAULT_INDICATOR = "on_time_rate_ii06"
GRAINS = ("day", "week", "month")
SCHEMES = ("fisher", "quantiles", "equal")
CONTRASTS = ("funnel", "ranks", "mix", "periods", "fields", "side")
SEGMENTS = ("series", "variation", "events", "causes", "due", "merger")
# In per cent of the dossiers: ways of a process map that fewer take are left out.
RARE = ("all", "1", "2", "5", "10", "20")
ONLINE_TARGETS = ("50", "60", "70", "80", "90", "100")
STAGES = ("map", "variants", "time", "handovers", "hours", "standing", "compare", "conformance", "what_if")
LAYERS = ("value", "significance", "bivariate", "clusters", "weeks")
DIFFICULTY_PARTS = ("overview", "list", "log")
ANSWERED = ("all", "open", "in_progress", "overdue", "answered", "rejected")
TRIP_STATES = ("all", "planned", "done", "cancelled")
BENCHES = ("pivot", "dossiers", "form", "readings", "sql")
DEFAULT_FIGURES = ("received", "resolved", "on_time_rate_ii06", "pending_late")


@dataclass(frozen=True, kw_only=True)
class View:
    """One view of the dashboard; every attribute has a parameter of the address (`PARAMETERS`)."""

    period: str = DEFAULT_PERIOD
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    communes: tuple[str, ...] = ()
    old_provinces: tuple[str, ...] = ()
    old_districts: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    indicator: str = DEFAULT_INDICATOR
    second_indicator: str = ""
    grain: str = "week"
    scheme: str = "fisher"
    layer: str = "value"
    shown: str = "clear"
    contrast: str = ""
    peers: Rule = "all"
    old_outlines: bool = False
    quantile: str = "p90"
    cohort: str = ""
    verdict: str = "all"
    statement: str = ""
    refused_rule: str = ""
    refused_commune: str = ""
    warning_rule: str = ""
    warning_page: int = 1
    promised_by: str = "procedure"
    bench: str = "pivot"
    rows: str = "commune"
    columns: str = ""
    figures: tuple[str, ...] = DEFAULT_FIGURES
    state: str = "open_late"
    search: str = ""
    sort: str = "-days_over"
    list_page: int = 1
    dossier: str = ""
    reading: str = ""
    stage: str = "map"
    rare: str = "2"
    parts_of: str = "procedure"
    against: str = "communes"
    turning_day: dt.date | None = None
    question: str = "delegate"
    step: str = ""
    online_target: str = "80"
    sql: str = ""
    title: str = ""
    segment: str = "series"
    target: str = ""
    rebased: tuple[str, ...] = ()
    event: str = ""
    difficulty_part: str = "overview"
    categories: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    answered: str = "all"
    difficulty: str = ""
    difficulty_search: str = ""
    sign_window: str = "all"
    trip: int = 0
    trip_state: str = "all"
    trip_leader: str = ""
    presenting: bool = False
    highlight: str = ""
    deck: int = 0
    deck_page: int = 0
    meeting: int = 0
    snapshot: str = ""
    language: str = "vi"

    def with_changes(self, **changes: object) -> View:
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def marked(self) -> tuple[str, ...]:
        """The communes that stand out: the one that a speaker points at, then those chosen by the filters."""
        return tuple(dict.fromkeys((self.highlight, *self.communes))) if self.highlight else self.communes


PARAMETERS = {
    "period": "ky",
    "date_from": "tu",
    "date_to": "den",
    "communes": "xa",
    "old_provinces": "tinh-cu",
    "old_districts": "huyen-cu",
    "clusters": "cum",
    "fields": "linh-vuc",
    "procedures": "thu-tuc",
    "channels": "kenh",
    "indicator": "chi-tieu",
    "second_indicator": "chi-tieu-2",
    "grain": "buoc",
    "scheme": "phan-lop",
    "layer": "lop",
    "shown": "ve",
    "contrast": "cach-so",
    "peers": "so-voi",
    "old_outlines": "ranh-gioi-cu",
    "quantile": "muc",
    "cohort": "dot",
    "verdict": "ket-luan",
    "statement": "nguon",
    "refused_rule": "ly-do",
    "refused_commune": "xa-tu-choi",
    "warning_rule": "canh-bao",
    "warning_page": "trang",
    "promised_by": "so-hen",
    "bench": "phan",
    "rows": "hang",
    "columns": "cot",
    "figures": "bang",
    "state": "tinh-trang",
    "search": "ma",
    "sort": "xep",
    "list_page": "trang-hs",
    "dossier": "ho-so",
    "reading": "ly-do-lech",
    "stage": "nghen",
    "rare": "loi-hiem",
    "parts_of": "chia-theo",
    "against": "doi-chung",
    "turning_day": "ngay-moc",
    "question": "gia-thiet",
    "step": "buoc-xu-ly",
    "online_target": "truc-tuyen",
    "sql": "sql",
    "title": "ten",
    "segment": "xem",
    "target": "muc-tieu",
    "rebased": "tinh-lai",
    "event": "su-kien",
    "difficulty_part": "muc-vm",
    "categories": "nhom-vm",
    "departments": "so-nganh",
    "answered": "tra-loi",
    "difficulty": "vuong-mac",
    "difficulty_search": "tim-vm",
    "sign_window": "ky-vm",
    "trip": "chuyen",
    "trip_state": "chuyen-o",
    "trip_leader": "nguoi-dan-doan",
    "presenting": "trinh-chieu",
    "highlight": "noi-bat",
    "deck": "bai",
    "deck_page": "trang-bai",
    "meeting": "cuoc-hop",
    "snapshot": "snapshot",
    "language": "lang",
}
# What makes the mode of presenting; a link to a view, and a page of a deck, go without.
OF_PRESENTING = ("presenting", "highlight", "deck", "deck_page", "meeting")
_ALLOWED = {
    "grain": GRAINS,
    "scheme": SCHEMES,
    "layer": LAYERS,
    "shown": ("clear", "all"),
    "contrast": ("", *CONTRASTS),
    "peers": RULES,
    "quantile": ("p50", "p90"),
    "language": ("vi", "en"),
    "promised_by": ("procedure", "commune"),
    "bench": BENCHES,
    "stage": STAGES,
    "parts_of": ("procedure", "commune"),
    "against": ("communes", "date", "rest"),
    "question": ("delegate", "officer", "online"),
    "rare": RARE,
    "online_target": ONLINE_TARGETS,
    "segment": SEGMENTS,
    "difficulty_part": DIFFICULTY_PARTS,
    "answered": ANSWERED,
    "sign_window": ("all", "period"),
    "rows": DIMENSIONS,
    "columns": ("", *DIMENSIONS),
    "state": tuple(STATES),
    "trip_state": TRIP_STATES,
    "sort": (*SORTS, *(f"-{column}" for column in SORTS)),
}


def _parse(attribute: str, values: Sequence[str], default: object) -> object:
    if isinstance(default, tuple):
        return tuple(dict.fromkeys(value for value in values if value))
    value = values[-1]
    if attribute in ("date_from", "date_to", "turning_day"):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return default
    if isinstance(default, bool):
        return value == "1"
    if isinstance(default, int):
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 7 and int(value) else default
    allowed = _ALLOWED.get(attribute)
    return default if allowed and value not in allowed else value


def read(parameters: Mapping[str, Sequence[str]]) -> View:
    """The view that the query parameters (name → values) describe; unknown names and broken values are passed over."""
    defaults = View()
    found = {}
    for attribute, name in PARAMETERS.items():
        values = [value.strip() for value in parameters.get(name, ()) if value.strip()]
        if values:
            found[attribute] = _parse(attribute, values, getattr(defaults, attribute))
    return defaults.with_changes(**found)


def misread(parameters: Mapping[str, Sequence[str]]) -> list[str]:
    """The values under our names that `read` passed over because they mean nothing there."""
    defaults = View()
    passed = []
    for attribute, name in PARAMETERS.items():
        given = [value.strip() for value in parameters.get(name, ()) if value.strip()]
        default = getattr(defaults, attribute)
        if not given or isinstance(default, tuple):
            continue
        is_read = _parse(attribute, given, default) != default
        means_default = given[-1] in (str(default), "0" if default is False else str(default))
        passed += [] if is_read or means_default else given[-1:]
    return passed


def write(view: View) -> dict[str, list[str]]:
    """The query parameters of a view; what equals the default is left out, so that addresses stay short."""
    defaults = View()
    parameters: dict[str, list[str]] = {}
    for field in fields(View):
        value = getattr(view, field.name)
        if value == getattr(defaults, field.name):
            continue
        if isinstance(value, tuple):
            texts = list(value)
        elif isinstance(value, bool):
            texts = ["1" if value else "0"]
        elif isinstance(value, dt.date):
            texts = [value.isoformat()]
        else:
            texts = [str(value)]
        parameters[PARAMETERS[field.name]] = texts
    return parameters
