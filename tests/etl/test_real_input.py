"""The same pipeline on real files: official outlines and lineage of three provinces, and a real municipal log.

The log's reference answers were made elsewhere, with definitions of their own. Where one of ours differs, the test says
so: dates here are UTC dates, the reference's are of Amsterdam; two cases that end before they start are refused.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import os
import statistics
from pathlib import Path
from typing import Any

import pytest

from etl.build import build
from tests.etl.province import Tables

REAL = Path(__file__).parent / "real"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
REGISTER = "dossier_id,commune_code,received_at,due_at,finished_at\n"

pytestmark = pytest.mark.skipif(
    not SHARED.exists() and os.environ.get("CI") != "true", reason="the real files of ../shared are not here"
)


@pytest.fixture(autouse=True, scope="module")
def _key(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.mktemp("key") / "hash.key"))
        yield


# ---- units and outlines ----------------------------------------------------------------------------------------------


def build_real(directory: Path, name: str, register: str) -> Tables:
    (directory / "register.csv").write_text(REGISTER + register, encoding="utf-8")
    text = (REAL / f"{name}.toml").read_text(encoding="utf-8")
    text = text.replace("../../../../shared/data", SHARED.as_posix()).replace("{exports}", directory.as_posix())
    (directory / "province.toml").write_text(text, encoding="utf-8")
    report = build(directory / "province.toml", directory / "warehouse")
    return Tables(directory / "warehouse", report.snapshot_id or "")


@pytest.mark.parametrize(
    ("name", "units", "first_code"),
    [("phu_tho", 148, "08740"), ("hai_phong", 114, "10645"), ("hung_yen", 104, "12286")],
)
def test_a_real_province_builds_with_every_unit_drawn(tmp_path: Path, name: str, units: int, first_code: str) -> None:
    register = f"H44-260302-0001,{first_code},2026-03-02 08:00:00,2026-03-04,2026-03-03 09:00:00\n"
    tables = build_real(tmp_path, name, register)
    found = tables.one(
        "select count(*) as units, count(geometry) as drawn, count(distinct old_district) as districts, "
        "sum(octet_length(map_geojson::blob)) as bytes, bool_and(lon between 104 and 108) as placed from commune"
    )
    assert (found["units"], found["drawn"], found["placed"]) == (units, units, True)
    assert found["districts"] > 5  # type: ignore[operator]
    assert found["bytes"] <= 300_000  # type: ignore[operator]
    foreign = tables.one("select * from load where table_name = 'commune'")
    assert foreign["rows_loaded"] == units
    assert foreign["rows_read"] == 366
    assert tables.one("select commune_code from dossier")["commune_code"] == first_code
    assert not tables("select * from warning where rule in ('commune_without_polygon', 'polygon_without_commune')")


def test_old_codes_mean_the_old_units_and_split_ones_stay_apart(tmp_path: Path) -> None:
    # Before the merger 11110 was xã Cộng Hòa of Kim Thành or another; the crosswalk says which old units were split.
    with (SHARED / "boundaries" / "crosswalk_2025.csv").open(encoding="utf-8") as file:
        pieces = [row for row in csv.DictReader(file) if row["new_province_code"] == "31" and row["old_code"]]
    split = next(row for row in pieces if row["extent"] == "part")
    whole = next(row for row in pieces if row["extent"] == "whole" and row["old_code"] != row["new_code"])
    lines = [
        f"H24-250602-000{number},{row['old_code']},2025-06-02 08:00:00,2025-06-04,2025-06-03 09:00:00\n"
        for number, row in enumerate((split, whole))
    ]
    tables = build_real(tmp_path, "hai_phong", "".join(lines))
    found = {row["old_code"]: row["commune_code"] for row in tables("select old_code, commune_code from dossier")}
    assert found == {split["old_code"]: None, whole["old_code"]: whole["new_code"]}


# ---- the municipal log -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    return json.loads((SHARED / "logs" / "wabo_receipt.reference.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wabo(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    warehouse = tmp_path_factory.mktemp("wabo")
    report = build(REAL / "wabo.toml", warehouse)
    return Tables(warehouse, report.snapshot_id or "")


@pytest.fixture(scope="module")
def cases() -> dict[str, dict[str, str]]:
    """The first row of each case, read by the standard library alone."""
    with gzip.open(SHARED / "logs" / "wabo_receipt.csv.gz", "rt", encoding="utf-8") as file:
        found: dict[str, dict[str, str]] = {}
        for row in csv.DictReader(file):
            found.setdefault(row["case:concept:name"], row)
    return found


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def test_every_event_and_case_of_the_log_is_accounted_for(wabo: Tables, reference: dict[str, Any]) -> None:
    load = {row["table_name"]: row for row in wabo("select * from load")}
    assert load["event"]["rows_loaded"] == reference["counts"]["events"]
    assert load["dossier"]["rows_read"] == reference["counts"]["cases"]
    refused = wabo("select rule, source_row from reject")
    assert {row["rule"] for row in refused} == {"closed_before_received"}
    assert len(refused) == reference["attr_anomalies"]["end_before_start"]
    assert load["dossier"]["rows_loaded"] == reference["counts"]["cases"] - 2


def test_transitions_and_variants_are_the_references(wabo: Tables, reference: dict[str, Any]) -> None:
    pairs = wabo(
        'select activity as a, lead(activity) over w as b, date_diff(\'microsecond\', "at", lead("at") over w) / 3.6e9 '
        "as hours from event window w as (partition by dossier_id order by step) qualify b is not null"
    )
    assert len(pairs) == reference["counts"]["transitions_total"]
    for top in reference["top_transitions"]:
        waits = [row["hours"] for row in pairs if (row["a"], row["b"]) == (top["from"], top["to"])]
        assert len(waits) == top["count"]
        assert statistics.median(waits) == pytest.approx(top["median_wait_hours"], abs=1e-6)
        assert statistics.fmean(waits) == pytest.approx(top["mean_wait_hours"], abs=1e-6)
    variants = wabo("select distinct list(activity order by step) as v from event group by dossier_id")
    assert len(variants) == reference["counts"]["variants"]


def test_open_cases_and_elapsed_times_are_the_references_less_the_two_refused(
    wabo: Tables, reference: dict[str, Any], cases: dict[str, dict[str, str]]
) -> None:
    assert wabo.one("select count(*) as n from dossier where closed_at is null")["n"] == reference["open_cases"]["open"]
    hours = [
        row["hours"]
        for row in wabo(
            "select date_diff('microsecond', received_at, closed_at) / 3.6e9 as hours from dossier "
            "where closed_at is not null"
        )
    ]
    spans = [
        (utc(case["case:enddate"]) - utc(case["case:startdate"])) / dt.timedelta(hours=1)
        for case in cases.values()
        if case["case:enddate"]
    ]
    assert statistics.median(spans) == pytest.approx(reference["attr_span_closed_cases"]["hours"]["median"], abs=1e-5)
    assert statistics.median(hours) == pytest.approx(statistics.median(span for span in spans if span >= 0), abs=1e-6)


def test_late_cases_by_date_differ_from_the_reference_only_by_the_zone_of_the_dates(
    wabo: Tables, reference: dict[str, Any], cases: dict[str, dict[str, str]]
) -> None:
    late = wabo.one("select count(*) as n from dossier where closed_at::date > due_at::date")["n"]
    closed = [case for case in cases.values() if case["case:enddate"]]
    by_amsterdam = sum(case["case:enddate"][:10] > case["case:deadline"][:10] for case in closed)
    by_utc = sum(utc(case["case:enddate"]).date() > utc(case["case:deadline"]).date() for case in closed)
    # The reference compares the dates that the file prints; ours are the dates of the configured zone.
    assert by_amsterdam == reference["due"]["closed_late_date"]
    assert late == by_utc


def test_monthly_receipts_and_closings_agree_with_a_count_of_the_file(
    wabo: Tables, cases: dict[str, dict[str, str]]
) -> None:
    for ours, theirs in (("received_at", "case:startdate"), ("closed_at", "case:enddate")):
        counted: dict[str, int] = {}
        for case in cases.values():
            ends_before_start = case["case:enddate"] and utc(case["case:enddate"]) < utc(case["case:startdate"])
            if case[theirs] and not ends_before_start:
                month = f"{utc(case[theirs]):%Y-%m}"
                counted[month] = counted.get(month, 0) + 1
        rows = wabo(
            f"select strftime({ours}, '%Y-%m') as m, count(*) as n from dossier where {ours} is not null group by 1"
        )
        assert {row["m"]: row["n"] for row in rows} == counted
