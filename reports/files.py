"""Which file an ending means, and writing it whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection
from pathlib import Path

from indicators.errors import CallError
from language import _
from language.reasons import reason
from reports.content import Brief
from reports.html import write_html, write_pack_html
from reports.pack import Pack
from reports.pdf import write_pack_pdf, write_pdf
from reports.picture import write_picture
from reports.sheet import write_sheet
from reports.slides import write_pack_slides, write_slides
from reports.word import write_word
from warehouse import SnapshotInfo

BRIEF_ENDINGS = (".pdf", ".docx", ".pptx", ".html", ".png", ".xlsx")
PACK_ENDINGS = (".pdf", ".pptx", ".html")


def brief_file(brief: Brief, ending: str, info: SnapshotInfo) -> bytes:
    """The brief in the format of an ending of BRIEF_ENDINGS."""
    match ending:
        case ".pdf":
            return write_pdf(brief)
        case ".docx":
            return write_word(brief)
        case ".pptx":
            return write_slides(brief)
        case ".html":
            return write_html(brief).encode()
        case ".png":
            return write_picture(brief)
        case ".xlsx":
            return write_sheet(brief, info)
    raise ValueError(ending)


def pack_file(pack: Pack, ending: str) -> bytes:
    """The pack in the format of an ending of PACK_ENDINGS."""
    match ending:
        case ".pdf":
            return write_pack_pdf(pack)
        case ".pptx":
            return write_pack_slides(pack)
        case ".html":
            return write_pack_html(pack).encode()
    raise ValueError(ending)


def checked_ending(out: Path, endings: Collection[str]) -> str:
    """The ending of a file to be written; CallError, before anything is computed, where it cannot be written."""
    ending = out.suffix.lower()
    if ending not in endings:
        raise CallError(
            _("--out {file}: không ghi được dạng {ending}. Hãy dùng {endings}.").format(
                file=out, ending=ending or _("không có đuôi"), endings=", ".join(endings)
            )
        )
    if out.is_dir():
        raise CallError(_("--out {file}: đây là thư mục, hãy nêu tên tệp.").format(file=out))
    if not out.parent.is_dir():
        raise CallError(_("--out {file}: không có thư mục {folder}.").format(file=out, folder=out.parent))
    return ending


def write_whole(out: Path, content: bytes) -> None:
    """The file appears when all of it is written; an older one of that name stays until then. Raises CallError."""
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.", suffix=".partial")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # As the reader's other new files are, not as temporary ones are.
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(out)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise CallError(_("--out {file}: không ghi được ({reason}).").format(file=out, reason=reason(error))) from None
