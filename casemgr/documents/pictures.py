"""PNG and JPEG files as attachments: what they are, by their own bytes, and how they go into a document.

They are not decoded here: a JPEG is embedded as it stands, but for what a phone writes into it about itself.
"""

from __future__ import annotations

import base64
import re
import zlib
from typing import Literal, NamedTuple

from casemgr.errors import ParseError

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"

MAX_PIXELS = 100_000_000
"""100 megapixels: four times a letter page scanned at 600 dpi."""
MAX_SIDE = 65_000
_INPUT = 1 << 16
"""Bytes that are unpacked at once."""
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by the colour type of a PNG."""
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, 0xD9
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""A marker among the data of a scan, where 0xFF itself is followed by 0 and restarts are not ours to read."""
_EXIF, _PHOTOSHOP, _COMMENT = 0xE1, 0xED, 0xFE
_ORIENTATION = 0x0112
_TURNS = {
    1: "1 0 0 1 0 0",
    2: "-1 0 0 1 {w} 0",
    3: "-1 0 0 -1 {w} {h}",
    4: "1 0 0 -1 0 {h}",
    5: "0 1 1 0 0 0",
    6: "0 1 -1 0 {h} 0",
    7: "0 -1 -1 0 {h} {w}",
    8: "0 -1 1 0 0 {w}",
}
"""EXIF orientation as the matrix of SVG that sets a picture upright."""


class Picture(NamedTuple):
    """A PNG or JPEG."""

    media_type: Literal["image/png", "image/jpeg"]
    width: int
    """Pixels as stored."""
    height: int
    content: bytes
    """What is embedded."""
    orientation: int = 1
    """EXIF: 1 upright; from 5 on, width and height change places."""
    cmyk: bool = False
    """Whether it is in the colours of a printing press, which an archivable PDF cannot hold."""

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height in pixels once upright."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)

    def svg(self) -> bytes:
        """The picture, upright, as SVG: Typst is handed text only."""
        width, height = self.shown
        matrix = _TURNS[self.orientation].format(w=self.width, h=self.height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}"><image width="{self.width}" height="{self.height}" '
            f'preserveAspectRatio="none" transform="matrix({matrix})" '
            f'href="data:{self.media_type};base64,'
        ).encode() + (base64.b64encode(self.content) + b'"/></svg>')


def read_picture(content: bytes) -> Picture:
    """What a PNG or JPEG is.

    Raises:
        ParseError: it is damaged, too large, or of a kind that documents cannot hold; the message says which.
    """
    picture = _read_png(content) if content.startswith(PNG) else _read_jpeg(content)
    pixels = picture.width * picture.height
    if not pixels:
        raise ParseError("it has no pixels")
    if pixels > MAX_PIXELS or max(picture.width, picture.height) > MAX_SIDE:
        raise ParseError(
            f"it has {pixels // 1_000_000:,} megapixels ({picture.width} × {picture.height}); "
            f"at most {MAX_PIXELS // 1_000_000} can be printed"
        )
    return picture


def _read_png(content: bytes) -> Picture:
    at = len(PNG)
    header = b""
    body = []
    while True:
        if at + 12 > len(content):
            raise ParseError("it ends in the middle")
        size = int.from_bytes(content[at : at + 4])
        name, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        check = content[at + 8 + size : at + 12 + size]
        if len(check) < 4:
            raise ParseError("it ends in the middle")
        if zlib.crc32(name + data) != int.from_bytes(check):
            raise ParseError("it is damaged")
        at += 12 + size
        match name:
            case b"IHDR":
                header = data
            case b"IDAT":
                body.append(data)
            case b"IEND":
                break
    if len(header) != 13 or header[9] not in _CHANNELS:
        raise ParseError("it is damaged")
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    picture = Picture("image/png", width, height, content)
    interlaced = header[12]
    row = 1 + (width * _CHANNELS[header[9]] * header[8] + 7) // 8
    if width * height <= MAX_PIXELS and not interlaced and not _unpacks_to(body, row * height):
        raise ParseError("it is damaged")
    return picture


def _unpacks_to(body: list[bytes], size: int) -> bool:
    """Whether the compressed rows hold as many bytes, without keeping them or going on beyond."""
    unpacker = zlib.decompressobj()
    count = 0
    try:
        for piece in body:
            for at in range(0, len(piece), _INPUT):
                waiting = piece[at : at + _INPUT]
                while waiting and count < size:
                    count += len(unpacker.decompress(waiting, 1 << 20))
                    waiting = unpacker.unconsumed_tail
            if count >= size:
                return True
        return count + len(unpacker.flush()) >= size
    except zlib.error as error:
        raise ParseError("it is damaged") from error


def _read_jpeg(content: bytes) -> Picture:
    kept = bytearray(content[:2])
    at = 2
    frame = b""
    orientation = 1
    while True:
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 4 > len(content) or content[at] != 0xFF:
            raise ParseError("it is damaged or ends in the middle")
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        data = content[at + 4 : at + 2 + size]
        if len(data) != size - 2:
            raise ParseError("it is damaged or ends in the middle")
        if marker == _SCAN:
            break
        if marker in _FRAMES:
            if marker not in {_BASELINE, _EXTENDED, _PROGRESSIVE} or len(data) < 6 or data[0] != 8:
                raise ParseError("it is a kind of JPEG that documents cannot hold")
            frame = data
        if marker == _EXIF:
            orientation = _orientation(data) or orientation
        if marker not in {_EXIF, _PHOTOSHOP, _COMMENT}:
            # Where and with what a picture was taken is nobody's business; the chart has the file as it came.
            kept += content[at : at + 2 + size]
        at += 2 + size
    if not frame or frame[5] not in {1, 3, 4}:
        raise ParseError("it is damaged")
    kept += content[at : _end_of_scans(content, at)]
    width, height = int.from_bytes(frame[3:5]), int.from_bytes(frame[1:3])
    return Picture("image/jpeg", width, height, bytes(kept), orientation, frame[5] == 4)


def _end_of_scans(content: bytes, at: int) -> int:
    """Where the picture ends that has its first scan here; phones append further pictures."""
    while found := _MARKER.search(content, at):
        if content[found.end() - 1] == _END:
            return found.end()
        at = found.end() + int.from_bytes(content[found.end() : found.end() + 2])
    raise ParseError("it ends in the middle")


def _orientation(data: bytes) -> int:
    """The orientation that an EXIF segment states, 1 to 8; 0 where it states none."""
    tiff = data.removeprefix(b"Exif\x00\x00")
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if len(tiff) == len(data) or order is None:
        return 0

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if order == "little" else "big")

    first = number(4, 4)
    for entry in range(min(number(first, 2), 512)):
        at = first + 2 + 12 * entry
        if number(at, 2) == _ORIENTATION:
            said = number(at + 8, 2)
            return said if said in _TURNS else 0
    return 0
