"""What is wrong in the package `vietnamadminunits` 1.0.4, and how `build_units` mends it: one function a fault."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from language.text import fold

Box = tuple[float, float, float, float]
Pair = tuple[str, str, bool]

# Points that the official map shows to be each other's, though each lies near a piece of the other's unit.
SWAPPED = (("10999", "11050"),)
# Where the geocoder knew only the mainland: (longitude, latitude) of the island that gives the old unit its name.
ISLAND_POINTS = {"22736": (111.92, 8.644), "22737": (114.331, 11.429), "22739": (114.329, 9.887)}
KM_PER_DEGREE = 111.0


@dataclass
class Unit:
    """One row of the package; `box` is west, south, east, north."""

    code: str
    name: str
    province: str
    lon: float
    lat: float
    province_code: str = ""
    district: str = ""
    district_code: str = ""
    area: float = 0.0
    box: Box | None = None
    address: str = ""
    at_district: bool = False
    targets: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"{self.lon} {self.lat}"

    @property
    def radius(self) -> float:
        """Kilometres: of the circle of the unit's area."""
        return math.sqrt(max(self.area, 0.5) / math.pi)


class Mends:
    """What was changed and why."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str, str, str, str]] = []

    def add(self, table: str, unit: Unit, column: str, was: object, now: object, reason: str) -> None:
        self.rows.append((table, unit.code, unit.name, column, str(was), str(now), reason))


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    east = (a[0] - b[0]) * KM_PER_DEGREE * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(east, (a[1] - b[1]) * KM_PER_DEGREE)


def outside_box(point: tuple[float, float], box: Box) -> float:
    """Kilometres from the point to the box, 0 within."""
    nearest = (min(max(point[0], box[0]), box[2]), min(max(point[1], box[1]), box[3]))
    return kilometres(point, nearest)


def box_area(box: Box) -> float:
    middle = (box[1] + box[3]) / 2
    return kilometres((box[0], middle), (box[2], middle)) * kilometres((box[0], box[1]), (box[0], box[3]))


def without_false_pairs(new: dict[str, Unit], old: dict[str, Unit], pairs: list[Pair], mends: Mends) -> list[Pair]:
    """Drop pairs that the package made by name alone: of two namesakes in one province both got both targets.

    A target belongs to the namesake from whose district (or else from nearest to which) its other pieces come.
    """
    by_target: dict[str, list[str]] = defaultdict(list)
    for old_key, new_key, _ in pairs:
        by_target[new_key].append(old_key)
    dropped: set[tuple[str, str]] = set()
    for new_key, old_keys in by_target.items():
        names = Counter(fold(old[key].name) for key in old_keys)
        for old_key in old_keys:
            unit = old[old_key]
            twins = [key for key in old_keys if fold(old[key].name) == fold(unit.name) and key != old_key]
            if names[fold(unit.name)] < 2 or not twins:
                continue
            others = [old[key].district_code for key in old_keys if fold(old[key].name) != fold(unit.name)]
            mine = others.count(unit.district_code)
            best = max(others.count(old[key].district_code) for key in twins)
            target = (new[new_key].lon, new[new_key].lat)
            far = kilometres((unit.lon, unit.lat), target)
            near = min(kilometres((old[key].lon, old[key].lat), target) for key in twins)
            if (mine, -far) < (best, -near) and far > 10 and unit.district_code != old[twins[0]].district_code:
                dropped.add((old_key, new_key))
    kept = [pair for pair in pairs if (pair[0], pair[1]) not in dropped]
    remaining: dict[str, list[Pair]] = defaultdict(list)
    for pair in kept:
        remaining[pair[0]].append(pair)
    for old_key, new_key in sorted(dropped, key=lambda pair: (old[pair[0]].code, new[pair[1]].code)):
        reason = "cặp sai do trùng tên trong cùng tỉnh mới"
        mends.add("lineage", old[old_key], "new_code", new[new_key].code, "", reason)
        if not any(default for *_, default in remaining[old_key]):
            first, *rest = remaining[old_key]
            remaining[old_key] = [(first[0], first[1], True), *rest]
    return [pair for group in remaining.values() for pair in group]


def mark_shared_points(old: Iterable[Unit], new: dict[str, Unit]) -> None:
    """Where the geocoder gave several units one place it is one's at most: the nearest of those that it named."""
    by_code = {unit.code: unit for unit in new.values()}
    groups: dict[tuple[float, float], list[Unit]] = defaultdict(list)
    for unit in old:
        groups[round(unit.lon, 4), round(unit.lat, 4)].append(unit)

    def rank(unit: Unit) -> tuple[bool, float, str]:
        named = fold(unit.name).split(" ", 1)[-1] in unit.address.split(",")[0]
        away = min(kilometres((unit.lon, unit.lat), (by_code[c].lon, by_code[c].lat)) for c in unit.targets)
        return not named, away, unit.code

    for units in groups.values():
        for unit in sorted(units, key=rank)[1:]:
            unit.at_district = True


def mend_names(units: Iterable[Unit], mends: Mends) -> None:
    """Capitals as the National Statistics Office writes them: `Thị trấn`, and every word of the name itself."""
    for unit in units:
        words = unicodedata.normalize("NFC", unit.name).split()
        # "Nông trường" (state farm) is no name.
        words = [word if word == "trường" else word[:1].upper() + word[1:] for word in words]
        if words[0] in ("Thị", "Đặc"):
            words[1] = words[1].lower()
        if unit.name != " ".join(words):
            table = "old_units" if unit.district else "units"
            mends.add(table, unit, "full_name", unit.name, " ".join(words), "viết hoa")
            unit.name = " ".join(words)


def mend_centroids(new: dict[str, Unit], pieces: dict[str, list[Unit]], mends: Mends) -> None:
    """Swap or replace the points of new units that lie outside all their pieces."""

    def misfit(point: tuple[float, float], key: str) -> float:
        boxes = [unit.box for unit in pieces[key] if unit.box and not unit.at_district]
        return min((outside_box(point, box) for box in boxes), default=0.0)

    by_code = {unit.code: unit for unit in new.values()}
    for first, second in SWAPPED:
        a, b = by_code[first], by_code[second]
        for unit, other in ((a, b), (b, a)):
            was, now = unit.place, other.place
            mends.add("units", unit, "lon lat", was, now, f"đổi chỗ điểm với {other.code} (theo bản đồ)")
        (a.lon, a.lat), (b.lon, b.lat) = (b.lon, b.lat), (a.lon, a.lat)
    point = {key: (unit.lon, unit.lat) for key, unit in new.items()}
    # A swap needs two to agree, so a small misfit will do; a replacement rests on the pieces alone.
    wrong = [key for key in new if misfit(point[key], key) > 0.5]
    done: set[str] = set()
    for key in wrong:
        if key in done:
            continue
        partners = [
            other
            for other in wrong
            if other not in done | {key}
            and new[other].province == new[key].province
            and misfit(point[other], key) < 0.25 * misfit(point[key], key)
            and misfit(point[key], other) < 0.25 * misfit(point[other], other)
        ]
        if partners:
            for one, two in ((key, partners[0]), (partners[0], key)):
                was, now = (f"{point[k][0]} {point[k][1]}" for k in (one, two))
                mends.add("units", new[one], "lon lat", was, now, f"đổi chỗ điểm với {new[two].code}")
            new[key].lon, new[key].lat = point[partners[0]]
            new[partners[0]].lon, new[partners[0]].lat = point[key]
            done |= {key, partners[0]}
            continue
        boxes = [unit.box for unit in pieces[key] if unit.box and not unit.at_district]
        # One odd box against a point is one word against another: replaced only where the pieces agree.
        spread = max((kilometres(_centre(a), _centre(b)) for a in boxes for b in boxes), default=0.0)
        sure = misfit(point[key], key) > max(5.0, new[key].radius) * (3 if len(boxes) == 1 else 1)
        if not sure or spread > 4 * new[key].radius + 5:
            continue
        weights = [box_area(box) for box in boxes]
        lon = sum(w * (box[0] + box[2]) / 2 for w, box in zip(weights, boxes, strict=True)) / sum(weights)
        lat = sum(w * (box[1] + box[3]) / 2 for w, box in zip(weights, boxes, strict=True)) / sum(weights)
        was = new[key].place
        new[key].lon, new[key].lat = round(lon, 4), round(lat, 4)
        now = new[key].place
        mends.add("units", new[key], "lon lat", was, now, "điểm nằm ngoài mọi đơn vị cũ hợp thành: lấy tâm của chúng")


def _centre(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def mend_old_points(new: dict[str, Unit], pieces: dict[str, list[Unit]], mends: Mends) -> None:
    """Replace the points of old units that the geocoder put elsewhere, and drop the boxes that are not theirs."""
    unplaced: dict[str, list[Unit]] = defaultdict(list)
    seen: set[int] = set()
    by_code = {unit.code: unit for unit in new.values()}
    for key, units in pieces.items():
        for unit in units:
            if id(unit) in seen:
                continue
            seen.add(id(unit))
            target = by_code[unit.targets[0]]
            reach = sum(by_code[code].area for code in unit.targets)
            named = all(fold(name).split(" ", 1)[-1] in unit.address for name in (unit.name, unit.district))
            elsewhere = fold(unit.province).removeprefix("tinh ").removeprefix("thanh pho ") not in unit.address
            reach_km = (5.0, 10.0) if named else (1.2, 1.0) if elsewhere and "hanoi" not in unit.address else (2.2, 1.5)
            limit = reach_km[0] * target.radius + reach_km[1] + 2 * (len(unit.targets) - 1)
            distance = min(kilometres((unit.lon, unit.lat), (by_code[c].lon, by_code[c].lat)) for c in unit.targets)
            box = unit.box
            assert box is not None
            if unit.code in ISLAND_POINTS:
                was, (unit.lon, unit.lat), unit.box = unit.place, ISLAND_POINTS[unit.code], None
                mends.add("old_units", unit, "lon lat", was, unit.place, "điểm ở đất liền: lấy đảo cùng tên")
            elif unit.at_district or distance > limit:
                unit.box = None
                unplaced[key if target.code == new[key].code else _key(new, target.code)].append(unit)
            elif box_area(box) < 0.12 or box_area(box) > 4.5 * reach or outside_box((unit.lon, unit.lat), box) > 1:
                unit.box = None
                mends.add("old_units", unit, "box", _text(box), "", "khung bao không phải của đơn vị")
            elif min(outside_box((by_code[c].lon, by_code[c].lat), box) for c in unit.targets) > limit:
                unit.box = None
                mends.add("old_units", unit, "box", _text(box), "", "khung bao nằm xa đơn vị mới")
    for key, units in unplaced.items():
        target = new[key]
        placed = [unit for unit in pieces[key] if unit not in units]
        count = len(pieces[key])
        # The pieces' mean is the unit's own centre; more than one unknown stand around the place so found.
        lon = (count * target.lon - sum(u.lon for u in placed)) / len(units)
        lat = (count * target.lat - sum(u.lat for u in placed)) / len(units)
        away = kilometres((lon, lat), (target.lon, target.lat))
        pull = min(1.0, 0.7 * target.radius / away) if away > 0 else 0.0
        for index, unit in enumerate(units):
            turn = 2 * math.pi * index / len(units)
            ring = 0.0 if len(units) == 1 else 0.4 * target.radius / KM_PER_DEGREE
            was = unit.place
            unit.lon = round(target.lon + pull * (lon - target.lon) + ring * math.cos(turn), 4)
            unit.lat = round(target.lat + pull * (lat - target.lat) + ring * math.sin(turn), 4)
            reason = "bộ định vị trả về huyện, tỉnh hoặc đơn vị khác" if unit.at_district else "điểm nằm xa đơn vị mới"
            note = f"{reason}: ước lượng từ tâm đơn vị mới và các mảnh còn lại"
            mends.add("old_units", unit, "lon lat", was, unit.place, note)


def _key(new: dict[str, Unit], code: str) -> str:
    return next(key for key, unit in new.items() if unit.code == code)


def _text(box: Iterable[float]) -> str:
    return " ".join(f"{value:g}" for value in box)


def separate_points(old: Iterable[Unit], mends: Mends) -> None:
    """Move units that stand on one point apart, along a spiral of a few hundred metres, the first one staying."""
    groups: dict[tuple[float, float], list[Unit]] = defaultdict(list)
    for unit in old:
        groups[round(unit.lon, 4), round(unit.lat, 4)].append(unit)
    for units in groups.values():
        for index, unit in enumerate(sorted(units, key=lambda unit: unit.code)[1:], start=1):
            was, turn, step = unit.place, 2.4 * index, 0.002 * math.sqrt(index)
            unit.lon, unit.lat = round(unit.lon + step * math.cos(turn), 4), round(unit.lat + step * math.sin(turn), 4)
            mends.add("old_units", unit, "lon lat", was, unit.place, "trùng điểm với đơn vị khác: dời vài trăm mét")
