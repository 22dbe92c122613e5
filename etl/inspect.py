"""What a file holds, before anything is configured: recognised and unrecognised columns, samples, a block to paste."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from etl.errors import DataError
from etl.headings import HeadingMatch, match_headings, recognise
from etl.masking import masked, masked_code
from etl.reading import read_tables
from etl.schemas import DOSSIER_TIMES
from etl.values import parse_channel, parse_status, parse_timestamp
from language import _

SAMPLES = 5
SAMPLED_ROWS = 2_000
# Officers and applicants are hashed while loading; their names are no samples either.
PEOPLE = frozenset({"applicant", "actor"})
BLOCKS = {"dossier": "dossiers", "event": "events"}


@dataclass(frozen=True)
class Column:
    """A heading with what it was taken for (nothing: unrecognised) and up to five different values."""

    heading: str
    canonical: str | None
    personal: bool
    samples: list[str]


@dataclass(frozen=True)
class Inspection:
    """One table of a file. `unread_words` lists statuses and channels that no built-in word explains."""

    source_file: str
    table: str
    columns: list[Column]
    unread_words: dict[str, list[str]]
    unread_times: dict[str, list[str]]


def inspect_file(path: Path, *, shown_as: str, table: str | None = None) -> list[Inspection]:
    """Look at every table of a file; `table` (`dossier`, `event`) overrides what the headings suggest.

    Raises DataError where the file cannot be read or has no heading that is known.
    """
    known = {name: recognise(name, {}) for name in BLOCKS if table in (None, name)}
    found = []
    for read in read_tables(
        path, shown_as=shown_as, recognise=lambda cells: max(count(cells) for count in known.values())
    ):
        best = max(known, key=lambda name: known[name](read.headings))
        match = match_headings(read.headings, table=best, configured={}, source_file=read.source_file)
        rows = next(iter(read.batches), None)
        found.append(_look(read.source_file, best, match, read.headings, rows))
    if not found:
        raise DataError(_("{file}: không thấy bảng nào trong tệp.").format(file=shown_as))
    return found


def _look(
    source_file: str, table: str, match: HeadingMatch, headings: list[str], batch: pl.DataFrame | None
) -> Inspection:
    rows = pl.DataFrame(schema=dict.fromkeys(headings, pl.String)) if batch is None else batch.head(SAMPLED_ROWS)
    canonical_of = {heading: canonical for canonical, heading in match.columns.items()}
    shown = rows.select(
        masked_code(pl.col(heading)) if canonical_of.get(heading) == "dossier_id" else masked(pl.col(heading))
        for heading in headings
    )
    columns = [
        Column(
            heading=heading,
            canonical=canonical_of.get(heading),
            personal=heading in match.personal or canonical_of.get(heading) in PEOPLE,
            samples=shown[heading].drop_nulls().unique(maintain_order=True).head(SAMPLES).to_list(),
        )
        for heading in headings
    ]
    unread_words = {
        name: _unread(rows[match.columns[name]], parse(pl.col(match.columns[name]), {}))
        for name, parse in (("status", parse_status), ("channel", parse_channel))
        if name in match.columns
    }
    unread_times = {
        match.columns[name]: _unread(
            rows[match.columns[name]],
            parse_timestamp(pl.col(match.columns[name]), timezone="Asia/Ho_Chi_Minh").struct.field("value"),
        )
        for name in (*DOSSIER_TIMES, "at")
        if name in match.columns
    }
    return Inspection(
        source_file=source_file,
        table=table,
        columns=columns,
        unread_words={name: words for name, words in unread_words.items() if words},
        unread_times={heading: texts for heading, texts in unread_times.items() if texts},
    )


def _unread(texts: pl.Series, parsed: pl.Expr) -> list[str]:
    """Different texts of a column that mean nothing to the parser."""
    distinct = texts.drop_nulls().unique(maintain_order=True).to_frame()
    return distinct.filter(parsed.is_null()).select(masked(pl.first())).to_series().head(20).to_list()


def ready_block(inspection: Inspection, *, path: str) -> str:
    """A `[[dossiers]]` or `[[events]]` block for the file; what is left to decide stands in comments."""
    name = BLOCKS[inspection.table]
    columns = {column.canonical: column.heading for column in inspection.columns if column.canonical}
    lines = [f"[[{name}]]", f"path = {_quoted(path)}"]
    lines.append(f'# state_at = "2026-01-31T18:00:00"   # {_("thời điểm xuất tệp")}')
    pairs = ", ".join(f"{canonical} = {_quoted(heading)}" for canonical, heading in columns.items())
    lines.append(f"columns = {{ {pairs} }}")
    for column in inspection.columns:
        if column.canonical is None and not column.personal:
            lines.append(f"# {_('chưa nhận ra')}: {_quoted(column.heading)}")
    for kind, words in inspection.unread_words.items():
        meaning = _("1 đến 10") if kind == "status" else "online | in_person | postal"
        # Commented out: a meaning that nobody has decided must not be loaded.
        lines.append(f"# [{name}.values.{kind}]   # {_('điền nghĩa rồi bỏ dấu #')}: {meaning}")
        lines += [f"# {_quoted(word)} = " for word in words]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string.
    return json.dumps(text, ensure_ascii=False)
