"""The map of a province: one indicator by commune, as layers of a `Deck`."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pydeck as pdk

from charts.deck import Bounds, Deck, bounds, deck, degrees_per_pixel, fitting_view
from charts.insets import Inset
from charts.labels import SIZE, fitting_labels
from charts.palettes import Palette, ramp, rgb

# Two tiles of 16 × 16 pixels, slanted lines and dots, each on an image of its own.
_TILE = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">{drawing}</svg>'
_PATTERNS = {
    "hatching": '<path d="M-4 4 4 -4M0 16 16 0M12 20 20 12" stroke="#fff" stroke-width="3"/>',
    "dots": '<circle cx="8" cy="8" r="3" fill="#fff"/>',
}

Shape = dict[str, Any]
# How many pixels over its commune the name of a selected one stands.
_ABOVE = 16


@dataclass(frozen=True, kw_only=True)
class MapUnit:
    """A commune as drawn: outline (GeoJSON geometry), fill (`#RRGGBB`), and the texts of its tooltip.

    Hatched: too few cases for a colour; dotted: no case at all.
    """

    code: str
    name: str
    full_name: str
    geometry: Shape
    lon: float
    lat: float
    area_km2: float
    fill: str
    hatched: bool
    dotted: bool
    value: str
    detail: str


def province_map(
    units: Sequence[MapUnit],
    *,
    area: Bounds,
    palette: Palette,
    outline: Shape | None = None,
    old_outlines: Sequence[Shape] = (),
    insets: Sequence[Inset] = (),
    selected: Sequence[str] = (),
    peers: Collection[str] = (),
    accent: str | None = None,
    width: int,
    height: int,
    scale: float = 1.0,
) -> Deck:
    """The communes coloured and labelled, outlines old and new, selected communes, peers, far islands in frames.

    The first layer is called `communes:` and the selected codes: a new name after each click makes Streamlit forget the
    click, which would otherwise dim all other communes. `scale` enlarges names, lines and the tooltip for a projector.
    """
    layers = [_communes(units, palette, name=f"communes:{','.join(selected)}")]
    for name, marked in (
        ("hatching", [unit for unit in units if unit.hatched]),
        ("dots", [unit for unit in units if unit.dotted]),
    ):
        if marked:
            layers.append(_pattern(name, marked, palette))
    if old_outlines:
        layers.append(_outlines("old-outlines", old_outlines, palette.quiet, pixels=0.8, alpha=170))
    if outline is not None:
        layers.append(_outlines("province", [outline], palette.province, pixels=2, alpha=255))
    alike = [unit.geometry for unit in units if unit.code in peers]
    if alike:
        layers.append(_outlines("peers-ground", alike, palette.page, pixels=5, alpha=255))
        layers.append(_outlines("peers", alike, palette.text, pixels=2.5, alpha=255))
    chosen = [unit.geometry for unit in units if unit.code in selected]
    if chosen:
        # A light line under a dark one is seen on any fill.
        layers.append(_outlines("selected-ground", chosen, palette.page, pixels=7 * scale, alpha=255))
        layers.append(_outlines("selected", chosen, accent or palette.worse, pixels=4 * scale, alpha=255))
    framed = {inset.code for inset in insets}
    named = [unit for unit in units if unit.name and unit.code not in framed]
    # The selected first, then their peers, then the largest; the same order at every visit.
    named.sort(key=lambda unit: (unit.code not in selected, unit.code not in peers, -unit.area_km2, unit.code))
    # The names of the selected stand over them: a small ward would lie hidden under its own.
    above = {unit.code: bounds([unit.geometry])[3] for unit in named if unit.code in selected}
    room = {"width": round(width / scale), "height": round(height / scale)}
    shift = _ABOVE * degrees_per_pixel(area, **room)
    texts = [(unit.name, unit.lon, above[unit.code] + shift if unit.code in above else unit.lat) for unit in named]
    placed = {named[index].code for index in fitting_labels(texts, area, **room)}
    layers += _labels(named, placed, palette, scale=scale, above=above)
    if insets:
        layers.append(_outlines("frames", [inset.frame for inset in insets], palette.quiet, pixels=1.5, alpha=255))
        layers.append(_inset_names(insets, palette, scale=scale))
    tooltip = {
        "html": "<b>{ten}</b><br>{tri}<br>{them}",
        "style": {
            "backgroundColor": palette.page,
            "color": palette.text,
            "border": f"1px solid {palette.quiet}",
            "borderRadius": "6px",
            "padding": "8px 12px",
            "fontSize": f"{round(16 * scale)}px",
            "lineHeight": "1.4",
            "maxWidth": f"{round(320 * scale)}px",
            "fontFamily": "inherit",
            "zIndex": "5",
        },
    }
    return deck(layers, fitting_view(area, width=width, height=height), tooltip)


def receded(units: Sequence[MapUnit], code: str, palette: Palette) -> list[MapUnit]:
    """The units with all but one stepped back: their colours mixed with the page's."""
    return [unit if unit.code == code else replace(unit, fill=ramp((unit.fill, palette.page), 11)[7]) for unit in units]


def _feature(geometry: Shape, properties: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties or {}}


def _communes(units: Sequence[MapUnit], palette: Palette, *, name: str) -> pdk.Layer:
    features = [
        _feature(
            unit.geometry,
            {"ma": unit.code, "ten": unit.full_name, "tri": unit.value, "them": unit.detail, "mau": rgb(unit.fill)},
        )
        for unit in units
    ]
    return pdk.Layer(
        "GeoJsonLayer",
        features,
        id=name,
        pickable=True,
        # Only the areas answer to the pointer: picking lines too takes a machine without a graphics card half a second,
        # in which deck.gl no longer takes the click for one.
        _sub_layer_props={"polygons-stroke": {"pickable": False}},
        get_fill_color="properties.mau",
        get_line_color=list(rgb(palette.line)),
        line_width_min_pixels=1,
        line_width_max_pixels=1,
    )


def _pattern(name: str, units: Sequence[MapUnit], palette: Palette) -> pdk.Layer:
    svg = _TILE.format(drawing=_PATTERNS[name])
    atlas = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    return pdk.Layer(
        "GeoJsonLayer",
        [_feature(unit.geometry) for unit in units],
        id=name,
        stroked=False,
        get_fill_color=[*rgb(palette.unclear), 255],
        fill_pattern_atlas=pdk.types.String(atlas),
        fill_pattern_mapping={"hatch": {"x": 0, "y": 0, "width": 16, "height": 16, "mask": True}},
        fill_pattern_mask=True,
        get_fill_pattern=pdk.types.String("hatch"),
        get_fill_pattern_scale=60,
        extensions=[{"@@type": "FillStyleExtension", "pattern": True}],
    )


def _outlines(name: str, shapes: Sequence[Shape], colour: str, *, pixels: float, alpha: int) -> pdk.Layer:
    return pdk.Layer(
        "GeoJsonLayer",
        [_feature(shape) for shape in shapes],
        id=name,
        filled=False,
        get_line_color=[*rgb(colour), alpha],
        line_width_units=pdk.types.String("pixels"),
        get_line_width=pixels,
        line_joint_rounded=True,
    )


def _inset_names(insets: Sequence[Inset], palette: Palette, *, scale: float) -> pdk.Layer:
    """The names under the frames; unlike those of communes they never give way to others."""
    return pdk.Layer(
        "TextLayer",
        [{"p": [inset.lon, inset.lat], "t": inset.name} for inset in insets],
        id="frame-names",
        get_position="p",
        get_text="t",
        get_color=list(rgb(palette.text)),
        get_size=14 * scale,
        get_alignment_baseline=pdk.types.String("top"),
        get_pixel_offset=[0, 4],
        font_family=pdk.types.String("'Source Sans', sans-serif"),
        font_weight=600,
        font_settings={"fontSize": 64, "buffer": 8},
        character_set=pdk.types.String("auto"),
    )


def _labels(
    units: Sequence[MapUnit], placed: Collection[str], palette: Palette, *, scale: float, above: Mapping[str, float]
) -> list[pdk.Layer]:
    """The names that fit the whole map, always drawn; and beneath them those that find room as one zooms in.

    deck.gl hides names that collide, but lets them fade at the edges of others: what is seen at first is chosen here.
    The names that fit are in both layers, since in the lower one they keep the others away. `above`: the latitudes over
    which the names of some units stand.
    """
    texts = [
        {
            "p": [round(unit.lon, 4), round(above.get(unit.code, unit.lat), 4)],
            **({"o": [0, -round(_ABOVE * scale) if unit.code in above else 0]} if above else {}),
            "t": unit.name,
            "a": 999 if unit.code in placed else min(998, round(unit.area_km2)),
        }
        for unit in units
    ]
    shared: dict[str, Any] = {
        "get_position": "p",
        "get_text": "t",
        "get_color": list(rgb(palette.text)),
        "get_size": SIZE * scale,
        # A plate in the page's colour keeps the names readable on any fill.
        "background": True,
        "get_background_color": [*rgb(palette.page), 215],
        "background_padding": [3, 0],
        "background_border_radius": 4,
        "font_family": pdk.types.String("'Source Sans', sans-serif"),
        "font_weight": 600,
        "font_settings": {"fontSize": 64, "buffer": 8},
        # Without this deck.gl draws ASCII only and drops ư, ờ, ọ, Đ.
        "character_set": pdk.types.String("auto"),
    } | ({"get_pixel_offset": "o"} if above else {})
    more = pdk.Layer(
        "TextLayer",
        texts,
        id="more-labels",
        **shared,
        collision_enabled=True,
        # Wide enough that a name which did not fit lies under one that did, and is not seen by half.
        collision_test_props={"sizeScale": 3.4},
        get_collision_priority="a",
        extensions=[{"@@type": "CollisionFilterExtension"}],
    )
    always = [text for unit, text in zip(units, texts, strict=True) if unit.code in placed]
    return [more, pdk.Layer("TextLayer", always, id="labels", **shared)]
