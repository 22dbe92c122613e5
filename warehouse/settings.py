"""Limits from the environment: read when they are needed, refused in words where they make no sense."""

from __future__ import annotations

import os
import re

from language import _

READER_MEMORY, BUILD_MEMORY, THREADS = "THONGSUOT_MEMORY_LIMIT", "THONGSUOT_BUILD_MEMORY", "THONGSUOT_THREADS"
_BYTES = {
    **{unit: 1000**power for power, unit in enumerate(("KB", "MB", "GB", "TB"), start=1)},
    **{unit: 1024**power for power, unit in enumerate(("KIB", "MIB", "GIB", "TIB"), start=1)},
}
# Below these even a small province does not open or build.
_SMALLEST = {READER_MEMORY: 64_000_000, BUILD_MEMORY: 256_000_000}
_MOST_THREADS = 1024
_DEFAULT_READER_MEMORY = "2GB"


class SettingError(Exception):
    """A setting of the environment that cannot be meant: the message names it, its value and what is taken."""


def memory_limit(variable: str, default: str) -> str:
    """A size such as `2GB` for DuckDB. Raises SettingError for what is no size, or too small to work with."""
    given = os.environ.get(variable, "").strip() or default
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,6})?)\s*([KMGT]i?B)", given, re.IGNORECASE)
    smallest = _SMALLEST[variable]
    if match is None or float(match[1]) * _BYTES[match[2].upper()] < smallest:
        raise SettingError(
            _(
                "Biến môi trường {variable} = «{value}» không dùng được. Hãy ghi dung lượng bộ nhớ như 2GB hoặc 800MB, "
                "ít nhất {smallest}MB; bỏ biến này thì dùng {default}."
            ).format(variable=variable, value=given[:40], smallest=smallest // 1_000_000, default=default)
        )
    return match[1] + match[2]


def reader_threads() -> int:
    """How many threads a reader's query may use. Raises SettingError for what is no number from 1 on."""
    default = min(os.cpu_count() or 1, 8)
    given = os.environ.get(THREADS, "").strip() or str(default)
    if not re.fullmatch(r"[0-9]{1,4}", given) or not 1 <= int(given) <= _MOST_THREADS:
        raise SettingError(
            _(
                "Biến môi trường {variable} = «{value}» không dùng được. Hãy ghi số luồng xử lý, số nguyên từ 1 đến "
                "{most}; bỏ biến này thì dùng {default}."
            ).format(variable=THREADS, value=given[:40], most=_MOST_THREADS, default=default)
        )
    return int(given)


def reader_memory() -> str:
    """How much memory a reader of a snapshot may use."""
    return memory_limit(READER_MEMORY, _DEFAULT_READER_MEMORY)


def check_reader_settings() -> None:
    """Raise SettingError where a snapshot could not be opened with these settings."""
    reader_memory()
    reader_threads()
