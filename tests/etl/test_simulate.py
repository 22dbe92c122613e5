"""The simulator writes the same province again, accounts for what it dirtied, and never touches somebody's own data."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import unicodedata
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from etl.build import check
from etl.config import load_config
from etl.errors import DataError, UsageError
from etl.simulate import SimulationSummary, run, simulate
from etl.simulate.dirt import BAD_KINDS
from etl.simulate.families import FAMILIES
from etl.simulate.sinks import CsvSink
from etl.simulate.unit_texts import UnitTexts

DOSSIERS = 2_000


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> SimulationSummary:
    return simulate(tmp_path_factory.mktemp("dirty"), dossiers=DOSSIERS)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> SimulationSummary:
    return simulate(tmp_path_factory.mktemp("clean"), dossiers=DOSSIERS, clean=True)


def digests(directory: Path) -> dict[str, str]:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def counts(summary: SimulationSummary) -> dict[str, int]:
    return json.loads((summary.directory / "planted.json").read_text(encoding="utf-8"))["counts"]


# ---- the same again --------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_in_every_file(dirty: SimulationSummary, tmp_path: Path) -> None:
    again = simulate(tmp_path, dossiers=DOSSIERS)
    assert digests(again.directory) == digests(dirty.directory)


def test_the_size_of_the_chunks_changes_nothing(
    dirty: SimulationSummary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNK_DOSSIERS", 100)
    again = simulate(tmp_path, dossiers=DOSSIERS)
    assert digests(again.directory) == digests(dirty.directory)


def test_another_seed_gives_other_dossiers(dirty: SimulationSummary, tmp_path: Path) -> None:
    other = simulate(tmp_path, dossiers=DOSSIERS, seed=2)
    log = "logs/nhat_ky_2025-07.csv.gz"
    assert digests(other.directory)[log] != digests(dirty.directory)[log]


def test_no_more_dossiers_are_held_at_a_time_than_a_chunk_or_the_largest_commune() -> None:
    shares = [30_000, 5_000, 5_000, 90_000, 1, 39_999]
    assert list(run._chunks(shares)) == [[0, 1, 2], [3], [4, 5]]


# ---- accounting ------------------------------------------------------------------------------------------------------


def test_what_was_planted_adds_up(dirty: SimulationSummary) -> None:
    planted = counts(dirty)
    assert sum(planted[f"bad_{kind}"] for kind in BAD_KINDS) == planted["bad_rows"]
    assert min(planted[f"bad_{kind}"] for kind in BAD_KINDS) >= 1
    kinds = ("repeated_rows", "bad_rows", "stale_rows", "trial_rows")
    assert planted["register_rows"] == DOSSIERS + sum(planted[kind] for kind in kinds)
    assert planted["event_rows"] == planted["events"] + planted["repeated_events"]


# To the minute: one of the systems knows no seconds, another no hour of the promise.
_SAME = """
    select dossier_id, commune_code, received_by, procedure_code, field, channel, status, supplement_requests,
        fee, paid_online, digitised, e_result, due_at::date as due, applicant_key,
        date_trunc('minute', submitted_at) as submitted, date_trunc('minute', received_at) as received,
        date_trunc('minute', finished_at) as finished, date_trunc('minute', returned_at) as returned
    from dossier order by dossier_id
"""


def test_the_etl_loads_every_dossier_and_refuses_exactly_the_bad_rows(
    dirty: SimulationSummary, clean: SimulationSummary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path / "hash.key"))
    reports, loaded, outcomes = [], [], []
    for summary in (dirty, clean):
        scratch = tmp_path / summary.directory.name
        scratch.mkdir()
        # Boundaries have tests of their own and take their time.
        without = without_boundaries(summary.directory)
        report = check(without, scratch=scratch)
        assert report.dossiers == DOSSIERS
        with duckdb.connect(scratch / "check.duckdb", read_only=True) as connection:
            loaded.append(connection.sql(_SAME).pl())
            outcomes.append(dict(connection.sql("select outcome, count(*) from correction group by all").fetchall()))
        reports.append(report)

    report = reports[0]
    planted = counts(dirty)
    refused = dict(report.rejects_by_rule.select("rule", "n").iter_rows())
    assert refused == {kind: planted[f"bad_{kind}"] for kind in BAD_KINDS} | {"dropped_by_correction": 1}
    registers = report.load.filter(pl.col("table_name") == "dossier")
    assert registers["rows_read"].sum() == planted["register_rows"]
    assert registers["rows_repeated"].sum() == planted["repeated_rows"] + planted["stale_rows"]
    logs = report.load.filter(pl.col("table_name") == "event")
    assert (logs["rows_read"].sum(), logs["rows_loaded"].sum()) == (planted["event_rows"], planted["events"])
    # What the reviewed corrections mend is, once mended, what the clean files say.
    assert_frame_equal(*loaded)
    assert outcomes == [{"applied": 4, "expired": 1, "source_mended": 1, "not_found": 1}, {}]


def without_boundaries(directory: Path) -> Path:
    text = (directory / "province.toml").read_text(encoding="utf-8")
    path = directory / "without_boundaries.toml"
    path.write_text(re.sub(r"\[(old_)?boundaries\]\n(.+\n)+", "", text), encoding="utf-8")
    return path


# ---- the files -------------------------------------------------------------------------------------------------------


def test_the_description_is_complete_and_says_simulated(dirty: SimulationSummary) -> None:
    config = load_config(dirty.directory / "province.toml")
    assert config.province.simulated
    assert config.boundaries is not None and config.old_boundaries is not None
    assert config.boundaries.approximate and config.boundaries.source == "ranh giới xấp xỉ"
    assert config.lineage is not None and config.events
    files = [path for block in (*config.dossiers, *config.events) for path in config.directory.glob(block.path)]
    written = [path for folder in ("exports", "logs") for path in (config.directory / folder).rglob("*.*")]
    assert {path for path in written if not path.name.startswith("~$")} == {
        path for path in files if not path.name.startswith("~$")
    }
    assert len(files) == len(set(files)), "no file belongs to two blocks"


def test_every_kind_of_export_is_there(dirty: SimulationSummary) -> None:
    exports = dirty.directory / "exports"
    starts = [path.read_bytes()[:4] for path in exports.iterdir() if path.is_file()]
    assert any(start.startswith(b"\xef\xbb\xbf") for start in starts)
    assert any(start.startswith(b"\xff\xfe") for start in starts)
    assert any(start.startswith(b"PK") for start in starts)
    assert list(exports.glob("~$*.xlsx"))
    assert list((exports / "cu").glob("*.csv"))
    used = {block.encoding for block in load_config(dirty.directory / "province.toml").dossiers}
    assert "cp1258" in used


def test_windows_1258_carries_every_vietnamese_letter(tmp_path: Path) -> None:
    words = "Nguyễn Ước ở phường Đồng Xoài, xã Quỳnh Lưu: kỳ hạn, ngõ hẻm, đã trả; ƯỜNG ẬU ẼO Ỵ ỷ ĩ"
    path = tmp_path / "x.csv"
    sink = CsvSink(path, encoding="cp1258")
    sink.write(pl.DataFrame({"Tên": [words]}))
    sink.close()
    text = unicodedata.normalize("NFC", path.read_bytes().decode("cp1258"))
    assert text == f'Tên\n"{words}"\n'


def test_units_written_by_name_are_never_two_units_with_one_name(dirty: SimulationSummary) -> None:
    communes = pl.read_csv(dirty.directory / "communes.csv", schema_overrides={"commune_code": pl.String})
    texts = UnitTexts.of(communes.rename({"name": "full_name"}).with_columns(name="full_name")).texts
    for way in ("name", "old_name"):
        written = [text for choice in texts[way].values() for text in set(choice)]
        assert len(written) == len(set(written)), way


def test_what_a_family_declares_is_what_its_files_say() -> None:
    for family in FAMILIES:
        assert set(family.declared_columns.values()) <= set(family.columns.values())
        if family.declares_values:
            assert len(set(family.statuses.values())) == 10


def test_people_are_recognisably_invented(dirty: SimulationSummary) -> None:
    ordinary = next((dirty.directory / "exports").glob("so_theo_doi_*.csv"))
    rows = pl.read_csv(ordinary, infer_schema=False)
    assert rows["Số điện thoại"].str.starts_with("0900000").all()
    assert rows["Số giấy tờ"].str.contains(r"^000\d{9}$").all()


def test_a_workbook_has_titles_a_merged_range_and_a_footer(dirty: SimulationSummary) -> None:
    path = min((dirty.directory / "exports").glob("[!~]*.xlsx"))
    sheet = pl.read_excel(path, read_options={"header_row": None}, infer_schema_length=0, raise_if_empty=False)
    assert "MÔ PHỎNG" in str(sheet.row(0)[0])
    assert "Tổng cộng" in [str(cell) for cell in sheet.row(-1)]


# ---- the folder ------------------------------------------------------------------------------------------------------


def test_a_second_simulation_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    simulate(tmp_path, dossiers=50)
    simulate(tmp_path, dossiers=50, clean=True)
    assert [path.name for path in (tmp_path / "exports").rglob("*.csv")] == ["dossiers.csv"]
    assert [path.name for path in (tmp_path / "logs").iterdir()] == ["events.csv"]


@pytest.mark.parametrize("name", ["province.toml", "so_lieu_that.csv"])
def test_somebody_elses_folder_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("của tôi", encoding="utf-8")
    with pytest.raises(UsageError, match="không ghi đè"):
        simulate(tmp_path, dossiers=10)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "của tôi"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "tệp").touch()
    with pytest.raises(UsageError, match="là một tệp"):
        simulate(tmp_path / "tệp", dossiers=10)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, *args: object, **keywords: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(DataError, match=r"Không ghi được.*đĩa hết chỗ"):
        simulate(tmp_path / "đích", dossiers=10)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"province_code": "99"}, "25 Phú Thọ"),
        ({"province_code": "phú thọ"}, "96 Cà Mau"),
        ({"dossiers": 0}, "Số hồ sơ"),
        ({"days": 0}, "Số ngày"),
        ({"days": 10**6}, "Số ngày"),
        ({"seed": -1}, "Hạt giống"),
    ],
)
def test_impossible_arguments_are_refused_before_anything_is_written(
    tmp_path: Path, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        simulate(tmp_path / "đích", **arguments)  # type: ignore[arg-type]
    assert not (tmp_path / "đích").exists()


@pytest.mark.parametrize(("dossiers", "days"), [(1, 510), (1, 1), (7, 3), (40, 45), (300, 900)])
def test_the_smallest_and_shortest_provinces_are_written_too(tmp_path: Path, dossiers: int, days: int) -> None:
    summary = simulate(tmp_path, dossiers=dossiers, days=days, province_code="12")
    config = tomllib.loads((tmp_path / "province.toml").read_text(encoding="utf-8"))
    assert summary.dossiers == dossiers
    assert config["province"] == {
        "code": "12",
        "name": "Lai Châu",
        "timezone": "Asia/Ho_Chi_Minh",
        "simulated": True,
    }


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    simulate(tmp_path, dossiers=120, clean=True, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 120)
    assert seen[-1] == (120, 120)
    assert [done for done, _total in seen] == sorted(done for done, _total in seen)
