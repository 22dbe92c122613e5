"""The layers of the map besides the plain indicator: who differs, two indicators at once, local clusters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import polars as pl
import streamlit as st

from charts.bivariate import bivariate_map, bivariate_sentence
from charts.verdict_map import cluster_map, cluster_sentence, moran_sentence, significance_map, significance_sentence
from indicators import clusters as local
from indicators.catalogue import Indicator, indicator
from indicators.deviations import deviations, is_at_equal_mix, is_comparable, with_verdict
from indicators.filters import Filters
from indicators.peers import Peers
from indicators.windows import Window
from language import _
from pages.parts.address import DEFAULT_INDICATOR, View
from pages.parts.controls import second_indicator
from pages.parts.definitions import indicator_options
from pages.parts.maps import Drawn, by_commune, ground_of
from pages.parts.picker import picker
from pages.parts.screen import Screen
from pages.parts.state import change_view
from warehouse import Snapshot


def layer_names() -> dict[str, str]:
    """The layers to choose from."""
    return {
        "value": _("Chỉ tiêu"),
        "significance": _("Khác biệt rõ rệt"),
        "bivariate": _("Hai chỉ tiêu chồng nhau"),
        "clusters": _("Cụm xã giáp nhau"),
        "weeks": _("Qua từng tuần"),
    }


def needs_interval(layer: str, declared: Indicator) -> str:
    """Why an indicator cannot be drawn as this layer; empty where it can."""
    if layer in ("significance", "clusters") and not is_comparable(declared):
        return _(
            "Lớp này dành cho tỷ lệ và cho thời gian giải quyết (trung vị, mức 90 %); hãy chọn một chỉ tiêu như thế."
        )
    return ""


def significance_layer(screen: Screen, declared: Indicator, peers: Peers | None) -> Drawn:
    """Only the communes that differ from the others, or within the peers' group, are coloured."""
    among = (peers.subject, *peers.codes) if peers else None
    frame = with_verdict(_deviations(screen, declared, among))
    units, legend = significance_map(
        frame,
        declared,
        ground=ground_of(screen),
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
        among=among,
    )
    # The heading names the method: the layer of the indicator itself compares raw figures, and may count others.
    others = _("các đơn vị khác trong nhóm") if among else _("các đơn vị khác")
    if is_at_equal_mix(declared):
        others = _("{others} nếu cùng cơ cấu hồ sơ").format(others=others)
    note = _("đã hiệu chỉnh cho việc so nhiều đơn vị cùng lúc")
    title = significance_sentence(frame, declared, whole=others)
    return Drawn(title=title, units=units, legend=legend, note=note, accent=screen.palette.text)


def bivariate_layer(screen: Screen, first: Indicator, second: Indicator) -> Drawn:
    """Two indicators in three classes each."""
    units, legend, square = bivariate_map(
        by_commune(screen, first)[0],
        by_commune(screen, second)[0],
        (first, second),
        ground=ground_of(screen),
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
    )
    note = _("mỗi chỉ tiêu chia ba mức: thấp, vừa, cao")
    return Drawn(
        title=bivariate_sentence(square, (first, second)),
        units=units,
        legend=legend,
        square=square,
        note=note,
        accent=screen.palette.text,
    )


def cluster_layer(screen: Screen, declared: Indicator) -> Drawn:
    """Communes that lie with those around them above or below the others, by more than chance."""
    found = _clusters(screen.snapshot, screen.snapshot.id, declared.id, screen.period.window, _narrowed(screen))
    frame = _deviations(screen, declared, None)
    units, legend = cluster_map(
        found,
        frame,
        declared,
        ground=ground_of(screen),
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
    )
    parts = [moran_sentence(found)]
    parts.append(
        _(
            "Xã giáp nhau: có chung một đoạn ranh giới. Con số của xã ít hồ sơ được kéo về mức chung trước khi so; "
            "đã hiệu chỉnh cho việc xét mọi xã."
        )
    )
    islands = found.frame.filter(pl.col("kind") == "alone").height
    if islands:
        parts.append(_("{count} đơn vị không giáp đơn vị nào đủ số liệu, không được xét.").format(count=islands))
    return Drawn(
        title=cluster_sentence(found, declared),
        units=units,
        legend=legend,
        note=" ".join(part for part in parts if part),
        accent=screen.palette.text,
    )


def pick_laid_over(view: View) -> Indicator:
    """The picker of the indicator that is laid over the first: the volume unless another is chosen."""
    chosen = second_indicator(view) or indicator("received")
    picker(
        _("Chồng với chỉ tiêu"),
        indicator_options(),
        [chosen.id],
        key="laid_over",
        on_pick=lambda values: change_view(second_indicator=values[0] if values else ""),
        clearable=False,
    )
    return chosen


def _narrowed(screen: Screen) -> Filters:
    """The filters by field, procedure and channel: places would take away the neighbours."""
    return screen.filters.of_whole_province()


def _deviations(screen: Screen, declared: Indicator, among: Collection[str] | None) -> pl.DataFrame:
    group = tuple(among) if among is not None else None
    return _kept_deviations(
        screen.snapshot, screen.snapshot.id, declared.id, screen.period.window, _narrowed(screen), group
    )


@st.cache_data(max_entries=100, show_spinner=False)
def _kept_deviations(
    _snapshot: Snapshot,
    snapshot_id: str,
    indicator_id: str,
    window: Window,
    filters: Filters,
    among: tuple[str, ...] | None,
) -> pl.DataFrame:
    return deviations(_snapshot, indicator(indicator_id), window, filters, among=among)


@st.cache_resource(max_entries=4, show_spinner=False)
def _neighbours(_snapshot: Snapshot, snapshot_id: str) -> dict[str, tuple[str, ...]]:
    return local.neighbours(_snapshot)


@st.cache_data(max_entries=100, show_spinner=False)
def _clusters(
    _snapshot: Snapshot, snapshot_id: str, indicator_id: str, window: Window, filters: Filters
) -> local.Clusters:
    frame = _kept_deviations(_snapshot, snapshot_id, indicator_id, window, filters, None)
    return local.clusters(frame, _neighbours(_snapshot, snapshot_id))


def narrowed_to_places(screen: Screen) -> bool:
    """Whether the view's filters leave out communes, which significance and clusters look at all the same."""
    whole = replace(screen.filters, commune=())
    return whole != screen.filters.of_whole_province()


def pick_layer(view: View) -> None:
    """The picker of the layer; two indicators at once begin with time and volume."""
    names = layer_names()
    st.session_state["map_layer"] = view.layer

    def chosen() -> None:
        layer = st.session_state["map_layer"]
        changes: dict[str, object] = {"layer": layer}
        if layer == "bivariate" and view.indicator == DEFAULT_INDICATOR:
            changes["indicator"] = "processing_days_p50"
        change_view(**changes)

    st.selectbox(_("Lớp bản đồ"), list(names), format_func=names.__getitem__, key="map_layer", on_change=chosen)
