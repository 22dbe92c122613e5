"""The view as it stands in the address: what a copied link carries, and nothing else.

A view is read from the query parameters at the start of every run and written back by the widgets' callbacks, so the
address is the only place where it lives. Values that do not parse are dropped here; whether a code exists in the
snapshot is for `filters` to check.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

DEFAULT_PERIOD = "last_30_days"
DEFAULT_INDICATOR = "on_time_rate_ii06"
GRAINS = ("day", "week", "month")
SCHEMES = ("fisher", "quantiles", "equal")


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
    shown: str = "clear"
    old_outlines: bool = False
    verdict: str = "all"
    statement: str = ""
    snapshot: str = ""
    language: str = "vi"

    def with_changes(self, **changes: object) -> View:
        return replace(self, **changes)  # type: ignore[arg-type]


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
    "shown": "ve",
    "old_outlines": "ranh-gioi-cu",
    "verdict": "ket-luan",
    "statement": "nguon",
    "snapshot": "snapshot",
    "language": "lang",
}
_ALLOWED = {"grain": GRAINS, "scheme": SCHEMES, "shown": ("clear", "all"), "language": ("vi", "en")}


def _parse(attribute: str, values: Sequence[str], default: object) -> object:
    if isinstance(default, tuple):
        return tuple(dict.fromkeys(value for value in values if value))
    value = values[-1]
    if attribute in ("date_from", "date_to"):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return default
    if isinstance(default, bool):
        return value == "1"
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
