"""Keyed hashes in place of people: the same person gives the same key, the key does not give the person."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

import polars as pl

from etl.errors import DataError, UsageError
from language import _
from language.reasons import reason

ENVIRONMENT_VARIABLE = "THONGSUOT_KEY_FILE"
DEFAULT_KEY_FILE = Path(__file__).resolve().parents[1] / "data" / "keys" / "hash.key"


def load_key() -> bytes:
    """The secret of this installation, made on first use; `$THONGSUOT_KEY_FILE` or `data/keys/hash.key`.

    It lies outside the warehouse, so that a copied warehouse does not carry the means to try names.
    Raises UsageError where a folder is named, DataError where it cannot be read or made.
    """
    path = Path(os.environ.get(ENVIRONMENT_VARIABLE) or DEFAULT_KEY_FILE)
    if path.is_dir():
        raise UsageError(
            _(
                "Biến môi trường {variable} = «{path}» là một thư mục. Hãy ghi đường dẫn của tệp khoá, ví dụ "
                "{path}/hash.key; bỏ biến này thì dùng data/keys/hash.key."
            ).format(variable=ENVIRONMENT_VARIABLE, path=path)
        )
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
        key = path.read_bytes()
    except OSError as error:
        raise DataError(
            _("Không đọc hay tạo được tệp khoá {path} ({reason}). Hãy kiểm tra quyền của thư mục.").format(
                path=path, reason=reason(error)
            )
        ) from None
    if len(key) < 16:
        raise DataError(_("Tệp khoá {path} hỏng: quá ngắn. Hãy khôi phục từ bản sao lưu.").format(path=path))
    return key


def keyed_hash(column: pl.Series, key: bytes) -> pl.Series:
    """Replace each text by 16 hex digits; null stays null."""
    distinct = column.drop_nulls().unique()
    hashed = [hashlib.blake2b(text.encode(), key=key[:64], digest_size=8).hexdigest() for text in distinct]
    return column.replace_strict(distinct, pl.Series(hashed, dtype=pl.String), default=None, return_dtype=pl.String)
