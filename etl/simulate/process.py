"""A dossier's way through the centre, for all dossiers of one commune at once.

`w` below is a working second: the moment up to which a dossier has got. A dossier that is not taken further stands at
NEVER, and everything after it stays there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.simulate.arrivals import IN_PERSON, ONLINE, Arrivals
from etl.simulate.clock import DAY, NEVER, Clock, Seconds
from etl.simulate.profiles import Procedures
from etl.simulate.steps import PAUSES, Step
from etl.simulate.workload import SLOT_MINUTES

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_HOUR = 3600.0


@dataclass(frozen=True)
class Centre:
    """What one commune's centre is like: waits by slot and by working day, rounds of signing, pace."""

    desk_wait: Floats
    office_wait: Floats
    rounds: Seconds
    speed: float
    payment_success: float
    outage: tuple[int, int] | None


@dataclass(frozen=True)
class Timeline:
    """`times`: one row a dossier, one column a Step (wall seconds or NEVER). `due`: the first promise; `extensions`:
    working days that a step adds to it (zero but for the steps that move promises)."""

    times: Seconds
    due: Seconds
    extensions: NDArray[np.int64]
    e_result: Flags

    def due_at(self, limit: int, clock: Clock) -> Seconds:
        """The promise as it stood at a wall second."""
        known = (self.extensions * (self.times <= limit)).sum(axis=1)
        return np.where(known > 0, clock.later(self.due, known), self.due)


def run_process(
    arrivals: Arrivals, *, centre: Centre, procedures: Procedures, clock: Clock, rng: np.random.Generator
) -> Timeline:
    """Take every dossier from its arrival to its return, or to where it stops."""
    way = _Way(arrivals, centre, procedures, clock, rng)
    way.receive()
    way.promise()
    way.plan_work()
    way.assign()
    way.ask_for_supplement()
    way.verify_elsewhere()
    way.post_notice()
    way.hold_on_request()
    way.appraise()
    way.charge()
    way.sign_and_return()
    way.end_early()
    way.apologise()
    return Timeline(way.times, way.due, way.extensions, way.e_result)


class _Way:
    """The state of one run; each method is one stretch of the way and moves `w` on."""

    def __init__(
        self, arrivals: Arrivals, centre: Centre, procedures: Procedures, clock: Clock, rng: np.random.Generator
    ) -> None:
        self.arrivals, self.centre, self.procedures, self.clock, self.rng = arrivals, centre, procedures, clock, rng
        self.count = len(arrivals.procedure)
        self.times = np.full((self.count, len(Step)), NEVER)
        self.extensions = np.zeros((self.count, len(Step)), np.int64)
        self.kind = arrivals.procedure
        self.online = arrivals.channel == ONLINE
        self.quick = procedures.same_day[self.kind]
        self.term = procedures.term[self.kind]
        self.w = arrivals.arrived.copy()
        # Set on the way: the first promise, working seconds needed, when silence ends in a stop, the form of result.
        self.due: Seconds
        self.need: Floats
        self.stopped_at: Seconds
        self.e_result: Flags

    # ---- chance and time ---------------------------------------------------------------------------------------------

    def chance(self, probability: Floats | float) -> Flags:
        return np.asarray(self.rng.random(self.count) < probability)

    def spread(self, median: Floats | float, sigma: float) -> Floats:
        """Lognormal durations in the unit of the median."""
        return median * self.rng.lognormal(0, sigma, self.count)

    def move(self, seconds: Floats, where: Flags | bool = True) -> None:
        self.w = self.w + np.where(where, seconds, 0).astype(np.int64)

    def mark(self, step: Step, where: Flags | bool = True) -> None:
        self.times[:, step] = np.where(where, self.clock.to_wall(self.w), NEVER)

    def backlog(self) -> Floats:
        """Working seconds of backlog at the desks when the dossier gets there."""
        slot = np.minimum(self.w // (SLOT_MINUTES * 60), len(self.centre.desk_wait) - 1)
        return self.centre.desk_wait[slot]

    def office_backlog(self) -> Floats:
        day = np.minimum(self.w // self.clock.seconds_per_day, len(self.centre.office_wait) - 1)
        return self.centre.office_wait[day]

    def pause(
        self, first: Step, last: Step, where: Flags, calendar_days: Floats, *, unanswered: Flags | None = None
    ) -> None:
        """Let the clock stand from `first` to `last`; the promise moves by the working days that it stood."""
        self.mark(first, where)
        back = self.clock.to_working(self.clock.to_wall(self.w) + (calendar_days * DAY).astype(np.int64))
        back = back + self.rng.integers(60, 3600, self.count)
        if unanswered is not None:
            back = np.where(unanswered, NEVER, back)
        stood = np.where(where & (back < NEVER), -(-(back - self.w) // self.clock.seconds_per_day), 0)
        self.extensions[:, last] = stood
        self.w = np.where(where, back, self.w)
        self.mark(last, where)

    # ---- the way -----------------------------------------------------------------------------------------------------

    def receive(self) -> None:
        """Queue at the counter or in the online inbox; a few are refused, a few forgotten."""
        submitted = self.arrivals.submitted
        self.times[:, Step.SUBMIT] = np.where(self.online, submitted, NEVER)
        queue = 0.15 * self.backlog() + self.rng.exponential(240, self.count) + self.spread(360, 0.5)
        inbox = self.spread(_HOUR, 0.95) * (1 + self.backlog() / self.clock.seconds_per_day)
        inbox = inbox + np.where(self.chance(0.006), self.rng.uniform(8, 30, self.count) * _HOUR, 0)
        if self.centre.outage:
            start, end = (day * DAY for day in self.centre.outage)
            down = (submitted >= start) & (submitted < end)
            inbox = inbox + np.where(down, self.rng.exponential(8 * _HOUR, self.count), 0)
        post = self.rng.exponential(_HOUR, self.count) + 600
        counter = np.where(self.arrivals.channel == IN_PERSON, queue, post)
        self.move(np.where(self.online, inbox, counter))
        self.w = np.where(self.online & self.chance(0.0004), NEVER, self.w)
        refused = self.chance(np.where(self.online, 0.011, 0.004))
        self.mark(Step.REFUSE, refused)
        self.w = np.where(refused, NEVER, self.w)
        self.mark(Step.RECEIVE)

    def promise(self) -> None:
        """The promised time from the procedure's term; busy days put off a few certifications by agreement."""
        received = self.times[:, Step.RECEIVE]
        self.due = self.clock.due(received, self.term, self.quick)
        put_off = self.quick & self.chance(0.012) & (received < NEVER)
        self.due = np.where(put_off, self.clock.later(self.due, 1), self.due)

    def plan_work(self) -> None:
        """How much working time the dossier will need at the office: mostly about half its term, pulled in when it
        gets tight."""
        day = self.clock.seconds_per_day
        behind = self.office_backlog()
        need = np.maximum(self.term, 1) * day * self.spread(
            0.5 * self.centre.speed, 0.48
        ) + behind * self.rng.exponential(0.8, self.count)
        allowed = self.clock.to_working(self.due - 1) - self.w
        tight = need > 0.86 * allowed
        rescued = tight & self.chance(np.clip(0.76 - 0.2 * behind / day, 0.2, 0.76))
        need = np.where(rescued, allowed * self.rng.uniform(0.62, 0.93, self.count), need)
        need = np.where(tight & ~rescued, need * self.rng.uniform(1.0, 1.5, self.count), need)
        self.need = np.where(self.w < NEVER, np.maximum(need, 1800), 1800)

    def assign(self) -> None:
        slow = ~self.quick
        self.move(np.minimum(self.need * 0.1, self.spread(1.5 * _HOUR, 0.7)), slow)
        self.mark(Step.ASSIGN, slow)
        self.move(self.need * 0.35, slow)

    def ask_for_supplement(self) -> None:
        probability = self.procedures.supplement[self.kind] * np.where(self.online, 1.3, 0.9)
        asked = self.chance(probability)
        silent = asked & self.chance(0.07)
        self.pause(Step.ASK, Step.ANSWER, asked, self.spread(2.2, 0.9), unanswered=silent)
        again = asked & ~silent & self.chance(0.15)
        self.move(self.need * 0.08, again & ~self.quick)
        self.pause(Step.ASK_AGAIN, Step.ANSWER_AGAIN, again, self.spread(2.5, 0.8))
        # Who does not answer is stopped in the end, or lies there.
        stopped = silent & self.chance(0.8)
        asked_at = self.times[:, Step.ASK]
        self.stopped_at = np.where(
            stopped & (asked_at < NEVER), self.clock.later(asked_at, self.rng.integers(15, 45, self.count)), NEVER
        )
        self.stopped_at = np.where(
            self.stopped_at < NEVER, self.stopped_at - self.rng.integers(0, 4 * 3600, self.count), NEVER
        )

    def verify_elsewhere(self) -> None:
        verified = self.chance(self.procedures.verification[self.kind])
        promised = self.procedures.verification_days[self.kind]
        self.pause(Step.VERIFY, Step.VERIFIED, verified, promised * self.spread(0.75, 0.45))
        # Here the promise moves when the request goes out, by the days that the rules give.
        self.extensions[:, Step.VERIFY] = np.where(verified, promised, 0)
        self.extensions[:, Step.VERIFIED] = 0

    def post_notice(self) -> None:
        posted = self.chance(self.procedures.notice[self.kind])
        self.pause(Step.NOTICE, Step.NOTICED, posted, np.full(self.count, 15.0))

    def hold_on_request(self) -> None:
        held = ~self.quick & self.chance(0.004)
        self.pause(Step.HOLD, Step.RESUME, held, self.spread(6, 0.6))

    def appraise(self) -> None:
        at_desk = self.spread(60 * 1.1, 0.45) * self.procedures.work_minutes[self.kind]
        at_desk = at_desk + np.minimum(
            self.backlog() * self.rng.exponential(0.5, self.count), 3 * self.clock.seconds_per_day
        )
        self.move(np.where(self.quick, at_desk, self.need * 0.45))
        self.mark(Step.APPRAISE)

    def charge(self) -> None:
        charged = self.chance(self.procedures.payment[self.kind])
        silent = charged & self.chance(0.05)
        wait = self.spread(4, 0.8) / self.centre.payment_success
        self.pause(Step.CHARGE, Step.PAID, charged, wait, unanswered=silent)

    def sign_and_return(self) -> None:
        slow = ~self.quick
        self.move(np.minimum(self.need * 0.05, 2 * _HOUR) + 300, slow)
        self.mark(Step.PROPOSE, slow)
        rounds = self.centre.rounds
        place = np.minimum(np.searchsorted(rounds, self.w), len(rounds) - 1)
        self.w = np.where(self.w < NEVER, np.maximum(rounds[place], self.w), NEVER)
        self.move(self.rng.uniform(60, 900, self.count))
        self.mark(Step.SIGN)
        self.move(self.spread(420, 0.6))
        self.mark(Step.STAMP)
        self.e_result = self.chance(np.where(self.online, 0.86, 0.34))
        wait = np.where(self.quick, self.spread(1500, 1.0), self.spread(5 * _HOUR, 1.1))
        self.move(np.where(self.e_result & self.online, self.rng.uniform(20, 600, self.count), wait))
        self.w = np.where(self.chance(np.where(self.e_result, 0.004, 0.013)), NEVER, self.w)
        self.mark(Step.RETURN)

    def end_early(self) -> None:
        """Withdrawals and stops: nothing happens after them."""
        received, stamped = self.times[:, Step.RECEIVE], self.times[:, Step.STAMP]
        start = self.clock.to_working(received)
        end = np.where(stamped < NEVER, self.clock.to_working(stamped), start + 10 * self.clock.seconds_per_day)
        point = self.clock.to_wall(start + ((end - start) * self.rng.uniform(0.1, 0.9, self.count)).astype(np.int64))
        came = received < NEVER
        withdrawn = came & self.chance(np.where(self.quick, 0.0015, 0.014))
        stopped = came & ~withdrawn & self.chance(np.where(self.quick, 0.0008, 0.006))
        self.times[:, Step.WITHDRAW] = np.where(withdrawn, point, NEVER)
        self.times[:, Step.STOP] = np.where(stopped, point, np.where(withdrawn, NEVER, self.stopped_at))
        ending = np.minimum(self.times[:, Step.WITHDRAW], self.times[:, Step.STOP])
        others = [step for step in Step if step not in (Step.WITHDRAW, Step.STOP)]
        self.times[:, others] = np.where(self.times[:, others] >= ending[:, None], NEVER, self.times[:, others])

    def apologise(self) -> None:
        """About half of those who will get their result late are told so a working day before the promised time."""
        settled = (self.extensions * (self.times < NEVER)).sum(axis=1)
        promised = np.where(settled > 0, self.clock.later(self.due, settled), self.due)
        end = self.times[:, [Step.STAMP, Step.WITHDRAW, Step.STOP]].min(axis=1)
        late = (self.times[:, Step.RECEIVE] < NEVER) & (end > promised) & (self.term >= 2)
        told = self.clock.later(promised, -1) - self.rng.integers(1800, 8 * 3600, self.count)
        told = self.clock.to_wall(self.clock.to_working(told))
        open_then = (told > self.times[:, Step.RECEIVE]) & (told < end)
        for first, last, _cause in PAUSES:
            # While the clock stands nobody knows yet that the promise will fail.
            open_then &= (told < self.times[:, first]) | (told > self.times[:, last])
        self.times[:, Step.APOLOGISE] = np.where(late & open_then & self.chance(0.45), told, NEVER)
