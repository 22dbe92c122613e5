"""The register of the old units' last months before 1 July 2025, so that before and after can be set side by side."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from etl.calendar import load_calendar
from etl.simulate.clock import FIRST_DAY
from etl.simulate.profiles import Procedures
from etl.simulate.province import Province

FILE = "exports/truoc_sap_xep.csv"
_FIRST = dt.date(2025, 4, 1)
# Everything was handed over finished.
_LAST = dt.date(2025, 6, 20)
_STATE_AT = dt.datetime(2025, 6, 30, 18)
_LATE = 0.035
_FORMAT = "%d/%m/%Y %H:%M:%S"
_HEADINGS = {
    "dossier_id": "Mã hồ sơ",
    "commune_code": "Mã xã cũ",
    "procedure_code": "Mã thủ tục",
    "channel": "Hình thức nộp",
    "received_at": "Ngày tiếp nhận",
    "due_at": "Ngày hẹn trả",
    "finished_at": "Ngày có kết quả",
    "status": "Trạng thái",
}


def old_register(province: Province, procedures: Procedures, *, dossiers: int, seed: int) -> pl.DataFrame:
    """So many finished dossiers of the old units, spread over them and over the working days of April to June."""
    rng = np.random.default_rng([seed, int(province.province_code), 2025])
    units = province.lineage["old_code"].unique().sort().to_list()
    days = [day for day in _working_days() if day <= _LAST]
    places = {day: place for place, day in enumerate(_working_days())}
    chances = procedures.mix(0.3)
    chosen = pl.DataFrame(
        {
            "unit": rng.choice(len(units), dossiers, p=rng.dirichlet(np.full(len(units), 4.0))),
            "day": np.sort(rng.integers(0, len(days), dossiers)),
            "procedure": rng.choice(len(chances), dossiers, p=chances),
            "minute": rng.integers(0, 220, dossiers),
            "online": rng.random(dossiers) < 0.35,
            "late": rng.random(dossiers) < _LATE,
            "pace": rng.beta(1.2, 2.5, dossiers),
        }
    )
    calendar, codes = list(places), procedures.table["procedure_code"].to_list()
    rows = []
    for number, row in enumerate(chosen.iter_rows(named=True), start=1):
        received = days[row["day"]]
        term = max(1, int(procedures.term[row["procedure"]]))
        due = calendar[min(places[received] + term, len(calendar) - 1)]
        used = term + 1 if row["late"] else int(row["pace"] * term)
        finished = calendar[min(places[received] + used, len(calendar) - 1)]
        at = dt.datetime.combine(received, dt.time(7, 30)) + dt.timedelta(minutes=row["minute"])
        done = dt.datetime.combine(finished, dt.time(13, 30)) + dt.timedelta(minutes=row["minute"])
        rows.append(
            (
                f"{province.agency_head}.{row['unit'] % 900 + 100}-{received:%y%m%d}-{number:05d}",
                units[row["unit"]],
                codes[row["procedure"]],
                "Trực tuyến" if row["online"] and procedures.is_online[row["procedure"]] else "Trực tiếp",
                at.strftime(_FORMAT),
                due.strftime("%d/%m/%Y"),
                done.strftime(_FORMAT),
                "Đã trả kết quả",
            )
        )
    return pl.DataFrame(rows, schema=list(_HEADINGS.values()), orient="row")


def block() -> tuple[str, dict[str, object]]:
    """The block of `province.toml` that describes the file."""
    return "dossiers", {"path": FILE, "state_at": _STATE_AT.isoformat(), "columns": dict(_HEADINGS)}


def _working_days() -> list[dt.date]:
    days = load_calendar().days.filter(
        pl.col("is_working") & pl.col("day").is_between(_FIRST, FIRST_DAY, closed="left")
    )
    return days["day"].to_list()
