"""The bands of the total; they need all 100 points to be known."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.indicator import Words


@dataclass(frozen=True)
class Band:
    """From `least` points on (out of 100)."""

    least: int
    names: Words

    @property
    def name(self) -> str:
        return self.names.text


BANDS = (
    Band(90, Words("Xuất sắc", "Excellent")),
    Band(80, Words("Tốt", "Good")),
    Band(70, Words("Khá", "Fair")),
    Band(50, Words("Trung bình", "Average")),
    Band(0, Words("Yếu", "Weak")),
)


def band_of(points: float) -> Band:
    """The band of a total, rounded to the two decimals that scores are published with."""
    return next(band for band in BANDS if round(points, 2) >= band.least)


def next_band(points: float) -> Band | None:
    """The band above; None in the highest."""
    above = [band for band in BANDS if band.least > round(points, 2)]
    return above[-1] if above else None
