"""TOML files that people write, read with an answer to everything that can be wrong with one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from etl.errors import DataError
from language import _
from language.reasons import details, reason, toml_reason


def read_toml(path: Path, *, shown: str) -> dict[str, Any]:
    """The file's content; DataError, naming it as `shown`, where it cannot be read or is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError(_("{path}: không đọc được tệp ({reason}).").format(path=shown, reason=reason(error))) from None
    except UnicodeDecodeError:
        raise DataError(
            _("{path}: không phải tệp chữ UTF-8. Hãy kiểm tra đúng tệp chưa, hoặc lưu lại với mã UTF-8.").format(
                path=shown
            )
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise DataError(
            _("{path}: sai cú pháp TOML, {reason}.").format(path=shown, reason=toml_reason(error))
        ) from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets in thousands of brackets
        raise DataError(
            _("{path}: sai cú pháp TOML, {reason}.").format(path=shown, reason=details(str(error)))
        ) from None
