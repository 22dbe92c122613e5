"""Promised dates as they stood on a past day."""

from __future__ import annotations

# A common table expression for a question with the parameter `ends`: `earlier_promise(dossier_id, promised_at)`, the
# promise that stood on that day where a later export said otherwise.
EARLIER_PROMISE = """
    earlier_promise as (
        select dossier_id, first(old_value order by state_at)::timestamp as promised_at
        from dossier_change
        where column_name = 'due_at' and state_at >= $ends::date + 1
        group by all
    )"""
