"""What every figure means and how it is computed; knows no Streamlit."""

from __future__ import annotations

from indicators import catalogue
from indicators.catalogue import CATALOGUE, Indicator, indicator
from indicators.compute import columns_of, compute, resolve_window
from indicators.errors import CallError
from indicators.filters import Filters
from indicators.scope import DIMENSIONS
from indicators.windows import Preset, Window, last_year, presets, previous_window

__all__ = [
    "CATALOGUE",
    "DIMENSIONS",
    "CallError",
    "Filters",
    "Indicator",
    "Preset",
    "Window",
    "catalogue",
    "columns_of",
    "compute",
    "indicator",
    "last_year",
    "presets",
    "previous_window",
    "resolve_window",
]
