"""The units of a province as the simulator needs them, from the reviewed reference tables."""

from __future__ import annotations

import polars as pl

from etl import reference
from etl.errors import UsageError
from language import _

# Province heads of agency codes (QĐ 20/2020/QĐ-TTg) as far as they are known; H00 stands for the others.
_AGENCY_HEADS = {
    "01": "H26",
    "12": "H35",
    "24": "H05",
    "25": "H44",
    "31": "H24",
    "33": "H31",
    "37": "H42",
    "51": "H48",
    "52": "H21",
    "66": "H15",
    "86": "H61",
    "92": "H13",
}
_KIND_WORDS = {
    "ward": "Phường",
    "commune": "Xã",
    "special_zone": "Đặc khu",
    "township": "Thị trấn",
    "district": "Huyện",
}


def province_name(province_code: str) -> str:
    """The bare name ("Phú Thọ"). Raises UsageError, naming the 34 provinces, where the code is none of theirs."""
    names = dict(reference.provinces().select("province_code", "province_name").iter_rows())
    if province_code not in names:
        known = ", ".join(f"{code} {name}" for code, name in names.items())
        raise UsageError(
            _("Không có tỉnh, thành phố mã «{code}». Hãy chọn một trong: {known}.").format(
                code=province_code, known=known
            )
        )
    return str(names[province_code])


def agency_head(province_code: str) -> str:
    """What the agency codes of the province begin with."""
    return _AGENCY_HEADS.get(province_code, "H00")


def load_units(province_code: str) -> pl.DataFrame:
    """One row a unit in force, by code: commune_code, name, full_name, kind (Vietnamese), area_km2, lon, lat."""
    units = reference.units(province_code)
    return units.select(
        "commune_code", "name", "full_name", pl.col("kind").replace(_KIND_WORDS), "area_km2", "lon", "lat"
    ).sort("commune_code")


def load_lineage(province_code: str) -> pl.DataFrame:
    """One row a piece: new_code, old_code, old_name, old_kind, old_district, old_province, extent."""
    old = reference.old_units().select(
        "old_code",
        old_name="full_name",
        old_kind=pl.col("kind").replace(_KIND_WORDS),
        old_district="district",
        old_province="province",
    )
    pieces = reference.lineage(province_code).select("new_code", "old_code", "extent")
    return (
        pieces.join(old, on="old_code", how="left", validate="m:1")
        .select("new_code", "old_code", "old_name", "old_kind", "old_district", "old_province", "extent")
        .sort("new_code", "old_code", nulls_last=True)
    )
