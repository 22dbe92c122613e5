"""What simulated papers say of the units: rounded as people write, and now and then two sources that differ."""

from __future__ import annotations

import csv
import datetime as dt
import io

import numpy as np

from etl.simulate.province import Province

HEADINGS = ("Mã xã", "Đơn vị", "Thông tin", "Giá trị", "Cách nói", "Nguồn", "Ngày nguồn")
_OWN, _YEARBOOK = "Báo cáo của xã, phường (mô phỏng)", "Niên giám thống kê của tỉnh (mô phỏng)"
_OWN_DAY, _YEARBOOK_DAY = dt.date(2025, 8, 15), dt.date(2025, 12, 31)
_PARTY_SHARE = 0.35
# Every so many units the yearbook has another figure, the sum of the posts is wrong, the equipment is old.
_YEARBOOK_EVERY, _WRONG_SUM_EVERY, _WANTING_EVERY = 3, 24, 5
_ENOUGH, _WANTING = "cơ bản đáp ứng yêu cầu", "xuống cấp, chưa đáp ứng yêu cầu"
_EQUIPMENT = "máy tính, máy in, máy quét, máy lấy số, màn hình tra cứu"
_OLD_EQUIPMENT = "máy tính, máy in cũ; chưa có máy quét"


def unit_facts(province: Province, *, until: dt.date, seed: int) -> str:
    """The demo's `unit_facts.csv`, as it stood on a day."""
    generator = np.random.default_rng([8, 1, seed])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for position, unit in enumerate(province.communes.iter_rows(named=True)):
        reception, posts = int(unit["reception_staff"]), int(unit["staff"])
        party = round(posts * _PARTY_SHARE)
        government = posts - party - (position % _WRONG_SUM_EVERY == _WRONG_SUM_EVERY - 1)
        wanting = position % _WANTING_EVERY == _WANTING_EVERY - 1
        rounded = round(int(unit["population"]), -2)
        told = [
            ("Diện tích", f"{_decimal(unit['area_km2'])} km²", "", _OWN),
            ("Dân số", _grouped(rounded), "trên" if rounded <= unit["population"] else "khoảng", _OWN),
            ("Thôn, tổ dân phố", str(int(generator.integers(9, 32))), "", _OWN),
            ("Biên chế", str(posts), "", _OWN),
            ("Biên chế khối Đảng", str(party), "", _OWN),
            ("Biên chế khối chính quyền", str(government), "", _OWN),
            ("Diện tích trung tâm", f"{unit['centre_area_m2']} m²", "khoảng" if position % 2 else "", _OWN),
            ("Nhân sự trung tâm", str(reception + 3), "", _OWN),
            ("Lãnh đạo trung tâm", "2", "", _OWN),
            ("Cán bộ công nghệ thông tin", "1", "", _OWN),
            ("Cán bộ tiếp nhận", str(reception), "", _OWN),
            ("Cơ sở vật chất", _WANTING if wanting else _ENOUGH, "", _OWN),
            ("Trang thiết bị", _OLD_EQUIPMENT if wanting else _EQUIPMENT, "", _OWN),
        ]
        if until >= _YEARBOOK_DAY and position % _YEARBOOK_EVERY == 0:
            other = round(int(unit["population"]) * float(generator.uniform(0.94, 1.04)))
            told.append(("Dân số", _grouped(other), "", _YEARBOOK))
        for name, value, word, source in told:
            day = min(until, _YEARBOOK_DAY if source == _YEARBOOK else _OWN_DAY)
            row = (unit["commune_code"], unit["full_name"], name, value, word, source, f"{day:%d/%m/%Y}")
            writer.writerow(row)
    return text.getvalue()


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _decimal(number: float | None) -> str:
    return f"{number or 0:.2f}".replace(".", ",")
