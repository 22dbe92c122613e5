"""What each field of a record takes, read off its class and its table; values are checked against it before a write."""

from __future__ import annotations

import datetime as dt
import math
import types
import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from numbers import Integral, Real
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from language import N_, _
from language.formats import number
from language.personal import masked_text
from notebook.clock import in_vietnam
from notebook.errors import NotebookError
from notebook.records import Record
from notebook.tables import LINE, TABLES
from notebook.words import field_name, table_name

# The notebook's own fields, never a writer's.
KEPT = frozenset(each.name for each in fields(Record))
LARGEST_INTEGER = 2**31 - 1
_MOST_ITEMS = 100
# They turn the reading order round: a text would not say what is seen.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What people write in their own words: a person's telephone number, identity number or e-mail address is not kept.
OWN_WORDS = frozenset(
    ("title", "leader", "departments", "summary", "focus", "text", "department", "outcome", "answer", "source", "name")
)
# A later day or time beside the one that it cannot precede.
_IN_ORDER = (
    ("starts_on", "ends_on"),
    ("promised_on", "due_on"),
    ("asked_on", "due_on"),
    ("asked_on", "answered_on"),
    ("started_at", "ended_at"),
)
_WANTED = {
    str: N_("phải là chữ"),
    int: N_("phải là số nguyên"),
    float: N_("phải là số"),
    dt.date: N_("phải là một ngày"),
    dt.datetime: N_("phải là ngày giờ"),
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field: its type, whether it may be empty, the closed list that it takes, and how long a text may be."""

    name: str
    type: type
    optional: bool
    required: bool
    many: bool
    choices: tuple[str, ...]
    limit: int
    lines: bool


def fields_of(kind: type[Record]) -> dict[str, Field]:
    """The fields that a writer fills in, by name."""
    return _fields()[kind]


@cache
def _fields() -> dict[type[Record], dict[str, Field]]:
    return {
        kind: {
            each.name: _field(each.name, hint, required=each.default is MISSING, column=table.c[each.name])
            for each, hint in ((each, get_type_hints(kind)[each.name]) for each in fields(kind))
            if each.name not in KEPT
        }
        for kind, table in TABLES.items()
    }


def _field(name: str, hint: Any, *, required: bool, column: Any) -> Field:
    members = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    inner = next(member for member in members if member is not type(None))
    choices = get_args(inner) if get_origin(inner) is Literal else ()
    many = get_origin(inner) is tuple
    return Field(
        name=name,
        type=str if choices or many else inner,
        optional=type(None) in members,
        required=required,
        many=many,
        choices=choices,
        limit=getattr(column.type, "length", None) or LINE,
        lines=bool(column.info.get("lines")),
    )


def checked(kind: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they will be kept (composed, masked, on Vietnam's clock); NotebookError where one cannot be."""
    known = fields_of(kind)
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise NotebookError(
            _("Nội dung loại «{kind}» không có mục: {names}.").format(
                kind=table_name(TABLES[kind].name), names=", ".join(unknown)
            )
        )
    return {name: _checked(known[name], value) for name, value in values.items()}


def check_order(values: Mapping[str, Any]) -> None:
    """NotebookError where an end lies before its beginning."""
    for earlier, later in _IN_ORDER:
        first, last = values.get(earlier), values.get(later)
        if first is not None and last is not None and last < first:
            raise NotebookError(
                _("Mục «{later}» không thể trước «{earlier}».").format(
                    later=field_name(later), earlier=field_name(earlier)
                )
            )


def check_author(by: str) -> str:
    """The writer's name or role as it will be kept; NotebookError where there is none."""
    field = Field(
        name=_("người ghi"), type=str, optional=False, required=True, many=False, choices=(), limit=LINE, lines=False
    )
    return str(_checked(field, by))


def _checked(field: Field, value: Any) -> Any:
    if value is None:
        if field.optional:
            return None
        raise _fault(field, _("không được để trống"))
    if field.many:
        if not isinstance(value, list | tuple) or len(value) > _MOST_ITEMS:
            raise _fault(field, _("phải là danh sách, nhiều nhất {most} mục").format(most=_MOST_ITEMS))
        return tuple(_text(field, item) for item in value)
    if field.type is str:
        return _text(field, value)
    return _plain_value(field, value)


def _plain_value(field: Field, value: Any) -> Any:
    if isinstance(value, bool):
        raise _fault(field, _(_WANTED[field.type]))
    if field.type is int and isinstance(value, Integral):
        if abs(int(value)) > LARGEST_INTEGER:
            raise _fault(field, _("có số quá lớn"))
        return int(value)
    if field.type is float and isinstance(value, Real) and math.isfinite(value):
        return float(value)
    if field.type is dt.datetime and isinstance(value, dt.datetime):
        return in_vietnam(value)
    if field.type is dt.date and isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise _fault(field, _(_WANTED[field.type]))


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _fault(field, _(_WANTED[str]))
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n")
    if field.name in OWN_WORDS:
        text = masked_text(text)
    if field.required and not text.strip():
        raise _fault(field, _("không được để trống"))
    if field.choices and text not in field.choices:
        raise _fault(
            field,
            _("không nhận giá trị «{value}»; chỉ nhận {choices}").format(
                value=text[:40], choices=", ".join(field.choices)
            ),
        )
    if len(text) > field.limit:
        raise _fault(
            field,
            _("dài {length} ký tự, nhiều nhất được {limit}; hãy rút gọn").format(
                length=number(len(text)), limit=number(field.limit)
            ),
        )
    for letter in text:
        if letter in ("\n", "\t") and field.lines:
            continue
        if letter == "\n":
            raise _fault(field, _("phải viết trên một dòng"))
        if unicodedata.category(letter) in ("Cc", "Cs") or letter in _TURNING:
            raise _fault(
                field,
                _("có ký tự điều khiển không hiện ra được (mã {code}); hãy gõ lại").format(code=f"U+{ord(letter):04X}"),
            )
    return text


def _fault(field: Field, words: str) -> NotebookError:
    return NotebookError(_("Mục «{name}» {fault}.").format(name=field_name(field.name), fault=words))
