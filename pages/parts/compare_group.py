"""Who is compared with whom: the group is chosen before a figure is seen, and shown on a map."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from charts.province_map import MapUnit, province_map
from indicators.peers import RULES, Peers
from language import _
from language.formats import number
from pages.parts import compare_data, data
from pages.parts.notables import draw_finding
from pages.parts.plain import plain
from pages.parts.screen import Screen
from pages.parts.state import change_view

_MAP = (520, 420)
_MOST_FINDINGS = 4


@dataclass(frozen=True, kw_only=True)
class Group:
    """The communes that are compared with one another; `among` is nothing where these are all.

    `words` name who is in the group, `whole` what its common figure is called.
    """

    peers: Peers | None
    words: str
    whole: str

    @property
    def among(self) -> tuple[str, ...] | None:
        return (self.peers.subject, *self.peers.codes) if self.peers else None


def rule_names() -> dict[str, str]:
    """The groups to choose from, short."""
    return {
        "all": _("tất cả đơn vị"),
        "kind": _("cùng loại"),
        "population": _("dân số gần nhất"),
        "density": _("mật độ dân số gần nhất"),
        "volume": _("khối lượng gần nhất"),
        "mix": _("cơ cấu hồ sơ giống nhất"),
    }


def pick_group(screen: Screen) -> Group:
    """The picker of the group, a note on what it rests on, and the map of it behind a button."""
    names = rule_names()
    rule = screen.view.peers
    subject = screen.view.communes[0] if screen.view.communes else None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.session_state["choice_peers"] = rule
        st.selectbox(
            _("So với"),
            list(RULES),
            format_func=names.__getitem__,
            key="choice_peers",
            on_change=lambda: change_view(peers=st.session_state["choice_peers"]),
            help=_(
                "Nhóm 15 đơn vị gần nhất (hoặc mọi đơn vị cùng loại), chọn theo loại đơn vị, dân số, diện tích và hồ "
                "sơ tiếp nhận trong một năm, không theo kết "
                "quả "
                "giải quyết. Nhóm là của đơn vị chọn đầu tiên ở ô “Xã, phường”."
            ),
        )
        if rule == "all" or subject is None:
            found = None
        else:
            found = compare_data.peers(screen.snapshot, screen.snapshot.id, subject, rule, screen.period.window)
        if found is not None and found.codes:
            with st.popover("", icon=":material/map:", key="peers_map", help=_("Nhóm so sánh trên bản đồ")):
                _draw_map(screen, found)
    if rule != "all" and subject is None:
        st.info(_("Chọn một đơn vị ở ô “Xã, phường” để có nhóm so sánh của đơn vị ấy; đang so tất cả đơn vị."))
    elif found is not None and not found.codes:
        words = _("Chưa có căn cứ để tìm đơn vị {rule} cho {commune}; đang so tất cả đơn vị.")
        st.info(words.format(rule=names[rule], commune=plain(screen.commune_name(found.subject))))
        found = None
    elif found is not None and found.unknown:
        words = _("{count} đơn vị thiếu căn cứ này nên không được xét vào nhóm.")
        st.caption(words.format(count=number(len(found.unknown))))
    if found is None:
        return Group(peers=None, words=screen.whole, whole=screen.whole)
    words = _("{commune} và {count} đơn vị {rule}").format(
        commune=screen.commune_name(found.subject), count=number(len(found.codes)), rule=names[rule]
    )
    return Group(peers=found, words=words, whole=_("Nhóm so sánh"))


def draw_group_findings(screen: Screen, group: Group) -> None:
    """What stands out within the group, against one another and against the period before; or that nothing does."""
    st.markdown("##### " + _("Đáng chú ý trong nhóm"))
    filters = screen.filters.of_whole_province()
    found = compare_data.notables(screen.snapshot, screen.snapshot.id, screen.period.window, filters, group.among or ())
    for finding in found[:_MOST_FINDINGS]:
        draw_finding(screen, finding, screen.period)
    if not found:
        st.markdown(
            _(
                "Không có gì đáng chú ý trong nhóm: sau khi hiệu chỉnh cho việc so nhiều đơn vị và nhiều chỉ tiêu, "
                "không đơn vị nào khác các đơn vị còn lại, hoặc khác chính mình, quá mức ngẫu nhiên."
            )
        )


def _draw_map(screen: Screen, found: Peers) -> None:
    outlines = data.outlines(screen.snapshot, screen.snapshot.id)
    palette = screen.palette
    if outlines.area is None:
        st.markdown(plain(", ".join(screen.commune_name(code) for code in found.codes)))
        return
    units = []
    for code, shape in outlines.communes.items():
        lon, lat, area = outlines.points[code]
        is_peer, is_subject = code in found.codes, code == found.subject
        fill = palette.better if is_subject else palette.sequential[2] if is_peer else palette.none
        commune = screen.lists.communes[code]
        units.append(
            MapUnit(
                code=code,
                name=commune.name if is_peer or is_subject else "",
                full_name=commune.full_name,
                geometry=shape,
                lon=lon,
                lat=lat,
                area_km2=area if is_peer or is_subject else 0.0,
                fill=fill,
                hatched=False,
                dotted=False,
                value=_("đơn vị đang xem") if is_subject else _("trong nhóm so sánh") if is_peer else "",
                detail="",
            )
        )
    width, height = _MAP
    deck = province_map(
        units,
        area=outlines.area,
        palette=palette,
        outline=outlines.province,
        insets=outlines.insets,
        selected=(found.subject,),
        width=width,
        height=height,
    )
    names = ", ".join(screen.commune_name(code) for code in found.codes)
    st.pydeck_chart(deck, key="peers_deck", height=height, width=width, alt=names)
    st.caption(_("Nhóm so sánh, gần nhất trước: {names}.").format(names=plain(names)))
