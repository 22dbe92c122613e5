"""Downloads of the analyst's bench: Excel, CSV and Parquet, made when the button is pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO

import polars as pl
import pyarrow.parquet as parquet
import streamlit as st

from language import _, set_language
from language.text import fold, never_a_formula
from pages.parts.screen import Screen

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS_XLSX = 200_000
Make = Callable[[], bytes]


def file_name(screen: Screen, stem: str, ending: str) -> str:
    """`bang-cheo-phu-tho-2026-09-26-mo-phong.xlsx`: what, where, as of when, and whether it is simulated."""
    info = screen.snapshot.info
    province = "".join(sign if sign.isalnum() else "-" for sign in fold(info.province_name))
    parts = [stem, province, info.as_of.date().isoformat(), *(["mo-phong"] if info.simulated else [])]
    return "-".join(parts) + f".{ending}"


def downloads(screen: Screen, stem: str, *, xlsx: Make | None, csv: Make, parquet: Make, note: str = "") -> None:
    """The three buttons in a row; without `xlsx` its button is off, and `note` says why."""
    files = [("XLSX", xlsx, XLSX), ("CSV", csv, "text/csv"), ("Parquet", parquet, "application/vnd.apache.parquet")]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for name, make, mime in files:
            st.download_button(
                _("Tải {format}").format(format=name),
                data=_in_language(make or (lambda: b""), screen.view.language),
                file_name=file_name(screen, stem, name.lower()),
                mime=mime,
                icon=":material/download:",
                key=f"{stem}_{name.lower()}",
                on_click="ignore",
                disabled=make is None,
            )
        if note:
            st.caption(note)


def _in_language(make: Make, language: str) -> Make:
    def made() -> bytes:
        # The file is made in a thread that knows nothing of the session.
        set_language(language)
        return make()

    return made


def as_csv(pieces: Iterable[pl.DataFrame]) -> bytes:
    """UTF-8 with the mark that Excel wants, decimal points, times as `2026-09-26T18:00:00`, no text a formula."""
    out = BytesIO()
    for number, piece in enumerate(pieces):
        safe = piece.with_columns(never_a_formula(pl.col(pl.String)))
        safe.write_csv(out, include_bom=number == 0, include_header=number == 0, datetime_format="%Y-%m-%dT%H:%M:%S")
    return out.getvalue()


def as_parquet(pieces: Iterable[pl.DataFrame]) -> bytes:
    """One file, a row group a piece."""
    out = BytesIO()
    writer: parquet.ParquetWriter | None = None
    for piece in pieces:
        rows = piece.to_arrow()
        writer = writer or parquet.ParquetWriter(out, rows.schema, compression="zstd")
        writer.write_table(rows)
    if writer is not None:
        writer.close()
    return out.getvalue()
