"""Scores of Decision 766 that a simulated portal publishes: what no dossier tells, and its own reading of the terms."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence

import numpy as np

from etl.simulate.clock import DAY, FIRST_DAY, Clock
from etl.simulate.register import Dossiers
from etl.simulate.steps import Step

HEADINGS = ("Mã xã", "Đơn vị", "Từ ngày", "Đến ngày", "Chỉ số", "Điểm", "Điểm tối đa", "Nguồn", "Ngày công bố")
_SOURCE = "Cổng Dịch vụ công quốc gia (mô phỏng)"
# The portal publishes the year so far, ten days after the quarter.
_PERIODS = (
    (dt.date(2025, 7, 1), dt.date(2025, 12, 31)),
    (dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
    (dt.date(2026, 1, 1), dt.date(2026, 6, 30)),
    (dt.date(2026, 1, 1), dt.date(2026, 9, 30)),
)
_PUBLISHED_AFTER = dt.timedelta(days=10)
# Of the province, the same for every unit; of the units: maximum and what a usual unit reaches of it.
_OF_PROVINCE: dict[str, tuple[float, float]] = {"1.1": (6, 0.97), "1.2": (4, 1.0), "1.3": (2, 0.95), "1.4": (6, 0.91)}
_OF_UNIT: dict[str, tuple[float, float]] = {
    **{"3.1": (4, 0.96), "3.2": (4, 0.62), "3.4": (3.33, 0.9), "4.3": (2, 0.7), "4.4": (4, 0.78)},
    **{"4.5a": (2, 0.83), "4.5b": (2, 0.8), "4.6": (2, 0.55), "5.4": (6, 0.98)},
}
_PETITIONS_A_PERIOD = 3.0
_WITHOUT_SATISFACTION = 40


def periods(limit: int) -> list[tuple[dt.date, dt.date]]:
    """The periods that have been published by the last second of the simulation."""
    last = FIRST_DAY + dt.timedelta(seconds=limit)
    return [period for period in _PERIODS if period[1] + _PUBLISHED_AFTER <= last]


def on_time_points(dossiers: Dossiers, *, limit: int, clock: Clock) -> list[float | None]:
    """Component 2.1 as the portal reads it, for each period: by the promise of the day, supplements not looked at."""
    received, closed = (dossiers.timeline.times[:, step] for step in (Step.RECEIVE, Step.STAMP))
    points: list[float | None] = []
    for starts, ends in periods(limit):
        first, end = (starts - FIRST_DAY).days * DAY, ((ends - FIRST_DAY).days + 1) * DAY
        counts = (received < end) & (closed >= first)
        due_day = dossiers.timeline.due_at(end, clock) // DAY
        ended = np.minimum(closed, end - 1) // DAY
        total = int(counts.sum())
        points.append(round(20 * float((counts & (ended <= due_day)).sum()) / total, 2) if total else None)
    return points


def index_scores(
    units: Sequence[tuple[str, str]], on_time: Mapping[int, Sequence[float | None]], *, limit: int, seed: int
) -> str:
    """The demo's `index_scores.csv`: code and full name of each unit, and by its position `on_time_points`.

    Every fortieth unit has no satisfaction scores, as happens.
    """
    generator = np.random.default_rng([766, seed])
    skill = generator.normal(0, 0.06, len(units))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for place, (starts, ends) in enumerate(periods(limit)):
        window = (f"{starts:%d/%m/%Y}", f"{ends:%d/%m/%Y}")
        source = (_SOURCE, f"{ends + _PUBLISHED_AFTER:%d/%m/%Y}")
        for item, (maximum, share) in _OF_PROVINCE.items():
            writer.writerow(["", "Toàn tỉnh", *window, item, _text(maximum * share), _text(maximum), *source])
        reached_by_item: dict[str, list[float]] = {}
        for position, (code, name) in enumerate(units):
            scores = {
                item: (maximum, maximum * float(np.clip(generator.normal(share + skill[position], 0.05), 0, 1)))
                for item, (maximum, share) in _OF_UNIT.items()
            }
            # Full marks where nobody complains; a handful of petitions decides the rest.
            petitions = int(generator.poisson(_PETITIONS_A_PERIOD))
            for item, share in (("5.2", 0.9), ("5.3", 0.8)):
                reached = generator.binomial(petitions, share) / petitions if petitions else 1.0
                scores[item] = (6.0, 6 * float(reached))
            if position % _WITHOUT_SATISFACTION == _WITHOUT_SATISFACTION - 1:
                scores = {item: pair for item, pair in scores.items() if not item.startswith("5.")}
            known = on_time.get(position, ())
            progress = known[place] if place < len(known) else None
            if progress is not None:
                scores["2.1"] = (20, progress)
            for item, (maximum, score) in sorted(scores.items()):
                writer.writerow([code, name, *window, item, _text(score), _text(maximum), *source])
                reached_by_item.setdefault(item, []).append(score)
        for item, reached_by_units in sorted(reached_by_item.items()):
            # What the portal says of the province as a whole.
            mean = sum(reached_by_units) / len(reached_by_units)
            writer.writerow(["", "Toàn tỉnh", *window, item, _text(mean), "", *source])
    return text.getvalue()


def _text(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")
