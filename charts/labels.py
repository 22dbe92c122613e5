"""Which names of places fit on a map at once: the first come first, none over another."""

from __future__ import annotations

from collections.abc import Sequence

from charts.deck import Bounds, fitting_zoom, place_in_pixels
from language.text import fold

# Of the type that maps write names in, in pixels; and of the plate under it.
SIZE = 14
PLATE = 20
# Between two names.
_GAP = 3
_NARROW, _WIDE = frozenset("iljtfr "), frozenset("mw")


def fitting_labels(names: Sequence[tuple[str, float, float]], area: Bounds, *, width: int, height: int) -> list[int]:
    """The indices of the names (each with the longitude and latitude of its middle) that fit a map of the area.

    `width` × `height` are the map's pixels.
    """
    zoom = fitting_zoom(area, width=width, height=height)
    corners = [place_in_pixels(area[0], area[1], zoom), place_in_pixels(area[2], area[3], zoom)]
    centre_x, centre_y = (sum(lengths) / 2 for lengths in zip(*corners, strict=True))
    taken: list[tuple[float, float, float]] = []
    kept = []
    for index, (name, lon, lat) in enumerate(names):
        x, y = place_in_pixels(lon, lat, zoom)
        x, y, half = x - centre_x, y - centre_y, text_width(name) / 2
        is_inside = abs(x) + half <= width / 2 and abs(y) + PLATE / 2 <= height / 2
        if is_inside and all(
            abs(x - other_x) >= half + other_half + _GAP or abs(y - other_y) >= PLATE + _GAP
            for other_x, other_y, other_half in taken
        ):
            taken.append((x, y, half))
            kept.append(index)
    return kept


def text_width(name: str) -> float:
    """About how many pixels a name takes with its plate, rather too many than too few."""
    letters = sum(0.33 if one in _NARROW else 0.88 if one in _WIDE else 0.56 for one in fold(name))
    capitals = 0.1 * sum(one.isupper() for one in name)
    return SIZE * (letters + capitals) + 8
