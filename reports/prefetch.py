"""Questions that do not wait for one another, asked at once: DuckDB and Polars work outside Python's lock."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

# More than this many at a time would only take the processors from one another.
_MOST = 4


def ask_at_once(questions: Sequence[Callable[[], object]]) -> None:
    """Answer all of them, the first begun first; each keeps its own answer. The first error is raised here."""
    workers = min(_MOST, os.cpu_count() or 1, len(questions))
    if workers < 2:
        for question in questions:
            question()
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="brief") as threads:
        # A thread begins without the session's language.
        for asked in [threads.submit(copy_context().run, question) for question in questions]:
            asked.result()
