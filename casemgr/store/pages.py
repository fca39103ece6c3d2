"""Whether pages of a data file hold, by the authentication code at the end of each.

SQLCipher 4 ends a page of 4096 bytes with 16 random bytes and an HMAC-SHA512 over content and page number,
whose key comes from the data's key and the salt that the file begins with.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PAGE, CODE, SALT = 4096, 64, 16
"""Bytes of a page, of its code, and of the salt at the file's beginning."""

LOG_HEAD, FRAME_HEAD = 32, 24
"""Bytes before the first frame of a write-ahead log, and before the page in each frame."""

SAMPLE = 64
"""So many pages are looked at to tell whether a key is the file's; one that holds is proof."""

_MASK = 0x3A
_ROUNDS = 2


def code_key(key: str, salt: bytes) -> bytes:
    """The key of the authentication codes, from the data's key as 64 hex digits."""
    masked = bytes(byte ^ _MASK for byte in salt)
    return hashlib.pbkdf2_hmac("sha512", bytes.fromhex(key), masked, _ROUNDS, 32)


def holds(codes: bytes, number: int, page: bytes) -> bool:
    """Whether a page is as it was written; pages are numbered from 1."""
    content = page[SALT if number == 1 else 0 : -CODE] + number.to_bytes(4, "little")
    return len(page) == PAGE and hmac.compare_digest(hmac.digest(codes, content, "sha512"), page[-CODE:])


def newer_in_log(database: Path, codes: bytes) -> set[int]:
    """The pages that the write-ahead log has anew, committed and whole: the file's own are not read any more.

    Args:
        database: the data file.
        codes: see `code_key`.
    """
    try:
        log = database.with_name(f"{database.name}-wal").read_bytes()
    except OSError:
        return set()
    found: set[int] = set()
    waiting: set[int] = set()
    for start in range(LOG_HEAD, len(log), FRAME_HEAD + PAGE):
        head, page = log[start : start + FRAME_HEAD], log[start + FRAME_HEAD :][:PAGE]
        number = int.from_bytes(head[:4], "big")
        # Frames of an earlier round of the log have another salt; after them comes nothing that counts.
        if head[8:16] != log[16:24] or not holds(codes, number, page):
            break
        waiting.add(number)
        if int.from_bytes(head[4:8], "big"):
            found |= waiting
    return found


def fits(database: Path, key: str) -> bool:
    """Whether a key is the data file's: some page under it holds, though the first may be damaged.

    Args:
        database: the data file.
        key: 64 hex digits.
    """
    try:
        found = database.stat()
        handle = _handle(database, found.st_dev, found.st_ino)
        pages = os.fstat(handle).st_size // PAGE
        salt = next(_read(handle, (1,)))[1][:SALT]
    except OSError:
        return False
    codes = code_key(key, salt)
    if newer_in_log(database, codes):
        return True
    return any(holds(codes, number, page) for number, page in _read(handle, _sample(pages)))


@cache
def _handle(path: Path, _device: int, _number: int) -> int:
    """A file opened to read, never closed again: that would take this process's connections their locks."""
    return os.open(path, os.O_RDONLY)


def _sample(pages: int) -> Iterable[int]:
    """Page numbers, spread over the whole file."""
    return range(1, pages + 1, max(1, pages // SAMPLE))


def _read(handle: int, numbers: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    for number in numbers:
        os.lseek(handle, (number - 1) * PAGE, os.SEEK_SET)
        yield number, os.read(handle, PAGE)
