"""Random small provinces that meet all the awkward cases often."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from tests.builders import COMMUNES, OFFICE_HOURS, Row, calendar, dossier, working_minutes

FIRST, LAST = dt.date(2025, 5, 25), dt.date(2025, 8, 20)
AS_OF = dt.datetime(2025, 8, 10, 18, 0)
DAYS = calendar()

# Few days near each other, so that dates coincide, and around the ends of a month, a reporting period and a quarter.
days = st.one_of(st.dates(dt.date(2025, 6, 10), dt.date(2025, 7, 20)), st.dates(FIRST, LAST))
windows = st.tuples(st.dates(FIRST, AS_OF.date()), st.dates(FIRST, LAST)).map(sorted)


@st.composite
def dossiers(draw: st.DrawFn) -> Row:
    """One dossier that the ETL could have loaded: closed on or after receipt, received before the file's state."""
    second = st.integers(0, 86_399)
    received = dt.datetime.combine(draw(st.one_of(st.dates(FIRST, AS_OF.date()))), dt.time()) + dt.timedelta(
        seconds=draw(second)
    )
    wait = st.integers(0, 20)

    def later(start: dt.datetime) -> dt.datetime:
        return dt.datetime.combine(start.date(), dt.time()) + dt.timedelta(days=draw(wait), seconds=draw(second))

    status = draw(st.sampled_from([None, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]))
    closed = max(later(received), received) if status in (None, 7, 8, 9, 10, 3) and draw(st.booleans()) else None
    requests = draw(st.sampled_from([0, 0, 1, 1, 2, 2]))
    requested = later(received) if requests and draw(st.booleans()) else None
    answered = later(requested) if requested and draw(st.booleans()) else None
    # Mostly after the first answer; now and then before it, or when nobody knows.
    asked_again = later(requested or received) if requests > 1 and draw(st.integers(0, 3)) else None
    place: dict[str, Any] = {"commune_code": draw(st.sampled_from([c["commune_code"] for c in COMMUNES[:3]]))}
    if draw(st.integers(0, 5)) == 0:
        place = {"commune_code": None, "old_code": draw(st.sampled_from(["00001", "00002"]))}
    is_received = status not in (1, 3) or (status == 3 and draw(st.booleans()))
    known = st.sampled_from([None, True, False])
    return dossier(
        **place,
        procedure_code=draw(st.sampled_from(["2.000815", "1.000894", None])),
        field=draw(st.sampled_from(["Chứng thực", "Hộ tịch"])),
        channel=draw(st.sampled_from(["online", "in_person", "postal"])),
        received_by=draw(st.sampled_from([None, "08740", "08230"])),
        submitted_at=draw(st.sampled_from([None, received - dt.timedelta(days=draw(wait) // 5), received])),
        received_at=received if is_received else None,
        due_at=draw(st.sampled_from([None, later(received), later(received), received - dt.timedelta(days=2)])),
        computed_due_at=draw(st.sampled_from([None, later(received)])),
        finished_at=closed if status not in (7, 8) else None,
        returned_at=None,
        closed_at=closed,
        status=status,
        supplement_requests=requests,
        supplement_requested_at=requested,
        supplement_answered_at=answered,
        repeat_supplement_requested_at=asked_again,
        refused_at=later(received) if status == 3 and draw(st.booleans()) else None,
        processing_minutes=working_minutes(received, closed, DAYS, OFFICE_HOURS)
        if closed and draw(st.booleans())
        else None,
        fee=draw(st.sampled_from([None, 0, 2000])),
        paid_online=draw(known),
        digitised=draw(known),
        e_result=draw(known),
    )


provinces = st.lists(dossiers(), max_size=14)
