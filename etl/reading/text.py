"""A file as a stream of UTF-8 text, whatever it was packed and encoded in."""

from __future__ import annotations

import codecs
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from etl.errors import DataError
from etl.reading import tcvn3
from language import _
from language.reasons import reason

GZIP = b"\x1f\x8b"
_READ_AT_ONCE = 1 << 20
TCVN3 = "tcvn3"

# What to try, in this order, on one-byte text: the headings decide which of them it is.
ONE_BYTE_ENCODINGS = ("cp1258", TCVN3)


@contextmanager
def readable(shown_as: str) -> Iterator[None]:
    """Tell in plain words why a file cannot be read."""
    try:
        yield
    except FileNotFoundError as error:
        raise DataError(
            _("{file}: không có tệp này. Kiểm tra path trong tệp cấu hình.").format(file=shown_as)
        ) from error
    except PermissionError as error:
        raise DataError(_("{file}: không có quyền đọc tệp.").format(file=shown_as)) from error
    except OSError as error:
        raise DataError(_("{file}: không đọc được tệp ({why}).").format(file=shown_as, why=reason(error))) from error


def stream_bytes(path: Path, *, shown_as: str, size: int = _READ_AT_ONCE) -> Iterator[bytes]:
    """The file's bytes, unpacked where it is gzipped, in blocks of about `size`; a broken archive is a DataError."""
    with readable(shown_as), path.open("rb") as file:
        block = file.read(min(size, _READ_AT_ONCE))
        if not block.startswith(GZIP):
            while block:
                yield block
                block = file.read(size)
            return
        try:
            yield from _unpack(block, file.read, size)
        except (zlib.error, EOFError) as error:
            raise DataError(
                _("{file}: tệp nén bị cắt cụt hoặc hỏng. Chép lại tệp từ nơi xuất rồi nạp lại.").format(file=shown_as)
            ) from error


def _unpack(data: bytes, read: Callable[[int], bytes], size: int) -> Iterator[bytes]:
    # zlib itself, in large blocks, is faster than the gzip module, which reads 8 KB at a time.
    machine = zlib.decompressobj(wbits=31)
    while True:
        if text := machine.decompress(data, size):
            yield text
        data = machine.unconsumed_tail
        member_ended = machine.eof
        if member_ended:
            # Archives may be several members one after another, and padded with zeros.
            data = machine.unused_data.lstrip(b"\0") or read(_READ_AT_ONCE).lstrip(b"\0")
            if not data:
                return
            machine = zlib.decompressobj(wbits=31)
        elif not data and not (data := read(_READ_AT_ONCE)):
            if text := machine.flush():
                yield text
            if not machine.eof:
                raise EOFError
            return


def likely_encodings(sample: bytes, *, complete: bool) -> list[str]:
    """The encodings that the bytes at the head of a file may be in; `complete` where they are the whole file."""
    if sample.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ["utf-32"]
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    # Without a mark, the zero bytes of digits, spaces and delimiters tell which half of the pair comes first.
    even, odd = sample[0:4000:2].count(0), sample[1:4000:2].count(0)
    pairs = max(1, len(sample[:4000]) // 2)
    if odd > pairs / 4 and odd > 8 * even:
        return ["utf-16-le"]
    if even > pairs / 4 and even > 8 * odd:
        return ["utf-16-be"]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, complete)
    except UnicodeDecodeError:
        return list(ONE_BYTE_ENCODINGS)
    return ["utf-8"]


def decode_sample(sample: bytes, encoding: str) -> str | None:
    """The head of a file as text; None where the bytes are not of that encoding."""
    try:
        return _decoder(encoding)(sample, False).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def check_encoding(encoding: str, *, shown_as: str) -> str:
    """The configured encoding under the name we use; an unknown one is a DataError."""
    name = encoding.strip().lower()
    if name in {"tcvn3", "tcvn-3", "tcvn", "abc"}:
        return TCVN3
    try:
        return {"utf-8-sig": "utf-8"}.get(codecs.lookup(name).name, codecs.lookup(name).name)
    except LookupError as error:
        raise DataError(
            _("{file}: không có bảng mã {encoding}. Dùng utf-8, utf-16, windows-1258 hoặc tcvn3.").format(
                file=shown_as, encoding=encoding
            )
        ) from error


def stream_utf8(blocks: Iterator[bytes], *, encoding: str, shown_as: str) -> Iterator[bytes]:
    """The blocks in UTF-8 without byte-order mark. UTF-8 itself passes through unchecked."""
    first = True
    if encoding == "utf-8":
        for block in blocks:
            yield block.removeprefix(codecs.BOM_UTF8) if first else block
            first = False
        return
    decode = _decoder(encoding)
    try:
        for block in blocks:
            text = decode(block, False)
            yield (text.removeprefix("\ufeff") if first else text).encode()
            first = False
        yield decode(b"", True).encode()
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise DataError(
            _(
                "{file}: có chỗ không phải chữ theo bảng mã {encoding}. Xuất lại tệp bằng UTF-8 hoặc sửa encoding."
            ).format(file=shown_as, encoding=encoding)
        ) from error


def compose(data: bytes) -> bytes:
    """UTF-8 in NFC without zero-width characters; text that has no loose marks comes back as it is.

    In UTF-8 the combining marks U+0300 to U+036F begin with CC or CD, bytes that begin nothing else, so that clean text
    is known as such at the speed of memory.
    """
    if b"\xe2" in data and b"\xe2\x80\x8b" in data:
        data = data.replace(b"\xe2\x80\x8b", b"")
    if b"\xcc" in data or b"\xcd" in data:
        # Broken bytes pass through unchanged; the reader of the rows reports them.
        text = data.decode("utf-8", "surrogateescape")
        return unicodedata.normalize("NFC", text).encode("utf-8", "surrogateescape")
    return data


def _decoder(encoding: str) -> Callable[[bytes, bool], str]:
    if encoding == TCVN3:
        return lambda data, final: tcvn3.decode(data)
    return codecs.getincrementaldecoder(encoding)().decode
