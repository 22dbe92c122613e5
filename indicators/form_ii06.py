"""Form II.06/VPCP/KSTT: what came, what was done, what is open, in the official columns, its identities checked.

The columns are those of Circular 01/2020/TT-VPCP; column 14 is ours, so that nothing withdrawn or stopped is lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from indicators.compute import compute, resolve_window
from indicators.filters import Filters
from indicators.form_notes import form_notes
from indicators.province import province_in_text
from indicators.windows import Window, bucket_label, bucket_window
from indicators.words import value_in_words
from language import _, formats
from language.text import sort_key
from warehouse import Snapshot

Split = Literal["field", "commune"]

# The columns 3 to 14, in order; 1 is the running number, 2 the name.
COLUMNS = (
    "to_handle",
    "received_online",
    "received_otherwise",
    "carried_over",
    "resolved",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "pending",
    "pending_in_term",
    "pending_late",
    "closed_neutral",
)
FIRST_NUMBER = 3
# What a column must be the sum of.
IDENTITIES: Mapping[str, Sequence[Sequence[str]]] = {
    "to_handle": (
        ("received_online", "received_otherwise", "carried_over"),
        ("resolved", "pending", "closed_neutral"),
    ),
    "resolved": (("resolved_early", "resolved_on_time", "resolved_late"),),
    "pending": (("pending_in_term", "pending_late"),),
}

_FIGURES = ("received", *COLUMNS[3:], "resolved_no_due", "pending_no_due")
_ALL = Filters()


class UnbalancedForm(ValueError):
    """The form's columns do not add up: the snapshot is damaged, and no form may be made from it."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """The form for one period.

    `frame` has `key` (the field, or the commune's code), `name` and `COLUMNS`; `total` the same columns over all rows.
    `variant` is II.06a for what one commune reports of itself, II.06b for what is added up over several.
    """

    variant: Literal["II.06a", "II.06b"]
    by: Split
    window: Window
    period: str
    unit: str
    frame: pl.DataFrame
    total: dict[str, int]
    notes: tuple[str, ...]


def form_ii06(
    snapshot: Snapshot,
    by: Split,
    *,
    filters: Filters = _ALL,
    window: Window,
    as_of: dt.date | None = None,
) -> Form:
    """The form for a window, a row for each field or commune.

    By commune every unit in force has a row, by field those with a dossier. Raises CallError where the window lies
    after the data, UnbalancedForm where an identity of the form does not hold.
    """
    known = resolve_window(snapshot, date_from=window.starts, date_to=window.ends, as_of=as_of)
    rows = _rows(snapshot, (by,), filters, known)
    total = _rows(snapshot, (), filters, known)
    names = value_in_words(snapshot, by, rows[by])
    frame = _sorted(snapshot, by, rows.with_columns(names.alias("name")).rename({by: "key"}))
    totals = total.row(0, named=True)
    form = Form(
        variant="II.06a" if len(filters.commune) == 1 else "II.06b",
        by=by,
        window=known,
        period=period_name(window),
        unit=_reporting_unit(snapshot, filters, known.ends),
        frame=frame.select("key", "name", *COLUMNS),
        total={name: totals[name] for name in COLUMNS},
        notes=form_notes(snapshot, frame=frame, total=totals, filters=filters, asked=window, known=known, by=by),
    )
    _check(form, _open_before(snapshot, by, filters, known))
    return form


def for_programs(form: Form) -> pl.DataFrame:
    """The rows under the names of our columns; a field is its own name."""
    frame = form.frame.rename({"key": form.by})
    return frame.drop("name") if form.by == "field" else frame


def period_name(window: Window) -> str:
    """`Tháng 7/2025` (of the calendar or from the 15th to the 14th), `Quý III/2025`, `Năm 2025`; empty for others."""
    month, quarter = _("Tháng {number}/{year}"), _("Quý {number}/{year}")
    names = {"month": month, "quarter": quarter, "report_month": month}
    for dimension, name in names.items():
        label = bucket_label(dimension, window.starts)
        if bucket_window(dimension, label) == window:
            in_year, number = label.split("-")
            return name.format(number=_ROMAN.get(number) or int(number), year=in_year)
    year = window.starts.year
    return _("Năm {year}").format(year=year) if window == Window(dt.date(year, 1, 1), dt.date(year, 12, 31)) else ""


_ROMAN = {"Q1": "I", "Q2": "II", "Q3": "III", "Q4": "IV"}


def _rows(snapshot: Snapshot, by: Sequence[str], filters: Filters, window: Window) -> pl.DataFrame:
    starts, ends = window.starts, window.ends
    frame = compute(snapshot, _FIGURES, by, filters=filters, date_from=starts, date_to=ends)
    channels = compute(snapshot, ["received"], [*by, "channel"], filters=filters, date_from=starts, date_to=ends)
    received = pl.col("received")
    sums = (
        received.filter(pl.col("channel") == "online").sum().alias("received_online"),
        received.filter(pl.col("channel").is_null()).sum().alias("received_by_unknown"),
    )
    if by:
        parts = channels.group_by(by).agg(sums)
        frame = frame.join(parts, on=by, how="left", validate="1:1", nulls_equal=True)
    else:
        frame = frame.hstack(channels.select(sums))
    counted = frame.with_columns(pl.col("received_online", "received_by_unknown").fill_null(0).cast(pl.Int64))
    return counted.with_columns(
        received_otherwise=pl.col("received") - pl.col("received_online"),
        to_handle=pl.col("received") + pl.col("carried_over"),
    )


def _sorted(snapshot: Snapshot, by: Split, frame: pl.DataFrame) -> pl.DataFrame:
    """By the Vietnamese alphabet, communes as everywhere; dossiers that belong to no unit or field at the end."""
    if by == "commune":
        order = snapshot.query("select commune_code as key, sort_order from commune")
        return frame.join(order, on="key", how="left", validate="1:1").sort("sort_order", nulls_last=True)
    places = sorted(range(len(frame)), key=lambda row: (frame["key"][row] is None, sort_key(frame["name"][row])))
    return frame[places]


def _reporting_unit(snapshot: Snapshot, filters: Filters, day: dt.date) -> str:
    if len(filters.commune) == 1:
        (name,) = value_in_words(snapshot, "commune", pl.Series(filters.commune))
        return _("UBND {unit}").format(unit=name[:1].lower() + name[1:])
    info = snapshot.info
    province = province_in_text(info.province_code, info.province_name, day)
    return _("{province} (các xã, phường, đặc khu)").format(province=province)


def _open_before(snapshot: Snapshot, by: Split, filters: Filters, window: Window) -> dict[str | None, int]:
    """Column 11 of the period before, as it was known then."""
    day = window.starts - dt.timedelta(days=1)
    first = snapshot.first_receipt
    if first is None or day < first:
        return {}
    before = compute(snapshot, ["pending"], [by], filters=filters, date_from=day, date_to=day, as_of=day)
    return dict(before.iter_rows())


def _check(form: Form, open_before: Mapping[str | None, int]) -> None:
    """Raises UnbalancedForm for the first column that is not what it must be."""
    for row in [*form.frame.iter_rows(named=True), {"name": _("Tổng số"), **form.total}]:
        for column, sums in IDENTITIES.items():
            for parts in sums:
                if row[column] != sum(row[part] for part in parts):
                    raise _unbalanced(form, row["name"], column, parts)
    for column in COLUMNS:
        if form.frame[column].sum() != form.total[column]:
            raise _unbalanced(form, _("Tổng số"), column, ())
    for row in form.frame.iter_rows(named=True):
        if row["carried_over"] != open_before.get(row["key"], 0):
            raise _unbalanced(form, row["name"], "carried_over", ("pending",))


def _unbalanced(form: Form, name: str, column: str, parts: Sequence[str]) -> UnbalancedForm:
    numbers = [str(COLUMNS.index(part) + FIRST_NUMBER) for part in parts]
    if column == "carried_over":
        rule = _("cột 6 khác cột 11 của kỳ trước")
    elif numbers:
        rule = _("cột {column} khác {parts}").format(
            column=COLUMNS.index(column) + FIRST_NUMBER, parts=" + ".join(numbers)
        )
    else:
        rule = _("cột {column} khác tổng các dòng").format(column=COLUMNS.index(column) + FIRST_NUMBER)
    return UnbalancedForm(
        _(
            "Biểu II.06 từ {starts} đến {ends} không cân: dòng “{name}”, {rule}. Bản dữ liệu có thể bị hỏng, nên không "
            "ghi biểu; hãy nạp lại bằng python -m etl build PROVINCE.toml."
        ).format(starts=formats.date(form.window.starts), ends=formats.date(form.window.ends), name=name, rule=rule)
    )
