"""Difficulties and petitions of the communes: those of the lists that were loaded and those typed in, in one frame.

What is overdue is overdue as of a day; what was answered later was still open on it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl
from rapidfuzz import fuzz
from scipy.sparse.csgraph import connected_components

from language import N_, _
from language.text import fold
from warehouse import Snapshot

# The obstacles that communes name, in the order in which a screen offers them.
CATEGORIES = {
    "software": N_("Phần mềm thủ tục hành chính"),
    "online_payment": N_("Thanh toán trực tuyến"),
    "digital_signature": N_("Chữ ký số"),
    "e_certification": N_("Chứng thực điện tử"),
    "network": N_("Hạ tầng công nghệ thông tin, đường truyền"),
    "premises": N_("Trụ sở, diện tích"),
    "equipment": N_("Trang thiết bị"),
    "staff_missing": N_("Nhân sự: thiếu vị trí"),
    "staff_skills": N_("Nhân sự: chất lượng không đồng đều"),
    "training": N_("Tập huấn"),
    "posts": N_("Biên chế chưa quy định"),
    "new_tasks": N_("Nhiệm vụ mới (xây dựng, tài chính)"),
    "funding": N_("Kinh phí"),
    "roads": N_("Hạ tầng giao thông"),
    "housing": N_("Nhà ở công vụ"),
    "heritage": N_("Di tích"),
    "identity_data": N_("Sai khớp mã số thuế, định danh"),
    "boundary_data": N_("Dữ liệu địa giới chưa cập nhật"),
    "other": N_("Khác"),
}
STATES = {
    "open": N_("Chưa trả lời"),
    "in_progress": N_("Đang xử lý"),
    "answered": N_("Đã trả lời"),
    "rejected": N_("Không giải quyết"),
}
SETTLED = ("answered", "rejected")
# Texts of one category that share so much are one difficulty, if the longer shares most of its words; of short ones all
# must agree.
LEAST_LIKENESS = 86.0
_LEAST_SHARED = 0.6
_LEAST_WORDS = 4
# What every petition says.
_POLITE = re.compile(r"\b(de nghi|kien nghi|de xuat|hien nay|quan tam|xem xet|som)\b")
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "key": pl.String,
    "origin": pl.String,
    "commune_code": pl.String,
    "category": pl.String,
    "category_by": pl.String,
    "department": pl.String,
    "text": pl.String,
    "asked_on": pl.Date,
    "due_on": pl.Date,
    "state": pl.String,
    "answer": pl.String,
    "answered_on": pl.Date,
    "count": pl.Int64,
    "source": pl.String,
}


class Typed(Protocol):
    """A difficulty that somebody typed in, as the notebook keeps it."""

    @property
    def id(self) -> int | None: ...
    @property
    def commune_code(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def department(self) -> str | None: ...
    @property
    def text(self) -> str: ...
    @property
    def asked_on(self) -> dt.date: ...
    @property
    def due_on(self) -> dt.date | None: ...
    @property
    def state(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def answered_on(self) -> dt.date | None: ...
    @property
    def count(self) -> int | None: ...
    @property
    def source(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Common:
    """What several communes ask in words of their own; `text` is the wording nearest to all the others."""

    category: str
    text: str
    keys: tuple[str, ...]
    communes: tuple[str, ...]
    open: int
    overdue: int
    first_on: dt.date
    last_on: dt.date


def categories() -> dict[str, str]:
    """The categories by id, in the session's language."""
    return {id_: _(name) for id_, name in CATEGORIES.items()}


def states() -> dict[str, str]:
    """The states by id, in the session's language."""
    return {id_: _(name) for id_, name in STATES.items()}


def difficulties(snapshot: Snapshot, *, typed: Iterable[Typed] = (), as_of: dt.date | None = None) -> pl.DataFrame:
    """Every difficulty asked up to a day (the snapshot's own where none is given), by day of asking.

    Columns: `key` (`list:` with the list's number, or `typed:` with the notebook's), `origin` (`list, typed`), what
    `[difficulties]` holds, `state` as it was on that day, `overdue_days` (null unless it waits for an answer and is
    overdue), `in_time` (whether it was settled in time; null where it is not settled, or a day is not known).
    """
    day = as_of or snapshot.info.as_of.date()
    rows = pl.concat([_listed(snapshot), _typed(typed)])
    waits = ~pl.col("state").is_in(SETTLED)
    later = pl.col("answered_on") > day
    return (
        rows.filter(pl.col("asked_on") <= day)
        .with_columns(
            state=pl.when(later & ~waits).then(pl.lit("open")).otherwise("state"),
            answer=pl.when(~later.fill_null(False)).then("answer"),
            answered_on=pl.when(~later).then("answered_on"),
        )
        .with_columns(
            overdue_days=pl.when(waits & (pl.col("due_on") < day)).then((day - pl.col("due_on")).dt.total_days()),
            in_time=pl.when(~waits).then(pl.col("answered_on") <= pl.col("due_on")),
        )
        .sort("asked_on", "commune_code", "key")
    )


def overdue_by_department(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a department, the most overdue first: `department` (null: nobody was asked), `asked, waiting, overdue,
    longest_days` (of what is overdue), `in_time, late` (settled with both days known), `settled`."""
    return (
        frame.group_by("department")
        .agg(
            asked=pl.len(),
            waiting=(~pl.col("state").is_in(SETTLED)).sum(),
            overdue=pl.col("overdue_days").is_not_null().sum(),
            longest_days=pl.col("overdue_days").max(),
            in_time=pl.col("in_time").sum(),
            late=(~pl.col("in_time")).sum(),
            settled=pl.col("state").is_in(SETTLED).sum(),
        )
        .sort("overdue", "waiting", "department", descending=[True, True, False], nulls_last=True)
    )


def common(frame: pl.DataFrame, *, likeness: float = LEAST_LIKENESS) -> list[Common]:
    """Difficulties that two communes or more have, those of the most communes first.

    Two texts of one category are the same where their words are: rapidfuzz's token set ratio of the texts without marks
    is at least `likeness`, and six in ten words of the longer are shared; below four words every word must be there.
    What is the same as the same is the same, so that the answer does not depend on the order of the rows.
    """
    found = []
    for (category,), rows in frame.sort("key").partition_by("category", as_dict=True, maintain_order=True).items():
        texts = sorted({_bare(text) for text in rows["text"]})
        labels, alike = _groups(texts, likeness)
        place_of = {text: place for place, text in enumerate(texts)}
        places = [place_of[_bare(text)] for text in rows["text"]]
        numbered = rows.with_columns(
            place=pl.Series(places, dtype=pl.Int64),
            group=pl.Series([labels[place] for place in places], dtype=pl.Int64),
        )
        for (_group,), same in numbered.partition_by("group", as_dict=True, maintain_order=True).items():
            if same["commune_code"].n_unique() > 1:
                found.append(_common(str(category), same, alike))
    return sorted(found, key=lambda one: (-len(one.communes), -one.overdue, -one.open, one.category, one.text))


def _common(category: str, same: pl.DataFrame, alike: np.ndarray) -> Common:
    places = same["place"].to_numpy()
    nearest = int(np.argmax(alike[np.ix_(places, places)].sum(axis=1)))
    return Common(
        category=category,
        text=same["text"][nearest],
        keys=tuple(same["key"].sort()),
        communes=tuple(same["commune_code"].unique().sort()),
        open=int((~same["state"].is_in(SETTLED)).sum()),
        overdue=int(same["overdue_days"].is_not_null().sum()),
        first_on=same["asked_on"].min(),  # type: ignore[arg-type]
        last_on=same["asked_on"].max(),  # type: ignore[arg-type]
    )


def _groups(texts: list[str], likeness: float) -> tuple[list[int], np.ndarray]:
    """(a number for each text, the same for those that are alike; how alike each two are, 0 to 100)."""
    alike = np.eye(len(texts)) * 100.0
    # Only those that share most of their words are read closely.
    near = np.argwhere(np.triu(_shared(texts) >= _LEAST_SHARED, 1))
    for first, second in near:
        one, other = texts[first], texts[second]
        # A set of few words lies within many longer ones that mean something else.
        is_short = min(len(set(one.split())), len(set(other.split()))) < _LEAST_WORDS
        scorer = fuzz.token_sort_ratio if is_short else fuzz.token_set_ratio
        alike[first, second] = alike[second, first] = scorer(one, other)
    _count, labels = connected_components(alike >= likeness, directed=False)
    return [int(label) for label in labels], alike


def _shared(texts: list[str]) -> np.ndarray:
    """Which part of the words of the longer of each two texts the other has too."""
    places = {word: place for place, word in enumerate(sorted({word for text in texts for word in text.split()}))}
    has = np.zeros((len(texts), len(places) or 1))
    for row, text in enumerate(texts):
        has[row, [places[word] for word in text.split()]] = 1
    words = np.maximum(has.sum(axis=1), 1)
    shared: np.ndarray = (has @ has.T) / np.maximum(words[:, None], words[None, :])
    return shared


def _bare(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()
    return " ".join(_POLITE.sub(" ", words).split()) or words


def _listed(snapshot: Snapshot) -> pl.DataFrame:
    if snapshot.query("select table_name from duckdb_tables() where table_name = 'difficulty'").is_empty():
        return pl.DataFrame(schema=SCHEMA)
    rows = snapshot.query("select * from difficulty")
    return rows.with_columns(key="list:" + pl.col("difficulty_id"), origin=pl.lit("list")).select(
        pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()
    )


def _typed(records: Iterable[Typed]) -> pl.DataFrame:
    rows = [
        {
            "key": f"typed:{one.id}",
            "origin": "typed",
            "commune_code": one.commune_code,
            "category": one.category,
            "category_by": "stated",
            "department": one.department or None,
            "text": one.text,
            "asked_on": one.asked_on,
            "due_on": one.due_on,
            "state": one.state,
            "answer": one.answer or None,
            "answered_on": one.answered_on,
            "count": one.count,
            "source": one.source or None,
        }
        for one in records
    ]
    return pl.DataFrame(rows, schema=SCHEMA)
