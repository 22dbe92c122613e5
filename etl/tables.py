"""Small tables of a province (units, lineage, procedures, corrections, …) as text under canonical names."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import polars as pl

from etl.config import FileBlock, ProvinceConfig, matching_files, shown_path
from etl.errors import DataError
from etl.headings import match_headings, recognise
from etl.reading import read_tables
from language import _

# The block of PROVINCE.toml that a table is read from, where its name is not the table's.
BLOCKS = {
    "commune": "communes",
    "procedure": "procedures",
    "correction": "corrections",
    "index_score": "index_scores",
    "index_weight": "index_weights",
    "dated_event": "dated_events",
    "unit_fact": "unit_facts",
    "difficulty": "difficulties",
}
ORIGIN = {"row_number": pl.Int64, "source_file": pl.String, "sha256": pl.String}


def read_table(
    config: ProvinceConfig, block: FileBlock, table_name: str, *, columns: Sequence[str], required: Sequence[str]
) -> pl.DataFrame:
    """All files of a block as text under canonical names (absent ones null), with `row_number, source_file, sha256`.

    Raises DataError for a file that cannot be read, lacks a required column or has a row of another width.
    """
    block_name = BLOCKS.get(table_name, table_name)
    frames = []
    for path in matching_files(config, block, name=block_name):
        shown = shown_path(config, path)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for table in read_tables(
            path,
            shown_as=shown,
            recognise=recognise(table_name, block.columns),
            sheet=block.sheet,
            header_row=block.header_row,
            encoding=block.encoding,
            delimiter=block.delimiter,
        ):
            match = match_headings(
                table.headings, table=table_name, configured=block.columns, source_file=table.source_file
            )
            for column in required:
                if column not in match.columns:
                    raise DataError(
                        _(
                            "{file}: không thấy cột «{column}». Các cột đang có: {headings}. "
                            'Hãy khai báo columns = {{ {column} = "tên cột" }} trong [{block}].'
                        ).format(
                            file=table.source_file,
                            column=column,
                            headings=", ".join(table.headings),
                            block=block_name,
                        )
                    )
            picked = [
                pl.col(match.columns[column]).alias(column)
                if column in match.columns
                else pl.lit(None, dtype=pl.String).alias(column)
                for column in columns
            ]
            frames += [
                batch.select(
                    *picked,
                    pl.col("row_number").cast(pl.Int64),
                    pl.lit(shown).alias("source_file"),
                    pl.lit(sha256).alias("sha256"),
                )
                for batch in table.batches
            ]
            if table.bad_rows:
                numbers = ", ".join(str(number) for number, _reason in table.bad_rows[:5])
                raise DataError(
                    _("{file}: dòng {rows} có số cột không khớp với dòng tiêu đề. Hãy sửa dòng này.").format(
                        file=table.source_file, rows=numbers
                    )
                )
    if not frames:
        raise DataError(_("[{block}] {path}: tệp trống.").format(block=block_name, path=block.path))
    return pl.concat(frames)
