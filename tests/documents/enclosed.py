"""Made-up files to attach, for the tests of packets: pictures and PDFs as scanners, phones and payers make them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def png(width: int = 1, height: int = 1, *, alpha: bool = False) -> bytes:
    """A PNG with a gradient, in RGB or RGBA."""
    depth = 4 if alpha else 3
    row = bytes(x * 255 // width if band < 3 else 128 for x in range(width) for band in range(depth))
    body = zlib.compress((b"\x00" + row) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 6 if alpha else 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    )
