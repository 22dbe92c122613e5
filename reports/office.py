"""What Word and PowerPoint files share: the same data give the same bytes, whatever the clock says."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from io import BytesIO

# The day that the embedded workbooks of charts say they were made on.
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")
_FIRST_OF_ZIP = dt.datetime(1980, 1, 1)


def fixed(content: bytes, made_on: dt.date) -> bytes:
    """The package with the day of the data as the day of all its parts, those of workbooks inside it too."""
    moment = max(dt.datetime.combine(made_on, dt.time()), _FIRST_OF_ZIP)
    stamp = rb"\g<1>" + f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\g<2>"
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith(".xlsx"):
                part = fixed(part, made_on)
            elif name == "docProps/core.xml":
                part = _STAMP.sub(stamp, part)
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return out.getvalue()
