"""The profile of a commune: what it is, what it was merged from, what is said of its size and staff, and by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from indicators.printing import value_names
from indicators.words import extent_words
from language import _
from language.formats import date, number
from reports.content import Fact, OutlineMap, Piece
from reports.shared import BriefContext

# The columns of `commune` that say the same as a fact of `unit_fact`.
_FACT_COLUMNS = {
    "area_km2": "area_km2",
    "population": "population",
    "posts": "staff",
    "reception_staff": "reception_staff",
    "centre_area_m2": "centre_area_m2",
}
_DERIVED_DECIMALS = 1
_BOUNDS = ("value_low", "value_high")


def profile(context: BriefContext, code: str) -> tuple[Fact, ...]:
    """Every fact with its source; two sources that differ are both told, and the quotients say which they rest on."""
    row = context.communes[code]
    facts = [
        Fact(label=_("Loại đơn vị"), value=value_names("kind").get(row["kind"] or "", "")),
        Fact(label=_("Mã đơn vị"), value=code),
        *([Fact(label=_("Mã cơ quan"), value=row["agency_code"])] if row["agency_code"] else []),
    ]
    stated = _stated(context, code)
    names = _names()
    for fact, label in names.items():
        facts += _lines(label, row, fact, stated.pop(fact, []))
    # What the reference does not know by name keeps the heading of its file.
    for one in (one for rows in stated.values() for one in rows):
        facts += _lines(one["fact_name"], row, "", [one])
    return (*facts, *_quotients(context, code, row))


def pieces(context: BriefContext, code: str) -> tuple[Piece, ...]:
    """The units from before the merger, those that came whole first."""
    found = []
    communes = context.communes
    for row in context.lineage.filter(pl.col("new_code") == code).iter_rows(named=True):
        same = context.lineage.filter((pl.col("old_code") == row["old_code"]) & (pl.col("new_code") != code))
        others = ", ".join(
            communes[one]["full_name"] if one in communes else _("ngoài tỉnh") for one in same["new_code"].sort()
        )
        came_whole = row["extent"] in ("whole", "unchanged")
        notes = [
            # Two old wards called alike lie in one province.
            *([row["old_district"]] if row["old_district"] else []),
            *([_("phần khác về {communes}").format(communes=others)] if others and not came_whole else []),
            *([row["resolution"]] if row["resolution"] else []),
        ]
        name = row["old_name"] or row["old_code"]
        found.append(Piece(name=name, extent_text=extent_words(row["extent"] or "part"), note="; ".join(notes)))
    # Those that came whole first.
    return tuple(sorted(found, key=lambda piece: piece.extent_text != extent_words("whole")))


def outline_map(context: BriefContext, code: str) -> OutlineMap:
    """The commune among the others of its province."""
    outlines = context.outlines
    others = tuple(ring for other, rings in outlines.items() if other != code for ring in rings)
    note = ""
    if context.communes[code]["boundary_approximate"] and code in outlines:
        note = _("Ranh giới gần đúng.")
    return OutlineMap(commune=outlines.get(code, ()), others=others, note=note)


def _names() -> dict[str, str]:
    """What each fact is called, in the order of the paper."""
    return {
        "area_km2": _("Diện tích"),
        "population": _("Dân số"),
        "households": _("Số hộ"),
        "villages": _("Thôn, khu dân cư"),
        "posts": _("Biên chế"),
        "party_posts": _("Biên chế khối Đảng"),
        "government_posts": _("Biên chế khối chính quyền"),
        "centre_staff": _("Nhân sự Trung tâm Phục vụ hành chính công"),
        "centre_leaders": _("Lãnh đạo Trung tâm"),
        "centre_it_staff": _("Cán bộ công nghệ thông tin"),
        "reception_staff": _("Cán bộ tiếp nhận hồ sơ"),
        "centre_area_m2": _("Diện tích Trung tâm"),
        "industrial_zones": _("Khu công nghiệp"),
        "industrial_clusters": _("Cụm công nghiệp"),
        "facilities": _("Cơ sở vật chất"),
        "equipment": _("Trang thiết bị"),
    }


def _stated(context: BriefContext, code: str) -> dict[str, list[dict[str, Any]]]:
    """What sources say of the commune, by fact, the latest first; nothing in a snapshot without the table."""
    if "unit_fact" not in context.tables:
        return {}
    rows = context.snapshot.query(
        "select * from unit_fact where commune_code = $code order by fact, stated_on desc nulls last, source",
        {"code": code},
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        if row["stated_on"] is None or row["stated_on"] <= context.as_of:
            found.setdefault(row["fact"], []).append(row)
    return found


def _lines(label: str, row: dict[str, Any], fact: str, stated: list[dict[str, Any]]) -> list[Fact]:
    """A fact as each of its sources words it; the list of units counts as a source like the others.

    Numbers differ where what their printed digits leave open does not overlap: "trên 35.100" and 35.134 do not.
    """
    said: list[tuple[Fact, Any, Any, Any]] = []
    column = _FACT_COLUMNS.get(fact)
    if column and row[column] is not None:
        value = float(row[column])
        printed = _with_unit(column, number(value, 2 if value % 1 else 0))
        said.append((Fact(label=label, value=printed, source=_("danh mục đơn vị đã nạp")), value, value, value))
    for one in stated:
        stated_on = date(one["stated_on"]) if one["stated_on"] else ""
        told = Fact(label=label, value=one["value_text"], source=one["source"], stated_on_text=stated_on)
        value = one["value_text"] if one["value"] is None else one["value"]
        low, high = (one.get(name) if one.get(name) is not None else one["value"] for name in _BOUNDS)
        same = [place for place, other in enumerate(said) if other[1] == value]
        if not same:
            said.append((told, value, low, high))
        elif not said[same[0]][0].stated_on_text:
            # The list of units has no day of its own: a dated source that says the same stands in its place.
            said[same[0]] = (told, value, low, high)
    return [replace(one[0], differs=any(_differ(one[1:], other[1:]) for other in said)) for one in said]


def _differ(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    (value, low, high), (other_value, other_low, other_high) = one, other
    if isinstance(value, str) or isinstance(other_value, str):
        return bool(value != other_value)
    return bool(low > other_high or other_low > high)


def _with_unit(column: str, text: str) -> str:
    units = {"area_km2": _("{number} km²"), "population": _("{number} người"), "centre_area_m2": _("{number} m²")}
    return units.get(column, "{number}").format(number=text)


def _quotients(context: BriefContext, code: str, row: dict[str, Any]) -> list[Fact]:
    """What follows from the list of units: density, and dossiers beside people and staff."""
    counted = context.by_commune[context.window].get(code)
    received = counted["received"] if counted else 0
    source = _("tính từ danh mục đơn vị và nhật ký hồ sơ")
    days = context.working_days_after(context.window.starts - dt.timedelta(days=1), context.as_of)
    quotients: list[tuple[str, float | None, float | None, Callable[[float], str]]] = [
        (_("Mật độ (người/km²)"), row["population"], row["area_km2"], number),
        (
            _("Diện tích Trung tâm trên một cán bộ tiếp nhận (m²)"),
            row["centre_area_m2"],
            row["reception_staff"],
            _tenths,
        ),
        (_("Hồ sơ tiếp nhận trên 1.000 dân"), 1000 * received, row["population"], _tenths),
        (
            _("Hồ sơ một cán bộ tiếp nhận, một ngày làm việc"),
            received / days if days else None,
            row["reception_staff"],
            _tenths,
        ),
    ]
    return [
        Fact(label=label, value=printed(above / below), source=source)
        for label, above, below, printed in quotients
        if above is not None and below
    ]


def _tenths(value: float) -> str:
    return number(value, _DERIVED_DECIMALS)
