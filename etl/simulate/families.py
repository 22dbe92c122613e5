"""How each family of register files looks: headings, order, encodings, dates, codes or names, words for states.

A family is one block of `province.toml`. Typed canonical rows go in, text as that system writes it comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from etl.headings import match_headings
from etl.simulate.steps import CHANNEL_LABELS, STATUS_LABELS
from etl.simulate.unit_texts import CHANCE, UnitTexts

TIMES = (
    "submitted_at",
    "received_at",
    "due_at",
    "finished_at",
    "returned_at",
    "supplement_requested_at",
    "apology_sent_at",
)
FLAGS = ("paid_online", "digitised", "e_result")
# The column of the month whose file a row belongs to.
MONTH = "_month"

_HEADINGS = {
    "number": "STT",
    "dossier_id": "Số hồ sơ",
    "procedure_code": "Mã TTHC",
    "procedure_name": "Tên TTHC",
    "field": "Lĩnh vực",
    "applicant_name": "Chủ hồ sơ",
    "applicant_address": "Địa chỉ",
    "applicant_phone": "Số điện thoại",
    "applicant": "Số giấy tờ",
    "subject": "Trích yếu",
    "channel": "Hình thức nộp",
    "submitted_at": "Ngày nộp",
    "received_at": "Ngày tiếp nhận",
    "due_at": "Ngày hẹn trả",
    "finished_at": "Ngày kết thúc xử lý",
    "returned_at": "Ngày trả",
    "status": "Trạng thái",
    "commune": "Đơn vị giải quyết",
    "received_by": "Đơn vị tiếp nhận",
    "helped_by": "Đơn vị hướng dẫn",
    "supplement_requests": "Số lần yêu cầu bổ sung",
    "supplement_requested_at": "Ngày yêu cầu bổ sung",
    "apology_sent_at": "Ngày gửi thư xin lỗi",
    "fee": "Phí, lệ phí",
    "paid_online": "Thanh toán trực tuyến",
    "digitised": "Số hóa hồ sơ",
    "e_result": "Kết quả điện tử",
    "note": "Ghi chú",
}
_UNREAD = ("number", "procedure_name", "applicant_name", "applicant_address", "applicant_phone", "subject", "note")


_COMMUNE_KEYS = {
    "code": "commune_code",
    "bare_code": "commune_code",
    "name": "commune_name",
    "old_name": "commune_name",
    "agency": "agency_code",
}


@dataclass(frozen=True)
class Family:
    """One way of writing the register. `months` are counted from July 2025; `commune` is `code`, `bare_code`, `name`,
    `old_name` or `agency`; `times` is a chrono format, `serial` or `typed` (for a workbook)."""

    name: str
    file: str
    months: tuple[int, ...] = ()
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    times: str = "%d/%m/%Y %H:%M:%S"
    due: str | None = None
    commune: str = "code"
    statuses: Mapping[int, str] = field(default_factory=lambda: STATUS_LABELS)
    channels: Mapping[str, str] = field(default_factory=lambda: CHANNEL_LABELS)
    yes_no: tuple[str, str] = ("Có", "Không")
    fee: str = "plain"
    normal_form: str = "NFC"
    suffix: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    reverse: bool = False
    declares_values: bool = False

    @property
    def glob(self) -> str:
        return self.file.replace("{month}", "*")

    @property
    def columns(self) -> dict[str, str]:
        """Heading by canonical key, in the order of the file."""
        chosen = {
            key: self.headings.get(key, heading) for key, heading in _HEADINGS.items() if key not in self.left_out
        }
        return dict(reversed(chosen.items())) if self.reverse else chosen

    @property
    def declared_columns(self) -> dict[str, str]:
        """The columns that `province.toml` has to name, since the built-in synonyms would not find them."""
        commune = _COMMUNE_KEYS[self.commune]
        meant = {commune if key == "commune" else key: text for key, text in self.columns.items() if key not in _UNREAD}
        found = match_headings(
            list(self.columns.values()), table="dossier", configured={}, source_file=self.name
        ).columns
        return {key: heading for key, heading in meant.items() if found.get(key) != heading}


_OLD_SYSTEM_STATUSES = {
    1: "Mới nộp",
    2: "Đã nhận",
    3: "Từ chối nhận",
    4: "Đang giải quyết",
    5: "Chờ dân bổ sung",
    6: "Chờ dân nộp tiền",
    7: "Dân xin rút",
    8: "Đã dừng",
    9: "Xong, chờ trả",
    10: "Xong, đã trả",
}
_NUMBERS = {status: str(status) for status in STATUS_LABELS}

ORDINARY = Family("mot_cua", "exports/so_theo_doi_{month}.csv")
WORKBOOK = Family(
    "excel",
    "exports/Sổ theo dõi {month}.xlsx",
    months=(0, 6, 12),
    times="typed",
    commune="agency",
    headings={"commune": "Mã định danh đơn vị", "dossier_id": "Mã hồ sơ"},
)
FAMILIES = (
    ORDINARY,
    WORKBOOK,
    Family(
        "phan_mem_cu",
        "exports/phan_mem_cu_{month}.csv",
        months=(1, 8),
        encoding="cp1258",
        delimiter=";",
        due="%d/%m/%Y",
        statuses=_OLD_SYSTEM_STATUSES,
        channels={"online": "Nộp qua mạng", "in_person": "Nộp tại quầy", "postal": "Qua bưu điện"},
        fee="decimal",
        headings={"dossier_id": "Số biên nhận", "commune": "Mã xã", "fee": "Lệ phí (đồng)"},
        declares_values=True,
    ),
    Family(
        "utf16",
        "exports/bao_cao_{month}.csv",
        months=(2, 9),
        encoding="utf-16",
        delimiter="\t",
        commune="name",
        fee="grouped",
        headings={"commune": "Cơ quan thực hiện", "received_at": "Ngày nhận hồ sơ"},
    ),
    Family(
        "nfd",
        "exports/macos_{month}.csv",
        months=(3, 10),
        encoding="utf-8",
        commune="old_name",
        normal_form="NFD",
        reverse=True,
        headings={"commune": "Tên đơn vị"},
        yes_no=("1", "0"),
    ),
    Family(
        "mat_so_khong",
        "exports/thang_{month}.csv",
        months=(4, 11),
        encoding="utf-8",
        delimiter=";",
        commune="bare_code",
        times="%-d/%-m/%Y %-H:%M",
        statuses=_NUMBERS,
        left_out=("applicant_address", "subject", "note", "helped_by"),
        headings={"finished_at": "Ngày hoàn thành", "dossier_id": "Mã hồ sơ"},
    ),
    Family(
        "so_ngay_excel",
        "exports/trich_excel_{month}.csv",
        months=(5,),
        encoding="utf-8",
        times="serial",
        suffix=".000.00.00",
        headings={"returned_at": "Ngày trả kết quả"},
    ),
)
# Exports of a month taken soon after its end and still lying there: older states of the same dossiers.
STALE = Family("trich_cu", "exports/cu/so_theo_doi_{month}_trich_{taken}.csv")


def family_of_month(month: int) -> Family:
    """The family that writes a month's register."""
    return next((family for family in FAMILIES if month in family.months), ORDINARY)


def render(rows: pl.DataFrame, family: Family, units: UnitTexts, *, agency_head: str, first: int) -> pl.DataFrame:
    """The rows under the family's headings, numbered from `first`, as text but for the typed columns of a workbook."""
    column = pl.col
    chance = column(CHANCE)
    code = column("procedure_code") + family.suffix + f".{agency_head}"
    expressions = {
        "number": column("number").cast(pl.String),
        "applicant": column("applicant_id"),
        "subject": "Đề nghị của " + column("applicant_name"),
        "note": pl.when(chance < 0.01).then(pl.lit("Dữ liệu mô phỏng")),
        "commune": units.expression("commune_code", family.commune),
        "received_by": units.expression("received_by", family.commune),
        "helped_by": units.expression("helped_by", family.commune),
        "status": column("status").replace_strict({**family.statuses, 99: "99"}, return_dtype=pl.String),
        "channel": column("channel").replace_strict(dict(family.channels), return_dtype=pl.String),
        "supplement_requests": column("supplement_requests").cast(pl.String),
        "fee": _fee(column("fee"), family),
        # Small dirt: blanks around codes and words, codes with the suffix of the province.
        "dossier_id": pl.when(chance.is_between(0.2, 0.206)).then(column("dossier_id") + "  ").otherwise("dossier_id"),
        "field": pl.when(chance.is_between(0.7, 0.71)).then(" " + column("field") + " ").otherwise("field"),
        "procedure_code": code
        if family.suffix
        else pl.when(chance.is_between(0.5, 0.54)).then(code).otherwise("procedure_code"),
        **{
            time: _time(column(time), family.due if time == "due_at" and family.due else family.times) for time in TIMES
        },
        **{flag: _flag(column(flag), *family.yes_no) for flag in FLAGS},
    }
    numbered = rows.with_row_index("number", offset=first)
    return numbered.select(expressions.get(key, column(key)).alias(heading) for key, heading in family.columns.items())


def _flag(column: pl.Expr, yes: str, no: str) -> pl.Expr:
    return pl.when(column).then(pl.lit(yes)).when(~column).then(pl.lit(no))


def _time(column: pl.Expr, form: str) -> pl.Expr:
    if form == "typed":
        return column
    if form == "serial":
        days = (column - pl.datetime(1899, 12, 30)).dt.total_seconds() / 86_400
        return days.round(9).cast(pl.String)
    return column.dt.strftime(form)


def _fee(column: pl.Expr, family: Family) -> pl.Expr:
    if family.times == "typed" or family.fee == "plain":
        return column if family.times == "typed" else column.cast(pl.String)
    text = column.cast(pl.String)
    # 1500000 -> 1.500.000: a dot before every group of three digits from the right.
    grouped = text.str.reverse().str.replace_all(r"(\d{3})", "$1.").str.reverse().str.strip_chars_start(".")
    return grouped + ",0" if family.fee == "decimal" else grouped
