"""Charts of Xu hướng's segments: colours and words follow the rules, waterfalls end where they must."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from charts.backlog import backlog_figure, backlog_sentence, trial_note
from charts.control import Control, Value, control_figure, control_notes, control_sentence
from charts.event_marks import event_text, events_legend, mark_events
from charts.interrupted import break_sentence, effect_sentence, weeks_figure
from charts.lateness import lateness_figure, lateness_sentence
from charts.layout import base_figure
from charts.palettes import LIGHT
from charts.values import Axis
from indicators.backlog import Forecast, Trial
from indicators.breaks import Break
from indicators.catalogue import indicator
from indicators.dated_events import DatedEvent, concerning
from indicators.interrupted import Effect
from indicators.lateness import CAUSES, Cause, Lateness, Part
from indicators.windows import Window
from indicators.xmr import chart
from language.formats import percent

MONDAY = dt.date(2025, 7, 7)


def event(day: dt.date, *, ends: dt.date | None = None, **overrides: object) -> DatedEvent:
    row: dict[str, object] = {
        "event_id": 1, "scope": "province", "commune_code": None, "procedure_code": None, "kind": "other",
        "text": "Ủy quyền ký", "source": None,
    }  # fmt: skip
    return DatedEvent(window=Window(day, ends or day), **(row | overrides))  # type: ignore[arg-type]


def control(figures: list[float], *, name: str = "on_time_rate_ii06", unfinished: int = 0) -> Control:
    windows = [Window(MONDAY + dt.timedelta(weeks=week), MONDAY + dt.timedelta(weeks=week, days=6))
               for week in range(len(figures))]  # fmt: skip
    judged = len(figures) - unfinished
    values = [
        Value(window=window, value=figure, n=100, working_days=5, is_judged=week < judged)
        for week, (window, figure) in enumerate(zip(windows, figures, strict=True))
    ]
    return Control(
        values=values, chart=chart(figures[:judged], highest=1.0), indicator=indicator(name), text=percent,
        scale=Axis(100, "%", 0), grain="week",
    )  # fmt: skip


CALM = [0.9 + 0.01 * (week % 3) for week in range(20)]


def test_no_rule_no_claim() -> None:
    calm = control(CALM)
    text = control_sentence(calm, place="toàn tỉnh")
    assert "chưa có cơ sở nói tốt lên hay xấu đi" in text and "không phải dao động ngẫu nhiên" not in text
    assert {calm.colour(place, LIGHT) for place in range(20)} == {LIGHT.unclear}


@pytest.mark.parametrize(
    ("last", "name", "words", "colour"),
    [
        (0.6, "on_time_rate_ii06", "xấu đi, không phải dao động ngẫu nhiên (xuống dưới giới hạn dưới)", LIGHT.worse),
        (0.6, "supplement_rate", "tốt lên, không phải dao động ngẫu nhiên (xuống dưới giới hạn dưới)", LIGHT.better),
    ],
)
def test_a_rule_makes_a_claim_in_the_direction_of_the_indicator(
    last: float, name: str, words: str, colour: str
) -> None:
    changed = control([*CALM, last], name=name)
    assert words in control_sentence(changed, place="toàn tỉnh")
    assert changed.colour(20, LIGHT) == colour


def test_an_unfinished_bucket_is_hollow_and_out_of_the_rules() -> None:
    partial = control([*CALM, 0.1], unfinished=1)
    assert "chưa có cơ sở" in control_sentence(partial, place="toàn tỉnh")
    figure = control_figure(partial, palette=LIGHT, height=300)
    hollow = [trace for trace in figure.data if trace.mode == "markers" and trace.marker.color == LIGHT.page]
    assert [list(trace.y) for trace in hollow] == [[0.1]]
    assert any("Điểm rỗng" in note for note in control_notes(partial, []))


def test_limits_that_began_anew_say_why() -> None:
    notes = control_notes(control(CALM), [event(dt.date(2025, 9, 1))])
    assert notes[0] == "Giới hạn tính lại từ 01/09/2025: Ủy quyền ký."


def test_events_are_numbered_on_the_axis_and_explained_below() -> None:
    figure = base_figure(LIGHT, height=300)
    events = [event(dt.date(2025, 9, 1)), event(dt.date(2025, 9, 8), ends=dt.date(2025, 9, 10), text="Sự cố")]
    mark_events(figure, events, LIGHT)
    assert [annotation.text for annotation in figure.layout.annotations] == ["<b>1</b>", "<b>2</b>"]
    assert figure.layout.annotations[0].xshift != figure.layout.annotations[1].xshift, "a week apart: side by side"
    assert event_text(events[1]) == "08/09/2025–10/09/2025: Sự cố"
    assert events_legend(events) == "(1) 01/09/2025: Ủy quyền ký · (2) 08/09/2025–10/09/2025: Sự cố"


def test_an_event_of_one_commune_or_procedure_is_drawn_only_where_it_concerns() -> None:
    of_all, of_one, of_kind = (
        event(MONDAY),
        event(MONDAY, commune_code="08740", scope="commune"),
        event(MONDAY, procedure_code="2.000815", scope="procedure"),
    )
    events, july = [of_all, of_one, of_kind], Window(dt.date(2025, 7, 1), dt.date(2025, 7, 31))
    assert concerning(events, july) == [of_all, of_kind]
    assert concerning(events, july, communes=["08740"]) == events
    assert concerning(events, july, procedures=["1.001193"]) == [of_all]
    assert concerning(events, Window(dt.date(2025, 8, 1), dt.date(2025, 8, 2))) == []
    assert event(MONDAY, kind="outage").is_passing and not event(MONDAY, kind="delegation").is_passing


def found(parts: Mapping[Cause, tuple[float, float, float]], *, n: int = 500) -> Lateness:
    made = {cause: Part(value=value, low=low, high=high) for cause, (value, low, high) in parts.items()}
    gap = sum(part.value for part in made.values())
    return Lateness(
        commune_code="08740", n=n, weeks=26, rate=0.02 + gap, others=0.02, others_n=10_000,
        gap=Part(value=gap, low=gap - 0.01, high=gap + 0.01), parts=made,
    )  # fmt: skip


PARTS = dict(zip(CAUSES, [(0.01, -0.01, 0.02), (0.0, 0.0, 0.0), (0.03, 0.02, 0.04), (-0.01, -0.02, -0.005),
                          (0.02, -0.01, 0.05)], strict=True))  # fmt: skip


def test_the_waterfall_goes_from_the_others_to_the_commune() -> None:
    figure = lateness_figure(found(PARTS), name="Phường Phú Thọ", palette=LIGHT, height=400)
    whole, *parts = figure.data
    assert list(whole.y) == pytest.approx([0.02, 0.07])
    level = 0.02
    for bar in parts:
        assert bar.base[0] == pytest.approx(level)
        level += bar.y[0]
    assert level == pytest.approx(0.07)
    colours = [bar.marker.color for bar in parts]
    assert colours == [LIGHT.unclear, LIGHT.unclear, LIGHT.worse, LIGHT.better, LIGHT.unclear]


def test_the_sentence_names_the_largest_clear_part_and_no_unclear_one() -> None:
    assert "phần lớn nhất là chờ cơ quan khác: +3,0 điểm % (từ +2,0 đến +4,0)" in lateness_sentence(
        found(PARTS), name="Phường Phú Thọ"
    )
    vague = found({cause: (value, value - 0.05, value + 0.05) for cause, (value, _low, _high) in PARTS.items()})
    assert "chưa phần nào tách ra đủ rõ" in lateness_sentence(vague, name="Phường Phú Thọ")
    assert "chưa đủ để tách nguyên nhân" in lateness_sentence(found(PARTS, n=20), name="Phường Phú Thọ")


def effect(low: float, high: float) -> Effect:
    return Effect(
        value=(low + high) / 2, low=low, high=high, p_value=0.01, without=0.9, with_event=0.8, weeks_before=30,
        weeks_after=20,
    )  # fmt: skip


def test_an_effect_is_claimed_only_where_its_interval_bears_it_out() -> None:
    one = event(dt.date(2025, 9, 1))
    clear = effect_sentence(effect(-0.12, -0.04), one, "on_time", minutes_per_day=480)
    assert "−8,0 điểm % so với khi không có sự kiện" in clear
    vague = effect_sentence(effect(-0.04, 0.02), one, "on_time", minutes_per_day=480)
    assert "chưa đủ cơ sở nói" in vague
    assert "chưa đủ số tuần" in effect_sentence(None, one, "on_time", minutes_per_day=480)


def test_a_change_point_names_the_event_beside_it_or_says_that_none_is_known() -> None:
    days = [MONDAY + dt.timedelta(weeks=week) for week in range(30)]
    one = Break(index=15, earliest=14, latest=16, before=0.95, after=0.8, p_value=0.001)
    text = break_sentence(one, days, "on_time", [event(days[15])], minutes_per_day=480)
    assert "Từ tuần 20/10/2025" in text and "95,0 % thành 80,0 %" in text and "gần đó có: Ủy quyền ký" in text
    alone = break_sentence(one, days, "on_time", [event(days[2])], minutes_per_day=480)
    assert "chưa có sự kiện nào được ghi quanh đó" in alone


def test_the_weekly_chart_shows_each_level_and_where_the_change_may_lie() -> None:
    days = [MONDAY + dt.timedelta(weeks=week) for week in range(30)]
    weeks = pl.DataFrame(
        {"starts": days, "n": [50] * 30, "value": np.linspace(0.8, 0.9, 30), "expected": [0.85] * 30,
         "working_days": [5] * 30}
    )  # fmt: skip
    one = Break(index=15, earliest=14, latest=16, before=0.95, after=0.8, p_value=0.001)
    figure = weeks_figure(
        weeks, "on_time", palette=LIGHT, minutes_per_day=480, height=300, events=[event(days[15])], found=[one]
    )
    levels = [trace.y[0] for trace in figure.data if trace.line.color == LIGHT.worse]
    assert levels == [0.95, 0.8]


def test_a_backlog_is_foretold_only_where_a_rule_beats_staying() -> None:
    days = [MONDAY + dt.timedelta(weeks=week) for week in range(30)]
    trial = Trial(n=30, errors=np.full(4, 6.0), naive_errors=np.full(4, 10.0))
    ahead = Forecast(value=np.full(4, 420.0), low=np.full(4, 380.0), high=np.full(4, 460.0), trial=trial)
    assert "đến 23/02/2026 khoảng 420, từ 380 đến 460" in backlog_sentence(days, [400] * 30, ahead, trial)
    assert "sai số nhỏ hơn cách giữ nguyên 40 %" in trial_note(trial)
    assert "không dự báo được tốt hơn giữ nguyên" in backlog_sentence(days, [400] * 30, None, trial)
    figure = backlog_figure(days, [400] * 30, ahead, palette=LIGHT, height=300)
    assert list(figure.data[-1].y) == [400, 420, 420, 420, 420]
