"""Refused rows by rule and commune, as far as a refused row still says which commune it is about."""

from __future__ import annotations

import json

import polars as pl

from language.text import fold
from warehouse import Snapshot
from warehouse.rejects import refused_rows

# A column that names another commune than the one whose term counts.
_OTHERS = ("huong dan", "tiep nhan", "received_by", "helped_by")


def refused_by_commune(snapshot: Snapshot) -> pl.DataFrame:
    """All `reject` rows with `commune`: found by code, agency code or name among the row's own values; else null."""
    rows = refused_rows(snapshot)
    units = snapshot.query("select commune_code, agency_code, full_name from commune")
    codes = {code: code for code in units["commune_code"]}
    agencies = dict(units.filter(pl.col("agency_code").is_not_null()).select("agency_code", "commune_code").rows())
    names = {fold(name): code for code, name in units.select("commune_code", "full_name").rows()}
    known = {"code": codes, "agency": agencies, "name": names}
    found = [_commune_of(text, known) for text in rows["source_row"]]
    return rows.with_columns(commune=pl.Series(found, dtype=pl.String))


def _commune_of(source_row: str | None, known: dict[str, dict[str, str]]) -> str | None:
    values = json.loads(source_row) if source_row else {}
    own = [value for heading, value in values.items() if not any(other in fold(heading) for other in _OTHERS)]
    texts = [value.strip() for value in own if isinstance(value, str) and value.strip()]
    for text in texts:
        if code := known["code"].get(text.zfill(5)) or known["agency"].get(text):
            return code
        # A name under its office: "UBND phường Phú Thọ", "Trung tâm PVHCC xã Tam Nông".
        folded = fold(text)
        for start in ("phuong ", "xa ", "dac khu "):
            if start in folded and (code := known["name"].get(folded[folded.index(start) :])):
                return code
    for text in texts:
        # The dossier's code begins with the agency's: H44.166-260806-0001.
        if code := known["agency"].get(text.split("-")[0]):
            return code
    return None
