"""What sources say of a commune besides its dossiers: side by side where they differ, and what follows from them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import floor, log10

from language import N_, _
from language.formats import number
from warehouse import Snapshot

# Facts in the order in which a profile names them, and what a number of them counts.
FACTS: dict[str, tuple[str, str]] = {
    "area_km2": (N_("Diện tích"), N_("km²")),
    "population": (N_("Dân số"), N_("người")),
    "households": (N_("Số hộ"), N_("hộ")),
    "villages": (N_("Thôn, tổ dân phố"), ""),
    "industrial_zones": (N_("Khu công nghiệp"), ""),
    "industrial_clusters": (N_("Cụm công nghiệp"), ""),
    "posts": (N_("Biên chế"), N_("người")),
    "party_posts": (N_("Biên chế khối Đảng, đoàn thể"), N_("người")),
    "government_posts": (N_("Biên chế khối chính quyền"), N_("người")),
    "centre_area_m2": (N_("Diện tích trung tâm"), N_("m²")),
    "centre_staff": (N_("Nhân sự trung tâm"), N_("người")),
    "centre_leaders": (N_("Lãnh đạo trung tâm"), N_("người")),
    "centre_it_staff": (N_("Cán bộ công nghệ thông tin"), N_("người")),
    "reception_staff": (N_("Cán bộ tiếp nhận"), N_("người")),
    "facilities": (N_("Cơ sở vật chất"), ""),
    "equipment": (N_("Trang thiết bị"), ""),
}
_OF_THE_LIST = {
    "area_km2": "area_km2",
    "population": "population",
    "posts": "staff",
    "centre_area_m2": "centre_area_m2",
    "reception_staff": "reception_staff",
}
# A whole and its parts, where one source names all of them.
_SUMS = {
    "posts": ("party_posts", "government_posts"),
    "centre_staff": ("centre_leaders", "centre_it_staff", "reception_staff"),
}
_DIGITS = 3


@dataclass(frozen=True, kw_only=True)
class StatedFact:
    """What one source says; `low` and `high` are what its digits leave open, `text` is as it printed it.

    `differs`: another source says something that cannot be the same.
    """

    fact: str
    label: str
    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    precision: str | None = None
    source: str = ""
    stated_on: dt.date | None = None
    differs: bool = False


@dataclass(frozen=True, kw_only=True)
class DerivedFact:
    """A figure that follows from stated ones; `low` and `high` are one where the sources leave no room."""

    id: str
    label: str
    low: float
    high: float
    text: str


@dataclass(frozen=True, kw_only=True)
class FactCheck:
    """Whether the parts that a source names add up to the whole that it names."""

    sentence: str
    agrees: bool
    source: str


def fact_label(fact: str, own_name: str = "") -> str:
    """A fact in words; one that we have no name for goes by its source's own."""
    return _(FACTS[fact][0]) if fact in FACTS else own_name or fact


def unit_facts(snapshot: Snapshot, commune_code: str) -> tuple[StatedFact, ...]:
    """Every fact of a commune in the order of a profile, the latest source first; nothing in older snapshots.

    The list of communes is a source too, named only where it adds to the others or contradicts them.
    """
    stated = _stated(snapshot, commune_code)
    for one in _listed(snapshot, commune_code):
        others = [other for other in stated if other.fact == one.fact and other.value is not None]
        if not others or all(_differ(one, other) for other in others):
            stated.append(one)
    groups: dict[str, list[StatedFact]] = defaultdict(list)
    for one in stated:
        groups[one.fact].append(one)
    order = [*FACTS, *(fact for fact in groups if fact not in FACTS)]
    found: list[StatedFact] = []
    for fact in order:
        same = sorted(groups.get(fact, ()), key=lambda one: one.stated_on or dt.date.min, reverse=True)
        disputed = any(_differ(one, other) for one, other in combinations(same, 2) if fact in FACTS)
        found += [replace(one, differs=disputed) for one in same]
    return tuple(found)


def derived_facts(facts: Sequence[StatedFact]) -> tuple[DerivedFact, ...]:
    """Density, people per post of the government, square metres of the centre for each who works there.

    Each lies between what the sources and their rounding leave open.
    """
    quotients = (
        ("density", _("Mật độ dân số"), "population", "area_km2", _("người/km²"), 0),
        ("people_per_post", _("Dân trên một biên chế chính quyền"), "population", "government_posts", _("người"), 0),
        ("area_per_staff", _("Diện tích trung tâm trên một người"), "centre_area_m2", "centre_staff", _("m²"), 1),
    )
    found = []
    for id_, label, above, below, unit, decimals in quotients:
        top, bottom = _range(facts, above), _range(facts, below)
        if top is None or bottom is None or bottom[0] <= 0:
            continue
        low, high = top[0] / bottom[1], top[1] / bottom[0]
        found.append(
            DerivedFact(id=id_, label=label, low=low, high=high, text=f"{_between(low, high, decimals)} {unit}")
        )
    return tuple(found)


def fact_checks(facts: Sequence[StatedFact]) -> tuple[FactCheck, ...]:
    """For each source that names a whole and all its parts: whether they add up."""
    by_source: dict[str, dict[str, StatedFact]] = defaultdict(dict)
    for one in facts:
        if one.value is not None and one.precision in (None, "exact"):
            by_source[one.source].setdefault(one.fact, one)
    found = []
    for source, named in by_source.items():
        for whole, parts in _SUMS.items():
            if whole in named and all(part in named for part in parts):
                found.append(_check(source, named, whole, parts))
    return tuple(found)


def _check(source: str, named: Mapping[str, StatedFact], whole: str, parts: Sequence[str]) -> FactCheck:
    values = [named[part].value or 0.0 for part in parts]
    total, stated = sum(values), named[whole].value or 0.0
    agrees = total == stated
    sentence = (
        _("{whole} {stated} = {sum}: khớp.") if agrees else _("{whole} {stated}, nhưng {sum} = {total}.")
    ).format(
        whole=fact_label(whole),
        stated=number(stated),
        sum=" + ".join(
            f"{number(value)} ({_lower(fact_label(part))})" for part, value in zip(parts, values, strict=True)
        ),
        total=number(total),
    )
    return FactCheck(sentence=sentence, agrees=agrees, source=source)


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _stated(snapshot: Snapshot, commune_code: str) -> list[StatedFact]:
    if snapshot.query("select table_name from duckdb_tables() where table_name = 'unit_fact'").is_empty():
        return []
    rows = snapshot.query(
        "select * from unit_fact where commune_code = $1 order by source_file, row_number", [commune_code]
    )
    return [
        StatedFact(
            # Facts without a name of ours are told apart by their own.
            fact=row["fact"] if row["fact"] in FACTS else row["fact_name"],
            label=fact_label(row["fact"], row["fact_name"]),
            text=_with_unit(row["fact"], row["value_text"], row["value"]),
            value=row["value"],
            low=row["value_low"],
            high=row["value_high"],
            precision=row["precision"],
            source=row["source"],
            stated_on=row["stated_on"],
        )
        for row in rows.iter_rows(named=True)
    ]


def _with_unit(fact: str, text: str, value: float | None) -> str:
    """`trên 23 km²`; a bare number of the source gets the unit that it was read in."""
    unit = FACTS[fact][1] if fact in FACTS else ""
    return f"{text} {_(unit)}" if unit and value is not None and text[-1:].isdecimal() else text


def _listed(snapshot: Snapshot, commune_code: str) -> list[StatedFact]:
    rows = snapshot.query("select * from commune where commune_code = $1", [commune_code])
    if rows.is_empty():
        return []
    row = rows.row(0, named=True)
    return [
        StatedFact(
            fact=fact,
            label=fact_label(fact),
            text=f"{number(row[column], 0 if row[column] == int(row[column]) else 2)} {_(FACTS[fact][1])}",
            value=float(row[column]),
            low=float(row[column]),
            high=float(row[column]),
            source=_("Danh sách xã, phường"),
        )
        for fact, column in _OF_THE_LIST.items()
        if row[column] is not None
    ]


def _differ(one: StatedFact, other: StatedFact) -> bool:
    """Whether two sources cannot mean the same number; of texts nobody can tell."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    hair = 1e-9 * max(abs(one.high), abs(other.high))
    return one.low > other.high + hair or other.low > one.high + hair


def _range(facts: Sequence[StatedFact], fact: str) -> tuple[float, float] | None:
    bounds = [(one.low, one.high) for one in facts if one.fact == fact and one.low is not None and one.high is not None]
    return (min(low for low, _high in bounds), max(high for _low, high in bounds)) if bounds else None


def _between(low: float, high: float, decimals: int) -> str:
    """One number where both print the same, else `khoảng … đến …` in three digits."""
    if number(low, decimals) == number(high, decimals):
        return number(low, decimals)
    first, last = (number(_rounded(value), decimals) for value in (low, high))
    return (
        _("khoảng {low}").format(low=first)
        if first == last
        else _("khoảng {low} đến {high}").format(low=first, high=last)
    )


def _rounded(value: float) -> float:
    return round(value, _DIGITS - 1 - floor(log10(abs(value)))) if value else 0.0
