"""A province's raw exports, invented: the demo and the measurements run on them."""

from etl.simulate.run import SimulationSummary, simulate

__all__ = ["SimulationSummary", "simulate"]
