"""Which dossiers a figure is about."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Values to keep, by dimension; an empty tuple keeps all. Hashable, so that answers can be cached by it."""

    commune: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    procedure: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    old_province: tuple[str, ...] = ()
    old_district: tuple[str, ...] = ()
    cluster: tuple[str, ...] = ()

    def given(self) -> dict[str, tuple[str, ...]]:
        """The dimensions that are narrowed down, with their values."""
        values = {field.name: tuple(getattr(self, field.name)) for field in fields(self)}
        return {name: chosen for name, chosen in values.items() if chosen}

    def of_whole_province(self) -> Filters:
        """The same kinds of dossiers in all communes: what a commune is compared with."""
        return replace(self, commune=(), kind=(), old_province=(), old_district=(), cluster=())
