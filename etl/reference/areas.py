"""Areas of the new units: where the package gives a namesake's or none, the official figure or else an estimate."""

from __future__ import annotations

import math
from collections import defaultdict

from etl.reference.mends import Mends, Unit, box_area
from language.text import fold

# The share of its bounding box that a commune fills (median over 1,084 old communes of known outline: 0.535).
BOX_FILL = 0.535
# Areas (km²) of the rearrangement's own table, where the package gives those of a namesake in another province.
OFFICIAL_AREAS = {
    "05386": 81.97, "08110": 81.39, "11977": 19.2, "11995": 25.68, "12364": 19.51, "12391": 25.73, "12583": 19.66,
    "12613": 33.67, "12688": 24.95, "13057": 28.77, "13093": 21.31, "13096": 17.21, "13120": 21.39, "13219": 30.36,
    "13246": 22.11,
}  # fmt: skip
# Areas (km²) of the provinces by Resolution 202/2025/QH15: the sums that tell where communes' areas are wrong.
PROVINCE_AREAS = {
    "01": 3359.84, "04": 6700.39, "08": 13795.5, "11": 9539.93, "12": 9068.73, "14": 14109.83, "15": 13256.92,
    "19": 8375.21, "20": 8310.18, "22": 6207.93, "24": 4718.6, "25": 9361.38, "31": 3194.72, "33": 2514.81,
    "37": 3942.62, "38": 11114.71, "40": 16486.49, "42": 5994.45, "44": 12700.0, "46": 4947.11, "48": 11859.59,
    "51": 14832.55, "52": 21576.53, "56": 8555.86, "66": 18096.4, "68": 24233.07, "75": 12737.18, "79": 6772.59,
    "80": 8536.44, "82": 5938.64, "86": 6296.2, "91": 9888.91, "92": 6360.83, "96": 7942.39,
}  # fmt: skip


def mend_areas(new: dict[str, Unit], pieces: dict[str, list[Unit]], mends: Mends) -> dict[str, str]:
    """Replace areas that belong to a namesake elsewhere; the basis of each area, `official` or `estimated`, by key."""

    def estimate(key: str) -> float | None:
        shares = [
            BOX_FILL * box_area(unit.box) / len(unit.targets)
            for unit in pieces[key]
            if unit.box and not unit.at_district and box_area(unit.box) > (0.1 if unit.name.startswith("Phường") else 4)
        ]
        return sum(shares) / len(shares) * len(pieces[key]) if shares and len(shares) * 2 >= len(pieces[key]) else None

    suspects: list[str] = []
    namesakes: dict[tuple[str, float], list[str]] = defaultdict(list)
    for key, unit in new.items():
        if unit.code in OFFICIAL_AREAS:
            mends.add("units", unit, "area_km2", unit.area, OFFICIAL_AREAS[unit.code], "diện tích của đơn vị trùng tên")
            unit.area = OFFICIAL_AREAS[unit.code]
        elif unit.area <= 0:
            suspects.append(key)
        else:
            namesakes[fold(unit.name), unit.area].append(key)
    sums = {code: sum(u.area for u in new.values() if u.province_code == code) for code in PROVINCE_AREAS}
    sound = {code for code, total in PROVINCE_AREAS.items() if abs(sums[code] - total) < 0.5}
    for keys in (group for group in namesakes.values() if len(group) > 1):
        area = new[keys[0]].area
        misfits = {key: abs(math.log(area / guess)) if (guess := estimate(key)) else math.inf for key in keys}
        sure = [key for key in keys if new[key].province_code in sound]
        # The true bearer is the one whose pieces fit the figure best; it is only one.
        bearer = sure[0] if sure else min(keys, key=lambda key: misfits[key])
        # Without a box to measure there is no evidence against the figure.
        suspects += [key for key in keys if key != bearer and key not in sure and 0.2 < misfits[key] < math.inf]
    for code, total in PROVINCE_AREAS.items():
        rest = [key for key in new if new[key].province_code == code and key not in suspects and new[key].area > 0]
        lacking = total - sum(new[key].area for key in new if new[key].province_code == code)
        if abs(lacking) > 0.01 * total:
            ratios = {key: math.log(guess / new[key].area) for key in rest if (guess := estimate(key))}
            suspects += [key for key, ratio in ratios.items() if ratio * math.copysign(1, lacking) > 0.7]
    basis = dict.fromkeys(new, "official")
    for code, total in PROVINCE_AREAS.items():
        mine = [key for key in suspects if new[key].province_code == code]
        if not mine:
            continue
        known = sum(unit.area for key, unit in new.items() if unit.province_code == code and key not in mine)
        others = sorted(u.area for key, u in new.items() if u.province_code == code and key not in mine)
        guesses = {key: estimate(key) or others[len(others) // 2] for key in mine}
        # The estimates together are what the province's own area leaves over, where that is credible.
        scale = (total - known) / sum(guesses.values())
        scale = scale if 0.6 < scale < 1.6 else 1.0
        for key in mine:
            was, new[key].area = new[key].area, round(guesses[key] * scale, 1)
            basis[key] = "estimated"
            shared = len(namesakes[fold(new[key].name), was]) > 1
            reason = "trùng với đơn vị cùng tên ở tỉnh khác" if shared else "trái với khung bao và tổng"
            note = f"diện tích {reason if was > 0 else 'thiếu'}: ước lượng từ khung bao và tổng của tỉnh"
            mends.add("units", new[key], "area_km2", was or "", new[key].area, note)
    return basis
