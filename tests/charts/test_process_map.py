"""The map of a process: every step has a place of its own, nothing covers anything, rework is drawn against the way."""

from __future__ import annotations

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.palettes import DARK, LIGHT
from charts.process_layout import kept_edges, lay_out
from charts.process_map import hours_text, label_places, map_layout, process_map_figure, wait_class, wrapped
from charts.process_routes import BOX_HEIGHT, plan, rounded_path

STEPS = ("Nộp hồ sơ trực tuyến", "Tiếp nhận", "Thẩm định", "Yêu cầu thực hiện nghĩa vụ tài chính", "Ký", "Trả", "Rút")
ORDINARY = {("Tiếp nhận", "Thẩm định"): 90, ("Thẩm định", "Ký"): 85, ("Ký", "Trả"): 85}


def edges_of(counts: dict[tuple[str, str], int], dossiers: int = 100) -> pl.DataFrame:
    return pl.DataFrame(
        [(one, other, n, n / dossiers, 5.0, 9.0) for (one, other), n in counts.items()],
        schema={
            "from_activity": pl.String,
            "to_activity": pl.String,
            "n": pl.Int64,
            "share": pl.Float64,
            "wait_hours_p50": pl.Float64,
            "wait_hours_p90": pl.Float64,
        },
        orient="row",
    )


def nodes_of(counts: dict[tuple[str, str], int]) -> pl.DataFrame:
    names = list(dict.fromkeys(name for pair in counts for name in pair))
    visits = {name: max(n for pair, n in counts.items() if name in pair) for name in names}
    return pl.DataFrame(
        [(name, visits[name], visits[name], name == "Tiếp nhận", name == "Trả", 2.0) for name in names],
        schema={
            "activity": pl.String,
            "dossiers": pl.Int64,
            "visits": pl.Int64,
            "is_start": pl.Boolean,
            "is_end": pl.Boolean,
            "wait_hours_p50": pl.Float64,
        },
        orient="row",
    )


graphs = st.dictionaries(
    st.tuples(st.sampled_from(STEPS), st.sampled_from(STEPS)), st.integers(1, 5_000), min_size=1, max_size=24
)


def test_the_main_road_runs_from_left_to_right_and_side_roads_lie_below() -> None:
    counts = ORDINARY | {("Thẩm định", "Yêu cầu"): 9, ("Yêu cầu", "Ký"): 8}
    layout = map_layout(nodes_of(counts), edges_of(counts))
    assert [layout.places[step] for step in ("Tiếp nhận", "Thẩm định", "Ký", "Trả")] == [(0, 0), (1, 0), (2, 0), (3, 0)]
    assert layout.places["Yêu cầu"] == (1, 1)
    assert not layout.backward


def test_a_dossier_that_turns_back_is_drawn_backward_and_dashed() -> None:
    counts = ORDINARY | {("Ký", "Thẩm định"): 6}
    layout = map_layout(nodes_of(counts), edges_of(counts))
    assert layout.backward == {("Ký", "Thẩm định")}
    figure = process_map_figure(nodes_of(counts), edges_of(counts), width=900, palette=LIGHT)
    assert [shape.line.dash for shape in figure.layout.shapes if shape.line.dash == "dash"] == ["dash"]


def test_a_way_that_skips_a_well_trodden_step_arches_over_it() -> None:
    counts = {("A", "B"): 60, ("B", "C"): 60, ("A", "C"): 40, ("C", "D"): 100}
    layout = lay_out(edges_of(counts), dossiers={"A": 100, "B": 60, "C": 100, "D": 100}, starts=["A"])
    assert [layout.places[step] for step in "ABCD"] == [(0, 0), (1, 0), (2, 0), (3, 0)]
    planned = plan(layout, counts, width=900)
    assert max(y for _x, y in planned.ways["A", "C"]) > planned.boxes["B"].top


def test_rare_ways_are_left_out_but_never_all() -> None:
    edges = edges_of(ORDINARY | {("Tiếp nhận", "Rút"): 1})
    assert ("Rút" in kept_edges(edges, least_share=0.02)["to_activity"].to_list()) is False
    assert kept_edges(edges, least_share=1.0).height == 1
    assert kept_edges(edges.clear(), least_share=0.1).is_empty()


@given(graphs, st.sampled_from([560, 960, 1300]))
def test_no_box_and_no_words_lie_over_another_and_all_are_on_the_map(
    counts: dict[tuple[str, str], int], width: int
) -> None:
    layout = map_layout(nodes_of(counts), edges_of(counts))
    assert set(layout.places) == {name for pair in counts for name in pair}
    assert len(set(layout.places.values())) == len(layout.places)
    planned = plan(layout, counts, width=width)
    areas = [(box.left, box.bottom, box.right, box.top) for box in planned.boxes.values()]
    areas += [(x - 28, y - 8, x + 28, y + 8) for x, y in label_places(planned, counts).values()]
    for one, other in combinations(areas, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for left, bottom, right, top in areas:
        assert 0 <= left < right <= width + 1e-6
        assert 0 <= bottom < top <= planned.height
    assert set(planned.ways) == set(counts)


@given(graphs)
def test_a_map_of_any_graph_can_be_drawn(counts: dict[tuple[str, str], int]) -> None:
    figure = process_map_figure(nodes_of(counts), edges_of(counts), width=900, palette=DARK, marked="Ký")
    said = "".join(figure.data[0].customdata)
    for one, other in counts:
        assert f"{one} → {other}" in said
    boxes = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert len(boxes) == nodes_of(counts).height
    assert all(abs(shape.y1 - shape.y0 - BOX_HEIGHT) < 1e-6 for shape in boxes)


def test_the_busier_of_two_ways_is_the_wider() -> None:
    counts = {("Tiếp nhận", "Thẩm định"): 90, ("Thẩm định", "Ký"): 10, ("Ký", "Trả"): 10}
    figure = process_map_figure(nodes_of(counts), edges_of(counts), width=900, palette=LIGHT)
    widths = [shape.line.width for shape in figure.layout.shapes if shape.layer == "below"]
    assert max(widths) == widths[-1]
    assert widths[0] < widths[-1] / 2


@pytest.mark.parametrize(
    ("hours", "text"), [(None, "–"), (0.0, "0 phút"), (0.7, "42 phút"), (5.12, "5,1 giờ"), (76.8, "3,2 ngày")]
)
def test_waits_are_written_in_the_unit_that_fits(hours: float | None, text: str) -> None:
    assert hours_text(hours) == text


def test_longer_waits_are_darker() -> None:
    assert [wait_class(hours) for hours in (None, 0.2, 1, 5, 30, 100)] == [0, 0, 1, 2, 3, 4]


def test_long_names_are_cut_with_an_ellipsis_and_never_dropped() -> None:
    lines = wrapped("Yêu cầu thực hiện nghĩa vụ tài chính về đất đai", 90, lines=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert wrapped("Ký duyệt", 90, lines=2) == ["Ký duyệt"]


def test_a_path_begins_and_ends_where_the_way_does() -> None:
    path = rounded_path([(0, 0), (10, 0), (10, 40)])
    assert path.startswith("M0.0,0.0")
    assert path.endswith("L10.0,40.0")
    assert "Q10.0,0.0" in path
