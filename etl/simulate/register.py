"""What the one-stop system knows at a moment: the register and the log of one commune as typed frames."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from etl.simulate.arrivals import ONLINE, Arrivals
from etl.simulate.clock import DAY, FIRST_DAY, NEVER, Clock, Seconds
from etl.simulate.people import applicant_columns, officer_names
from etl.simulate.process import Timeline
from etl.simulate.profiles import OFFICES, Procedures
from etl.simulate.province import Province
from etl.simulate.steps import ACTIVITIES, CLERK, DESK, LEADER, PAUSES, PLACES, STATUSES, SYSTEM, Step

_CHANNELS = pl.Series(["online", "in_person", "postal"])
_EPOCH = np.datetime64(FIRST_DAY, "us")
_OUT_OF_AREA, _HELPED_ELSEWHERE = 0.032, 0.012


@dataclass(frozen=True)
class Dossiers:
    """All that one commune's run has made. `fixed`: the columns that never change, one row a dossier; the rest comes
    from the times, so that any moment can be exported. `officers`: the names behind each place's number."""

    commune: dict[str, object]
    fixed: pl.DataFrame
    arrivals: Arrivals
    timeline: Timeline
    office: NDArray[np.int64]
    officers: list[str]
    hands: NDArray[np.int64]

    @property
    def count(self) -> int:
        return self.fixed.height

    @property
    def month(self) -> NDArray[np.int64]:
        """Months since July 2025 of the day on which each dossier was received, else submitted."""
        received = self.timeline.times[:, Step.RECEIVE]
        day = np.where(received < NEVER, received, self.arrivals.submitted) // DAY
        date = np.datetime64(FIRST_DAY, "D") + day
        return (date.astype("datetime64[M]") - np.datetime64(FIRST_DAY, "M")).astype(np.int64)


def file_dossiers(
    *,
    province: Province,
    position: int,
    arrivals: Arrivals,
    timeline: Timeline,
    procedures: Procedures,
    rng: np.random.Generator,
) -> Dossiers:
    """Give the dossiers of one commune their codes, people, fees and places."""
    commune = province.communes.row(position, named=True)
    count = len(arrivals.procedure)
    online = arrivals.channel == ONLINE
    growth = 0.5 + 0.35 * (1 - np.exp(-arrivals.submitted / DAY / 250))
    fee = _fees(arrivals, procedures, rng)
    pays = province.payment_success[position]
    codes = province.communes["commune_code"]
    neighbours = np.flatnonzero((province.communes["cluster"] == commune["cluster"]).to_numpy())
    elsewhere = codes.gather(rng.choice(neighbours, count))
    own = pl.Series([commune["commune_code"]]).new_from_index(0, count)
    received_by = elsewhere.zip_with(pl.Series(rng.random(count) < _OUT_OF_AREA), own)
    helped_by = elsewhere.zip_with(pl.Series(rng.random(count) < _HELPED_ELSEWHERE), received_by)
    digitised = pl.Series(rng.random(count) < growth + 0.08)
    table = procedures.table
    person = rng.integers(0, max(3, int(count * 0.7)), count)
    fixed = pl.DataFrame(
        {
            "dossier_id": _dossier_codes(arrivals.submitted, province.agency_head, 100 + position, rng),
            "commune_code": own,
            "received_by": received_by,
            "helped_by": _some(helped_by, rng.random(count) < 0.9),
            "procedure_code": table["procedure_code"].gather(arrivals.procedure),
            "procedure_name": table["name"].gather(arrivals.procedure),
            "field": table["field"].gather(arrivals.procedure),
            "channel": _CHANNELS.gather(arrivals.channel),
            "fee": fee,
            "paid_online": (fee > 0) & (rng.random(count) < pays * np.where(online, growth, 0.08)),
            "digitised": _some(digitised, rng.random(count) < 0.985),
            "has_due": rng.random(count) >= 0.003,
            "has_finish": rng.random(count) >= 0.02,
            **applicant_columns(person, commune=position, commune_name=str(commune["full_name"])),
        }
    )
    desks = int(commune["reception_staff"])
    officers = officer_names(desks + 10, rng)
    hands = np.column_stack(
        [
            rng.integers(0, desks, count),
            desks + 2 * procedures.office[arrivals.procedure] + rng.integers(0, 2, count),
            desks + 6 + (rng.random(count) < 0.3),
            np.full(count, desks + 8),
            np.full(count, desks + 9),
        ]
    )
    return Dossiers(commune, fixed, arrivals, timeline, procedures.office[arrivals.procedure], officers, hands)


def register_frame(
    dossiers: Dossiers, *, limit: int, clock: Clock, rows: NDArray[np.int64] | None = None
) -> pl.DataFrame:
    """The register at wall second `limit`: canonical columns plus personal ones, of the given rows in their order.

    What happens later is not in it: times are empty, the status and the promise are those of the moment.
    """
    chosen = np.arange(dossiers.count) if rows is None else rows
    timeline = Timeline(
        dossiers.timeline.times[chosen],
        dossiers.timeline.due[chosen],
        dossiers.timeline.extensions[chosen],
        dossiers.timeline.e_result[chosen],
    )
    times = np.where(timeline.times <= limit, timeline.times, NEVER)
    status = _status(times)
    received = times[:, Step.RECEIVE]
    fixed = dossiers.fixed[chosen]
    finished = times[:, [Step.STAMP, Step.WITHDRAW, Step.STOP]].min(axis=1)
    neutral = np.isin(status, (7, 8))
    finished = np.where(neutral & ~fixed["has_finish"].to_numpy(), NEVER, finished)
    due = np.where((received < NEVER) & fixed["has_due"].to_numpy(), timeline.due_at(limit, clock), NEVER)
    asked = times[:, [Step.ASK, Step.ASK_AGAIN]]
    return fixed.drop("has_due", "has_finish").with_columns(
        submitted_at=_datetimes(dossiers.arrivals.submitted[chosen]),
        received_at=_datetimes(received),
        due_at=_datetimes(due),
        finished_at=_datetimes(finished),
        returned_at=_datetimes(times[:, Step.RETURN]),
        status=pl.Series(status, dtype=pl.Int64),
        supplement_requests=pl.Series((asked < NEVER).sum(axis=1)),
        supplement_requested_at=_datetimes(asked.min(axis=1)),
        apology_sent_at=_datetimes(times[:, Step.APOLOGISE]),
        e_result=pl.when(pl.Series(np.isin(status, (9, 10)))).then(pl.Series(timeline.e_result)),
    )


def event_frame(dossiers: Dossiers, *, limit: int) -> pl.DataFrame:
    """The log at wall second `limit`: one row a step, by dossier and time."""
    times = dossiers.timeline.times
    order = np.argsort(times, axis=1, kind="stable")
    ordered = np.take_along_axis(times, order, axis=1)
    happened = ordered <= limit
    row = np.nonzero(happened)[0]
    step = order[happened]
    place = PLACES[step]
    units = pl.Series([None, "Lãnh đạo UBND", "Văn thư", "Cổng dịch vụ công", *OFFICES], dtype=pl.String)
    centre = pl.Series([f"Trung tâm PVHCC {_lower_first(str(dossiers.commune['full_name']))}"])
    unit_index = np.select(
        [place == DESK, place == LEADER, place == CLERK, place == SYSTEM], [0, 1, 2, 3], 4 + dossiers.office[row]
    )
    unit = units.gather(unit_index).fill_null(centre[0])
    hand = np.where(place == SYSTEM, -1, dossiers.hands[row, np.minimum(place, CLERK)])
    actors = pl.Series([*dossiers.officers, "Công dân"])
    return pl.DataFrame(
        {
            "dossier_id": dossiers.fixed["dossier_id"].gather(row),
            "at": _datetimes(ordered[happened]),
            "activity": pl.Series(ACTIVITIES).gather(step),
            "status": pl.Series(STATUSES[step]),
            "unit": unit,
            "actor": actors.gather(np.where(hand < 0, len(actors) - 1, hand)),
        }
    )


def _status(times: Seconds) -> NDArray[np.int64]:
    """The national status (1 to 10) after the steps that have happened."""
    happened = times < NEVER
    status = np.where(happened[:, Step.RECEIVE], 2, 1)
    worked = [Step.ASSIGN, Step.ASK, Step.VERIFY, Step.NOTICE, Step.HOLD, Step.APPRAISE]
    status = np.where(happened[:, worked].any(axis=1), 4, status)
    for first, last, cause in PAUSES:
        waiting = happened[:, first] & ~happened[:, last]
        if cause in ("supplement", "payment"):
            status = np.where(waiting, 5 if cause == "supplement" else 6, status)
    for step in (Step.STAMP, Step.RETURN, Step.WITHDRAW, Step.STOP, Step.REFUSE):
        status = np.where(happened[:, step], STATUSES[step], status)
    return np.asarray(status)


def _fees(arrivals: Arrivals, procedures: Procedures, rng: np.random.Generator) -> NDArray[np.int64]:
    """Đồng; certified copies by the page, others by the tariff, a few people free of charge."""
    tariff = procedures.fee[arrivals.procedure]
    copies = (procedures.table["procedure_code"] == "2.000815").to_numpy()[arrivals.procedure]
    pages = np.clip(np.round(rng.lognormal(2.1, 0.8, len(tariff))), 1, 100).astype(np.int64) * 2_000
    free = rng.random(len(tariff)) < 0.04
    return np.where(free, 0, np.where(copies, pages, tariff))


def _dossier_codes(submitted: Seconds, head: str, number: int, rng: np.random.Generator) -> pl.Series:
    """`H44.100-250701-0001`, now and then in the two other shapes in use or in none; numbered by day, so all
    different."""
    day = submitted // DAY
    first_of_day = np.searchsorted(day, day, side="left")
    sequence = pl.Series(np.arange(len(day)) - first_of_day + 1).cast(pl.String).str.zfill(4)
    dates = [FIRST_DAY + dt.timedelta(days=offset) for offset in range(int(day.max(initial=0)) + 1)]
    short = pl.Series([f"{date:%y%m%d}-" for date in dates]).gather(day) + sequence
    shape = rng.random(len(day))
    usual = f"{head}.{number}-" + short
    reversed_order = f"000.{number // 100:02d}.{number % 100:02d}.{head}-" + short
    long_date = f"{head}.{number}-20" + short.str.slice(0, 7) + "000" + sequence
    unknown = f"HS/{number}/" + short
    frame = pl.select(
        pl.when(pl.Series(shape < 0.0003))
        .then(unknown)
        .when(pl.Series(shape < 0.006))
        .then(reversed_order)
        .when(pl.Series(shape < 0.011))
        .then(long_date)
        .otherwise(usual)
    )
    return frame.to_series()


def _datetimes(seconds: Seconds) -> pl.Series:
    known = seconds < NEVER
    values = _EPOCH + np.where(known, seconds, 0).astype("timedelta64[s]").astype("timedelta64[us]")
    return _some(pl.Series(values), known)


def _some(values: pl.Series, known: NDArray[np.bool_]) -> pl.Series:
    """The values where they are known, else null."""
    return values.zip_with(pl.Series(known), pl.Series([None], dtype=values.dtype).new_from_index(0, len(values)))


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
