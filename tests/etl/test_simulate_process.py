"""The simulated province behaves like one: working hours, seasons, promises, queues, and the changes that were
planted."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.calendar import load_calendar
from etl.simulate import simulate
from etl.simulate.clock import DAY, FIRST_DAY, NEVER, Clock
from etl.simulate.families import TIMES
from etl.simulate.profiles import load_procedures
from etl.simulate.steps import ACTIVITIES

CLOCK = Clock.of(510)
RESOLVED, OPEN = (9, 10), (2, 4, 5, 6)
STATE_AT = dt.datetime(2026, 11, 22, 18)


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("province")
    simulate(directory, dossiers=40_000, clean=True)
    return directory


@pytest.fixture(scope="module")
def dossiers(province: Path) -> pl.DataFrame:
    text = pl.read_csv(province / "exports" / "dossiers.csv", infer_schema=False)
    return text.with_columns(
        pl.col(TIMES).str.to_datetime("%Y-%m-%dT%H:%M:%S"),
        pl.col("status", "supplement_requests", "fee").cast(pl.Int64),
    ).with_columns(late=pl.col("finished_at").dt.date() > pl.col("due_at").dt.date())


@pytest.fixture(scope="module")
def events(province: Path) -> pl.DataFrame:
    return pl.read_csv(province / "logs" / "events.csv", try_parse_dates=True)


def working(column: str) -> pl.Expr:
    """Whether a time lies in office hours of a working day."""
    days = load_calendar().days.filter("is_working")["day"].implode()
    minute = pl.col(column).dt.hour().cast(pl.Int32) * 60 + pl.col(column).dt.minute()
    in_hours = minute.is_between(450, 690) | minute.is_between(780, 1020)
    return pl.col(column).dt.date().is_in(days) & in_hours


# ---- the clock -------------------------------------------------------------------------------------------------------


@given(st.integers(0, 500 * DAY), st.integers(0, 60 * 8 * 3600))
def test_working_time_added_is_working_time_passed(start: int, worked: int) -> None:
    before = CLOCK.to_working(np.array([start]))
    after = CLOCK.to_wall(before + worked)
    assert after[0] >= start or worked == 0
    assert CLOCK.to_working(after)[0] == before[0] + worked


@given(st.integers(0, 480 * DAY), st.integers(1, 30), st.booleans())
def test_promises_are_those_of_the_etl_calendar(received: int, term: int, same_day: bool) -> None:
    moment = np.datetime64(FIRST_DAY, "s") + np.timedelta64(received, "s")
    ours = CLOCK.due(np.array([received]), np.array([term]), np.array([same_day]))
    theirs = load_calendar().due_days(np.array([moment]), np.array([term]), np.array([same_day]))
    assert np.datetime64(FIRST_DAY, "D") + ours[0] // DAY == theirs[0]


def test_what_never_comes_stays_away() -> None:
    never = np.array([NEVER])
    assert CLOCK.to_wall(never)[0] == CLOCK.to_working(never)[0] == CLOCK.later(never, 3)[0] == NEVER


# ---- dossiers --------------------------------------------------------------------------------------------------------


def test_every_dossier_has_a_code_of_its_own(dossiers: pl.DataFrame) -> None:
    assert dossiers["dossier_id"].n_unique() == dossiers.height == 40_000


def test_times_follow_each_other(dossiers: pl.DataFrame) -> None:
    for earlier, later in (
        ("submitted_at", "received_at"),
        ("received_at", "finished_at"),
        ("finished_at", "returned_at"),
        ("received_at", "supplement_requested_at"),
        ("received_at", "apology_sent_at"),
        ("received_at", "due_at"),
    ):
        assert dossiers.filter(pl.col(earlier) > pl.col(later)).is_empty(), (earlier, later)
    happened = dossiers.select("submitted_at", "received_at", "finished_at", "returned_at", "apology_sent_at")
    assert max(happened.max().row(0)) <= STATE_AT


def test_the_log_of_a_dossier_is_in_order_and_agrees_with_the_register(
    dossiers: pl.DataFrame, events: pl.DataFrame
) -> None:
    steps = events.with_columns(gap=pl.col("at").diff().over("dossier_id"))
    assert steps.filter(pl.col("gap") < dt.timedelta(0)).is_empty()
    assert set(events["activity"]) <= set(ACTIVITIES)
    for activity, column in (("Tiếp nhận hồ sơ", "received_at"), ("Trả kết quả", "returned_at")):
        logged = events.filter(pl.col("activity") == activity).select("dossier_id", "at").sort("dossier_id")
        registered = dossiers.drop_nulls(column).select("dossier_id", at=column).sort("dossier_id")
        assert logged.equals(registered), activity
    finished = (
        dossiers.filter(pl.col("status").is_in(RESOLVED)).select("dossier_id", at="finished_at").sort("dossier_id")
    )
    stamped = events.filter(pl.col("activity") == "Đóng dấu, vào sổ").select("dossier_id", "at").sort("dossier_id")
    assert stamped.equals(finished)


def test_nothing_happens_to_a_dossier_after_it_was_withdrawn_stopped_or_refused(events: pl.DataFrame) -> None:
    last = events.group_by("dossier_id").agg(pl.col("status").last(), ended=pl.col("status").is_in([3, 7, 8]).any())
    assert last.filter("ended")["status"].is_in([3, 7, 8]).all()


def test_a_pause_ends_with_the_next_step(events: pl.DataFrame) -> None:
    """The ETL takes the time from the request to the next step: nothing may come in between."""
    following = events.with_columns(then=pl.col("activity").shift(-1).over("dossier_id"))
    closing = {None, "Công dân rút hồ sơ", "Dừng xử lý hồ sơ"}
    for opening, answer in (
        ("Yêu cầu bổ sung hồ sơ", "Tiếp nhận giấy tờ bổ sung"),
        ("Gửi xác minh cơ quan khác", "Nhận trả lời của cơ quan phối hợp"),
        ("Niêm yết công khai", "Lập biên bản kết thúc công khai"),
        ("Yêu cầu thực hiện nghĩa vụ tài chính", "Xác nhận đã nộp tiền"),
    ):
        then = set(following.filter(pl.col("activity") == opening)["then"])
        assert answer in then
        assert then <= {answer, *closing}, opening


def test_people_are_received_in_office_hours_but_file_online_at_any(dossiers: pl.DataFrame) -> None:
    in_person = dossiers.filter(pl.col("channel") == "in_person", pl.col("received_at").is_not_null())
    assert in_person.select(working("received_at").all()).item()
    online = dossiers.filter(pl.col("channel") == "online")
    assert online.drop_nulls("received_at").select(working("received_at").all()).item()
    outside = online.select((~working("submitted_at")).mean()).item()
    assert 0.25 < outside < 0.6
    wait = online.drop_nulls("received_at")
    assert wait.filter(pl.col("submitted_at").dt.weekday() == 7).height > 100


def test_a_promise_without_pauses_is_the_term_of_the_procedure(dossiers: pl.DataFrame, events: pl.DataFrame) -> None:
    paused = events.filter(pl.col("activity").str.contains("Yêu cầu|xác minh|Niêm yết|Tạm dừng"))["dossier_id"].unique()
    procedures = load_procedures().table.select("procedure_code", "deadline_working_days", "same_day")
    plain = (
        dossiers.filter(~pl.col("dossier_id").is_in(paused.implode()))
        .drop_nulls(["received_at", "due_at"])
        .join(procedures, on="procedure_code", validate="m:1")
    )
    due = load_calendar().due_days(
        plain["received_at"].to_numpy().astype("datetime64[s]"),
        plain["deadline_working_days"].to_numpy(),
        plain["same_day"].to_numpy(),
    )
    agrees = plain["due_at"].to_numpy().astype("datetime64[D]") == due
    # About one same-day certification in a hundred is put off by agreement.
    assert agrees[~plain["same_day"].to_numpy()].all()
    assert agrees.mean() > 0.98


def test_stopped_clocks_move_the_promise(dossiers: pl.DataFrame, events: pl.DataFrame) -> None:
    answered = events.filter(pl.col("activity") == "Lập biên bản kết thúc công khai")["dossier_id"]
    term = pl.col("due_at").dt.date() - pl.col("received_at").dt.date()
    land = dossiers.filter(pl.col("procedure_code") == "1.013978", pl.col("due_at").is_not_null())
    posted = pl.col("dossier_id").is_in(answered.implode())
    assert land.filter(posted).select(term.median()).item() > land.filter(~posted).select(term.median()).item()


def test_all_states_occur_and_most_results_are_in_time(dossiers: pl.DataFrame) -> None:
    share = dict(dossiers["status"].value_counts(normalize=True).iter_rows())
    assert set(share) == set(range(1, 11))
    assert share[10] > 0.9
    resolved = dossiers.filter(pl.col("status").is_in(RESOLVED))
    assert 0.015 < resolved["late"].mean() < 0.05  # type: ignore[operator]
    assert dossiers["apology_sent_at"].count() > 20
    repeated = dossiers.filter(pl.col("supplement_requests") > 1).height
    asked = dossiers.filter(pl.col("supplement_requests") > 0).height
    assert 0.05 < repeated / asked < 0.25


def test_a_few_are_received_outside_their_own_commune_and_some_slowly(dossiers: pl.DataFrame) -> None:
    elsewhere = dossiers.select((pl.col("received_by") != pl.col("commune_code")).mean()).item()
    assert 0.01 < elsewhere < 0.06
    days = pl.col("received_at").dt.date() - pl.col("submitted_at").dt.date()
    slow = dossiers.filter(pl.col("channel") == "online").select((days > dt.timedelta(days=4)).mean()).item()
    assert 0 < slow < 0.05


def test_communes_differ_about_tenfold_in_volume(dossiers: pl.DataFrame) -> None:
    volume = dossiers.group_by("commune_code").len()["len"]
    spread = volume.quantile(0.98) / volume.quantile(0.02)  # type: ignore[operator]
    assert 6 < spread < 30


# ---- seasons and events ----------------------------------------------------------------------------------------------


def per_day(dossiers: pl.DataFrame, first: dt.date, last: dt.date) -> float:
    """Dossiers received a working day of a span."""
    days = load_calendar().days.filter(pl.col("day").is_between(first, last), pl.col("is_working")).height
    return dossiers.filter(pl.col("received_at").dt.date().is_between(first, last)).height / days


def test_demand_falls_before_tet_and_comes_back_after_it(dossiers: pl.DataFrame) -> None:
    usual = per_day(dossiers, dt.date(2025, 10, 1), dt.date(2025, 12, 31))
    assert per_day(dossiers, dt.date(2026, 2, 9), dt.date(2026, 2, 13)) < 0.8 * usual
    assert per_day(dossiers, dt.date(2026, 2, 23), dt.date(2026, 2, 27)) > 1.2 * usual
    tet = dossiers.filter(pl.col("received_at").dt.date().is_between(dt.date(2026, 2, 14), dt.date(2026, 2, 22)))
    assert tet.is_empty()


def test_online_filing_grows_and_breaks_down_in_the_outage_week(dossiers: pl.DataFrame, province: Path) -> None:
    share = dossiers.group_by(pl.col("submitted_at").dt.date().alias("day")).agg(
        online=(pl.col("channel") == "online").sum(), all=pl.len()
    )

    def online(first: dt.date, last: dt.date) -> float:
        span = share.filter(pl.col("day").is_between(first, last))
        return float(span["online"].sum() / span["all"].sum())

    assert online(dt.date(2026, 9, 1), dt.date(2026, 11, 20)) > online(dt.date(2025, 7, 1), dt.date(2025, 9, 30)) + 0.1
    outage = json.loads((province / "planted.json").read_text(encoding="utf-8"))["outage"]
    first, last = (dt.date.fromisoformat(outage[day]) for day in ("first_day", "last_day"))
    assert online(first, last) < online(first - dt.timedelta(7), last - dt.timedelta(7)) - 0.15


def test_planted_changes_can_be_seen_and_others_stay_as_they_are(dossiers: pl.DataFrame, province: Path) -> None:
    planted = json.loads((province / "planted.json").read_text(encoding="utf-8"))["changes"]
    assert sorted(change["direction"] for change in planted) == ["deteriorates"] * 3 + ["improves"] * 3
    resolved = dossiers.filter(pl.col("status").is_in(RESOLVED))
    for change in planted:
        own = resolved.filter(pl.col("commune_code") == change["commune_code"])
        after = pl.col("received_at") >= dt.datetime.fromisoformat(change["date"])
        before_rate, after_rate = own.filter(~after)["late"].mean(), own.filter(after)["late"].mean()
        better, worse = (
            (before_rate, after_rate) if change["direction"] == "deteriorates" else (after_rate, before_rate)
        )
        assert worse > better + 0.02, change  # type: ignore[operator]
    changed = pl.Series([change["commune_code"] for change in planted])
    others = resolved.filter(~pl.col("commune_code").is_in(changed.implode()))
    middle = dt.datetime(2026, 3, 15)
    early = others.filter(pl.col("received_at") < middle)["late"].mean()
    later = others.filter(pl.col("received_at") >= middle)["late"].mean()
    assert abs(later - early) < 0.01  # type: ignore[operator]


def test_most_communes_differ_only_by_chance_and_mix(dossiers: pl.DataFrame, province: Path) -> None:
    """Without the planted ones the late rates scatter little more than equal chances would."""
    planted = json.loads((province / "planted.json").read_text(encoding="utf-8"))["changes"]
    changed = pl.Series([change["commune_code"] for change in planted])
    resolved = dossiers.filter(pl.col("status").is_in(RESOLVED), ~pl.col("commune_code").is_in(changed.implode()))
    by = resolved.group_by("commune_code").agg(n=pl.len(), late=pl.col("late").sum())
    rate = by["late"].sum() / by["n"].sum()
    chi_square = ((by["late"] - by["n"] * rate) ** 2 / (by["n"] * rate * (1 - rate))).sum()
    assert 0.6 < chi_square / (by.height - 1) < 2.5
