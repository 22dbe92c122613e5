"""Values of dimensions as a reader would say them: names of communes, words for channels and kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from indicators.printing import dimension_name, value_names
from language import _
from warehouse import Snapshot


def value_in_words(snapshot: Snapshot, dimension: str, values: pl.Series) -> pl.Series:
    """The values of one dimension in words; a commune that is null stands for old units that were split."""
    missing = _("Đơn vị cũ bị chia tách") if dimension == "commune" else _("(không xác định)")
    return values.cast(pl.String).replace(_names(snapshot, dimension)).fill_null(missing)


def filters_in_words(snapshot: Snapshot, given: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Pairs of a dimension and its chosen values, from `Filters.given()`."""
    pairs = []
    for dimension, values in given.items():
        names = _names(snapshot, dimension)
        pairs.append((dimension_name(dimension), ", ".join(names.get(value, value) for value in values)))
    return pairs


def extent_words(extent: str) -> str:
    """What of an old unit came, in the words of a resolution."""
    return {
        "whole": _("toàn bộ"),
        "unchanged": _("giữ nguyên, không sắp xếp"),
        "part": _("một phần diện tích và dân số"),
        "part_area_only": _("một phần diện tích, không có dân"),
        "part_area_all_population": _("một phần diện tích, toàn bộ dân số"),
        "remainder": _("phần còn lại"),
    }.get(extent, _("một phần"))


def stop_words(cause: str) -> str:
    """Why a clock stood."""
    return {
        "supplement": _("chờ công dân bổ sung giấy tờ"),
        "payment": _("chờ thực hiện nghĩa vụ tài chính"),
        "other_agency": _("chờ cơ quan khác"),
        "on_request": _("dừng theo đề nghị"),
        "public_notice": _("niêm yết công khai"),
    }.get(cause, _("nguyên nhân khác"))


def _names(snapshot: Snapshot, dimension: str) -> dict[str, str]:
    if dimension == "commune":
        return dict(snapshot.query("select commune_code, full_name from commune").iter_rows())
    if dimension == "procedure":
        sql = "select procedure_code, any_value(name order by valid_from desc) from procedure group by all"
        return {code: f"{code} {name or ''}".strip() for code, name in snapshot.query(sql).iter_rows()}
    return value_names(dimension)
