"""Which commune a row means: by code, by name or by agency code, at the row's own date; never by guessing.

A new unit keeps the code (and mostly the name) of one of its predecessors, so the same text means different units
before and after the merger. Before it, codes and names are those of the old units; a unit that went whole into one
new unit is that new unit, a split one stays an old unit (`commune_code` empty, `old_code` set).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from language import _
from language.text import fold

MERGER_DAY = dt.date(2025, 7, 1)
WHOLE_EXTENTS = ("whole", "unchanged")
_TONES = "\u0300\u0309\u0303\u0301\u0323"

# What an office is called before the name of its unit; folded, longest first.
_OFFICE_WORDS = (
    "trung tam phuc vu hanh chinh cong",
    "trung tam hanh chinh cong",
    "trung tam pvhcc",
    "bo phan tiep nhan va tra ket qua",
    "bo phan mot cua",
    "uy ban nhan dan",
    "tt pvhcc",
    "ttpvhcc",
    "ttphvcc",
    "tthcc",
    "ubnd",
)
_KIND_WORDS = {
    "phuong": "ward",
    "p.": "ward",
    "xa": "commune",
    "x.": "commune",
    "dac khu": "special_zone",
    "thi tran": "township",
    "tt.": "township",
}


@dataclass(frozen=True)
class Resolution:
    """The unit a text means, or why it means none."""

    commune_code: str | None = None
    old_code: str | None = None
    rule: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class _Unit:
    """A unit of one era: `targets` are the new units it lies in today, `whole` whether it went undivided into one."""

    code: str
    label: str
    targets: tuple[str, ...]
    whole: bool
    district: str = ""


@dataclass
class Names:
    """The units of both eras, found by code, name or agency code."""

    _new_by_code: dict[str, _Unit] = field(default_factory=dict)
    _old_by_code: dict[str, _Unit] = field(default_factory=dict)
    _new_by_name: dict[tuple[str, str], list[_Unit]] = field(default_factory=lambda: defaultdict(list))
    _old_by_name: dict[tuple[str, str], list[_Unit]] = field(default_factory=lambda: defaultdict(list))
    _by_agency: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, communes: pl.DataFrame, lineage: pl.DataFrame) -> Names:
        """Build from the `commune` (commune_code, name, full_name, kind, agency_code) and `lineage` tables."""
        names = cls()
        for row in communes.iter_rows(named=True):
            unit = _Unit(
                row["commune_code"], f"{row['full_name']} ({row['commune_code']})", (row["commune_code"],), True
            )
            names._new_by_code[unit.code] = unit
            names._index(names._new_by_name, row["name"], row["kind"], unit)
            if row["agency_code"]:
                names._by_agency[row["agency_code"].upper()] = unit.code
        pieces = lineage.filter(pl.col("old_code").is_not_null()).partition_by("old_code", maintain_order=True)
        for piece in pieces:
            first = piece.row(0, named=True)
            targets = tuple(piece["new_code"].unique(maintain_order=True).to_list())
            # Land without people brings no dossiers, so it does not split a unit.
            peopled = piece.filter(pl.col("extent") != "part_area_only")
            whole = len(targets) == 1 or (
                peopled["new_code"].n_unique() == 1
                and peopled["extent"].is_in(["part_area_all_population", *WHOLE_EXTENTS]).all()
            )
            if whole and peopled.height:
                targets = tuple(peopled["new_code"].unique().to_list())
            label = ", ".join(
                part for part in (f"{first['old_name']} ({first['old_code']})", first["old_district"]) if part
            )
            unit = _Unit(first["old_code"], label, targets, whole, _district_key(first["old_district"] or ""))
            names._old_by_code[unit.code] = unit
            kind, bare = split_kind(first["old_name"] or "")
            names._index(names._old_by_name, bare, first["old_kind"] or kind, unit)
        return names

    @staticmethod
    def _index(index: dict[tuple[str, str], list[_Unit]], name: str, kind: str | None, unit: _Unit) -> None:
        for key in {(kind or "", name_key(name)), ("", name_key(name))}:
            index[key].append(unit)

    def resolve(self, *, code: str | None, name: str | None, agency: str | None, day: dt.date | None) -> Resolution:
        """The unit meant by a code, else by an agency code, else by a name, on the given day (none: today)."""
        before = day is not None and day < MERGER_DAY and bool(self._old_by_code)
        if code:
            return self._by_unit_code(code, before=before)
        if agency and (found := self._agency(agency)):
            return Resolution(commune_code=found)
        if name:
            return self._by_unit_name(name, before=before)
        if agency:
            return Resolution(
                rule="unknown_commune",
                message=_("Mã định danh «{agency}» không ứng với xã, phường nào trong danh sách.").format(
                    agency=agency
                ),
            )
        return Resolution(rule="unknown_commune", message=_("Không có mã hay tên xã, phường."))

    def _agency(self, agency: str) -> str | None:
        parts = agency.upper().strip().split(".")
        if re.fullmatch(r"[A-Y]\d{2}", parts[-1]):
            # The old order, from the desk to the province: 000.00.05.H44 is H44.05.
            parts = [part for part in reversed(parts) if part.strip("0")]
        # H44.100.05 is a desk of H44.100; an unknown tail is cut, never the head that names the unit.
        for length in range(len(parts), 1, -1):
            if found := self._by_agency.get(".".join(parts[:length])):
                return found
        return None

    def _by_unit_code(self, code: str, *, before: bool) -> Resolution:
        if before and (old := self._old_by_code.get(code)):
            return _of_old(old)
        if code in self._new_by_code:
            return Resolution(commune_code=code)
        if old := self._old_by_code.get(code):
            today = ", ".join(self._new_by_code[target].label for target in old.targets if target in self._new_by_code)
            return Resolution(
                rule="unknown_commune",
                message=_(
                    "Mã {code} là của đơn vị cũ {old}, từ 01/07/2025 thuộc {today}. Hãy ghi mã của đơn vị mới."
                ).format(code=code, old=old.label, today=today or _("đơn vị ngoài danh sách")),
            )
        return Resolution(
            rule="unknown_commune",
            message=_("Mã xã, phường {code} không có trong danh sách đơn vị.").format(code=code),
        )

    def _by_unit_name(self, text: str, *, before: bool) -> Resolution:
        answer = self._by_parsed_name(text, parse_unit_name(text), before=before)
        if answer.rule == "unknown_commune" and re.search(r"\s[-–]\s", text):
            # A dash may belong to the name (Văn Miếu - Quốc Tử Giám) or set the district off; the name comes first.
            cut = self._by_parsed_name(text, parse_unit_name(re.sub(r"\s[-–]\s", ", ", text)), before=before)
            return answer if cut.rule == "unknown_commune" else cut
        return answer

    def _by_parsed_name(self, text: str, parsed: tuple[str | None, str, str], *, before: bool) -> Resolution:
        kind, bare, district = parsed
        index = self._old_by_name if before else self._new_by_name
        found = index.get((kind or "", name_key(bare)), [])
        if not found and kind and before:
            # A source may use today's kind for an old unit; the name alone decides then, if it is the only one.
            found = index.get(("", name_key(bare)), [])
        if not found and bare.isascii():
            # The text has lost its marks altogether: only a name that is alone without marks is meant.
            wanted = fold(bare)
            units = {
                unit.code: unit
                for (unit_kind, key), candidates in index.items()
                if (unit_kind == (kind or "")) and fold(_unkey(key)) == wanted
                for unit in candidates
            }
            found = list(units.values())
        if district:
            found = [unit for unit in found if unit.district == district] or found
        # Control characters would reach the terminal that prints the message.
        shown = "".join(letter if letter.isprintable() else " " for letter in text[:60])
        if len(found) == 1:
            return _of_old(found[0]) if before else Resolution(commune_code=found[0].code)
        if found:
            return Resolution(
                rule="ambiguous_commune",
                message=_("«{name}» có thể là {candidates}. Hãy ghi mã hoặc thêm tên huyện cũ.").format(
                    name=shown, candidates=_(" hoặc ").join(unit.label for unit in found)
                ),
            )
        return Resolution(
            rule="unknown_commune",
            message=_("Không có xã, phường nào tên «{name}» vào ngày của hồ sơ.").format(name=shown),
        )


def resolve_frame(names: Names, rows: pl.DataFrame) -> pl.DataFrame:
    """Resolve the distinct rows of `code, name, agency, day` (text, text, text, Date).

    Returns one row a distinct row: those four columns (`before` in place of `day`: whether before the merger) and
    `commune_code, old_code, rule, message`.
    """
    keys = rows.with_columns(before=pl.col("day") < MERGER_DAY).drop("day").unique()
    found = [
        names.resolve(
            code=row["code"],
            name=row["name"],
            agency=row["agency"],
            day=MERGER_DAY - dt.timedelta(days=1) if row["before"] else None,
        )
        for row in keys.iter_rows(named=True)
    ]
    answers = pl.DataFrame(
        [(answer.commune_code, answer.old_code, answer.rule, answer.message) for answer in found],
        schema={"commune_code": pl.String, "old_code": pl.String, "rule": pl.String, "message": pl.String},
        orient="row",
    )
    return pl.concat([keys, answers], how="horizontal")


def split_kind(full_name: str) -> tuple[str | None, str]:
    """`Phường Phú Thọ` as `("ward", "Phú Thọ")`; a name without a kind keeps None."""
    text = full_name.strip()
    folded = fold(text)
    for word, kind in _KIND_WORDS.items():
        if folded.startswith(word) and (word.endswith(".") or folded[len(word) : len(word) + 1] == " "):
            # Folding keeps the number of letters once the text is composed and its spaces are single.
            rest = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))[len(word) :].strip()
            if rest:
                return kind, rest
    return None, text


def parse_unit_name(text: str) -> tuple[str | None, str, str]:
    """The kind, bare name and old district in a text such as `UBND xã Cộng Hòa, huyện Kim Thành`."""
    composed = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    head, *rest = re.split(r"\s*[,(]\s*", composed, maxsplit=1)
    for office in _OFFICE_WORDS:
        if fold(head).startswith(office):
            head = head[len(office) :].strip(" .:-")
            break
    kind, bare = split_kind(head)
    return kind, bare, _district_key(rest[0].rstrip(")")) if rest else ""


def name_key(name: str) -> str:
    """A name for comparing: lower case, single spaces, each tone at the end of its word, so that hoà equals hòa."""
    words = []
    for word in unicodedata.normalize("NFD", name.lower()).split():
        letters = "".join(sign for sign in word if sign not in _TONES)
        tone = "".join(sign for sign in word if sign in _TONES)
        words.append(unicodedata.normalize("NFC", letters) + tone)
    return " ".join(words)


def _unkey(key: str) -> str:
    return "".join(sign for sign in key if sign not in _TONES)


def _district_key(text: str) -> str:
    folded = fold(text.split(",")[0])
    return re.sub(r"^(huyen|quan|thi xa|thanh pho|tp\.?|tx\.?|h\.|q\.)\s*", "", folded).strip()


def _of_old(unit: _Unit) -> Resolution:
    return Resolution(commune_code=unit.targets[0] if unit.whole else None, old_code=unit.code)


def lineage_districts(lineage: pl.DataFrame, codes: Iterable[str]) -> Mapping[str, tuple[str | None, str | None]]:
    """For each new unit the old province and district that most of its pieces came from, whole pieces counted first.

    A tie goes to the piece whose code the new unit kept.
    """
    weighed = lineage.with_columns(
        weight=pl.when(pl.col("extent").is_in(WHOLE_EXTENTS)).then(100).otherwise(1)
        + pl.when(pl.col("old_code") == pl.col("new_code")).then(pl.lit(0.5)).otherwise(0)
    )
    best = (
        weighed.group_by("new_code", "old_province", "old_district")
        .agg(pl.col("weight").sum())
        .sort("weight", "old_district", descending=[True, False], nulls_last=True)
        .group_by("new_code", maintain_order=True)
        .first()
    )
    found = {row["new_code"]: (row["old_province"], row["old_district"]) for row in best.iter_rows(named=True)}
    return {code: found.get(code, (None, None)) for code in codes}
