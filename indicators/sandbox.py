"""An analyst's SQL over a snapshot: read-only, in a process of its own, with limits of time, rows and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from indicators.errors import CallError
from indicators.sandbox_tables import columns_of_views
from language import _
from language.formats import number

SECONDS, ROWS, BYTES, MEMORY, THREADS = 10, 10_000, 16 << 20, "1GB", 2
MOST_CHARACTERS = 10_000
# What the process may map in all: DuckDB's memory, its threads' stacks and the libraries.
_ADDRESS_SPACE = 4 << 30
_CHILD = Path(__file__).with_name("sandbox_child.py")
# Others wait for their turn, so that a few long questions do not slow down everyone's screens.
_AT_ONCE = threading.BoundedSemaphore(2)


class SqlFault(CallError):
    """The statement has no answer: a sentence for the reader, and in `detail` the engine's own words."""

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class SqlAnswer:
    """The rows, at most `ROWS`; `is_cut` says that there were more."""

    frame: pl.DataFrame
    is_cut: bool
    seconds: float


def run_sql(file: Path, sql: str, *, rows: int = ROWS, seconds: float = SECONDS, memory: str = MEMORY) -> SqlAnswer:
    """Run one reading statement over the tables of `sandbox_tables`; SqlFault where it has no answer."""
    if not sql.strip():
        raise SqlFault(_("Hãy gõ một câu lệnh."))
    if len(sql) > MOST_CHARACTERS:
        raise SqlFault(_("Câu lệnh dài quá {most} ký tự.").format(most=number(MOST_CHARACTERS)))
    request = {
        "file": str(file.resolve()),
        "views": columns_of_views(),
        "sql": sql,
        "rows": rows,
        "bytes": BYTES,
        "memory": memory,
        "threads": THREADS,
        "address_space": _ADDRESS_SPACE,
    }
    if not _AT_ONCE.acquire(timeout=seconds):
        raise SqlFault(_("Nhiều câu lệnh khác đang chạy. Hãy thử lại sau ít giây."))
    started = time.monotonic()
    try:
        written = _in_child(json.dumps(request).encode(), seconds)
    finally:
        _AT_ONCE.release()
    head, _newline, stream = written.partition(b"\n")
    said: dict[str, Any] = json.loads(head) if head else {"fault": "died", "message": ""}
    if "fault" in said:
        raise SqlFault(_sentence(said["fault"], said["message"]), said["message"])
    frame = pl.read_ipc_stream(BytesIO(stream))
    frame.columns = _unique(said["names"])
    return SqlAnswer(frame=frame, is_cut=said["is_cut"], seconds=time.monotonic() - started)


def _in_child(request: bytes, seconds: float) -> bytes:
    # An empty environment, but for what Windows cannot start a program without.
    environment = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    call = [sys.executable, "-I", "-X", "utf8", str(_CHILD)]
    try:
        done = subprocess.run(call, input=request, capture_output=True, env=environment, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise SqlFault(
            _("Câu lệnh chạy quá {seconds} giây nên đã bị dừng. Hãy thu hẹp thời gian hoặc bớt bảng.").format(
                seconds=number(seconds)
            )
        ) from None
    return done.stdout


def _sentence(fault: str, message: str) -> str:
    sentences = {
        "syntax": _("Câu lệnh viết sai cú pháp."),
        "not_a_select": _(
            "Chỉ chạy được câu lệnh đọc dữ liệu: SELECT, WITH, FROM, DESCRIBE, SUMMARIZE hoặc SHOW TABLES."
        ),
        "several_statements": _("Mỗi lần chỉ chạy một câu lệnh."),
        "unknown_table": _("Không có bảng này trong danh sách các bảng đọc được."),
        "function": _("Hàm “{name}” không được dùng ở đây.").format(name=message),
        "memory": _("Câu lệnh cần quá nhiều bộ nhớ. Hãy thu hẹp thời gian, bớt cột hoặc thêm limit."),
        "died": _("Câu lệnh không chạy được trong giới hạn cho phép. Hãy thu hẹp thời gian hoặc bớt cột."),
    }
    return sentences.get(fault, _("Câu lệnh không chạy được. Hãy xem lại tên cột và kiểu dữ liệu."))


def _unique(names: list[str]) -> list[str]:
    """Names that differ: `a`, `a (2)`."""
    found: dict[str, None] = {}
    for name in names:
        unique, number_ = name, 1
        while unique in found:
            number_ += 1
            unique = f"{name} ({number_})"
        found[unique] = None
    return list(found)
