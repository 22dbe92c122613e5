"""What three units of a simulated province say of one month, so that the screen of reported figures has a log to meet.

They count as units do: one by receipt like the log, one by submission, one roughly and on the morning of the last day.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from etl.simulate.clock import DAY, FIRST_DAY
from etl.simulate.register import Dossiers
from etl.simulate.steps import Step

# What five source stories reported: real figures of real units, each with its source.
_STORIES = Path(__file__).resolve().parents[2] / "data" / "reference" / "reported_stories.csv"
REPORTERS = 3
_FIRST, _LAST = dt.date(2025, 9, 1), dt.date(2025, 9, 30)
_MORNING_ENDS = 11 * 3600 + 30 * 60
_SOURCE = "Báo cáo tháng 9/2025 (mô phỏng)"
_NOTE = "dựng để xem thử"


def busiest(counts: Sequence[int]) -> list[int]:
    """The positions of the units that report, those with most dossiers first."""
    return sorted(range(len(counts)), key=lambda position: -counts[position])[:REPORTERS]


def reported_figures(units: Sequence[Dossiers]) -> str:
    """The demo's `reported.csv`: the source stories, then the reports of the simulated units.

    Of a simulation that does not reach the month, the stories only.
    """
    stories = _STORIES.read_text(encoding="utf-8")
    headings = next(csv.reader([stories.partition("\n")[0]]))
    rows: list[dict[str, str]] = []
    for way, unit in zip(("received", "submitted", "roughly"), units, strict=False):
        received, resolved = (unit.timeline.times[:, step] for step in (Step.RECEIVE, Step.STAMP))
        asked = unit.arrivals.submitted if way == "submitted" else received
        came, done = _in_month(asked, way), _in_month(resolved, way)
        ends = "30/09/2025 11:30" if way == "roughly" else "30/09/2025"
        about = (
            {"value": str(int(round(came, -1))), "precision": "khoảng"} if way == "roughly" else {"value": str(came)}
        )
        figures = [{"measure": "Tiếp nhận", **about}, {"measure": "Đã giải quyết", "value": str(done)}]
        common = {
            "unit_name": str(unit.commune["full_name"]),
            "commune_code": str(unit.commune["commune_code"]),
            "starts_at": "01/09/2025",
            "ends_at": ends,
            "source": _SOURCE,
            "source_date": "01/10/2025",
            "note": _NOTE,
        }
        rows += [common | figure for figure in figures if came]
    text = io.StringIO()
    csv.DictWriter(text, headings, lineterminator="\n").writerows(rows)
    return stories + text.getvalue()


def _in_month(moments: np.ndarray, way: str) -> int:
    first = (_FIRST - FIRST_DAY).days * DAY
    end = ((_LAST - FIRST_DAY).days + 1) * DAY
    if way == "roughly":
        end += _MORNING_ENDS - DAY
    return int(((moments >= first) & (moments < end)).sum())
