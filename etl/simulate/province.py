"""The invented sides of a province: people, staff, workload, and the few units that truly change.

Everything here is drawn once for all communes, so that the dossiers of each can be simulated apart and in any grouping.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from etl.simulate.clock import FIRST_DAY, Clock
from etl.simulate.units import agency_head, load_lineage, load_units, province_name

Floats = NDArray[np.float64]

# People of an old unit by its kind, and dossiers a person and working day: of the size that communes report.
_OLD_UNIT_PEOPLE = {"Phường": 11_000, "Thị trấn": 9_000, "Xã": 6_300}
_DOSSIERS_PER_PERSON_DAY = 0.00095
_PIECE_SHARE = {"whole": 1.0, "unchanged": 1.0, "part": 0.45, "remainder": 0.55, "part_area_all_population": 1.0}
_COMMUNES_PER_CLUSTER = 15
_FAILING_UNITS, _PAYMENT_SUCCESS = 3, 0.35


@dataclass(frozen=True)
class Change:
    """A change planted in one commune: from `day` on, its capacities are multiplied or its signing is organised
    anew."""

    commune_code: str
    name: str
    direction: Literal["deteriorates", "improves"]
    cause: str
    day: int
    desk: tuple[float, float] = (1.0, 1.0)
    back_office: tuple[float, float] = (1.0, 1.0)
    # Rounds of signing in half a day, and the chance that the leader is in, before and after.
    sign_rounds: tuple[int, int] = (4, 4)
    presence: tuple[float, float] = (0.91, 0.91)

    @property
    def date(self) -> dt.date:
        return FIRST_DAY + dt.timedelta(days=self.day)


@dataclass(frozen=True)
class Province:
    """One row or element a commune, in the order of their codes."""

    province_code: str
    name: str
    agency_head: str
    communes: pl.DataFrame
    lineage: pl.DataFrame
    urban: Floats
    daily_volume: Floats
    desks: NDArray[np.int64]
    officers: Floats
    speed: Floats
    online_shift: Floats
    changes: tuple[Change | None, ...]
    outage: tuple[int, int] | None
    # What is left of paying online where the payments often fail; 1 elsewhere.
    payment_success: Floats

    @property
    def size(self) -> int:
        return self.communes.height


def invent_province(*, province_code: str, days: int, clock: Clock, rng: np.random.Generator) -> Province:
    """Draw the province. The outage is a working week in the middle; changes come with a new month's first days."""
    units, lineage = load_units(province_code), load_lineage(province_code)
    head = agency_head(province_code)
    count = units.height
    population = _population(units, lineage, rng)
    is_ward = (units["kind"] == "Phường").to_numpy()
    density = population / np.maximum(units["area_km2"].fill_null(20.0).to_numpy(), 1.0)
    urban = np.clip(np.where(is_ward, 0.7, 0.1) + np.log(density / 600) * 0.12, 0, 1)
    daily_volume = population * _DOSSIERS_PER_PERSON_DAY * (0.75 + 0.6 * urban) * rng.lognormal(0, 0.28, count)
    desks = np.clip(np.round(daily_volume / 6.2 * rng.lognormal(0, 0.06, count)) + 1, 2, 24).astype(np.int64)
    staff = np.round(34 + population / 900 * rng.uniform(0.8, 1.2, count)).astype(np.int64)
    communes = units.with_columns(
        population=pl.Series(population),
        staff=pl.Series(np.minimum(staff, 130)),
        reception_staff=pl.Series(desks),
        centre_area_m2=pl.Series(np.round(desks * rng.uniform(14, 27, count) + 40).astype(np.int64)),
        agency_code=pl.Series([f"{head}.{100 + position}" for position in range(count)]),
        cluster=pl.Series(_clusters(units)),
    )
    changes = _plant_changes(communes, daily_volume, days, clock, rng)
    return Province(
        province_code=province_code,
        name=province_name(province_code),
        agency_head=head,
        communes=communes,
        lineage=lineage,
        urban=urban,
        daily_volume=daily_volume,
        desks=desks,
        officers=rng.lognormal(0, 0.07, count),
        speed=rng.lognormal(0, 0.05, count),
        online_shift=rng.normal(0, 0.22, count),
        changes=changes,
        outage=_outage_week(days, clock),
        payment_success=_payment_success(daily_volume, changes),
    )


def _population(units: pl.DataFrame, lineage: pl.DataFrame, rng: np.random.Generator) -> NDArray[np.int64]:
    pieces = lineage.with_columns(
        people=pl.col("old_kind").replace_strict(_OLD_UNIT_PEOPLE, default=6_300, return_dtype=pl.Float64)
        * pl.col("extent").replace_strict(_PIECE_SHARE, default=0.0, return_dtype=pl.Float64)
    )
    total = (
        units.join(
            pieces.group_by("new_code").agg(pl.col("people").sum()),
            left_on="commune_code",
            right_on="new_code",
            how="left",
            validate="1:1",
            maintain_order="left",
        )["people"]
        .fill_null(0)
        .to_numpy()
    )
    return np.asarray(np.round(np.maximum(total, 4_000) * rng.lognormal(0, 0.3, units.height)), np.int64)


def _clusters(units: pl.DataFrame) -> list[str]:
    """Neighbouring groups of about equal size: the units halved again and again along their longer side."""
    points = units.select(pl.col("lon").fill_null(strategy="mean"), pl.col("lat").fill_null(strategy="mean")).to_numpy()
    groups = [np.arange(len(points))]
    while len(groups[0]) > _COMMUNES_PER_CLUSTER:
        halves = []
        for group in groups:
            axis = int(np.argmax(np.ptp(points[group], axis=0)))
            ordered = group[np.argsort(points[group, axis], kind="stable")]
            halves += [ordered[: len(ordered) // 2], ordered[len(ordered) // 2 :]]
        groups = sorted(halves, key=len, reverse=True)
    # Numbered from the north-west so that neighbours have neighbouring numbers.
    groups.sort(key=lambda group: (-points[group, 1].mean(), points[group, 0].mean()))
    names = [""] * len(points)
    for number, group in enumerate(groups, start=1):
        for position in group:
            names[position] = f"Cụm {number}"
    return names


# What may happen to a unit: direction, cause, and how its capacities and its signing change (before, after).
_SCRIPTS: tuple[tuple[Literal["deteriorates", "improves"], str, dict[str, tuple[float, float]]], ...] = (
    ("deteriorates", "Điều động một nửa cán bộ bộ phận tiếp nhận đi nơi khác", {"desk": (1.0, 0.5)}),
    ("deteriorates", "Lãnh đạo ký hồ sơ thường xuyên vắng", {"sign_rounds": (4, 1), "presence": (0.91, 0.5)}),
    (
        "deteriorates",
        "Công chức thụ lý chuyển công tác, chưa có người thay",
        {"back_office": (1.0, 0.45), "desk": (1, 0.8)},
    ),
    (
        "improves",
        "Ủy quyền ký chứng thực cho công chức tư pháp - hộ tịch",
        {"sign_rounds": (1, 6), "presence": (0.6, 0.99)},
    ),
    ("improves", "Bổ sung cán bộ cho bộ phận tiếp nhận", {"desk": (0.47, 1.15)}),
    ("improves", "Tăng cường công chức thụ lý từ tỉnh về", {"back_office": (0.5, 1.15), "desk": (0.75, 1.0)}),
)


def _plant_changes(
    communes: pl.DataFrame, daily_volume: Floats, days: int, clock: Clock, rng: np.random.Generator
) -> tuple[Change | None, ...]:
    """Give the scripts to units of more than middling volume, so that their dossiers can show it."""
    changes: list[Change | None] = [None] * communes.height
    busy = np.argsort(-daily_volume, kind="stable")[: max(len(_SCRIPTS), communes.height // 3)]
    chosen = rng.permutation(busy)[: len(_SCRIPTS)]
    moments = rng.uniform(0.42, 0.68, len(_SCRIPTS))
    for position, share, (direction, cause, effect) in zip(chosen, moments, _SCRIPTS, strict=False):
        day = int(clock.working_days[np.searchsorted(clock.working_days, int(days * share))])
        row = communes.row(int(position), named=True)
        changes[position] = Change(row["commune_code"], row["full_name"], direction, cause, day, **effect)  # type: ignore[arg-type]
    return tuple(changes)


def _payment_success(daily_volume: Floats, changes: tuple[Change | None, ...]) -> Floats:
    """Three units of more than middling volume in which nothing else is planted, so that the two are not mixed up."""
    busy = np.argsort(-daily_volume, kind="stable")[: max(_FAILING_UNITS, len(changes) // 3)]
    calm = [int(position) for position in busy if changes[int(position)] is None]
    success = np.ones(len(changes))
    success[calm[:: max(1, len(calm) // _FAILING_UNITS)][:_FAILING_UNITS]] = _PAYMENT_SUCCESS
    return success


def _outage_week(days: int, clock: Clock) -> tuple[int, int] | None:
    """Days [start, end) of the software outage: a Monday-to-Friday week of full work near the middle; none in a short
    run."""
    if days < 60:
        return None
    middle = days // 2
    for start in range(middle, days - 5):
        monday = (FIRST_DAY + dt.timedelta(days=start)).weekday() == 0
        if monday and clock.is_working[start : start + 5].all():
            return start, start + 5
    return None
