"""The folder of a simulation: whose it is, and what describes it."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from etl.errors import UsageError
from etl.simulate.boundaries import approximate_boundaries
from etl.simulate.province import Province
from language import _

MARK_FILE = "MO-PHONG.txt"
_MARK = "Thư mục này do `python -m etl simulate` tạo ra. Mọi số liệu, con người và hồ sơ ở đây đều là mô phỏng."
APPROXIMATE = "ranh giới xấp xỉ"
_COMMUNE_COLUMNS = (
    "commune_code", "name", "kind", "area_km2", "population", "staff", "reception_staff", "centre_area_m2",
    "agency_code", "cluster",
)  # fmt: skip
_OWN_FILES = (
    "province.toml",
    "planted.json",
    "communes.csv",
    "lineage.csv",
    "boundaries.geojson",
    "old_boundaries.geojson",
    "reported.csv",
    "index_scores.csv",
    "dated_events.csv",
    "unit_facts.csv",
    "difficulties.csv",
    "corrections.csv",
)
_OWN_FOLDERS = ("exports", "logs")


def prepare_folder(directory: Path) -> None:
    """An empty folder with the simulator's mark; an earlier simulation in it is removed.

    Raises UsageError for a folder that holds anything not marked as simulated.
    """
    if directory.exists() and not directory.is_dir():
        raise UsageError(_("{directory} là một tệp, không phải thư mục.").format(directory=directory))
    mark = directory / MARK_FILE
    if directory.is_dir() and any(directory.iterdir()):
        if not (mark.is_file() and mark.read_text(encoding="utf-8").startswith(_MARK)):
            raise UsageError(
                _(
                    "{directory} đã có dữ liệu không phải do lệnh này tạo ra, nên không ghi đè. "
                    "Hãy chọn một thư mục trống hoặc chưa có."
                ).format(directory=directory)
            )
        for name in _OWN_FILES:
            (directory / name).unlink(missing_ok=True)
        for name in _OWN_FOLDERS:
            shutil.rmtree(directory / name, ignore_errors=True)
    directory.mkdir(parents=True, exist_ok=True)
    mark.write_text(f"{_MARK}\n", encoding="utf-8")
    for name in ("exports/cu", "logs"):
        (directory / name).mkdir(parents=True, exist_ok=True)


def write_description(
    directory: Path,
    *,
    province: Province,
    blocks: list[tuple[str, dict[str, object]]],
    state_at: dt.datetime,
    planted: Mapping[str, object],
    reported: str,
    index_scores: str,
    dated_events: str,
    unit_facts: str,
    difficulties: str,
    corrections: str,
) -> None:
    """Communes, lineage, boundaries, the small tables, what was planted, and last `province.toml`, so that a half-made
    folder cannot be loaded."""
    communes = province.communes.drop("name").rename({"full_name": "name"}).select(_COMMUNE_COLUMNS)
    communes.write_csv(directory / "communes.csv")
    province.lineage.write_csv(directory / "lineage.csv")
    for name, text in _boundary_texts(province.province_code).items():
        (directory / f"{name}.geojson").write_text(text, encoding="utf-8")
    tables = {
        "reported": reported,
        "index_scores": index_scores,
        "dated_events": dated_events,
        "unit_facts": unit_facts,
        "difficulties": difficulties,
        "corrections": corrections,
    }
    # A short simulation ends before anything of a kind happened; a file of headings alone would be no table.
    tables = {name: text for name, text in tables.items() if len(text.splitlines()) > 1}
    for name, text in tables.items():
        (directory / f"{name}.csv").write_text(text, encoding="utf-8")
    (directory / "planted.json").write_text(json.dumps(planted, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    lines = [
        f"# {_MARK}",
        f"# Trạng thái đến {state_at:%d/%m/%Y %H:%M}.",
        "",
        "[province]",
        f"code = {_value(province.province_code)}",
        f"name = {_value(province.name)}",
        'timezone = "Asia/Ho_Chi_Minh"',
        "simulated = true",
        "",
        *_table("communes", {"path": "communes.csv", "columns": {name: name for name in _COMMUNE_COLUMNS}}),
    ]
    for table, code in (("boundaries", "commune_code"), ("old_boundaries", "old_code")):
        keys = {"path": f"{table}.geojson", "source": APPROXIMATE, "approximate": True, "columns": {code: code}}
        lines += _table(table, keys)
    lines += _table("lineage", {"path": "lineage.csv", "columns": {name: name for name in province.lineage.columns}})
    for name in tables:
        lines += _table(name, {"path": f"{name}.csv"})
    for kind, keys in blocks:
        lines += _table(kind, keys, repeated=True)
    (directory / "province.toml").write_text("\n".join(lines), encoding="utf-8")


@cache
def _boundary_texts(province_code: str) -> dict[str, str]:
    """The GeoJSON of the communes and of the old units; laying them out takes as long as a small simulation."""
    frames = zip(("boundaries", "old_boundaries"), approximate_boundaries(province_code), strict=True)
    return {name: frame.assign(source=APPROXIMATE).to_json(drop_id=True, to_wgs84=False) for name, frame in frames}


def _table(name: str, keys: Mapping[str, object], *, repeated: bool = False) -> list[str]:
    lines = [f"[[{name}]]" if repeated else f"[{name}]"]
    later = []
    for key, value in keys.items():
        if "." in key and isinstance(value, Mapping):
            later += [f"[{name}.{key}]", *(f"{_value(word)} = {_value(meaning)}" for word, meaning in value.items())]
        elif isinstance(value, Mapping):
            pairs = ", ".join(f"{inner} = {_value(heading)}" for inner, heading in value.items())
            lines.append(f"{key} = {{ {pairs} }}")
        else:
            lines.append(f"{key} = {_value(value)}")
    return [*lines, *later, ""]


def _value(value: object) -> str:
    # A JSON text, number or truth value is written the same in TOML.
    return json.dumps(value, ensure_ascii=False)
