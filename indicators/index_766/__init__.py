"""The index of Decision 766: points of the parts that can be known, how sure they are, what the next point takes."""

from __future__ import annotations

from indicators.index_766.assess import Assessment, assess_communes, assess_whole
from indicators.index_766.bands import BANDS, band_of
from indicators.index_766.change import Change, change
from indicators.index_766.next_point import NextPoint, next_points
from indicators.index_766.ranks import Ranking, rank
from indicators.index_766.weights import GROUP_NAMES, GROUPS, Component, weights_on

__all__ = [
    "BANDS",
    "GROUPS",
    "GROUP_NAMES",
    "Assessment",
    "Change",
    "Component",
    "NextPoint",
    "Ranking",
    "assess_communes",
    "assess_whole",
    "band_of",
    "change",
    "next_points",
    "rank",
    "weights_on",
]
