"""What a person can do wrong with the notebook, told in the person's language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from language import _
from language.formats import date_time

if TYPE_CHECKING:
    from notebook.records import Record


class NotebookError(Exception):
    """What was asked cannot be done; the message says why, and what to do."""


class EditConflict(NotebookError):
    """Somebody else changed the record since it was read; nothing was written.

    `mine` is the record as the writer wanted it, `theirs` as it stands now (with `deleted_at` where it was removed);
    `changed` names the fields that the writer wanted to change, none where it was to be removed.
    """

    def __init__(self, *, mine: Record, theirs: Record, changed: tuple[str, ...]) -> None:
        self.mine, self.theirs, self.changed = mine, theirs, changed
        assert theirs.updated_at is not None
        self.by: str = theirs.updated_by
        self.at: dt.datetime = theirs.updated_at
        words = (
            _("{by} đã xóa nội dung này lúc {at}, sau khi bạn mở ra. Chưa có gì bị ghi đè.")
            if theirs.deleted_at is not None
            else _("{by} đã sửa nội dung này lúc {at}, sau khi bạn mở ra. Chưa có gì bị ghi đè.")
        )
        super().__init__(words.format(by=self.by, at=date_time(self.at)))
