"""Simulate a province's raw exports: draw the province, take its dossiers through the centres, write what the system
exports."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from etl.errors import DataError, UsageError
from etl.simulate.arrivals import draw_arrivals
from etl.simulate.before_merger import FILE as OLD_REGISTER
from etl.simulate.before_merger import block as old_register_block
from etl.simulate.before_merger import old_register
from etl.simulate.clock import DAY, FIRST_DAY, Clock, moment
from etl.simulate.dated_events import dated_events
from etl.simulate.difficulties import difficulties
from etl.simulate.dirt import plan_bad_rows
from etl.simulate.exports import CleanExports, DirtyExports, Exports
from etl.simulate.folder import prepare_folder, write_description
from etl.simulate.index_scores import index_scores, on_time_points
from etl.simulate.process import Centre, run_process
from etl.simulate.profiles import Procedures, load_procedures
from etl.simulate.province import Province, invent_province
from etl.simulate.register import Dossiers, file_dossiers
from etl.simulate.reports import busiest, reported_figures
from etl.simulate.unit_facts import unit_facts
from etl.simulate.units import province_name
from etl.simulate.workload import Workload, build_workload, sign_rounds
from language import _
from language.reasons import reason

# Dossiers held in memory at a time; a commune with more is a chunk of its own.
CHUNK_DOSSIERS = 40_000
# Office hours of the last day are over when the exports are taken.
_EXPORT_HOUR = 18
_LONGEST_DAYS = 2_000


@dataclass(frozen=True)
class SimulationSummary:
    """What was written. `dossiers` counts distinct ones; `register_rows` also stale, repeated and bad ones."""

    directory: Path
    dossiers: int
    events: int
    register_rows: int
    state_at: dt.datetime
    planted: dict[str, object]


@dataclass(frozen=True)
class _World:
    """What every commune's simulation reads."""

    province: Province
    workload: Workload
    procedures: Procedures
    clock: Clock
    days: int


def simulate(
    directory: Path,
    *,
    province_code: str = "25",
    dossiers: int = 100_000,
    days: int = 510,
    seed: int = 1,
    clean: bool = False,
    before: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> SimulationSummary:
    """Write a simulated province into `directory`: dossiers received from 1 July 2025 on, for so many days.

    `before`: how many finished dossiers of the old units, received from April to June 2025, stand in a register of
    their own beside them (not with `clean`).
    The same arguments give the same files, whatever the machine. Raises UsageError for arguments that cannot be, also
    a folder that holds somebody's own data; DataError where the files cannot be written.
    """
    _check_arguments(province_code, dossiers, days, seed, before)
    try:
        prepare_folder(directory)
        return _simulate(
            directory, province_code, dossiers, days, seed, clean, before, progress or (lambda done, total: None)
        )
    except OSError as error:
        raise DataError(
            _("Không ghi được vào {directory}: {reason}. Hãy kiểm tra quyền và chỗ trống của đĩa.").format(
                directory=directory, reason=reason(error)
            )
        ) from None


def _simulate(
    directory: Path,
    province_code: str,
    dossiers: int,
    days: int,
    seed: int,
    clean: bool,
    before: int,
    progress: Callable[[int, int], None],
) -> SimulationSummary:
    clock = Clock.of(days)
    root, bad_seed, *seeds = np.random.SeedSequence([seed, int(province_code)]).spawn(2 + _most_units())
    province = invent_province(province_code=province_code, days=days, clock=clock, rng=np.random.default_rng(root))
    # Three streams a commune: its workload, its dossiers, and what goes wrong in its exports.
    streams = [[np.random.default_rng(child) for child in each.spawn(3)] for each in seeds[: province.size]]
    workload = build_workload(province, days=days, clock=clock, rngs=[stream[0] for stream in streams])
    world = _World(province, workload, load_procedures(), clock, days)
    counts = _share_out(dossiers, province.daily_volume)
    limit = (days - 1) * DAY + _EXPORT_HOUR * 3600

    exports: Exports
    if clean:
        exports = CleanExports(directory, clock=clock, limit=limit)
    else:
        kinds = plan_bad_rows(dossiers, counts, np.random.default_rng(bad_seed))
        exports = DirtyExports(directory, province=province, clock=clock, limit=limit, counts=counts, bad_kinds=kinds)
    done = 0
    progress(done, dossiers)
    reporters: dict[int, Dossiers | None] = dict.fromkeys(busiest(counts))
    on_time: dict[int, list[float | None]] = {}
    with exports:
        for chunk in _chunks(counts):
            made = [_simulate_commune(world, position, counts[position], streams[position][1]) for position in chunk]
            exports.write(made, [streams[position][2] for position in chunk])
            reporters |= {position: each for position, each in zip(chunk, made, strict=True) if position in reporters}
            pairs = zip(chunk, made, strict=True)
            on_time |= {position: on_time_points(each, limit=limit, clock=clock) for position, each in pairs}
            done += sum(each.count for each in made)
            progress(done, dossiers)
    blocks = exports.blocks()
    if before and not clean:
        old_register(province, world.procedures, dossiers=before, seed=seed).write_csv(directory / OLD_REGISTER)
        blocks.insert(0, old_register_block())
    units = list(province.communes.select("commune_code", "full_name").iter_rows())
    planted = _planted(world, seed, dossiers, exports.counter)
    write_description(
        directory,
        province=province,
        blocks=blocks,
        state_at=moment(limit),
        planted=planted,
        reported=reported_figures([each for each in reporters.values() if each is not None]),
        index_scores=index_scores(units, on_time, limit=limit, seed=seed),
        dated_events=dated_events(province, names=dict(units)),
        unit_facts=unit_facts(province, until=moment(limit).date(), seed=seed),
        difficulties=difficulties(province, until=moment(limit).date(), seed=seed),
        corrections=exports.corrections,
    )
    return SimulationSummary(
        directory, dossiers, exports.counter["events"], exports.counter["register_rows"], moment(limit), planted
    )


def _simulate_commune(world: _World, position: int, count: int, rng: np.random.Generator) -> Dossiers:
    province, workload = world.province, world.workload
    arrivals = draw_arrivals(
        count=count,
        demand=workload.demand[position],
        online_share=workload.online_share[position],
        school=workload.school,
        urban=float(province.urban[position]),
        procedures=world.procedures,
        clock=world.clock,
        rng=rng,
    )
    centre = Centre(
        desk_wait=workload.desk_wait[position],
        office_wait=workload.office_wait[position],
        rounds=sign_rounds(province.changes[position], days=world.days, clock=world.clock, rng=rng),
        speed=float(province.speed[position]),
        payment_success=float(province.payment_success[position]),
        outage=province.outage,
    )
    timeline = run_process(arrivals, centre=centre, procedures=world.procedures, clock=world.clock, rng=rng)
    return file_dossiers(
        province=province, position=position, arrivals=arrivals, timeline=timeline, procedures=world.procedures, rng=rng
    )


def _share_out(total: int, weights: np.ndarray) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total (largest remainders)."""
    exact = total * weights / weights.sum()
    shares = np.floor(exact).astype(int)
    shares[np.argsort(shares - exact, kind="stable")[: total - shares.sum()]] += 1
    return [int(share) for share in shares]


def _chunks(counts: list[int]) -> Iterator[list[int]]:
    """Consecutive communes of together at most CHUNK_DOSSIERS dossiers (or one larger one)."""
    chunk: list[int] = []
    size = 0
    for position, count in enumerate(counts):
        if chunk and size + count > CHUNK_DOSSIERS:
            yield chunk
            chunk, size = [], 0
        chunk.append(position)
        size += count
    if chunk:
        yield chunk


def _planted(world: _World, seed: int, dossiers: int, counter: Counter[str]) -> dict[str, object]:
    """What was put in on purpose, for tests that must find it again."""
    outage = world.province.outage
    return {
        "seed": seed,
        "dossiers": dossiers,
        "changes": [
            {
                "commune_code": change.commune_code,
                "name": change.name,
                "direction": change.direction,
                "cause": change.cause,
                "date": change.date.isoformat(),
            }
            for change in world.province.changes
            if change
        ],
        "failing_payments": [
            world.province.communes["commune_code"][position]
            for position, success in enumerate(world.province.payment_success)
            if success < 1
        ],
        "outage": outage
        and {
            "name": "Sự cố phần mềm một cửa",
            "first_day": (FIRST_DAY + dt.timedelta(days=outage[0])).isoformat(),
            "last_day": (FIRST_DAY + dt.timedelta(days=outage[1] - 1)).isoformat(),
        },
        "counts": dict(sorted(counter.items())),
    }


def _most_units() -> int:
    """More than any province has, so that a unit's stream does not depend on how many there are."""
    return 256


def _check_arguments(province_code: str, dossiers: int, days: int, seed: int, before: int) -> None:
    province_name(province_code)
    if dossiers < 1:
        raise UsageError(_("Số hồ sơ phải từ 1 trở lên, không phải {n}.").format(n=dossiers))
    if not 1 <= days <= _LONGEST_DAYS:
        raise UsageError(_("Số ngày phải từ 1 đến {most}, không phải {n}.").format(most=_LONGEST_DAYS, n=days))
    if seed < 0:
        raise UsageError(_("Hạt giống phải từ 0 trở lên, không phải {n}.").format(n=seed))
    if before < 0:
        raise UsageError(_("Số hồ sơ của đơn vị cũ phải từ 0 trở lên, không phải {n}.").format(n=before))
