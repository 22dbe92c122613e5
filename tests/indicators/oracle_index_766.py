"""The index of Decision 766 once more, in plain Python: dossiers as dictionaries, published scores as a dictionary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from math import sqrt

from tests.builders import Row
from tests.indicators import oracle

# code: (group, maximum, rate of full points or None where no dossier tells)
COMPONENTS: dict[str, tuple[str, float, float | None]] = {
    "1.1": ("transparency", 6, None),
    "1.2": ("transparency", 4, None),
    "1.3": ("transparency", 2, None),
    "1.4": ("transparency", 6, None),
    "2.1": ("progress", 20, 1.0),
    "3.1": ("online", 4, None),
    "3.2": ("online", 4, None),
    "3.3": ("online", 4, 0.5),
    "3.4": ("payment", 3.33, None),
    "3.5": ("payment", 3.33, 0.8),
    "3.6": ("payment", 3.34, 1.0),
    "4.1": ("digitisation", 6, 1.0),
    "4.2": ("digitisation", 4, 0.8),
    "4.3": ("digitisation", 2, None),
    "4.4": ("digitisation", 4, None),
    "4.5a": ("digitisation", 2, None),
    "4.5b": ("digitisation", 2, None),
    "4.6": ("digitisation", 2, None),
    "5.2": ("satisfaction", 6, None),
    "5.3": ("satisfaction", 6, None),
    "5.4": ("satisfaction", 6, None),
}
# Shares of the same dossiers.
BLOCK = {"2.1": 1, "3.3": 2, "4.1": 2, "3.5": 3, "3.6": 3, "4.2": 4}
GROUPS = tuple(dict.fromkeys(group for group, _maximum, _full in COMPONENTS.values()))
Share = tuple[float, float, float, float, int]


def shares(
    province: oracle.Province, mine: list[Row], units: list[Row], starts: dt.date, ends: dt.date
) -> dict[str, Share]:
    """Of each component that has a case: met, of how many, the rate's bounds, and the dossiers behind it."""
    received = [d for d in mine if oracle.counts(d) and oracle.in_window(d["received_at"], starts, ends)]
    resolved = [
        d for d in mine if oracle.counts(d) and oracle.in_window(d["closed_at"], starts, ends) and not oracle.neutral(d)
    ]
    told = [d for d in resolved if d["e_result"] is not None]
    with_fee = [d for d in received if (d["fee"] or 0) > 0]
    digitised = [d for d in received if d["digitised"] is not None]
    found: dict[str, Share] = {}

    def share(code: str, good: int, n: int) -> None:
        if n:
            found[code] = (good, n, *oracle.wilson(good, n), n)

    on_time = oracle.one(province, "on_time_rate_766", mine, units, starts, ends, {}, by_unit=False)
    n = int(on_time["on_time_rate_766_n"] or 0)
    share("2.1", round((on_time["on_time_rate_766"] or 0) * n), n)
    share("3.3", sum(d["channel"] == "online" and d["e_result"] for d in told), len(told))
    share("3.6", sum(d["paid_online"] is True for d in with_fee), len(with_fee))
    share("4.1", sum(d["e_result"] for d in told), len(told))
    share("4.2", sum(d["digitised"] for d in digitised), len(digitised))
    procedures = {d["procedure_code"] for d in with_fee if d["procedure_code"]}
    if procedures:
        paid, variance = 0, 0.0
        for code in procedures:
            of_it = [d["paid_online"] is True for d in with_fee if d["procedure_code"] == code]
            paid += any(of_it)
            never = (1 - (sum(of_it) + 0.5) / (len(of_it) + 1)) ** len(of_it)
            variance += never * (1 - never)
        half = oracle.Z * sqrt(variance)
        total = len(procedures)
        found["3.5"] = (paid, total, max(paid - half, 0) / total, min(paid + half, total) / total, 0)
    return found


def index(name: str, computed: Mapping[str, Share], published: Mapping[str, float], window_n: int) -> oracle.Answer:
    """`index_766` or one of its groups from the shares and from what was published by component and group."""
    wanted = name.removeprefix("index_766").removeprefix("_")
    points, below, above = 0.0, dict.fromkeys(range(5), 0.0), dict.fromkeys(range(5), 0.0)
    known = 0.0
    has_own = False
    for group in GROUPS if not wanted else [wanted]:
        codes = [code for code in COMPONENTS if COMPONENTS[code][0] == group]
        lacking = [code for code in codes if code not in computed and code not in published]
        if lacking and group in published:
            points += published[group]
            known += sum(COMPONENTS[code][1] for code in codes)
            continue
        for code in codes:
            _group, maximum, full_at = COMPONENTS[code]
            if code in computed:
                assert full_at is not None
                good, n, low, high, _dossiers = computed[code]
                mine = maximum * min(1, good / n / full_at)
                points += mine
                below[BLOCK[code]] += mine - maximum * min(1, low / full_at)
                above[BLOCK[code]] += maximum * min(1, high / full_at) - mine
                known += maximum
                has_own = True
            elif code in published:
                points += published[code]
                known += maximum
    if not known:
        return {name: None, f"{name}_n": 0, f"{name}_low": None, f"{name}_high": None}
    codes = [code for code in COMPONENTS if not wanted or COMPONENTS[code][0] == wanted]
    n = max((computed[code][4] for code in codes if code in computed and code != "3.5"), default=window_n)
    down, up = (sqrt(sum(part**2 for part in side.values())) for side in (below, above))
    return {
        name: points,
        f"{name}_n": n,
        f"{name}_low": max(points - down, 0) if has_own else None,
        f"{name}_high": min(points + up, known) if has_own else None,
    }


def one(
    province: oracle.Province, name: str, mine: list[Row], units: list[Row], starts: dt.date, ends: dt.date
) -> oracle.Answer:
    """Without any published score."""
    return index(name, shares(province, mine, units, starts, ends), {}, 0)


def published_for(
    scores: Sequence[Row], unit: str | None, ends: dt.date, *, of_province: bool = True
) -> dict[str, float]:
    """The score of each item for a unit (None: the province): of the latest period that ended within the year before
    `ends`; what the province decides stands in for a unit's own."""
    found: dict[str, float] = {}
    items = {row["item"] for row in scores}
    for item in items:
        own = [row for row in scores if row["item"] == item and row["commune_code"] == unit]
        choices = [own]
        if of_province and (item == "transparency" or item.startswith("1.")):
            choices.append([row for row in scores if row["item"] == item and row["commune_code"] is None])
        for rows in choices:
            in_time = [row for row in rows if 0 <= (ends - row["ends_on"]).days <= 366]
            if in_time:
                latest = max(row["ends_on"] for row in in_time)
                last = [row for row in in_time if row["ends_on"] == latest]
                found[item] = min(last, key=lambda row: row["starts_on"])["score"]
                break
    return found
