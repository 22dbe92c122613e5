"""A limit that makes no sense is refused by its name, before anything is read, and no snapshot is blamed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import build_snapshot, dossier
from warehouse import SettingError, open_snapshot, warehouse_directory
from warehouse.settings import BUILD_MEMORY, READER_MEMORY, THREADS, memory_limit, reader_threads


@pytest.mark.parametrize("given", ["abc", "1MB", "0GB", "-2GB", "2", "2 cái", "80%", "2GB; drop", "1e9GB", "²GB"])
@pytest.mark.parametrize("variable", [READER_MEMORY, BUILD_MEMORY])
def test_a_size_that_is_none_is_named_with_what_is_taken(
    variable: str, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, given)
    with pytest.raises(SettingError) as caught:
        memory_limit(variable, "2GB")
    assert all(part in str(caught.value) for part in (variable, given, "2GB", "MB"))


@pytest.mark.parametrize(("given", "taken"), [("4GB", "4GB"), (" 1.5 GiB ", "1.5GiB"), ("800mb", "800mb"), ("", "3GB")])
def test_a_size_is_taken_as_it_is(given: str, taken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BUILD_MEMORY, given)
    assert memory_limit(BUILD_MEMORY, "3GB") == taken


@pytest.mark.parametrize("given", ["x", "0", "-1", "2.5", "1 2", "99999", "٣"])
def test_a_number_of_threads_that_is_none_is_named(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(THREADS, given)
    with pytest.raises(SettingError, match=THREADS) as caught:
        reader_threads()
    assert given in str(caught.value)


@pytest.mark.parametrize(("variable", "value"), [(THREADS, "0"), (READER_MEMORY, "1MB"), (READER_MEMORY, "abc")])
def test_a_wrong_setting_is_not_taken_for_a_broken_snapshot(
    tmp_path: Path, variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = build_snapshot(tmp_path, dossiers=[dossier()])
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingError, match=variable):
        open_snapshot(directory)
    monkeypatch.setenv(variable, "2" if variable == THREADS else "1GB")
    assert open_snapshot(directory).query("select count(*) from dossier").item() == 1


def test_a_query_too_large_for_the_memory_allowed_names_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(READER_MEMORY, "64MB")
    snapshot = open_snapshot(build_snapshot(tmp_path, dossiers=[dossier()]))
    with pytest.raises(SettingError, match=READER_MEMORY):
        snapshot.query("select list(i::varchar || repeat('x', 1000)) as all_of_it from range(10000000) as t(i)")


def test_an_option_without_text_is_not_the_folder_that_the_command_runs_in() -> None:
    with pytest.raises(SettingError, match="--warehouse"):
        warehouse_directory("")
    assert warehouse_directory(".") == Path()
