"""What the data cannot say of a commune in a window: said on every brief, since a paper travels without its screens."""

from __future__ import annotations

from indicators.merger import continuity
from indicators.windows import NEW_COMMUNES_FROM
from language import _
from language.formats import date, date_time, number
from reports.shared import BriefContext

_FEW = 20
# Days since the state of the data after which a dossier may have moved on.
_LATELY = 30


def limits(context: BriefContext, code: str) -> tuple[str, ...]:
    """From what could mislead most to what always holds."""
    info = context.snapshot.info
    row = context.communes[code]
    counted = context.by_commune[context.window].get(code) or {}
    said = []
    if info.simulated:
        said.append(_("Đây là dữ liệu mô phỏng để thử phần mềm, không phải số liệu thật của đơn vị nào."))
    if not counted.get("received"):
        said.append(
            _("Không có hồ sơ nào của đơn vị được nạp trong kỳ: có thể chưa phát sinh, cũng có thể thiếu dữ liệu.")
        )
    elif counted["resolved"] < _FEW:
        said.append(
            _(
                "Chỉ {n} hồ sơ được giải quyết trong kỳ: tỷ lệ và thời gian dao động mạnh, không dùng để so sánh."
            ).format(n=number(counted["resolved"]))
        )
    if context.window.starts < NEW_COMMUNES_FROM:
        said.append(_before_the_merger(context, code))
    if not context.closed_with_log.get(code) and counted.get("resolved"):
        said.append(_("Không có nhật ký từng bước của đơn vị, nên không biết hồ sơ chờ ở khâu nào."))
    if context.before is None:
        said.append(_("Dữ liệu chưa đủ 60 ngày, nên chưa so được với chính đơn vị ở kỳ trước."))
    if counted.get("pending_no_due"):
        said.append(
            _("{n} hồ sơ đang giải quyết không có ngày hẹn trả, được tính là trong hạn.").format(
                n=number(counted["pending_no_due"])
            )
        )
    as_of = date_time(info.as_of) if context.as_of == info.as_of.date() else date(context.as_of)
    said.append(_("Số liệu chốt {as_of}: việc làm sau đó, hoặc chưa cập nhật, không có ở đây.").format(as_of=as_of))
    said.append(
        _("Hồ sơ tiếp nhận trong {days} ngày qua chưa xong hết, nên thời gian của chúng là tạm tính.").format(
            days=_LATELY
        )
    )
    if row["boundary_approximate"]:
        said.append(
            _("Ranh giới trên bản đồ là gần đúng ({source}).").format(
                source=row["boundary_source"] or _("chưa rõ nguồn")
            )
        )
    if row["population"] is None or row["reception_staff"] is None:
        said.append(_("Thiếu dân số hoặc số cán bộ tiếp nhận, nên không tính được hồ sơ trên đầu người."))
    said.append(
        _("Khác biệt là điều để hỏi, chưa phải lỗi: số liệu không thấy nhập sai, việc ngoài phần mềm, điều kiện riêng.")
    )
    return tuple(said)


def _before_the_merger(context: BriefContext, code: str) -> str:
    split = continuity(context.snapshot, code).split
    text = _(
        "Kỳ này bắt đầu trước {date}: hồ sơ trước đó là của các đơn vị cũ, cộng về đơn vị ngày nay theo mã."
    ).format(date=date(NEW_COMMUNES_FROM))
    if split:
        names = ", ".join(piece.old_name for piece in split)
        text += " " + _("Hồ sơ của đơn vị cũ bị tách ({names}) không chia được, nên không tính.").format(names=names)
    return text
