"""Boundary files: read in whatever format and projection, checked against the communes, made ready for maps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely

from etl.errors import DataError
from etl.shapes import as_coverage, for_map, inner_points, polygons_only, square_kilometres
from etl.values import commune_code
from language import _
from language.formats import number, percent
from language.reasons import reason
from language.text import fold

SUFFIXES = (".geojson", ".json", ".parquet", ".gpkg", ".shp", ".zip")
# Headings that mean the code of a unit where none is declared, folded; the first that the file has is taken.
CODE_HEADINGS = (
    "commune_code", "old_code", "code", "ma_xa", "maxa", "ma xa", "ma_dvhc", "madvhc", "ma dvhc", "maphuongxa",
    "ma_phuong_xa", "ma don vi hanh chinh", "ward_code", "wardcode", "xa_code", "commune_id", "ma",
)  # fmt: skip
# Vietnam with its seas and islands, generously: west, south, east, north.
FRAME = (101.0, 4.0, 118.0, 24.0)
# A unit's outline may differ so much from its declared area; on the coast official figures and maps often do.
AREA_TOLERANCE = 0.2
# Polygons of other provinces are named one by one up to so many.
FOREIGN_LISTED = 20
# What the libraries below us raise over a file that they cannot make out; all of pyogrio's are RuntimeErrors.
_READING_ERRORS = (RuntimeError, pa.ArrowException, shapely.errors.ShapelyError)


@dataclass(frozen=True)
class BoundaryWarning:
    """What does not fit; the file is used all the same. `commune_code` is None where it concerns the whole file."""

    rule: str
    commune_code: str | None
    message: str


def read_boundaries(
    path: Path,
    *,
    code_column: str | None = None,
    output_column: str = "commune_code",
    crs: str | None = None,
    shown_as: str | None = None,
) -> gpd.GeoDataFrame:
    """The file's polygons in WGS 84, valid: `output_column` (5 digits) and `geometry`; warnings lie in `.attrs`.

    `crs` overrules what the file says of its projection; a file that says nothing must lie in Vietnam as degrees.
    Raises DataError for a file that cannot be read or used, naming it as `shown_as`.
    """
    shown = shown_as or path.name
    frame = _load(path, shown)
    column = _code_column(frame, code_column, shown)
    warnings: list[BoundaryWarning] = []
    frame = _with_codes(frame, column, shown, warnings)
    frame = _in_degrees(frame, crs, shown, warnings)
    shapes = [polygons_only(shape) for shape in frame.geometry]
    kept = np.array([shape is not None for shape in shapes], dtype=bool)
    if not kept.any():
        raise DataError(
            _("{file}: không có vùng (polygon) nào, chỉ có điểm hoặc đường. Hãy xuất lớp ranh giới dạng vùng.")
            .format(file=shown)
        )  # fmt: skip
    mended = kept & ~frame.geometry.is_valid.to_numpy()
    warnings += [
        BoundaryWarning("polygon_repaired", code, _("Ranh giới của {code} tự cắt, đã được sửa.").format(code=code))
        for code in frame.loc[mended, "code"]
    ]
    codes, polygons = frame.loc[kept, "code"].to_list(), [shape for shape in shapes if shape is not None]
    found = gpd.GeoDataFrame({output_column: codes}, geometry=polygons, crs="EPSG:4326")
    found.attrs["warnings"] = warnings
    return found


def prepare_boundaries(
    boundaries: gpd.GeoDataFrame, communes: pl.DataFrame
) -> tuple[pl.DataFrame, list[BoundaryWarning]]:
    """(`commune_code, wkb, map_geojson, lon, lat` of the communes that have a polygon, what does not fit).

    `communes` has `commune_code` and may have `area_km2` and `full_name`. The point lies inside the polygon.
    """
    warnings: list[BoundaryWarning] = list(boundaries.attrs.get("warnings", []))
    known = communes["commune_code"].to_list()
    drawn = boundaries["commune_code"].to_list()
    names = dict(zip(known, communes["full_name"], strict=True)) if "full_name" in communes.columns else {}
    for code in sorted(set(known) - set(drawn)):
        message = _("{name} ({code}) không có ranh giới trong tệp.").format(name=names.get(code) or code, code=code)
        warnings.append(BoundaryWarning("commune_without_polygon", code, message))
    warnings += _foreign(sorted(set(drawn) - set(known)))
    own = boundaries[boundaries["commune_code"].isin(known)].sort_values("commune_code")
    if own.empty:
        raise DataError(
            _("Không ranh giới nào có mã thuộc danh sách xã: tệp có {found}, danh sách có {wanted}. "
              "Hãy kiểm tra cột mã và tỉnh của tệp ranh giới.")
            .format(found=", ".join(drawn[:3]), wanted=", ".join(known[:3]))
        )  # fmt: skip
    prepared, shapes, overlapping = _prepared(own, "commune_code")
    for code in overlapping:
        message = _("Ranh giới của {name} ({code}) chồng hoặc hở với vùng bên cạnh.").format(
            name=names.get(code) or code, code=code
        )
        warnings.append(BoundaryWarning("polygons_mismatched", code, message))
    if "area_km2" in communes.columns:
        declared = dict(zip(known, communes["area_km2"].cast(pl.Float64), strict=True))
        for code, drawn_area in zip(prepared["commune_code"], square_kilometres(shapes), strict=True):
            area = declared[code]
            if area and abs(drawn_area / area - 1) > AREA_TOLERANCE:
                message = _("{name} ({code}): vùng vẽ rộng {drawn} km², khai {declared} km² (lệch {share}).").format(
                    name=names.get(code) or code, code=code, drawn=number(drawn_area, 2), declared=number(area, 2),
                    share=percent(drawn_area / area - 1),
                )  # fmt: skip
                warnings.append(BoundaryWarning("area_differs", code, message))
    return prepared, warnings


def prepare_old_boundaries(boundaries: gpd.GeoDataFrame) -> pl.DataFrame:
    """`old_code, wkb, map_geojson, lon, lat` of the old units' outlines."""
    return _prepared(boundaries.sort_values("old_code"), "old_code")[0]


def _prepared(frame: gpd.GeoDataFrame, code: str) -> tuple[pl.DataFrame, Any, list[str]]:
    codes = frame[code].to_list()
    shapes, at_fault = as_coverage(frame.geometry.to_numpy())
    points = inner_points(shapes)
    table = pl.DataFrame(
        {
            code: codes,
            "wkb": list(shapely.to_wkb(shapes)),
            "map_geojson": for_map(shapes),
            "lon": points[:, 0],
            "lat": points[:, 1],
        },
        schema_overrides={code: pl.String, "wkb": pl.Binary, "map_geojson": pl.String},
    )
    return table, shapes, [codes[place] for place in at_fault]


def _foreign(codes: list[str]) -> list[BoundaryWarning]:
    if len(codes) > FOREIGN_LISTED:
        message = _("{n} vùng trong tệp không có trong danh sách xã: {codes}, …").format(
            n=number(len(codes)), codes=", ".join(codes[:5])
        )
        return [BoundaryWarning("polygon_without_commune", None, message)]
    text = _("Vùng có mã {code} không có trong danh sách xã.")
    return [BoundaryWarning("polygon_without_commune", code, text.format(code=code)) for code in codes]


# ---- reading ---------------------------------------------------------------------------------------------------------


def _load(path: Path, shown: str) -> gpd.GeoDataFrame:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise DataError(
            _("{file}: không đọc được ranh giới dạng «{suffix}». Các dạng đọc được: {known}.")
            .format(file=shown, suffix=suffix, known=", ".join(SUFFIXES))
        )  # fmt: skip
    try:
        with catch_warnings():
            simplefilter("ignore", RuntimeWarning)  # GDAL's own, in English; what matters is raised
            if suffix == ".parquet":
                frame = _load_parquet(path, shown)
            else:
                frame = gpd.read_file(path, layer=_layer(path, shown))
    except (*_READING_ERRORS, OSError, ValueError, TypeError) as error:
        raise _unreadable(shown, error) from None
    if frame.empty:
        raise DataError(_("{file}: không có vùng nào. Hãy kiểm tra lại tệp.").format(file=shown))
    if not isinstance(frame, gpd.GeoDataFrame) or frame.geometry.isna().all():
        raise DataError(_("{file}: không có ranh giới, chỉ có bảng. Hãy xuất lớp có hình học.").format(file=shown))
    return frame


def _load_parquet(path: Path, shown: str) -> gpd.GeoDataFrame:
    try:
        names = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(shown, error) from None
    if b"geo" not in (names.metadata or {}):
        raise DataError(_("{file}: tệp Parquet không phải GeoParquet nên không có ranh giới.").format(file=shown))
    return gpd.read_parquet(path)


def _layer(path: Path, shown: str) -> str | None:
    """The one layer of polygons; None where the format knows no layers."""
    layers = pyogrio.list_layers(path)
    if len(layers) < 2:
        return None
    polygons = [str(name) for name, kind in layers if kind is not None and "Polygon" in kind]
    if len(polygons) != 1:
        listed = ", ".join(str(name) for name, _kind in layers)
        raise DataError(
            _("{file}: có nhiều lớp ({layers}). Hãy xuất riêng lớp ranh giới cấp xã ra một tệp.")
            .format(file=shown, layers=listed)
        )  # fmt: skip
    return polygons[0]


def _unreadable(shown: str, error: Exception) -> DataError:
    return DataError(
        _("{file}: không đọc được tệp ranh giới ({reason}). Hãy xuất lại tệp rồi nạp lại.").format(
            file=shown, reason=reason(error)
        )
    )


def _code_column(frame: gpd.GeoDataFrame, wanted: str | None, shown: str) -> str:
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    if wanted is not None and wanted in columns:
        return wanted
    by_name = {fold(column): column for column in reversed(columns)}
    # Shapefiles keep ten letters of a heading, many programs change its case.
    candidates = CODE_HEADINGS if wanted is None else (fold(wanted), fold(wanted)[:10])
    for name in candidates:
        if name in by_name:
            return by_name[name]
    listed = ", ".join(columns) or _("không có cột nào")
    if wanted is None:
        raise DataError(
            _("{file}: không biết cột nào là mã đơn vị. Hãy khai trong columns; tệp có các cột: {columns}.")
            .format(file=shown, columns=listed)
        )  # fmt: skip
    raise DataError(
        _("{file}: không có cột mã «{column}». Tệp có các cột: {columns}.")
        .format(file=shown, column=wanted, columns=listed)
    )  # fmt: skip


def _with_codes(frame: gpd.GeoDataFrame, column: str, shown: str, warnings: list[BoundaryWarning]) -> gpd.GeoDataFrame:
    """The rows that have a code and a shape, the code in `code`."""
    texts = pl.Series("code", [None if pd.isna(value) else str(value) for value in frame[column]], dtype=pl.String)
    frame = frame.assign(code=texts.to_frame().select(commune_code(pl.col("code"))).to_series().to_list())
    blank = int(frame["code"].isna().sum())
    if blank == len(frame):
        raise DataError(_("{file}: cột mã «{column}» để trống cả.").format(file=shown, column=column))
    if blank:
        message = _("{n} vùng không có mã, bị bỏ qua.").format(n=number(blank))
        warnings.append(BoundaryWarning("polygon_without_code", None, message))
    frame = frame[frame["code"].notna() & frame.geometry.notna()].reset_index(drop=True)
    repeated = sorted(set(frame.loc[frame["code"].duplicated(), "code"]))
    if repeated:
        raise DataError(
            _("{file}: {n} mã lặp lại trong cột «{column}»: {codes}. Mỗi đơn vị phải là một dòng (gộp các mảnh lại).")
            .format(file=shown, n=number(len(repeated)), column=column, codes=", ".join(repeated[:10]))
        )  # fmt: skip
    return frame


# ---- coordinates -----------------------------------------------------------------------------------------------------


def _in_degrees(
    frame: gpd.GeoDataFrame, crs: str | None, shown: str, warnings: list[BoundaryWarning]
) -> gpd.GeoDataFrame:
    """The frame in WGS 84, within Vietnam."""
    if crs is not None:
        try:
            declared = pyproj.CRS.from_user_input(crs)
        except pyproj.exceptions.CRSError:
            raise DataError(
                _("{file}: không hiểu hệ toạ độ crs = «{crs}». Hãy ghi mã EPSG, ví dụ «EPSG:3405» (VN-2000 múi 48).")
                .format(file=shown, crs=crs)
            ) from None  # fmt: skip
        frame = frame.set_crs(declared, allow_override=True)
    elif frame.crs is None:
        if not _within(frame.total_bounds) and not _within(_swapped(frame.total_bounds)):
            raise DataError(_ask_for_crs(shown, frame.total_bounds))
        frame = frame.set_crs("EPSG:4326")
    if frame.crs.is_geographic and _within(_swapped(frame.total_bounds)):
        mirrored = shapely.transform(frame.geometry.to_numpy(), lambda corners: corners[:, ::-1])
        frame = frame.set_geometry(mirrored).set_crs(frame.crs, allow_override=True)
        message = _("{file}: kinh độ và vĩ độ bị đảo chỗ, đã được đổi lại.").format(file=shown)
        warnings.append(BoundaryWarning("axes_swapped", None, message))
    frame = frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy())).set_crs(frame.crs, allow_override=True)
    frame = frame.to_crs("EPSG:4326")
    if not _within(frame.total_bounds):
        raise DataError(_ask_for_crs(shown, frame.total_bounds))
    return frame


def _within(bounds: Any) -> bool:
    west, south, east, north = (float(value) for value in bounds)
    return bool(FRAME[0] <= west <= east <= FRAME[2] and FRAME[1] <= south <= north <= FRAME[3])


def _swapped(bounds: Any) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    return south, west, north, east


def _ask_for_crs(shown: str, bounds: Any) -> str:
    corners = ", ".join(f"{value:.6g}" for value in bounds)
    return _(
        "{file}: toạ độ ({corners}) không nằm trong Việt Nam. Hãy khai hệ toạ độ của tệp bằng khoá crs, "
        'ví dụ crs = "EPSG:3405" (VN-2000 UTM múi 48) hoặc "EPSG:9209" (kinh tuyến trục 105°30\').'
    ).format(file=shown, corners=corners)
