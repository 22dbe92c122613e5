"""A brief made by hand, so that the files can be tested without a warehouse."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from indicators.windows import Window
from reports.content import (
    Brief,
    DifficultyLine,
    DossierLine,
    Fact,
    FigureLine,
    Finding,
    NoteLine,
    OutlineMap,
    Piece,
    Point,
    PromiseLine,
    Question,
    Series,
    Share,
)

# What a page of any format may never take for its own language.
HOSTILE = (
    "#panic() *đậm* $x^2$ @trich <nhan> \\ \"ngoặc\" 'đơn' `mã` // chú thích {{ 7*7 }} {% if %} "
    "<script>alert(1)</script> "
    '& #image("/etc/hosts") ![](http://example.com/a.png) =HYPERLINK("http://example.com") ]]> %s {0}'
)


def square(lon: float, lat: float, side: float = 0.08) -> tuple[tuple[float, float], ...]:
    return ((lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side), (lon, lat))


def a_brief(name: str = "Xã Hà Lộc", code: str = "07999") -> Brief:
    """One commune with every list filled, as a busy commune has it."""
    months = [dt.date(2025 + (6 + month) // 12, (6 + month) % 12 + 1, 1) for month in range(17)]
    return Brief(
        commune_code=code,
        commune_name=name,
        province_name="tỉnh Phú Thọ",
        title=f"PHIẾU KIỂM TRA: {name}",
        period_text="01/07/2025–22/11/2026",
        window=Window(dt.date(2025, 7, 1), dt.date(2026, 11, 22)),
        as_of=dt.date(2026, 11, 22),
        as_of_text="22/11/2026 18:00",
        snapshot_id="20261123-042328-d08024",
        source_text="hệ thống một cửa tỉnh Phú Thọ",
        simulated=True,
        peers_text="So với 12 xã cùng nhóm: quy mô và cơ cấu thủ tục gần nhất.",
        last_visit_text="Lần đến gần nhất: 15/08/2026.",
        profile=(
            Fact(label="Loại đơn vị", value="xã", source="Nghị quyết 1676", stated_on_text="01/07/2025"),
            Fact(label="Diện tích", value="khoảng 27,25 km²", source="Báo Phú Thọ", stated_on_text="17/07/2025"),
            Fact(label="Dân số", value="trên 35.100 người", source="UBND xã", differs=True),
            Fact(label="Dân số", value="34.862 người", source="Cục Thống kê", differs=True),
            Fact(label="Biên chế", value="58 (Đảng 20, chính quyền 38)", source="UBND xã"),
            Fact(label="Trung tâm hành chính công", value="160 m²; 9 người tiếp nhận", source="UBND xã"),
        ),
        pieces=(
            Piece(name="xã Hà Lộc (cũ)", extent_text="toàn bộ"),
            Piece(name="xã An Bình", extent_text="toàn bộ"),
            Piece(name="xã Cộng Hòa", extent_text="một phần diện tích", note="chưa rõ tỷ lệ"),
        ),
        figures=tuple(
            FigureLine(
                indicator=indicator,
                label=label,
                unit=unit,
                since_merger=values[0],
                last_30_days=values[1],
                before=values[2],
                peers=values[3],
                province=values[4],
                verdict=verdict,
                standing=standing,  # type: ignore[arg-type]
                change=change,
                change_standing="worse" if indicator == "on_time_rate_ii06" else "like",
            )
            for indicator, label, unit, values, verdict, standing, change in (
                (
                    "received",
                    "Hồ sơ tiếp nhận",
                    "hồ sơ",
                    ("1.234", "98", "87", "1.180", "1.351"),
                    "như các xã cùng nhóm",
                    "like",
                    "+11",
                ),
                (
                    "on_time_rate_ii06",
                    "Tỷ lệ đúng hạn",
                    "%",
                    ("91,2 %", "88,4 %", "93,0 %", "95,1 %", "95,9 %"),
                    "thấp hơn rõ các xã cùng nhóm",
                    "worse",
                    "−4,6 điểm %",
                ),
                (
                    "processing_days_p50",
                    "Thời gian xử lý giữa",
                    "ngày làm việc",
                    ("2,1", "2,4", "2,0", "2,2", "2,1"),
                    "chưa đủ cơ sở phân biệt",
                    "like",
                    "+0,4",
                ),
                (
                    "online_rate",
                    "Nộp trực tuyến",
                    "%",
                    ("62,0 %", "71,5 %", "64,2 %", "55,1 %", "58,0 %"),
                    "cao hơn rõ các xã cùng nhóm",
                    "better",
                    "+7,3 điểm %",
                ),
                (
                    "pending_late",
                    "Đang xử lý đã quá hạn",
                    "hồ sơ",
                    ("14", "14", "9", "3", "4"),
                    "chưa đủ số liệu",
                    "unknown",
                    "+5",
                ),
                (
                    "slow_reception_rate",
                    "Tiếp nhận trực tuyến chậm",
                    "%",
                    ("12,0 %", "14,1 %", "11,8 %", "6,3 %", "7,0 %"),
                    "cao hơn rõ các xã cùng nhóm",
                    "worse",
                    "+2,3 điểm %",
                ),
            )
        ),
        findings=(
            Finding(
                sentence="Tỷ lệ đúng hạn 30 ngày qua là 88,4 %, thấp hơn rõ mức 95,1 % của các xã cùng nhóm.",
                address="/xu-huong?xa=07999",
                standing="worse",
            ),
            Finding(sentence="Lĩnh vực đất đai chiếm 41 trong 52 hồ sơ trễ hạn.", address="/diem-nghen?xa=07999"),
            Finding(sentence="Tỷ lệ nộp trực tuyến tăng 7,3 điểm %.", standing="better"),
        ),
        questions=(
            Question(
                text="Lần trước xã hẹn bổ sung một người ở bộ phận đất đai trước 30/09/2026, nay đã có chưa?",
                evidence="Tỷ lệ đúng hạn lĩnh vực đất đai 30 ngày qua 79,3 %, trước hẹn 80,1 %.",
                minutes=5,
                part="follow_up",
            ),
            Question(
                text="Vì sao hồ sơ đất đai chờ trung bình 3,2 ngày ở bước thẩm định?",
                evidence="Bước thẩm định chiếm 46 % thời gian; các xã cùng nhóm 21 %.",
                minutes=10,
                part="standing",
            ),
            Question(
                text="Những ai tiếp nhận hồ sơ trực tuyến buổi chiều thứ Sáu?",
                evidence="61 % hồ sơ tiếp nhận chậm nộp từ 14 giờ thứ Sáu.",
                minutes=5,
            ),
        ),
        dossiers=tuple(
            DossierLine(
                dossier_id=f"000.00.{number:02d}.H44-261012-{number:04d}",
                procedure="Đăng ký biến động quyền sử dụng đất",
                days_text=f"quá hạn {number} ngày",
                step="Thẩm định",
                due_text="10/11/2026",
                why="quá hạn lâu nhất",
                is_late=True,
            )
            for number in range(1, 9)
        ),
        time_shares=(
            Share(label="Thẩm định", minutes=700, share=0.46, text="1,5 ngày (46 %)"),
            Share(label="Chờ người dân bổ sung", minutes=400, share=0.26, text="0,8 ngày (26 %)", kind="people"),
            Share(label="Chờ ký", minutes=250, share=0.17, text="0,5 ngày (17 %)", kind="agency"),
            Share(label="Còn lại", minutes=160, share=0.11, text="0,3 ngày (11 %)", kind="other"),
        ),
        time_text="Từ tiếp nhận đến trả, trung bình 3,1 ngày làm việc một hồ sơ.",
        trend=Series(
            label="Tỷ lệ đúng hạn theo tháng",
            unit="percent",
            points=tuple(
                Point(
                    on=month,
                    value=None if place == 7 else 0.95 - 0.004 * place,
                    low=None if place == 7 else 0.92 - 0.005 * place,
                    high=None if place == 7 else min(0.98 - 0.003 * place, 1.0),
                )
                for place, month in enumerate(months)
            ),
            reference=0.959,
            reference_label="toàn tỉnh 95,9 %",
            sentence="Giảm từ tháng 2/2026.",
        ),
        difficulties=(
            DifficultyLine(
                text="Phần mềm một cửa hay ngắt giữa chừng, người dân phải đi lại.",
                category="phần mềm",
                department="Sở Khoa học và Công nghệ",
                asked_on="15/08/2026",
                due_text="30/09/2026, quá hạn 53 ngày",
                state="chưa trả lời",
                is_overdue=True,
            ),
            DifficultyLine(
                text="Thiếu máy quét ở quầy số 3.",
                category="trang thiết bị",
                department="Sở Tài chính",
                asked_on="15/08/2026",
                due_text="30/10/2026",
                state="đã trả lời",
                answer="Đã cấp ngày 02/10/2026.",
            ),
        ),
        promises=(
            PromiseLine(
                text="Bổ sung một người ở bộ phận đất đai",
                department="UBND xã Hà Lộc",
                due_text="30/09/2026",
                verdict="not_kept",
                verdict_text="chưa giữ được",
                evidence="Tỷ lệ đúng hạn đất đai 80,1 % → 79,3 % (95 %: −6,0 đến +4,4 điểm %; n = 118).",
                promised_text="15/08/2026",
            ),
            PromiseLine(
                text="Sửa lỗi thanh toán trực tuyến",
                department="Sở Khoa học và Công nghệ",
                due_text="30/10/2026",
                verdict="too_early",
                verdict_text="còn sớm để kết luận",
                evidence="Mới có 12 hồ sơ sau hạn.",
            ),
        ),
        notes=(
            NoteLine(
                indicator="Tỷ lệ đúng hạn",
                text="Tháng 8 chuyển trụ sở, 3 ngày không nhập được máy.",
                who="UBND xã Hà Lộc",
                when="02/09/2026",
                kind="ý kiến của xã",
            ),
        ),
        apology="52 hồ sơ trễ hạn đã trả: dữ liệu không cho biết hồ sơ nào đã có thư xin lỗi.",
        due_soon="Đến hạn trong ba ngày tới: 17 hồ sơ, 9 hồ sơ đất đai.",
        limits=(
            "Số liệu không cho biết chất lượng nội dung giải quyết.",
            "Phần diện tích nhận từ xã Cộng Hòa không tách được trong số liệu trước 01/07/2025.",
        ),
        map=OutlineMap(
            commune=(square(105.2, 21.3),),
            others=tuple(
                square(105.2 + 0.08 * x, 21.3 + 0.08 * y) for x in range(-3, 4) for y in range(-2, 3) if x or y
            ),
            note="Ranh giới: bản mô phỏng.",
        ),
    )


def an_empty_brief() -> Brief:
    """A commune of which nothing is known but its name."""
    return replace(
        a_brief(),
        profile=(),
        pieces=(),
        figures=(),
        findings=(),
        questions=(),
        dossiers=(),
        time_shares=(),
        time_text="",
        trend=Series(label="", unit="count"),
        difficulties=(),
        promises=(),
        notes=(),
        apology="",
        due_soon="",
        limits=(),
        map=OutlineMap(),
        empty={"promises": "Chưa có lời hẹn nào ghi trong sổ.", "findings": "Không có gì nổi bật."},
    )


def an_overfull_brief(times: int = 12) -> Brief:
    """Far more, and far longer, than two pages hold."""
    full = a_brief()
    long = " ".join(["Một câu dài của văn bản hành chính, có đủ dấu: Đỡ, ngẵng, khuỷu, thuở."] * 12)
    return replace(
        full,
        profile=full.profile * times,
        pieces=full.pieces * times,
        figures=full.figures * 3,
        findings=tuple(replace(one, sentence=long) for one in full.findings) * times,
        questions=tuple(replace(one, text=long, evidence=long) for one in full.questions) * times,
        dossiers=tuple(replace(one, procedure=long) for one in full.dossiers) * times,
        difficulties=tuple(replace(one, text=long, answer=long) for one in full.difficulties) * times,
        promises=tuple(replace(one, text=long, evidence=long) for one in full.promises) * times,
        notes=tuple(replace(one, text=long) for one in full.notes) * times,
        limits=(long,) * times,
        apology=long,
        due_soon=long,
    )


def a_hostile_brief() -> Brief:
    """Every text that a person or a file may have written holds the signs of every language that we write in."""
    full = a_brief()
    return replace(
        full,
        commune_name=f"Xã {HOSTILE}",
        profile=tuple(replace(one, value=HOSTILE) for one in full.profile[:2]),
        findings=tuple(replace(one, sentence=HOSTILE) for one in full.findings),
        questions=tuple(replace(one, text=HOSTILE, evidence=HOSTILE) for one in full.questions),
        dossiers=tuple(replace(one, procedure=HOSTILE) for one in full.dossiers[:2]),
        difficulties=tuple(replace(one, text=HOSTILE, answer=HOSTILE) for one in full.difficulties),
        promises=tuple(replace(one, text=HOSTILE) for one in full.promises),
        notes=tuple(replace(one, text=HOSTILE) for one in full.notes),
        time_shares=tuple(replace(one, label=HOSTILE) for one in full.time_shares),
        trend=replace(full.trend, label=HOSTILE, reference_label=HOSTILE),
    )
