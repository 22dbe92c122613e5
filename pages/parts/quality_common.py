"""What the sections of the data-quality screen share: their frames and the names of rules and tables."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl

from language import _
from pages.parts.quality_data import part
from pages.parts.screen import Screen
from warehouse.rules import REJECTS, TABLES, WARNINGS

# A tall table scrolls within itself, so that the next heading is never far.
TALL = 340
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def now_of(screen: Screen) -> dt.datetime:
    """The time in the province."""
    return dt.datetime.now(ZoneInfo(screen.snapshot.info.timezone)).replace(tzinfo=None)


def frame(screen: Screen, name: str) -> pl.DataFrame:
    return part(screen.snapshot, screen.snapshot.id, name)


def table_name(name: str) -> str:
    return _(TABLES.get(name, name))


def reject_name(rule: str) -> str:
    return _(REJECTS.get(rule, rule))


def warning_name(rule: str) -> str:
    return _(WARNINGS.get(rule, rule))
