"""Classes of a map's legend: the bounds by a named scheme, and which class each value falls in."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from language import _

_CLASSIFIERS = {"fisher": "FisherJenks", "quantiles": "Quantiles", "equal": "EqualInterval"}


@dataclass(frozen=True)
class Classes:
    """For each class, in rising order: the lowest and the highest value seen in it, and how many values it holds."""

    ranges: tuple[tuple[float, float], ...]
    counts: tuple[int, ...]

    def index(self, value: float) -> int:
        """The class of a value that was classified, rounded as it was then."""
        return min(int(np.searchsorted([highest for _lowest, highest in self.ranges], value)), len(self.ranges) - 1)


def scheme_name(scheme: str) -> str:
    return {
        "fisher": _("Ngắt tự nhiên (Fisher–Jenks)"),
        "quantiles": _("Số đơn vị bằng nhau (phân vị)"),
        "equal": _("Khoảng bằng nhau"),
    }[scheme]


def classify(values: Sequence[float], *, scheme: str, steps: int, rounding: Callable[[float], float]) -> Classes:
    """Classes of the values by `scheme` (`fisher`, `quantiles` or `equal`), at most `steps` of them, none empty.

    Values go through `rounding` first, so that the printed legend and the colours agree to the last digit. They must be
    finite and at least one.
    """
    rounded = np.array([rounding(value) for value in values], dtype=float)
    distinct = np.unique(rounded)
    if len(distinct) <= steps:
        members = np.searchsorted(distinct, rounded)
    else:
        # Imported where it is needed: it brings scikit-learn along, seconds that the other screens need not wait.
        import mapclassify

        with warnings.catch_warnings():
            # mapclassify warns where values repeat so often that classes fall together: they are joined.
            warnings.simplefilter("ignore")
            members = getattr(mapclassify, _CLASSIFIERS[scheme])(rounded, k=steps).yb
    groups = [rounded[members == member] for member in np.unique(members)]
    return Classes(
        tuple((float(group.min()), float(group.max())) for group in groups), tuple(len(group) for group in groups)
    )
