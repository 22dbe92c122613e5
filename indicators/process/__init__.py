"""Where dossiers wait, from the steps of the dossier log: what the screen of bottlenecks asks for."""

from __future__ import annotations

from indicators.process.between_units import handovers_between_units
from indicators.process.maps import ProcessMap, process_map
from indicators.process.orders import rework, variants
from indicators.process.people import handovers, hours_by_weekday, load_by_unit
from indicators.process.sides import Comparison, Side, Total, compare_two
from indicators.process.standing import AGE_CLASSES, OLDEST, ageing_by_step, stalled_dossiers
from indicators.process.times import stops_by_cause, time_by_step

__all__ = [
    "AGE_CLASSES",
    "OLDEST",
    "Comparison",
    "ProcessMap",
    "Side",
    "Total",
    "ageing_by_step",
    "compare_two",
    "handovers",
    "handovers_between_units",
    "hours_by_weekday",
    "load_by_unit",
    "process_map",
    "rework",
    "stalled_dossiers",
    "stops_by_cause",
    "time_by_step",
    "variants",
]
