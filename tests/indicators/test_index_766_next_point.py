"""The next point: so many dossiers suffice, one fewer does not, and nobody needs more than were missed."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from indicators.index_766 import Component, next_points
from indicators.index_766.bands import BANDS, band_of, next_band
from indicators.index_766.next_point import next_point, points_exact
from indicators.indicator import Words


def component(maximum: str = "20", full_at: str = "1", code: str = "2.1") -> Component:
    return Component(
        code=code,
        group="progress",
        names=Words("Đúng hạn", "On time"),
        maximum=Fraction(maximum),
        formula="on_time",
        full_at=Fraction(full_at),
        is_of_province=False,
        is_assumed=False,
        source="",
    )


shares = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
scales = st.tuples(
    st.sampled_from(["20", "6", "4", "3.33", "3.34", "0.5"]), st.sampled_from(["1", "0.8", "0.5", "0.333"])
)


@given(shares, scales, st.none() | st.fractions(Fraction(1, 1000), 10))
def test_so_many_suffice_and_one_fewer_does_not(
    share: tuple[int, int], scale: tuple[str, str], to_band: Fraction | None
) -> None:
    (good, n), declared = share, component(*scale)
    found = next_point(declared, good, n, to_band=to_band)
    now = points_exact(declared, good, n)
    if found is None:
        assert now == declared.maximum
        return
    wanted = min(Fraction(1), declared.maximum - now, *([to_band] if to_band is not None else []))
    assert points_exact(declared, good + found.more, n) - now == found.gain >= wanted
    assert points_exact(declared, good + found.more - 1, n) - now < wanted
    assert 1 <= found.more <= found.missed == n - good


@given(shares, scales)
def test_the_reason_is_what_lies_nearest(share: tuple[int, int], scale: tuple[str, str]) -> None:
    (good, n), declared = share, component(*scale)
    found = next_point(declared, good, n)
    lacking = declared.maximum - points_exact(declared, good, n)
    if found is not None:
        assert found.reason == ("full" if lacking < 1 else "point")
        assert (found.gain == lacking) if found.reason == "full" else (found.gain >= 1)


def test_the_example_of_the_screen() -> None:
    found = next_point(component(), 463, 500)
    assert found is not None
    assert (found.more, found.gain, found.reason, found.missed) == (25, Fraction(1), "point", 37)
    last = next_point(component(), 485, 500)
    assert last is not None
    assert (last.more, last.missed, last.reason, float(last.gain)) == (15, 15, "full", 0.6)


def test_suggestions_are_sorted_by_dossiers_per_point_and_only_of_what_is_computed() -> None:
    declared = [component(), component("6", "1", "4.1"), component("4", "0.8", "4.2"), component("2", "0.8", "4.3")]
    rows = [
        {"component": "2.1", "basis": "own", "good": 800, "n": 1000},
        {"component": "4.1", "basis": "own", "good": 50, "n": 100},
        {"component": "4.2", "basis": "own", "good": 90, "n": 100},
        {"component": "4.3", "basis": "published", "good": None, "n": None},
    ]
    found = next_points(declared, rows)
    assert [(one.component.code, one.more) for one in found] == [("4.1", 17), ("2.1", 50)]


def test_a_band_nearer_than_a_point_is_named() -> None:
    rows = [{"component": "2.1", "basis": "own", "good": 800, "n": 1000}]
    (found,) = next_points([component()], rows, total=79.5)
    assert (found.reason, found.more) == ("band", 25)
    (found,) = next_points([component()], rows, total=78.5)
    assert (found.reason, found.more) == ("point", 50)
    (found,) = next_points([component()], rows, total=95.0)
    assert found.reason == "point"


@given(st.floats(0, 100))
def test_bands_follow_the_decision(points: float) -> None:
    rounded = round(points, 2)
    expected = (
        "Xuất sắc" if rounded >= 90 else "Tốt" if rounded >= 80 else "Khá" if rounded >= 70 else "Trung bình"
        if rounded >= 50 else "Yếu"
    )  # fmt: skip
    assert band_of(points).names.vi == expected
    above = next_band(points)
    assert (above is None) == (expected == "Xuất sắc")
    assert above is None or BANDS.index(above) == BANDS.index(band_of(points)) - 1
