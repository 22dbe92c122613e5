"""How exports write a unit: by its code, by its agency code, or by one of the names that offices go under."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

# The column of a row's own chance (0 to 1), which picks among the ways of writing.
CHANCE = "_chance"
_OLD_TONE_MARKS = {
    **{"òa": "oà", "óa": "oá", "ỏa": "oả", "ọa": "oạ", "òe": "oè"},
    **{"óe": "oé", "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ụy": "uỵ"},
}


@dataclass(frozen=True)
class UnitTexts:
    """How units are written: by code, the texts of each way that a family may use."""

    texts: Mapping[str, Mapping[str, tuple[str, ...]]]

    @classmethod
    def of(cls, communes: pl.DataFrame) -> UnitTexts:
        ways: dict[str, dict[str, tuple[str, ...]]] = {
            way: {} for way in ("code", "bare_code", "name", "old_name", "agency")
        }
        for code, full_name, agency in communes.select("commune_code", "full_name", "agency_code").iter_rows():
            small = full_name[0].lower() + full_name[1:]
            ways["code"][code] = (code,)
            ways["bare_code"][code] = (code.lstrip("0"),)
            ways["agency"][code] = (agency,)
            ways["name"][code] = (full_name, f"UBND {small}", f"Trung tâm PVHCC {small}")
            ways["old_name"][code] = tuple(
                _old_tone_marks(text) for text in (full_name, f"UBND {small}", _short(full_name))
            )
        unknown = {
            "code": "99999",
            "bare_code": "99999",
            "name": "Xã Không Có Thật",
            "old_name": "Xã Không Có Thật",
            "agency": "H99.999",
        }
        for way, text in unknown.items():
            ways[way]["99999"] = (text,)
        return cls(ways)

    def expression(self, column: str, way: str) -> pl.Expr:
        """The text of a column of codes; where there are several the row's chance picks."""
        texts = self.texts[way]
        widest = max(len(choice) for choice in texts.values())
        picks = [
            pl.col(column).replace_strict(
                {code: choice[pick % len(choice)] for code, choice in texts.items()}, default=None
            )
            for pick in range(widest)
        ]
        pick = (pl.col(CHANCE) * 997).cast(pl.Int64) % widest
        result = picks[0]
        for number, expression in enumerate(picks[1:], start=1):
            result = pl.when(pick == number).then(expression).otherwise(result)
        return result


def _old_tone_marks(text: str) -> str:
    """Tone marks where they used to stand, at the end of a syllable: Hòa -> Hoà, Thủy -> Thuỷ."""
    return re.sub(r"(òa|óa|ỏa|ọa|òe|óe|ùy|úy|ủy|ụy)\b", lambda found: _OLD_TONE_MARKS[found[0]], text)


def _short(full_name: str) -> str:
    kind, _space, rest = full_name.partition(" ")
    return {"Phường": f"P. {rest}", "Xã": f"X. {rest}"}.get(kind, full_name)
