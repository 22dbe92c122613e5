"""What a store holds, looked at without making or changing anything."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from language import _
from notebook.engine import make_engine, notebook_url, reading, shown
from notebook.errors import NotebookError
from notebook.migrate import check_known, newest, version_of
from notebook.tables import CHANGES, TABLES


@dataclass(frozen=True, kw_only=True)
class Standing:
    """By table the records that stand and those removed, and the last change; empty unless the tables are ours."""

    place: str
    version: str | None
    rows: dict[str, tuple[int, int]]
    changes: int = 0
    changed_at: dt.datetime | None = None
    changed_by: str = ""


def standing(url: str | None = None) -> Standing:
    """Raises NotebookError where there is no store, or a newer version of the software wrote it."""
    address = notebook_url(url)
    place = shown(address)
    if address.drivername == "sqlite" and not Path(str(address.database)).is_file():
        raise NotebookError(
            _("Chưa có sổ tay ở {place}. Phần mềm tự tạo khi có người ghi lần đầu.").format(place=place)
        )
    engine = make_engine(address)
    try:
        with reading(engine, address) as connection:
            version = version_of(connection)
            check_known(version, address)
            if version != newest():
                return Standing(place=place, version=version, rows={})
            rows = {}
            for table in TABLES.values():
                removed = func.count(table.c.deleted_at)
                every, gone = connection.execute(select(func.count(), removed).select_from(table)).one()
                rows[str(table.name)] = (every - gone, gone)
            last = connection.execute(select(CHANGES).order_by(CHANGES.c.id.desc()).limit(1)).one_or_none()
            count = connection.execute(select(func.count()).select_from(CHANGES)).scalar_one()
    finally:
        engine.dispose()
    return Standing(
        place=place,
        version=version,
        rows=rows,
        changes=count,
        changed_at=last.at if last is not None else None,
        changed_by=last.author if last is not None else "",
    )
