"""Lay old units out over a grid by their boxes and official areas, and turn the cells into polygons.

Lengths are km of a local plane; arrays over a grid are [row from the south, column].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Window = tuple[slice, slice]

# Kilometres around the province's own boxes in which neighbours are laid out too.
MARGIN = 6.0
# Gaps up to twice as wide (km) between boxes are land.
INLET = 1.0
CELLS = 110_000
ROUNDS = 16
# The pull of a divided unit's cells to the nearer of its new units, in radii of that unit.
PULL = 0.8


@dataclass(frozen=True)
class Pieces:
    """The parts that old units have in new units, one array element each; lengths in km of a local plane."""

    old: Ints  # index into `old_codes`
    new: Ints  # index into `new_codes`
    x: Floats  # the point that the unit is measured from
    y: Floats
    west: Floats
    east: Floats
    south: Floats
    north: Floats
    power: Floats  # 2 measures by an ellipse, more by a box with rounded corners
    divided: Flags
    pull_x: Floats  # the new unit's point, for divided units
    pull_y: Floats
    pull_radius: Floats
    area: Floats  # km², what the piece is expected to have
    own: Flags
    old_codes: list[str]
    new_codes: list[str]

    def take(self, rows: NDArray[Any]) -> Pieces:
        arrays = {name: value[rows] for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        return Pieces(**arrays, old_codes=self.old_codes, new_codes=self.new_codes)


@dataclass
class Grid:
    """Square cells of `cell` km from (west, south); arrays over it are [row from the south, column]."""

    west: float
    south: float
    cell: float
    shape: tuple[int, int]

    @classmethod
    def over(cls, pieces: Pieces) -> Grid:
        """A grid over the own pieces and a margin: fine enough for the smallest, not finer than need be."""
        own = pieces.take(pieces.own)
        smallest = np.bincount(own.new, own.area)[np.unique(own.new)].min()
        finest, coarsest = (np.sqrt(own.area.sum() / cells) for cells in (3 * CELLS, CELLS))
        cell = float(np.clip(np.sqrt(smallest) / 5, finest, coarsest))
        cell = max(cell, float(np.sqrt(own.area.sum() / 1600))) if len(own.old) < 5 else cell
        margin = min(MARGIN, 40 * cell)
        west, south = own.west.min() - margin, own.south.min() - margin
        columns, rows = own.east.max() + margin - west, own.north.max() + margin - south
        return cls(float(west), float(south), cell, (int(rows / cell) + 1, int(columns / cell) + 1))

    def window(self, west: float, east: float, south: float, north: float) -> Window:
        rows, columns = self.shape
        bounds = [
            int(np.clip(np.floor((edge - start) / self.cell), 0, size))
            for edge, start, size in (
                (south, self.south, rows), (north + self.cell, self.south, rows),
                (west, self.west, columns), (east + self.cell, self.west, columns),
            )
        ]  # fmt: skip
        return slice(bounds[0], bounds[1]), slice(bounds[2], bounds[3])

    def x(self, columns: slice) -> Floats:
        return self.west + self.cell * (np.arange(columns.start, columns.stop) + 0.5)

    def y(self, rows: slice) -> Floats:
        return self.south + self.cell * (np.arange(rows.start, rows.stop) + 0.5)


def _distances(pieces: Pieces, grid: Grid) -> list[tuple[int, Window, Floats]]:
    """For each piece (row, window, distance of the window's cells in units of its own box: 1 on the edge)."""
    found = []
    for i in range(len(pieces.old)):
        reach_x = 0.3 * (pieces.east[i] - pieces.west[i]) + 2
        reach_y = 0.3 * (pieces.north[i] - pieces.south[i]) + 2
        window = grid.window(
            pieces.west[i] - reach_x, pieces.east[i] + reach_x, pieces.south[i] - reach_y, pieces.north[i] + reach_y
        )
        x, y = grid.x(window[1]), grid.y(window[0])
        if not len(x) or not len(y):
            continue
        across = _share_of_way(x, pieces.west[i], pieces.x[i], pieces.east[i])
        along = _share_of_way(y, pieces.south[i], pieces.y[i], pieces.north[i])
        power = pieces.power[i]
        distance = (along[:, None] ** power + across[None, :] ** power) ** (1 / power)
        if pieces.divided[i]:
            away = np.hypot(x[None, :] - pieces.pull_x[i], y[:, None] - pieces.pull_y[i]) / pieces.pull_radius[i]
            distance = distance + PULL * (away - 0.5)
        found.append((i, window, distance))
    return found


def _share_of_way(at: Floats, low: float, middle: float, high: float) -> Floats:
    """How far towards the box's edge on its side each place lies: each side has its own unit of length."""
    return np.where(at > middle, (at - middle) / (high - middle), (middle - at) / (middle - low))


def _nearest(
    distances: list[tuple[int, Window, Floats]], weight: Floats, shape: tuple[int, int]
) -> tuple[Floats, Ints]:
    """The least weighted distance of each cell and the piece it comes from (−1: out of everyone's reach)."""
    best = np.full(shape, np.inf)
    label = np.full(shape, -1, dtype=np.int64)
    for i, window, distance in distances:
        here = distance - weight[i]
        closer = here < best[window]
        best[window][closer] = here[closer]
        label[window][closer] = i
    return best, label


def lay_out(pieces: Pieces, members: NDArray[Any]) -> list[tuple[int, Any]]:
    """(row of the piece, polygon in km) for the province's pieces on one land mass."""
    mass = pieces.take(members)
    grid = Grid.over(mass)
    distances = _distances(mass, grid)
    count = len(pieces.new_codes)
    wanted = np.bincount(mass.new, mass.area, minlength=count)
    weight, extra = np.zeros(count), np.zeros(len(mass.old))
    own = np.bincount(mass.new, mass.own, minlength=count) > 0
    for _ in range(ROUNDS):
        best, label = _nearest(distances, weight[mass.new] + extra, grid.shape)
        label[best > 1] = -1
        cells = np.bincount(label[label >= 0], minlength=len(mass.old)) * grid.cell**2
        ratio = np.bincount(mass.new, cells, minlength=count) / np.maximum(wanted, 1e-9)
        weight = np.where(own, np.clip(weight - 0.25 * np.log(np.clip(ratio, 0.3, 3)), -0.8, 0.8), weight)
        # A piece that its neighbours all but cover is given room.
        extra += np.where(mass.own & (cells < 0.3 * mass.area), 0.06, 0.0)
    best, label = _nearest(distances, weight[mass.new] + extra, grid.shape)
    # What no box reaches is sea or abroad, unless land lies all around it.
    land = _without_gaps(best <= 1, INLET / grid.cell)
    label = np.where(land, label, -1)
    label = _spread(label, land)
    label = _one_piece_each(label, mass, grid)
    return _polygons(label, mass, members, grid)


def _without_gaps(land: Flags, width: float) -> Flags:
    """The land with holes, and with gaps narrower than twice `width` (cells), filled."""
    rim = int(width) + 2
    padded = np.pad(land, rim)
    grown = ndimage.distance_transform_edt(~padded) <= width
    closed = ndimage.distance_transform_edt(grown) > width
    filled: Flags = ndimage.binary_fill_holes(closed | padded)
    return filled[rim:-rim, rim:-rim]


def _spread(label: Ints, land: Flags) -> Ints:
    """Unlabelled land gets the label of the nearest labelled cell."""
    rows, columns = ndimage.distance_transform_edt(label < 0, return_distances=False, return_indices=True)
    return np.where(land, label[rows, columns], -1)


def _one_piece_each(label: Ints, mass: Pieces, grid: Grid) -> Ints:
    """Give the stray bits of a unit to the units around them; islands stay."""
    land = label >= 0
    for groups in (mass.new, mass.old * len(mass.new_codes) + mass.new):
        number = np.unique(groups, return_inverse=True)[1]
        of_cell = np.where(land, number[label], -1)
        stray = np.zeros_like(land)
        for group, window in enumerate(ndimage.find_objects(of_cell + 1)):
            if window is None:
                continue
            parts, amount = ndimage.label(of_cell[window] == group)
            sizes = np.bincount(parts.ravel())[1:]
            for part in range(1, amount + 1):
                if part == sizes.argmax() + 1:
                    continue
                around = ndimage.binary_dilation(np.pad(parts == part, 1))[1:-1, 1:-1] & (parts != part)
                if (land[window] & around).any() or sizes[part - 1] < 0.02 * sizes.sum():
                    stray[window] |= parts == part
        label = _spread(np.where(stray, -1, label), land)
    for i in np.flatnonzero(mass.own):
        if not (label == i).any():
            label = _make_room(label, mass, int(i), grid)
    return label


def _make_room(label: Ints, mass: Pieces, i: int, grid: Grid) -> Ints:
    """Cut a piece that found no cell out of its new unit's largest piece, or else out of the land around its place."""
    rows, columns = np.nonzero(label >= 0)
    mates = np.flatnonzero(mass.new == mass.new[i])
    sizes = [int((label == mate).sum()) for mate in mates]
    x, y = grid.west + grid.cell * (columns + 0.5), grid.south + grid.cell * (rows + 0.5)
    if max(sizes) >= 8:
        host = label[rows, columns] == mates[int(np.argmax(sizes))]
        rows, columns, x, y = rows[host], columns[host], x[host], y[host]
        # An end of it, towards the piece's own point: both stay in one part.
        east, north = mass.x[i] - x.mean(), mass.y[i] - y.mean()
        order = np.argsort(-(x * east + y * north), kind="stable")[: max(3, len(rows) // 5)]
    else:
        order = np.argsort(np.hypot(x - mass.pull_x[i], y - mass.pull_y[i]), kind="stable")
        order = order[: max(9, int(0.3 * mass.area[i] / grid.cell**2))]
    label = label.copy()
    label[rows[order], columns[order]] = i
    return label


def _polygons(label: Ints, mass: Pieces, members: NDArray[Any], grid: Grid) -> list[tuple[int, Any]]:
    """The cells of the own pieces dissolved and simplified as one coverage, stairs smoothed."""
    rows, columns = np.nonzero((label >= 0) & mass.own[label])
    pieces = label[rows, columns]
    west, south = grid.west + columns * grid.cell, grid.south + rows * grid.cell
    # Corners are computed from whole numbers, so that neighbours' corners are equal to the last bit.
    east, north = grid.west + (columns + 1) * grid.cell, grid.south + (rows + 1) * grid.cell
    cells = shapely.box(west, south, east, north)
    order = np.argsort(pieces, kind="stable")
    found, starts = np.unique(pieces[order], return_index=True)
    groups = np.split(cells[order], starts[1:])
    shapes = np.array([shapely.coverage_union_all(group) for group in groups], dtype=object)
    smooth = shapely.coverage_simplify(shapes, 1.6 * grid.cell)
    return [(int(members[piece]), shape) for piece, shape in zip(found, smooth, strict=True)]
