"""Before and after the merger: exact for whole pieces, a range for split ones, nothing for land, never by name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.merger import Continuity, Handled, Piece, Span, continuity, sum_before
from tests.builders import build_snapshot, dossier
from warehouse import open_snapshot

OLD = {"whole": "00001", "part": "00002", "part_area_only": "00003", "part_area_all_population": "00004"}


def piece(old_code: str, extent: str, new_code: str = "08740", name: str = "Phường Hùng Vương") -> dict[str, object]:
    return {
        "new_code": new_code, "old_code": old_code, "old_name": name, "old_kind": "ward", "extent": extent,
        "effective_date": dt.date(2025, 7, 1), "resolution": "NQ 1676",
    }  # fmt: skip


def before(old_code: str, n: int, *, late: int = 0, commune: str | None = "08740") -> list[dict[str, object]]:
    return [
        dossier(
            commune_code=commune,
            old_code=old_code,
            received_at="2025-05-05 08:00",
            due_at="2025-05-07",
            finished_at="2025-05-08 09:00" if case < late else "2025-05-06 09:00",
        )
        for case in range(n)
    ]


def look(directory: Path, rows: list[dict[str, object]], pieces: list[dict[str, object]]) -> Continuity:
    build_snapshot(directory, dossiers=[*rows, dossier(finished_at="2025-07-01 10:00")], lineage=pieces)
    return continuity(open_snapshot(directory), "08740")


def test_whole_pieces_add_up_exactly(tmp_path: Path) -> None:
    found = look(
        tmp_path,
        [*before("00001", 6, late=1), *before("00005", 4)],
        [piece("00001", "whole"), piece("00005", "unchanged")],
    )
    assert found.received_before == Span(low=10, high=10) and found.received_before.is_exact
    assert found.on_time_before == Span(low=0.9, high=0.9)
    assert found.first == dt.date(2025, 5, 5)
    assert (found.after.received, found.after.resolved) == (1, 1)


def test_a_split_unit_gives_a_range_and_land_alone_nothing(tmp_path: Path) -> None:
    rows = [
        *before(OLD["whole"], 6, late=3),
        *before(OLD["part"], 4, commune=None),
        *before(OLD["part_area_only"], 50, commune="08230"),
        *before(OLD["part_area_all_population"], 2),
    ]
    pieces = [piece(code, extent) for extent, code in OLD.items()]
    pieces.append(piece(OLD["part"], "remainder", new_code="08230"))
    found = look(tmp_path, rows, pieces)
    assert found.received_before == Span(low=8, high=12)
    assert found.on_time_before is not None
    assert (found.on_time_before.low, found.on_time_before.high) == pytest.approx((5 / 8, 9 / 12))
    by_code = {one.old_code: one for one in found.pieces}
    assert by_code[OLD["part"]].others == ("08230",) and by_code[OLD["part"]].share == "some"
    assert by_code[OLD["part_area_only"]].share == "none"
    assert [one.old_code for one in found.split] == [OLD["part"]]


def test_namesakes_and_reused_codes_are_not_taken_for_pieces(tmp_path: Path) -> None:
    """Two old wards of one name: only the one that the lineage names counts; nor does a dossier of today's own code."""
    rows = [*before("00001", 3), *before("00009", 40, commune="08230"), *before("08740", 7, commune="08230")]
    pieces = [piece("00001", "whole"), piece("00009", "whole", new_code="08230")]
    found = look(tmp_path, rows, pieces)
    assert found.received_before == Span(low=3, high=3)


def test_without_dossiers_from_before_there_is_no_sum_but_there_are_pieces(tmp_path: Path) -> None:
    found = look(tmp_path, [], [piece("00001", "whole")])
    assert found.received_before is None and found.on_time_before is None and found.first is None
    assert [one.old_name for one in found.pieces] == ["Phường Hùng Vương"]
    nothing = continuity(open_snapshot(tmp_path), "08230")
    assert nothing.pieces == () and nothing.received_before is None


HANDLED = st.integers(0, 30).flatmap(
    lambda resolved: st.builds(
        Handled,
        received=st.integers(resolved, 40),
        resolved=st.just(resolved),
        on_time=st.integers(0, resolved),
    )
)


@given(
    sure=st.lists(HANDLED, max_size=2),
    unsure=st.lists(HANDLED, max_size=3),
    shares=st.lists(st.sampled_from([0, 0.25, 0.5, 1]), min_size=3, max_size=3),
)
def test_whatever_share_of_the_split_units_came_the_truth_lies_in_the_range(
    sure: list[Handled], unsure: list[Handled], shares: list[float]
) -> None:
    pieces = [_piece(one, "whole") for one in sure] + [_piece(one, "part") for one in unsure]
    received, rate = sum_before(pieces)
    taken = [(one, 1.0) for one in sure] + list(zip(unsure, shares, strict=False))
    if received is None:
        assert not any(one.received for one, _share in taken)
        return
    assert received.low <= sum(one.received * share for one, share in taken) <= received.high
    resolved = sum(one.resolved * share for one, share in taken)
    if resolved and rate is not None:
        true = sum(one.on_time * share for one, share in taken) / resolved
        assert rate.low - 1e-12 <= true <= rate.high + 1e-12


def _piece(handled: Handled, extent: str) -> Piece:
    return Piece(
        old_code="1", old_name="x", old_kind=None, old_district=None, extent=extent, resolution=None, others=(),
        handled=handled,
    )  # fmt: skip
