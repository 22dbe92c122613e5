"""Form II.06 adds up: for any province, any window, any split."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indicators import DIMENSIONS, compute
from tests.builders import Row, build_snapshot
from tests.indicators.strategies import AS_OF, DAYS, provinces, windows
from warehouse import open_snapshot

II06 = [
    "received",
    "carried_over",
    "resolved",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "pending",
    "pending_in_term",
    "pending_late",
    "closed_neutral",
]
ADDITIVE = [name for name in II06 if name not in ("carried_over", "pending", "pending_in_term", "pending_late")]


@given(provinces, windows, st.sampled_from(DIMENSIONS))
@settings(
    deadline=None,
    max_examples=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_form_ii06_adds_up(dossiers: list[Row], window: list[dt.date], dimension: str) -> None:
    starts, ends = window[0], min(window[1], AS_OF.date())
    with tempfile.TemporaryDirectory() as folder:
        snapshot = open_snapshot(build_snapshot(Path(folder), dossiers=dossiers, calendar_rows=DAYS, as_of=AS_OF))
        total = compute(snapshot, II06, date_from=starts, date_to=ends).row(0, named=True)
        split = compute(snapshot, II06, [dimension], date_from=starts, date_to=ends)
        after = AS_OF.date() if ends == AS_OF.date() else ends + dt.timedelta(days=1)
        following = compute(snapshot, ["carried_over"], date_from=after, date_to=AS_OF.date()).item()
        snapshot.close()

    for row in [total, *split.to_dicts()]:
        assert row["carried_over"] + row["received"] == row["resolved"] + row["closed_neutral"] + row["pending"]
        assert row["resolved"] == row["resolved_early"] + row["resolved_on_time"] + row["resolved_late"]
        assert row["pending"] == row["pending_in_term"] + row["pending_late"]
    if after > ends:
        assert following == total["pending"]
    if dimension in ("day", "week", "month", "quarter", "report_month"):
        for name in ADDITIVE:
            assert split[name].sum() == total[name]
        assert split["carried_over"][0] == total["carried_over"]
        assert split["pending"][-1] == total["pending"]
        assert split["carried_over"][1:].to_list() == split["pending"][:-1].to_list()
    else:
        for name in II06:
            assert split[name].sum() == total[name]
